//! Packet capture files in all their forms, and `mtlscope show` on them.

use crate::support;
use crate::support::command;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

use command::mtlscope;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, KeyLog};
use mtlscope::diagnose::Verdict;
use mtlscope::source::packets::{PacketIndex, Progress};
use mtlscope::survey::Survey;
use serde_json::Value;
use support::packets::{Ends, PacketFile, key_log, packets};
use support::window::session;

fn capture(name: &str) -> Arc<Capture> {
    mtlscope::session::load(&session(name))
        .expect("a session")
        .capture
}

/// 2026-11-24 09:00:00 UTC.
const BEGAN_US: u64 = 1_795_510_800_000_000;

fn ends(port: u16) -> Ends {
    Ends {
        client: (1, port),
        server: (2, 8443),
        at_us: BEGAN_US + u64::from(port),
    }
}

/// A good and a refused connection.
fn two() -> (PacketFile, [Arc<Capture>; 2]) {
    let captures = [capture("good-tls13"), capture("root-rotated")];
    let mut file = PacketFile::new();
    for (capture, port) in captures.iter().zip([40_001, 40_002]) {
        file.connection(capture, ends(port));
    }
    (file, captures)
}

/// A pcapng block in either byte order.
fn block(is_big: bool, kind: u32, body: &[u8]) -> Vec<u8> {
    let order = |number: u32| {
        if is_big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    };
    let mut body = body.to_vec();
    body.resize(body.len().next_multiple_of(4), 0);
    let length = body.len() as u32 + 12;
    [&order(kind)[..], &order(length), &body, &order(length)].concat()
}

/// The same packets as pcapng, with nanoseconds and with the secrets inside.
fn next_generation(pcap: &[u8], secrets: &str, is_big: bool) -> Vec<u8> {
    let order = |number: u32| {
        if is_big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    };
    let short = |number: u16| {
        if is_big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    };
    let header = [&order(0x1a2b_3c4d)[..], &short(1), &short(0), &[0xff; 8]].concat();
    let mut file = block(is_big, 0x0a0d_0d0a, &header);
    // Ethernet; if_tsresol (option 9) says nanoseconds.
    let interface = [
        &short(1)[..],
        &short(0),
        &order(0),
        &short(9),
        &short(1),
        &[9, 0, 0, 0],
        &short(0),
        &short(0),
    ]
    .concat();
    file.extend(block(is_big, 1, &interface));
    let log = [
        &order(0x544c_534b)[..],
        &order(secrets.len() as u32),
        secrets.as_bytes(),
    ]
    .concat();
    file.extend(block(is_big, 10, &log));
    for (at_us, data) in packets(pcap) {
        let at_ns = at_us * 1000;
        let length = order(data.len() as u32);
        let numbers = [
            order(0),
            order((at_ns >> 32) as u32),
            order(at_ns as u32),
            length,
            length,
        ]
        .concat();
        file.extend(block(is_big, 6, &[&numbers[..], &data].concat()));
    }
    file
}

/// pcap in the other byte order, with nanoseconds.
fn big_endian_nanoseconds(pcap: &[u8]) -> Vec<u8> {
    let mut file = vec![
        0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1,
    ];
    for (at_us, data) in packets(pcap) {
        let numbers = [
            at_us / 1_000_000,
            at_us % 1_000_000 * 1000,
            data.len() as u64,
            data.len() as u64,
        ];
        file.extend(numbers.iter().flat_map(|number| (*number as u32).to_be_bytes()));
        file.extend(data);
    }
    file
}

