//! Path building in the published contract, and in words.

use serde::Serialize;

use super::json_cause::{CertificateJson, certificate};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{NearMiss, PathOutcome, PathReport, Verdict};

/// Both sides' paths.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct PathsJson {
    /// The side that presents the chain.
    pub side: &'static str,
    pub paths: Vec<PathJson>,
    pub more: usize,
    pub near_misses: Vec<NearMissJson>,
}

/// One candidate path.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct PathJson {
    /// Null where what the judge trusts is not known.
    pub taken: Option<bool>,
    pub why: Option<&'static str>,
    pub words: Option<String>,
    pub step: Option<usize>,
    pub steps: Vec<StepJson>,
}

/// One certificate of a path.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct StepJson {
    pub sha256: Option<String>,
    pub subject: Option<String>,
    pub name: String,
    pub from: &'static str,
    pub file: Option<String>,
}

/// A certificate that nearly fits.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct NearMissJson {
    pub kind: &'static str,
    pub child: CertificateJson,
    pub candidate: CertificateJson,
    pub file: Option<String>,
    pub words: String,
    pub differs: Vec<DifferenceJson>,
}

/// One thing in which it does not.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct DifferenceJson {
    pub what: &'static str,
    pub has: String,
    pub wanted: String,
}

/// Null for a connection that succeeded: then there is nothing to explain, and many connections are many.
pub(super) fn json(analysis: &Analysis) -> Option<Vec<PathsJson>> {
    (analysis.diagnosis.verdict != Verdict::Accepted).then(|| {
        Side::BOTH
            .into_iter()
            .map(|side| side_json(side, analysis.paths().of(side)))
            .collect()
    })
}

fn side_json(side: Side, report: &PathReport) -> PathsJson {
    PathsJson {
        side: side.word(),
        more: report.more,
        paths: report
            .paths
            .iter()
            .map(|path| {
                let dropped = match &path.outcome {
                    PathOutcome::Dropped(dropped) => Some(dropped),
                    PathOutcome::Taken | PathOutcome::NotKnown => None,
                };
                PathJson {
                    taken: match path.outcome {
                        PathOutcome::Taken => Some(true),
                        PathOutcome::Dropped(_) => Some(false),
                        PathOutcome::NotKnown => None,
                    },
                    why: dropped.map(|dropped| dropped.why.word()),
                    words: dropped.map(|dropped| dropped.words.clone()),
                    step: dropped.map(|dropped| dropped.step),
                    steps: path
                        .steps
                        .iter()
                        .map(|step| StepJson {
                            sha256: step.certificate.as_ref().map(|one| one.sha256.clone()),
                            subject: step.certificate.as_ref().map(|one| one.subject.clone()),
                            name: step.name.clone(),
                            from: step.from.from.word(),
                            file: step.from.file.clone(),
                        })
                        .collect(),
                }
            })
            .collect(),
        near_misses: report.near_misses.iter().map(near_miss).collect(),
    }
}

fn near_miss(miss: &NearMiss) -> NearMissJson {
    NearMissJson {
        kind: miss.kind.word(),
        child: certificate(&miss.child),
        candidate: certificate(&miss.candidate),
        file: miss.candidate_from.file.clone(),
        words: miss.words.clone(),
        differs: miss
            .differs
            .iter()
            .map(|difference| DifferenceJson {
                what: difference.what,
                has: difference.has.clone(),
                wanted: difference.wanted.clone(),
            })
            .collect(),
    }
}

/// For people: each path that failed with its reason, then what nearly fits. Empty where there is nothing to tell.
pub(super) fn paragraphs(analysis: &Analysis) -> Vec<String> {
    Side::BOTH
        .into_iter()
        .flat_map(|side| of_side(analysis.paths().of(side)))
        .collect()
}

/// So many paths are told.
const MOST_PATHS: usize = 4;

fn of_side(report: &PathReport) -> Vec<String> {
    let mut all = Vec::new();
    if !report.is_worth_telling() {
        return all;
    }
    for path in report.paths.iter().take(MOST_PATHS) {
        let names: Vec<&str> = path.steps.iter().map(|step| step.name.as_str()).collect();
        let outcome = match &path.outcome {
            PathOutcome::Taken => "taken".to_owned(),
            PathOutcome::Dropped(dropped) => dropped.words.clone(),
            PathOutcome::NotKnown => continue,
        };
        all.push(format!("{}: {outcome}", names.join(" → ")));
    }
    let more = report.more + report.paths.len().saturating_sub(MOST_PATHS);
    if more > 0 {
        all.push(format!("and {more} more."));
    }
    all.extend(
        report
            .near_misses
            .iter()
            .map(|miss| format!("Looks right, is not: {}", miss.words)),
    );
    all
}

#[cfg(test)]
mod tests;
