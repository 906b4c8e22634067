//! OCSP responses (RFC 6960 §4.2): what one says of which certificates, and the parts that its signature covers.

use super::der::{Walk, der_element, generalized_time as time};
use super::facts::{Malformed, SignedPart};
use super::names::{self, reason_words};

/// id-pkix-ocsp-basic, as the contents of an OID: the only kind of response that anybody sends.
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];
/// SHA-1, as the contents of an OID.
const SHA1: &[u8] = &[0x2b, 0x0e, 3, 2, 0x1a];
/// SHA-256, as the contents of an OID.
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];

/// What a response says. Times are seconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspFacts {
    /// OCSPResponseStatus: `successful`, or why the responder says nothing.
    pub response_status: String,
    /// What was signed; `None` where the responder says nothing.
    pub basic: Option<BasicOcsp>,
}

/// A BasicOCSPResponse (RFC 6960 §4.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicOcsp {
    /// The responder's name, DER, or the SHA-1 hash of its key.
    pub responder: Responder,
    /// When it was made.
    pub produced_at: i64,
    /// One statement for each certificate.
    pub singles: Vec<SingleOcsp>,
    /// Certificates that came along, DER: a delegated responder's is among them.
    pub certificates: Vec<Vec<u8>>,
    /// What the signature covers, with it.
    pub signed: SignedPart,
}

/// ResponderID (RFC 6960 §4.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Responder {
    /// By name, DER.
    Name(Vec<u8>),
    /// By the SHA-1 hash of the public key's bits.
    KeyHash(Vec<u8>),
}

/// The hash of a CertID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the hashes by name")]
pub enum CertIdHash {
    Sha1,
    Sha256,
    Other,
}

/// What a response says of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleOcsp {
    /// How the issuer is named.
    pub hash: CertIdHash,
    /// Hash of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// Hash of the issuer's key.
    pub issuer_key_hash: Vec<u8>,
    /// Lowercase hex of the serial number's bytes.
    pub serial: String,
    /// Good, revoked or unknown.
    pub status: OcspStatus,
    /// From when the statement holds.
    pub this_update: i64,
    /// Until when; `None`: a newer one is to be had at any time.
    pub next_update: Option<i64>,
}

/// CertStatus (RFC 6960 §4.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OcspStatus {
    /// Not revoked.
    Good,
    /// Withdrawn.
    Revoked {
        /// Since when.
        at: i64,
        /// `keyCompromise`; `None` where none is given.
        reason: Option<String>,
    },
    /// The responder does not know the certificate.
    Unknown,
}

impl OcspFacts {
    /// Reads a DER response. Fails only where the bytes are none.
    pub fn from_der(der: &[u8]) -> Result<Self, Malformed> {
        response(der).ok_or_else(|| Malformed {
            words: "these bytes are no OCSP response".to_owned(),
        })
    }
}

fn response(der: &[u8]) -> Option<OcspFacts> {
    let mut outer = Walk(der);
    let mut inner = Walk(outer.take(0x30)?);
    if !outer.0.is_empty() {
        return None;
    }
    let response_status = match inner.take(0x0a)? {
        [0] => "successful",
        [1] => "malformedRequest",
        [2] => "internalError",
        [3] => "tryLater",
        [5] => "sigRequired",
        [6] => "unauthorized",
        _ => return None,
    }
    .to_owned();
    let Some(tagged) = inner.take(0xa0) else {
        return Some(OcspFacts {
            response_status,
            basic: None,
        });
    };
    let mut bytes = Walk(Walk(tagged).take(0x30)?);
    if bytes.take(0x06)? != BASIC {
        return None;
    }
    let octets = bytes.take(0x04)?;
    Some(OcspFacts {
        response_status,
        basic: Some(basic(octets)?),
    })
}

