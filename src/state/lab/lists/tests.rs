//! What a glance at a side's lists tells: how many, how long they last, and whether they are of any use.

use super::*;
use crate::capture::Der;
use crate::pki::{Minted, Recipe, mint, mint_list};
use crate::scenario;
use crate::setup::LabSetup;
use crate::state::lab::slot::Slot;

const NOW: i64 = 1_800_000_000;

/// The card's words and whether the list still lasts, up to the very second of nextUpdate, which is too late.
#[test]
fn a_list_lasts_until_its_next_one_is_due() {
    let file = || RevocationFile {
        file: None,
        line: None,
        der: Der::from(vec![0x30, 0]),
        wrapping: None,
    };
    let known = |lists: usize, responses: usize| Revocation {
        lists: (0..lists).map(|_| file()).collect(),
        responses: (0..responses).map(|_| file()).collect(),
        ..Revocation::default()
    };
    let words = |known: &Revocation, span, now| lists_words(known, span, now);
    let alone = |words: &str| Some((words.to_owned(), true));
    assert_eq!(words(&known(0, 0), Some((0, 9)), 1), None);
    assert_eq!(words(&known(2, 0), None, 1), alone("2"));
    assert_eq!(words(&known(0, 1), None, 1), alone("1 OCSP"));
    assert_eq!(words(&known(2, 3), None, 1), alone("2 + 3 OCSP"));
    let (this, next) = (1_000_000, 2_000_000);
    for (now, is_fresh) in [
        (this, true),
        (next - 2, true),
        (next - 1, true),
        (next, false),
        (next + 1, false),
        (next + 86_400, false),
    ] {
        let (words, fresh) = words(&known(1, 0), Some((this, next)), now).expect("there is one");
        assert_eq!(fresh, is_fresh, "{now}: {words}");
        assert!(words.starts_with("1 · "), "{words}");
        assert_eq!(words.contains("stale"), !is_fresh, "{now}: {words}");
    }
}

/// A list that nobody could read.
fn broken(file: &str) -> RevocationFile {
    RevocationFile {
        file: Some(file.to_owned()),
        line: None,
        der: Der::from(vec![0x30, 0]),
        wrapping: None,
    }
}

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "other", subject: "Other", is_ca: true),
        (name: "client", subject: "orders", issuer: "root", purposes: ["clientAuth"]),
        (name: "server", subject: "payments", issuer: "root", purposes: ["serverAuth"], sans: ["DNS:payments.example"])]"#,
    )
    .expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

/// Both sides with their leaf and the root of the other.
fn setup(pki: &Minted) -> Setup {
    let lab: LabSetup = scenario::find("good-tls13")
        .and_then(|scenario| scenario.setup(NOW))
        .expect("it mints");
    let mut setup = Setup::from_lab(lab);
    let one = |name: &str| vec![pki.find(name).expect("minted").certificate.clone()];
    let slot = |slot, name| Slot::of_certificates(slot, Source::Pasted, one(name));
    for (side, name) in [(Side::Client, "client"), (Side::Server, "server")] {
        *setup.slot_mut(side, SetupSlot::Certificate) = slot(SetupSlot::Certificate, name);
        *setup.slot_mut(side, SetupSlot::Trust) = slot(SetupSlot::Trust, "root");
    }
    setup.server_name = "payments.example".to_owned();
    setup
}

fn list(pki: &Minted, recipe: &str) -> RevocationFile {
    let recipe = ron::from_str(&format!("#![enable(implicit_some)] ({recipe})")).expect("a recipe");
    let mut list = mint_list(&recipe, pki, NOW).expect("it mints");
    list.file = Some("/ca.crl".to_owned());
    RevocationFile::from(list)
}

/// The dot of the server's lists.
fn dot(setup: &Setup, lists: Vec<RevocationFile>) -> Fit {
    let mut setup = setup.clone();
    setup.sides.server.policy.revocation.lists = lists;
    seen(&setup, NOW).server.fit
}

#[test]
fn a_list_is_good_where_it_is_read_relied_on_and_speaks_of_the_chain() {
    let pki = pki();
    let setup = setup(&pki);
    let fresh = list(&pki, r#"issuer: "root""#);
    let stale = list(&pki, r#"issuer: "root", this_hours: -48, next_hours: -24"#);
    let bad = |fit: Fit| match fit {
        Fit::Bad(words) => words,
        other => panic!("{other:?}"),
    };
    assert_eq!(dot(&setup, Vec::new()), Fit::Unknown);
    assert_eq!(dot(&setup, vec![fresh.clone()]), Fit::Good);
    let revoking = list(
        &pki,
        r#"issuer: "root", revokes: [("client", "keyCompromise", -2)]"#,
    );
    assert_eq!(dot(&setup, vec![revoking]), Fit::Good, "it has done its work");
    let words = bad(dot(&setup, vec![fresh.clone(), broken("/b.crl")]));
    assert!(words.starts_with("/b.crl cannot be used: "), "{words}");
    let strangers = bad(dot(&setup, vec![list(&pki, r#"issuer: "other""#)]));
    assert_eq!(
        strangers,
        "no list here is by an issuer in the client’s chain: they are by Other"
    );
    let words = bad(dot(&setup, vec![stale.clone()]));
    assert!(words.starts_with("/ca.crl was good until "), "{words}");
    assert!(
        words.ends_with(": rustls goes by it, others refuse it"),
        "{words}"
    );
    let mut strict = setup.clone();
    strict.sides.server.policy.revocation.refuses_stale = true;
    let words = bad(dot(&strict, vec![stale]));
    assert!(words.ends_with(": it is refused"), "{words}");
    // Nobody is judged by them.
    let mut unasked = setup.clone();
    unasked.client_auth = ClientAuth::None;
    assert_eq!(dot(&unasked, vec![fresh.clone()]), Fit::Unknown);
    let mut empty = setup.clone();
    *empty.slot_mut(Side::Client, SetupSlot::Certificate) = Slot::empty(SetupSlot::Certificate);
    assert_eq!(dot(&empty, vec![fresh.clone()]), Fit::Unknown);
    // A client's lists are judged by whether or not it shows a certificate itself.
    unasked.sides.client.policy.revocation.lists = vec![fresh.clone()];
    assert_eq!(seen(&unasked, NOW).client.fit, Fit::Good);
    // The one that runs out first is told of.
    let later = list(&pki, r#"issuer: "root", next_hours: 900"#);
    for lists in [vec![fresh.clone(), later.clone()], vec![later, fresh.clone()]] {
        let mut both = setup.clone();
        both.sides.server.policy.revocation.lists = lists;
        let first = RevocationListFacts::from_der(fresh.der.as_bytes()).expect("it reads");
        assert_eq!(
            seen(&both, NOW).server.span,
            first.next_update.map(|next| (first.this_update, next))
        );
    }
}

/// The same file again replaces what it gave; what was pasted stays.
#[test]
fn a_file_of_lists_takes_its_own_place() {
    let named = |file: Option<&str>, byte: u8| RevocationFile {
        file: file.map(str::to_owned),
        line: None,
        der: Der::from(vec![0x30, byte]),
        wrapping: None,
    };
    let bytes = |all: &[RevocationFile]| -> Vec<u8> { all.iter().map(|one| one.der.as_bytes()[1]).collect() };
    let mut known = vec![
        named(Some("/a"), 1),
        named(None, 2),
        named(Some("/b"), 3),
        named(Some("/a"), 4),
    ];
    over(&mut known, &[named(Some("/a"), 5), named(None, 6)]);
    assert_eq!(bytes(&known), [2, 3, 5, 6]);
}
