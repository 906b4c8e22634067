//! Writing a session, on the worker.

use std::sync::Arc;

use super::model::{SavingDone, SavingJob};
use crate::export::notes_without_secrets;
use crate::session::{self, Session};
use crate::state::features::{Done, OnFailure};
use crate::state::tools::Tools;

impl SavingJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> SavingDone {
        let work = move || {
            let whole = Session {
                title: self.words.title.clone(),
                notes: self.words.notes.clone(),
                step_notes: self.words.step_notes.clone(),
                ..Session::new(Arc::clone(&self.analysis.capture))
            };
            let session = if self.leaves_secrets_out {
                Session {
                    step_notes: notes_without_secrets(&self.words.step_notes, &self.analysis),
                    ..whole.redacted()
                }
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
