//! Minting small PKIs from recipes (rcgen): the built-in identities and every scenario.

use std::collections::BTreeMap;

use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use serde::Deserialize;
use time::OffsetDateTime;

use super::der::{der_element, tagged as element};
use super::key::PrivateKey;
use super::key_spec::KeySpec;
use super::loaded::{LoadedCertificate, LoadedKey};

/// One certificate to mint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a word of a recipe file, and any may go with any"
)]
pub struct Recipe {
    /// What other recipes and parties call it.
    pub name: String,
    /// Common name.
    pub subject: String,
    /// The recipe that signs it; absent: it signs itself.
    #[serde(default)]
    pub issuer: Option<String>,
    /// The key's kind.
    #[serde(default)]
    pub key: KeySpec,
    /// `DNS:…`, `IP:…`, `URI:…`, `email:…`.
    #[serde(default)]
    pub sans: Vec<String>,
    /// A CA.
    #[serde(default)]
    pub is_ca: bool,
    /// pathLenConstraint of a CA.
    #[serde(default)]
    pub path_len: Option<u8>,
    /// `serverAuth`, `clientAuth`.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// When its validity begins, in hours from now; negative is the past.
    #[serde(default = "an_hour_ago")]
    pub from_hours: i64,
    /// When it ends, in hours from now.
    #[serde(default = "in_a_day")]
    pub until_hours: i64,
    /// nameConstraints permittedSubtrees of DNS names.
    #[serde(default)]
    pub permitted_dns: Vec<String>,
    /// A critical extension that nobody knows.
    #[serde(default)]
    pub unknown_critical_extension: bool,
    /// keyUsage in place of the usual one: `digitalSignature`, `keyEncipherment`, `keyAgreement`, `keyCertSign`, `cRLSign`.
    #[serde(default)]
    pub key_usages: Option<Vec<String>>,
    /// The recipe whose key it has, for a second certificate of one CA: renewed, or cross-signed by another.
    #[serde(default)]
    pub key_of: Option<String>,
    /// Not minted but taken from `assets/scenarios/material/`: what the library cannot make.
    #[serde(default)]
    pub pem: Option<String>,
    /// Organization, before the common name.
    #[serde(default)]
    pub organization: Option<String>,
    /// The subject is a PrintableString, not a UTF8String (X.690 §8.23).
    #[serde(default)]
    pub is_printable: bool,
    /// URIs of its cRLDistributionPoints.
    #[serde(default)]
    pub crl_points: Vec<String>,
    /// URIs of its authorityInfoAccess caIssuers.
    #[serde(default)]
    pub issuer_urls: Vec<String>,
    /// A CA without the keyUsage cRLSign.
    #[serde(default)]
    pub no_crl_sign: bool,
    /// What is broken after signing.
    #[serde(default)]
    pub damage: Option<Damage>,
    /// The whole subject of another certificate (DER), in place of what the words make.
    #[serde(skip)]
    pub subject_der: Option<Vec<u8>>,
}

fn an_hour_ago() -> i64 {
    -1
}

fn in_a_day() -> i64 {
    24
}

/// Damage done to the DER after signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Damage {
    /// One bit of the signature is flipped.
    Signature,
    /// The certificate's inside is cut short while the outer length is made to fit.
    Truncated,
}

/// What was minted, by the recipes' names.
#[derive(Debug, Default)]
pub struct Minted {
    identities: BTreeMap<String, MintedIdentity>,
}

/// One minted certificate with its key.
#[derive(Clone, Debug)]
pub struct MintedIdentity {
    /// The certificate.
    pub certificate: LoadedCertificate,
    /// Its key; for a ready-made CA, whose key was thrown away, a new one that fits nothing.
    pub key: LoadedKey,
}

impl Minted {
    /// The identity that a recipe made.
    pub fn find(&self, name: &str) -> Result<&MintedIdentity, MintError> {
        self.identities.get(name).ok_or_else(|| MintError::NoSuchRecipe {
            name: name.to_owned(),
        })
    }

    /// The same identities by other names: each pair is a new name, and the one that the recipe had.
    pub fn by_other_names<'a>(
        &self,
        names: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, MintError> {
        let identities = names
            .map(|(new, old)| Ok((new.to_owned(), self.find(old)?.clone())))
            .collect::<Result<_, MintError>>()?;
        Ok(Self { identities })
    }
}

