//! Witnesses inside rustls: verifiers, resolvers, key log and clock that decide as rustls does and write down what
//! happened.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::time_provider::TimeProvider;
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, KeyLog, PeerMisbehaved, RootCertStore,
    SignatureAlgorithm, SignatureScheme,
};

use super::recorder::Recorder;
use super::stack::verdict_of;
use crate::capture::{Der, EventKind, Policy, Revocation, Side};
use crate::clock::Clock;
use crate::iana::{self, Table};
use crate::source::lists::without_name;
use crate::source::spiffe;

/// A clock that stands where the set-up put it, or follows the machine's.
#[derive(Debug)]
pub(super) struct SideClock {
    /// Seconds since the epoch; `None`: the wall clock.
    pub set_unix_s: Option<i64>,
    pub wall: Clock,
}

impl TimeProvider for SideClock {
    fn current_time(&self) -> Option<UnixTime> {
        // rustls's time begins with the epoch: an earlier clock stands there.
        let unix_s = self.set_unix_s.unwrap_or_else(|| self.wall.unix_s()).max(0) as u64;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(unix_s)))
    }
}

/// The key log of one side.
#[derive(Debug)]
pub(super) struct Secrets {
    pub side: Side,
    pub recorder: Recorder,
}

impl KeyLog for Secrets {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        self.recorder.secret(self.side, label, client_random, secret);
    }
}

fn chain(end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Vec<Der> {
    std::iter::once(end_entity)
        .chain(intermediates)
        .map(|der| Der::from(der.to_vec()))
        .collect()
}

/// IANA names of schemes.
fn scheme_names(schemes: &[SignatureScheme]) -> Vec<String> {
    schemes.iter().map(|scheme| scheme_name(*scheme)).collect()
}

fn scheme_name(scheme: SignatureScheme) -> String {
    iana::name_or_number(Table::SignatureScheme, u16::from(scheme))
}

/// Writes down how a chain was judged and passes the judgement on.
fn note_chain<T>(
    recorder: &Recorder,
    side: Side,
    chain: Vec<Der>,
    began: Instant,
    result: Result<T, Error>,
) -> Result<T, Error> {
    let took_us = began.elapsed().as_micros() as u64;
    let refusal = result.as_ref().err().map(verdict_of);
    recorder.event(
        side,
        EventKind::ChainVerified {
            chain,
            took_us,
            refusal,
        },
    );
    result
}

fn note_signature(
    recorder: &Recorder,
    side: Side,
    signed: &DigitallySignedStruct,
    result: Result<HandshakeSignatureValid, Error>,
) -> Result<HandshakeSignatureValid, Error> {
    let scheme = scheme_name(signed.scheme);
    let refusal = result.as_ref().err().map(verdict_of);
    recorder.event(side, EventKind::SignatureVerified { scheme, refusal });
    result
}

/// Those of the library's schemes that a set-up leaves; no names leave all.
fn among(names: &[String], schemes: Vec<SignatureScheme>) -> Vec<SignatureScheme> {
    schemes
        .into_iter()
        .filter(|scheme| names.is_empty() || names.contains(&scheme_name(*scheme)))
        .collect()
}

/// Refuses a scheme that was not offered, as rustls does with its own.
fn advertised(names: &[String], signed: &DigitallySignedStruct) -> Result<(), Error> {
    if names.is_empty() || names.contains(&scheme_name(signed.scheme)) {
        Ok(())
    } else {
        Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into())
    }
}

/// A key that signs with some of its schemes only, as in a TPM or on a smart card.
#[derive(Debug)]
pub(super) struct LimitedKey {
    pub inner: Arc<dyn SigningKey>,
    /// IANA names.
    pub schemes: Vec<String>,
}

impl SigningKey for LimitedKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        self.inner.choose_scheme(&among(&self.schemes, offered.to_vec()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.inner.algorithm()
    }
}

/// Signature checks of a judge: rustls's own, witnessed. The same three for both traits.
macro_rules! witnessed_signatures {
    ($side:expr) => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            cert: &CertificateDer<'_>,
            dss: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            note_signature(
                &self.recorder,
                $side,
                dss,
                advertised(&self.schemes, dss)
                    .and_then(|()| self.inner.verify_tls12_signature(message, cert, dss)),
            )
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            cert: &CertificateDer<'_>,
            dss: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            note_signature(
                &self.recorder,
                $side,
                dss,
                advertised(&self.schemes, dss)
                    .and_then(|()| self.inner.verify_tls13_signature(message, cert, dss)),
            )
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            among(&self.schemes, self.inner.supported_verify_schemes())
        }
    };
}

