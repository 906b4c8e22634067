//! What a search for fixes and a time line come to, in words.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::capture::Slot;
use crate::experiment::repair::ProvenFix;
use crate::experiment::time::{Span, Window};

fn found(tried: usize, succeeded: usize) -> Found {
    Found {
        tried,
        succeeded,
        took: Duration::from_micros(2_900),
        ..Found::default()
    }
}

fn proof() -> crate::capture::Capture {
    let text = include_str!("../../../tests/fixtures/sessions/good-tls13.ron");
    crate::capture::Capture::clone(&crate::session::parse(text, "good").expect("a session").capture)
}

fn sentence(found: &Found) -> String {
    let text = fixes_text(found, "What is missing.");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_search_tells_what_it_tried_and_how_it_ended() {
    let cut = |found: Found, is_cut_short, is_too_much_work| Found {
        is_cut_short,
        is_too_much_work,
        ..found
    };
    let none = " What is missing.";
    for (found, wanted) in [
        (found(0, 0), "Nothing is to be mended.".to_owned()),
        (
            found(1, 0),
            format!("Tried 1 edit with the real stack in 2 ms; none makes this handshake succeed.{none}"),
        ),
        (
            found(2, 1),
            format!("Tried 2 edits with the real stack in 2 ms; 1 succeeds.{none}"),
        ),
        (
            cut(found(3, 2), true, false),
            format!("Tried 3 edits with the real stack in 2 ms; 2 succeed; not everything was tried.{none}"),
        ),
        (
            cut(found(3, 2), true, true),
            format!(
                "Tried 3 edits with the real stack in 2 ms; 2 succeed; not everything was tried: there are too many \
                 certificates at hand for that.{none}"
            ),
        ),
        (
            Found {
                took: Duration::ZERO,
                ..found(9, 0)
            },
            format!("Tried 9 edits with the real stack in 1 ms; none makes this handshake succeed.{none}"),
        ),
    ] {
        assert_eq!(sentence(&found), format!("Proven fixes {wanted}"));
    }
}

#[test]
fn fixes_are_numbered_with_their_cautions_and_commands() {
    let fix = |word: &str, cautions: &[&str]| ProvenFix {
        edits: Vec::new(),
        words: vec![word.to_owned()],
        cautions: cautions.iter().map(|one| (*one).to_owned()).collect(),
        commands: vec![format!("mend-{word}")],
        proof: Arc::new(proof()),
    };
    let found = Found {
        fixes: vec![fix("one", &["Take care."]), fix("two", &[])],
        ..found(5, 2)
    };
    let text = fixes_text(&found, "What is missing.");
    let (_, list) = text.split_once(".\n\n").expect("a sentence, and the fixes");
    assert_eq!(
        list,
        "  1. one\n     Take care.\n     mend-one\n\n  2. two\n     mend-two\n"
    );
}

#[test]
fn a_time_line_marks_the_stretch_that_is_now() {
    let failure = Failure {
        judge: Some(Side::Client),
        cause: None,
        certificate: None,
        name: "payments".to_owned(),
        reported: true,
    };
    let span = |from_unix_s, until_unix_s, fails: bool| Span {
        from_unix_s,
        until_unix_s,
        failures: if fails { vec![failure.clone()] } else { Vec::new() },
    };
    let window = |slot, side, name: &str| Window {
        kind: WindowKind::RevocationList,
        name: name.to_owned(),
        side,
        slot,
        not_before: 0,
        not_after: 59,
    };
    let told = |now_unix_s| {
        line_text(&TimeLine {
            spans: vec![span(0, 59, true), span(60, 119, false), span(120, 179, true)],
            windows: vec![
                window(Slot::Trust, Side::Client, "root"),
                window(Slot::Certificate, Side::Server, "leaf"),
            ],
            now_unix_s,
        })
    };
    let marked = |now: i64| -> Vec<usize> {
        let text = told(now);
        let spans: Vec<&str> = text
            .lines()
            .filter(|line| line.contains(" – 1970") && !line.starts_with("    "))
            .collect();
        assert_eq!(spans.len(), 3, "{text}");
        (0..3).filter(|at| spans[*at].ends_with("  ← now")).collect()
    };
    for (now, wanted) in [
        (0, vec![0]),
        (59, vec![0]),
        (60, vec![1]),
        (119, vec![1]),
        (120, vec![2]),
        (180, vec![]),
        (-1, vec![]),
    ] {
        assert_eq!(marked(now), wanted, "{now}");
    }
    assert_eq!(
        told(60),
        "\nWhen this pair works (UTC; both ends of each line count)\n\
         \x20 ✗ 1970-01-01 00:00:00 – 1970-01-01 00:00:59\n      the client refuses payments: refused\n\
         \x20 ✓ 1970-01-01 00:01:00 – 1970-01-01 00:01:59  ← now\n      works\n\
         \x20 ✗ 1970-01-01 00:02:00 – 1970-01-01 00:02:59\n      the client refuses payments: refused\n\
         \nValid\n\
         \x20   1970-01-01 00:00:00 – 1970-01-01 00:00:59\n      root (revocation list, the client trusts it)\n\
         \x20   1970-01-01 00:00:00 – 1970-01-01 00:00:59\n      leaf (revocation list, the server's)\n"
    );
}
