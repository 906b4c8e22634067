//! What log lines mean: `assets/phrases.ron`, and what real programs were heard to say (`assets/rosetta.ron`).

use std::collections::HashMap;
use std::sync::LazyLock;

use ron::extensions::Extensions;
use serde::Deserialize;

use super::LogRole;
use crate::capture::Side;
use crate::diagnose::CauseId;

/// All tables.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    pub alerts: Vec<Alert>,
    /// Words before an alert's name that make it one that was received.
    pub received: Vec<String>,
    pub verify_errors: Vec<VerifyError>,
    pub reasons: Vec<Reason>,
    pub phrases: Vec<Phrase>,
    pub sides: Vec<SideWords>,
    /// By cause id.
    pub checks: HashMap<String, String>,
}

/// An alert as stacks spell it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alert {
    pub code: u8,
    pub words: Vec<String>,
}

/// A result of OpenSSL's verification.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyError {
    pub code: u32,
    pub words: Vec<String>,
    #[serde(deserialize_with = "causes")]
    pub causes: Vec<CauseId>,
}

/// A reason in a packed error code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    pub openssl: u32,
    pub boringssl: u32,
    /// The words of a phrase that it stands for.
    pub words: Vec<String>,
}

/// Words of a stack.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrase {
    /// Empty: anybody's.
    pub stack: String,
    pub words: Vec<String>,
    pub role: LogRole,
    #[serde(default)]
    pub side: Option<Side>,
    /// Likeliest first; empty where the words tell only who speaks.
    #[serde(deserialize_with = "causes")]
    pub causes: Vec<CauseId>,
}

/// Words that tell whose log it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SideWords {
    pub words: Vec<String>,
    pub side: Side,
    pub why: String,
}

fn causes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<CauseId>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|word| {
            CauseId::from_word(word)
                .ok_or_else(|| serde::de::Error::custom(format!("no cause is called “{word}”")))
        })
        .collect()
}

fn read(text: &str) -> Result<Tables, ron::error::SpannedError> {
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME)
        .from_str(text)
}

/// The tables. The asset is part of the binary and a test reads it: what does not parse is found there.
pub(super) static TABLES: LazyLock<Tables> =
    LazyLock::new(|| read(include_str!("../../../assets/phrases.ron")).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_parses_and_its_words_are_plain() {
        let tables = read(include_str!("../../../assets/phrases.ron")).expect("the asset parses");
        let lists = tables
            .alerts
            .iter()
            .map(|entry| &entry.words)
            .chain(tables.verify_errors.iter().map(|entry| &entry.words))
            .chain(tables.phrases.iter().map(|entry| &entry.words))
            .chain(tables.sides.iter().map(|entry| &entry.words))
            .chain([&tables.received]);
        for words in lists.flatten() {
            let plain = super::super::plain::Plain::of(words).text;
            assert_eq!(*words, plain, "it could never be found");
        }
        for id in CauseId::ALL {
            assert!(
                tables.checks.contains_key(id.word()),
                "{} has no check",
                id.word()
            );
        }
        for reason in &tables.reasons {
            let is_phrase = |word| tables.phrases.iter().any(|phrase| phrase.words.contains(word));
            assert!(reason.words.iter().all(is_phrase), "{reason:?}");
        }
    }
}
