//! Every message to its fields, and the keys, as text: what `show --fields` and `show --keys` add.

use std::fmt::Write;

use crate::analysis::Analysis;
use crate::decode::{Field, Message, thousands};
use crate::printable::printable;

/// Columns of a terminal that nobody widened.
const WIDTH: usize = 80;
/// Where a field's value begins.
const VALUE: usize = 34;

/// The messages with their fields: `start–end`, name, value.
pub(super) fn fields(analysis: &Analysis) -> String {
    let mut out = String::from("\nEvery field\n");
    for (index, message) in analysis.transcript.messages.iter().enumerate() {
        let _ = writeln!(
            out,
            "\n  {index}  {}  {}  {} B  {}",
            message.side.word(),
            message.kind,
            thousands(message.bytes.len()),
            protection(message)
        );
        if message.repeated > 0 {
            let _ = writeln!(out, "     {} × the same", thousands(1 + message.repeated));
        }
        if let Some(error) = &message.root.error {
            let _ = writeln!(out, "     ! {error}");
        }
        for field in &message.root.children {
            one(&mut out, field, 0);
        }
    }
    out
}

fn protection(message: &Message) -> &'static str {
    match message.protection.word() {
        "none" => "in the clear",
        "handshake" => "under handshake keys",
        "application" => "under application keys",
        "early" => "under early data keys",
        _ => "under the keys of TLS 1.2",
    }
}

fn one(out: &mut String, field: &Field, depth: usize) {
    let range = if field.range.is_empty() {
        String::new()
    } else {
        format!("{:04x}-{:04x}", field.range.start, field.range.end - 1)
    };
    let name = printable(&field.name);
    let name = format!("     {range:9}  {:indent$}{name}", "", indent = depth * 2);
    let value = field.value.replace(['\n', '\r'], " ");
    let value = printable(&value);
    let room = WIDTH.saturating_sub(VALUE.max(name.chars().count() + 2));
    let shown: String = if value.chars().count() > room {
        value.chars().take(room.saturating_sub(1)).chain(['…']).collect()
    } else {
        value.into_owned()
    };
    let _ = writeln!(out, "{}", format!("{name:32}  {shown}").trim_end());
    if let Some(error) = &field.error {
        let _ = writeln!(out, "     {:9}  {:indent$}! {error}", "", "", indent = depth * 2);
    }
    for child in &field.children {
        one(out, child, depth + 1);
    }
}

/// Every generation of keys, the keys themselves among them, and the proofs.
pub(super) fn keys(analysis: &Analysis) -> String {
    let mut out = String::from("\nKeys (whoever has them can read the traffic)\n");
    for keys in &analysis.transcript.keys {
        let renewed = match keys.generation {
            0 => String::new(),
            count => format!(", renewed {count}x"),
        };
        let _ = writeln!(
            out,
            "\n  {}  {} keys{renewed}  {}  {} records",
            keys.side.word(),
            keys.protection.word(),
            keys.algorithm.as_deref().unwrap_or("no key"),
            keys.records.len()
        );
        if let Some(why) = &keys.missing {
            let _ = writeln!(out, "     ! {why}");
        }
        let secret = keys.secret.as_deref().unwrap_or_default();
        for (name, bytes) in [
            (keys.label.as_str(), secret),
            ("key", &keys.key),
            ("iv", &keys.iv),
            ("mac key", &keys.mac_key),
        ] {
            hex_lines(&mut out, name, bytes);
        }
    }
    out.push_str("\nProofs, recomputed\n\n");
    for proof in &analysis.diagnosis.proofs {
        let sign = match proof.holds {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        let _ = writeln!(out, "  {sign} {} of the {}", proof.kind, proof.side.word());
        out.push_str(&super::text::indented(4, &proof.words));
    }
    out
}

fn hex_lines(out: &mut String, name: &str, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let _ = writeln!(out, "     {name}");
    for line in bytes.chunks(32) {
        let _ = writeln!(out, "       {}", hex::encode(line));
    }
}
