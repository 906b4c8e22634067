//! Encrypted ClientHello (RFC 9849): the sealed hello, the server's answers, and the keys to retry with.

use super::lists::{named, summary};
use super::said::Place;
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};
use crate::iana::{self, Table};

/// The version of ECHConfig and the extension's own number (RFC 9849 §4).
const VERSION: u16 = 0xfe0d;

const KEMS: &[(u16, &str)] = &[
    (0x0010, "DHKEM(P-256, HKDF-SHA256)"),
    (0x0011, "DHKEM(P-384, HKDF-SHA384)"),
    (0x0012, "DHKEM(P-521, HKDF-SHA512)"),
    (0x0020, "DHKEM(X25519, HKDF-SHA256)"),
    (0x0021, "DHKEM(X448, HKDF-SHA512)"),
    (0x0040, "ML-KEM-512"),
    (0x0041, "ML-KEM-768"),
    (0x0042, "ML-KEM-1024"),
    (0x647a, "X-Wing"),
];
const KDFS: &[(u16, &str)] = &[(1, "HKDF-SHA256"), (2, "HKDF-SHA384"), (3, "HKDF-SHA512")];
const AEADS: &[(u16, &str)] = &[
    (1, "AES-128-GCM"),
    (2, "AES-256-GCM"),
    (3, "ChaCha20Poly1305"),
    (0xffff, "Export-only"),
];

/// encrypted_client_hello (RFC 9849 §5): ECHClientHello from the client, a confirmation in HelloRetryRequest, fresh
/// configurations in EncryptedExtensions.
pub(super) fn encrypted_client_hello(reader: &mut Reader<'_>, place: Place) -> Words {
    match place {
        Place::ClientHello => client_hello(reader),
        Place::HelloRetryRequest => {
            reader.bytes("confirmation", 8, words::hex);
            Words::Borrowed("the server's confirmation, or 8 random bytes")
        }
        _ => {
            let mut names = Vec::new();
            reader.vector("retry_configs", 2, |list| {
                while list.remaining() > 0 {
                    names.push(config(list));
                }
                summary(&names)
            });
            said!("retry with: {}", summary(&names))
        }
    }
}

/// ECHClientHello (RFC 9849 §5).
fn client_hello(reader: &mut Reader<'_>) -> Words {
    let kind = reader.u8("type", |kind| {
        named(u16::from(kind), &[(0, "outer"), (1, "inner")])
    });
    match kind {
        Some(0) => {
            let suite = suite(reader);
            let id = reader.u8("config_id", |id| id.to_string()).unwrap_or_default();
            reader.opaque("enc", 2, "encapsulated_key", words::hex);
            let payload = reader.opaque("payload", 2, "encrypted_hello", words::hex);
            said!(
                "outer · config {id} · {suite} · {} B sealed",
                words::thousands(payload.len())
            )
        }
        Some(1) => Words::Borrowed("inner"),
        _ => {
            reader.rest("unknown_type", words::hex);
            Words::Borrowed("of an unknown type")
        }
    }
}

/// HpkeSymmetricCipherSuite (RFC 9849 §4).
fn suite(reader: &mut Reader<'_>) -> Words {
    let mut value = Words::default();
    reader.group("HpkeSymmetricCipherSuite", 4, |suite| {
        let mut part = |name, names: &[(u16, &str)]| {
            suite
                .u16(name, |number| named(number, names))
                .map(|number| named(number, names))
                .unwrap_or_default()
        };
        let short = |text: Words| text.split(" (").next().unwrap_or_default().to_owned();
        value = said!(
            "{}, {}",
            short(part("kdf_id", KDFS)),
            short(part("aead_id", AEADS))
        );
        value.clone()
    });
    value
}

/// ECHConfig (RFC 9849 §4); returns the public name.
fn config(list: &mut Reader<'_>) -> Words {
    let length = match *list.peek(4) {
        [_, _, high, low] => 4 + usize::from(u16::from_be_bytes([high, low])),
        _ => list.remaining(),
    };
    let mut name = Words::default();
    list.group("ECHConfig", length, |config| {
        let version = config.u16("version", |version| said!("0x{version:04x}"));
        config.number("length", 2, |number| number.to_string());
        if version == Some(VERSION) {
            name = contents(config);
        } else {
            config.rest("contents", words::hex);
            name = Words::Borrowed("another version");
        }
        name.clone()
    });
    name
}

/// ECHConfigContents (RFC 9849 §4).
fn contents(config: &mut Reader<'_>) -> Words {
    config.u8("config_id", |id| id.to_string());
    config.u16("kem_id", |number| named(number, KEMS));
    config.opaque("public_key", 2, "hpke_public_key", words::hex);
    config.vector("cipher_suites", 2, |list| {
        let mut suites = Vec::new();
        while list.remaining() > 0 {
            suites.push(suite(list));
        }
        summary(&suites)
    });
    config.u8("maximum_name_length", |length| length.to_string());
    let name = words::shown(config.opaque("public_name", 1, "dns_name", words::shown));
    config.vector("extensions", 2, |list| {
        let mut count = 0usize;
        while list.remaining() > 0 {
            let length = match *list.peek(4) {
                [_, _, high, low] => 4 + usize::from(u16::from_be_bytes([high, low])),
                _ => list.remaining(),
            };
            list.group("ECHConfigExtension", length, |one| {
                one.u16("type", |number| said!("0x{number:04x}"));
                one.opaque("data", 2, "data_bytes", words::hex);
                Words::default()
            });
            count += 1;
        }
        count.to_string()
    });
    name
}

/// ech_outer_extensions (RFC 9849 §5.1): stands in the inner hello only, for what it shares with the outer one.
pub(super) fn outer_extensions(reader: &mut Reader<'_>) -> Words {
    let mut names = Vec::new();
    reader.vector("outer_extensions", 1, |list| {
        while list.remaining() > 0 {
            let number = list.u16("ExtensionType", |number| {
                said!("{} (0x{number:04x})", iana::named(Table::Extension, number))
            });
            names.extend(number.map(|number| iana::name_or_number(Table::Extension, number)));
        }
        summary(&names)
    });
    summary(&names)
}
