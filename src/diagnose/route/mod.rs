//! Path building shown: every candidate path through the certificates at hand, which one rustls took, why each of the others
//! was dropped and where, and the near misses (RFC 4158; RFC 5280 §6.1).
//!
//! Nothing here decides: the verdict is the matrix's, and each reason comes from the same checks. It is worked out when
//! somebody looks, not for every judgement.

mod build;
mod material;
mod miss;
mod names;
mod near;
mod outcome;
mod report;
mod twins;

pub use report::{
    CandidatePath, Difference, DropReason, Dropped, NearMiss, NearMissKind, PathOutcome, PathReport,
    PathStep, PathsInput, StepFrom, Whereabouts,
};

use super::chain::{ChainInput, Scene};
use super::lists::Status;
use super::record::Recorded;
use super::search::Pool;
use crate::capture::{Capture, Side};
use crate::decode::Transcript;
use material::Material;

/// Every candidate path, and the near misses. A pure function of its input, and bounded whatever that is.
pub fn paths(input: &PathsInput<'_>) -> PathReport {
    if input.chain.is_empty() {
        return PathReport::default();
    }
    let material = Material::read(input);
    let chain_input = ChainInput {
        chain: input.chain,
        trust: input.trust,
        judge: input.judge,
        at_hand: &[],
        clock_unix_s: input.clock_unix_s,
        key_in_use: None,
        possession: None,
    };
    let status = Status::of(input.trust, &[]);
    let nothing = Pool::of(Vec::new());
    let scene = Scene {
        input: &chain_input,
        chain: &material.sent,
        roots: input.trust.map(|_| &material.store),
        pool: &nothing,
        status: &status,
        record: &Recorded::of(input.chain, input.trust, input.judge, false),
    };
    let built = build::build(&material, input.trust.is_some());
    let (paths, untold) = outcome::outcomes(&material, &scene, &built);
    let mut near_misses = near::near_misses(&material, scene.clock());
    // The root of a path that would hold is no stranger with a similar name.
    near_misses.retain(|miss| {
        let is_on_a_way = || {
            paths
                .iter()
                .flat_map(|path| &path.steps)
                .any(|step| step.certificate.as_ref() == Some(&miss.candidate))
        };
        miss.kind != NearMissKind::SimilarName || !is_on_a_way()
    });
    PathReport {
        judge: Some(input.judge),
        more: built.more + untold,
        is_cut_short: built.is_cut_short,
        paths,
        near_misses,
    }
}

/// As [`paths`], for the chain that `sender` presented in a capture.
pub fn paths_of(capture: &Capture, transcript: &Transcript, sender: Side) -> PathReport {
    let judge = sender.peer();
    if !super::causes::does_judge(capture, judge) {
        return PathReport::default();
    }
    paths(&PathsInput {
        chain: &super::judge::presented(capture, transcript, sender),
        trust: capture.sides.of(judge).trust.as_ref(),
        judge,
        at_hand: &capture.at_hand,
        clock_unix_s: crate::diagnose::recorded_at_s(capture),
    })
}
