//! Each bad peer is bad in the way that it is told for: what it presents is judged here.

use std::time::Duration;

use super::clients::{BadClient, Material, alone, minted};
use super::servers::{BadServer, Shop};
use super::{Answer, AuditVerdict, ServerAudit, audit_server};
use crate::cancel::Cancel;
use crate::capture::{Der, Side, Trust};
use crate::diagnose::{ChainInput, explain_chain};
use crate::pki::{CertificateFacts, MintedIdentity};
use crate::setup::Identity;
use crate::source::probe::Server;

const NOW: i64 = 1_790_000_000;
const NAME: &str = "localhost";

/// A CA, and what it issued.
const PKI: &str = r#"[
    (name: "ca", subject: "CA", is_ca: true),
    (name: "client", subject: "good", issuer: "ca", sans: ["DNS:good.example"], purposes: ["clientAuth"]),
]"#;

/// Makes servers, good and bad, below this CA.
fn shop(ca: &MintedIdentity) -> Shop<'_> {
    Shop {
        ca: &ca.certificate,
        ca_key: &ca.key.key,
        name: NAME,
        now_unix_s: NOW,
    }
}

/// The causes for which `judge` refuses this identity, where it trusts the CA.
fn causes(identity: &Identity, ca: &Der, judge: Side) -> Vec<&'static str> {
    let chain: Vec<Der> = identity.chain.iter().map(|one| one.der.clone()).collect();
    let trust = Trust {
        roots: vec![ca.clone()],
        expected_name: (judge == Side::Client).then(|| NAME.to_owned()),
        clock_unix_s: NOW,
        ..Trust::default()
    };
    let explained = explain_chain(
        &ChainInput {
            chain: &chain,
            trust: Some(&trust),
            judge,
            at_hand: &[],
            clock_unix_s: NOW,
            key_in_use: identity.key.as_ref().map(|key| key.key.public_key.as_slice()),
            possession: None,
        },
        &[],
        None,
    );
    explained.causes.iter().map(|cause| cause.id.word()).collect()
}

#[test]
fn each_bad_server_is_refused_for_its_own_fault() {
    let pki = minted(PKI, NOW).expect("minted");
    let ca = pki.find("ca").expect("there");
    let shop = shop(ca);
    let judged = |identity: &Identity| causes(identity, &ca.certificate.der, Side::Client);
    assert!(judged(&shop.good().expect("made")).is_empty());
    for bad in BadServer::ALL {
        let found = judged(&shop.bad(bad).expect("made"));
        let expected = match bad {
            // Nothing in it says that another key of that name signed: to a judge the signature is bad.
            BadServer::Impostor => "bad-signature",
            // Both bear the client's name for it, and so it seems to have issued itself.
            BadServer::IssuedByLeaf => found.first().copied().expect("it is refused"),
            other => other.cause().word(),
        };
        assert!(found.contains(&expected), "{bad:?}: {found:?}");
    }
}

#[test]
fn each_bad_client_is_refused_for_its_own_fault() {
    let pki = minted(PKI, NOW).expect("minted");
    let ca = pki.find("ca").expect("there");
    let good = alone(pki.find("client").expect("there").clone());
    let from = Material {
        good: &good,
        ca: Some(&ca.certificate),
        ca_key: Some(&ca.key.key),
        now_unix_s: NOW,
    };
    let judged = |identity: &Identity| causes(identity, &ca.certificate.der, Side::Server);
    assert!(judged(&good).is_empty());
    for bad in BadClient::ALL {
        match bad.identity(&from).expect("made") {
            None => assert_eq!(bad, BadClient::NoCertificate),
            Some(identity) => {
                let found = judged(&identity);
                let expected = match bad {
                    BadClient::Impostor => "bad-signature",
                    other => other.cause().word(),
                };
                assert!(found.contains(&expected), "{bad:?}: {found:?}");
            }
        }
    }
    // Without the CA's key only what it alone can sign is not made; and that is said.
    let poor = Material { ca_key: None, ..from };
    for bad in BadClient::ALL {
        let needs_key = matches!(
            bad,
            BadClient::Expired | BadClient::NotYetValid | BadClient::WrongPurpose
        );
        let made = bad.identity(&poor);
        assert_eq!(made.is_err(), needs_key, "{bad:?}");
        assert!(made.err().is_none_or(|why| why.contains("--ca-key")), "{bad:?}");
    }
}

/// The stolen certificate is the good one; only the key is another's.
#[test]
fn the_stolen_certificate_is_the_cas_own_work() {
    let pki = minted(PKI, NOW).expect("minted");
    let ca = pki.find("ca").expect("there");
    let shop = shop(ca);
    let stolen = shop.bad(BadServer::StolenCertificate).expect("made");
    let facts = CertificateFacts::from_der(stolen.chain[0].der.as_bytes()).expect("a certificate");
    let key = stolen.key.expect("a key").key;
    assert!(!key.matches(&facts));
    let good = shop.good().expect("made");
    assert_eq!(key.kind, good.key.expect("a key").key.kind, "of the same kind");
}

/// A server that serves one client and is gone.
#[test]
fn a_server_that_is_gone_has_refused_nobody() {
    let pki = minted(PKI, NOW).expect("minted");
    let ca = pki.find("ca").expect("there");
    let shop = shop(ca);
    for allows_none in [false, true] {
        let server = Server::open(&shop.good().expect("made")).expect("it listens");
        let address = server.address().expect("an address").to_string();
        let patient = Duration::from_mins(1);
        let serving = std::thread::spawn(move || {
            server.serve_one(patient, &Cancel::default(), &mut || false);
        });
        let audit = ServerAudit {
            address,
            server_name: NAME.to_owned(),
            good: alone(pki.find("client").expect("there").clone()),
            ca: Some(ca.certificate.clone()),
            ca_key: Some(ca.key.key.clone()),
            path: Some("/".to_owned()),
            allows_none,
            timeout: patient,
        };
        let mut serving = Some(serving);
        let mut shown = 0;
        let report = audit_server(&audit, NOW, &Cancel::default(), &mut |_| {
            shown += 1;
            // The good client was served: before the next is shown, nobody listens any more.
            if shown == 2 {
                serving.take().expect("once").join().expect("it ended");
            }
        })
        .expect("it is audited");
        assert!(matches!(report.control.answer, Answer::Accepted(_)));
        let has_none = report.probes.iter().any(|probe| probe.id == "no-certificate");
        assert_eq!(has_none, !allows_none);
        assert_eq!(report.probes.len(), 10 - usize::from(allows_none));
        assert_eq!(report.untested().count(), report.probes.len(), "{report:#?}");
        assert_eq!(report.verdict(), AuditVerdict::Inconclusive);
    }
}
