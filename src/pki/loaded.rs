//! What is loaded, with the place where it lay; and the one sentence for what cannot be.

use super::bytes::Der;
use super::der::der_element;
use super::facts::CertificateFacts;
use super::key::PrivateKey;
use super::key_form::KeyFault;
use super::kinds::Purpose;
use super::load_note::LoadNote;
use super::wrapping::Wrapping;
use crate::printable::quoted_name;

/// One certificate with the place where it lay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedCertificate {
    /// DER.
    pub der: Der,
    /// The path as given, or the address it was fetched from; `None` for pasted text and minted identities.
    pub file: Option<String>,
    /// Position among the file's certificates, from 0.
    pub entry: usize,
    /// Line of its `-----BEGIN`, from 1; `None` for DER.
    pub line: Option<usize>,
    /// The place in a container or a document, in words: `entry “orders”`, `Secret shop/orders-tls, tls.crt`; `None` for what
    /// a file holds by itself.
    pub within: Option<String>,
    /// What commands have to take it out of; `None` where tools read it as it stands.
    pub wrapping: Option<Wrapping>,
}

/// One private key with the place where it lay.
#[derive(Clone, Debug)]
pub struct LoadedKey {
    /// The key.
    pub key: PrivateKey,
    /// As for certificates.
    pub file: Option<String>,
    /// As for certificates.
    pub line: Option<usize>,
    /// As for certificates.
    pub within: Option<String>,
    /// As for certificates.
    pub wrapping: Option<Wrapping>,
}

impl LoadedKey {
    /// Whether its file is DER, and nothing else.
    pub fn is_der(&self) -> bool {
        self.file.is_some() && self.line.is_none() && self.wrapping.is_none()
    }
}

/// What one file or one paste held, sorted out.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// In file order.
    pub certificates: Vec<LoadedCertificate>,
    /// In file order.
    pub keys: Vec<LoadedKey>,
    /// Why the first private key that lies there cannot be used, where it is one of a kind that nothing here signs with.
    pub unusable_key: Option<Box<LoadError>>,
    /// Certificate revocation lists, in file order.
    pub revocation_lists: Vec<LoadedStatus>,
    /// OCSP responses, in file order.
    pub ocsp_responses: Vec<LoadedStatus>,
    /// What the bytes were found to be, a line for each layer, outermost first: `a PKCS#12 container: 1 private key and 3
    /// certificates`. Safe to show.
    pub recognised: Vec<String>,
    /// What was read although others refuse it, and what was passed over. Safe to show.
    pub notes: Vec<LoadNote>,
    /// What the document says that its certificate is for: a kubeconfig and a client's OpenVPN profile are a client's.
    pub meant_for: Option<Purpose>,
}

impl Bundle {
    /// What another part of the same file holds, behind what is here.
    pub(super) fn append(&mut self, other: Self) {
        let first = self.certificates.len();
        self.certificates
            .extend(
                other
                    .certificates
                    .into_iter()
                    .enumerate()
                    .map(|(at, one)| LoadedCertificate {
                        entry: first + at,
                        ..one
                    }),
            );
        self.keys.extend(other.keys);
        self.unusable_key = self.unusable_key.take().or(other.unusable_key);
        self.revocation_lists.extend(other.revocation_lists);
        self.ocsp_responses.extend(other.ocsp_responses);
        self.notes.extend(other.notes);
    }

    /// What another file holds, behind what is here: its certificates keep their places.
    pub fn add_file(&mut self, other: Self) {
        self.certificates.extend(other.certificates);
        self.keys.extend(other.keys);
        self.unusable_key = self.unusable_key.take().or(other.unusable_key);
        self.revocation_lists.extend(other.revocation_lists);
        self.ocsp_responses.extend(other.ocsp_responses);
        self.notes.extend(other.notes);
    }

