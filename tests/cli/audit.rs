//! The audit's verdict: a peer that is silent, or gone, has refused nobody. The server is rustls in this process; real ones
//! are among the tests with other stacks.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Output;
use std::sync::Arc;

use mtlscope::pki::Minted;
use rustls::pki_types::CertificateDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, Stream};
use serde_json::Value;

use crate::support::command::{json, mtlscope, status, stderr, stdout};
use crate::support::pki::minted;

pub(crate) const PKI: &str = r#"[
    (name: "ca", subject: "Mesh Root", is_ca: true),
    (name: "server", subject: "payments", issuer: "ca", sans: ["DNS:localhost"], purposes: ["serverAuth"]),
    (name: "client", subject: "orders", issuer: "ca", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"], key: KEY),
]"#;

/// What the server does with its connections, which it counts from nought.
type Conduct = fn(usize) -> Does;

#[derive(PartialEq)]
enum Does {
    Serve,
    /// Accepts, and says nothing.
    Nothing,
    /// Accepts, and closes.
    Close,
    /// Is gone: this connection is closed, and none is accepted any more.
    Die,
}

pub(crate) fn configuration(pki: &Minted) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let found = |name: &str| pki.find(name).expect("minted");
    let certificate = |name: &str| CertificateDer::from(found(name).certificate.der.to_vec());
    let mut roots = RootCertStore::empty();
    roots.add(certificate("ca")).expect("a root");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .expect("a verifier");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![certificate("server")],
            found("server").key.key.der.clone_key(),
        )
        .expect("an identity");
    Arc::new(config)
}

pub(crate) fn serve(config: &Arc<ServerConfig>, mut tcp: TcpStream) {
    let mut tls = ServerConnection::new(Arc::clone(config)).expect("a connection");
    let mut stream = Stream::new(&mut tls, &mut tcp);
    // A bad client is an error here; the alert is sent already.
    if stream.read(&mut [0; 4096]).is_ok() {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
}

/// The audit of a server that behaves so, whose good client has a key of this kind.
fn audit(key: &str, conduct: Conduct, format: &str) -> Output {
    let pki = minted(&PKI.replace("KEY", key));
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address: SocketAddr = listener.local_addr().expect("an address");
    let config = configuration(&pki);
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for (index, tcp) in listener.incoming().enumerate() {
            let Ok(tcp) = tcp else { return };
            match conduct(index) {
                Does::Serve => serve(&config, tcp),
                Does::Nothing => kept.push(tcp),
                Does::Close => drop(tcp),
                Does::Die => return,
            }
        }
    });
    for (file, name) in [("client.der", "client"), ("ca.der", "ca")] {
        let found = pki.find(name).expect("minted");
        std::fs::write(folder.path().join(file), &found.certificate.der).expect("written");
        std::fs::write(
            folder.path().join(format!("{name}.key")),
            found.key.key.der.secret_der(),
        )
        .expect("written");
    }
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    mtlscope(&[
        "audit",
        "server",
        &address.to_string(),
        "--client-cert",
        &path("client.der"),
        "--client-key",
        &path("client.key"),
        "--ca",
        &path("ca.der"),
        "--ca-key",
        &path("ca.key"),
        "--timeout-ms",
        "3000",
        "--format",
        format,
    ])
}

fn report(conduct: Conduct) -> (i32, Value) {
    let output = audit("P256", conduct, "json");
    assert_eq!(stderr(&output), "");
    (status(&output), json(&output))
}

fn answers(report: &Value, which: &str) -> usize {
    let probes = report["probes"].as_array().expect("probes");
    probes.iter().filter(|probe| probe["answer"] == which).count()
}

#[test]
fn refusals_between_two_welcomes_are_closed() {
    let (status, report) = report(|_| Does::Serve);
    assert_eq!(
        (status, &report["verdict"]),
        (0, &Value::from("closed")),
        "{report:#}"
    );
    assert_eq!(answers(&report, "refused"), 10, "{report:#}");
    assert_eq!(report["control_again"]["answer"], "accepted");
}

#[test]
fn one_that_gets_no_answer_forbids_closed() {
    let (status, report) = report(|index| if index == 4 { Does::Nothing } else { Does::Serve });
    assert_eq!(
        (status, &report["verdict"]),
        (1, &Value::from("inconclusive")),
        "{report:#}"
    );
    assert_eq!(report["probes"][2]["answer"], "not-tested", "{report:#}");
    assert_eq!(report["probes"][2]["open"], false);
    assert_eq!(answers(&report, "refused"), 9, "{report:#}");
    assert_eq!(report["control_again"]["answer"], "accepted");
}

#[test]
fn a_server_that_serves_the_good_client_and_then_nobody_is_not_closed() {
    // It dies at once, after some, and at the last; or it is there and closes every connection.
    let conducts: [Conduct; 4] = [
        |index| if index == 0 { Does::Serve } else { Does::Die },
        |index| if index < 5 { Does::Serve } else { Does::Die },
        |index| if index < 12 { Does::Serve } else { Does::Die },
        |index| if index == 0 { Does::Serve } else { Does::Close },
    ];
    for (which, conduct) in conducts.into_iter().enumerate() {
        let (status, report) = report(conduct);
        assert_eq!(
            (status, &report["verdict"]),
            (1, &Value::from("inconclusive")),
            "{which}: {report:#}"
        );
        assert_eq!(report["control"]["answer"], "accepted", "{which}");
        assert_ne!(
            report["control_again"]["answer"], "accepted",
            "{which}: {report:#}"
        );
    }
    let output = audit(
        "P256",
        |index| if index == 0 { Does::Serve } else { Does::Die },
        "text",
    );
    let words = stdout(&output);
    assert!(words.starts_with("INCONCLUSIVE: "), "{words}");
    assert!(words.contains("not tested: "), "{words}");
    assert!(!words.contains("CLOSED"), "{words}");
}

/// Possession is what is tested, whatever the kind of the good key: the server says that the signature is wrong, and not
/// that the key is of a kind that it does not take, or that there is no certificate.
#[test]
fn a_stolen_certificate_is_refused_for_the_signature() {
    for key in ["P384", "P521", "Ed25519", "Rsa3072"] {
        let output = audit(key, |_| Does::Serve, "json");
        let report = json(&output);
        assert_eq!(
            (status(&output), &report["verdict"]),
            (0, &Value::from("closed")),
            "{key}: {report:#}"
        );
        let stolen = &report["probes"][5];
        assert_eq!(stolen["id"], "stolen-certificate");
        let words = stolen["words"].as_str().unwrap_or_default();
        assert!(words.contains("DecryptError"), "{key}: {stolen:#}");
    }
}
