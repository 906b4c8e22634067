//! The battery of bad clients.

use super::authority::{Authority, named_like};
use crate::diagnose::CauseId;
use crate::pki::{KeySpec, MintError, Minted, Recipe, mint, mint_under};
use crate::setup::Identity;

/// A client that no server that asks for certificates may let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is described by its title")]
pub enum BadClient {
    NoCertificate,
    SelfSigned,
    UnknownCa,
    Impostor,
    BadSignature,
    StolenCertificate,
    IssuedByLeaf,
    Expired,
    NotYetValid,
    WrongPurpose,
}

/// What the battery is made from.
pub(super) struct Material<'a> {
    /// The client that must be let in.
    pub good: &'a Identity,
    /// The CA that the server trusts.
    pub ca: Option<&'a Authority>,
    pub now_unix_s: i64,
}

const WITHOUT_CA: &str = "it needs the CA that the server trusts: give it as --ca";

impl Material<'_> {
    /// Every key is of the good one's kind: one of another kind may be refused for its kind, or not be presented at all
    /// where the server asks for no signature of that kind (RFC 8446 §4.4.2.3), and the test would be another.
    fn key_spec(&self) -> Result<KeySpec, String> {
        let key = self.good.key.as_ref();
        let key = key.ok_or("there is no good client's key to sign with")?;
        KeySpec::like(&key.key.kind)
            .ok_or_else(|| format!("no second {} key can be made here to sign with", key.key.kind))
    }

    /// A recipe of the battery, with the good client's names.
    fn recipe(&self, text: &str) -> Result<Recipe, String> {
        let leaf = self.good.chain.first();
        let leaf = leaf.ok_or("there is no good client's certificate to change")?;
        let mut recipe = named_like(recipe(text)?, leaf);
        recipe.key = self.key_spec()?;
        Ok(recipe)
    }

    fn below_ca(&self, text: &str) -> Result<Identity, String> {
        let ca = self.ca.ok_or(WITHOUT_CA)?;
        ca.issue(&self.recipe(text)?, self.now_unix_s)
    }

    /// A client of the given CA that is good in every way: what differs from it in one thing is refused for that thing.
    pub(super) fn valid(&self) -> Result<Identity, String> {
        self.below_ca(CLIENT)
    }
}

