//! Passphrases for what is encrypted: from a file, or asked for on the terminal. Never from an argument or the environment,
//! where other users of the machine can read them.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::outcome::Unusable;
use crate::pki::{Passphrase, Passphrases, read_limited};
use crate::printable::quoted_path;

/// Where passphrases come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct PassphraseFlags {
    /// A file whose first line opens what is encrypted: PKCS#12, JKS, private keys (repeats); without it the terminal is asked
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Vec<PathBuf>,
}

/// Longer than any passphrase, shorter than a wrong file.
const LONGEST_FILE_BYTES: u64 = 64 * 1024;

impl PassphraseFlags {
    /// Those in the files.
    pub(super) fn read(&self) -> Result<Passphrases, Unusable> {
        let mut all = Passphrases::default();
        for path in self.passphrase_file.iter().rev() {
            let place = quoted_path(path);
            let bytes = read_limited(path, LONGEST_FILE_BYTES).map_err(|error| {
                let (what, mend) = error.words();
                Unusable(format!("{place}: {what}; {mend}"))
            })?;
            let bytes = Zeroizing::new(bytes);
            let text = std::str::from_utf8(&bytes).map_err(|_| {
                Unusable(format!(
                    "{place}: this is no text; give a file whose first line is the passphrase"
                ))
            })?;
            all.add(Passphrase::new(
                text.lines().next().unwrap_or_default().to_owned(),
            ));
        }
        Ok(all)
    }
}

/// Asks on the terminal, without echo; `None` where there is none or nothing was typed.
pub(super) fn ask(path: &Path, was_wrong: bool) -> Option<Passphrase> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    let again = if was_wrong { "That does not open it. " } else { "" };
    let typed = rpassword::prompt_password(format!("{again}Passphrase of {}: ", quoted_path(path))).ok()?;
    (!typed.is_empty()).then(|| Passphrase::new(typed))
}
