//! `mtlscope compare` of built-in scenarios, which have private keys: whole lists.

use serde_json::Value;

use crate::support::command::{json, mtlscope, status, stdout};

fn of_scenarios(a: &str, b: &str) -> (i32, Value) {
    let (a, b) = (format!("scenario:{a}"), format!("scenario:{b}"));
    let output = mtlscope(&["compare", &a, &b, "--format", "json"]);
    (status(&output), json(&output))
}

/// The names of one rank, a line each.
pub fn names(found: &Value, rank: &str) -> Vec<String> {
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
pub fn grid(found: &Value) -> Vec<String> {
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
            "Identity of the client",
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
        "With A's, B ends with TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, x25519, as A does."
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

/// Nothing of it is in the bytes: the set-up tells.
#[test]
fn an_end_that_closes_is_found_in_the_set_up() {
    let (_, found) = of_scenarios("good-tls13", "client-hangs-up");
    assert_eq!(names(&found, "changed-and-matters"), ["What the wire did"]);
}

/// What was at hand in A names its cause: with A's chain, B fails for the same.
#[test]
fn a_cause_is_called_by_what_is_at_hand() {
    let (_, found) = of_scenarios("client-missing-intermediate", "good-tls13");
    let names = names(&found, "changed-and-matters");
    assert!(
        names.contains(&"Certificates that the client sends".to_owned()),
        "{found}"
    );
}
