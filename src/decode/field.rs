//! A named run of bytes.

use std::borrow::Cow;
use std::ops::Range;

use super::value::Words;

/// An index into [`super::Transcript::buffers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BufferId(pub usize);

/// A named run of bytes with its value and its parts.
///
/// A field with children owns no byte of its own: every byte of it lies in exactly one leaf below it (length
/// prefixes are leaves called `length`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The RFC's name, snake case as in the RFC's presentation language: `legacy_version`, `cipher_suites`.
    pub name: Cow<'static, str>,
    /// The value in words: `TLS_AES_256_GCM_SHA384`, `payments.shop.svc`, `32 bytes`. Empty where the parts say it all.
    pub value: Words,
    /// Bytes in `buffer`, or in the message's own bytes where `buffer` is `None`.
    pub range: Range<usize>,
    /// `None`: the message's own bytes (4-byte header included).
    pub buffer: Option<BufferId>,
    /// Why these bytes are not what their place asks for.
    pub error: Option<String>,
    /// The parts, in byte order.
    pub children: Vec<Field>,
}

impl Field {
    /// The descendant at `path`, each element a name; the first of several with one name.
    pub fn find(&self, path: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        self.children
            .iter()
            .find(|child| child.name == *first)
            .and_then(|child| child.find(rest))
    }

    /// Says of this field and all below it that their ranges count in `buffer`.
    pub(super) fn place_in(&mut self, buffer: BufferId) {
        self.buffer = Some(buffer);
        for child in &mut self.children {
            child.place_in(buffer);
        }
    }

    /// Calls `visit` on this field and all below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }

    /// The child indexes that lead to the smallest field holding byte `offset` of `buffer`, outermost first;
    /// empty where this field itself is the leaf. `None` where the byte is not in it.
    pub fn path_to_byte(&self, buffer: Option<BufferId>, offset: usize) -> Option<Vec<usize>> {
        for (index, child) in self.children.iter().enumerate() {
            if let Some(mut path) = child.path_to_byte(buffer, offset) {
                path.insert(0, index);
                return Some(path);
            }
        }
        (self.buffer == buffer && self.range.contains(&offset) && self.children.is_empty()).then(Vec::new)
    }

    /// The child indexes that lead to the smallest field that holds all of `range` in the message's own bytes.
    pub fn path_to_range(&self, range: &Range<usize>) -> Vec<usize> {
        let mut path = Vec::new();
        let mut field = self;
        while let Some((index, child)) = field.children.iter().enumerate().find(|(_, child)| {
            child.buffer.is_none()
                && !child.range.is_empty()
                && child.range.start <= range.start
                && range.end <= child.range.end
        }) {
            path.push(index);
            field = child;
        }
        path
    }

    /// The field that child indexes lead to.
    pub fn at(&self, path: &[usize]) -> Option<&Self> {
        match path.split_first() {
            None => Some(self),
            Some((first, rest)) => self.children.get(*first)?.at(rest),
        }
    }
}
