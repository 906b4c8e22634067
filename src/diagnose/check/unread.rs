//! An issuer that was sent but that nobody can read: what then looks like an issuer that is missing.

use super::case::{Case, Finding};
use crate::diagnose::CauseId;
use crate::diagnose::certificate::{Certificate, work};
use crate::pki::{CertificateFacts, outline};

/// Whether an unreadable certificate is the issuer that a path lacks, as far as its bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnose) enum Suspicion {
    /// The subject in it is the wanted issuer's name.
    IsIt,
    /// Its subject cannot be told.
    MayBe,
}

/// `None` where the certificate can be read, or is of another subject.
pub(in crate::diagnose) fn suspicion(
    certificate: &Certificate,
    wanted: &CertificateFacts,
) -> Option<Suspicion> {
    if !certificate.is_unreadable() {
        return None;
    }
    work::count();
    match outline(certificate.der.as_bytes()).subject {
        Some(subject) if subject == wanted.issuer_der => Some(Suspicion::IsIt),
        Some(_) => None,
        None => Some(Suspicion::MayBe),
    }
}

/// The finding on a certificate whose issuer is, or may be, among those sent that cannot be read.
pub(super) fn issuer(case: &Case<'_>, facts: &CertificateFacts) -> Option<Finding> {
    let certain = case.sent.unreadable_of_subject(&facts.issuer_der);
    let (place, suspicion) = certain
        .map(|index| (index + 1, Suspicion::IsIt))
        .or_else(|| Some((case.sent.unreadable_without_subject()? + 1, Suspicion::MayBe)))?;
    let issuer = &facts.issuer_display_name;
    Some(Finding::fail(
        CauseId::Malformed,
        match suspicion {
            Suspicion::IsIt => {
                format!("{issuer} was sent, as certificate {place} of the chain, but it cannot be read")
            }
            Suspicion::MayBe => format!(
                "{issuer} is not among the certificates that can be read; certificate {place} of the chain cannot, and \
                 not even its subject can be told: it may be {issuer}"
            ),
        },
    ))
}
