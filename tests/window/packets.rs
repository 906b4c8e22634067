//! Packet captures in the window: read with progress, listed, filtered, one of them opened, and the way back.

use crate::support;
use std::path::PathBuf;
use std::sync::Arc;

use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use mtlscope::capture::{Capture, Segment, Side};
use mtlscope::diagnose::Verdict;
use mtlscope::state::{
    Command, DocumentCommand, FileCommand, InspectorTab, PacketCommand, PacketList, Phase, SettingsCommand,
    ThemeChoice, ViewCommand,
};
use mtlscope::survey::{ClientCertificate, Filter};
use mtlscope::ui::App;
use support::packets::{Ends, Flags, PacketFile, key_log};
use support::window::{open, send, session, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];
/// 2026-11-24 09:00:00 UTC, when the fixtures' certificates are valid.
const BEGAN_US: u64 = 1_795_510_800_000_000;

fn capture(name: &str) -> Arc<Capture> {
    mtlscope::session::load(&session(name))
        .expect("a session")
        .capture
}

fn ends(client: (u8, u16), server: (u8, u16), after_ms: u64) -> Ends {
    Ends {
        client,
        server,
        at_us: BEGAN_US + after_ms * 1000,
    }
}

/// A morning in a mesh: eleven connections, one of which is not TLS; and the key log beside it.
pub fn morning(directory: &std::path::Path, with_secrets: bool) -> PathBuf {
    let names = [
        "good-tls13",
        "root-rotated",
        "good-tls12",
        "hello-retry-request",
        "client-missing-intermediate",
        "everything-wrong",
    ];
    let captures: Vec<Arc<Capture>> = names.iter().map(|name| capture(name)).collect();
    let mut file = PacketFile::new();
    for (index, capture) in captures.iter().enumerate() {
        let port = 41_208 + 2 * index as u16;
        file.connection(
            capture,
            ends((11 + index as u8, port), (2, 8443), 180 * index as u64),
        );
    }
    // Mail, which turns to TLS after a dialogue.
    let mut mail = Capture::clone(&captures[2]);
    let said: [(Side, &[u8]); 4] = [
        (Side::Server, b"220 mail.shop.svc ESMTP\r\n"),
        (Side::Client, b"EHLO orders.shop.svc\r\n"),
        (Side::Server, b"250-mail.shop.svc\r\n250 STARTTLS\r\n"),
        (Side::Client, b"STARTTLS\r\n"),
    ];
    let dialogue = said.map(|(from, bytes)| Segment {
        at_us: 0,
        from,
        bytes: bytes.to_vec(),
        altered: None,
    });
    mail.segments.splice(0..0, dialogue);
    file.connection(&mail, ends((21, 50_112), (9, 25), 1400));
    // Not TLS at all.
    let mut plain = Capture::clone(&captures[0]);
    plain.segments.truncate(1);
    plain.segments[0].bytes = b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n".to_vec();
    file.connection(&plain, ends((22, 50_300), (3, 80), 1500));
    // Reset after the hello, and one that began before the recording.
    let hello = &captures[0].segments[0].bytes;
    let reset = ends((23, 50_400), (2, 8443), 1700);
    file.tcp(reset, 0, Side::Client, 10, Flags::Syn, &[]);
    file.tcp(reset, 90, Side::Client, 11, Flags::Data, hello);
    file.tcp(reset, 180, Side::Server, 900, Flags::Reset, &[]);
    let late = ends((24, 50_500), (2, 8443), 1900);
    let record = [&[0x17, 3, 3, 0, 40][..], &[0x5a; 40]].concat();
    file.tcp(late, 0, Side::Client, 500, Flags::Data, &record);
    file.tcp(late, 70, Side::Server, 700, Flags::Data, &record);
    // Nobody has the secrets of this one.
    let mut shut = Capture::clone(&captures[0]);
    for segment in &mut shut.segments {
        // Its randoms are others, so that the key log does not know it; nothing else is touched.
        if let Some(at) = segment
            .bytes
            .windows(32)
            .position(|window| window == &captures[0].secrets[0].client_random[..])
        {
            segment.bytes[at] ^= 0xff;
        }
    }
    file.connection(&shut, ends((12, 41_900), (2, 8443), 2300));
    let path = directory.join("mesh-morning.pcap");
    std::fs::write(&path, file.bytes()).expect("written");
    if with_secrets {
        let all: Vec<&Capture> = captures.iter().map(Arc::as_ref).collect();
        std::fs::write(directory.join("mesh-morning.keylog"), key_log(&all)).expect("written");
    }
    path
}

