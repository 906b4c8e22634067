//! One slot of the set-up: what was loaded into it, and what a glance should tell of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::pki::{Bundle, CertificateFacts, LoadedCertificate, LoadedKey, Purpose};

/// A file with more remarks than this has them in the notes.
const MOST_REMARKS: usize = 6;

/// A slot of the set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum SetupSlot {
    /// The chain presented.
    Certificate,
    /// The private key.
    Key,
    /// What is trusted.
    Trust,
}

impl SetupSlot {
    /// All of them, in the order of the panel.
    pub const ALL: [Self; 3] = [Self::Certificate, Self::Key, Self::Trust];
}

/// Where a slot's content comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Nothing is in it: no certificate is sent, or nobody is trusted.
    #[default]
    Empty,
    /// Minted at start.
    BuiltIn,
    /// A file, read again at every run.
    File(PathBuf),
    /// Text from the clipboard.
    Pasted,
}

/// Whether a slot's content fits the rest of the set-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// It does.
    Good,
    /// It does not, and why: a sentence without a full stop.
    Bad(String),
    /// Not judged (yet), or nothing to judge.
    #[default]
    Unknown,
}

/// One slot.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// Where the content comes from.
    pub source: Source,
    /// Certificates, in file order. Always empty in a key slot.
    pub certificates: Arc<[LoadedCertificate]>,
    /// The key. Always absent outside a key slot.
    pub key: Option<Arc<LoadedKey>>,
    /// A fix chose its content one by one, from files that may hold more: read again, it keeps to that choice.
    pub is_picked: bool,
    /// Why the last thing offered was not taken; what was there before is still there.
    pub error: Option<String>,
    /// The dot.
    pub fit: Fit,
    /// `orders.pem +1`, `orders.key · P-256`, `2 roots`.
    pub label: String,
    /// Name and value lines for whoever looks closer.
    pub details: Vec<(&'static str, String)>,
    /// Start and end of the first certificate's validity, in seconds since the epoch.
    pub validity: Option<(i64, i64)>,
}

/// What a glance tells of a side's lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListsSeen {
    /// The dot.
    pub fit: Fit,
    /// thisUpdate and nextUpdate of the list that runs out first, in seconds since the epoch.
    pub span: Option<(i64, i64)>,
}

impl Slot {
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.key.is_none()
    }

    /// A slot with these certificates: a chain, leaf first, or trust anchors.
    pub fn of_certificates(kind: SetupSlot, source: Source, certificates: Vec<LoadedCertificate>) -> Self {
        let Some(first) = certificates.first() else {
            return Self::empty(kind);
        };
        let facts = CertificateFacts::from_der(&first.der).ok();
        let name = match (&source, &facts) {
            (Source::File(path), _) => file_name(path),
            (_, Some(facts)) => facts.display_name.clone(),
            _ => "unreadable certificate".to_owned(),
        };
        let label = match (kind, certificates.len()) {
            (_, 1) => name,
            (SetupSlot::Trust, count) => format!("{count} roots"),
            (_, count) => format!("{name} +{}", count - 1),
        };
        let mut details = vec![("From", source_words(&source))];
        if let Some(facts) = &facts {
            details.extend(certificate_lines(facts));
        }
        for (index, certificate) in certificates.iter().enumerate().skip(1).take(4) {
            let words = CertificateFacts::from_der(&certificate.der)
                .map_or_else(|error| error.to_string(), |facts| facts.subject);
            details.push((if index == 1 { "And" } else { "" }, words));
        }
        if certificates.len() > 5 {
            details.push(("", format!("and {} more", certificates.len() - 5)));
        }
        Self {
            source,
            validity: facts.map(|facts| (facts.not_before, facts.not_after)),
            certificates: certificates.into(),
            label,
            details,
            ..Self::default()
        }
    }

    /// A slot with this key.
    pub fn of_key(source: Source, key: LoadedKey) -> Self {
        let kind = key.key.kind.to_string();
        let name = match &source {
            Source::File(path) => file_name(path),
            Source::Pasted => "pasted".to_owned(),
            _ => "built in".to_owned(),
        };
        Self {
            label: format!("{name} · {kind}"),
            details: vec![("From", source_words(&source)), ("Key", kind)],
            source,
            key: Some(Arc::new(key)),
            ..Self::default()
        }
    }

    /// A slot with nothing in it.
    pub fn empty(kind: SetupSlot) -> Self {
        let label = match kind {
            SetupSlot::Certificate => "sends none",
            SetupSlot::Key => "none",
            SetupSlot::Trust => "trusts nobody",
        };
        Self {
            label: label.to_owned(),
            ..Self::default()
        }
    }

    /// What a file holds for this kind of slot; `Err` is the sentence that says why it holds nothing.
    pub fn of_bundle(kind: SetupSlot, source: Source, bundle: &Bundle) -> Result<Self, String> {
        let place = match &source {
            Source::File(path) => path.display().to_string(),
            _ => "the pasted text".to_owned(),
        };
        let slot = match kind {
            SetupSlot::Key => bundle
                .keys
                .first()
                .map(|key| Self::of_key(source, key.clone()))
                .ok_or_else(|| format!("{place}: it holds no private key; choose the file that does")),
            SetupSlot::Certificate | SetupSlot::Trust if bundle.certificates.is_empty() => Err(format!(
                "{place}: it holds no certificate; choose the file that does"
            )),
            SetupSlot::Certificate | SetupSlot::Trust => {
                Ok(Self::of_certificates(kind, source, bundle.certificates.clone()))
            }
        };
        slot.map(|slot| slot.read_from(bundle))
    }

    /// The same, with what its file was found to be, and who refuses a file of that form.
    pub(super) fn read_from(mut self, bundle: &Bundle) -> Self {
        let notes = bundle.notes.iter().map(ToString::to_string);
        for (name, words) in bundle
            .recognised
            .iter()
            .map(|words| ("It is", words.clone()))
            .chain(notes.map(|words| ("But", words)))
            .take(MOST_REMARKS)
        {
            self.details.push((name, words));
        }
        self
    }
}

/// The last part of a path, for people.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn source_words(source: &Source) -> String {
    match source {
        Source::Empty => "nowhere".to_owned(),
        Source::BuiltIn => "minted when mtlscope started".to_owned(),
        Source::File(path) => path.display().to_string(),
        Source::Pasted => "the clipboard".to_owned(),
    }
}

fn certificate_lines(facts: &CertificateFacts) -> Vec<(&'static str, String)> {
    let names = facts.subject_alt_names.as_ref().map_or_else(
        || "none".to_owned(),
        |names| {
            names
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        },
    );
    let purposes = facts.purposes.as_ref().map_or_else(
        || "any".to_owned(),
        |purposes| {
            let word = |purpose: &Purpose| match purpose {
                Purpose::ServerAuth => "servers".to_owned(),
                Purpose::ClientAuth => "clients".to_owned(),
                Purpose::Any => "any".to_owned(),
                Purpose::Other(other) => other.clone(),
            };
            purposes.iter().map(word).collect::<Vec<_>>().join(", ")
        },
    );
    vec![
        ("Subject", facts.subject.clone()),
        ("Issuer", facts.issuer.clone()),
        ("Names", names),
        (
            "Valid",
            format!(
                "{} to {}",
                time_words(facts.not_before),
                time_words(facts.not_after)
            ),
        ),
        ("For", purposes),
        ("Key", facts.key.to_string()),
    ]
}

pub use crate::pki::minute_words as time_words;

#[cfg(test)]
mod tests;