fn basic(octets: &[u8]) -> Option<BasicOcsp> {
    let mut parts = Walk(Walk(octets).take(0x30)?);
    let tbs = parts.next().filter(|element| element.tag == 0x30)?;
    parts.take(0x30)?;
    // The first byte of a BIT STRING counts its unused bits.
    let signature = parts.take(0x03)?.get(1..)?.to_vec();
    let mut certificates = Vec::new();
    if let Some(tagged) = parts.take(0xa0) {
        let mut list = Walk(Walk(tagged).take(0x30)?);
        while let Some(element) = list.next() {
            certificates.push(element.whole.to_vec());
        }
    }
    let mut data = Walk(tbs.contents);
    let _version = data.take(0xa0);
    let responder = match data.peek()? {
        0xa1 => Responder::Name(data.take(0xa1)?.to_vec()),
        _ => Responder::KeyHash(Walk(data.take(0xa2)?).take(0x04)?.to_vec()),
    };
    let produced_at = time(&data.next()?)?;
    let mut list = Walk(data.take(0x30)?);
    let mut singles = Vec::new();
    while !list.0.is_empty() {
        singles.push(single(list.take(0x30)?)?);
    }
    Some(BasicOcsp {
        responder,
        produced_at,
        singles,
        certificates,
        signed: SignedPart {
            tbs: tbs.whole.to_vec(),
            algorithm: names::algorithm_contents(octets)?,
            signature,
        },
    })
}

fn single(contents: &[u8]) -> Option<SingleOcsp> {
    let mut parts = Walk(contents);
    let mut id = Walk(parts.take(0x30)?);
    let hash = match Walk(id.take(0x30)?).take(0x06)? {
        SHA1 => CertIdHash::Sha1,
        SHA256 => CertIdHash::Sha256,
        _ => CertIdHash::Other,
    };
    let issuer_name_hash = id.take(0x04)?.to_vec();
    let issuer_key_hash = id.take(0x04)?.to_vec();
    let serial = hex::encode(id.take(0x02)?);
    let status = parts.next()?;
    let status = match status.tag {
        0x80 => OcspStatus::Good,
        0x82 => OcspStatus::Unknown,
        0xa1 => {
            let mut revoked = Walk(status.contents);
            let at = time(&revoked.next()?)?;
            let reason = revoked
                .take(0xa0)
                .and_then(|tagged| Walk(tagged).take(0x0a)?.first().copied())
                .map(reason_words);
            OcspStatus::Revoked { at, reason }
        }
        _ => return None,
    };
    let this_update = time(&parts.next()?)?;
    let next_update = match parts.take(0xa0) {
        Some(tagged) => Some(time(&Walk(tagged).next()?)?),
        None => None,
    };
    Some(SingleOcsp {
        hash,
        issuer_name_hash,
        issuer_key_hash,
        serial,
        status,
        this_update,
        next_update,
    })
}

