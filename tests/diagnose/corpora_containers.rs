//! Every file of the corpora of containers and documents: loaded, or refused in a sentence. Counted and printed.

use std::path::{Path, PathBuf};

use mtlscope::pki::{LoadReason, Passphrase, Passphrases, read_file_with};

use crate::support::machine::corpora;

const FOLDERS: &[&str] = &[
    "boringssl-containers",
    "pyca",
    "botan-x509-misc",
    "traefik-k8s",
    "istio",
    "linkerd2",
];

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of the corpora")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files(&entry, out);
        } else {
            out.push(entry);
        }
    }
}

#[test]
fn every_container_and_document_of_the_corpora_is_loaded_or_refused_in_a_sentence() {
    let Some(root) = corpora("the containers and documents of the corpora") else {
        return;
    };
    let mut passphrases = Passphrases::default();
    for text in ["cryptography", "password", "foobar", "baz", "a123456", "123456"] {
        passphrases.add(Passphrase::new(text.to_owned()));
    }
    let (mut loaded, mut closed, mut broken, mut foreign) = (0, 0, 0, 0);
    for folder in FOLDERS {
        let mut all = Vec::new();
        files(&root.join(folder), &mut all);
        for path in all {
            let name = path.strip_prefix(&root).expect("below").display().to_string();
            match read_file_with(&path, &passphrases) {
                Ok(bundle) => {
                    assert!(!bundle.is_empty() && bundle.recognised.len() == 1, "{name}");
                    println!("loaded   {name}: {}", bundle.recognised[0]);
                    loaded += 1;
                }
                Err(error) => {
                    let text = error.to_string();
                    assert!(!text.contains('\n') && text.len() < 600, "{name}: {text}");
                    let (word, count) = match error.reason {
                        LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong => {
                            ("closed ", &mut closed)
                        }
                        LoadReason::Foreign => ("foreign", &mut foreign),
                        LoadReason::Other => ("refused", &mut broken),
                    };
                    *count += 1;
                    println!("{word}  {name}: {}", error.what);
                }
            }
        }
    }
    println!("{loaded} loaded, {closed} closed, {broken} refused, {foreign} nothing of ours");
    // 477 when this was written; what is left has another passphrase, is damaged on purpose, or is a key for no TLS.
    assert!(loaded >= 470, "{loaded}");
}
