//! Finished, tickets, key updates, alerts, ChangeCipherSpec, application data, and what is none of these.

use crate::decode::extensions::{self, Place};
use crate::decode::reader::Reader;
use crate::decode::root::root_over;
use crate::decode::words::{self, Words, said};
use crate::decode::{AlertFacts, Body, Field, FinishedFacts};
use crate::iana::{self, Table};

/// RFC 8446 §4.4.4, RFC 5246 §7.4.9.
pub(super) fn finished(reader: &mut Reader<'_>) -> Body {
    let sent = reader.rest("verify_data", words::hex).to_vec();
    Body::Finished(FinishedFacts {
        sent,
        ..FinishedFacts::default()
    })
}

/// RFC 8446 §4.6.1; RFC 5077 §3.3.
pub(super) fn new_session_ticket(reader: &mut Reader<'_>, is_13: bool) -> Body {
    let lifetime = reader.number(
        if is_13 {
            "ticket_lifetime"
        } else {
            "ticket_lifetime_hint"
        },
        4,
        |seconds| said!("{seconds} s"),
    );
    if is_13 {
        reader.number("ticket_age_add", 4, words::number);
        reader.opaque("ticket_nonce", 1, "nonce", words::hex);
    }
    reader.opaque("ticket", 2, "ticket_data", |bytes| words::size(bytes.len()));
    if is_13 {
        extensions::read(reader, Place::NewSessionTicket);
    }
    Body::NewSessionTicket {
        lifetime_s: lifetime.unwrap_or_default() as u32,
    }
}

/// RFC 8446 §4.6.3.
pub(super) fn key_update(reader: &mut Reader<'_>) -> Body {
    reader.u8("request_update", |number| match number {
        0 => Words::Borrowed("update_not_requested (0)"),
        1 => Words::Borrowed("update_requested (1)"),
        other => words::number(u64::from(other)),
    });
    Body::Other
}

/// A type that no entry here explains, or one without a body.
pub(super) fn unknown(reader: &mut Reader<'_>) -> Body {
    reader.rest("body", words::hex);
    Body::Other
}

/// RFC 8446 §6.
pub(in crate::decode) fn alert(bytes: &[u8]) -> (Field, Body) {
    let mut reader = Reader::new(bytes);
    let level = reader.u8("level", |level| match level {
        1 => Words::Borrowed("warning"),
        2 => Words::Borrowed("fatal"),
        other => words::number(u64::from(other)),
    });
    let mut name = Words::default();
    let code = reader.u8("description", |code| {
        name = iana::alert(code).into();
        name.clone()
    });
    let mut field = root_over("Alert", bytes, reader);
    field.value = name;
    if let Some(code) = code {
        // The number by itself, for whoever reads the JSON: it owns no byte, the description does.
        field.children.push(Field {
            name: "code".into(),
            value: words::number(u64::from(code)),
            range: bytes.len()..bytes.len(),
            buffer: None,
            error: None,
            children: Vec::new(),
        });
    }
    let facts = AlertFacts {
        level: level.unwrap_or_default(),
        code: code.unwrap_or_default(),
    };
    (field, Body::Alert(facts))
}

/// RFC 5246 §7.1; in TLS 1.3 a stand-in for old middleboxes (RFC 8446 §D.4).
pub(in crate::decode) fn change_cipher_spec(bytes: &[u8]) -> (Field, Body) {
    let mut reader = Reader::new(bytes);
    reader.u8("type", |number| {
        if number == 1 {
            Words::Borrowed("change_cipher_spec (1)")
        } else {
            words::number(u64::from(number))
        }
    });
    (root_over("ChangeCipherSpec", bytes, reader), Body::Other)
}

/// Application data, opened.
pub(in crate::decode) fn application_data(bytes: &[u8]) -> (Field, Body) {
    let mut reader = Reader::new(bytes);
    reader.rest("data", |bytes| {
        let text = words::shown(bytes.get(..200).unwrap_or(bytes));
        let is_text = std::str::from_utf8(bytes).is_ok();
        if is_text {
            said!("“{}”", text.trim_end_matches("\\n"))
        } else {
            words::size(bytes.len())
        }
    });
    (root_over("ApplicationData", bytes, reader), Body::ApplicationData)
}

/// A record that was not opened: its type, its length, and its bytes in one leaf.
pub(in crate::decode) fn encrypted(bytes: &[u8], content_type: u8, why: String) -> (Field, Body) {
    let mut reader = Reader::new(bytes);
    reader.rest("encrypted_record", |bytes| words::size(bytes.len()));
    let mut field = root_over("Encrypted", bytes, reader);
    let fact = |name: &'static str, value: Words| Field {
        name: name.into(),
        value,
        range: 0..0,
        buffer: None,
        error: None,
        children: Vec::new(),
    };
    let kind = iana::named(Table::ContentType, u16::from(content_type));
    field
        .children
        .insert(0, fact("record_length", words::number(bytes.len() as u64)));
    field.children.insert(0, fact("record_type", kind.into()));
    field.error = Some(why);
    (field, Body::Encrypted)
}
