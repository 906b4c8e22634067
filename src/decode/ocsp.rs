//! A stapled statement about revocation to the byte: OCSPResponse (RFC 6960 §4.2.1) in DER.
//!
//! Reads like a certificate does: whatever is no DER keeps its bytes in one leaf with an error.

use super::oids;
use super::reader::Reader;
use super::words::{self, Words, said};
use super::x509::{
    algorithm, anything, certificate, constructed, extensions, name, next_is, primitive, time, told,
};

/// id-pkix-ocsp-basic, the only kind of response that anybody sends (RFC 6960 §4.2.1).
const BASIC: &str = "1.3.6.1.5.5.7.48.1.1";

/// OCSPResponse (RFC 6960 §4.2.1); returns what it says of the certificate, `good` or `revoked …`, or why it says nothing.
pub(super) fn response(reader: &mut Reader<'_>) -> Words {
    let mut said = Words::default();
    constructed(reader, "OCSPResponse", |inner| {
        said = told(inner, "responseStatus", |_, bytes| response_status(bytes));
        if next_is(inner, 0xa0) {
            constructed(inner, "responseBytes", |tagged| {
                constructed(tagged, "ResponseBytes", |bytes| {
                    response_bytes(bytes, &mut said);
                    said.clone()
                });
                said.clone()
            });
        }
        said.clone()
    });
    said
}

/// ResponseBytes (RFC 6960 §4.2.1): a type, and a response of that type wrapped in an OCTET STRING.
fn response_bytes(bytes: &mut Reader<'_>, said: &mut Words) {
    let mut is_basic = false;
    primitive(bytes, "responseType", |_, oid| {
        is_basic = oids::dotted(oid) == BASIC;
        oids::words(oid)
    });
    constructed(bytes, "response", |octets| {
        if is_basic {
            *said = basic(octets);
        } else {
            while octets.remaining() > 0 {
                anything(octets, "value", 0);
            }
        }
        Words::default()
    });
}

/// OCSPResponseStatus (RFC 6960 §4.2.1); 4 is not used.
fn response_status(bytes: &[u8]) -> Words {
    let name = match bytes {
        [0] => "successful",
        [1] => "malformedRequest",
        [2] => "internalError",
        [3] => "tryLater",
        [5] => "sigRequired",
        [6] => "unauthorized",
        _ => return words::hex(bytes),
    };
    said!("{name} ({})", bytes.first().copied().unwrap_or_default())
}

/// BasicOCSPResponse (RFC 6960 §4.2.1).
fn basic(reader: &mut Reader<'_>) -> Words {
    let mut said = Vec::new();
    constructed(reader, "BasicOCSPResponse", |inner| {
        constructed(inner, "tbsResponseData", |data| {
            response_data(data, &mut said);
            said.join("; ")
        });
        algorithm(inner, "signatureAlgorithm");
        primitive(inner, "signature", |_, bytes| {
            words::hex(bytes.get(1..).unwrap_or_default())
        });
        if next_is(inner, 0xa0) {
            constructed(inner, "certs", |tagged| {
                let mut count = 0usize;
                constructed(tagged, "SEQUENCE OF Certificate", |list| {
                    while list.remaining() > 0 {
                        certificate(list);
                        count += 1;
                    }
                    count.to_string()
                });
                count.to_string()
            });
        }
        said.join("; ")
    });
    said.join("; ").into()
}

/// ResponseData (RFC 6960 §4.2.1), the part that the signature covers.
fn response_data(data: &mut Reader<'_>, said: &mut Vec<Words>) {
    if next_is(data, 0xa0) {
        constructed(data, "version", |inner| {
            told(inner, "INTEGER", |_, bytes| match bytes {
                [number @ 0..=0x7f] => said!("v{} ({number})", number + 1),
                _ => words::hex(bytes),
            })
        });
    }
    responder_id(data);
    primitive(data, "producedAt", |_, bytes| time(bytes));
    constructed(data, "responses", |list| {
        while list.remaining() > 0 {
            constructed(list, "SingleResponse", |single| {
                let words = single_response(single);
                said.push(words.clone());
                words
            });
        }
        said.join("; ")
    });
    if next_is(data, 0xa1) {
        constructed(data, "responseExtensions", extensions);
    }
}

