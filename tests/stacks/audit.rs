//! The fail-open audit: against our own rustls as far as that proves anything, and against real servers and clients, one of
//! each deliberately open. Needs real peers: openssl, nginx, Envoy, curl.

use crate::support::command;
use crate::support::machine;
use crate::support::openssl;
use crate::support::peers;
use command::{json, mtlscope, status};
use openssl::Workshop;
use serde_json::Value;

const CLIENT: &str = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n\
                      subjectAltName=DNS:orders.shop.svc\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const SERVER: &str = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n\
                      subjectAltName=DNS:localhost\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

fn workshop() -> Workshop {
    let made = Workshop::new();
    made.root("ca", "/CN=Shop Root");
    made.issue("client", "/CN=orders", "ca", CLIENT);
    made.issue("server", "/CN=payments", "ca", SERVER);
    std::fs::create_dir(made.path("tmp")).expect("a directory");
    made
}

/// The audit of a server on this port; `more` are further flags.
fn audit(made: &Workshop, port: u16, more: &[&str]) -> (i32, Value) {
    let (certificate, key) = (made.argument("client.pem"), made.argument("client.key"));
    let (ca, ca_key) = (made.argument("ca.pem"), made.argument("ca.key"));
    let address = format!("localhost:{port}");
    let mut arguments = vec![
        "audit",
        "server",
        &address,
        "--client-cert",
        &certificate,
        "--client-key",
        &key,
        "--ca",
        &ca,
        "--ca-key",
        &ca_key,
        "--format",
        "json",
    ];
    arguments.extend(more);
    let output = mtlscope(&arguments);
    (status(&output), json(&output))
}

fn let_in(report: &Value) -> Vec<&str> {
    report["probes"]
        .as_array()
        .expect("probes")
        .iter()
        .filter(|probe| probe["open"] == true)
        .filter_map(|probe| probe["id"].as_str())
        .collect()
}

fn assert_closed(what: &str, (status, report): &(i32, Value)) {
    assert_eq!(report["verdict"], "closed", "{what}: {report:#}");
    assert_eq!(*status, 0);
    let probes = report["probes"].as_array().expect("probes");
    assert_eq!(probes.len(), 10);
    for probe in probes {
        assert_eq!(probe["answer"], "refused", "{what}: {probe:#}");
    }
}

#[test]
fn nginx_closed_and_nginx_deliberately_open() {
    let test = "nginx_closed_and_nginx_deliberately_open";
    if !openssl::is_at_hand(test) || !peers::is_at_hand("nginx", test) {
        return;
    }
    let made = workshop();
    let directory = made.path("");
    let port = peers::free_port();
    {
        let _nginx = peers::nginx(
            &directory,
            port,
            "ssl_client_certificate ca.pem;\nssl_verify_client on;",
        );
        let found = audit(&made, port, &[]);
        assert_closed("ssl_verify_client on", &found);
        // Its reasons are in HTTP: a probe that stopped at the handshake would see an open door.
        assert!(
            found.1["probes"][0]["words"]
                .as_str()
                .is_some_and(|words| words.contains("HTTP 400"))
        );
    }
    let port = peers::free_port();
    {
        let _nginx = peers::nginx(
            &directory,
            port,
            "ssl_client_certificate ca.pem;\nssl_verify_client optional_no_ca;",
        );
        let (status, report) = audit(&made, port, &[]);
        assert_eq!(
            (status, &report["verdict"]),
            (1, &Value::from("open")),
            "{report:#}"
        );
        let open = let_in(&report);
        for id in ["no-certificate", "self-signed", "unknown-ca"] {
            assert!(open.contains(&id), "optional_no_ca lets {id} in: {open:?}");
        }
        // It forgives an issuer that it does not know, and not a signature that fails.
        assert!(!open.contains(&"impostor"), "{open:?}");
        assert!(
            !open.contains(&"stolen-certificate"),
            "TLS itself refuses that: {open:?}"
        );
    }
    let port = peers::free_port();
    {
        let _nginx = peers::nginx(
            &directory,
            port,
            "ssl_client_certificate ca.pem;\nssl_verify_client optional;",
        );
        let (_, report) = audit(&made, port, &[]);
        assert_eq!(let_in(&report), ["no-certificate"]);
        let (status, report) = audit(&made, port, &["--allow-none"]);
        assert_eq!(
            (status, &report["verdict"]),
            (0, &Value::from("closed")),
            "{report:#}"
        );
    }
}

