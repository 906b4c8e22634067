//! The rules, one by one, on requests made by hand.

use super::{Answer, Asked, Lens, Opinion, would_send};
use crate::capture::Der;
use crate::pki::{CertificateFacts, KeySpec, Recipe, mint};

const ALL: [&str; 5] = [
    "ecdsa_secp256r1_sha256",
    "ecdsa_secp384r1_sha384",
    "ed25519",
    "rsa_pss_rsae_sha256",
    "rsa_pkcs1_sha256",
];

fn recipe(name: &str, issuer: Option<&str>, key: KeySpec) -> Recipe {
    let mut recipe: Recipe =
        ron::from_str(&format!("(name: {name:?}, subject: {name:?})")).expect("a recipe");
    recipe.issuer = issuer.map(str::to_owned);
    recipe.is_ca = name.starts_with("ca");
    recipe.key = key;
    recipe
}

/// The leaf of these names' chain first.
fn chain(key: KeySpec) -> Vec<Der> {
    let recipes = [
        recipe("ca root", None, KeySpec::P256),
        recipe("ca issuer", Some("ca root"), KeySpec::P256),
        recipe("orders", Some("ca issuer"), key),
    ];
    let minted = mint(&recipes, 1_700_000_000).expect("a small PKI");
    ["orders", "ca issuer"]
        .iter()
        .map(|name| minted.find(name).expect("it was minted").certificate.der.clone())
        .collect()
}

fn asked(is_13: bool, authorities: &[Vec<u8>], schemes: &[&str]) -> Asked {
    let mut asked = Asked {
        is_13,
        authorities: authorities
            .iter()
            .map(|name| {
                (
                    name.clone(),
                    crate::pki::distinguished_name(name).expect("a name"),
                )
            })
            .collect(),
        schemes: schemes.iter().map(|&scheme| scheme.to_owned()).collect(),
        types: if is_13 { Vec::new() } else { vec![1, 64] },
        ..Asked::default()
    };
    asked.places.whole = 0..100;
    asked.places.authorities = 40..100;
    asked.places.schemes = 10..20;
    asked.places.types = 4..8;
    asked
}

fn issuer_of(der: &Der) -> Vec<u8> {
    CertificateFacts::from_der(der.as_bytes())
        .expect("a certificate")
        .issuer_der
}

/// Who does not send, in the stacks' order.
fn not_sending(opinions: &[Opinion]) -> Vec<(&'static str, Answer)> {
    opinions
        .iter()
        .filter(|opinion| opinion.answer != Answer::Sends)
        .map(|opinion| (opinion.stack, opinion.answer))
        .collect()
}

#[test]
fn a_foreign_authority_is_minded_by_those_who_look() {
    let own = chain(KeySpec::P256);
    let foreign = issuer_of(&chain(KeySpec::P256)[0]);
    let mut foreign_name = foreign.clone();
    *foreign_name.last_mut().expect("a name") = b'X';
    for is_13 in [true, false] {
        let opinions = would_send(&asked(is_13, &[foreign_name.clone()], &ALL), &own).expect("a known key");
        let minds = [
            ("Go", Answer::Withholds),
            ("Java (SunX509)", Answer::Withholds),
            ("Java (PKIX)", Answer::Withholds),
            ("GnuTLS", Answer::Withholds),
        ];
        assert_eq!(not_sending(&opinions), minds, "TLS 1.3: {is_13}");
        for opinion in opinions.iter().filter(|opinion| opinion.answer != Answer::Sends) {
            assert_eq!(
                opinion.decides,
                40..100,
                "{}: the authorities decide",
                opinion.stack
            );
            assert!(
                opinion.why.contains("ca issueX"),
                "{}: {}",
                opinion.stack,
                opinion.why
            );
        }
    }
}

#[test]
fn any_certificate_of_the_chain_may_have_the_named_issuer() {
    let own = chain(KeySpec::P256);
    for name in [issuer_of(&own[0]), issuer_of(&own[1])] {
        let opinions = would_send(&asked(true, &[name], &ALL), &own).expect("a known key");
        assert_eq!(not_sending(&opinions), []);
    }
    // Without its intermediate the leaf does not reach the root's name.
    let root = issuer_of(&own[1]);
    let opinions = would_send(&asked(true, &[root], &ALL), &own[..1]).expect("a known key");
    assert_eq!(not_sending(&opinions).len(), 4, "Go, Java twice, GnuTLS");
}

#[test]
fn an_rsa_key_needs_pss_in_13() {
    let own = chain(KeySpec::Rsa2048);
    let no_pss = ["ecdsa_secp256r1_sha256", "rsa_pkcs1_sha256"];
    let opinions = would_send(&asked(true, &[], &no_pss), &own).expect("a known key");
    assert_eq!(not_sending(&opinions).len(), opinions.len(), "nobody can sign");
    let envoy = opinions
        .iter()
        .find(|opinion| opinion.stack == "Envoy")
        .expect("Envoy");
    assert_eq!(envoy.answer, Answer::Fails, "BoringSSL ends the connection");
    assert_eq!(envoy.decides, 10..20, "the schemes decide");
    let opinions = would_send(&asked(false, &[], &no_pss), &own).expect("a known key");
    assert_eq!(not_sending(&opinions), [], "TLS 1.2 has PKCS #1");
    let only = would_send(&asked(true, &[], &["rsa_pkcs1_sha256"]), &own).expect("a known key");
    let rustls = only
        .iter()
        .find(|opinion| opinion.stack == "rustls")
        .expect("rustls");
    assert_eq!(rustls.answer, Answer::Fails, "no scheme of TLS 1.3 at all");
}

