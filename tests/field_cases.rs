//! Twenty-five failures that people met in the field, each set up again so that its true cause holds, each named right.
//!
//! The stack here is rustls. Where the report was about another stack's behaviour (a certificate kept back, a limit that
//! rustls does not have), the test reproduces what could be seen from outside and says what it cannot reproduce.
#![allow(missing_docs, reason = "a test")]

#[path = "support/field.rs"]
mod field;

use field::{Run, Subject, identity, scenario};
use mtlscope::capture::{CertificateRefusal, ClientAuth, EventKind, Revocation, Side, VerdictCode};
use mtlscope::diagnose::{CauseId, Certainty, Outcome, Verdict};
use mtlscope::source::lab::TlsVersion;

#[test]
fn case_01_aimee_2232_a_stale_client_certificate_is_refused_after_connect() {
    let run = Run::of("stale-client-certificate");
    run.first(CauseId::UnknownIssuer, Side::Server, Subject::Is("CN=orders"));
    let client = &run.diagnosis.endings.client;
    assert!(
        client.connected_at_us.is_some() && client.verdict == Verdict::Rejected,
        "{client:?}"
    );
    assert!(client.connected_at_us < client.ended_at_us);
}

#[test]
fn case_02_seastar_304_the_client_refused_our_chain_and_not_we_the_clients() {
    let run = Run::of("who-is-unknown");
    run.first(CauseId::UnknownIssuer, Side::Client, Subject::Is("CN=payments"));
    // From the server's log alone: it *received* the alert.
    let server = run.capture.sides.server.verdict.as_ref().expect("it ended");
    assert_eq!(server.code, VerdictCode::AlertReceived(48));
    // Nothing blames the client's certificate.
    assert!(
        run.diagnosis
            .causes
            .iter()
            .all(|cause| cause.side == Some(Side::Client))
    );
}

#[test]
fn case_03_grpc_go_5385_the_refusal_never_surfaces_at_dial() {
    // grpc-go's Handshake() returned nil: what can be seen is that the client is done before the server has judged.
    let mut setup = scenario("client-wrong-ca");
    for party in [&mut setup.parties.client, &mut setup.parties.server] {
        party.versions = vec![TlsVersion::Tls13];
    }
    let run = Run::new(&setup);
    run.first(CauseId::UnknownIssuer, Side::Server, Subject::Is("CN=orders"));
    let judged = run
        .capture
        .events
        .iter()
        .find(|event| event.side == Side::Server && matches!(event.kind, EventKind::ChainVerified { .. }))
        .expect("the server judged");
    assert!(
        run.diagnosis
            .endings
            .client
            .connected_at_us
            .expect("it believed so")
            < judged.at_us
    );
    assert_eq!(run.diagnosis.endings.server.connected_at_us, None);
    // In TLS 1.2 the client waits for the server's Finished, and hears of it in its handshake.
    for party in [&mut setup.parties.client, &mut setup.parties.server] {
        party.versions = vec![TlsVersion::Tls12];
    }
    let run = Run::new(&setup);
    run.first(CauseId::UnknownIssuer, Side::Server, Subject::Is("CN=orders"));
    assert_eq!(run.diagnosis.endings.client.connected_at_us, None);
}

#[test]
fn case_04_etcd_9785_a_server_certificate_used_to_dial_a_peer() {
    let run = Run::of("server-certificate-as-client");
    run.first(CauseId::WrongPurpose, Side::Server, Subject::Is("CN=etcd-1"));
    assert!(
        run.diagnosis.causes[0].detail.contains("clientAuth"),
        "{}",
        run.diagnosis.causes[0].detail
    );
}

#[test]
fn case_05_dotnet_121982_a_certificate_without_client_auth_is_never_presented() {
    // .NET keeps it back by itself. rustls sends it, so the empty list is made by a client that is given none, and the
    // certificate that .NET had loaded is put where it would lie: in the client's own file.
    let sends = scenario("renewed-without-client-auth");
    let mut withholds = sends.clone();
    let identity = withholds.parties.client.identity.take().expect("it has one");
    let run = Run::with(&withholds, |capture| {
        field::load(capture, Side::Client, &identity)
    });
    run.first(
        CauseId::ClientCertificateNotAcceptable,
        Side::Server,
        Subject::Is("CN=orders"),
    );
    let purpose = run.cause(CauseId::WrongPurpose);
    assert_eq!(purpose.certainty, Certainty::Possible, "nobody judged it");
    assert_eq!(purpose.certificate, run.diagnosis.causes[0].certificate);
}

#[test]
fn case_06_caddy_7320_the_ca_dropped_client_auth_at_renewal() {
    let run = Run::of("renewed-without-client-auth");
    run.first(CauseId::WrongPurpose, Side::Server, Subject::Is("CN=orders"));
    // The certificate of before would still do.
    let mut setup = scenario("renewed-without-client-auth");
    let before = setup.known.first().cloned().expect("known");
    setup.parties.client.identity.as_mut().expect("it has one").chain[0] = before;
    let run = Run::new(&setup);
    assert_eq!(
        run.diagnosis.causes.first().map(|cause| cause.id),
        Some(CauseId::KeyMismatch),
        "it has another key"
    );
    assert!(
        run.rows(Outcome::Fail)
            .iter()
            .all(|row| row.cause == Some(CauseId::KeyMismatch))
    );
}

#[test]
fn case_07_openssl_20090_the_leaf_is_fine_and_the_intermediate_is_server_auth_only() {
    let run = Run::of("intermediate-server-auth-only");
    run.first(CauseId::WrongPurpose, Side::Server, Subject::Is("CN=Web CA"));
    assert!(
        run.rows(Outcome::Fail)
            .iter()
            .all(|row| row.role.word() == "intermediate")
    );
}