#[test]
fn envoy_closed_and_envoy_deliberately_open() {
    let test = "envoy_closed_and_envoy_deliberately_open";
    if machine::is_left_out("Envoy", test) {
        return;
    }
    if !openssl::is_at_hand(test) || !peers::is_at_hand(&peers::envoy(), test) {
        return;
    }
    let made = workshop();
    let directory = made.path("");
    let ca = made.argument("ca.pem");
    let port = peers::free_port();
    {
        let strict = format!(
            "          require_client_certificate: true\n          common_tls_context:\n            \
             validation_context:\n              trusted_ca: {{ filename: {ca} }}"
        );
        let _envoy = peers::envoy_listener(&directory, port, &strict);
        assert_closed(
            "require_client_certificate with trusted_ca",
            &audit(&made, port, &[]),
        );
    }
    let port = peers::free_port();
    {
        let open = format!(
            "          require_client_certificate: true\n          common_tls_context:\n            \
             validation_context:\n              trusted_ca: {{ filename: {ca} }}\n              \
             trust_chain_verification: ACCEPT_UNTRUSTED"
        );
        let _envoy = peers::envoy_listener(&directory, port, &open);
        let (status, report) = audit(&made, port, &[]);
        assert_eq!(
            (status, &report["verdict"]),
            (1, &Value::from("open")),
            "{report:#}"
        );
        let open = let_in(&report);
        for id in [
            "self-signed",
            "unknown-ca",
            "impostor",
            "expired",
            "issued-by-leaf",
        ] {
            assert!(open.contains(&id), "ACCEPT_UNTRUSTED lets {id} in: {open:?}");
        }
        assert!(
            !open.contains(&"no-certificate"),
            "it still requires one: {open:?}"
        );
    }
}

#[test]
fn openssl_that_only_asks_is_open() {
    let test = "openssl_that_only_asks_is_open";
    if !openssl::is_at_hand(test) {
        return;
    }
    let made = workshop();
    let port = peers::free_port();
    let mut command = std::process::Command::new("openssl");
    command.current_dir(made.path("")).args([
        "s_server",
        "-accept",
        &format!("127.0.0.1:{port}"),
        "-cert",
        "server.pem",
        "-key",
        "server.key",
        "-CAfile",
        "ca.pem",
        "-verify",
        "3",
        "-www",
    ]);
    let _server = peers::start(&mut command, port, &made.path("s_server.out"));
    let (_, report) = audit(&made, port, &[]);
    assert!(
        let_in(&report).len() >= 8,
        "-verify asks and never refuses: {report:#}"
    );
}

#[test]
fn curl_closed_and_curl_deliberately_open() {
    let test = "curl_closed_and_curl_deliberately_open";
    if !peers::is_at_hand("curl", test) {
        return;
    }
    let output = mtlscope(&[
        "audit",
        "client",
        "--format",
        "json",
        "--",
        "curl",
        "-s",
        "--cacert",
        "{ca}",
        "https://localhost:{port}/",
    ]);
    let report = json(&output);
    assert_eq!(report["control"]["answer"], "accepted", "{report:#}");
    // OpenSSL still takes a common name for a name where there is no SAN at all; nothing else passes.
    assert!(let_in(&report).iter().all(|id| *id == "no-name"), "{report:#}");
    let output = mtlscope(&[
        "audit",
        "client",
        "--format",
        "json",
        "--",
        "curl",
        "-sk",
        "https://localhost:{port}/",
    ]);
    let report = json(&output);
    assert_eq!(report["verdict"], "open");
    let open = let_in(&report);
    for id in ["self-signed", "unknown-ca", "impostor", "wrong-name", "expired"] {
        assert!(open.contains(&id), "-k lets {id} in: {open:?}");
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let output = mtlscope(&["audit", "client", "--", "curl", "https://localhost/"]);
    assert_eq!(status(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("{port}"));
    let output = mtlscope(&["audit", "client", "--", "no-such-program-at-all", "{port}"]);
    assert_eq!(status(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be started"));
    let output = mtlscope(&["audit", "server", "localhost", "--client-cert", "x.pem"]);
    assert_eq!(status(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("HOST:PORT"));
}

#[test]
fn a_client_that_talks_to_nobody_proves_nothing() {
    // A client that never connects: even the good server is not talked to.
    let output = mtlscope(&[
        "audit",
        "client",
        "--timeout-ms",
        "300",
        "--format",
        "json",
        "--",
        "true",
        "{port}",
    ]);
    let report = json(&output);
    assert_eq!(
        (status(&output), &report["verdict"]),
        (1, &Value::from("meaningless")),
        "{report:#}"
    );
}
