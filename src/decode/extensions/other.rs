//! The extensions that are a value or a blob.

use super::Place;
use crate::decode::reader::Reader;
use crate::decode::words;

/// Bytes that the protocol does not look into, or that no entry here explains.
pub(super) fn opaque(reader: &mut Reader<'_>, name: &'static str) -> String {
    let bytes = reader.rest(name, words::hex);
    words::size(bytes.len())
}

/// RFC 6066 §8, and the staple in a TLS 1.3 CertificateEntry.
pub(super) fn status_request(reader: &mut Reader<'_>, place: Place) -> String {
    let kind = |number: u8| {
        if number == 1 {
            "ocsp (1)".to_owned()
        } else {
            number.to_string()
        }
    };
    reader.u8("status_type", kind);
    if place == Place::CertificateEntry {
        let response = reader.opaque("response", 3, "OCSPResponse", |bytes| words::size(bytes.len()));
        return format!("OCSP response · {} B", words::thousands(response.len()));
    }
    reader.opaque("responder_id_list", 2, "responder_ids", words::hex);
    reader.opaque("request_extensions", 2, "extensions_data", words::hex);
    "OCSP".to_owned()
}

/// RFC 6066 §4.
pub(super) fn max_fragment_length(reader: &mut Reader<'_>) -> String {
    let size = |number: u8| match number {
        1..=4 => format!("{} bytes ({number})", 256usize << number),
        other => other.to_string(),
    };
    reader
        .u8("max_fragment_length", size)
        .map(size)
        .unwrap_or_default()
}

/// RFC 8449 §4.
pub(super) fn record_size_limit(reader: &mut Reader<'_>) -> String {
    reader
        .u16("record_size_limit", |limit| limit.to_string())
        .map(|limit| limit.to_string())
        .unwrap_or_default()
}

/// RFC 8446 §4.2.10: a size in NewSessionTicket, nothing elsewhere.
pub(super) fn early_data(reader: &mut Reader<'_>) -> String {
    reader
        .number("max_early_data_size", 4, |size| size.to_string())
        .map(|size| format!("up to {size} bytes"))
        .unwrap_or_default()
}

/// RFC 8446 §4.2.2.
pub(super) fn cookie(reader: &mut Reader<'_>) -> String {
    let cookie = reader.opaque("cookie", 2, "cookie_data", words::hex);
    words::size(cookie.len())
}

/// RFC 5746 §3.2.
pub(super) fn renegotiation_info(reader: &mut Reader<'_>) -> String {
    let verify_data = reader.opaque("renegotiated_connection", 1, "verify_data", words::hex);
    if verify_data.is_empty() {
        "initial handshake".to_owned()
    } else {
        words::size(verify_data.len())
    }
}
