//! What a judge has in its hands about revocation, read once for all checks.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::certificate::Certificate;
use super::memo::{self, Signature};
use crate::capture::{Der, RevocationFile, Trust};
use crate::decode::{MessageKind, Transcript};
use crate::pki::{Malformed, OcspFacts, RevocationListFacts, SignedPart, der_element, signed_list};

/// Lists that a thread remembers.
const MOST_LISTS: usize = 64;

thread_local! {
    static LISTS: RefCell<HashMap<Der, Rc<ReadList>>> = RefCell::default();
}

/// A revocation list, as webpki loads it and as it describes itself.
#[derive(Debug)]
pub(super) struct ReadList {
    /// Or why webpki does not load it.
    pub loaded: Result<webpki::CertRevocationList<'static>, webpki::Error>,
    pub facts: Result<RevocationListFacts, Malformed>,
    der: Der,
}

impl ReadList {
    fn read(der: &Der) -> Rc<Self> {
        LISTS.with_borrow_mut(|all| {
            if let Some(known) = all.get(der) {
                return Rc::clone(known);
            }
            if all.len() >= MOST_LISTS {
                all.clear();
            }
            let list = Rc::new(Self {
                loaded: webpki::OwnedCertRevocationList::from_der(der.as_bytes()).map(Into::into),
                facts: RevocationListFacts::from_der(der.as_bytes()),
                der: der.clone(),
            });
            all.insert(der.clone(), Rc::clone(&list));
            list
        })
    }

    /// Whether `issuer`'s key signed it.
    pub(super) fn signed_by(&self, issuer: &Certificate) -> Signature {
        match (signed_list(self.der.as_bytes()), issuer.facts()) {
            (Ok(part), Some(facts)) => verify_part(self.der.as_bytes(), &part, &facts.spki),
            _ => Signature::Unreadable,
        }
    }
}

/// A list with the place where it lay.
#[derive(Clone, Debug)]
pub(super) struct ListAtHand {
    /// `crl.pem, line 12`, or what to call it.
    pub place: String,
    /// The place says whose list it is.
    names_issuer: bool,
    pub list: Rc<ReadList>,
}

impl ListAtHand {
    /// The place, and whose list it is.
    pub(super) fn whose(&self, issuer: &str) -> String {
        if self.names_issuer {
            self.place.clone()
        } else {
            format!("{}, the list of {issuer}", self.place)
        }
    }
}

/// An OCSP response with the place where it lay.
#[derive(Clone, Debug)]
pub(super) struct ResponseAtHand {
    pub place: String,
    /// It came in the handshake, and not from a file.
    pub is_stapled: bool,
    pub der: Der,
    pub facts: Result<OcspFacts, Malformed>,
}

/// All that a judge has about revocation.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    /// In the order in which rustls was given them.
    pub lists: Vec<ListAtHand>,
    /// Stapled ones first.
    pub responses: Vec<ResponseAtHand>,
    pub is_leaf_only: bool,
    pub allows_unknown: bool,
    pub refuses_stale: bool,
}

impl Status {
    /// Of a judge's configuration and of what was stapled to the chain.
    pub(super) fn of(trust: Option<&Trust>, staples: &[Der]) -> Self {
        let stapled = staples.iter().map(|der| ResponseAtHand {
            place: "the response stapled in the handshake".to_owned(),
            is_stapled: true,
            der: der.clone(),
            facts: OcspFacts::from_der(der.as_bytes()),
        });
        let Some(revocation) = trust.map(|trust| &trust.revocation) else {
            return Self {
                responses: stapled.collect(),
                ..Self::default()
            };
        };
        let numbered = |index: usize, all: &[RevocationFile], kind: &str| {
            if all.len() > 1 {
                format!("{kind} {}", index + 1)
            } else {
                kind.to_owned()
            }
        };
        let lists = revocation
            .lists
            .iter()
            .enumerate()
            .map(|(index, file)| ListAtHand {
                place: file.place(&numbered(index, &revocation.lists, "revocation list")),
                names_issuer: file.wrapping.is_some(),
                list: ReadList::read(&file.der),
            });
        let filed = revocation
            .responses
            .iter()
            .enumerate()
            .map(|(index, file)| ResponseAtHand {
                place: file.place(&numbered(index, &revocation.responses, "OCSP response")),
                is_stapled: false,
                der: file.der.clone(),
                facts: OcspFacts::from_der(file.der.as_bytes()),
            });
        Self {
            lists: lists.collect(),
            responses: stapled.chain(filed).collect(),
            is_leaf_only: revocation.is_leaf_only,
            allows_unknown: revocation.allows_unknown,
            refuses_stale: revocation.refuses_stale,
        }
    }
}

/// The OCSP responses that `sender` stapled: in its Certificate's entries (RFC 8446 §4.4.2.1), or in CertificateStatus
/// (RFC 6066 §8).
pub(super) fn staples(transcript: &Transcript, sender: crate::capture::Side) -> Vec<Der> {
    let mut found = Vec::new();
    let messages = transcript.messages.iter().filter(|message| {
        message.side == sender
            && matches!(
                message.kind,
                MessageKind::Certificate
                    | MessageKind::CompressedCertificate
                    | MessageKind::CertificateStatus
            )
    });
    for message in messages {
        message.root.walk(&mut |field| {
            if field.name != "OCSPResponse" {
                return;
            }
            let bytes = match field.buffer {
                None => Some(&message.bytes),
                Some(id) => transcript.buffers.get(id.0).map(|buffer| &buffer.bytes),
            };
            if let Some(der) = bytes.and_then(|bytes| bytes.get(field.range.clone())) {
                found.push(Der::from(der.to_vec()));
            }
        });
    }
    found
}

/// Checks the signature of what is no certificate, `der`: a revocation list, an OCSP response.
pub(super) fn verify_part(der: &[u8], part: &SignedPart, spki: &[u8]) -> Signature {
    memo::certificate(memo::digest(der), memo::digest(spki), || verify_now(part, spki))
}

fn verify_now(part: &SignedPart, spki: &[u8]) -> Signature {
    let Some((key_algorithm, key)) = public_key(spki) else {
        return Signature::Unreadable;
    };
    let mut known = webpki::ALL_VERIFICATION_ALGS
        .iter()
        .filter(|algorithm| algorithm.signature_alg_id().as_ref() == part.algorithm)
        .peekable();
    if known.peek().is_none() {
        return Signature::Unsupported;
    }
    // A known algorithm with a key of another kind cannot be this key's signature.
    let fitting = known.find(|algorithm| algorithm.public_key_alg_id().as_ref() == key_algorithm);
    match fitting.map(|algorithm| algorithm.verify_signature(key, &part.tbs, &part.signature)) {
        Some(Ok(())) => Signature::Holds,
        Some(Err(_)) | None => Signature::Fails,
    }
}

/// The algorithm's contents and the key bits of a SubjectPublicKeyInfo.
pub(super) fn public_key(spki: &[u8]) -> Option<(&[u8], &[u8])> {
    let (outer, _) = der_element(spki)?;
    let (algorithm, rest) = der_element(outer)?;
    let (bits, _) = der_element(rest)?;
    // The first byte of a BIT STRING counts its unused bits: none in a key.
    Some((algorithm, bits.get(1..)?))
}
