//! From an opened container to what is loaded, and from a closed one to a sentence.

use super::container::{Fault, Opened};
use super::key::PrivateKey;
use super::load_note::LoadNote;
use super::loaded::{Bundle, LoadError, LoadReason, LoadedKey, LoadedStatus, Origin, certificate, key_error};

/// What was in a container, with the line that says so.
pub(super) fn opened(
    opened: Result<Opened, Fault>,
    what: &str,
    origin: &Origin,
) -> Result<Bundle, LoadError> {
    let mut bundle = Bundle::default();
    let opened = opened.map_err(|fault| fault_words(&fault, origin, None))?;
    take_opened(opened, origin, None, &mut bundle)?;
    bundle.recognised = vec![format!("{what}: {}", bundle.contents_words())];
    Ok(bundle)
}

/// Whether a place is that of a certificate without a name of its own in its container: `certificate 2`.
pub(super) fn is_nameless(within: &str) -> bool {
    let own = within.rsplit(", ").next().unwrap_or(within);
    own.strip_prefix("certificate ")
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Puts what was in a container behind what was loaded so far.
pub(super) fn take_opened(
    opened: Opened,
    origin: &Origin,
    line: Option<usize>,
    bundle: &mut Bundle,
) -> Result<(), LoadError> {
    let within = |place: Option<String>| match (&origin.within, place) {
        (Some(outer), Some(inner)) => Some(format!("{outer}, {inner}")),
        (outer, inner) => inner.or_else(|| outer.clone()),
    };
    for (der, place) in opened.certificates {
        let entry = bundle.certificates.len();
        let place = place.or_else(|| Some(format!("certificate {}", entry + 1)));
        let mut loaded = certificate(der, origin, entry, line)?;
        loaded.within = within(place);
        bundle.certificates.push(loaded);
    }
    for (bytes, place) in opened.keys {
        let key = match PrivateKey::from_der(bytes.to_vec()) {
            Ok(key) => key,
            Err(fault) => {
                let error = key_error(&fault, origin, line, "");
                if error.reason == LoadReason::KeyKind && !bundle.certificates.is_empty() {
                    bundle.leave_key_aside(line, error);
                    continue;
                }
                return Err(error);
            }
        };
        bundle.keys.push(LoadedKey {
            key,
            file: origin.file.clone(),
            line,
            within: within(place),
            wrapping: None,
        });
    }
    for der in opened.lists {
        let place = format!("revocation list {}", bundle.revocation_lists.len() + 1);
        bundle.revocation_lists.push(LoadedStatus {
            der: der.into(),
            file: origin.file.clone(),
            line,
            within: within(Some(place)),
            wrapping: None,
        });
    }
    bundle
        .notes
        .extend(opened.notes.into_iter().map(|(what, refused_by, mend)| LoadNote {
            line,
            what,
            refused_by,
            mend,
        }));
    Ok(())
}

/// The sentence for a container that gave nothing.
pub(super) fn fault_words(fault: &Fault, origin: &Origin, line: Option<usize>) -> LoadError {
    let (reason, what, mend) = match fault {
        Fault::Needed { what } => (
            LoadReason::PassphraseNeeded,
            format!("{what} is closed with a passphrase"),
            "give its passphrase".to_owned(),
        ),
        Fault::Wrong { what } => (
            LoadReason::PassphraseWrong,
            format!("the passphrase does not open {what}"),
            "give the one that it was written with".to_owned(),
        ),
        Fault::Other { what, mend } => (
            LoadReason::Other,
            what.clone(),
            mend.replace("{file}", &origin.in_command()),
        ),
    };
    LoadError {
        reason,
        ..origin.error(line, what, mend)
    }
}

/// The sentence for an encrypted key; `format` is what `openssl pkey` needs to read it.
pub(super) fn closed_key(fault: &Fault, origin: &Origin, line: Option<usize>, format: &str) -> LoadError {
    match fault {
        Fault::Needed { .. } => key_error(&super::key_form::KeyFault::Encrypted, origin, line, format),
        Fault::Wrong { .. } | Fault::Other { .. } => fault_words(fault, origin, line),
    }
}
