//! rustls's own judgement of a chain, with no handshake around it: what our matrix must never contradict.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{Error, RootCertStore};

use super::lab::{root_store, verdict_of};
use super::lists::{client_judge, server_judge, without_name};
use super::spiffe;
use crate::capture::{Der, Side, StackVerdict, Trust};
use crate::pki::{PrivateKey, is_spiffe_id};

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
        return Err(verdict_of(&Error::NoCertificatesPresented));
    };
    let seen = Seen {
        leaf,
        intermediates: certificates.collect(),
        roots,
        provider,
        now,
    };
    let result = match judge {
        Side::Client => seen.by_client(trust),
        Side::Server => seen.by_server(trust),
    };
    result.map_err(|error| verdict_of(&error))
}

/// Whether a run can sign with this key. RSA of less than 2048 bits cannot even be loaded.
pub fn signs(key: &PrivateKey) -> bool {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    provider
        .key_provider
        .load_private_key(key.der.clone_key())
        .is_ok()
}

/// A chain and what it is judged by.
struct Seen<'a> {
    leaf: CertificateDer<'a>,
    intermediates: Vec<CertificateDer<'a>>,
    roots: Arc<RootCertStore>,
    provider: Arc<CryptoProvider>,
    now: UnixTime,
}

impl Seen<'_> {
    fn by_server(&self, trust: &Trust) -> Result<(), Error> {
        let (verifier, refusal) = client_judge(&self.roots, &self.provider, &trust.revocation, false)
            .map_err(|error| general(&error))?;
        refusal.map_or(Ok(()), Err)?;
        verifier.verify_client_cert(&self.leaf, &self.intermediates, self.now)?;
        match &trust.expected_name {
            Some(id) if is_spiffe_id(id) => spiffe::expect(id, &self.leaf),
            _ => Ok(()),
        }
    }

    fn by_client(&self, trust: &Trust) -> Result<(), Error> {
        let (verifier, refusal) =
            server_judge(&self.roots, &self.provider, &trust.revocation).map_err(|error| general(&error))?;
        let name = match &trust.expected_name {
            None => None,
            Some(id) if is_spiffe_id(id) => None,
            Some(name) => Some(ServerName::try_from(name.clone()).map_err(|error| general(&error))?),
        };
        refusal.map_or(Ok(()), Err)?;
        if let Some(name) = name {
            return verifier
                .verify_server_cert(&self.leaf, &self.intermediates, &name, &[], self.now)
                .map(|_| ());
        }
        without_name(
            &self.leaf,
            &self.intermediates,
            &self.roots,
            &self.provider,
            &trust.revocation,
            self.now,
        )?;
        match &trust.expected_name {
            Some(id) => spiffe::expect(id, &self.leaf),
            None => Ok(()),
        }
    }
}

fn general(error: &dyn std::fmt::Display) -> Error {
    Error::General(error.to_string())
}
