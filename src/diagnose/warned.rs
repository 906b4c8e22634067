//! What rustls lets pass and another stack refuses, told as the cause that it is there, with what mends it; and what a program
//! may be set to ask for beyond that.
//!
//! What only a program asks for that nothing shows to be there is a sentence, without a remedy: most certificates lack it.
//!
//! Rows of one certificate that come to the same cause are told once. What mends one fault of a certificate minds the others
//! that it has: it is issued again once.

use super::asker::Asker;
use super::causes::{self, Draft, Grounds};
use super::judge::presented;
use super::matrix::{MatrixRow, Outcome, Role};
use super::view::ChainView;
use super::{Cause, CauseId, Certainty, CheckKind, Demand, Diagnosis, Remedy, Tool};
use crate::capture::{Capture, Side};
use crate::decode::Transcript;
use crate::pki::makes_a_file;

/// What a stack refuses, or a program may ask for, and rustls does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warned {
    /// As it would be told where it is a failure.
    pub cause: Cause,
    /// The rows of the matrix that it tells of.
    pub rows: Vec<usize>,
    /// No stack refuses for it by itself: a program asks for it when it is told to.
    pub is_demand: bool,
    /// Nothing shows that this program is there: the title says all, and there is no remedy.
    pub is_quiet: bool,
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
    let is_there = |asker: Asker| asker.is_there(&capture.at_hand, capture.carrier.as_ref());
    warned_for(&is_there, diagnosis, capture, transcript)
}

/// The same, where it is known otherwise which programs are there: by their own words.
pub(super) fn warned_for(
    is_there: &dyn Fn(Asker) -> bool,
    diagnosis: &Diagnosis,
    capture: &Capture,
    transcript: &Transcript,
) -> Vec<Warned> {
    let mut all = Vec::new();
    for sender in Side::BOTH {
        let judge = sender.peer();
        let chain = presented(capture, transcript, sender);
        let grounds = Grounds::of_handshake(judge, &chain, capture, transcript);
        let view = diagnosis.chains.of(sender);
        let found = groups(&diagnosis.matrix, view, judge, is_there);
        all.extend(told(found, &diagnosis.matrix, view, &grounds, &|draft| {
            causes::finish(vec![draft], capture, transcript)
        }));
    }
    all.sort_by_key(|one| one.is_demand);
    all
}

/// What is told of one chain, with no handshake around it.
pub(super) fn warned_alone(matrix: &[MatrixRow], view: &ChainView, grounds: &Grounds<'_>) -> Vec<Warned> {
    let is_there = |asker: Asker| asker.is_there(grounds.at_hand, None);
    let found = groups(matrix, view, grounds.judge, &is_there);
    told(found, matrix, view, grounds, &|draft| {
        causes::finish_alone(vec![draft], None)
    })
}

/// Rows that are told together.
struct Group {
    id: CauseId,
    is_demand: bool,
    is_quiet: bool,
    rows: Vec<usize>,
}

fn told(
    mut groups: Vec<Group>,
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
    // What somebody refuses stands first.
    groups.sort_by_key(|group| group.is_demand);
    groups
        .into_iter()
        .filter_map(|group| {
            let rows: Vec<&MatrixRow> = group.rows.iter().filter_map(|at| matrix.get(*at)).collect();
            let first = *rows.first()?;
            if group.is_quiet {
                return Some(Warned {
                    cause: in_a_sentence(group.id, &rows)?,
                    rows: group.rows,
                    is_demand: true,
                    is_quiet: true,
                });
            }
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
                let mends = |remedy: &Remedy| remedy.commands.iter().any(|command| makes_a_file(command));
                cause
                    .remedies
                    .retain(|remedy| remedy.tool != Some(Tool::OpenSsl) || mends(remedy));
            }
            Some(Warned {
                cause,
                rows: group.rows,
                is_demand: group.is_demand,
                is_quiet: false,
            })
        })
        .collect()
}

/// What a program would ask for that nothing shows to be there.
fn in_a_sentence(id: CauseId, rows: &[&MatrixRow]) -> Option<Cause> {
    let row = *rows.first()?;
    let demands: Vec<&Demand> = rows.iter().filter_map(|row| row.demand.as_ref()).collect();
    let who = demands.first()?.who;
    let mut asks = String::new();
    let mut before: Option<&Demand> = None;
    for demand in &demands {
        let words = match before {
            None => format!("with {} asks for {}", demand.setting, demand.asks_for),
            Some(before) if before.setting == demand.setting => format!(" and for {}", demand.asks_for),
            Some(_) => format!(", and with {} for {}", demand.setting, demand.asks_for),
        };
        asks.push_str(&words);
        before = Some(demand);
    }
    let words: Vec<&str> = demands.iter().map(|demand| demand.words.as_str()).collect();
    Some(Cause {
        id,
        certainty: Certainty::Proven,
        side: Some(row.side),
        certificate: row.certificate.clone(),
        title: format!(
            "{} {asks}, which the {}'s certificate does not have",
            who.name(),
            row.side.peer().word()
        ),
        detail: format!("{}.", words.join("; ")),
        needs: String::new(),
        rule: who.rule().to_owned(),
        reported: false,
        evidence: Vec::new(),
        remedies: Vec::new(),
    })
}

/// The rows of the path that somebody refuses for, or asks more of.
fn groups(
    matrix: &[MatrixRow],
    view: &ChainView,
    judge: Side,
    is_there: &dyn Fn(Asker) -> bool,
) -> Vec<Group> {
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
        let asker = row.demand.as_ref().map(|demand| demand.who);
        let meant = [
            is_refused.then(|| (told_as(row), None)),
            asker.map(|asker| (demanded_as(row), Some(asker))),
        ];
        for (id, asker) in meant.into_iter().flatten() {
            let is_quiet = asker.is_some_and(|asker| !is_there(asker));
            let known = groups.iter_mut().find(|group| {
                let first = group.rows.first().and_then(|first| matrix.get(*first));
                let asked_by = first
                    .and_then(|first| first.demand.as_ref())
                    .map(|demand| demand.who);
                (group.id == id || group.is_quiet)
                    && group.is_demand == asker.is_some()
                    && (asker.is_none() || asked_by == asker)
                    && first
                        .is_some_and(|first| first.certificate == row.certificate && first.role == row.role)
            });
            match known {
                Some(group) => group.rows.push(at),
                None => groups.push(Group {
                    id,
                    is_demand: asker.is_some(),
                    is_quiet,
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
