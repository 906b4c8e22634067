//! A story costs no more than its capture's length: the work is counted, and the clock is not asked.

use super::{RowKind, Story, tell, work};
use crate::capture::{Alteration, Capture, Gap, Segment, Side};
use crate::decode::decode;
use crate::diagnose::diagnose;

fn session(name: &str) -> Capture {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions")
        .join(format!("{name}.ron"));
    let session = crate::session::load(&path).expect("a session");
    (*session.capture).clone()
}

/// The story of a capture with so many segments more, and how much its passes looked at.
fn told(capture: &Capture, count: usize, segment: &dyn Fn(usize) -> Segment) -> (Story, usize) {
    let mut capture = capture.clone();
    let begin_us = capture.segments.last().map_or(0, |last| last.at_us);
    capture.segments.extend((0..count).map(|index| Segment {
        at_us: begin_us + index as u64,
        ..segment(index)
    }));
    let transcript = decode(&capture);
    let diagnosis = diagnose(&capture, &transcript);
    work::of(|| tell(&capture, &transcript, &diagnosis))
}

fn segment(from: Side, bytes: &[u8], altered: Option<Alteration>) -> Segment {
    Segment {
        at_us: 0,
        from,
        bytes: bytes.to_vec(),
        altered,
    }
}

fn turns(index: usize) -> Side {
    Side::BOTH[index % 2]
}

#[test]
fn every_pass_over_many_records_looks_at_each_a_few_times() {
    const ALERT: &[u8] = &[21, 3, 3, 0, 2, 1, 90];
    const OTHER_ALERT: &[u8] = &[21, 3, 3, 0, 2, 1, 41];
    const CHANGE: &[u8] = &[20, 3, 3, 0, 1, 1];
    const SHUT: &[u8] = &[23, 3, 3, 0, 4, 1, 2, 3, 4];
    let sent = |bytes: &[u8]| bytes.to_vec();
    let shapes: [(&str, &dyn Fn(usize) -> Segment); 7] = [
        // In turns: a run of the same would be one row.
        ("alerts of one side", &|index| {
            segment(Side::Server, [ALERT, OTHER_ALERT][index % 2], None)
        }),
        ("alerts in turns", &|index| segment(turns(index), ALERT, None)),
        ("changes of the cipher", &|index| {
            segment(turns(index), CHANGE, None)
        }),
        ("records that stay shut", &|index| {
            segment(turns(index), SHUT, None)
        }),
        ("a hello again and again", &|index| match index % 2 {
            0 => segment(Side::Client, &[22, 3, 3, 0, 4, 0, 0, 0, 0], None),
            _ => segment(Side::Server, ALERT, None),
        }),
        ("swallowed records", &|index| {
            segment(turns(index), &[], Some(Alteration::Dropped { sent: sent(ALERT) }))
        }),
        ("holes in the recording", &|index| match index % 2 {
            0 => segment(
                Side::Client,
                &[],
                Some(Alteration::Missing {
                    bytes: 10,
                    why: Gap::NotRecorded,
                }),
            ),
            _ => segment(Side::Client, ALERT, None),
        }),
    ];
    for name in ["good-tls12", "good-tls13", "root-rotated"] {
        let capture = session(name);
        for (shape, segment) in shapes {
            let (few, many) = (400, 1600);
            let (small, base) = told(&capture, few, segment);
            let (large, looked) = told(&capture, many, segment);
            let messages = |story: &Story| -> usize {
                let rows = story.rows.iter();
                rows.map(|row| match &row.kind {
                    RowKind::Flight { messages, .. } => messages.len().max(1),
                    _ => 1,
                })
                .sum()
            };
            assert!(
                messages(&large) >= messages(&small) + (many - few) / 2,
                "{name}, {shape}: they are in the story"
            );
            assert!(
                looked <= base * (many / few) + base / 4,
                "{name}, {shape}: {base} for {few}, {looked} for {many}"
            );
            assert!(looked <= 60 * many, "{name}, {shape}: {looked} for {many}");
        }
    }
}

#[test]
fn a_run_of_the_same_is_one_row_with_its_count() {
    let capture = session("good-tls12");
    for (bytes, words) in [
        (&[21, 3, 3, 0, 2, 1, 90][..], "Alert: user_canceled ×37,000"),
        (&[21, 3, 3, 0, 2, 1, 0], "Goodbye (close_notify) ×37,000"),
    ] {
        let mut started = capture.clone();
        started.segments.truncate(1);
        let (story, looked) = told(&started, 1, &|_| {
            segment(Side::Server, &bytes.repeat(37_000), None)
        });
        let rows: Vec<&str> = story.steps.iter().map(|step| step.title.as_str()).collect();
        assert!(rows.contains(&words), "{rows:?}");
        assert!(looked < 1000, "{looked} for one row");
    }
}