fn survey(path: &Path, log: KeyLog) -> Survey {
    let cancel = Cancel::default();
    let index = PacketIndex::open(path, &cancel, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    Survey::of(index, log, &cancel, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

#[test]
fn every_form_of_file_tells_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, captures) = two();
    let secrets = key_log(&[&captures[0], &captures[1]]);
    let forms = [
        ("plain.pcap", file.bytes().to_vec(), false),
        ("nanoseconds.pcap", big_endian_nanoseconds(file.bytes()), false),
        (
            "little.pcapng",
            next_generation(file.bytes(), &secrets, false),
            true,
        ),
        ("big.pcapng", next_generation(file.bytes(), &secrets, true), true),
    ];
    for (name, bytes, has_secrets) in forms {
        let path = written(folder.path(), name, &bytes);
        let mut log = KeyLog::default();
        if !has_secrets {
            log.read(&secrets);
        }
        let survey = survey(&path, log);
        let told: Vec<_> = survey
            .rows
            .iter()
            .map(|row| {
                (
                    row.started_at_unix_us,
                    row.verdict,
                    row.ending.as_str(),
                    row.client.as_str(),
                )
            })
            .collect();
        let at = |port: i64| BEGAN_US.cast_signed() + port;
        assert_eq!(
            told,
            [
                (at(40_001), Verdict::Accepted, "connected", "10.0.0.1:40001"),
                (
                    at(40_002),
                    Verdict::Rejected,
                    "unknown_ca from the server",
                    "10.0.0.1:40002"
                ),
            ],
            "{name}"
        );
        assert_eq!(survey.index.key_log.is_empty(), !has_secrets, "{name}");
        for row in &survey.rows {
            let capture = survey.capture(row).expect("read");
            let own: Vec<&[u8]> = capture
                .secrets
                .iter()
                .map(|secret| secret.client_random.as_slice())
                .collect();
            assert!(
                !own.is_empty() && own.iter().all(|random| *random == own[0]),
                "{name}: only its own secrets"
            );
        }
    }
}

#[test]
fn a_reading_tells_how_far_it_is_and_can_be_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = PacketFile::new();
    let small = capture("root-rotated");
    for port in 1..1200 {
        file.connection(&small, ends(port));
    }
    let path = written(folder.path(), "many.pcap", file.bytes());
    let mut told: Vec<Progress> = Vec::new();
    let cancel = Cancel::default();
    let index = PacketIndex::open(&path, &cancel, &mut |progress| told.push(progress)).expect("read");
    assert_eq!(index.connections.len(), 1199);
    assert!(told.len() > 1, "there is more to be told after the first word");
    assert!(
        !told.is_empty()
            && told
                .iter()
                .all(|progress| progress.read_bytes <= progress.total_bytes)
    );
    let mut calls = 0;
    let refused = PacketIndex::open(&path, &cancel, &mut |_| {
        calls += 1;
        cancel.cancel();
    });
    assert!(
        refused
            .expect_err("it was ended")
            .to_string()
            .contains("cancelled")
    );
    assert_eq!(calls, 1, "it ends at once");
}

#[test]
fn packets_that_were_recorded_in_part_leave_a_gap() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, captures) = two();
    // Only the first 400 bytes of each packet were kept.
    let mut short = PacketFile::new();
    for (at_us, data) in packets(file.bytes()) {
        short.packet(at_us, &data[..data.len().min(400)]);
    }
    let mut log = KeyLog::default();
    log.read(&key_log(&[&captures[0], &captures[1]]));
    let survey = survey(&written(folder.path(), "short.pcap", short.bytes()), log);
    assert_eq!(survey.rows.len(), 2, "what is left is still TLS");
    for row in &survey.rows {
        let transcript = mtlscope::decode::decode(&survey.capture(row).expect("read"));
        let told = transcript.records.iter().any(|record| {
            record
                .error
                .as_ref()
                .is_some_and(|error| error.contains("are missing here"))
        });
        assert!(told, "the gap is told");
    }
}

