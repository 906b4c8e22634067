//! How comparisons begin, fill, are looked at, and end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::model::{ComparePhase, CompareTab, Compared, Comparing, Place};
use super::{CompareCommand, CompareDone, CompareJob, Given};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::compare::{Both, Comparison, Named, Which, place, text};
use crate::setup::LabSetup;
use crate::state::documents::{Document, Trial};
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::lab::file_name;
use crate::state::notes::NoteKind;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;
use crate::state::view::{InspectorTab, Selection};

impl State {
    /// The comparison in the middle.
    pub fn comparison(&self) -> Option<&Comparing> {
        self.compare.all.get(self.compare.open?)
    }

    pub(in crate::state) fn comparison_mut(&mut self) -> Option<&mut Comparing> {
        self.compare.all.get_mut(self.compare.open?)
    }

    /// Whether the worker is at the comparison in the middle: its seconds are counted.
    pub fn is_comparing(&self) -> bool {
        self.comparison().is_some_and(Comparing::is_working)
    }

    pub(in crate::state) fn apply_compare(&mut self, command: CompareCommand) -> Vec<Effect> {
        self.judging_another_bench(|state| state.carry_out_compare(command))
    }

    fn carry_out_compare(&mut self, command: CompareCommand) -> Vec<Effect> {
        match command {
            CompareCommand::Begin => self.begin_comparison(),
            CompareCommand::Show(id) => {
                if let Some(index) = self.place_of_comparison(id) {
                    self.enter_comparison(index);
                }
            }
            CompareCommand::Close(id) => self.close_comparison(id),
            CompareCommand::TakeDocument(which, index) => {
                let taken = self.documents.get(index).map(|document| self.taken(document));
                if let Some(taken) = taken {
                    return self.fill(which, Place::Taken(Box::new(taken)));
                }
            }
            CompareCommand::TakeConnection(which, path, row) => {
                return self.take_row(which, path, row);
            }
            CompareCommand::ChooseSession(which) => {
                let id = self.comparison().map(|comparing| comparing.id);
                return id.map_or_else(Vec::new, |id| self.ask_for_file(PickPurpose::Compare(id, which)));
            }
            CompareCommand::TakeFiles(paths, which) => return self.take_files(paths, which),
            CompareCommand::Swap => return self.swap_sides(),
            CompareCommand::Cancel => self.cancel_comparing(),
            CompareCommand::Again => return self.compare_anew(),
            CompareCommand::SelectRow(row) => {
                if let Some(comparing) = self.comparison_mut() {
                    comparing.selected = Some(row);
                    // A row opens its fields, unless its bytes are being read.
                    if comparing.tab != CompareTab::Bytes {
                        comparing.tab = CompareTab::Fields;
                    }
                    self.settings.panels.pull_out_inspector();
                }
            }
            CompareCommand::ShowTab(tab) => {
                if let Some(comparing) = self.comparison_mut() {
                    comparing.tab = tab;
                }
            }
            CompareCommand::Toggle(list) => {
                if let Some(comparing) = self.comparison_mut()
                    && !comparing.open_lists.remove(&list)
                {
                    comparing.open_lists.insert(list);
                }
            }
            CompareCommand::ShowSide(which) => {
                self.show_side(which);
            }
            CompareCommand::ShowBytes(which, difference) => self.show_bytes(which, difference),
            CompareCommand::ShowFix => {
                if self.show_side(Which::B) {
                    self.playback.last();
                    (self.selection, self.tab) = (Selection::Nothing, InspectorTab::Why);
                    self.settings.panels.pull_out_inspector();
                }
            }
            CompareCommand::Copy => return self.copy_comparison(),
        }
        Vec::new()
    }

    pub(in crate::state) fn absorb_compare(&mut self, done: CompareDone) -> Vec<Effect> {
        match done {
            CompareDone::Compared { ticket, result } => {
                let awaits = |comparing: &&mut Comparing| matches!(comparing.phase, ComparePhase::Working { ticket: of, .. } if of == ticket);
                // An answer to an older request, or one that was cancelled, changes nothing.
                if let Some(comparing) = self.compare.all.iter_mut().find(awaits) {
                    comparing.take(result);
                }
                Vec::new()
            }
            CompareDone::Loaded { ticket, result } => {
                let awaited = self.compare.all.iter().find_map(|comparing| {
                    let which = Which::BOTH.into_iter().find(|which| {
                        matches!(comparing.places.of(*which), Place::Loading { ticket: of, .. } if *of == ticket)
                    })?;
                    Some((comparing.id, which))
                });
                let Some((id, which)) = awaited else {
                    return Vec::new();
                };
                let place = match result {
                    Ok(document) => Place::Taken(Box::new(self.taken(&document))),
                    Err(sentence) => {
                        self.notes.add(NoteKind::Trouble, sentence);
                        Place::Empty
                    }
                };
                self.put_into(id, which, place)
            }
        }
    }

