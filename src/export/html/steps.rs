//! Every step in words, with the fields and the bytes of its messages.

use std::fmt::Write;

use crate::decode::{Field, Message, thousands};
use crate::export::bounds::{
    Budget, LONGEST_VALUE, MOST_BYTES, MOST_BYTES_IN_ALL, MOST_FIELDS, MOST_FIELDS_IN_ALL, MOST_MESSAGES,
};
use crate::export::escape::markup;
use crate::export::material::Material;
use crate::export::told::actor;
use crate::printable::shortened;
use crate::story::{RowKind, moment};

/// Bytes of one line.
const IN_LINE: usize = 16;

/// What may still be written.
struct Room {
    fields: Budget,
    bytes: Budget,
}

pub(super) fn list(out: &mut String, material: &Material) {
    let analysis = &material.analysis;
    let (shown, gap) = material.shown_steps();
    let mut room = Room {
        fields: Budget::new(MOST_FIELDS_IN_ALL),
        bytes: Budget::new(MOST_BYTES_IN_ALL),
    };
    out.push_str("<section aria-labelledby=\"steps-title\">\n<h2 id=\"steps-title\">Step by step</h2>\n<ol class=\"step-list\">\n");
    for (order, index) in shown.iter().enumerate() {
        if let Some((_, count)) = gap.filter(|(place, _)| *place == order) {
            let _ = writeln!(
                out,
                "<li class=\"left-out\">{} steps are left out of this export.</li>",
                thousands(count)
            );
        }
        let (Some(step), Some(row)) = (analysis.story.steps.get(*index), analysis.story.rows.get(*index))
        else {
            continue;
        };
        let number = order + 1;
        let words = format!("{}. {}", step.title, step.explanation);
        let is_bad = row.is_break;
        let _ = write!(
            out,
            "<li class=\"step\" id=\"step-{number}\" data-step=\"{number}\" data-words=\"{}\">\n\
             <p class=\"who\">Step {number} · {} · {}</p>\n<h3{}>{}</h3>\n<p class=\"caption\">{}</p>\n\
             <p class=\"explanation\">{}</p>\n",
            markup(&words),
            moment(step.at_us),
            actor(&row.kind),
            if is_bad { " class=\"bad\"" } else { "" },
            markup(&step.title),
            markup(&step.caption),
            markup(&step.explanation),
        );
        if let Some(note) = material.step_notes.of(*index) {
            let _ = writeln!(out, "<p class=\"step-note\">{}</p>", markup(note));
        }
        if let RowKind::Flight { messages, .. } = &row.kind {
            for message in messages.iter().take(MOST_MESSAGES) {
                if let Some(message) = analysis.transcript.messages.get(*message) {
                    one_message(out, message, &mut room);
                }
            }
            if messages.len() > MOST_MESSAGES {
                let more = thousands(messages.len() - MOST_MESSAGES);
                let _ = writeln!(
                    out,
                    "<p class=\"aside\">{more} more messages are left out of this export.</p>"
                );
            }
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n</section>\n");
}

fn one_message(out: &mut String, message: &Message, room: &mut Room) {
    let protection = match message.protection.word() {
        "none" => "in the clear",
        "handshake" => "under handshake keys",
        "application" => "under application keys",
        "early" => "under early data keys",
        _ => "under TLS 1.2 keys",
    };
    let _ = writeln!(
        out,
        "<details><summary>{} · {} B · {protection}</summary>",
        markup(&message.kind.to_string()),
        thousands(message.bytes.len())
    );
    if let Some(error) = &message.root.error {
        let _ = writeln!(out, "<p class=\"fail\">{}</p>", markup(error));
    }
    let most = room.fields.take(MOST_FIELDS);
    let mut left = Budget::new(most);
    out.push_str("<ul class=\"tree\">\n");
    let mut is_cut = false;
    for field in &message.root.children {
        tree(out, field, &mut left, &mut is_cut);
    }
    out.push_str("</ul>\n");
    let unused = left.take(most);
    room.fields = Budget::new(room.fields.take(usize::MAX) + unused);
    if is_cut {
        out.push_str("<p class=\"aside\">More fields are left out of this export.</p>\n");
    }
    bytes(out, &message.bytes, &mut room.bytes);
    out.push_str("</details>\n");
}

fn tree(out: &mut String, field: &Field, left: &mut Budget, is_cut: &mut bool) {
    if left.take(1) == 0 {
        *is_cut = true;
        return;
    }
    let range = match (field.range.is_empty(), field.buffer.is_some()) {
        (true, _) => String::new(),
        (false, false) => format!("{}–{}", field.range.start, field.range.end - 1),
        (false, true) => format!(
            "{}–{} of what was unpacked",
            field.range.start,
            field.range.end - 1
        ),
    };
    let error = field.error.as_ref().map_or_else(String::new, |error| {
        format!(" <span class=\"error\">{}</span>", markup(error))
    });
    let line = format!(
        "<span class=\"name\">{}</span> {} <span class=\"range\">{range}</span>{error}",
        markup(&field.name),
        markup(&shortened(&field.value, LONGEST_VALUE)),
    );
    if field.children.is_empty() {
        let _ = writeln!(out, "<li>{line}</li>");
        return;
    }
    let _ = writeln!(out, "<li><details><summary>{line}</summary><ul>");
    for child in &field.children {
        tree(out, child, left, is_cut);
    }
    out.push_str("</ul></details></li>\n");
}

fn bytes(out: &mut String, bytes: &[u8], room: &mut Budget) {
    if bytes.is_empty() {
        return;
    }
    let shown = room.take(bytes.len().min(MOST_BYTES));
    let _ = write!(out, "<details><summary>Bytes</summary><pre>");
    for (line, part) in bytes.get(..shown).unwrap_or_default().chunks(IN_LINE).enumerate() {
        let _ = write!(out, "{:04x} ", line * IN_LINE);
        for place in 0..IN_LINE {
            match part.get(place) {
                Some(byte) => {
                    let _ = write!(out, " {byte:02x}");
                }
                None => out.push_str("   "),
            }
        }
        let letters: String = part
            .iter()
            .map(|byte| {
                if byte.is_ascii_graphic() || *byte == b' ' {
                    char::from(*byte)
                } else {
                    '.'
                }
            })
            .collect();
        let _ = writeln!(out, "  {}", markup(&letters));
    }
    out.push_str("</pre>");
    if shown < bytes.len() {
        let _ = write!(
            out,
            "<p class=\"aside\">{} more bytes are left out of this export.</p>",
            thousands(bytes.len() - shown)
        );
    }
    out.push_str("</details>\n");
}
