//! The pictures: whole screens from saved sessions, drawn on the CPU and held against `screenshots/`.
//!
//! After a wanted change: `UPDATE_SNAPSHOTS=1 cargo test --test screens`, then look at every one.

use crate::support;
use std::sync::Arc;
use std::time::Duration;

use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::decode::MessageKind;
use mtlscope::experiment::time::time_line;
use mtlscope::scenario;
use mtlscope::state::{
    Command, Done, FixResult, InspectorTab, LabCommand, LabDone, PastedCommand, Ran, RepairCommand,
    RepairDone, Section, Selection, SettingsCommand, ThemeChoice, TimeCommand, TimeDone, ViewCommand,
    WindowCommand, WireByte, WireCommand,
};
use mtlscope::ui::App;
use support::pem::pem;
use support::window::{open, send, session, take, unfold, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

pub fn picture(harness: &mut Harness<'_, App>, name: &str) {
    // The pointer rests nowhere, and notes have gone.
    harness.run_steps(4);
    // A dozen pixels may differ where a rounding falls otherwise on another machine.
    let options = SnapshotOptions::new()
        .output_path("screenshots")
        .max_failed_pixels(40);
    harness.snapshot_options(name, &options);
}

fn field(harness: &Harness<'_, App>, kind: MessageKind, names: &[&str]) -> Selection {
    let analysis = harness.state().state().analysis().expect("an analysis").clone();
    let (message, found) = analysis
        .transcript
        .first(kind, Side::Client)
        .expect("the message");
    let range = found.root.find(names).expect("the field").range.clone();
    let mut path = found.root.path_to_range(&range);
    // The path to a range is the deepest field of that very range: the one that was named is at most one above.
    while found
        .root
        .at(&path)
        .is_some_and(|field| field.name != *names.last().expect("a name"))
        && !path.is_empty()
    {
        path.pop();
    }
    Selection::Field { message, path }
}

#[test]
fn the_first_screen_and_its_story() {
    let mut window = open(USUAL, 1.0, vec![session("good-tls13")]);
    picture(&mut window, "success-dark");
    let selection = field(&window, MessageKind::ClientHello, &["extensions", "server_name"]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Fields)),
    );
    send(&mut window, Command::View(ViewCommand::Select(selection.clone())));
    picture(&mut window, "fields-dark");
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Bytes)),
    );
    picture(&mut window, "bytes-dark");
    send(&mut window, Command::Wire(WireCommand::Show(true)));
    let byte = WireByte { record: 0, byte: 49 };
    send(&mut window, Command::Wire(WireCommand::Choose(byte)));
    picture(&mut window, "wire-dark");
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Checks)),
    );
    picture(&mut window, "checks-dark");
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Keys)),
    );
    picture(&mut window, "key-schedule-dark");
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Why)),
    );
    send(&mut window, Command::View(ViewCommand::Seek(3.55)));
    picture(&mut window, "playing-dark");
    send(&mut window, Command::View(ViewCommand::Last));
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "success-light");
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Keys)),
    );
    picture(&mut window, "key-schedule-light");
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Why)),
    );
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Projector)),
    );
    picture(&mut window, "success-projector");
}

#[test]
fn a_refusal_and_why() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Step(5))),
    );
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Why)),
    );
    picture(&mut window, "failure-dark");
    let end = field(
        &window,
        MessageKind::Certificate,
        &[
            "certificate_list",
            "CertificateEntry",
            "cert_data",
            "X509Certificate",
            "tbsCertificate",
            "validity",
            "notAfter",
        ],
    );
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Fields)),
    );
    send(&mut window, Command::View(ViewCommand::Select(end)));
    picture(&mut window, "certificate-dark");
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Certificate {
            sender: Side::Client,
            link: 1,
        })),
    );
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    picture(&mut window, "chain-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Step(5))),
    );
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Why)),
    );
    picture(&mut window, "failure-light");
}

#[test]
fn the_same_failure_in_other_words() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetStack(Some("Java".to_owned()))),
    );
    unfold(&mut window, Section::OtherStacks);
    window.run_steps(30);
    picture(&mut window, "other-words-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "other-words-light");
}

