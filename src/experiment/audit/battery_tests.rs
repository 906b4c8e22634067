//! Each bad peer is bad in the way that it is told for: what it presents is judged here.

use std::time::Duration;

use super::authority::Authority;
use super::clients::{BadClient, Material, minted};
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

fn authority(ca: &MintedIdentity) -> Authority {
    let key = Some(ca.key.key.clone());
    Authority::among(std::slice::from_ref(&ca.certificate), key, &[]).expect("its own key")
}

/// Makes servers, good and bad, below this CA.
fn shop(ca: &Authority) -> Shop<'_> {
    Shop {
        ca,
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
    let authority = authority(ca);
    let shop = shop(&authority);
    let judged = |identity: &Identity| causes(identity, &ca.certificate.der, Side::Client);
    assert!(judged(&shop.good().expect("made")).is_empty());
    for bad in BadServer::ALL {
        let found = judged(&shop.bad(bad).expect("made"));
        assert!(found.contains(&bad.cause().word()), "{bad:?}: {found:?}");
    }
}

#[test]
fn each_bad_client_is_refused_for_its_own_fault() {
    let pki = minted(PKI, NOW).expect("minted");
    let ca = pki.find("ca").expect("there");
    let authority = authority(ca);
    let good = Identity::from(pki.find("client").expect("there").clone());
    let from = Material {
        good: &good,
        ca: Some(&authority),
        now_unix_s: NOW,
    };
    let judged = |identity: &Identity| causes(identity, &ca.certificate.der, Side::Server);
    assert!(judged(&good).is_empty());
    for bad in BadClient::ALL {
        match bad.identity(&from).expect("made") {
            None => assert_eq!(bad, BadClient::NoCertificate),
            Some(identity) => {
                let found = judged(&identity);
                assert!(found.contains(&bad.cause().word()), "{bad:?}: {found:?}");
            }
        }
    }
    // Without the CA's key only what it alone can sign is not made; and that is said.
    let keyless = Authority {
        key: None,
        ..authority.clone()
    };
    let poor = Material {
        ca: Some(&keyless),
        ..from
    };
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

/// A peer that trusts the root alone can follow each chain: what it refuses it refuses for the fault.
#[test]
fn below_an_intermediate_each_is_refused_for_its_own_fault_too() {
    let text = r#"[
        (name: "root", subject: "Root", is_ca: true),
        (name: "ca", subject: "Issuing", issuer: "root", is_ca: true),
        (name: "client", subject: "good", issuer: "ca", sans: ["DNS:good.example"], purposes: ["clientAuth"]),
    ]"#;
    let pki = minted(text, NOW).expect("minted");
    let found = |name: &str| pki.find(name).expect("there").clone();
    let (root, ca) = (found("root").certificate, found("ca"));
    let mut good = Identity::from(found("client"));
    good.chain.push(ca.certificate.clone());
    // The root stands first in the file, and the key says which is meant; without a key the good client does.
    for key in [Some(ca.key.key.clone()), None] {
        let authority = Authority::among(&[root.clone(), ca.certificate.clone()], key, &good.chain);
        assert_eq!(authority.expect("found").certificate.der, ca.certificate.der);
    }
    let stranger = found("client").key.key;
    assert!(
        Authority::among(
            &[root.clone(), ca.certificate.clone()],
            Some(stranger),
            &good.chain
        )
        .is_none()
    );
    let authority = authority(&ca);
    let from = Material {
        good: &good,
        ca: Some(&authority),
        now_unix_s: NOW,
    };
    let valid = from.valid().expect("made");
    assert!(causes(&valid, &root.der, Side::Server).is_empty());
    let facts =
        |identity: &Identity| CertificateFacts::from_der(&identity.chain[0].der).expect("a certificate");
    assert_eq!(facts(&valid).subject, facts(&good).subject);
    assert_eq!(facts(&valid).subject_alt_names, facts(&good).subject_alt_names);
    for bad in BadClient::ALL {
        if let Some(identity) = bad.identity(&from).expect("made") {
            let found = causes(&identity, &root.der, Side::Server);
            assert!(found.contains(&bad.cause().word()), "{bad:?}: {found:?}");
        }
    }
    let shop = shop(&authority);
    assert!(causes(&shop.good().expect("made"), &root.der, Side::Client).is_empty());
    for bad in BadServer::ALL {
        let found = causes(&shop.bad(bad).expect("made"), &root.der, Side::Client);
        assert!(found.contains(&bad.cause().word()), "{bad:?}: {found:?}");
    }
}

/// The stolen certificate is the good one; only the key is another's.
#[test]
fn the_stolen_certificate_is_the_cas_own_work() {
    let pki = minted(PKI, NOW).expect("minted");
    let ca = pki.find("ca").expect("there");
    let authority = authority(ca);
    let shop = shop(&authority);
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
    let authority = authority(ca);
    let shop = shop(&authority);
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
            good: Identity::from(pki.find("client").expect("there").clone()),
            ca: Some(authority.clone()),
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
