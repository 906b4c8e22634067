//! The SPIFFE ID check that rustls leaves to its users, made inside its verifier (X509-SVID §5; SPIFFE-ID §2).
//!
//! rustls judges the chain without a name; then the one URI of the leaf must be the ID that is expected. What this check
//! says are our words and not rustls's, so its verdict names its stack [`STACK`].

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, Error, OtherError};

use crate::pki::{CertificateFacts, expect_spiffe_id};

/// Who speaks where the SPIFFE check refuses.
pub(super) const STACK: &str = "mtlscope on rustls";

/// The refusal, in our words.
#[derive(Debug, thiserror::Error)]
#[error("the certificate is not that of {expected}: {carries}")]
pub(super) struct SpiffeRefusal {
    expected: String,
    carries: String,
}

/// Holds the leaf's URI against the ID that is expected.
pub(super) fn expect(expected: &str, leaf: &CertificateDer<'_>) -> Result<(), Error> {
    let names = CertificateFacts::from_der(leaf)
        .ok()
        .and_then(|facts| facts.subject_alt_names)
        .unwrap_or_default();
    expect_spiffe_id(expected, &names).map_err(|carries| {
        let refusal = SpiffeRefusal {
            expected: expected.to_owned(),
            carries,
        };
        Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refusal))))
    })
}

/// The check's own words, without rustls's wrapping.
pub(super) fn words(error: &Error) -> Option<String> {
    match error {
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            other.0.downcast_ref::<SpiffeRefusal>().map(ToString::to_string)
        }
        _ => None,
    }
}
