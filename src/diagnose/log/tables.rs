//! What log lines mean: `assets/phrases.ron`, and what real programs were heard to say (`assets/rosetta.ron`).

use std::collections::HashMap;
use std::sync::LazyLock;

use ron::extensions::Extensions;
use serde::Deserialize;

use super::more::More;
use super::reading::LogRole;
use crate::capture::Side;
use crate::diagnose::cause::CauseId;

/// All tables.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    pub alerts: Vec<Alert>,
    /// Words before an alert's name that make it one that was received.
    pub received: Vec<String>,
    /// The same, of words that others have too: where the line speaks of TLS.
    pub received_in_tls: Vec<String>,
    pub verify_errors: Vec<VerifyError>,
    pub reasons: Vec<Reason>,
    pub phrases: Vec<Phrase>,
    pub sides: Vec<SideWords>,
    /// Words that a program alone has, most telling first.
    pub hosts: Vec<Owner>,
    /// Words that a library alone has.
    pub libraries: Vec<Owner>,
    /// By cause id.
    pub checks: HashMap<String, String>,
    /// The same where the writer is a server, and its peer the client is to be looked at.
    pub checks_of_a_server: HashMap<String, String>,
}

/// An alert as stacks spell it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alert {
    pub code: u8,
    pub words: Vec<String>,
    /// Whole names for one that was received, whatever stands before them.
    #[serde(default)]
    pub received: Vec<String>,
    /// What stacks send it for, the everyday first; empty where the RFC's meanings are.
    #[serde(default, deserialize_with = "causes")]
    pub causes: Vec<CauseId>,
}

/// A result of OpenSSL's verification.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyError {
    pub code: u32,
    pub words: Vec<String>,
    #[serde(deserialize_with = "causes")]
    pub causes: Vec<CauseId>,
    #[serde(default)]
    pub more: More,
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
    /// What the words need around them, where they are everyday ones.
    #[serde(default)]
    pub tls: Option<Context>,
    /// Likeliest first; empty where the words tell only who speaks.
    #[serde(deserialize_with = "causes")]
    pub causes: Vec<CauseId>,
    #[serde(default)]
    pub more: More,
}

/// What words need around them that everybody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Context {
    /// A line that speaks of TLS, or they are not heard.
    Must,
    /// A line that speaks of TLS, or they make nothing more than possible.
    Should,
}

/// Words that tell who made them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    pub stack: String,
    pub words: Vec<String>,
}

/// Words that tell whose log it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SideWords {
    pub words: Vec<String>,
    pub side: Side,
    pub why: String,
}

/// What a verification can fail for, the everyday first: `any-verification` in the tables.
const VERIFICATION: &[CauseId] = &[
    CauseId::UnknownIssuer,
    CauseId::MissingIntermediate,
    CauseId::SelfSignedNotTrusted,
    CauseId::Expired,
    CauseId::NameMismatch,
    CauseId::NoSan,
    CauseId::NoTrustAnchors,
    CauseId::SameNameDifferentKey,
    CauseId::NotYetValid,
    CauseId::WrongPurpose,
    CauseId::IpInDnsName,
    CauseId::WildcardMisuse,
    CauseId::Revoked,
    CauseId::RevocationUnknown,
    CauseId::CrlExpired,
    CauseId::CrlInvalid,
    CauseId::BadSignature,
    CauseId::WeakKey,
    CauseId::WeakSignature,
    CauseId::UnsupportedAlgorithm,
    CauseId::KeyUsage,
    CauseId::IssuerNotCa,
    CauseId::IssuerCannotSign,
    CauseId::PathLengthExceeded,
    CauseId::ChainTooLong,
    CauseId::NameConstraintViolated,
    CauseId::UnknownCriticalExtension,
    CauseId::UnsupportedCertificateVersion,
    CauseId::Malformed,
    CauseId::ValidityInverted,
    CauseId::LeafNotFirst,
    CauseId::SpiffeIdMismatch,
    CauseId::LeafIsCa,
    CauseId::NotConformant,
    CauseId::BudgetExceeded,
];

fn causes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<CauseId>, D::Error> {
    let mut causes = Vec::new();
    for word in Vec::<String>::deserialize(deserializer)? {
        let all = if word == "any-verification" {
            VERIFICATION.to_vec()
        } else {
            let cause = CauseId::from_word(&word)
                .ok_or_else(|| serde::de::Error::custom(format!("no cause is called “{word}”")))?;
            vec![cause]
        };
        for cause in all {
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
    }
    Ok(causes)
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
            .chain(tables.alerts.iter().map(|entry| &entry.received))
            .chain(tables.hosts.iter().map(|entry| &entry.words))
            .chain(tables.libraries.iter().map(|entry| &entry.words))
            .chain([&tables.received, &tables.received_in_tls]);
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
        for id in tables.checks_of_a_server.keys() {
            assert!(tables.checks.contains_key(id), "{id} is nobody's");
        }
        for reason in &tables.reasons {
            let is_phrase = |word| tables.phrases.iter().any(|phrase| phrase.words.contains(word));
            assert!(reason.words.iter().all(is_phrase), "{reason:?}");
        }
    }
}
