//! How the stacks say it: real programs on loopback, over faults that OpenSSL's own tools made.
//!
//! A real-peer test: it needs openssl, gnutls-cli and gnutls-serv, curl, go, java, node, python3, nginx and Envoy
//! (`MTLSCOPE_ENVOY` names its binary); it says which of them are absent, and in CI none may be. With
//! `MTLSCOPE_UPDATE_ROSETTA=1` it runs every fault before every stack and writes `assets/rosetta.ron`; otherwise it runs a
//! sample again and holds it against that file.
#![allow(missing_docs, reason = "a test")]

#[path = "rosetta/clients.rs"]
mod clients;
#[path = "rosetta/faults.rs"]
mod faults;
#[path = "support/peers.rs"]
mod peers;
#[path = "rosetta/process.rs"]
mod process;
#[path = "rosetta/stacks.rs"]
mod stacks;
#[path = "rosetta/words.rs"]
mod words;

use std::collections::BTreeSet;
use std::path::Path;

use faults::{FAULTS, Fault};
use mtlscope::capture::{ClientAuth, PerSide, Side};
use mtlscope::diagnose::{CauseId, Saying, Verdict, diagnose};
use mtlscope::pki::read_file;
use mtlscope::source::lab::{Cancel, Identity, LabSetup, Party, TlsVersion, run_blocking};
use stacks::{Bench, Heard, Stack, at_hand};

/// Faults that are run again in every test: one of each kind of answer.
const SAMPLE: &[&str] = &[
    "client-none",
    "client-missing-intermediate",
    "client-expired",
    "server-impostor-ca",
    "server-wrong-name",
    "plain-server",
];

/// Whether a stack can be put on this end at all.
fn takes_part(stack: &str, fault: &Fault) -> bool {
    match (fault.judge, stack) {
        // curl is a client only; nginx and Envoy offer no protocol by ALPN that they could fail over here.
        (Side::Server, "curl") => false,
        (_, "nginx" | "Envoy") if fault.flags == "h2" => false,
        (Side::Client, "curl") if fault.flags == "h2" => false,
        _ => true,
    }
}

fn rows(fault: &Fault, stack: &str, version: &str, speaker: &str, heard: &Heard) -> Vec<Saying> {
    let row = |side: Side, speaker: &str, words: String| Saying {
        fault: fault.name.to_owned(),
        cause: fault.cause.to_owned(),
        judge: fault.judge,
        stack: stack.to_owned(),
        version: version.to_owned(),
        side,
        speaker: speaker.to_owned(),
        accepted: heard.is_accepted,
        words,
    };
    vec![
        row(fault.judge, stack, heard.own.clone()),
        row(fault.judge.peer(), speaker, heard.peer.clone()),
    ]
}

/// One fault before every program.
fn ask(bench: &Bench, stacks: &[Stack], fault: &Fault) -> Vec<Saying> {
    let mut found = Vec::new();
    for stack in stacks.iter().filter(|stack| takes_part(stack.name, fault)) {
        let heard = match fault.judge {
            Side::Server => bench.as_server(stack.name, fault),
            Side::Client => bench.as_client(stack.name, fault),
        };
        found.extend(rows(fault, stack.name, &stack.version, "OpenSSL", &heard));
    }
    found
}

/// The same fault in our own lab: rustls on both ends.
fn ask_rustls(directory: &Path, fault: &Fault) -> Vec<Saying> {
    let certificates = |name: &str| read_file(&directory.join(name)).expect("a fixture").certificates;
    let identity = |name: &str| {
        (!name.is_empty()).then(|| Identity {
            chain: certificates(&format!("{name}-chain.pem")),
            key: read_file(&directory.join(format!("{name}.key")))
                .expect("a key")
                .keys
                .into_iter()
                .next(),
        })
    };
    let party = |name: &str| Party {
        identity: identity(name),
        trust: certificates("root.pem"),
        ..Party::default()
    };
    let mut setup = LabSetup {
        parties: PerSide {
            client: party(fault.client),
            server: party(fault.server),
        },
        server_name: fault.asked.to_owned(),
        client_auth: ClientAuth::Required,
        fault: None,
        known: Vec::new(),
        timeout_ms: 1_000,
    };
    match (fault.flags, fault.judge) {
        ("", _) => {}
        ("tls1.2" | "only1.3", _) => {
            setup.parties.client.versions = vec![TlsVersion::Tls12];
            setup.parties.server.versions = vec![TlsVersion::Tls13];
        }
        ("chacha", _) => {
            setup.parties.client.cipher_suites =
                vec!["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256".to_owned()];
            setup.parties.server.cipher_suites = vec!["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256".to_owned()];
            setup.parties.client.versions = vec![TlsVersion::Tls12];
            setup.parties.server.versions = vec![TlsVersion::Tls12];
        }
        ("h2", Side::Server) => {
            setup.parties.client.alpn = vec!["nonsense".to_owned()];
            setup.parties.server.alpn = vec!["h2".to_owned()];
        }
        ("http", Side::Client) => setup.fault = Some(mtlscope::source::lab::Fault::Http),
        // What rustls cannot offer, and what needs another client than it.
        _ => return Vec::new(),
    }
    let Ok(capture) = run_blocking(&setup, &Cancel::default()) else {
        // A key that rustls cannot load: it never comes to a handshake.
        return Vec::new();
    };
    let diagnosis = diagnose(&capture, &mtlscope::decode::decode(&capture));
    let said = |side: Side| {
        let verdict = capture.sides.of(side).verdict.as_ref();
        let text = verdict.map_or("", |verdict| verdict.words.as_str());
        // A time in the words is this run's alone.
        text.split(": verification time")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let is_accepted = diagnosis.verdict == Verdict::Accepted;
    let heard = Heard {
        own: if is_accepted {
            String::new()
        } else {
            said(fault.judge)
        },
        peer: if is_accepted {
            String::new()
        } else {
            said(fault.judge.peer())
        },
        is_accepted,
    };
    rows(
        fault,
        "rustls",
        mtlscope::source::lab::RUSTLS_VERSION,
        "rustls",
        &heard,
    )
}

fn asset() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rosetta.ron")
}

