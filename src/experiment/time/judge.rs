//! A pair judged at one second: rustls's verdict, and the cause for it.

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{CertificateRefusal, ClientAuth, Der, PerSide, Revocation, Side, Trust, VerdictCode};
use crate::diagnose::{CauseId, CertificateRef, ChainInput, Outcome, Verdict, judge_chain};
use crate::experiment::hand;
use crate::setup::LabSetup;
use crate::source::lab::run_blocking;
use crate::source::oracle;

/// Both ends live in this process: once neither moves, neither ever will.
const TRIAL_TIMEOUT_MS: u64 = 25;

/// One thing that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Who judges; `None` where it concerns both.
    pub judge: Option<Side>,
    /// The cause; `None` where only the stack knows.
    pub cause: Option<CauseId>,
    /// The certificate judged.
    pub certificate: Option<CertificateRef>,
    /// What to call that certificate, or what it is about.
    pub name: String,
    /// rustls says so itself. It names one fault for each side; the others are found beside it.
    pub reported: bool,
}

impl Failure {
    /// `the server refuses orders: expired`.
    pub fn words(&self) -> String {
        let cause = self.cause.map_or_else(|| "refused".to_owned(), CauseId::words);
        match (self.judge, self.name.is_empty()) {
            (Some(judge), false) => format!("the {} refuses {}: {cause}", judge.word(), self.name),
            (Some(judge), true) => format!("the {} objects: {cause}", judge.word()),
            (None, _) => format!("it fails at any time: {cause}"),
        }
    }
}

/// Everything that judging needs, gathered once.
pub(super) struct Judges<'a> {
    setup: &'a LabSetup,
    chains: PerSide<Vec<Der>>,
    at_hand: Vec<Der>,
    /// What each side judges by; `None` where it judges nobody.
    pub trusts: PerSide<Option<Trust>>,
}

impl<'a> Judges<'a> {
    pub(super) fn of(setup: &'a LabSetup, cancel: &Cancel) -> Self {
        let chain = |side: Side| ders(setup.chain(side));
        // A run writes down all that a side judges by, revocation included.
        let revocations = capture(setup, cancel).map(|capture| {
            let revocation = |side: Side| {
                let trust = capture.sides.of(side).trust.clone();
                trust.map_or_else(Revocation::default, |trust| trust.revocation)
            };
            PerSide {
                client: revocation(Side::Client),
                server: revocation(Side::Server),
            }
        });
        let trust = |side: Side| {
            let revocation = revocations.as_ref().map(|both| both.of(side).clone());
            setup.trust_of(side, 0).map(|trust| Trust {
                revocation: revocation.unwrap_or_default(),
                ..trust
            })
        };
        Self {
            setup,
            chains: PerSide {
                client: chain(Side::Client),
                server: chain(Side::Server),
            },
            at_hand: hand::all(setup).map(|one| one.der.clone()).collect(),
            trusts: PerSide {
                client: trust(Side::Client),
                server: trust(Side::Server),
            },
        }
    }

    /// What fails at a second; empty where both judges let the chains pass.
    pub(super) fn judge(&self, unix_s: i64) -> Vec<Failure> {
        Side::BOTH
            .into_iter()
            .flat_map(|judge| self.judge_as(judge, unix_s))
            .collect()
    }

    fn judge_as(&self, judge: Side, unix_s: i64) -> Vec<Failure> {
        let Some(trust) = self.trusts.of(judge) else {
            return Vec::new();
        };
        let chain = self.chains.of(judge.peer());
        if chain.is_empty() {
            return self.nothing_presented(judge);
        }
        let trust = Trust {
            clock_unix_s: unix_s,
            ..trust.clone()
        };
        let Err(refusal) = oracle::judge(chain, &trust, judge) else {
            return Vec::new();
        };
        let judgement = judge_chain(&ChainInput {
            chain,
            trust: Some(&trust),
            judge,
            at_hand: &self.at_hand,
            clock_unix_s: unix_s,
            key_in_use: None,
            possession: None,
        });
        let mut failures: Vec<Failure> = Vec::new();
        for row in judgement.matrix.iter().filter(|row| row.outcome == Outcome::Fail) {
            let name = judgement
                .view
                .links
                .iter()
                .find(|link| link.certificate.is_some() && link.certificate == row.certificate)
                .map_or_else(String::new, |link| link.name.clone());
            let failure = Failure {
                judge: Some(judge),
                cause: row.cause,
                certificate: row.certificate.clone(),
                name,
                reported: row.cause.is_some_and(|cause| names(refusal.code, cause)),
            };
            if !failures.contains(&failure) {
                failures.push(failure);
            }
        }
        // rustls names one: it comes first. What it names and no check found is told in its place.
        failures.sort_by_key(|failure| !failure.reported);
        if failures.is_empty() {
            failures.push(Failure {
                judge: Some(judge),
                cause: None,
                certificate: None,
                name: String::new(),
                reported: true,
            });
        }
        failures
    }