    /// `1 private key and 3 certificates`.
    pub fn contents_words(&self) -> String {
        let counts = [
            (self.keys.len(), "private key"),
            (self.certificates.len(), "certificate"),
            (self.revocation_lists.len(), "revocation list"),
            (self.ocsp_responses.len(), "OCSP response"),
        ];
        let words: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
            .collect();
        match words.as_slice() {
            [] => "nothing".to_owned(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    /// Goes on without a private key of a kind that nothing here signs with, and says so: what lies beside it is sound.
    pub(super) fn leave_key_aside(&mut self, line: Option<usize>, error: LoadError) {
        let what = format!("{}; it was left aside", error.what);
        self.notes.push(LoadNote::remark(line, what));
        self.unusable_key.get_or_insert(Box::new(error));
    }

    /// Nothing that can be used.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.keys.is_empty() && !self.has_status()
    }

    /// It holds lists or responses.
    pub fn has_status(&self) -> bool {
        !self.revocation_lists.is_empty() || !self.ocsp_responses.is_empty()
    }
}

/// Why a file or a paste gave nothing. `Display` is one sentence: file, place, what is wrong, the mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}; {mend}")]
pub struct LoadError {
    /// The file (and line, where known), or `the pasted text`.
    pub place: String,
    /// What is wrong, without a full stop.
    pub what: String,
    /// What to do about it, without a full stop; names the command where there is one.
    pub mend: String,
    /// Whether a passphrase would help.
    pub reason: LoadReason,
}

/// Whether what could not be read can be read with a passphrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadReason {
    /// It cannot.
    #[default]
    Other,
    /// It is a sound private key, of a kind that nothing here signs with: certificates can be judged without it.
    KeyKind,
    /// It is nothing of ours: sound as it may be, it holds no certificate, key, list or response.
    Foreign,
    /// It is encrypted, and no passphrase was given.
    PassphraseNeeded,
    /// None of those given opens it.
    PassphraseWrong,
}

/// Where bytes come from, for sentences.
pub(super) struct Origin {
    pub file: Option<String>,
    /// The place in a document, in words that are safe to show.
    pub within: Option<String>,
}

impl Origin {
    pub(super) fn error(
        &self,
        line: Option<usize>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> LoadError {
        // The name may be anything, a key that was pasted in a path's place too.
        let name = self
            .file
            .as_deref()
            .map_or_else(|| "the pasted text".to_owned(), quoted_name);
        let mut place = name;
        if let Some(within) = &self.within {
            place = format!("{place}, {within}");
        }
        if let Some(line) = line {
            place = format!("{place}, line {line}");
        }
        LoadError {
            place,
            what: what.into(),
            mend: mend.into(),
            reason: LoadReason::Other,
        }
    }

    /// The sentence for what is nothing of ours.
    pub(super) fn foreign(
        &self,
        line: Option<usize>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> LoadError {
        LoadError {
            reason: LoadReason::Foreign,
            ..self.error(line, what, mend)
        }
    }

    /// The file's name in a command, quoted for a shell.
    pub(super) fn in_command(&self) -> String {
        let file = self.file.as_deref().filter(|file| quoted_name(file) == **file);
        super::shell_file(file.unwrap_or("FILE"))
    }
}

/// One revocation list or OCSP response with the place where it lay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedStatus {
    /// DER.
    pub der: Der,
    /// The path as given, or the address it was fetched from; `None` for what was minted or pasted.
    pub file: Option<String>,
    /// Line of its `-----BEGIN`, from 1; `None` for DER.
    pub line: Option<usize>,
    /// As for certificates.
    pub within: Option<String>,
    /// As for certificates.
    pub wrapping: Option<Wrapping>,
}

/// What to take instead of a key of another kind.
pub(super) const SIGNS_WITH: &str = "use RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519";

/// The sentence for a private key that cannot be used. `format` is what `openssl pkey` needs to read it.
pub(super) fn key_error(fault: &KeyFault, origin: &Origin, line: Option<usize>, format: &str) -> LoadError {
    let quoted = origin.in_command();
    let (what, mend) = match fault {
        KeyFault::Encrypted => (
            "the private key is encrypted".to_owned(),
            format!(
                "give its passphrase, or decrypt a copy: openssl pkey {format}-in {quoted} -out plain.key"
            ),
        ),
        KeyFault::Unusable(Some(kind)) => (
            format!("this is a private key of the kind {kind}, with which rustls does not sign"),
            SIGNS_WITH.to_owned(),
        ),
        KeyFault::Damaged(damage) => (
            damage.words(),
            if damage.is_mended_by_writing_anew() {
                // Its owner alone may read it: openssl makes files of keys so.
                format!("have OpenSSL write it anew: openssl pkey {format}-in {quoted} -out new.key")
            } else {
                "make a new key and have its certificate issued for it".to_owned()
            },
        ),
        KeyFault::None | KeyFault::Unusable(None) => (
            "the private key is damaged or of a kind that cannot be used here".to_owned(),
            format!("check it with: openssl pkey {format}-in {quoted} -noout -check"),
        ),
    };
    let reason = match fault {
        KeyFault::Encrypted => LoadReason::PassphraseNeeded,
        KeyFault::Unusable(Some(_)) => LoadReason::KeyKind,
        KeyFault::None | KeyFault::Unusable(None) | KeyFault::Damaged(_) => LoadReason::Other,
    };
    LoadError {
        reason,
        ..origin.error(line, what, mend)
    }
}

/// A certificate whose outer frame holds; what is broken inside is for the checks to judge.
pub(super) fn certificate(
    der: Vec<u8>,
    origin: &Origin,
    entry: usize,
    line: Option<usize>,
) -> Result<LoadedCertificate, LoadError> {
    if der_element(&der).is_none() || der.first() != Some(&0x30) {
        return Err(origin.error(
            line,
            "the certificate is truncated or damaged",
            "fetch or export the file again",
        ));
    }
    Ok(LoadedCertificate {
        der: der.into(),
        file: origin.file.clone(),
        entry,
        line,
        within: origin.within.clone(),
        wrapping: None,
    })
}

/// A list or a response whose outer frame holds; what is broken inside is for the checks to judge.
pub(super) fn status(
    der: &[u8],
    origin: &Origin,
    line: Option<usize>,
    what: &str,
) -> Result<LoadedStatus, LoadError> {
    if CertificateFacts::from_der(der).is_ok() {
        return Err(origin.error(
            line,
            format!("a block that is labelled as {what} holds a certificate"),
            "write CERTIFICATE in its BEGIN and END lines, or load the list itself",
        ));
    }
    if der_element(der).is_none() || der.first() != Some(&0x30) {
        return Err(origin.error(
            line,
            format!("the {what} is truncated or damaged"),
            "fetch it from the CA again",
        ));
    }
    Ok(LoadedStatus {
        der: der.into(),
        file: origin.file.clone(),
        line,
        within: origin.within.clone(),
        wrapping: None,
    })
}
