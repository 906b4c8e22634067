//! rustls's own judgement of a chain, with no handshake around it: what our matrix must never contradict.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;

use super::lab::{root_store, verdict_of};
use super::spiffe;
use crate::capture::{Der, Side, StackVerdict, Trust};
use crate::pki::is_spiffe_id;

/// Judges `chain` (leaf first, not empty) as `judge` would: a client judges servers, and their name.
///
/// `Err` is rustls's refusal in its own words. A trust without an expected name judges no name.
pub fn judge(chain: &[Der], trust: &Trust, judge: Side) -> Result<(), StackVerdict> {
    let (roots, _) = root_store(trust.roots.iter().map(Der::as_bytes));
    let roots = Arc::new(roots);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let now = UnixTime::since_unix_epoch(Duration::from_secs(trust.clock_unix_s.max(0) as u64));
    let mut certificates = chain
        .iter()
        .map(|der| CertificateDer::from(der.as_bytes().to_vec()));
    let Some(leaf) = certificates.next() else {
        return Err(verdict_of(&rustls::Error::NoCertificatesPresented));
    };
    let intermediates: Vec<CertificateDer<'_>> = certificates.collect();
    let result = match judge {
        Side::Client => match &trust.expected_name {
            Some(id) if is_spiffe_id(id) => spiffe::chain_without_name(
                &leaf,
                &intermediates,
                &roots,
                provider.signature_verification_algorithms.all,
                now,
            )
            .and_then(|()| spiffe::expect(id, &leaf)),
            Some(name) => ServerName::try_from(name.clone())
                .map_err(|error| rustls::Error::General(error.to_string()))
                .and_then(|name| {
                    let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider)
                        .build()
                        .map_err(|error| rustls::Error::General(error.to_string()))?;
                    verifier
                        .verify_server_cert(&leaf, &intermediates, &name, &[], now)
                        .map(|_| ())
                }),
            None => spiffe::chain_without_name(
                &leaf,
                &intermediates,
                &roots,
                provider.signature_verification_algorithms.all,
                now,
            ),
        },
        Side::Server => WebPkiClientVerifier::builder_with_provider(roots, provider)
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))
            .and_then(|verifier| {
                verifier
                    .verify_client_cert(&leaf, &intermediates, now)
                    .map(|_| ())
            })
            .and_then(|()| match &trust.expected_name {
                Some(id) if is_spiffe_id(id) => spiffe::expect(id, &leaf),
                _ => Ok(()),
            }),
    };
    result.map_err(|error| verdict_of(&error))
}
