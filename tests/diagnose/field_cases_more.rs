//! Field cases 14 to 25, and four besides: see `field_cases.rs` for the others.
//!
//! The stack here is rustls. Where the report was about another stack's behaviour (a certificate kept back, a limit that
//! rustls does not have), the test reproduces what could be seen from outside and says what it cannot reproduce.

use crate::support::field;
use field::{Run, Subject, identity, scenario};
use mtlscope::capture::{CertificateRefusal, ClientAuth, Revocation, Side, VerdictCode};
use mtlscope::diagnose::{CauseId, Certainty, Outcome, Verdict};

#[test]
fn case_14_linkerd2_5350_anchor_and_intermediate_share_one_subject() {
    let mut setup = scenario("anchor-and-issuer-share-a-name");
    let run = Run::new(&setup);
    run.first(
        CauseId::SameNameDifferentKey,
        Side::Client,
        Subject::Is("CN=payments"),
    );
    // The stack says BadSignature of it, which sounds like damage.
    assert_eq!(
        run.capture
            .sides
            .client
            .verdict
            .as_ref()
            .map(|verdict| verdict.code),
        Some(VerdictCode::Certificate(CertificateRefusal::BadSignature))
    );
    assert!(
        run.diagnosis
            .causes
            .iter()
            .all(|cause| cause.id != CauseId::BadSignature)
    );
    // With the intermediate sent, today's webpki tries both of the name and finds the way; that of 2020 did not.
    let issuer = identity(&setup, Side::Client).chain[1].clone();
    setup
        .parties
        .server
        .identity
        .as_mut()
        .expect("it has one")
        .chain
        .push(issuer);
    assert_eq!(Run::new(&setup).diagnosis.verdict, Verdict::Accepted);
}

#[test]
fn case_15_linkerd2_4287_the_old_anchor_was_removed_before_all_had_renewed() {
    let mut setup = scenario("old-anchor-removed-too-early");
    let run = Run::new(&setup);
    run.first(
        CauseId::UnknownIssuer,
        Side::Server,
        Subject::Is("CN=Mesh Issuer 2025"),
    );
    // With both anchors for the time of the rotation there is no outage.
    let both = setup.parties.client.trust.clone();
    setup.parties.server.trust = both;
    assert_eq!(Run::new(&setup).diagnosis.verdict, Verdict::Accepted);
}

#[test]
fn case_16_linkerd2_15109_the_issuer_was_renewed_and_the_process_missed_it() {
    let mut setup = scenario("missed-reload");
    let run = Run::new(&setup);
    run.first(CauseId::Expired, Side::Server, Subject::Is("CN=Mesh Issuer"));
    assert_eq!(
        run.diagnosis.causes.len(),
        1,
        "the leaf has not expired: {:?}",
        run.ids()
    );
    // Its twin, of the same name and key, mends it.
    let twin = setup.known.first().cloned().expect("known");
    setup.parties.client.identity.as_mut().expect("it has one").chain[1] = twin;
    assert_eq!(Run::new(&setup).diagnosis.verdict, Verdict::Accepted);
}

#[test]
fn case_17_strimzi_2036_and_3281_the_wrong_ca_and_the_ca_of_the_same_name() {
    let run = Run::of("clients-ca-for-cluster-ca");
    run.first(CauseId::UnknownIssuer, Side::Client, Subject::Is("CN=kafka-0"));
    let detail = &run.diagnosis.causes[0].detail;
    assert!(
        detail.contains("cluster-ca") && detail.contains("clients-ca"),
        "{detail}"
    );
    let run = Run::of("same-ca-name-other-serial");
    run.first(
        CauseId::SameNameDifferentKey,
        Side::Client,
        Subject::Is("CN=kafka-0"),
    );
}

#[test]
fn case_18_bitnami_6654_the_intermediate_is_presented_as_the_leaf() {
    // Alone: it is no leaf. With the leaf behind it: the order is wrong. Kafka called both "bad signature".
    let run = Run::of("leaf-is-ca");
    run.first(CauseId::LeafIsCa, Side::Client, Subject::Is("CN=Mesh Issuer"));
    let run = Run::of("intermediate-as-leaf");
    run.first(CauseId::LeafNotFirst, Side::Client, Subject::Is("CN=Mesh Issuer"));
}

#[test]
fn case_19_docker_nginx_175_the_reason_is_only_in_the_log() {
    // nginx completes the handshake and answers 400; the log says 26, unsupported certificate purpose. rustls refuses in
    // the handshake, so the 400 cannot be reproduced; the cause can.
    let run = Run::of("client-wrong-purpose");
    run.first(CauseId::WrongPurpose, Side::Server, Subject::Is("CN=orders"));
    assert!(
        run.diagnosis.causes[0].detail.contains("clientAuth is needed"),
        "{}",
        run.diagnosis.causes[0].detail
    );
}

