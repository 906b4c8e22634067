//! Why a chain is refused, against those who made the chains: Chromium's `.test` texts, BSI's and x509test's `expected.txt`.
//!
//! `tests/truth/reasons.tsv` maps each reason that a corpus gives to ours, `tests/truth/differ.tsv` lists the cases where rustls
//! decides differently from the corpus's own judge, with what we then say and why. Both are checked: a case that fits neither
//! fails the test, and so does an entry of which no case is left (but only in the part of the corpora that is here).

use crate::support::chains;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chains::{Judged, certificates_of, corpus, table};
use mtlscope::capture::{Der, Revocation, RevocationFile, Side, Trust};

fn seconds(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("a moment").as_second()
}

/// Judges the cases of one corpus by the tables: `corpus/case`, what the corpus says, what came.
struct Book {
    corpus: &'static str,
    reasons: BTreeMap<&'static str, &'static str>,
    differ: BTreeMap<&'static str, &'static str>,
    used: BTreeSet<String>,
    agreed: usize,
    differing: usize,
    wrong: Vec<String>,
}

impl Book {
    fn of(corpus: &'static str) -> Self {
        Self {
            corpus,
            reasons: table(include_str!("../truth/reasons.tsv")),
            differ: table(include_str!("../truth/differ.tsv")),
            used: BTreeSet::new(),
            agreed: 0,
            differing: 0,
            wrong: Vec::new(),
        }
    }

    fn judge(&mut self, case: &str, reason: &str, judged: &Judged) {
        let key = format!("{}/{case}", self.corpus);
        let entry = if let Some(entry) = self.differ.get(key.as_str()) {
            self.used.insert(key.clone());
            self.differing += 1;
            entry
        } else if let Some(entry) = self.reasons.get(format!("{}: {reason}", self.corpus).as_str()) {
            self.agreed += 1;
            entry
        } else {
            self.wrong.push(format!(
                "{key}: no entry for the reason “{reason}”; rustls {:?}, we{}",
                judged.verdict,
                judged.words()
            ));
            return;
        };
        if let Some(words) = judged.disagrees(entry) {
            self.wrong.push(format!("{key}: “{reason}”: {words}"));
        }
    }

    fn close(self, at_least: usize) {
        println!(
            "{}: {} cases: {} with the corpus's reason, {} where rustls decides otherwise and we say so",
            self.corpus,
            self.agreed + self.differing,
            self.agreed,
            self.differing
        );
        assert!(
            self.wrong.is_empty(),
            "{} of {}:\n{}",
            self.wrong.len(),
            self.agreed + self.differing,
            self.wrong.join("\n")
        );
        let gone: Vec<&&str> = self
            .differ
            .keys()
            .filter(|key| key.starts_with(self.corpus) && !self.used.contains(**key))
            .collect();
        assert!(gone.is_empty(), "listed, and no case is left: {gone:?}");
        assert!(self.agreed + self.differing >= at_least);
    }
}

fn field<'a>(text: &'a str, name: &str) -> &'a str {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .unwrap_or_default()
        .trim()
}

