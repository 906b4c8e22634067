//! What is on record of other stacks about extensions in every form.

use crate::forge::{extension, extension_of};
use crate::text::written;
use crate::trio::{ROLES, Trio, bytes};

/// The last arc under 2.5.29, and values.
const VALUES: &[(u8, &[&str])] = &[
    // basicConstraints
    (
        19,
        &[
            "3000",
            "3003 0101ff",
            "3003 010100",
            "3003 010101",
            "3003 020105",
            "3004 0102ffff",
            "3006 0101ff 020100",
            "3006 0101ff 020101",
            "3006 0101ff 0201ff",
            "3005 0101ff 0200",
            "3007 0101ff 02020000",
            "3007 0101ff 02020080",
            "3007 0101ff 0202ff80",
            "300d 0101ff 02080100000000000000",
            "300e 0101ff 0209010000000000000000",
            "3008 0101ff 020100 0500",
            "3005 0101ff 0500",
            "0500",
        ],
    ),
    // keyUsage: its bits are counted from the left
    (
        15,
        &[
            "03020780",
            "03020520",
            "03020308",
            "03020106",
            "03020204",
            "03020102",
            "0302030c",
            "03020700",
            "0303070080",
            "030206c0",
            "03020781",
            "03020880",
            "030100",
            "030107",
            "0300",
            "0500",
        ],
    ),
    // extKeyUsage
    (
        37,
        &[
            "300a 06082b06010505070301",
            "300a 06082b06010505070302",
            "3006 0604551d2500",
            "300c 060a2b0601040182370a0303",
            "300b 0609608648 0186f8420401",
            "300a 06082b06010505070303",
            "3000",
            "3002 0500",
            "0500",
        ],
    ),
    // subjectKeyIdentifier and authorityKeyIdentifier
    (14, &["0400", "040155", "0500", "04"]),
    (
        35,
        &[
            "3000",
            "3003 800155",
            "0500",
            "3003 820107",
            "3015 a110a40e300c310a300806035504030c0152 820107",
        ],
    ),
    // cRLDistributionPoints
    (
        31,
        &[
            "3000",
            "3002 3000",
            "300b 3009 a007 a005 8603 613a62",
            "3010 300e a00c a10a300806035504030c0152",
            "300b 3009 a007 a205 8603 613a62",
            "3006 3004 81020780",
            "3007 3005 a203 820161",
            "3006 3004 83020780",
            "0500",
        ],
    ),
    // certificatePolicies, policyConstraints and nameConstraints that cannot be read
    (
        32,
        &[
            "3008 3006 0604551d2000",
            "3000",
            "3002 3000",
            "3003 020100",
            "0500",
        ],
    ),
    (36, &["3003 800100", "0500"]),
    (
        30,
        &[
            "3000",
            "3002 a000",
            "3006 a004 3002 8200",
            "300a a008 3006 8201 61 800100",
            "300a a008 3006 8201 61 800101",
            "300a a008 3006 8201 61 810100",
            "3002 a200",
            "3006 a004 3002 8200 00",
            "0500",
        ],
    ),
    // issuerAltName, freshestCRL
    (18, &["3003 820161", "0500"]),
    (46, &["3000", "0500"]),
    // subjectAltName that cannot be read
    (17, &["3000", "0500", "3002 8205", "3005 a703 020100"]),
];

/// Extensions that are not under 2.5.29: the contents of the OID, and values.
const OTHERS: &[(&str, &[&str])] = &[
    // Netscape's type of certificate
    (
        "6086480186f8420101",
        &["03020780", "03020640", "03020520", "03020204", "0500", "030100"],
    ),
    // proxyCertInfo, addresses and AS numbers of RFC 3779
    ("2b0601050507010e", &["3000", "0500"]),
    ("2b06010505070107", &["3000", "0500"]),
    ("2b06010505070108", &["3000", "0500"]),
    // authorityInfoAccess
    (
        "2b06010505070101",
        &[
            "300f 300d 06082b06010505073001 8601 61",
            "3000",
            "3002 3000",
            "3002 0500",
            "0500",
        ],
    ),
    ("2a0304", &["3000"]),
];

/// What is on record of each case.
pub fn recorded(each: impl FnOnce(&mut dyn FnMut(&str, &Trio))) -> String {
    written(|text| each(&mut |told, trio| text.line(format!("{told}: {}", trio.lines()))))
}

