//! Where TLS secrets come from, and how many of them are a connection's own: other connections' secrets are not counted.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::capture::{Capture, KeyLog};

/// One place of secrets.
#[derive(Debug)]
pub(super) struct Source {
    pub log: KeyLog,
    /// `come from keys.log`.
    words: String,
    fitting: AtomicUsize,
}

impl Source {
    pub(super) fn new(log: KeyLog, words: String) -> Self {
        Self {
            log,
            words,
            fitting: AtomicUsize::new(0),
        }
    }

    /// How many of them are this connection's.
    pub(super) fn note(&self, capture: &Capture) -> String {
        let is_own = |secret: &&crate::capture::Secret| self.log.of(&secret.client_random).contains(secret);
        let count = capture.secrets.iter().filter(is_own).count();
        self.fitting.fetch_add(count, Ordering::Relaxed);
        self.sentence(count)
    }

    /// How many of them are those of any connection that was told.
    pub(super) fn sum(&self) -> String {
        self.sentence(self.fitting.load(Ordering::Relaxed))
    }

    fn sentence(&self, fitting: usize) -> String {
        let all = self.log.len();
        match fitting {
            0 => format!(
                "None of the {all} secrets that {} is of this recording.",
                self.words
            ),
            1 => format!(
                "1 secret of this recording is among the {all} that {}.",
                self.words
            ),
            many if many == all => format!("{all} secrets {}.", self.words),
            many => format!(
                "{many} secrets of this recording are among the {all} that {}.",
                self.words
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_counted_of_all_that_there_are() {
        let mut log = KeyLog::default();
        let line = |byte: &str| format!("CLIENT_RANDOM {} {}\n", byte.repeat(32), byte.repeat(48));
        assert_eq!(log.read(&["01", "02", "03"].map(line).concat()), 3);
        let source = Source::new(log, "come from a.log".to_owned());
        for (fitting, wanted) in [
            (
                0,
                "None of the 3 secrets that come from a.log is of this recording.",
            ),
            (
                1,
                "1 secret of this recording is among the 3 that come from a.log.",
            ),
            (
                2,
                "2 secrets of this recording are among the 3 that come from a.log.",
            ),
            (3, "3 secrets come from a.log."),
        ] {
            assert_eq!(source.sentence(fitting), wanted);
        }
    }
}
