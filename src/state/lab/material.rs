//! Files and pasted text on their way into the set-up.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::job::LabJob;
use super::lists;
use super::offer::Offer;
use super::run::RUNS_AFTER;
use super::slot::{SetupSlot, Source};
use super::sorted::{ListsFound, Placement, Sorted};
use crate::capture::Side;
use crate::state::documents::DocumentJob;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::notes::NoteKind;
use crate::state::purpose::SESSION_ENDINGS;
use crate::state::root::State;
use crate::state::settings::SlotFile;

impl State {
    pub(in crate::state) fn read(
        &mut self,
        offers: Vec<Offer>,
        target: Option<(Side, SetupSlot)>,
    ) -> Vec<Effect> {
        if self.holds_files_back() {
            return Vec::new();
        }
        for offer in &offers {
            if let Some(path) = offer.path() {
                self.last_directory = path.parent().map(Path::to_path_buf);
            }
        }
        vec![Effect::Work(Job::Lab(LabJob::Read {
            offers,
            target,
            setup: Box::new(self.lab.setup.clone()),
        }))]
    }

    pub(super) fn load_dropped(
        &mut self,
        paths: Vec<PathBuf>,
        target: Option<(Side, SetupSlot)>,
    ) -> Vec<Effect> {
        if let [path] = &paths[..]
            && let Some(effects) = self.take_as_lessons(path, target)
        {
            return effects;
        }
        // Sessions and packet captures are told apart by their content, on the worker.
        let ends_as = |path: &Path, endings: &[&str]| {
            path.extension()
                .is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
        };
        // `a.pcap.xz` as well: why it cannot be opened is said there.
        let is_session = |path: &PathBuf| {
            ends_as(path, SESSION_ENDINGS) || ends_as(&path.with_extension(""), &["pcap", "pcapng", "cap"])
        };
        let (sessions, material): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_session);
        let mut effects: Vec<Effect> = sessions
            .into_iter()
            .map(|path| Effect::Work(Job::Document(DocumentJob::OpenSession(path))))
            .collect();
        if !material.is_empty() {
            effects.extend(self.read(material.into_iter().map(Offer::File).collect(), target));
        }
        effects
    }

    pub(super) fn take_sorted(&mut self, sorted: Sorted, target: Option<(Side, SetupSlot)>) -> Vec<Effect> {
        match sorted {
            Sorted::Put(placements) => {
                if target.is_none() {
                    self.tell_where(&placements);
                }
                return self.put(placements);
            }
            Sorted::Ask(question) => self.dialogs.ask(*question),
            Sorted::Lists(found, more) => {
                let mut effects = self.put_lists(&found);
                if let Some(more) = more {
                    effects.extend(self.take_sorted(*more, target));
                }
                return effects;
            }
            Sorted::Closed(closed) => self.ask_for_passphrase(*closed),
            Sorted::Several(all) => {
                return all
                    .into_iter()
                    .flat_map(|one| self.take_sorted(one, target))
                    .collect();
            }
            Sorted::Told(sentences, sorted) => {
                let effects = self.take_sorted(*sorted, target);
                self.notes.add(NoteKind::Told, sentences.join(" "));
                return effects;
            }
            Sorted::Refuse(sentence) => {
                // Under its slot, where that is to be seen; once is enough.
                if let Some((side, slot)) = target {
                    self.lab.setup.slot_mut(side, slot).error = Some(sentence.clone());
                }
                if target.is_none() || !self.settings.panels.left.is_shown() {
                    self.notes.add(NoteKind::Trouble, sentence);
                }
            }
        }
        Vec::new()
    }

    /// Where each file is now: a folder's files go to several places.
    fn tell_where(&mut self, placements: &[Placement]) {
        let mut files: Vec<(&Source, &str, Vec<String>)> = Vec::new();
        for placement in placements {
            let slot = match placement.slot {
                SetupSlot::Certificate => "certificate",
                SetupSlot::Key => "key",
                SetupSlot::Trust => "trust",
            };
            let place = format!("the {}’s {slot}", placement.side.word());
            let content = &placement.content;
            match files.iter_mut().find(|(source, ..)| *source == &content.source) {
                Some((.., places)) => places.push(place),
                None => files.push((&content.source, &content.label, vec![place])),
            }
        }
        let clauses: Vec<String> = files
            .iter()
            .map(|(_, label, places)| format!("{label} is now {}", places.join(" and ")))
            .collect();
        if !clauses.is_empty() {
            self.notes.add(NoteKind::Done, format!("{}.", clauses.join("; ")));
        }
    }

    /// Puts content into slots; the server name follows a new server certificate unless the user chose one.
    pub(in crate::state) fn put(&mut self, placements: Vec<Placement>) -> Vec<Effect> {
        for Placement { side, slot, content } in placements {
            *self.lab.setup.slot_mut(side, slot) = content;
            if (side, slot) == (Side::Server, SetupSlot::Certificate)
                && !self.lab.setup.is_server_name_chosen
                && let Some(name) = self.lab.setup.name_on_server_certificate()
                && name != self.lab.setup.server_name
            {
                self.notes.add(
                    NoteKind::Told,
                    format!("The client now asks for {name}, the first name on the server’s certificate."),
                );
                self.lab.setup.server_name = name;
            }
        }
        self.lab.scenario = None;
        self.repair.applied.clear();
        self.forget_passphrases();
        let mut effects = self.setup_changed();
        effects.extend(self.remember_files());
        effects
    }

    /// Keeps the paths of the files in the slots, to offer them the next time. Built-in identities leave them as they were.
    fn remember_files(&mut self) -> Option<Effect> {
        let files: Vec<SlotFile> = self
            .lab
            .setup
            .slots()
            .filter_map(|(side, slot, content)| match &content.source {
                Source::File(path) => Some(SlotFile {
                    side,
                    slot,
                    path: path.clone(),
                }),
                _ => None,
            })
            .collect();
        if files.is_empty() || files == self.settings.files {
            return None;
        }
        self.settings.files = files;
        Some(self.remember())
    }

    /// Loads the files of the last time again, each into its slot.
    pub(super) fn load_last_files(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.lab.last_files)
            .into_iter()
            .flat_map(|file| self.read(vec![Offer::File(file.path)], Some((file.side, file.slot))))
            .collect()
    }

    /// The set-up is newer than its last run; the dots and the time line are to be judged anew.
    pub(in crate::state) fn setup_changed(&mut self) -> Vec<Effect> {
        self.lesson_changed();
        self.lab.is_setup_newer = true;
        self.lab.run_due = self.settings.runs_by_itself.then(|| Instant::now() + RUNS_AFTER);
        self.judge_anew()
    }

    /// The dots are to be judged anew, of a set-up that is what it was.
    pub(in crate::state) fn judge_anew(&mut self) -> Vec<Effect> {
        let ticket = self.ticket();
        self.lab.fit_ticket = ticket;
        let mut effects = vec![Effect::Work(Job::Lab(LabJob::JudgeFit {
            ticket,
            setup: Box::new(self.lab.setup.clone()),
            now_unix_s: self.now_at_bench(),
        }))];
        effects.extend(self.time_changed());
        effects
    }

    /// Takes lists and responses over; the same file again replaces what it gave before.
    pub(in crate::state) fn put_lists(&mut self, found: &ListsFound) -> Vec<Effect> {
        for side in &found.sides {
            let known = &mut self.lab.setup.sides.of_mut(*side).policy.revocation;
            lists::over(&mut known.lists, &found.lists);
            lists::over(&mut known.responses, &found.responses);
        }
        let sides: Vec<&str> = found.sides.iter().map(|side| side.word()).collect();
        let judges = if sides.len() == 1 { "judges" } else { "judge" };
        self.notes.add(
            NoteKind::Done,
            format!("{}: the {} {judges} by it.", found.name, sides.join(" and the ")),
        );
        self.setup_changed()
    }

    /// A side judges by no list any more.
    pub(super) fn clear_lists(&mut self, side: Side) -> Vec<Effect> {
        let known = &mut self.lab.setup.sides.of_mut(side).policy.revocation;
        known.lists.clear();
        known.responses.clear();
        self.forget_passphrases();
        self.setup_changed()
    }
}
