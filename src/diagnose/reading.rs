//! A certificate's parts as webpki reads them: where they lie, and what the few that rustls judges by say.
//!
//! The facts of [`crate::pki`] are for people and come from a parser that reads everything; webpki reads less, later and more
//! strictly (it looks at dates, purposes and names only when they are needed, and at most extensions never). A verdict that
//! must never contradict rustls's is formed from what is read here.

use std::ops::Range;

/// Why something could not be read, in words.
pub(super) type Fault = String;

/// DER elements, one after the other, by webpki's rules: definite and shortest lengths, low tag numbers.
#[derive(Clone, Copy)]
pub(super) struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
    /// An element of so many bytes or more is none.
    most: usize,
}

/// webpki reads no longer elements.
const MOST: usize = 0xffff;

/// An element: its tag, and where its contents and the whole of it lie.
pub(super) struct Element {
    pub tag: u8,
    pub contents: Range<usize>,
    pub whole: Range<usize>,
}

impl<'a> Elements<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            most: MOST,
        }
    }

    /// Elements of any length: for what other stacks read.
    pub(super) fn of_any_length(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            most: usize::MAX,
        }
    }

    /// The elements inside a part of the bytes; positions go on counting from the whole's beginning.
    fn within(&self, range: &Range<usize>) -> Self {
        Self {
            bytes: self.bytes.get(..range.end).unwrap_or_default(),
            at: range.start,
            most: self.most,
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next element.
    pub(super) fn next(&mut self) -> Result<Element, Fault> {
        let start = self.at;
        let ended = || "the bytes end too early".to_owned();
        let tag = self.peek().ok_or_else(ended)?;
        if tag & 0x1f == 0x1f {
            return Err("a tag number above 30".to_owned());
        }
        let first = *self.bytes.get(start + 1).ok_or_else(ended)?;
        let (digits, length) = if first < 0x80 {
            (0, usize::from(first))
        } else {
            let digits = usize::from(first & 0x7f);
            if digits == 0 || digits > 4 {
                return Err("a length that DER does not allow".to_owned());
            }
            let bytes = self.bytes.get(start + 2..start + 2 + digits).ok_or_else(ended)?;
            let length = bytes
                .iter()
                .fold(0usize, |sum, digit| (sum << 8) | usize::from(*digit));
            let is_shortest = match digits {
                1 => length > 0x7f,
                _ => length > (1 << (8 * (digits - 1))) - 1,
            };
            if !is_shortest {
                return Err("a length that is not written in the shortest way".to_owned());
            }
            (digits, length)
        };
        if length >= self.most {
            return Err("an element of 64 KiB or more".to_owned());
        }
        let contents = start + 2 + digits..start + 2 + digits + length;
        if contents.end > self.bytes.len() {
            return Err(ended());
        }
        self.at = contents.end;
        Ok(Element {
            tag,
            whole: start..contents.end,
            contents,
        })
    }

    /// The contents of the next element, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<Range<usize>, Fault> {
        let element = self.next()?;
        if element.tag == tag {
            Ok(element.contents)
        } else {
            Err(format!(
                "{} where {} belongs",
                tag_word(element.tag),
                tag_word(tag)
            ))
        }
    }

    fn slice(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// The contents of the next element as bytes.
    pub(super) fn expect_bytes(&mut self, tag: u8) -> Result<&'a [u8], Fault> {
        self.expect(tag).map(|range| self.slice(&range))
    }

    /// The next element's tag and contents.
    pub(super) fn next_bytes(&mut self) -> Result<(u8, &'a [u8]), Fault> {
        let element = self.next()?;
        Ok((element.tag, self.slice(&element.contents)))
    }
}

fn tag_word(tag: u8) -> String {
    match tag {
        0x01 => "a BOOLEAN".to_owned(),
        0x02 => "an INTEGER".to_owned(),
        0x03 => "a BIT STRING".to_owned(),
        0x04 => "an OCTET STRING".to_owned(),
        0x06 => "an OBJECT IDENTIFIER".to_owned(),
        0x17 => "a UTCTime".to_owned(),
        0x18 => "a GeneralizedTime".to_owned(),
        0x30 => "a SEQUENCE".to_owned(),
        other => format!("an element of tag {other:#04x}"),
    }
}

pub(super) const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;
const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;

/// An extension: its OID's contents, its critical bit, its value, by position.
#[derive(Clone, Debug)]
pub(super) struct ExtensionAt {
    pub oid: Range<usize>,
    pub is_critical: bool,
    pub value: Range<usize>,
}

