//! Certificates made byte by byte, so that each can be wrong in one way that no decent library would make.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

/// ecdsa-with-SHA256, contents of the AlgorithmIdentifier.
pub const ECDSA_SHA256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/// Ed25519, contents of the AlgorithmIdentifier.
pub const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];

/// A DER element.
pub fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match contents.len() {
        length @ 0..=0x7f => out.push(length as u8),
        length @ 0x80..=0xff => out.extend([0x81, length as u8]),
        length => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(contents);
    out
}

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A key of a CA or of a leaf.
pub struct Key {
    pair: Pair,
    pub spki: Vec<u8>,
    /// What stands in subjectKeyIdentifier.
    pub id: Vec<u8>,
}

impl Key {
    /// A P-256 key, another each time.
    pub fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let point = pair.public_key().as_ref().to_vec();
        let algorithm = sequence(&[
            tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
            tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]),
        ]);
        let spki = sequence(&[algorithm, tlv(0x03, &[&[0], point.as_slice()].concat())]);
        let id = point[1..21].to_vec();
        Self {
            pair: Pair::P256(pair),
            spki,
            id,
        }
    }

    /// An Ed25519 key that is always the same, and so is what it signs: for answers that are kept whole.
    pub fn fixed(seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key");
        let point = pair.public_key().as_ref().to_vec();
        let spki = sequence(&[tlv(0x30, ED25519), tlv(0x03, &[&[0], point.as_slice()].concat())]);
        let id = [&[seed], &point[1..20]].concat();
        Self {
            pair: Pair::Ed25519(pair),
            spki,
            id,
        }
    }

    /// What it signs with, contents of the AlgorithmIdentifier.
    pub fn algorithm(&self) -> &'static [u8] {
        match self.pair {
            Pair::P256(_) => ECDSA_SHA256,
            Pair::Ed25519(_) => ED25519,
        }
    }

    /// The private key as PKCS#8.
    pub fn pkcs8(&self) -> Vec<u8> {
        match &self.pair {
            Pair::P256(pair) => pair.to_pkcs8v1().expect("a private key").as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().expect("a private key").as_ref().to_vec(),
        }
    }

    fn signature(&self, tbs: &[u8]) -> Vec<u8> {
        match &self.pair {
            Pair::P256(pair) => {
                let signature = pair.sign(&SystemRandom::new(), tbs).expect("a signature");
                signature.as_ref().to_vec()
            }
            Pair::Ed25519(pair) => pair.sign(tbs).as_ref().to_vec(),
        }
    }

    /// A whole certificate around a part to be signed.
    pub fn seal(&self, tbs: &[u8], outer_algorithm: &[u8]) -> Vec<u8> {
        sequence(&[
            tbs.to_vec(),
            tlv(0x30, outer_algorithm),
            tlv(0x03, &[&[0], self.signature(tbs).as_slice()].concat()),
        ])
    }
}

/// A name of one common name; empty for none.
pub fn name(common_name: &str) -> Vec<u8> {
    if common_name.is_empty() {
        return sequence(&[]);
    }
    let attribute = sequence(&[tlv(0x06, &[0x55, 0x04, 0x03]), tlv(0x0c, common_name.as_bytes())]);
    sequence(&[tlv(0x31, &attribute)])
}

/// A name of one common name in a string type of one's own.
pub fn name_as(tag: u8, common_name: &[u8]) -> Vec<u8> {
    let attribute = sequence(&[tlv(0x06, &[0x55, 0x04, 0x03]), tlv(tag, common_name)]);
    sequence(&[tlv(0x31, &attribute)])
}

/// An extension under 2.5.29.
pub fn extension(last_arc: u8, is_critical: bool, value: &[u8]) -> Vec<u8> {
    extension_of(&[0x55, 0x1d, last_arc], is_critical, value)
}

pub fn extension_of(oid: &[u8], is_critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![tlv(0x06, oid)];
    if is_critical {
        parts.push(tlv(0x01, &[0xff]));
    }
    parts.push(tlv(0x04, value));
    sequence(&parts)
}

pub fn basic_constraints(is_ca: bool, path_length: Option<u8>) -> Vec<u8> {
    let mut parts = Vec::new();
    if is_ca {
        parts.push(tlv(0x01, &[0xff]));
    }
    parts.extend(path_length.map(|limit| tlv(0x02, &[limit])));
    sequence(&parts)
}

/// digitalSignature is 0x80, keyCertSign 0x04, cRLSign 0x02.
pub fn key_usage(bits: u8) -> Vec<u8> {
    tlv(0x03, &[bits.trailing_zeros() as u8, bits])
}

