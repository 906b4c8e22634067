//! What never became whole: records that the wire swallowed, and what is left when the capture ends.

use super::cut::record_length;
use super::engine::{Engine, TOO_MANY};
use super::{Protection, Record, Transcript};
use crate::capture::{PerSide, Side};

impl Engine<'_> {
    /// A record that never arrived: no bytes, but worth a line, and counted by its sender. `at` is how much had arrived.
    pub(super) fn lost(&mut self, side: Side, sent: &[u8], at_us: u64, altered: Option<String>, at: usize) {
        let outer = sent.first().copied().unwrap_or_default();
        let ring = &mut self.framing.of_mut(side).keys;
        let protection = match (ring.epoch, outer) {
            (epoch, 23) => epoch,
            // Below TLS 1.3 every record after ChangeCipherSpec is under the keys, whatever its type.
            (Protection::Tls12, _) => Protection::Tls12,
            _ => Protection::None,
        };
        if outer != 20 {
            ring.pass_over(sent.get(5..).unwrap_or_default());
        }
        self.out.records.push(Record {
            altered,
            error: Some(format!(
                "{} were sent and never arrived",
                super::words::size(sent.len())
            )),
            ..Record::new(side, at_us, at..at, outer, protection)
        });
    }

    /// What is left in both streams is a record, or a message, that never became whole.
    pub(super) fn finish(mut self, wires: PerSide<Vec<u8>>) -> Transcript {
        for side in Side::BOTH {
            let wire = wires.of(side);
            let framing = self.framing.of(side);
            let left = framing.cut..wire.len();
            if self.is_full() && !left.is_empty() {
                self.settle_run(side, wire);
                self.give_up_joined(side, self.last_us, TOO_MANY.to_owned());
                if !self.framing.of(side).is_not_tls {
                    self.torn(side, left, self.last_us, TOO_MANY, wire);
                }
                continue;
            }
            if framing.torn.is_some() && !left.is_empty() {
                let why = "no record begins here, after what is missing";
                self.torn(side, left, self.last_us, why, wire);
                continue;
            }
            self.settle_run(side, wire);
            self.abandon(side, self.last_us, "", wire);
        }
        let PerSide { client, server } = wires;
        for (buffer, bytes) in self.out.buffers.iter_mut().zip([client, server]) {
            buffer.bytes = bytes;
        }
        self.out
    }

    /// Gives up on what has not become whole: no more of it will come.
    pub(super) fn abandon(&mut self, side: Side, at_us: u64, why_no_more: &str, wire: &[u8]) {
        let because = |what: String| match why_no_more {
            "" => what,
            why => format!("{what}: {why}"),
        };
        let framing = self.framing.of(side);
        let start = framing.cut;
        let is_not_tls = framing.is_not_tls;
        let why = because(format!(
            "the message ends after {}",
            super::words::size(framing.joined.len())
        ));
        self.give_up_joined(side, at_us, why);
        let left = wire.get(start..).unwrap_or_default();
        if left.is_empty() || is_not_tls {
            return;
        }
        let wanted = record_length(left).unwrap_or(5);
        let why = because(format!(
            "the record is cut off after {} of {wanted} bytes",
            left.len()
        ));
        let framing = self.framing.of(side);
        let record = Record {
            altered: framing.is_cut_off.then(|| "cut off by the wire".to_owned()),
            ..Record::new(
                side,
                at_us,
                start..start + left.len(),
                left.first().copied().unwrap_or_default(),
                framing.keys.epoch,
            )
        };
        self.shut(record, left.get(5..).unwrap_or_default(), why);
    }
}
