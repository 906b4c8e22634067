//! What the messages of a handshake mean for the next: hashes, proofs, resumption, keys.

use super::*;
use crate::capture::{Capture, Origin, Secret};
use crate::decode::{CertificateMessage, CertificateVerifyFacts, ServerHelloFacts};

/// What the transcript hash takes of a message (RFC 5246 §7.4.9, RFC 8446 §4.4.1).
#[test]
fn the_transcript_takes_just_the_messages_of_the_handshake() {
    for (is_13, kind, is_taken) in [
        (false, MessageKind::ClientHello, true),
        (false, MessageKind::HelloRequest, false),
        (false, MessageKind::NewSessionTicket, true),
        (false, MessageKind::Finished, true),
        (true, MessageKind::ClientHello, true),
        (true, MessageKind::HelloRequest, false),
        (true, MessageKind::NewSessionTicket, false),
        (true, MessageKind::KeyUpdate, false),
        (true, MessageKind::EncryptedExtensions, true),
        (true, MessageKind::Finished, true),
    ] {
        let mut handshake = Handshake {
            is_13,
            ..Handshake::default()
        };
        handshake.say(kind, b"said");
        assert_eq!(
            handshake.spoken.bytes() == b"said",
            is_taken,
            "{kind}, TLS 1.3: {is_13}"
        );
    }
}

#[test]
fn keys_change_once_in_each_handshake_and_never_in_tls_1_3() {
    let mut handshake = Handshake::default();
    assert!(
        !handshake.switches(Side::Client),
        "before the server has said hello"
    );
    handshake.server_random = vec![1; 32];
    for side in Side::BOTH {
        assert!(handshake.switches(side), "{side:?}");
        assert!(!handshake.switches(side), "{side:?} again");
    }
    handshake.begin_again(Side::Client, MessageKind::ClientHello);
    handshake.server_random = vec![2; 32];
    assert!(handshake.switches(Side::Server), "the next handshake has its own");
    handshake.is_13 = true;
    assert!(!handshake.switches(Side::Client));
}

fn secrets() -> Capture {
    let secret = |label: SecretLabel, random: &[u8], value: u8| Secret {
        label,
        client_random: random.to_vec(),
        value: vec![value; 48],
        logged_by: None,
    };
    Capture {
        origin: Origin::Packets,
        started_at_unix_us: 0,
        carrier: None,
        segments: Vec::new(),
        events: Vec::new(),
        sides: PerSide::default(),
        at_hand: Vec::new(),
        secrets: vec![
            secret(SecretLabel::RsaPremaster, &[9; 8], 1),
            secret(SecretLabel::ClientTraffic0, &[1; 32], 2),
        ],
    }
}

/// A handshake under TLS 1.3 that is over.
fn over() -> Handshake {
    let mut handshake = Handshake {
        is_13: true,
        client_random: vec![1; 32],
        server_random: vec![2; 32],
        suite: Suite::of(0x1301),
        ..Handshake::default()
    };
    handshake.say(MessageKind::ClientHello, b"hello");
    handshake.said.client = Said {
        verify: true,
        finished: true,
        switch: false,
    };
    handshake.say(MessageKind::Finished, b"finished");
    assert!(handshake.spoken.is_main_over());
    handshake
}

/// RFC 8446 §4.6.2: the client may be asked for a certificate again and again, and proves it each time anew.
#[test]
fn authentication_after_the_handshake_is_worked_out_each_time() {
    let capture = secrets();
    let secrets = Secrets::of(&capture, None);
    let mut handshake = over();
    let mut said = Vec::new();
    for _ in 0..2 {
        handshake.begin_again(Side::Server, MessageKind::CertificateRequest);
        handshake.say(MessageKind::CertificateRequest, b"request");
        let mut verify = Body::CertificateVerify(CertificateVerifyFacts::default());
        let why = handshake.complete(Side::Client, &mut verify, b"", &secrets, Some(&[2; 32]));
        assert_eq!(why, None);
        let mut finished = Body::Finished(FinishedFacts::default());
        handshake.complete(Side::Client, &mut finished, b"", &secrets, Some(&[2; 32]));
        let (Body::CertificateVerify(verify), Body::Finished(finished)) = (verify, finished) else {
            unreachable!("as they were made")
        };
        assert_eq!(finished.why_not, None);
        said.push((
            verify.signed.expect("it is known"),
            finished.computed.expect("so is this"),
        ));
    }
    assert_eq!(said[0], said[1], "each goes on from the handshake's end");
    // Another one without being asked again.
    let mut again = Body::CertificateVerify(CertificateVerifyFacts::default());
    let why = handshake.complete(Side::Client, &mut again, b"", &secrets, None);
    assert!(why.is_some_and(|why| why.contains("second")), "{why:?}");
    assert!(matches!(again, Body::CertificateVerify(facts) if facts.signed.is_none()));
}

