//! How each side ended: from its own events where there are any, from its messages where there are none.

use super::{Ending, Verdict};
use crate::capture::{Capture, EventKind, PerSide, Side, VerdictCode};
use crate::decode::Transcript;

/// Both endings.
pub(super) fn endings(capture: &Capture, transcript: &Transcript) -> PerSide<Ending> {
    PerSide {
        client: ending(capture, transcript, Side::Client),
        server: ending(capture, transcript, Side::Server),
    }
}

fn ending(capture: &Capture, transcript: &Transcript, side: Side) -> Ending {
    let events: Vec<_> = capture.events.iter().filter(|event| event.side == side).collect();
    if events.is_empty() {
        return from_messages(transcript, side);
    }
    let connected_at_us = events
        .iter()
        .find(|event| matches!(event.kind, EventKind::HandshakeComplete { .. }))
        .map(|event| event.at_us);
    let stack = capture.sides.of(side).verdict.as_ref();
    let verdict = stack.map_or(Verdict::Unknown, |verdict| {
        verdict_of(verdict.code, connected_at_us.is_some())
    });
    Ending {
        verdict,
        error: stack
            .filter(|_| verdict != Verdict::Accepted)
            .map(|verdict| verdict.words.clone()),
        connected_at_us,
        ended_at_us: events.last().map(|event| event.at_us),
    }
}

fn verdict_of(code: VerdictCode, was_connected: bool) -> Verdict {
    match code {
        VerdictCode::Accepted => Verdict::Accepted,
        VerdictCode::TimedOut => Verdict::Unfinished,
        VerdictCode::TransportEnded if !was_connected => Verdict::Unfinished,
        _ => Verdict::Rejected,
    }
}

/// A client is connected once it has sent its Finished, a server once it has seen the client's (design §4).
fn from_messages(transcript: &Transcript, side: Side) -> Ending {
    let finished = transcript
        .first("Finished", Side::Client)
        .map(|(_, message)| message.at_us);
    let alert = transcript
        .failure_alerts()
        .next()
        .map(|(_, message, _)| message.at_us);
    let last = transcript.messages.last().map(|message| message.at_us);
    let verdict = match (alert, finished) {
        (Some(_), _) => Verdict::Rejected,
        (None, Some(_)) => Verdict::Accepted,
        (None, None) if transcript.messages.is_empty() => Verdict::Unknown,
        (None, None) => Verdict::Unfinished,
    };
    let _ = side;
    Ending {
        verdict,
        error: None,
        connected_at_us: finished,
        ended_at_us: alert.or(last),
    }
}

/// The verdict on the connection: a refusal by either side outweighs what the other believed.
pub(super) fn verdict(endings: &PerSide<Ending>) -> Verdict {
    let both = [endings.client.verdict, endings.server.verdict];
    for wanted in [Verdict::Rejected, Verdict::Unfinished, Verdict::Accepted] {
        if both.contains(&wanted) {
            return wanted;
        }
    }
    Verdict::Unknown
}
