//! What is made of open connections: sessions are read, tabs shown and closed.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Document, DocumentCommand, DocumentDone, DocumentJob, Opened};
use crate::analysis::Analysis;
use crate::session;
use crate::state::answer;
use crate::state::effect::Effect;
use crate::state::features::{Done, Job, OnFailure};
use crate::state::notes::NoteKind;
use crate::state::packets::is_packets;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;
use crate::state::saving::{Leaving, Words};
use crate::state::tools::{Tools, analyse};

impl DocumentJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> DocumentDone {
        match self {
            Self::OpenSession(path) => tools.off_thread(move || open(path)).await,
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::OpenSession(path) => {
                let path = path.clone();
                Box::new(move |sentence| {
                    Done::Document(DocumentDone::Opened {
                        path,
                        session: Err(sentence),
                    })
                })
            }
        }
    }
}

fn open(path: PathBuf) -> DocumentDone {
    if is_packets(&path) {
        return DocumentDone::IsPackets(path);
    }
    let session = session::load(&path).map_err(|error| error.to_string());
    DocumentDone::Opened {
        session: session.map(|session| {
            Box::new(Opened {
                title: session.title,
                notes: session.notes,
                step_notes: session.step_notes,
                analysis: Arc::new(analyse(session.capture)),
            })
        }),
        path,
    }
}

impl State {
    pub(in crate::state) fn apply_document(&mut self, command: DocumentCommand) -> Vec<Effect> {
        self.judging_another_bench(|state| state.carry_out_document(command))
    }

    /// Does something that may lead to another tab of the lab.
    pub(in crate::state) fn judging_another_bench(
        &mut self,
        act: impl FnOnce(&mut Self) -> Vec<Effect>,
    ) -> Vec<Effect> {
        let bench = self.lab.bench.clone();
        let mut effects = act(self);
        if self.lab.bench != bench {
            // The dots and the time line are of another set-up now.
            effects.extend(self.judge_anew());
        }
        effects
    }

    fn carry_out_document(&mut self, command: DocumentCommand) -> Vec<Effect> {
        match command {
            DocumentCommand::OpenSession => return self.ask_for_file(PickPurpose::OpenSession),
            DocumentCommand::OpenSessionFile(path) => {
                return vec![Effect::Work(Job::Document(DocumentJob::OpenSession(path)))];
            }
            DocumentCommand::ShowDocument(index) => self.activate(index),
            DocumentCommand::ShowLab => {
                let Some(index) = self.documents.iter().position(Document::is_own) else {
                    self.go_to_bench(&None);
                    return self.run();
                };
                self.activate(index);
            }
            DocumentCommand::CloseDocument(index) => {
                let analysis = self.documents.get(index).map(|one| Arc::downgrade(&one.analysis));
                return analysis.map_or_else(Vec::new, |analysis| self.leave(Leaving::Document(analysis)));
            }
            DocumentCommand::CloseHere => return self.close_here(),
            DocumentCommand::CopyAnswer => {
                if let Some(text) = self.document().map(answer::text) {
                    self.notes.add(NoteKind::Done, "Copied the answer.");
                    return vec![Effect::CopyText(text)];
                }
            }
        }
        Vec::new()
    }

    pub(in crate::state) fn absorb_document(&mut self, done: DocumentDone) -> Vec<Effect> {
        match done {
            DocumentDone::Opened { path, session } => self.take_opened(path, session),
            DocumentDone::IsPackets(path) => self.open_packets(path, None),
        }
    }

    fn take_opened(&mut self, path: PathBuf, session: Result<Box<Opened>, String>) -> Vec<Effect> {
        match session {
            Ok(opened) => {
                let words = Words {
                    title: opened.title,
                    notes: opened.notes,
                    step_notes: opened.step_notes,
                };
                self.leave(Leaving::Replace(path, words, opened.analysis))
            }
            Err(sentence) => {
                self.settings.recent.retain(|other| *other != path);
                self.notes.add(NoteKind::Trouble, sentence);
                vec![self.remember()]
            }
        }
    }
    /// Puts a session on the stage that was read.
    pub(in crate::state) fn show_opened(
        &mut self,
        path: PathBuf,
        words: Words,
        analysis: Arc<Analysis>,
    ) -> Vec<Effect> {
        self.show(Document::of_session(path.clone(), words, analysis));
        self.add_recent(path)
    }
}
