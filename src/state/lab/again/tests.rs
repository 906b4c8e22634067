//! Read again: what was picked of a file stays picked, what is gone is said, and each list keeps its place.

use super::*;
use crate::capture::RevocationFile;
use crate::pki::{LoadedCertificate, LoadedKey, Minted, Recipe, mint, mint_list};

const NOW: i64 = 1_800_000_000;

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "a", subject: "a", issuer: "root"), (name: "b", subject: "b", issuer: "root")]"#,
    )
    .expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
}

/// `a.pem` and `a.key` are those of the recipe, `root.crl` a list of its CA's; each in one text, in order.
fn text(pki: &Minted, parts: &[&str]) -> String {
    let part = |name: &&str| {
        let (stem, ending) = name.split_once('.').expect("an ending");
        match ending {
            "pem" => pem("CERTIFICATE", &pki.find(stem).expect("minted").certificate.der),
            "key" => pem(
                "PRIVATE KEY",
                pki.find(stem).expect("minted").key.key.der.secret_der(),
            ),
            _ => {
                let recipe = ron::from_str(&format!(r#"(issuer: "{stem}")"#)).expect("a recipe");
                pem("X509 CRL", &mint_list(&recipe, pki, NOW).expect("it mints").der)
            }
        }
    };
    parts.iter().map(part).collect()
}

fn sentences(refused: &[Refused]) -> Vec<(SetupSlot, &str)> {
    refused
        .iter()
        .map(|one| (one.slot, one.sentence.rsplit('/').next().unwrap_or_default()))
        .collect()
}

#[test]
fn a_picked_key_is_found_where_it_was_and_nowhere_else() {
    let pki = pki();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("keys.pem");
    let write = |parts: &[&str]| std::fs::write(&path, text(&pki, parts)).expect("written");
    let read = || pki::read_file(&path).expect("it reads");
    write(&["a.key", "b.key"]);
    let keys: Vec<LoadedKey> = read().keys;
    for (number, key) in keys.iter().enumerate() {
        write(&["a.key", "b.key"]);
        let mut setup = Setup::default();
        let mut slot = Slot::of_key(Source::File(path.clone()), key.clone());
        slot.is_picked = true;
        *setup.slot_mut(Side::Client, SetupSlot::Key) = slot;
        let again = read_again(&mut setup).expect("it is there");
        let [(Side::Client, SetupSlot::Key, now)] = &again[..] else {
            panic!("{again:?}");
        };
        let found = &now.key.as_ref().expect("a key").key.public_key;
        assert_eq!(*found, key.key.public_key, "{number}");
        assert!(now.is_picked && setup.sides.client.key.is_picked);
        // The first is still there once the second is gone.
        write(&["a.key"]);
        let result = read_again(&mut setup);
        assert_eq!(result.is_ok(), number == 0);
        if let Err(refused) = result {
            let gone = "keys.pem: the private key is no longer where it was; load the file again";
            assert_eq!(sentences(&refused), [(SetupSlot::Key, gone)]);
        }
    }
    // Not picked, it is the first of the file, whichever that is; pasted, it is not read again.
    write(&["b.key"]);
    let mut setup = Setup::default();
    *setup.slot_mut(Side::Client, SetupSlot::Key) = Slot::of_key(Source::File(path.clone()), keys[0].clone());
    *setup.slot_mut(Side::Server, SetupSlot::Key) = Slot::of_key(Source::Pasted, keys[0].clone());
    let again = read_again(&mut setup).expect("it is there");
    assert_eq!(again.len(), 1);
    let of = |side: Side| {
        setup
            .slot(side, SetupSlot::Key)
            .key
            .as_ref()
            .expect("a key")
            .key
            .public_key
            .clone()
    };
    assert_eq!(of(Side::Client), keys[1].key.public_key);
    assert_eq!(of(Side::Server), keys[0].key.public_key);
}

#[test]
fn picked_certificates_are_found_by_their_place_and_those_of_no_file_stay() {
    let pki = pki();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("chain.pem");
    let write = |parts: &[&str]| std::fs::write(&path, text(&pki, parts)).expect("written");
    write(&["a.pem", "b.pem"]);
    let second = pki::read_file(&path).expect("it reads").certificates.remove(1);
    let minted: LoadedCertificate = pki.find("root").expect("minted").certificate.clone();
    assert_eq!(minted.file, None);
    let mut setup = Setup::default();
    let all = vec![second.clone(), minted.clone()];
    let mut slot = Slot::of_certificates(SetupSlot::Certificate, Source::File(path.clone()), all);
    slot.is_picked = true;
    *setup.slot_mut(Side::Server, SetupSlot::Certificate) = slot;
    // Another lies in its place by now: that is what is sent.
    write(&["b.pem", "a.pem"]);
    read_again(&mut setup).expect("it is there");
    let now = &setup.sides.server.certificate;
    let a = &pki.find("a").expect("minted").certificate;
    assert_eq!(now.certificates[0].der, a.der);
    assert_eq!(now.certificates[1], minted);
    assert_eq!((now.certificates.len(), now.is_picked), (2, true));
    write(&["a.pem"]);
    let refused = read_again(&mut setup).expect_err("it is gone");
    let gone = "chain.pem: it no longer holds a certificate 2; load the file again";
    assert_eq!(sentences(&refused), [(SetupSlot::Certificate, gone)]);
    assert_eq!(
        setup.sides.server.certificate.certificates.len(),
        2,
        "what was there is still there"
    );
}

/// All files that a slot's certificates came from are read, each once.
#[test]
fn a_slot_of_several_files_is_read_from_all_of_them() {
    let pki = pki();
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, parts: &[&str]| {
        let path = directory.path().join(name);
        std::fs::write(&path, text(&pki, parts)).expect("written");
        path
    };
    let paths = [
        write("one.pem", &["root.pem", "a.pem"]),
        write("two.pem", &["b.pem"]),
    ];
    let read = paths
        .iter()
        .flat_map(|path| pki::read_file(path).expect("it reads").certificates);
    let mut setup = Setup::default();
    *setup.slot_mut(Side::Client, SetupSlot::Trust) =
        Slot::of_certificates(SetupSlot::Trust, Source::File(paths[0].clone()), read.collect());
    write("two.pem", &["b.pem", "a.pem"]);
    read_again(&mut setup).expect("they are there");
    let now: Vec<_> = setup
        .sides
        .client
        .trust
        .certificates
        .iter()
        .map(|one| one.der.clone())
        .collect();
    let wanted = ["root", "a", "b", "a"].map(|name| pki.find(name).expect("minted").certificate.der.clone());
    assert_eq!(now, wanted);
}

#[test]
fn lists_are_read_again_in_their_places() {
    let pki = pki();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ca.crl");
    let write = |parts: &[&str]| std::fs::write(&path, text(&pki, parts)).expect("written");
    let named = |file: &str, byte: u8| RevocationFile {
        file: Some(file.to_owned()),
        line: None,
        der: crate::capture::Der::from(vec![0x30, byte]),
        wrapping: None,
    };
    write(&["root.crl"]);
    let from_file = || named(&path.display().to_string(), 1);
    let mut setup = Setup::default();
    let address = "http://ca.example/ca.crl";
    // Two of one file, with one of the network's between them.
    setup.sides.client.policy.revocation.lists =
        vec![named(address, 7), from_file(), named(address, 8), from_file()];
    read_again(&mut setup).expect("it is there");
    let lists = &setup.sides.client.policy.revocation.lists;
    let last: Vec<bool> = lists
        .iter()
        .map(|one| one.file.as_deref() == Some(address))
        .collect();
    assert_eq!(
        last,
        [true, false, true],
        "one list of the file, where the first of it stood"
    );
    assert!(lists[1].der.as_bytes().len() > 100);
    write(&["root.pem"]);
    let refused = read_again(&mut setup).expect_err("it is no list");
    let gone = "ca.crl: it held a revocation list and holds none now; load the list again";
    assert_eq!(sentences(&refused), [(SetupSlot::Trust, gone)]);
    assert_eq!(refused[0].side, Side::Client);
}
