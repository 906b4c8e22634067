//! Near misses as whole lists: what is told of a PKI, and nothing else; and each limit from both sides.

use crate::support;
use mtlscope::capture::{AtHand, Der, Side, Slot, Trust};
use mtlscope::diagnose::{NearMissKind as Kind, PathOutcome, PathReport, PathsInput, StepFrom, paths};
use support::forge::{Forge, Key, name, subject_key_id};
use support::grids::{NOW, Trio};
use support::paths::*;
use support::pki::minted;

/// Kind, the one whose issuer is looked for, and what is nearly it.
fn list(report: &PathReport) -> Vec<(Kind, &str, &str)> {
    let misses = report.near_misses.iter();
    misses
        .map(|miss| (miss.kind, miss.child_name.as_str(), miss.candidate_name.as_str()))
        .collect()
}

const AUTHORITIES: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true), (name: "twin", subject: "Mesh Root", is_ca: true),
    (name: "issuer", subject: "Shop Signer", issuer: "root", is_ca: true),
    (name: "impostor", subject: "Shop Signer", issuer: "root", is_ca: true),
    (name: "strange", subject: "Elsewhere", is_ca: true),
    (name: "no-ca", subject: "Shop Signers", issuer: "strange"),
    (name: "leaf", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"]),
]"#;

/// Sent, trusted, at hand; what is told.
type Layout<'a> = (
    &'a [&'a str],
    Option<&'a [&'a str]>,
    &'a [&'a str],
    &'a [(Kind, &'a str, &'a str)],
);

#[test]
fn of_every_place_in_which_an_issuer_and_its_like_can_lie() {
    let pki = minted(AUTHORITIES);
    let other_key = |child, name| (Kind::SameNameOtherKey, child, name);
    let other_slot = |child, name| (Kind::IssuerInOtherSlot, child, name);
    let (leaf, issuer, root) = ("payments", "Shop Signer", "Mesh Root");
    let layouts: &[Layout<'_>] = &[
        (&["leaf", "issuer"], Some(&["root"]), &[], &[]),
        (
            &["leaf", "issuer"],
            Some(&["root"]),
            &["twin", "impostor", "strange"],
            &[],
        ),
        (
            &["leaf"],
            Some(&["root"]),
            &["issuer"],
            &[other_slot(leaf, issuer)],
        ),
        (
            &["leaf"],
            Some(&["root"]),
            &["impostor", "issuer"],
            &[other_key(leaf, issuer), other_slot(leaf, issuer)],
        ),
        (
            &["leaf"],
            Some(&["root"]),
            &["impostor"],
            &[other_key(leaf, issuer)],
        ),
        (
            &["leaf", "impostor"],
            Some(&["root"]),
            &[],
            &[other_key(leaf, issuer)],
        ),
        // An impostor that was sent is told even where the true one was sent as well.
        (
            &["leaf", "impostor", "issuer"],
            Some(&["root"]),
            &[],
            &[other_key(leaf, issuer)],
        ),
        (
            &["leaf", "issuer"],
            Some(&["twin"]),
            &["root"],
            &[other_key(issuer, root), other_slot(issuer, root)],
        ),
        (
            &["leaf", "issuer"],
            Some(&["strange"]),
            &["root"],
            &[other_slot(issuer, root)],
        ),
        // A root that was sent wants no issuer.
        (&["leaf", "issuer", "root"], Some(&["strange"]), &["root"], &[]),
        // What is trusted itself wants none either.
        (&["leaf", "issuer"], Some(&["issuer"]), &["root"], &[]),
        (&["leaf"], Some(&["issuer"]), &["root"], &[]),
        // An end entity issues nothing, however it is called.
        (&["leaf"], Some(&["strange"]), &["no-ca"], &[]),
        (&["leaf", "no-ca"], Some(&["strange"]), &[], &[]),
        // Where the store is not known, nobody can say that something is missing in it.
        (&["leaf"], None, &["issuer", "root"], &[]),
        (&["leaf", "issuer"], None, &["root"], &[]),
        (&["leaf"], None, &["impostor"], &[other_key(leaf, issuer)]),
        (&["leaf", "issuer"], None, &["twin"], &[other_key(issuer, root)]),
    ];
    for (sent, trust, known, wanted) in layouts {
        let report = told(&pki, sent, *trust, known);
        assert_eq!(list(&report), *wanted, "{sent:?}, {trust:?}, {known:?}");
    }
}

