//! Records, messages and fields.

use mtlscope::decode::{Field, Message, Record, TrafficKeys, Transcript};

use super::{Text, often, range};

/// A field with all below it.
pub fn field(text: &mut Text, found: &Field) {
    let Field {
        name,
        value,
        range: place,
        buffer,
        error,
        children,
    } = found;
    let buffer = buffer.map_or_else(String::new, |id| format!(" in buffer {}", id.0));
    let error = error
        .as_ref()
        .map_or_else(String::new, |error| format!("  !! {error}"));
    text.line(format!("{name} {}{buffer} {value}{error}", range(place)));
    text.below(|text| {
        for child in children {
            field(text, child);
        }
    });
}

/// Messages with their fields, records, keys, and what was agreed on.
pub fn transcript(text: &mut Text, found: &Transcript) {
    let Transcript {
        buffers,
        records,
        messages,
        version,
        cipher_suite,
        group,
        sni,
        alpn,
        resumed,
        keys,
    } = found;
    let agreed = (
        version.map(|found| found.to_string()),
        cipher_suite.map(|found| found.to_string()),
        group.map(|found| found.to_string()),
    );
    text.line(format!(
        "agreed {agreed:?}, name {sni:?}, {alpn:?}, resumed {resumed:?}"
    ));
    for buffer in buffers {
        text.line(format!("buffer {:?}, {} bytes", buffer.kind, buffer.bytes.len()));
    }
    for found in records {
        record(text, found);
    }
    for found in keys {
        traffic_keys(text, found);
    }
    for found in messages {
        message(text, found);
    }
}

fn record(text: &mut Text, found: &Record) {
    let Record {
        side,
        at_us,
        wire,
        content_type,
        protection,
        opened,
        keys,
        altered,
        error,
        repeated,
    } = found;
    text.line(format!(
        "record {} {at_us} us {} type {content_type} under {}, opened {:?} by {keys:?}{}",
        side.word(),
        range(wire),
        protection.word(),
        opened.map(|id| id.0),
        often(*repeated),
    ));
    text.below(|text| {
        if let Some(words) = altered {
            text.line(format!("altered: {words}"));
        }
        if let Some(words) = error {
            text.line(format!("!! {words}"));
        }
    });
}

fn traffic_keys(text: &mut Text, found: &TrafficKeys) {
    let TrafficKeys {
        side,
        protection,
        generation,
        label,
        secret,
        algorithm,
        key,
        iv,
        mac_key,
        records,
        missing,
    } = found;
    text.line(format!(
        "keys {} {} {generation} from {label} {}: {algorithm:?} key {} iv {} mac {} records {records:?} missing {missing:?}",
        side.word(),
        protection.word(),
        hex::encode(secret.as_deref().unwrap_or_default()),
        hex::encode(key),
        hex::encode(iv),
        hex::encode(mac_key),
    ));
}

fn message(text: &mut Text, found: &Message) {
    let Message {
        side,
        at_us,
        kind,
        protection,
        bytes,
        pieces,
        root,
        body,
        repeated,
    } = found;
    text.line(format!(
        "message {} {kind} {at_us} us under {}, {} bytes{}",
        side.word(),
        protection.word(),
        bytes.len(),
        often(*repeated),
    ));
    text.below(|text| {
        for piece in pieces {
            text.line(format!(
                "{} from record {} {}",
                range(&piece.message),
                piece.record,
                range(&piece.source)
            ));
        }
        field(text, root);
        text.line(format!("read as {body:?}"));
    });
}
