//! `mtlscope compare`: scenarios with private keys, recordings without, and what cannot be compared.

use std::sync::Arc;

use serde_json::Value;

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

fn of_scenarios(a: &str, b: &str) -> (i32, Value) {
    let (a, b) = (format!("scenario:{a}"), format!("scenario:{b}"));
    let output = mtlscope(&["compare", &a, &b, "--format", "json"]);
    (status(&output), json(&output))
}

/// The names of one rank, a line each.
fn names(found: &Value, rank: &str) -> Vec<String> {
    let all = found["differences"].as_array().expect("a list");
    all.iter()
        .filter(|one| one["rank"] == rank)
        .map(|one| one["name"].as_str().expect("a name").to_owned())
        .collect()
}

fn proof<'a>(found: &'a Value, name: &str) -> &'a str {
    let all = found["differences"].as_array().expect("a list");
    let one = all.iter().find(|one| one["name"] == name);
    one.and_then(|one| one["proof"].as_str()).unwrap_or_default()
}

/// The grid, a word for each row: who acts and how the two stand to each other.
fn grid(found: &Value) -> Vec<String> {
    let rows = found["rows"].as_array().expect("rows");
    rows.iter()
        .map(|row| {
            let step = if row["b"].is_null() { &row["a"] } else { &row["b"] };
            format!(
                "{} {} {}",
                row["chapter"],
                row["relation"].as_str().expect("a word"),
                step["title"].as_str().expect("a title")
            )
        })
        .collect()
}

const ALWAYS_OF_13: [&str; 9] = [
    "The client's clock",
    "The server's clock",
    "Random of the client",
    "Random of the server",
    "Key shares",
    "Session ids",
    "Signatures over the handshake",
    "Finished values",
    "Times of the steps",
];