/// Where the parts of a certificate lie. Names, dates and keys are the *contents* of their SEQUENCE.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// The version number as written (2 is version 3); `None` where the field is absent (version 1).
    pub version: Option<Range<usize>>,
    pub serial: Range<usize>,
    pub inner_algorithm: Range<usize>,
    pub outer_algorithm: Range<usize>,
    pub issuer: Range<usize>,
    pub validity: Range<usize>,
    pub subject: Range<usize>,
    pub spki: Range<usize>,
    pub extensions: Vec<ExtensionAt>,
    /// tbsCertificate with its header: what was signed.
    pub tbs: Range<usize>,
    /// The signature's bits; `None` where their count is no multiple of eight.
    pub signature: Option<Range<usize>>,
}

impl Reading {
    /// Walks a certificate. Whatever webpki reads, this reads; that it reads more is no harm, for webpki is asked as well.
    pub(super) fn of(der: &[u8]) -> Result<Self, Fault> {
        Self::read(Elements::of(der))
    }

    /// The same, with parts of any length.
    pub(super) fn of_any_length(der: &[u8]) -> Result<Self, Fault> {
        Self::read(Elements::of_any_length(der))
    }

    fn read(mut file: Elements<'_>) -> Result<Self, Fault> {
        let whole = file;
        let der = whole.bytes;
        let outer = file.expect(SEQUENCE)?;
        if !file.is_at_end() {
            return Err(format!(
                "{} bytes follow the end of the certificate",
                der.len() - outer.end
            ));
        }
        let mut outer = whole.within(&outer);
        let tbs = outer.next()?;
        if tbs.tag != SEQUENCE {
            return Err(format!(
                "{} where the part that is signed belongs",
                tag_word(tbs.tag)
            ));
        }
        let outer_algorithm = outer.expect(SEQUENCE)?;
        let bits = outer.expect(BIT_STRING)?;
        let signature =
            (der.get(bits.start) == Some(&0) && !bits.is_empty()).then(|| bits.start + 1..bits.end);
        let mut inner = whole.within(&tbs.contents);
        let version = match inner.peek() {
            Some(0xa0) => {
                let tagged = inner.expect(0xa0)?;
                Some(whole.within(&tagged).expect(INTEGER)?)
            }
            _ => None,
        };
        let serial = inner.expect(INTEGER)?;
        let inner_algorithm = inner.expect(SEQUENCE)?;
        let issuer = inner.expect(SEQUENCE)?;
        let validity = inner.expect(SEQUENCE)?;
        let subject = inner.expect(SEQUENCE)?;
        let spki = inner.expect(SEQUENCE)?;
        let mut extensions = Vec::new();
        while !inner.is_at_end() {
            let part = inner.next()?;
            if part.tag == 0xa3 {
                let list = whole.within(&part.contents).expect(SEQUENCE)?;
                let mut list = whole.within(&list);
                while !list.is_at_end() {
                    extensions.push(extension(&whole, &list.expect(SEQUENCE)?)?);
                }
            }
        }
        Ok(Self {
            version,
            serial,
            inner_algorithm,
            outer_algorithm,
            issuer,
            validity,
            subject,
            spki,
            extensions,
            tbs: tbs.whole,
            signature,
        })
    }
}

fn extension(whole: &Elements<'_>, range: &Range<usize>) -> Result<ExtensionAt, Fault> {
    let mut parts = whole.within(range);
    let oid = parts.expect(OID)?;
    let mut is_critical = false;
    if parts.peek() == Some(BOOLEAN) {
        let value = parts.expect(BOOLEAN)?;
        is_critical = whole.bytes.get(value.start).is_some_and(|byte| *byte != 0);
    }
    Ok(ExtensionAt {
        oid,
        is_critical,
        value: parts.expect(OCTET_STRING)?,
    })
}

/// basicConstraints as webpki reads them: whether it is a CA, and the path length.
pub(super) fn basic_constraints(contents: &[u8]) -> Result<(bool, Option<u8>), Fault> {
    let mut parts = Elements::of(contents);
    let is_ca = match parts.peek() {
        Some(BOOLEAN) => match parts.expect_bytes(BOOLEAN)? {
            [0xff] => true,
            [0x00] => false,
            _ => return Err("cA is neither TRUE nor FALSE as DER writes them".to_owned()),
        },
        _ => false,
    };
    let mut path_length = None;
    if !parts.is_at_end() {
        path_length = match parts.expect_bytes(INTEGER)? {
            [0, high] if *high >= 0x80 => Some(*high),
            [low] if *low < 0x80 => Some(*low),
            _ => return Err("pathLenConstraint is no number from 0 to 255".to_owned()),
        };
    }
    if parts.is_at_end() {
        Ok((is_ca, path_length))
    } else {
        Err("more than cA and pathLenConstraint".to_owned())
    }
}

/// The algorithm's contents and the key's bits of a SubjectPublicKeyInfo (its contents), by webpki's rules.
pub(super) fn public_key(contents: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    let mut parts = Elements::of(contents);
    let algorithm = parts.expect_bytes(SEQUENCE)?;
    let bits = parts.expect_bytes(BIT_STRING)?;
    match bits {
        [0, key @ ..] if parts.is_at_end() => Ok((algorithm, key)),
        _ => Err("the public key is not written as whole bytes".to_owned()),
    }
}

