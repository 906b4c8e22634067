//! Numbers of TLS with their IANA names: one table for every module that needs one.
//!
//! The data is `assets/iana/tls.tsv`: IANA's registries "Transport Layer Security (TLS) Parameters" and "TLS ExtensionType
//! Values", as of November 2026. Stands beside `pki` on the ground floor.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the registries by name")]
pub enum Table {
    CipherSuite,
    Group,
    SignatureScheme,
    Alert,
    Extension,
    HandshakeType,
    ContentType,
}

impl Table {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "suite" => Self::CipherSuite,
            "group" => Self::Group,
            "scheme" => Self::SignatureScheme,
            "alert" => Self::Alert,
            "extension" => Self::Extension,
            "handshake" => Self::HandshakeType,
            "content" => Self::ContentType,
            _ => return None,
        })
    }
}

static NAMES: LazyLock<HashMap<(Table, u16), &'static str>> = LazyLock::new(|| {
    include_str!("../assets/iana/tls.tsv")
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let table = Table::from_word(cells.next()?)?;
            let number = u16::from_str_radix(cells.next()?.trim_start_matches("0x"), 16).ok()?;
            Some(((table, number), cells.next()?))
        })
        .collect()
});

/// The IANA name of a number; `None` where the registry has none.
pub fn name(table: Table, number: u16) -> Option<&'static str> {
    NAMES.get(&(table, number)).copied()
}

/// The IANA name, `GREASE (0x…)` for a reserved number (RFC 8701), or the number itself as `0x1234`. A name that the registry has
/// costs nothing.
pub fn named(table: Table, number: u16) -> Cow<'static, str> {
    match name(table, number) {
        Some(name) => Cow::Borrowed(name),
        None if is_grease(number)
            && !matches!(table, Table::Alert | Table::HandshakeType | Table::ContentType) =>
        {
            Cow::Owned(format!("GREASE (0x{number:04x})"))
        }
        None => Cow::Owned(format!("0x{number:04x}")),
    }
}

static NUMBERED: LazyLock<HashMap<(Table, u16), String>> = LazyLock::new(|| {
    let each = NAMES.iter();
    each.map(|(of, name)| (*of, format!("{name} (0x{:04x})", of.1)))
        .collect()
});

/// As [`named`] with the number behind it: `x25519 (0x001d)`.
pub fn numbered(table: Table, number: u16) -> Cow<'static, str> {
    match NUMBERED.get(&(table, number)) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(format!("{} (0x{number:04x})", named(table, number))),
    }
}

/// As [`version`] with the number behind it.
pub fn version_numbered(number: u16) -> Cow<'static, str> {
    match number {
        0x0301 => Cow::Borrowed("TLS 1.0 (0x0301)"),
        0x0302 => Cow::Borrowed("TLS 1.1 (0x0302)"),
        0x0303 => Cow::Borrowed("TLS 1.2 (0x0303)"),
        0x0304 => Cow::Borrowed("TLS 1.3 (0x0304)"),
        other => Cow::Owned(format!("{} (0x{other:04x})", version(other))),
    }
}

/// As [`named`], for keeping.
pub fn name_or_number(table: Table, number: u16) -> String {
    named(table, number).into_owned()
}

/// The number of an IANA name.
pub fn number(table: Table, wanted: &str) -> Option<u16> {
    NAMES
        .iter()
        .find(|((of, _), name)| *of == table && **name == wanted)
        .map(|((_, number), _)| *number)
}

/// A number that clients send to keep servers honest (RFC 8701 §2): 0x0a0a, 0x1a1a, … 0xfafa.
pub fn is_grease(number: u16) -> bool {
    let [high, low] = number.to_be_bytes();
    high == low && high & 0x0f == 0x0a
}

/// The alert's name, `unknown_ca`, or `alert 200`.
pub fn alert(code: u8) -> String {
    name(Table::Alert, u16::from(code)).map_or_else(|| format!("alert {code}"), str::to_owned)
}