/// ResponderID (RFC 6960 §4.2.1): who signed, by name or by the hash of the key.
pub(super) fn responder_id(reader: &mut Reader<'_>) -> Words {
    let mut value = Words::default();
    if next_is(reader, 0xa1) {
        constructed(reader, "responderID", |inner| {
            value = crate::pki::distinguished_name(inner.peek(inner.remaining()))
                .unwrap_or_default()
                .into();
            name(inner, "byName");
            value.clone()
        });
    } else {
        constructed(reader, "responderID", |inner| {
            value = told(inner, "byKey", |_, bytes| words::hex(bytes));
            Words::Borrowed("by its key's SHA-1 hash")
        });
    }
    value
}

/// SingleResponse (RFC 6960 §4.2.1): one certificate, its status, and how long the statement is fresh.
fn single_response(single: &mut Reader<'_>) -> Words {
    constructed(single, "certID", |id| {
        algorithm(id, "hashAlgorithm");
        primitive(id, "issuerNameHash", |_, bytes| words::hex(bytes));
        primitive(id, "issuerKeyHash", |_, bytes| words::hex(bytes));
        told(id, "serialNumber", |_, bytes| words::hex(bytes))
    });
    let status = cert_status(single);
    primitive(single, "thisUpdate", |_, bytes| time(bytes));
    if next_is(single, 0xa0) {
        constructed(single, "nextUpdate", |inner| {
            told(inner, "GeneralizedTime", |_, bytes| time(bytes))
        });
    }
    if next_is(single, 0xa1) {
        constructed(single, "singleExtensions", extensions);
    }
    status
}

/// CertStatus (RFC 6960 §4.2.1): good, revoked with its RevokedInfo, or unknown.
fn cert_status(single: &mut Reader<'_>) -> Words {
    if !next_is(single, 0xa1) {
        return told(single, "certStatus", |tag, bytes| match tag {
            0x80 => Words::Borrowed("good"),
            0x82 => Words::Borrowed("unknown"),
            _ => words::hex(bytes),
        });
    }
    let mut value = Words::Borrowed("revoked");
    constructed(single, "certStatus", |revoked| {
        let since = told(revoked, "revocationTime", |_, bytes| time(bytes));
        value = said!("revoked since {since}");
        if next_is(revoked, 0xa0) {
            constructed(revoked, "revocationReason", |inner| {
                let reason = told(inner, "CRLReason", |_, bytes| reason(bytes));
                value = said!("{value}, {reason}");
                reason
            });
        }
        value.clone()
    });
    value
}

