//! Opinions as a part of a page and as JSON: each thing that can be said, and what several come to.

use std::path::PathBuf;

use super::*;
use crate::stack::Stack;

fn opinion(stack: Stack, said: Said) -> Opinion {
    Opinion {
        stack,
        version: "1.2\u{1b}".to_owned(),
        way: Way::Handshake,
        asked_at: AskedAt::Wanted,
        command: vec!["stub".to_owned(), "a\u{1b}b".to_owned()],
        exit_status: Some(3),
        said,
        output: "one\ntwo\u{1b}".to_owned(),
        took_ms: 17,
        capture: None,
    }
}

fn told(opinions: Vec<Opinion>) -> Told {
    Told {
        judge: Side::Client,
        has_time: false,
        opinions,
        absent: Vec::new(),
    }
}

fn refuses() -> Said {
    Said::Refuses("certificate has\u{1b} expired".to_owned())
}

#[test]
fn a_page_has_a_row_for_each_under_the_title() {
    let mut told = told(vec![
        opinion(Stack::OpenSsl, Said::Accepts),
        opinion(Stack::Go, refuses()),
        opinion(Stack::Curl, Said::NoAnswer(NoAnswer::TimedOut(900))),
    ]);
    told.absent = vec![
        (
            Stack::Node,
            Presence::Absent {
                looked_for: vec!["node".to_owned(), "nodejs".to_owned()],
            },
        ),
        (
            Stack::Java,
            Presence::Unusable {
                program: PathBuf::from("/opt/ja\u{1b}va"),
                words: "it said\u{1b} nothing".to_owned(),
            },
        ),
    ];
    let lines: Vec<String> = section(&told).lines().map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "",
            "What other stacks say about exactly these files",
            "  Asked now, as the client that judges the server's chain:",
            "  ✓ OpenSSL 1.2\\u{1b}: accepts (17 ms)",
            "  ✗ Go 1.2\\u{1b}: refuses: certificate has\\u{1b} expired (17 ms)",
            "  ? curl 1.2\\u{1b}: no answer: nothing came within 900 ms (17 ms)",
            "  – Node.js: not installed here (looked for node, nodejs)",
            "  – Java: /opt/ja\\u{1b}va is of no use: it said\\u{1b} nothing",
            "  Of the 2 stacks that answered, one refuses it.",
        ]
    );
}

/// The way is told where it was no handshake, and the time where another was asked for.
#[test]
fn a_row_says_how_and_when_it_was_asked() {
    let cannot = || Said::NoAnswer(NoAnswer::CannotBeAsked("no list".to_owned()));
    let now = "asked for now: it takes no other time, ";
    for (way, at, has_time, said, aside) in [
        (Way::Handshake, AskedAt::Wanted, false, Said::Accepts, ""),
        (Way::Handshake, AskedAt::Now, false, Said::Accepts, ""),
        (Way::Handshake, AskedAt::Wanted, true, Said::Accepts, ""),
        (Way::Handshake, AskedAt::Now, true, Said::Accepts, now),
        (
            Way::ChainTool,
            AskedAt::Wanted,
            true,
            Said::Accepts,
            "without a handshake, ",
        ),
        (Way::ChainTool, AskedAt::Wanted, true, cannot(), ""),
    ] {
        let mut told = told(Vec::new());
        told.has_time = has_time;
        let case = format!("{way:?} {at:?} {has_time} {said:?}");
        let one = Opinion {
            way,
            asked_at: at,
            ..opinion(Stack::OpenSsl, said)
        };
        let row = row(&told, &one);
        assert!(row.ends_with(&format!(" ({aside}17 ms)")), "{case}: {row}");
    }
}

