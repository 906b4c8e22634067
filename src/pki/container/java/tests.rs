//! Java's key stores, made byte by byte: their versions, their digest, and what is no store.

use super::*;
use crate::pki::Passphrase;

const PASSPHRASE: &str = "changeit";

fn given(text: &str) -> Passphrases {
    Passphrases::one(Passphrase::new(text.to_owned()))
}

fn text(words: &str) -> Vec<u8> {
    let length = u16::try_from(words.len()).expect("short");
    [&length.to_be_bytes()[..], words.as_bytes()].concat()
}

fn block(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("short");
    [&length.to_be_bytes()[..], bytes].concat()
}

/// An entry of a trusted certificate, as this version writes it.
fn trusted(version: u32, alias: &str, kind: &str, der: &[u8]) -> Vec<u8> {
    let mut entry = 2u32.to_be_bytes().to_vec();
    entry.extend(text(alias));
    entry.extend([0; 8]);
    if version == 2 {
        entry.extend(text(kind));
    }
    entry.extend(block(der));
    entry
}

/// A store of these entries that says that it has so many, with its digest.
fn store(magic: &[u8], version: u32, count: u32, entries: &[Vec<u8>]) -> Vec<u8> {
    let mut body = magic.to_vec();
    body.extend(version.to_be_bytes());
    body.extend(count.to_be_bytes());
    body.extend(entries.concat());
    let digest = store_digest(PASSPHRASE, &body);
    [body, digest].concat()
}

fn is_damaged(opened: &Result<Opened, Fault>) -> bool {
    matches!(opened, Err(Fault::Other { what, .. }) if what.contains("truncated or damaged"))
}

#[test]
fn a_count_without_entries_is_damage_and_costs_nothing() {
    let mut store = JKS.to_vec();
    store.extend([0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff]);
    store.extend([0; DIGEST]);
    assert!(matches!(
        open_java_store(&store, &Passphrases::NONE),
        Err(Fault::Other { .. })
    ));
}

/// Version 1 names no kind of certificate, version 2 does; there are no others.
#[test]
fn both_versions_of_both_stores_are_read_and_no_others() {
    let certificate = [0x30, 2, 5, 0];
    for magic in [JKS, JCEKS] {
        for version in 0..=4u32 {
            for written_as in [1, 2] {
                let entry = trusted(written_as, "root", "X.509", &certificate);
                let bytes = store(magic, version, 1, &[entry]);
                assert!(is_java_store(&bytes));
                let opened = open_java_store(&bytes, &given(PASSPHRASE));
                if version == written_as {
                    let opened = opened.expect("a store");
                    let place = Some("entry “root”".to_owned());
                    assert_eq!(opened.certificates, [(certificate.to_vec(), place)]);
                    assert!(opened.notes.is_empty(), "{:?}", opened.notes);
                } else {
                    assert!(is_damaged(&opened), "{version}, written as {written_as}");
                }
            }
        }
    }
}

/// A store holds what it says that it holds: no more behind it, no less, and nothing of another kind.
#[test]
fn what_does_not_end_where_it_says_is_damaged() {
    let certificate = [0x30, 2, 5, 0];
    let entry = || trusted(2, "root", "X.509", &certificate);
    let open =
        |count, entries: &[Vec<u8>]| open_java_store(&store(JKS, 2, count, entries), &given(PASSPHRASE));
    assert_eq!(open(2, &[entry(), entry()]).expect("whole").certificates.len(), 2);
    for (words, count, entries) in [
        ("a byte behind it", 1, vec![entry(), vec![0]]),
        ("an entry behind it", 1, vec![entry(), entry()]),
        ("an entry less", 3, vec![entry(), entry()]),
        ("half an entry", 2, vec![entry(), entry()[..7].to_vec()]),
        ("another kind", 1, vec![trusted(2, "root", "X.510", &certificate)]),
        (
            "another tag",
            1,
            vec![[4u32.to_be_bytes().to_vec(), text("a")].concat()],
        ),
    ] {
        assert!(is_damaged(&open(count, &entries)), "{words}");
    }
    // Cut anywhere, it is damaged, or its digest is not the passphrase's.
    let whole = store(JKS, 2, 1, &[entry()]);
    for length in 4..whole.len() {
        let opened = open_java_store(&whole[..length], &Passphrases::NONE);
        assert!(is_damaged(&opened), "{length} of {}", whole.len());
    }
}

/// The digest is checked where a passphrase was given; without one a store of certificates opens, and it is said.
#[test]
fn the_digest_is_of_the_passphrase() {
    let bytes = store(JKS, 2, 1, &[trusted(2, "root", "X.509", &[0x30, 2, 5, 0])]);
    let notes = open_java_store(&bytes, &Passphrases::NONE)
        .expect("certificates only")
        .notes;
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0].0.contains("the store's digest was not checked"),
        "{notes:?}"
    );
    for wrong in ["Changeit", "changeit ", ""] {
        let opened = open_java_store(&bytes, &given(wrong));
        assert!(matches!(opened, Err(Fault::Wrong { .. })), "{wrong:?}");
    }
    let mut both = given(PASSPHRASE);
    both.add(Passphrase::new("wrong".to_owned()));
    assert!(open_java_store(&bytes, &both).is_ok(), "each is tried");
}

/// A secret key has no end that can be told: what came before it is used, and that something was left is said.
#[test]
fn a_secret_key_ends_what_is_read() {
    let secret = [
        3u32.to_be_bytes().to_vec(),
        text("token"),
        vec![0; 8],
        vec![1, 2, 3],
    ]
    .concat();
    let entry = trusted(2, "root", "X.509", &[0x30, 2, 5, 0]);
    let opened = open_java_store(&store(JCEKS, 2, 3, &[entry, secret.clone()]), &given(PASSPHRASE));
    let opened = opened.expect("what came before");
    assert_eq!((opened.certificates.len(), opened.notes.len()), (1, 1));
    let alone = open_java_store(&store(JCEKS, 2, 1, &[secret]), &given(PASSPHRASE));
    assert!(
        matches!(alone, Err(Fault::Other { what, .. }) if what.contains("no certificate and no private key"))
    );
}
