//! Chains that rustls lets pass although a name or an identifier in them is not as it must be.

use super::super::forge::{name, name_as, sequence, tlv};
use super::{Made, pass};

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
