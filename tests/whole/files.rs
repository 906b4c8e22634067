//! Every file of certificates among the fixtures: what is read of it, and what is said of a chain that begins in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mtlscope::capture::{AtHand, Der, Revocation, RevocationFile, Side, Slot, Trust};
use mtlscope::diagnose::{ChainInput, PathsInput, explain_chain, paths};
use mtlscope::pki::{
    Bundle, CertificateFacts, GeneralName, LoadError, LoadNote, LoadedStatus, OcspFacts, Passphrase,
    Passphrases, RevocationListFacts, read_bytes_with, sha256_hex,
};

use crate::each::Each;
use crate::text::{self, Text, written};

/// 2026-11-28 00:00:00 UTC, within the dates of most.
const AT: i64 = 1_795_824_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Every file of a folder and the folders in it, in the order of their names.
pub fn fixtures(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// `carried/eapol.pcap`.
pub fn name_of(path: &Path) -> String {
    let inner = path.strip_prefix(root()).expect("a fixture");
    inner.to_string_lossy().replace('\\', "/")
}

fn read(path: &Path) -> Result<Bundle, LoadError> {
    let bytes = std::fs::read(path).expect("read");
    let name = path.file_name().expect("a name").to_string_lossy();
    let passphrases = Passphrases::one(Passphrase::new("changeit".to_owned()));
    read_bytes_with(&bytes, &name, &passphrases)
}

fn status(text: &mut Text, kind: &str, found: &LoadedStatus) {
    let LoadedStatus {
        der,
        file,
        line,
        within,
        wrapping,
    } = found;
    text.line(format!(
        "{kind} {file:?} line {line:?} within {within:?} wrapping {wrapping:?}, {} bytes",
        der.as_bytes().len()
    ));
    text.below(|text| {
        if kind == "list" {
            text.line(format!("{:?}", RevocationListFacts::from_der(der.as_bytes())));
        } else {
            text.line(format!("{:?}", OcspFacts::from_der(der.as_bytes())));
        }
    });
}

/// What was read of a file.
fn bundle(text: &mut Text, found: &Bundle, seen: &mut BTreeSet<Vec<u8>>) {
    let Bundle {
        certificates,
        keys,
        revocation_lists,
        ocsp_responses,
        recognised,
        notes,
        meant_for,
        unusable_key: _,
    } = found;
    text.line(format!("{}, meant for {meant_for:?}", found.contents_words()));
    for words in recognised {
        text.line(format!("recognised {words}"));
    }
    for LoadNote {
        line,
        what,
        refused_by,
        mend,
    } in notes
    {
        text.line(format!("note {line:?} {what} {refused_by:?} {mend:?}"));
    }
    for one in certificates {
        text.line(format!(
            "certificate {} {:?} line {:?} within {:?} in {:?}",
            one.entry, one.file, one.line, one.within, one.wrapping
        ));
        text.below(|text| facts(text, one.der.as_bytes(), seen));
    }
    for one in keys {
        let public = sha256_hex(&one.key.public_key);
        text.line(format!(
            "key {:?} {public} {:?} line {:?} within {:?} in {:?}",
            one.key.kind, one.file, one.line, one.within, one.wrapping
        ));
    }
    for one in revocation_lists {
        status(text, "list", one);
    }
    for one in ocsp_responses {
        status(text, "response", one);
    }
}

/// What a certificate says of itself; once for each of a folder.
fn facts(text: &mut Text, der: &[u8], seen: &mut BTreeSet<Vec<u8>>) {
    if !seen.insert(der.to_vec()) {
        text.line("as before");
        return;
    }
    match CertificateFacts::from_der(der) {
        Err(error) => text.line(format!("!! {error:?}")),
        Ok(mut facts) => {
            // Long, and told by others already.
            facts.subject_der.clear();
            facts.issuer_der.clear();
            facts.spki.clear();
            text.line(format!("{facts:?}"));
        }
    }
}

/// The files of one folder.
struct Folder {
    files: Vec<(String, Result<Bundle, LoadError>)>,
}

impl Folder {
    /// Whether a file of this name holds what is trusted.
    fn is_trust(name: &str) -> bool {
        [
            "ca.pem",
            "root.pem",
            "-root.pem",
            "-ca.pem",
            "sca.pem",
            "truststore.pem",
            "plane.pem",
        ]
        .iter()
        .any(|end| name.ends_with(end))
    }

    /// Who presents a file of this name.
    fn presenter(name: &str) -> Side {
        let clients = ["cli", "client", "app", "orders", "tpp", "wl", "m-", "m.", "dev"];
        if clients.iter().any(|start| name.starts_with(start)) {
            Side::Client
        } else {
            Side::Server
        }
    }

    fn certificates(&self, of: impl Fn(&str) -> bool) -> Vec<(&str, &Bundle)> {
        let all = self.files.iter().filter(|(name, _)| of(name));
        all.filter_map(|(name, read)| Some((name.as_str(), read.as_ref().ok()?)))
            .collect()
    }

    fn at_hand(&self, slot: Slot, side: Side, of: impl Fn(&str) -> bool) -> Vec<AtHand> {
        let mut all = Vec::new();
        for (_, bundle) in self.certificates(of) {
            all.extend(bundle.certificates.iter().map(|one| AtHand {
                side: (slot != Slot::Known).then_some(side),
                slot,
                file: one.file.clone(),
                entry: one.entry,
                line: one.line,
                within: one.within.clone(),
                wrapping: one.wrapping,
                der: one.der.clone(),
            }));
        }
        all
    }

    fn revocation(&self) -> Revocation {
        let all = || self.files.iter().filter_map(|(_, read)| read.as_ref().ok());
        let files = |of: fn(&Bundle) -> &Vec<LoadedStatus>| {
            all().flat_map(of).cloned().map(RevocationFile::from).collect()
        };
        Revocation {
            lists: files(|bundle| &bundle.revocation_lists),
            responses: files(|bundle| &bundle.ocsp_responses),
            ..Revocation::default()
        }
    }

    /// A chain judged by what lies beside it.
    fn judge(&self, text: &mut Text, file: &str, chain: &[Der], with_lists: bool) {
        let presenter = Self::presenter(file);
        let judge = presenter.peer();
        let first = chain
            .first()
            .and_then(|leaf| CertificateFacts::from_der(leaf.as_bytes()).ok());
        let name = first.and_then(|facts| {
            facts.subject_alt_names?.into_iter().find_map(|name| match name {
                GeneralName::Dns(name) => Some(name),
                _ => None,
            })
        });
        let trusted = self.at_hand(Slot::Trust, judge, Self::is_trust);
        let trust = Trust {
            roots: trusted.iter().map(|one| one.der.clone()).collect(),
            expected_name: name.filter(|_| judge == Side::Client),
            clock_unix_s: AT,
            revocation: if with_lists {
                self.revocation()
            } else {
                Revocation::default()
            },
        };
        let mut at_hand = self.at_hand(Slot::Certificate, presenter, |name| name == file);
        at_hand.extend(trusted);
        at_hand.extend(self.at_hand(Slot::Known, judge, |name| name != file && !Self::is_trust(name)));
        let pool: Vec<Der> = at_hand.iter().map(|one| one.der.clone()).collect();
        let input = ChainInput {
            chain,
            trust: Some(&trust),
            judge,
            at_hand: &pool,
            clock_unix_s: AT,
            key_in_use: None,
            possession: None,
        };
        let told = explain_chain(&input, &at_hand, None);
        text.line(format!("{file} judged by a {}, lists {with_lists}", judge.word()));
        text.below(|text| {
            for cause in &told.causes {
                text::cause(text, cause);
            }
            text::matrix(text, &told.judgement.matrix);
            text::chain(text, presenter, &told.judgement.view);
            for record in &told.judgement.record {
                text::on_record(text, record);
            }
            text::warned(text, &told.warned);
            let report = paths(&PathsInput {
                chain,
                trust: Some(&trust),
                judge,
                at_hand: &at_hand,
                clock_unix_s: AT,
            });
            text::path_report(text, presenter, &report);
        });
    }
}

/// The folders that hold files of certificates.
fn folders() -> BTreeMap<String, Folder> {
    let mut all: BTreeMap<String, Folder> = BTreeMap::new();
    for kind in ["certs", "containers", "field", "outside"] {
        for path in fixtures(kind) {
            let ending = path
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if ["pcap", "keylog", "tsv", "md", "sh", "txt"].contains(&ending.as_str()) {
                continue;
            }
            let folder = name_of(path.parent().expect("a folder"));
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let folder = all.entry(folder).or_insert_with(|| Folder { files: Vec::new() });
            folder.files.push((name, read(&path)));
        }
    }
    all
}

#[test]
fn what_is_read() {
    let mut each = Each::default();
    for (name, folder) in folders() {
        let mut seen = BTreeSet::new();
        let text = written(|text| {
            for (file, read) in &folder.files {
                text.line(file);
                text.below(|text| match read {
                    Ok(found) => bundle(text, found, &mut seen),
                    Err(error) => text.line(format!("!! {error} {:?}", error.reason)),
                });
            }
        });
        each.holds(&format!("read-{name}"), &text);
    }
    each.end();
}

#[test]
fn what_is_said_of_their_chains() {
    let mut each = Each::default();
    for (name, folder) in folders() {
        let has_lists = !folder.revocation().is_empty();
        let mut seen = BTreeSet::new();
        let text = written(|text| {
            for (file, bundle) in folder.certificates(|name| name.contains(".pem") || name.contains(".der")) {
                let chain: Vec<Der> = bundle.certificates.iter().map(|one| one.der.clone()).collect();
                // The same chain in another form is the same chain.
                if chain.is_empty() || !seen.insert((Folder::presenter(file), chain.clone())) {
                    continue;
                }
                folder.judge(text, file, &chain, false);
                if has_lists {
                    folder.judge(text, file, &chain, true);
                }
            }
        });
        if !text.is_empty() {
            each.holds(&format!("chains-{name}"), &text);
        }
    }
    each.end();
}
