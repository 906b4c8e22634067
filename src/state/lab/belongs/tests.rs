//! Whose a certificate or a key is, by each thing that may tell.

use std::sync::Arc;

use super::*;
use crate::pki::{Minted, Recipe, mint};
use crate::state::lab::slot::{Slot, Source};

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true), (name: "other", subject: "Other", is_ca: true),
        (name: "issuer", subject: "Issuer", issuer: "root", is_ca: true),
        (name: "client", subject: "c", issuer: "issuer", purposes: ["clientAuth"]),
        (name: "server", subject: "s", issuer: "issuer", purposes: ["serverAuth"]),
        (name: "both", subject: "b", issuer: "issuer", purposes: ["clientAuth", "serverAuth"]),
        (name: "named", subject: "n", issuer: "issuer", sans: ["DNS:other.example", "DNS:payments.example"]),
        (name: "client named", subject: "m", issuer: "issuer", purposes: ["clientAuth"], sans: ["DNS:payments.example"]),
        (name: "none", subject: "x", issuer: "issuer")]"#,
    )
    .expect("recipes");
    mint(&recipes, 1_800_000_000).expect("it mints")
}

/// A set-up that asks for this name, with these keys.
fn setup(pki: &Minted, server_name: &str, keys: [Option<&str>; 2]) -> Setup {
    let mut setup = Setup {
        server_name: server_name.to_owned(),
        ..Setup::default()
    };
    for (side, name) in Side::BOTH.into_iter().zip(keys) {
        let key = name.map(|name| Arc::new(pki.find(name).expect("minted").key.clone()));
        setup.slot_mut(side, SetupSlot::Key).key = key;
    }
    setup
}

#[test]
fn a_leaf_belongs_where_its_purpose_its_name_or_its_key_does() {
    use Side::{Client, Server};
    let pki = pki();
    let asks = "payments.example";
    for (leaf, name, keys, wanted) in [
        ("client", asks, [None, None], Some(Client)),
        ("server", asks, [None, None], Some(Server)),
        // One purpose outweighs the name and the key.
        ("client named", asks, [None, Some("client named")], Some(Client)),
        ("client", asks, [None, Some("client")], Some(Client)),
        ("both", asks, [None, None], None),
        ("named", asks, [None, None], Some(Server)),
        // The name outweighs the key.
        ("named", asks, [Some("named"), None], Some(Server)),
        ("named", "elsewhere.example", [None, None], None),
        ("named", "elsewhere.example", [Some("named"), None], Some(Client)),
        ("both", asks, [Some("none"), Some("both")], Some(Server)),
        ("none", asks, [Some("none"), Some("none")], Some(Client)),
        ("none", asks, [Some("client"), Some("server")], None),
    ] {
        let facts =
            CertificateFacts::from_der(&pki.find(leaf).expect("minted").certificate.der).expect("facts");
        assert_eq!(
            side_of_leaf(&facts, &setup(&pki, name, keys)),
            wanted,
            "{leaf}, {name}, {keys:?}"
        );
    }
}

#[test]
fn a_key_belongs_to_the_first_certificate_that_it_fits() {
    use Side::{Client, Server};
    let pki = pki();
    let find = |name: &str| pki.find(name).expect("minted");
    for (client, server, key, wanted) in [
        (vec!["client", "issuer"], vec!["server"], "client", Some(Client)),
        (vec!["client", "issuer"], vec!["server"], "server", Some(Server)),
        // Only the first of a chain is signed for.
        (vec!["client", "issuer"], vec!["server"], "issuer", None),
        (vec!["none"], vec!["none"], "none", Some(Client)),
        (vec![], vec!["none"], "none", Some(Server)),
        (vec![], vec![], "none", None),
    ] {
        let mut setup = Setup::default();
        for (side, names) in [(Client, &client), (Server, &server)] {
            let certificates = names.iter().map(|name| find(name).certificate.clone()).collect();
            *setup.slot_mut(side, SetupSlot::Certificate) =
                Slot::of_certificates(SetupSlot::Certificate, Source::Pasted, certificates);
        }
        assert_eq!(
            side_of_key(&find(key).key, &setup),
            wanted,
            "{client:?}, {server:?}, {key}"
        );
    }
}

#[test]
fn roots_are_needed_by_whoever_judges_a_chain_that_leads_to_them() {
    let pki = pki();
    let certificates = |names: &[&str]| -> Vec<LoadedCertificate> {
        names
            .iter()
            .map(|name| pki.find(name).expect("minted").certificate.clone())
            .collect()
    };
    for (chain, roots, judge, wanted) in [
        (&["client", "issuer"][..], &["root"][..], Side::Server, true),
        (&["client", "issuer"], &["other", "root"], Side::Server, true),
        (&["client", "issuer"], &["other"], Side::Server, false),
        (&["client"], &["root"], Side::Server, false),
        (&["client"], &["issuer"], Side::Server, true),
        // For the other purpose it leads nowhere.
        (&["client", "issuer"], &["root"], Side::Client, false),
        (&["server", "issuer"], &["root"], Side::Client, true),
        (&["client", "issuer"], &[], Side::Server, false),
        (&[], &["root"], Side::Server, false),
    ] {
        assert_eq!(
            leads_to(&certificates(chain), &certificates(roots), judge),
            wanted,
            "{chain:?}, {roots:?}, {judge:?}"
        );
    }
}
