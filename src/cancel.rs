//! The one cancel token: whoever asked for something slow keeps a clone and ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends work before its time. Clones share one state; what is cancelled stays so.
///
/// Loops look at [`is_cancelled`](Self::is_cancelled); async code waits for [`cancelled`](Self::cancelled).
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    is_set: Arc<AtomicBool>,
    bell: Arc<tokio::sync::Notify>,
}

impl Cancel {
    /// Ends the work as soon as it looks.
    pub fn cancel(&self) {
        self.is_set.store(true, Ordering::Relaxed);
        self.bell.notify_waiters();
        self.bell.notify_one();
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.is_set.load(Ordering::Relaxed)
    }

    /// Returns once it is cancelled.
    pub async fn cancelled(&self) {
        while !self.is_cancelled() {
            self.bell.notified().await;
        }
    }

    /// Whether two tokens share one state.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.is_set, &other.is_set)
    }
}

#[cfg(test)]
mod tests {
    use super::Cancel;

    #[test]
    fn clones_share_one_state() {
        let token = Cancel::default();
        let clone = token.clone();
        assert!(!clone.is_cancelled() && clone.is_same(&token));
        token.cancel();
        assert!(clone.is_cancelled());
        assert!(!Cancel::default().is_same(&token));
    }
}