#[test]
fn a_revoked_certificate_and_the_lists_on_the_card() {
    let pki = support::window::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let identity = |leaf: &str| {
        let find = |name: &str| pki.find(name).expect("minted");
        let chain = [leaf, "issuer"].map(|name| pem("CERTIFICATE", &find(name).certificate.der));
        format!(
            "{}{}",
            chain.concat(),
            pem("PRIVATE KEY", find(leaf).key.key.der.secret_der())
        )
    };
    let mut window = open(USUAL, 1.0, vec![session("revoked")]);
    let trust = Some((Side::Server, mtlscope::state::SetupSlot::Trust));
    let root = pem("CERTIFICATE", &pki.find("root").expect("minted").certificate.der);
    for (text, target) in [
        (identity("server"), None),
        (identity("client"), None),
        (root.clone(), trust),
        (root, Some((Side::Client, mtlscope::state::SetupSlot::Trust))),
    ] {
        send(&mut window, Command::Lab(LabCommand::Paste(text, target)));
    }
    let lists = [
        (
            "issuer.crl",
            "(issuer: \"issuer\", revokes: [(\"client\", \"keyCompromise\", -2)])",
        ),
        ("root.crl", "(issuer: \"root\")"),
    ]
    .map(|(name, recipe)| {
        let recipe = ron::from_str(recipe).expect("a list");
        let list = mtlscope::pki::mint_list(&recipe, &pki, support::window::NOW_UNIX_S).expect("minted");
        let path = directory.path().join(name);
        std::fs::write(&path, &list.der).expect("written");
        path
    });
    send(
        &mut window,
        Command::Lab(LabCommand::LoadDropped(lists.to_vec(), trust)),
    );
    wait(&mut window, "the dots", |app| {
        let setup = &app.state().lab.setup;
        let is_judged = |side, slot| setup.slot(side, slot).fit != mtlscope::state::Fit::Unknown;
        setup.sides.server.policy.revocation.lists.len() == 2
            && setup.sides.server.lists_seen.fit == mtlscope::state::Fit::Good
            && is_judged(Side::Client, mtlscope::state::SetupSlot::Trust)
            && is_judged(Side::Client, mtlscope::state::SetupSlot::Certificate)
    });
    let notes: Vec<u64> = window.state().state().notes.iter().map(|note| note.id).collect();
    for note in notes {
        send(&mut window, Command::Window(WindowCommand::DismissNote(note)));
    }
    picture(&mut window, "revoked-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Checks)),
    );
    picture(&mut window, "revoked-light");
}

#[test]
fn the_gallery_and_four_faults_at_once() {
    let mut window = open(USUAL, 1.0, vec![session("everything-wrong")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Checks)),
    );
    picture(&mut window, "everything-wrong-dark");
    send(&mut window, Command::Window(WindowCommand::ShowGallery(true)));
    picture(&mut window, "gallery-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "gallery-light");
    send(
        &mut window,
        Command::Window(WindowCommand::FilterGallery("from the field".to_owned())),
    );
    picture(&mut window, "gallery-filtered-light");
    send(&mut window, Command::Window(WindowCommand::ShowGallery(false)));
    send(&mut window, Command::Window(WindowCommand::ShowHelp(true)));
    picture(&mut window, "keys-light");
}