#[test]
fn case_20_evenfire_149_a_cross_signed_chain() {
    // nginx's ssl_verify_depth 1 stopped below the cross-signed CA, and said 20. rustls has no such limit: it follows the
    // cross-sign, and what it lacks without it is exactly that certificate.
    let with_cross = field::cross_signed(r#"["orders", "issuer", "cross"]"#);
    let run = Run::ron(&with_cross);
    assert_eq!(run.diagnosis.verdict, Verdict::Accepted, "{:?}", run.ids());
    let path: Vec<&str> = run
        .diagnosis
        .chains
        .client
        .links
        .iter()
        .map(|link| link.name.as_str())
        .collect();
    assert_eq!(path, ["orders", "New Issuer", "New Root", "Old Root"]);
    let run = Run::ron(&field::cross_signed(r#"["orders", "issuer"]"#));
    run.first(
        CauseId::MissingIntermediate,
        Side::Server,
        Subject::Is("CN=New Issuer"),
    );
    assert_eq!(run.diagnosis.causes[0].certainty, Certainty::Proven);
    // The self-signed twin of the same name and key completes nothing: this server does not trust it.
    let run = Run::ron(&field::cross_signed(r#"["orders", "issuer", "new"]"#));
    assert_eq!(run.diagnosis.verdict, Verdict::Rejected);
    assert!(
        matches!(
            run.diagnosis.causes[0].id,
            CauseId::UnknownIssuer | CauseId::MissingIntermediate
        ),
        "{:?}",
        run.ids()
    );
    assert_eq!(run.diagnosis.causes[0].side, Some(Side::Server));
}

#[test]
fn case_21_mosquitto_2597_unknown_ca_only_when_a_list_is_set() {
    // The list is that of the root: it says nothing of what the intermediate issued, and with any list set rustls refuses
    // whatever no list speaks for, with the alert unknown_ca.
    let run = Run::of("good-tls13");
    let judgement = field::judge_client(&run, Revocation::default());
    assert!(!judgement.is_refused());
    let judgement = field::judge_client(&run, field::list_of_another_ca());
    assert!(
        judgement
            .matrix
            .iter()
            .any(|row| row.outcome == Outcome::Fail && row.cause == Some(CauseId::RevocationUnknown))
    );
}

#[test]
fn case_22_rustls_1335_an_algorithm_that_is_not_supported_reads_as_unknown_issuer() {
    let run = Run::of("unsupported-algorithm");
    run.first(
        CauseId::UnsupportedAlgorithm,
        Side::Client,
        Subject::Is("CN=payments"),
    );
    assert!(
        run.diagnosis
            .causes
            .iter()
            .all(|cause| cause.id != CauseId::UnknownIssuer),
        "{:?}",
        run.ids()
    );
}

#[test]
fn case_23_rustls_ffi_409_no_ca_was_configured_at_all() {
    let run = Run::of("no-trust-anchors");
    run.first(
        CauseId::NoTrustAnchors,
        Side::Client,
        Subject::Is("CN=Mesh Issuer"),
    );
}

#[test]
fn case_24_rust_spiffe_328_a_spiffe_certificate_is_for_no_host() {
    let mut setup = scenario("spiffe-only-certificate");
    let run = Run::new(&setup);
    run.first(CauseId::NameMismatch, Side::Client, Subject::Is("CN=payments"));
    setup.server_name = "spiffe://shop.example/ns/shop/sa/payments".to_owned();
    let run = Run::new(&setup);
    assert_eq!(run.diagnosis.verdict, Verdict::Accepted, "{:?}", run.ids());
    assert_eq!(run.transcript.sni, None, "no host was asked for");
}

#[test]
fn case_25_istio_33208_the_peer_has_no_sidecar_and_speaks_plaintext() {
    let run = Run::of("plain-http");
    run.first(CauseId::NotTls, Side::Client, Subject::Nobody);
    assert!(
        run.diagnosis.causes[0].detail.contains("HTTP"),
        "{}",
        run.diagnosis.causes[0].detail
    );
}

#[test]
fn besides_istio_32176_clocks_that_differ_by_seconds() {
    let run = Run::of("clock-skew");
    run.first(CauseId::NotYetValid, Side::Server, Subject::Is("CN=orders"));
    // To the second: at its first second it is valid, one before it is not.
    let mut setup = scenario("clock-skew");
    let first_second = field::not_before(&identity(&setup, Side::Client).chain[0]);
    for (clock, verdict) in [
        (first_second - 1, Verdict::Rejected),
        (first_second, Verdict::Accepted),
    ] {
        setup.parties.server.policy.clock_unix_s = Some(clock);
        assert_eq!(Run::new(&setup).diagnosis.verdict, verdict, "{clock}");
    }
}

#[test]
fn besides_cert_manager_5851_a_leaf_that_outlives_its_ca() {
    let mut setup = scenario("outlives-its-ca");
    let run = Run::new(&setup);
    assert_eq!(run.diagnosis.verdict, Verdict::Accepted);
    let warned = run.warning(CauseId::Expired);
    assert_eq!((warned.side, warned.role.word()), (Side::Client, "leaf"));
    assert!(warned.detail.contains("Mesh Issuer"), "{}", warned.detail);
    // And so it comes: a second after the CA, the leaf is as good as ever and the CA is not.
    let issuer = identity(&setup, Side::Server).chain[1].clone();
    setup.parties.client.policy.clock_unix_s = Some(field::not_after(&issuer) + 1);
    let run = Run::new(&setup);
    run.first(CauseId::Expired, Side::Client, Subject::Is("CN=Mesh Issuer"));
    assert_eq!(run.ids(), ["expired"]);
}

#[test]
fn besides_ingress_nginx_13930_the_default_host_answered() {
    let run = Run::of("default-host-answers");
    run.first(
        CauseId::SelfSignedNotTrusted,
        Side::Client,
        Subject::Is("CN=Kubernetes Ingress Controller Fake Certificate"),
    );
    assert!(run.ids().contains(&"name-mismatch"), "{:?}", run.ids());
}

#[test]
fn besides_a_caddy_advisory_a_server_that_fails_open() {
    // An unreadable CA file made the server ask for no certificate. The file cannot be reproduced here; what is seen can:
    // a client of nobody's gets in, and the server never asked.
    let mut setup = scenario("client-wrong-ca");
    setup.client_auth = ClientAuth::None;
    let run = Run::new(&setup);
    assert_eq!(run.diagnosis.verdict, Verdict::Accepted);
    assert!(run.transcript.certificate_request().is_none());
    assert!(
        run.diagnosis.matrix.iter().all(|row| row.side == Side::Client),
        "the server judged nobody"
    );
}
