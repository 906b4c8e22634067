//! Causes that the handshake itself shows: nothing in common, nothing sent, bytes that were changed, silence.

use std::collections::HashMap;

use super::draft::Draft;
use super::{carried, grounds, peers, wire};
use crate::capture::{Alteration, Capture, EventKind, PerSide, Segment, Side, Slot, VerdictCode};
use crate::decode::{Body, Transcript};
use crate::diagnose::fill::Fill;
use crate::diagnose::{CauseId, Certainty, Evidence};

/// Everything but certificates.
pub(in crate::diagnose) fn from_handshake(capture: &Capture, transcript: &Transcript) -> Vec<Draft> {
    let mut drafts = Vec::new();
    drafts.extend(altered(capture, transcript));
    drafts.extend(not_tls(transcript));
    drafts.extend(wire::proxy_header(capture, transcript));
    drafts.extend(too_large(capture, transcript));
    drafts.extend(peers::nothing_in_common(capture, transcript));
    drafts.extend(peers::nothing_presented(capture, transcript));
    let has = |id: CauseId| drafts.iter().any(|draft: &Draft| draft.id == id);
    let (was_held_back, was_cut) = (has(CauseId::Timeout), has(CauseId::Truncated));
    // A wire that was cut closes both ends: that is no second cause.
    drafts.extend(
        silence(capture, transcript, was_held_back)
            .into_iter()
            .filter(|draft| !(was_cut && draft.id == CauseId::PeerClosed)),
    );
    if drafts.is_empty() {
        drafts.extend(carried::refused_without_alert(capture, transcript));
    }
    if drafts.is_empty() {
        drafts.extend(wire::hung_up(capture, transcript));
    }
    if let Some(changed) = changed(capture) {
        // Whatever the bytes seem to say from there on, they say because they were changed.
        let receiver = changed.from.peer();
        let failed_after = capture.events.iter().any(|event| {
            let is_failure = matches!(event.kind, EventKind::Failed(_));
            is_failure && event.side == receiver && event.at_us >= changed.at_us
        });
        let follows =
            |draft: &Draft| draft.at_us >= changed.at_us || (failed_after && draft.side == Some(receiver));
        let is_of_wire = |id| matches!(id, CauseId::Tampered | CauseId::Truncated);
        drafts.retain(|draft| is_of_wire(draft.id) || !follows(draft));
        if !drafts.iter().any(|draft| draft.id == CauseId::Tampered) {
            drafts.push(tampered(changed));
        }
    }
    drafts
}

/// The first segment whose bytes the wire changed.
fn changed(capture: &Capture) -> Option<&Segment> {
    let is_changed = |segment: &&Segment| matches!(segment.altered, Some(Alteration::Changed { .. }));
    capture.segments.iter().find(is_changed)
}

/// A change that no whole record shows: a length, say, that makes the receiver wait for more.
fn tampered(changed: &Segment) -> Draft {
    let row = format!(
        "In a record from the {} one byte was changed on the wire.",
        changed.from.word()
    );
    of_wire(CauseId::Tampered, changed.from, changed.at_us, row, (None, 0))
}

/// What the wire did to a sender's record, in a sentence; with the message that shows it, and its length in bytes.
fn of_wire(
    id: CauseId,
    sender: Side,
    at_us: u64,
    row: String,
    (message, length): (Option<usize>, usize),
) -> Draft {
    let evidence = vec![Evidence {
        message,
        range: 0..length,
        words: row.clone(),
    }];
    let fill = Fill::default()
        .with("row", row)
        .with("sender", sender.word())
        .with("judge", sender.peer().word());
    draft(id, Some(sender.peer()), at_us, evidence, fill)
}

fn draft(id: CauseId, side: Option<Side>, at_us: u64, evidence: Vec<Evidence>, fill: Fill) -> Draft {
    Draft {
        id,
        certainty: Certainty::Proven,
        side,
        certificate: None,
        evidence,
        fill,
        at_us,
    }
}