fn kept() -> Vec<Saying> {
    ron::from_str(&std::fs::read_to_string(asset()).expect("the asset")).expect("it parses")
}

#[test]
fn the_table_is_whole() {
    let all = kept();
    let faults: BTreeSet<&str> = all.iter().map(|row| row.fault.as_str()).collect();
    let stacks: BTreeSet<&str> = all.iter().map(|row| row.stack.as_str()).collect();
    let accepted = all
        .iter()
        .filter(|row| row.accepted && row.side == row.judge)
        .count();
    println!(
        "{} faults, {} stacks, {} rows, {accepted} runs in which the fault was accepted",
        faults.len(),
        stacks.len(),
        all.len()
    );
    assert!(faults.len() >= 20, "{faults:?}");
    assert_eq!(stacks.len(), 10, "{stacks:?}");
    for row in &all {
        assert!(CauseId::from_word(&row.cause).is_some(), "{row:?}");
        assert!(!row.version.is_empty(), "{row:?}");
        // Whoever refuses says something, on one of the two ends.
        let peer_said = all.iter().any(|other| {
            other.fault == row.fault
                && other.stack == row.stack
                && other.side != row.side
                && !other.words.is_empty()
        });
        assert!(row.accepted || !row.words.is_empty() || peer_said, "{row:?}");
    }
    for cause in [
        "expired",
        "unknown-issuer",
        "missing-intermediate",
        "wrong-purpose",
        "name-mismatch",
    ] {
        let heard: BTreeSet<&str> = all
            .iter()
            .filter(|row| row.cause == cause)
            .map(|row| row.stack.as_str())
            .collect();
        assert!(heard.len() >= 9, "{cause}: {heard:?}");
    }
}

#[test]
fn the_stacks_still_say_what_we_say_they_say() {
    let is_update = std::env::var_os("MTLSCOPE_UPDATE_ROSETTA").is_some();
    let stacks = at_hand();
    if !stacks.iter().any(|stack| stack.name == "OpenSSL") {
        eprintln!("SKIPPED: without the openssl command there is no other end");
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join("tmp")).expect("a directory");
    faults::make(directory.path());
    let bench = Bench::new(directory.path(), &stacks);
    let wanted: Vec<&Fault> = FAULTS
        .iter()
        .filter(|fault| is_update || SAMPLE.contains(&fault.name))
        .collect();
    let mut fresh = Vec::new();
    for fault in wanted {
        fresh.extend(ask(&bench, &stacks, fault));
        fresh.extend(ask_rustls(directory.path(), fault));
    }
    if is_update {
        // A row a line: what has moved is seen in a diff.
        let rows: Vec<String> = fresh
            .iter()
            .map(|row| format!("    {},", ron::ser::to_string(row).expect("a row")))
            .collect();
        std::fs::write(
            asset(),
            format!(
                "// Written by tests/rosetta.rs from real runs. Do not edit.\n[\n{}\n]\n",
                rows.join("\n")
            ),
        )
        .expect("written");
        return;
    }
    let kept = kept();
    let mut moved = Vec::new();
    for row in &fresh {
        let Some(old) = kept
            .iter()
            .find(|old| (&old.fault, &old.stack, old.side) == (&row.fault, &row.stack, row.side))
        else {
            moved.push(format!("new: {row:?}"));
            continue;
        };
        // Another release may word it otherwise; whether it lets the fault in is what people rely on.
        let is_same = if old.version == row.version {
            old == row
        } else {
            old.accepted == row.accepted
        };
        if !is_same {
            moved.push(format!("was {old:?}\nnow {row:?}"));
        }
    }
    assert!(
        moved.is_empty(),
        "reality has moved: MTLSCOPE_UPDATE_ROSETTA=1 cargo test --test rosetta\n{}",
        moved.join("\n")
    );
}
