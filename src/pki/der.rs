//! DER (X.690 §8 to §10): the reader, the writer and the times of this layer, definite lengths only.

/// The contents of the first element and what follows it.
pub fn der_element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (start, length) = header(bytes)?;
    let end = start.checked_add(length)?;
    Some((bytes.get(start..end)?, bytes.get(end..)?))
}

/// Lengths of the header and of the contents of the first element; the contents may be cut short.
pub(super) fn header(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*bytes.get(1)?);
    if first < 0x80 {
        return Some((2, first));
    }
    let count = first & 0x7f;
    if count == 0 || count > 4 {
        return None;
    }
    let digits = bytes.get(2..2 + count)?;
    let length = digits
        .iter()
        .fold(0usize, |sum, digit| (sum << 8) | usize::from(*digit));
    Some((2 + count, length))
}

/// One element with its header.
pub(super) fn tagged(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let digits: Vec<u8> = length
            .to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect();
        out.push(0x80 | digits.len() as u8);
        out.extend(digits);
    }
    out.extend_from_slice(contents);
    out
}

/// A cursor over elements.
pub(super) struct Walk<'a>(pub(super) &'a [u8]);

/// One element, read.
pub(super) struct Element<'a> {
    pub tag: u8,
    pub contents: &'a [u8],
    /// Header included.
    pub whole: &'a [u8],
}

impl<'a> Walk<'a> {
    /// The tag of the next element.
    pub(super) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element.
    pub(super) fn next(&mut self) -> Option<Element<'a>> {
        let tag = self.peek()?;
        let (contents, rest) = der_element(self.0)?;
        let whole = self.0.get(..self.0.len() - rest.len())?;
        self.0 = rest;
        Some(Element { tag, contents, whole })
    }

    /// The next element if it has this tag; otherwise nothing is read.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        (self.peek() == Some(tag))
            .then(|| self.next())?
            .map(|element| element.contents)
    }
}

/// GeneralizedTime in UTC without fractions, as RFC 5280 §4.1.2.5.2 and RFC 6960 §4.2.2.1 want it, `YYYYMMDDHHMMSSZ`: seconds
/// since the Unix epoch.
pub(super) fn generalized_time(element: &Element<'_>) -> Option<i64> {
    let text = std::str::from_utf8(element.contents).ok()?;
    let digits = text.strip_suffix('Z')?;
    if element.tag != 0x18 || digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i8>().ok();
    let year = digits.get(..4)?.parse::<i16>().ok()?;
    let moment = jiff::civil::Date::new(year, part(4..6)?, part(6..8)?).ok()?.at(
        part(8..10)?,
        part(10..12)?,
        part(12..14)?,
        0,
    );
    // A zoned time of jiff's ends two days before year 10000; a civil one holds every date.
    let epoch = jiff::civil::Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    Some(moment.duration_since(epoch).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let contents = vec![7; length];
            let mut whole = tagged(0x04, &contents);
            whole.push(9);
            assert_eq!(der_element(&whole), Some((&contents[..], &[9][..])), "{length}");
            assert_eq!(der_element(&whole[..whole.len() - 2]), None, "{length}");
        }
        assert_eq!(der_element(&[0x30, 0x80, 0, 0]), None, "an indefinite length");
    }

    #[test]
    fn times_are_read_to_the_end_of_the_calendar() {
        let time = |text: &str| {
            generalized_time(&Element {
                tag: 0x18,
                contents: text.as_bytes(),
                whole: &[],
            })
        };
        assert_eq!(time("19700101000001Z"), Some(1));
        assert_eq!(time("99991231235959Z"), Some(super::super::NO_EXPIRATION_UNIX_S));
        for wrong in [
            "19700101000001",
            "19701301000000Z",
            "197001010000Z",
            "1970010100000éZ",
            "+9700101000000Z",
        ] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }
}
