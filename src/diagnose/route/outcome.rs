//! What became of each way up: taken, or dropped, why and at which step.

use super::build::{Built, End, MOST_TOLD, Way};
use super::material::{Material, Place};
use super::miss::short_id;
use super::report::{CandidatePath, DropReason, Dropped, PathOutcome, PathStep, StepFrom, Whereabouts};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::chain::{Judged, Scene, Standing};
use crate::diagnose::memo::Signature;
use crate::diagnose::search::{Choice, GAVE_UP, MOST_INTERMEDIATES, Path};
use crate::diagnose::{CauseId, CheckKind, LinkState, MatrixRow, Outcome, Presence, Role};
use crate::pki::time_left;

/// One reason, before they are put in a row.
struct Reason {
    why: DropReason,
    step: usize,
    /// Lies between that step and the next.
    is_link: bool,
    words: String,
}

/// The told paths with their outcomes, the one taken first.
pub(super) fn outcomes(material: &Material, scene: &Scene<'_>, built: &Built) -> (Vec<CandidatePath>, usize) {
    let choice = scene.choice();
    let taken = match &choice {
        Choice::Taken(path) => Some(way_of(path)),
        _ => None,
    };
    let mut ways: Vec<&Way> = built.ways.iter().collect();
    if let Some(taken) = &taken {
        ways.retain(|way| way.places != taken.places);
        ways.insert(0, taken);
    }
    let untold = ways.len().saturating_sub(MOST_TOLD);
    let paths = ways
        .into_iter()
        .take(MOST_TOLD)
        .map(|way| {
            let is_taken = taken.as_ref().is_some_and(|taken| taken.places == way.places);
            candidate(material, scene, way, is_taken, &choice)
        })
        .collect();
    (paths, untold)
}

fn way_of(path: &Path) -> Way {
    Way {
        places: path
            .sent
            .iter()
            .map(|index| Place::Sent(*index))
            .chain(path.root.map(Place::Store))
            .collect(),
        end: End::Anchor,
    }
}

fn candidate(
    material: &Material,
    scene: &Scene<'_>,
    way: &Way,
    is_taken: bool,
    choice: &Choice,
) -> CandidatePath {
    let standing: Vec<Standing<'_>> = way
        .places
        .iter()
        .enumerate()
        .filter_map(|(depth, place)| Some(stand(material.certificate(*place)?, *place, depth)))
        .collect();
    let judged = scene.judge_standing(&standing);
    let mut reasons = reasons(material, scene, way, &judged);
    let outcome = if is_taken {
        PathOutcome::Taken
    } else if !material.is_store_known {
        PathOutcome::NotKnown
    } else {
        if reasons.is_empty() {
            reasons.push(without_fault(choice));
        }
        dropped(&reasons).map_or(PathOutcome::NotKnown, PathOutcome::Dropped)
    };
    CandidatePath {
        steps: steps(material, way, &judged, &reasons),
        outcome,
    }
}

fn stand(certificate: &Certificate, place: Place, depth: usize) -> Standing<'_> {
    match (place, depth) {
        (_, 0) => (certificate, Role::Leaf, Presence::Sent),
        (Place::Store(_), _) => (certificate, Role::Root, Presence::InStore),
        (Place::Hand(_), _) if certificate.is_self_issued() => (certificate, Role::Root, Presence::AtHand),
        (Place::Hand(_), _) => (certificate, Role::Intermediate, Presence::AtHand),
        (Place::Sent(_), _) => (certificate, Role::Intermediate, Presence::Sent),
    }
}

/// A path with no fault of its own that is not the one taken.
fn without_fault(choice: &Choice) -> Reason {
    let (why, words) = match choice {
        Choice::Taken(_) => (
            DropReason::NotNeeded,
            "it would hold as well; rustls takes the first path that does".to_owned(),
        ),
        Choice::GaveUp | Choice::None => (DropReason::Budget, GAVE_UP.to_owned()),
    };
    Reason {
        why,
        step: 0,
        is_link: false,
        words,
    }
}

fn dropped(reasons: &[Reason]) -> Option<Dropped> {
    let first = reasons.first()?;
    let mut words = first.words.clone();
    let others: Vec<&str> = reasons
        .iter()
        .skip(1)
        .map(|reason| reason.words.as_str())
        .collect();
    if !others.is_empty() {
        words.push_str("; besides, ");
        words.push_str(&others.join(", and "));
    }
    Some(Dropped {
        why: first.why,
        step: first.step,
        words,
    })
}

