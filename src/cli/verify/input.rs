//! Chain files and what they are judged by, read from disk or from stdin.

use std::path::Path;

use rustls_pki_types::ServerName;

use super::flags::{Of, VerifyArguments};
use super::report::{Asked, STDIN};
use crate::capture::Side;
use crate::cli::input::{Files, unusable, what_is_in};
use crate::cli::outcome::Unusable;
use crate::pki::{Bundle, LoadReason, LoadedCertificate, LoadedKey, ReadError, read_to_limit, sorted};
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

/// A chain, read.
pub(super) struct Chain {
    /// Leaf first, not empty.
    pub certificates: Vec<LoadedCertificate>,
    /// Private keys that lie with it.
    pub keys: Vec<LoadedKey>,
    /// What was passed over in it.
    pub notes: Vec<String>,
}

/// One chain to be judged, or the sentence for what cannot be.
pub(super) struct Target {
    /// Its file, as the user named it.
    pub file: String,
    /// The chain.
    pub chain: Result<Chain, Unusable>,
}

/// What a path names.
#[derive(Default)]
pub(super) struct Named {
    /// The chains in it.
    pub targets: Vec<Target>,
    /// Certificates of authorities that lie there by themselves: issuers are looked for among them.
    pub known: Vec<LoadedCertificate>,
}

/// Reads what a path names: a chain; a container or document, which may hold several; or a folder of such. `signs`: a key
/// in it is used, by our own end.
pub(super) fn named(files: &mut Files, path: &Path, signs: bool) -> Named {
    let file = path.display().to_string();
    let read = if path.is_dir() {
        folder(files, path)
    } else {
        let is_stdin = is_stdin(path);
        let found = if is_stdin {
            stdin(files)
        } else {
            files.bundle(path)
        };
        found.and_then(|found| chains(path, found, files.take_notes(), signs))
    };
    read.unwrap_or_else(|unusable| Named {
        targets: vec![Target {
            file,
            chain: Err(unusable),
        }],
        known: Vec::new(),
    })
}

fn chains(path: &Path, found: Bundle, mut notes: Vec<String>, signs: bool) -> Result<Named, Unusable> {
    let file = path.display().to_string();
    let is_stdin = is_stdin(path);
    let name = if is_stdin {
        STDIN.to_owned()
    } else {
        quoted_path(path)
    };
    if found.certificates.is_empty() {
        return Err(Unusable(format!(
            "{name}: there is {} here but no certificate; give the file that holds the chain",
            what_is_in(&found)
        )));
    }
    if let Some(key) = found.keys.first() {
        let place = match (&key.within, key.line) {
            (Some(within), _) => format!(" ({within})"),
            (None, Some(line)) => format!(" in line {line}"),
            (None, None) => String::new(),
        };
        let use_of_it = if signs {
            "our own end signs with it, and no other program gets it"
        } else {
            "it was not used"
        };
        notes.push(format!("{name} holds a private key{place} as well; {use_of_it}."));
    }
    // A file's own order is what is sent. A container or a document may hold several chains, each in its place.
    let has_places = found.certificates.iter().any(|one| one.within.is_some());
    let sorted = sorted(&found);
    if has_places && !sorted.presented.is_empty() {
        let is_one = sorted.presented.len() == 1;
        let targets = sorted.presented.into_iter().map(|presented| {
            let mut notes = notes.clone();
            let place = presented.chain.first().and_then(|leaf| leaf.within.clone());
            if let Some(place) = place.filter(|_| !is_one) {
                notes.push(format!("This chain is that of {place}."));
            }
            Target {
                file: file.clone(),
                chain: Ok(Chain {
                    certificates: presented.chain,
                    keys: presented.key.into_iter().collect(),
                    notes,
                }),
            }
        });
        return Ok(Named {
            targets: targets.collect(),
            known: sorted.authorities,
        });
    }
    let mut certificates = found.certificates;
    if is_stdin {
        // A command cannot name it: what is filled in is called after the certificate.
        for certificate in &mut certificates {
            certificate.file = None;
        }
    }
    Ok(Named {
        targets: vec![Target {
            file,
            chain: Ok(Chain {
                certificates,
                keys: found.keys,
                notes,
            }),
        }],
        known: Vec::new(),
    })
}

/// Every chain in a folder, leaf by leaf; what is nothing of ours is counted, what is closed or broken is said.
fn folder(files: &mut Files, path: &Path) -> Result<Named, Unusable> {
    let folder = files.folder(path)?;
    let sorted = sorted(&folder.bundle);
    let name = quoted_path(path);
    if sorted.presented.is_empty() && folder.closed.is_empty() {
        return Err(Unusable(format!(
            "{name}: no file in this folder holds a chain; give the folder or the file that does"
        )));
    }
    let mut first: Vec<String> = folder
        .stopped_by
        .into_iter()
        .map(|words| format!("{name}: {words}."))
        .collect();
    let mut notes = Vec::new();
    let mut broken = Vec::new();
    for error in folder.leftovers {
        match error.reason {
            LoadReason::Foreign => notes.push(error),
            LoadReason::KeyKind => first.push(format!("{error}.")),
            LoadReason::Other | LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong => {
                broken.push(error)
            }
        }
    }
    if !notes.is_empty() {
        first.push(format!(
            "{} files in {name} hold no certificate and no key; they were passed over.",
            notes.len()
        ));
    }
    let told = folder
        .bundle
        .notes
        .iter()
        .map(|note| format!("In {name}: {note}."));
    first.extend(told);
    let chains = sorted
        .presented
        .into_iter()
        .enumerate()
        .map(|(at, presented)| Target {
            file: presented
                .chain
                .first()
                .and_then(|leaf| leaf.file.clone())
                .unwrap_or_default(),
            chain: Ok(Chain {
                notes: if at == 0 { first.clone() } else { Vec::new() },
                certificates: presented.chain,
                keys: presented.key.into_iter().collect(),
            }),
        });
    let closed = folder.closed.iter().map(|(_, error)| error);
    let refused = closed.chain(&broken).map(|error| Target {
        file: error.place.clone(),
        chain: Err(unusable(error)),
    });
    Ok(Named {
        targets: chains.chain(refused).collect(),
        known: sorted.authorities,
    })
}

fn stdin(files: &mut Files) -> Result<Bundle, Unusable> {
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
    files.bytes(&zeroize::Zeroizing::new(bytes), STDIN)
}

#[cfg(test)]
mod tests;