#[test]
fn a_scheme_names_a_curve() {
    let own = chain(KeySpec::P384);
    let p256 = ["ecdsa_secp256r1_sha256"];
    let in_12 = would_send(&asked(false, &[], &p256), &own).expect("a known key");
    let minds = [
        ("Java (SunX509)", Answer::Fails),
        ("Java (PKIX)", Answer::Fails),
        ("rustls", Answer::Withholds),
    ];
    assert_eq!(
        not_sending(&in_12),
        minds,
        "in TLS 1.2 a scheme is a hash to most"
    );
    let in_13 = would_send(&asked(true, &[], &p256), &own).expect("a known key");
    assert_eq!(not_sending(&in_13).len(), in_13.len(), "in TLS 1.3 to none");
}

#[test]
fn certificate_types_count_for_some_in_12() {
    let own = chain(KeySpec::P256);
    let mut request = asked(false, &[], &ALL);
    request.types = vec![1];
    let opinions = would_send(&request, &own).expect("a known key");
    let minds = [
        ("Go", Answer::Withholds),
        ("Java (SunX509)", Answer::Withholds),
        ("Java (PKIX)", Answer::Withholds),
        ("Envoy", Answer::Fails),
    ];
    assert_eq!(not_sending(&opinions), minds);
    assert!(
        opinions
            .iter()
            .filter(|opinion| opinion.answer != Answer::Sends)
            .all(|opinion| opinion.decides == (4..8))
    );
}

#[test]
fn pkix_holds_the_chains_signatures_against_the_schemes() {
    let own = chain(KeySpec::Rsa2048);
    let opinions = would_send(&asked(true, &[], &["rsa_pss_rsae_sha256"]), &own).expect("a known key");
    assert_eq!(not_sending(&opinions), [("Java (PKIX)", Answer::Withholds)]);
}

#[test]
fn the_schemes_for_certificates_are_looked_at_by_few() {
    let own = chain(KeySpec::P256);
    let mut request = asked(true, &[], &ALL);
    request.places.certificate_schemes = 22..30;
    request.certificate_schemes = vec!["rsa_pkcs1_sha256".to_owned()];
    let opinions = would_send(&request, &own).expect("a known key");
    let minds: Vec<&str> = not_sending(&opinions)
        .into_iter()
        .map(|(stack, _)| stack)
        .collect();
    let openssl_and_java = [
        "OpenSSL",
        "curl",
        "nginx",
        "Node.js",
        "Python",
        "Java (SunX509)",
        "Java (PKIX)",
    ];
    assert_eq!(minds, openssl_and_java);
    assert!(
        opinions
            .iter()
            .filter(|opinion| opinion.answer != Answer::Sends)
            .all(|opinion| opinion.decides == (22..30))
    );
    request
        .certificate_schemes
        .push("ecdsa_secp256r1_sha256".to_owned());
    let opinions = would_send(&request, &own).expect("a known key");
    assert_eq!(not_sending(&opinions), []);
}

#[test]
fn a_key_that_may_not_sign_is_minded_by_three() {
    let mut own = chain(KeySpec::P256);
    // keyUsage digitalSignature (bit 0) becomes keyAgreement (bit 4): nobody here checks the certificate's signature.
    let mut der = own[0].as_bytes().to_vec();
    let at = der
        .windows(4)
        .position(|window| window == [0x03, 0x02, 0x07, 0x80])
        .expect("keyUsage");
    der[at + 2..at + 4].copy_from_slice(&[0x03, 0x08]);
    own[0] = Der::from(der);
    let in_13 = would_send(&asked(true, &[], &ALL), &own).expect("a known key");
    assert_eq!(
        not_sending(&in_13),
        [("GnuTLS", Answer::Fails), ("Envoy", Answer::Fails)]
    );
    let in_12 = would_send(&asked(false, &[], &ALL), &own).expect("a known key");
    let minds = [
        ("GnuTLS", Answer::Withholds),
        ("gnutls-cli", Answer::Fails),
        ("Envoy", Answer::Fails),
    ];
    assert_eq!(not_sending(&in_12), minds);
}

#[test]
fn what_the_rules_do_not_know_has_no_opinion() {
    assert_eq!(would_send(&asked(true, &[], &ALL), &[]), None);
    assert_eq!(
        would_send(&asked(true, &[], &ALL), &[Der::from(vec![1, 2, 3])]),
        None
    );
}

#[test]
fn reasons_are_told_once() {
    let own = chain(KeySpec::P256);
    let mut name = issuer_of(&own[0]);
    *name.last_mut().expect("a name") = b'X';
    let leaf = CertificateFacts::from_der(own[0].as_bytes()).expect("a certificate");
    let mut lens = Lens {
        message: 0,
        certificate: crate::diagnose::CertificateRef {
            sha256: leaf.sha256,
            subject: leaf.subject,
        },
        name: leaf.display_name,
        was_sent: Some(false),
        opinions: would_send(&asked(true, &[name], &ALL), &own).expect("a known key"),
    };
    assert_eq!(lens.objectors().len(), 1, "four stacks, one reason");
    assert_eq!(lens.senders().count() + 4, lens.opinions.len());
    let words = lens.explains_silence().expect("others are as silent");
    assert!(
        words.starts_with("Asked so, Go, Java (SunX509), Java (PKIX), GnuTLS would not send orders either")
    );
    lens.was_sent = Some(true);
    assert_eq!(lens.explains_silence(), None);
}

#[test]
fn every_stack_was_tested_with_a_real_program() {
    let own = chain(KeySpec::P256);
    let opinions = would_send(&asked(true, &[], &ALL), &own).expect("a known key");
    for opinion in &opinions {
        assert!(
            opinion.tested.is_some_and(|run| run.cases > 0),
            "{} was not",
            opinion.stack
        );
        assert!(!opinion.rule.is_empty());
    }
}
