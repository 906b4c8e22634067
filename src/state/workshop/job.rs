//! What the worker does for the workshop: it reads packs and records, and makes a lesson's handshakes.

use std::path::Path;
use std::sync::Arc;

use super::{Made, Part, WorkshopDone, WorkshopJob};
use crate::cancel::Cancel;
use crate::lesson::{Change, Pack, Progress, built_in};
use crate::printable::capitalised;
use crate::state::features::{Done, OnFailure};
use crate::state::tools::{Tools, prepared};

impl WorkshopJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> WorkshopDone {
        tools.off_thread(move || self.carry_out()).await
    }

    fn carry_out(self) -> WorkshopDone {
        match self {
            Self::OpenPack { ticket, path } => WorkshopDone::Pack {
                ticket: Some(ticket),
                result: open(path.as_deref()),
            },
            Self::Sort { path, target } => match Pack::open(&path) {
                Ok(pack) if !pack.lessons.is_empty() => WorkshopDone::Pack {
                    ticket: None,
                    result: Ok(Arc::new(pack)),
                },
                _ => WorkshopDone::NoLessons { path, target },
            },
            Self::Make {
                ticket,
                pack,
                lesson,
                part,
                cancel,
            } => WorkshopDone::Made {
                ticket,
                result: make(&pack, &lesson, part, &cancel),
                lesson,
                part,
            },
            Self::Save(path, progress) => {
                let result = progress.save(&path).map_err(|error| error.to_string());
                WorkshopDone::Saved(path, result)
            }
            Self::Load(path) => WorkshopDone::Loaded(
                Progress::load(&path)
                    .map(Box::new)
                    .map_err(|error| error.to_string()),
            ),
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::OpenPack { ticket, .. } => {
                let ticket = Some(*ticket);
                Box::new(move |sentence| {
                    Done::Workshop(WorkshopDone::Pack {
                        ticket,
                        result: Err(sentence),
                    })
                })
            }
            Self::Sort { .. } => Box::new(|sentence| Done::Told(Some(sentence))),
            Self::Make {
                ticket, lesson, part, ..
            } => {
                let (ticket, lesson, part) = (*ticket, lesson.clone(), *part);
                Box::new(move |sentence| {
                    Done::Workshop(WorkshopDone::Made {
                        ticket,
                        lesson,
                        part,
                        result: Err(sentence),
                    })
                })
            }
            Self::Save(path, _) => {
                let path = path.clone();
                Box::new(move |sentence| Done::Workshop(WorkshopDone::Saved(path, Err(sentence))))
            }
            Self::Load(_) => Box::new(|sentence| Done::Workshop(WorkshopDone::Loaded(Err(sentence)))),
        }
    }
}

/// A lesson of a folder stands for the folder.
fn open(path: Option<&Path>) -> Result<Arc<Pack>, String> {
    let Some(path) = path else {
        return Ok(Arc::new(built_in()));
    };
    let is_lesson = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("md"));
    let pack = match path.parent().filter(|_| is_lesson) {
        Some(folder) => Pack::open(folder),
        None => Pack::open(path),
    };
    pack.map(Arc::new)
        .map_err(|error| capitalised(&error.to_string()))
}

fn make(pack: &Pack, lesson: &str, part: Part, cancel: &Cancel) -> Result<Box<Made>, String> {
    let lesson = pack
        .lesson(lesson)
        .ok_or_else(|| "The lesson is no longer in the pack.".to_owned())?;
    let (case, fault): (_, &Change) = match part {
        Part::Shipped | Part::Solution => (&lesson.case, lesson.fault()),
        Part::Twin => (&lesson.twin, &lesson.twin.change),
    };
    let then = (part == Part::Solution).then_some(&lesson.solution);
    let words = |error: crate::lesson::RunError| capitalised(&error.to_string());
    let (shown, at_hand) = if part == Part::Shipped {
        pack.show_with_material(case, fault, &lesson.solution, cancel)
    } else {
        pack.show(case, fault, then, cancel)
            .map(|shown| (shown, Vec::new()))
    }
    .map_err(words)?;
    // A solution has no question of its own.
    let asked = if part == Part::Solution {
        &[][..]
    } else {
        &case.choices
    };
    let judged = asked
        .iter()
        .map(|choice| pack.judge(case, fault, &lesson.success, choice, &shown, cancel))
        .collect::<Result<_, _>>()
        .map_err(words)?;
    Ok(Box::new(Made {
        setup: Box::new(shown.setup),
        analysis: Arc::new(prepared(shown.analysis)),
        judged,
        at_hand,
    }))
}
