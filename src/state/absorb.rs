//! What the worker's results do.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::SetupSlot;
use super::dialogs::PickPurpose;
use super::document::Document;
use super::effect::Effect;
use super::job::{Done, Offer, Opened, Ran, RunError};
use super::notes::NoteKind;
use super::root::{RunStatus, State};
use super::setup::Setup;
use super::slot::file_name;
use super::sort::Sorted;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::source::lab::LabError;

/// A None from the system's dialog within this time means that there is no dialog: nobody cancels so fast.
const NO_DIALOG_WITHIN: Duration = Duration::from_millis(150);
/// So many recent sessions are kept.
const MOST_RECENT: usize = 10;

impl State {
    /// Takes over a result. What follows from it comes back as effects.
    pub fn absorb(&mut self, done: Done) -> Vec<Effect> {
        match done {
            Done::Started { setup, scenarios } => {
                self.scenarios = scenarios;
                self.run = RunStatus::Idle;
                let effects = self.take_setup(setup, None);
                self.is_first_run = true;
                effects
            }
            Done::Minted { scenario, setup } => self.take_setup(setup, scenario),
            Done::Read { sorted, target, .. } => self.take_read(sorted, target),
            Done::Ran(result) => self.take_run(result),
            Done::Fits { ticket, fits, lists } => {
                // An older judgement speaks of a set-up that is no more.
                if ticket == self.fit_ticket {
                    for (side, slot, fit) in fits {
                        self.setup.slot_mut(side, slot).fit = fit;
                    }
                    self.setup.sides.client.lists_seen = lists.client;
                    self.setup.sides.server.lists_seen = lists.server;
                }
                Vec::new()
            }
            Done::FixProgress { ticket, progress } => {
                self.take_fix_progress(ticket, progress);
                Vec::new()
            }
            Done::Fixes {
                ticket,
                progress,
                result,
            } => {
                self.take_fixes(ticket, progress, result);
                Vec::new()
            }
            Done::TimeLine { ticket, line } => {
                self.take_time_line(ticket, line);
                Vec::new()
            }
            Done::Fetched { ticket, result } => self.take_fetched(ticket, result),
            Done::Opened { path, session } => self.take_opened(path, session),
            Done::IsPackets(path) => self.open_packets(path, None),
            Done::PacketsProgress {
                path,
                what,
                fraction,
                words,
            } => {
                self.packets_progress(&path, what, fraction, words);
                Vec::new()
            }
            Done::Packets { path, cancel, result } => self.take_packets(&path, &cancel, result),
            Done::Connection { path, row, result } => self.take_connection(&path, row, result),
            Done::Saved {
                path,
                analysis,
                result,
            } => self.take_saved(path, &analysis, result),
            Done::Listed { directory, entries } => {
                if let Some(picker) = &mut self.dialogs.picker {
                    match entries {
                        Ok(entries) => {
                            picker.entries = entries;
                            picker.directory = directory;
                            picker.error = None;
                        }
                        Err(sentence) => picker.error = Some(sentence),
                    }
                }
                Vec::new()
            }
            Done::SystemAnswered { ticket, path } => self.take_path(ticket, path),
        }
    }

    fn take_setup(&mut self, setup: Result<Box<Setup>, String>, scenario: Option<String>) -> Vec<Effect> {
        match setup {
            Ok(setup) => {
                self.setup = *setup;
                self.scenario = scenario;
                self.repair.applied.clear();
                let mut effects = self.setup_changed();
                effects.extend(self.apply(super::Command::Run));
                effects
            }
            Err(sentence) => {
                if self.active.is_none() {
                    self.run = RunStatus::CouldNotBegin(sentence.clone());
                }
                self.notes.add(NoteKind::Trouble, sentence);
                Vec::new()
            }
        }
    }

    fn take_read(&mut self, sorted: Vec<(Offer, Sorted)>, target: Option<(Side, SetupSlot)>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (_, sorted) in sorted {
            effects.extend(self.take_sorted(sorted, target));
        }
        effects
    }

    fn take_sorted(&mut self, sorted: Sorted, target: Option<(Side, SetupSlot)>) -> Vec<Effect> {
        match sorted {
            Sorted::Put(placements) => {
                if target.is_none() {
                    self.tell_where(&placements);
                }
                return self.put(placements);
            }
            Sorted::Ask(question) => self.dialogs.question = Some(*question),
            Sorted::Lists(found, more) => {
                let mut effects = self.put_lists(&found);
                if let Some(more) = more {
                    effects.extend(self.take_sorted(*more, target));
                }
                return effects;
            }
            Sorted::Refuse(sentence) => {
                if let Some((side, slot)) = target {
                    self.setup.slot_mut(side, slot).error = Some(sentence.clone());
                }
                self.notes.add(NoteKind::Trouble, sentence);
            }
        }
        Vec::new()
    }

    fn tell_where(&mut self, placements: &[super::Placement]) {
        let places: Vec<String> = placements
            .iter()
            .map(|placement| {
                let slot = match placement.slot {
                    SetupSlot::Certificate => "certificate",
                    SetupSlot::Key => "key",
                    SetupSlot::Trust => "trust",
                };
                format!("the {}’s {slot}", placement.side.word())
            })
            .collect();
        if let Some(first) = placements.first() {
            let label = &first.content.label;
            self.notes.add(
                NoteKind::Done,
                format!("{label} is now {}.", places.join(" and ")),
            );
        }
    }

