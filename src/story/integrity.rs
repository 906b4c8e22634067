//! What became of a byte that the wire changed: who noticed, with which words, and whether anything of it reached an application.

use crate::capture::{Alteration, Capture, EventKind, PerSide, Side};
use crate::diagnose::Diagnosis;

/// A byte that was changed on its way, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integrity {
    /// `Byte 18 of the server's record 3 was 4f when it was sent, and 4e when it arrived.`
    pub change: String,
    /// How each side ended, in its stack's own words.
    pub sides: PerSide<String>,
    /// What reached the two applications.
    pub delivered: String,
}

impl Integrity {
    /// All of it, a sentence each, in the order in which it is told.
    pub fn lines(&self) -> [&str; 4] {
        [
            &self.change,
            &self.sides.client,
            &self.sides.server,
            &self.delivered,
        ]
    }
}

/// Tells what came of the first byte that the wire changed; `None` where it changed none.
pub fn integrity(capture: &Capture, diagnosis: &Diagnosis) -> Option<Integrity> {
    let mut count = PerSide::<usize>::default();
    let (segment, record, sent) = capture.segments.iter().find_map(|segment| {
        let number = count.of_mut(segment.from);
        *number += 1;
        match &segment.altered {
            Some(Alteration::Changed { sent }) => Some((segment, *number, sent)),
            _ => None,
        }
    })?;
    let at = sent.iter().zip(&segment.bytes).position(|(was, is)| was != is)?;
    let (was, is) = (sent.get(at)?, segment.bytes.get(at)?);
    let from = segment.from;
    let side = |side: Side| {
        let ending = diagnosis.endings.of(side);
        let name = side.word();
        match &ending.error {
            Some(error) => format!("The {name} says: {error}."),
            None => format!("The {name} ends well: {}.", ending.verdict.word()),
        }
    };
    Some(Integrity {
        change: format!(
            "Byte {} of the {}'s record {record} was {was:02x} when it was sent, and {is:02x} when it arrived{}.",
            at + 1,
            from.word(),
            if at < HEADER {
                ", in the record's header"
            } else {
                ""
            },
        ),
        sides: PerSide {
            client: side(Side::Client),
            server: side(Side::Server),
        },
        delivered: delivered(capture, from, segment.at_us),
    })
}

/// Bytes of a record before its payload (RFC 8446 §5.1).
const HEADER: usize = 5;

/// What the receiver's application got, before the change and after it.
fn delivered(capture: &Capture, from: Side, changed_at_us: u64) -> String {
    let receiver = from.peer();
    let lines = |side: Side, is_after: bool| -> Vec<&str> {
        let of = capture
            .events
            .iter()
            .filter(|event| event.side == side && (event.at_us >= changed_at_us) == is_after);
        of.filter_map(|event| match &event.kind {
            EventKind::LineReceived { text } => Some(text.as_str()),
            _ => None,
        })
        .collect()
    };
    let name = receiver.word();
    let (before, after) = (lines(receiver, false), lines(receiver, true));
    match (before.as_slice(), after.as_slice()) {
        (_, [text, ..]) => format!("The {name}'s application received “{text}” all the same."),
        ([text, ..], []) => {
            format!("No byte reached the {name}'s application after the change; before it, “{text}” had.")
        }
        ([], []) => format!("No byte reached the {name}'s application."),
    }
}