    /// Begins one with what is on the stage; one that still waits for its other half is found again.
    fn begin_comparison(&mut self) {
        let is_on_stage = self.list().is_none() && self.comparison().is_none();
        let first = self
            .document()
            .filter(|_| is_on_stage)
            .map(|document| self.taken(document));
        let is_the_same = |comparing: &Comparing| {
            let now = first.as_ref().map(|one| Arc::as_ptr(&one.document.analysis));
            matches!(comparing.places.b, Place::Empty)
                && comparing.places.a.analysis().map(Arc::as_ptr) == now
        };
        let index = self.compare.all.iter().position(is_the_same);
        let index = index.unwrap_or_else(|| {
            let mut comparing = Comparing::new(self.ticket(), &self.playback);
            if let Some(first) = first {
                comparing.places.a = Place::Taken(Box::new(first));
            }
            self.compare.all.push(comparing);
            self.compare.all.len() - 1
        });
        self.enter_comparison(index);
    }

    /// A document with the set-up that it was run with: a set-up that was changed since is another's.
    fn taken(&self, document: &Document) -> Compared {
        Compared {
            setup: self.setup_run(&document.analysis).map(Arc::new),
            document: Document {
                look: None,
                ..document.clone()
            },
        }
    }

    fn setup_run(&self, analysis: &Arc<Analysis>) -> Option<LabSetup> {
        std::iter::once(&self.opinions)
            .chain(self.lab.shelved_opinions())
            .find_map(|opinions| opinions.setup_of(analysis).cloned())
    }

    fn take_row(&mut self, which: Which, path: PathBuf, row: usize) -> Vec<Effect> {
        let list = self.packets.lists.iter().find(|list| list.path == path);
        let Some(survey) = list.and_then(|list| list.survey()).cloned() else {
            return Vec::new();
        };
        let title = survey.rows.get(row).map(crate::state::packets::title_of);
        let ticket = self.ticket();
        let loading = Place::Loading {
            ticket,
            title: title.unwrap_or_default(),
        };
        let mut effects = self.fill(which, loading);
        effects.push(Effect::Work(Job::Compare(CompareJob::Connection {
            ticket,
            path,
            survey,
            row,
        })));
        effects
    }

    fn take_files(&mut self, paths: Vec<PathBuf>, which: Option<Which>) -> Vec<Effect> {
        let Some(comparing) = self.comparison() else {
            return Vec::new();
        };
        let is_free = |which: &Which| matches!(comparing.places.of(*which), Place::Empty);
        let first = which
            .or_else(|| Which::BOTH.into_iter().find(is_free))
            .unwrap_or(Which::B);
        let id = comparing.id;
        let mut effects = Vec::new();
        for (path, which) in paths.into_iter().zip([first, first.other()]) {
            effects.extend(self.take_file(id, which, path));
        }
        effects
    }

    /// Reads a session into a place of a comparison, if that is still there.
    pub(in crate::state) fn take_file(&mut self, id: u64, which: Which, path: PathBuf) -> Vec<Effect> {
        if self.place_of_comparison(id).is_none() {
            return Vec::new();
        }
        let ticket = self.ticket();
        let loading = Place::Loading {
            ticket,
            title: file_name(&path),
        };
        let mut effects = self.put_into(id, which, loading);
        effects.push(Effect::Work(Job::Compare(CompareJob::Session { ticket, path })));
        effects
    }

    fn fill(&mut self, which: Which, place: Place) -> Vec<Effect> {
        let id = self.comparison().map(|comparing| comparing.id);
        id.map_or_else(Vec::new, |id| self.put_into(id, which, place))
    }

    /// Fills a place; with both filled the work begins.
    fn put_into(&mut self, id: u64, which: Which, place: Place) -> Vec<Effect> {
        let Some(index) = self.place_of_comparison(id) else {
            return Vec::new();
        };
        if let Some(comparing) = self.compare.all.get_mut(index) {
            *comparing.places.of_mut(which) = place;
        }
        self.begin_work(index)
    }

    fn swap_sides(&mut self) -> Vec<Effect> {
        let Some(index) = self.compare.open else {
            return Vec::new();
        };
        if let Some(comparing) = self.compare.all.get_mut(index) {
            let places = &mut comparing.places;
            std::mem::swap(&mut places.a, &mut places.b);
        }
        self.begin_work(index)
    }

    fn compare_anew(&mut self) -> Vec<Effect> {
        self.compare
            .open
            .map_or_else(Vec::new, |index| self.begin_work(index))
    }