/// One that is near in two ways is told once, by the nearer.
#[test]
fn a_pair_is_told_once() {
    let pki = minted(
        r#"[(name: "root", subject: "Mesh Root", organization: "Shop", is_ca: true),
            (name: "printable", subject: "Mesh Root", organization: "Shop", key_of: "root", is_printable: true, is_ca: true),
            (name: "renamed", subject: "Mesh Rood", organization: "Shop", key_of: "root", is_ca: true),
            (name: "leaf", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"])]"#,
    );
    let of = |trust: &[&str]| {
        let report = told(&pki, &["leaf"], Some(trust), &[]);
        let kinds: Vec<Kind> = report.near_misses.iter().map(|miss| miss.kind).collect();
        kinds
    };
    assert_eq!(of(&["printable"]), [Kind::NameEncodingDiffers]);
    assert_eq!(of(&["renamed"]), [Kind::SameKeyOtherName]);
    assert_eq!(
        of(&["renamed", "printable"]),
        [Kind::NameEncodingDiffers, Kind::SameKeyOtherName]
    );
}

#[test]
fn each_way_in_which_two_names_are_alike_has_its_words() {
    for (organization, subject, words) in [
        ("Shop", "mesh  root", "differs in capitals or spaces"),
        ("Shop", "Mesh Roots", "nearly the same name, and another CA"),
        ("Shop", "Vault", "of the same organisation, and another CA"),
    ] {
        let pki = minted(&format!(
            r#"[(name: "root", subject: "Mesh Root", organization: "Shop", is_ca: true),
                (name: "like", subject: "{subject}", organization: "{organization}", is_ca: true),
                (name: "leaf", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"])]"#
        ));
        let report = told(&pki, &["leaf"], Some(&["like"]), &[]);
        let misses: Vec<(Kind, &str)> = report
            .near_misses
            .iter()
            .map(|miss| (miss.kind, miss.words.as_str()))
            .collect();
        let [(Kind::SimilarName, told)] = misses.as_slice() else {
            panic!("{subject}: {misses:?}");
        };
        assert!(told.contains(words), "{told}");
        assert!(
            told.starts_with("payments was issued by Mesh Root; "),
            "whose issuer is looked for comes first: {told}"
        );
    }
}

#[test]
fn twelve_are_told_and_the_thirteenth_is_not() {
    for many in [0, 1, 11, 12, 13, 20] {
        let authority = |number: usize| {
            format!(
                r#"(name: "like{number}", subject: "Authority {}", organization: "Shop", is_ca: true), "#,
                "x".repeat(number + 1)
            )
        };
        let authorities = (0..many).map(authority).collect::<Vec<_>>().concat();
        let pki = minted(&format!(
            r#"[{authorities}(name: "root", subject: "Mesh Root", organization: "Shop", is_ca: true),
                (name: "strange", subject: "Elsewhere", is_ca: true),
                (name: "leaf", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"])]"#
        ));
        let mut trust = vec!["strange".to_owned()];
        trust.extend((0..many).map(|number| format!("like{number}")));
        let trust: Vec<&str> = trust.iter().map(String::as_str).collect();
        let report = told(&pki, &["leaf"], Some(&trust), &[]);
        let wanted: Vec<String> = (1..=many.min(12))
            .map(|letters| format!("Authority {}", "x".repeat(letters)))
            .collect();
        let found: Vec<&str> = report
            .near_misses
            .iter()
            .map(|miss| miss.candidate_name.as_str())
            .collect();
        assert_eq!(found, wanted, "the first twelve of {many}");
    }
}

/// A signature by a key that goes by another name is looked for among so many CAs, and no more.
#[test]
fn the_thirty_second_key_is_tried_and_the_thirty_third_is_not() {
    let issuer = Key::new();
    let key = Key::new();
    let mut leaf = Forge::leaf("pay.shop.example", "Mesh Root", &key, &issuer);
    leaf.drop(35);
    let leaf = Der::from(leaf.sign(&issuer));
    for before in [0, 31, 32] {
        let authority = |subject: &str, key: &Key| Der::from(Forge::ca(subject, subject, key, key).sign(key));
        let mut roots: Vec<Der> = (0..before)
            .map(|number| authority(&format!("Stranger {}", "x".repeat(number + 3)), &Key::new()))
            .collect();
        roots.push(authority("Another Name", &issuer));
        let trust = Trust {
            roots,
            clock_unix_s: NOW,
            ..Trust::default()
        };
        let report = paths(&PathsInput {
            chain: std::slice::from_ref(&leaf),
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: NOW,
        });
        let wanted: &[_] = match before {
            0..=31 => &[(Kind::SameKeyOtherName, "pay.shop.example", "Another Name")],
            _ => &[],
        };
        assert_eq!(list(&report), wanted, "{before} before it");
    }
}

/// The key identifiers of a child and its issuer contradict each other, while its key made the signature: a good chain for
/// rustls, and a near miss all the same.
#[test]
fn identifiers_that_contradict_each_other() {
    for (is_other, wanted) in [(false, 0), (true, 1)] {
        let mut trio = Trio::new();
        if is_other {
            trio.issuer.put(14, false, &subject_key_id(&[7; 20]));
        }
        let trust = trio.trust(Side::Client);
        let report = paths(&PathsInput {
            chain: &trio.sent(),
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: NOW,
        });
        assert_eq!(report.paths[0].outcome, PathOutcome::Taken);
        assert_eq!(list(&report).len(), wanted, "{:?}", report.near_misses);
        for miss in &report.near_misses {
            assert_eq!(
                (miss.kind, miss.child_name.as_str(), miss.candidate_name.as_str()),
                (Kind::KeyIdDiffers, "pay.shop.example", "Issuer")
            );
            assert_eq!(miss.differs[0].has, "07:07:07:07…");
        }
    }
}

/// What is not sent and not trusted comes after what is, where the store is known; where it is not, all count alike, and a way
/// that comes to a root comes before one that ends in the air.
#[test]
fn ways_are_in_their_order_with_a_store_and_without_one() {
    let pki = minted(
        r#"[(name: "root", subject: "Mesh Root", is_ca: true), (name: "gone", subject: "Gone", is_ca: true),
            (name: "strange", subject: "Elsewhere", is_ca: true),
            (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
            (name: "cross", subject: "Mesh Issuer", issuer: "gone", key_of: "issuer", is_ca: true),
            (name: "leaf", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"])]"#,
    );
    let over_root = vec!["payments", "Mesh Issuer", "Mesh Root"];
    let over_gone = vec!["payments", "Mesh Issuer", "Gone"];
    for (trust, wanted) in [
        (None, [&over_root, &over_gone]),
        (Some(&["strange"][..]), [&over_gone, &over_root]),
    ] {
        let report = told(&pki, &["leaf", "cross"], trust, &["issuer", "root"]);
        let found: Vec<Vec<&str>> = outcomes(&report).into_iter().map(|(names, _)| names).collect();
        assert_eq!(found, wanted.map(Clone::clone), "{trust:?}");
        // The last step of the way in the air is a name, and no certificate.
        let from = |place: usize| report.paths[place].steps[2].from.from;
        let in_the_air = usize::from(trust.is_none());
        assert_eq!(
            (from(in_the_air), from(1 - in_the_air)),
            (StepFrom::Absent, StepFrom::AtHand)
        );
    }
}

/// The issuer of the sixteenth certificate that was sent is looked for, that of the seventeenth is not.
#[test]
fn of_how_many_the_issuer_is_looked_for() {
    let keys: Vec<Key> = (0..2).map(|_| Key::new()).collect();
    for before in [14, 15, 16] {
        // Each of another name, and all but the last one without any issuer that is like anything.
        let mut chain: Vec<Der> = (0..before)
            .map(|number| {
                let mut forge = Forge::leaf("x.example", "Nowhere", &keys[0], &keys[0]);
                forge.serial = vec![1, number as u8];
                Der::from(forge.sign(&keys[0]))
            })
            .collect();
        let mut last = Forge::ca("Last", "Mesh Root", &keys[0], &keys[1]);
        last.subject = name("Last");
        chain.push(Der::from(last.sign(&keys[1])));
        let root = Der::from(Forge::ca("Mesh Root", "Mesh Root", &keys[1], &keys[1]).sign(&keys[1]));
        let trust = Trust {
            roots: vec![Der::from(
                Forge::ca("Far Away", "Far Away", &keys[0], &keys[0]).sign(&keys[0]),
            )],
            clock_unix_s: NOW,
            ..Trust::default()
        };
        let at_hand = [AtHand {
            side: None,
            slot: Slot::Known,
            file: Some("old.pem".to_owned()),
            entry: 0,
            line: Some(1),
            within: None,
            wrapping: None,
            der: root,
        }];
        let report = paths(&PathsInput {
            chain: &chain,
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &at_hand,
            clock_unix_s: NOW,
        });
        let found: Vec<_> = list(&report)
            .into_iter()
            .filter(|(kind, ..)| *kind == Kind::IssuerInOtherSlot)
            .collect();
        let wanted: &[_] = match before {
            0..=15 => &[(Kind::IssuerInOtherSlot, "Last", "Mesh Root")],
            _ => &[],
        };
        assert_eq!(found, wanted, "{before} before it");
    }
}