#[test]
fn what_they_come_to_counts_those_that_answered() {
    let silent = || Said::NoAnswer(NoAnswer::Cancelled);
    let sum_of = |said: Vec<Said>| {
        sum(&told(
            said.into_iter().map(|one| opinion(Stack::Go, one)).collect(),
        ))
    };
    let accepts = || Said::Accepts;
    for (said, wanted) in [
        (vec![], "No stack was asked that gave an answer."),
        (
            vec![silent(), silent()],
            "No stack was asked that gave an answer.",
        ),
        (
            vec![silent(), accepts()],
            "The one stack that answered accepts it.",
        ),
        (
            vec![refuses(), silent()],
            "The one stack that answered refuses it.",
        ),
        (
            vec![accepts(), accepts()],
            "Every one of the 2 stacks that answered accepts it.",
        ),
        (
            vec![refuses(), silent(), refuses()],
            "Every one of the 2 stacks that answered refuses it.",
        ),
        (
            vec![refuses(), accepts(), silent()],
            "Of the 2 stacks that answered, one refuses it.",
        ),
        (
            vec![refuses(), refuses(), accepts()],
            "Of the 3 stacks that answered, 2 refuse it.",
        ),
    ] {
        assert_eq!(sum_of(said.clone()), wanted, "{said:?}");
    }
}

#[test]
fn json_has_a_word_for_each_reason() {
    let reasons = [
        (NoAnswer::TimedOut(5), "timed-out", "nothing came within 5 ms"),
        (NoAnswer::Crashed("x".to_owned()), "crashed", "it broke off: x"),
        (
            NoAnswer::Unusable("x".to_owned()),
            "unusable",
            "it would not take the files: x",
        ),
        (NoAnswer::CannotBeAsked("x".to_owned()), "cannot-be-asked", "x"),
        (NoAnswer::Cancelled, "cancelled", "cancelled"),
    ];
    let mut all: Vec<Opinion> = reasons
        .iter()
        .map(|(why, ..)| opinion(Stack::Go, Said::NoAnswer(why.clone())))
        .collect();
    all.extend([
        opinion(Stack::Go, Said::Accepts),
        Opinion {
            way: Way::ChainTool,
            asked_at: AskedAt::Now,
            ..opinion(Stack::Go, refuses())
        },
    ]);
    let mut told = told(all);
    told.absent = vec![
        (Stack::Node, Presence::Absent { looked_for: vec![] }),
        (
            Stack::Java,
            Presence::Unusable {
                program: PathBuf::from("java"),
                words: "w".to_owned(),
            },
        ),
    ];
    let rows = json(&told);
    let short: Vec<_> = rows
        .iter()
        .map(|row| (row.stack, row.verdict, row.reason, row.words.as_deref()))
        .collect();
    let mut wanted: Vec<_> = reasons
        .iter()
        .map(|(_, reason, words)| ("Go", "no-answer", Some(*reason), Some(*words)))
        .collect();
    wanted.extend([
        ("Go", "accepts", None, None),
        ("Go", "refuses", None, Some("certificate has\\u{1b} expired")),
        (
            "Node.js",
            "no-answer",
            Some("not-installed"),
            Some("not installed here (looked for )"),
        ),
        (
            "Java",
            "no-answer",
            Some("unusable"),
            Some("java is of no use: w"),
        ),
    ]);
    assert_eq!(short, wanted);
    let how = |row: &OpinionJson| (row.way, row.asked_at, row.exit_status, row.took_ms, row.judge);
    assert_eq!(
        how(&rows[5]),
        (Some("handshake"), Some("wanted"), Some(3), 17, "client")
    );
    assert_eq!(
        how(&rows[6]),
        (Some("chain-tool"), Some("now"), Some(3), 17, "client")
    );
    assert_eq!(how(&rows[8]), (None, None, None, 0, "client"));
    assert_eq!(rows[6].command, ["stub", "a\\u{1b}b"]);
    assert_eq!(rows[6].output, "one\ntwo\\u{1b}");
    assert_eq!(rows[6].version.as_deref(), Some("1.2\\u{1b}"));
}

#[test]
fn only_a_refusal_has_a_sentence_of_its_own_and_only_no_answer_a_silence() {
    let one = opinion(Stack::Go, refuses());
    assert_eq!(refusal(&one, "a\u{1b}"), "Go 1.2\\u{1b} refuses it: a\\u{1b}");
    assert_eq!(silence(&one), None);
    assert_eq!(silence(&opinion(Stack::Go, Said::Accepts)), None);
    let silent = opinion(Stack::Go, Said::NoAnswer(NoAnswer::Cancelled));
    assert_eq!(silence(&silent).as_deref(), Some("cancelled"));
    let both = told(vec![one, silent]);
    let refused: Vec<&str> = both.refusals().map(|(_, words)| words).collect();
    assert_eq!(refused, ["certificate has\u{1b} expired"]);
}