/// What the wire did, where the source sat on both ends and knows.
fn altered(capture: &Capture, transcript: &Transcript) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    // Records and segments may be many: each is looked at once.
    let mut segments = HashMap::new();
    let mut is_cut = PerSide::<bool>::default();
    for segment in &capture.segments {
        if let Some(altered) = &segment.altered {
            segments.entry((segment.from, segment.at_us)).or_insert(altered);
            *is_cut.of_mut(segment.from) |= matches!(altered, Alteration::Cut { .. });
        }
    }
    for (index, record) in transcript.records.iter().enumerate() {
        let Some(words) = &record.altered else { continue };
        let sender = record.side;
        // What was cut off is told of at the end, at another time than its segment's.
        let was_cut = words.starts_with("cut off by the wire") && *is_cut.of(sender);
        let id = match segments.get(&(sender, record.at_us)) {
            _ if was_cut => CauseId::Truncated,
            Some(Alteration::Injected) => continue,
            Some(Alteration::Cut { .. }) => CauseId::Truncated,
            Some(Alteration::Stalled { .. })
                if drafts.iter().any(|draft: &Draft| draft.id == CauseId::Timeout) =>
            {
                continue;
            }
            Some(Alteration::Stalled { .. }) => CauseId::Timeout,
            // What was cut off after the cut is the same cause.
            Some(Alteration::Dropped { .. }) if *is_cut.of(sender) => continue,
            // Messages that are missing as a whole: what came was well formed and unchanged, and came too early.
            Some(Alteration::Dropped { .. }) if is_out_of_turn(capture, sender.peer()) => {
                CauseId::UnexpectedMessage
            }
            _ => CauseId::Tampered,
        };
        // The first shows it; the same again is the same cause.
        let is_known = |draft: &Draft| draft.id == id && draft.side == Some(sender.peer());
        if drafts.iter().any(is_known) {
            continue;
        }
        let message = transcript
            .messages
            .iter()
            .position(|message| message.pieces.iter().any(|piece| piece.record == index));
        // `one byte was changed on the wire`, or `swallowed by the wire`.
        let is_whole = words.contains(" was ") || words.contains(" were ");
        let (before, verb) = if is_whole { ("In a", "") } else { ("A", " was") };
        let mut row = format!("{before} record from the {}{verb} {words}.", sender.word());
        if id == CauseId::UnexpectedMessage
            && let Some(verdict) = &capture.sides.of(sender.peer()).verdict
        {
            row = format!(
                "{row} The {} says: {}.",
                sender.peer().word(),
                verdict.words.trim_end_matches('.')
            );
        }
        let range = message
            .and_then(|index| transcript.messages.get(index))
            .map_or(0, |message| message.bytes.len());
        drafts.push(of_wire(id, sender, record.at_us, row, (message, range)));
    }
    drafts
}

/// Whether a side's stack says that a message came out of turn.
fn is_out_of_turn(capture: &Capture, side: Side) -> bool {
    let verdict = capture.sides.of(side).verdict.as_ref();
    verdict.is_some_and(|verdict| verdict.code == VerdictCode::UnexpectedMessage)
}

fn not_tls(transcript: &Transcript) -> Vec<Draft> {
    transcript
        .messages
        .iter()
        .enumerate()
        .filter_map(|(index, message)| {
            let Body::NotTls { looks_like } = &message.body else {
                return None;
            };
            let words = looks_like.map_or_else(|| "something that is not TLS".to_owned(), str::to_owned);
            let evidence = Evidence {
                message: Some(index),
                range: 0..message.bytes.len().min(32),
                words: format!("it speaks {words}"),
            };
            let fill = Fill::default()
                .with("sender", message.side.word())
                .with("judge", message.side.peer().word())
                .with("looks_like", words);
            Some(draft(
                CauseId::NotTls,
                Some(message.side.peer()),
                message.at_us,
                vec![evidence],
                fill,
            ))
        })
        .collect()
}

