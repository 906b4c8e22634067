//! What a PKCS#12 container (RFC 7292 §4) says of itself before it is opened: how it is encrypted, and what a passphrase costs.

use super::super::der::Walk;

const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;
const OCTETS: u8 = 0x04;
/// id-data and id-encryptedData of PKCS#7, and what lies between: 1.2.840.113549.1.7.1 … .6.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/// 1.2.840.113549.1.12.1: the encryption algorithms of PKCS#12.
const PKCS12_PBE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
/// 1.2.840.113549.1.5: PKCS#5.
const PKCS5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
/// pkcs-12-pkcs-8ShroudedKeyBag, 1.2.840.113549.1.12.10.1.2.
const SHROUDED_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02];
/// MD5, 1.2.840.113549.2.5.
const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05];

/// What can be told without a passphrase.
#[derive(Default)]
pub struct Outline {
    /// Names of the algorithms that encrypt something in it, each once.
    pub ciphers: Vec<&'static str>,
    /// Its integrity is protected by a passphrase.
    pub has_mac: bool,
    /// Its integrity check uses this, which is not computed here.
    pub odd_mac: Option<&'static str>,
    /// Its parts are encrypted for a public key (RFC 7292 §3.1).
    pub is_for_a_public_key: bool,
    /// Rounds of derivation that one passphrase costs, as far as can be seen.
    pub rounds: u64,
}

impl Outline {
    /// Only what OpenSSL 3 opens with `-legacy`.
    pub fn is_legacy(&self) -> bool {
        self.ciphers
            .iter()
            .any(|name| name.starts_with("RC2") || name.starts_with("RC4") || name.starts_with("DES"))
    }

    fn algorithm(&mut self, algorithm: &[u8]) {
        let mut parts = Walk(algorithm);
        let oid = parts.take(OID).unwrap_or_default();
        let parameters = parts.take(SEQUENCE).unwrap_or_default();
        let name = match (oid.strip_prefix(PKCS12_PBE), oid.strip_prefix(PKCS5)) {
            (Some([1]), _) => "RC4-128",
            (Some([2]), _) => "RC4-40",
            (Some([3]), _) => "3DES",
            (Some([4]), _) => "3DES with two keys",
            (Some([5]), _) => "RC2-128",
            (Some([6]), _) => "RC2-40",
            (_, Some([13])) => "PBES2",
            (_, Some([1 | 3 | 10])) => "DES",
            (_, Some([4 | 6 | 11])) => "RC2",
            _ => "an unknown cipher",
        };
        if !self.ciphers.contains(&name) {
            self.ciphers.push(name);
        }
        // PBES2: the derivation's algorithm, then its parameters. Both kinds: a salt, then the rounds.
        let parameters = if name == "PBES2" {
            let mut derivation = Walk(Walk(parameters).take(SEQUENCE).unwrap_or_default());
            derivation.take(OID);
            derivation.take(SEQUENCE).unwrap_or_default()
        } else {
            parameters
        };
        let mut numbers = Walk(parameters);
        numbers.next();
        self.rounds = self.rounds.saturating_add(number(numbers.take(0x02)));
    }

    fn bags(&mut self, contents: &[u8]) {
        let mut bags = Walk(contents);
        while let Some(bag) = bags.take(SEQUENCE) {
            let mut parts = Walk(bag);
            if parts.take(OID) == Some(SHROUDED_KEY)
                && let Some(info) = parts.take(0xa0).and_then(|value| Walk(value).take(SEQUENCE))
            {
                self.algorithm(Walk(info).take(SEQUENCE).unwrap_or_default());
            }
        }
    }
}

fn number(digits: Option<&[u8]>) -> u64 {
    let digits = digits.unwrap_or(&[1]);
    if digits.len() > 8 || digits.first().is_some_and(|first| *first >= 0x80) {
        return u64::MAX;
    }
    digits.iter().fold(0, |sum, digit| (sum << 8) | u64::from(*digit))
}

/// The outline; `None` where the frame is damaged.
pub fn outline(bytes: &[u8]) -> Option<Outline> {
    let mut out = Outline::default();
    let mut parts = Walk(Walk(bytes).take(SEQUENCE)?);
    parts.take(0x02)?;
    let mut content = Walk(parts.take(SEQUENCE)?);
    let kind = content.take(OID)?;
    // signedData instead of data: integrity by a public key.
    out.is_for_a_public_key = kind != [PKCS7, &[1]].concat();
    if let Some(mac) = parts.take(SEQUENCE) {
        out.has_mac = true;
        let mut mac = Walk(mac);
        let digest = mac.take(SEQUENCE)?;
        let algorithm = Walk(Walk(digest).take(SEQUENCE)?).take(OID)?;
        mac.take(OCTETS)?;
        out.rounds = number(mac.take(0x02));
        out.odd_mac = if algorithm == MD5 {
            Some("MD5")
        } else if algorithm.strip_prefix(PKCS5) == Some(&[14]) {
            Some("PBMAC1")
        } else {
            None
        };
    }
    if out.is_for_a_public_key {
        return Some(out);
    }
    let safe = Walk(content.take(0xa0)?).take(OCTETS)?;
    let mut safes = Walk(Walk(safe).take(SEQUENCE)?);
    while let Some(safe) = safes.take(SEQUENCE) {
        let mut parts = Walk(safe);
        let kind = parts.take(OID)?;
        let content = parts.take(0xa0)?;
        match kind.strip_prefix(PKCS7) {
            Some([1]) => {
                let bags = Walk(content).take(OCTETS)?;
                out.bags(Walk(bags).take(SEQUENCE)?);
            }
            Some([6]) => {
                let mut data = Walk(Walk(content).take(SEQUENCE)?);
                data.take(0x02)?;
                let mut info = Walk(data.take(SEQUENCE)?);
                info.take(OID)?;
                out.algorithm(info.take(SEQUENCE)?);
            }
            _ => out.is_for_a_public_key = true,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests;
