//! Packets of the field: what they prove of a client that sent no certificate, of a header before TLS, of a protocol that was not
//! chosen; and what they may not be made to say.

use crate::support::command;
use command::{json, mtlscope, stdout};
use serde_json::Value;

fn file(case: &str, name: &str) -> String {
    format!(
        "{}/tests/fixtures/field/{case}/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

fn show(case: &str, name: &str) -> Value {
    let shown = json(&mtlscope(&["show", &file(case, name), "--format", "json"]));
    shown["connections"][0].clone()
}

fn ids(connection: &Value) -> Vec<&str> {
    let causes = connection["causes"].as_array().expect("causes");
    causes.iter().filter_map(|cause| cause["id"].as_str()).collect()
}

#[test]
fn an_empty_list_is_proven_with_the_cas_that_were_named() {
    // OpenSSL, GnuTLS, Go and Java as servers: five alerts for the same fault.
    for name in [
        "names.pcap",
        "nocert12.pcap",
        "nocert12-gnutls.pcap",
        "nocert-go-1.2.pcap",
        "nocert-go-1.3.pcap",
        "nocert-java-1.3.pcap",
    ] {
        let connection = show("23-ca-names-root-only", name);
        assert_eq!(
            ids(&connection),
            ["client-certificate-missing", "client-certificate-not-acceptable"],
            "{name}"
        );
        let first = &connection["causes"][0];
        assert_eq!(first["certainty"], "proven", "{name}");
        assert_eq!(first["side"], "server");
        let detail = first["detail"].as_str().unwrap_or_default();
        assert!(
            detail.contains("CN=Homestead Root") && detail.contains("do not show"),
            "{detail}"
        );
        assert_eq!(connection["causes"][1]["certainty"], "possible");
        // A server that refuses next never believed itself connected.
        assert!(
            connection["endings"]["server"]["connected_at_us"].is_null(),
            "{name}"
        );
    }
}

#[test]
fn what_the_server_chose_is_no_cause() {
    let connection = show("20-java-no-key-entry", "nokey-tls1_3.pcap");
    assert_eq!(
        ids(&connection),
        [
            "unexplained-refusal",
            "no-common-signature-scheme",
            "server-certificate-missing"
        ]
    );
    // Nobody was asked for a certificate, and so nobody missed one.
    let connection = show("20-java-no-key-entry", "nokey-tls1_2.pcap");
    assert!(ids(&connection).contains(&"server-certificate-missing"));
    assert!(
        !ids(&connection).contains(&"client-certificate-missing"),
        "{:?}",
        ids(&connection)
    );
}

#[test]
fn a_proxy_header_before_tls_is_named() {
    let connection = show("37-proxy-header-before-tls", "proxy.pcap");
    assert_eq!(ids(&connection), ["proxy-header-mismatch"]);
    let detail = connection["causes"][0]["detail"].as_str().unwrap_or_default();
    assert!(
        detail.contains("PROXY TCP4 127.0.0.1") && detail.contains("(FIN)"),
        "{detail}"
    );
}

#[test]
fn a_protocol_that_was_offered_and_not_chosen_is_noted() {
    let text = stdout(&mtlscope(&["show", &file("03-grpc-alpn-missing", "alpn.pcap")]));
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("the server chose no ALPN of h2"), "{words}");
    // Who ended its half, and with what.
    assert!(words.contains("closed its side (FIN) at"), "{words}");
}
