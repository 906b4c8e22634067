//! The extensions' promises: what hand-made bytes say, and every byte in exactly one leaf whatever the bytes.

use super::ownership::{Numbers, assert_owned, errors, root, value};
use super::{Place, read};
use crate::decode::Field;
use crate::decode::reader::Reader;
use crate::iana::{Group, SignatureScheme, Version};

const PLACES: [Place; 7] = [
    Place::ClientHello,
    Place::ServerHello,
    Place::HelloRetryRequest,
    Place::EncryptedExtensions,
    Place::CertificateRequest,
    Place::CertificateEntry,
    Place::NewSessionTicket,
];

/// An extensions vector with one extension in it.
fn wrap(number: u16, body: &[u8]) -> Vec<u8> {
    let mut out = ((body.len() + 4) as u16).to_be_bytes().to_vec();
    out.extend(number.to_be_bytes());
    out.extend((body.len() as u16).to_be_bytes());
    out.extend_from_slice(body);
    out
}

fn field(bytes: &[u8], place: Place) -> Field {
    let mut reader = Reader::new(bytes);
    read(&mut reader, place);
    let root = root(bytes, reader);
    assert_owned(&root, bytes.len());
    root
}

/// The extension's field; its bytes must be right.
pub(super) fn right(number: u16, body: &[u8], place: Place) -> Field {
    let root = field(&wrap(number, body), place);
    assert_eq!(errors(&root), Vec::<String>::new(), "{root:#?}");
    root.children[0].children[1].clone()
}

fn bytes(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[test]
fn an_outer_hello_is_told_from_an_inner_one() {
    let outer = bytes(&[&[0, 0, 1, 0, 3, 42, 0, 4], b"encd", &[0, 3], b"abc"]);
    let ech = right(0xfe0d, &outer, Place::ClientHello);
    assert_eq!(
        ech.value,
        "outer · config 42 · HKDF-SHA256, ChaCha20Poly1305 · 3 B sealed"
    );
    assert_eq!(value(&ech, &["kdf_id"]), "HKDF-SHA256 (1)");
    assert_eq!(value(&ech, &["aead_id"]), "ChaCha20Poly1305 (3)");
    assert_eq!(value(&ech, &["enc"]), "65 6e 63 64");
    assert_eq!(right(0xfe0d, &[1], Place::ClientHello).value, "inner");
    let retry = right(0xfe0d, &[7; 8], Place::HelloRetryRequest);
    assert_eq!(value(&retry, &["confirmation"]), "07 07 07 07 07 07 07 07");
    let outer = right(0xfd00, &[4, 0, 10, 0, 51], Place::ClientHello);
    assert_eq!(outer.value, "supported_groups, key_share");
}

#[test]
fn the_configurations_to_retry_with_name_their_public_name() {
    let contents = bytes(&[
        &[9, 0, 0x20, 0, 2, 1, 2, 0, 4, 0, 1, 0, 1, 64, 11],
        b"cover.tests",
        &[0, 5, 0xfa, 0xfa, 0, 1, 5],
    ]);
    let length = (contents.len() as u16).to_be_bytes();
    let config = bytes(&[&[0xfe, 0x0d], &length, &contents]);
    let list = bytes(&[&(config.len() as u16).to_be_bytes(), &config]);
    let ech = right(0xfe0d, &list, Place::EncryptedExtensions);
    assert_eq!(ech.value, "retry with: cover.tests");
    assert_eq!(value(&ech, &["kem_id"]), "DHKEM(X25519, HKDF-SHA256) (32)");
    assert_eq!(value(&ech, &["ECHConfigExtension", "data"]), "05");
}

#[test]
fn a_logs_promise_is_read() {
    let sct = bytes(&[
        &[0],
        &[0xaa; 32],
        &1_700_000_000_123u64.to_be_bytes(),
        &[0, 0, 4, 3, 0, 2, 9, 9],
    ]);
    let one = bytes(&[&(sct.len() as u16).to_be_bytes(), &sct]);
    let list = bytes(&[&(one.len() as u16).to_be_bytes(), &one]);
    let field = right(18, &list, Place::CertificateEntry);
    assert_eq!(field.value, "1 timestamp");
    assert_eq!(value(&field, &["sct_version"]), "v1 (0)");
    assert_eq!(value(&field, &["timestamp"]), "2023-11-14 22:13:20.123 UTC");
    assert_eq!(value(&field, &["algorithm"]), "ecdsa with sha256");
    assert_eq!(value(&field, &["signature_value"]), "09 09");
}

#[test]
fn promises_inside_a_real_certificate_are_read() {
    let pem = include_str!("../../../tests/fixtures/outside/cryptography-scts.pem");
    let text: String = pem
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let der = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, text).expect("base64");
    let mut reader = Reader::new(&der);
    crate::decode::x509::certificate(&mut reader);
    let root = root(&der, reader);
    assert_owned(&root, der.len());
    assert_eq!(errors(&root), Vec::<String>::new());
    let list = value(&root, &["SignedCertificateTimestampList"]);
    assert!(list.ends_with("timestamps"), "{list}");
    assert_eq!(value(&root, &["SerializedSCT", "algorithm"]), "ecdsa with sha256");
}