#[test]
fn case_08_ultimate_ca_manager_264_the_ca_tool_limits_every_ca() {
    // Go checks the purposes of every certificate of the path, the root included; rustls all but the root. An
    // intermediate is refused, a root warned of.
    let run = Run::ron(&field::mesh(
        r#"(name: "issuer", subject: "UCM Issuing CA", issuer: "root", is_ca: true, purposes: ["serverAuth"]),"#,
        r#"["orders", "issuer"]"#,
    ));
    run.first(
        CauseId::WrongPurpose,
        Side::Server,
        Subject::Is("CN=UCM Issuing CA"),
    );
    let run = Run::ron(&field::mesh_with_root(r#", purposes: ["serverAuth"]"#));
    assert_eq!(run.diagnosis.verdict, Verdict::Accepted);
    let warned = run.warning(CauseId::WrongPurpose);
    assert_eq!((warned.side, warned.role.word()), (Side::Server, "root"));
}

#[test]
fn case_09_lib_pq_1266_the_client_did_not_send_its_intermediate() {
    let run = Run::of("client-missing-intermediate");
    run.first(
        CauseId::MissingIntermediate,
        Side::Server,
        Subject::Is("CN=orders"),
    );
    assert_eq!(
        run.diagnosis.causes[0].certainty,
        Certainty::Proven,
        "it is at hand"
    );
    // Where it is not at hand, nobody can know: then it is possible only.
    let mut setup = scenario("client-missing-intermediate");
    setup.known.clear();
    let issuer = identity(&setup, Side::Server).chain[1].clone();
    setup
        .parties
        .server
        .identity
        .as_mut()
        .expect("it has one")
        .chain
        .retain(|one| *one != issuer);
    setup.client_auth = ClientAuth::Required;
    setup.parties.client.trust.push(issuer);
    let run = Run::with(&setup, |capture| {
        capture
            .at_hand
            .retain(|item| field::subject(&item.der) != "CN=Mesh Issuer")
    });
    run.first(CauseId::UnknownIssuer, Side::Server, Subject::Is("CN=orders"));
    assert_eq!(
        run.cause(CauseId::MissingIntermediate).certainty,
        Certainty::Possible
    );
}

#[test]
fn case_10_mitmproxy_3937_refused_only_through_the_proxy() {
    let mut setup = scenario("proxy-drops-intermediate");
    let run = Run::new(&setup);
    run.first(
        CauseId::MissingIntermediate,
        Side::Server,
        Subject::Is("CN=orders"),
    );
    // Without the proxy the whole chain arrives.
    let issuer = setup.known.first().cloned().expect("known");
    setup
        .parties
        .client
        .identity
        .as_mut()
        .expect("it has one")
        .chain
        .push(issuer);
    assert_eq!(Run::new(&setup).diagnosis.verdict, Verdict::Accepted);
}

#[test]
fn case_11_kes_498_go_sends_an_empty_certificate_without_an_error() {
    // Go asks SupportsCertificate: schemes and authorities. rustls looks at schemes only, so the first half is real ...
    let run = Run::of("client-certificate-not-acceptable");
    run.first(
        CauseId::ClientCertificateNotAcceptable,
        Side::Server,
        Subject::Is("CN=orders"),
    );
    let detail = &run.diagnosis.causes[0].detail;
    assert!(detail.contains("ed25519") && detail.contains("P-256"), "{detail}");
    // ... and the second is what is seen of it: an empty list, and in the client's file a chain of another authority.
    let mut setup = scenario("client-wrong-ca");
    let identity = setup.parties.client.identity.take().expect("it has one");
    let run = Run::with(&setup, |capture| field::load(capture, Side::Client, &identity));
    run.first(
        CauseId::ClientCertificateNotAcceptable,
        Side::Server,
        Subject::Is("CN=orders"),
    );
    assert_eq!(run.cause(CauseId::UnknownIssuer).certainty, Certainty::Possible);
}

#[test]
fn case_12_openssl_28804_no_rsa_pss_among_the_schemes_to_sign_with() {
    // OpenSSL's -sigalgs limits what the client signs with; so does `sign_schemes`.
    let run = Run::of("tpm-without-pss");
    run.first(
        CauseId::ClientCertificateNotAcceptable,
        Side::Server,
        Subject::Is("CN=orders"),
    );
    let client = run.capture.sides.client.verdict.as_ref().expect("it ended");
    assert_eq!(
        client.code,
        VerdictCode::AlertReceived(116),
        "certificate_required, as in the report"
    );
}

#[test]
fn case_13_firezone_15026_a_tpm_that_cannot_sign_pss() {
    let mut setup = scenario("tpm-without-pss");
    let run = Run::new(&setup);
    run.first(
        CauseId::ClientCertificateNotAcceptable,
        Side::Server,
        Subject::Is("CN=orders"),
    );
    let detail = &run.diagnosis.causes[0].detail;
    assert!(
        detail.contains("rsa_pss_rsae_sha256") && detail.contains("signs with rsa_pkcs1_sha256"),
        "{detail}"
    );
    // Windows fails with NTE_NOT_SUPPORTED when it signs; here the key is not even tried. TLS 1.2 takes PKCS #1: it works.
    setup.parties.client.versions = vec![TlsVersion::Tls12];
    assert_eq!(Run::new(&setup).diagnosis.verdict, Verdict::Accepted);
}

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
#[ignore = "needs the judgement of revocation lists, which another branch brings; the fixture is complete"]
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
        setup.parties.server.clock_unix_s = Some(clock);
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
    setup.parties.client.clock_unix_s = Some(field::not_after(&issuer) + 1);
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
