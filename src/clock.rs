//! The wall clock, as a value that is handed in: what depends on the day can be tested on any day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time of day. The usual one is the machine's; a test hands in one that stands still.
///
/// For durations use [`std::time::Instant`]: a wall clock may be set back.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since the Unix epoch; `None`: the machine's clock.
    set: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock that stands still at this second since the Unix epoch, until it is [set](Self::set_unix_s) again.
    pub fn still(unix_s: i64) -> Self {
        Self {
            set: Some(Arc::new(AtomicI64::new(unix_s.saturating_mul(1_000_000)))),
        }
    }

    /// Moves a clock that stands still, in all its clones. Does nothing to the machine's.
    pub fn set_unix_s(&self, unix_s: i64) {
        if let Some(set) = &self.set {
            set.store(unix_s.saturating_mul(1_000_000), Ordering::Relaxed);
        }
    }

    /// Whether it is one that stands still: then nothing may depend on how long something takes.
    pub fn is_still(&self) -> bool {
        self.set.is_some()
    }

    /// Microseconds since the Unix epoch.
    pub fn unix_us(&self) -> i64 {
        match &self.set {
            Some(set) => set.load(Ordering::Relaxed),
            None => jiff::Timestamp::now().as_microsecond(),
        }
    }

    /// Seconds since the Unix epoch.
    pub fn unix_s(&self) -> i64 {
        self.unix_us().div_euclid(1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn a_clock_that_stands_still_is_moved_in_all_its_clones() {
        let clock = Clock::still(1_800_000_000);
        let clone = clock.clone();
        assert_eq!(clone.unix_s(), 1_800_000_000);
        clock.set_unix_s(-1);
        assert_eq!((clone.unix_s(), clone.unix_us()), (-1, -1_000_000));
    }
}
