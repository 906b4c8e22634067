//! Each condition on a run holds, or says what was asked and what is.

use std::collections::BTreeMap;

use super::{Predicate, Seen};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::lesson::tests::read;
use crate::lesson::{Case, Change, Letter, built_in};

/// A run of a built-in scenario.
fn run(id: &str) -> Analysis {
    let pack = built_in();
    let case = Case {
        scenario: id.to_owned(),
        change: Change::default(),
        shows: Predicate::default(),
        question: String::new(),
        choices: Vec::new(),
        answer: Letter::A,
    };
    pack.show(&case, &case.change, None, &Cancel::default())
        .expect("a run")
        .analysis
}

#[test]
fn each_condition_holds_or_says_what_is() {
    let runs: BTreeMap<&str, Analysis> = [
        "good-tls13",
        "good-tls12",
        "client-auth-declined",
        "client-wrong-ca",
        "server-missing-intermediate",
        "everything-wrong",
        "stalled",
        "plain-http",
        "outlives-its-ca",
    ]
    .map(|id| (id, run(id)))
    .into();
    for (id, condition, misses) in [
        ("good-tls13", "{}", vec![]),
        ("good-tls13", "{verdict: accepted}", vec![]),
        (
            "good-tls13",
            "{verdict: rejected}",
            vec![("the handshake is rejected", "it is accepted")],
        ),
        (
            "good-tls13",
            "{cause: expired}",
            vec![("the first cause is: expired", "there is none")],
        ),
        (
            "good-tls13",
            "{side: client}",
            vec![("the client objects", "nobody does")],
        ),
        ("client-wrong-ca", "{cause: unknown-issuer, side: server}", vec![]),
        (
            "client-wrong-ca",
            "{cause: expired, side: client}",
            vec![
                ("the first cause is: expired", "it is: unknown issuer"),
                ("the client objects", "the server does"),
            ],
        ),
        ("client-wrong-ca", "{without: [expired]}", vec![]),
        (
            "client-wrong-ca",
            "{without: [expired, unknown-issuer]}",
            vec![("nothing is told of: unknown issuer", "it is a cause")],
        ),
        (
            "client-wrong-ca",
            "{client: accepted-then-refused, server: refused}",
            vec![],
        ),
        (
            "client-wrong-ca",
            "{client: refused, server: accepted}",
            vec![
                (
                    "the client fails within the handshake",
                    "it believes itself connected, and then learns of the refusal",
                ),
                (
                    "the server connected, and stays so",
                    "it fails within the handshake",
                ),
            ],
        ),
        (
            "good-tls13",
            "{knows-client: true, client-proved-by: CertificateVerify}",
            vec![],
        ),
        (
            "good-tls13",
            "{knows-client: false, client-proved-by: Finished}",
            vec![
                ("the server does not know who its client is", "it knows"),
                (
                    "the client proves its key in Finished",
                    "it does in CertificateVerify",
                ),
            ],
        ),
        ("client-auth-declined", "{knows-client: false}", vec![]),
        (
            "client-auth-declined",
            "{knows-client: true, client-proved-by: CertificateVerify}",
            vec![
                ("the server knows who its client is", "it does not know"),
                ("the client proves its key in CertificateVerify", "it proves none"),
            ],
        ),
        // It proved its key, and was refused: the server knows nobody.
        (
            "client-wrong-ca",
            "{knows-client: false, client-proved-by: CertificateVerify}",
            vec![],
        ),
        (
            "good-tls13",
            "{sends: [CertificateRequest], never-sends: [HelloRetryRequest]}",
            vec![],
        ),
        (
            "good-tls13",
            "{sends: [HelloRetryRequest], never-sends: [CertificateRequest]}",
            vec![
                ("somebody sends HelloRetryRequest", "nobody sends it"),
                ("nobody sends CertificateRequest", "somebody sends it"),
            ],
        ),
        (
            "good-tls13",
            "{readable: [ClientHello, ServerHello], hidden: [Certificate]}",
            vec![],
        ),
        (
            "good-tls12",
            "{readable: [Certificate, CertificateVerify], hidden: [ApplicationData]}",
            vec![],
        ),
        (
            "good-tls12",
            "{readable: [Finished, HelloRetryRequest], hidden: [Certificate, HelloRetryRequest]}",
            vec![
                ("every Finished travels in the clear", "one travels encrypted"),
                ("every HelloRetryRequest travels in the clear", "nobody sends one"),
                ("every Certificate travels encrypted", "one travels in the clear"),
                ("every HelloRetryRequest travels encrypted", "nobody sends one"),
            ],
        ),
        ("outlives-its-ca", "{watched: 6}", vec![]),
        ("stalled", "{verdict: unfinished}", vec![]),
    ] {
        let predicate: Predicate = read(condition);
        assert_eq!(predicate.is_empty(), condition == "{}");
        let seen = Seen {
            analysis: &runs[id],
            watched: 6,
        };
        let found: Vec<(String, String)> = predicate
            .misses(seen)
            .into_iter()
            .map(|miss| (miss.asked, miss.found))
            .collect();
        let wanted: Vec<(String, String)> = misses
            .iter()
            .map(|(asked, found): &(&str, &str)| ((*asked).to_owned(), (*found).to_owned()))
            .collect();
        assert_eq!(found, wanted, "{id}: {condition}");
        assert_eq!(predicate.holds(seen), wanted.is_empty());
    }
    for (watched, wanted, holds) in [(3, 3, true), (2, 3, false), (0, 1, false), (0, 0, true)] {
        let predicate: Predicate = read(&format!("{{watched: {wanted}}}"));
        let seen = Seen {
            analysis: &runs["good-tls13"],
            watched,
        };
        assert_eq!(predicate.holds(seen), holds, "{watched} of {wanted}");
    }
    let warned = &runs["everything-wrong"].diagnosis;
    let warning = warned
        .matrix
        .iter()
        .find(|row| row.outcome == crate::diagnose::Outcome::Warn)
        .and_then(|row| row.cause);
    if let Some(id) = warning {
        let seen = Seen {
            analysis: &runs["everything-wrong"],
            watched: 6,
        };
        assert!(read::<Predicate>(&format!("{{warns: {}}}", id.word())).holds(seen));
    }
    let plain = Seen {
        analysis: &runs["good-tls13"],
        watched: 6,
    };
    let missing = read::<Predicate>("{warns: expired}").misses(plain);
    assert_eq!(
        (missing[0].asked.as_str(), missing[0].found.as_str()),
        ("a check warns: expired", "none does")
    );
}
