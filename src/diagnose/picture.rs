//! A judged path as the stage and the inspector draw it: each certificate, each link, and what is missing at its end.

use super::certificate::Certificate;
use super::chain::{Judged, Scene, failures_in, lacking_a_readable_issuer};
use super::endings::NO_CLOCK;
use super::memo::Signature;
use super::search::missing_link;
use super::{CauseId, CertificateRef, ChainLink, ChainView, CheckKind, LinkState, MatrixRow, Presence, Role};
use crate::pki::time_left;

impl Scene<'_> {
    /// The picture of a path.
    pub(super) fn view(&self, path: &[Judged<'_>]) -> ChainView {
        let now = self.clock();
        let mut links: Vec<ChainLink> = path
            .iter()
            .enumerate()
            .map(|(depth, one)| {
                // A missing issuer, or a signature that is not the next one's, is the link's fault.
                let is_bad = failures_in(std::slice::from_ref(one))
                    .any(|row| !is_of_the_link(row, path.get(depth + 1).is_some()));
                let left = one.certificate.facts().map_or_else(
                    || "unreadable".to_owned(),
                    |facts| match now {
                        NO_CLOCK => "when it was judged is not known".to_owned(),
                        _ => time_left(facts.not_before, facts.not_after, now),
                    },
                );
                let is_in_time = one
                    .certificate
                    .facts()
                    .is_some_and(|facts| facts.is_valid_at(now));
                let note = match (one.presence, one.role) {
                    (Presence::InStore, _) if is_in_time => "trusted root".to_owned(),
                    (Presence::InStore, _) => format!("root · {left}"),
                    (_, Role::Leaf) if is_in_time => format!("leaf · {left}"),
                    (_, role) if is_in_time => role.word().to_owned(),
                    (_, _) => left,
                };
                let link_to_next = path.get(depth + 1).map(|next| {
                    if one.certificate.signed_by(next.certificate) == Signature::Holds {
                        LinkState::Holds
                    } else {
                        LinkState::Broken
                    }
                });
                ChainLink {
                    certificate: Some(one.certificate.reference()),
                    name: one.certificate.name(),
                    note,
                    role: one.role,
                    presence: one.presence,
                    is_bad,
                    link_to_next,
                }
            })
            .collect();
        self.draw_what_is_missing(path, &mut links);
        ChainView {
            judge: Some(self.input.judge),
            links,
            completes: self.what_completes(path),
            store: self
                .roots
                .map(|roots| roots.all().iter().map(Certificate::reference).collect()),
        }
    }

    /// Where a path ends before a root: what at hand would lead on to one.
    fn what_completes(&self, path: &[Judged<'_>]) -> Option<CertificateRef> {
        let (last, below) = path.split_last()?;
        if last.role == Role::Root || last.certificate.is_self_issued() {
            return None;
        }
        let below: Vec<&Certificate> = below.iter().map(|one| one.certificate).collect();
        missing_link(last.certificate, &below, self.pool, self.roots?).map(Certificate::reference)
    }

    /// The issuer that was sent or is trusted under a name that is the same to a reader, and not in its bytes (RFC 5280 §7.1): it is
    /// not missing, only the link to it does not hold.
    fn issuer_in_other_bytes(&self, child: &Certificate) -> Option<ChainLink> {
        let (issuer, presence, note) = if let Some(issuer) = self.chain.issuer_by_folded_name(child) {
            (issuer, Presence::Sent, "sent, named otherwise")
        } else {
            let issuer = self.roots?.issuer_by_folded_name(child)?;
            (issuer, Presence::InStore, "trusted, named otherwise")
        };
        Some(ChainLink {
            certificate: Some(issuer.reference()),
            name: issuer.name(),
            note: note.to_owned(),
            role: if issuer.is_self_issued() {
                Role::Root
            } else {
                Role::Intermediate
            },
            presence,
            is_bad: false,
            link_to_next: None,
        })
    }

    /// Where a path ends before a root: what should have come next, at hand or known by name only.
    fn draw_what_is_missing(&self, path: &[Judged<'_>], links: &mut Vec<ChainLink>) {
        let Some(last) = path.last() else { return };
        if last.role == Role::Root || last.certificate.is_self_issued() {
            return;
        }
        let Some(facts) = last.certificate.facts() else {
            return;
        };
        // Nobody sends a root: without the judge's store, nothing says that it is missing.
        let is_open = self.roots.is_none();
        if let Some(link) = links.last_mut() {
            link.link_to_next = Some(if is_open {
                LinkState::Unknown
            } else {
                LinkState::Broken
            });
        }
        if let Some(link) = self.issuer_in_other_bytes(last.certificate) {
            links.push(link);
            return;
        }
        let found = self.pool.true_issuer(last.certificate);
        let is_root = found.is_some_and(Certificate::is_self_issued);
        let is_loop = found.is_some_and(|found| path.iter().any(|one| one.certificate.is_same_entity(found)));
        let note = match (found.is_some() && !is_root, self.roots.is_some()) {
            _ if lacking_a_readable_issuer(path).is_some() => "sent, it seems, but unreadable",
            _ if is_loop => "again: a loop",
            (true, _) => "not sent",
            (false, true) => "not in its store",
            (false, false) => "not sent, as usual",
        };
        let role = if found.is_some_and(|issuer| !issuer.is_self_issued()) {
            Role::Intermediate
        } else {
            Role::Root
        };
        links.push(ChainLink {
            certificate: found.map(Certificate::reference),
            name: found.map_or_else(|| facts.issuer_display_name.clone(), Certificate::name),
            note: note.to_owned(),
            role,
            presence: if found.is_some() {
                Presence::AtHand
            } else {
                Presence::Absent
            },
            is_bad: !is_open,
            link_to_next: None,
        });
    }
}

/// Whether a failure lies between a certificate and its issuer, and not in the certificate itself.
fn is_of_the_link(row: &MatrixRow, has_issuer: bool) -> bool {
    match row.check {
        // A certificate that signed itself and is alone has no link that could be drawn broken.
        CheckKind::Issuer => row.cause != Some(CauseId::SelfSignedNotTrusted) || has_issuer,
        CheckKind::Signature => matches!(
            row.cause,
            Some(CauseId::SameNameDifferentKey | CauseId::BadSignature)
        ),
        _ => false,
    }
}
