//! One chain judged: the best path through it, every check on every certificate, and the picture of it.

use super::certificate::{Certificate, verify_scheme};
use super::check::unread::{Suspicion, suspicion};
use super::check::{CHECKS, Case};
use super::lists::Status;
use super::memo::Signature;
use super::record::{OnRecord, Recorded, Stance};
use super::search::{Choice, ENDED_EARLY, GAVE_UP, Path, Pool, candidates, choose};
use super::{CauseId, ChainView, CheckKind, MatrixRow, Outcome, Presence, Role};
use crate::capture::{Der, Side, Trust};
use crate::pki::CertificateFacts;

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
    /// What other stacks do with it, on record: nobody was asked.
    pub record: Vec<OnRecord>,
}

impl ChainJudgement {
    /// Whether rustls would refuse the chain (or the proof that goes with it).
    pub fn is_refused(&self) -> bool {
        self.matrix.iter().any(|row| row.outcome == Outcome::Fail)
    }
}

/// A certificate in its place, judged.
pub(super) struct Judged<'a> {
    pub certificate: &'a Certificate,
    pub role: Role,
    pub presence: Presence,
    pub rows: Vec<MatrixRow>,
}

/// A certificate and where it stands in a path.
pub(super) type Standing<'a> = (&'a Certificate, Role, Presence);

/// What other stacks do with this chain, on record; nobody is asked.
pub fn on_record(input: &ChainInput<'_>) -> Vec<OnRecord> {
    record_of(input).all().to_vec()
}

/// In a handshake somebody signs with the leaf's key.
fn record_of<'i>(input: &ChainInput<'i>) -> Recorded<'i> {
    let is_in_a_handshake = input.key_in_use.is_some() || input.possession.is_some();
    Recorded::of(input.chain, input.trust, input.judge, is_in_a_handshake)
}

/// Judges a chain.
pub fn judge_chain(input: &ChainInput<'_>) -> ChainJudgement {
    judge_with_staples(input, &[])
}

/// Judges a chain to which OCSP responses were stapled.
pub(super) fn judge_with_staples(input: &ChainInput<'_>, staples: &[Der]) -> ChainJudgement {
    let status = Status::of(input.trust, staples);
    let read = |list: &[Der]| -> Vec<Certificate> { list.iter().map(Certificate::read).collect() };
    let chain = Pool::of(read(input.chain));
    let roots = input.trust.map(|trust| Pool::of(read(&trust.roots)));
    let pool = Pool::without_repeats(input.at_hand.iter().map(Certificate::read));
    let scene = Scene {
        input,
        chain: &chain,
        roots: roots.as_ref(),
        pool: &pool,
        status: &status,
        record: &record_of(input),
    };
    let Some(mut judged) = scene.best() else {
        return ChainJudgement::default();
    };
    tell_who_refuses(&mut judged, scene.record);
    let extras = scene.judge_extras(&judged);
    let view = scene.view(&judged);
    let matrix = judged
        .into_iter()
        .chain(extras)
        .flat_map(|one| one.rows)
        .collect();
    ChainJudgement {
        matrix,
        view,
        record: scene.record.all().to_vec(),
    }
}

/// The end of a path that breaks off where its issuer was sent but cannot be read.
pub(super) fn lacking_a_readable_issuer<'b>(path: &'b [Judged<'_>]) -> Option<&'b CertificateFacts> {
    let last = path.last()?;
    let is_unreadable = last
        .rows
        .iter()
        .filter(|row| row.check == CheckKind::Issuer && row.outcome == Outcome::Fail)
        .any(|row| row.cause == Some(CauseId::Malformed));
    last.certificate.facts().filter(|_| is_unreadable)
}

/// All that is judged, read.
pub(super) struct Scene<'a> {
    pub input: &'a ChainInput<'a>,
    pub chain: &'a Pool,
    pub roots: Option<&'a Pool>,
    pub pool: &'a Pool,
    pub status: &'a Status,
    pub record: &'a Recorded<'a>,
}

impl<'a> Scene<'a> {
    /// The time that it is judged at, in seconds since the epoch.
    pub(super) fn clock(&self) -> i64 {
        self.input
            .trust
            .map_or(self.input.clock_unix_s, |trust| trust.clock_unix_s)
    }

    /// What webpki would make of it.
    pub(super) fn choice(&self) -> Choice {
        choose(
            self.chain,
            self.roots,
            &mut |place, cas_below| self.own_properties_hold(place, cas_below),
            &mut |path| {
                self.judge(path).iter().flat_map(|one| &one.rows).all(|row| {
                    row.outcome != Outcome::Fail
                        || !matches!(row.check, CheckKind::NameConstraints | CheckKind::Revocation)
                })
            },
        )
    }

    /// The path that rustls takes, if it takes any; else the one that comes closest.
    fn best(&self) -> Option<Vec<Judged<'a>>> {
        let choice = self.choice();
        if let Choice::Taken(path) = &choice {
            return Some(self.judge(path));
        }
        let mut best: Option<(usize, Vec<Judged<'_>>)> = None;
        for path in &candidates(self.chain, self.roots) {
            let mut judged = self.judge(path);
            let mut failures = failures_in(&judged).count();
            // It would hold, and rustls never came to it.
            if self.roots.is_some() && !failures_in(&judged).any(|row| row.check.is_of_the_path()) {
                give_up(&mut judged);
                failures += 1;
            }
            if best.as_ref().is_none_or(|(fewest, _)| failures < *fewest) {
                best = Some((failures, judged));
            }
        }
        let (_, mut judged) = best?;
        let is_told = failures_in(&judged).any(|row| row.detail == GAVE_UP);
        if choice == Choice::GaveUp && !is_told {
            let leaf = judged.first_mut()?;
            let row = leaf.rows.iter_mut().find(|row| row.check == CheckKind::Issuer)?;
            row.detail = format!("{}; {ENDED_EARLY}", row.detail);
        }
        Some(judged)
    }

