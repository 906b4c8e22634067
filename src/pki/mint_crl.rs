//! Minting revocation lists from recipes, good ones and broken ones.

use rcgen::{
    CertificateParams, CertificateRevocationListParams, CrlDistributionPoint, CrlIssuingDistributionPoint,
    CrlScope, DistinguishedName, DnType, Issuer, KeyIdMethod, KeyPair, RevocationReason, RevokedCertParams,
    SerialNumber, SigningKey,
};
use serde::Deserialize;
use time::OffsetDateTime;

use super::der::{der_element, tagged as element};
use super::facts::CertificateFacts;
use super::loaded::LoadedStatus;
use super::mint::{MintError, Minted};

/// One revocation list to mint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRecipe {
    /// The recipe of the CA whose list it is.
    pub issuer: String,
    /// What it withdraws: recipe, reason by its RFC name (empty: none given), and when, in hours from now.
    #[serde(default)]
    pub revokes: Vec<(String, String, i64)>,
    /// When it was issued, in hours from now.
    #[serde(default = "an_hour_ago")]
    pub this_hours: i64,
    /// When the next one comes, in hours from now.
    #[serde(default = "in_a_day")]
    pub next_hours: i64,
    /// Whose key signs it; absent: the issuer's.
    #[serde(default)]
    pub signed_by: Option<String>,
    /// URIs of its issuingDistributionPoint; empty: it has none.
    #[serde(default)]
    pub points: Vec<String>,
    /// Of which certificates alone it speaks; needs `points`.
    #[serde(default)]
    pub only: Option<ListOnly>,
    /// What is wrong with it.
    #[serde(default)]
    pub damage: Option<ListDamage>,
}

fn an_hour_ago() -> i64 {
    -1
}

fn in_a_day() -> i64 {
    24
}

/// The scope of a list (RFC 5280 §5.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the scopes by name")]
pub enum ListOnly {
    Leaves,
    Cas,
}

/// What is wrong with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum ListDamage {
    /// One bit of the signature is flipped.
    Signature,
    /// It is cut short, and its outer length made to fit.
    Truncated,
    /// It says of itself that it is a delta list (RFC 5280 §5.2.4).
    Delta,
    /// It carries a critical extension that nobody knows.
    UnknownCriticalExtension,
}

/// Mints a list of one of `minted`'s CAs. `now_unix_s` is what hours count from.
pub fn mint_list(recipe: &ListRecipe, minted: &Minted, now_unix_s: i64) -> Result<LoadedStatus, MintError> {
    let library = |words: String| MintError::Library {
        name: format!("list of {}", recipe.issuer),
        words,
    };
    let time = |hours: i64| {
        OffsetDateTime::from_unix_timestamp(now_unix_s + hours * 3600).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    };
    let facts = |name: &str| {
        let der = &minted.find(name)?.certificate.der;
        CertificateFacts::from_der(der).map_err(|error| library(error.to_string()))
    };
    let signer = minted.find(recipe.signed_by.as_ref().unwrap_or(&recipe.issuer))?;
    let key =
        KeyPair::try_from(signer.key.key.der.secret_der()).map_err(|error| library(error.to_string()))?;
    let revoked_certs = recipe
        .revokes
        .iter()
        .map(|(name, reason, hours)| {
            let serial = hex::decode(facts(name)?.serial).map_err(|error| library(error.to_string()))?;
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from_slice(&serial),
                revocation_time: time(*hours),
                reason_code: reason_code(reason),
                invalidity_date: None,
            })
        })
        .collect::<Result<_, MintError>>()?;
    // The name alone: a CA whose certificate forbids it signs lists all the same here.
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, facts(&recipe.issuer)?.display_name);
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name;
    let issuer = Issuer::from_params(&parameters, &key);
    let list = CertificateRevocationListParams {
        this_update: time(recipe.this_hours),
        next_update: time(recipe.next_hours),
        crl_number: SerialNumber::from(1u64),
        issuing_distribution_point: (!recipe.points.is_empty()).then(|| CrlIssuingDistributionPoint {
            distribution_point: CrlDistributionPoint {
                uris: recipe.points.clone(),
            },
            scope: recipe.only.map(|only| match only {
                ListOnly::Leaves => CrlScope::UserCertsOnly,
                ListOnly::Cas => CrlScope::CaCertsOnly,
            }),
        }),
        revoked_certs,
        key_identifier_method: KeyIdMethod::Sha256,
    }
    .signed_by(&issuer)
    .map_err(|error| library(error.to_string()))?;
    let mut der = list.der().to_vec();
    if let Some(damage) = recipe.damage {
        der = damaged(&der, damage, &key).ok_or_else(|| library("it cannot be broken so".to_owned()))?;
    }
    Ok(LoadedStatus {
        der: der.into(),
        file: None,
        line: None,
        within: None,
        wrapping: None,
    })
}