#[test]
fn the_second_version_of_a_logs_promise_is_read() {
    let item = bytes(&[&[1, 2, 2, 0x2b, 1], &0u64.to_be_bytes(), &[0, 0, 0, 1, 9]]);
    let one = bytes(&[&(item.len() as u16).to_be_bytes(), &item]);
    let list = bytes(&[&(one.len() as u16).to_be_bytes(), &one]);
    let field = right(52, &list, Place::CertificateEntry);
    assert_eq!(value(&field, &["SerializedTransItem"]), "x509_sct_v2 (258)");
    assert_eq!(value(&field, &["timestamp"]), "1970-01-01 00:00:00.000 UTC");
}

#[test]
fn a_delegated_credential_is_read_to_its_key() {
    let key = [
        0x30, 0x0c, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x03, 0x00, 0x01, 0x02,
    ];
    let body = bytes(&[
        &604_800u32.to_be_bytes(),
        &[0x08, 0x07, 0, 0, 14],
        &key,
        &[0x04, 0x03, 0, 2, 5, 6],
    ]);
    let field = right(34, &body, Place::CertificateEntry);
    assert_eq!(field.value, "a key for ed25519");
    assert_eq!(
        value(&field, &["valid_time"]),
        "604800 s (7 days 0 h) after the certificate's notBefore"
    );
    assert_eq!(value(&field, &["subjectPublicKeyInfo"]), "Ed25519 (1.3.101.112)");
    let offered = right(34, &[0, 2, 4, 3], Place::ClientHello);
    assert_eq!(offered.value, "1 schemes");
}

#[test]
fn quic_parameters_have_their_names() {
    let body = bytes(&[
        &[0x01, 0x02, 0x47, 0xd0],
        &[0x0c, 0x00],
        &[0x0f, 0x02, 7, 7],
        &[0x1b, 0x01, 9],
        &[0x11, 0x08, 0, 0, 0, 1, 0x0a, 0x1a, 0x2a, 0x3a],
        &[0x6a, 0xb2, 0x00],
        &[0x80, 0, 0x31, 0x29, 0x01, 0x41],
    ]);
    let field = right(57, &body, Place::ClientHello);
    assert_eq!(field.value, "7 parameters");
    assert_eq!(value(&field, &["max_idle_timeout"]), "2000 ms");
    assert_eq!(value(&field, &["disable_active_migration"]), "yes");
    assert_eq!(value(&field, &["initial_source_connection_id"]), "07 07");
    assert_eq!(value(&field, &["version_information"]), "QUIC v1");
    assert_eq!(value(&field, &["available_version"]), "GREASE (0x0a1a2a3a)");
    assert_eq!(value(&field, &["grease_quic_bit"]), "yes");
    assert_eq!(value(&field, &["parameter 0x3129"]), "1 byte");
    assert!(value(&field, &["reserved_parameter"]).contains("honest"));
}

