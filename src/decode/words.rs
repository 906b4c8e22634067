//! Values in words. What is said again and again is written once and borrowed.

use std::borrow::Cow;
use std::sync::LazyLock;

/// The value of a field.
pub(super) type Words = Cow<'static, str>;

/// Numbers below this are written once; most lengths are among them.
const WRITTEN: usize = 512;

static NUMBERS: LazyLock<Vec<String>> = LazyLock::new(|| (0..WRITTEN).map(|one| one.to_string()).collect());
static SIZES: LazyLock<Vec<String>> = LazyLock::new(|| (0..WRITTEN).map(whole_size).collect());

/// A number in decimals.
pub(super) fn number(number: u64) -> Words {
    match NUMBERS.get(usize::try_from(number).unwrap_or(usize::MAX)) {
        Some(written) => Cow::Borrowed(written),
        None => Cow::Owned(number.to_string()),
    }
}

/// `1 byte`, `1,164 bytes`.
pub(super) fn size(bytes: usize) -> Words {
    match SIZES.get(bytes) {
        Some(written) => Cow::Borrowed(written),
        None => Cow::Owned(whole_size(bytes)),
    }
}

fn whole_size(bytes: usize) -> String {
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    let mut out = thousands(bytes);
    out.push_str(" bytes");
    out
}

/// Whether it is so.
pub(super) fn truth(is_so: bool) -> Words {
    Cow::Borrowed(if is_so { "true" } else { "false" })
}

/// `1,164`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    if digits.len() <= 3 {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Hexadecimal pairs, the middle left out where there are many: `7f 3c 0a … 91`.
pub(super) fn hex(bytes: &[u8]) -> Words {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let (first, last) = match bytes {
        [] => return Cow::Borrowed("empty"),
        [first @ .., last] if bytes.len() > 16 => (first.get(..3).unwrap_or_default(), Some(*last)),
        _ => (bytes, None),
    };
    let mut out = String::with_capacity(3 * first.len() + 7);
    let push = |out: &mut String, byte: u8| {
        for half in [byte >> 4, byte & 15] {
            out.push(DIGITS.get(usize::from(half)).copied().map_or('0', char::from));
        }
    };
    for (index, byte) in first.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        push(&mut out, *byte);
    }
    if let Some(last) = last {
        out.push_str(" … ");
        push(&mut out, last);
    }
    Cow::Owned(out)
}

/// `name (7)` for a number that the list names, the number itself for another.
pub(super) fn named(number: u16, names: &[(u16, &str)]) -> String {
    names
        .iter()
        .find(|(known, _)| *known == number)
        .map_or_else(|| number.to_string(), |(_, name)| format!("{name} ({number})"))
}

/// Text, with what is unprintable escaped.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for character in String::from_utf8_lossy(bytes).chars() {
        if character.is_control() {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_people_write_them() {
        assert_eq!(hex(&[]), "empty");
        assert_eq!(hex(&[0x7f]), "7f");
        let sixteen: Vec<u8> = (0..16).collect();
        assert_eq!(hex(&sixteen), "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f");
        let seventeen: Vec<u8> = (0xf0..=0xff).chain([9]).collect();
        assert_eq!(hex(&seventeen), "f0 f1 f2 … 09");
        assert_eq!(
            (thousands(999), thousands(1000)),
            ("999".to_owned(), "1,000".to_owned())
        );
        assert_eq!(text("a\nß\u{1b}[2J".as_bytes()), "a\\nß\\u{1b}[2J");
    }
}
