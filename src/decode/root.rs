//! A message's root field, which all its other fields stand under.

use super::Field;
use super::reader::Reader;
use super::words;

/// A message's root field over all that its reader wrote.
pub(super) fn root_over(name: &'static str, bytes: &[u8], reader: Reader<'_>) -> Field {
    root_of(name, bytes, reader.finish().0)
}

pub(super) fn root_of(name: &'static str, bytes: &[u8], children: Vec<Field>) -> Field {
    Field {
        name: name.into(),
        value: words::size(bytes.len()),
        range: 0..bytes.len(),
        buffer: None,
        error: None,
        children,
    }
}
