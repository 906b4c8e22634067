//! What is remembered from one start to the next: theme, zoom, recent sessions, the reader's stack.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::features::Job;
use super::panels::{PanelCommand, Panels};
use super::root::State;
use super::tools::Tools;
use crate::diagnose::{self, Tool};

/// One step of zoom.
const ZOOM_STEP: f32 = 1.1;
/// The projector's type is so much larger.
const PROJECTOR_ZOOM: f32 = 1.3;
/// So many recent sessions are kept.
const MOST_RECENT: usize = 10;

/// What the user can set.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsCommand {
    /// Light, dark or projector.
    SetTheme(ThemeChoice),
    /// Show what mends it with this tool; remembered.
    SetTool(Tool),
    /// The reader's stack, by its name in [`crate::diagnose::stacks`]; `None`: no one's.
    SetStack(Option<String>),
    /// Show every stack's words, or the first few.
    ShowAllStacks(bool),
    /// Zoom by steps; 0 resets.
    Zoom(i32),
    /// Let everything happen at once, or move again.
    ReduceMotion(bool),
    /// The words of the first start were read.
    Greeted,
}

/// What the worker does: it writes the settings.
#[derive(Debug)]
pub struct SettingsJob(pub Settings);

impl SettingsJob {
    /// The sentence where they could not be written.
    pub(super) async fn run(self, tools: &Tools) -> Option<String> {
        let path = tools.settings.clone()?;
        tools
            .off_thread(move || {
                // Nothing in it is worth a question to the user.
                let _ = self.0.write(&path);
                None
            })
            .await
    }
}

impl State {
    pub(super) fn apply_settings(&mut self, command: SettingsCommand) -> Vec<Effect> {
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

    pub(super) fn apply_panels(&mut self, command: &PanelCommand) -> Vec<Effect> {
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
        self.settings = Settings {
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

    pub(super) fn remember(&self) -> Effect {
        Effect::Work(Job::Settings(SettingsJob(self.settings.clone())))
    }

    pub(super) fn add_recent(&mut self, path: PathBuf) -> Vec<Effect> {
        self.settings.recent.retain(|other| *other != path);
        self.settings.recent.insert(0, path);
        self.settings.recent.truncate(MOST_RECENT);
        vec![self.remember()]
    }
}

/// What is remembered. A file that cannot be read is as good as none: nothing in it is worth a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The theme.
    pub theme: ThemeChoice,
    /// The tool whose commands are shown first; `None`: OpenSSL.
    pub tool: Option<Tool>,
    /// Steps of zoom.
    pub zoom_steps: i32,
    /// Sessions, newest first.
    pub recent: Vec<PathBuf>,
    /// The reader's stack, by its name in [`crate::diagnose::stacks`]: its words come first.
    pub stack: Option<String>,
    /// The side panels.
    pub panels: Panels,
    /// Nothing moves.
    pub reduce_motion: bool,
    /// The words of the first start were read.
    pub is_greeted: bool,
}

impl Settings {
    /// Where they are kept on this machine.
    pub fn usual_path() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "mtlscope").map(|dirs| dirs.config_dir().join("settings.ron"))
    }

    /// Reads them; the usual ones where there are none.
    pub fn read(path: &Path) -> Self {
        std::fs::read_to_string(path)
            .ok()
            .and_then(|text| ron::from_str(&text).ok())
            .unwrap_or_default()
    }

    /// Writes them; whoever asks may ignore a disk that is full.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())
            .map_err(std::io::Error::other)?;
        std::fs::write(path, text)
    }
}

/// The theme that the user chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs, reason = "the words in the menu")]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    /// Light, with larger type.
    Projector,
    /// As the desktop says.
    System,
}

impl ThemeChoice {
    /// All of them, with the words in the menu.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Dark, "Dark"),
        (Self::Light, "Light"),
        (Self::Projector, "Projector"),
        (Self::System, "As the desktop"),
    ];
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::state::ThemeChoice;

    #[test]
    fn settings_come_back_and_nonsense_is_no_trouble() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep").join("settings.ron");
        let settings = Settings {
            theme: ThemeChoice::Projector,
            tool: Some(crate::diagnose::Tool::Nginx),
            zoom_steps: 2,
            recent: vec!["a.ron".into()],
            stack: Some("Java".to_owned()),
            reduce_motion: true,
            is_greeted: true,
            ..Settings::default()
        };
        settings.write(&path).expect("it can be written");
        assert_eq!(Settings::read(&path), settings);
        std::fs::write(&path, "{{{").expect("a file");
        assert_eq!(Settings::read(&path), Settings::default());
    }
}