impl BadClient {
    /// Whether its test rests on the CA that was given: where the server does not trust that CA, a refusal proves nothing.
    pub(super) fn needs_ca(self) -> bool {
        match self {
            Self::Impostor | Self::Expired | Self::NotYetValid | Self::WrongPurpose => true,
            Self::NoCertificate
            | Self::SelfSigned
            | Self::UnknownCa
            | Self::BadSignature
            | Self::StolenCertificate
            | Self::IssuedByLeaf => false,
        }
    }

    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 10] = [
        Self::NoCertificate,
        Self::SelfSigned,
        Self::UnknownCa,
        Self::Impostor,
        Self::BadSignature,
        Self::StolenCertificate,
        Self::IssuedByLeaf,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongPurpose,
    ];

    /// Stable, kebab-case.
    pub fn id(self) -> &'static str {
        self.told().0
    }

    /// What the client presents.
    pub fn title(self) -> &'static str {
        self.told().1
    }

    /// What it means to let it in.
    pub fn teaches(self) -> &'static str {
        self.told().2
    }

    fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NoCertificate => (
                "no-certificate",
                "no certificate at all",
                "Anybody may come in: the server asks, and takes no for an answer.",
            ),
            Self::SelfSigned => (
                "self-signed",
                "a certificate that vouches for itself",
                "Anybody may come in who can run one openssl command.",
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
                "A certificate is public: whoever has seen it may come in.",
            ),
            Self::IssuedByLeaf => (
                "issued-by-leaf",
                "a certificate that the good client itself issued",
                "Every client is a CA: basicConstraints is not looked at.",
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
                "a server's certificate of the trusted CA",
                "Every server of the CA may act as a client.",
            ),
        }
    }

    /// The cause for which it is to be refused.
    pub fn cause(self) -> CauseId {
        match self {
            Self::NoCertificate => CauseId::ClientCertificateMissing,
            Self::SelfSigned => CauseId::SelfSignedNotTrusted,
            Self::UnknownCa => CauseId::UnknownIssuer,
            // Nothing in it says that another key of that name signed: to a judge the signature is bad.
            Self::Impostor | Self::BadSignature => CauseId::BadSignature,
            Self::StolenCertificate => CauseId::KeyMismatch,
            Self::IssuedByLeaf => CauseId::IssuerNotCa,
            Self::Expired => CauseId::Expired,
            Self::NotYetValid => CauseId::NotYetValid,
            Self::WrongPurpose => CauseId::WrongPurpose,
        }
    }

    /// What it presents: `Ok(None)` presents nothing. `Err` is why it cannot be made: a sentence.
    pub(super) fn identity(self, from: &Material<'_>) -> Result<Option<Identity>, String> {
        let words = |error: MintError| error.to_string();
        let leaf = from
            .good
            .chain
            .first()
            .ok_or("there is no good client's certificate to change")?;
        let good_key = from
            .good
            .key
            .as_ref()
            .ok_or("there is no good client's key to sign with")?;
        let spec = || from.key_spec();
        let of_kind = |texts: &[&str]| -> Result<Minted, String> {
            let mut recipes = texts
                .iter()
                .map(|text| recipe(text))
                .collect::<Result<Vec<_>, _>>()?;
            for recipe in &mut recipes {
                recipe.key = spec()?;
                if !recipe.is_ca {
                    *recipe = named_like(recipe.clone(), leaf);
                }
            }
            mint(&recipes, from.now_unix_s).map_err(words)
        };
        let below_ca = |text: &str| from.below_ca(text).map(Some);
        match self {
            Self::NoCertificate => Ok(None),
            Self::SelfSigned => {
                let minted = of_kind(&[CLIENT])?;
                Ok(Some(Identity::from(minted.find("leaf").map_err(words)?.clone())))
            }
            Self::UnknownCa => {
                let minted = of_kind(&[STRANGER_CA, STRANGER])?;
                let leaf = minted.find("leaf").map_err(words)?.clone();
                let mut identity = Identity::from(leaf);
                identity
                    .chain
                    .push(minted.find("ca").map_err(words)?.certificate.clone());
                Ok(Some(identity))
            }
            Self::Impostor => {
                let ca = from.ca.ok_or(WITHOUT_CA)?;
                Ok(Some(ca.pretend(&from.recipe(CLIENT)?, from.now_unix_s)?))
            }
            Self::BadSignature => Ok(Some(with_a_bad_signature(from.good.clone()))),
            Self::StolenCertificate => {
                let minted = of_kind(&[CLIENT])?;
                let mut identity = from.good.clone();
                identity.key = Some(minted.find("leaf").map_err(words)?.key.clone());
                Ok(Some(identity))
            }
            Self::IssuedByLeaf => {
                let mut recipe = from.recipe(CLIENT)?;
                // Of the good one's name it would seem to have issued itself.
                recipe.subject_der = None;
                let minted =
                    mint_under(&recipe, &leaf.der, Some(&good_key.key), from.now_unix_s).map_err(words)?;
                let mut identity = Identity::from(minted);
                identity.chain.extend(from.good.chain.iter().cloned());
                Ok(Some(identity))
            }
            Self::Expired => below_ca(EXPIRED),
            Self::NotYetValid => below_ca(FUTURE),
            Self::WrongPurpose => below_ca(SERVER),
        }
    }
}

const STRANGER_CA: &str = r#"(name: "ca", subject: "mtlscope audit CA", is_ca: true)"#;
const STRANGER: &str = r#"(name: "leaf", subject: "mtlscope audit", issuer: "ca", sans: ["DNS:audit.invalid"], purposes: ["clientAuth"])"#;
const CLIENT: &str =
    r#"(name: "leaf", subject: "mtlscope audit", sans: ["DNS:audit.invalid"], purposes: ["clientAuth"])"#;
const EXPIRED: &str = r#"(name: "leaf", subject: "mtlscope audit", sans: ["DNS:audit.invalid"], purposes: ["clientAuth"], from_hours: -72, until_hours: -24)"#;
const FUTURE: &str = r#"(name: "leaf", subject: "mtlscope audit", sans: ["DNS:audit.invalid"], purposes: ["clientAuth"], from_hours: 24, until_hours: 72)"#;
const SERVER: &str =
    r#"(name: "leaf", subject: "mtlscope audit", sans: ["DNS:audit.invalid"], purposes: ["serverAuth"])"#;