#[test]
fn the_smaller_ones_say_what_they_hold() {
    use Place::{CertificateRequest, ClientHello, EncryptedExtensions, ServerHello};
    let cases: &[(u16, &[u8], Place, &str)] = &[
        (2, &[], ClientHello, "empty"),
        (3, &[0, 1, 0], ClientHello, "agreed on before"),
        (5, &[1, 0, 0, 0, 0], ClientHello, "OCSP"),
        (6, &[1, 64], ClientHello, "upn_domain_hint (64)"),
        (
            7,
            &[2, 0, 1],
            ClientHello,
            "x509_attr_cert (0), saml_assertion (1)",
        ),
        (9, &[2, 1, 0], ClientHello, "OpenPGP (1), X509 (0)"),
        (9, &[0], ServerHello, "X509 (0)"),
        (12, &[3, b'b', b'o', b'b'], ClientHello, "bob"),
        (14, &[0, 2, 0, 7, 0], ClientHello, "SRTP_AEAD_AES_128_GCM (7)"),
        (15, &[1], ClientHello, "peer_allowed_to_send (1)"),
        (17, &[0, 7, 2, 0, 4, 0, 0, 0, 0], ClientHello, "ocsp_multi (2)"),
        (21, &[0; 3], ClientHello, "3 bytes of zeros"),
        (24, &[1, 0, 1, 2], ClientHello, "version 1.0 · ecdsap256 (2)"),
        (25, &[0, 4, 1, 2, 9, 9], ClientHello, "cert (1)"),
        (25, &[0, 1, 2], EncryptedExtensions, "cert_req (2)"),
        (29, &[1, 9], ClientHello, "1 byte"),
        (30, &[1, b'x'], ClientHello, "x"),
        (31, &[0, 1, 7], Place::HelloRetryRequest, "1 byte"),
        (32, &[0, 3, 0, 1, 7], ClientHello, "a ticket from before"),
        (32, &[2, 1, 7, 0, 0, 0, 0, 0, 60], EncryptedExtensions, "for 60 s"),
        (39, &[1, 1], ClientHello, "AESKW128 (1)"),
        (39, &[2], ServerHello, "AESKW256 (2)"),
        (
            48,
            &[0, 8, 5, 6, 3, 0x55, 0x1d, 0x25, 0, 0],
            CertificateRequest,
            "extKeyUsage (2.5.29.37)",
        ),
        (54, &[1, 5], ClientHello, "05"),
        (58, &[2, 1], ClientHello, "2 for a new session, 1 on resumption"),
        (58, &[2], EncryptedExtensions, "2 to come"),
        (59, &[1, 0xbb], ClientHello, "port 443"),
        (
            59,
            &[0, 1, 1, b'a', 0, 0, 52, 0, 1, 0, 0, 0, 9, 0, 1, 3],
            EncryptedExtensions,
            "1 DNS records",
        ),
        (62, &[2, 1, 1], ClientHello, "flag 0, resumption_across_names (8)"),
        (0x3374, &[2, b'h', b'2'], ServerHello, "h2"),
        (0x4469, &[0, 3, 2, b'h', b'2'], ClientHello, "h2"),
        (0x44cd, &[7], EncryptedExtensions, "1 byte"),
        (
            0x0a0a,
            &[],
            ClientHello,
            "empty, sent to keep servers honest (RFC 8701)",
        ),
        (0xff01, &[0], ClientHello, "initial handshake"),
    ];
    for (number, body, place, wanted) in cases {
        assert_eq!(right(*number, body, *place).value, *wanted, "{number} {place:?}");
    }
}

#[test]
fn dns_records_are_read_with_and_without_their_length_and_to_the_longest_label() {
    let record = |label: u8| {
        let name = vec![b'a'; usize::from(label)];
        bytes(&[&[label], &name, &[0, 0, 52, 0, 1, 0, 0, 0, 9, 0, 1, 3]])
    };
    for label in [1, 62, 63] {
        let records = record(label).repeat(2);
        let length = (records.len() as u16).to_be_bytes();
        for body in [bytes(&[&[0, 1], &records]), bytes(&[&[0, 1], &length, &records])] {
            let chain = right(59, &body, Place::EncryptedExtensions);
            assert_eq!(chain.value, "2 DNS records", "{label}");
        }
    }
    // A longer one would be a pointer, which these records never have.
    let body = bytes(&[&[0, 1], &record(64)]);
    let root = field(&wrap(59, &body), Place::EncryptedExtensions);
    assert_eq!(errors(&root), ["unparsed: this is no DNS name"]);
}

