//! CertificateRequest, Certificate, CompressedCertificate, CertificateVerify, CertificateStatus (RFC 8446 §4.3.2, §4.4.2,
//! §4.4.3; RFC 5246 §7.4.2, §7.4.4, §7.4.8; RFC 8879 §4; RFC 6066 §8; RFC 6961 §2.2).

use crate::capture::Der;
use crate::decode::extensions::{self, Place};
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};
use crate::decode::x509;
use crate::decode::{Body, CertificateMessage, CertificateRequestFacts, CertificateVerifyFacts, Field};
use crate::iana::{self, SignatureScheme, Table};

pub(super) fn request_13(reader: &mut Reader<'_>) -> Body {
    reader.opaque("certificate_request_context", 1, "context", words::hex);
    let said = extensions::read(reader, Place::CertificateRequest);
    Body::CertificateRequest(CertificateRequestFacts {
        authorities: said.authorities,
        signature_schemes: said.signature_schemes,
        certificate_schemes: said.certificate_schemes,
        certificate_types: Vec::new(),
    })
}

pub(super) fn request_12(reader: &mut Reader<'_>, names_signatures: bool) -> Body {
    let mut types = Vec::new();
    reader.vector("certificate_types", 1, |list| {
        while list.remaining() > 0 {
            let kind = list.u8("ClientCertificateType", |kind| match kind {
                1 => Words::Borrowed("rsa_sign (1)"),
                2 => Words::Borrowed("dss_sign (2)"),
                3 => Words::Borrowed("rsa_fixed_dh (3)"),
                4 => Words::Borrowed("dss_fixed_dh (4)"),
                5 => Words::Borrowed("rsa_ephemeral_dh (5)"),
                6 => Words::Borrowed("dss_ephemeral_dh (6)"),
                20 => Words::Borrowed("fortezza_dms (20)"),
                64 => Words::Borrowed("ecdsa_sign (64)"),
                65 => Words::Borrowed("rsa_fixed_ecdh (65)"),
                66 => Words::Borrowed("ecdsa_fixed_ecdh (66)"),
                other => words::number(u64::from(other)),
            });
            types.extend(kind);
        }
        Words::default()
    });
    let mut schemes = Vec::new();
    if names_signatures {
        reader.vector("supported_signature_algorithms", 2, |list| {
            while list.remaining() > 0 {
                let number = list.u16("SignatureScheme", |number| {
                    iana::numbered(Table::SignatureScheme, number)
                });
                schemes.extend(number.map(SignatureScheme));
            }
            said!("{} schemes", schemes.len())
        });
    }
    let mut said = extensions::Said::default();
    extensions::authorities(reader, "certificate_authorities", &mut said);
    Body::CertificateRequest(CertificateRequestFacts {
        authorities: said.authorities,
        signature_schemes: schemes,
        certificate_schemes: Vec::new(),
        certificate_types: types,
    })
}

pub(super) fn certificate(reader: &mut Reader<'_>, is_13: bool, is_raw_key: bool) -> Body {
    let mut message = CertificateMessage::default();
    if is_13 {
        reader.opaque("certificate_request_context", 1, "context", words::hex);
    }
    if is_raw_key && !is_13 {
        // TLS 1.2 has the key alone, without a list (RFC 7250 §3).
        raw_key(reader, &mut message);
        return Body::Certificate(message);
    }
    reader.vector("certificate_list", 3, |list| {
        while list.remaining() > 0 {
            if is_13 {
                let length = entry_length(list);
                list.group("CertificateEntry", length, |entry| {
                    let value = if is_raw_key {
                        raw_key(entry, &mut message)
                    } else {
                        one(entry, &mut message)
                    };
                    extensions::read(entry, Place::CertificateEntry);
                    value
                });
            } else {
                one(list, &mut message);
            }
        }
        match message.chain.len() {
            0 if message.raw_public_key.is_some() => Words::Borrowed("a public key, no certificate"),
            0 => Words::Borrowed("no certificate"),
            1 => Words::Borrowed("1 certificate"),
            count => said!("{count} certificates"),
        }
    });
    Body::Certificate(message)
}

/// A CertificateEntry is a certificate and its extensions, each with a length of its own.
fn entry_length(list: &Reader<'_>) -> usize {
    let header = list.peek(3);
    let [a, b, c] = *header else {
        return list.remaining();
    };
    let certificate = 3 + u32::from_be_bytes([0, a, b, c]) as usize;
    match list.peek(certificate + 2).get(certificate..) {
        Some([high, low]) => certificate + 2 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => list.remaining(),
    }
}

/// A public key alone (RFC 7250 §3).
fn raw_key(reader: &mut Reader<'_>, message: &mut CertificateMessage) -> Words {
    let mut value = Words::default();
    reader.vector("ASN1_subjectPublicKeyInfo", 3, |inner| {
        let der = inner.peek(inner.remaining());
        message.raw_public_key = Some(der.to_vec());
        value = said!("public key · {} B", words::thousands(der.len()));
        x509::public_key_info(inner, "SubjectPublicKeyInfo");
        value.clone()
    });
    value
}

fn one(reader: &mut Reader<'_>, message: &mut CertificateMessage) -> Words {
    let start = reader.offset() + 3;
    let name = |der: &[u8]| {
        crate::pki::display_name(der).map_or_else(
            |_| said!("{}, unreadable", words::size(der.len())),
            |name| said!("{name} · {} B", words::thousands(der.len())),
        )
    };
    let mut value = Words::default();
    let mut der: &[u8] = &[];
    reader.vector("cert_data", 3, |inner| {
        der = inner.peek(inner.remaining());
        value = name(der);
        x509::certificate(inner);
        value.clone()
    });
    message
        .chain
        .push((Der::from(der.to_vec()), start..start + der.len()));
    value
}

/// What a CompressedCertificate grew to: the body of a TLS 1.3 Certificate, without a handshake header (RFC 8879 §4).
pub(in crate::decode) fn decompressed(bytes: &[u8], room: &mut usize) -> (Field, Body) {
    let mut reader = Reader::with_room(bytes, *room);
    let body = certificate(&mut reader, true, false);
    let (children, left) = reader.finish();
    *room = left;
    (crate::decode::root::root_of("Certificate", bytes, children), body)
}

pub(super) fn compressed(reader: &mut Reader<'_>) -> Body {
    reader.u16("algorithm", |number| match number {
        1 => Words::Borrowed("zlib (1)"),
        2 => Words::Borrowed("brotli (2)"),
        3 => Words::Borrowed("zstd (3)"),
        other => words::number(u64::from(other)),
    });
    reader.number("uncompressed_length", 3, words::number);
    reader.opaque("compressed_certificate_message", 3, "compressed", |bytes| {
        words::size(bytes.len())
    });
    Body::Other
}

/// RFC 8446 §4.4.3; RFC 5246 §7.4.8. Before TLS 1.2 the algorithm follows from the key (RFC 4346 §7.4.8).
pub(super) fn verify(reader: &mut Reader<'_>, names_signatures: bool) -> Body {
    let scheme = names_signatures
        .then(|| {
            reader.u16("algorithm", |number| {
                iana::numbered(Table::SignatureScheme, number)
            })
        })
        .flatten();
    let signature = reader
        .opaque("signature", 2, "signature_value", words::hex)
        .to_vec();
    Body::CertificateVerify(CertificateVerifyFacts {
        scheme: scheme.map(SignatureScheme),
        signature,
        signed: None,
    })
}

pub(super) fn status(reader: &mut Reader<'_>) -> Body {
    extensions::staple(reader);
    Body::Other
}