#[test]
fn show_lists_explains_and_prints_packets() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, captures) = two();
    let path = written(folder.path(), "two.pcap", file.bytes())
        .display()
        .to_string();
    let keys = written(
        folder.path(),
        "keys",
        key_log(&[&captures[0], &captures[1]]).as_bytes(),
    )
    .display()
    .to_string();
    let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();

    let list = mtlscope(&["show", &path, "--keylog", &keys]);
    assert_eq!(list.status.code(), Some(1), "one of them was refused");
    let words = text(&list);
    assert!(
        words.contains("2 TLS connections, one of which failed"),
        "{words}"
    );
    assert!(
        words.contains("10.0.0.1:40002 → 10.0.0.2:8443 · payments.shop.svc"),
        "{words}"
    );
    assert!(words.lines().all(|line| line.chars().count() <= 80), "{words}");

    let first = mtlscope(&[
        "show",
        &path,
        "--keylog",
        &keys,
        "--connection",
        "1",
        "--fields",
        "--keys",
    ]);
    assert_eq!(first.status.code(), Some(0), "that one is good");
    let words = text(&first);
    for wanted in [
        "ACCEPTED",
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        "certificate_list",
        "✓ Finished of the client",
    ] {
        assert!(words.contains(wanted), "{wanted}");
    }
    assert_eq!(
        mtlscope(&["show", &path, "--connection", "3"]).status.code(),
        Some(2)
    );

    let json = mtlscope(&["show", &path, "--keylog", &keys, "--format", "json"]);
    let value: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(value["schema"], "mtlscope.capture/1");
    let [good, refused] = value["connections"].as_array().expect("a list").as_slice() else {
        panic!("two connections");
    };
    assert_eq!(
        (&good["client"], &good["verdict"]),
        (&"10.0.0.1:40001".into(), &"accepted".into())
    );
    assert!(
        good["endings"]["client"]["connected_at_us"].is_u64() && good["endings"]["client"]["error"].is_null()
    );
    assert_eq!(refused["verdict"], "rejected");
    // Nobody's roots were given: the alert proves the refusal, and why is only possible.
    let told: Vec<_> = refused["causes"]
        .as_array()
        .expect("a list")
        .iter()
        .take(2)
        .map(|cause| {
            assert_eq!(
                (&cause["reported"], &cause["side"]),
                (&true.into(), &"server".into())
            );
            (cause["id"].as_str(), cause["certainty"].as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("unexplained-refusal"), Some("proven")),
            (Some("unknown-issuer"), Some("possible"))
        ]
    );
    // With the server's roots it is proven.
    let roots = &captures[1]
        .sides
        .server
        .trust
        .as_ref()
        .expect("the lab knows")
        .roots;
    let pem = roots.iter().fold(String::new(), |all, root| {
        let body = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, root.as_bytes());
        format!("{all}-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    });
    let trust = written(folder.path(), "trust.pem", pem.as_bytes())
        .display()
        .to_string();
    let json = mtlscope(&[
        "show",
        &path,
        "--keylog",
        &keys,
        "--server-trust",
        &trust,
        "--format",
        "json",
    ]);
    let value: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let cause = &value["connections"][1]["causes"][0];
    assert_eq!(
        (&cause["certainty"], &cause["side"]),
        (&"proven".into(), &"server".into()),
        "{cause}"
    );
}

/// A download of many megabytes: the handshake and the end are there, what lies between is told and not held.
#[test]
fn of_a_very_long_connection_the_beginning_and_the_end_are_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut long = Capture::clone(&capture("good-tls13"));
    let bulk = mtlscope::capture::Segment {
        at_us: long.segments.last().expect("segments").at_us + 1,
        from: mtlscope::capture::Side::Server,
        // Records that open with no key: the worst that can come after a gap.
        bytes: [&[23, 3, 3, 0, 40][..], &[0x5a; 40]].concat().repeat(100_000),
        altered: None,
    };
    long.segments.push(bulk);
    let mut file = PacketFile::new();
    file.connection(&long, ends(40_001));
    let mut log = KeyLog::default();
    log.read(&key_log(&[&long]));
    let survey = survey(&written(folder.path(), "long.pcap", file.bytes()), log);
    let held = survey.capture(&survey.rows[0]).expect("read");
    let bytes: usize = held.segments.iter().map(|segment| segment.bytes.len()).sum();
    assert!((2 << 20..3 << 20).contains(&bytes), "{bytes} bytes are held");
    let transcript = mtlscope::decode::decode(&held);
    let told = |words: &str| {
        transcript
            .records
            .iter()
            .any(|record| record.error.as_ref().is_some_and(|error| error.contains(words)))
    };
    assert!(told("are left out here, because the connection is very long"));
    assert_eq!(survey.rows[0].verdict, Verdict::Accepted);
}