    fn take_run(&mut self, result: Result<Box<Ran>, RunError>) -> Vec<Effect> {
        self.run = RunStatus::Idle;
        // Without a new run, what is on the stage is older than the set-up.
        self.is_setup_newer |= result.is_err();
        match result {
            Ok(ran) => {
                for (side, slot, content) in ran.read_again {
                    let here = self.setup.slot_mut(side, slot);
                    // The user may have put something else there while it ran.
                    if here.source == content.source {
                        *here = content;
                    }
                }
                for side in Side::BOTH {
                    let now = ran.setup.parties.of(side).revocation.clone();
                    super::lists::take_again(&mut self.setup.sides.of_mut(side).revocation, now);
                }
                self.issuers_elsewhere = ran.issuers_elsewhere;
                let mut effects = self.judge_anew();
                effects.extend(self.search_fixes(ran.setup, &ran.analysis));
                let card = self
                    .scenario
                    .as_ref()
                    .and_then(|id| self.scenarios.iter().find(|card| card.id == *id));
                let (title, notes) = match card {
                    Some(card) => (card.title.clone(), card.look_for.clone()),
                    None => (title_of(&ran.analysis), String::new()),
                };
                // A packet capture that was named on the command line keeps the middle as well.
                let list = self.open_list;
                let opened = self.active.filter(|_| {
                    self.is_first_run && self.document().is_some_and(|document| !document.is_lab())
                });
                self.show(Document {
                    title,
                    notes,
                    path: None,
                    connection: None,
                    is_proof: false,
                    analysis: ran.analysis,
                    is_dirty: true,
                });
                if let Some(opened) = opened {
                    self.activate(opened);
                }
                if self.is_first_run {
                    self.open_list = list;
                }
                effects
            }
            Err(RunError::Lab(LabError::Cancelled)) => {
                self.notes.add(NoteKind::Told, "The run was cancelled.");
                Vec::new()
            }
            Err(RunError::Lab(error)) => {
                let sentence = sentence_case(&error.to_string());
                self.run = RunStatus::CouldNotBegin(sentence.clone());
                self.notes.add(NoteKind::Trouble, sentence);
                Vec::new()
            }
            Err(RunError::Files(refused)) => {
                for (side, slot, sentence) in refused {
                    self.notes
                        .add(NoteKind::Trouble, format!("Nothing was run. {sentence}"));
                    self.setup.slot_mut(side, slot).error = Some(sentence);
                }
                Vec::new()
            }
        }
    }

    fn take_opened(&mut self, path: PathBuf, session: Result<Box<Opened>, String>) -> Vec<Effect> {
        match session {
            Ok(opened) => {
                // A session from the command line may have no title of its own.
                let title = if opened.title.is_empty() {
                    path.file_stem()
                        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
                } else {
                    opened.title
                };
                self.show(Document {
                    title,
                    notes: opened.notes,
                    path: Some(path.clone()),
                    connection: None,
                    is_proof: false,
                    analysis: opened.analysis,
                    is_dirty: false,
                });
                self.add_recent(path)
            }
            Err(sentence) => {
                self.recent.retain(|other| *other != path);
                self.notes.add(NoteKind::Trouble, sentence);
                vec![self.remember()]
            }
        }
    }

    fn take_saved(
        &mut self,
        path: PathBuf,
        analysis: &Arc<Analysis>,
        result: Result<(), String>,
    ) -> Vec<Effect> {
        if let Err(sentence) = result {
            self.notes.add(NoteKind::Trouble, sentence);
            return Vec::new();
        }
        self.notes
            .add(NoteKind::Done, format!("Saved as {}.", file_name(&path)));
        if let Some(document) = self
            .documents
            .iter_mut()
            .find(|document| Arc::ptr_eq(&document.analysis, analysis))
        {
            document.path = Some(path.clone());
            document.is_dirty = false;
        }
        self.add_recent(path)
    }

    pub(super) fn add_recent(&mut self, path: PathBuf) -> Vec<Effect> {
        self.recent.retain(|other| *other != path);
        self.recent.insert(0, path);
        self.recent.truncate(MOST_RECENT);
        vec![self.remember()]
    }

    fn take_path(&mut self, ticket: u64, path: Option<PathBuf>) -> Vec<Effect> {
        let Some(waiting) = self
            .dialogs
            .waiting_for_system
            .as_ref()
            .filter(|waiting| waiting.ticket == ticket)
        else {
            return Vec::new();
        };
        let purpose: PickPurpose = waiting.purpose.clone();
        match path {
            Some(path) => {
                self.dialogs.waiting_for_system = None;
                self.picked(&purpose, path)
            }
            None if waiting.since.elapsed() < NO_DIALOG_WITHIN => self.open_own_picker(),
            None => {
                self.dialogs.waiting_for_system = None;
                Vec::new()
            }
        }
    }
}

/// `orders → payments` for a run of one's own.
fn title_of(analysis: &Analysis) -> String {
    let name = |side: Side| {
        let label = analysis.capture.sides.of(side).label.clone();
        label.unwrap_or_else(|| side.word().to_owned())
    };
    format!("{} → {}", name(Side::Client), name(Side::Server))
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