/// What a side signs says which side it is (RFC 8446 §4.4.3).
#[test]
fn a_signature_is_for_its_side() {
    let capture = secrets();
    for (side, wanted) in [
        (Side::Client, "TLS 1.3, client CertificateVerify"),
        (Side::Server, "TLS 1.3, server CertificateVerify"),
    ] {
        let mut verify = Body::CertificateVerify(CertificateVerifyFacts::default());
        let mut handshake = over();
        handshake.begin_again(Side::Server, MessageKind::CertificateRequest);
        handshake.complete(side, &mut verify, b"", &Secrets::of(&capture, None), None);
        let Body::CertificateVerify(facts) = verify else {
            unreachable!("as it was made")
        };
        let signed = facts.signed.expect("it is known");
        assert_eq!(signed[..64], [0x20; 64]);
        assert_eq!(&signed[64..97], wanted.as_bytes());
        assert_eq!((signed[97], signed.len()), (0, 98 + 32));
    }
}

/// Below TLS 1.3 the server that shows no certificate and finishes first resumes; each handshake of a connection is
/// asked anew.
#[test]
fn a_renegotiation_may_resume_where_the_first_handshake_did_not() {
    let finished = Body::Finished(FinishedFacts::default());
    let hello = |is_retry| {
        Body::ServerHello(ServerHelloFacts {
            random: vec![2; 32],
            version: Some(Version(0x0303)),
            group: Some(crate::iana::Group(0x001d)),
            is_retry,
            ..ServerHelloFacts::default()
        })
    };
    let mut handshake = Handshake::default();
    let mut out = Transcript::default();
    handshake.follow(Side::Server, &hello(true), &mut out);
    assert_eq!(
        (out.group.take(), out.resumed),
        (None, None),
        "a retry chooses nothing yet"
    );
    assert!(handshake.server_random.is_empty());
    handshake.follow(Side::Server, &hello(false), &mut out);
    assert_eq!(out.group, Some(crate::iana::Group(0x001d)));
    handshake.follow(
        Side::Server,
        &Body::Certificate(CertificateMessage::default()),
        &mut out,
    );
    handshake.follow(Side::Server, &finished, &mut out);
    assert_eq!(out.resumed, Some(false));
    for side in Side::BOTH {
        handshake.said.of_mut(side).finished = true;
    }
    handshake.say(MessageKind::Finished, b"finished");
    handshake.begin_again(Side::Server, MessageKind::ClientHello);
    assert!(!handshake.server_random.is_empty(), "only a client begins again");
    handshake.begin_again(Side::Client, MessageKind::ClientHello);
    handshake.follow(Side::Server, &hello(false), &mut out);
    handshake.follow(Side::Client, &finished, &mut out);
    assert_eq!(out.resumed, Some(false), "the client's says nothing");
    handshake.follow(Side::Server, &finished, &mut out);
    assert_eq!(out.resumed, Some(true));
}

/// NSS's `RSA` lines know a premaster secret by the first 8 bytes of its encryption.
#[test]
fn a_premaster_secret_is_known_by_eight_bytes_of_its_encryption() {
    let capture = secrets();
    let secrets = Secrets::of(&capture, None);
    for (encrypted, is_known) in [
        (vec![9; 8], true),
        ([vec![9; 8], vec![7; 248]].concat(), true),
        (vec![9; 7], false),
        (vec![7; 256], false),
    ] {
        let handshake = Handshake {
            client_random: vec![1; 32],
            server_random: vec![2; 32],
            suite: Suite::of(0x009c),
            encrypted_premaster: encrypted,
            ..Handshake::default()
        };
        assert_eq!(handshake.master(Side::Client, &secrets).is_some(), is_known);
    }
}
