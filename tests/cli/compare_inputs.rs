//! `compare`, input by input: what B has otherwise, whether A's value can be put back, and what comes of it. One golden text
//! for each way to compare: both with their set-ups, A as a recording, and neither with keys.

use std::fmt::Write;
use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{ClientAuth, Side};
use mtlscope::compare::{Both, Comparison, Input, Rank, Relation, Subject, compare};
use mtlscope::scenario;
use mtlscope::setup::{Fault, FaultTarget, LabSetup, TlsVersion};
use mtlscope::source::lab::run_blocking;

/// One second of one day: clocks are inputs, and their words are in the golden text.
const NOW: i64 = 1_793_610_000;

fn base() -> LabSetup {
    let mut setup = scenario::find("good-spiffe")
        .and_then(|scenario| scenario.setup(NOW))
        .expect("a set-up");
    for side in Side::BOTH {
        setup.parties.of_mut(side).policy.clock_unix_s = Some(NOW);
    }
    setup
}

fn run(setup: &LabSetup) -> Analysis {
    let capture = run_blocking(setup, &Cancel::default()).expect("it runs");
    Analysis::of(Arc::new(capture))
}

type Change = fn(&mut LabSetup);

/// What B has otherwise.
const CHANGES: [(&str, Change); 22] = [
    ("nothing", |_| {}),
    ("the client presents nothing", |setup| {
        setup.parties.client.identity = None
    }),
    ("the server presents its leaf alone", |setup| {
        if let Some(identity) = &mut setup.parties.server.identity {
            identity.chain.truncate(1);
        }
    }),
    ("the server presents the client's", |setup| {
        setup.parties.server.identity = setup.parties.client.identity.clone();
    }),
    ("the client trusts nobody", |setup| {
        setup.parties.client.trust.clear()
    }),
    ("the server trusts nobody", |setup| {
        setup.parties.server.trust.clear()
    }),
    ("another name", |setup| {
        "other.shop.svc".clone_into(&mut setup.server_name)
    }),
    ("another client is expected", |setup| {
        setup.parties.server.policy.limits.expected_peer =
            Some("spiffe://shop.example/ns/shop/sa/other".to_owned());
    }),
    ("client certificates are optional", |setup| {
        setup.client_auth = ClientAuth::Optional
    }),
    ("client certificates are not asked for", |setup| {
        setup.client_auth = ClientAuth::None
    }),
    ("the client speaks TLS 1.2", |setup| {
        setup.parties.client.policy.versions = vec![TlsVersion::Tls12];
    }),
    ("no version in common", |setup| {
        setup.parties.client.policy.versions = vec![TlsVersion::Tls12];
        setup.parties.server.policy.versions = vec![TlsVersion::Tls13];
    }),
    ("the client offers one suite", |setup| {
        setup.parties.client.policy.cipher_suites = vec!["TLS_AES_128_GCM_SHA256".to_owned()];
    }),
    ("no suite in common", |setup| {
        setup.parties.client.policy.cipher_suites = vec!["TLS_AES_128_GCM_SHA256".to_owned()];
        setup.parties.server.policy.cipher_suites = vec!["TLS_AES_256_GCM_SHA384".to_owned()];
    }),
    ("the server takes one group", |setup| {
        setup.parties.server.policy.groups = vec!["secp384r1".to_owned()];
    }),
    ("no protocol in common", |setup| {
        setup.parties.client.policy.alpn = vec!["h2".to_owned()];
        setup.parties.server.policy.alpn = vec!["http/1.1".to_owned()];
    }),
    ("the client verifies RSA alone", |setup| {
        setup.parties.client.policy.limits.verify_schemes = vec!["rsa_pss_rsae_sha256".to_owned()];
    }),
    ("the server signs with nothing that is offered", |setup| {
        setup.parties.server.policy.limits.sign_schemes = vec!["ecdsa_secp384r1_sha384".to_owned()];
    }),
    ("the server has another name's certificate", |setup| {
        setup.parties.server.policy.limits.server_names = vec!["other.shop.svc".to_owned()];
    }),
    ("the client's clock is a year ahead", |setup| {
        setup.parties.client.policy.clock_unix_s = Some(NOW + 31_536_000);
    }),
    ("a bit is flipped", |setup| {
        setup.fault = Some(Fault::Flip(FaultTarget {
            from: Side::Server,
            record: 2,
        }));
    }),
    ("the server hangs up", |setup| {
        setup.fault = Some(Fault::HangUp(Side::Server))
    }),
];

/// What an input is called here: digests and moments are new at each run, so that only settings are shown with their values.
fn shows_values(input: Option<Input>) -> bool {
    !matches!(
        input,
        None | Some(Input::Presents(_) | Input::Trusts(_) | Input::Stack(_))
    )
}