/// Every reason, in the order in which rustls would come upon them: each certificate by itself, the way's end, then
/// signatures and constraints from the root downwards.
fn reasons(material: &Material, scene: &Scene<'_>, way: &Way, judged: &[Judged<'_>]) -> Vec<Reason> {
    let mut list = Vec::new();
    for (step, one) in judged.iter().enumerate() {
        // The one that a path should not have come to is no part of it.
        let is_beyond = step + 1 == judged.len() && matches!(way.end, End::Loop | End::TooDeep);
        for row in failures(one).filter(|row| !is_beyond && row.check.is_of_one_certificate()) {
            list.push(of_certificate(step, one, row, scene.clock()));
        }
    }
    list.extend(of_end(material, way, judged));
    for (step, pair) in judged.windows(2).enumerate().rev() {
        let [one, issuer] = pair else { continue };
        for row in failures(one).filter(|row| row.check == CheckKind::Signature) {
            list.push(of_signature(step, one.certificate, issuer.certificate, row));
        }
    }
    for (step, one) in judged.iter().enumerate().rev() {
        for row in failures(one) {
            let why = match row.check {
                CheckKind::NameConstraints => DropReason::NameConstraints,
                CheckKind::Revocation => DropReason::Revocation,
                _ => continue,
            };
            list.push(Reason {
                why,
                step,
                is_link: false,
                words: row.detail.clone(),
            });
        }
    }
    list
}

fn failures<'j>(one: &'j Judged<'_>) -> impl Iterator<Item = &'j MatrixRow> {
    one.rows.iter().filter(|row| row.outcome == Outcome::Fail)
}

fn of_certificate(step: usize, one: &Judged<'_>, row: &MatrixRow, clock: i64) -> Reason {
    let name = one.certificate.name();
    let left = || {
        one.certificate.facts().map_or_else(String::new, |facts| {
            time_left(facts.not_before, facts.not_after, clock)
        })
    };
    let (why, words) = match (row.check, row.cause) {
        (CheckKind::Validity, Some(CauseId::NotYetValid)) => (
            DropReason::NotYetValid,
            format!("{name} is not valid yet ({})", left()),
        ),
        (CheckKind::Validity, Some(CauseId::Expired)) => (DropReason::Expired, format!("{name} {}", left())),
        (CheckKind::Validity, _) => (DropReason::Unreadable, format!("{name}: {}", row.detail)),
        (CheckKind::BasicConstraints, _) if one.role == Role::Leaf => (
            DropReason::LeafIsCa,
            format!("{name} stands where the leaf should and is a CA"),
        ),
        (CheckKind::BasicConstraints, _) => (DropReason::NotACa, format!("{name} is not a CA")),
        (CheckKind::PathLength, Some(CauseId::ChainTooLong)) => (
            DropReason::TooDeep,
            format!("more than {MOST_INTERMEDIATES} intermediates: rustls goes no deeper"),
        ),
        (CheckKind::PathLength, _) => (
            DropReason::PathLength,
            format!("{name} has too many CAs below it: {}", row.detail),
        ),
        (CheckKind::Purpose, _) => (DropReason::Purpose, format!("{name}: {}", row.detail)),
        _ => (DropReason::Unreadable, format!("{name}: {}", row.detail)),
    };
    Reason {
        why,
        step,
        is_link: false,
        words,
    }
}

fn of_signature(step: usize, child: &Certificate, issuer: &Certificate, row: &MatrixRow) -> Reason {
    let (name, other) = (child.name(), issuer.name());
    let ids = child
        .facts()
        .and_then(|facts| facts.authority_key_id.as_deref())
        .zip(issuer.facts().and_then(|facts| facts.subject_key_id.as_deref()));
    let (why, words) = match (row.cause, ids) {
        (Some(CauseId::SameNameDifferentKey | CauseId::BadSignature), Some((wanted, has)))
            if wanted != has =>
        {
            (
                DropReason::KeyIdDiffers,
                format!(
                    "{name} was signed by a “{other}” with the key {}, this one has {}",
                    short_id(wanted),
                    short_id(has)
                ),
            )
        }
        (Some(CauseId::SameNameDifferentKey | CauseId::BadSignature), _) => (
            DropReason::SignatureFails,
            format!("the signature on {name} is not the work of this “{other}”'s key"),
        ),
        _ => (
            DropReason::SignatureUnsupported,
            format!("{name}: {}", row.detail),
        ),
    };
    Reason {
        why,
        step,
        is_link: true,
        words,
    }
}

