//! The application: results in, logic, panels, commands out.

use std::time::{Duration, Instant};

use egui::{CentralPanel, Context, Frame, Margin, Panel, Rect, ScrollArea, Stroke, Ui, ViewportCommand};

use super::options::Options;
use super::{
    compare, connections, drops, empty, focus, gallery, greeting, help, input, inspector, last_files,
    leave_question, notes, passphrase, paste_box, picker, playback_bar, question, save_dialog, session_bar,
    setup, sides, stage, stale_bar, theme, time_strip, top_bar, undo_bar, workshop, zones,
};
use crate::clock::Clock;
use crate::state::{
    Command, Done, Effect, Job, KnownPassphrases, LabCommand, LabDone, LabJob, NoteKind, PanelSide,
    RunStatus, SavingCommand, Settings, Setup, State, ThemeChoice, Worker,
};

/// Between two frames of something that moves.
const FRAME: Duration = Duration::from_millis(16);
/// Between two frames of a run's seconds.
const TICK: Duration = Duration::from_millis(100);

/// The window's inside. Panels see the state alone.
pub struct App {
    state: State,
    worker: Option<Worker>,
    commands: Vec<Command>,
    /// Files of the command line, loaded once the identities stand.
    files: Vec<std::path::PathBuf>,
    clock: Clock,
    /// When the last frame of the playback was drawn, in egui's seconds; `None` while nothing plays.
    played_at_s: Option<f64>,
    /// Nothing is lost by closing the window: it was asked, or there was nothing to ask.
    may_close: bool,
}

