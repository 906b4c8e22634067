//! Files named on the command line, read within bounds, each failure one sentence that names the file.

use std::path::{Path, PathBuf};

use super::setup::Unusable;
use crate::capture::{Secret, SecretLabel};
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
pub(super) fn key_log(path: &Path) -> Result<Vec<Secret>, Unusable> {
    let bytes = read_limited(path, LARGEST_KEY_LOG_BYTES).map_err(|error| {
        let (what, mend) = error.words();
        Unusable(format!("{}: {what}; {mend}", path.display()))
    })?;
    let secrets: Vec<Secret> = String::from_utf8_lossy(&bytes)
        .lines()
        .filter_map(secret)
        .collect();
    if secrets.is_empty() {
        return Err(Unusable(format!(
            "{}: no line of this file is a TLS secret; write it with SSLKEYLOGFILE and give that file",
            path.display()
        )));
    }
    Ok(secrets)
}

/// One line: label, client random, secret.
fn secret(line: &str) -> Option<Secret> {
    let mut words = line.split_ascii_whitespace();
    let label = words.next().filter(|word| !word.starts_with('#'))?;
    let client_random = hex::decode(words.next()?)
        .ok()
        .filter(|random| random.len() == 32)?;
    let value = hex::decode(words.next()?)
        .ok()
        .filter(|value| !value.is_empty())?;
    words.next().is_none().then(|| Secret {
        client_random,
        label: SecretLabel::from_key_log(label),
        value,
        logged_by: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_log_line_is_label_random_secret() {
        let random = "ab".repeat(32);
        let found = secret(&format!("CLIENT_RANDOM {random} {}", "01".repeat(48)));
        assert_eq!(
            found.map(|secret| (secret.label, secret.value.len(), secret.logged_by)),
            Some((SecretLabel::ClientRandom, 48, None))
        );
        for wrong in [
            "",
            "# a comment",
            "CLIENT_RANDOM abab 01",
            &format!("CLIENT_RANDOM {random} xy"),
        ] {
            assert!(secret(wrong).is_none(), "{wrong:?} is no secret");
        }
    }
}
