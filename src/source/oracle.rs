//! rustls's own judgement of a chain, with no handshake around it: what our matrix must never contradict.

use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use super::lab::{root_store, verdict_of};
use super::lists::{client_judge, server_judge};
use crate::capture::{Der, Revocation, Side, StackVerdict, Trust};

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
    let general = |error: rustls::server::VerifierBuilderError| rustls::Error::General(error.to_string());
    let result = match judge {
        Side::Client => {
            server_judge(&roots, &provider, &trust.revocation)
                .map_err(general)
                .and_then(|(verifier, refusal)| {
                    let verify = |name: &ServerName<'_>| {
                        refusal.clone().map_or_else(
                            || {
                                verifier
                                    .verify_server_cert(&leaf, &intermediates, name, &[], now)
                                    .map(|_| ())
                            },
                            Err,
                        )
                    };
                    match &trust.expected_name {
                        Some(name) => ServerName::try_from(name.clone())
                            .map_err(|error| rustls::Error::General(error.to_string()))
                            .and_then(|name| verify(&name)),
                        None => {
                            // A judge with lists in its hands wants a name: what it says of the name is not heard.
                            let nobody = ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into());
                            let chain = without_name(&leaf, &intermediates, &roots, &provider, now);
                            match (chain, verify(&nobody)) {
                                (Ok(()), Err(error)) => {
                                    let (bare, _) = server_judge(&roots, &provider, &Revocation::default())
                                        .map_err(general)?;
                                    match bare.verify_server_cert(&leaf, &intermediates, &nobody, &[], now) {
                                        // It says the same without lists: that was about the name.
                                        Err(alike) if verdict_of(&alike).code == verdict_of(&error).code => {
                                            Ok(())
                                        }
                                        _ => Err(error),
                                    }
                                }
                                (chain, _) => chain,
                            }
                        }
                    }
                })
        }
        Side::Server => client_judge(&roots, &provider, &trust.revocation, false)
            .map_err(general)
            .and_then(|(verifier, refusal)| {
                refusal.map_or_else(
                    || {
                        verifier
                            .verify_client_cert(&leaf, &intermediates, now)
                            .map(|_| ())
                    },
                    Err,
                )
            }),
    };
    result.map_err(|error| verdict_of(&error))
}

/// The chain alone, as a client judges it that asks for nobody in particular.
fn without_name(
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    roots: &RootCertStore,
    provider: &CryptoProvider,
    now: UnixTime,
) -> Result<(), rustls::Error> {
    let parsed = rustls::server::ParsedCertificate::try_from(leaf)?;
    rustls::client::verify_server_cert_signed_by_trust_anchor(
        &parsed,
        roots,
        intermediates,
        now,
        provider.signature_verification_algorithms.all,
    )
}
