//! Chains that rustls lets pass although a name or an identifier in them is not as it must be.

use super::super::forge::{name, name_as, sequence, tlv};
use super::{Made, pass};

/// Rules broken by a CA, so that what it signed has to be mended from there; each with the rule that it is of.
pub fn of_a_ca() -> Vec<(&'static str, Made)> {
    let odd = |text: &[u8]| name_as(0x13, text);
    vec![
        (
            "character-outside-its-type",
            pass(
                "character-in-the-issuer",
                "leaf",
                "encoding",
                "is a PrintableString and holds “@”",
                |parts| {
                    parts.issuer.subject = odd(b"Issuer@shop");
                    parts.leaf.issuer = odd(b"Issuer@shop");
                },
            ),
        ),
        (
            "character-outside-its-type",
            pass(
                "character-in-the-root",
                "intermediate",
                "encoding",
                "is a PrintableString and holds “@”",
                |parts| {
                    parts.root.subject = odd(b"Root@shop");
                    parts.root.issuer = odd(b"Root@shop");
                    parts.issuer.issuer = odd(b"Root@shop");
                },
            ),
        ),
        (
            "without-authority-key-id",
            pass(
                "nothing-to-name-the-issuer-by",
                "leaf",
                "issuer",
                "no authorityKeyIdentifier",
                |parts| {
                    parts.leaf.drop(35);
                    parts.issuer.drop(14);
                },
            ),
        ),
        (
            "without-authority-key-id",
            pass(
                "nothing-to-name-the-root-by",
                "intermediate",
                "issuer",
                "no authorityKeyIdentifier",
                |parts| {
                    parts.issuer.drop(35);
                    parts.root.drop(14);
                },
            ),
        ),
    ]
}

/// What rustls lets pass.
pub fn passed() -> Vec<Made> {
    vec![
        pass(
            "character-outside-its-type",
            "leaf",
            "encoding",
            "is a PrintableString and holds “@”",
            |parts| {
                parts.leaf.subject = name_as(0x13, b"pay@shop");
            },
        ),
        pass(
            "authority-serial-differs",
            "leaf",
            "issuer",
            "names its issuer's certificate by the serial number",
            |parts| {
                let id = parts.keys[1].id.clone();
                let issuer = tlv(0xa1, &tlv(0xa4, &name("Root")));
                let serial = tlv(0x82, &[0x11, 0x22, 0x33]);
                parts
                    .leaf
                    .put(35, false, &sequence(&[tlv(0x80, &id), issuer, serial]));
            },
        ),
        pass(
            "authority-issuer-differs",
            "leaf",
            "issuer",
            "was issued by",
            |parts| {
                let id = parts.keys[1].id.clone();
                let issuer = tlv(0xa1, &tlv(0xa4, &name("Old Root")));
                let serial = tlv(0x82, &parts.issuer.serial);
                parts
                    .leaf
                    .put(35, false, &sequence(&[tlv(0x80, &id), issuer, serial]));
            },
        ),
    ]
}