    /// Compares what stands in both places; what was begun before is given up.
    fn begin_work(&mut self, index: usize) -> Vec<Effect> {
        let (ticket, cancel) = (self.ticket(), Cancel::default());
        let Some(comparing) = self.compare.all.get_mut(index) else {
            return Vec::new();
        };
        comparing.give_up();
        comparing.selected = None;
        comparing.playback.at_end_of(0);
        let given = |place: &Place| -> Option<Given> {
            let one = place.taken()?;
            Some((Arc::clone(&one.document.analysis), one.setup.clone()))
        };
        let (Some(a), Some(b)) = (given(&comparing.places.a), given(&comparing.places.b)) else {
            return Vec::new();
        };
        comparing.phase = ComparePhase::Working {
            ticket,
            since: Instant::now(),
            cancel: cancel.clone(),
        };
        vec![Effect::Work(Job::Compare(CompareJob::Compare {
            ticket,
            both: Both { a, b },
            cancel,
        }))]
    }

    fn cancel_comparing(&mut self) {
        let Some(comparing) = self.comparison_mut() else {
            return;
        };
        if matches!(comparing.phase, ComparePhase::Working { .. }) {
            comparing.give_up();
            comparing.phase = ComparePhase::Cancelled;
        }
    }

    pub(in crate::state) fn place_of_comparison(&self, id: u64) -> Option<usize> {
        self.compare.all.iter().position(|comparing| comparing.id == id)
    }

    /// Closes one; where it was in the middle, what was there before it comes back.
    fn close_comparison(&mut self, id: u64) {
        let Some(index) = self.place_of_comparison(id) else {
            return;
        };
        self.compare.all.remove(index).give_up();
        match self.compare.open {
            Some(open) if open > index => self.compare.open = Some(open - 1),
            Some(open) if open == index => {
                self.compare.open = None;
                self.go_back(usize::MAX);
            }
            _ => {}
        }
    }

    /// Puts one of the two on the stage: its tab, where that is still open. Whether there was one.
    fn show_side(&mut self, which: Which) -> bool {
        let place = self.comparison().map(|comparing| comparing.places.of(which));
        let Some(document) = place.and_then(Place::taken).map(|taken| taken.document.clone()) else {
            return false;
        };
        if let Some(index) = self.document_of(Arc::as_ptr(&document.analysis)) {
            self.activate(index);
            return true;
        }
        let has_list = |document: &Document| {
            let file = document.connection.as_ref().map(|from| &from.file);
            self.packets.lists.iter().any(|list| Some(&list.path) == file)
        };
        // A run that gave way to another, or a connection whose list is closed, has no tab to come back to.
        let keeps_place = document.path.is_some() || has_list(&document);
        self.show(if keeps_place {
            document
        } else {
            Document {
                trial: Some(Trial::Compared),
                bench: None,
                connection: None,
                ..document
            }
        });
        true
    }

    fn show_bytes(&mut self, which: Which, difference: usize) {
        let Some(comparing) = self.comparison() else {
            return;
        };
        let one = comparing
            .found()
            .and_then(|found| found.differences.get(difference));
        let analysis = comparing.places.of(which).analysis();
        let at = one.zip(analysis).and_then(|(one, analysis)| place(one, analysis));
        if let Some((message, path)) = at
            && self.show_side(which)
        {
            self.playback.last();
            (self.selection, self.tab) = (Selection::Field { message, path }, InspectorTab::Bytes);
            self.settings.panels.pull_out_inspector();
        }
    }

    fn copy_comparison(&mut self) -> Vec<Effect> {
        let Some(comparing) = self.comparison() else {
            return Vec::new();
        };
        let (Some(found), Some(a), Some(b)) = (
            comparing.found(),
            comparing.places.a.taken(),
            comparing.places.b.taken(),
        ) else {
            return Vec::new();
        };
        let both = Both {
            a: named(a),
            b: named(b),
        };
        let told = text(found, &both, "");
        self.notes.add(NoteKind::Done, "Copied the comparison.");
        vec![Effect::CopyText(told)]
    }
}

/// One of the two by its title.
fn named(one: &Compared) -> Named<'_> {
    Named {
        name: &one.document.title,
        analysis: &one.document.analysis,
    }
}

impl Comparing {
    /// Ends the work under way; its answer is not looked at.
    fn give_up(&mut self) {
        if let ComparePhase::Working { cancel, .. } = &self.phase {
            cancel.cancel();
        }
        self.phase = ComparePhase::Choosing;
    }

    fn take(&mut self, result: Result<Arc<Comparison>, String>) {
        self.phase = match result {
            Ok(found) => {
                self.playback.at_end_of(found.rows.len());
                ComparePhase::Ready(found)
            }
            Err(sentence) => ComparePhase::Failed(sentence),
        };
    }

    /// The playhead to the first row of a chapter.
    pub(in crate::state) fn jump_to(&mut self, chapter: u8) {
        let row = self
            .found()
            .and_then(|found| found.rows.iter().position(|row| row.chapter == chapter));
        if let Some(row) = row {
            self.playback.seek(row as f32 + 1.0);
            self.follow_playhead();
        }
    }
}