/// A recipe of the battery. Each is tested; one that does not parse is said.
pub(super) fn recipe(text: &str) -> Result<Recipe, String> {
    options().from_str(text).map_err(|error| error.to_string())
}

/// Recipes of the battery, minted.
pub(super) fn minted(text: &str, now_unix_s: i64) -> Result<Minted, String> {
    let recipes: Vec<Recipe> = options().from_str(text).map_err(|error| error.to_string())?;
    mint(&recipes, now_unix_s).map_err(|error| error.to_string())
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

/// The same, but for the last bit of the leaf, which is one of its signature.
pub(super) fn with_a_bad_signature(mut identity: Identity) -> Identity {
    if let Some(leaf) = identity.chain.first_mut() {
        let mut bytes = leaf.der.to_vec();
        if let Some(last) = bytes.last_mut() {
            *last ^= 1;
        }
        leaf.der = bytes.into();
    }
    identity
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000;

    fn good(key: &str) -> Identity {
        let text = format!(
            r#"[(name: "ca", subject: "CA", is_ca: true), (name: "leaf", subject: "good", issuer: "ca", sans: ["DNS:a.example"], key: {key})]"#
        );
        let minted = minted(&text, NOW).expect("minted");
        let mut identity = Identity::from(minted.find("leaf").expect("there").clone());
        identity
            .chain
            .push(minted.find("ca").expect("there").certificate.clone());
        identity
    }

    fn made(which: BadClient, good: &Identity) -> Identity {
        let from = Material {
            good,
            ca: None,
            now_unix_s: NOW,
        };
        which.identity(&from).expect("made").expect("a certificate")
    }

    #[test]
    fn of_the_damaged_chain_the_leaf_differs_and_the_ca_does_not() {
        let good = good("P256");
        let bad = made(BadClient::BadSignature, &good);
        assert_ne!(bad.chain[0].der, good.chain[0].der);
        assert_eq!(bad.chain[1].der, good.chain[1].der);
        assert_eq!(bad.chain.len(), good.chain.len());
    }

    #[test]
    fn every_key_is_of_the_good_ones_kind_and_the_stolen_certificates_is_another() {
        for key in ["P256", "P384", "P521", "Ed25519", "Rsa2048", "Rsa3072"] {
            let good = good(key);
            for which in [
                BadClient::SelfSigned,
                BadClient::UnknownCa,
                BadClient::IssuedByLeaf,
            ] {
                let own = made(which, &good).key.expect("a key").key.kind.clone();
                assert_eq!(own, good.key.as_ref().expect("a key").key.kind, "{which:?}");
                if key.starts_with("Rsa") {
                    // Such keys take long to make, and the way is the same.
                    break;
                }
            }
            let stolen = made(BadClient::StolenCertificate, &good);
            assert_eq!(stolen.chain, good.chain);
            let (own, other) = (good.key.expect("a key").key, stolen.key.expect("a key").key);
            assert_eq!(own.kind, other.kind);
            assert_ne!(own.public_key, other.public_key);
        }
    }

    /// A signature of a kind that the CA's key cannot make would be refused before it is tried.
    #[test]
    fn the_impostor_signs_with_a_key_of_the_ca_s_kind() {
        let good = good("P256");
        for (key, signature) in [
            ("P384", "ecdsa-with-SHA384"),
            ("Ed25519", "Ed25519"),
            ("Rsa2048", "sha256WithRSAEncryption"),
        ] {
            let text = format!(r#"[(name: "ca", subject: "CA", is_ca: true, key: {key})]"#);
            let ca = minted(&text, NOW).expect("minted");
            let ca = ca.find("ca").expect("there").certificate.clone();
            let ca = Authority::among(&[ca], None, &[]).expect("a CA");
            let from = Material {
                good: &good,
                ca: Some(&ca),
                now_unix_s: NOW,
            };
            let made = BadClient::Impostor
                .identity(&from)
                .expect("made")
                .expect("a certificate");
            let facts = crate::pki::CertificateFacts::from_der(&made.chain[0].der).expect("a certificate");
            assert_eq!(facts.signature_algorithm, signature, "{key}");
        }
    }
}
