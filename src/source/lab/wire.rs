//! The wire between the two ends: carries one record at a time, and does to it what the set-up says.

use std::collections::VecDeque;

use crate::capture::{Alteration, Side};
use crate::setup::{Fault, FaultTarget};

/// Something on its way to a side.
#[derive(Debug)]
pub(super) enum Delivery {
    /// Bytes, with what the wire did to them.
    Bytes(Vec<u8>, Option<Alteration>),
    /// Bytes that were sent and never arrive: in their place, so that they are recorded in order.
    Lost(Alteration),
    /// The direction is closed: nothing more will come.
    End,
}

/// One direction of the wire.
#[derive(Debug)]
pub(super) struct Wire {
    from: Side,
    fault: Option<Fault>,
    /// Records carried so far.
    count: usize,
    /// Bytes of a record that is not whole yet.
    partial: Vec<u8>,
    is_stalled: bool,
    is_cut: bool,
    queue: VecDeque<Delivery>,
}

/// The answer of a server that does not speak TLS on this port.
const HTTP_ANSWER: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n\
    400 Bad Request: this port speaks plain HTTP\n";

impl Wire {
    pub(super) fn new(from: Side, fault: Option<Fault>) -> Self {
        Self {
            from,
            fault,
            count: 0,
            partial: Vec::new(),
            is_stalled: false,
            is_cut: false,
            queue: VecDeque::new(),
        }
    }

    /// Takes what `from` wrote.
    pub(super) fn carry(&mut self, written: &[u8]) {
        self.partial.extend_from_slice(written);
        while let Some(length) = record_length(&self.partial) {
            let record: Vec<u8> = self.partial.drain(..length).collect();
            self.carry_record(record);
        }
    }

    fn carry_record(&mut self, record: Vec<u8>) {
        let index = self.count;
        self.count += 1;
        if self.is_stalled {
            self.lose(Alteration::Stalled { sent: record });
            return;
        }
        if self.is_cut {
            self.lose(Alteration::Dropped { sent: record });
            return;
        }
        let hits = |target: FaultTarget| target.from == self.from && target.record == index;
        match self.fault {
            Some(Fault::Flip(target)) if hits(target) => {
                // In the middle of the payload: the header stays whole, so that the receiver reads on.
                let middle = 5 + (record.len() - 5) / 2;
                self.flip(record, middle);
            }
            Some(Fault::FlipByte { target, byte }) if hits(target) => self.flip(record, byte),
            Some(Fault::Drop(target)) if hits(target) => self.lose(Alteration::Dropped { sent: record }),
            Some(Fault::Repeat(target)) if hits(target) => {
                self.queue.push_back(Delivery::Bytes(record.clone(), None));
                self.queue
                    .push_back(Delivery::Bytes(record, Some(Alteration::Repeated)));
            }
            Some(Fault::Cut(target)) if hits(target) => {
                let half = record.get(..record.len() / 2).unwrap_or_default().to_vec();
                self.is_cut = true;
                self.queue
                    .push_back(Delivery::Bytes(half, Some(Alteration::Cut { sent: record })));
                self.queue.push_back(Delivery::End);
            }
            Some(Fault::Stall(target)) if hits(target) => {
                self.is_stalled = true;
                self.lose(Alteration::Stalled { sent: record });
            }
            _ => self.queue.push_back(Delivery::Bytes(record, None)),
        }
    }

    /// Delivers a record with the lowest bit of one byte flipped; as it is where it has no such byte.
    fn flip(&mut self, record: Vec<u8>, at: usize) {
        let mut changed = record.clone();
        let altered = changed.get_mut(at).map(|byte| {
            *byte ^= 0x01;
            Alteration::Changed { sent: record }
        });
        self.queue.push_back(Delivery::Bytes(changed, altered));
    }

    fn lose(&mut self, alteration: Alteration) {
        self.queue.push_back(Delivery::Lost(alteration));
    }

    /// The sender closed its direction.
    pub(super) fn close(&mut self) {
        if !self.is_stalled && !self.is_cut {
            self.queue.push_back(Delivery::End);
        }
        self.is_cut = true;
    }

    /// An HTTP server stands where the TLS server should: its answer, and the end.
    pub(super) fn answer_in_http(&mut self) {
        self.queue
            .push_back(Delivery::Bytes(HTTP_ANSWER.to_vec(), Some(Alteration::Injected)));
        self.close();
    }

    /// The next thing for the receiver.
    pub(super) fn deliver(&mut self) -> Option<Delivery> {
        self.queue.pop_front()
    }

    /// Whether nothing is on its way.
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

/// Length of the first whole record, header included (RFC 8446 §5.1).
fn record_length(bytes: &[u8]) -> Option<usize> {
    let high = usize::from(*bytes.get(3)?);
    let low = usize::from(*bytes.get(4)?);
    let length = 5 + (high << 8 | low);
    (bytes.len() >= length).then_some(length)
}
