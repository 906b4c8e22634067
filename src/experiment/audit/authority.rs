//! The CA that the other side trusts, what vouches for it, and what is minted below it.

use crate::pki::{
    CertificateFacts, GeneralName, LoadedCertificate, MintError, PrivateKey, Recipe, mint_under,
};
use crate::setup::Identity;

/// So many issuers are sent at most: no real chain is as long.
const MOST_ISSUERS: usize = 10;

/// A CA, with what is known of it.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its certificate.
    pub certificate: LoadedCertificate,
    /// Its key, where the audit may sign with it.
    pub key: Option<PrivateKey>,
    /// Certificates that may lead from it to a root.
    pub others: Vec<LoadedCertificate>,
}

impl Authority {
    /// The CA among these certificates: the one that `key` belongs to, or, where there is no key, the one that issued the good
    /// peer's certificate. `None`: the key belongs to none of them, or there is none.
    pub fn among(
        certificates: &[LoadedCertificate],
        key: Option<PrivateKey>,
        good: &[LoadedCertificate],
    ) -> Option<Self> {
        let facts = |one: &LoadedCertificate| CertificateFacts::from_der(&one.der).ok();
        let certificate = if let Some(key) = &key {
            certificates
                .iter()
                .find(|one| facts(one).is_some_and(|facts| key.matches(&facts)))
        } else {
            good.iter()
                .filter_map(facts)
                .find_map(|issued| {
                    certificates
                        .iter()
                        .find(|one| facts(one).is_some_and(|ca| may_have_issued(&ca, &issued)))
                })
                .or(certificates.first())
        };
        Some(Self {
            certificate: certificate?.clone(),
            key,
            others: certificates.iter().chain(good).cloned().collect(),
        })
    }

    /// Whether the names say that it stands above one of these.
    pub(super) fn is_above(&self, chain: &[LoadedCertificate]) -> bool {
        let Ok(own) = CertificateFacts::from_der(&self.certificate.der) else {
            return false;
        };
        chain
            .iter()
            .filter_map(|one| CertificateFacts::from_der(&one.der).ok())
            .any(|one| may_have_issued(&own, &one))
    }

    /// What has to be sent after a leaf of this CA: its certificate, unless it is a root, and what leads from there to a root
    /// (RFC 8446 §4.4.2). Who trusts the CA itself takes that as well.
    pub(super) fn issuers(&self) -> Vec<LoadedCertificate> {
        let mut sent: Vec<LoadedCertificate> = Vec::new();
        let mut next = Some(self.certificate.clone());
        while let Some(one) = next.take() {
            let Ok(facts) = CertificateFacts::from_der(&one.der) else {
                break;
            };
            let is_known = sent.iter().any(|known| known.der == one.der);
            if facts.is_self_issued() || is_known || sent.len() == MOST_ISSUERS {
                break;
            }
            sent.push(one);
            next = self
                .others
                .iter()
                .find(|other| {
                    CertificateFacts::from_der(&other.der).is_ok_and(|other| may_have_issued(&other, &facts))
                })
                .cloned();
        }
        sent
    }

    /// Mints below it, and adds what vouches for it. `Err` is why it cannot be made: a sentence.
    pub(super) fn issue(&self, recipe: &Recipe, now_unix_s: i64) -> Result<Identity, String> {
        let key = self
            .key
            .as_ref()
            .ok_or("it needs the CA's private key to sign with: give a test CA's as --ca-key")?;
        self.signed(recipe, Some(key), now_unix_s)
    }

    /// The same, signed with a key that is not the CA's.
    pub(super) fn pretend(&self, recipe: &Recipe, now_unix_s: i64) -> Result<Identity, String> {
        self.signed(recipe, None, now_unix_s)
    }

    fn signed(&self, recipe: &Recipe, key: Option<&PrivateKey>, now_unix_s: i64) -> Result<Identity, String> {
        let minted = mint_under(recipe, &self.certificate.der, key, now_unix_s)
            .map_err(|error: MintError| error.to_string())?;
        let mut identity = Identity::from(minted);
        identity.chain.extend(self.issuers());
        Ok(identity)
    }
}

/// By the names, and by the identifiers where both have one (RFC 5280 §4.2.1.1).
fn may_have_issued(issuer: &CertificateFacts, issued: &CertificateFacts) -> bool {
    issuer.subject_der == issued.issuer_der
        && issuer.spki != issued.spki
        && match (&issued.authority_key_id, &issuer.subject_key_id) {
            (Some(wanted), Some(own)) => wanted == own,
            (None, _) | (_, None) => true,
        }
}

/// A recipe that bears the names of the good peer: a server that asks who it is, after it has verified, must not refuse for
/// the name what it would have taken for the certificate.
pub(super) fn named_like(mut recipe: Recipe, good: &LoadedCertificate) -> Recipe {
    let Ok(facts) = CertificateFacts::from_der(&good.der) else {
        return recipe;
    };
    let names: Vec<String> = facts
        .subject_alt_names
        .iter()
        .flatten()
        .filter_map(|name| match name {
            GeneralName::Dns(name) => Some(format!("DNS:{name}")),
            GeneralName::Ip(address) => Some(format!("IP:{address}")),
            GeneralName::Uri(uri) => Some(format!("URI:{uri}")),
            GeneralName::Email(address) => Some(format!("email:{address}")),
            GeneralName::Network(_) | GeneralName::Directory(_) | GeneralName::Other(_) => None,
        })
        .filter(|name| name.is_ascii())
        .collect();
    if !names.is_empty() {
        recipe.sans = names;
    }
    recipe.subject_der = Some(facts.subject_der);
    recipe
}

#[cfg(test)]
mod tests;
