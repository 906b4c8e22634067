//! The battery of bad servers.

use super::authority::Authority;
use super::clients::{minted, recipe, with_a_bad_signature};
use crate::diagnose::CauseId;
use crate::pki::{MintError, Recipe, mint_under};
use crate::setup::Identity;

/// A server that no client that verifies may talk to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is described by its title")]
pub enum BadServer {
    SelfSigned,
    UnknownCa,
    Impostor,
    BadSignature,
    StolenCertificate,
    WrongName,
    NoName,
    Expired,
    NotYetValid,
    WrongPurpose,
    IssuedByLeaf,
}

impl BadServer {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 11] = [
        Self::SelfSigned,
        Self::UnknownCa,
        Self::Impostor,
        Self::BadSignature,
        Self::StolenCertificate,
        Self::WrongName,
        Self::NoName,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongPurpose,
        Self::IssuedByLeaf,
    ];

    /// Stable, kebab-case.
    pub fn id(self) -> &'static str {
        self.told().0
    }

    /// What the server presents.
    pub fn title(self) -> &'static str {
        self.told().1
    }

    /// What it means to talk to it.
    pub fn teaches(self) -> &'static str {
        self.told().2
    }

    fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::SelfSigned => (
                "self-signed",
                "a certificate that vouches for itself",
                "Verification is off: anybody between the two reads everything.",
            ),
            Self::UnknownCa => (
                "unknown-ca",
                "a certificate of a CA that nobody trusts",
                "The chain is not held against the trust store.",
            ),
            Self::Impostor => (
                "impostor",
                "a certificate of a CA with the trusted CA's name and another key",
                "Names are compared, and signatures are not.",
            ),
            Self::BadSignature => (
                "bad-signature",
                "the good certificate with one bit of its signature changed",
                "The issuer's signature is not checked.",
            ),
            Self::StolenCertificate => (
                "stolen-certificate",
                "the good certificate, signed for with somebody else's key",
                "A certificate is public: whoever has seen it may pose as the server.",
            ),
            Self::WrongName => (
                "wrong-name",
                "a good certificate for another name",
                "Every server of the CA may pose as this one: the name is not checked.",
            ),
            Self::NoName => (
                "no-name",
                "a good certificate that names nobody but in its common name",
                "The common name still counts here (RFC 9525 ended that).",
            ),
            Self::Expired => (
                "expired",
                "an expired certificate of the trusted CA",
                "Certificates never end, and neither do leaked keys.",
            ),
            Self::NotYetValid => (
                "not-yet-valid",
                "a certificate of the trusted CA that is not valid yet",
                "Validity is not looked at.",
            ),
            Self::WrongPurpose => (
                "wrong-purpose",
                "a client's certificate of the trusted CA, for the right name",
                "Every client of the CA may pose as a server.",
            ),
            Self::IssuedByLeaf => (
                "issued-by-leaf",
                "a certificate that another leaf issued",
                "Every leaf is a CA: basicConstraints is not looked at.",
            ),
        }
    }

    /// The cause for which it is to be refused.
    pub fn cause(self) -> CauseId {
        match self {
            Self::SelfSigned => CauseId::SelfSignedNotTrusted,
            Self::UnknownCa => CauseId::UnknownIssuer,
            // Nothing in it says that another key of that name signed: to a judge the signature is bad.
            Self::Impostor | Self::BadSignature => CauseId::BadSignature,
            Self::StolenCertificate => CauseId::KeyMismatch,
            Self::WrongName => CauseId::NameMismatch,
            Self::NoName => CauseId::NoSan,
            Self::Expired => CauseId::Expired,
            Self::NotYetValid => CauseId::NotYetValid,
            Self::WrongPurpose => CauseId::WrongPurpose,
            Self::IssuedByLeaf => CauseId::IssuerNotCa,
        }
    }
}

