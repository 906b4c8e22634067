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
fn who_refuses(names: Option<&[String]>) -> String {
    let Some(names) = names else {
        return "others may refuse it".to_owned();
    };
    match names.len() {
        0 => {
            let names: Vec<String> = list(|id| id != "openssl-strict")
                .iter()
                .map(|name| name.split(' ').next().unwrap_or_default().to_owned())
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

/// What is said of a deviation, and whether anybody who was asked minds.
pub(super) struct Sentence {
    /// A clause.
    pub words: String,
    /// Where nobody does, the rules alone say no.
    pub is_refused_by_any: bool,
}

/// What is amiss, that rustls does not mind, and who does.
pub(super) fn sentence(rule: &str, amiss: &str, rustls: &str) -> Sentence {
    said(refusing(rule, None).as_deref(), amiss, rustls)
}

/// As [`sentence`], for what shows only when the key is used: in a handshake that `judge` judges.
pub(super) fn sentence_in_a_handshake(judge: Side, rule: &str, amiss: &str, rustls: &str) -> Sentence {
    said(refusing(rule, Some(judge)).as_deref(), amiss, rustls)
}

fn said(names: Option<&[String]>, amiss: &str, rustls: &str) -> Sentence {
    Sentence {
        words: format!("{amiss}; {rustls}, {}", who_refuses(names)),
        is_refused_by_any: names.is_none_or(|names| !names.is_empty()),
    }
}
