//! What opens a container or an encrypted key: held for as short as possible, and never shown.

use std::sync::Arc;

use zeroize::Zeroizing;

/// A passphrase in memory. Its `Debug` shows nothing of it; copies share one text, which is wiped with the last of them; and it
/// has no `Serialize`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passphrase(Arc<Zeroizing<String>>);

impl Passphrase {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(Arc::new(Zeroizing::new(text)))
    }

    /// The text: for whoever opens something with it, or edits it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

/// The passphrases that a user gave for what is being read; each is tried on whatever needs one.
#[derive(Clone, Debug, Default)]
pub struct Passphrases(Vec<Passphrase>);

impl Passphrases {
    /// Nobody gave one.
    pub const NONE: Self = Self(Vec::new());

    /// Just this one.
    pub fn one(passphrase: Passphrase) -> Self {
        Self(vec![passphrase])
    }

    /// One more, tried first.
    pub fn add(&mut self, passphrase: Passphrase) {
        self.0.insert(0, passphrase);
    }

    /// One more, tried first; the oldest goes where there are more than `most`.
    pub(crate) fn add_within(&mut self, passphrase: Passphrase, most: usize) {
        self.0.retain(|known| *known != passphrase);
        self.add(passphrase);
        self.0.truncate(most);
    }

    /// Others, tried last: those that stand beside what is read.
    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = Passphrase>) {
        self.0.extend(more);
    }

    /// Nobody gave one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order in which they are tried.
    pub(crate) fn all(&self) -> impl Iterator<Item = Passphrase> {
        self.0.iter().cloned()
    }

    /// Each, in the order in which they are tried.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Passphrase::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_passphrase_is_printed() {
        let all = Passphrases::one(Passphrase::new("correct horse".to_owned()));
        assert_eq!(format!("{all:?}"), "Passphrases([Passphrase])");
        assert_eq!(all.iter().collect::<Vec<_>>(), ["correct horse"]);
    }
}