/// What is wrong with where a way ends, or with what it needs on the way there.
fn of_end(material: &Material, way: &Way, judged: &[Judged<'_>]) -> Option<Reason> {
    let last = judged.len().saturating_sub(1);
    let top = judged.last()?.certificate;
    let judge = material.judge.word();
    let reason = |why, step, is_link, words| {
        Some(Reason {
            why,
            step,
            is_link,
            words,
        })
    };
    let below_top = last.saturating_sub(1);
    if way.end == End::Loop {
        let words = format!("it comes back to {}, which it has passed", top.name());
        return reason(DropReason::Loop, below_top, true, words);
    }
    if way.end == End::TooDeep {
        let words = format!("more than {MOST_INTERMEDIATES} intermediates: rustls goes no deeper");
        return reason(DropReason::TooDeep, below_top, true, words);
    }
    let unsent = way
        .places
        .iter()
        .position(|place| matches!(place, Place::Hand(_)))
        .filter(|step| *step < last || way.end != End::OwnIssuer);
    if let Some(step) = unsent {
        let name = judged.get(step)?.certificate.name();
        let place = material.whereabouts(*way.places.get(step)?).words();
        let mut words = format!("{name} was not sent; it {place}");
        match way.end {
            End::Anchor if is_whole(judged) => words.push_str(" and completes this path"),
            End::Anchor => {}
            End::OwnIssuer => {
                words = format!("{words}; besides, the {judge} does not trust {}", top.name());
            }
            _ => {
                let missing = missing_name(top);
                words = format!("{words}; besides, nobody here has {missing}");
            }
        }
        return reason(DropReason::NotSent, step.saturating_sub(1), true, words);
    }
    match way.end {
        End::OwnIssuer => {
            let place = way.places.last().map(|place| material.whereabouts(*place));
            let words = match place {
                Some(place) if place.from == StepFrom::AtHand => {
                    format!(
                        "the {judge} does not trust {}, which {}",
                        top.name(),
                        place.words()
                    )
                }
                _ => format!(
                    "the {judge} does not trust {}, which is its own issuer",
                    top.name()
                ),
            };
            reason(DropReason::RootNotTrusted, below_top, last > 0, words)
        }
        End::Nowhere => {
            let words = format!("nobody here has {}, who issued {}", missing_name(top), top.name());
            reason(DropReason::IssuerNotAtHand, last, true, words)
        }
        _ => None,
    }
}

/// Whether each certificate was signed by the next, and none fails by itself.
fn is_whole(judged: &[Judged<'_>]) -> bool {
    let holds =
        |one: &Judged<'_>, next: &Judged<'_>| one.certificate.signed_by(next.certificate) == Signature::Holds;
    judged
        .windows(2)
        .all(|pair| matches!(pair, [one, next] if holds(one, next)))
        && judged
            .iter()
            .flat_map(failures)
            .all(|row| !row.check.is_of_the_path())
}

fn missing_name(child: &Certificate) -> String {
    child.facts().map_or_else(
        || "the issuer of what cannot be read".to_owned(),
        |facts| facts.issuer_display_name.clone(),
    )
}

fn steps(material: &Material, way: &Way, judged: &[Judged<'_>], reasons: &[Reason]) -> Vec<PathStep> {
    let mut list: Vec<PathStep> = judged
        .iter()
        .zip(&way.places)
        .enumerate()
        .map(|(depth, (one, place))| {
            let next = judged.get(depth + 1).zip(way.places.get(depth + 1));
            let is_cut = reasons
                .iter()
                .any(|reason| reason.is_link && reason.step == depth && reason.why != DropReason::NotSent);
            let link_to_next = next.map(|(next, next_place)| {
                let holds = one.certificate.signed_by(next.certificate) == Signature::Holds;
                match (holds && !is_cut, next_place) {
                    (false, _) => LinkState::Broken,
                    (true, Place::Hand(_)) => LinkState::Unknown,
                    (true, _) => LinkState::Holds,
                }
            });
            PathStep {
                certificate: Some(one.certificate.reference()),
                name: one.certificate.name(),
                from: material.whereabouts(*place),
                is_bad: reasons
                    .iter()
                    .any(|reason| !reason.is_link && reason.step == depth && is_a_fault(reason.why)),
                link_to_next,
            }
        })
        .collect();
    let top = judged.last().map(|one| one.certificate);
    if way.end == End::Nowhere
        && let Some(last) = list.last_mut()
        && let Some(top) = top
        && top.facts().is_some()
    {
        last.link_to_next = Some(if material.is_store_known {
            LinkState::Broken
        } else {
            LinkState::Unknown
        });
        list.push(PathStep {
            certificate: None,
            name: missing_name(top),
            from: Whereabouts {
                from: StepFrom::Absent,
                side: None,
                slot: None,
                file: None,
            },
            is_bad: false,
            link_to_next: None,
        });
    }
    list
}

/// Whether a reason is a fault of the certificate that it names, and not of what should stand above it.
fn is_a_fault(why: DropReason) -> bool {
    !matches!(
        why,
        DropReason::NotNeeded
            | DropReason::Budget
            | DropReason::NotSent
            | DropReason::IssuerNotAtHand
            | DropReason::RootNotTrusted
    )
}
