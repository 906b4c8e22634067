//! Certificates are read when what is shown changes, and not to draw it again: counted over whole frames.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::Harness;

use super::{App, Options};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{Origin, Side};
use crate::clock::Clock;
use crate::decode::MessageKind;
use crate::pki::read;
use crate::scenario;
use crate::source::lab::run_blocking;
use crate::state::{
    Command, DocumentDone, Done, InspectorTab, Opened, Selection, SettingsCommand, ViewCommand,
};

const NOW_UNIX_S: i64 = 1_795_528_800;

fn window() -> Harness<'static, App> {
    let options = Options {
        clock: Clock::still(NOW_UNIX_S),
        ..Options::default()
    };
    let mut window = Harness::builder()
        .with_size([1440.0, 900.0])
        .build_eframe(|creation| App::new(&creation.egui_ctx, options));
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetRunsByItself(false)),
    );
    let began = Instant::now();
    while window.state().state().analysis().is_none() || window.state().state().is_running() {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "the first handshake hangs"
        );
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    window
}

fn send(window: &mut Harness<'_, App>, command: Command) {
    let context = window.ctx.clone();
    window.state_mut().send(&context, command);
}

/// A good handshake, as if it came from packets: its two sides stand in the left panel.
fn recorded() -> Arc<Analysis> {
    let setup = scenario::find("good-tls13")
        .and_then(|scenario| scenario.setup(NOW_UNIX_S))
        .expect("a set-up");
    let mut capture = run_blocking(&setup, &Cancel::default()).expect("a capture");
    capture.origin = Origin::Packets;
    Arc::new(Analysis::of(Arc::new(capture)))
}

#[test]
fn no_frame_reads_a_certificate_that_was_read() {
    let mut window = window();
    let analysis = recorded();
    let opened = Done::Document(DocumentDone::Opened {
        path: PathBuf::from("recorded.ron"),
        session: Ok(Box::new(Opened {
            step_notes: crate::session::StepNotes::default(),
            title: "Recorded".to_owned(),
            notes: String::new(),
            analysis: Arc::clone(&analysis),
        })),
    });
    let context = window.ctx.clone();
    window.state_mut().take(&context, opened);

    let transcript = &analysis.transcript;
    let field = |kind: MessageKind, side: Side, names: &[&str]| {
        let (message, found) = transcript.first(kind, side).expect("a message of this kind");
        let field = found.root.find(names).expect("the field");
        Selection::Field {
            message,
            path: found.root.path_to_range(&field.range),
        }
    };
    let root = analysis.capture.sides.client.trust.as_ref().expect("trust").roots[0].clone();
    let sha256 = crate::pki::sha256_hex(root.as_bytes());
    let looks = [
        (InspectorTab::Why, Selection::Nothing),
        (
            InspectorTab::Chain,
            Selection::Certificate {
                sender: Side::Server,
                link: 1,
            },
        ),
        (InspectorTab::Chain, Selection::AnyCertificate { sha256 }),
        (
            InspectorTab::Fields,
            field(
                MessageKind::ClientHello,
                Side::Client,
                &["extensions", "server_name"],
            ),
        ),
        (
            InspectorTab::Fields,
            field(MessageKind::CertificateRequest, Side::Server, &[]),
        ),
        (
            InspectorTab::Fields,
            field(MessageKind::Certificate, Side::Server, &["certificate_list"]),
        ),
    ];
    for (tab, selection) in looks {
        let of = format!("{tab:?}, {selection:?}");
        let before = read::so_far();
        send(&mut window, Command::View(ViewCommand::Select(selection)));
        send(&mut window, Command::View(ViewCommand::ShowTab(tab)));
        window.run_steps(3);
        let shown = read::so_far();
        assert!(
            shown <= before + 8,
            "{of}: {} read to show it first",
            shown - before
        );
        window.run_steps(20);
        assert_eq!(read::so_far(), shown, "{of}: 20 more frames of the same");
    }
    assert!(
        analysis.certificates().of_der(&root).is_some(),
        "what was drawn was asked of the analysis"
    );
}
