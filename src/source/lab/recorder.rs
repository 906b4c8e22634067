//! The one clock and the one list that everything in a run writes to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::capture::{Alteration, Event, EventKind, Secret, SecretLabel, Segment, Side};

/// Written to by the wire and by the witnesses inside both stacks. Cheap to clone.
#[derive(Clone, Debug)]
pub(in crate::source) struct Recorder {
    start: Instant,
    inner: Arc<Mutex<Record>>,
}

/// What was recorded, in order.
#[derive(Debug, Default)]
pub(in crate::source) struct Record {
    pub segments: Vec<Segment>,
    pub secrets: Vec<Secret>,
    pub events: Vec<Event>,
    last_us: u64,
}

impl Recorder {
    pub(in crate::source) fn start() -> Self {
        Self {
            start: Instant::now(),
            inner: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        // A witness that panicked must not take the evidence with it.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Microseconds since the start, never running backwards.
    fn now_us(&self, record: &mut Record) -> u64 {
        let now = self.start.elapsed().as_micros() as u64;
        record.last_us = record.last_us.max(now);
        record.last_us
    }

    pub(in crate::source) fn event(&self, side: Side, kind: EventKind) {
        let mut record = self.lock();
        let at_us = self.now_us(&mut record);
        record.events.push(Event { at_us, side, kind });
    }

    pub(in crate::source) fn segment(&self, from: Side, bytes: Vec<u8>, altered: Option<Alteration>) {
        let mut record = self.lock();
        let at_us = self.now_us(&mut record);
        record.segments.push(Segment {
            at_us,
            from,
            bytes,
            altered,
        });
    }

    pub(in crate::source) fn secret(&self, side: Side, label: &str, client_random: &[u8], value: &[u8]) {
        self.lock().secrets.push(Secret {
            client_random: client_random.to_vec(),
            label: SecretLabel::from_key_log(label),
            value: value.to_vec(),
            logged_by: Some(side),
        });
    }

    /// All that was recorded; the recorder is empty afterwards.
    pub(in crate::source) fn take(&self) -> Record {
        std::mem::take(&mut self.lock())
    }
}
