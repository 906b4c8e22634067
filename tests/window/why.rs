//! Why fits on one screen: what everybody needs is seen, the rest folds, and nothing is out of reach.

use crate::screens::picture;
use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use mtlscope::capture::{Segment, Side};
use mtlscope::diagnose::{CauseId, Certainty};
use mtlscope::state::{
    Command, DocumentCommand, InspectorTab, LabCommand, Section, Selection, SettingsCommand, ThemeChoice,
    ViewCommand,
};
use mtlscope::ui::App;
use support::packets::{Ends, PacketFile};
use support::window::{open, send, session, unfold, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];
/// Where the playback begins.
const BOTTOM: f32 = 837.0;

/// A scenario with its fixes searched.
fn scenario(id: &str) -> Harness<'static, App> {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Lab(LabCommand::OpenScenario(id.to_owned())));
    wait(&mut window, "the search", |app| {
        let state = app.state();
        let is_searched = state.fix_search().is_none_or(|search| search.result.is_some());
        !state.is_running() && state.lab.scenario.as_deref() == Some(id) && is_searched
    });
    window
}

fn press(window: &mut Harness<'_, App>, key: egui::Key) {
    window.key_press(key);
    window.run_steps(4);
}

#[test]
fn the_cause_one_fix_and_others_words_are_seen_without_scrolling() {
    // All that fail in one file each would take a minute of runs: those with the longest words, commands and chains.
    for id in [
        "client-missing-intermediate",
        "everything-wrong",
        "root-rotated",
        "path-length-exceeded",
        "client-wrong-purpose",
        "name-constraints",
        "revocation-unknown",
    ] {
        let mut window = scenario(id);
        let copies: Vec<egui::Rect> = window
            .get_all_by_label_contains("Copy the ")
            .map(|node| node.rect())
            .collect();
        let [fix, answer] = copies[..] else {
            panic!("{id}: one fix and the whole answer, and not {copies:?}");
        };
        assert!(fix.bottom() < BOTTOM, "{id}: {fix:?}");
        assert!(answer.top() > fix.bottom(), "{id}");
        if let Some(line) = window.query_by_label_contains("In other words: ") {
            assert!(line.rect().bottom() < BOTTOM, "{id}: {:?}", line.rect());
            assert!(line.rect().height() < 20.0, "{id}: it is one line");
        }
        let has_proof = window
            .state()
            .state()
            .fix_search()
            .and_then(|search| search.result.as_ref())
            .is_some_and(|result| !result.fixes.is_empty());
        let applies = window.query_all_by_label_contains("Apply fix ").count();
        assert_eq!(applies, usize::from(has_proof), "{id}: the others are folded");
        window.run_steps(1);
    }
}

#[test]
fn nothing_is_out_of_reach_and_what_was_opened_stays_open() {
    let mut window = open([1440.0, 2600.0], 1.0, vec![session("everything-wrong")]);
    let causes = window
        .state()
        .state()
        .analysis()
        .expect("a run")
        .diagnosis
        .causes
        .clone();
    let proven = causes
        .iter()
        .filter(|cause| cause.certainty == Certainty::Proven)
        .count();
    assert!(proven > 2 && proven < causes.len(), "{causes:?}");
    let others = format!("+{} other faults", proven - 1);
    assert!(window.query_by_label_contains("Show cause: ").is_none());
    window.get_by_label(&others).click();
    window.run_steps(6);
    assert_eq!(
        window.query_all_by_label_contains("Show cause: ").count(),
        causes.len() - 1
    );
    let rest = [
        Section::Evidence,
        Section::OtherFixes,
        Section::OtherStacks,
        Section::Rule,
    ];
    for section in rest {
        unfold(&mut window, section);
    }
    window.get_by_label(&causes[0].rule);
    for remedy in causes[0].remedies.iter().filter(|remedy| remedy.tool.is_none()) {
        window
            .get_all_by_label(&remedy.text)
            .next()
            .expect("every remedy");
    }
    window.get_by_label("Your stack: not chosen");
    window
        .get_all_by_label_contains(", bytes ")
        .next()
        .expect("evidence with its bytes");
    // Another cause: what was opened for the first is open for it.
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Cause(1))),
    );
    window.get_by_label(&causes[1].rule);
}

#[test]
fn words_with_bytes_in_them_are_spelled_out_and_exact_on_demand() {
    let mut window = scenario("weak-signature");
    unfold(&mut window, Section::Evidence);
    let is_shown =
        |window: &Harness<'_, App>, words: &str| window.query_all_by_label_contains(words).next().is_some();
    let (spelled, exact) = (
        "signature_algorithm_id: ecdsa-with-SHA1 (1.2.840.10045.4.1)",
        "[6, 7, 42, 134, 72,",
    );
    assert!(is_shown(&window, spelled) && !is_shown(&window, exact));
    let press = |window: &mut Harness<'_, App>, label: &str| {
        let mut links = window.get_all_by_role(egui::accesskit::Role::Link);
        let link = links.find(|node| node.accesskit_node().label().as_deref() == Some(label));
        // It may have been pushed below the edge: a screen reader presses it there too.
        link.expect("the link").click_accesskit();
    };
    press(&mut window, "Show the exact words");
    window.run_steps(4);
    assert!(is_shown(&window, exact));
    // All of them, to the last brace.
    assert!(is_shown(&window, "0x0609608648016503040313] }"));
    press(&mut window, "Show the bytes spelled out");
    window.run_steps(4);
    assert!(is_shown(&window, spelled) && !is_shown(&window, exact));
    // Words without bytes have no such link.
    let mut window = scenario("client-expired");
    unfold(&mut window, Section::Evidence);
    assert!(!is_shown(&window, "Show the exact words"));
}