/// CRLReason (RFC 5280 §5.3.1); 7 is not used.
fn reason(bytes: &[u8]) -> Words {
    let name = match bytes {
        [0] => "unspecified",
        [1] => "keyCompromise",
        [2] => "cACompromise",
        [3] => "affiliationChanged",
        [4] => "superseded",
        [5] => "cessationOfOperation",
        [6] => "certificateHold",
        [8] => "removeFromCRL",
        [9] => "privilegeWithdrawn",
        [10] => "aACompromise",
        _ => return words::hex(bytes),
    };
    said!("{name} ({})", bytes.first().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::extensions::ownership;
    use super::super::reader::Reader;
    use super::super::words::Words;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![tag];
        if content.len() < 0x80 {
            out.push(content.len() as u8);
        } else {
            out.extend([0x82, (content.len() >> 8) as u8, content.len() as u8]);
        }
        out.extend_from_slice(content);
        out
    }

    fn read(der: &[u8]) -> (Words, crate::decode::Field) {
        let mut reader = Reader::new(der);
        let said = super::response(&mut reader);
        (said, ownership::root(der, reader))
    }

    /// A response that calls certificate 7 revoked.
    fn revoked() -> Vec<u8> {
        let oid = tlv(6, &[0x2b, 0x0e, 0x03, 0x02, 0x1a]);
        let id = [tlv(0x30, &oid), tlv(4, &[1; 20]), tlv(4, &[2; 20]), tlv(2, &[7])].concat();
        let moment = tlv(0x18, b"20240301120000Z");
        let revoked = [moment.clone(), tlv(0xa0, &tlv(0x0a, &[1]))].concat();
        let single = [
            tlv(0x30, &id),
            tlv(0xa1, &revoked),
            moment.clone(),
            tlv(0xa0, &moment),
        ]
        .concat();
        let data = [
            tlv(0xa2, &tlv(4, &[3; 20])),
            moment,
            tlv(0x30, &tlv(0x30, &single)),
        ]
        .concat();
        let algorithm = tlv(0x30, &tlv(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
        let basic = tlv(0x30, &[tlv(0x30, &data), algorithm, tlv(3, &[0, 9, 9])].concat());
        let kind = tlv(6, &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1]);
        let bytes = tlv(0xa0, &tlv(0x30, &[kind, tlv(4, &basic)].concat()));
        tlv(0x30, &[tlv(0x0a, &[0]), bytes].concat())
    }

    #[test]
    fn a_revoked_certificate_is_read_to_the_byte() {
        let der = revoked();
        let (said, root) = read(&der);
        assert_eq!(said, "revoked since 2024-03-01 12:00:00 UTC, keyCompromise (1)");
        ownership::assert_owned(&root, der.len());
        assert_eq!(ownership::errors(&root), Vec::<String>::new());
        let mut names = Vec::new();
        root.walk(&mut |field| names.push(format!("{}={}", field.name, field.value)));
        for wanted in [
            "responseStatus=successful (0)",
            "responseType=id-pkix-ocsp-basic (1.3.6.1.5.5.7.48.1.1)",
            "responderID=by its key's SHA-1 hash",
            "producedAt=2024-03-01 12:00:00 UTC",
            "hashAlgorithm=sha1 (1.3.14.3.2.26)",
            "serialNumber=07",
            "CRLReason=keyCompromise (1)",
            "nextUpdate=2024-03-01 12:00:00 UTC",
            "signature=09 09",
        ] {
            assert!(names.iter().any(|name| name == wanted), "{wanted} in {names:#?}");
        }
    }

    #[test]
    fn a_list_of_responses_has_room_for_an_empty_one() {
        let der = revoked();
        let length = |bytes: &[u8]| (bytes.len() as u32).to_be_bytes()[1..].to_vec();
        let list = [length(&der), der, vec![0, 0, 0]].concat();
        let body = [vec![2], length(&list), list].concat();
        let mut reader = Reader::new(&body);
        assert_eq!(super::super::extensions::staple(&mut reader), "2 OCSP responses");
        let root = ownership::root(&body, reader);
        ownership::assert_owned(&root, body.len());
        assert_eq!(ownership::errors(&root), Vec::<String>::new());
    }

    #[test]
    fn a_broken_response_keeps_every_byte() {
        let der = revoked();
        let mut numbers = ownership::Numbers(0x2545_f491_4f6c_dd1d);
        for position in 0..der.len() {
            for _ in 0..8 {
                let mut broken = der.clone();
                broken[position] = numbers.next() as u8;
                broken.truncate(der.len() - numbers.next() as usize % 4);
                let (_, root) = read(&broken);
                ownership::assert_owned(&root, broken.len());
            }
        }
    }

    #[test]
    fn a_response_without_bytes_says_why() {
        let (said, root) = read(&[0x30, 3, 0x0a, 1, 3]);
        assert_eq!(said, "tryLater (3)");
        ownership::assert_owned(&root, 5);
    }

    #[test]
    fn real_responses_are_read_without_a_leftover_byte() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/outside/ocsp");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).expect("the fixtures") {
            let path = entry.expect("an entry").path();
            let file = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let der = std::fs::read(&path).expect("a file");
            let (said, root) = read(&der);
            ownership::assert_owned(&root, der.len());
            assert_eq!(ownership::errors(&root), Vec::<String>::new(), "{file}");
            assert!(!said.is_empty(), "{file}");
            count += 1;
        }
        assert_eq!(count, 4, "responses");
    }
}
