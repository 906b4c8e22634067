//! Twenty-five failures that people met in the field, each set up again so that its true cause holds, each named right.
//!
//! The stack here is rustls. Where the report was about another stack's behaviour (a certificate kept back, a limit that
//! rustls does not have), the test reproduces what could be seen from outside and says what it cannot reproduce.

use crate::support::field;
use field::{Run, Subject, identity, scenario};
use mtlscope::capture::{ClientAuth, EventKind, Side, VerdictCode};
use mtlscope::diagnose::{CauseId, Certainty, Outcome, Verdict};
use mtlscope::setup::TlsVersion;

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
        party.policy.versions = vec![TlsVersion::Tls13];
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
        party.policy.versions = vec![TlsVersion::Tls12];
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
    setup.parties.client.policy.versions = vec![TlsVersion::Tls12];
    assert_eq!(Run::new(&setup).diagnosis.verdict, Verdict::Accepted);
}
