//! Packet captures that nobody here made, against what tshark said of them (`golden/index.json`).
//!
//! tshark is a witness, not an oracle: where it and we differ, the bytes decide, and the difference is written down in
//! `tests/golden/captures-differ.tsv` with what settles it. The test fails on a difference that is not written down, and on
//! one that is written down and no longer there.

use crate::support::machine;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{KeyLog, Side};
use mtlscope::decode::{Body, BufferId, Field, MessageKind, Protection, Transcript, decode};
use mtlscope::pki::sha256_hex;
use mtlscope::source::packets::{Connection, PacketIndex, key_log_beside};
use mtlscope::survey::{Row, Survey};
use serde_json::{Value, json};

fn corpora() -> Option<PathBuf> {
    machine::corpora("the packet captures of the corpora")
}

fn survey(root: &Path, file: &str, key_log: Option<&str>) -> Survey {
    let path = root.join(file);
    let mut log = KeyLog::default();
    match key_log {
        Some(name) => {
            let bytes = std::fs::read(root.join(name)).expect("the key log");
            log.read(&String::from_utf8_lossy(&bytes));
        }
        None => log = key_log_beside(&path).0,
    }
    let cancel = Cancel::default();
    let index = PacketIndex::open(&path, &cancel, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    Survey::of(index, log, &cancel, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

fn letter(side: Side) -> &'static str {
    match side {
        Side::Client => "C",
        Side::Server => "S",
    }
}

/// Handshake messages that tshark's index names, in the order of their arrival.
fn messages(transcript: &Transcript) -> Vec<String> {
    transcript
        .messages
        .iter()
        .filter(|message| {
            !matches!(
                message.kind,
                MessageKind::Alert
                    | MessageKind::ChangeCipherSpec
                    | MessageKind::ApplicationData
                    | MessageKind::Encrypted
                    | MessageKind::NotTls
                    | MessageKind::Preamble
            )
        })
        .map(|message| {
            let kind = if message.kind == MessageKind::HelloRetryRequest {
                MessageKind::ServerHello
            } else {
                message.kind
            };
            format!("{}:{kind}", letter(message.side))
        })
        .collect()
}

fn alerts(transcript: &Transcript) -> Value {
    transcript
        .messages
        .iter()
        .filter_map(|message| match message.body {
            Body::Alert(alert) => Some(json!([letter(message.side), alert.level, alert.code])),
            _ => None,
        })
        .collect()
}

/// Each Certificate message: who sent it, and the digests of what was in it.
fn certificates(transcript: &Transcript) -> Value {
    transcript
        .messages
        .iter()
        .filter_map(|message| match &message.body {
            Body::Certificate(sent) if !sent.chain.is_empty() => {
                let digests = sent.chain.iter().map(|(der, _)| sha256_hex(der.as_bytes()));
                let said: Vec<String> = std::iter::once(letter(message.side).to_owned())
                    .chain(digests)
                    .collect();
                Some(json!(said))
            }
            _ => None,
        })
        .collect()
}

/// What we say of a stream, in the index's own terms.
fn ours(transcript: &Transcript) -> BTreeMap<&'static str, Value> {
    let hello = transcript
        .messages
        .iter()
        .find_map(|message| match &message.body {
            Body::ServerHello(hello) => Some(hello),
            _ => None,
        });
    // The index has what the client offers.
    let offered = transcript.client_hello().map(|(_, hello)| hello.alpn.join(","));
    let is_decrypted = transcript.keys.iter().any(|keys| !keys.records.is_empty());
    BTreeMap::from([
        ("messages", json!(messages(transcript))),
        ("alerts", alerts(transcript)),
        (
            "versions",
            json!(
                hello
                    .and_then(|hello| hello.version)
                    .map(|version| format!("0x{:04x}", version.0))
            ),
        ),
        (
            "cipher",
            json!(
                hello
                    .and_then(|hello| hello.cipher_suite)
                    .map(|suite| format!("0x{:04x}", suite.0))
            ),
        ),
        ("sni", json!(transcript.sni)),
        ("alpn", json!(offered.filter(|offer| !offer.is_empty()))),
        (
            "hrr",
            json!(
                transcript
                    .first(MessageKind::HelloRetryRequest, Side::Server)
                    .is_some()
            ),
        ),
        ("certs", certificates(transcript)),
        ("decrypted", json!(is_decrypted)),
    ])
}

fn theirs(stream: &Value) -> BTreeMap<&'static str, Value> {
    let mut all: BTreeMap<&'static str, Value> = [
        "messages",
        "alerts",
        "cipher",
        "sni",
        "alpn",
        "hrr",
        "certs",
        "decrypted",
    ]
    .into_iter()
    .map(|key| (key, stream[key].clone()))
    .collect();
    all.insert(
        "versions",
        stream["versions"].get(0).cloned().unwrap_or(Value::Null),
    );
    all
}

