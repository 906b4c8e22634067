//! cRLDistributionPoints as they are written, for readers that refuse a certificate for them (RFC 5280 §4.2.1.13).

use crate::diagnose::reading::{Elements, Fault, SEQUENCE};

/// Where a list lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PointName {
    Full,
    /// Relative to the name of the list's issuer.
    Relative,
}

/// One point.
#[derive(Clone, Default)]
pub(super) struct Point<'a> {
    pub name: Option<PointName>,
    /// The GeneralNames of a full name, or the parts of a relative one.
    pub names: &'a [u8],
    /// For which reasons alone, as the contents of a BIT STRING.
    pub reasons: Option<&'a [u8]>,
    pub has_issuer: bool,
    /// The GeneralNames of the list's issuer.
    pub issuer: &'a [u8],
}

/// Reads the extension's value.
pub(super) fn read(value: &[u8]) -> Result<Vec<Point<'_>>, Fault> {
    let mut list = Elements::of_any_length(Elements::of_any_length(value).expect_bytes(SEQUENCE)?);
    let mut points = Vec::new();
    while !list.is_at_end() {
        let mut parts = Elements::of_any_length(list.expect_bytes(SEQUENCE)?);
        let mut point = Point::default();
        while !parts.is_at_end() {
            match parts.next_bytes()? {
                (0xa0, name) => {
                    let (kind, names) = Elements::of_any_length(name).next_bytes()?;
                    point.name = Some(match kind {
                        0xa0 => PointName::Full,
                        0xa1 => PointName::Relative,
                        _ => return Err("a place of a kind that is none".to_owned()),
                    });
                    point.names = names;
                }
                (0x81, reasons) => point.reasons = Some(reasons),
                (0xa2, issuer) => {
                    point.has_issuer = true;
                    point.issuer = issuer;
                }
                _ => return Err("a part that is none of a distribution point".to_owned()),
            }
        }
        points.push(point);
    }
    Ok(points)
}
