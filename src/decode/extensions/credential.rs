//! Delegated credentials (RFC 9345): a short-lived key that a certificate's holder signed itself.

use super::lists::summary;
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};
use crate::decode::x509;
use crate::iana::{self, Table};

fn scheme(number: u16) -> Words {
    said!("{} (0x{number:04x})", iana::named(Table::SignatureScheme, number))
}

fn days(seconds: u64) -> Words {
    said!(
        "{seconds} s ({} days {} h) after the certificate's notBefore",
        seconds / 86_400,
        seconds % 86_400 / 3_600
    )
}

/// DelegatedCredential in a CertificateEntry (RFC 9345 §4).
pub(super) fn delegated_credential(reader: &mut Reader<'_>) -> Words {
    let length = match *reader.peek(9) {
        [_, _, _, _, _, _, a, b, c] => 9 + u32::from_be_bytes([0, a, b, c]) as usize,
        _ => reader.remaining(),
    };
    let mut said = Vec::new();
    reader.group("cred", length, |cred| {
        cred.number("valid_time", 4, days);
        let number = cred.u16("dc_cert_verify_algorithm", scheme);
        said.extend(number.map(|number| iana::name_or_number(Table::SignatureScheme, number)));
        cred.vector("ASN1_subjectPublicKeyInfo", 3, |inner| {
            x509::public_key_info(inner, "subjectPublicKeyInfo")
        });
        summary(&said)
    });
    reader.u16("algorithm", scheme);
    reader.opaque("signature", 2, "signature_value", words::hex);
    said!("a key for {}", summary(&said))
}