#[test]
fn bytes_where_none_belong_are_told() {
    let root = field(&wrap(23, &[1, 2]), Place::ClientHello);
    assert_eq!(errors(&root), ["unparsed: 2 bytes are left over"]);
}

#[test]
fn every_byte_has_one_leaf_whatever_the_bytes() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let known = (0..70).chain([0x0a0a, 0x3374, 0x4469, 0x44cd, 0xfd00, 0xfe0d, 0xff01, 0x1234]);
    for number in known {
        for place in PLACES {
            for round in 0..60 {
                let length = numbers.next() % 80;
                let body: Vec<u8> = (0..length)
                    .map(|_| {
                        let byte = numbers.next();
                        // Small numbers make lengths that fit; DER's tags make elements.
                        match (round % 3, byte >> 60) {
                            (0, _) => byte as u8,
                            (1, _) | (_, 0..=7) => (byte % 9) as u8,
                            (_, 8..=11) => (byte % 40) as u8,
                            _ => [0x30, 0xa0, 0xa1, 0xa2, 0x04, 0x06, 0x02, 0x80][(byte % 8) as usize],
                        }
                    })
                    .collect();
                let mut bytes = wrap(number, &body);
                // Some are cut short of what they declare.
                if round % 5 == 4 {
                    bytes.truncate(bytes.len() - (numbers.next() as usize % bytes.len()));
                }
                field(&bytes, place);
            }
        }
    }
}

/// What is said of a hello with this one extension.
fn said(number: u16, body: &[u8], place: Place) -> super::Said {
    let bytes = wrap(number, body);
    read(&mut Reader::new(&bytes), place)
}

/// RFC 8701: a reserved number says nothing of what its sender can do.
#[test]
fn reserved_numbers_are_shown_and_are_no_offer() {
    let versions = said(43, &[6, 0x3a, 0x3a, 3, 4, 3, 3], Place::ClientHello).versions;
    assert_eq!(versions, [Version::TLS_13, Version::TLS_12]);
    let groups = said(10, &[0, 4, 0x2a, 0x2a, 0, 29], Place::ClientHello).groups;
    assert_eq!(groups, [Group(29)]);
    let shares = [0, 11, 0x2a, 0x2a, 0, 1, 0, 0, 29, 0, 2, 7, 7];
    assert_eq!(said(51, &shares, Place::ClientHello).key_shares, [Group(29)]);
    let schemes = said(13, &[0, 4, 0x0a, 0x0a, 4, 3], Place::ClientHello).signature_schemes;
    assert_eq!(schemes, [SignatureScheme(0x0403)]);
}

/// RFC 6066 §3: a name of another type is no host, and of two hosts the first counts.
#[test]
fn only_a_host_name_is_the_server_name() {
    let entry = |kind: u8, name: &[u8]| bytes(&[&[kind, 0, name.len() as u8], name]);
    let list = |entries: &[Vec<u8>]| {
        let all = entries.concat();
        bytes(&[&[0, all.len() as u8], &all])
    };
    for (entries, name) in [
        (vec![entry(0, b"a.example")], Some("a.example")),
        (vec![entry(7, b"a.example")], None),
        (vec![entry(7, b"x"), entry(0, b"a.example")], Some("a.example")),
        (
            vec![entry(0, b"a.example"), entry(0, b"b.example")],
            Some("a.example"),
        ),
        (vec![entry(0, b"")], None),
        (vec![], None),
    ] {
        let found = said(0, &list(&entries), Place::ClientHello).server_name;
        assert_eq!(found.as_deref(), name, "{entries:?}");
    }
}