#[test]
fn every_stream_is_read_as_tshark_reads_it_or_the_difference_is_settled() {
    let Some(root) = corpora() else { return };
    let index: BTreeMap<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(root.join("golden/index.json")).expect("the index"))
            .expect("JSON");
    let mut differences = BTreeMap::new();
    let (mut streams, mut opened) = (0, 0);
    for (file, entry) in &index {
        let survey = survey(&root, file, entry["keylog"].as_str());
        let rows: BTreeMap<String, &Row> = survey
            .rows
            .iter()
            .filter_map(|row| match &survey.index.connections[row.connection] {
                Connection::Tcp(connection) => Some((format!("tcp{}", connection.number()), row)),
                Connection::Carried(_) => None,
            })
            .collect();
        let theirs_all = entry["streams"].as_object().expect("streams");
        let names: BTreeSet<&String> = theirs_all
            .keys()
            .filter(|name| name.starts_with("tcp"))
            .chain(rows.keys())
            .collect();
        for name in names {
            streams += 1;
            let (Some(row), Some(stream)) = (rows.get(name), theirs_all.get(name)) else {
                let who = if rows.contains_key(name) {
                    "only ours"
                } else {
                    "only theirs"
                };
                differences.insert(format!("{file}\t{name}\tstream"), who.to_owned());
                continue;
            };
            let capture = survey.capture(row).unwrap_or_else(|error| panic!("{error}"));
            let transcript = decode(&capture);
            assert_owned(&transcript, &format!("{file} {name}"));
            let (ours, theirs) = (ours(&transcript), theirs(stream));
            opened += usize::from(ours["decrypted"] == true);
            for (key, theirs) in theirs {
                if ours[key] != theirs {
                    differences.insert(
                        format!("{file}\t{name}\t{key}"),
                        format!("ours {} theirs {theirs}", ours[key]),
                    );
                }
            }
        }
    }
    assert!(
        streams >= 340 && opened >= 120,
        "{streams} streams, {opened} opened"
    );
    println!(
        "{streams} streams, {opened} opened, {} differences",
        differences.len()
    );
    let settled: BTreeSet<&str> = include_str!("../golden/captures-differ.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once('\t').map(|(place, _)| place))
        .collect();
    let fresh: Vec<String> = differences
        .iter()
        .filter(|(place, _)| !settled.contains(place.as_str()))
        .map(|(place, what)| format!("{place}\t{what}"))
        .collect();
    let gone: Vec<&&str> = settled
        .iter()
        .filter(|place| !differences.contains_key(**place))
        .collect();
    assert!(
        fresh.is_empty() && gone.is_empty(),
        "not written down:\n{}\nwritten down, but no longer so:\n{gone:?}",
        fresh.join("\n")
    );
}

/// The handshakes were real: whatever of their proofs can be computed from the evidence must hold.
#[test]
fn every_proof_that_can_be_recomputed_holds() {
    let Some(root) = corpora() else { return };
    let index: BTreeMap<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(root.join("golden/index.json")).expect("the index"))
            .expect("JSON");
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed = Vec::new();
    for (file, entry) in &index {
        let survey = survey(&root, file, entry["keylog"].as_str());
        for row in &survey.rows {
            let analysis = Analysis::of(survey.capture(row).unwrap_or_else(|error| panic!("{error}")));
            for proof in &analysis.diagnosis.proofs {
                match proof.holds {
                    Some(true) => *held.entry(proof.kind).or_default() += 1,
                    Some(false) => failed.push(format!(
                        "{file} {}: {}: {}",
                        row.connection, proof.kind, proof.words
                    )),
                    None => {
                        *open
                            .entry(format!("{}: {}", proof.kind, proof.words))
                            .or_default() += 1
                    }
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    println!("held: {held:#?}\nnot computed: {open:#?}");
    assert!(held["Finished"] >= 200, "{held:?}");
    assert!(
        held["CertificateVerify"] >= 60 && held["ServerKeyExchange"] >= 100,
        "{held:?}"
    );
}

/// The published values of the illustrated TLS 1.2 connection: its keys as that page has them.
#[test]
fn the_illustrated_connections_keys_are_the_published_ones() {
    let Some(root) = corpora() else { return };
    let keys_of = |file: &str| {
        let survey = survey(&root, file, None);
        let row = survey.rows.first().expect("a connection");
        let transcript = decode(&survey.capture(row).unwrap_or_else(|error| panic!("{error}")));
        let all: Vec<(Side, Protection, String, String)> = transcript
            .keys
            .iter()
            .map(|keys| {
                (
                    keys.side,
                    keys.protection,
                    hex::encode(&keys.key),
                    hex::encode(&keys.iv),
                )
            })
            .collect();
        all
    };
    let tls12 = keys_of("illustrated-tls12/captures/capture.pcap");
    assert_eq!(
        tls12[0].2, "f656d037b173ef3e11169f27231a84b6",
        "the client's write key"
    );
    assert_eq!(
        tls12[1].2, "752a18e7a9fcb7cbcdd8f98dd8f769eb",
        "the server's write key"
    );
}

/// Every byte of every message in exactly one leaf.
fn assert_owned(transcript: &Transcript, place: &str) {
    for message in &transcript.messages {
        let mut owners = vec![0u8; message.bytes.len()];
        leaves(&message.root, None, &mut |field| {
            for byte in field.range.clone() {
                owners[byte] += 1;
            }
        });
        assert!(
            owners.iter().all(|count| *count == 1),
            "{place}: {} has a byte that is not owned once: {:?}",
            message.kind,
            owners.iter().position(|count| *count != 1)
        );
    }
}

fn leaves(field: &Field, buffer: Option<BufferId>, visit: &mut impl FnMut(&Field)) {
    if field.buffer != buffer {
        return;
    }
    if field.children.is_empty() {
        visit(field);
    }
    for child in &field.children {
        leaves(child, buffer, visit);
    }
}
