//! What is equal in both and should not be: another value of it makes B as A.

use super::alone::{self, Judgement};
use super::both::{Both, Subject};
use super::difference::{Difference, Rank};
use super::inputs::{Compared, Input};
use super::put_back;
use super::rank::Bench;
use crate::cancel::Cancel;
use crate::capture::{Der, Side};
use crate::diagnose::Verdict;
use crate::experiment::repair::{Budget, Edit, Spoken, search};
use crate::pki::CertificateFacts;

/// How many edits are run.
const MOST_RUNS: usize = 96;
/// How many certificates at hand are tried as one more anchor.
const MOST_ANCHORS: usize = 64;

/// Adds them, where A was accepted and B was not.
pub(super) fn add(
    differences: &mut Vec<Difference>,
    inputs: &[Compared],
    both: &Both<Subject<'_>>,
    bench: &mut Bench<'_>,
    cancel: &Cancel,
) {
    let verdict = |subject: &Subject<'_>| subject.analysis.diagnosis.verdict;
    if verdict(&both.a) != Verdict::Accepted || verdict(&both.b) == Verdict::Accepted {
        return;
    }
    let found: Vec<(Input, String)> = match bench {
        Bench::Runs(runs) => {
            let budget = Budget {
                runs: MOST_RUNS,
                ..Budget::PATIENT
            };
            let causes = &both.b.analysis.diagnosis.causes;
            let found = search(runs.setup, causes, cancel, &budget, &mut |_| {}).unwrap_or_default();
            let single = found.fixes.iter().filter(|fix| fix.size() == 1);
            single
                .filter_map(|fix| {
                    let input = input_of(fix.edits.first()?)?;
                    Some((input, format!("{} Then B is accepted.", fix.summary())))
                })
                .collect()
        }
        Bench::Chains(chains) => Side::BOTH
            .into_iter()
            .filter_map(|judge| {
                let was = chains.of_b.of(judge).as_ref()?;
                let is_refused = was.verdict(judge).is_err() && chains.code_of_a(judge) == Some(None);
                let words = is_refused.then(|| with_an_anchor(was, judge, both)).flatten()?;
                Some((Input::Trusts(judge), words))
            })
            .collect(),
    };
    for (input, words) in found {
        let Some(compared) = inputs.iter().find(|compared| compared.input == input) else {
            continue;
        };
        let is_told = differences
            .iter()
            .any(|one| one.rank == Rank::ShouldHaveChanged && one.input == Some(input));
        if compared.differs() || is_told {
            continue;
        }
        differences.push(Difference {
            rank: Rank::ShouldHaveChanged,
            input: Some(input),
            name: input.name(),
            values: compared.words(),
            proof: Some(words),
        });
    }
}

/// Which input an edit changes; `None` where it changes two, or mends nothing that either side should have changed.
fn input_of(edit: &Edit) -> Option<Input> {
    Some(match edit {
        Edit::AddToChain { side, .. }
        | Edit::ReplaceInChain { side, .. }
        | Edit::DropFromChain { side, .. }
        | Edit::ReorderChain { side, .. }
        | Edit::UseCertificate { side, .. }
        | Edit::UseKey { side, .. } => Input::Presents(*side),
        // An issuer that is trusted by itself lets the chain pass, and is nobody's root.
        Edit::TrustAlso { side, certificate } => {
            let facts = CertificateFacts::from_der(certificate.der.as_bytes()).ok()?;
            return facts.is_self_issued().then_some(Input::Trusts(*side));
        }
        Edit::TrustInstead { side, .. } => Input::Trusts(*side),
        Edit::AskFor(_) => Input::ServerName,
        Edit::Speak { side, also } => match also {
            Spoken::Versions(_) => Input::Versions(*side),
            Spoken::CipherSuites(_) => Input::CipherSuites(*side),
            Spoken::Groups(_) => Input::Groups(*side),
            Spoken::Protocols(_) => Input::Protocols(*side),
        },
        Edit::MendWire => Input::Wire,
        Edit::Swap(_) | Edit::SwapSlots(_) | Edit::MoveClock(_) => return None,
    })
}

/// One root at hand with which, trusted as well, rustls accepts the chain.
fn with_an_anchor(was: &Judgement, judge: Side, both: &Both<Subject<'_>>) -> Option<String> {
    if was.trust.roots.len() > put_back::MOST_ANCHORS {
        return None;
    }
    let mut tried: Vec<&Der> = Vec::new();
    for subject in [&both.b, &both.a] {
        for item in &subject.analysis.capture.at_hand {
            if tried.len() >= MOST_ANCHORS {
                return None;
            }
            if tried.contains(&&item.der) || was.trust.roots.contains(&item.der) {
                continue;
            }
            tried.push(&item.der);
            let Ok(facts) = CertificateFacts::from_der(item.der.as_bytes()) else {
                continue;
            };
            if facts.is_ca != Some(true) || !facts.is_self_issued() {
                continue;
            }
            let mut changed = was.clone();
            changed.trust.roots.push(item.der.clone());
            let verdict = changed.verdict(judge);
            if verdict.is_ok() {
                return Some(format!(
                    "With {} trusted as well, {}: rustls, of the chain alone.",
                    facts.display_name,
                    alone::words(judge, &verdict)
                ));
            }
        }
    }
    None
}
