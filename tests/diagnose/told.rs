//! What is told of other stacks where nobody is asked: their words for this very fault, and who accepts this very chain.

use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::diagnose::{LinkState, Outcome, Presence, Rosetta, Saying, by_stack, on_record_of, stacks};
use mtlscope::scenario;
use mtlscope::source::lab::run_blocking;
use mtlscope::stack::Stack;

fn analysis(id: &str) -> Analysis {
    let one = scenario::all()
        .iter()
        .find(|one| one.id == id)
        .expect("it is there");
    let mut setup = one
        .setup(mtlscope::clock::Clock::default().unix_s())
        .expect("it mints");
    setup.timeout_ms = setup.timeout_ms.min(200);
    Analysis::of(Arc::new(
        run_blocking(&setup, &Cancel::default()).expect("it runs"),
    ))
}

fn told(analysis: &Analysis, reader: Option<&str>) -> Rosetta {
    let cause = analysis.diagnosis.causes.first().expect("a cause");
    by_stack(cause, &analysis.diagnosis, reader)
}

#[test]
fn the_readers_stack_comes_first_and_nobody_is_told_twice() {
    let analysis = analysis("expired-twin");
    let judge = analysis.diagnosis.causes.first().and_then(|cause| cause.side);
    for stack in stacks() {
        let told = told(&analysis, Some(stack));
        assert_eq!(told.refused.first().map(|entry| entry.stack), Some(stack));
        assert!(told.refused.len() >= 8, "{told:?}");
        for entry in &told.refused {
            for (place, saying) in entry.sayings.iter().enumerate() {
                assert_eq!(Some(saying.judge), judge);
                assert!(!saying.accepted && !saying.words.is_empty());
                let is_again = |other: &&Saying| (other.side, &other.words) == (saying.side, &saying.words);
                assert!(!entry.sayings.iter().take(place).any(is_again));
            }
        }
    }
}

#[test]
fn who_does_not_mind_is_named_and_who_minds_something_else_is_not() {
    // A CA in place of the leaf, which has no name and no such use besides: whoever takes a CA refuses it for those.
    assert_eq!(told(&analysis("leaf-is-ca"), None).accepted_by, [""; 0]);
    // The common name counts with many, where nothing else names a host; with Go and Envoy never.
    let accepting = told(&analysis("no-san"), None).accepted_by;
    for stack in [
        Stack::OpenSsl,
        Stack::GnuTls,
        Stack::Curl,
        Stack::Java,
        Stack::Node,
        Stack::Python,
        Stack::Nginx,
    ] {
        assert!(accepting.contains(&stack.name()), "{stack:?}: {accepting:?}");
    }
    for stack in [Stack::Go, Stack::Envoy, Stack::Rustls] {
        assert!(!accepting.contains(&stack.name()), "{stack:?}: {accepting:?}");
    }
    // A CA's purposes bind what it issues, except with Java, and with GnuTLS's own server.
    assert_eq!(
        told(&analysis("intermediate-server-auth-only"), None).accepted_by,
        ["GnuTLS", "Java"]
    );
    assert_eq!(told(&analysis("ip-in-dns-name"), None).accepted_by, ["nginx"]);
}

#[test]
fn nobody_is_said_to_accept_a_chain_that_it_is_on_record_to_refuse() {
    for one in scenario::all() {
        let analysis = analysis(&one.id);
        for cause in &analysis.diagnosis.causes {
            let Some(judge) = cause.side else { continue };
            let is_of_the_chain = analysis
                .diagnosis
                .matrix
                .iter()
                .any(|row| row.side == judge && row.outcome == Outcome::Fail);
            for name in by_stack(cause, &analysis.diagnosis, None).accepted_by {
                let stack = Stack::ALL.into_iter().find(|stack| stack.name() == name);
                let known = on_record_of(stack.expect("one of ours"), judge, &analysis.diagnosis);
                assert!(!is_of_the_chain || known == Some(true), "{}: {name}", one.id);
            }
        }
    }
}

/// RFC 5280 §7.1: an issuer that was sent, or is trusted, in other bytes is there. Only the link to it does not hold.
#[test]
fn an_issuer_in_other_bytes_is_drawn_and_not_called_missing() {
    let one = scenario::find("renamed-issuer").expect("it is there");
    let mut trusting = one.clone();
    trusting.server.chain.truncate(1);
    trusting.client.trust = vec!["renewed".to_owned()];
    for (scenario, presence, note) in [
        (one, Presence::Sent, "sent, named otherwise"),
        (&trusting, Presence::InStore, "trusted, named otherwise"),
    ] {
        let setup = scenario
            .setup(mtlscope::clock::Clock::default().unix_s())
            .expect("it mints");
        let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
        let analysis = Analysis::of(Arc::new(capture));
        let first = analysis.diagnosis.causes.first().expect("a cause");
        assert_eq!(first.id.word(), "name-encoding-differs");
        let links = &analysis.diagnosis.chains.server.links;
        let drawn: Vec<_> = links
            .iter()
            .map(|link| (link.name.as_str(), link.presence, link.is_bad, link.link_to_next))
            .collect();
        assert_eq!(
            drawn,
            [
                ("payments", Presence::Sent, false, Some(LinkState::Broken)),
                ("Mesh Issuer", presence, false, None)
            ]
        );
        assert_eq!(links.last().map(|link| link.note.as_str()), Some(note));
    }
}