fn reason_code(word: &str) -> Option<RevocationReason> {
    Some(match word {
        "unspecified" => RevocationReason::Unspecified,
        "keyCompromise" => RevocationReason::KeyCompromise,
        "cACompromise" => RevocationReason::CaCompromise,
        "affiliationChanged" => RevocationReason::AffiliationChanged,
        "superseded" => RevocationReason::Superseded,
        "cessationOfOperation" => RevocationReason::CessationOfOperation,
        "certificateHold" => RevocationReason::CertificateHold,
        "removeFromCRL" => RevocationReason::RemoveFromCrl,
        "privilegeWithdrawn" => RevocationReason::PrivilegeWithdrawn,
        "aACompromise" => RevocationReason::AaCompromise,
        _ => return None,
    })
}

fn damaged(der: &[u8], damage: ListDamage, key: &KeyPair) -> Option<Vec<u8>> {
    match damage {
        ListDamage::Signature => {
            let mut der = der.to_vec();
            *der.last_mut()? ^= 1;
            Some(der)
        }
        ListDamage::Truncated => {
            let (contents, _) = der_element(der)?;
            Some(element(0x30, contents.get(..contents.len() / 2)?))
        }
        // deltaCRLIndicator, critical: BaseCRLNumber 1.
        ListDamage::Delta => extended(der, &extension(&[0x55, 0x1d, 27], &[2, 1, 1]), key),
        // A private enterprise arc reserved for documentation (RFC 5612); the value is DER NULL.
        ListDamage::UnknownCriticalExtension => extended(
            der,
            &extension(&[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1], &[5, 0]),
            key,
        ),
    }
}

/// A critical Extension (RFC 5280 §4.1).
fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    element(
        0x30,
        &[element(6, oid), vec![1, 1, 0xff], element(4, value)].concat(),
    )
}

/// The list with one more extension at the end, signed anew.
fn extended(der: &[u8], extension: &[u8], key: &KeyPair) -> Option<Vec<u8>> {
    let (outer, _) = der_element(der)?;
    let (tbs, after) = der_element(outer)?;
    let (_, signature) = der_element(after)?;
    let algorithm = after.get(..after.len() - signature.len())?;
    // crlExtensions [0] is the last of tbsCertList.
    let mut rest = tbs;
    let mut before = tbs.len();
    while rest.first() != Some(&0xa0) {
        let (_, next) = der_element(rest)?;
        rest = next;
        before = tbs.len() - rest.len();
    }
    let (tagged, _) = der_element(rest)?;
    let (list, _) = der_element(tagged)?;
    let list = element(0x30, &[list, extension].concat());
    let tbs = element(0x30, &[tbs.get(..before)?, &element(0xa0, &list)].concat());
    let signature = key.sign(&tbs).ok()?;
    let bits = element(3, &[&[0], signature.as_slice()].concat());
    Some(element(0x30, &[tbs.as_slice(), algorithm, &bits].concat()))
}
