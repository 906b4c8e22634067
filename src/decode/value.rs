//! The value of a field: borrowed where it is said again and again, and without memory of its own where it is short.

use std::borrow::{Borrow, Cow};
use std::fmt;

/// So many bytes are held without memory of their own: a moment, a serial number, most names.
const SHORT_BYTES: usize = 30;

/// A text that is made often and read seldom.
#[derive(Clone)]
pub enum Words {
    /// Said again and again.
    Borrowed(&'static str),
    /// Short.
    Short(Short),
    /// Anything else.
    Owned(Box<str>),
}

/// A text of a few bytes.
#[derive(Clone, Copy, Default)]
pub struct Short {
    length: u8,
    bytes: [u8; SHORT_BYTES],
}

impl Short {
    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        // Only whole strings are ever put in.
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// Whether there was room for it.
    fn push(&mut self, text: &str) -> bool {
        let start = usize::from(self.length);
        let Some(room) = self.bytes.get_mut(start..start + text.len()) else {
            return false;
        };
        room.copy_from_slice(text.as_bytes());
        self.length += text.len() as u8;
        true
    }
}

impl Words {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Short(short) => short.as_str(),
            Self::Owned(text) => text,
        }
    }

    /// For keeping.
    pub fn into_owned(self) -> String {
        match self {
            Self::Borrowed(text) => text.to_owned(),
            Self::Short(short) => short.as_str().to_owned(),
            Self::Owned(text) => text.into(),
        }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::Borrowed("")
    }
}

impl std::ops::Deref for Words {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Words {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Words {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Words {}

impl PartialEq<str> for Words {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Words {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl From<&'static str> for Words {
    fn from(text: &'static str) -> Self {
        Self::Borrowed(text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        let mut short = Short::default();
        if short.push(&text) {
            Self::Short(short)
        } else {
            Self::Owned(text.into_boxed_str())
        }
    }
}

impl From<Cow<'static, str>> for Words {
    fn from(text: Cow<'static, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Borrowed(text),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl From<fmt::Arguments<'_>> for Words {
    fn from(arguments: fmt::Arguments<'_>) -> Self {
        let mut writing = Writing::default();
        // Writing into memory does not fail.
        let _ = fmt::Write::write_fmt(&mut writing, arguments);
        writing.finish()
    }
}

impl serde::Serialize for Words {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Words in the making: they take memory only once they are no longer short.
#[derive(Default)]
pub(super) struct Writing {
    short: Short,
    long: String,
}

impl Writing {
    /// For so many bytes.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self {
            short: Short::default(),
            long: String::with_capacity(if bytes > SHORT_BYTES { bytes } else { 0 }),
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.long.capacity() > 0 {
            self.long.push_str(text);
        } else if !self.short.push(text) {
            // What follows is most often shorter than what there is.
            self.long.reserve(2 * SHORT_BYTES + text.len());
            self.long.push_str(self.short.as_str());
            self.long.push_str(text);
        }
    }

    /// As [`Self::push`], with `between` before it where something was written already.
    pub(super) fn push_after(&mut self, between: &str, text: &str) {
        if self.short.length > 0 || !self.long.is_empty() {
            self.push(between);
        }
        self.push(text);
    }

    pub(super) fn finish(self) -> Words {
        if self.long.is_empty() {
            Words::Short(self.short)
        } else {
            Words::Owned(self.long.into_boxed_str())
        }
    }
}

impl fmt::Write for Writing {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_was_written_whatever_their_length() {
        for length in 0..3 * SHORT_BYTES {
            let text: String = "aßé".chars().cycle().take(length).collect();
            for words in [
                Words::from(text.clone()),
                Words::from(format_args!("{text}")),
                // Character by character, over the end of what is short.
                text.chars()
                    .fold(Writing::default(), |mut writing, character| {
                        writing.push(character.encode_utf8(&mut [0; 4]));
                        writing
                    })
                    .finish(),
            ] {
                assert_eq!(words, text.as_str());
                let is_short = text.len() <= SHORT_BYTES;
                assert_eq!(matches!(words, Words::Short(_)), is_short, "{length}");
                assert_eq!(words.clone().into_owned(), text);
            }
        }
        assert_eq!(size_of::<Words>(), 32, "there is one in each field");
    }
}
