//! The dates of a certificate for readers that take more or less than webpki does (RFC 5280 §4.1.2.5).

use crate::diagnose::certificate::Certificate;
use crate::diagnose::reading::{self, Elements};

/// How a date may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// To the second and in UTC.
    Strict,
    /// Also to the minute (UTCTime), and with a difference from UTC.
    Lax,
}

/// notBefore and notAfter in seconds since the epoch; `None` where they are not written so.
pub(super) fn validity(certificate: &Certificate, form: Form) -> Option<(i64, i64)> {
    let mut parts = Elements::of_any_length(certificate.part(|at| &at.validity)?);
    Some((moment(&mut parts, form)?, moment(&mut parts, form)?))
}

/// The next element as a date.
pub(super) fn moment(parts: &mut Elements<'_>, form: Form) -> Option<i64> {
    let (tag, text) = parts.next_bytes().ok()?;
    let text = std::str::from_utf8(text).ok().filter(|text| text.is_ascii())?;
    let zone = text.find(['Z', '+', '-'])?;
    let (digits, zone) = text.split_at_checked(zone)?;
    let is_lax = form == Form::Lax;
    let (year_digits, has_seconds) = match (tag, digits.len()) {
        (0x17, 12) => (2, true),
        (0x17, 10) if is_lax => (2, false),
        (0x18, 14) => (4, true),
        _ => return None,
    };
    let number = |text: &str| -> Option<i64> {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    let (year, rest) = digits.split_at_checked(year_digits)?;
    let year = match (tag, number(year)?) {
        (0x17, low) if low >= 50 => 1900 + low,
        (0x17, low) => 2000 + low,
        (_, year) => year,
    };
    let field = |at: usize| number(rest.get(2 * at..2 * at + 2)?);
    let (month, day, hour, minute) = (field(0)?, field(1)?, field(2)?, field(3)?);
    let second = if has_seconds { field(4)? } else { 0 };
    let days = jiff::civil::Date::new(year as i16, month as i8, 1)
        .ok()?
        .days_in_month();
    if !(1..=i64::from(days)).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, difference) if is_lax && difference.len() == 4 => {
            let seconds = number(difference.get(..2)?)? * 3600 + number(difference.get(2..)?)? * 60;
            if sign == "-" { -seconds } else { seconds }
        }
        _ => return None,
    };
    Some(reading::days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset)
}
