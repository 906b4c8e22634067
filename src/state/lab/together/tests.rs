//! What is handed over at once: files that are parts of one thing, a folder, and what lies beside them.

use std::path::PathBuf;

use super::*;
use crate::pki::{Minted, Recipe, mint, mint_list};
use crate::state::lab::sorted::Placement;

const NOW: i64 = 1_800_000_000;

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "client", subject: "orders", issuer: "root", purposes: ["clientAuth"]),
        (name: "server", subject: "payments", issuer: "root", purposes: ["serverAuth"])]"#,
    )
    .expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
}

/// Files by their names: `client.pem` is its certificate, `client.key` its key, `root.crl` a list, all else this text.
fn written(directory: &Path, names: &[&str]) -> Vec<PathBuf> {
    let pki = pki();
    let text = |name: &str| {
        let (stem, ending) = name.rsplit_once('.').expect("an ending");
        match ending {
            "pem" => pem("CERTIFICATE", &pki.find(stem).expect("minted").certificate.der),
            "key" => pem(
                "PRIVATE KEY",
                pki.find(stem).expect("minted").key.key.der.secret_der(),
            ),
            "crl" => {
                let recipe = ron::from_str(&format!(r#"(issuer: "{stem}")"#)).expect("a recipe");
                let list = mint_list(&recipe, &pki, NOW).expect("it mints");
                pem("X509 CRL", &list.der)
            }
            _ => "nothing of ours\n".to_owned(),
        }
    };
    std::fs::create_dir_all(directory).expect("a directory");
    let write = |name: &&str| {
        let path = directory.join(name);
        std::fs::write(&path, text(name)).expect("written");
        path
    };
    names.iter().map(write).collect()
}

/// What becomes of it, in lines; the directory's name is left out.
fn lines(sorted: &Sorted) -> Vec<String> {
    let place = |one: &Placement| format!("{:?} {:?}: {}", one.side, one.slot, one.content.label);
    match sorted {
        Sorted::Put(placements) => placements.iter().map(place).collect(),
        Sorted::Ask(question) => vec![question.title.clone()],
        Sorted::Lists(found, more) => {
            let list = format!("{:?}: {} lists", found.sides, found.lists.len());
            std::iter::once(list)
                .chain(more.iter().flat_map(|more| lines(more)))
                .collect()
        }
        Sorted::Several(all) => all.iter().flat_map(lines).collect(),
        Sorted::Told(words, sorted) => words.iter().cloned().chain(lines(sorted)).collect(),
        Sorted::Refuse(words) => vec![words.rsplit('/').next().unwrap_or_default().to_owned()],
        Sorted::Closed(closed) => vec![format!("closed {}", closed.name())],
    }
}

/// The files, what is under the pointer, and what becomes of them.
type Case<'a> = (&'a [&'a str], Option<(Side, SetupSlot)>, &'a [&'a str]);

#[test]
fn files_that_come_together_are_the_parts_of_one_thing() {
    let directory = tempfile::tempdir().expect("a directory");
    let trust = Some((Side::Client, SetupSlot::Trust));
    let cases: &[Case<'_>] = &[
        // A pair and its CA.
        (
            &["client.pem", "client.key", "root.pem"],
            None,
            &[
                "Client Certificate: client.pem",
                "Client Key: client.key · P-256",
                "Server Trust: root.pem",
            ],
        ),
        // A list beside them is no part, and is its judge's all the same.
        (
            &["client.pem", "client.key", "root.pem", "root.crl"],
            None,
            &[
                "Client Certificate: client.pem",
                "Client Key: client.key · P-256",
                "Server Trust: root.pem",
                "[Client, Server]: 1 lists",
            ],
        ),
        // With a slot under the pointer each is for that.
        (
            &["root.pem", "client.pem"],
            trust,
            &["Client Trust: root.pem", "Client Trust: client.pem"],
        ),
        // One file alone tells its place by itself, and so do two that are each of another side.
        (&["client.pem"], None, &["Client Certificate: client.pem"]),
        (
            &["client.pem", "server.pem"],
            None,
            &["Client Certificate: client.pem", "Server Certificate: server.pem"],
        ),
        (
            &["client.pem", "client.key", "server.pem", "server.key"],
            None,
            &[
                "Client Certificate: client.pem",
                "Client Key: client.key · P-256",
                "Server Certificate: server.pem",
                "Server Key: server.key · P-256",
            ],
        ),
    ];
    for (names, target, wanted) in cases {
        let paths = written(directory.path(), names);
        let offers: Vec<Offer> = paths.into_iter().map(Offer::File).collect();
        let sorted = read_all(&offers, *target, &Setup::default());
        let found: Vec<String> = sorted.iter().flat_map(lines).collect();
        assert_eq!(found, *wanted, "{names:?}");
    }
}

#[test]
fn a_folder_is_sorted_out_whatever_it_holds() {
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["client.pem", "client.key", "root.pem", "notes.txt"],
            &[
                "certs holds 1 certificate with its key, 1 CA certificate.",
                "1 other file holds nothing of use.",
                "Client Certificate: client.pem",
                "Client Key: client.key · P-256",
                "Server Trust: root.pem",
            ],
        ),
        // Lists alone.
        (&["root.crl"], &["[Client, Server]: 1 lists"]),
        (
            &["root.crl", "root.pem"],
            &[
                "certs holds 1 CA certificate.",
                "[Client, Server]: 1 lists",
                "In no slot: Root. Load one into its slot if it belongs there.",
            ],
        ),
        // A key alone is said.
        (
            &["client.key"],
            &[
                "certs holds 1 key without its certificate.",
                "In no slot: client.key. Load one into its slot if it belongs there.",
            ],
        ),
        (
            &["notes.txt"],
            &[
                "certs: no file in this folder holds a certificate or a key; choose the folder or the file that does",
            ],
        ),
    ];
    for (names, wanted) in cases {
        let directory = tempfile::tempdir().expect("a directory");
        let folder = directory.path().join("certs");
        written(&folder, names);
        let sorted = read_all(&[Offer::File(folder)], None, &Setup::default());
        let found: Vec<String> = sorted.iter().flat_map(lines).collect();
        assert_eq!(found, *wanted, "{names:?}");
    }
}
