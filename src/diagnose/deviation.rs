//! What rustls lets pass and other stacks refuse, and the other way round: who they are, as they themselves showed it.
//!
//! `assets/deviations.ron` is written by `tests/stacks/deviations.rs`, which makes a chain for every rule and hands it to the real
//! programs; nothing in it is typed in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::rosetta::{Saying, sayings};
use crate::capture::Side;

/// What the programs did with the chains of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviations {
    /// The programs that were asked, with their versions, by their short names.
    pub programs: Vec<Program>,
    /// By rule.
    pub rules: BTreeMap<String, Rule>,
}

/// A program that judges chains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// `openssl`, `openssl-strict`, `gnutls`, `go`, `java`.
    pub id: String,
    /// `OpenSSL 3.0.22`, as people call it.
    pub name: String,
}

/// What came of one rule's chain: in the words of each program that refused it. Who is not here accepted it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// By the program's short name.
    pub refused: BTreeMap<String, String>,
}

static ALL: LazyLock<Deviations> = LazyLock::new(|| {
    // The asset is part of the binary and a test reads it: one that does not parse is found there.
    ron::from_str(include_str!("../../assets/deviations.ron")).unwrap_or_default()
});

/// The programs and what they did.
pub fn deviations() -> &'static Deviations {
    &ALL
}

/// Programs in a sentence: OpenSSL counts once, and as strict only where only its strict mode is meant.
fn list(is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    let plain = is_meant("openssl");
    ALL.programs
        .iter()
        .filter(|program| is_meant(&program.id) && !(program.id == "openssl-strict" && plain))
        .map(|program| program.name.clone())
        .collect()
}

fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Who refuses what a rule's chain shows, by their own release notes or reports, where the program that was asked is older or
/// is none of these. Each with its words, and where it is written.
const ON_RECORD: [(&str, &str); 1] = [
    // go.dev/doc/go1.23, crypto/x509; seen as `x509: negative serial number`.
    (
        "serial-negative",
        "Go 1.23 and later refuse it (x509: negative serial number), unless GODEBUG=x509negativeserial=1 is set",
    ),
];

/// Python 3.13's ssl.create_default_context sets VERIFY_X509_STRICT (docs.python.org/3/library/ssl.html): what OpenSSL refuses
/// in its strict mode only, it refuses as well.
const STRICT_BY_DEFAULT: &str = "and so does Python 3.13 and later, which sets that strict mode by itself";

/// What is on record of a rule beyond what was asked.
fn on_record(rule: &str) -> String {
    let recorded = ON_RECORD.iter().find(|(of, _)| *of == rule);
    let is_strict_only = ALL.rules.get(rule).is_some_and(|found| {
        found.refused.contains_key("openssl-strict") && !found.refused.contains_key("openssl")
    });
    let mut words = String::new();
    if is_strict_only {
        words = format!(", {STRICT_BY_DEFAULT}");
    }
    if let Some((_, recorded)) = recorded {
        words += &format!("; also on record: {recorded}");
    }
    words
}

/// Two rules that a chain alone does not show, with the fault of the table of what stacks say in which they were tried: a key
/// is used in a handshake.
const IN_A_HANDSHAKE: [(&str, &str); 2] = [
    ("leaf-without-digital-signature", "usage"),
    ("weak-rsa-key", "weak"),
];

/// Who refuses what rustls accepts, as a judge of chains or, where `judge` looks at a key in use, in a handshake.
fn refusing(rule: &str, judge: Option<Side>) -> Option<Vec<String>> {
    let found = ALL.rules.get(rule)?;
    let mut names = list(|id| found.refused.contains_key(id));
    let fault = IN_A_HANDSHAKE.iter().find(|(of, _)| *of == rule);
    if let (Some((_, fault)), Some(judge)) = (fault, judge) {
        let fault = format!("{}-{fault}", judge.peer().word());
        let tried = || {
            sayings()
                .iter()
                .filter(|said| said.fault == fault && said.side == judge)
        };
        // Who went on with some peer did not mind: where it failed with another, that one had its own reason.
        let minds = |said: &&Saying| !tried().any(|other| other.stack == said.stack && other.accepted);
        for said in tried().filter(minds) {
            // Whoever is built on OpenSSL does as it does.
            let is_known = names.iter().any(|name| name.starts_with(&said.stack));
            if !is_known && said.stack != "rustls" && !said.version.contains("(OpenSSL") {
                let version = said.version.split(' ').next().unwrap_or_default();
                names.push(format!("{} {version}", said.stack));
            }
        }
    }
    Some(names)
}