    /// What webpki looks at before it looks for an issuer: dates, basicConstraints and pathLenConstraint, purposes.
    fn own_properties_hold(&self, place: usize, cas_below: usize) -> bool {
        let Some(certificate) = self.chain.get(place) else {
            return false;
        };
        let role = if place == 0 {
            Role::Leaf
        } else {
            Role::Intermediate
        };
        let case = self.case(certificate, role, cas_below, &[], None, None);
        CHECKS
            .iter()
            .filter(|check| check.kind.is_of_one_certificate())
            .all(|check| (check.judge)(&case).outcome != Outcome::Fail)
    }

    fn judge(&self, path: &Path) -> Vec<Judged<'a>> {
        let mut places: Vec<Standing<'a>> = path
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
        let root = path.root.and_then(|index| self.roots?.get(index));
        places.extend(root.map(|root| (root, Role::Root, Presence::InStore)));
        self.judge_standing(&places)
    }

    /// Certificates one above the other, judged.
    pub(super) fn judge_standing(&self, places: &[Standing<'a>]) -> Vec<Judged<'a>> {
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
        let cas_below = below.len().saturating_sub(1);
        let case = self.case(certificate, role, cas_below, below, issuer, possession.as_ref());
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
                    is_refused_elsewhere: finding.is_refused_elsewhere,
                    rules: finding.rules,
                    variety: finding.variety,
                    demand: finding.demand,
                    detail: finding.detail,
                }
            })
            .collect()
    }

    fn case<'c>(
        &'c self,
        certificate: &'c Certificate,
        role: Role,
        cas_below: usize,
        below: &'c [&'c Certificate],
        issuer: Option<(&'c Certificate, bool)>,
        possession: Option<&'c Signature>,
    ) -> Case<'c> {
        Case {
            certificate,
            role,
            judge: self.input.judge,
            cas_below,
            below,
            issuer: issuer.map(|(issuer, _)| issuer),
            is_issuer_anchor: issuer.is_some_and(|(_, is_anchor)| is_anchor),
            status: self.status,
            record: self.record,
            sent: self.chain,
            roots: self.roots,
            pool: self.pool,
            expected_name: self.input.trust.and_then(|trust| trust.expected_name.as_deref()),
            clock_unix_s: self.clock(),
            key_in_use: self.input.key_in_use.filter(|_| role == Role::Leaf),
            possession,
        }
    }

    /// Certificates that were sent and that the path does not need. rustls ignores them: nothing of theirs can fail, but
    /// that it cannot be read fails the one that is, or may be, the issuer that the path lacks.
    fn judge_extras(&self, path: &[Judged<'_>]) -> Vec<Judged<'a>> {
        let lacking = lacking_a_readable_issuer(path);
        self.chain
            .all()
            .iter()
            .filter(|certificate| {
                !path
                    .iter()
                    .any(|one| one.certificate.digest == certificate.digest)
            })
            .map(|certificate| {
                let sent = self.chain.true_issuer(certificate).map(|issuer| (issuer, false));
                let trusted = || self.roots?.true_issuer(certificate).map(|issuer| (issuer, true));
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
                    } else if suspicion.is_some() && row.outcome == Outcome::Warn {
                        // Whether the path needs it is just what its bytes do not let us see.
                        row.outcome = Outcome::Unknown;
                        row.cause = None;
                        row.is_refused_elsewhere = false;
                        row.rules.clear();
                        row.demand = None;
                        "the certificate is unreadable".clone_into(&mut row.detail);
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
}

/// Says on the leaf which stack refuses the chain, on record, where rustls accepts it and no warning names that stack.
fn tell_who_refuses(judged: &mut [Judged<'_>], record: &Recorded<'_>) {
    if failures_in(judged).next().is_some() {
        return;
    }
    for one in record.all() {
        let Stance::Refuses(words) = &one.stance else {
            continue;
        };
        // A word on its strict mode is none on it.
        let strict = format!("{} with ", one.name);
        let is_named = judged
            .iter()
            .flat_map(|one| &one.rows)
            .any(|row| row.is_refused_elsewhere && row.detail.replace(&strict, "").contains(&one.name));
        let row = judged
            .first_mut()
            .and_then(|leaf| leaf.rows.iter_mut().find(|row| row.check == CheckKind::Issuer));
        if let Some(row) = row.filter(|_| !is_named) {
            row.outcome = Outcome::Warn;
            row.is_refused_elsewhere = true;
            row.detail = format!(
                "on record, {} refuses this chain ({words}), which rustls accepts; {}",
                one.name, row.detail
            );
        }
    }
}

/// Everything that fails.
pub(super) fn failures_in<'j>(judged: &'j [Judged<'_>]) -> impl Iterator<Item = &'j MatrixRow> {
    judged
        .iter()
        .flat_map(|one| &one.rows)
        .filter(|row| row.outcome == Outcome::Fail)
}

/// Says on the leaf that rustls's budget ended before it came to this path.
fn give_up(judged: &mut [Judged<'_>]) {
    let row = judged
        .first_mut()
        .and_then(|leaf| leaf.rows.iter_mut().find(|row| row.check == CheckKind::Issuer));
    if let Some(row) = row {
        row.outcome = Outcome::Fail;
        row.cause = Some(CauseId::BudgetExceeded);
        GAVE_UP.clone_into(&mut row.detail);
    }
}
