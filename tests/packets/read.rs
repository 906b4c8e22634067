//! What the tests here share: captures read from bytes, and what is told of them.

use std::path::Path;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Alteration, Capture, KeyLog, Side};
use mtlscope::source::packets::PacketIndex;
use mtlscope::survey::Survey;

pub use crate::support::packets::packets;
use crate::support::packets::{Ends, key_log};
use crate::support::window::session;

/// 2026-11-24 09:00:00 UTC.
pub const BEGAN_US: u64 = 1_795_510_800_000_000;

pub fn capture(name: &str) -> Capture {
    Capture::clone(
        &mtlscope::session::load(&session(name))
            .expect("a session")
            .capture,
    )
}

pub fn ends(port: u16) -> Ends {
    Ends {
        client: (1, port),
        server: (2, 8443),
        at_us: BEGAN_US,
    }
}

/// A file of these bytes, surveyed with the secrets of these captures.
pub fn survey(bytes: &[u8], captures: &[&Capture]) -> Survey {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.pcap");
    std::fs::write(&path, bytes).expect("written");
    survey_at(&path, captures)
}

pub fn survey_at(path: &Path, captures: &[&Capture]) -> Survey {
    let mut log = KeyLog::default();
    log.read(&key_log(captures));
    let cancel = Cancel::default();
    let index = PacketIndex::open(path, &cancel, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    Survey::of(index, log, &cancel, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

/// No gap in these tests is longer.
const LONGEST_GAP: u64 = 1 << 20;

/// All that a side sent, with gaps as `None`.
pub fn said(capture: &Capture, side: Side) -> Vec<Option<u8>> {
    capture
        .segments
        .iter()
        .filter(|segment| segment.from == side)
        .flat_map(|segment| match segment.altered {
            // A length that was misread would fill the memory before anything fails.
            Some(Alteration::Missing { bytes, .. }) => {
                assert!(bytes < LONGEST_GAP, "a gap of {bytes} bytes");
                vec![None; bytes as usize]
            }
            _ => segment.bytes.iter().copied().map(Some).collect(),
        })
        .collect()
}

/// Who said what, in order; and how it went.
pub fn told(analysis: &Analysis) -> Vec<String> {
    let mut told: Vec<String> = analysis
        .story
        .steps
        .iter()
        .map(|step| format!("{} {}", step.chapter, step.title))
        .collect();
    told.extend(
        analysis
            .transcript
            .messages
            .iter()
            .map(|message| format!("{}: {}", message.side.word(), message.kind)),
    );
    told.push(analysis.diagnosis.verdict.word().to_owned());
    told
}

/// Asserts that both sides said exactly what they say in `wanted`.
pub fn assert_says(capture: &Capture, wanted: &Capture, place: &str) {
    for side in Side::BOTH {
        assert!(
            said(capture, side) == said(wanted, side),
            "{place}: the {} says something else",
            side.word()
        );
    }
}