/// `OpenSSL 3.0.22 and Go 1.19.8 refuse it`.
fn who_refuses(names: Option<&[String]>, with_versions: bool) -> String {
    let Some(names) = names else {
        return "others may refuse it".to_owned();
    };
    match names.len() {
        0 => {
            let names: Vec<String> = list(|id| id != "openssl-strict")
                .iter()
                .map(|name| match name.split_once(' ') {
                    // Where another version is known to differ, theirs is said.
                    Some((short, _)) if !with_versions => short.to_owned(),
                    _ => name.clone(),
                })
                .collect();
            format!("and {} let it pass as well, on record", joined(&names))
        }
        1 => format!("{} refuses it", joined(names)),
        _ => format!("{} refuse it", joined(names)),
    }
}

/// Who accepts what rustls refuses: `OpenSSL 3.0.22 and Go 1.19.8 accept it`.
pub(super) fn who_accepts(rule: &str) -> String {
    let Some(found) = ALL.rules.get(rule) else {
        return "others may accept it".to_owned();
    };
    let names = list(|id| !found.refused.contains_key(id));
    match names.len() {
        0 => "others refuse it as well".to_owned(),
        1 => format!("{} accepts it", joined(&names)),
        _ => format!("{} accept it", joined(&names)),
    }
}

/// Who refuses what rustls refuses too, in their own words: `OpenSSL 3.0.22 refuses it as well (permitted subtree violation)`.
pub(super) fn who_refuses_as_well(rule: &str) -> String {
    let Some(found) = ALL.rules.get(rule) else {
        return "others may refuse it as well".to_owned();
    };
    let refusing = list(|id| found.refused.contains_key(id));
    let accepting = list(|id| id != "openssl-strict" && !found.refused.contains_key(id));
    let said = ALL
        .programs
        .iter()
        .find_map(|program| found.refused.get(&program.id));
    let said = said.map(|words| format!(" ({words})")).unwrap_or_default();
    match (refusing.as_slice(), accepting.as_slice()) {
        ([], _) => "others accept it".to_owned(),
        (some, []) => format!("{} {} it as well{said}", joined(some), verb(some, "refuse")),
        (some, others) => format!(
            "{} {} it as well{said}, {} {} it",
            joined(some),
            verb(some, "refuse"),
            joined(others),
            verb(others, "accept")
        ),
    }
}

/// `refuse` or `refuses`.
fn verb(names: &[String], verb: &str) -> String {
    format!("{verb}{}", if names.len() == 1 { "s" } else { "" })
}

/// Who takes two names for one and who compares their bytes, where these rules' chains are about that: `OpenSSL 3.0.22
/// accepts it, Go 1.19.8 refuses it as well`.
pub(super) fn who_folds(rules: &[&str]) -> String {
    let refuses = |id: &str| {
        let found = rules.iter().filter_map(|rule| ALL.rules.get(*rule));
        found.into_iter().any(|rule| rule.refused.contains_key(id))
    };
    let does = |names: &[String], word: &str| format!("{} {} it", joined(names), verb(names, word));
    let (folding, comparing) = (list(|id| !refuses(id)), list(refuses));
    match (folding.as_slice(), comparing.as_slice()) {
        ([], _) => "others refuse it as well".to_owned(),
        (some, []) => does(some, "accept"),
        (some, others) => format!("{}, {} as well", does(some, "accept"), does(others, "refuse")),
    }
}

/// What is said of a deviation, and whether anybody who was asked minds.
pub(super) struct Sentence {
    /// A clause.
    pub words: String,
    /// Where nobody does, the rules alone say no.
    pub is_refused_by_any: bool,
}

/// What is amiss, that rustls does not mind, and who does.
pub(super) fn sentence(rule: &str, amiss: &str, rustls: &str) -> Sentence {
    said(rule, refusing(rule, None).as_deref(), amiss, rustls)
}

/// As [`sentence`], for what shows only when the key is used: in a handshake that `judge` judges.
pub(super) fn sentence_in_a_handshake(judge: Side, rule: &str, amiss: &str, rustls: &str) -> Sentence {
    said(rule, refusing(rule, Some(judge)).as_deref(), amiss, rustls)
}

fn said(rule: &str, names: Option<&[String]>, amiss: &str, rustls: &str) -> Sentence {
    let is_on_record = ON_RECORD.iter().any(|(of, _)| *of == rule);
    Sentence {
        words: format!(
            "{amiss}; {rustls}, {}{}",
            who_refuses(names, is_on_record),
            on_record(rule)
        ),
        is_refused_by_any: is_on_record || names.is_none_or(|names| !names.is_empty()),
    }
}