impl App {
    /// Prepares fonts and colours, starts the worker, and asks for the identities.
    pub fn new(context: &Context, options: Options) -> Self {
        theme::install(context);
        // Zoom is one of our commands: the projector's theme takes part in it.
        context.options_mut(|all| all.zoom_with_keyboard = false);
        let mut state = State::default();
        state.now_unix_s = options.clock.unix_s();
        let settings_path = options.settings;
        let (settings, broken) = settings_path.as_deref().map(Settings::read).unwrap_or_default();
        if let Some(sentence) = broken {
            state.notes.add(NoteKind::Trouble, sentence);
        }
        for note in options.notes {
            state.notes.add(NoteKind::Told, note);
        }
        let waker = context.clone();
        #[allow(
            clippy::disallowed_methods,
            reason = "the worker's wake function, once for each result"
        )]
        let wake = Box::new(move || waker.request_repaint());
        let worker = match Worker::start(wake, settings_path, options.clock.clone()) {
            Ok(worker) => Some(worker),
            Err(error) => {
                let sentence =
                    format!("The worker could not start ({error}); close other programs and start again.");
                state.lab.run = RunStatus::CouldNotBegin(sentence);
                None
            }
        };
        let mut app = Self {
            state,
            worker,
            commands: Vec::new(),
            files: options.files,
            clock: options.clock,
            played_at_s: None,
            may_close: false,
        };
        let effects = app.state.restore(settings);
        app.carry_out(context, effects);
        let passphrases = KnownPassphrases::given(options.passphrases);
        let setup = options.setup.map(|lab| {
            Box::new(Setup {
                passphrases,
                ..Setup::from_lab(*lab)
            })
        });
        app.carry_out(context, vec![Effect::Work(Job::Lab(LabJob::Start { setup }))]);
        app
    }

    /// What the user is doing.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Acts on a command as if the user had sent it: for tests and for the command line.
    pub fn send(&mut self, context: &Context, command: Command) {
        let effects = self.state.apply(command);
        self.carry_out(context, effects);
    }

    /// Takes a result as if the worker had given it: for tests that draw what no run gives twice.
    pub fn take(&mut self, context: &Context, done: Done) {
        let effects = self.state.absorb(done);
        self.carry_out(context, effects);
    }

    fn carry_out(&mut self, context: &Context, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Work(job) => {
                    let refused = match &self.worker {
                        Some(worker) => worker.send(job).err().map(|answer| *answer),
                        None => Some(job.refused("The worker could not start; start mtlscope again.")),
                    };
                    if let Some(answer) = refused {
                        self.take(context, answer);
                    }
                }
                Effect::CopyText(text) => context.copy_text(text),
                Effect::CloseWindow => {
                    self.may_close = true;
                    context.send_viewport_cmd(ViewportCommand::Close);
                }
                Effect::ToggleFullScreen => {
                    let is_full = context.input(|input| input.viewport().fullscreen.unwrap_or(false));
                    context.send_viewport_cmd(ViewportCommand::Fullscreen(!is_full));
                }
                Effect::ShowTheme(choice) => context.set_theme(match choice {
                    ThemeChoice::Dark => egui::ThemePreference::Dark,
                    ThemeChoice::Light | ThemeChoice::Projector => egui::ThemePreference::Light,
                    ThemeChoice::System => egui::ThemePreference::System,
                }),
                Effect::ShowZoom(factor) => context.set_zoom_factor(factor),
                Effect::ReduceMotion(is_reduced) => theme::reduce_motion(context, is_reduced),
            }
        }
    }

    fn take_results(&mut self, context: &Context) {
        while let Some(done) = self.worker.as_ref().and_then(Worker::next) {
            let is_start = matches!(done, Done::Lab(LabDone::Started { .. }));
            self.take(context, done);
            if is_start && !self.files.is_empty() {
                let files = std::mem::take(&mut self.files);
                self.send(context, Command::Lab(LabCommand::LoadDropped(files, None)));
            }
        }
    }

    /// The window is to close: where that would lose something, it stays and asks.
    fn ask_before_closing(&mut self, context: &Context) {
        let is_asked_to = context.input(|input| input.viewport().close_requested());
        if is_asked_to && !self.may_close && self.state.holds_unsaved_words() {
            context.send_viewport_cmd(ViewportCommand::CancelClose);
            self.send(context, Command::Saving(SavingCommand::CloseWindow));
        }
    }

    /// Asks for the next frame only where something moves or will.
    fn ask_for_frames(&mut self, context: &Context) {
        // By the clock and not by frames: 1× is one step a second however long a frame takes.
        let now_s = context.input(|input| input.time);
        let passed_s = self.played_at_s.map_or(0.0, |before_s| now_s - before_s);
        let is_moving = self.state.advance(passed_s as f32);
        self.played_at_s = is_moving.then_some(now_s);
        if is_moving {
            context.request_repaint_after(FRAME);
        }
        let (effects, left) = self.state.due(Instant::now());
        self.carry_out(context, effects);
        if let Some(left) = left {
            context.request_repaint_after(left);
        }
        if self.state.is_running() || self.state.is_asking() || self.state.is_comparing() {
            context.request_repaint_after(TICK);
        }
        if let Some(waiting) = &self.state.dialogs.waiting_for_system {
            let left = input::OFFERS_OWN_PICKER_AFTER.saturating_sub(waiting.since.elapsed());
            if !left.is_zero() {
                context.request_repaint_after(left);
            }
        }
        if let Some(left) = self.state.dialogs.expire_offer(Instant::now()) {
            context.request_repaint_after(left);
        }
        if let Some(left) = self.state.notes.expire(Instant::now()) {
            context.request_repaint_after(left);
        }
    }

    fn panels(&mut self, ui: &mut Ui) {
        let Self { state, commands, .. } = self;
        let p = theme::palette(ui);
        let window = ui.available_rect_before_wrap();
        // In the order in which Tab goes through them: from left to right, and the playback last.
        let all = zones::zones(window, &state.settings.panels);
        let bar = Margin::symmetric(14, 0);
        sides::zone(ui, all.top, "top bar", *p.panel, bar, |ui| {
            top_bar::show(ui, state, commands);
        });
        let rest = Rect::from_min_max(all.top.left_bottom(), window.max);
        if state.workshop.is_open {
            sides::zone(ui, rest, "workshop", *p.stage, Margin::ZERO, |ui| {
                workshop::show_list(ui, state, commands);
            });
        } else if let Some(list) = state.list() {
            sides::zone(ui, rest, "connections", *p.stage, Margin::ZERO, |ui| {
                connections::show(ui, state, list, commands);
            });
        } else if let Some(comparing) = state.comparison() {
            let all = zones::of_comparison(window, &state.settings.panels);
            sides::zone(ui, all.middle, "comparison", *p.stage, Margin::ZERO, |ui| {
                compare::show(ui, state, comparing, commands);
            });
            sides::show(
                ui,
                PanelSide::Right,
                all.right,
                state,
                commands,
                |ui, commands| {
                    compare::panel(ui, comparing, commands);
                },
            );
            playback(ui, all.bottom, state, commands);
        } else {
            sides::show(
                ui,
                PanelSide::Left,
                all.left,
                state,
                commands,
                |ui, commands| match state.lesson_here() {
                    Some(here) => workshop::show_lesson(ui, state, here, commands),
                    None => setup::show(ui, state, commands),
                },
            );
            sides::zone(ui, all.middle, "stage", *p.stage, Margin::ZERO, |ui| {
                middle(ui, state, commands);
            });
            sides::show(
                ui,
                PanelSide::Right,
                all.right,
                state,
                commands,
                |ui, commands| {
                    inspector::show(ui, state, commands);
                },
            );
            playback(ui, all.bottom, state, commands);
        }
        let stroke = Stroke::new(1.0, *p.border);
        ui.painter().hline(all.top.x_range(), all.top.bottom(), stroke);
    }

    fn overlays(&mut self, context: &Context) {
        let Self { state, commands, .. } = self;
        gallery::show(context, state, commands);
        help::show(context, state, commands);
        paste_box::show(context, state, commands);
        picker::show(context, state, commands);
        picker::offer(context, state, commands);
        question::show(context, state, commands);
        passphrase::show(context, state, commands);
        save_dialog::show(context, state, commands);
        leave_question::show(context, state, commands);
        notes::show(context, state, commands);
        focus::show(context);
    }
}

