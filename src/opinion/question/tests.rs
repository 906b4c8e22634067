//! What is asked about a pair, and which questions are the same.

use super::*;
use crate::capture::{ClientAuth, PerSide, RevocationFile};
use crate::clock::Clock;
use crate::pki::{Recipe, mint};
use crate::setup::{Identity, Party};

fn list() -> RevocationFile {
    RevocationFile {
        file: None,
        line: None,
        der: vec![1].into(),
        wrapping: None,
    }
}

fn pair() -> LabSetup {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true), (name: "client", subject: "c", issuer: "root"),
        (name: "server", subject: "s", issuer: "root")]"#,
    )
    .expect("recipes");
    let pki = mint(&recipes, 1_800_000_000).expect("it mints");
    let find = |name: &str| pki.find(name).expect("minted").clone();
    let party = |name: &str, at| {
        let mut party = Party {
            identity: Some(Identity::from(find(name))),
            trust: vec![find("root").certificate],
            ..Party::default()
        };
        party.policy.clock_unix_s = Some(at);
        party
    };
    LabSetup {
        parties: PerSide {
            client: party("client", 1),
            server: party("server", 2),
        },
        server_name: "a.example".to_owned(),
        client_auth: ClientAuth::Required,
        fault: None,
        known: Vec::new(),
        timeout_ms: 100,
        wall_clock: Clock::still(1_800_000_000),
    }
}

#[test]
fn the_judge_is_asked_about_its_peers_chain_with_what_it_has_itself() {
    use TlsVersion::{Tls12, Tls13};
    let setup = pair();
    for judge in Side::BOTH {
        let question = Question::of_pair(&setup, judge).expect("a question");
        let presenter = setup
            .parties
            .of(judge.peer())
            .identity
            .as_ref()
            .expect("it shows one");
        assert_eq!(question.judge, judge);
        assert_eq!(question.chain, presenter.chain);
        assert_eq!(
            question.key.map(|key| key.key.public_key.clone()),
            presenter.key.as_ref().map(|key| key.key.public_key.clone())
        );
        assert_eq!(question.trust, setup.parties.of(judge).trust);
        let is_client = judge == Side::Client;
        assert_eq!(question.name.as_deref(), is_client.then_some("a.example"));
        assert_eq!(question.at_unix_s, Some(if is_client { 1 } else { 2 }));
        assert_eq!(question.versions, [Tls12, Tls13]);
    }
    for (client, server, both) in [
        (vec![], vec![], vec![Tls12, Tls13]),
        (vec![Tls13], vec![], vec![Tls13]),
        (vec![], vec![Tls12], vec![Tls12]),
        (vec![Tls13, Tls12], vec![Tls12, Tls13], vec![Tls12, Tls13]),
        (vec![Tls13], vec![Tls12], vec![]),
    ] {
        let mut setup = pair();
        setup.parties.client.policy.versions = client;
        setup.parties.server.policy.versions = server;
        assert_eq!(
            Question::of_pair(&setup, Side::Server)
                .expect("a question")
                .versions,
            both
        );
    }
    let mut spiffe = pair();
    spiffe.server_name = "spiffe://a/b".to_owned();
    assert_eq!(
        Question::of_pair(&spiffe, Side::Client).expect("a question").name,
        None
    );
    // Nobody judges a chain that is not shown, or not asked for.
    let mut none = pair();
    none.parties.client.identity = None;
    assert!(
        Question::of_pair(&none, Side::Server).is_none() && Question::of_pair(&none, Side::Client).is_some()
    );
    let mut unasked = pair();
    unasked.client_auth = ClientAuth::None;
    assert!(Question::of_pair(&unasked, Side::Server).is_none());
    assert!(Question::of_pair(&unasked, Side::Client).is_some());
}

type Change = fn(&mut Question);

/// One that differs in anything is another; the files that hold the same play no part.
#[test]
fn a_question_that_differs_in_anything_is_another() {
    let question = Question::of_pair(&pair(), Side::Client).expect("a question");
    assert!(question.is_same(&question.clone()));
    let changes: [(&str, Change); 12] = [
        ("judge", |one| one.judge = Side::Server),
        ("chain", |one| one.chain.push(one.trust[0].clone())),
        ("chain's order", |one| {
            one.chain.insert(0, one.trust[0].clone());
        }),
        ("key", |one| one.key = None),
        ("trust", |one| one.trust.clear()),
        ("name", |one| one.name = None),
        ("another name", |one| one.name = Some("b.example".to_owned())),
        ("time", |one| one.at_unix_s = None),
        ("another time", |one| one.at_unix_s = Some(99)),
        ("lists", |one| one.revocation.lists.push(list())),
        ("strictness", |one| one.revocation.is_leaf_only = true),
        ("versions", |one| one.versions.truncate(1)),
    ];
    for (name, change) in changes {
        let mut other = question.clone();
        change(&mut other);
        assert!(!question.is_same(&other) && !other.is_same(&question), "{name}");
    }
    let mut elsewhere = question.clone();
    for one in elsewhere.chain.iter_mut().chain(&mut elsewhere.trust) {
        one.file = Some("b.pem".to_owned());
        one.entry = 5;
    }
    assert!(question.is_same(&elsewhere));
}
