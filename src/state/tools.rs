//! What a job is handed to work with.

use std::path::PathBuf;
use std::sync::Arc;

use super::features::Done;
use crate::analysis::Analysis;
use crate::capture::Capture;
use crate::clock::Clock;
use crate::diagnose;

/// What the worker hands to each job. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tools {
    /// Identities are minted at its time.
    pub clock: Clock,
    /// Where the settings are kept; `None` remembers nothing.
    pub settings: Option<PathBuf>,
    /// Tells how far something is.
    pub progress: Arc<dyn Fn(Done) + Send + Sync>,
}

impl Tools {
    /// Does slow work on a thread of its own. A panic in it goes on in the caller, as it would without the thread.
    pub(super) async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime ends, and nobody is left to be answered.
                Err(_) => std::future::pending().await,
            },
        }
    }

    /// Tells how far something is. A window that is not drawn takes nothing: what is lost is only how far it was.
    pub(super) fn tell(&self, progress: Done) {
        (self.progress)(progress);
    }
}

/// The evidence with all that follows from it. Milliseconds of work.
pub(super) fn analyse(capture: Arc<Capture>) -> Analysis {
    prepared(Analysis::of(capture))
}

/// Works out what the first frame would ask for.
pub(super) fn prepared(analysis: Analysis) -> Analysis {
    // The words of other stacks are read from their asset once; here, and not in the first frame that shows them.
    let _ = diagnose::other_words(diagnose::CauseId::Expired, None);
    // The Chain tab asks for them: here, and not in its first frame.
    let _ = analysis.paths();
    let _ = analysis.certificates();
    analysis
}
