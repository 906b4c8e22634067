//! What of a file goes where.

use super::*;
use crate::pki::{Minted, Recipe, mint};

const NOW: i64 = 1_800_000_000;

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "issuer", subject: "Issuer", issuer: "root", is_ca: true),
        (name: "client", subject: "orders", issuer: "issuer", purposes: ["clientAuth"]),
        (name: "server", subject: "payments", issuer: "issuer", purposes: ["serverAuth"], sans: ["DNS:payments.example"]),
        (name: "stranger", subject: "stranger")]"#,
    )
    .expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

/// A file of these certificates and these keys, by their recipes' names.
fn bundle(pki: &Minted, certificates: &[&str], keys: &[&str]) -> Bundle {
    let found = |name: &&str| pki.find(name).expect("minted");
    Bundle {
        certificates: certificates
            .iter()
            .map(|name| found(name).certificate.clone())
            .collect(),
        keys: keys.iter().map(|name| found(name).key.clone()).collect(),
        ..Bundle::default()
    }
}

/// Where the parts go: whose, which slot, and what is in it by the recipes' names.
fn put(pki: &Minted, sorted: Sorted) -> Vec<(Side, SetupSlot, Vec<&'static str>)> {
    let Sorted::Put(placements) = sorted else {
        panic!("{sorted:?}");
    };
    let names = ["root", "issuer", "client", "server", "stranger"];
    let content = |content: &Slot| -> Vec<&'static str> {
        let of_key = content.key.iter().flat_map(|key| {
            let is_it =
                move |name: &&str| pki.find(name).expect("minted").key.key.public_key == key.key.public_key;
            names.into_iter().filter(is_it)
        });
        let of_certificate = content.certificates.iter().flat_map(|one| {
            let is_it = move |name: &&str| pki.find(name).expect("minted").certificate.der == one.der;
            names.into_iter().filter(is_it)
        });
        of_certificate.chain(of_key).collect()
    };
    placements
        .iter()
        .map(|one| (one.side, one.slot, content(&one.content)))
        .collect()
}

/// Of several keys the leaf's own is taken, wherever it lies; where none is, the first.
#[test]
fn the_key_of_the_leaf_is_taken_and_not_the_first() {
    use SetupSlot::{Certificate, Key};
    let pki = pki();
    let setup = Setup::default();
    let chain = ["client", "issuer"];
    let in_any_order = ["root", "issuer", "client"];
    for (certificates, keys, key) in [
        (&chain[..], &["client"][..], Some("client")),
        (&chain, &["client", "server"], Some("client")),
        (&chain, &["server", "client"], Some("client")),
        (&chain, &["server", "stranger", "client"], Some("client")),
        (&in_any_order, &["client"], Some("client")),
        (&in_any_order, &["stranger", "client"], Some("client")),
        (&chain, &["server", "stranger"], Some("server")),
        (&chain, &[], None),
        (&[], &["stranger", "server"], Some("stranger")),
    ] {
        for side in Side::BOTH {
            let bundle = bundle(&pki, certificates, keys);
            let sorted = sort(&bundle, &Source::Pasted, Some((side, Certificate)), &setup);
            let mut wanted = Vec::new();
            wanted.extend((!certificates.is_empty()).then(|| (side, Certificate, certificates.to_vec())));
            wanted.extend(key.map(|key| (side, Key, vec![key])));
            assert_eq!(put(&pki, sorted), wanted, "{certificates:?}, {keys:?}");
        }
    }
}

