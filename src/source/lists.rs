//! rustls's own judges with revocation lists in their hands.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ParsedCertificate, VerifierBuilderError, WebPkiClientVerifier};
use rustls::{Error, RootCertStore};

use super::lab::verdict_of;
use crate::capture::Revocation;

/// A judge, and what it says to everybody because one of its lists could not be loaded. rustls builds no judge at all with
/// such a list; a judge that refuses everybody for it lets the handshake be seen, and says what rustls said.
pub(super) type Built<J> = (J, Option<Error>);

fn lists(revocation: &Revocation) -> Vec<CertificateRevocationListDer<'static>> {
    revocation
        .lists
        .iter()
        .map(|list| CertificateRevocationListDer::from(list.der.as_bytes().to_vec()))
        .collect()
}

/// The client's judge of servers.
pub(super) fn server_judge(
    roots: &Arc<RootCertStore>,
    provider: &Arc<CryptoProvider>,
    revocation: &Revocation,
) -> Result<Built<Arc<WebPkiServerVerifier>>, VerifierBuilderError> {
    let bare = || WebPkiServerVerifier::builder_with_provider(Arc::clone(roots), Arc::clone(provider));
    let mut builder = bare().with_crls(lists(revocation));
    if revocation.is_leaf_only {
        builder = builder.only_check_end_entity_revocation();
    }
    if revocation.allows_unknown {
        builder = builder.allow_unknown_revocation_status();
    }
    if revocation.refuses_stale {
        builder = builder.enforce_revocation_expiration();
    }
    match builder.build() {
        Ok(judge) => Ok((judge, None)),
        Err(VerifierBuilderError::InvalidCrl(error)) => {
            Ok((bare().build()?, Some(Error::InvalidCertRevocationList(error))))
        }
        Err(error) => Err(error),
    }
}

/// The server's judge of clients; `is_optional` lets in a client that shows nothing.
pub(super) fn client_judge(
    roots: &Arc<RootCertStore>,
    provider: &Arc<CryptoProvider>,
    revocation: &Revocation,
    is_optional: bool,
) -> Result<Built<Arc<dyn ClientCertVerifier>>, VerifierBuilderError> {
    let bare = || {
        let builder = WebPkiClientVerifier::builder_with_provider(Arc::clone(roots), Arc::clone(provider));
        if is_optional {
            builder.allow_unauthenticated()
        } else {
            builder
        }
    };
    let mut builder = bare().with_crls(lists(revocation));
    if revocation.is_leaf_only {
        builder = builder.only_check_end_entity_revocation();
    }
    if revocation.allows_unknown {
        builder = builder.allow_unknown_revocation_status();
    }
    if revocation.refuses_stale {
        builder = builder.enforce_revocation_expiration();
    }
    match builder.build() {
        Ok(judge) => Ok((judge, None)),
        Err(VerifierBuilderError::InvalidCrl(error)) => {
            Ok((bare().build()?, Some(Error::InvalidCertRevocationList(error))))
        }
        Err(error) => Err(error),
    }
}

/// Judges a server's chain without its name, as a client does that asks for nobody in particular, or for a SPIFFE ID.
pub(super) fn without_name(
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    roots: &Arc<RootCertStore>,
    provider: &Arc<CryptoProvider>,
    revocation: &Revocation,
    now: UnixTime,
) -> Result<(), Error> {
    rustls::client::verify_server_cert_signed_by_trust_anchor(
        &ParsedCertificate::try_from(leaf)?,
        roots,
        intermediates,
        now,
        provider.signature_verification_algorithms.all,
    )?;
    if revocation.lists.is_empty() {
        return Ok(());
    }
    // A judge with lists in its hands wants a name; what it says of the name alone is not heard.
    let nobody = ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into());
    let judged = |revocation: &Revocation| {
        let (judge, refusal) =
            server_judge(roots, provider, revocation).map_err(|error| Error::General(error.to_string()))?;
        refusal.map_or(Ok(()), Err)?;
        judge
            .verify_server_cert(leaf, intermediates, &nobody, &[], now)
            .map(|_| ())
    };
    match (judged(revocation), judged(&Revocation::default())) {
        (Err(error), Err(bare)) if verdict_of(&bare).code == verdict_of(&error).code => Ok(()),
        (with_lists, _) => with_lists,
    }
}
