//! Lists of names and of name constraints as they are written, for readers that differ from webpki (RFC 5280 §4.2.1.6,
//! §4.2.1.10).

use crate::diagnose::reading::{Elements, Fault, SEQUENCE};

pub(super) const OTHER: u8 = 0xa0;
pub(super) const EMAIL: u8 = 0x81;
pub(super) const DNS: u8 = 0x82;
pub(super) const DIRECTORY: u8 = 0xa4;
pub(super) const URI: u8 = 0x86;
pub(super) const IP: u8 = 0x87;

/// A name: its tag, and its contents.
pub(super) type Name<'a> = (u8, &'a [u8]);

/// The names of a GeneralNames, contents of its SEQUENCE.
pub(super) fn list(contents: &[u8]) -> Result<Vec<Name<'_>>, Fault> {
    let mut elements = Elements::of_any_length(contents);
    let mut names = Vec::new();
    while !elements.is_at_end() {
        names.push(elements.next_bytes()?);
    }
    Ok(names)
}

/// A subtree of a name constraint.
pub(super) struct Subtree<'a> {
    pub base: Name<'a>,
    /// It has a minimum or a maximum, which RFC 5280 forbids.
    pub has_bounds: bool,
}

/// nameConstraints.
#[derive(Default)]
pub(super) struct Constraints<'a> {
    pub permitted: Vec<Subtree<'a>>,
    pub excluded: Vec<Subtree<'a>>,
}

impl<'a> Constraints<'a> {
    /// Reads the extension's value.
    pub(super) fn read(value: &'a [u8]) -> Result<Self, Fault> {
        let mut outer = Elements::of_any_length(value);
        let mut parts = Elements::of_any_length(outer.expect_bytes(SEQUENCE)?);
        let mut found = Self::default();
        while !parts.is_at_end() {
            let (tag, contents) = parts.next_bytes()?;
            match tag {
                0xa0 => found.permitted = subtrees(contents)?,
                0xa1 => found.excluded = subtrees(contents)?,
                _ => return Err("name constraints hold more than two lists".to_owned()),
            }
        }
        if outer.is_at_end() {
            Ok(found)
        } else {
            Err("bytes follow the name constraints".to_owned())
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.permitted.len() + self.excluded.len()
    }
}

fn subtrees(contents: &[u8]) -> Result<Vec<Subtree<'_>>, Fault> {
    let mut elements = Elements::of_any_length(contents);
    let mut all = Vec::new();
    while !elements.is_at_end() {
        let mut parts = Elements::of_any_length(elements.expect_bytes(SEQUENCE)?);
        let base = parts.next_bytes()?;
        // minimum 0 is the default: who writes it bounds nothing.
        let mut has_bounds = false;
        while let Ok((tag, value)) = parts.next_bytes() {
            has_bounds |= !(tag == 0x80 && value == [0]);
        }
        all.push(Subtree { base, has_bounds });
    }
    Ok(all)
}
