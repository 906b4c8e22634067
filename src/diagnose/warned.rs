//! What rustls lets pass and another stack refuses, told as the cause that it is there, with what mends it; and what a program
//! may be set to ask for beyond that.
//!
//! Rows of one certificate that come to the same cause are told once. What mends one fault of a certificate minds the others
//! that it has: it is issued again once.

use super::causes::{self, Draft, Grounds};
use super::judge::presented;
use super::matrix::{MatrixRow, Outcome, Role};
use super::view::ChainView;
use super::{Cause, CauseId, CheckKind, Diagnosis, Remedy, Tool};
use crate::capture::{Capture, Side};
use crate::decode::Transcript;

/// What a stack refuses, or a program may ask for, and rustls does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warned {
    /// As it would be told where it is a failure.
    pub cause: Cause,
    /// The rows of the matrix that it tells of.
    pub rows: Vec<usize>,
    /// No stack refuses for it by itself: a program asks for it when it is told to.
    pub is_demand: bool,
}

/// Rules whose cause, as a failure, is another thing with other remedies: here the certificate itself is to be made right.
const OF_THE_CERTIFICATE: [&str; 4] = [
    "authority-issuer-differs",
    "authority-serial-differs",
    "key-identifiers-disagree",
    "root-key-ids-disagree",
];
/// Rules that a CA breaks with its name: what it signed bears that name as well.
const OF_A_CAS_NAME: [&str; 2] = ["ca-without-subject", "character-outside-its-type"];

/// What is told of both chains of a handshake. Milliseconds of work: ask where somebody looks.
pub fn warned_of(diagnosis: &Diagnosis, capture: &Capture, transcript: &Transcript) -> Vec<Warned> {
    let mut all = Vec::new();
    for sender in Side::BOTH {
        let judge = sender.peer();
        let chain = presented(capture, transcript, sender);
        let grounds = Grounds::of_handshake(judge, &chain, capture, transcript);
        let view = diagnosis.chains.of(sender);
        all.extend(told(&diagnosis.matrix, view, &grounds, &|draft| {
            causes::finish(vec![draft], capture, transcript)
        }));
    }
    all.sort_by_key(|one| one.is_demand);
    all
}

/// What is told of one chain, with no handshake around it.
pub(super) fn warned_alone(matrix: &[MatrixRow], view: &ChainView, grounds: &Grounds<'_>) -> Vec<Warned> {
    told(matrix, view, grounds, &|draft| {
        causes::finish_alone(vec![draft], None)
    })
}

/// Rows that are told together.
struct Group {
    id: CauseId,
    is_demand: bool,
    rows: Vec<usize>,
}

fn told(
    matrix: &[MatrixRow],
    view: &ChainView,
    grounds: &Grounds<'_>,
    finish: &dyn Fn(Draft) -> Vec<Cause>,
) -> Vec<Warned> {
    let of_certificate = |row: &MatrixRow| {
        matrix
            .iter()
            .filter(|other| {
                other.side == row.side && other.certificate == row.certificate && other.role == row.role
            })
            .flat_map(|other| other.rules.iter().copied())
            .collect::<Vec<&'static str>>()
    };
    let mut groups = groups(matrix, view, grounds.judge);
    // What somebody refuses stands first.
    groups.sort_by_key(|group| group.is_demand);
    groups
        .into_iter()
        .filter_map(|group| {
            let rows: Vec<&MatrixRow> = group.rows.iter().filter_map(|at| matrix.get(*at)).collect();
            let first = *rows.first()?;
            let details: Vec<&str> = rows
                .iter()
                .map(|row| match &row.demand {
                    Some(demand) if group.is_demand => demand.words.as_str(),
                    _ => row.detail.trim_end_matches('.'),
                })
                .collect();
            // Both of a program's demands are met at once.
            let check = if group.is_demand && asks_for_a_use(matrix, first) {
                CheckKind::KeyUsage
            } else {
                first.check
            };
            let row = MatrixRow {
                check,
                detail: details.join("; "),
                rules: of_certificate(first),
                demand: first.demand.clone().filter(|_| group.is_demand),
                ..first.clone()
            };
            let draft = draft(&row, &group, view, grounds);
            let mut cause = finish(draft).into_iter().next()?;
            cause.id = group.id;
            if group.is_demand {
                // What it says is in the words already.
                cause
                    .remedies
                    .retain(|remedy| remedy.tool != Some(Tool::OpenSsl) || makes_a_file(remedy));
            }
            Some(Warned {
                cause,
                rows: group.rows,
                is_demand: group.is_demand,
            })
        })
        .collect()
}

