//! What each stack does with a chain, where nobody is asked: the record of OpenSSL and of Go, and for the others what they did with
//! each fault that was found in it when that fault was all there was.
//!
//! Deliberately absent: a guess. A fault that was never tried with a stack, in this place and of this variety, tells nothing of it.

use super::CauseId;
use super::deviations::deviations;
use super::judge::Diagnosis;
use super::matrix::{CheckKind, MatrixRow, Outcome, Role, Variety};
use super::sayings::{of, sayings};
use crate::capture::Side;
use crate::stack::Stack;

/// The faults that lie elsewhere than in the leaf, and those of which their cause has several: where, and which of them.
const PLACES: [(&str, Role, Option<Variety>); 13] = [
    ("unknown-above", Role::Intermediate, None),
    ("impostor-above", Role::Intermediate, None),
    ("purpose-issuer", Role::Intermediate, None),
    ("old-issuer", Role::Intermediate, None),
    ("old-root", Role::Root, None),
    ("narrow", Role::Intermediate, None),
    ("deep", Role::Intermediate, None),
    ("no-ca", Role::Intermediate, None),
    ("no-sign", Role::Intermediate, None),
    ("common-name", Role::Leaf, Some(Variety::CommonName)),
    ("uri-only", Role::Leaf, Some(Variety::CommonNameAlone)),
    ("wildcard", Role::Leaf, Some(Variety::Wildcard)),
    ("wildcard-part", Role::Leaf, Some(Variety::WildcardPart)),
];

/// The fault of the table that is this row's; `None` where none of this cause was tried in such a certificate.
pub fn fault_of(row: &MatrixRow) -> Option<&'static str> {
    let presenter = format!("{}-", row.side.peer().word());
    let mut faults = of(row.cause?, Some(row.side)).map(|saying| saying.fault.as_str());
    faults.find(|fault| {
        let kind = fault.strip_prefix(&presenter).unwrap_or(fault);
        let place = PLACES.iter().find(|(of, ..)| *of == kind);
        let (role, variety) = place.map_or((Role::Leaf, None), |(_, role, variety)| (*role, *variety));
        (role, variety) == (row.role, row.variety)
    })
}

/// Whether a stack let a fault pass when it was to judge it; `None` where it never was.
fn lets_pass(stack: Stack, fault: &str, judge: Side) -> Option<bool> {
    let tried = || {
        sayings()
            .iter()
            .filter(|said| said.fault == fault && said.stack == stack.name() && said.side == judge)
            .filter(|said| !said.peers.is_empty())
    };
    // Who went on with some peer did not mind: where it failed with another, that one had its own reason.
    let is_tried = tried().next().is_some();
    is_tried.then(|| tried().any(|said| said.accepted))
}

fn is_of_the_key(check: CheckKind) -> bool {
    matches!(check, CheckKind::KeyMatch | CheckKind::Possession)
}

/// Whether a check of the chain that this side was shown has failed.
pub(super) fn has_failed(diagnosis: &Diagnosis, judge: Side) -> bool {
    let mut rows = diagnosis.matrix.iter();
    rows.any(|row| row.side == judge && row.outcome == Outcome::Fail)
}

/// What is on record of a stack and one row: whether it lets that pass.
fn of_row(stack: Stack, row: &MatrixRow) -> Option<bool> {
    let by_fault = || lets_pass(stack, fault_of(row)?, row.side);
    let by_rules = || {
        let id = stack.name().to_lowercase();
        let is_asked = deviations().programs.iter().any(|program| program.id == id);
        let refuses = |rule: &&'static str| {
            let rule = deviations().rules.get(*rule);
            rule.is_some_and(|rule| rule.refused.contains_key(&id))
        };
        (is_asked && !row.rules.is_empty()).then(|| !row.rules.iter().any(refuses))
    };
    match row.outcome {
        Outcome::Fail if stack == Stack::Rustls => Some(false),
        // Who holds the key is no matter of the chain.
        Outcome::Fail if is_of_the_key(row.check) => None,
        // That two spellings are one name was tried as a rule, with chains alone.
        Outcome::Fail if row.cause == Some(CauseId::NameEncodingDiffers) => by_fault().or_else(by_rules),
        Outcome::Fail => by_fault(),
        Outcome::Warn if stack != Stack::Rustls && row.is_refused_elsewhere => by_rules().or_else(by_fault),
        Outcome::Warn | Outcome::Pass | Outcome::Unknown | Outcome::NotReached | Outcome::NotApplicable => {
            Some(true)
        }
    }
}

/// Whether `stack` accepts the chain that `judge` was shown, on record; `None` where nothing is.
pub fn on_record_of(stack: Stack, judge: Side, diagnosis: &Diagnosis) -> Option<bool> {
    let records = diagnosis.records.of(judge.peer());
    let id = stack.name().to_lowercase();
    if let Some(record) = records.iter().find(|record| record.id == id) {
        return Some(record.accepts());
    }
    let of_rows: Vec<Option<bool>> = diagnosis
        .matrix
        .iter()
        .filter(|row| row.side == judge)
        .map(|row| of_row(stack, row))
        .collect();
    if of_rows.contains(&Some(false)) {
        return Some(false);
    }
    (!of_rows.is_empty() && !of_rows.contains(&None)).then_some(true)
}

/// Everybody else who judges the chain that `judge` was shown otherwise than rustls did, on record.
pub fn differing_on_record(judge: Side, rustls_accepts: bool, diagnosis: &Diagnosis) -> Vec<Stack> {
    Stack::ALL
        .into_iter()
        .filter(|stack| *stack != Stack::Rustls)
        .filter(|stack| on_record_of(*stack, judge, diagnosis) == Some(!rustls_accepts))
        .collect()
}

/// The release whose doings are on record: `OpenSSL 3.0.22`.
pub fn release_on_record(stack: Stack) -> String {
    let id = stack.name().to_lowercase();
    if let Some(program) = deviations().programs.iter().find(|program| program.id == id) {
        return program.name.clone();
    }
    let said = sayings().iter().find(|said| said.stack == stack.name());
    let version = said.and_then(|said| said.version.split(' ').next());
    version.map_or_else(
        || stack.name().to_owned(),
        |version| format!("{} {version}", stack.name()),
    )
}