/// A message that a side did not read because of its size; a certificate that alone is too large has a cause of its own.
fn too_large(capture: &Capture, transcript: &Transcript) -> Vec<Draft> {
    Side::BOTH
        .into_iter()
        .filter_map(|side| {
            let verdict = capture.sides.of(side).verdict.as_ref()?;
            let is_it =
                verdict.code == VerdictCode::InvalidMessage && verdict.words.contains("PayloadTooLarge");
            let sender = side.peer();
            let has_a_large_one = transcript.chain_sent_by(sender).is_some_and(|(_, sent)| {
                sent.chain
                    .iter()
                    .any(|(der, _)| grounds::too_large(der.as_bytes()).is_some())
            });
            if !is_it || has_a_large_one {
                return None;
            }
            let (index, message) = transcript
                .messages
                .iter()
                .enumerate()
                .filter(|(_, message)| message.side == sender)
                .max_by_key(|(_, message)| message.bytes.len())?;
            let file = capture
                .at_hand
                .iter()
                .find(|item| item.side == Some(sender) && item.slot == Slot::Certificate)
                .and_then(|item| item.file.clone());
            let row = format!("Its {} has {} bytes.", message.kind, message.bytes.len());
            let mut fill = Fill::default()
                .with("row", row.as_str())
                .with("what", format!("{} message", message.kind))
                .with("sender", sender.word())
                .with("judge", side.word());
            if let Some(file) = file {
                fill = fill.with("leaf_file", file);
            }
            let evidence = Evidence {
                message: Some(index),
                range: 0..message.bytes.len(),
                words: row,
            };
            Some(draft(
                CauseId::MessageTooLarge,
                Some(side),
                message.at_us,
                vec![evidence],
                fill,
            ))
        })
        .collect()
}

/// A side that waited in vain, or a transport that ended; only where nothing better explains it.
fn silence(capture: &Capture, transcript: &Transcript, was_held_back: bool) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut is_told = was_held_back;
    let last = transcript.messages.last();
    for side in Side::BOTH {
        let Some(verdict) = &capture.sides.of(side).verdict else {
            continue;
        };
        let seen = last.map_or_else(
            || "Nothing was seen at all.".to_owned(),
            |message| {
                format!(
                    "The last thing seen was {} from the {}.",
                    message.kind,
                    message.side.word()
                )
            },
        );
        let id = match verdict.code {
            // Where both wait, one cause says so; where the wire is known to have held something back, it was said.
            VerdictCode::TimedOut if is_told => continue,
            VerdictCode::TimedOut => {
                is_told = true;
                CauseId::Timeout
            }
            VerdictCode::TransportEnded if !peer_failed(capture, side) => CauseId::PeerClosed,
            VerdictCode::UnexpectedMessage | VerdictCode::PeerMisbehaved => CauseId::UnexpectedMessage,
            _ => continue,
        };
        let row = format!(
            "The {} says: {}. {seen}",
            side.word(),
            verdict.words.trim_end_matches('.')
        );
        let message = transcript.messages.len().checked_sub(1);
        let range = last.map_or(0, |message| message.bytes.len());
        let evidence = vec![Evidence {
            message,
            range: 0..range,
            words: seen.clone(),
        }];
        let fill = Fill::default()
            .with("row", row)
            .with("sender", side.peer().word())
            .with("judge", side.word());
        let at_us = last.map_or(0, |message| message.at_us);
        drafts.push(draft(id, Some(side), at_us, evidence, fill));
    }
    drafts
}

/// Whether the peer gave up for a reason of its own: then its closing is no cause.
fn peer_failed(capture: &Capture, side: Side) -> bool {
    capture
        .sides
        .of(side.peer())
        .verdict
        .as_ref()
        .is_some_and(|verdict| !matches!(verdict.code, VerdictCode::Accepted | VerdictCode::TransportEnded))
}
