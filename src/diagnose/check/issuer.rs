//! Who issued it, and whether the signature is theirs (RFC 5280 §6.1.3 (a)(1) and (a)(4)).

use super::case::{Case, Finding};
use super::{conformance, identifiers, name_encoding};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::memo::Signature;
use crate::diagnose::search::{MOST_INTERMEDIATES, MOST_TRIED_FOR_ONE, Pool, missing_link};
use crate::diagnose::{CauseId, Role, deviation};

/// Roots that a sentence names.
const MOST_NAMED: usize = 24;

/// Said where nothing tells a certificate of another key from a damaged one.
pub(in crate::diagnose) const MAY_BE_DAMAGED: &str =
    "no key identifier tells, so the certificate may be damaged as well";

pub(super) fn issuer(case: &Case<'_>) -> Finding {
    found(case)
        .and(conformance::order(case))
        .and(identifiers::key_identifiers(case))
}

fn found(case: &Case<'_>) -> Finding {
    if case.certificate.reading.is_err() && case.role != Role::Root {
        return Finding::unknown("the certificate is unreadable");
    }
    let issuer_name = case.certificate.issuer_name();
    if case.role == Role::Root {
        return Finding::pass("it is in the trust store");
    }
    if let Some(issuer) = case.issuer {
        return Finding::pass(format!("{}, {}", issuer.name(), where_from(case, issuer)));
    }
    let Some(roots) = case.roots else {
        return Finding::unknown(format!("{issuer_name} is not at hand, and no roots were given"));
    };
    if roots.all().is_empty() {
        return Finding::fail(CauseId::NoTrustAnchors, "the trust store holds no certificate");
    }
    let store = || format!("the store holds {}", names(roots.all()));
    if case.role == Role::Intermediate
        && case.cas_below >= MOST_INTERMEDIATES
        && !case.sent.named(case.certificate).is_empty()
    {
        return Finding::unknown(format!("{issuer_name} was sent, but rustls goes no further"));
    }
    let comes_again = case
        .below
        .iter()
        .find(|certificate| case.certificate.names_as_issuer(certificate));
    if let Some(again) = comes_again
        && !case.certificate.is_self_issued()
    {
        return Finding::fail(
            CauseId::UnknownIssuer,
            format!(
                "{}, which issued it, stands below it in the same path: the chain goes round in a circle and reaches no root",
                again.name()
            ),
        );
    }
    if case.certificate.is_self_issued() {
        let is_alone = case.role == Role::Leaf;
        let cause = if is_alone {
            CauseId::SelfSignedNotTrusted
        } else {
            CauseId::UnknownIssuer
        };
        return Finding::fail(
            cause,
            format!("it is its own issuer and not in the trust store; {}", store()),
        );
    }
    if let Some(finding) = case
        .certificate
        .facts()
        .and_then(|facts| super::unread::issuer(case, facts))
    {
        return finding;
    }
    if let Some(finding) = name_encoding::differs(case) {
        return finding;
    }
    if let Some(missing) = missing_link(case.certificate, case.below, case.pool, roots) {
        let words = if case.certificate.names_as_issuer(missing) {
            format!("{issuer_name} was not sent; it is at hand and completes the path")
        } else {
            format!(
                "{issuer_name} was not sent and is not in the trust store; another certificate of {}, by {}, is at hand and completes the path",
                missing.name(),
                missing.issuer_name()
            )
        };
        return Finding::fail(CauseId::MissingIntermediate, words);
    }
    let untried = untried(case.pool, case.certificate)
        .map(|words| format!("; {words}"))
        .unwrap_or_default();
    Finding::fail(
        CauseId::UnknownIssuer,
        format!(
            "{issuer_name} was not sent and is not in the trust store; {}{untried}",
            store()
        ),
    )
}

/// The names of a store, as many as somebody would read.
fn names(certificates: &[Certificate]) -> String {
    let mut names: Vec<String> = certificates
        .iter()
        .take(MOST_NAMED)
        .map(Certificate::name)
        .collect();
    if certificates.len() > MOST_NAMED {
        names.push(format!("and {} more", certificates.len() - MOST_NAMED));
    }
    names.join(", ")
}

/// What the search for an issuer left untried, in words; `None` where it tried all.
fn untried(pool: &Pool, child: &Certificate) -> Option<String> {
    let more = pool.untried(child);
    (more > 0).then(|| {
        format!(
            "{} certificates of that name are at hand, of which {more} were not tried: the search ends after \
             {MOST_TRIED_FOR_ONE} signatures",
            pool.named(child).len()
        )
    })
}

