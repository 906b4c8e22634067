//! Chains of the corpora, judged: what came of them in the words that the tables in `tests/truth/` use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{ChainInput, MatrixRow, Outcome, judge_chain};
use mtlscope::source::oracle;

/// The folder of a corpus; `None`, said aloud, where there is none. In CI there must be one.
pub fn corpus(name: &str) -> Option<PathBuf> {
    Some(super::machine::corpora(name)?.join(name))
}

/// When a case that names no time of its own is judged. The certificates of these are good for centuries on both sides of it.
const USUAL_MOMENT: &str = "2026-01-01T00:00:00Z";

/// The moment at which a case of x509-limbo is judged, in seconds since the Unix epoch; never the day of the run.
#[allow(dead_code, reason = "not every test that reads chains has cases with times")]
pub fn moment(validation_time: Option<&str>) -> i64 {
    validation_time
        .unwrap_or(USUAL_MOMENT)
        .parse::<jiff::Timestamp>()
        .expect("a time")
        .as_second()
}

/// The certificates of a text; broken ones are part of the corpora, so PEM is undone here and not by the loader.
pub fn certificates(text: &str) -> Vec<Der> {
    let all = decoded(text, "CERTIFICATE");
    all.map(|one| one.expect("the corpus is base64")).collect()
}

/// The blocks of a text; what is no base64 is none.
pub fn blocks(text: &str, label: &str) -> Vec<Der> {
    decoded(text, label).filter_map(Result::ok).collect()
}

fn decoded(text: &str, label: &str) -> impl Iterator<Item = Result<Der, base64::DecodeError>> {
    let parts: Vec<&str> = text.split(&format!("-----BEGIN {label}-----")).skip(1).collect();
    parts.into_iter().map(|part| {
        let body = part.split("-----END").next().unwrap_or_default();
        let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        base64::Engine::decode(&base64::prelude::BASE64_STANDARD, body).map(Der::from)
    })
}

pub fn certificates_of(path: &Path) -> Vec<Der> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    certificates(&String::from_utf8_lossy(&bytes))
}

/// Every file below a folder.
pub fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// What came of a chain.
pub struct Judged {
    pub verdict: Result<(), String>,
    pub rows: Vec<MatrixRow>,
}

impl Judged {
    pub fn of(chain: &[Der], trust: &Trust, judge: Side) -> Self {
        let ours = judge_chain(&ChainInput {
            chain,
            trust: Some(trust),
            judge,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: None,
            possession: None,
        });
        Self {
            verdict: oracle::judge(chain, trust, judge).map_err(|verdict| verdict.words),
            rows: ours.matrix,
        }
    }

    fn with(&self, outcome: Outcome) -> impl Iterator<Item = &MatrixRow> {
        self.rows.iter().filter(move |row| row.outcome == outcome)
    }

    pub fn is_refused(&self) -> bool {
        self.with(Outcome::Fail).next().is_some()
    }

    /// The causes of the failures, `role:cause`, leaf first.
    pub fn causes(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .with(Outcome::Fail)
            .map(|row| {
                let cause = row.cause.map_or("none", |cause| cause.word());
                format!("{}:{cause}", row.role.word())
            })
            .collect();
        all.dedup();
        all
    }

    /// Failures and warnings in full, to read.
    pub fn words(&self) -> String {
        self.rows
            .iter()
            .filter(|row| matches!(row.outcome, Outcome::Fail | Outcome::Warn))
            .map(|row| {
                format!(
                    "\n      {} {} {} [{}]: {}",
                    row.outcome.word(),
                    row.role.word(),
                    row.check.word(),
                    row.cause.map_or("-", |cause| cause.word()),
                    row.detail
                )
            })
            .collect::<Vec<String>>()
            .concat()
    }

    /// Whether what came is what a table's entry says; otherwise what is wrong.
    ///
    /// `pass`; `fail CAUSE|CAUSE…` (a cause may be given as `role:cause`): one of them is there, and no other; `fail CAUSE +CAUSE|…`:
    /// those after the plus may be there besides; `warn ROLE CHECK WORDS`: accepted, and that row warns with those words.
    pub fn disagrees(&self, entry: &str) -> Option<String> {
        if self.verdict.is_err() != self.is_refused() {
            return Some(format!("rustls {:?}, but we{}", self.verdict, self.words()));
        }
        let (kind, rest) = entry.split_once(' ').unwrap_or((entry, ""));
        let agrees = match kind {
            "pass" => !self.is_refused(),
            "fail" => {
                let (wanted, besides) = rest.split_once(" +").unwrap_or((rest, ""));
                let is_among = |found: &String, list: &str| {
                    list.split('|')
                        .any(|one| one == found || found.split_once(':').is_some_and(|(_, id)| id == one))
                };
                let causes = self.causes();
                causes.iter().any(|found| is_among(found, wanted))
                    && causes
                        .iter()
                        .all(|found| is_among(found, wanted) || is_among(found, besides))
            }
            "warn" => {
                let mut parts = rest.splitn(3, ' ');
                let (role, check, words) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
                !self.is_refused()
                    && self.with(Outcome::Warn).any(|row| {
                        Some(row.role.word()) == role
                            && Some(row.check.word()) == check
                            && row.detail.contains(words)
                    })
            }
            other => panic!("“{other}” is no kind of entry"),
        };
        (!agrees).then(|| format!("wanted {entry}; rustls {:?}, we{}", self.verdict, self.words()))
    }
}

/// A table: lines of a key, a tab, an entry, and perhaps a tab and why.
pub fn table(text: &str) -> BTreeMap<&str, &str> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut parts = line.split('\t');
            (
                parts.next().expect("a key"),
                parts
                    .next()
                    .unwrap_or_else(|| panic!("no entry in the line “{line}”")),
            )
        })
        .collect()
}
