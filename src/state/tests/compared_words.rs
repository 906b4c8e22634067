//! What a comparison says in a sentence, and where the bytes of a difference are: of real runs.

use std::sync::{Arc, LazyLock};

use super::tried::NOW_UNIX_S;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::compare::{Both, Comparison, Headline, Rank, Subject, compare, place};
use crate::scenario;
use crate::setup::LabSetup;
use crate::source::lab::run_blocking;

/// Two scenarios of one world, run and compared.
struct Compared {
    analyses: Both<Analysis>,
    found: Comparison,
}

impl Compared {
    fn headline(&self) -> Headline {
        self.found.headline(&self.analyses.a, &self.analyses.b)
    }
}

fn run(setup: &LabSetup) -> Analysis {
    Analysis::of(Arc::new(
        run_blocking(setup, &Cancel::default()).expect("it runs"),
    ))
}

fn of(first: &str, second: &str, with_keys: bool) -> Compared {
    let find = |id| scenario::find(id).expect("a scenario");
    let (mut a, mut b) = scenario::pair(find(first), find(second), NOW_UNIX_S).expect("minted");
    for setup in [&mut a, &mut b] {
        setup.wall_clock = Clock::still(NOW_UNIX_S);
        setup.timeout_ms = 200;
    }
    let analyses = Both {
        a: run(&a),
        b: run(&b),
    };
    let both = Both {
        a: Subject {
            analysis: &analyses.a,
            setup: Some(&a).filter(|_| with_keys),
        },
        b: Subject {
            analysis: &analyses.b,
            setup: Some(&b).filter(|_| with_keys),
        },
    };
    let found = compare(both, &Cancel::default());
    Compared { analyses, found }
}

static ISSUER: LazyLock<Compared> = LazyLock::new(|| of("good-tls13", "client-wrong-ca", true));

#[test]
fn what_matters_is_said_in_a_sentence() {
    let told = ISSUER.headline();
    assert_eq!(told.title, "The issuer of orders changed");
    assert_eq!(
        told.words,
        "A is accepted; B is refused by the server: unknown issuer. With A's, B is accepted."
    );
    assert!(told.is_news);
    for (second, title, is_news) in [
        ("good-tls13", "Nothing differs but what always does", false),
        ("root-rotated", "What payments trusts changed", true),
        (
            "client-expired",
            "The end of validity in the certificate of orders changed",
            true,
        ),
        (
            "wrong-server-name",
            "The names in the certificate of payments changed",
            true,
        ),
        ("tampered", "What happens on the wire changed", true),
        ("good-tls12", "The client's TLS versions changed", true),
    ] {
        let compared = of("good-tls13", second, true);
        let told = compared.headline();
        assert_eq!(
            (told.title.as_str(), told.is_news),
            (title, is_news),
            "{second}: {told:?}"
        );
        let is_same = compared.found.is_same_outcome;
        assert_eq!(
            told.words.starts_with("Both are accepted."),
            is_same,
            "{second}: {told:?}"
        );
    }
}

#[test]
fn without_keys_it_says_whose_verdict_it_is() {
    let told = of("good-tls13", "client-wrong-ca", false).headline();
    assert_eq!(told.title, "The issuer of orders changed");
    assert!(told.words.ends_with("rustls, of the chain alone."), "{told:?}");
}

#[test]
fn a_recording_and_itself_differ_in_nothing() {
    let a = &ISSUER.analyses.a;
    let subject = || Subject {
        analysis: a,
        setup: None,
    };
    let both = Both {
        a: subject(),
        b: subject(),
    };
    let told = compare(both, &Cancel::default()).headline(a, a);
    assert_eq!(told.title, "A and B are the same recording");
    assert_eq!(told.words, "Both are accepted.");
}

#[test]
fn the_bytes_of_a_difference_are_those_of_its_field() {
    let analysis = &ISSUER.analyses.b;
    let field = |name: &str| {
        let one = ISSUER.found.differences.iter().find(|one| one.name == name);
        let one = one.unwrap_or_else(|| panic!("{name} differs"));
        let (message, path) = place(one, analysis)?;
        let message = analysis.transcript.messages.get(message).expect("a message");
        Some(message.root.at(&path).expect("a field").name.to_string())
    };
    for (name, expected) in [
        ("Issuer of the client's certificate", Some("issuer")),
        ("Serial number of the client's certificate", Some("serialNumber")),
        (
            "Public key of the client's certificate",
            Some("subjectPublicKeyInfo"),
        ),
        (
            "Names (subjectAltName) of the client's certificate",
            Some("Extension"),
        ),
        ("Certificates that the client sends", Some("Certificate")),
        ("Alerts", Some("Alert")),
        ("Session tickets", None),
        ("Outcome", None),
    ] {
        assert_eq!(field(name).as_deref(), expected, "{name}");
    }
    // What went well has the tickets, and no alert that refuses.
    let tickets = ISSUER
        .found
        .of(Rank::Follows)
        .find(|one| one.name == "Session tickets");
    assert!(place(tickets.expect("it differs"), &ISSUER.analyses.a).is_some());
    for (second, name, expected) in [
        (
            "wrong-server-name",
            "Names (subjectAltName) of the server's certificate",
            "Extension",
        ),
        ("good-tls12", "The client's TLS versions", "supported_versions"),
        (
            "client-expired",
            "End of validity of the client's certificate",
            "notAfter",
        ),
        (
            "root-rotated",
            "What the server trusts",
            "certificate_authorities",
        ),
        (
            "client-wrong-purpose",
            "Purposes (extendedKeyUsage) of the client's certificate",
            "Extension",
        ),
    ] {
        let compared = of("good-tls13", second, false);
        let one = compared.found.differences.iter().find(|one| one.name == name);
        let one = one.unwrap_or_else(|| panic!("{second}: {name} differs"));
        let a = &compared.analyses.a;
        let (message, path) = place(one, a).unwrap_or_else(|| panic!("{second}: no bytes"));
        let message = a.transcript.messages.get(message).expect("a message");
        let field = message.root.at(&path).expect("a field");
        assert_eq!(field.name, expected, "{second}");
    }
}