/// The playback bar in its place.
fn playback(ui: &mut Ui, place: Rect, state: &State, commands: &mut Vec<Command>) {
    let p = theme::palette(ui);
    sides::zone(ui, place, "playback", *p.panel, Margin::ZERO, |ui| {
        playback_bar::show(ui, state, commands);
    });
    let stroke = Stroke::new(1.0, *p.border);
    ui.painter().hline(place.x_range(), place.top(), stroke);
}

/// The stage with what stands above and below it.
fn middle(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = theme::palette(ui);
    if let Some(height) = time_strip::height(state) {
        // The ladder keeps the larger part of a low window.
        let height = height.min(ui.available_height() * 0.55);
        Panel::bottom("time machine")
            .exact_size(height)
            .frame(Frame::new().fill(*p.panel).inner_margin(Margin::symmetric(14, 4)))
            .show(ui, |ui| {
                ScrollArea::vertical()
                    .auto_shrink([false, false])
                    .id_salt("time machine")
                    .show(ui, |ui| time_strip::show(ui, state, commands));
            });
    }
    CentralPanel::default()
        .frame(Frame::new().fill(*p.stage))
        .show(ui, |ui| {
            undo_bar::show(ui, state, commands);
            stale_bar::show(ui, state, commands);
            greeting::show(ui, state, commands);
            last_files::show(ui, state, commands);
            if state.document().is_some() {
                connections::way_back(ui, state, commands);
                session_bar::show(ui, state, commands);
                stage::show(ui, state, commands);
            } else {
                empty::show(ui, state, commands);
            }
        });
}

impl eframe::App for App {
    fn logic(&mut self, context: &Context, _frame: &mut eframe::Frame) {
        self.state.now_unix_s = self.clock.unix_s();
        let width = context.content_rect().width();
        let is_comparing = self.state.comparison().is_some();
        self.state.set_drawers(zones::drawers(width, is_comparing));
        self.take_results(context);
        self.state.make_room();
        self.ask_before_closing(context);
        let mut commands = std::mem::take(&mut self.commands);
        input::collect(context, &self.state, &mut commands);
        drops::collect(context, &self.state, &mut commands);
        for command in commands {
            self.send(context, command);
        }
        self.ask_for_frames(context);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.panels(ui);
        self.overlays(&ui.ctx().clone());
        // What was just asked for is seen in the next frame, which therefore must come.
        if !self.commands.is_empty() {
            let context = ui.ctx().clone();
            for command in std::mem::take(&mut self.commands) {
                self.send(&context, command);
            }
            context.request_repaint_after(Duration::ZERO);
        }
    }
}
