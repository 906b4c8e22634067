//! Every file of the corpora of containers and documents: loaded, or refused in a sentence. Counted, and printed.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;

use mtlscope::pki::{Bundle, LoadError, LoadReason, Passphrase, Passphrases, read_file_with};

use crate::support::chains::files_below;
use crate::support::machine::{HANG, corpora};

/// The passphrases that the projects' own tests name.
const PASSPHRASES: [&str; 11] = [
    "cryptography",
    "password",
    "foobar",
    "baz",
    "a123456",
    "123456",
    "foo",
    "Hello, 世界",
    "PolarSSLTest",
    "Red Hat Enterprise Linux 7.4",
    "hunter42",
];

/// What came of the files of a corpus.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    loaded: usize,
    /// For want of a passphrase.
    closed: usize,
    /// Damaged, or of a kind that is not used here.
    refused: usize,
    /// Nothing of ours.
    foreign: usize,
    /// What was in those that were loaded.
    certificates: usize,
    keys: usize,
    lists: usize,
    responses: usize,
}

/// A change of a number is a file that is read otherwise: look which, in what this test prints.
const CORPORA: &[(&str, Counts)] = &[
    (
        "boringssl-containers",
        Counts {
            loaded: 12,
            closed: 1,
            refused: 4,
            foreign: 1,
            certificates: 11,
            keys: 10,
            lists: 0,
            responses: 0,
        },
    ),
    (
        "pyca",
        Counts {
            loaded: 133,
            closed: 1,
            refused: 27,
            foreign: 43,
            certificates: 115,
            keys: 39,
            lists: 10,
            responses: 4,
        },
    ),
    (
        "botan-x509-misc",
        Counts {
            loaded: 224,
            closed: 0,
            refused: 0,
            foreign: 8,
            certificates: 189,
            keys: 10,
            lists: 9,
            responses: 19,
        },
    ),
    (
        "traefik-k8s",
        Counts {
            loaded: 43,
            closed: 0,
            refused: 8,
            foreign: 53,
            certificates: 34,
            keys: 30,
            lists: 0,
            responses: 0,
        },
    ),
    (
        "istio",
        Counts {
            loaded: 45,
            closed: 0,
            refused: 1,
            foreign: 4,
            certificates: 42,
            keys: 16,
            lists: 0,
            responses: 0,
        },
    ),
    (
        "linkerd2",
        Counts {
            loaded: 26,
            closed: 0,
            refused: 0,
            foreign: 1,
            certificates: 38,
            keys: 16,
            lists: 0,
            responses: 0,
        },
    ),
];

/// A file is read within this time whatever it asks for, or the test says which one hangs.
fn read(path: &Path, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    let (sender, receiver) = channel();
    let (owned, with) = (path.to_owned(), passphrases.clone());
    std::thread::spawn(move || {
        let _ = sender.send(read_file_with(&owned, &with));
    });
    let read = receiver.recv_timeout(HANG);
    read.unwrap_or_else(|error| panic!("{} is not read to its end: {error}", path.display()))
}

/// What stands in the blocks of private keys, and must stand nowhere else.
fn bodies_of_keys(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).expect("read");
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.split("PRIVATE KEY-----").skip(1).step_by(2);
    lines
        .flat_map(str::lines)
        .map(|line| line.trim().chars().take(12).collect::<String>())
        .filter(|start| start.len() == 12 && !start.contains(['-', ':']))
        .collect()
}

fn count(root: &Path, folder: &str, passphrases: &Passphrases) -> Counts {
    let mut all: Vec<PathBuf> = Vec::new();
    files_below(&root.join(folder), &mut all);
    assert!(!all.is_empty(), "{folder} is empty");
    let mut counts = Counts::default();
    for path in all {
        let name = path.strip_prefix(root).expect("below").display().to_string();
        let words = match read(&path, passphrases) {
            Ok(bundle) => {
                assert!(!bundle.is_empty() && bundle.recognised.len() == 1, "{name}");
                println!("loaded   {name}: {}", bundle.recognised[0]);
                counts.loaded += 1;
                counts.certificates += bundle.certificates.len();
                counts.keys += bundle.keys.len();
                counts.lists += bundle.revocation_lists.len();
                counts.responses += bundle.ocsp_responses.len();
                let notes = bundle.notes.iter().map(ToString::to_string);
                notes.chain(bundle.recognised.clone()).collect::<Vec<_>>()
            }
            Err(error) => {
                let text = error.to_string();
                assert!(!text.contains('\n') && text.len() < 600, "{name}: {text}");
                let file = path.file_name().expect("a name").to_string_lossy();
                assert!(
                    error.place.contains(&*file),
                    "{name}: the file is not named: {text}"
                );
                assert!(
                    error.what.len() > 8 && error.mend.len() > 8,
                    "{name}: the fault or the mend is missing: {text}"
                );
                let (word, number) = match error.reason {
                    LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong => {
                        ("closed ", &mut counts.closed)
                    }
                    LoadReason::Foreign => ("foreign", &mut counts.foreign),
                    LoadReason::Other | LoadReason::KeyKind => ("refused", &mut counts.refused),
                };
                *number += 1;
                println!("{word}  {name}: {}; {}", error.what, error.mend);
                vec![text]
            }
        };
        for body in bodies_of_keys(&path) {
            assert!(
                words.iter().all(|words| !words.contains(&body)),
                "{name}: a key is shown: {words:?}"
            );
        }
    }
    counts
}

#[test]
fn every_container_and_document_of_the_corpora_is_loaded_or_refused_in_a_sentence() {
    let Some(root) = corpora("the containers and documents of the corpora") else {
        return;
    };
    let mut passphrases = Passphrases::default();
    for text in PASSPHRASES {
        passphrases.add(Passphrase::new(text.to_owned()));
    }
    let mut differ = Vec::new();
    for (folder, wanted) in CORPORA {
        let counts = count(&root, folder, &passphrases);
        println!("{folder}: {counts:?}");
        if counts != *wanted {
            differ.push(format!("{folder}: {counts:?}\nwas {wanted:?}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
