//! What rustls lets pass and other stacks refuse, and the other way round, in words: "on record", for nobody is asked.

use super::deviations::{Rule, deviations};
use super::record::Recorded;
use super::sayings::{Saying, sayings};
use crate::capture::Side;

/// Whether a program accepts or refuses a rule's chain, or this one for the same reason: what is on record of the whole chain
/// outweighs what came of the rule's own, in which nothing else was amiss.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Accept,
    Refuse,
}

/// Who does so; nobody of whom the record of this chain says otherwise.
fn who(does: Does, rule: &Rule, record: &Recorded<'_>) -> Vec<String> {
    list(|id| {
        let is_refused = rule.refused.contains_key(id);
        // The strict mode is on record nowhere else: where the plain one is known to differ from the rule's, so may it.
        let plain = plain(id);
        let by_rule = rule.refused.contains_key(plain);
        match (does, record.accepts(plain)) {
            (Does::Refuse, Some(true)) => is_refused && !by_rule,
            (Does::Refuse, _) => is_refused,
            (Does::Accept, Some(false)) => false,
            (Does::Accept, Some(true)) => id == plain,
            (Does::Accept, None) => !is_refused,
        }
    })
}

/// The program without the flag that makes it stricter: what it refuses, the strict one refuses too.
fn plain(id: &str) -> &str {
    id.strip_suffix("-strict").unwrap_or(id)
}

/// Programs in a sentence: OpenSSL counts once, and as strict only where only its strict mode is meant.
fn list(is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    let plain = is_meant("openssl");
    deviations()
        .programs
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
    let is_strict_only = deviations().rules.get(rule).is_some_and(|found| {
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
fn refusing(record: &Recorded<'_>, rule: &str, judge: Option<Side>) -> Option<Vec<String>> {
    let found = deviations().rules.get(rule)?;
    let mut names = who(Does::Refuse, found, record);
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
fn who_refuses(record: &Recorded<'_>, rule: &str, names: Option<&[String]>, with_versions: bool) -> String {
    let Some(names) = names else {
        return ", others may refuse it".to_owned();
    };
    match names.len() {
        0 => {
            let accepting = deviations()
                .rules
                .get(rule)
                .map(|found| who(Does::Accept, found, record))
                .unwrap_or_default();
            let names: Vec<String> = accepting
                .iter()
                .map(|name| match name.split_once(' ') {
                    // Where another version is known to differ, theirs is said.
                    Some((short, _)) if !with_versions => short.to_owned(),
                    _ => name.clone(),
                })
                .collect();
            match names.len() {
                0 => ", and no stack on record refuses it for this".to_owned(),
                1 => format!(", and {} lets it pass as well, on record", joined(&names)),
                _ => format!(", and {} let it pass as well, on record", joined(&names)),
            }
        }
        1 => format!("; on record {} refuses it", joined(names)),
        _ => format!("; on record {} refuse it", joined(names)),
    }
}

/// Who accepts what rustls refuses: `OpenSSL 3.0.22 and Go 1.19.8 accept it`.
pub(super) fn who_accepts(record: &Recorded<'_>, rule: &str) -> String {
    let Some(found) = deviations().rules.get(rule) else {
        return "others may accept it".to_owned();
    };
    let names = who(Does::Accept, found, record);
    match names.len() {
        0 => "the other stacks on record refuse the chain as well".to_owned(),
        1 => format!("on record {} accepts it", joined(&names)),
        _ => format!("on record {} accept it", joined(&names)),
    }
}

/// Who refuses what rustls refuses too, in their own words: `OpenSSL 3.0.22 refuses it as well (permitted subtree violation)`;
/// or in these, where they say it otherwise in this case.
pub(super) fn who_refuses_as_well(record: &Recorded<'_>, rule: &str, own: Option<&str>) -> String {
    let Some(found) = deviations().rules.get(rule) else {
        return "others may refuse it as well".to_owned();
    };
    let refusing = who(Does::Refuse, found, record);
    let accepting = who(Does::Accept, found, record);
    let said = deviations()
        .programs
        .iter()
        .find_map(|program| found.refused.get(&program.id))
        .map(String::as_str);
    let said = own
        .or(said)
        .map(|words| format!(" ({words})"))
        .unwrap_or_default();
    match (refusing.as_slice(), accepting.as_slice()) {
        ([], []) => "nothing is on record of others".to_owned(),
        ([], others) => format!("on record {} {} it", joined(others), verb(others, "accept")),
        (some, []) => format!(
            "on record {} {} it as well{said}",
            joined(some),
            verb(some, "refuse")
        ),
        (some, others) => format!(
            "on record {} {} it as well{said}, {} {} it",
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
pub(super) fn who_folds(record: &Recorded<'_>, rules: &[&str]) -> String {
    let refuses = |id: &str| {
        let found = rules.iter().filter_map(|rule| deviations().rules.get(*rule));
        found.into_iter().any(|rule| rule.refused.contains_key(id))
    };
    let does = |names: &[String], word: &str| format!("{} {} it", joined(names), verb(names, word));
    // Who takes the names for one may have other reasons.
    let accepts = |id: &str| !refuses(id) && record.accepts(plain(id)) != Some(false);
    let (folding, comparing) = (list(accepts), list(refuses));
    match (folding.as_slice(), comparing.as_slice()) {
        ([], _) => "the other stacks on record refuse it as well".to_owned(),
        (some, []) => format!("on record {}", does(some, "accept")),
        (some, others) => format!(
            "on record {}, {} as well",
            does(some, "accept"),
            does(others, "refuse")
        ),
    }
}

/// What is said of a deviation, and whether anybody who was asked minds.
pub(super) struct Sentence {
    /// A clause.
    pub words: String,
    /// Where nobody does, the rules alone say no.
    pub is_refused_by_any: bool,
    /// The rule, by its name in the record.
    pub rule: &'static str,
}

/// What is amiss, that rustls does not mind, and who does.
pub(super) fn sentence(record: &Recorded<'_>, rule: &'static str, amiss: &str, rustls: &str) -> Sentence {
    let names = refusing(record, rule, None);
    said(record, rule, names.as_deref(), amiss, rustls)
}

/// As [`sentence`], for what shows only when the key is used: in a handshake that `judge` judges.
pub(super) fn sentence_in_a_handshake(
    record: &Recorded<'_>,
    judge: Side,
    rule: &'static str,
    amiss: &str,
    rustls: &str,
) -> Sentence {
    let names = refusing(record, rule, Some(judge));
    let mut sentence = said(record, rule, names.as_deref(), amiss, rustls);
    // The chain alone they may well accept.
    if names.is_some() && names != refusing(record, rule, None) {
        sentence.words += " in a handshake";
    }
    sentence
}

fn said(
    record: &Recorded<'_>,
    rule: &'static str,
    names: Option<&[String]>,
    amiss: &str,
    rustls: &str,
) -> Sentence {
    let is_on_record = ON_RECORD.iter().any(|(of, _)| *of == rule);
    Sentence {
        words: format!(
            "{amiss}; {rustls}{}{}",
            who_refuses(record, rule, names, is_on_record),
            on_record(rule)
        ),
        is_refused_by_any: is_on_record || names.is_none_or(|names| !names.is_empty()),
        rule,
    }
}

#[cfg(test)]
#[path = "deviation_tests.rs"]
mod tests;
