//! Values in words. What is said again and again is written once and borrowed.

use std::sync::LazyLock;

pub(super) use super::value::Words;
use super::value::Writing;

/// As `format!`, for the value of a field.
macro_rules! said {
    ($($arguments:tt)*) => {
        $crate::decode::words::Words::from(format_args!($($arguments)*))
    };
}
pub(super) use said;

/// Numbers below this are written once; most lengths are among them.
const WRITTEN: usize = 512;

static NUMBERS: LazyLock<Vec<String>> = LazyLock::new(|| (0..WRITTEN).map(|one| one.to_string()).collect());
static SIZES: LazyLock<Vec<String>> = LazyLock::new(|| (0..WRITTEN).map(whole_size).collect());

/// A number in decimals.
pub(super) fn number(number: u64) -> Words {
    match NUMBERS.get(usize::try_from(number).unwrap_or(usize::MAX)) {
        Some(written) => Words::Borrowed(written),
        None => format_args!("{number}").into(),
    }
}

/// `1 byte`, `1,164 bytes`.
pub(super) fn size(bytes: usize) -> Words {
    match SIZES.get(bytes) {
        Some(written) => Words::Borrowed(written),
        None => whole_size(bytes).into(),
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
    Words::Borrowed(if is_so { "true" } else { "false" })
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
        [] => return Words::Borrowed("empty"),
        [first @ .., last] if bytes.len() > 16 => (first.get(..3).unwrap_or_default(), Some(*last)),
        _ => (bytes, None),
    };
    let mut out = Writing::default();
    let push = |out: &mut Writing, byte: u8| {
        let pair = [byte >> 4, byte & 15].map(|half| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0'));
        out.push(std::str::from_utf8(&pair).unwrap_or_default());
    };
    for (index, byte) in first.iter().enumerate() {
        if index > 0 {
            out.push(" ");
        }
        push(&mut out, *byte);
    }
    if let Some(last) = last {
        out.push(" … ");
        push(&mut out, last);
    }
    out.finish()
}

/// Pieces, one after the other.
pub(super) fn pieces(pieces: &[&str]) -> Words {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    let mut out = Writing::with_room(length);
    for piece in pieces {
        out.push(piece);
    }
    out.finish()
}

/// `name (7)` for a number that the list names, the number itself for another.
pub(super) fn named(number: u16, names: &[(u16, &str)]) -> Words {
    names.iter().find(|(known, _)| *known == number).map_or_else(
        || self::number(u64::from(number)),
        |(_, name)| said!("{name} ({number})"),
    )
}

/// As [`text`], for a field.
pub(super) fn shown(bytes: &[u8]) -> Words {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => pieces(&[text]),
        _ => text(bytes).into(),
    }
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
        for (bytes, told) in [
            ("a\nß\u{1b}[2J".as_bytes(), "a\\nß\\u{1b}[2J"),
            ("payments.shop.svc".as_bytes(), "payments.shop.svc"),
            (b"a\xff", "a\u{fffd}"),
        ] {
            assert_eq!(text(bytes), told);
            assert_eq!(shown(bytes), told);
        }
    }
}
