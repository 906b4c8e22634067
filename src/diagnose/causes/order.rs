//! Drafts become causes: words for each, whether anybody reported it, and the order in which to mend them.

use super::draft::Draft;
use super::meanings;
use crate::capture::{Capture, Side, StackVerdict};
use crate::decode::Transcript;
use crate::diagnose::cause::{Cause, CauseId, Evidence};
use crate::diagnose::family;
use crate::diagnose::fill::with_key;
use crate::diagnose::words::tell;
use crate::printable::{printable, shortened};

/// Words for all, what stacks and alerts reported, and the order: reported, then proven, then handshake order.
pub(in crate::diagnose) fn finish(
    drafts: Vec<Draft>,
    capture: &Capture,
    transcript: &Transcript,
) -> Vec<Cause> {
    // The key's file is the user's to name, never ours to guess.
    let drafts = drafts.into_iter().map(|mut draft| {
        let sender = draft.side.map(|judge| capture.sides.of(judge.peer()));
        if let Some(side) = sender.filter(|_| draft.fill.value("key_file").is_none())
            && let Some(file) = &side.key_file
        {
            let form = (side.key_is_der, side.key_wrapping);
            draft.fill = with_key(draft.fill, file, form, str::to_owned);
        }
        draft
    });
    in_order(drafts.collect(), |id, side| {
        is_reported(id, side, capture, transcript)
    })
}

/// The same where no handshake is known: what the one stack that was asked reported.
pub(in crate::diagnose) fn finish_alone(drafts: Vec<Draft>, verdict: Option<&StackVerdict>) -> Vec<Cause> {
    in_order(drafts, |id, _| {
        verdict.is_some_and(|verdict| family::of_code(verdict.code).contains(&id))
    })
}

fn in_order(drafts: Vec<Draft>, is_reported: impl Fn(CauseId, Option<Side>) -> bool) -> Vec<Cause> {
    let mut causes: Vec<(u64, Cause)> = Vec::new();
    for draft in drafts {
        let is_known = causes.iter().any(|(_, cause)| {
            cause.id == draft.id && cause.side == draft.side && cause.certificate == draft.certificate
        });
        if is_known {
            continue;
        }
        let told = tell(draft.id, &draft.fill);
        let cause = Cause {
            id: draft.id,
            certainty: draft.certainty,
            side: draft.side,
            certificate: draft.certificate,
            title: told.title,
            detail: told.detail,
            needs: told.needs,
            rule: told.rule,
            reported: is_reported(draft.id, draft.side),
            evidence: draft.evidence.into_iter().map(safe_to_show).collect(),
            remedies: told.remedies,
        };
        causes.push((draft.at_us, cause));
    }
    // Among equals, bytes that were changed come before what the changed bytes then seemed to say.
    causes.sort_by_key(|(at_us, cause)| {
        (
            !cause.reported,
            cause.certainty,
            cause.id != CauseId::Tampered,
            *at_us,
        )
    });
    causes.into_iter().map(|(_, cause)| cause).collect()
}

/// The words of evidence hold names and a stack's own words, which a stranger may have chosen. Its bytes stay as they are.
fn safe_to_show(evidence: Evidence) -> Evidence {
    const MOST: usize = 1_500;
    Evidence {
        words: printable(&shortened(&evidence.words, MOST)).into_owned(),
        ..evidence
    }
}

