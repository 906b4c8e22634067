//! What is on record of other stacks about the names, dates and numbers of certificates in every form.

use crate::forge::{name, name_as, sequence, tlv};
use crate::recorded::recorded;
use crate::trio::{ROLES, Trio, bytes};

/// The string types of a name: tag, and values.
const STRINGS: &[(u8, &[&str])] = &[
    (0x0c, &["52", "c3a9", "ff"]),
    (
        0x13,
        &[
            "52",
            "5240",
            "52202728292b2c2d2e2f3a3d3f",
            "522a26",
            "525f",
            "52ff",
        ],
    ),
    (0x16, &["5240", "ff"]),
    (0x1e, &["0052", "52"]),
    (0x1c, &["00000052", "0052"]),
    (0x14, &["52", "ff"]),
    (0x12, &["31 20 32", "3141"]),
    (0x15, &["52"]),
    (0x1a, &["52"]),
    (0x04, &["52"]),
    (0x01, &["ff"]),
    (0x03, &["0052"]),
    (0x80, &["52"]),
];

pub fn strings(add: &mut dyn FnMut(&str, &Trio)) {
    for (tag, values) in STRINGS {
        for value in *values {
            for (place, role) in ROLES.iter().enumerate() {
                let trio = Trio::with(|trio| {
                    trio.forges[place].subject = name_as(*tag, &bytes(value));
                    // What is above keeps its name by whom it is issued.
                    if let Some(below) = place.checked_sub(1) {
                        trio.forges[below].issuer = name_as(*tag, &bytes(value));
                    }
                    if place == 2 {
                        trio.forges[place].issuer = name_as(*tag, &bytes(value));
                    }
                });
                add(&format!("{role} {tag:02x} {value}"), &trio);
            }
        }
    }
    for (place, role) in ROLES.iter().enumerate() {
        let trio = Trio::with(|trio| trio.forges[place].subject = name(""));
        add(&format!("{role} without a name"), &trio);
    }
}

#[test]
fn of_every_string_in_a_name() {
    insta::assert_snapshot!(recorded(strings));
}

/// Dates: a tag and its text, good and bad.
const DATES: &[(u8, &str)] = &[
    (0x17, "250101000000Z"),
    (0x17, "2501010000Z"),
    (0x17, "250101000000+0000"),
    (0x17, "270115090000+0100"),
    (0x17, "270115090000+0101"),
    (0x17, "270115085959+0100"),
    (0x17, "270115064000-0120"),
    (0x17, "270115064001-0120"),
    (0x17, "250101000000+01"),
    (0x17, "250101000000"),
    (0x17, "251301000000Z"),
    (0x17, "250230000000Z"),
    (0x17, "250100000000Z"),
    (0x17, "250101240000Z"),
    (0x17, "250101230000Z"),
    (0x17, "250101006000Z"),
    (0x17, "250101005900Z"),
    (0x17, "250101000060Z"),
    (0x17, "250101000059Z"),
    (0x17, "2501010000000Z"),
    (0x17, "500101000000Z"),
    (0x17, "490101000000Z"),
    (0x17, "270115080000Z"),
    (0x17, "270115080001Z"),
    (0x17, "270115075959Z"),
    (0x18, "20250101000000Z"),
    (0x18, "202501010000Z"),
    (0x18, "20250101000000.5Z"),
    (0x18, "20250101000000+0100"),
    (0x18, "20x50101000000Z"),
    (0x04, "250101000000Z"),
];

pub fn dates(add: &mut dyn FnMut(&str, &Trio)) {
    let other = |is_first: bool| {
        let text: &[u8] = if is_first {
            b"450101000000Z"
        } else {
            b"200101000000Z"
        };
        tlv(0x17, text)
    };
    for (tag, date) in DATES {
        for (place, role) in ROLES.iter().enumerate() {
            for is_first in [true, false] {
                let one = tlv(*tag, date.as_bytes());
                let both = if is_first {
                    [one, other(true)]
                } else {
                    [other(false), one]
                };
                let trio = Trio::with(|trio| trio.forges[place].validity = sequence(&both));
                let which = if is_first { "from" } else { "to" };
                add(&format!("{role} {which} {tag:02x} {date}"), &trio);
            }
        }
    }
}

#[test]
fn of_every_date() {
    insta::assert_snapshot!(recorded(dates));
}

pub fn serial_numbers(add: &mut dyn FnMut(&str, &Trio)) {
    for serial in ["", "00", "01", "0080", "0001", "ff", "ff80", "ff7f", "80"] {
        for (place, role) in ROLES.iter().enumerate() {
            let trio = Trio::with(|trio| trio.forges[place].serial = bytes(serial));
            add(&format!("{role} {serial}"), &trio);
        }
    }
}

#[test]
fn of_every_serial_number() {
    insta::assert_snapshot!(recorded(serial_numbers));
}
