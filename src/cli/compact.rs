//! JSON in one line, written straight into bytes: what a capture of many connections is printed as.
//!
//! The same bytes as `serde_json` writes, with every character that would steer a terminal as `\u202e`; keys are written as
//! they stand, and text is looked at eight bytes at a time. Nearly a megabyte is written for ten connections.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{self, Impossible};

use crate::printable::is_unsafe;

/// What cannot be said: a key that is no string, a fraction, raw bytes. Nothing that is published has these.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct CannotSay(String);

impl ser::Error for CannotSay {
    fn custom<T: Display>(words: T) -> Self {
        Self(words.to_string())
    }
}

/// Appends a value in one line. After an error nothing of it is left.
pub(super) fn append(out: &mut Vec<u8>, value: &impl Serialize) -> Result<(), CannotSay> {
    let before = out.len();
    let result = value.serialize(Writer { out });
    if result.is_err() {
        out.truncate(before);
    }
    result
}

/// Writes one value.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
}

/// Writes the parts of a list or an object.
struct Parts<'a> {
    out: &'a mut Vec<u8>,
    has_any: bool,
    end: u8,
}

impl<'a> Parts<'a> {
    fn new(out: &'a mut Vec<u8>, begin: u8, end: u8) -> Self {
        out.push(begin);
        Self {
            out,
            has_any: false,
            end,
        }
    }

    fn next(&mut self) {
        if self.has_any {
            self.out.push(b',');
        }
        self.has_any = true;
    }

    fn part(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), CannotSay> {
        self.next();
        value.serialize(Writer { out: self.out })
    }

    /// A field of a type of ours: its name needs no look.
    fn field(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), CannotSay> {
        self.next();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        value.serialize(Writer { out: self.out })
    }

    fn close(self) {
        self.out.push(self.end);
    }
}

fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    // 2^64 has twenty digits.
    let mut digits = [0; 20];
    let mut used = 0;
    for place in digits.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
        used += 1;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(20 - used..).unwrap_or_default());
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let (plain, other) = rest.split_at(plain_length(rest.as_bytes()));
        out.extend_from_slice(plain.as_bytes());
        let Some(character) = other.chars().next() else {
            break;
        };
        escaped(out, character);
        rest = other.get(character.len_utf8()..).unwrap_or_default();
    }
    out.push(b'"');
}

/// How many bytes at the beginning are printable ASCII that JSON leaves as it is.
fn plain_length(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let plain_words = words
        .iter()
        .take_while(|word| is_plain_word(u64::from_le_bytes(**word)))
        .count();
    let tail = bytes.get(8 * plain_words..).unwrap_or_default();
    8 * plain_words + tail.iter().take_while(|byte| is_plain(**byte)).count()
}

fn is_plain(byte: u8) -> bool {
    (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\'
}

/// Whether each of eight bytes is plain. A byte's highest bit is what tells: none has it, adding what lacks to 0x80 gives
/// it to all but the ones below U+0020, and to no other than DEL.
fn is_plain_word(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGHEST: u64 = 0x80 * ONES;
    // Exact for the question whether there is any zero: a borrow starts at one.
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHEST != 0;
    let has = |byte: u8| has_zero(word ^ (u64::from(byte) * ONES));
    let is_ascii = word & HIGHEST == 0;
    // Without a highest bit no sum carries into the next byte.
    is_ascii
        && (word + (0x80 - 0x20) * ONES) & HIGHEST == HIGHEST
        && (word + ONES) & HIGHEST == 0
        && !has(b'"')
        && !has(b'\\')
}

fn escaped(out: &mut Vec<u8>, character: char) {
    let short = match character {
        '"' => b'"',
        '\\' => b'\\',
        '\u{8}' => b'b',
        '\t' => b't',
        '\n' => b'n',
        '\u{c}' => b'f',
        '\r' => b'r',
        _ if is_unsafe(character) => {
            // Two units for what lies beyond the first plane (RFC 8259 §7).
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(b"\\u");
                out.extend_from_slice(hex::encode(unit.to_be_bytes()).as_bytes());
            }
            return;
        }
        _ => {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

fn no(what: &str) -> CannotSay {
    CannotSay(format!("{what} has no place in what is published"))
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = CannotSay;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Impossible<(), CannotSay>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Impossible<(), CannotSay>;

    fn serialize_bool(self, value: bool) -> Result<(), CannotSay> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), CannotSay> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), CannotSay> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), CannotSay> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), CannotSay> {
        if value < 0 {
            self.out.push(b'-');
        }
        unsigned(self.out, value.unsigned_abs());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), CannotSay> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), CannotSay> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), CannotSay> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), CannotSay> {
        unsigned(self.out, value);
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), CannotSay> {
        Err(no("a fraction"))
    }

    fn serialize_f64(self, _: f64) -> Result<(), CannotSay> {
        Err(no("a fraction"))
    }

    fn serialize_char(self, value: char) -> Result<(), CannotSay> {
        text(self.out, value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), CannotSay> {
        text(self.out, value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), CannotSay> {
        Err(no("a run of raw bytes"))
    }

    fn serialize_none(self) -> Result<(), CannotSay> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CannotSay> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), CannotSay> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), CannotSay> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), CannotSay> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), CannotSay> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CannotSay> {
        let mut parts = Parts::new(self.out, b'{', b'}');
        parts.field(variant, value)?;
        parts.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, CannotSay> {
        Ok(Parts::new(self.out, b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, CannotSay> {
        Ok(Parts::new(self.out, b'[', b']'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, CannotSay> {
        Ok(Parts::new(self.out, b'[', b']'))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, CannotSay> {
        Err(no("a variant of several values"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, CannotSay> {
        Ok(Parts::new(self.out, b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, CannotSay> {
        Ok(Parts::new(self.out, b'{', b'}'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, CannotSay> {
        Err(no("a variant with fields"))
    }
}

/// The three kinds of list differ in the name of their method.
macro_rules! list {
    ($($kind:ident: $method:ident,)*) => {$(
        impl ser::$kind for Parts<'_> {
            type Ok = ();
            type Error = CannotSay;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CannotSay> {
                self.part(value)
            }

            fn end(self) -> Result<(), CannotSay> {
                self.close();
                Ok(())
            }
        }
    )*};
}

list! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
}

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = CannotSay;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CannotSay> {
        self.next();
        let before = self.out.len();
        key.serialize(Writer { out: self.out })?;
        if self.out.get(before) == Some(&b'"') {
            Ok(())
        } else {
            Err(no("a key that is no text"))
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CannotSay> {
        self.out.push(b':');
        value.serialize(Writer { out: self.out })
    }

    fn end(self) -> Result<(), CannotSay> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = CannotSay;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), CannotSay> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), CannotSay> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
