//! One chain judged: the best path through it, every check on every certificate, and the picture of it.

use super::certificate::{Certificate, Signature, verify_scheme};
use super::check::unread::{Suspicion, suspicion};
use super::check::{CHECKS, Case};
use super::lists::Status;
use super::memo;
use super::path::{Path, candidates, true_issuer};
use super::{CauseId, ChainLink, ChainView, CheckKind, LinkState, MatrixRow, Outcome, Presence, Role};
use crate::capture::{Der, Side, Trust};
use crate::pki::{CertificateFacts, time_left};

/// A chain to judge; no handshake is needed.
#[derive(Clone, Debug)]
pub struct ChainInput<'a> {
    /// DER, leaf first, as it was sent or would be.
    pub chain: &'a [Der],
    /// What the judge trusts; `None` where it is not known.
    pub trust: Option<&'a Trust>,
    /// Who judges: a client judges servers.
    pub judge: Side,
    /// Whatever else is at hand: to tell what is missing from what does not exist.
    pub at_hand: &'a [Der],
    /// The clock to judge by where there is no trust, in seconds since the epoch.
    pub clock_unix_s: i64,
    /// SubjectPublicKeyInfo of the key that the sender signs with, where known.
    pub key_in_use: Option<&'a [u8]>,
    /// A signature over the handshake: scheme (IANA), what was signed, the signature.
    pub possession: Option<(&'a str, &'a [u8], &'a [u8])>,
}

/// What came of judging a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainJudgement {
    /// Every check on every certificate.
    pub matrix: Vec<MatrixRow>,
    /// For drawing.
    pub view: ChainView,
}

impl ChainJudgement {
    /// Whether rustls would refuse the chain (or the proof that goes with it).
    pub fn is_refused(&self) -> bool {
        self.matrix.iter().any(|row| row.outcome == Outcome::Fail)
    }
}

/// A certificate in its place, judged.
struct Judged<'a> {
    certificate: &'a Certificate,
    role: Role,
    presence: Presence,
    rows: Vec<MatrixRow>,
}

/// Judges a chain.
pub fn judge_chain(input: &ChainInput<'_>) -> ChainJudgement {
    judge_with_staples(input, &[])
}

