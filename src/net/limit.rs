//! A deadline and a cancel: what everything in here heeds.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::NetError;
use crate::cancel::Cancel;

/// A cancel is looked at so often.
const SLICE: Duration = Duration::from_millis(50);

/// Until when something may take, and what ends it earlier.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The deadline.
    pub until: Instant,
    /// Ends it earlier.
    pub cancel: Cancel,
}

impl Limit {
    /// From now on, for so long.
    pub fn for_the_next(span: Duration, cancel: &Cancel) -> Self {
        Self {
            until: Instant::now() + span,
            cancel: cancel.clone(),
        }
    }

    /// The same, and no longer than `span` from now.
    #[must_use]
    pub fn at_most(&self, span: Duration) -> Self {
        Self {
            until: self.until.min(Instant::now() + span),
            cancel: self.cancel.clone(),
        }
    }

    /// What is left, never zero; an error once it is over.
    pub fn left(&self) -> Result<Duration, NetError> {
        if self.cancel.is_cancelled() {
            return Err(NetError::Cancelled);
        }
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(NetError::TimedOut);
        }
        Ok(left)
    }

    /// As [`left`](Self::left), and no longer than one may wait before looking at the cancel again.
    pub(super) fn slice(&self) -> Result<Duration, NetError> {
        // Sockets take no timeout below a millisecond.
        self.left()
            .map(|left| left.clamp(Duration::from_millis(1), SLICE))
    }
}

/// What comes on a channel within the limit; `None` where nobody will send any more.
pub(super) fn wait<T>(channel: &Receiver<T>, limit: &Limit) -> Result<Option<T>, NetError> {
    loop {
        match channel.recv_timeout(limit.slice()?) {
            Ok(it) => return Ok(Some(it)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_at_the_deadline_and_at_the_cancel() {
        let cancel = Cancel::default();
        let limit = Limit::for_the_next(Duration::from_hours(1), &cancel);
        assert!(limit.left().is_ok_and(|left| left > Duration::from_mins(59)));
        assert_eq!(limit.at_most(Duration::ZERO).left(), Err(NetError::TimedOut));
        assert!(limit.at_most(Duration::from_hours(9)).until <= limit.until);
        cancel.cancel();
        assert_eq!(limit.left(), Err(NetError::Cancelled));
    }
}
