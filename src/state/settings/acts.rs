//! How settings are changed, and remembered.

use std::path::PathBuf;

use super::{Settings, SettingsCommand, SettingsJob, ThemeChoice, VERSION};
use crate::diagnose::{self};
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::panels::PanelCommand;
use crate::state::root::State;
use crate::state::tools::Tools;

/// One step of zoom.
const ZOOM_STEP: f32 = 1.1;

/// The projector's type is so much larger.
const PROJECTOR_ZOOM: f32 = 1.3;

/// So many recent sessions are kept.
const MOST_RECENT: usize = 10;

impl SettingsJob {
    /// The sentence where they could not be written.
    pub(in crate::state) async fn run(self, tools: &Tools) -> Option<String> {
        let path = tools.settings.clone()?;
        let written = tools.off_thread(move || self.0.write(&path)).await;
        written.err().map(|error| {
            format!("The settings cannot be written ({error}); they last until the window closes.")
        })
    }
}

impl State {
    pub(in crate::state) fn apply_settings(&mut self, command: SettingsCommand) -> Vec<Effect> {
        match command {
            SettingsCommand::SetTheme(theme) => {
                self.settings.theme = theme;
                vec![Effect::ShowTheme(theme), self.show_zoom(), self.remember()]
            }
            SettingsCommand::SetStack(stack) => {
                self.settings.stack = stack;
                vec![self.remember()]
            }
            SettingsCommand::SetTool(tool) => {
                self.settings.tool = Some(tool);
                vec![self.remember()]
            }
            SettingsCommand::SetRunsByItself(runs) => {
                self.settings.runs_by_itself = runs;
                self.lab.run_due = None;
                vec![self.remember()]
            }
            SettingsCommand::SetAsksAfterRun(asks) => {
                self.settings.asks_after_run = asks;
                vec![self.remember()]
            }
            SettingsCommand::SetShowsEndings(shows) => {
                self.settings.shows_endings = shows;
                vec![self.remember()]
            }
            SettingsCommand::ShowAllStacks(all) => {
                self.shows_all_stacks = all;
                Vec::new()
            }
            SettingsCommand::Zoom(steps) => {
                self.settings.zoom_steps = if steps == 0 {
                    0
                } else {
                    (self.settings.zoom_steps + steps).clamp(-4, 8)
                };
                vec![self.show_zoom(), self.remember()]
            }
            SettingsCommand::ReduceMotion(is_reduced) => {
                self.settings.reduce_motion = is_reduced;
                self.playback.reduce_motion(is_reduced);
                for comparing in &mut self.compare.all {
                    comparing.playback.reduce_motion(is_reduced);
                }
                vec![Effect::ReduceMotion(is_reduced), self.remember()]
            }
            SettingsCommand::Greeted => {
                self.settings.is_greeted = true;
                vec![self.remember()]
            }
        }
    }

    /// The window tells which panels are drawers at its width.
    pub fn set_drawers(&mut self, drawers: (bool, bool)) {
        self.settings.panels.set_drawers(drawers);
    }

    pub(in crate::state) fn apply_panels(&mut self, command: &PanelCommand) -> Vec<Effect> {
        if self.settings.panels.apply(command) {
            vec![self.remember()]
        } else {
            Vec::new()
        }
    }

    fn show_zoom(&self) -> Effect {
        let base = if self.settings.theme == ThemeChoice::Projector {
            PROJECTOR_ZOOM
        } else {
            1.0
        };
        Effect::ShowZoom(base * ZOOM_STEP.powi(self.settings.zoom_steps))
    }

    /// Takes over what was remembered.
    pub fn restore(&mut self, settings: Settings) -> Vec<Effect> {
        self.lab.last_files.clone_from(&settings.files);
        self.settings = Settings {
            version: VERSION,
            zoom_steps: settings.zoom_steps.clamp(-4, 8),
            // A name that is in no table, from an older file or a newer one, would mark nothing.
            stack: settings
                .stack
                .filter(|name| diagnose::stacks().contains(&name.as_str())),
            ..settings
        };
        let is_reduced = self.settings.reduce_motion;
        self.playback.reduce_motion(is_reduced);
        vec![
            Effect::ShowTheme(self.settings.theme),
            Effect::ReduceMotion(is_reduced),
            self.show_zoom(),
        ]
    }

    pub(in crate::state) fn remember(&self) -> Effect {
        Effect::Work(Job::Settings(SettingsJob(self.settings.clone())))
    }

    pub(in crate::state) fn add_recent(&mut self, path: PathBuf) -> Vec<Effect> {
        self.settings.recent.retain(|other| *other != path);
        self.settings.recent.insert(0, path);
        self.settings.recent.truncate(MOST_RECENT);
        vec![self.remember()]
    }
}
