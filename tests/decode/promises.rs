//! The decoder's promises: every byte in exactly one leaf, everything opened, and no input that breaks it.

use crate::support;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, Origin, PerSide, Segment, Side};
use mtlscope::decode::{Body, Field, MessageKind, Transcript, decode};
use mtlscope::iana::{CipherSuite, Group, Version};
use mtlscope::setup::{Fault, FaultTarget, LabSetup, TlsVersion};
use mtlscope::source::lab::run_blocking;
use support::pki::{USUAL, minted, setup};

/// Every byte of the message's own buffer lies in exactly one leaf.
fn assert_owned(name: &str, root: &Field, length: usize) {
    let mut owners = vec![0u8; length];
    root.walk(&mut |field| {
        if field.children.is_empty() && field.buffer.is_none() {
            assert!(
                field.range.end <= length,
                "{name}: {} ends at {} of {length}",
                field.name,
                field.range.end
            );
            for owner in &mut owners[field.range.clone()] {
                *owner += 1;
            }
        }
    });
    if let Some(byte) = owners.iter().position(|count| *count != 1) {
        panic!("{name}: byte {byte} has {} owners", owners[byte]);
    }
}

fn assert_all_owned(transcript: &Transcript) {
    for message in &transcript.messages {
        assert_owned(message.kind.word(), &message.root, message.bytes.len());
        let covered: usize = message.pieces.iter().map(|piece| piece.message.len()).sum();
        assert_eq!(
            covered,
            message.bytes.len(),
            "{} is not covered by its pieces",
            message.kind
        );
        for piece in &message.pieces {
            let record = &transcript.records[piece.record];
            let buffer = record
                .opened
                .map_or(usize::from(record.side == Side::Server), |id| id.0);
            assert_eq!(
                transcript.buffers[buffer].bytes[piece.source.clone()],
                message.bytes[piece.message.clone()],
                "{}",
                message.kind
            );
        }
    }
}

fn run(setup: &LabSetup) -> Capture {
    run_blocking(setup, &Cancel::default()).expect("the run begins")
}

fn errors(transcript: &Transcript) -> Vec<String> {
    let mut out = Vec::new();
    for message in &transcript.messages {
        message.root.walk(&mut |field| {
            out.extend(field.error.iter().map(|error| format!("{}: {error}", field.name)))
        });
    }
    out
}

const SUITES: [(&str, TlsVersion); 6] = [
    ("TLS_AES_128_GCM_SHA256", TlsVersion::Tls13),
    ("TLS_AES_256_GCM_SHA384", TlsVersion::Tls13),
    ("TLS_CHACHA20_POLY1305_SHA256", TlsVersion::Tls13),
    ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", TlsVersion::Tls12),
    ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", TlsVersion::Tls12),
    ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", TlsVersion::Tls12),
];

#[test]
fn every_suite_is_opened_and_every_byte_owned() {
    let pki = minted(USUAL);
    for (suite, version) in SUITES {
        let mut setup = setup(&pki, &["client", "issuer"]);
        setup.parties.client.policy.cipher_suites = vec![suite.to_owned()];
        setup.parties.client.policy.versions = vec![version];
        let transcript = decode(&run(&setup));
        assert_all_owned(&transcript);
        assert_eq!(errors(&transcript), Vec::<String>::new(), "{suite}");
        assert_eq!(
            transcript.cipher_suite.map(|suite| suite.to_string()).as_deref(),
            Some(suite)
        );
        assert_eq!(transcript.sni.as_deref(), Some("payments.shop.svc"));
        assert_eq!(transcript.alpn.as_deref(), Some("h2"));
        assert_eq!(transcript.resumed, Some(false));
        assert!(
            transcript
                .messages
                .iter()
                .all(|message| message.kind != MessageKind::Encrypted)
        );
        for side in Side::BOTH {
            let (_, chain) = transcript.chain_sent_by(side).expect("a chain");
            assert_eq!(chain.chain.len(), 2, "{suite} {side:?}");
        }
        let kinds: Vec<MessageKind> = transcript.messages.iter().map(|message| message.kind).collect();
        assert!(
            kinds.contains(&MessageKind::CertificateRequest)
                && kinds.contains(&MessageKind::CertificateVerify),
            "{kinds:?}"
        );
        assert!(
            kinds
                .iter()
                .filter(|kind| **kind == MessageKind::Finished)
                .count()
                == 2,
            "{kinds:?}"
        );
        assert!(
            transcript
                .messages
                .iter()
                .any(|message| message.bytes == b"GET /charge\n"),
            "{suite}"
        );
        let group = if version == TlsVersion::Tls13 {
            "X25519MLKEM768"
        } else {
            "x25519"
        };
        assert_eq!(
            transcript.group.map(|group| group.to_string()).as_deref(),
            Some(group),
            "{suite}"
        );
    }
}

#[test]
fn a_retry_is_told_from_a_hello_and_the_transcript_hash_follows_it() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.client.policy.groups = vec!["x25519".to_owned(), "secp384r1".to_owned()];
    setup.parties.server.policy.groups = vec!["secp384r1".to_owned()];
    let transcript = decode(&run(&setup));
    assert_all_owned(&transcript);
    assert_eq!(errors(&transcript), Vec::<String>::new());
    assert!(
        transcript
            .first(MessageKind::HelloRetryRequest, Side::Server)
            .is_some()
    );
    let (_, verify) = transcript
        .first(MessageKind::CertificateVerify, Side::Server)
        .expect("a proof");
    let Body::CertificateVerify(facts) = &verify.body else {
        panic!("no facts")
    };
    assert_eq!(facts.signed.as_ref().map(Vec::len), Some(64 + 33 + 1 + 48));
}

