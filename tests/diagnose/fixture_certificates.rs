//! Certificates that only OpenSSL makes: old versions, weak signatures, weak keys. See `fixtures/certs/make.sh`.

use crate::support;
use std::path::Path;

use mtlscope::cancel::Cancel;
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::decode::decode;
use mtlscope::diagnose::{CauseId, ChainInput, Outcome, diagnose, judge_chain};
use mtlscope::pki::{Bundle, read_file};
use mtlscope::setup::Identity;
use mtlscope::source::lab::run_blocking;
use mtlscope::source::oracle;
use support::pki::{USUAL, minted, now, setup};

fn file(name: &str) -> Bundle {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/certs")
        .join(name);
    read_file(&path).unwrap_or_else(|error| panic!("{error}"))
}

fn der(name: &str) -> Der {
    file(&format!("{name}.pem")).certificates[0].der.clone()
}

const TABLE: &[(&str, &str, &str, Option<CauseId>)] = &[
    (
        "v1",
        "root",
        "payments.shop.svc",
        Some(CauseId::UnsupportedCertificateVersion),
    ),
    ("sha1", "root", "payments.shop.svc", Some(CauseId::WeakSignature)),
    ("p521", "root", "payments.shop.svc", None),
    ("ip", "root", "10.0.0.7", Some(CauseId::IpInDnsName)),
    ("weak", "weak-root", "payments.shop.svc", Some(CauseId::WeakKey)),
    // The chain is accepted; what the key signs is not.
    ("rsa1024", "root", "payments.shop.svc", None),
];

#[test]
fn each_is_named_and_agrees_with_rustls() {
    for (leaf, root, name, cause) in TABLE {
        let chain = [der(leaf)];
        let trust = Trust {
            roots: vec![der(root)],
            expected_name: Some((*name).to_owned()),
            clock_unix_s: now(),
            ..Trust::default()
        };
        let judged = judge_chain(&ChainInput {
            chain: &chain,
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: None,
            possession: None,
        });
        let verdict = oracle::judge(&chain, &trust, Side::Client);
        assert_eq!(verdict.is_err(), judged.is_refused(), "{leaf}: {verdict:?}");
        let failed: Vec<_> = judged
            .matrix
            .iter()
            .filter(|row| row.outcome == Outcome::Fail)
            .filter_map(|row| row.cause)
            .collect();
        match cause {
            Some(cause) => assert!(failed.contains(cause), "{leaf}: {failed:?}"),
            None => assert!(failed.is_empty(), "{leaf}: {failed:?}"),
        }
    }
}

#[test]
fn an_old_or_weakly_signed_certificate_is_presented_and_the_first_cause_is_it() {
    let pki = minted(USUAL);
    for (leaf, root, name, cause) in TABLE {
        let Some(cause) = cause else { continue };
        let mut setup = setup(&pki, &["client", "issuer"]);
        let mut bundle = file(&format!("{leaf}.pem"));
        bundle.keys = file(&format!("{leaf}.key")).keys;
        setup.parties.server.identity = Some(Identity {
            chain: bundle.certificates,
            key: bundle.keys.into_iter().next(),
        });
        setup.parties.client.trust = file(&format!("{root}.pem")).certificates;
        (*name).clone_into(&mut setup.server_name);
        let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
        let diagnosis = diagnose(&capture, &decode(&capture));
        let first = diagnosis
            .causes
            .first()
            .unwrap_or_else(|| panic!("{leaf}: no cause"));
        assert_eq!(
            (first.id, first.side, first.reported),
            (*cause, Some(Side::Client), true),
            "{leaf}"
        );
    }
}
