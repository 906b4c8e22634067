//! One connection to a real peer, to see whether it lets somebody in: `dial` is the client, `serve` the server. Both present
//! whatever they are told to, judge nobody, wait no longer than they are told, and say what the peer did.
//!
//! Deliberately absent: a capture. A probe answers one question; what a connection looks like is the other sources' affair.

mod dial;
mod serve;

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;

use super::lab::verdict_of;
use crate::capture::StackVerdict;
use crate::net::NetError;
use crate::setup::Identity;

pub use dial::{Dial, Dialled, dial};
pub use serve::{Served, Server};

/// Why a probe could not even begin. One sentence, with the mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// Nobody answers there.
    #[error("{address} cannot be reached ({words}); is the server running, and is the port right?")]
    Unreachable {
        /// Where.
        address: String,
        /// The system's words.
        words: String,
    },
    /// The library cannot present this.
    #[error("the identity cannot be presented: {words}")]
    Identity {
        /// The library's words.
        words: String,
    },
    /// The system refuses a listener.
    #[error("a listener on loopback cannot be opened ({words})")]
    Listen {
        /// The system's words.
        words: String,
    },
}

/// How a connection ended, as far as the probe waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Still open when the wait was over: nothing came any more.
    Open,
    /// The peer closed it: in good order, or without a word.
    Closed,
    /// The peer sent an alert, or our stack objects: its words.
    Refused(StackVerdict),
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// What to present; the key need not fit the certificate.
fn certified(identity: &Identity, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, ProbeError> {
    let wrong = |words: String| ProbeError::Identity { words };
    let loaded = identity
        .key
        .as_ref()
        .ok_or_else(|| wrong("there is no private key".to_owned()))?;
    let key = provider
        .key_provider
        .load_private_key(loaded.key.der.clone_key())
        .map_err(|error| wrong(error.to_string()))?;
    let chain = identity
        .chain
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der.to_vec()))
        .collect();
    Ok(Arc::new(CertifiedKey::new(chain, key)))
}

/// What an I/O error of a TLS stream means: rustls's own error where there is one inside.
fn ending_of(error: &std::io::Error) -> Ending {
    use std::io::ErrorKind as K;
    if let Some(inner) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
    {
        return Ending::Refused(verdict_of(inner));
    }
    if matches!(error.get_ref(), Some(inner) if inner.is::<NetError>()) {
        // The time was over, or the user ended it: the peer did nothing.
        return Ending::Open;
    }
    match error.kind() {
        K::WouldBlock | K::TimedOut => Ending::Open,
        _ => Ending::Closed,
    }
}

#[cfg(test)]
mod tests {
    use super::{certified, provider};
    use crate::pki::{Recipe, mint};
    use crate::setup::Identity;

    #[test]
    fn the_whole_chain_is_shown_in_its_order() {
        let recipe = |name: &str| -> Recipe {
            ron::from_str(&format!(r#"(name: "{name}", subject: "{name}")"#)).expect("a recipe")
        };
        let names = ["leaf", "issuer", "root"];
        let minted = mint(&names.map(recipe), 1_800_000_000).expect("it mints");
        let of = |name: &str| minted.find(name).expect("minted").clone();
        let identity = Identity {
            chain: names.map(|name| of(name).certificate).to_vec(),
            key: Some(of("root").key),
        };
        let shown = certified(&identity, &provider()).expect("it can be shown");
        let sent: Vec<&[u8]> = shown.cert.iter().map(AsRef::as_ref).collect();
        let wanted: Vec<&[u8]> = identity.chain.iter().map(|one| one.der.as_bytes()).collect();
        assert_eq!(sent, wanted);
        let without = Identity {
            key: None,
            ..identity
        };
        let refused = certified(&without, &provider()).expect_err("no key");
        assert_eq!(
            refused.to_string(),
            "the identity cannot be presented: there is no private key"
        );
    }
}
