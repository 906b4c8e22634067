//! TLS 1.2's ServerKeyExchange and ClientKeyExchange (RFC 5246 §7.4.3, §7.4.7; RFC 8422 §5.4, §5.7).

use crate::decode::reader::Reader;
use crate::decode::{Body, words};
use crate::iana::{self, Table};

/// How a 1.2 suite agrees on a key, from its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exchange {
    Ecdhe,
    Dhe,
    Rsa,
    Unknown,
}

fn exchange(suite: Option<u16>) -> Exchange {
    match suite.and_then(|number| iana::name(Table::CipherSuite, number)) {
        Some(name) if name.starts_with("TLS_ECDHE_") && !name.contains("_PSK_") => Exchange::Ecdhe,
        Some(name) if name.starts_with("TLS_DHE_") && !name.contains("_PSK_") => Exchange::Dhe,
        Some(name) if name.starts_with("TLS_RSA_") && !name.contains("_PSK_") => Exchange::Rsa,
        _ => Exchange::Unknown,
    }
}

pub(super) fn server(reader: &mut Reader<'_>, suite: Option<u16>) -> Body {
    let mut group = None;
    let start = reader.offset();
    match exchange(suite) {
        Exchange::Ecdhe => {
            reader.u8("curve_type", |kind| {
                if kind == 3 {
                    "named_curve (3)".to_owned()
                } else {
                    kind.to_string()
                }
            });
            group = reader
                .u16("namedcurve", |number| {
                    format!("{} (0x{number:04x})", iana::name_or_number(Table::Group, number))
                })
                .map(|number| iana::name_or_number(Table::Group, number));
            reader.opaque("public", 1, "point", words::hex);
        }
        Exchange::Dhe => {
            reader.opaque("dh_p", 2, "prime", words::hex);
            reader.opaque("dh_g", 2, "generator", words::hex);
            reader.opaque("dh_Ys", 2, "public_value", words::hex);
        }
        _ => {
            reader.rest("params", words::hex);
            return Body::ServerKeyExchange {
                group,
                scheme: None,
                params: 0..0,
                signature: Vec::new(),
                signed: None,
            };
        }
    }
    let params = start..reader.offset();
    let scheme = reader.u16("algorithm", |number| {
        format!(
            "{} (0x{number:04x})",
            iana::name_or_number(Table::SignatureScheme, number)
        )
    });
    let signature = reader
        .opaque("signature", 2, "signature_value", words::hex)
        .to_vec();
    Body::ServerKeyExchange {
        group,
        scheme: scheme.map(|number| iana::name_or_number(Table::SignatureScheme, number)),
        params,
        signature,
        signed: None,
    }
}

pub(super) fn client(reader: &mut Reader<'_>, suite: Option<u16>) -> Body {
    match exchange(suite) {
        Exchange::Ecdhe => {
            reader.opaque("ecdh_Yc", 1, "point", words::hex);
        }
        Exchange::Dhe => {
            reader.opaque("dh_Yc", 2, "public_value", words::hex);
        }
        Exchange::Rsa => {
            reader.opaque("EncryptedPreMasterSecret", 2, "encrypted", words::hex);
        }
        Exchange::Unknown => {
            reader.rest("exchange_keys", words::hex);
        }
    }
    Body::Other
}
