//! The story where the evidence is odd: a wire that misbehaves, packets alone, no keys, nothing; and every scenario, live and
//! replayed.

use crate::support;
use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, Origin, PerSide, Side, SideEvidence};
use mtlscope::diagnose::Verdict;
use mtlscope::scenario;
use mtlscope::session::{self, Session};
use mtlscope::setup::{Fault, FaultTarget};
use mtlscope::source::lab::run_blocking;
use mtlscope::story::{ChapterState, RowKind};
use support::told::{GOOD, analysis, assert_whole, bands, titles, told};

#[test]
fn the_wire_is_seen_to_misbehave() {
    let target = |from, record| FaultTarget { from, record };
    let server_flight = target(Side::Server, 2);
    for (fault, chapter, title) in [
        (Fault::Flip(server_flight), 2, "Hidden (encrypted)"),
        (Fault::Drop(target(Side::Client, 2)), 4, "Bytes lost on the way"),
        (Fault::Stall(server_flight), 2, "Bytes held back for ever"),
        (Fault::Cut(server_flight), 2, "Bytes cut off on the way"),
        (Fault::Http, 2, "HTTP, not TLS"),
    ] {
        let analysis = analysis(GOOD, |setup| {
            setup.fault = Some(fault);
            setup.timeout_ms = 50;
        });
        assert_whole(&analysis);
        let story = &analysis.story;
        let at = story.rows.iter().position(|row| row.is_break).expect("it broke");
        assert_eq!(
            (story.steps[at].chapter, story.steps[at].title.as_str()),
            (chapter, title),
            "{fault:?}"
        );
        let failed: Vec<u8> = story
            .chapters
            .iter()
            .filter(|found| found.state == ChapterState::Failed)
            .map(|found| found.number)
            .collect();
        assert_eq!(failed, [chapter], "{fault:?}");
    }
}

/// Packets without roots: that each side went on is seen, that a chain leads to a root is not.
#[test]
fn what_nobody_could_judge_is_not_called_verified() {
    let live = analysis(GOOD, |_| {});
    let blind = |side: &SideEvidence| SideEvidence {
        trust: None,
        verdict: None,
        ..side.clone()
    };
    let capture = Capture {
        origin: Origin::Packets,
        events: Vec::new(),
        at_hand: Vec::new(),
        sides: PerSide {
            client: blind(&live.capture.sides.client),
            server: blind(&live.capture.sides.server),
        },
        ..(*live.capture).clone()
    };
    let packets = Analysis::of(Arc::new(capture));
    assert_eq!(packets.diagnosis.verdict, Verdict::Accepted);
    for number in [3, 5] {
        let note = |analysis: &Analysis| {
            let chapters = &analysis.story.chapters;
            let found = chapters.iter().find(|chapter| chapter.number == number);
            found.expect("a chapter").note.clone()
        };
        assert!(note(&live).ends_with("checks"), "{}", note(&live));
        assert_eq!(note(&packets), "trust not known");
    }
    let text = mtlscope::cli::analysis_to_text(&packets, &[], &[]);
    assert!(text.contains("Whom they trust is not in this"), "{text}");
    assert!(!text.contains("satisfied"), "{text}");
}

#[test]
fn a_stalled_handshake_ends_in_two_time_outs() {
    let analysis = analysis(GOOD, |setup| {
        setup.fault = Some(Fault::Stall(FaultTarget {
            from: Side::Server,
            record: 0,
        }));
        setup.timeout_ms = 50;
    });
    let moments: Vec<(Side, &str)> = analysis
        .story
        .rows
        .iter()
        .zip(&analysis.story.steps)
        .filter(|(row, _)| matches!(row.kind, RowKind::Moment { .. }))
        .map(|(_, step)| (step.side, step.title.as_str()))
        .collect();
    assert_eq!(
        moments,
        [(Side::Client, "timed out"), (Side::Server, "timed out")]
    );
}

/// Only the bytes and the secrets, as packets and a key log would have them.
fn from_packets(capture: &Capture) -> Capture {
    let mut bare = capture.clone();
    bare.events.clear();
    bare.sides = PerSide {
        client: SideEvidence::default(),
        server: SideEvidence::default(),
    };
    bare.at_hand.clear();
    bare
}

#[test]
fn from_packets_alone_the_same_rows_are_told() {
    for client in [GOOD, &["client-other"][..]] {
        let live = analysis(client, |_| {});
        let bare = Analysis::of(Arc::new(from_packets(&live.capture)));
        assert_whole(&bare);
        assert_eq!(titles(&bare.story), titles(&live.story), "{client:?}");
        assert_eq!(bands(&bare.story), bands(&live.story));
    }
}

#[test]
fn without_keys_nothing_is_made_up() {
    let live = analysis(GOOD, |_| {});
    let mut sealed = from_packets(&live.capture);
    sealed.secrets.clear();
    let analysis = Analysis::of(Arc::new(sealed));
    assert_whole(&analysis);
    assert_eq!(
        titles(&analysis.story)[..2],
        told(&[(1, "ClientHello"), (2, "ServerHello")])
    );
    assert!(
        !analysis
            .story
            .rows
            .iter()
            .any(|row| matches!(row.kind, RowKind::Verification { .. })),
        "no verification can be seen"
    );
}

#[test]
fn nothing_at_all_is_an_empty_story() {
    let mut empty = analysis(GOOD, |_| {}).capture.as_ref().clone();
    empty.segments.clear();
    empty.events.clear();
    let story = Analysis::of(Arc::new(empty)).story;
    assert!(story.rows.is_empty() && story.steps.is_empty() && story.bands.is_empty());
}

#[test]
fn every_scenario_is_told_whole_and_replays_to_the_same() {
    for scenario in scenario::all() {
        let mut setup = scenario.setup(support::pki::now()).expect("the scenario mints");
        setup.timeout_ms = setup.timeout_ms.min(100);
        let capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
        let live = Analysis::of(Arc::new(capture));
        assert_whole(&live);
        let text = session::to_text(&Session::new(Arc::clone(&live.capture))).expect("a session is text");
        let opened = session::parse(&text, "the session").expect("what was saved opens");
        assert_eq!(
            live,
            Analysis::of(opened.capture),
            "{} replays to the same analysis",
            scenario.id
        );
        let broken = live.story.rows.iter().filter(|row| row.is_break).count();
        let failed = live
            .story
            .chapters
            .iter()
            .filter(|chapter| chapter.state == ChapterState::Failed)
            .count();
        let expected = usize::from(scenario.expect.verdict != "accepted");
        assert_eq!(
            (broken, failed),
            (expected, expected),
            "{} breaks in one place",
            scenario.id
        );
    }
}