    fn nothing_presented(&self, judge: Side) -> Vec<Failure> {
        let cause = match judge {
            Side::Client => CauseId::ServerCertificateMissing,
            Side::Server if self.setup.client_auth == ClientAuth::Required => {
                CauseId::ClientCertificateMissing
            }
            Side::Server => return Vec::new(),
        };
        vec![Failure {
            judge: Some(judge),
            cause: Some(cause),
            certificate: None,
            name: String::new(),
            reported: true,
        }]
    }
}

/// Whether a refusal is this very cause. Where several causes share one refusal, none is held to be reported here: the order
/// of the checks then decides.
fn names(code: VerdictCode, cause: CauseId) -> bool {
    use CertificateRefusal as R;
    let VerdictCode::Certificate(refusal) = code else {
        return false;
    };
    match refusal {
        R::Expired => cause == CauseId::Expired,
        R::NotYetValid => cause == CauseId::NotYetValid,
        R::WrongPurpose => cause == CauseId::WrongPurpose,
        R::NameMismatch => matches!(
            cause,
            CauseId::NameMismatch
                | CauseId::NoSan
                | CauseId::IpInDnsName
                | CauseId::WildcardMisuse
                | CauseId::SpiffeIdMismatch
        ),
        R::UnknownIssuer => matches!(
            cause,
            CauseId::UnknownIssuer
                | CauseId::MissingIntermediate
                | CauseId::NameEncodingDiffers
                | CauseId::SelfSignedNotTrusted
                | CauseId::NoTrustAnchors
        ),
        R::BadSignature => matches!(
            cause,
            CauseId::BadSignature | CauseId::SameNameDifferentKey | CauseId::WeakKey
        ),
        _ => false,
    }
}

/// What a real run at a second finds, beside the chains; `None` where it was cancelled.
pub(super) fn run_at(setup: &LabSetup, unix_s: i64, cancel: &Cancel) -> Option<Vec<Failure>> {
    let mut moved = setup.clone();
    for side in Side::BOTH {
        moved.parties.of_mut(side).policy.clock_unix_s = Some(unix_s);
    }
    let Some(capture) = capture(&moved, cancel) else {
        let unknown = Failure {
            judge: None,
            cause: None,
            certificate: None,
            name: String::new(),
            reported: true,
        };
        return (!cancel.is_cancelled()).then(|| vec![unknown]);
    };
    if hand::is_accepted(&capture) {
        return Some(Vec::new());
    }
    let analysis = Analysis::of(Arc::new(capture));
    let cause = analysis.diagnosis.causes.first();
    debug_assert_ne!(analysis.diagnosis.verdict, Verdict::Accepted);
    Some(vec![Failure {
        judge: None,
        cause: cause.map(|cause| cause.id),
        certificate: cause.and_then(|cause| cause.certificate.clone()),
        name: String::new(),
        reported: true,
    }])
}

fn capture(setup: &LabSetup, cancel: &Cancel) -> Option<crate::capture::Capture> {
    let mut setup = setup.clone();
    setup.timeout_ms = setup.timeout_ms.min(TRIAL_TIMEOUT_MS);
    run_blocking(&setup, cancel).ok()
}

fn ders(certificates: &[crate::pki::LoadedCertificate]) -> Vec<Der> {
    certificates.iter().map(|one| one.der.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which causes are those that rustls names, in whole.
    #[test]
    fn what_rustls_names_is_told_first() {
        use CauseId as C;
        use CertificateRefusal as R;
        for (refusal, wanted) in [
            (R::Expired, &[C::Expired][..]),
            (R::NotYetValid, &[C::NotYetValid]),
            (R::WrongPurpose, &[C::WrongPurpose]),
            (
                R::NameMismatch,
                &[
                    C::NameMismatch,
                    C::NoSan,
                    C::IpInDnsName,
                    C::WildcardMisuse,
                    C::SpiffeIdMismatch,
                ],
            ),
            (
                R::UnknownIssuer,
                &[
                    C::UnknownIssuer,
                    C::MissingIntermediate,
                    C::SelfSignedNotTrusted,
                    C::NoTrustAnchors,
                    C::NameEncodingDiffers,
                ],
            ),
            (
                R::BadSignature,
                &[C::BadSignature, C::SameNameDifferentKey, C::WeakKey],
            ),
            (R::Revoked, &[]),
        ] {
            let mut found: Vec<C> = CauseId::ALL
                .iter()
                .copied()
                .filter(|cause| names(VerdictCode::Certificate(refusal), *cause))
                .collect();
            let mut wanted = wanted.to_vec();
            for list in [&mut found, &mut wanted] {
                list.sort_by_key(|cause| cause.word());
            }
            assert_eq!(found, wanted, "{refusal:?}");
        }
        assert!(!names(VerdictCode::TimedOut, CauseId::Expired));
    }
}
