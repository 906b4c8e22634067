//! Files named on the command line, read within bounds, each failure one sentence that names the file.

use std::path::{Path, PathBuf};

use super::outcome::Unusable;
use super::passphrase::{PassphraseFlags, ask};
use crate::capture::{KeyLog, Revocation, RevocationFile};
use crate::pki::{
    Bundle, Folder, LoadError, LoadNote, LoadReason, LoadedCertificate, Passphrases, read_bytes_with,
    read_file_with, read_folder, read_limited,
};
use crate::printable::quoted_path;

/// A key log larger than this is not one of a single handshake's peer.
const LARGEST_KEY_LOG_BYTES: u64 = 64 * 1024 * 1024;

/// Reads the files of one command: with the passphrases that were given, and with a memory for what is to be said of them.
pub(super) struct Files {
    passphrases: Passphrases,
    /// What each file was found to be, and what others would refuse.
    notes: Vec<String>,
    /// Why keys cannot be signed with.
    left_aside: Vec<String>,
}

/// How often the terminal is asked for one file.
const MOST_QUESTIONS: usize = 3;

impl Files {
    pub(super) fn new(flags: &PassphraseFlags) -> Result<Self, Unusable> {
        Ok(Self {
            passphrases: flags.read()?,
            notes: Vec::new(),
            left_aside: Vec::new(),
        })
    }

    /// What a file holds, sorted out.
    pub(super) fn bundle(&mut self, path: &Path) -> Result<Bundle, Unusable> {
        let mut questions = 0;
        let found = loop {
            match read_file_with(path, &self.passphrases) {
                Ok(found) => break found,
                Err(error) => {
                    let was_wrong = questions > 0;
                    let is_closed = matches!(
                        error.reason,
                        LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong
                    );
                    let typed = (is_closed && questions < MOST_QUESTIONS)
                        .then(|| ask(path, was_wrong))
                        .flatten();
                    match typed {
                        Some(typed) => self.passphrases.add(typed),
                        None => return Err(unusable(&error)),
                    }
                    questions += 1;
                }
            }
        };
        self.remember(&quoted_path(path), &found);
        Ok(found)
    }

    /// What a private key's file holds; the inner error where that is a key of a kind that nothing here signs with.
    pub(super) fn key_bundle(&mut self, path: &Path) -> Result<Result<Bundle, Unusable>, Unusable> {
        match read_file_with(path, &self.passphrases) {
            Err(error) if error.reason == LoadReason::KeyKind => Ok(Err(unusable(&error))),
            _ => self.bundle(path).map(Ok),
        }
    }

    /// Keeps why a private key cannot be signed with, where certificates are judged without it.
    pub(super) fn leave_aside(&mut self, Unusable(words): Unusable) {
        self.left_aside.push(format!("{words}."));
    }

    /// Why each key that was left aside cannot be signed with.
    pub(super) fn take_left_aside(&mut self) -> Vec<String> {
        std::mem::take(&mut self.left_aside)
    }

    /// What bytes hold that came from no file.
    pub(super) fn bytes(&mut self, bytes: &[u8], name: &str) -> Result<Bundle, Unusable> {
        let found = read_bytes_with(bytes, name, &self.passphrases).map_err(|error| unusable(&error))?;
        self.remember(name, &found);
        Ok(found)
    }

    /// A folder, read whole.
    pub(super) fn folder(&mut self, path: &Path) -> Result<Folder, Unusable> {
        read_folder(path, &self.passphrases).map_err(|error| unusable(&error))
    }

    fn remember(&mut self, name: &str, found: &Bundle) {
        let usual = ["PEM text: ", "DER: "];
        let told = found
            .recognised
            .iter()
            .filter(|line| !usual.iter().any(|usual| line.starts_with(usual)))
            .map(|line| format!("{name} is {line}."));
        let unusual = found.notes.iter().map(|note| {
            let place = note
                .line
                .map_or_else(String::new, |line| format!(", line {line}"));
            let words = LoadNote {
                line: None,
                ..note.clone()
            };
            let mend = note
                .mend_of(name)
                .map_or_else(String::new, |mend| format!("\n{mend}"));
            format!("{name}{place}: {words}.{mend}")
        });
        for sentence in told.chain(unusual) {
            if !self.notes.contains(&sentence) {
                self.notes.push(sentence);
            }
        }
    }

    /// What opened the files: given, or asked for on the terminal.
    pub(super) fn into_passphrases(self) -> Passphrases {
        self.passphrases
    }

    /// What is to be said of the files read so far; said once.
    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }
}

/// The sentence, with the flag that helps.
pub(super) fn unusable(error: &LoadError) -> Unusable {
    Unusable(match error.reason {
        LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong => {
            format!("{error} (--passphrase-file FILE)")
        }
        LoadReason::Other | LoadReason::KeyKind | LoadReason::Foreign => error.to_string(),
    })
}

/// The certificates of several files, in their order; `what` says what they are wanted for.
pub(super) fn certificates(
    files: &mut Files,
    paths: &[PathBuf],
    what: &str,
) -> Result<Vec<LoadedCertificate>, Unusable> {
    let mut all = Vec::new();
    for path in paths {
        let found = files.bundle(path)?;
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
pub(super) fn revocation(files: &mut Files, paths: &[PathBuf]) -> Result<Revocation, Unusable> {
    let mut all = Revocation::default();
    for path in paths {
        let found = files.bundle(path)?;
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
pub(super) fn responses(files: &mut Files, paths: &[PathBuf]) -> Result<Vec<RevocationFile>, Unusable> {
    let mut all = Vec::new();
    for path in paths {
        let found = files.bundle(path)?;
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

#[cfg(test)]
mod tests;
