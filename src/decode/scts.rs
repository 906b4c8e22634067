//! Signed certificate timestamps: the promises of public logs, in a handshake, a certificate or an OCSP response (RFC 6962 §3).

use super::reader::Reader;
use super::words::{self, Words, named, said};

/// Milliseconds since 1970 as people read them.
pub(super) fn moment(milliseconds: u64) -> Words {
    i64::try_from(milliseconds)
        .ok()
        .and_then(|number| jiff::Timestamp::from_millisecond(number).ok())
        .map_or_else(
            || said!("{milliseconds} ms since 1970"),
            |moment| said!("{}", moment.strftime("%Y-%m-%d %H:%M:%S%.3f UTC")),
        )
}

pub(super) fn count(number: usize, what: &str) -> Words {
    match number {
        1 => said!("1 {what}"),
        number => said!("{number} {what}s"),
    }
}

/// SignedCertificateTimestampList (RFC 6962 §3.3).
pub(super) fn scts(reader: &mut Reader<'_>) -> Words {
    let mut number = 0usize;
    reader.vector("sct_list", 2, |list| {
        while list.remaining() > 0 {
            list.vector("SerializedSCT", 2, sct);
            number += 1;
        }
        count(number, "timestamp")
    });
    count(number, "timestamp")
}

/// SignedCertificateTimestamp (RFC 6962 §3.2).
fn sct(reader: &mut Reader<'_>) -> Words {
    let version = reader.u8("sct_version", |version| named(u16::from(version), &[(0, "v1")]));
    if version != Some(0) {
        reader.rest("sct_data", words::hex);
        return Words::Borrowed("of another version");
    }
    reader.bytes("id", 32, words::hex);
    let signed = reader.number("timestamp", 8, moment);
    reader.opaque("extensions", 2, "extensions_data", words::hex);
    reader.group("algorithm", 2, |algorithm| {
        let mut part = |name, names: &[(u16, &str)]| {
            let mut word = Words::default();
            algorithm.u8(name, |number| {
                word = named(u16::from(number), names);
                word.clone()
            });
            word.split(' ').next().unwrap_or_default().to_owned()
        };
        let hash = part("hash", HASHES);
        said!("{} with {hash}", part("signature", SIGNATURES))
    });
    reader.opaque("signature", 2, "signature_value", words::hex);
    signed.map(moment).unwrap_or_default()
}

/// HashAlgorithm and SignatureAlgorithm (RFC 5246 §7.4.1.4.1).
const HASHES: &[(u16, &str)] = &[
    (0, "none"),
    (1, "md5"),
    (2, "sha1"),
    (3, "sha224"),
    (4, "sha256"),
    (5, "sha384"),
    (6, "sha512"),
];
const SIGNATURES: &[(u16, &str)] = &[(0, "anonymous"), (1, "rsa"), (2, "dsa"), (3, "ecdsa")];