/// Whether DER looks like a response: SEQUENCE { ENUMERATED, … }.
pub(super) fn looks_like_response(der: &[u8]) -> bool {
    der_element(der).is_some_and(|(contents, _)| contents.starts_with(&[0x0a, 0x01]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::der::tagged;

    #[test]
    fn every_status_of_a_response_has_its_name() {
        for (number, wanted) in [
            (0, Some("successful")),
            (1, Some("malformedRequest")),
            (2, Some("internalError")),
            (3, Some("tryLater")),
            (4, None),
            (5, Some("sigRequired")),
            (6, Some("unauthorized")),
            (7, None),
        ] {
            let read = OcspFacts::from_der(&tagged(0x30, &tagged(0x0a, &[number]))).ok();
            assert_eq!(
                read.map(|facts| facts.response_status).as_deref(),
                wanted,
                "{number}"
            );
        }
    }

    #[test]
    fn one_answer_is_read_with_its_hash_its_status_and_both_its_times() {
        let time = |text: &[u8]| tagged(0x18, text);
        let answer = |hash: &[u8], status: &[u8], next: &[u8]| {
            let id = [
                tagged(0x30, &tagged(0x06, hash)),
                tagged(0x04, b"name"),
                tagged(0x04, b"key"),
                tagged(0x02, &[7]),
            ]
            .concat();
            single(
                &[
                    tagged(0x30, &id),
                    status.to_vec(),
                    time(b"19700101000001Z"),
                    next.to_vec(),
                ]
                .concat(),
            )
            .expect("an answer")
        };
        let good = tagged(0x80, &[]);
        for (hash, wanted) in [
            (SHA1, CertIdHash::Sha1),
            (SHA256, CertIdHash::Sha256),
            (&[1, 2][..], CertIdHash::Other),
        ] {
            assert_eq!(answer(hash, &good, &[]).hash, wanted);
        }
        let whole = answer(SHA1, &good, &tagged(0xa0, &time(b"19700101000002Z")));
        assert_eq!((whole.this_update, whole.next_update), (1, Some(2)));
        assert_eq!(
            (&whole.issuer_name_hash[..], &whole.issuer_key_hash[..]),
            (&b"name"[..], &b"key"[..])
        );
        assert_eq!(answer(SHA1, &good, &[]).next_update, None);
        let revoked = [time(b"19700101000003Z"), tagged(0xa0, &tagged(0x0a, &[1]))].concat();
        for (status, wanted) in [
            (good.clone(), OcspStatus::Good),
            (tagged(0x82, &[]), OcspStatus::Unknown),
            (
                tagged(0xa1, &revoked),
                OcspStatus::Revoked {
                    at: 3,
                    reason: Some("keyCompromise".to_owned()),
                },
            ),
            (
                tagged(0xa1, &time(b"19700101000003Z")),
                OcspStatus::Revoked { at: 3, reason: None },
            ),
        ] {
            assert_eq!(answer(SHA256, &status, &[]).status, wanted);
        }
    }

    /// The version is a default, which DER leaves out and some responders write; who answers is named in one of two ways; and
    /// certificates, extensions and several answers may come along.
    #[test]
    fn a_whole_response_is_read_in_each_of_its_forms() {
        let time = |second: u8| tagged(0x18, format!("1970010100000{second}Z").as_bytes());
        let id = [
            tagged(0x30, &tagged(0x06, SHA1)),
            tagged(0x04, b"name"),
            tagged(0x04, b"key"),
            tagged(0x02, &[7]),
        ]
        .concat();
        let one = |status: u8, second: u8| {
            tagged(
                0x30,
                &[tagged(0x30, &id), tagged(status, &[]), time(second)].concat(),
            )
        };
        let singles = tagged(0x30, &[one(0x80, 2), one(0x82, 3)].concat());
        let version = tagged(0xa0, &tagged(0x02, &[0]));
        let extensions = tagged(0xa1, &tagged(0x30, &[]));
        let by_key = tagged(0xa2, &tagged(0x04, b"hash"));
        let by_name = tagged(0xa1, &tagged(0x30, &[]));
        let certificates = tagged(
            0xa0,
            &tagged(0x30, &[tagged(0x30, &[1]), tagged(0x30, &[2])].concat()),
        );
        for (before, responder, wanted, behind, extra) in [
            (
                &[][..],
                &by_key,
                Responder::KeyHash(b"hash".to_vec()),
                &[][..],
                &[][..],
            ),
            (
                &version[..],
                &by_key,
                Responder::KeyHash(b"hash".to_vec()),
                &extensions[..],
                &certificates[..],
            ),
            (
                &version[..],
                &by_name,
                Responder::Name(tagged(0x30, &[])),
                &[][..],
                &certificates[..],
            ),
            (
                &[][..],
                &by_name,
                Responder::Name(tagged(0x30, &[])),
                &extensions[..],
                &[][..],
            ),
        ] {
            let tbs = tagged(0x30, &[before, responder, &time(1), &singles, behind].concat());
            let all = [&tbs[..], &tagged(0x30, b"by"), &tagged(0x03, &[0, 8, 9]), extra].concat();
            let bytes = [tagged(0x06, BASIC), tagged(0x04, &tagged(0x30, &all))].concat();
            let whole = [tagged(0x0a, &[0]), tagged(0xa0, &tagged(0x30, &bytes))].concat();
            let facts = OcspFacts::from_der(&tagged(0x30, &whole)).expect("a response");
            let basic = facts.basic.expect("an answer");
            assert_eq!(basic.responder, wanted);
            assert_eq!(basic.produced_at, 1);
            let told: Vec<_> = basic
                .singles
                .iter()
                .map(|one| (&one.status, one.this_update))
                .collect();
            assert_eq!(told, [(&OcspStatus::Good, 2), (&OcspStatus::Unknown, 3)]);
            let sent = if extra.is_empty() {
                vec![]
            } else {
                vec![tagged(0x30, &[1]), tagged(0x30, &[2])]
            };
            assert_eq!(basic.certificates, sent);
            assert_eq!(basic.signed.tbs, tbs);
            assert_eq!(basic.signed.signature, [8, 9]);
        }
    }
}