fn told(name: &str, found: &Comparison, both: &Both<&Analysis>, out: &mut String) {
    let _ = writeln!(
        out,
        "== {name}: {} | {}{}",
        found.outcomes.a.words(),
        found.outcomes.b.words(),
        if found.is_same_outcome { ", the same" } else { "" },
    );
    if let Some(row) = found.first_difference.and_then(|at| found.rows.get(at)) {
        let _ = writeln!(
            out,
            "   first: chapter {}, {}",
            row.chapter,
            row.words(both.a, both.b)
        );
    }
    let count = |relation: Relation| found.rows.iter().filter(|row| row.relation == relation).count();
    let relations = [
        Relation::Equal,
        Relation::Differs,
        Relation::OnlyA,
        Relation::OnlyB,
    ];
    let _ = writeln!(
        out,
        "   rows: {:?}; judged by {}",
        relations.map(count),
        found.judged.word()
    );
    for one in found.differences.iter().filter(|one| one.rank < Rank::Follows) {
        let _ = writeln!(out, "   {}: {}", one.rank.word(), one.name);
        if shows_values(one.input) {
            let _ = writeln!(
                out,
                "      {} > {}",
                one.values.a.join(" "),
                one.values.b.join(" ")
            );
        }
        if let Some(proof) = &one.proof {
            let _ = writeln!(out, "      {proof}");
        }
    }
    let follows: Vec<&str> = found.of(Rank::Follows).map(|one| one.name.as_str()).collect();
    let _ = writeln!(out, "   follows: {}", follows.join(", "));
}

/// A, each of B's changes, and what is told of the two; with A's set-up, and with B's.
fn all(of_a: &LabSetup, changes: &[(&str, Change)], has_keys: Both<bool>) -> String {
    let a = run(of_a);
    let mut out = String::new();
    for (name, change) in changes {
        let mut of_b = of_a.clone();
        change(&mut of_b);
        let b = run(&of_b);
        let both = Both {
            a: Subject {
                analysis: &a,
                setup: has_keys.a.then_some(of_a),
            },
            b: Subject {
                analysis: &b,
                setup: has_keys.b.then_some(&of_b),
            },
        };
        let found = compare(both, &Cancel::default());
        told(name, &found, &Both { a: &a, b: &b }, &mut out);
    }
    out
}

#[test]
fn each_input_alone_with_both_set_ups() {
    insta::assert_snapshot!(all(&base(), &CHANGES, Both { a: true, b: true }));
}

#[test]
fn each_input_alone_where_a_was_recorded() {
    insta::assert_snapshot!(all(&base(), &CHANGES, Both { a: false, b: true }));
}

#[test]
fn each_input_alone_without_keys() {
    insta::assert_snapshot!(all(&base(), &CHANGES, Both { a: false, b: false }));
}

/// What was refused before and is accepted now, and what an end of TLS 1.2 says itself.
const CHANGES_12: [(&str, Change); 7] = [
    ("nothing", |_| {}),
    ("another group", |setup| {
        setup.parties.server.policy.groups = vec!["secp384r1".to_owned()];
    }),
    ("another scheme", |setup| {
        setup.parties.server.policy.limits.sign_schemes = vec!["rsa_pss_rsae_sha512".to_owned()];
    }),
    ("another scheme of the client", |setup| {
        setup.parties.client.policy.limits.sign_schemes = vec!["ecdsa_secp384r1_sha384".to_owned()];
    }),
    ("no protocol", |setup| setup.parties.server.policy.alpn.clear()),
    ("the client presents its leaf alone", |setup| {
        if let Some(identity) = &mut setup.parties.client.identity {
            identity.chain.truncate(1);
        }
    }),
    ("TLS 1.3", |setup| {
        for side in Side::BOTH {
            setup.parties.of_mut(side).policy.versions = vec![TlsVersion::Tls13];
        }
    }),
];

fn base_12() -> LabSetup {
    let mut setup = base();
    for side in Side::BOTH {
        setup.parties.of_mut(side).policy.versions = vec![TlsVersion::Tls12];
    }
    setup
}

#[test]
fn each_input_alone_in_tls_1_2() {
    insta::assert_snapshot!(all(&base_12(), &CHANGES_12, Both { a: true, b: true }));
}

#[test]
fn each_input_alone_where_a_was_refused() {
    let mut refused = base();
    refused.parties.server.trust.clear();
    refused.client_auth = ClientAuth::Optional;
    refused.parties.client.identity = None;
    let changes: [(&str, Change); 4] = [
        ("nothing", |_| {}),
        ("the client has its certificate again", |setup| {
            setup.parties.client.identity = base().parties.client.identity;
        }),
        ("the server trusts as the client does", |setup| {
            setup.parties.server.trust = setup.parties.client.trust.clone();
        }),
        ("nobody is asked", |setup| setup.client_auth = ClientAuth::None),
    ];
    insta::assert_snapshot!(all(&refused, &changes, Both { a: true, b: true }));
}

/// What one side does while the other acts stands before or after it by chance: B's two shapes of one event are one grid.
#[test]
fn chance_makes_no_difference() {
    let of_a = base_12();
    let mut of_b = of_a.clone();
    (CHANGES_12[3].1)(&mut of_b);
    let a = run(&of_a);
    for _ in 0..20 {
        let b = run(&of_b);
        let both = Both {
            a: Subject {
                analysis: &a,
                setup: None,
            },
            b: Subject {
                analysis: &b,
                setup: None,
            },
        };
        let found = compare(both, &Cancel::default());
        let relations: Vec<&str> = found.rows.iter().map(|row| row.relation.word()).collect();
        let of_b: Vec<&str> = b.story.steps.iter().map(|step| step.title.as_str()).collect();
        let differs = relations.iter().filter(|word| **word == "differs").count();
        assert_eq!((differs, relations.len()), (1, 14), "{relations:?} {of_b:?}");
    }
}
