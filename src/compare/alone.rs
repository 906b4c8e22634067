//! The bench without keys: rustls's own verdict of each chain, with some of A's inputs in B's place.

use super::difference::Effect;
use super::inputs::{Input, presented};
use crate::analysis::Analysis;
use crate::capture::{Der, PerSide, Side, StackVerdict, Trust, VerdictCode};
use crate::diagnose::Verdict;
use crate::source::oracle::judge;

/// Longer chains are not judged here; rustls looks at far fewer.
const MOST_LINKS: usize = 32;

/// What one side judges, and by what.
#[derive(Clone)]
pub(super) struct Judgement {
    pub chain: Vec<Der>,
    pub trust: Trust,
}

impl Judgement {
    fn of(analysis: &Analysis, judge: Side) -> Option<Self> {
        let chain = presented(analysis, judge.peer())?;
        let trust = analysis.capture.sides.of(judge).trust.clone()?;
        (!chain.is_empty() && chain.len() <= MOST_LINKS).then_some(Self { chain, trust })
    }

    /// rustls's verdict.
    pub fn verdict(&self, by: Side) -> Result<(), StackVerdict> {
        judge(&self.chain, &self.trust, by)
    }
}

/// Both judges of both handshakes.
pub(super) struct Chains<'a> {
    a: &'a Analysis,
    pub of_b: PerSide<Option<Judgement>>,
    is_a_accepted: bool,
}

impl<'a> Chains<'a> {
    pub fn new(a: &'a Analysis, b: &'a Analysis) -> Self {
        let both = |analysis: &Analysis| PerSide {
            client: Judgement::of(analysis, Side::Client),
            server: Judgement::of(analysis, Side::Server),
        };
        Self {
            a,
            of_b: both(b),
            is_a_accepted: a.diagnosis.verdict == Verdict::Accepted,
        }
    }

    /// What A's judge says of A's chain; what is not known of one that was accepted counts as accepted.
    #[allow(
        clippy::option_option,
        reason = "known to be accepted is not the same as not known"
    )]
    pub fn code_of_a(&self, by: Side) -> Option<Option<VerdictCode>> {
        match Judgement::of(self.a, by) {
            Some(judgement) => Some(code(&judgement.verdict(by))),
            None => self.is_a_accepted.then_some(None),
        }
    }

    /// `None` where the input is no matter of a chain, or where something that is needed is not known.
    pub fn with(&self, input: Input) -> Option<Effect> {
        let by = match input {
            Input::Presents(side) => side.peer(),
            Input::Trusts(side) | Input::Revocation(side) | Input::Clock(side) => side,
            Input::ServerName => Side::Client,
            Input::ExpectedPeer => Side::Server,
            _ => return None,
        };
        let was = self.of_b.of(by).as_ref()?;
        let trust = || self.a.capture.sides.of(by).trust.as_ref();
        let mut changed = was.clone();
        match input {
            Input::Presents(side) => changed.chain = presented(self.a, side)?,
            Input::Trusts(_) => changed.trust.roots.clone_from(&trust()?.roots),
            Input::Revocation(_) => changed.trust.revocation = trust()?.revocation.clone(),
            Input::Clock(_) => changed.trust.clock_unix_s = trust()?.clock_unix_s,
            _ => changed.trust.expected_name.clone_from(&trust()?.expected_name),
        }
        if changed.chain.is_empty() || changed.chain.len() > MOST_LINKS {
            return None;
        }
        let now = changed.verdict(by);
        let (code_now, code_b) = (code(&now), code(&was.verdict(by)));
        let code_a = self.code_of_a(by);
        Some(Effect {
            is_as_a: code_a == Some(code_now) && code_a != Some(code_b),
            is_as_b: code_now == code_b,
            words: words(by, &now),
        })
    }
}

pub(super) fn code(verdict: &Result<(), StackVerdict>) -> Option<VerdictCode> {
    verdict.as_ref().err().map(|refusal| refusal.code)
}

/// `the server accepts the client's chain`.
pub(super) fn words(by: Side, verdict: &Result<(), StackVerdict>) -> String {
    let (judge, peer) = (by.word(), by.peer().word());
    match verdict {
        Ok(()) => format!("the {judge} accepts the {peer}'s chain"),
        Err(refusal) => format!(
            "the {judge} refuses the {peer}'s chain: {}",
            crate::diagnose::spelled_out(&refusal.words)
        ),
    }
}
