//! Warnings with what mends them: what rustls lets pass and another stack refuses, or a program may ask for.

use std::path::Path;

use serde::Serialize;

use super::json_cause::{self, CauseJson};
use super::page::Page;
use crate::analysis::Analysis;
use crate::diagnose::{Cause, MatrixRow, Outcome, Warned, spare_existing_files};

/// A warning in the published contract: a cause, as it is for whoever refuses it.
#[derive(Debug, Serialize)]
pub struct WarnedJson {
    #[serde(flatten)]
    cause: CauseJson,
    /// The rows of the matrix that it tells of, as indices.
    rows: Vec<usize>,
    /// Whether a program asks for it only when it is told to. Where nothing loaded shows that the program is there, there are no
    /// remedies, and the title says all.
    demand: bool,
}

/// All of them, as published.
pub(super) fn json(warned: &[Warned]) -> Vec<WarnedJson> {
    warned
        .iter()
        .map(|one| WarnedJson {
            cause: json_cause::cause(&one.cause),
            rows: one.rows.clone(),
            demand: one.is_demand,
        })
        .collect()
}

/// Gives what the remedies make names that no file here has.
pub(super) fn spare(analysis: &mut Analysis) {
    spare_causes(&mut analysis.diagnosis.causes);
    analysis.change_warned(spare_warned);
}

pub(super) fn spare_warned(warned: &mut [Warned]) {
    for one in warned {
        spare_causes(std::slice::from_mut(&mut one.cause));
    }
}

pub(super) fn spare_causes(causes: &mut [Cause]) {
    spare_existing_files(causes, &|file| Path::new(file).exists());
}

/// What is told of a row with what mends it, where it is told.
pub(super) fn of_row(warned: &[Warned], row: usize, is_demand: bool) -> Option<&Cause> {
    let mut loud = warned.iter().filter(|one| !one.is_quiet);
    loud.find(|one| one.is_demand == is_demand && one.rows.contains(&row))
        .map(|one| &one.cause)
}

/// Warnings that the same commands mend.
struct Block<'a> {
    lines: Vec<String>,
    mend: Option<&'a Cause>,
}

/// Writes rows, a line each and no line twice, and what mends them after the last that it mends. What was told among the
/// causes is not told again.
pub(super) fn write<'a>(
    page: &mut Page,
    rows: impl Iterator<Item = (usize, &'a MatrixRow)>,
    (warned, is_demand): (&'a [Warned], bool),
    told: &[Cause],
    line: impl Fn(&MatrixRow) -> String,
) {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    for (at, row) in rows {
        let mend = of_row(warned, at, is_demand).filter(|cause| !commands(cause).is_empty());
        let line = line(row);
        let known = blocks.iter_mut().find(|block| match (block.mend, mend) {
            (Some(one), Some(other)) => commands(one) == commands(other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        });
        match known {
            Some(block) if block.lines.contains(&line) => {}
            Some(block) => block.lines.push(line),
            None => blocks.push(Block {
                lines: vec![line],
                mend,
            }),
        }
    }
    for block in blocks {
        for line in &block.lines {
            page.hanging(2, "- ", line);
        }
        let Some(mend) = block.mend else { continue };
        if told.iter().any(|cause| commands(cause) == commands(mend)) {
            page.paragraph(4, "Fix: as above.");
        } else {
            page.remedies(4, mend);
        }
    }
}

fn commands(cause: &Cause) -> Vec<&Vec<String>> {
    let general = cause.remedies.iter().filter(|remedy| remedy.is_general());
    general.map(|remedy| &remedy.commands).collect()
}

/// Which rows a heading is for.
type Meant = fn(&MatrixRow) -> bool;

/// The warnings of a handshake, with what mends them, each group under its heading.
pub(super) fn of_handshake(page: &mut Page, analysis: &Analysis) {
    let matrix = &analysis.diagnosis.matrix;
    let warned = analysis.warned();
    let line = |row: &MatrixRow, words: &str| {
        let subject = row
            .certificate
            .as_ref()
            .map_or("no certificate", |certificate| certificate.subject.as_str());
        format!(
            "{}: the {} on {subject} ({}). {words}",
            row.check.word(),
            row.side.word(),
            row.role.word()
        )
    };
    let groups: [(Meant, bool, &str); 4] = [
        (|row| row.outcome == Outcome::Fail, false, "Checks that failed"),
        (
            |row| row.outcome == Outcome::Warn && row.is_refused_elsewhere,
            false,
            "Passed, though not everywhere",
        ),
        (
            |row| row.outcome == Outcome::Warn && !row.is_refused_elsewhere,
            false,
            "Unusual: against the rules, and accepted by every stack on record",
        ),
        (|row| row.demand.is_some(), true, DEMANDS),
    ];
    for (is_meant, is_demand, heading) in groups {
        let rows: Vec<(usize, &MatrixRow)> = matrix
            .iter()
            .enumerate()
            .filter(|(at, row)| is_meant(row) && (!is_demand || of_row(warned, *at, true).is_some()))
            .collect();
        if rows.is_empty() {
            continue;
        }
        page.heading(heading);
        let causes = &analysis.diagnosis.causes;
        write(page, rows.into_iter(), (warned, is_demand), causes, |row| {
            line(row, words(row, is_demand))
        });
    }
    quietly(page, 0, warned);
}

/// What programs may ask for that nothing shows to be there: a sentence each.
pub(super) fn quietly(page: &mut Page, indent: usize, warned: &[Warned]) {
    for (at, one) in quiet(warned).enumerate() {
        if at == 0 {
            page.text.push('\n');
        }
        page.paragraph(indent, &format!("{}.", one.cause.title));
    }
}

/// What programs may ask for that nothing shows to be there.
pub(super) fn quiet(warned: &[Warned]) -> impl Iterator<Item = &Warned> {
    warned.iter().filter(|one| one.is_quiet)
}

/// What programs ask for that what was loaded belongs to.
pub(super) fn demanded(warned: &[Warned]) -> impl Iterator<Item = &Warned> {
    warned.iter().filter(|one| one.is_demand && !one.is_quiet)
}

/// What heads the demands of programs.
pub(super) const DEMANDS: &str = "Asked for by some programs, when they are told to";

/// What is said of a row as a warning, or as a demand.
pub(super) fn words(row: &MatrixRow, is_demand: bool) -> &str {
    match &row.demand {
        Some(demand) if is_demand => &demand.words,
        _ => &row.detail,
    }
}

#[cfg(test)]
mod tests;
