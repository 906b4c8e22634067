//! Each changed input, put back alone: what comes of it says whether the change matters.

use super::alone::Chains;
use super::always::always;
use super::both::{Both, Subject};
use super::chain_facts::{self, Fact};
use super::difference::{Difference, Effect, Rank, Ranked};
use super::fields::refused_for;
use super::inputs::{Compared, Input, presented};
use super::run::Runs;

/// Where inputs are put back.
pub(super) enum Bench<'a> {
    Runs(Box<Runs<'a>>),
    Chains(Box<Chains<'a>>),
}

impl Bench<'_> {
    fn with(&mut self, input: Input) -> Option<Effect> {
        match self {
            Self::Runs(runs) => runs.with(&[input]),
            Self::Chains(chains) => chains.with(input),
        }
    }

    /// A sentence on what came of it.
    fn sentence(&self, before: &str, effect: &Effect) -> String {
        match self {
            Self::Runs(_) => format!("{before}, {}.", effect.words),
            // What rustls says of the chain, and not of a handshake.
            Self::Chains(_) => format!("{before}, {}: rustls, of the chain alone.", effect.words),
        }
    }
}

/// Ranks every input.
pub(super) fn ranked(inputs: &[Compared], both: &Both<Subject<'_>>, bench: &mut Bench<'_>) -> Ranked {
    let mut found = Ranked::default();
    let mut judged: Vec<(&Compared, Rank, Option<String>)> = Vec::new();
    for compared in inputs.iter().filter(|compared| compared.differs()) {
        let (rank, proof) = put_back_alone(compared, bench);
        judged.push((compared, rank, proof));
    }
    only_together(&mut judged, bench);
    for compared in inputs {
        match judged.iter().find(|(of, _, _)| of.input == compared.input) {
            None => add_equal(compared, &mut found),
            Some((_, Rank::NoDifference | Rank::NotTried, _)) if compared.is_own_time => {
                found
                    .differences
                    .push(always(compared.input.name(), compared.words()));
            }
            Some((_, rank, proof)) => add_changed(compared, *rank, proof.as_ref(), both, &mut found),
        }
    }
    found
}

fn put_back_alone(compared: &Compared, bench: &mut Bench<'_>) -> (Rank, Option<String>) {
    let Some(effect) = bench.with(compared.input) else {
        let why = match (compared.input, &bench) {
            (Input::Stack(_), _) => "mtlscope runs one stack, its own.",
            (_, Bench::Runs(_)) => {
                "A's is not at hand in a form that can be run: a recording holds no private key."
            }
            (_, Bench::Chains(_)) => "Only a run could tell, and there is no private key of B.",
        };
        return (Rank::NotTried, Some(why.to_owned()));
    };
    let (rank, before) = match (effect.is_as_a, effect.is_as_b) {
        (_, true) => (Rank::NoDifference, "With A's as well"),
        (true, false) => (Rank::Matters, "With A's"),
        (false, false) => (Rank::GoesWithAnother, "With A's alone"),
    };
    (rank, Some(bench.sentence(before, &effect)))
}

/// Where no change matters alone, the smallest set of those that do together: all are put back, and each that is not needed
/// is let go.
fn only_together(judged: &mut [(&Compared, Rank, Option<String>)], bench: &mut Bench<'_>) {
    let Bench::Runs(runs) = bench else { return };
    if judged.iter().any(|(_, rank, _)| *rank == Rank::Matters) {
        return;
    }
    let tried = judged.iter().filter(|(_, rank, _)| *rank != Rank::NotTried);
    let mut needed: Vec<Input> = tried.map(|(compared, _, _)| compared.input).collect();
    if needed.len() < 2 || !runs.with(&needed).is_some_and(|effect| effect.is_as_a) {
        return;
    }
    for input in needed.clone() {
        let fewer: Vec<Input> = needed.iter().copied().filter(|one| *one != input).collect();
        if !fewer.is_empty() && runs.with(&fewer).is_some_and(|effect| effect.is_as_a) {
            needed = fewer;
        }
    }
    let names: Vec<String> = needed.iter().map(|input| input.name()).collect();
    let words = format!(
        "Only together: with A's of each of these, B is as A: {}.",
        names.join("; ")
    );
    for (compared, rank, proof) in judged.iter_mut() {
        if needed.contains(&compared.input) {
            (*rank, *proof) = (Rank::Matters, Some(words.clone()));
        }
    }
}

fn chain_facts_of(input: Input, both: &Both<Subject<'_>>) -> Vec<Fact> {
    let Input::Presents(side) = input else {
        return Vec::new();
    };
    let chain = |subject: &Subject<'_>| presented(subject.analysis, side).unwrap_or_default();
    let key = |subject: &Subject<'_>| subject.analysis.capture.sides.of(side).key_in_use.clone();
    chain_facts::facts(
        side,
        &Both {
            a: chain(&both.a),
            b: chain(&both.b),
        },
        &Both {
            a: key(&both.a),
            b: key(&both.b),
        },
    )
}

fn add_equal(compared: &Compared, found: &mut Ranked) {
    // Where neither has any, there is nothing to be told.
    if !compared.values.a.words.is_empty() {
        found.equal.push(compared.input.name());
    }
}

fn add_changed(
    compared: &Compared,
    rank: Rank,
    proof: Option<&String>,
    both: &Both<Subject<'_>>,
    found: &mut Ranked,
) {
    let one = |name: String, values: Both<Vec<String>>, rank: Rank, proof: Option<String>| Difference {
        rank,
        input: Some(compared.input),
        name,
        values,
        proof,
    };
    let (same, changed): (Vec<Fact>, Vec<Fact>) = chain_facts_of(compared.input, both)
        .into_iter()
        .partition(|fact| fact.values.a == fact.values.b);
    let said = same.into_iter().filter(|fact| !fact.values.a.is_empty());
    found.equal.extend(said.map(|fact| fact.name));
    if changed.is_empty() {
        let name = compared.input.name();
        found
            .differences
            .push(one(name, compared.words(), rank, proof.cloned()));
        return;
    }
    // Of a certificate that matters, what it was refused for; the rest came with it.
    let mut about = Vec::new();
    if let (Rank::Matters, Input::Presents(side)) = (rank, compared.input) {
        for subject in [&both.a, &both.b] {
            about.extend(refused_for(subject.analysis, side.peer()));
        }
    }
    let is_about = |fact: &Fact| about.contains(&fact.field);
    let tells = changed.iter().any(is_about);
    for fact in changed {
        let (rank, proof) = if !tells || is_about(&fact) {
            (rank, proof.cloned())
        } else {
            let words = "It came with the certificate, and is not what that was refused for.";
            (Rank::NoDifference, Some(words.to_owned()))
        };
        found.differences.push(one(fact.name, fact.values, rank, proof));
    }
}
