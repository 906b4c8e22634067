//! What is remembered from one start to the next: theme, zoom, recent sessions, the reader's stack.

mod acts;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::lab::SetupSlot;
use super::panels::Panels;
use crate::capture::Side;
use crate::diagnose::Tool;
use crate::opinion::Programs;
use crate::printable::{printable, shortened};

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
    /// Whether a changed set-up runs by itself.
    SetRunsByItself(bool),
    /// Whether the stacks on this machine are asked after each run.
    SetAsksAfterRun(bool),
    /// Whether a scenario shows at once how it ends.
    SetShowsEndings(bool),
    /// Let everything happen at once, or move again.
    ReduceMotion(bool),
    /// The words of the first start were read.
    Greeted,
}

/// What the worker does: it writes the settings.
#[derive(Debug)]
pub struct SettingsJob(pub Settings);

/// The version that this program writes.
const VERSION: u32 = 1;

/// What is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in the menu"
)]
pub struct Settings {
    /// Of the file's form. Files of before there were versions have none and are the first.
    pub version: u32,
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
    /// The files in the user's own set-up, to offer them again: paths only, never what they hold.
    pub files: Vec<SlotFile>,
    /// Whether a changed set-up runs by itself.
    pub runs_by_itself: bool,
    /// Whether the stacks on this machine are asked after each run.
    pub asks_after_run: bool,
    /// Whether a scenario shows at once how it ends; otherwise it opens before its first step.
    pub shows_endings: bool,
    /// Where the user says that other stacks' programs are.
    pub programs: Programs,
    /// The side panels.
    pub panels: Panels,
    /// Nothing moves.
    pub reduce_motion: bool,
    /// The words of the first start were read.
    pub is_greeted: bool,
}

/// A file that was in a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotFile {
    /// Whose.
    pub side: Side,
    /// Which.
    pub slot: SetupSlot,
    /// Where it was.
    pub path: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            theme: ThemeChoice::default(),
            tool: None,
            zoom_steps: 0,
            recent: Vec::new(),
            stack: None,
            files: Vec::new(),
            runs_by_itself: true,
            asks_after_run: false,
            shows_endings: false,
            programs: Programs::new(),
            panels: Panels::default(),
            reduce_motion: false,
            is_greeted: false,
        }
    }
}

impl Settings {
    /// Where they are kept on this machine.
    pub fn usual_path() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "mtlscope").map(|dirs| dirs.config_dir().join("settings.ron"))
    }

    /// Reads them; the usual ones where there are none. A file that cannot be used is kept beside its place, and the
    /// sentence says so: it is not written over.
    pub fn read(path: &Path) -> (Self, Option<String>) {
        let why = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Self::default(), None),
            Err(error) => error.to_string(),
            Ok(text) => match ron::from_str::<Self>(&text) {
                Ok(settings) if settings.version <= VERSION => return (settings, None),
                Ok(settings) => format!("a newer mtlscope wrote them, in version {}", settings.version),
                Err(error) => error.to_string(),
            },
        };
        let why = printable(&shortened(&why, 200)).into_owned();
        let file = printable(&path.display().to_string()).into_owned();
        let sentence = match set_aside(path) {
            Ok(aside) => format!(
                "{file}: the settings cannot be used ({why}); they are kept as {}, and the usual ones are in use",
                printable(&aside.display().to_string())
            ),
            Err(_) => format!("{file}: the settings cannot be used ({why}); mend the file or move it away"),
        };
        (Self::default(), Some(sentence))
    }

    /// Writes them: whole, or not at all.
    ///
    /// # Errors
    /// Where the disk does not take them.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())
            .map_err(std::io::Error::other)?;
        let new = path.with_extension("ron.new");
        std::fs::write(&new, text)?;
        std::fs::rename(&new, path)
    }
}

/// Moves a file that cannot be used to the first free name beside it.
fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
    let aside = (1..100)
        .map(|number| path.with_extension(format!("broken-{number}.ron")))
        .find(|aside| !aside.exists())
        .ok_or(std::io::ErrorKind::AlreadyExists)?;
    std::fs::rename(path, &aside)?;
    Ok(aside)
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
    use super::{Settings, SlotFile, VERSION};
    use crate::capture::Side;
    use crate::stack::Stack;
    use crate::state::{SetupSlot, ThemeChoice};

    fn settings() -> Settings {
        Settings {
            theme: ThemeChoice::Projector,
            tool: Some(crate::diagnose::Tool::Nginx),
            zoom_steps: 2,
            recent: vec!["a.ron".into()],
            stack: Some("Java".to_owned()),
            files: vec![SlotFile {
                side: Side::Server,
                slot: SetupSlot::Trust,
                path: "ca.pem".into(),
            }],
            runs_by_itself: false,
            asks_after_run: true,
            shows_endings: true,
            programs: [(Stack::Go, "/opt/go/bin/go".into())].into(),
            reduce_motion: true,
            is_greeted: true,
            ..Settings::default()
        }
    }

    #[test]
    fn settings_come_back() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep").join("settings.ron");
        assert_eq!(Settings::read(&path), (Settings::default(), None));
        settings().write(&path).expect("it can be written");
        assert_eq!(Settings::read(&path), (settings(), None));
        // A file of before there were versions.
        std::fs::write(&path, "(theme: Light, zoom_steps: 1)").expect("a file");
        let (old, sentence) = Settings::read(&path);
        assert_eq!(
            (old.theme, old.zoom_steps, sentence),
            (ThemeChoice::Light, 1, None)
        );
        assert!(old.runs_by_itself);
    }

    #[test]
    fn settings_that_cannot_be_used_are_told_and_kept_aside() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("settings.ron");
        let newer = Settings {
            version: VERSION + 1,
            ..settings()
        };
        newer.write(&path).expect("it can be written");
        let newer = std::fs::read_to_string(&path).expect("it was written");
        for (text, name) in [
            ("{{{", "settings.broken-1.ron"),
            (newer.as_str(), "settings.broken-2.ron"),
        ] {
            std::fs::write(&path, text).expect("a file");
            let (settings, sentence) = Settings::read(&path);
            assert_eq!(settings, Settings::default());
            let sentence = sentence.expect("it is told");
            assert!(sentence.contains(name), "{sentence}");
            let kept = std::fs::read_to_string(directory.path().join(name)).expect("it is kept");
            assert_eq!(kept, text);
            assert!(!path.exists(), "nothing is left to stumble over again");
        }
    }
}
