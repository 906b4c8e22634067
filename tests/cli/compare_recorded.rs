//! `mtlscope compare` of set-ups and recordings: with keys and without, packet captures, what comes from outside.

use std::sync::Arc;

use crate::support;
use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, Side};
use mtlscope::compare::{Both, Comparison, Judged, Rank, Subject, compare};
use mtlscope::scenario;
use mtlscope::session::{Session, save};
use mtlscope::setup::LabSetup;
use mtlscope::source::lab::run_blocking;
use support::command::{json, mtlscope, status, stderr, stdout};
use support::packets::{Ends, PacketFile, key_log};
use support::pki::{minted, party, setup};

use super::compare::{grid, names};

fn run(setup: &LabSetup) -> Analysis {
    let capture = run_blocking(setup, &Cancel::default()).expect("it runs");
    Analysis::of(Arc::new(capture))
}

fn compared(a: &LabSetup, b: &LabSetup, has_keys: bool) -> Comparison {
    let (of_a, of_b) = (run(a), run(b));
    let given = |setup| has_keys.then_some(setup);
    let both = Both {
        a: Subject {
            analysis: &of_a,
            setup: given(a),
        },
        b: Subject {
            analysis: &of_b,
            setup: given(b),
        },
    };
    compare(both, &Cancel::default())
}

fn told(found: &Comparison, rank: Rank) -> Vec<(String, String)> {
    let proof = |one: &mtlscope::compare::Difference| one.proof.clone().unwrap_or_default();
    found.of(rank).map(|one| (one.name.clone(), proof(one))).collect()
}

/// orders was renewed under another root, which the server was never told of.
const RENEWED: &str = r#"[
    (name: "root", subject: "Old Root 2023", is_ca: true),
    (name: "issuer", subject: "Issuing CA", issuer: "root", is_ca: true),
    (name: "new", subject: "Mesh Root 2026", is_ca: true),
    (name: "newissuer", subject: "Mesh Issuer", issuer: "new", is_ca: true),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "yesterday", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "today", subject: "orders", issuer: "newissuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
]"#;

fn renewed() -> (LabSetup, LabSetup) {
    let pki = minted(RENEWED);
    let trust = &["root", "new"];
    let mut a = setup(&pki, &["yesterday", "issuer"]);
    a.parties.client = party(&pki, &["yesterday", "issuer"], trust);
    let mut b = a.clone();
    b.parties.client = party(&pki, &["today", "newissuer"], trust);
    (a, b)
}

#[test]
fn what_did_not_change_and_should_have_is_run_too() {
    let (a, b) = renewed();
    let found = compared(&a, &b, true);
    assert_eq!(found.judged, Judged::ByRuns);
    let matters: Vec<(String, String)> = [
        "Certificates that the client sends",
        "Issuer of the client's certificate",
    ]
    .map(|name| (name.to_owned(), "With A's, B is accepted.".to_owned()))
    .to_vec();
    assert_eq!(told(&found, Rank::Matters), matters);
    let should = told(&found, Rank::ShouldHaveChanged);
    assert_eq!(should.len(), 1, "{should:?}");
    assert_eq!(should[0].0, "What the server trusts");
    assert!(
        should[0]
            .1
            .starts_with("Let the server also trust Mesh Root 2026.")
            && should[0].1.ends_with(" Then B is accepted."),
        "{should:?}"
    );
}