pub fn extensions(add: &mut dyn FnMut(&str, &Trio)) {
    add("nothing changed", &Trio::new());
    for (place, role) in ROLES.iter().enumerate() {
        for (arc, values) in VALUES {
            for value in *values {
                let trio = Trio::with(|trio| trio.forges[place].put(*arc, false, &bytes(value)));
                add(&format!("{role} {arc} {value}"), &trio);
            }
            let value = bytes(values[0]);
            let critical = Trio::with(|trio| trio.forges[place].put(*arc, true, &value));
            add(&format!("{role} {arc} critical {}", values[0]), &critical);
            add(
                &format!("{role} without {arc}"),
                &Trio::with(|trio| trio.forges[place].drop(*arc)),
            );
            let twice = Trio::with(|trio| {
                trio.forges[place].put(*arc, false, &value);
                trio.forges[place]
                    .extensions
                    .push((0, extension(*arc, false, &value)));
            });
            add(&format!("{role} {arc} twice"), &twice);
        }
        for (id, values) in OTHERS {
            for value in *values {
                for is_critical in [false, true] {
                    let trio = Trio::with(|trio| {
                        let whole = extension_of(&bytes(id), is_critical, &bytes(value));
                        trio.forges[place].extensions.push((0, whole));
                    });
                    let word = if is_critical { "critical " } else { "" };
                    add(&format!("{role} {id} {word}{value}"), &trio);
                }
            }
        }
    }
}

#[test]
fn of_every_extension() {
    insta::assert_snapshot!(recorded(extensions));
}

/// Several changes at once.
pub fn together(add: &mut dyn FnMut(&str, &Trio)) {
    let netscape = |value: &str| extension_of(&bytes("6086480186f8420101"), false, &bytes(value));
    let proxy = || extension_of(&bytes("2b0601050507010e"), false, &bytes("3000"));
    let resources = |last: u8| extension_of(&[0x2b, 6, 1, 5, 5, 7, 1, last], false, &bytes("3000"));
    let mut add = |name: &str, change: &dyn Fn(&mut Trio)| add(name, &Trio::with(change));
    for place in [1, 2] {
        for value in ["03020780", "03020204", "03020102", "03020101"] {
            add(
                &format!("{} a CA by Netscape's type {value}", ROLES[place]),
                &|trio| {
                    trio.forges[place].drop(19);
                    trio.forges[place].drop(15);
                    trio.forges[place].extensions.push((0, netscape(value)));
                },
            );
        }
        add(&format!("{} a CA by nothing", ROLES[place]), &|trio| {
            trio.forges[place].drop(19);
            trio.forges[place].drop(15);
        });
        for version in [None, Some(0), Some(1), Some(3)] {
            add(&format!("{} of version {version:?}", ROLES[place]), &|trio| {
                trio.forges[place].version = version;
            });
            add(
                &format!("{} of version {version:?} without extensions", ROLES[place]),
                &|trio| {
                    trio.forges[place].version = version;
                    trio.forges[place].extensions.clear();
                },
            );
        }
    }
    add("proxy leaf without names", &|trio| {
        trio.forges[0].drop(17);
        trio.forges[0].extensions.push((0, proxy()));
    });
    add("proxy leaf with the issuer's names", &|trio| {
        trio.forges[0].drop(17);
        trio.forges[0].put(18, false, &bytes("3003 820161"));
        trio.forges[0].extensions.push((0, proxy()));
    });
    add("proxy leaf that is a CA", &|trio| {
        trio.forges[0].drop(17);
        trio.forges[0].put(19, true, &bytes("3003 0101ff"));
        trio.forges[0].extensions.push((0, proxy()));
    });
    for last in [7, 8] {
        add("resources of leaf and issuer", &|trio| {
            trio.forges[0].extensions.push((0, resources(last)));
            trio.forges[1].extensions.push((0, resources(last)));
        });
    }
    add(
        "an issuer that signs nothing but lists, by identifier alone",
        &|trio| {
            trio.forges[1].put(15, true, &bytes("03020102"));
            trio.forges[0].drop(35);
        },
    );
    add("sent in a handshake", &|trio| trio.is_in_a_handshake = true);
}

#[test]
fn of_extensions_that_go_together() {
    insta::assert_snapshot!(recorded(together));
}