#[test]
fn a_heading_opens_by_key_and_folds_again() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    let is_open = |window: &Harness<'_, App>| window.state().state().folds.is_open(Section::Rule);
    window.get_by_label("The rule").focus();
    window.run_steps(2);
    press(&mut window, egui::Key::Enter);
    assert!(is_open(&window));
    window.get_by_label_contains("RFC 5280");
    press(&mut window, egui::Key::Space);
    assert!(!is_open(&window));
    assert!(
        !window.state().state().playback.is_playing(),
        "the key was the heading's"
    );
    // Tab leads from one heading to the next.
    let mut reached = Vec::new();
    for _ in 0..6 {
        press(&mut window, egui::Key::Tab);
        let label = window
            .root()
            .children_recursive()
            .find(|node| node.accesskit_node().is_focused())
            .and_then(|node| node.accesskit_node().label());
        reached.extend(label);
    }
    assert!(
        reached.iter().any(|label| label.starts_with("Two truths")),
        "{reached:?}"
    );
}

/// A client that refuses the server's certificate with an alert that means one thing, seen in packets: likely, not proven.
fn likely_revoked(directory: &std::path::Path) -> std::path::PathBuf {
    let good = mtlscope::session::load(&session("good-tls12")).expect("a session");
    let mut capture = mtlscope::capture::Capture::clone(&good.capture);
    let from = |segment: &Segment| segment.from == Side::Server;
    let begins = capture.segments.iter().position(from).expect("an answer");
    let answer = capture.segments[begins..]
        .iter()
        .take_while(|segment| from(segment))
        .count();
    capture.segments.truncate(begins + answer);
    let at_us = capture.segments.last().expect("some").at_us + 900;
    capture.segments.push(Segment {
        at_us,
        from: Side::Client,
        bytes: vec![0x15, 3, 3, 0, 2, 2, 44],
        altered: None,
    });
    let mut file = PacketFile::new();
    let ends = Ends {
        client: (12, 41_210),
        server: (2, 8443),
        at_us: 1_795_510_800_000_000,
    };
    file.connection(&capture, ends);
    let path = directory.join("refused.pcap");
    std::fs::write(&path, file.bytes()).expect("written");
    path
}

/// The colours of all words and frames in the inspector, and of all words on the stage but those of arrows.
fn is_drawn_red(window: &Harness<'_, App>, of: impl Fn(egui::Rect) -> bool) -> bool {
    let palette = mtlscope::ui::theme::palette_for(true);
    let reds = [*palette.bad, *palette.bad_soft];
    window.output().shapes.iter().any(|clipped| {
        let mut colours = Vec::new();
        match &clipped.shape {
            egui::Shape::Rect(rect) => colours.extend([rect.fill, rect.stroke.color]),
            egui::Shape::Text(text) => {
                colours.push(text.fallback_color);
                let sections = &text.galley.job.sections;
                colours.extend(sections.iter().map(|section| section.format.color));
            }
            _ => {}
        }
        of(clipped.shape.visual_bounding_rect()) && colours.iter().any(|colour| reds.contains(colour))
    })
}

#[test]
fn what_is_only_likely_is_never_red() {
    let in_why = |rect: egui::Rect| rect.left() > 1022.0 && rect.bottom() < BOTTOM;
    let proven = open(USUAL, 1.0, vec![session("root-rotated")]);
    assert!(is_drawn_red(&proven, in_why), "what is proven is red");

    let directory = tempfile::tempdir().expect("a directory");
    let mut window = open(USUAL, 1.0, Vec::new());
    let path = likely_revoked(directory.path());
    send(
        &mut window,
        Command::Document(DocumentCommand::OpenSessionFile(path)),
    );
    wait(&mut window, "the connection", |app| {
        app.state().document().is_some_and(|one| one.connection.is_some())
    });
    let analysis = window.state().state().analysis().expect("one").clone();
    let first = &analysis.diagnosis.causes[0];
    assert_eq!(
        (first.id, first.certainty),
        (CauseId::Revoked, Certainty::Possible)
    );
    assert!(!is_drawn_red(&window, in_why), "nothing of Why is");
    window.get_by_label("refused by the client · likely");
    // On the stage the words of the cause are not, though that it refused is certain.
    let words: Vec<egui::Rect> = window
        .output()
        .shapes
        .iter()
        .filter_map(|clipped| match &clipped.shape {
            egui::Shape::Text(text) if text.galley.text().contains("likely revoked") => {
                Some(clipped.shape.visual_bounding_rect())
            }
            _ => None,
        })
        .collect();
    assert!(words.len() >= 2, "the stepper and the capsule: {words:?}");
    assert!(!is_drawn_red(&window, |rect| {
        !rect.any_nan() && words.contains(&rect)
    }));
    picture(&mut window, "likely-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "likely-light");
}

#[test]
fn what_passes_here_and_not_everywhere_has_its_mend() {
    let mut window = open(USUAL, 1.0, vec![session("go-withholds")]);
    unfold(&mut window, Section::Elsewhere);
    window.get_by_label_contains("It passes here, not everywhere");
    let analysis = window.state().state().analysis().expect("a session").clone();
    let warned = analysis.warned().first().expect("a warning").clone();
    let remedy = warned
        .cause
        .remedies
        .iter()
        .rfind(|remedy| remedy.is_general())
        .expect("a remedy");
    window.get_by_label_contains(&remedy.text[..40]);
    // And at the row of the check itself, once it is selected.
    let row = *warned.rows.first().expect("a row");
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Checks)),
    );
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Check(row))),
    );
    window.get_by_label_contains(&remedy.text[..40]);
}