/// Whether the objecting side's own stack names this fault or its family; failing that, whether an alert does.
fn is_reported(id: CauseId, side: Option<Side>, capture: &Capture, transcript: &Transcript) -> bool {
    let judges: &[Side] = match &side {
        Some(side) => std::slice::from_ref(side),
        None => &Side::BOTH,
    };
    let mut has_spoken = false;
    // Whatever a stack makes of bytes that were changed on the way to it (a signature that fails, a certificate that
    // cannot be read), that it objects at all is the report.
    if id == CauseId::Tampered && judges.iter().any(|judge| objects(capture, *judge)) {
        return true;
    }
    // Asked for a certificate, the server's stack had none to give and gave up: no code of its own says more.
    if matches!(id, CauseId::SniRejected | CauseId::ServerCertificateMissing)
        && objects(capture, Side::Server)
    {
        return true;
    }
    for judge in judges {
        if let Some(verdict) = &capture.sides.of(*judge).verdict {
            let family = family::of_code(verdict.code);
            has_spoken |=
                !family.is_empty() && !matches!(verdict.code, crate::capture::VerdictCode::AlertReceived(_));
            if family.contains(&id) && !matches!(verdict.code, crate::capture::VerdictCode::AlertReceived(_))
            {
                return true;
            }
        }
    }
    if has_spoken {
        return false;
    }
    transcript.failure_alerts().any(|(_, message, alert)| {
        side.is_none_or(|side| side == message.side) && meanings::means(alert.code, id)
    })
}

/// Whether a side's own stack found fault, and did not merely wait or was told.
fn objects(capture: &Capture, side: Side) -> bool {
    use crate::capture::VerdictCode as Code;
    capture.sides.of(side).verdict.as_ref().is_some_and(|verdict| {
        !matches!(
            verdict.code,
            Code::Accepted
                | Code::AlertReceived(_)
                | Code::TimedOut
                | Code::TransportEnded
                | Code::NotConfigurable
        )
    })
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use crate::capture::{Der, Side};
    use crate::diagnose::cause::{CauseId, Certainty};
    use crate::diagnose::causes::draft::Draft;
    use crate::diagnose::certificate::Certificate;
    use crate::diagnose::fill::Fill;

    fn draft(id: CauseId, side: Side, certificate: Option<u8>, certainty: Certainty, at_us: u64) -> Draft {
        let of = |byte| Certificate::read(&Der::from(vec![byte])).reference();
        Draft {
            id,
            certainty,
            side: Some(side),
            certificate: certificate.map(of),
            evidence: Vec::new(),
            fill: Fill::default(),
            at_us,
        }
    }

    #[test]
    fn the_same_is_told_once_and_what_differs_in_anything_is_told_too() {
        use CauseId::{Expired, NotYetValid};
        use Certainty::{Possible, Proven};
        use Side::{Client, Server};
        let drafts = vec![
            draft(Expired, Client, Some(1), Proven, 1),
            draft(Expired, Client, Some(2), Proven, 2),
            draft(Expired, Server, Some(1), Proven, 3),
            draft(Expired, Client, None, Proven, 4),
            draft(NotYetValid, Client, Some(1), Proven, 5),
            draft(Expired, Client, Some(1), Possible, 6),
        ];
        let told: Vec<_> = in_order(drafts, |_, _| false)
            .into_iter()
            .map(|cause| (cause.id, cause.side, cause.certificate.is_some(), cause.certainty))
            .collect();
        assert_eq!(
            told,
            [
                (Expired, Some(Client), true, Proven),
                (Expired, Some(Client), true, Proven),
                (Expired, Some(Server), true, Proven),
                (Expired, Some(Client), false, Proven),
                (NotYetValid, Some(Client), true, Proven),
            ]
        );
    }

    #[test]
    fn reported_comes_before_proven_and_proven_before_possible_and_then_the_time_counts() {
        use CauseId::{Expired, NotYetValid, Tampered, UnknownIssuer, WrongPurpose};
        use Certainty::{Possible, Proven};
        let of = |id, certainty, at_us| draft(id, Side::Client, None, certainty, at_us);
        let drafts = vec![
            of(Expired, Possible, 1),
            of(NotYetValid, Proven, 3),
            of(WrongPurpose, Proven, 2),
            of(Tampered, Proven, 9),
            of(UnknownIssuer, Possible, 9),
        ];
        let told: Vec<CauseId> = in_order(drafts, |id, _| id == UnknownIssuer)
            .iter()
            .map(|cause| cause.id)
            .collect();
        assert_eq!(
            told,
            [UnknownIssuer, Tampered, WrongPurpose, NotYetValid, Expired]
        );
    }
}
