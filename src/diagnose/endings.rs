//! How each side ended: from its own events where there are any, from its messages where there are none.

use super::{Ending, Verdict};
use crate::capture::{Capture, EventKind, Origin, PerSide, Side, VerdictCode};
use crate::decode::{Body, MessageKind, Transcript};
use crate::iana::Version;

/// Both endings.
pub(super) fn endings(capture: &Capture, transcript: &Transcript) -> PerSide<Ending> {
    PerSide {
        client: ending(capture, transcript, Side::Client),
        server: ending(capture, transcript, Side::Server),
    }
}

fn ending(capture: &Capture, transcript: &Transcript, side: Side) -> Ending {
    let events: Vec<_> = capture.events.iter().filter(|event| event.side == side).collect();
    // Where a stack told nothing while it ran, the messages tell; what it said in the end outweighs them.
    if events.is_empty() || !capture.origin.is_witnessed(side) {
        let mut told = from_messages(transcript, side);
        if let (Origin::Live { .. }, Some(said)) = (capture.origin, &capture.sides.of(side).verdict) {
            told.verdict = of_code(said.code, told.connected_at_us.is_some());
            told.error = (told.verdict != Verdict::Accepted).then(|| said.words.clone());
            // A client's Finished says nothing of what the server made of it (RFC 8446 §4.4.2).
            if side == Side::Server && told.verdict != Verdict::Accepted {
                told.connected_at_us = None;
            }
            return told;
        }
        // What carried TLS may tell more than TLS: whether the server let the client in.
        let admission = events.iter().find_map(|event| match event.kind {
            EventKind::Admission { is_granted } => Some(is_granted),
            _ => None,
        });
        match admission {
            Some(false) => {
                told.verdict = Verdict::Rejected;
            }
            Some(true) if told.verdict != Verdict::Rejected => {
                told.verdict = Verdict::Accepted;
                told.connected_at_us = told.connected_at_us.or(events.last().map(|event| event.at_us));
            }
            Some(true) | None => {}
        }
        // What carried TLS goes on after it: both are connected until its last word.
        let last_word = capture
            .events
            .iter()
            .filter(|event| matches!(event.kind, EventKind::Admission { .. }))
            .map(|event| event.at_us)
            .max();
        if told.verdict != Verdict::Rejected {
            told.ended_at_us = told.ended_at_us.max(last_word);
        }
        // Of a handshake that was over before the recording began, nothing says how it ended.
        let is_unseen = told.verdict == Verdict::Unfinished && began_before_recording(capture, transcript);
        return Ending {
            verdict: if is_unseen { Verdict::Unknown } else { told.verdict },
            ended_at_us: events.last().map(|event| event.at_us).or(told.ended_at_us),
            ..told
        };
    }
    let connected_at_us = events
        .iter()
        .find(|event| matches!(event.kind, EventKind::HandshakeComplete { .. }))
        .map(|event| event.at_us);
    let stack = capture.sides.of(side).verdict.as_ref();
    let verdict = stack.map_or(Verdict::Unknown, |verdict| {
        of_code(verdict.code, connected_at_us.is_some())
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

fn of_code(code: VerdictCode, was_connected: bool) -> Verdict {
    match code {
        VerdictCode::Accepted => Verdict::Accepted,
        VerdictCode::TimedOut => Verdict::Unfinished,
        VerdictCode::TransportEnded if !was_connected => Verdict::Unfinished,
        _ => Verdict::Rejected,
    }
}

/// A client is connected once it has sent its Finished, a server once it has seen the client's (design §4). In TLS 1.2 both
/// Finished are needed, because the one that comes last says that all is well.
fn from_messages(transcript: &Transcript, side: Side) -> Ending {
    let is_13 = transcript.version.is_some_and(Version::is_13_or_draft);
    let finished = PerSide {
        client: finished_at(transcript, Side::Client, is_13),
        server: finished_at(transcript, Side::Server, is_13),
    };
    let complete = if is_13 {
        finished.client
    } else {
        finished
            .client
            .zip(finished.server)
            .map(|(client, server)| client.max(server))
    };
    // A server whose next word after the client's Finished is a refusal was never content (RFC 8446 §4.4.2.4).
    let was_content = side == Side::Client || !refuses_next(transcript);
    let alert = transcript
        .failure_alerts()
        // A warning is no end: some servers warn of a name that they do not know, and go on (RFC 6066 §3).
        .find(|(_, _, alert)| is_13 || alert.level == 2)
        .map(|(_, message, _)| message.at_us);
    let last = transcript.messages.last().map(|message| message.at_us);
    let has_tls = transcript
        .messages
        .iter()
        .any(|message| !matches!(message.body, Body::NotTls { .. } | Body::Preamble { .. }));
    // What stayed shut may hold anything: a Finished, or the alert that refuses.
    let is_hidden = transcript.version.is_none() || is_13;
    let stayed_shut = transcript
        .messages
        .iter()
        .any(|message| message.kind == MessageKind::Encrypted);
    let verdict = match (alert, complete) {
        (Some(_), _) => Verdict::Rejected,
        (None, Some(_)) => Verdict::Accepted,
        (None, None) if !has_tls || (is_hidden && stayed_shut) => Verdict::Unknown,
        (None, None) => Verdict::Unfinished,
    };
    Ending {
        verdict,
        error: None,
        connected_at_us: complete.filter(|_| was_content),
        ended_at_us: alert.or(last),
    }
}

/// Whether the first thing that the server sent after the client's Finished is an alert that refuses.
fn refuses_next(transcript: &Transcript) -> bool {
    let Some((finished, _)) = transcript.first(MessageKind::Finished, Side::Client) else {
        return false;
    };
    let next = transcript
        .messages
        .iter()
        .skip(finished + 1)
        .find(|message| message.side == Side::Server);
    next.is_some_and(|message| matches!(&message.body, Body::Alert(alert) if !matches!(alert.code, 0 | 90)))
}

/// When a side's Finished was seen. Below TLS 1.3 it need not be opened: the first handshake record after a side's
/// ChangeCipherSpec can be nothing else (RFC 5246 §7.4.9).
fn finished_at(transcript: &Transcript, side: Side, is_13: bool) -> Option<u64> {
    let mut has_switched = false;
    for message in transcript.messages.iter().filter(|message| message.side == side) {
        let is_handshake_record = || {
            message
                .pieces
                .first()
                .and_then(|piece| transcript.records.get(piece.record))
                .is_some_and(|record| record.content_type == 22)
        };
        has_switched |= message.kind == MessageKind::ChangeCipherSpec;
        let is_sealed = message.kind == MessageKind::Encrypted && !is_13 && has_switched;
        if message.kind == MessageKind::Finished || (is_sealed && is_handshake_record()) {
            return Some(message.at_us);
        }
    }
    None
}

/// The clock where nobody knows what it showed: packets may bear no times. Before 1970 nobody judged anything.
pub(super) const NO_CLOCK: i64 = -1;

/// When a capture was recorded, in seconds since the Unix epoch: the clock of those who judge where nothing else is known.
/// Before the epoch where the packets bear no times; nothing is judged by that.
pub fn recorded_at_s(capture: &Capture) -> i64 {
    match (capture.origin, capture.started_at_unix_us) {
        (Origin::Packets, 0) => NO_CLOCK,
        (_, at_us) => at_us.div_euclid(1_000_000),
    }
}

/// Whether the recording began after the connection did, and shows no beginning of a handshake: a lone ticket, a lone
/// close_notify, or application data.
pub fn began_before_recording(capture: &Capture, transcript: &Transcript) -> bool {
    Side::BOTH
        .iter()
        .all(|side| capture.sides.of(*side).began_before_recording)
        && !transcript
            .messages
            .iter()
            .any(|message| matches!(message.body, Body::ClientHello(_) | Body::ServerHello(_)))
}

/// The verdict on a connection alone, without judging certificates: for lists of many.
pub fn verdict_of(capture: &Capture, transcript: &Transcript) -> Verdict {
    verdict(&endings(capture, transcript))
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
