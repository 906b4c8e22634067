//! The files of a pack, a folder or a zip, read whole and within bounds.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::printable::{quoted_path, quoted_value};

/// More files than any pack has.
const MOST_FILES: usize = 2_000;
/// The largest file of a pack, in bytes.
const MOST_FILE_BYTES: u64 = 1024 * 1024;
/// All files of a pack together, in bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Why a pack cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It cannot be read.
    #[error("{} cannot be read: {source}", quoted_path(path))]
    Read {
        /// The pack, or the file in it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A zip that is none, or is damaged.
    #[error("{} is no zip that can be read: {words}", quoted_path(path))]
    Zip {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        words: String,
    },
    /// It holds something that a pack must not hold.
    #[error("{}: {words}", quoted_path(path))]
    Refused {
        /// The pack.
        path: PathBuf,
        /// What, and what would be right.
        words: String,
    },
}

/// The texts that lessons are made of, by their names below the pack.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, String>, PackError> {
    let meta = fs::metadata(path).map_err(|source| read_error(path, source))?;
    if meta.is_dir() {
        folder(path)
    } else if meta.is_file() {
        zip(path)
    } else {
        Err(refused(
            path,
            "it is neither a folder nor a zip of lessons".to_owned(),
        ))
    }
}

fn read_error(path: &Path, source: io::Error) -> PackError {
    PackError::Read {
        path: path.to_owned(),
        source,
    }
}

pub(super) fn refused(path: &Path, words: String) -> PackError {
    PackError::Refused {
        path: path.to_owned(),
        words,
    }
}

/// What is read so far, within the bounds of a pack.
struct Files<'a> {
    pack: &'a Path,
    texts: BTreeMap<String, String>,
    bytes: u64,
}

impl Files<'_> {
    /// Takes a file, of which no more is read than may be. A file that no lesson is made of is passed over.
    fn take(&mut self, name: &str, from: impl Read) -> Result<(), PackError> {
        let path = self.pack;
        if !is_wanted(name) {
            return Ok(());
        }
        let shown = quoted_value(name);
        let mut bytes = Vec::new();
        from.take(MOST_FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|source| read_error(path, source))?;
        if bytes.len() as u64 > MOST_FILE_BYTES {
            return Err(refused(
                path,
                format!("{shown} in it is larger than {} KiB", MOST_FILE_BYTES / 1024),
            ));
        }
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_BYTES || self.texts.len() >= MOST_FILES {
            let words = format!(
                "it holds more than {} MiB or {MOST_FILES} files: make several packs of it",
                MOST_BYTES / (1024 * 1024)
            );
            return Err(refused(path, words));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| refused(path, format!("{shown} in it is no text in UTF-8: save it as one")))?;
        self.texts.insert(name.to_owned(), text);
        Ok(())
    }
}

/// Whether a file's name ends so, in letters of either case.
pub(super) fn has_extension(file: &str, extension: &str) -> bool {
    let path = Path::new(file);
    path.extension()
        .is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// Lessons lie at the top or in `lessons/`, scenarios in `scenarios/`.
fn is_wanted(name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    match folder {
        "" | "lessons" => has_extension(file, "md"),
        "scenarios" => has_extension(file, "ron"),
        _ => false,
    }
}

fn folder(path: &Path) -> Result<BTreeMap<String, String>, PackError> {
    let mut files = Files {
        pack: path,
        texts: BTreeMap::new(),
        bytes: 0,
    };
    for below in ["", "lessons", "scenarios"] {
        let folder = path.join(below);
        let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
        if !below.is_empty() && is_link(&folder) {
            return Err(refused(
                path,
                format!("{below} in it is a link: a pack holds its own files"),
            ));
        }
        if !below.is_empty() && !folder.is_dir() {
            continue;
        }
        let entries = fs::read_dir(&folder).map_err(|source| read_error(&folder, source))?;
        for entry in entries.take(MOST_FILES + 1) {
            let entry = entry.map_err(|source| read_error(&folder, source))?;
            let Some(file) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let name = if below.is_empty() {
                file
            } else {
                format!("{below}/{file}")
            };
            if !is_wanted(&name) {
                continue;
            }
            // A link may lead to any file of the machine, a pipe to none.
            let kind = entry
                .file_type()
                .map_err(|source| read_error(&entry.path(), source))?;
            if !kind.is_file() {
                let words = format!(
                    "{} in it is no ordinary file: a pack holds its own files",
                    quoted_value(&name)
                );
                return Err(refused(path, words));
            }
            let file = fs::File::open(entry.path()).map_err(|source| read_error(&entry.path(), source))?;
            files.take(&name, file)?;
        }
    }
    Ok(files.texts)
}

fn zip(path: &Path) -> Result<BTreeMap<String, String>, PackError> {
    let zip_error = |error: zip::result::ZipError| PackError::Zip {
        path: path.to_owned(),
        words: error.to_string(),
    };
    let file = fs::File::open(path).map_err(|source| read_error(path, source))?;
    let mut archive = zip::ZipArchive::new(io::BufReader::new(file)).map_err(zip_error)?;
    if archive.len() > MOST_FILES {
        return Err(refused(
            path,
            format!("it holds {} files, and {MOST_FILES} are the most", archive.len()),
        ));
    }
    let mut files = Files {
        pack: path,
        texts: BTreeMap::new(),
        bytes: 0,
    };
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(zip_error)?;
    let top = common_top(&names);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(zip_error)?;
        let Some(name) = names.get(index) else {
            continue;
        };
        let is_inside = entry.enclosed_name().is_some() && !name.starts_with('/') && !name.contains('\\');
        if !is_inside || entry.is_symlink() {
            let words = format!(
                "{} in it leads out of the pack: a pack holds its own files",
                quoted_value(name)
            );
            return Err(refused(path, words));
        }
        if entry.is_dir() {
            continue;
        }
        files.take(name.strip_prefix(&top).unwrap_or(name), entry)?;
    }
    Ok(files.texts)
}

/// The folder in which everything lies, with its slash, as where a folder was zipped; empty where there is none.
fn common_top(names: &[String]) -> String {
    let mut top: Option<&str> = None;
    for name in names {
        let Some((first, _)) = name.split_once('/') else {
            return String::new();
        };
        if *top.get_or_insert(first) != first {
            return String::new();
        }
    }
    match top {
        // These are folders of a pack, not one around it.
        None | Some("lessons" | "scenarios") => String::new(),
        Some(top) => format!("{top}/"),
    }
}