/// Why a PKI could not be minted.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// A recipe or a party names another that is not above it.
    #[error("no recipe called “{name}” stands before this one")]
    NoSuchRecipe {
        /// The name.
        name: String,
    },
    /// A SAN that cannot be written.
    #[error("“{text}” is no subject alternative name: write DNS:…, IP:…, URI:… or email:…")]
    San {
        /// The text.
        text: String,
    },
    /// A recipe asks for material that is not there.
    #[error("there is no ready-made certificate called “{name}”, or it cannot be read")]
    Material {
        /// What was asked for.
        name: String,
    },
    /// A usage that is not known here.
    #[error(
        "“{text}” is no key usage: write digitalSignature, keyEncipherment, keyAgreement, keyCertSign or cRLSign"
    )]
    Usage {
        /// The text.
        text: String,
    },
    /// The library refused.
    #[error("the certificate “{name}” could not be minted: {words}")]
    Library {
        /// The recipe.
        name: String,
        /// The library's words.
        words: String,
    },
}

/// Mints the recipes in order; an issuer stands before what it signs. `now_unix_s` is what hours count from.
pub fn mint(recipes: &[Recipe], now_unix_s: i64) -> Result<Minted, MintError> {
    let mut minted = Minted::default();
    let mut signers: BTreeMap<String, (CertificateParams, Vec<u8>)> = BTreeMap::new();
    for recipe in recipes {
        let library = |error: rcgen::Error| MintError::Library {
            name: recipe.name.clone(),
            words: error.to_string(),
        };
        if let Some(file) = &recipe.pem {
            minted.identities.insert(recipe.name.clone(), ready_made(file)?);
            continue;
        }
        let key = match &recipe.key_of {
            None => recipe.key.generate().map_err(library)?,
            Some(twin) => {
                let (_, der) = signers
                    .get(twin)
                    .ok_or_else(|| MintError::NoSuchRecipe { name: twin.clone() })?;
                KeyPair::try_from(der.as_slice()).map_err(library)?
            }
        };
        let parameters = parameters(recipe, now_unix_s)?;
        let certificate = match &recipe.issuer {
            None => parameters.self_signed(&key).map_err(library)?,
            Some(issuer) => {
                let (issuer_parameters, issuer_key) = signers
                    .get(issuer)
                    .ok_or_else(|| MintError::NoSuchRecipe { name: issuer.clone() })?;
                let issuer_key = KeyPair::try_from(issuer_key.as_slice()).map_err(library)?;
                let issuer = Issuer::from_params(issuer_parameters, issuer_key);
                parameters.signed_by(&key, &issuer).map_err(library)?
            }
        };
        let mut der = certificate.der().to_vec();
        if let Some(damage) = recipe.damage {
            der = damaged(der, damage);
        }
        let private = PrivateKey::from_der(key.serialize_der()).map_err(|_| MintError::Library {
            name: recipe.name.clone(),
            words: "its key cannot be read back".to_owned(),
        })?;
        signers.insert(recipe.name.clone(), (parameters, key.serialize_der()));
        minted.identities.insert(
            recipe.name.clone(),
            MintedIdentity {
                certificate: LoadedCertificate {
                    der: der.into(),
                    file: None,
                    entry: 0,
                    line: None,
                    within: None,
                    wrapping: None,
                },
                key: LoadedKey {
                    key: private,
                    file: None,
                    line: None,
                    within: None,
                    wrapping: None,
                },
            },
        );
    }
    Ok(minted)
}

pub(super) fn parameters(recipe: &Recipe, now_unix_s: i64) -> Result<CertificateParams, MintError> {
    let time = |hours: i64| {
        OffsetDateTime::from_unix_timestamp(now_unix_s + hours * 3600).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    };
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = super::mint_names::subject(
        recipe.subject_der.as_deref(),
        recipe.organization.as_deref(),
        &recipe.subject,
        recipe.is_printable,
    );
    parameters.not_before = time(recipe.from_hours);
    // Both ends count (RFC 5280 §4.1.2.5): a day is 86,399 seconds from its first second to its last.
    parameters.not_after = time(recipe.until_hours) - time::Duration::SECOND;
    parameters.subject_alt_names = recipe
        .sans
        .iter()
        .map(|text| san(text))
        .collect::<Result<_, _>>()?;
    parameters.use_authority_key_identifier_extension = recipe.issuer.is_some();
    if recipe.is_ca {
        parameters.is_ca = IsCa::Ca(
            recipe
                .path_len
                .map_or(BasicConstraints::Unconstrained, BasicConstraints::Constrained),
        );
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        if recipe.no_crl_sign {
            parameters.key_usages.pop();
        }
    } else {
        parameters.is_ca = IsCa::ExplicitNoCa;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    }
    if let Some(usages) = &recipe.key_usages {
        parameters.key_usages = usages.iter().map(|text| usage(text)).collect::<Result<_, _>>()?;
    }
    parameters.extended_key_usages = recipe
        .purposes
        .iter()
        .map(|purpose| match purpose.as_str() {
            "serverAuth" => ExtendedKeyUsagePurpose::ServerAuth,
            "clientAuth" => ExtendedKeyUsagePurpose::ClientAuth,
            _ => ExtendedKeyUsagePurpose::CodeSigning,
        })
        .collect();
    if !recipe.permitted_dns.is_empty() {
        parameters.name_constraints = Some(NameConstraints {
            permitted_subtrees: recipe
                .permitted_dns
                .iter()
                .cloned()
                .map(GeneralSubtree::DnsName)
                .collect(),
            excluded_subtrees: Vec::new(),
        });
    }
    if !recipe.crl_points.is_empty() {
        parameters.crl_distribution_points = vec![CrlDistributionPoint {
            uris: recipe.crl_points.clone(),
        }];
    }
    if !recipe.issuer_urls.is_empty() {
        parameters.custom_extensions.push(issuers_at(&recipe.issuer_urls));
    }
    if recipe.unknown_critical_extension {
        // A private enterprise arc reserved for documentation (RFC 5612); the value is DER NULL.
        let mut extension =
            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 32473, 1], vec![0x05, 0x00]);
        extension.set_criticality(true);
        parameters.custom_extensions.push(extension);
    }
    Ok(parameters)
}

