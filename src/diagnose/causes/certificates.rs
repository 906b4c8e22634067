//! Causes that a failed check proves.

use super::draft::Draft;
use super::files::UNKNOWN;
use super::filling::fill;
use super::grounds::{Grounds, Place, evidence, too_large};
use crate::capture::{Capture, ClientAuth, Side};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::check::MAY_BE_DAMAGED;
use crate::diagnose::fill::Trait;
use crate::diagnose::{CauseId, Certainty, ChainView, CheckKind, MatrixRow, Outcome, Role};
use crate::pki::{CertificateFacts, illegal_character};

/// The causes behind the failed rows of one judge, with or without a handshake.
pub(in crate::diagnose) fn from_matrix(
    rows: &[MatrixRow],
    view: &ChainView,
    grounds: &Grounds<'_>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let is_out_of_order = rows
        .iter()
        .any(|row| row.outcome == Outcome::Fail && row.cause == Some(CauseId::LeafNotFirst));
    for row in rows.iter().filter(|row| row.outcome == Outcome::Fail) {
        let Some(id) = row.cause else { continue };
        if is_out_of_order && follows_from_the_order(row, grounds) {
            continue;
        }
        // Where an issuer was sent but cannot be read, the cause is that certificate: its own row tells it.
        if id == CauseId::Malformed && row.check == CheckKind::Issuer {
            continue;
        }
        let place = Place::find(row, grounds);
        let mut id = id;
        let mut fill = fill(row, view, grounds, &place);
        if row.check == CheckKind::Encoding
            && let Some(words) = place.der().and_then(|der| too_large(der.as_bytes()))
        {
            id = CauseId::MessageTooLarge;
            fill = fill.with("row", words);
        }
        let evidence = evidence(row, &place, grounds);
        // Where no key identifier tells, a certificate of another key looks as a damaged one does.
        let may_be_damaged = id == CauseId::SameNameDifferentKey && row.detail.contains(MAY_BE_DAMAGED);
        if may_be_damaged {
            fill = fill.with("row", row.detail.clone());
        }
        drafts.push(Draft {
            id,
            certainty: if may_be_damaged {
                Certainty::Possible
            } else {
                Certainty::Proven
            },
            side: Some(row.side),
            certificate: row.certificate.clone(),
            evidence: evidence.clone(),
            fill: fill.clone(),
            at_us: place.at_us,
        });
        if may_be_damaged {
            drafts.push(Draft {
                id: CauseId::BadSignature,
                certainty: Certainty::Possible,
                side: Some(row.side),
                certificate: row.certificate.clone(),
                evidence: evidence.clone(),
                fill: fill.clone(),
                at_us: place.at_us,
            });
        }
        // An issuer that nobody has may be an intermediate that was forgotten: the capture cannot tell.
        let may_be_missing = id == CauseId::UnknownIssuer
            && row.check == CheckKind::Issuer
            && place.facts().is_some_and(|facts| !facts.is_self_issued());
        if may_be_missing {
            drafts.push(Draft {
                id: CauseId::MissingIntermediate,
                certainty: Certainty::Possible,
                side: Some(row.side),
                certificate: row.certificate.clone(),
                evidence,
                // Whatever of its issuer's is at hand leads to no root.
                fill: fill
                    .with(
                        "missing",
                        "It may be an intermediate that the sender forgot; no file at hand holds it.",
                    )
                    .with("issuer_file", UNKNOWN)
                    .without_command("take_issuer")
                    .with_command_of("join_chain", "join_unknown"),
                at_us: place.at_us,
            });
        }
    }
    drafts
}

/// Whether it is the name of the certificate in a row that is amiss, and not that of its issuer.
pub(in crate::diagnose) fn has_a_name_amiss(row: &MatrixRow, grounds: &Grounds<'_>) -> bool {
    let place = Place::find(row, grounds);
    let read = place.der().map(Certificate::read);
    let subject = read.as_ref().and_then(Certificate::subject);
    subject.is_some_and(|name| name.is_empty() || illegal_character(name).is_some())
}

/// A row that only warns, told as the cause that it is for a stack that refuses it.
pub(in crate::diagnose) fn of_warning(
    row: &MatrixRow,
    id: CauseId,
    view: &ChainView,
    grounds: &Grounds<'_>,
) -> Draft {
    let row = MatrixRow {
        cause: Some(id),
        ..row.clone()
    };
    let place = Place::find(&row, grounds);
    let mut fill = fill(&row, view, grounds, &place);
    if let Some(demand) = &row.demand {
        fill = fill
            .with_title(format!(
                "{} may ask for more than the {}'s certificate says",
                demand.who.name(),
                row.side.peer().word()
            ))
            .with_detail(format!("{}.", demand.words));
    }
    if row.role == Role::Root && place.facts().is_some_and(CertificateFacts::is_self_issued) {
        fill = fill.with_trait(Trait::Root);
    }
    Draft {
        id,
        certainty: Certainty::Proven,
        side: Some(row.side),
        certificate: row.certificate.clone(),
        evidence: evidence(&row, &place, grounds),
        fill,
        at_us: place.at_us,
    }
}

/// Whether a row fails only because a CA stands where the leaf should: what a leaf is asked for (its name, its purpose, its
/// key) was asked of the CA. The row stays, as rustls refuses for it; it is no cause of its own. But a key that belongs to
/// none of the certificates would not fit in any order.
fn follows_from_the_order(row: &MatrixRow, grounds: &Grounds<'_>) -> bool {
    if row.role != Role::Leaf {
        return false;
    }
    match row.check {
        CheckKind::Name | CheckKind::Purpose | CheckKind::KeyUsage => true,
        CheckKind::KeyMatch | CheckKind::Possession => grounds.key_in_use.is_none_or(|key| {
            grounds
                .chain
                .iter()
                .skip(1)
                .map(Certificate::read)
                .any(|one| one.facts().is_some_and(|facts| facts.spki == key))
        }),
        _ => false,
    }
}

/// Whether `judge` looks at its peer's certificate at all.
pub(in crate::diagnose) fn does_judge(capture: &Capture, judge: Side) -> bool {
    let policy = capture.sides.server.policy.as_ref();
    judge == Side::Client || policy.is_none_or(|policy| policy.client_auth != Some(ClientAuth::None))
}