/// notBefore and notAfter in seconds since the epoch, by webpki's rules: UTC, to the second, not before 1970.
pub(super) fn validity(contents: &[u8]) -> Result<(i64, i64), Fault> {
    let mut parts = Elements::of(contents);
    let not_before = time(&mut parts)?;
    let not_after = time(&mut parts)?;
    if parts.is_at_end() {
        Ok((not_before, not_after))
    } else {
        Err("more than two dates".to_owned())
    }
}

fn time(parts: &mut Elements<'_>) -> Result<i64, Fault> {
    let (tag, text) = parts.next_bytes()?;
    let words = || String::from_utf8_lossy(text).into_owned();
    let bad = |why: &str| format!("the date “{}” {why}", words());
    let (year, rest) = match (tag, text.len()) {
        (0x17, 13) => {
            let low = two(text, 0).ok_or_else(|| bad("is not made of digits"))?;
            (if low >= 50 { 1900 + low } else { 2000 + low }, 2)
        }
        (0x18, 15) => {
            let high = two(text, 0).ok_or_else(|| bad("is not made of digits"))?;
            let low = two(text, 2).ok_or_else(|| bad("is not made of digits"))?;
            (high * 100 + low, 4)
        }
        (0x17 | 0x18, _) => {
            return Err(bad(
                "is not written to the second and in UTC, as RFC 5280 §4.1.2.5 demands",
            ));
        }
        (tag, _) => return Err(format!("{} where a date belongs", tag_word(tag))),
    };
    if text.last() != Some(&b'Z') {
        return Err(bad("does not end in Z: it must be UTC"));
    }
    let mut fields = [0i64; 5];
    for (index, field) in fields.iter_mut().enumerate() {
        *field = two(text, rest + 2 * index).ok_or_else(|| bad("is not made of digits"))?;
    }
    let [month, day, hour, minute, second] = fields;
    if year < 1970 {
        return Err(bad("lies before 1970, where rustls's time begins"));
    }
    let days = jiff::civil::Date::new(year as i16, month as i8, 1)
        .map(|first| i64::from(first.days_in_month()))
        .map_err(|_| bad("is no moment"))?;
    if !(1..=days).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return Err(bad("is no moment"));
    }
    Ok(days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days from 1970-01-01, by counting a year from March so that the leap day comes last. (A timestamp of jiff's ends two days
/// before year 10000, and RFC 5280's “no end” is 9999-12-31.)
pub(super) fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn two(text: &[u8], at: usize) -> Option<i64> {
    let digit = |at: usize| {
        text.get(at)
            .filter(|byte| byte.is_ascii_digit())
            .map(|byte| i64::from(byte - b'0'))
    };
    Some(digit(at)? * 10 + digit(at + 1)?)
}

#[cfg(test)]
mod tests {
    use super::{basic_constraints, days_since_epoch, validity};

    fn dates(tag: u8, first: &str, second: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for text in [first, second] {
            out.extend([tag, text.len() as u8]);
            out.extend(text.as_bytes());
        }
        out
    }

    #[test]
    fn dates_are_read_to_the_second_and_no_other_way() {
        assert_eq!(days_since_epoch(1970, 1, 1), 0);
        assert_eq!(days_since_epoch(2000, 3, 1), 11_017);
        assert_eq!(
            validity(&dates(0x18, "19700101000000Z", "99991231235959Z")),
            Ok((0, 253_402_300_799))
        );
        assert_eq!(
            validity(&dates(0x17, "240229120000Z", "491231235959Z")),
            Ok((1_709_208_000, 2_524_607_999))
        );
        for (tag, bad) in [
            (0x18, "20230229000000Z"),
            (0x18, "20230228000000.5Z"),
            (0x18, "2023022800000Z"),
            (0x18, "20231301000000Z"),
            (0x17, "230228000060Z"),
            (0x17, "2302280000+0100"),
            (0x17, "23022800000aZ"),
            (0x17, "500101000000Z"),
        ] {
            assert!(validity(&dates(tag, bad, bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn basic_constraints_are_read_as_der() {
        assert_eq!(basic_constraints(&[]), Ok((false, None)));
        assert_eq!(basic_constraints(&[1, 1, 0xff, 2, 1, 3]), Ok((true, Some(3))));
        assert!(basic_constraints(&[1, 1, 1]).is_err());
        assert!(basic_constraints(&[1, 1, 0xff, 2, 2, 1, 0]).is_err());
        assert!(basic_constraints(&[1, 1, 0xff, 2, 1, 0xff]).is_err());
        assert!(basic_constraints(&[1, 1, 0xff, 5, 0]).is_err());
    }
}