/// The same from recordings: nothing is run, rustls judges the chains.
#[test]
fn without_keys_the_chains_are_judged_and_it_says_so() {
    let (a, b) = renewed();
    let found = compared(&a, &b, false);
    assert_eq!(found.judged, Judged::ByChains);
    let words = "the server accepts the client's chain: rustls, of the chain alone.";
    let matters: Vec<(String, String)> = [
        "Certificates that the client sends",
        "Issuer of the client's certificate",
    ]
    .map(|name| (name.to_owned(), format!("With A's, {words}")))
    .to_vec();
    assert_eq!(told(&found, Rank::Matters), matters);
    assert_eq!(
        told(&found, Rank::ShouldHaveChanged),
        [(
            "What the server trusts".to_owned(),
            format!("With Mesh Root 2026 trusted as well, {words}")
        )]
    );
    let mut versions = b.clone();
    versions.parties.client.policy.versions = vec![mtlscope::setup::TlsVersion::Tls12];
    let found = compared(&a, &versions, false);
    let not_tried = told(&found, Rank::NotTried);
    assert_eq!(
        not_tried,
        [(
            "The client's TLS versions".to_owned(),
            "Only a run could tell, and there is no private key of B.".to_owned()
        )]
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str, setup: &LabSetup| {
        let path = folder.path().join(name);
        save(&path, &Session::new(run(setup).capture)).expect("saved");
        path.to_string_lossy().into_owned()
    };
    let (a, b) = (path("a.ron", &a), path("b.ron", &b));
    let output = mtlscope(&["compare", &a, &b]);
    let text = stdout(&output);
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    assert!(text.contains("No private key of B is at hand"), "{text}");
    let same = mtlscope(&["compare", &a, &a]);
    assert_eq!(status(&same), 0);
    assert!(
        stdout(&same).contains("A and B are the same recording: nothing differs."),
        "{}",
        stdout(&same)
    );
    // B has its keys where it is a scenario, whatever A is.
    let mixed = json(&mtlscope(&[
        "compare",
        &a,
        "scenario:root-rotated",
        "--format",
        "json",
    ]));
    assert_eq!(mixed["judged_by"], "run");
}

/// Neither of two changes can be put back without the other.
#[test]
fn changes_that_matter_only_together_are_found() {
    let pki = minted(RENEWED);
    let (a, _) = renewed();
    let mut a = LabSetup {
        parties: a.parties.clone(),
        ..setup(&pki, &["yesterday", "issuer"])
    };
    a.parties.client = party(&pki, &["yesterday", "issuer"], &["root"]);
    a.parties.server = party(&pki, &["server", "issuer"], &["root"]);
    let mut b = a.clone();
    b.parties.client = party(&pki, &["today", "newissuer"], &["root"]);
    b.parties.server.trust = party(&pki, &[], &["server"]).trust;
    let found = compared(&a, &b, true);
    let names: Vec<String> = told(&found, Rank::Matters)
        .into_iter()
        .filter(|(_, proof)| proof.starts_with("Only together: "))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            "Certificates that the client sends",
            "Issuer of the client's certificate",
            "What the server trusts",
        ]
    );
}

/// A capture without keys: what is in the clear is compared, and nothing is made up about the rest.
#[test]
fn a_packet_capture_without_keys_is_compared_as_far_as_it_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let captures: Vec<Arc<Capture>> = ["good-tls13", "root-rotated"]
        .iter()
        .map(|id| {
            let setup = scenario::find(id).and_then(|one| one.setup(support::pki::now()));
            run(&setup.expect("made")).capture
        })
        .collect();
    let mut file = PacketFile::new();
    for (number, capture) in captures.iter().enumerate() {
        let ends = Ends {
            client: (1, 40_000 + number as u16),
            server: (2, 8443),
            at_us: 1_795_510_800_000_000 + number as u64,
        };
        file.connection(capture, ends);
    }
    let path = folder.path().join("both.pcap");
    std::fs::write(&path, file.bytes()).expect("written");
    let path = path.to_string_lossy();
    let output = mtlscope(&["compare", &path, &path]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("several TLS connections; say which one with --a-connection N"),
        "{}",
        stderr(&output)
    );
    let flags = [
        "compare",
        &path,
        &path,
        "--a-connection",
        "1",
        "--b-connection",
        "2",
        "--format",
        "json",
    ];
    let found = json(&mtlscope(&flags));
    assert_eq!(found["judged_by"], "chains");
    for rank in [
        "changed-and-matters",
        "unchanged-and-should-have-changed",
        "changed-with-another",
        "changed-and-makes-no-difference",
    ] {
        assert!(names(&found, rank).is_empty(), "{rank}: {found}");
    }
    assert_eq!(grid(&found)[0], "1 equal ClientHello");
    let log = folder.path().join("keys.log");
    let captures: Vec<&Capture> = captures.iter().map(AsRef::as_ref).collect();
    std::fs::write(&log, key_log(&captures)).expect("written");
    let log = log.to_string_lossy();
    let opened = json(&mtlscope(&[&flags[..], &["--keylog", &log]].concat()));
    let not_tried = names(&opened, "not-tried");
    for name in [
        "Issuer of the server's certificate",
        "Serial number of the client's certificate",
        "What the server trusts",
    ] {
        assert!(not_tried.contains(&name.to_owned()), "{name}: {not_tried:?}");
    }
    let none = mtlscope(&["compare", &path, &path, "--a-connection", "9"]);
    assert_eq!(status(&none), 2);
    assert!(
        stderr(&none).contains("no TLS connection 9 in it; it has 2"),
        "{}",
        stderr(&none)
    );
}

