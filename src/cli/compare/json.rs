//! The published contract of a comparison: `mtlscope.comparison/1`.

use serde::Serialize;

use super::input::Given;
use crate::analysis::Analysis;
use crate::compare::{Both, Comparison, Difference, Outcome};
use crate::story::ChapterState;

#[derive(Debug, Serialize)]
pub(super) struct ComparisonJson<'a> {
    schema: &'static str,
    a: SubjectJson<'a>,
    b: SubjectJson<'a>,
    same_outcome: bool,
    same_recording: bool,
    /// Nothing differs but what differs between any two runs.
    identical: bool,
    /// `run`: each change was put back alone and run; `chains`: rustls judged the chains alone.
    judged_by: &'static str,
    first_difference: Option<FirstJson>,
    chapters: Vec<ChapterJson>,
    rows: Vec<RowJson<'a>>,
    differences: Vec<DifferenceJson<'a>>,
    equal: &'a [String],
}

#[derive(Debug, Serialize)]
struct SubjectJson<'a> {
    name: &'a str,
    verdict: &'static str,
    cause: Option<&'static str>,
    side: Option<&'static str>,
    words: String,
}

#[derive(Debug, Serialize)]
struct FirstJson {
    row: usize,
    chapter: u8,
    words: String,
}

#[derive(Debug, Serialize)]
struct ChapterJson {
    number: u8,
    title: &'static str,
    a: &'static str,
    b: &'static str,
    equal: bool,
}

#[derive(Debug, Serialize)]
struct RowJson<'a> {
    chapter: u8,
    relation: &'static str,
    a: Option<StepJson<'a>>,
    b: Option<StepJson<'a>>,
}

/// A step of one of the two; `step` counts as in `mtlscope.analysis/1`.
#[derive(Debug, Serialize)]
struct StepJson<'a> {
    step: usize,
    side: &'static str,
    title: &'a str,
    caption: &'a str,
}

#[derive(Debug, Serialize)]
struct DifferenceJson<'a> {
    rank: &'static str,
    name: &'a str,
    a: &'a [String],
    b: &'a [String],
    proof: Option<&'a str>,
}

pub(super) fn comparison<'a>(found: &'a Comparison, given: &'a Both<Given>) -> ComparisonJson<'a> {
    let (a, b) = (&given.a.analysis, &given.b.analysis);
    ComparisonJson {
        schema: "mtlscope.comparison/1",
        a: subject(&given.a, &found.outcomes.a),
        b: subject(&given.b, &found.outcomes.b),
        same_outcome: found.is_same_outcome,
        same_recording: found.is_same_recording,
        identical: found.is_identical(),
        judged_by: found.judged.word(),
        first_difference: found.first_difference.and_then(|at| {
            let row = found.rows.get(at)?;
            Some(FirstJson {
                row: at,
                chapter: row.chapter,
                words: row.words(a, b),
            })
        }),
        chapters: found
            .chapters
            .iter()
            .map(|pair| ChapterJson {
                number: pair.number,
                title: pair.title,
                a: state(pair.states.a),
                b: state(pair.states.b),
                equal: pair.is_equal,
            })
            .collect(),
        rows: found
            .rows
            .iter()
            .map(|row| RowJson {
                chapter: row.chapter,
                relation: row.relation.word(),
                a: step(a, row.rows.a),
                b: step(b, row.rows.b),
            })
            .collect(),
        differences: found.differences.iter().map(difference).collect(),
        equal: &found.equal,
    }
}

fn subject<'a>(given: &'a Given, outcome: &Outcome) -> SubjectJson<'a> {
    SubjectJson {
        name: &given.name,
        verdict: outcome.verdict.word(),
        cause: outcome.cause.map(|(id, _)| id.word()),
        side: outcome
            .cause
            .and_then(|(_, side)| side)
            .map(crate::capture::Side::word),
        words: outcome.words(),
    }
}

fn state(state: ChapterState) -> &'static str {
    match state {
        ChapterState::Done => "done",
        ChapterState::Failed => "failed",
        ChapterState::NotReached => "not-reached",
        ChapterState::Skipped => "skipped",
    }
}

fn step(analysis: &Analysis, at: Option<usize>) -> Option<StepJson<'_>> {
    let at = at?;
    let step = analysis.story.steps.get(at)?;
    Some(StepJson {
        step: at,
        side: step.side.word(),
        title: &step.title,
        caption: &step.caption,
    })
}

fn difference(one: &Difference) -> DifferenceJson<'_> {
    DifferenceJson {
        rank: one.rank.word(),
        name: &one.name,
        a: &one.values.a,
        b: &one.values.b,
        proof: one.proof.as_deref(),
    }
}
