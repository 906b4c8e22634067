//! Ways up from the leaf.

use mtlscope::capture::{PerSide, Side};
use mtlscope::diagnose::{CandidatePath, Dropped, NearMiss, PathOutcome, PathReport, PathStep, Whereabouts};

use super::{Text, certificate, side};

fn whereabouts(found: &Whereabouts) -> String {
    let Whereabouts {
        from,
        side: who,
        slot,
        file,
    } = found;
    format!("{} {} {slot:?} {file:?}", from.word(), side(*who))
}

/// Every path of both chains, and what nearly fits.
pub fn paths(text: &mut Text, found: &PerSide<PathReport>) {
    for who in Side::BOTH {
        path_report(text, who, found.of(who));
    }
}

/// The paths of one chain.
pub fn path_report(text: &mut Text, who: Side, found: &PathReport) {
    let PathReport {
        judge,
        paths,
        more,
        is_cut_short,
        near_misses,
    } = found;
    text.line(format!(
        "paths of the {} judged by {}, {more} more, cut short {is_cut_short}",
        who.word(),
        side(*judge)
    ));
    text.below(|text| {
        for CandidatePath { steps, outcome } in paths {
            text.line(match outcome {
                PathOutcome::Taken => "taken".to_owned(),
                PathOutcome::NotKnown => "not known".to_owned(),
                PathOutcome::Dropped(Dropped { why, step, words }) => {
                    format!("dropped at {step} {}: {words}", why.word())
                }
            });
            text.below(|text| {
                for found in steps {
                    path_step(text, found);
                }
            });
        }
        for found in near_misses {
            near_miss(text, found);
        }
    });
}

fn path_step(text: &mut Text, found: &PathStep) {
    let PathStep {
        certificate: of,
        name,
        from,
        is_bad,
        link_to_next,
    } = found;
    text.line(format!(
        "{name} ({}) {} bad {is_bad} next {link_to_next:?}",
        certificate(of.as_ref()),
        whereabouts(from)
    ));
}

fn near_miss(text: &mut Text, found: &NearMiss) {
    let NearMiss {
        kind,
        child,
        child_name,
        candidate,
        candidate_name,
        candidate_from,
        words,
        same,
        differs,
    } = found;
    text.line(format!("near miss {}: {words}", kind.word()));
    text.below(|text| {
        text.line(format!(
            "{child_name} ({}), {candidate_name} ({}), {}",
            certificate(Some(child)),
            certificate(Some(candidate)),
            whereabouts(candidate_from)
        ));
        for (what, value) in same {
            text.line(format!("same {what}: {value}"));
        }
        for one in differs {
            text.line(format!(
                "differs in {}: {} and not {}",
                one.what, one.has, one.wanted
            ));
        }
    });
}