/// Names from outside neither steer a terminal nor make lines of their own.
#[test]
fn what_comes_from_outside_is_written_out() {
    let setup = scenario::built_in().expect("made");
    let mut capture = Arc::unwrap_or_clone(run(&setup).capture);
    let policy = capture.sides.client.policy.as_mut().expect("a policy");
    policy.alpn = vec!["h2\u{1b}[31m\nACCEPTED: forged".to_owned(); 100_000];
    let mut session = Session::new(Arc::new(capture));
    session.title = "A\u{202e}\nDIFFERENT OUTCOME: forged".to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hostile.ron");
    save(&path, &session).expect("saved");
    let output = mtlscope(&["compare", &path.to_string_lossy(), "scenario:good-tls13"]);
    let text = stdout(&output);
    assert!(matches!(status(&output), 0..=2), "{text}{}", stderr(&output));
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(
        text.lines()
            .all(|line| !line.trim_start().starts_with("ACCEPTED") && line.chars().count() <= 80),
        "{text}"
    );
    assert_eq!(text.matches("\nDIFFERENT OUTCOME").count(), 0, "{text}");
}

#[test]
fn what_cannot_be_compared_is_said_in_one_sentence() {
    for (arguments, words) in [
        (
            &["scenario:nowhere", "scenario:good-tls13"][..],
            "there is no scenario “nowhere”",
        ),
        (&["no-such-file.ron", "scenario:good-tls13"], "no-such-file.ron"),
        (
            &[
                "scenario:good-tls13",
                "scenario:good-tls13",
                "--a-connection",
                "1",
            ],
            "a scenario is one connection; leave --a-connection out",
        ),
        (&["scenario:good-tls13"], "required"),
    ] {
        let output = mtlscope(&[&["compare"], arguments].concat());
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1);
    }
}

/// What two scenarios describe alike is one certificate; and any two can be made together, whatever their recipes are called.
#[test]
fn scenarios_share_what_they_describe_alike() {
    let first = scenario::find("good-tls13").expect("there");
    let second = scenario::find("client-expired").expect("there");
    let (good, expired) = scenario::pair(first, second, 1_790_000_000).expect("made");
    assert_eq!(good.chain(Side::Server), expired.chain(Side::Server));
    assert_eq!(good.parties.server.trust, expired.parties.server.trust);
    let of = |setup: &LabSetup, at: usize| setup.chain(Side::Client)[at].der.clone();
    assert_ne!(of(&good, 0), of(&expired, 0));
    assert_eq!(of(&good, 1), of(&expired, 1));
    let (one, same) = scenario::pair(first, first, 1_790_000_000).expect("made");
    assert_eq!(one.fingerprint(), same.fingerprint());
    for second in scenario::all() {
        scenario::pair(first, second, 1_790_000_000).unwrap_or_else(|error| panic!("{}: {error}", second.id));
    }
}
