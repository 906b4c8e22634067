//! TLS 1.2's ServerKeyExchange and ClientKeyExchange (RFC 5246 §7.4.3, §7.4.7; RFC 8422 §5.4, §5.7).

use super::context::Context;
use crate::decode::Body;
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words};
use crate::iana::{self, Group, SignatureScheme, Table};

/// How a suite of TLS 1.2 or before agrees on a key, from its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exchange {
    Ecdhe,
    Dhe,
    Rsa,
    Psk,
    EcdhePsk,
    DhePsk,
    RsaPsk,
    Srp,
    /// Static Diffie-Hellman: the server's half is in its certificate.
    Dh,
    /// Static elliptic-curve Diffie-Hellman.
    Ecdh,
    Unknown,
}

/// How suites begin, the longer names first.
const NAMES: [(&str, Exchange); 13] = [
    ("TLS_ECDHE_PSK_", Exchange::EcdhePsk),
    ("TLS_DHE_PSK_", Exchange::DhePsk),
    ("TLS_RSA_PSK_", Exchange::RsaPsk),
    ("TLS_PSK_DHE_", Exchange::DhePsk),
    ("TLS_PSK_", Exchange::Psk),
    ("TLS_ECDHE_", Exchange::Ecdhe),
    ("TLS_ECDH_anon_", Exchange::Ecdhe),
    ("TLS_ECDH_", Exchange::Ecdh),
    ("TLS_DHE_", Exchange::Dhe),
    ("TLS_DH_anon_", Exchange::Dhe),
    ("TLS_DH_", Exchange::Dh),
    ("TLS_RSA_", Exchange::Rsa),
    ("TLS_SRP_", Exchange::Srp),
];

/// How it does, and whether the parameters are signed: anonymous and PSK suites sign nothing (RFC 5246 §7.4.3).
fn exchange(suite: Option<u16>) -> (Exchange, bool) {
    let name = suite
        .and_then(|number| iana::name(Table::CipherSuite, number))
        .unwrap_or_default();
    let is_signed = !name.contains("_anon_") && !name.contains("PSK");
    let exchange = NAMES
        .iter()
        .find(|(start, _)| name.starts_with(start))
        .map_or(Exchange::Unknown, |(_, exchange)| *exchange);
    // SRP without a certificate signs nothing either (RFC 5054 §2.5.3).
    (exchange, is_signed && !name.starts_with("TLS_SRP_SHA_WITH"))
}

pub(super) fn server(reader: &mut Reader<'_>, context: Context) -> Body {
    let mut group = None;
    let start = reader.offset();
    let (exchange, mut is_signed) = exchange(context.suite);
    if matches!(
        exchange,
        Exchange::Psk | Exchange::EcdhePsk | Exchange::DhePsk | Exchange::RsaPsk
    ) {
        reader.opaque("psk_identity_hint", 2, "hint", words::shown);
    }
    match exchange {
        Exchange::Ecdhe | Exchange::EcdhePsk => group = curve(reader),
        Exchange::Dhe | Exchange::DhePsk => {
            reader.opaque("dh_p", 2, "prime", words::hex);
            reader.opaque("dh_g", 2, "generator", words::hex);
            reader.opaque("dh_Ys", 2, "public_value", words::hex);
        }
        // An export suite sends a short RSA key (RFC 2246 §7.4.3).
        Exchange::Rsa => {
            reader.opaque("rsa_modulus", 2, "modulus", words::hex);
            reader.opaque("rsa_exponent", 2, "exponent", words::hex);
        }
        Exchange::Srp => {
            reader.opaque("srp_N", 2, "prime", words::hex);
            reader.opaque("srp_g", 2, "generator", words::hex);
            reader.opaque("srp_s", 1, "salt", words::hex);
            reader.opaque("srp_B", 2, "public_value", words::hex);
        }
        Exchange::Psk | Exchange::RsaPsk => {}
        Exchange::Dh | Exchange::Ecdh | Exchange::Unknown => {
            reader.rest("params", words::hex);
            is_signed = false;
        }
    }
    let params = start..reader.offset();
    if !is_signed {
        return Body::ServerKeyExchange {
            group,
            scheme: None,
            params: 0..0,
            signature: Vec::new(),
            signed: None,
        };
    }
    let scheme = context
        .names_signatures()
        .then(|| {
            reader.u16("algorithm", |number| {
                iana::numbered(Table::SignatureScheme, number)
            })
        })
        .flatten();
    let signature = reader
        .opaque("signature", 2, "signature_value", words::hex)
        .to_vec();
    Body::ServerKeyExchange {
        group,
        scheme: scheme.map(SignatureScheme),
        params,
        signature,
        signed: None,
    }
}

/// ServerECDHParams (RFC 8422 §5.4): a named curve, or one spelled out as some did of old (RFC 4492 §5.4).
fn curve(reader: &mut Reader<'_>) -> Option<Group> {
    let kind = reader.u8("curve_type", |kind| match kind {
        1 => Words::Borrowed("explicit_prime (1)"),
        2 => Words::Borrowed("explicit_char2 (2)"),
        3 => Words::Borrowed("named_curve (3)"),
        other => words::number(u64::from(other)),
    });
    let mut group = None;
    match kind {
        Some(3) => {
            group = reader
                .u16("namedcurve", |number| iana::numbered(Table::Group, number))
                .map(Group);
        }
        Some(1) => {
            for (part, inner) in [
                ("prime_p", "prime"),
                ("curve_a", "a"),
                ("curve_b", "b"),
                ("base", "point"),
                ("order", "number"),
                ("cofactor", "number"),
            ] {
                reader.opaque(part, 1, inner, words::hex);
            }
        }
        _ => {}
    }
    reader.opaque("public", 1, "point", words::hex);
    group
}

pub(super) fn client(reader: &mut Reader<'_>, context: Context) -> Body {
    let (exchange, _) = exchange(context.suite);
    let mut encrypted_premaster = Vec::new();
    if matches!(
        exchange,
        Exchange::Psk | Exchange::EcdhePsk | Exchange::DhePsk | Exchange::RsaPsk
    ) {
        reader.opaque("psk_identity", 2, "identity", words::shown);
    }
    match exchange {
        Exchange::Ecdhe | Exchange::EcdhePsk | Exchange::Ecdh => {
            reader.opaque("ecdh_Yc", 1, "point", words::hex);
        }
        Exchange::Dhe | Exchange::DhePsk | Exchange::Dh => {
            reader.opaque("dh_Yc", 2, "public_value", words::hex);
        }
        // SSL 3.0 sends it without a length.
        Exchange::Rsa | Exchange::RsaPsk if context.version != 0x0300 => {
            encrypted_premaster = reader
                .opaque("EncryptedPreMasterSecret", 2, "encrypted", words::hex)
                .to_vec();
        }
        Exchange::Srp => {
            reader.opaque("srp_A", 2, "public_value", words::hex);
        }
        Exchange::Psk => {}
        Exchange::Rsa | Exchange::RsaPsk => {
            encrypted_premaster = reader.rest("EncryptedPreMasterSecret", words::hex).to_vec();
        }
        Exchange::Unknown => {
            reader.rest("exchange_keys", words::hex);
        }
    }
    Body::ClientKeyExchange { encrypted_premaster }
}