#[test]
fn a_record_that_does_not_open_says_why() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.fault = Some(Fault::Flip(FaultTarget {
        from: Side::Server,
        record: 2,
    }));
    let transcript = decode(&run(&setup));
    assert_all_owned(&transcript);
    let sealed = transcript
        .messages
        .iter()
        .find(|message| message.kind == MessageKind::Encrypted)
        .expect("one stays shut");
    assert!(
        sealed
            .root
            .error
            .as_ref()
            .is_some_and(|why| why.contains("one byte was changed")),
        "{sealed:?}"
    );
}

#[test]
fn http_is_named() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.fault = Some(Fault::Http);
    let transcript = decode(&run(&setup));
    assert_all_owned(&transcript);
    assert!(transcript.messages.iter().any(|message| message.body
        == Body::NotTls {
            looks_like: Some("HTTP")
        }));
}

/// A small deterministic generator (xorshift64*), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}

#[test]
fn no_mutation_breaks_the_decoder() {
    let pki = minted(USUAL);
    let mut captures = Vec::new();
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        let mut setup = setup(&pki, &["client", "issuer"]);
        setup.parties.client.policy.versions = vec![version];
        captures.push(run(&setup));
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..1500 {
        let mut capture = captures[round % captures.len()].clone();
        for _ in 0..=dice.roll(3) {
            let index = dice.roll(capture.segments.len());
            let bytes = &mut capture.segments[index].bytes;
            if bytes.is_empty() {
                continue;
            }
            let at = dice.roll(bytes.len());
            match dice.roll(5) {
                0 => bytes[at] ^= 1 << dice.roll(8),
                1 => bytes[at] = dice.roll(256) as u8,
                2 => bytes.truncate(at),
                3 => bytes.insert(at, dice.roll(256) as u8),
                _ => {
                    capture.segments.swap_remove(index);
                }
            }
            if capture.segments.is_empty() {
                break;
            }
        }
        assert_all_owned(&decode(&capture));
    }
}

/// The hello of another stack, down to each of its extensions.
#[test]
fn an_openssl_hello_is_read_to_the_last_extension() {
    let text = include_str!("../fixtures/hello/openssl-3.0.hex");
    let hex: String = text.lines().filter(|line| !line.starts_with('#')).collect();
    let bytes = hex::decode(hex).expect("hexadecimal");
    let capture = Capture {
        origin: Origin::Packets,
        started_at_unix_us: 0,
        carrier: None,
        segments: vec![Segment {
            at_us: 0,
            from: Side::Client,
            bytes,
            altered: None,
        }],
        secrets: Vec::new(),
        events: Vec::new(),
        sides: PerSide::default(),
        at_hand: Vec::new(),
    };
    let transcript = decode(&capture);
    assert_all_owned(&transcript);
    assert_eq!(errors(&transcript), Vec::<String>::new());
    let (_, hello) = transcript.client_hello().expect("a hello");
    assert_eq!(hello.versions, [0x0304, 0x0303, 0x0302, 0x0301].map(Version));
    assert_eq!(hello.server_name.as_deref(), Some("payments.shop.svc"));
    assert_eq!(hello.alpn, ["h2", "http/1.1"]);
    assert_eq!(hello.key_shares, [Group(0x001d)]);
    assert!(hello.cipher_suites.contains(&CipherSuite(0x1302)));
    let extensions = transcript.messages[0]
        .root
        .find(&["extensions"])
        .expect("extensions");
    let names: Vec<&str> = extensions
        .children
        .iter()
        .skip(1)
        .map(|field| field.name.as_ref())
        .collect();
    for name in [
        "server_name",
        "ec_point_formats",
        "supported_groups",
        "session_ticket",
        "application_layer_protocol_negotiation",
        "encrypt_then_mac",
        "extended_master_secret",
        "signature_algorithms",
        "supported_versions",
        "psk_key_exchange_modes",
        "key_share",
    ] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    // Nothing is left as bytes without a name.
    let mut nameless = Vec::new();
    extensions.walk(&mut |field| {
        if field.name == "extension_data" {
            nameless.push(field.range.clone());
        }
    });
    assert!(nameless.is_empty(), "{nameless:?}");
}

#[test]
fn a_certificate_is_read_to_its_last_second_and_its_bytes_are_where_it_says() {
    let pki = minted(USUAL);
    let transcript = decode(&run(&setup(&pki, &["client", "issuer"])));
    let (_, message) = transcript
        .first(MessageKind::Certificate, Side::Client)
        .expect("a certificate");
    let validity = message
        .root
        .find(&[
            "certificate_list",
            "CertificateEntry",
            "cert_data",
            "X509Certificate",
            "tbsCertificate",
            "validity",
        ])
        .expect("a validity");
    let end = validity.find(&["notAfter"]).expect("an end");
    let written = String::from_utf8_lossy(&message.bytes[end.range.clone()]).into_owned();
    // The two header bytes, then the digits that the value spells out.
    let digits: String = end.value.chars().filter(char::is_ascii_digit).collect();
    assert!(
        written.ends_with(&format!("{}Z", &digits[2..])),
        "{written:?} {}",
        end.value
    );
    let mut purposes = Vec::new();
    message.root.walk(&mut |field| {
        if field.name == "KeyPurposeId" {
            purposes.push(field.value.to_string());
        }
    });
    assert_eq!(purposes, ["clientAuth (1.3.6.1.5.5.7.3.2)"]);
}