fn where_from(case: &Case<'_>, issuer: &Certificate) -> &'static str {
    if case.sent.contains(issuer) {
        "sent in the chain"
    } else {
        "in the trust store"
    }
}

/// Where an issuer is that is not the next of the path.
fn whereabouts(case: &Case<'_>, issuer: &Certificate) -> &'static str {
    if case.sent.contains(issuer) {
        "was sent, and does not lead on from here"
    } else if case.roots.is_some_and(|roots| roots.contains(issuer)) {
        "is trusted, and does not lead on from here"
    } else {
        "is at hand, and neither sent nor trusted"
    }
}

pub(super) fn signature(case: &Case<'_>) -> Finding {
    if case.role == Role::Root {
        return Finding::not_applicable("a trust anchor is trusted for itself");
    }
    if case.certificate.reading.is_err() {
        return Finding::unknown("the certificate is unreadable");
    }
    let name = case.certificate.signature_algorithm();
    let Some(issuer) = case.issuer else {
        // No verdict of this path's, which ends here; but what there is to be known is said.
        return Finding::unknown(match case.pool.true_issuer(case.certificate) {
            Some(issuer) => format!("{name} by {}, which {}", issuer.name(), whereabouts(case, issuer)),
            None => untried(case.pool, case.certificate)
                .or_else(|| untried(case.sent, case.certificate))
                .or_else(|| untried(case.roots?, case.certificate))
                .unwrap_or_else(|| "its issuer is not at hand".to_owned()),
        });
    };
    match case.certificate.signed_by(issuer) {
        Signature::Holds => Finding::pass(format!("{name} by {}", issuer.name())),
        Signature::Unsupported => {
            let is_weak = ["sha1", "SHA1", "md5", "md4", "md2"]
                .iter()
                .any(|weak| name.contains(weak));
            let cause = if is_weak {
                CauseId::WeakSignature
            } else {
                CauseId::UnsupportedAlgorithm
            };
            Finding::fail(cause, format!("{name} is not accepted"))
        }
        Signature::Unreadable => Finding::fail(
            CauseId::Malformed,
            format!("the signature, or the key of {}, cannot be read", issuer.name()),
        ),
        Signature::OtherKey => other_key(case, issuer, &name),
        Signature::Fails => failed(case, issuer),
    }
}

/// A signature that rustls knows, by a key of a kind that cannot have made it, or that rustls does not know.
fn other_key(case: &Case<'_>, issuer: &Certificate, name: &str) -> Finding {
    use crate::pki::KeyKind;
    let key = issuer.facts().map(|facts| &facts.key);
    let makes_such = match key {
        Some(KeyKind::Ec { .. }) => name.contains("ecdsa"),
        Some(KeyKind::Rsa { .. }) => name.contains("RSA") || name.contains("rsa"),
        Some(KeyKind::Ed25519 | KeyKind::Ed448) => name.starts_with("Ed"),
        // A key that cannot be told: rustls cannot tell it either.
        Some(KeyKind::Other(_)) | None => true,
    };
    if makes_such {
        let key = key.map_or_else(|| "a key of an unknown kind".to_owned(), ToString::to_string);
        return Finding::fail(
            CauseId::UnsupportedAlgorithm,
            format!(
                "{} has {key}, with which rustls verifies no {name}",
                issuer.name()
            ),
        );
    }
    failed(case, issuer)
}

/// The name fits and the signature does not: an impostor, a renewed CA of the same name, a weak key, or damage.
fn failed(case: &Case<'_>, issuer: &Certificate) -> Finding {
    if let Some(facts) = issuer.facts()
        && let crate::pki::KeyKind::Rsa { bits } = facts.key
        && bits < 2048
    {
        return Finding::fail(
            CauseId::WeakKey,
            format!("{} has an RSA key of {bits} bits", issuer.name()),
        );
    }
    let names_other_key = match (case.certificate.facts(), issuer.facts()) {
        (Some(child), Some(parent)) => match (&child.authority_key_id, &parent.subject_key_id) {
            (Some(wanted), Some(has)) => wanted != has,
            _ => false,
        },
        _ => false,
    };
    let true_one_is_at_hand = case.pool.true_issuer(case.certificate).is_some();
    // A CA that issued itself another key: the way over it fails too, of something else.
    let self_issued = case
        .sent
        .true_issuer(case.certificate)
        .filter(|found| found.is_self_issued());
    if let Some(found) = self_issued {
        return Finding::fail(
            CauseId::SameNameDifferentKey,
            format!(
                "signed by the “{}” that was sent, which issued itself a new key, and not by the one in the store; the way over it is refused as well, as where name constraints, which RFC 5280 §6.1.4 does not ask of it, forbid its names; {}",
                found.name(),
                deviation::who_accepts(case.record, "self-issued-under-constraints")
            ),
        );
    }
    // Without key identifiers nothing says which key was meant. A candidate whose own certificate is whole has another key.
    let names_no_key = case
        .certificate
        .facts()
        .is_none_or(|facts| facts.authority_key_id.is_none())
        || issuer.facts().is_none_or(|facts| facts.subject_key_id.is_none());
    if names_no_key && !names_other_key && !true_one_is_at_hand && is_whole(case, issuer) {
        return Finding::fail(
            CauseId::SameNameDifferentKey,
            format!(
                "not signed with the key of the “{}” in the path, whose own certificate is whole: most likely by another CA of \
                 that name, or that CA with another key; {MAY_BE_DAMAGED}",
                issuer.name()
            ),
        );
    }
    if names_other_key || true_one_is_at_hand {
        return Finding::fail(
            CauseId::SameNameDifferentKey,
            format!(
                "signed by a “{}” with another key than the one in the path",
                issuer.name()
            ),
        );
    }
    Finding::fail(
        CauseId::BadSignature,
        format!("the signature is not the work of {}'s key", issuer.name()),
    )
}

/// Whether a candidate's own certificate was not altered: it verifies under its own key, or under that of its issuer.
fn is_whole(case: &Case<'_>, issuer: &Certificate) -> bool {
    let is_its_own = issuer.is_self_issued() && issuer.signed_by(issuer) == Signature::Holds;
    is_its_own
        || case.sent.true_issuer(issuer).is_some()
        || case
            .roots
            .is_some_and(|roots| roots.true_issuer(issuer).is_some())
        || case.pool.true_issuer(issuer).is_some()
}