fn list(app: &App) -> &PacketList {
    app.state().list().expect("a list")
}

fn open_list(path: PathBuf) -> Harness<'static, App> {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Document(DocumentCommand::OpenSessionFile(path)),
    );
    wait(&mut window, "the list", |app| {
        app.state()
            .list()
            .is_some_and(|list| matches!(list.phase, Phase::Ready { .. }))
    });
    window
}

fn picture(harness: &mut Harness<'_, App>, name: &str) {
    harness.run_steps(4);
    let options = SnapshotOptions::new()
        .output_path("screenshots")
        .max_failed_pixels(40);
    harness.snapshot_options(name, &options);
}

#[test]
fn a_packet_capture_opens_into_a_list() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut window = open_list(morning(directory.path(), true));
    {
        let list = list(window.state());
        let survey = list.survey().expect("read");
        let endings: Vec<(&str, Verdict)> = survey
            .rows
            .iter()
            .map(|row| (row.ending.as_str(), row.verdict))
            .collect();
        assert_eq!(survey.index.connections.len(), 11);
        assert_eq!(
            endings,
            [
                ("connected", Verdict::Accepted),
                ("unknown_ca from the server", Verdict::Rejected),
                ("connected", Verdict::Accepted),
                ("connected", Verdict::Accepted),
                ("unknown_ca from the server", Verdict::Rejected),
                ("certificate_expired from the client", Verdict::Rejected),
                ("connected", Verdict::Accepted),
                ("reset by the server", Verdict::Unfinished),
                ("began before the recording", Verdict::Unknown),
                ("encrypted: give a key log", Verdict::Unknown),
            ]
        );
        assert_eq!(survey.rows[0].client_certificate, ClientCertificate::Sent);
        assert_eq!(survey.rows[6].preamble, Some("SMTP"));
        assert_eq!(survey.rows[9].client_certificate, ClientCertificate::Unknown);
    }
    picture(&mut window, "connections-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "connections-light");
}

/// What a screen reader calls a head.
fn head(window: &mut Harness<'_, App>, words: &str) {
    window.get_by_label(words).click();
    window.run_steps(6);
}

#[test]
fn the_heads_sort_the_list_and_the_chosen_connection_stays_in_sight() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut window = open_list(morning(directory.path(), true));
    send(&mut window, Command::Packets(PacketCommand::MoveCursor(6)));
    head(&mut window, "Sort by the name asked for");
    head(&mut window, "Sort by how it ended");
    window.get_by_label("Sort by how it ended, ascending");
    assert_eq!(list(window.state()).shown[..4], [5, 1, 4, 7]);
    assert_eq!(list(window.state()).shown[list(window.state()).cursor], 6);
    picture(&mut window, "connections-sorted-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    head(&mut window, "Sort by how it ended, ascending");
    window.get_by_label("Sort by how it ended, descending");
    picture(&mut window, "connections-sorted-light");
    head(&mut window, "Sort by how it ended, descending");
    assert_eq!(list(window.state()).order, None);
    // By the keyboard: a head that has it sorts on Enter, and opens nothing.
    window.get_by_label("Sort by client").focus();
    window.run_steps(2);
    window.key_press(egui::Key::Enter);
    window.run_steps(4);
    window.get_by_label("Sort by client, ascending");
    assert!(
        window
            .state()
            .state()
            .list()
            .is_some_and(|list| list.opening.is_none())
    );
}

/// Hundreds of connections, of which a few rows are drawn.
#[test]
fn a_long_list_draws_what_is_in_sight() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("long.pcap");
    let names = ["good-tls13", "root-rotated", "good-tls12"];
    let captures: Vec<Capture> = names.iter().map(|name| Capture::clone(&capture(name))).collect();
    let traffic = support::traffic::Traffic::of_captures(captures);
    traffic.write(&path, 400).expect("written");
    let mut window = open_list(path);
    window.set_size(egui::vec2(1024.0, 700.0));
    window.run_steps(6);
    let drawn = |window: &Harness<'_, App>| window.query_all_by_label_contains(" to 192.168.0.").count();
    assert!((10..40).contains(&drawn(&window)), "{}", drawn(&window));
    window.key_press(egui::Key::End);
    window.run_steps(6);
    assert_eq!(list(window.state()).cursor, 399);
    window.get_by_label_contains("Connection 400:");
    head(&mut window, "Sort by client");
    head(&mut window, "Sort by client, ascending");
    assert_eq!(
        list(window.state()).cursor,
        0,
        "the last by number is the first downwards"
    );
    window.get_by_label_contains("Connection 400:");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "connections-long-light");
}

