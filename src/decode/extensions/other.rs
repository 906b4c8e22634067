//! The extensions that are a value or a blob.

use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};

/// Bytes that the protocol does not look into, or that no entry here explains.
pub(super) fn opaque(reader: &mut Reader<'_>, name: &'static str) -> Words {
    let bytes = reader.rest(name, words::hex);
    words::size(bytes.len())
}

/// An extension that must be empty and is not: its bytes are left for the reader's end, which calls them left over.
pub(super) fn nothing(reader: &Reader<'_>) -> Words {
    said!("{} where none belong", words::size(reader.remaining()))
}

/// A number that nobody has, sent to keep servers honest (RFC 8701 §3).
pub(super) fn grease(reader: &mut Reader<'_>) -> Words {
    let bytes = reader.rest("extension_data", words::hex);
    let size = if bytes.is_empty() {
        Words::Borrowed("empty")
    } else {
        words::size(bytes.len())
    };
    said!("{size}, sent to keep servers honest (RFC 8701)")
}

/// RFC 7685 §3.
pub(super) fn padding(reader: &mut Reader<'_>) -> Words {
    let bytes = reader.rest("padding", |bytes| words::size(bytes.len()));
    if bytes.iter().all(|byte| *byte == 0) {
        return said!("{} of zeros", words::size(bytes.len()));
    }
    if let Some(field) = reader.last() {
        field.error = Some("padding must be zeros".to_owned());
    }
    words::size(bytes.len())
}

/// RFC 6066 §4.
pub(super) fn max_fragment_length(reader: &mut Reader<'_>) -> Words {
    let size = |number: u8| match number {
        1..=4 => said!("{} bytes ({number})", 256usize << number),
        other => words::number(u64::from(other)),
    };
    reader
        .u8("max_fragment_length", size)
        .map(size)
        .unwrap_or_default()
}

/// RFC 8449 §4.
pub(super) fn record_size_limit(reader: &mut Reader<'_>) -> Words {
    reader
        .u16("record_size_limit", |limit| words::number(u64::from(limit)))
        .map(|limit| words::number(u64::from(limit)))
        .unwrap_or_default()
}

/// RFC 8446 §4.2.10: a size in NewSessionTicket, nothing elsewhere.
pub(super) fn early_data(reader: &mut Reader<'_>) -> Words {
    reader
        .number("max_early_data_size", 4, words::number)
        .map(|size| said!("up to {size} bytes"))
        .unwrap_or_default()
}

/// RFC 8446 §4.2.2.
pub(super) fn cookie(reader: &mut Reader<'_>) -> Words {
    let cookie = reader.opaque("cookie", 2, "cookie_data", words::hex);
    words::size(cookie.len())
}

/// RFC 5746 §3.2.
pub(super) fn renegotiation_info(reader: &mut Reader<'_>) -> Words {
    let verify_data = reader.opaque("renegotiated_connection", 1, "verify_data", words::hex);
    if verify_data.is_empty() {
        Words::Borrowed("initial handshake")
    } else {
        words::size(verify_data.len())
    }
}