/// The CA that the client is told to trust, and what is made below it.
pub(super) struct Shop<'a> {
    pub ca: &'a Authority,
    /// The name that the client asks for.
    pub name: &'a str,
    pub now_unix_s: i64,
}

impl Shop<'_> {
    fn san(&self) -> String {
        let name = self.name;
        let kind = if name.parse::<std::net::IpAddr>().is_ok() {
            "IP"
        } else {
            "DNS"
        };
        format!("{kind}:{name}")
    }

    fn recipe(&self, change: impl FnOnce(&mut Recipe)) -> Result<Recipe, String> {
        let mut plain = recipe(r#"(name: "leaf", subject: "mtlscope audit", purposes: ["serverAuth"])"#)?;
        self.name.clone_into(&mut plain.subject);
        plain.sans = vec![self.san()];
        change(&mut plain);
        Ok(plain)
    }

    fn below_ca(&self, change: impl FnOnce(&mut Recipe)) -> Result<Identity, String> {
        self.ca.issue(&self.recipe(change)?, self.now_unix_s)
    }

    /// The server that must be talked to.
    pub(super) fn good(&self) -> Result<Identity, String> {
        self.below_ca(|_| {})
    }

    pub(super) fn bad(&self, which: BadServer) -> Result<Identity, String> {
        let words = |error: MintError| error.to_string();
        let stranger = || {
            let text = format!(
                r#"[(name: "ca", subject: "mtlscope audit stranger", is_ca: true),
                    (name: "leaf", subject: "mtlscope audit", issuer: "ca", sans: ["{san}"], purposes: ["serverAuth"]),
                    (name: "self", subject: "mtlscope audit", sans: ["{san}"], purposes: ["serverAuth"])]"#,
                san = self.san()
            );
            minted(&text, self.now_unix_s)
        };
        match which {
            BadServer::SelfSigned => Ok(Identity::from(stranger()?.find("self").map_err(words)?.clone())),
            BadServer::UnknownCa => {
                let minted = stranger()?;
                let mut identity = Identity::from(minted.find("leaf").map_err(words)?.clone());
                identity
                    .chain
                    .push(minted.find("ca").map_err(words)?.certificate.clone());
                Ok(identity)
            }
            BadServer::Impostor => self.ca.pretend(&self.recipe(|_| {})?, self.now_unix_s),
            BadServer::BadSignature => Ok(with_a_bad_signature(self.good()?)),
            BadServer::StolenCertificate => {
                let mut identity = self.good()?;
                identity.key = self.good()?.key;
                Ok(identity)
            }
            BadServer::WrongName => {
                self.below_ca(|recipe| recipe.sans = vec!["DNS:elsewhere.invalid".to_owned()])
            }
            BadServer::NoName => self.below_ca(|recipe| recipe.sans.clear()),
            BadServer::Expired => self.below_ca(|recipe| {
                recipe.from_hours = -72;
                recipe.until_hours = -24;
            }),
            BadServer::NotYetValid => self.below_ca(|recipe| {
                recipe.from_hours = 24;
                recipe.until_hours = 72;
            }),
            BadServer::WrongPurpose => {
                self.below_ca(|recipe| recipe.purposes = vec!["clientAuth".to_owned()])
            }
            BadServer::IssuedByLeaf => {
                // Of another name: or what it issues would seem to have issued itself.
                let other = self.below_ca(|recipe| {
                    "elsewhere.invalid".clone_into(&mut recipe.subject);
                    recipe.sans = vec!["DNS:elsewhere.invalid".to_owned()];
                })?;
                let (Some(leaf), Some(key)) = (other.chain.first(), &other.key) else {
                    return Err("the other leaf has no key".to_owned());
                };
                let minted = mint_under(&self.recipe(|_| {})?, &leaf.der, Some(&key.key), self.now_unix_s)
                    .map_err(words)?;
                let mut identity = Identity::from(minted);
                identity.chain.extend(other.chain);
                Ok(identity)
            }
        }
    }
}