/// `TLS 1.3` for 0x0304.
pub fn version(number: u16) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        0x0002 => "SSL 2.0",
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        // The drafts had numbers of their own, and captures of them are still about.
        0x7f01..=0x7f1c => return Cow::Owned(format!("TLS 1.3 draft {}", number & 0xff)),
        other if is_grease(other) => return Cow::Owned(format!("GREASE (0x{other:04x})")),
        other => return Cow::Owned(format!("0x{other:04x}")),
    })
}

/// Numbers that are compared as what they are, and shown by their IANA names.
macro_rules! numbers {
    ($($(#[$words:meta])* $name:ident: $named:expr;)*) => {$(
        $(#[$words])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u16);

        impl $name {
            /// Its name; the number itself, as `0x1234`, where it has none.
            pub fn name(self) -> Cow<'static, str> {
                let named: fn(u16) -> Cow<'static, str> = $named;
                named(self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.name())
            }
        }
    )*};
}

numbers! {
    /// A version of TLS, or of SSL before it.
    Version: version;
    /// A cipher suite.
    CipherSuite: |number| named(Table::CipherSuite, number);
    /// A group of a key exchange.
    Group: |number| named(Table::Group, number);
    /// A signature scheme.
    SignatureScheme: |number| named(Table::SignatureScheme, number);
}

impl SignatureScheme {
    /// The name in the registry.
    pub fn registered(self) -> Option<&'static str> {
        name(Table::SignatureScheme, self.0)
    }
}

impl Version {
    /// RFC 5246.
    pub const TLS_12: Self = Self(0x0303);
    /// RFC 8446.
    pub const TLS_13: Self = Self(0x0304);

    /// TLS 1.3 or one of its drafts: what is different from all versions before it is in them all.
    pub fn is_13_or_draft(self) -> bool {
        self == Self::TLS_13 || matches!(self.0, 0x7f01..=0x7f1c)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        CipherSuite, Group, SignatureScheme, Table, Version, alert, name, name_or_number, number, numbered,
        version, version_numbered,
    };

    #[test]
    fn numbers_have_their_names() {
        assert_eq!(name(Table::CipherSuite, 0x1302), Some("TLS_AES_256_GCM_SHA384"));
        assert_eq!(name(Table::Group, 0x11ec), Some("X25519MLKEM768"));
        assert_eq!(
            number(Table::SignatureScheme, "ecdsa_secp256r1_sha256"),
            Some(0x0403)
        );
        assert_eq!(alert(48), "unknown_ca");
        assert_eq!(name_or_number(Table::CipherSuite, 0x3a3a), "GREASE (0x3a3a)");
        assert_eq!(name_or_number(Table::Extension, 0x1234), "0x1234");
        assert_eq!(numbered(Table::Group, 0x001d), "x25519 (0x001d)");
        assert_eq!(numbered(Table::Group, 0x3a3a), "GREASE (0x3a3a) (0x3a3a)");
        assert_eq!(Version::TLS_12.to_string(), "TLS 1.2");
        assert_eq!(Version(0x7f1c).name(), "TLS 1.3 draft 28");
        assert_eq!(CipherSuite(0x1302).name(), "TLS_AES_256_GCM_SHA384");
        assert_eq!(Group(0x001d).name(), "x25519");
        assert_eq!(SignatureScheme(0x0403).name(), "ecdsa_secp256r1_sha256");
        for (number, is_13) in [
            (0x0303, false),
            (0x0304, true),
            (0x0305, false),
            (0x7f00, false),
            (0x7f01, true),
            (0x7f1c, true),
            (0x7f1d, false),
        ] {
            assert_eq!(Version(number).is_13_or_draft(), is_13, "{number:04x}");
        }
        for one in 0x0300..=0x0305 {
            assert_eq!(version_numbered(one), format!("{} (0x{one:04x})", version(one)));
        }
    }
}
