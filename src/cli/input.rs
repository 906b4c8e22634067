//! Files named on the command line, read within bounds, each failure one sentence that names the file.

use std::path::{Path, PathBuf};

use super::outcome::Unusable;
use crate::capture::{KeyLog, Revocation, RevocationFile};
use crate::pki::{Bundle, LoadedCertificate, read_file, read_limited};
use crate::printable::quoted_path;

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
        let found = bundle(path)?;
        if found.certificates.is_empty() {
            return Err(Unusable(format!(
                "{}: there is {} here but no certificate; give the certificates {what}",
                quoted_path(path),
                what_is_in(&found)
            )));
        }
        all.extend(found.certificates);
    }
    Ok(all)
}

/// The secrets of a key log (RFC 9850 §2); lines of other kinds are passed over, as the format asks for.
pub(super) fn key_log(path: &Path) -> Result<KeyLog, Unusable> {
    let bytes = read_limited(path, LARGEST_KEY_LOG_BYTES).map_err(|error| {
        let (what, mend) = error.words();
        Unusable(format!("{}: {what}; {mend}", quoted_path(path)))
    })?;
    let mut log = KeyLog::default();
    if log.read(&String::from_utf8_lossy(&bytes)) == 0 {
        return Err(Unusable(format!(
            "{}: no line of this file is a TLS secret; write it with SSLKEYLOGFILE and give that file",
            quoted_path(path)
        )));
    }
    Ok(log)
}

/// What lists and OCSP responses are in these files; nothing where none is given.
pub(super) fn revocation(paths: &[PathBuf]) -> Result<Revocation, Unusable> {
    let mut all = Revocation::default();
    for path in paths {
        let found = bundle(path)?;
        if !found.has_status() {
            return Err(Unusable(format!(
                "{}: there is no revocation list here, but {}; give the CA's list (openssl crl -in FILE -noout -text shows one)",
                quoted_path(path),
                what_is_in(&found)
            )));
        }
        all.lists
            .extend(found.revocation_lists.into_iter().map(RevocationFile::from));
        all.responses
            .extend(found.ocsp_responses.into_iter().map(RevocationFile::from));
    }
    Ok(all)
}

/// The OCSP responses in these files.
pub(super) fn responses(paths: &[PathBuf]) -> Result<Vec<RevocationFile>, Unusable> {
    let mut all = Vec::new();
    for path in paths {
        let found = bundle(path)?;
        if found.ocsp_responses.is_empty() {
            return Err(Unusable(format!(
                "{}: there is no OCSP response here, but {}; keep one with: openssl ocsp -issuer CA -cert CERT -url URL -respout FILE",
                quoted_path(path),
                what_is_in(&found)
            )));
        }
        all.extend(found.ocsp_responses.into_iter().map(RevocationFile::from));
    }
    Ok(all)
}

/// What a file holds that was given for something else.
pub(super) fn what_is_in(bundle: &Bundle) -> &'static str {
    if !bundle.certificates.is_empty() {
        "a certificate"
    } else if !bundle.revocation_lists.is_empty() {
        "a revocation list"
    } else if !bundle.ocsp_responses.is_empty() {
        "an OCSP response"
    } else if !bundle.keys.is_empty() {
        "a private key"
    } else {
        "nothing of use"
    }
}
