//! Our own file picker: a path and a list of what is in the directory. For where the system has no dialog.

use std::path::{Path, PathBuf};

use super::purpose::PickPurpose;

/// More entries than this are not listed: the path field still reaches them.
const MOST_ENTRIES: usize = 5_000;

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// A directory, or a link to one.
    pub is_directory: bool,
    /// Its size in bytes; of a directory and of what cannot be looked at `None`.
    pub bytes: Option<u64>,
    /// When it was last changed, in seconds since the epoch.
    pub changed_unix_s: Option<i64>,
}

/// The picker as it stands open.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What the file is for.
    pub purpose: PickPurpose,
    /// What is listed.
    pub directory: PathBuf,
    /// What is to be listed next, or is already.
    pub(super) asked_for: PathBuf,
    /// What is in it; directories first. Empty until it has been read.
    pub entries: Vec<Entry>,
    /// Why the directory could not be read.
    pub error: Option<String>,
    /// Which names are shown: those that contain this.
    pub filter: String,
    /// What stands in the path field.
    pub path_text: String,
}

impl Picker {
    /// Opens in a directory; its entries arrive when a worker has read them.
    pub fn open(purpose: PickPurpose, directory: PathBuf) -> Self {
        let name = purpose.proposed_name();
        let path_text = name.map_or_else(String::new, |name| directory.join(name).display().to_string());
        Self {
            purpose,
            asked_for: directory.clone(),
            directory,
            entries: Vec::new(),
            error: None,
            filter: String::new(),
            path_text,
        }
    }

    /// The entries that the filter lets through.
    pub fn shown(&self) -> impl Iterator<Item = &Entry> {
        let wanted = self.filter.to_lowercase();
        self.entries
            .iter()
            .filter(move |entry| wanted.is_empty() || entry.name.to_lowercase().contains(&wanted))
    }

    /// Whether what the path field names is a directory, as far as the list and the text tell.
    pub(super) fn names_directory(&self, path: &Path) -> bool {
        let text = self.path_text.trim();
        text.ends_with(['/', '~'])
            || text.ends_with("..")
            || self
                .entries
                .iter()
                .any(|entry| entry.is_directory && entry.path == path)
    }

    /// The path that the path field names, seen from the directory; `~` is the home directory.
    pub fn typed_path(&self) -> Option<PathBuf> {
        let text = self.path_text.trim();
        if text.is_empty() {
            return None;
        }
        let home = || directories::BaseDirs::new().map(|base| base.home_dir().to_path_buf());
        match text.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                home().map(|home| home.join(rest.trim_start_matches('/')))
            }
            _ => Some(self.directory.join(text)),
        }
    }
}

/// Reads a directory: directories first, then files, each by name; hidden ones are left out.
pub fn list(directory: &Path) -> Result<Vec<Entry>, String> {
    let sentence = |error: std::io::Error| {
        format!(
            "{}: the directory cannot be read ({error}); choose another",
            directory.display()
        )
    };
    let mut entries: Vec<Entry> = std::fs::read_dir(directory)
        .map_err(sentence)?
        .filter_map(Result::ok)
        .take(MOST_ENTRIES)
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            (!name.starts_with('.')).then(|| {
                let metadata = std::fs::metadata(&path).ok();
                let changed = metadata.as_ref().and_then(|one| one.modified().ok());
                let since = changed.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
                Entry {
                    name,
                    is_directory: metadata.as_ref().is_some_and(std::fs::Metadata::is_dir),
                    bytes: metadata.filter(std::fs::Metadata::is_file).map(|one| one.len()),
                    changed_unix_s: since.and_then(|since| i64::try_from(since.as_secs()).ok()),
                    path,
                }
            })
        })
        .collect();
    entries.sort_by_key(|entry| (!entry.is_directory, entry.name.to_lowercase()));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::{Picker, list};
    use crate::state::purpose::PickPurpose;

    #[test]
    fn directories_come_first_and_hidden_files_not_at_all() {
        let directory = tempfile::tempdir().expect("a directory");
        for name in ["b.pem", "A.key", ".hidden"] {
            std::fs::write(directory.path().join(name), "x").expect("a file");
        }
        std::fs::create_dir(directory.path().join("z")).expect("a directory");
        let entries = list(directory.path()).expect("it can be read");
        let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["z", "A.key", "b.pem"]);
        let mut picker = Picker::open(PickPurpose::Material, directory.path().to_path_buf());
        picker.entries = entries;
        picker.filter = "PEM".to_owned();
        assert_eq!(picker.shown().count(), 1);
        picker.path_text = "b.pem".to_owned();
        assert_eq!(picker.typed_path(), Some(directory.path().join("b.pem")));
        assert!(list(&directory.path().join("none")).is_err());
    }

    /// What the path field names: `~` is the home directory where it stands alone or before a slash, and a name otherwise.
    #[test]
    fn a_typed_path_is_seen_from_the_directory() {
        let home = directories::BaseDirs::new().map(|base| base.home_dir().to_path_buf());
        let here = std::path::PathBuf::from("/certs");
        let typed = |text: &str| {
            let mut picker = Picker::open(PickPurpose::Material, here.clone());
            picker.path_text = text.to_owned();
            picker.typed_path()
        };
        let below_home = |rest: &str| home.as_ref().map(|home| home.join(rest));
        for (text, wanted) in [
            ("", None),
            ("  ", None),
            ("a.pem", Some(here.join("a.pem"))),
            (" a b.pem ", Some(here.join("a b.pem"))),
            ("deep/a.pem", Some(here.join("deep/a.pem"))),
            ("/etc/tls/a.pem", Some("/etc/tls/a.pem".into())),
            ("~", home.clone()),
            ("~/", below_home("")),
            ("~/a.pem", below_home("a.pem")),
            ("~a.pem", Some(here.join("~a.pem"))),
            ("~orders/a.pem", Some(here.join("~orders/a.pem"))),
            ("a~", Some(here.join("a~"))),
        ] {
            assert_eq!(typed(text), wanted, "{text:?}");
        }
    }

    /// A directory by its spelling, or as one that is listed; a file of that name in another directory is none.
    #[test]
    fn a_directory_is_told_by_its_text_or_by_the_list() {
        let mut picker = Picker::open(PickPurpose::Material, "/certs".into());
        let entry = |name: &str, is_directory| super::Entry {
            name: name.to_owned(),
            path: picker.directory.join(name),
            is_directory,
            bytes: None,
            changed_unix_s: None,
        };
        picker.entries = vec![entry("a.pem", false), entry("deep", true)];
        for (text, is_directory) in [
            ("a.pem", false),
            ("deep", true),
            (" deep ", true),
            ("/certs/deep", true),
            ("deeper", false),
            ("deep/", true),
            ("new/", true),
            ("~", true),
            ("..", true),
            ("deep/..", true),
            ("a..b", false),
            (".", false),
        ] {
            picker.path_text = text.to_owned();
            let path = picker.typed_path().expect("a path");
            assert_eq!(picker.names_directory(&path), is_directory, "{text:?}");
        }
    }
}
