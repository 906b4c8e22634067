//! Needs a real peer: the `openssl` command. The first acceptance: six faults in the client's certificate, which OpenSSL
//! tells apart in three ways, each get their own true answer.

use crate::support::command;
use crate::support::openssl;
use command::{json, mtlscope, status};
use openssl::Workshop;
use serde_json::Value;

const CA: &str = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n\
                  authorityKeyIdentifier=keyid\n";
const CLIENT: &str = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n\
                      subjectAltName=DNS:orders.shop.svc\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const SERVER: &str = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n\
                      subjectAltName=DNS:payments.shop.svc\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// A root, a server, and six clients, five of them wrong.
fn workshop() -> Workshop {
    let made = Workshop::new();
    made.root("root", "/CN=Mesh Root");
    made.root("other", "/CN=Other Root");
    made.root("impostor", "/CN=Mesh Root");
    made.issue("issuer", "/CN=Mesh Issuer", "root", CA);
    made.issue("payments", "/CN=payments", "root", SERVER);
    made.issue("good", "/CN=orders", "root", CLIENT);
    made.issue("wrong-ca", "/CN=orders", "other", CLIENT);
    made.issue("impostors", "/CN=orders", "impostor", CLIENT);
    made.issue("below-issuer", "/CN=orders", "issuer", CLIENT);
    made.issue("server-only", "/CN=orders", "root", SERVER);
    made.issue_expired("expired", "/CN=orders", "root", CLIENT);
    made
}

/// Runs the lab with this client and returns its analysis.
fn lab(made: &Workshop, client: &str, more: &[&str]) -> (i32, Value) {
    let (certificate, key) = if client == "none" {
        ("none".to_owned(), None)
    } else {
        (
            made.argument(&format!("{client}.pem")),
            Some(made.argument(&format!("{client}.key"))),
        )
    };
    let root = made.argument("root.pem");
    let (server, server_key) = (made.argument("payments.pem"), made.argument("payments.key"));
    let mut arguments = vec![
        "lab",
        "--format",
        "json",
        "--client-cert",
        &certificate,
        "--client-trust",
        &root,
        "--server-cert",
        &server,
        "--server-key",
        &server_key,
        "--server-trust",
        &root,
    ];
    if let Some(key) = &key {
        arguments.extend(["--client-key", key]);
    }
    arguments.extend(more);
    let output = mtlscope(&arguments);
    (status(&output), json(&output))
}

/// The first cause's id, after asserting that the server objects, and to whom.
fn first_cause(analysis: &Value, subject: Option<&str>) -> String {
    let cause = &analysis["causes"][0];
    assert_eq!(cause["side"], "server", "who objects: {cause:#}");
    assert_eq!(
        cause["certificate"]["subject"].as_str(),
        subject,
        "the certificate named: {cause:#}"
    );
    assert_eq!(cause["reported"], true, "the server's stack said so: {cause:#}");
    assert!(
        !cause["evidence"]
            .as_array()
            .expect("evidence is a list")
            .is_empty(),
        "each statement is backed: {cause:#}"
    );
    assert!(
        !cause["remedies"]
            .as_array()
            .expect("remedies are a list")
            .is_empty(),
        "each cause has a mend: {cause:#}"
    );
    cause["id"].as_str().expect("an id").to_owned()
}

#[test]
fn six_faults_have_six_answers() {
    if !openssl::is_at_hand("six_faults_have_six_answers") {
        return;
    }
    let made = workshop();
    let issuer = made.argument("issuer.pem");
    let impostor = made.argument("impostor.pem");
    let cases: [(&str, &[&str], &str, Option<&str>); 6] = [
        ("none", &[], "client-certificate-missing", None),
        ("wrong-ca", &[], "unknown-issuer", Some("CN=orders")),
        ("impostors", &[], "same-name-different-key", Some("CN=orders")),
        (
            "below-issuer",
            &["--known", &issuer],
            "missing-intermediate",
            Some("CN=orders"),
        ),
        ("server-only", &[], "wrong-purpose", Some("CN=orders")),
        ("expired", &[], "expired", Some("CN=orders")),
    ];
    for tls in ["1.3", "1.2"] {
        for (client, more, expected, subject) in cases {
            let more = [more, &["--tls", tls]].concat();
            let (status, analysis) = lab(&made, client, &more);
            assert_eq!(status, 1, "{client} over TLS {tls} is not good");
            assert_eq!(analysis["verdict"], "rejected", "{client} over TLS {tls}");
            assert_eq!(
                first_cause(&analysis, subject),
                expected,
                "{client} over TLS {tls}"
            );
        }
    }
    // The impostor itself at hand changes nothing.
    let (_, analysis) = lab(&made, "impostors", &["--known", &impostor]);
    assert_eq!(
        first_cause(&analysis, Some("CN=orders")),
        "same-name-different-key"
    );
}

#[test]
fn a_good_client_of_openssls_making_is_accepted() {
    if !openssl::is_at_hand("a_good_client_of_openssls_making_is_accepted") {
        return;
    }
    let made = workshop();
    let (status, analysis) = lab(&made, "good", &[]);
    assert_eq!(
        (status, &analysis["verdict"]),
        (0, &Value::from("accepted")),
        "{:#}",
        analysis["causes"]
    );
}

#[test]
fn one_file_may_hold_chain_and_key() {
    if !openssl::is_at_hand("one_file_may_hold_chain_and_key") {
        return;
    }
    let made = workshop();
    made.join(
        "whole.pem",
        &["below-issuer.key", "below-issuer.pem", "issuer.pem"],
    );
    let output = mtlscope(&[
        "lab",
        "--format",
        "json",
        "--client-cert",
        &made.argument("whole.pem"),
        "--client-trust",
        &made.argument("root.pem"),
        "--server-cert",
        &made.argument("payments.pem"),
        "--server-key",
        &made.argument("payments.key"),
        "--server-trust",
        &made.argument("root.pem"),
    ]);
    let analysis = json(&output);
    assert_eq!(status(&output), 0, "{:#}", analysis["causes"]);
    // Nothing was left out but the name, and that is said.
    assert_eq!(analysis["sni"], "payments.shop.svc");
    assert_eq!(
        analysis["notes"],
        serde_json::json!([
            "The client asks for payments.shop.svc, the first name in the server's certificate: no --server-name was given."
        ])
    );
}