/// Judges a chain to which OCSP responses were stapled.
pub(super) fn judge_with_staples(input: &ChainInput<'_>, staples: &[Der]) -> ChainJudgement {
    let status = Status::of(input.trust, staples);
    let chain: Vec<Certificate> = input.chain.iter().map(Certificate::read).collect();
    let roots: Option<Vec<Certificate>> = input
        .trust
        .map(|trust| trust.roots.iter().map(memo::read).collect());
    let pool: Vec<Certificate> = input.at_hand.iter().map(memo::read).collect();
    let scene = Scene {
        input,
        chain: &chain,
        roots: roots.as_deref(),
        pool: &pool,
        status: &status,
    };
    let paths = candidates(&chain, roots.as_deref().unwrap_or_default());
    // The path that rustls would take, if it would take any; else the one that comes closest.
    let mut best: Option<(usize, Vec<Judged<'_>>)> = None;
    for path in &paths {
        let judged = scene.judge(path);
        let failures = judged
            .iter()
            .flat_map(|one| &one.rows)
            .filter(|row| row.outcome == Outcome::Fail)
            .count();
        if best.as_ref().is_none_or(|(fewest, _)| failures < *fewest) {
            best = Some((failures, judged));
        }
        if failures == 0 {
            break;
        }
    }
    let Some((_, judged)) = best else {
        return ChainJudgement::default();
    };
    let extras = scene.judge_extras(&judged);
    let view = scene.view(&judged);
    let matrix = judged
        .into_iter()
        .chain(extras)
        .flat_map(|one| one.rows)
        .collect();
    ChainJudgement { matrix, view }
}

/// The end of a path that breaks off where its issuer was sent but cannot be read.
fn lacking_a_readable_issuer<'b>(path: &'b [Judged<'_>]) -> Option<&'b CertificateFacts> {
    let last = path.last()?;
    let is_unreadable = last
        .rows
        .iter()
        .any(|row| row.check == CheckKind::Issuer && row.cause == Some(CauseId::Malformed));
    last.certificate.facts().filter(|_| is_unreadable)
}

struct Scene<'a> {
    input: &'a ChainInput<'a>,
    chain: &'a [Certificate],
    roots: Option<&'a [Certificate]>,
    pool: &'a [Certificate],
    status: &'a Status,
}

impl<'a> Scene<'a> {
    fn clock(&self) -> i64 {
        self.input
            .trust
            .map_or(self.input.clock_unix_s, |trust| trust.clock_unix_s)
    }

    fn judge(&self, path: &Path) -> Vec<Judged<'a>> {
        let mut places: Vec<(&'a Certificate, Role, Presence)> = path
            .sent
            .iter()
            .filter_map(|index| self.chain.get(*index))
            .enumerate()
            .map(|(depth, certificate)| {
                (
                    certificate,
                    if depth == 0 {
                        Role::Leaf
                    } else {
                        Role::Intermediate
                    },
                    Presence::Sent,
                )
            })
            .collect();
        let root = path
            .root
            .and_then(|index| self.roots.unwrap_or_default().get(index));
        places.extend(root.map(|root| (root, Role::Root, Presence::InStore)));
        let below: Vec<&Certificate> = places.iter().map(|(certificate, ..)| *certificate).collect();
        places
            .iter()
            .enumerate()
            .map(|(depth, (certificate, role, presence))| Judged {
                certificate,
                role: *role,
                presence: *presence,
                rows: self.rows(
                    certificate,
                    *role,
                    below.get(..depth).unwrap_or_default(),
                    places
                        .get(depth + 1)
                        .map(|(issuer, role, _)| (*issuer, *role == Role::Root)),
                ),
            })
            .collect()
    }

    fn rows(
        &self,
        certificate: &Certificate,
        role: Role,
        below: &[&Certificate],
        // And whether it is the anchor.
        issuer: Option<(&Certificate, bool)>,
    ) -> Vec<MatrixRow> {
        let is_leaf = role == Role::Leaf;
        let possession = self
            .input
            .possession
            .filter(|_| is_leaf)
            .map(|(scheme, signed, signature)| {
                certificate.facts().map_or(Signature::Unreadable, |facts| {
                    verify_scheme(scheme, &facts.spki, signed, signature)
                })
            });
        let case = Case {
            certificate,
            role,
            judge: self.input.judge,
            cas_below: below.len().saturating_sub(1),
            below,
            issuer: issuer.map(|(issuer, _)| issuer),
            is_issuer_anchor: issuer.is_some_and(|(_, is_anchor)| is_anchor),
            status: self.status,
            sent: self.chain,
            roots: self.roots,
            pool: self.pool,
            expected_name: self.input.trust.and_then(|trust| trust.expected_name.as_deref()),
            clock_unix_s: self.clock(),
            key_in_use: self.input.key_in_use.filter(|_| is_leaf),
            possession: possession.as_ref(),
        };
        CHECKS
            .iter()
            .map(|check| {
                let finding = (check.judge)(&case);
                MatrixRow {
                    side: self.input.judge,
                    certificate: Some(certificate.reference()),
                    role,
                    check: check.kind,
                    outcome: finding.outcome,
                    cause: finding.cause,
                    detail: finding.detail,
                }
            })
            .collect()
    }

    /// Certificates that were sent and that the path does not need. rustls ignores them: nothing of theirs can fail, but
    /// that it cannot be read fails the one that is, or may be, the issuer that the path lacks.
    fn judge_extras(&self, path: &[Judged<'_>]) -> Vec<Judged<'a>> {
        let lacking = lacking_a_readable_issuer(path);
        self.chain
            .iter()
            .filter(|certificate| !path.iter().any(|one| one.certificate.der == certificate.der))
            .map(|certificate| {
                let sent = true_issuer(certificate, self.chain).map(|issuer| (issuer, false));
                let trusted = || true_issuer(certificate, self.roots?).map(|issuer| (issuer, true));
                let issuer = sent.or_else(trusted);
                let mut rows = self.rows(certificate, Role::Intermediate, &[], issuer);
                let suspicion = lacking.and_then(|facts| suspicion(certificate, facts));
                for row in &mut rows {
                    if suspicion.is_some() && row.check == CheckKind::Encoding {
                        let unsure = if suspicion == Some(Suspicion::MayBe) {
                            "; not even its subject can be told"
                        } else {
                            ""
                        };
                        row.detail = format!(
                            "{}{unsure}. The path needs {}",
                            row.detail,
                            lacking.map_or("it", |facts| facts.issuer_display_name.as_str())
                        );
                    } else if row.outcome == Outcome::Fail {
                        row.outcome = Outcome::Warn;
                        row.detail = format!("{} (the path does not need this certificate)", row.detail);
                    }
                }
                Judged {
                    certificate,
                    role: Role::Intermediate,
                    presence: Presence::Sent,
                    rows,
                }
            })
            .collect()
    }

    fn view(&self, path: &[Judged<'_>]) -> ChainView {
        let now = self.clock();
        let mut links: Vec<ChainLink> = path
            .iter()
            .enumerate()
            .map(|(depth, one)| {
                let is_bad = one.rows.iter().any(|row| row.outcome == Outcome::Fail);
                let left = one.certificate.facts().map_or_else(
                    || "unreadable".to_owned(),
                    |facts| time_left(facts.not_before, facts.not_after, now),
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
            store: self
                .roots
                .map(|roots| roots.iter().map(Certificate::reference).collect()),
        }
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
        let found = true_issuer(last.certificate, self.pool);
        let is_root = found.is_some_and(Certificate::is_self_issued);
        let note = match (found.is_some() && !is_root, self.roots.is_some()) {
            _ if lacking_a_readable_issuer(path).is_some() => "sent, it seems, but unreadable",
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