/// Chromium's verifier takes the chain as a path, its last certificate as the anchor (or the leaf itself as trusted).
#[test]
fn chromiums_reasons_are_ours() {
    let Some(folder) = corpus("chromium-verify/verify_certificate_chain_unittest") else {
        return;
    };
    let mut book = Book::of("chromium");
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("the cases").flatten() {
        let tests = std::fs::read_dir(entry.path()).into_iter().flatten().flatten();
        files.extend(
            tests
                .map(|test| test.path())
                .filter(|path| path.extension().is_some_and(|end| end == "test")),
        );
    }
    files.sort();
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a test");
        let (head, errors) = text.split_once("expected_errors:").unwrap_or((&text, ""));
        let chain = certificates_of(&file.with_file_name(field(head, "chain")));
        // DEFAULT is the day on which Chromium's suite generated its chains for; UTCTime otherwise.
        let clock_unix_s = match field(head, "utc_time") {
            "DEFAULT" => seconds("2021-10-05T12:00:00Z"),
            time => seconds(&format!(
                "20{}-{}-{}T{}:{}:{}Z",
                &time[..2],
                &time[2..4],
                &time[4..6],
                &time[6..8],
                &time[8..10],
                &time[10..12]
            )),
        };
        let judge = if field(head, "key_purpose").starts_with("CLIENT_AUTH") {
            Side::Server
        } else {
            Side::Client
        };
        let last: Vec<Der> = chain.last().cloned().into_iter().collect();
        let sent = if chain.len() > 1 {
            chain[..chain.len() - 1].to_vec()
        } else {
            chain.clone()
        };
        let trusts_last = field(head, "last_cert_trust") != "UNSPECIFIED";
        let trust = Trust {
            roots: if trusts_last { last } else { Vec::new() },
            expected_name: None,
            clock_unix_s,
            ..Trust::default()
        };
        let reason = first_error(errors);
        let case = file
            .strip_prefix(&folder)
            .expect("below the folder")
            .display()
            .to_string();
        book.judge(&case, &reason, &Judged::of(&sent, &trust, judge));
    }
    book.close(75);
}

/// `i=1 Time is after notAfter`: the first error and on which certificate; the anchor is `root`. Warnings do not count.
fn first_error(errors: &str) -> String {
    let mut place = "";
    for line in errors.lines() {
        if let Some(rest) = line.strip_prefix("----- Certificate i=") {
            place = rest.split(' ').next().unwrap_or_default();
        }
        if let Some(error) = line.strip_prefix("ERROR: ") {
            return format!("{}{error}", if place == "0" { "leaf: " } else { "CA: " });
        }
    }
    "no error".to_owned()
}

/// The lists of a case, held as strictly as the BSI asks: one that has run out is refused. Nothing where it has none.
fn lists_of(folder: &Path) -> Revocation {
    let mut known = Revocation {
        refuses_stale: true,
        ..Revocation::default()
    };
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = files.map(|file| file.path()).collect();
    paths.sort();
    for path in paths {
        let bundle = mtlscope::pki::read_file(&path).unwrap_or_else(|error| panic!("{error}"));
        known
            .lists
            .extend(bundle.revocation_lists.into_iter().map(RevocationFile::from));
    }
    known
}

#[test]
fn the_bsis_reasons_are_ours() {
    let Some(folder) = corpus("bsi-x509") else { return };
    let expected = std::fs::read_to_string(folder.join("expected.txt")).expect("the expectations");
    let mut book = Book::of("bsi");
    for line in expected.lines() {
        let Some((case, reason)) = line.split_once('$') else {
            continue;
        };
        let file = |end: &str| certificates_of(&folder.join(case).join(format!("{case}_{end}")));
        let mut chain = file("ee.TC.pem.crt");
        chain.extend(file("sub_ca.ca.pem.crt"));
        let trust = Trust {
            roots: file("root_ca.TA.pem.crt"),
            expected_name: None,
            clock_unix_s: seconds("2017-08-19T12:00:00Z"),
            revocation: lists_of(&folder.join(case).join("crls")),
        };
        book.judge(case, reason, &Judged::of(&chain, &trust, Side::Client));
    }
    book.close(24);
}

#[test]
fn x509tests_reasons_are_ours() {
    let Some(folder) = corpus("x509test") else { return };
    let expected = std::fs::read_to_string(folder.join("expected.txt")).expect("the expectations");
    let mut book = Book::of("x509test");
    for line in expected.lines() {
        let Some((case, reason)) = line.split_once(':') else {
            continue;
        };
        let path: &Path = &folder.join(case);
        let trust = Trust {
            roots: certificates_of(&folder.join("root.pem")),
            expected_name: Some("www.tls.test".to_owned()),
            clock_unix_s: seconds("2016-10-21T04:20:00Z"),
            ..Trust::default()
        };
        book.judge(
            case,
            reason,
            &Judged::of(&certificates_of(path), &trust, Side::Client),
        );
    }
    book.close(18);
}
