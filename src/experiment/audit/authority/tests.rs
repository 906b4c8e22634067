//! Which CA is meant, what vouches for it, and what is minted below it.

use super::*;
use crate::pki::{Minted, mint};

const NOW: i64 = 1_800_000_000;

fn minted(recipes: &str) -> Minted {
    let recipes: Vec<Recipe> =
        ron::from_str(&format!("#![enable(implicit_some)]\n[{recipes}]")).expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

fn usual() -> Minted {
    minted(
        r#"(name: "root", subject: "Root", is_ca: true), (name: "twin", subject: "Issuer", is_ca: true),
        (name: "issuer", subject: "Issuer", issuer: "root", is_ca: true),
        (name: "below", subject: "Below", issuer: "issuer", is_ca: true),
        (name: "leaf", subject: "orders", issuer: "issuer", sans: ["DNS:a.example", "IP:192.0.2.7", "URI:spiffe://a/b", "email:a@b"]),
        (name: "stranger", subject: "stranger")"#,
    )
}

fn certificates(pki: &Minted, names: &[&str]) -> Vec<LoadedCertificate> {
    names
        .iter()
        .map(|name| pki.find(name).expect("minted").certificate.clone())
        .collect()
}

fn names(list: &[LoadedCertificate]) -> Vec<String> {
    let name = |one: &LoadedCertificate| CertificateFacts::from_der(&one.der).expect("facts").display_name;
    list.iter().map(name).collect()
}

/// By its key; without one, by the good peer's certificate, by name and identifier; else the first.
#[test]
fn the_ca_is_the_one_of_the_key_or_of_the_good_peer() {
    let pki = usual();
    for (among, key, good, wanted) in [
        (
            &["root", "issuer"][..],
            Some("issuer"),
            &["leaf"][..],
            Some("issuer"),
        ),
        (&["root", "issuer"], Some("root"), &["leaf"], Some("root")),
        (&["root", "issuer"], Some("stranger"), &["leaf"], None),
        (&["root", "issuer"], None, &["leaf"], Some("issuer")),
        // A twin has the name and another identifier.
        (&["twin", "issuer"], None, &["leaf"], Some("issuer")),
        (&["twin", "root"], None, &["leaf", "issuer"], Some("root")),
        (&["root", "issuer"], None, &["stranger"], Some("root")),
        (&["below", "issuer"], None, &[], Some("below")),
        (&[], None, &["leaf"], None),
    ] {
        let key = key.map(|name| pki.find(name).expect("minted").key.key.clone());
        let found = Authority::among(&certificates(&pki, among), key.clone(), &certificates(&pki, good));
        let place = format!("{among:?}, {good:?}");
        let certificate = found.as_ref().map(|one| one.certificate.der.clone());
        assert_eq!(
            certificate,
            wanted.map(|name| pki.find(name).expect("minted").certificate.der.clone()),
            "{place}"
        );
        if let Some(found) = found {
            assert_eq!(
                found.key.map(|key| key.public_key.clone()),
                key.map(|key| key.public_key.clone()),
                "{place}"
            );
            assert_eq!(
                names(&found.others),
                names(&certificates(&pki, &[among, good].concat())),
                "{place}"
            );
        }
    }
}

fn authority(pki: &Minted, name: &str, others: &[&str]) -> Authority {
    Authority {
        certificate: pki.find(name).expect("minted").certificate.clone(),
        key: Some(pki.find(name).expect("minted").key.key.clone()),
        others: certificates(pki, others),
    }
}

#[test]
fn what_vouches_for_a_ca_is_sent_up_to_its_root_and_without_it() {
    let pki = usual();
    for (own, others, wanted) in [
        ("root", &["issuer"][..], &[][..]),
        ("issuer", &["root"], &["Issuer"]),
        ("below", &["root", "issuer"], &["Below", "Issuer"]),
        ("below", &["issuer", "root"], &["Below", "Issuer"]),
        ("below", &["root"], &["Below"]),
        ("below", &["twin"], &["Below"]),
        ("below", &[], &["Below"]),
    ] {
        assert_eq!(
            names(&authority(&pki, own, others).issuers()),
            wanted,
            "{own}, {others:?}"
        );
    }
    for (own, chain, wanted) in [
        ("issuer", &["leaf"][..], true),
        ("issuer", &["stranger", "leaf"], true),
        ("twin", &["leaf"], false),
        ("root", &["leaf"], false),
        ("root", &["leaf", "issuer"], true),
        ("root", &["root"], false),
        ("root", &[], false),
    ] {
        assert_eq!(
            authority(&pki, own, &[]).is_above(&certificates(&pki, chain)),
            wanted,
            "{own}, {chain:?}"
        );
    }
    // A way without end is followed to its tenth.
    let long: Vec<String> = (0..12)
        .rev()
        .map(|place| {
            let issuer = if place == 11 {
                String::new()
            } else {
                format!(r#", issuer: "{}""#, place + 1)
            };
            format!(r#"(name: "{place}", subject: "CA {place}", is_ca: true{issuer}),"#)
        })
        .collect();
    let pki = minted(&long.concat());
    let all: Vec<String> = (0..12).map(|place| place.to_string()).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for (from, count) in [("0", 10), ("1", 10), ("2", 9), ("10", 1), ("11", 0)] {
        assert_eq!(authority(&pki, from, &all).issuers().len(), count, "{from}");
    }
}

#[test]
fn what_is_minted_bears_the_names_and_the_chain() {
    let pki = usual();
    let good = &pki.find("leaf").expect("minted").certificate;
    let recipe: Recipe =
        ron::from_str(r#"(name: "bad", subject: "bad", sans: ["DNS:else.example"])"#).expect("a recipe");
    let named = named_like(recipe.clone(), good);
    assert_eq!(
        named.sans,
        ["DNS:a.example", "IP:192.0.2.7", "URI:spiffe://a/b", "email:a@b"]
    );
    let facts = CertificateFacts::from_der(&good.der).expect("facts");
    assert_eq!(named.subject_der.as_ref(), Some(&facts.subject_der));
    // Where the good one has no names, the recipe keeps its own.
    let nameless = named_like(recipe.clone(), &pki.find("stranger").expect("minted").certificate);
    assert_eq!(nameless.sans, ["DNS:else.example"]);
    let below = authority(&pki, "below", &["issuer", "root"]);
    for minted in [below.issue(&named, NOW), below.pretend(&named, NOW)] {
        let minted = minted.expect("it mints");
        assert_eq!(names(&minted.chain), ["orders", "Below", "Issuer"]);
        let leaf = CertificateFacts::from_der(&minted.chain[0].der).expect("facts");
        assert_eq!(
            (leaf.subject_der, leaf.subject_alt_names),
            (facts.subject_der.clone(), facts.subject_alt_names.clone())
        );
        assert!(minted.key.is_some_and(|key| key.key.public_key == leaf.spki));
    }
    let keyless = Authority { key: None, ..below };
    assert_eq!(
        keyless.issue(&recipe, NOW).expect_err("no key"),
        "it needs the CA's private key to sign with: give a test CA's as --ca-key"
    );
    assert!(keyless.pretend(&recipe, NOW).is_ok());
}

/// Two CAs that certify each other are sent once each, and what cannot be read ends the way.
#[test]
fn a_circle_of_issuers_ends() {
    let pki = minted(
        r#"(name: "a-root", subject: "A", is_ca: true), (name: "b-root", subject: "B", is_ca: true),
        (name: "a", subject: "A", issuer: "b-root", is_ca: true, key_of: "a-root"),
        (name: "b", subject: "B", issuer: "a-root", is_ca: true, key_of: "b-root"),
        (name: "leaf", subject: "orders", issuer: "a-root")"#,
    );
    let authority = |names: &[&str]| Authority {
        certificate: pki.find("a").expect("minted").certificate.clone(),
        key: None,
        others: certificates(&pki, names),
    };
    assert_eq!(names(&authority(&["b", "a"]).issuers()), ["A", "B"]);
    assert_eq!(names(&authority(&["b"]).issuers()), ["A", "B"]);
    assert_eq!(names(&authority(&["b-root", "b"]).issuers()), ["A"]);
    assert_eq!(names(&authority(&[]).issuers()), ["A"]);
    let mut damaged = authority(&["b"]);
    damaged.certificate.der = vec![0x30, 0].into();
    assert_eq!(names(&damaged.issuers()), [""; 0]);
    assert!(!damaged.is_above(&certificates(&pki, &["leaf"])));
    assert!(authority(&[]).is_above(&certificates(&pki, &["leaf"])));
    assert!(!authority(&[]).is_above(&certificates(&pki, &["b-root"])));
}