#[test]
fn a_pasted_error_explained() {
    let mut window = open(USUAL, 1.0, vec![session("client-missing-intermediate")]);
    send(&mut window, Command::Pasted(PastedCommand::ShowPasteBox(true)));
    picture(&mut window, "paste-empty-dark");
    let line = "2026-11-24T08:26:43Z orders[7]: error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown \
                ca:../ssl/record/rec_layer_s3.c:1584:SSL alert number 48";
    send(
        &mut window,
        Command::Pasted(PastedCommand::PasteError(line.to_owned())),
    );
    picture(&mut window, "paste-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "paste-light");
    send(
        &mut window,
        Command::Pasted(PastedCommand::PasteError("nothing of the kind".to_owned())),
    );
    picture(&mut window, "paste-unknown-light");
}

#[test]
fn a_certificate_that_was_never_sent() {
    let mut window = open(USUAL, 1.0, vec![session("go-withholds")]);
    unfold(&mut window, Section::WouldBeSent);
    picture(&mut window, "withhold-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    picture(&mut window, "withhold-light");
}

/// A saved run on the lab's own stage, so that its microseconds are the same in every picture.
pub fn as_the_labs_own(window: &mut Harness<'_, App>, name: &str) {
    let saved = mtlscope::session::load(&session(name)).expect("it opens");
    let mut setup = scenario::find(name)
        .and_then(|scenario| scenario.setup(support::window::NOW_UNIX_S))
        .expect("it mints");
    setup.wall_clock = mtlscope::clock::Clock::still(support::window::NOW_UNIX_S);
    let context = window.ctx.clone();
    window.state_mut().send(&context, Command::Lab(LabCommand::Run));
    // This answer comes first: the worker's own is then one too many, and is not looked at.
    let ticket = window.state().state().lab.run_ticket().expect("a request");
    let result = Ok(Box::new(Ran {
        analysis: Arc::new(Analysis::of(saved.capture)),
        setup: Box::new(setup),
        read_again: Vec::new(),
        issuers_elsewhere: Vec::new(),
    }));
    take(window, Done::Lab(LabDone::Ran { ticket, result }));
}

#[test]
fn a_proven_fix() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    as_the_labs_own(&mut window, "root-rotated");
    wait(&mut window, "the search", |app| {
        app.state()
            .fix_search()
            .is_some_and(|search| search.result.is_some())
    });
    let search = window.state().state().fix_search().expect("a search");
    let (ticket, progress) = (search.ticket, search.progress);
    let fixes = search.result.as_ref().expect("it is over").fixes.clone();
    // How long it took differs from run to run.
    take(
        &mut window,
        Done::Repair(RepairDone::Fixes {
            ticket,
            progress,
            result: Ok(FixResult {
                fixes,
                took: Duration::from_millis(41),
                is_cut_short: false,
            }),
        }),
    );
    picture(&mut window, "repair-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "repair-light");
    send(&mut window, Command::Repair(RepairCommand::ApplyFix(0)));
    wait(&mut window, "the run", |app| !app.state().is_running());
    as_the_labs_own(&mut window, "good-tls13");
    picture(&mut window, "repair-applied-light");
}

#[test]
fn the_time_machine() {
    const NOW: i64 = 1_800_000_000;
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    as_the_labs_own(&mut window, "good-tls13");
    send(&mut window, Command::Time(TimeCommand::ToggleTimeMachine));
    send(
        &mut window,
        Command::Lab(LabCommand::SetClock(Some(NOW + 86_400))),
    );
    wait(&mut window, "the line", |app| app.state().time.line.is_some());
    let setup = scenario::find("root-rotated")
        .and_then(|scenario| scenario.setup(NOW))
        .expect("it mints");
    let mut good = setup;
    good.parties.server.trust = good.parties.client.trust.clone();
    let line = time_line(&good, NOW, &Cancel::default()).map(Arc::new);
    let ticket = window.state().state().time.ticket;
    take(&mut window, Done::Time(TimeDone { ticket, line }));
    picture(&mut window, "time-dark");
    send(&mut window, Command::Time(TimeCommand::DragNeedle(NOW + 3600)));
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "time-light");
}

#[test]
fn every_path_and_why_it_was_dropped() {
    let mut window = open(USUAL, 1.0, vec![session("expired-twin")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    window.get_by_label("2 PATHS CONSIDERED").scroll_to_me();
    window.run_steps(30);
    picture(&mut window, "paths-dark");
}

#[test]
fn the_ca_of_the_other_side_nearly_fits() {
    let mut window = open(USUAL, 1.0, vec![session("clients-ca")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    window.get_by_label("THE ONE PATH CONSIDERED").scroll_to_me();
    window.run_steps(30);
    picture(&mut window, "near-miss-light");
}