/// A SPIFFE ID to expect, and what the chain is judged by.
#[derive(Debug)]
pub(super) struct ExpectedId {
    pub id: String,
    pub roots: Arc<RootCertStore>,
    pub provider: Arc<rustls::crypto::CryptoProvider>,
    /// Lists to judge by all the same.
    pub revocation: Revocation,
}

/// The client's judge of the server: rustls's own, witnessed.
#[derive(Debug)]
pub(super) struct ServerJudge {
    pub inner: Arc<WebPkiServerVerifier>,
    /// IANA names of the schemes that it verifies; empty: the library's.
    pub schemes: Vec<String>,
    /// The SPIFFE ID to expect in place of a name.
    pub spiffe: Option<ExpectedId>,
    pub recorder: Recorder,
    /// Said to every server, because a revocation list could not be loaded.
    pub refusal: Option<Error>,
}

impl ServerCertVerifier for ServerJudge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let began = Instant::now();
        let result = match (&self.refusal, &self.spiffe) {
            (Some(refusal), _) => Err(refusal.clone()),
            (None, None) => {
                self.inner
                    .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
            (None, Some(expected)) => without_name(
                end_entity,
                intermediates,
                &expected.roots,
                &expected.provider,
                &expected.revocation,
                now,
            )
            .and_then(|()| spiffe::expect(&expected.id, end_entity))
            .map(|()| ServerCertVerified::assertion()),
        };
        note_chain(
            &self.recorder,
            Side::Client,
            chain(end_entity, intermediates),
            began,
            result,
        )
    }

    witnessed_signatures!(Side::Client);
}

/// The server's judge of the client: rustls's own, witnessed.
#[derive(Debug)]
pub(super) struct ClientJudge {
    pub inner: Arc<dyn ClientCertVerifier>,
    /// IANA names of the schemes that it verifies; empty: the library's.
    pub schemes: Vec<String>,
    /// The SPIFFE ID that a client must have.
    pub spiffe: Option<String>,
    pub recorder: Recorder,
    /// A store without a single root announces no authority, not the stand-in that lets webpki run.
    pub is_store_empty: bool,
    /// Said to every client, because a revocation list could not be loaded.
    pub refusal: Option<Error>,
}

impl ClientCertVerifier for ClientJudge {
    fn offer_client_auth(&self) -> bool {
        self.inner.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.inner.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        if self.is_store_empty {
            &[]
        } else {
            self.inner.root_hint_subjects()
        }
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let began = Instant::now();
        let result = match &self.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => self.inner.verify_client_cert(end_entity, intermediates, now),
        }
        .and_then(|verified| match &self.spiffe {
            Some(id) => spiffe::expect(id, end_entity).map(|()| verified),
            None => Ok(verified),
        });
        note_chain(
            &self.recorder,
            Side::Server,
            chain(end_entity, intermediates),
            began,
            result,
        )
    }

    witnessed_signatures!(Side::Server);
}

/// Presents what it was told to, well-behaved or not.
#[derive(Debug)]
pub(super) struct Presents {
    pub side: Side,
    pub identity: Option<Arc<CertifiedKey>>,
    /// Servers: the names that it has a certificate for.
    pub policy: Policy,
    pub recorder: Recorder,
}

impl Presents {
    fn present(&self, identity: Option<Arc<CertifiedKey>>) -> Option<Arc<CertifiedKey>> {
        let certificates = identity.as_ref().map_or(0, |identity| identity.cert.len());
        self.recorder
            .event(self.side, EventKind::CertificateChosen { certificates });
        identity
    }
}

impl ResolvesClientCert for Presents {
    fn resolve(&self, _hints: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        // rustls sends an empty Certificate, without a word, when the key cannot sign with any accepted scheme.
        if let Some(identity) = &self.identity
            && identity.key.choose_scheme(schemes).is_none()
        {
            self.recorder.event(
                self.side,
                EventKind::CertificateWithheld {
                    schemes: scheme_names(schemes),
                },
            );
        }
        self.present(self.identity.clone())
    }

    fn has_certs(&self) -> bool {
        self.identity.is_some()
    }
}

impl ResolvesServerCert for Presents {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let serves = self.policy.serves(hello.server_name());
        self.present(self.identity.clone().filter(|_| serves))
    }
}
