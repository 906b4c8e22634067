//! What never became whole: records that the wire swallowed, and what is left when the capture ends.

use super::cut::record_length;
use super::engine::Engine;
use super::{Piece, Protection, Record, Transcript, messages};
use crate::capture::{Alteration, Side};

impl Engine<'_> {
    /// A record that never arrived: no bytes, but worth a line, and counted by its sender.
    pub(super) fn lost(&mut self, side: Side, sent: &[u8], at_us: u64, altered: Option<String>) {
        let lane = self.lanes.of_mut(side);
        let protection = if sent.first() == Some(&23) {
            lane.epoch
        } else {
            Protection::None
        };
        if sent.first() != Some(&20) {
            lane.skip_one();
        }
        let at = lane.wire.len();
        self.out.records.push(Record {
            side,
            at_us,
            wire: at..at,
            content_type: sent.first().copied().unwrap_or_default(),
            protection,
            opened: None,
            keys: None,
            altered,
            error: Some(format!(
                "{} were sent and never arrived",
                super::words::size(sent.len())
            )),
        });
    }

    /// What is left in both streams is a record, or a message, that never became whole.
    pub(super) fn finish(mut self) -> Transcript {
        for side in Side::BOTH {
            let lane = self.lanes.of(side);
            if lane.is_torn && lane.cut < lane.wire.len() {
                let range = lane.cut..lane.wire.len();
                self.torn(
                    side,
                    range,
                    self.last_us,
                    "no record begins here, after what is missing",
                );
                continue;
            }
            self.abandon(side, self.last_us, "");
        }
        self.out
    }

    /// Gives up on what has not become whole: no more of it will come.
    pub(super) fn abandon(&mut self, side: Side, at_us: u64, why_no_more: &str) {
        let because = |what: String| match why_no_more {
            "" => what,
            why => format!("{what}: {why}"),
        };
        let lane = self.lanes.of_mut(side);
        let start = lane.cut;
        let left = lane.wire.get(start..).unwrap_or_default().to_vec();
        let partial = std::mem::take(&mut lane.partial);
        let pieces = std::mem::take(&mut lane.pieces);
        let epoch = lane.epoch;
        if !partial.is_empty() {
            let why = because(format!(
                "the message ends after {}",
                super::words::size(partial.len())
            ));
            let (root, body) = messages::encrypted(&partial, 22, why);
            self.push(side, at_us, "Encrypted", epoch, partial, pieces, root, body);
        }
        if left.is_empty() || self.lanes.of(side).is_not_tls {
            return;
        }
        let wanted = record_length(&left).unwrap_or(5);
        let why = because(format!(
            "the record is cut off after {} of {wanted} bytes",
            left.len()
        ));
        let content_type = left.first().copied().unwrap_or_default();
        let index = self.out.records.len();
        self.out.records.push(Record {
            side,
            at_us,
            wire: start..start + left.len(),
            content_type,
            protection: epoch,
            opened: None,
            keys: None,
            altered: self.cut_words(side),
            error: Some(why.clone()),
        });
        let header = left.len().min(5);
        let payload = left.get(header..).unwrap_or_default().to_vec();
        let (root, body) = messages::encrypted(&payload, content_type, why);
        let pieces = vec![Piece {
            message: 0..payload.len(),
            record: index,
            source: start + header..start + left.len(),
        }];
        self.push(side, at_us, "Encrypted", epoch, payload, pieces, root, body);
    }

    fn cut_words(&self, side: Side) -> Option<String> {
        self.secrets
            .capture
            .segments
            .iter()
            .any(|segment| segment.from == side && matches!(segment.altered, Some(Alteration::Cut { .. })))
            .then(|| "cut off by the wire".to_owned())
    }
}
