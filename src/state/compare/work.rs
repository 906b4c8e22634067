//! What the worker does for comparisons: it reads sessions and connections, and compares.

use std::path::PathBuf;
use std::sync::Arc;

use super::{CompareDone, CompareJob, Given};
use crate::cancel::Cancel;
use crate::compare::{Both, Subject, compare};
use crate::printable::quoted_path;
use crate::session;
use crate::state::documents::{Connection, Document};
use crate::state::features::{Done, OnFailure};
use crate::state::packets::{is_packets, title_of};
use crate::state::saving::Words;
use crate::state::tools::{Tools, analyse, prepared};
use crate::survey::Survey;

impl CompareJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> CompareDone {
        match self {
            Self::Compare { ticket, both, cancel } => {
                let work = move || CompareDone::Compared {
                    ticket,
                    result: Ok(Arc::new(compared(&both, &cancel))),
                };
                tools.off_thread(work).await
            }
            Self::Session { ticket, path } => {
                let work = move || CompareDone::Loaded {
                    ticket,
                    result: of_session(path).map(Box::new),
                };
                tools.off_thread(work).await
            }
            Self::Connection {
                ticket,
                path,
                survey,
                row,
            } => {
                let work = move || CompareDone::Loaded {
                    ticket,
                    result: of_connection(path, &survey, row).map(Box::new),
                };
                tools.off_thread(work).await
            }
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::Compare { ticket, .. } => {
                let ticket = *ticket;
                Box::new(move |sentence| {
                    Done::Compare(CompareDone::Compared {
                        ticket,
                        result: Err(sentence),
                    })
                })
            }
            Self::Session { ticket, .. } | Self::Connection { ticket, .. } => {
                let ticket = *ticket;
                Box::new(move |sentence| {
                    Done::Compare(CompareDone::Loaded {
                        ticket,
                        result: Err(sentence),
                    })
                })
            }
        }
    }
}

fn compared(both: &Both<Given>, cancel: &Cancel) -> crate::compare::Comparison {
    fn subject((analysis, setup): &Given) -> Subject<'_> {
        Subject {
            analysis,
            setup: setup.as_deref(),
        }
    }
    let both = Both {
        a: subject(&both.a),
        b: subject(&both.b),
    };
    compare(both, cancel)
}

fn of_session(path: PathBuf) -> Result<Document, String> {
    if is_packets(&path) {
        return Err(format!(
            "{} is a packet capture: open it, and its connections can be chosen here.",
            quoted_path(&path)
        ));
    }
    let session = session::load(&path).map_err(|error| error.to_string())?;
    let words = Words {
        title: session.title,
        notes: session.notes,
        step_notes: session.step_notes,
    };
    Ok(Document::of_session(
        path,
        words,
        Arc::new(analyse(session.capture)),
    ))
}

fn of_connection(file: PathBuf, survey: &Survey, row: usize) -> Result<Document, String> {
    let of_row = survey
        .rows
        .get(row)
        .ok_or("that connection is no longer in the list")?;
    let analysis = survey.analysis(of_row).map_err(|error| error.to_string())?;
    Ok(Document {
        connection: Some(Connection { file, row }),
        ..Document::new(title_of(of_row), String::new(), Arc::new(prepared(analysis)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Session, load, save};

    #[test]
    fn a_session_that_is_compared_keeps_all_that_was_written_into_it() {
        let fixture = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/sessions/good-tls13.ron"
        );
        let old = load(std::path::Path::new(fixture)).expect("a session");
        let folder = tempfile::tempdir().expect("a folder");
        let mut step_notes = old.step_notes.clone();
        step_notes.set(2, "look here");
        let session = Session {
            title: "Mine".to_owned(),
            notes: "Of the whole.".to_owned(),
            step_notes: step_notes.clone(),
            ..old
        };
        let path = folder.path().join("mine.ron");
        save(&path, &session).expect("it is saved");
        let document = of_session(path.clone()).expect("it is read");
        assert_eq!(
            (
                document.title.as_str(),
                document.notes.as_str(),
                &document.step_notes
            ),
            ("Mine", "Of the whole.", &step_notes)
        );
        assert!(!document.has_unsaved_words());
        let untitled = Session {
            title: String::new(),
            ..session
        };
        save(&path, &untitled).expect("it is saved");
        assert_eq!(of_session(path).expect("it is read").title, "mine");
    }
}
