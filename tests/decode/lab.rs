//! The lab pair: what each end concludes, and what was recorded of it.

use crate::support;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{
    Alteration, Capture, CertificateRefusal, ClientAuth, EventKind, Incompatibility, Segment, Side,
    VerdictCode,
};
use mtlscope::setup::{Fault, FaultTarget, LabSetup, TlsVersion};
use mtlscope::source::lab::{LabError, run_blocking};
use support::pki::{USUAL, minted, party, setup};

fn run(setup: &LabSetup) -> Capture {
    run_blocking(setup, &Cancel::default()).expect("the run begins")
}

fn codes(capture: &Capture) -> (VerdictCode, VerdictCode) {
    let code = |side: Side| capture.sides.of(side).verdict.as_ref().expect("a verdict").code;
    (code(Side::Client), code(Side::Server))
}

fn completed_at(capture: &Capture, side: Side) -> Option<u64> {
    capture
        .events
        .iter()
        .find(|event| event.side == side && matches!(event.kind, EventKind::HandshakeComplete { .. }))
        .map(|event| event.at_us)
}

#[test]
fn both_versions_accept_a_good_pair() {
    let pki = minted(USUAL);
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        let mut setup = setup(&pki, &["client", "issuer"]);
        setup.parties.client.policy.versions = vec![version];
        let capture = run(&setup);
        assert_eq!(
            codes(&capture),
            (VerdictCode::Accepted, VerdictCode::Accepted),
            "{version:?}"
        );
        assert!(
            completed_at(&capture, Side::Client).is_some() && completed_at(&capture, Side::Server).is_some()
        );
        let lines: Vec<_> = capture
            .events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::LineReceived { text } => Some((event.side, text.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(lines, [(Side::Server, "GET /charge"), (Side::Client, "200 OK")]);
        assert!(
            capture
                .segments
                .windows(2)
                .all(|pair| pair[0].at_us <= pair[1].at_us)
        );
        assert!(capture.secrets.iter().all(|secret| secret.logged_by.is_some()));
    }
}

#[test]
fn six_faults_of_the_client_and_what_each_end_says() {
    use CertificateRefusal as R;
    let pki = minted(USUAL);
    let refused = VerdictCode::Certificate;
    let cases: [(&[&str], VerdictCode, u8); 6] = [
        (&[], VerdictCode::NoCertificatePresented, 116),
        (&["client-other"], refused(R::UnknownIssuer), 48),
        (&["client-impostor"], refused(R::BadSignature), 51),
        (&["client"], refused(R::UnknownIssuer), 48),
        (&["client-purpose", "issuer"], refused(R::WrongPurpose), 43),
        (&["client-expired", "issuer"], refused(R::Expired), 45),
    ];
    for (chain, code, alert) in cases {
        let capture = run(&setup(&pki, chain));
        assert_eq!(
            codes(&capture),
            (VerdictCode::AlertReceived(alert), code),
            "{chain:?}"
        );
        // The heart of the mystery: the client had already reported success.
        let failed = capture
            .events
            .iter()
            .find(|event| event.side == Side::Client && matches!(event.kind, EventKind::Failed(_)))
            .expect("the client fails");
        assert!(
            completed_at(&capture, Side::Client).is_some_and(|at| at <= failed.at_us),
            "{chain:?}"
        );
        assert_eq!(completed_at(&capture, Side::Server), None);
    }
}

#[test]
fn what_the_two_do_not_have_in_common() {
    let pki = minted(USUAL);
    let good = || setup(&pki, &["client", "issuer"]);

    let mut versions = good();
    versions.parties.client.policy.versions = vec![TlsVersion::Tls12];
    versions.parties.server.policy.versions = vec![TlsVersion::Tls13];
    assert_eq!(
        codes(&run(&versions)).1,
        VerdictCode::Incompatible(Incompatibility::Version)
    );

    let mut suites = good();
    suites.parties.client.policy.cipher_suites = vec!["TLS_AES_128_GCM_SHA256".to_owned()];
    suites.parties.client.policy.versions = vec![TlsVersion::Tls13];
    suites.parties.server.policy.cipher_suites = vec!["TLS_AES_256_GCM_SHA384".to_owned()];
    suites.parties.server.policy.versions = vec![TlsVersion::Tls13];
    assert_eq!(
        codes(&run(&suites)).1,
        VerdictCode::Incompatible(Incompatibility::CipherSuite)
    );

    let mut groups = good();
    groups.parties.client.policy.groups = vec!["x25519".to_owned()];
    groups.parties.server.policy.groups = vec!["secp384r1".to_owned()];
    assert_eq!(
        codes(&run(&groups)).1,
        VerdictCode::Incompatible(Incompatibility::Group)
    );

    let mut alpn = good();
    alpn.parties.server.policy.alpn = vec!["http/1.1".to_owned()];
    assert_eq!(
        codes(&run(&alpn)),
        (
            VerdictCode::AlertReceived(120),
            VerdictCode::NoApplicationProtocol
        )
    );
}

#[test]
fn client_authentication_may_be_optional_or_absent() {
    let pki = minted(USUAL);
    for client_auth in [ClientAuth::Optional, ClientAuth::None] {
        let mut setup = setup(&pki, &[]);
        setup.client_auth = client_auth;
        assert_eq!(
            codes(&run(&setup)),
            (VerdictCode::Accepted, VerdictCode::Accepted),
            "{client_auth:?}"
        );
    }
}

#[test]
fn a_side_that_trusts_nobody_refuses_everybody() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.client = party(&pki, &["client", "issuer"], &[]);
    let (client, server) = codes(&run(&setup));
    assert_eq!(
        client,
        VerdictCode::Certificate(CertificateRefusal::UnknownIssuer)
    );
    assert_eq!(server, VerdictCode::AlertReceived(48));
}

