//! What is remembered from one start to the next: theme, zoom, recent sessions, the reader's stack.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ThemeChoice;
use crate::diagnose::Tool;

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
        };
        settings.write(&path).expect("it can be written");
        assert_eq!(Settings::read(&path), settings);
        std::fs::write(&path, "{{{").expect("a file");
        assert_eq!(Settings::read(&path), Settings::default());
    }
}
