//! Where the search ends: each budget filled exactly, and one more than it allows.

use super::{Built, MOST_KEPT, MOST_SIGNATURES, build};
use crate::capture::{AtHand, Der, Side, Slot, Trust};
use crate::diagnose::route::material::Material;
use crate::diagnose::route::report::PathsInput;
use crate::pki::{Minted, Recipe, mint};

fn minted(recipes: &str) -> Minted {
    let recipes: Vec<Recipe> =
        ron::from_str(&format!("#![enable(implicit_some)]\n[{recipes}]")).expect("recipes");
    mint(&recipes, 1_800_000_000).expect("it mints")
}

fn built(chain: &[Der], roots: &[Der], at_hand: &[AtHand]) -> Built {
    let trust = Trust {
        roots: roots.to_vec(),
        expected_name: None,
        clock_unix_s: 1_800_000_000,
        revocation: crate::capture::Revocation::default(),
    };
    let material = Material::read(&PathsInput {
        chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand,
        clock_unix_s: trust.clock_unix_s,
    });
    build(&material, true)
}

/// How many ways were found, kept or not, and whether the search was ended.
fn told(built: &Built) -> (usize, bool) {
    assert_eq!(built.more > 0, built.ways.len() == MOST_KEPT);
    (built.ways.len() + built.more, built.is_cut_short)
}

/// Each of one level leads to all of the next: 1 + a + a·b + a·b·c steps.
#[test]
fn the_steps_end_where_they_are_used_up() {
    let pki = minted(
        r#"(name: "top", subject: "Top", is_ca: true),
        (name: "third", subject: "Third", issuer: "top", is_ca: true),
        (name: "second", subject: "Second", issuer: "third", is_ca: true),
        (name: "first", subject: "First", issuer: "second", is_ca: true),
        (name: "leaf", subject: "payments", issuer: "first")"#,
    );
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    for (counts, ways, is_cut_short) in [
        ([31, 8, 15], 31 * 8 * 15, false),
        // One step too many: the last way is not found.
        ([40, 9, 10], 40 * 9 * 10 - 1, true),
    ] {
        let mut chain = vec![der("leaf")];
        for (name, count) in ["first", "second", "third"].iter().zip(counts) {
            chain.extend(std::iter::repeat_n(der(name), count));
        }
        assert_eq!(told(&built(&chain, &[], &[])), (ways, is_cut_short), "{counts:?}");
    }
}

/// Of one name 400 were sent, and each is looked at, as is each of 249 roots for each of them: 400 · 250 looks.
#[test]
fn the_looks_end_where_they_are_used_up() {
    let pki = minted(
        r#"(name: "root", subject: "Root", is_ca: true),
        (name: "first", subject: "First", issuer: "root", is_ca: true),
        (name: "own", subject: "First", is_ca: true),
        (name: "leaf", subject: "payments", issuer: "first")"#,
    );
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    let mut chain = vec![der("leaf")];
    chain.extend(std::iter::repeat_n(der("first"), 400));
    let mut roots = vec![der("root"); 249];
    assert_eq!(told(&built(&chain, &roots, &[])), (400 * 249, false));
    // A root of the leaf's issuer's name is one look more, and one way: the very last look is not taken.
    roots.push(der("own"));
    assert_eq!(told(&built(&chain, &roots, &[])), (400 * 249, true));
}

/// Of those at hand that have the issuer's name, each is tried.
#[test]
fn the_signatures_end_where_they_are_used_up() {
    let mut recipes = String::from(r#"(name: "own", subject: "First", is_ca: true),"#);
    for number in 0..=MOST_SIGNATURES {
        recipes.push_str(&format!(
            r#"(name: "twin {number}", subject: "First", is_ca: true),"#
        ));
    }
    let pki = minted(&(recipes + r#"(name: "leaf", subject: "payments", issuer: "own")"#));
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    let at_hand: Vec<AtHand> = (0..=MOST_SIGNATURES)
        .map(|number| AtHand {
            der: der(&format!("twin {number}")),
            side: None,
            slot: Slot::Known,
            file: None,
            entry: 0,
            line: None,
            within: None,
            wrapping: None,
        })
        .collect();
    for (count, is_cut_short) in [(MOST_SIGNATURES, false), (MOST_SIGNATURES + 1, true)] {
        let built = built(&[der("leaf")], &[], &at_hand[..count]);
        assert_eq!(told(&built), (1, is_cut_short), "{count}");
    }
}