/// Without a slot under the pointer, a leaf goes to the side that its purpose speaks for, with its key.
#[test]
fn a_leaf_goes_where_its_purpose_is() {
    use SetupSlot::{Certificate, Key};
    let pki = pki();
    for (leaf, side) in [("client", Side::Client), ("server", Side::Server)] {
        for keys in [
            &["client", "server"][..],
            &["server", "client"],
            &["stranger", "client", "server"],
        ] {
            let bundle = bundle(&pki, &[leaf, "issuer"], keys);
            let sorted = sort(&bundle, &Source::Pasted, None, &Setup::default());
            let wanted = [(side, Certificate, vec![leaf, "issuer"]), (side, Key, vec![leaf])];
            assert_eq!(put(&pki, sorted), wanted, "{keys:?}");
        }
    }
    // A key alone goes to the certificate that it belongs to, and one that belongs to none is asked about.
    let mut setup = Setup::default();
    let content = |name| {
        let certificates = bundle(&pki, &[name], &[]).certificates;
        Slot::of_certificates(Certificate, Source::Pasted, certificates)
    };
    setup.sides.of_mut(Side::Client).certificate = content("client");
    setup.sides.of_mut(Side::Server).certificate = content("server");
    for (key, side) in [("client", Side::Client), ("server", Side::Server)] {
        let sorted = sort(&bundle(&pki, &[], &[key]), &Source::Pasted, None, &setup);
        assert_eq!(put(&pki, sorted), [(side, Key, vec![key])]);
    }
    let sorted = sort(&bundle(&pki, &[], &["stranger"]), &Source::Pasted, None, &setup);
    assert!(
        matches!(&sorted, Sorted::Ask(question) if question.answers.len() == 2),
        "{sorted:?}"
    );
}

/// Where parts go, as [`put`] says it.
type Put = Vec<(Side, SetupSlot, Vec<&'static str>)>;
/// Certificates and keys beside the list, the side under the pointer, the set-up; whose the list becomes, and what of the rest.
type Case<'a> = (
    &'a [&'a str],
    &'a [&'a str],
    Option<Side>,
    &'a Setup,
    Vec<Side>,
    Option<Put>,
);

/// Beside a list, certificates and keys go where they would go without it; a list alone has nothing beside it. It is for the
/// side under the pointer, else for whoever judges a chain of its issuer's, else for both.
#[test]
fn a_list_goes_to_its_judge_and_what_lies_beside_it_to_its_slot() {
    use SetupSlot::{Certificate, Key};
    let pki = pki();
    let recipe = ron::from_str(r#"(issuer: "issuer")"#).expect("a recipe");
    let list = pki::mint_list(&recipe, &pki, NOW).expect("it mints");
    let mut with_client = Setup::default();
    with_client.sides.of_mut(Side::Client).certificate = Slot::of_certificates(
        Certificate,
        Source::Pasted,
        bundle(&pki, &["client", "issuer"], &[]).certificates,
    );
    let chain = |side| (side, Certificate, vec!["client", "issuer"]);
    let key = |side| (side, Key, vec!["client"]);
    let both = Side::BOTH.to_vec();
    let cases: [Case<'_>; 8] = [
        (&[], &[], None, &Setup::default(), both.clone(), None),
        (&[], &[], None, &with_client, vec![Side::Server], None),
        (
            &[],
            &[],
            Some(Side::Client),
            &with_client,
            vec![Side::Client],
            None,
        ),
        (
            &["client", "issuer"],
            &[],
            None,
            &Setup::default(),
            both.clone(),
            Some(vec![chain(Side::Client)]),
        ),
        (
            &["client", "issuer"],
            &["client"],
            None,
            &Setup::default(),
            both.clone(),
            Some(vec![chain(Side::Client), key(Side::Client)]),
        ),
        (
            &[],
            &["client"],
            None,
            &with_client,
            vec![Side::Server],
            Some(vec![key(Side::Client)]),
        ),
        (
            &["client", "issuer"],
            &[],
            Some(Side::Server),
            &Setup::default(),
            vec![Side::Server],
            Some(vec![chain(Side::Server)]),
        ),
        (
            &[],
            &["client"],
            Some(Side::Server),
            &Setup::default(),
            vec![Side::Server],
            Some(vec![key(Side::Server)]),
        ),
    ];
    for (certificates, keys, target, setup, sides, put_beside) in cases {
        let mut bundle = bundle(&pki, certificates, keys);
        bundle.revocation_lists.push(list.clone());
        let place = format!("{certificates:?}, {keys:?}, {target:?}");
        let sorted = sort(
            &bundle,
            &Source::Pasted,
            target.map(|side| (side, Certificate)),
            setup,
        );
        let Sorted::Lists(found, beside) = sorted else {
            panic!("{place}: {sorted:?}");
        };
        assert_eq!(found.sides, sides, "{place}");
        assert_eq!((found.lists.len(), found.responses.len()), (1, 0), "{place}");
        assert_eq!(found.name, "The pasted text", "{place}");
        assert_eq!(beside.map(|beside| put(&pki, *beside)), put_beside, "{place}");
    }
}
