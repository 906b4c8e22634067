//! Writing a session, on the worker.

use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::session::{self, Session};
use crate::state::documents::Words;
use crate::state::features::{Done, OnFailure};
use crate::state::tools::Tools;

/// A session to be written.
#[derive(Clone, Debug)]
pub struct SavingJob {
    /// Where.
    pub path: PathBuf,
    /// Its title and notes.
    pub words: Words,
    /// Whether its TLS secrets stay out of the file.
    pub leaves_secrets_out: bool,
    /// The evidence, and what follows from it (which is not written).
    pub analysis: Arc<Analysis>,
}

/// A session was written, or not.
#[derive(Debug)]
pub struct SavingDone {
    /// What was asked for.
    pub job: SavingJob,
    /// Or why it was not written.
    pub result: Result<(), String>,
}

impl SavingJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> SavingDone {
        let work = move || {
            let whole = Session {
                title: self.words.title.clone(),
                notes: self.words.notes.clone(),
                capture: Arc::clone(&self.analysis.capture),
            };
            let session = if self.leaves_secrets_out {
                whole.redacted()
            } else {
                whole
            };
            SavingDone {
                result: session::save(&self.path, &session).map_err(|error| error.to_string()),
                job: self,
            }
        };
        tools.off_thread(work).await
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        let job = self.clone();
        Box::new(move |sentence| {
            Done::Saving(SavingDone {
                job,
                result: Err(sentence),
            })
        })
    }
}
