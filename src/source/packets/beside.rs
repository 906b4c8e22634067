//! A key log that lies beside a packet capture, as people leave it there.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::capture::KeyLog;

/// Key logs larger than this, all together, are read only where they are named.
const LARGEST_BYTES: u64 = 64 << 20;
/// No more files than this are looked into.
const MOST_FILES: usize = 32;

/// The secrets of the key logs beside `capture`, and the files they are in: those named like the capture, and those named
/// like a key log. A file that holds no secret is passed over; secrets of other connections do no harm, because each is
/// looked up by its client random.
pub fn key_log_beside(capture: &Path) -> (KeyLog, Vec<PathBuf>) {
    let mut log = KeyLog::default();
    let mut files = Vec::new();
    let folder = capture
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else {
        return (log, files);
    };
    let mut candidates: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path != capture && may_be_key_log(path, capture))
        .collect();
    candidates.sort();
    let mut left = LARGEST_BYTES;
    for path in candidates.into_iter().take(MOST_FILES) {
        let mut bytes = Vec::new();
        let fits =
            |metadata: &std::fs::Metadata| metadata.is_file() && metadata.len() > 0 && metadata.len() <= left;
        let is_read = std::fs::metadata(&path).is_ok_and(|metadata| fits(&metadata))
            && File::open(&path).is_ok_and(|file| file.take(left).read_to_end(&mut bytes).is_ok());
        left = left.saturating_sub(bytes.len() as u64);
        if is_read && log.read(&String::from_utf8_lossy(&bytes)) > 0 {
            files.push(path);
        }
    }
    (log, files)
}

fn may_be_key_log(path: &Path, capture: &Path) -> bool {
    let lower = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().to_lowercase())
            .unwrap_or_default()
    };
    let (stem, name, extension) = (
        lower(path.file_stem()),
        lower(path.file_name()),
        lower(path.extension()),
    );
    if matches!(
        extension.as_str(),
        "pcap" | "pcapng" | "cap" | "gz" | "zst" | "ron" | "pem" | "crt"
    ) {
        return false;
    }
    let is_named_like =
        |capture: &Path| stem == lower(capture.file_stem()) || stem == lower(capture.file_name());
    // `a.keylog` is of `a.pcap.gz` as well.
    let is_packed = matches!(lower(capture.extension()).as_str(), "gz" | "zst");
    is_named_like(capture)
        || (is_packed && is_named_like(&capture.with_extension("")))
        || name.contains("keylog")
        || matches!(name.as_str(), "log.txt" | "keys.log" | "keys.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_gathered_from_files_that_hold_some() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let line = |byte: &str| format!("CLIENT_RANDOM {} {}\n", byte.repeat(32), byte.repeat(48));
        let capture = path("a.pcap");
        assert_eq!(key_log_beside(&capture).1, Vec::<PathBuf>::new());
        std::fs::write(&capture, line("01")).expect("written");
        std::fs::write(path("a.keylog"), line("02") + &line("03")).expect("written");
        std::fs::write(path("keys.log"), line("04")).expect("written");
        std::fs::write(path("other.txt"), line("05")).expect("written");
        std::fs::write(path("a.log"), "no secret\n").expect("written");
        std::fs::write(path("a.txt"), "").expect("written");
        std::fs::create_dir(path("sslkeylog")).expect("made");
        // More than is read of all together; it takes no room on the disk.
        let large = File::create(path("sslkeylogfile")).expect("made");
        large.set_len(LARGEST_BYTES + 1).expect("set");
        let (log, files) = key_log_beside(&capture);
        assert_eq!(files, [path("a.keylog"), path("keys.log")]);
        assert_eq!(log.len(), 3);
        let (log, files) = key_log_beside(&path("none/a.pcap"));
        assert_eq!((log.len(), files.len()), (0, 0));
    }

    #[test]
    fn no_more_files_than_the_bound_are_looked_into() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..=MOST_FILES {
            let line = format!("CLIENT_RANDOM {number:064x} {}\n", "ab".repeat(48));
            std::fs::write(folder.path().join(format!("keylog-{number:02}")), line).expect("written");
        }
        let (log, files) = key_log_beside(&folder.path().join("a.pcap"));
        assert_eq!((log.len(), files.len()), (MOST_FILES, MOST_FILES));
        assert!(
            files
                .iter()
                .all(|file| !file.ends_with(format!("keylog-{MOST_FILES}")))
        );
    }

    #[test]
    fn key_logs_are_known_by_their_names() {
        let is = |name: &str| may_be_key_log(Path::new(name), Path::new("/x/a.pcap"));
        for name in [
            "/x/a.txt",
            "/x/a.keylog",
            "/x/a.pcap.keys",
            "/x/sslkeylog",
            "/x/sslkeylogfile.txt",
            "/x/log.txt",
        ] {
            assert!(is(name), "{name}");
        }
        for packed in ["/x/a.pcap.gz", "/x/A.pcapng.zst"] {
            for (name, is) in [("/x/a.keylog", true), ("/x/b.keys", false), ("/x/a.zst", false)] {
                assert_eq!(may_be_key_log(Path::new(name), Path::new(packed)), is, "{name}");
            }
        }
        for name in ["/x/b.txt", "/x/a.pcapng", "/x/keylog.pcap", "/x/a.ron"] {
            assert!(!is(name), "{name}");
        }
    }
}
