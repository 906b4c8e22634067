//! Chain files and what they are judged by, read from disk or from stdin.

use std::path::Path;

use rustls_pki_types::ServerName;

use super::flags::{Of, VerifyArguments};
use super::report::{Asked, STDIN};
use crate::capture::Side;
use crate::cli::input::{bundle, what_is_in};
use crate::cli::outcome::Unusable;
use crate::pki::{Bundle, LoadedCertificate, LoadedKey, ReadError, read_bytes, read_to_limit};
use crate::printable::{quoted_path, quoted_value};

/// More than any chain is long.
const LONGEST_STDIN_BYTES: u64 = 2_000_000;

/// What the flags ask of all chains; refuses what nobody could answer.
pub(super) fn asked(arguments: &VerifyArguments) -> Result<Asked, Unusable> {
    if arguments
        .all_chains()
        .iter()
        .filter(|path| is_stdin(path))
        .count()
        > 1
    {
        return Err(Unusable(
            "-: the standard input can be read only once; give one of the chains as a file".to_owned(),
        ));
    }
    if arguments.all_chains().is_empty() {
        return Err(Unusable(
            "no chain is named; give the file that holds it: mtlscope verify CHAIN --trust ROOTS --ask"
                .to_owned(),
        ));
    }
    let sender = arguments.of.side();
    let mut notes = Vec::new();
    match (&arguments.name, arguments.of) {
        (Some(name), Of::Client) if !is_spiffe(name) => {
            return Err(Unusable(format!(
                "--name {}: a server asks a client for no DNS name or address; leave --name out, or give a spiffe:// ID",
                quoted_value(name)
            )));
        }
        (Some(name), _) if !is_spiffe(name) && ServerName::try_from(name.as_str()).is_err() => {
            return Err(Unusable(format!(
                "--name {}: this is neither a DNS name nor an IP address nor a spiffe:// ID; give the name as the client \
                 dials it, without port or path",
                quoted_value(name)
            )));
        }
        (None, Of::Server) => notes.push(
            "No --name was given, so no name was judged: these certificates may be anybody's.".to_owned(),
        ),
        _ => {}
    }
    notes.push(format!(
        "Each chain is taken for a {}'s, which a {} judges{}.",
        sender.word(),
        sender.peer().word(),
        match sender {
            Side::Server => " (the default; --for client says otherwise)",
            Side::Client => "",
        }
    ));
    Ok(Asked {
        sender,
        name: arguments.name.clone(),
        at_unix_s: arguments.at.unwrap_or_else(|| jiff::Timestamp::now().as_second()),
        is_strict: arguments.strict,
        is_ask_strict: arguments.ask.ask_strict,
        expires_within: arguments.expires_within.clone(),
        notes,
    })
}

fn is_spiffe(name: &str) -> bool {
    name.starts_with("spiffe://")
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A chain file, read.
pub(super) struct Chain {
    /// Leaf first, not empty.
    pub certificates: Vec<LoadedCertificate>,
    /// Private keys in the same file.
    pub keys: Vec<LoadedKey>,
    /// What was passed over in it.
    pub notes: Vec<String>,
}

/// Reads one chain. `signs`: a key in it is used, by our own end.
pub(super) fn chain(path: &Path, signs: bool) -> Result<Chain, Unusable> {
    let is_stdin = is_stdin(path);
    let name = if is_stdin {
        STDIN.to_owned()
    } else {
        quoted_path(path)
    };
    let found = if is_stdin { stdin()? } else { bundle(path)? };
    if found.certificates.is_empty() {
        return Err(Unusable(format!(
            "{name}: there is {} here but no certificate; give the file that holds the chain",
            what_is_in(&found)
        )));
    }
    let Bundle {
        mut certificates,
        keys,
        ..
    } = found;
    if is_stdin {
        // A command cannot name it: what is filled in is called after the certificate.
        for certificate in &mut certificates {
            certificate.file = None;
        }
    }
    let use_of_it = if signs {
        "our own end signs with it, and no other program gets it"
    } else {
        "it was not used"
    };
    let notes = keys
        .first()
        .map(|key| {
            let line = key
                .line
                .map_or_else(String::new, |line| format!(" in line {line}"));
            format!("{name} holds a private key{line} as well; {use_of_it}.")
        })
        .into_iter()
        .collect();
    Ok(Chain {
        certificates,
        keys,
        notes,
    })
}

fn stdin() -> Result<Bundle, Unusable> {
    let bytes = read_to_limit(std::io::stdin().lock(), LONGEST_STDIN_BYTES).map_err(|error| {
        Unusable(match error {
            ReadError::TooLarge { .. } => format!(
                "{STDIN}: more than {} MB are no chain of certificates; give only the chain",
                LONGEST_STDIN_BYTES / 1_000_000
            ),
            other => format!("{STDIN}: {}; give the chain as a file", other.words().0),
        })
    })?;
    // A key may be among them.
    read_bytes(&zeroize::Zeroizing::new(bytes), STDIN).map_err(|error| Unusable(error.to_string()))
}
