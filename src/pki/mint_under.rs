//! Minting below a CA that exists already: its certificate gives the name, a key gives the signature. They need not belong
//! together: that is what an impostor is.

use rcgen::{Issuer, KeyPair};
use rustls_pki_types::CertificateDer;

use super::facts::CertificateFacts;
use super::key::PrivateKey;
use super::key_spec::KeySpec;
use super::loaded::{LoadedCertificate, LoadedKey};
use super::mint::{MintError, MintedIdentity, Recipe, damaged, parameters};

/// Mints one certificate in the name of `issuer` (DER), signed with `key`; `None` signs with a key made on the spot, as an
/// impostor does: of the kind of the issuer's, so that it is the signature that fails. `now_unix_s` is what the recipe's
/// hours count from.
pub fn mint_under(
    recipe: &Recipe,
    issuer: &[u8],
    key: Option<&PrivateKey>,
    now_unix_s: i64,
) -> Result<MintedIdentity, MintError> {
    let library = |error: rcgen::Error| MintError::Library {
        name: recipe.name.clone(),
        words: error.to_string(),
    };
    let own = recipe.key.generate().map_err(library)?;
    let signing = match key {
        Some(key) => KeyPair::try_from(&key.der).map_err(library)?,
        None => CertificateFacts::from_der(issuer)
            .ok()
            .and_then(|issuer| KeySpec::like(&issuer.key))
            .unwrap_or_default()
            .generate()
            .map_err(library)?,
    };
    let issuer = Issuer::from_ca_cert_der(&CertificateDer::from(issuer), signing).map_err(library)?;
    let mut parameters = parameters(recipe, now_unix_s)?;
    parameters.use_authority_key_identifier_extension = true;
    let mut der = parameters
        .signed_by(&own, &issuer)
        .map_err(library)?
        .der()
        .to_vec();
    if let Some(damage) = recipe.damage {
        der = damaged(der, damage);
    }
    let private = PrivateKey::from_der(own.serialize_der()).map_err(|_| MintError::Library {
        name: recipe.name.clone(),
        words: "its key cannot be read back".to_owned(),
    })?;
    Ok(MintedIdentity {
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
    })
}
