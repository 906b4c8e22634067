//! What `verify` knows of the files, `explain` confirms, and names it for the stack that spoke: field cases with their files.

use crate::support::command;
use command::{json, mtlscope};
use serde_json::Value;

/// Within the dates of every file.
const AT: &str = "2026-11-28T00:00:00Z";

fn path(case: &str, file: &str) -> String {
    format!(
        "{}/tests/fixtures/field/{case}/{file}",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// `explain` of a line beside the files of a case: the client's, the server's, and the CA of both.
fn explain(case: &str, line: &str, client: &str, server: &str, name: &str) -> Value {
    let file = |name: &str, ending: &str| path(case, &format!("{name}.{ending}"));
    json(&mtlscope(&[
        "explain",
        line,
        "--format",
        "json",
        "--at",
        AT,
        "--client-cert",
        &file(client, "pem"),
        "--client-key",
        &file(client, "key"),
        "--client-trust",
        &file("ca", "pem"),
        "--server-cert",
        &file(server, "pem"),
        "--server-key",
        &file(server, "key"),
        "--server-trust",
        &file("ca", "pem"),
        "--server-name",
        name,
    ]))
}

/// The first candidate is this one, the files show it, and what was found has these words.
fn confirmed<'a>(answer: &'a Value, id: &str, words: &[&str]) -> &'a Value {
    let first = &answer["candidates"][0];
    assert_eq!(first["id"], id, "{answer:#}");
    assert_eq!(first["settled"], "confirmed", "{first:#}");
    let found = first["found"].as_str().unwrap_or_default();
    for part in words {
        assert!(found.contains(part), "{part}: {found}");
    }
    let remedies = first["remedies"].as_array().expect("remedies");
    assert!(
        remedies.iter().any(|remedy| !remedy["commands"][0].is_null()),
        "{first:#}"
    );
    first
}

fn confirmed_ids(answer: &Value) -> Vec<&str> {
    let all = answer["candidates"].as_array().expect("candidates");
    all.iter()
        .filter(|one| one["settled"] == "confirmed")
        .filter_map(|one| one["id"].as_str())
        .collect()
}

#[test]
fn proxysql_3412_a_ca_that_is_none() {
    let line = "ERROR 2026 (HY000): SSL connection error: error:1416F086:SSL routines:tls_process_server_certificate:certificate verify failed";
    let answer = explain(
        "04-sql-proxy-ca-false",
        line,
        "app",
        "proxy",
        "sqlproxy.quayside.test",
    );
    let first = confirmed(
        &answer,
        "issuer-not-ca",
        &["CA:FALSE", "root CN=Quayside", "OpenSSL wrote the line"],
    );
    assert_eq!(confirmed_ids(&answer), ["issuer-not-ca"], "nothing else is found");
    // It is trusted, and mended where it is trusted.
    let text = first["remedies"].to_string();
    assert!(text.contains("-signkey") && text.contains("is a root"), "{text}");
}

#[test]
fn syncloud_775_no_authority_key_identifier() {
    let line = "certificate verify failed: Missing Authority Key Identifier (_ssl.c:1032)";
    let answer = explain(
        "06-python313-missing-aki",
        line,
        "client",
        "auth",
        "auth.lodestar.test",
    );
    confirmed(
        &answer,
        "not-conformant",
        &[
            "authorityKeyIdentifier",
            "leaf CN=auth.lodestar.test",
            "strict mode",
        ],
    );
    let line = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Missing Subject Key Identifier (_ssl.c:1032)";
    let answer = explain(
        "06-python313-missing-aki",
        line,
        "client",
        "auth",
        "auth.lodestar.test",
    );
    confirmed(
        &answer,
        "not-conformant",
        &["subjectKeyIdentifier", "root CN=Lodestar"],
    );
    // What is not broken is not confirmed.
    let line = "certificate verify failed: Basic Constraints of CA cert not marked critical (_ssl.c:1028)";
    let answer = explain(
        "06-python313-missing-aki",
        line,
        "client",
        "auth",
        "auth.lodestar.test",
    );
    assert_eq!(answer["candidates"][0]["settled"], "ruled-out", "{answer:#}");
}

#[test]
fn whistle_1192_a_negative_serial_number() {
    let line = "tls: failed to parse certificate from server: x509: negative serial number";
    let answer = explain("30-negative-serial", line, "cli", "srv", "api.sidings.test");
    confirmed(
        &answer,
        "not-conformant",
        &[
            "serial number is negative",
            "leaf CN=api.sidings.test",
            "Go wrote the line",
        ],
    );
}

#[test]
fn freeradius_3521_a_critical_extension_of_the_root() {
    let line = "tls_process_client_certificate:certificate verify failed: SSL says error 34 : unhandled critical extension";
    let answer = explain(
        "17-radius-critical-extension",
        line,
        "cli",
        "srv",
        "radius.zorya.test",
    );
    let first = confirmed(
        &answer,
        "unknown-critical-extension",
        &["1.2.804.2.1.1.1.11.1.4.7.1", "root", "OpenSSL wrote the line"],
    );
    assert!(
        first["title"]
            .as_str()
            .is_some_and(|title| title.contains("chain")),
        "{first:#}"
    );
}

#[test]
fn a_stack_that_does_not_mind_is_no_confirmation() {
    // OpenSSL minds a missing key identifier in its strict mode only: a plain refusal of its is for something else.
    let line = "error:0A000086:SSL routines:tls_process_server_certificate:certificate verify failed";
    let answer = explain(
        "06-python313-missing-aki",
        line,
        "client",
        "auth",
        "auth.lodestar.test",
    );
    assert!(confirmed_ids(&answer).is_empty(), "{:?}", confirmed_ids(&answer));
}