fn makes_a_file(remedy: &Remedy) -> bool {
    let makes = |command: &String| command.contains(" > ") || command.contains(" -out ");
    remedy.commands.iter().any(makes)
}

/// The rows of the path that somebody refuses for, or asks more of.
fn groups(matrix: &[MatrixRow], view: &ChainView, judge: Side) -> Vec<Group> {
    let is_on_the_path = |row: &MatrixRow| {
        view.links
            .iter()
            .any(|link| link.certificate.is_some() && link.certificate == row.certificate)
    };
    let mut groups: Vec<Group> = Vec::new();
    for (at, row) in matrix.iter().enumerate() {
        if row.side != judge || !is_on_the_path(row) {
            continue;
        }
        let is_refused = row.outcome == Outcome::Warn && row.is_refused_elsewhere;
        let meant = [
            is_refused.then(|| (told_as(row), false)),
            row.demand.as_ref().map(|_| (demanded_as(row), true)),
        ];
        for (id, is_demand) in meant.into_iter().flatten() {
            let known = groups.iter_mut().find(|group| {
                let first = group.rows.first().and_then(|first| matrix.get(*first));
                group.id == id
                    && group.is_demand == is_demand
                    && first
                        .is_some_and(|first| first.certificate == row.certificate && first.role == row.role)
            });
            match known {
                Some(group) => group.rows.push(at),
                None => groups.push(Group {
                    id,
                    is_demand,
                    rows: vec![at],
                }),
            }
        }
    }
    groups
}

/// The cause that a warning is where it is a failure: what breaks a rule is no certificate that cannot be read.
pub(super) fn told_as(row: &MatrixRow) -> CauseId {
    match row.cause {
        None | Some(CauseId::Malformed) => CauseId::NotConformant,
        Some(id) => id,
    }
}

fn demanded_as(row: &MatrixRow) -> CauseId {
    if row.check == CheckKind::Purpose {
        CauseId::WrongPurpose
    } else {
        CauseId::KeyUsage
    }
}

/// Whether a program asks for another use of the key of the certificate in this row, whichever row that is.
fn asks_for_a_use(matrix: &[MatrixRow], row: &MatrixRow) -> bool {
    matrix.iter().any(|other| {
        other.side == row.side
            && other.certificate == row.certificate
            && other.check == CheckKind::KeyUsage
            && other.demand.is_some()
    })
}

fn draft(row: &MatrixRow, group: &Group, view: &ChainView, grounds: &Grounds<'_>) -> Draft {
    let breaks = |rules: &[&str]| row.rules.iter().any(|rule| rules.contains(rule));
    let template = if breaks(&OF_THE_CERTIFICATE) && group.id != CauseId::IssuerNotCa {
        CauseId::NotConformant
    } else {
        group.id
    };
    let told = causes::of_warning(row, template, view, grounds);
    let is_of_its_name = row.role != Role::Leaf
        && template == CauseId::NotConformant
        && breaks(&OF_A_CAS_NAME)
        && causes::has_a_name_amiss(row, grounds);
    let below = is_of_its_name.then(|| below(row, view)).flatten();
    match below {
        // A CA is not renamed by itself: what it signed has to be issued again by it.
        Some((certificate, role)) => {
            let child = MatrixRow {
                certificate: Some(certificate),
                role,
                ..row.clone()
            };
            Draft {
                fill: causes::of_warning(&child, template, view, grounds).fill,
                ..told
            }
        }
        None => told,
    }
}

/// The certificate that a CA of the path signed.
fn below(row: &MatrixRow, view: &ChainView) -> Option<(super::CertificateRef, Role)> {
    let at = view
        .links
        .iter()
        .position(|link| link.certificate == row.certificate)?;
    let child = view.links.get(at.checked_sub(1)?)?;
    Some((child.certificate.clone()?, child.role))
}
