//! The audit's CA: what rests on it proves something only where a valid certificate of it is let in.

use std::net::TcpListener;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use mtlscope::pki::Minted;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig, SignatureScheme};
use serde_json::Value;

use super::audit::serve;
use crate::support::command::{json, mtlscope, status, stderr, stdout};
use crate::support::pem::pem;
use crate::support::pki::minted;

const PKI: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true, from_hours: -1000),
    (name: "int", subject: "Mesh Issuing", issuer: "root", is_ca: true, from_hours: -1000),
    (name: "server", subject: "payments", issuer: "int", sans: ["DNS:localhost"], purposes: ["serverAuth"]),
    (name: "client", subject: "orders", issuer: "int", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "stranger", subject: "Another Root", is_ca: true),
]"#;

/// Verifies everything but the time: what was valid two days ago is let in.
#[derive(Debug)]
struct Timeless(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for Timeless {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }
    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        issuers: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let then = UnixTime::since_unix_epoch(Duration::from_secs(now.as_secs() - 48 * 3600));
        self.0
            .verify_client_cert(leaf, issuers, now)
            .or_else(|error| self.0.verify_client_cert(leaf, issuers, then).map_err(|_| error))
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// A server that trusts the root; one that is open takes expired certificates.
fn configuration(pki: &Minted, is_open: bool) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let found = |name: &str| pki.find(name).expect("minted");
    let certificate = |name: &str| CertificateDer::from(found(name).certificate.der.to_vec());
    let verifier = |names: &[&str]| {
        let mut roots = RootCertStore::empty();
        for name in names {
            roots.add(certificate(name)).expect("a root");
        }
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .expect("a verifier")
    };
    let strict = verifier(&["root"]);
    let verifier = if is_open {
        Arc::new(Timeless(strict))
    } else {
        strict
    };
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![certificate("server"), certificate("int")],
            found("server").key.key.der.clone_key(),
        )
        .expect("an identity");
    Arc::new(config)
}

/// The audit of such a server, with these certificates as the CA's file and this one's key.
fn audit(is_open: bool, ca: &[&str], ca_key: Option<&str>, format: &str) -> Output {
    let pki = minted(PKI);
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let config = configuration(&pki, is_open);
    std::thread::spawn(move || {
        for tcp in listener.incoming() {
            let Ok(tcp) = tcp else { return };
            serve(&config, tcp);
        }
    });
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let pems = |names: &[&str]| -> String {
        names
            .iter()
            .map(|name| pem("CERTIFICATE", &pki.find(name).expect("minted").certificate.der))
            .collect()
    };
    std::fs::write(path("client.pem"), pems(&["client", "int"])).expect("written");
    std::fs::write(path("ca.pem"), pems(ca)).expect("written");
    for name in ["client", "int", "stranger"] {
        let key = &pki.find(name).expect("minted").key.key.der;
        std::fs::write(path(&format!("{name}.key")), key.secret_der()).expect("written");
    }
    let (client, key, ca) = (path("client.pem"), path("client.key"), path("ca.pem"));
    let mut arguments = vec!["audit", "server", &address, "--client-cert", &client];
    arguments.extend([
        "--client-key",
        &key,
        "--ca",
        &ca,
        "--timeout-ms",
        "5000",
        "--format",
        format,
    ]);
    let signing = ca_key.map(|name| path(&format!("{name}.key")));
    if let Some(signing) = &signing {
        arguments.extend(["--ca-key", signing]);
    }
    mtlscope(&arguments)
}

fn answer<'a>(report: &'a Value, id: &str) -> &'a str {
    let probes = report["probes"].as_array().expect("probes");
    let probe = probes.iter().find(|probe| probe["id"] == id).expect("there");
    probe["answer"].as_str().expect("a word")
}

#[test]
fn with_an_intermediate_as_the_ca_its_chain_is_sent_and_the_hole_is_found() {
    // The intermediate alone, in a bundle after its root, and before it.
    for file in [&["int"][..], &["root", "int"], &["int", "root"]] {
        let output = audit(true, file, Some("int"), "json");
        let report = json(&output);
        assert_eq!(report["verdict"], "open", "{file:?}: {report:#}");
        assert_eq!(status(&output), 1);
        assert_eq!(report["ca_control"]["answer"], "accepted", "{report:#}");
        assert_eq!(answer(&report, "expired"), "accepted", "{report:#}");
        assert_eq!(answer(&report, "not-yet-valid"), "refused", "{report:#}");
        let output = audit(false, file, Some("int"), "json");
        let report = json(&output);
        assert_eq!(
            (status(&output), &report["verdict"]),
            (0, &Value::from("closed")),
            "{report:#}"
        );
    }
}

#[test]
fn a_ca_that_the_server_never_heard_of_proves_nothing() {
    let output = audit(true, &["stranger"], Some("stranger"), "json");
    let report = json(&output);
    assert_eq!(
        (status(&output), &report["verdict"]),
        (1, &Value::from("inconclusive")),
        "{report:#}"
    );
    assert_eq!(report["ca_control"]["answer"], "refused", "{report:#}");
    for id in ["impostor", "expired", "not-yet-valid", "wrong-purpose"] {
        assert_eq!(answer(&report, id), "not-tested", "{report:#}");
    }
    assert_eq!(answer(&report, "self-signed"), "refused", "{report:#}");
    // Without a key the good client tells that the CA is another.
    let report = json(&audit(false, &["stranger"], None, "json"));
    assert_eq!(report["verdict"], "inconclusive", "{report:#}");
    assert_eq!(answer(&report, "impostor"), "not-tested", "{report:#}");
    let report = json(&audit(false, &["root", "int"], None, "json"));
    assert_eq!(report["verdict"], "closed", "{report:#}");
    let words = stdout(&audit(true, &["stranger"], Some("stranger"), "text"));
    assert!(words.starts_with("INCONCLUSIVE: "), "{words}");
    assert!(words.contains("a valid certificate of the CA"), "{words}");
}

#[test]
fn a_key_that_belongs_to_another_ca_is_refused() {
    let output = audit(false, &["int", "root"], Some("stranger"), "json");
    assert_eq!((status(&output), stdout(&output)), (2, String::new()));
    let words = stderr(&output);
    assert!(
        words.contains("stranger.key: ") && words.contains("ca.pem"),
        "{words}"
    );
    // A client's as well.
    let pki = minted(PKI);
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("ca.der"), &pki.find("int").expect("minted").certificate.der).expect("written");
    let key = &pki.find("stranger").expect("minted").key.key.der;
    std::fs::write(path("other.key"), key.secret_der()).expect("written");
    let (ca, other) = (path("ca.der"), path("other.key"));
    let output = mtlscope(&[
        "audit", "client", "--ca", &ca, "--ca-key", &other, "--", "true", "{port}",
    ]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("other.key: "), "{}", stderr(&output));
}