#[test]
fn a_key_of_somebody_else_is_presented_and_refused() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    let stolen = pki.find("server").expect("minted").key.clone();
    setup.parties.client.identity.as_mut().expect("an identity").key = Some(stolen);
    let capture = run(&setup);
    assert_eq!(
        codes(&capture).1,
        VerdictCode::Certificate(CertificateRefusal::BadSignature)
    );
}

#[test]
fn every_wire_fault_ends_and_is_recorded() {
    let pki = minted(USUAL);
    let target = FaultTarget {
        from: Side::Server,
        record: 2,
    };
    for fault in [
        Fault::Flip(target),
        Fault::Drop(target),
        Fault::Repeat(target),
        Fault::Cut(target),
        Fault::Stall(target),
        Fault::Http,
    ] {
        let mut setup = setup(&pki, &["client", "issuer"]);
        setup.fault = Some(fault);
        let capture = run(&setup);
        let client = capture
            .sides
            .client
            .verdict
            .as_ref()
            .expect("the client has a verdict");
        assert_ne!(client.code, VerdictCode::Accepted, "{fault:?}");
        assert!(
            capture.segments.iter().any(|segment| segment.altered.is_some()),
            "{fault:?}"
        );
        match fault {
            Fault::Stall(_) => assert_eq!(client.code, VerdictCode::TimedOut),
            Fault::Http => {
                assert_eq!(client.code, VerdictCode::InvalidMessage);
                assert!(capture.sides.server.verdict.is_none(), "no TLS stack answered");
                assert!(
                    capture
                        .segments
                        .iter()
                        .any(|segment| segment.altered == Some(Alteration::Injected))
                );
            }
            _ => {}
        }
    }
}

/// Whoever has given up reads no more, and what was lost on the way to it is recorded all the same.
#[test]
fn every_lost_record_is_recorded_also_behind_a_refusal() {
    let pki = minted(USUAL);
    let forms = [TlsVersion::Tls12, TlsVersion::Tls13].map(|version| Side::BOTH.map(|from| (version, from)));
    for (version, from) in forms.into_iter().flatten() {
        let judge = from.peer();
        let mut setup = setup(&pki, &["client", "issuer"]);
        for side in Side::BOTH {
            setup.parties.of_mut(side).policy.versions = vec![version];
        }
        // It trusts nobody but itself.
        let own = setup.parties.of(judge).identity.clone().expect("an identity");
        setup.parties.of_mut(judge).trust = vec![own.chain[0].clone()];
        let refused = run(&setup);
        let verdict = refused.sides.of(judge).verdict.as_ref().expect("a verdict");
        assert!(matches!(verdict.code, VerdictCode::Certificate(_)), "{verdict:?}");
        let count = refused.segments.iter().filter(|one| one.from == from).count();
        for record in 0..count {
            setup.fault = Some(Fault::Drop(FaultTarget { from, record }));
            let capture = run(&setup);
            let is_lost = |one: &&Segment| matches!(one.altered, Some(Alteration::Dropped { .. }));
            let lost = capture.segments.iter().filter(is_lost).count();
            assert_eq!(
                lost,
                1,
                "{version:?}: {record} of the {count} of the {}",
                from.word()
            );
        }
    }
}

#[test]
fn a_hung_run_can_be_cancelled() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.fault = Some(Fault::Stall(FaultTarget {
        from: Side::Server,
        record: 0,
    }));
    // A time-out of an hour: whoever waited for it would be noticed without a clock.
    setup.timeout_ms = 3_600_000;
    let cancel = Cancel::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let ended = runtime.block_on(async {
        let mut turns = 0;
        let mut waiting = std::pin::pin!(mtlscope::source::lab::run(&setup, &cancel));
        let cancelling = std::future::poll_fn(|context| {
            // The pair yields after each turn in which something moved. After so many it has long been hanging.
            turns += 1;
            if turns == 10_000 {
                cancel.cancel();
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        });
        let mut cancelling = std::pin::pin!(cancelling);
        loop {
            tokio::select! {
                ended = &mut waiting => return ended,
                () = &mut cancelling, if !cancel.is_cancelled() => {}
            }
        }
    });
    assert_eq!(ended.unwrap_err(), LabError::Cancelled);
}

#[test]
fn a_hello_retry_request_costs_a_round_and_succeeds() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.client.policy.groups = vec!["x25519".to_owned(), "secp384r1".to_owned()];
    setup.parties.server.policy.groups = vec!["secp384r1".to_owned()];
    assert_eq!(
        codes(&run(&setup)),
        (VerdictCode::Accepted, VerdictCode::Accepted)
    );
}

#[test]
fn a_chain_without_its_key_does_not_run_and_says_so() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.client.identity.as_mut().expect("an identity").key = None;
    let error = run_blocking(&setup, &Cancel::default()).unwrap_err().to_string();
    assert!(
        error.contains("client") && error.contains("orders") && error.contains("key"),
        "{error}"
    );
}
