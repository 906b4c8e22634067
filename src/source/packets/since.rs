//! The clock of one connection or conversation.

/// The time since the first packet. Clocks of merged captures may run backwards; this does not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Since {
    /// Microseconds since the Unix epoch; 0 until a packet bears a time.
    pub started_at_unix_us: i64,
    last_us: u64,
}

impl Since {
    /// Microseconds from the first packet to one of this time; never before the one before.
    pub fn at_us(&mut self, at_unix_us: Option<i64>) -> u64 {
        if let Some(at) = at_unix_us {
            if self.started_at_unix_us == 0 {
                self.started_at_unix_us = at.saturating_sub_unsigned(self.last_us);
            }
            let since = at.saturating_sub(self.started_at_unix_us).max(0);
            self.last_us = self.last_us.max(since.unsigned_abs());
        }
        self.last_us
    }
}

#[cfg(test)]
mod tests;