#[test]
fn a_row_is_found_opened_and_left_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut window = open_list(morning(directory.path(), true));
    let filter = Filter {
        failed: true,
        mutual: true,
        text: "payments".to_owned(),
    };
    send(&mut window, Command::Packets(PacketCommand::SetFilter(filter)));
    assert_eq!(list(window.state()).shown, [1, 4, 5]);
    send(&mut window, Command::Packets(PacketCommand::MoveCursor(1)));
    window.key_press(egui::Key::ArrowDown);
    window.run_steps(2);
    assert_eq!(list(window.state()).cursor, 2, "the arrow keys move");
    send(&mut window, Command::Packets(PacketCommand::MoveCursor(-2)));
    window.key_press(egui::Key::Enter);
    wait(&mut window, "the connection", |app| {
        app.state().packets.open.is_none()
    });
    {
        let state = window.state().state();
        let document = state.document().expect("on the stage");
        assert!(document.title.contains("payments"), "{}", document.title);
        let diagnosis = &document.analysis.diagnosis;
        assert_eq!(diagnosis.verdict, Verdict::Rejected);
        assert!(
            document.analysis.capture.secrets.len() < 12,
            "only its own secrets"
        );
    }
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Why)),
    );
    picture(&mut window, "connection-dark");
    window.get_by_label("Back to the list of connections").click();
    wait(&mut window, "the list", |app| app.state().list().is_some());
    assert_eq!(list(window.state()).shown.len(), 3, "the filter stays");
    // The lab's own run is still there.
    let path = list(window.state()).path.clone();
    send(&mut window, Command::Packets(PacketCommand::CloseList(path)));
    assert!(
        window
            .state()
            .state()
            .document()
            .is_some_and(mtlscope::state::Document::is_lab)
    );
}

#[test]
fn secrets_may_come_later_and_a_file_may_be_bad() {
    let directory = tempfile::tempdir().expect("a directory");
    let other = tempfile::tempdir().expect("a directory");
    let path = morning(directory.path(), false);
    morning(other.path(), true);
    let mut window = open_list(path.clone());
    let known = |window: &Harness<'_, App>| {
        let survey = list(window.state()).survey().expect("read");
        survey
            .rows
            .iter()
            .filter(|row| row.client_certificate == ClientCertificate::Sent)
            .count()
    };
    assert_eq!(known(&window), 2, "TLS 1.2 shows it in the clear");
    send(&mut window, Command::Packets(PacketCommand::ChooseKeyLog));
    send(&mut window, Command::File(FileCommand::UseOwnPicker));
    send(
        &mut window,
        Command::File(FileCommand::PickerTake(other.path().join("mesh-morning.keylog"))),
    );
    wait(&mut window, "the list again", |app| {
        app.state()
            .list()
            .is_some_and(|list| matches!(list.phase, Phase::Ready { .. }))
    });
    assert_eq!(known(&window), 6);
    // A file that is cut short, and one that is none.
    let bytes = std::fs::read(&path).expect("read");
    let cut = directory.path().join("cut.pcap");
    std::fs::write(&cut, &bytes[..bytes.len() - 9]).expect("written");
    send(
        &mut window,
        Command::Document(DocumentCommand::OpenSessionFile(cut.clone())),
    );
    wait(&mut window, "the cut file", |app| {
        app.state()
            .list()
            .is_some_and(|list| list.path == cut && list.survey().is_some())
    });
    let remarks = &list(window.state()).survey().expect("read").index.remarks;
    assert!(remarks[0].contains("in the middle of a packet"), "{remarks:?}");
    let nothing = directory.path().join("nothing.pcap");
    std::fs::write(&nothing, &bytes[..10]).expect("written");
    send(
        &mut window,
        Command::Document(DocumentCommand::OpenSessionFile(nothing.clone())),
    );
    wait(&mut window, "the sentence", |app| {
        let lists = &app.state().packets.lists;
        lists.len() == 2 && lists.iter().all(|list| list.path != nothing)
    });
}

#[test]
fn a_file_without_tls_says_so() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut plain = Capture::clone(&capture("good-tls13"));
    plain.segments.truncate(1);
    plain.segments[0].bytes = b"GET / HTTP/1.1\r\n\r\n".to_vec();
    let mut file = PacketFile::new();
    file.connection(&plain, ends((1, 1000), (2, 80), 0));
    let path = directory.path().join("plain.pcap");
    std::fs::write(&path, file.bytes()).expect("written");
    let mut window = open_list(path);
    window.get_by_label("Nobody speaks TLS here");
    picture(&mut window, "connections-none-dark");
}
