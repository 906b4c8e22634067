//! Files named on the command line, read within bounds, each failure one sentence that names the file.

use std::path::{Path, PathBuf};

use super::setup::Unusable;
use crate::capture::{KeyLog, Revocation};
use crate::pki::{Bundle, LoadedCertificate, read_file, read_limited};

/// A key log larger than this is not one of a single handshake's peer.
const LARGEST_KEY_LOG_BYTES: u64 = 64 * 1024 * 1024;

/// What a file holds, sorted out.
pub(super) fn bundle(path: &Path) -> Result<Bundle, Unusable> {
    read_file(path).map_err(|error| Unusable(error.to_string()))
}

/// The certificates of several files, in their order; `what` says what they are wanted for.
pub(super) fn certificates(paths: &[PathBuf], what: &str) -> Result<Vec<LoadedCertificate>, Unusable> {
    let mut all = Vec::new();
    for path in paths {
        let found = bundle(path)?.certificates;
        if found.is_empty() {
            return Err(Unusable(format!(
                "{}: there is a private key here but no certificate; give the certificates {what}",
                path.display()
            )));
        }
        all.extend(found);
    }
    Ok(all)
}

/// The secrets of a key log (RFC 9850 §2); lines of other kinds are passed over, as the format asks for.
pub(super) fn key_log(path: &Path) -> Result<KeyLog, Unusable> {
    let bytes = read_limited(path, LARGEST_KEY_LOG_BYTES).map_err(|error| {
        let (what, mend) = error.words();
        Unusable(format!("{}: {what}; {mend}", path.display()))
    })?;
    let mut log = KeyLog::default();
    if log.read(&String::from_utf8_lossy(&bytes)) == 0 {
        return Err(Unusable(format!(
            "{}: no line of this file is a TLS secret; write it with SSLKEYLOGFILE and give that file",
            path.display()
        )));
    }
    Ok(log)
}

/// What revocation lists say; nothing where none is given.
pub(super) fn revocation(paths: &[PathBuf]) -> Result<Revocation, Unusable> {
    match paths.first() {
        None => Ok(Revocation::default()),
        Some(path) => Err(Unusable(format!(
            "{}: revocation lists are not read by this command yet; leave --crl out to judge the rest",
            path.display()
        ))),
    }
}
