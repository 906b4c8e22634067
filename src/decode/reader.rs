//! The cursor: the only place that looks at bounds.
//!
//! Every method that reads also writes a [`Field`], so that a byte read is a byte owned, and [`Reader::finish`] gives
//! what is left a field of its own. Nothing here fails: what is short is read as far as it goes, with an error on it.

use std::borrow::Cow;

use super::Field;
use super::words::{self, Words};

/// What is said of bytes for whose fields there is no room.
const TOO_MANY_FIELDS: &str = "not taken apart: this connection has more fields than anybody could look at";

/// So many fields are seldom open at once.
const USUAL_FIELDS: usize = 48;

/// A cursor over a part of a message that writes fields as it reads.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// Where `bytes` begins in the message.
    base: usize,
    position: usize,
    /// Those written here, after those of the groups around this one: one list for a whole message, of which each group
    /// takes its own off the end when it is over.
    fields: Vec<Field>,
    /// Where those written here begin.
    first: usize,
    /// How many fields may still be written, here and in the groups to come.
    room: usize,
}

impl<'a> Reader<'a> {
    /// A cursor over a whole message.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self::with_room(bytes, usize::MAX)
    }

    /// A cursor over a whole message that writes so many fields at most: what is left then is one leaf.
    pub(super) fn with_room(bytes: &'a [u8], room: usize) -> Self {
        Self {
            bytes,
            base: 0,
            position: 0,
            fields: Vec::with_capacity(bytes.len().min(USUAL_FIELDS)),
            first: 0,
            room,
        }
    }

    /// Whether there is no room for another field. What is left becomes one leaf, so that every byte still has its owner.
    fn is_full(&mut self) -> bool {
        if let Some(left) = self.room.checked_sub(1) {
            self.room = left;
            return false;
        }
        let left = self.remaining();
        if left > 0 {
            let (taken, range) = self.advance(left);
            self.fields.push(Field {
                name: "unparsed".into(),
                value: words::size(taken.len()),
                range,
                buffer: None,
                error: Some(TOO_MANY_FIELDS.to_owned()),
                children: Vec::new(),
            });
        }
        true
    }

    /// Bytes not read yet.
    pub(super) fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.position)
    }

    /// Where the next byte lies in the message.
    pub(super) fn offset(&self) -> usize {
        self.base + self.position
    }

    /// The next bytes, unread, at most `count`.
    pub(super) fn peek(&self, count: usize) -> &'a [u8] {
        let end = self.position.saturating_add(count).min(self.bytes.len());
        self.bytes.get(self.position..end).unwrap_or_default()
    }

    fn advance(&mut self, count: usize) -> (&'a [u8], std::ops::Range<usize>) {
        let taken = self.peek(count);
        let start = self.offset();
        self.position += taken.len();
        (taken, start..start + taken.len())
    }

    /// Reads `count` bytes into a leaf. Fewer come back where the message is short.
    pub(super) fn bytes<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        count: usize,
        words: impl FnOnce(&[u8]) -> W,
    ) -> &'a [u8] {
        if self.is_full() {
            return &[];
        }
        let (taken, range) = self.advance(count);
        let missing = count - taken.len();
        self.fields.push(Field {
            name: name.into(),
            value: words(taken).into(),
            range,
            buffer: None,
            error: (missing > 0).then(|| format!("{missing} of {count} bytes are missing")),
            children: Vec::new(),
        });
        taken
    }

    /// Reads a big-endian number of `width` bytes into a leaf; `None` where it is cut short.
    pub(super) fn number<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        width: usize,
        words: impl FnOnce(u64) -> W,
    ) -> Option<u64> {
        let mut value = None;
        self.bytes(name, width, |taken| {
            if taken.len() < width {
                return Words::default();
            }
            let number = taken.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
            value = Some(number);
            words(number).into()
        });
        value
    }

    /// A `u16` leaf.
    pub(super) fn u16<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        words: impl FnOnce(u16) -> W,
    ) -> Option<u16> {
        self.number(name, 2, |number| words(number as u16))
            .map(|number| number as u16)
    }

    /// A `u8` leaf.
    pub(super) fn u8<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        words: impl FnOnce(u8) -> W,
    ) -> Option<u8> {
        self.number(name, 1, |number| words(number as u8))
            .map(|number| number as u8)
    }

    /// All that is left, as one leaf; nothing where nothing is left.
    pub(super) fn rest<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        words: impl FnOnce(&[u8]) -> W,
    ) -> &'a [u8] {
        match self.remaining() {
            0 => &[],
            count => self.bytes(name, count, words),
        }
    }

    /// A group of fields read by `read` from the next `count` bytes; `read` returns the value in words.
    pub(super) fn group<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        count: usize,
        read: impl FnOnce(&mut Reader<'a>) -> W,
    ) {
        if self.is_full() {
            return;
        }
        let (taken, range) = self.advance(count);
        let missing = count - taken.len();
        let fields = std::mem::take(&mut self.fields);
        let mut inner = Reader {
            bytes: taken,
            base: range.start,
            position: 0,
            first: fields.len(),
            fields,
            room: self.room,
        };
        let value = read(&mut inner).into();
        inner.end();
        let children = inner.fields.drain(inner.first..).collect();
        self.fields = inner.fields;
        self.room = inner.room;
        self.fields.push(Field {
            name: name.into(),
            value,
            range,
            buffer: None,
            error: (missing > 0).then(|| format!("{missing} of {count} bytes are missing")),
            children,
        });
    }

    /// A vector with a length prefix of `width` bytes (RFC 8446 §3.4): a group whose first leaf is `length`.
    pub(super) fn vector<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        width: usize,
        read: impl FnOnce(&mut Reader<'a>) -> W,
    ) {
        let length = self.peek(width);
        let declared = if length.len() < width {
            0
        } else {
            length
                .iter()
                .fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte))
        };
        self.group(name, width.saturating_add(declared), |inner| {
            inner.number("length", width, words::number);
            read(inner)
        });
    }

    /// A vector whose content is one leaf.
    pub(super) fn opaque<W: Into<Words>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        width: usize,
        inner_name: &'static str,
        words: impl FnOnce(&[u8]) -> W,
    ) -> &'a [u8] {
        let mut content: &'a [u8] = &[];
        self.vector(name, width, |inner| {
            let mut value = Words::default();
            content = inner.rest(inner_name, |bytes| {
                value = words(bytes).into();
                value.clone()
            });
            if content.is_empty() {
                Words::Borrowed("empty")
            } else {
                value
            }
        });
        content
    }

    /// Ends the reading: what is left gets a leaf of its own, with an error. Returns the fields, and how many more may be written.
    pub(super) fn finish(mut self) -> (Vec<Field>, usize) {
        self.end();
        // Exactly as much memory as they take: there may be many messages.
        (self.fields.drain(..).collect(), self.room)
    }

    fn end(&mut self) {
        let left = self.remaining();
        if left > 0 {
            self.bytes("unparsed", left, |bytes| words::size(bytes.len()));
            if let Some(field) = self.last().filter(|field| field.error.is_none()) {
                field.error = Some(format!("{left} bytes are left over"));
            }
        }
    }

    /// The last field written, to add an error to it.
    pub(super) fn last(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.first..)?.last_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_to_the_byte() {
        let errors = |bytes: &[u8], read: &dyn Fn(&mut Reader<'_>)| -> Vec<String> {
            let mut reader = Reader::new(bytes);
            read(&mut reader);
            let (fields, _) = reader.finish();
            fields.into_iter().filter_map(|field| field.error).collect()
        };
        let four = |reader: &mut Reader<'_>| {
            reader.bytes("four", 4, |_| String::new());
        };
        let none: [String; 0] = [];
        assert_eq!(errors(&[1, 2, 3, 4], &four), none);
        assert_eq!(errors(&[1, 2, 3], &four), ["1 of 4 bytes are missing"]);
        assert_eq!(errors(&[], &four), ["4 of 4 bytes are missing"]);
        assert_eq!(errors(&[1, 2, 3, 4, 5], &four), ["1 bytes are left over"]);
        let vector = |reader: &mut Reader<'_>| {
            reader.opaque("vector", 1, "content", |_| String::new());
        };
        assert_eq!(errors(&[2, 1, 2], &vector), none);
        assert_eq!(errors(&[2, 1], &vector), ["1 of 3 bytes are missing"]);
        assert_eq!(errors(&[0], &vector), none);
    }

    #[test]
    fn without_room_what_is_left_is_one_leaf() {
        for room in 0..4 {
            let mut reader = Reader::with_room(&[1, 2, 3], room);
            for _ in 0..3 {
                reader.u8("byte", |byte| byte.to_string());
            }
            let (fields, left) = reader.finish();
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_ref()).collect();
            let mut expected = vec!["byte"; room.min(3)];
            expected.extend((room < 3).then_some("unparsed"));
            assert_eq!(
                (names, left),
                (expected, room.saturating_sub(3)),
                "room for {room}"
            );
        }
    }
}
