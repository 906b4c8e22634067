//! Revocation, stapled: what a client asks for (RFC 6066 §8, RFC 6961 §2.2) and what a server staples.

use super::lists::{named, summary};
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};
use crate::decode::{ocsp, x509};

/// CertificateStatusType (RFC 6961 §2.2).
const TYPES: &[(u16, &str)] = &[(1, "ocsp"), (2, "ocsp_multi")];

fn status_type(reader: &mut Reader<'_>) -> Option<u8> {
    reader.u8("status_type", |number| named(u16::from(number), TYPES))
}

/// CertificateStatusRequest (RFC 6066 §8).
pub(super) fn request(reader: &mut Reader<'_>) -> Words {
    if status_type(reader) == Some(1) {
        ocsp_request(reader);
        Words::Borrowed("OCSP")
    } else {
        reader.rest("request", words::hex);
        Words::Borrowed("of an unknown type")
    }
}

/// OCSPStatusRequest (RFC 6066 §8).
fn ocsp_request(reader: &mut Reader<'_>) {
    reader.vector("responder_id_list", 2, |list| {
        if list.remaining() == 0 {
            return Words::Borrowed("empty");
        }
        let mut names = Vec::new();
        while list.remaining() > 0 {
            list.vector("ResponderID", 2, |one| {
                let name = ocsp::responder_id(one);
                names.push(name.clone());
                name
            });
        }
        summary(&names)
    });
    reader.vector("request_extensions", 2, |inner| {
        if inner.remaining() == 0 {
            return Words::Borrowed("empty");
        }
        x509::extensions(inner)
    });
}

/// CertificateStatusRequestListV2 (RFC 6961 §2.2).
pub(super) fn request_v2(reader: &mut Reader<'_>) -> Words {
    let mut kinds = Vec::new();
    reader.vector("certificate_status_req_list", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(3) {
                [_, high, low] => 3 + usize::from(u16::from_be_bytes([high, low])),
                _ => list.remaining(),
            };
            list.group("CertificateStatusRequestItemV2", length, |item| {
                let kind = status_type(item);
                item.u16("request_length", |length| length.to_string());
                if matches!(kind, Some(1 | 2)) {
                    ocsp_request(item);
                } else {
                    item.rest("request", words::hex);
                }
                let words = kind.map(|kind| named(u16::from(kind), TYPES)).unwrap_or_default();
                kinds.push(words.clone());
                words
            });
        }
        summary(&kinds)
    });
    summary(&kinds)
}

/// CertificateStatus: the message of TLS 1.2 and the staple in a CertificateEntry of TLS 1.3 (RFC 6066 §8, RFC 6961 §2.2,
/// RFC 8446 §4.4.2.1).
pub(in crate::decode) fn staple(reader: &mut Reader<'_>) -> Words {
    match status_type(reader) {
        Some(1) => one(reader),
        Some(2) => {
            let mut said = Vec::new();
            reader.vector("ocsp_response_list", 3, |list| {
                while list.remaining() > 0 {
                    said.push(one(list));
                }
                summary(&said)
            });
            said!("{} OCSP responses", said.len())
        }
        _ => {
            reader.rest("response", words::hex);
            Words::Borrowed("of an unknown type")
        }
    }
}

/// One OCSPResponse with its length; an empty one says nothing of its certificate (RFC 6961 §2.2).
fn one(reader: &mut Reader<'_>) -> Words {
    let mut value = Words::Borrowed("empty");
    reader.vector("response", 3, |inner| {
        let size = inner.remaining();
        if size == 0 {
            return value.clone();
        }
        let said = ocsp::response(inner);
        value = said!("OCSP response · {said} · {} B", words::thousands(size));
        said
    });
    value
}