/// authorityInfoAccess with caIssuers alone (RFC 5280 §4.2.2.1).
fn issuers_at(urls: &[String]) -> CustomExtension {
    let id_ad_ca_issuers = [0x06, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    let descriptions: Vec<u8> = urls
        .iter()
        .flat_map(|url| {
            // uniformResourceIdentifier [6]
            let location = element(0x86, url.as_bytes());
            element(0x30, &[&id_ad_ca_issuers[..], &location].concat())
        })
        .collect();
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], element(0x30, &descriptions))
}

/// A certificate, and its key where it has one, that were made with other tools.
fn ready_made(file: &str) -> Result<MintedIdentity, MintError> {
    let missing = || MintError::Material {
        name: file.to_owned(),
    };
    let bundle =
        super::load::read_text(super::material::find(file).ok_or_else(missing)?).map_err(|_| missing())?;
    let strip = |certificate: LoadedCertificate| LoadedCertificate {
        file: None,
        entry: 0,
        line: None,
        within: None,
        wrapping: None,
        ..certificate
    };
    Ok(MintedIdentity {
        certificate: bundle
            .certificates
            .into_iter()
            .next()
            .map(strip)
            .ok_or_else(missing)?,
        key: match bundle.keys.into_iter().next() {
            Some(key) => LoadedKey {
                file: None,
                line: None,
                within: None,
                wrapping: None,
                ..key
            },
            None => LoadedKey {
                key: KeyPair::generate()
                    .ok()
                    .and_then(|key| PrivateKey::from_der(key.serialize_der()).ok())
                    .ok_or_else(missing)?,
                file: None,
                line: None,
                within: None,
                wrapping: None,
            },
        },
    })
}

fn usage(text: &str) -> Result<KeyUsagePurpose, MintError> {
    match text {
        "digitalSignature" => Ok(KeyUsagePurpose::DigitalSignature),
        "keyEncipherment" => Ok(KeyUsagePurpose::KeyEncipherment),
        "keyAgreement" => Ok(KeyUsagePurpose::KeyAgreement),
        "keyCertSign" => Ok(KeyUsagePurpose::KeyCertSign),
        "cRLSign" => Ok(KeyUsagePurpose::CrlSign),
        _ => Err(MintError::Usage {
            text: text.to_owned(),
        }),
    }
}

fn san(text: &str) -> Result<SanType, MintError> {
    let wrong = || MintError::San {
        text: text.to_owned(),
    };
    let (kind, value) = text.split_once(':').ok_or_else(wrong)?;
    let ia5 = || value.to_owned().try_into().map_err(|_| wrong());
    match kind {
        "DNS" => Ok(SanType::DnsName(ia5()?)),
        "URI" => Ok(SanType::URI(ia5()?)),
        "email" => Ok(SanType::Rfc822Name(ia5()?)),
        "IP" => value.parse().map(SanType::IpAddress).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

pub(super) fn damaged(mut der: Vec<u8>, damage: Damage) -> Vec<u8> {
    match damage {
        Damage::Signature => {
            // The last byte belongs to signatureValue.
            if let Some(last) = der.last_mut() {
                *last ^= 1;
            }
            der
        }
        Damage::Truncated => {
            let contents = der_element(&der).map_or(&[][..], |(contents, _)| contents);
            let half = contents.get(..contents.len() / 2).unwrap_or_default();
            let mut out = vec![0x30, 0x82];
            out.extend((half.len() as u16).to_be_bytes());
            out.extend_from_slice(half);
            out
        }
    }
}