#[test]
fn a_handshake_and_itself_differ_in_what_always_does() {
    let (status_of, found) = of_scenarios("good-tls13", "good-tls13");
    assert_eq!(status_of, 0);
    assert_eq!(found["schema"], "mtlscope.comparison/1");
    assert_eq!(found["identical"], true);
    assert_eq!(found["same_recording"], false);
    assert!(found["first_difference"].is_null(), "{found}");
    let mut always: Vec<&str> = ALWAYS_OF_13.to_vec();
    always.insert(8, "Session tickets' contents");
    assert_eq!(names(&found, "differs-always"), always);
    assert_eq!(
        found["differences"].as_array().expect("a list").len(),
        always.len()
    );
    assert!(grid(&found).iter().all(|row| row.contains(" equal ")), "{found}");
    let text = stdout(&mtlscope(&[
        "compare",
        "scenario:good-tls13",
        "scenario:good-tls13",
    ]));
    assert!(text.starts_with("SAME OUTCOME: "), "{text}");
    assert!(
        text.contains("\n\nNothing differs but what always does.\n"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn of_a_rotated_root_only_what_the_server_trusts_matters() {
    let (status_of, found) = of_scenarios("good-tls13", "root-rotated");
    assert_eq!(status_of, 1);
    assert_eq!(found["judged_by"], "run");
    assert_eq!(names(&found, "changed-and-matters"), ["What the server trusts"]);
    assert_eq!(
        proof(&found, "What the server trusts"),
        "With A's, B is accepted."
    );
    assert_eq!(names(&found, "changed-with-another"), ["What the client trusts"]);
    assert_eq!(
        proof(&found, "What the client trusts"),
        "With A's alone, B is rejected by the client: unknown issuer."
    );
    assert_eq!(
        names(&found, "changed-and-makes-no-difference"),
        [
            "Certificates that the server sends",
            "Issuer of the server's certificate",
            "Serial number of the server's certificate",
            "Public key of the server's certificate",
            "The key that the server signs with",
        ]
    );
    assert_eq!(
        proof(&found, "Issuer of the server's certificate"),
        "With A's as well, B is rejected by the server: unknown issuer."
    );
    assert!(names(&found, "not-tried").is_empty(), "{found}");
    assert_eq!(
        names(&found, "follows"),
        [
            "Outcome",
            "How the client saw it",
            "How the server saw it",
            "The server believed itself connected",
            "Alerts",
            "Session tickets",
            "Application data",
        ]
    );
    assert_eq!(names(&found, "differs-always"), ALWAYS_OF_13);
    assert_eq!(
        grid(&found),
        [
            "1 equal ClientHello",
            "2 equal ServerHello",
            "2 differs EncryptedExtensions · CertificateRequest",
            "2 differs Certificate · CertificateVerify · Finished",
            "3 equal verifies server's chain",
            "4 equal Certificate · CertificateVerify · Finished",
            "5 differs verifies client's chain",
            "5 only-b Alert: unknown_ca",
            "6 only-a NewSessionTicket ×2",
            "6 only-a Application data",
            "6 only-a Application data",
            "6 only-a Goodbye (close_notify)",
            "6 only-a Goodbye (close_notify)",
        ]
    );
    let first = &found["first_difference"];
    assert_eq!(
        (
            first["row"].as_u64(),
            first["chapter"].as_u64(),
            first["words"].as_str()
        ),
        (
            Some(2),
            Some(2),
            Some("another request for a certificate of the server")
        )
    );
}

/// The certificate is another in four ways; it was refused for one of them.
#[test]
fn of_an_expired_certificate_its_end_matters_and_what_came_with_it_does_not() {
    let (status_of, found) = of_scenarios("good-tls13", "client-expired");
    assert_eq!(status_of, 1);
    assert_eq!(
        names(&found, "changed-and-matters"),
        ["End of validity of the client's certificate"]
    );
    assert_eq!(
        names(&found, "changed-and-makes-no-difference"),
        [
            "Serial number of the client's certificate",
            "Start of validity of the client's certificate",
            "Public key of the client's certificate",
            "Names (subjectAltName) of the client's certificate",
            "The key that the client signs with",
        ]
    );
    assert!(names(&found, "unchanged-and-should-have-changed").is_empty());
    assert_eq!(found["first_difference"]["chapter"], 4);
    let chapters = found["chapters"].as_array().expect("six");
    let equal: Vec<bool> = chapters
        .iter()
        .map(|one| one["equal"].as_bool().expect("a bool"))
        .collect();
    assert_eq!(equal, [true, true, true, false, false, false]);
}

/// A failed and B works: putting back shows that it is the intermediate that was missing.
#[test]
fn what_mended_it_is_found_too() {
    let (status_of, found) = of_scenarios("server-missing-intermediate", "good-tls13");
    assert_eq!(status_of, 1);
    assert_eq!(
        names(&found, "changed-and-matters"),
        ["Certificates that the server sends"]
    );
    assert_eq!(
        proof(&found, "Certificates that the server sends"),
        "With A's, B is rejected by the client: missing intermediate."
    );
    for rank in [
        "unchanged-and-should-have-changed",
        "changed-with-another",
        "changed-and-makes-no-difference",
        "not-tried",
    ] {
        assert!(names(&found, rank).is_empty(), "{rank}: {found}");
    }
}

#[test]
fn another_version_is_the_same_outcome_and_what_it_brings_follows() {
    let (status_of, found) = of_scenarios("good-tls12", "good-tls13");
    assert_eq!(status_of, 0);
    assert_eq!(found["same_outcome"], true);
    assert_eq!(
        names(&found, "changed-and-matters"),
        ["The client's TLS versions"]
    );
    assert_eq!(
        proof(&found, "The client's TLS versions"),
        "With A's, B agrees on TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, x25519, as A does."
    );
    assert_eq!(
        names(&found, "follows"),
        [
            "Version agreed on",
            "Cipher suite agreed on",
            "Group agreed on",
            "Session tickets",
        ]
    );
    assert!(names(&found, "changed-and-makes-no-difference").is_empty());
}

/// A wire that holds bytes back changed neither hello.
#[test]
fn a_row_is_not_another_because_it_broke_after_it() {
    let (_, found) = of_scenarios("good-tls13", "stalled");
    assert_eq!(grid(&found)[0], "1 equal ClientHello");
    assert_eq!(names(&found, "changed-and-matters"), ["What the wire did"]);
    assert_eq!(found["b"]["words"], "unfinished: timeout");
}

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
