//! What commands do.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::dialogs::PickPurpose;
use super::effect::Effect;
use super::job::{Job, Offer};
use super::notes::NoteKind;
use super::root::{RunStatus, State};
use super::settings::Settings;
use super::slot::Slot;
use super::sort::Placement;
use super::{Command, InspectorTab, Selection, SetupSlot, answer};
use crate::capture::Side;
use crate::diagnose;

/// One step of zoom.
const ZOOM_STEP: f32 = 1.1;
/// The projector's type is so much larger.
const PROJECTOR_ZOOM: f32 = 1.3;

impl State {
    /// Acts on one intent. What takes time, or needs the window, comes back as effects.
    pub fn apply(&mut self, command: Command) -> Vec<Effect> {
        let changes_policy = command.changes_policy();
        if changes_policy {
            self.is_setup_newer = true;
            // What was there before the fix is no longer what one click could put back.
            self.repair.applied.clear();
        }
        match command {
            Command::Run => {
                self.is_first_run = false;
                return self.run_now();
            }
            Command::CancelRun => {
                if let RunStatus::Running { is_cancelled, .. } = &mut self.run {
                    *is_cancelled = true;
                    return vec![Effect::CancelRun];
                }
            }
            Command::ApplyFix(index) => return self.apply_fix(index),
            Command::UndoFix => return self.undo_fix(),
            Command::ShowProof(index) => self.show_proof(index),
            Command::CancelFixes => self.give_up_search(),
            Command::ToggleTimeMachine => return self.toggle_time_machine(),
            Command::DragNeedle(unix_s) => self.drag_needle(unix_s),
            Command::ChooseFile(side, slot) => return self.ask_for_file(PickPurpose::Slot(side, slot)),
            Command::ChooseFiles => return self.ask_for_file(PickPurpose::Material),
            Command::LoadIntoSlot(side, slot, path) => {
                return self.read(vec![Offer::File(path)], Some((side, slot)));
            }
            Command::LoadDropped(paths, target) => return self.load_dropped(paths, target),
            // A log line is no certificate: it goes where errors are explained.
            Command::Paste(text, _) if Self::is_error(&text) => {
                self.read_pasted(text);
                self.show_paste_box(true);
            }
            Command::Paste(text, target) => return self.read(vec![Offer::Text(text)], target),
            Command::ClearSlot(side, slot) => {
                return self.put(vec![Placement {
                    side,
                    slot,
                    content: Slot::empty(slot),
                }]);
            }
            Command::ChooseLists(side) => return self.ask_for_file(PickPurpose::Lists(side)),
            Command::ClearLists(side) => return self.clear_lists(side),
            Command::Fetch(judge, place, reach) => return self.fetch(judge, place, reach),
            Command::CancelFetch(place) => self.cancel_fetch(&place),
            Command::SetStrictness(side, strictness, is_on) => {
                strictness.set(&mut self.setup.sides.of_mut(side).revocation, is_on);
                return self.setup_changed();
            }
            Command::UseBuiltIn => return vec![Effect::Work(Job::BuiltIn)],
            Command::Answer(index) => {
                let question = self.dialogs.question.take();
                let answer = question.and_then(|question| question.answers.into_iter().nth(index));
                return answer.map_or_else(Vec::new, |(_, placements)| self.put(placements));
            }
            Command::UseOwnPicker
            | Command::PickerGoTo(_)
            | Command::PickerFilter(_)
            | Command::PickerType(_)
            | Command::PickerTake(_) => return self.apply_to_picker(command),
            Command::LiftLimits(side) => {
                self.setup.sides.of_mut(side).limits = crate::source::lab::Limits::default();
                return self.setup_changed();
            }
            Command::SetClientAuth(client_auth) => {
                self.setup.client_auth = client_auth;
                return self.setup_changed();
            }
            Command::SetVersions(versions) => self.setup.for_both(|side| side.versions.clone_from(&versions)),
            Command::SetServerName(name) => {
                self.setup.server_name = name;
                self.setup.is_server_name_chosen = true;
                return self.setup_changed();
            }
            Command::SetAlpn(alpn) => self.setup.for_both(|side| side.alpn.clone_from(&alpn)),
            Command::SetCipherSuites(suites) => {
                self.setup.for_both(|side| side.cipher_suites.clone_from(&suites));
            }
            Command::SetGroups(groups) => self.setup.for_both(|side| side.groups.clone_from(&groups)),
            Command::SetClock(clock_unix_s) => {
                self.time.dragged_to = None;
                self.setup.for_both(|side| side.clock_unix_s = clock_unix_s);
                return self.setup_changed();
            }
            Command::SetFault(fault) => self.setup.fault = fault,
            Command::OpenSession => return self.ask_for_file(PickPurpose::OpenSession),
            Command::OpenSessionFile(path) => return vec![Effect::Work(Job::OpenSession(path))],
            Command::SaveSession => return self.save(),
            Command::SaveSessionTo(path) => return self.save_to(path),
            Command::ShowList(index) => self.show_list(index),
            Command::BackToList => self.back_to_list(),
            Command::CloseList(path) => self.close_list(&path),
            Command::SetFilter(filter) => self.set_filter(filter),
            Command::MoveCursor(by) => self.move_cursor(by),
            Command::OpenConnection(place) => return self.open_connection(place),
            Command::ChooseKeyLog => return self.ask_for_key_log(),
            Command::OpenScenario(id) => {
                self.dialogs.gallery = false;
                return vec![Effect::Work(Job::OpenScenario(id))];
            }
            Command::ShowDocument(index) => self.activate(index),
            Command::ShowLab => match self.documents.iter().position(super::Document::is_lab) {
                Some(index) => self.activate(index),
                None => return self.run_now(),
            },
            Command::CloseDocument(index) => self.close(index),
            Command::FilterGallery(text) => self.dialogs.gallery_filter = text,
            Command::ShowGallery(show) => {
                self.dialogs.gallery = show;
                self.dialogs.gallery_filter.clear();
            }
            Command::Select(selection) => self.select(selection),
            Command::ShowTab(tab) => self.tab = tab,
            Command::ToggleRow(row) => {
                if !self.open_rows.remove(&row) {
                    self.open_rows.insert(row);
                }
            }
            Command::TogglePlay
            | Command::StepBy(_)
            | Command::First
            | Command::Last
            | Command::Seek(_)
            | Command::JumpToChapter(_)
            | Command::SetSpeed(_) => self.move_playhead(&command),
            Command::SetTheme(theme) => {
                self.theme = theme;
                let mut effects = vec![Effect::ShowTheme(theme), self.show_zoom()];
                effects.push(self.remember());
                return effects;
            }
            Command::SetStack(stack) => {
                self.stack = stack;
                return vec![self.remember()];
            }
            Command::ShowAllStacks(all) => self.shows_all_stacks = all,
            Command::SetTool(tool) => {
                self.tool = Some(tool);
                return vec![self.remember()];
            }
            Command::ShowPasteBox(show) => self.show_paste_box(show),
            Command::PasteError(text) => self.read_pasted(text),
            Command::ShowHelp(show) => self.dialogs.help = show,
            Command::ToggleFullScreen => return vec![Effect::ToggleFullScreen],
            Command::Zoom(steps) => {
                self.zoom_steps = if steps == 0 {
                    0
                } else {
                    (self.zoom_steps + steps).clamp(-4, 8)
                };
                let mut effects = vec![self.show_zoom()];
                effects.push(self.remember());
                return effects;
            }
            Command::Copy { text, what } => {
                self.notes.add(NoteKind::Done, format!("Copied {what}."));
                return vec![Effect::CopyText(text)];
            }
            Command::CopyAnswer => {
                if let Some(text) = self.document().map(answer::text) {
                    self.notes.add(NoteKind::Done, "Copied the answer.");
                    return vec![Effect::CopyText(text)];
                }
            }
            Command::DismissNote(id) => self.notes.dismiss(id),
            Command::Dismiss => self.dismiss(),
        }
        if changes_policy {
            return self.time_changed();
        }
        Vec::new()
    }

