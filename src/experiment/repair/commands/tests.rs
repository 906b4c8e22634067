//! Every edit's commands, whole, for a set-up in files: one of them holds a key beside its chain, one is DER.

use super::*;
use crate::capture::{ClientAuth, PerSide};
use crate::clock::Clock;
use crate::pki::{Minted, Recipe, mint};
use crate::setup::{Identity, Party};

const NOW: i64 = 1_800_000_000;

#[test]
fn what_a_fix_adds_to_a_name_is_taken_off_again() {
    for (name, wanted) in [
        ("orders", "orders"),
        ("orders-chain", "orders"),
        ("orders-chain-trust-key-new", "orders"),
        ("-chain", "-chain"),
        ("-new-key", "-new"),
        ("chain", "chain"),
        ("orders-chains", "orders-chains"),
    ] {
        assert_eq!(without_endings(name), wanted);
    }
}

/// A file's name, unless it is none or too long for one with more behind it; else the certificate's, made fit.
#[test]
fn a_certificate_is_called_after_its_file_or_its_name() {
    let recipes: Vec<Recipe> =
        ron::from_str(r#"[(name: "a", subject: "A b/c.example"), (name: "odd", subject: "\u{e9}\u{e9}")]"#)
            .expect("recipes");
    let minted = mint(&recipes, NOW).expect("it mints");
    let of = |name: &str, file: Option<String>| {
        let certificate = minted.find(name).expect("minted").certificate.clone();
        stem(&LoadedCertificate { file, ..certificate }, &HashMap::new())
    };
    let long = "x".repeat(200);
    let longer = "x".repeat(201);
    for (name, file, wanted) in [
        ("a", Some("certs/orders.pem".to_owned()), "orders"),
        ("a", Some("c:\\certs\\orders".to_owned()), "orders"),
        ("a", Some(format!("{long}.pem")), long.as_str()),
        ("a", Some(format!("{longer}.pem")), "a-b-c-example"),
        ("a", Some(".pem".to_owned()), "a-b-c-example"),
        ("a", None, "a-b-c-example"),
        ("odd", None, "certificate"),
    ] {
        assert_eq!(of(name, file.clone()), wanted, "{file:?}");
    }
}

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "other", subject: "Other Root", is_ca: true),
        (name: "issuer", subject: "Issuer", issuer: "root", is_ca: true),
        (name: "orders", subject: "orders", issuer: "issuer"),
        (name: "payments", subject: "payments", issuer: "issuer")]"#,
    )
    .expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

/// These certificates, as a PEM file holds them.
fn in_file(pki: &Minted, file: &str, names: &[&str]) -> Vec<LoadedCertificate> {
    let certificate = |name: &&str| pki.find(name).expect("minted").certificate.clone();
    names
        .iter()
        .enumerate()
        .map(|(entry, name)| LoadedCertificate {
            file: Some(file.to_owned()),
            entry,
            line: Some(1 + 10 * entry),
            ..certificate(name)
        })
        .collect()
}

fn key(pki: &Minted, name: &str, file: &str, line: Option<usize>) -> LoadedKey {
    LoadedKey {
        file: Some(file.to_owned()),
        line,
        ..pki.find(name).expect("minted").key.clone()
    }
}

/// The client's chain and key lie in one file, the server's in two, and its key is DER.
fn in_files(pki: &Minted) -> LabSetup {
    let party = |identity, trust| Party {
        identity: Some(identity),
        trust,
        ..Party::default()
    };
    LabSetup {
        parties: PerSide {
            client: party(
                Identity {
                    chain: in_file(pki, "certs/orders.pem", &["orders", "issuer"]),
                    key: Some(key(pki, "orders", "certs/orders.pem", Some(21))),
                },
                in_file(pki, "ca.pem", &["root"]),
            ),
            server: party(
                Identity {
                    chain: in_file(pki, "payments.pem", &["payments", "issuer"]),
                    key: Some(key(pki, "payments", "payments.der", None)),
                },
                in_file(pki, "roots.pem", &["other", "root"]),
            ),
        },
        server_name: "payments.example".to_owned(),
        client_auth: ClientAuth::Required,
        fault: None,
        known: in_file(pki, "http://ca.example/[issuer].crt", &["issuer"]),
        timeout_ms: 100,
        wall_clock: Clock::still(NOW),
    }
}

#[test]
fn every_edit_has_its_commands() {
    let pki = pki();
    let before = in_files(&pki);
    let pasted = |name: &str| pki.find(name).expect("minted").certificate.clone();
    let chain = |side| before.chain(side).to_vec();
    let mut edits: Vec<Edit> = vec![
        Edit::Swap(Swap::Identities),
        Edit::Swap(Swap::Chains),
        Edit::Swap(Swap::Keys),
        Edit::Swap(Swap::Trust),
        Edit::MoveClock(None),
        Edit::MoveClock(Some(NOW)),
        Edit::AskFor("::1".to_owned()),
        Edit::AskFor("{a}.example".to_owned()),
        Edit::MendWire,
    ];
    for side in Side::BOTH {
        let reversed = chain(side).into_iter().rev().collect();
        edits.extend([
            Edit::SwapSlots(side),
            Edit::AddToChain {
                side,
                certificates: before.known.clone(),
            },
            Edit::AddToChain {
                side,
                certificates: vec![pasted("other")],
            },
            Edit::ReplaceInChain {
                side,
                certificate: before.known[0].clone(),
                instead_of: chain(side)[1].clone(),
            },
            Edit::DropFromChain {
                side,
                certificate: chain(side)[1].clone(),
            },
            Edit::DropFromChain {
                side,
                certificate: chain(side)[0].clone(),
            },
            Edit::ReorderChain {
                side,
                chain: reversed,
            },
            Edit::UseCertificate {
                side,
                chain: chain(side),
            },
            Edit::UseCertificate {
                side,
                chain: vec![pasted("other")],
            },
            Edit::UseKey {
                side,
                key: key(&pki, "payments", "new/orders-key.pem", Some(1)),
            },
            Edit::TrustAlso {
                side,
                certificate: pasted("other"),
            },
            Edit::TrustInstead {
                side,
                certificates: vec![before.parties.server.trust[1].clone()],
            },
            Edit::TrustInstead {
                side,
                certificates: before.parties.server.trust.clone(),
            },
        ]);
        edits.extend(
            [
                Spoken::Versions(vec![TlsVersion::Tls12]),
                Spoken::Versions(vec![TlsVersion::Tls12, TlsVersion::Tls13]),
                Spoken::Groups(vec!["X25519".to_owned(), "secp256r1".to_owned()]),
                Spoken::Groups(Vec::new()),
                Spoken::Protocols(vec!["h2".to_owned()]),
                Spoken::Protocols(vec!["http/1.1".to_owned()]),
                Spoken::Protocols(vec!["other".to_owned()]),
            ]
            .map(|also| Edit::Speak { side, also }),
        );
    }
    let mut told = String::new();
    for edit in edits {
        let after = edit.apply(&before);
        let debug = format!("{edit:?}");
        let kind = debug.split([' ', '{']).next().unwrap_or_default();
        let side = Side::BOTH
            .into_iter()
            .find(|side| debug.contains(&format!("side: {side:?}")));
        told.push_str(&format!("{kind} {}\n", side.map_or("", Side::word)));
        for line in commands(&[edit.clone(), edit], &before, &after) {
            told.push_str(&format!("    {line}\n"));
        }
    }
    insta::assert_snapshot!(told);
}