pub fn purposes(ids: &[&[u8]]) -> Vec<u8> {
    sequence(&ids.iter().map(|id| tlv(0x06, id)).collect::<Vec<_>>())
}

pub const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
pub const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 37, 0];

pub fn dns_names(names: &[&str]) -> Vec<u8> {
    sequence(
        &names
            .iter()
            .map(|name| tlv(0x82, name.as_bytes()))
            .collect::<Vec<_>>(),
    )
}

pub fn subject_key_id(id: &[u8]) -> Vec<u8> {
    tlv(0x04, id)
}

pub fn authority_key_id(id: &[u8]) -> Vec<u8> {
    sequence(&[tlv(0x80, id)])
}

/// UTCTime dates, `YYMMDDHHMMSSZ`.
pub fn validity(not_before: &str, not_after: &str) -> Vec<u8> {
    sequence(&[tlv(0x17, not_before.as_bytes()), tlv(0x17, not_after.as_bytes())])
}

/// A certificate before it is signed. Every part is whole DER.
#[derive(Clone)]
pub struct Forge {
    /// `None` leaves the field out (version 1).
    pub version: Option<u8>,
    pub serial: Vec<u8>,
    pub inner_algorithm: Vec<u8>,
    pub outer_algorithm: Vec<u8>,
    pub issuer: Vec<u8>,
    pub validity: Vec<u8>,
    pub subject: Vec<u8>,
    pub spki: Vec<u8>,
    /// By their last arc under 2.5.29, or 0 for another; in order.
    pub extensions: Vec<(u8, Vec<u8>)>,
}

impl Forge {
    /// A good CA.
    pub fn ca(subject: &str, issuer: &str, key: &Key, issuer_key: &Key) -> Self {
        let is_root = subject == issuer;
        let mut forge = Self::bare(subject, issuer, key, issuer_key);
        forge.put(19, true, &basic_constraints(true, None));
        forge.put(15, true, &key_usage(0x86));
        forge.put(14, false, &subject_key_id(&key.id));
        if !is_root {
            forge.put(35, false, &authority_key_id(&issuer_key.id));
        }
        forge
    }

    /// A good server.
    pub fn leaf(host: &str, issuer: &str, key: &Key, issuer_key: &Key) -> Self {
        let mut forge = Self::bare(host, issuer, key, issuer_key);
        forge.put(19, true, &basic_constraints(false, None));
        forge.put(15, true, &key_usage(0x80));
        forge.put(37, false, &purposes(&[SERVER_AUTH]));
        forge.put(17, false, &dns_names(&[host]));
        forge.put(14, false, &subject_key_id(&key.id));
        forge.put(35, false, &authority_key_id(&issuer_key.id));
        forge
    }

    fn bare(subject: &str, issuer: &str, key: &Key, issuer_key: &Key) -> Self {
        Self {
            version: Some(2),
            serial: [&[0x11], &key.id[..8]].concat(),
            inner_algorithm: issuer_key.algorithm().to_vec(),
            outer_algorithm: issuer_key.algorithm().to_vec(),
            issuer: name(issuer),
            validity: validity("250101000000Z", "450101000000Z"),
            subject: name(subject),
            spki: key.spki.clone(),
            extensions: Vec::new(),
        }
    }

    /// Puts an extension in the place of the one with the same arc, or last.
    pub fn put(&mut self, last_arc: u8, is_critical: bool, value: &[u8]) {
        let new = (last_arc, extension(last_arc, is_critical, value));
        match self.extensions.iter_mut().find(|(arc, _)| *arc == last_arc) {
            Some(old) => *old = new,
            None => self.extensions.push(new),
        }
    }

    pub fn drop(&mut self, last_arc: u8) {
        self.extensions.retain(|(arc, _)| *arc != last_arc);
    }

    pub fn tbs(&self) -> Vec<u8> {
        let mut parts = Vec::new();
        parts.extend(self.version.map(|version| tlv(0xa0, &tlv(0x02, &[version]))));
        parts.push(tlv(0x02, &self.serial));
        parts.push(tlv(0x30, &self.inner_algorithm));
        parts.push(self.issuer.clone());
        parts.push(self.validity.clone());
        parts.push(self.subject.clone());
        parts.push(self.spki.clone());
        if !self.extensions.is_empty() {
            let list: Vec<Vec<u8>> = self.extensions.iter().map(|(_, whole)| whole.clone()).collect();
            parts.push(tlv(0xa3, &sequence(&list)));
        }
        sequence(&parts)
    }

    pub fn sign(&self, key: &Key) -> Vec<u8> {
        key.seal(&self.tbs(), &self.outer_algorithm)
    }
}

/// `-----BEGIN CERTIFICATE-----` and so on.
pub fn pem(der: &[u8]) -> String {
    let text = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}