    fn run_now(&mut self) -> Vec<Effect> {
        if self.is_running() || self.run == RunStatus::Starting {
            return Vec::new();
        }
        self.give_up_search();
        self.is_setup_newer = false;
        self.run = RunStatus::Running {
            since: Instant::now(),
            is_cancelled: false,
        };
        vec![Effect::Work(Job::Run {
            setup: Box::new(self.setup.clone()),
        })]
    }

    pub(super) fn read(&mut self, offers: Vec<Offer>, target: Option<(Side, SetupSlot)>) -> Vec<Effect> {
        for offer in &offers {
            if let Offer::File(path) | Offer::Lists(_, path) = offer {
                self.last_directory = path.parent().map(Path::to_path_buf);
            }
        }
        let ticket = self.ticket();
        vec![Effect::Work(Job::Read {
            ticket,
            offers,
            target,
            setup: Box::new(self.setup.clone()),
        })]
    }

    fn load_dropped(&mut self, paths: Vec<PathBuf>, target: Option<(Side, SetupSlot)>) -> Vec<Effect> {
        // Sessions and packet captures are told apart by their content, on the worker.
        let is_session = |path: &PathBuf| {
            path.extension().is_some_and(|ending| {
                ["ron", "pcap", "pcapng", "cap"]
                    .iter()
                    .any(|known| ending.eq_ignore_ascii_case(known))
            })
        };
        let (sessions, material): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_session);
        let mut effects: Vec<Effect> = sessions
            .into_iter()
            .map(|path| Effect::Work(Job::OpenSession(path)))
            .collect();
        if !material.is_empty() {
            effects.extend(self.read(material.into_iter().map(Offer::File).collect(), target));
        }
        effects
    }

    /// Puts content into slots; the server name follows a new server certificate unless the user chose one.
    pub(super) fn put(&mut self, placements: Vec<Placement>) -> Vec<Effect> {
        for Placement { side, slot, content } in placements {
            *self.setup.slot_mut(side, slot) = content;
            if (side, slot) == (Side::Server, SetupSlot::Certificate)
                && !self.setup.is_server_name_chosen
                && let Some(name) = self.setup.name_on_server_certificate()
                && name != self.setup.server_name
            {
                self.notes.add(
                    NoteKind::Told,
                    format!("The client now asks for {name}, the first name on the server’s certificate."),
                );
                self.setup.server_name = name;
            }
        }
        self.scenario = None;
        self.repair.applied.clear();
        self.setup_changed()
    }

    /// The dots are to be judged anew.
    pub(super) fn setup_changed(&mut self) -> Vec<Effect> {
        self.is_setup_newer = true;
        self.judge_anew()
    }

    /// The dots are to be judged anew, of a set-up that is what it was.
    pub(super) fn judge_anew(&mut self) -> Vec<Effect> {
        let ticket = self.ticket();
        self.fit_ticket = ticket;
        let mut effects = vec![Effect::Work(Job::JudgeFit {
            ticket,
            setup: Box::new(self.setup.clone()),
            now_unix_s: self.now_unix_s,
        })];
        effects.extend(self.time_changed());
        effects
    }

    /// A cause, a check or a certificate is told on its own tab; the others keep the tab.
    fn select(&mut self, selection: Selection) {
        match &selection {
            Selection::Field { .. } if !matches!(self.tab, InspectorTab::Fields | InspectorTab::Bytes) => {
                self.tab = InspectorTab::Fields;
            }
            Selection::Step(_) if self.tab == InspectorTab::Chain => self.tab = InspectorTab::Why,
            _ => {}
        }
        self.selection = selection;
    }

    fn show_zoom(&self) -> Effect {
        let base = if self.theme == super::ThemeChoice::Projector {
            PROJECTOR_ZOOM
        } else {
            1.0
        };
        Effect::ShowZoom(base * ZOOM_STEP.powi(self.zoom_steps))
    }

    /// Takes over what was remembered.
    pub fn restore(&mut self, settings: Settings) -> Vec<Effect> {
        self.theme = settings.theme;
        self.tool = settings.tool;
        self.zoom_steps = settings.zoom_steps.clamp(-4, 8);
        self.recent = settings.recent;
        // A name that is in no table, from an older file or a newer one, would mark nothing.
        self.stack = settings
            .stack
            .filter(|name| diagnose::stacks().contains(&name.as_str()));
        vec![Effect::ShowTheme(self.theme), self.show_zoom()]
    }

    pub(super) fn remember(&self) -> Effect {
        Effect::Work(Job::SaveSettings(Settings {
            theme: self.theme,
            tool: self.tool,
            zoom_steps: self.zoom_steps,
            recent: self.recent.clone(),
            stack: self.stack.clone(),
        }))
    }

    fn dismiss(&mut self) {
        let dialogs = &mut self.dialogs;
        if dialogs.question.take().is_some() || dialogs.picker.take().is_some() {
            return;
        }
        if dialogs.waiting_for_system.take().is_some() {
            return;
        }
        if std::mem::take(&mut dialogs.is_pasting)
            || std::mem::take(&mut dialogs.help)
            || std::mem::take(&mut dialogs.gallery)
        {
            return;
        }
        if !self.notes.dismiss_newest() {
            self.selection = Selection::Nothing;
        }
    }
}
