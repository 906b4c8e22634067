//! Connections whose recording starts in the middle: listed, and not counted as failed.

use mtlscope::capture::{Capture, Segment, Side};
use mtlscope::survey::Filter;
use serde_json::Value;

use super::read::{capture, ends, survey};
use crate::support::command::mtlscope;
use crate::support::packets::{Flags, PacketFile, key_log};

/// TLS 1.2's NewSessionTicket in the clear, with a ticket of four bytes (RFC 5077 §3.3).
const TICKET: &[u8] = &[22, 3, 3, 0, 14, 4, 0, 0, 10, 0, 0, 0x1c, 0x20, 0, 4, 1, 2, 3, 4];
const CLOSE_NOTIFY: &[u8] = &[21, 3, 3, 0, 2, 1, 0];
/// An alert under keys that nobody has.
const SEALED_ALERT: &[u8] = &[
    21, 3, 3, 0, 26, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
];
const DATA: &[u8] = &[
    23, 3, 3, 0, 20, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
];

/// Who said what.
type Said<'a> = &'a [(Side, &'a [u8])];

fn packets(saying: Said<'_>, has_syn: bool) -> PacketFile {
    let mut file = PacketFile::new();
    add(&mut file, 40_001, saying, has_syn);
    file
}

fn add(file: &mut PacketFile, port: u16, saying: &[(Side, &[u8])], has_syn: bool) {
    let ends = ends(port);
    if has_syn {
        file.tcp(ends, 0, Side::Client, 999, Flags::Syn, &[]);
        file.tcp(ends, 1, Side::Server, 999, Flags::SynAck, &[]);
    }
    let mut next = [1000u32; 2];
    for (number, (side, bytes)) in (2..).zip(saying) {
        let place = &mut next[usize::from(*side == Side::Server)];
        file.tcp(ends, number, *side, *place, Flags::Data, bytes);
        *place += bytes.len() as u32;
    }
}

#[test]
fn what_began_before_the_recording_is_listed_and_is_no_failure() {
    let ticket: Said<'_> = &[(Side::Server, TICKET)];
    let forms: [(&str, Said<'_>); 8] = [
        ("a ticket", ticket),
        ("close_notify of the server", &[(Side::Server, CLOSE_NOTIFY)]),
        (
            "close_notify of both",
            &[(Side::Client, CLOSE_NOTIFY), (Side::Server, CLOSE_NOTIFY)],
        ),
        ("a sealed alert", &[(Side::Client, SEALED_ALERT)]),
        ("data", &[(Side::Client, DATA), (Side::Server, DATA)]),
        ("data of the server", &[(Side::Server, DATA)]),
        (
            "data, then the end",
            &[(Side::Server, DATA), (Side::Server, CLOSE_NOTIFY)],
        ),
        (
            "a ticket, then data",
            &[(Side::Server, TICKET), (Side::Client, DATA)],
        ),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (name, saying) in forms {
        let file = packets(saying, false);
        let survey = survey(file.bytes(), &[]);
        let [row] = survey.rows.as_slice() else {
            panic!("{name}: it is listed");
        };
        assert_eq!(
            (
                row.verdict.word(),
                row.ending.as_str(),
                row.began_before_recording
            ),
            ("unknown", "began before the recording", true),
            "{name}"
        );
        let failed = Filter {
            failed: true,
            ..Filter::default()
        };
        assert!(!failed.lets_through(row), "{name}");
        let analysis = survey.analysis(row).expect("read");
        assert_eq!(analysis.diagnosis.verdict.word(), "unknown", "{name}");
        assert_eq!(analysis.diagnosis.causes, [], "{name}: nothing failed");
        let path = folder.path().join("file.pcap");
        std::fs::write(&path, file.bytes()).expect("written");
        let path = path.display().to_string();
        for arguments in [&["show", &path][..], &["show", &path, "--connection", "1"]] {
            assert_eq!(mtlscope(arguments).status.code(), Some(0), "{name}");
        }
        let output = mtlscope(&["show", &path, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(told["connections"][0]["began_before_recording"], true, "{name}");
        assert_eq!(told["connections"][0]["verdict"], "unknown", "{name}");
    }
}

#[test]
fn what_was_seen_to_fail_failed_wherever_the_recording_began() {
    // A refusal in the clear.
    let refused = [21, 3, 3, 0, 2, 2, 42];
    let survey_of = |saying: &[(Side, &[u8])], has_syn| survey(packets(saying, has_syn).bytes(), &[]);
    let found = survey_of(&[(Side::Server, &refused)], false);
    assert_eq!(found.rows[0].ending, "bad_certificate from the server");
    // The beginning was recorded, and it was this.
    let found = survey_of(&[(Side::Client, CLOSE_NOTIFY)], true);
    let row = &found.rows[0];
    assert_eq!(
        (row.verdict.word(), row.began_before_recording),
        ("unfinished", false),
        "{}",
        row.ending
    );
    // The hello was recorded, though no SYN was.
    let good = capture("good-tls13");
    let hello: Vec<(Side, &[u8])> = vec![(Side::Client, &good.segments[0].bytes)];
    let found = survey_of(&hello, false);
    assert_eq!(
        (
            found.rows[0].ending.as_str(),
            found.rows[0].began_before_recording
        ),
        ("unfinished after ClientHello", false)
    );
}

#[test]
fn the_list_counts_them_apart() {
    let mut file = PacketFile::new();
    add(&mut file, 40_001, &[(Side::Server, TICKET)], false);
    add(&mut file, 40_002, &[(Side::Client, DATA)], false);
    let refused = capture("root-rotated");
    file.connection(&refused, ends(40_003));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.pcap");
    std::fs::write(&path, file.bytes()).expect("written");
    std::fs::write(path.with_extension("keylog"), key_log(&[&refused])).expect("written");
    let output = mtlscope(&["show", &path.display().to_string()]);
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        words.starts_with("3 TLS connections, one of which failed; 2 began before the recording\n"),
        "{words}"
    );
    assert_eq!(output.status.code(), Some(1));
}

/// A handshake whose hellos were not recorded.
#[test]
fn a_handshake_recorded_from_its_middle_on_is_not_called_failed() {
    let good = capture("good-tls12");
    let from: Vec<Segment> = good
        .segments
        .iter()
        .skip_while(|segment| segment.from == Side::Client)
        .skip(1)
        .cloned()
        .collect();
    let cut = Capture {
        segments: from,
        ..good
    };
    let saying: Vec<(Side, &[u8])> = cut
        .segments
        .iter()
        .map(|segment| (segment.from, segment.bytes.as_slice()))
        .collect();
    let found = survey(packets(&saying, false).bytes(), &[]);
    let word = found.rows[0].verdict.word();
    assert!(
        ["accepted", "unknown"].contains(&word),
        "{word}: {}",
        found.rows[0].ending
    );
}
