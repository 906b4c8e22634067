//! Both sides of what is looked at, one above the other: the chains, the fields of a row, its bytes.

use egui::{Color32, Label, RichText, Ui};

use super::super::draw;
use super::super::theme::{self, Weight, palette, size};
use super::super::widgets::heading;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::compare::{Both, Comparison, Which};
use crate::decode::{Field, Message, thousands};
use crate::state::Comparing;
use crate::story::RowKind;

/// So many fields of one row are listed.
const MOST_FIELDS: usize = 400;
/// So deep into a message.
const DEEPEST: usize = 12;
/// So many bytes of one message are shown.
const MOST_BYTES: usize = 4096;
/// Bytes in a line.
const PER_LINE: usize = 16;

/// A line of text.
fn line(ui: &mut Ui, words: &str, font: egui::FontId, ink: Color32) {
    let text = RichText::new(draw::drawn(words)).font(font).color(ink);
    ui.add(Label::new(text).wrap());
}

fn note(ui: &mut Ui, words: &str) {
    let ink = *palette(ui).text_muted;
    line(ui, words, theme::text(size::BODY, Weight::Regular), ink);
}

/// The chains that both presented, each from its leaf on.
pub(super) fn chains(ui: &mut Ui, comparing: &Comparing, both: &Both<&Analysis>) {
    let p = palette(ui);
    ui.add_space(4.0);
    if !comparing.is_told() {
        note(ui, "Told when both have come to their end.");
        return;
    }
    for sender in Side::BOTH {
        let names = |analysis: &Analysis| -> Vec<(String, String)> {
            let links = &analysis.diagnosis.chains.of(sender).links;
            links
                .iter()
                .map(|link| {
                    let sha256 = link.certificate.as_ref().map(|known| known.sha256.clone());
                    (link.name.clone(), sha256.unwrap_or_default())
                })
                .collect()
        };
        let all = Both {
            a: names(both.a),
            b: names(both.b),
        };
        heading(ui, &format!("The {}'s chain", sender.word()));
        ui.columns(2, |columns| {
            for (ui, which) in columns.iter_mut().zip(Which::BOTH) {
                let small = theme::text(size::SMALL, Weight::SemiBold);
                line(ui, which.letter(), small, *p.text_muted);
                let (own, other) = (all.of(which), all.of(which.other()));
                if own.is_empty() {
                    note(ui, "no certificate");
                }
                for (at, link) in own.iter().enumerate() {
                    let ink = if other.contains(link) { *p.text } else { *p.warn };
                    let lead = if at == 0 { "" } else { "↑ " };
                    let words = format!("{lead}{}", link.0);
                    line(ui, &words, theme::text(size::BODY, Weight::Medium), ink);
                    let digest = link.1.get(..16).unwrap_or("nobody has it here");
                    line(ui, digest, theme::mono(size::SMALL), *p.text_muted);
                }
            }
        });
        ui.add_space(10.0);
    }
    line(
        ui,
        "Certificates that only one of the two has stand out; below each is the start of its SHA-256.",
        theme::text(size::SMALL + 0.5, Weight::Regular),
        *p.text_muted,
    );
}

/// The messages of the row that is looked at.
fn messages<'a>(
    comparing: &Comparing,
    found: &Comparison,
    both: &Both<&'a Analysis>,
    which: Which,
) -> Option<Vec<&'a Message>> {
    let row = found
        .rows
        .get(comparing.row()?)?
        .rows
        .of(which)
        .as_ref()
        .copied()?;
    let analysis: &'a Analysis = both.of(which);
    match &analysis.story.rows.get(row)?.kind {
        RowKind::Flight { messages, .. } => Some(
            messages
                .iter()
                .filter_map(|index| analysis.transcript.messages.get(*index))
                .collect(),
        ),
        _ => Some(Vec::new()),
    }
}

/// What is looked at, in a line; whether there is anything.
fn looked_at(ui: &mut Ui, comparing: &Comparing, found: &Comparison, both: &Both<&Analysis>) -> bool {
    let p = palette(ui);
    ui.add_space(4.0);
    let Some(row) = comparing.row().and_then(|row| found.rows.get(row)) else {
        note(ui, "Choose a row of the ladders.");
        return false;
    };
    for which in Which::BOTH {
        let at = *row.rows.of(which);
        let step = at.and_then(|at| both.of(which).story.steps.get(at));
        let words = step.map_or_else(
            || "not there".to_owned(),
            |step| format!("{} · {}", step.title, step.caption),
        );
        let words = format!("{}  {words}", which.letter());
        line(
            ui,
            &words,
            theme::text(size::BODY, Weight::Medium),
            *p.text_strong,
        );
    }
    ui.add_space(6.0);
    true
}

/// One field of both.
struct Line {
    depth: usize,
    name: String,
    a: Option<String>,
    b: Option<String>,
}

/// The fields of both, where they differ each with its value.
pub(super) fn fields(ui: &mut Ui, comparing: &Comparing, found: &Comparison, both: &Both<&Analysis>) {
    if !looked_at(ui, comparing, found, both) {
        return;
    }
    let p = palette(ui);
    let of = |which: Which| messages(comparing, found, both, which).unwrap_or_default();
    let mut lines = Vec::new();
    beside(&roots(&of(Which::A)), &roots(&of(Which::B)), 0, &mut lines);
    if lines.is_empty() {
        note(ui, "No bytes go with this row.");
        return;
    }
    ui.spacing_mut().item_spacing.y = 3.0;
    let small = || theme::text(size::SMALL + 0.5, Weight::Regular);
    for one in lines.iter().take(MOST_FIELDS) {
        let indent = one.depth as f32 * 10.0;
        ui.horizontal_top(|ui| {
            ui.add_space(indent);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                if one.a == one.b {
                    let value = one.a.as_deref().unwrap_or_default();
                    let words = format!("{}  {}", one.name, crate::printable::shortened(value, 60));
                    line(ui, words.trim_end(), small(), *p.text_muted);
                    return;
                }
                line(
                    ui,
                    &one.name,
                    theme::text(size::SMALL + 0.5, Weight::SemiBold),
                    *p.text_strong,
                );
                for (letter, value) in [("A", &one.a), ("B", &one.b)] {
                    let value = value.as_deref().unwrap_or("not there");
                    let words = format!("{letter}  {}", crate::printable::shortened(value, 160));
                    line(ui, &words, theme::mono(size::SMALL), *p.warn);
                }
            });
        });
    }
    if lines.len() > MOST_FIELDS {
        note(
            ui,
            &format!("and {} more fields", thousands(lines.len() - MOST_FIELDS)),
        );
    }
}

/// A tree's name, and the field itself.
type Named<'a> = (String, &'a Field);

fn roots<'a>(messages: &[&'a Message]) -> Vec<Named<'a>> {
    messages
        .iter()
        .map(|message| (message.kind.to_string(), &message.root))
        .collect()
}

fn children(field: &Field) -> Vec<Named<'_>> {
    let all = field.children.iter();
    all.map(|child| (child.name.to_string(), child)).collect()
}

/// Puts fields of one name beside each other, in their order.
fn beside(a: &[Named<'_>], b: &[Named<'_>], depth: usize, lines: &mut Vec<Line>) {
    if depth > DEEPEST || lines.len() > 2 * MOST_FIELDS {
        return;
    }
    let mut free: Vec<Option<&Named<'_>>> = b.iter().map(Some).collect();
    let mut pairs: Vec<(Option<&Named<'_>>, Option<&Named<'_>>)> = Vec::new();
    for one in a {
        let other = free
            .iter_mut()
            .find(|other| other.is_some_and(|other| other.0 == one.0))
            .and_then(Option::take);
        pairs.push((Some(one), other));
    }
    pairs.extend(free.into_iter().flatten().map(|other| (None, Some(other))));
    for (one, other) in pairs {
        let value = |named: Option<&Named<'_>>| named.map(|(_, field)| field.value.to_string());
        let name = one.or(other).map_or(String::new(), |(name, _)| name.clone());
        lines.push(Line {
            depth,
            name,
            a: value(one),
            b: value(other),
        });
        let of_a = one.map_or_else(Vec::new, |(_, field)| children(field));
        let of_b = other.map_or_else(Vec::new, |(_, field)| children(field));
        beside(&of_a, &of_b, depth + 1, lines);
    }
}

/// The bytes of both, message by message; those that differ stand out.
pub(super) fn bytes(ui: &mut Ui, comparing: &Comparing, found: &Comparison, both: &Both<&Analysis>) {
    if !looked_at(ui, comparing, found, both) {
        return;
    }
    let of = |which: Which| messages(comparing, found, both, which).unwrap_or_default();
    let (of_a, of_b) = (of(Which::A), of(Which::B));
    if of_a.is_empty() && of_b.is_empty() {
        note(ui, "No bytes go with this row.");
        return;
    }
    for at in 0..of_a.len().max(of_b.len()) {
        let pair = (of_a.get(at).copied(), of_b.get(at).copied());
        if let (Some(a), Some(b)) = pair
            && a.bytes == b.bytes
        {
            let words = format!("{} · {} B · the same in both", a.kind, thousands(a.bytes.len()));
            note(ui, &words);
            ui.add_space(4.0);
            continue;
        }
        for (which, one, other) in [(Which::A, pair.0, pair.1), (Which::B, pair.1, pair.0)] {
            let Some(message) = one else { continue };
            let words = format!(
                "{}  {} · {} B",
                which.letter(),
                message.kind,
                thousands(message.bytes.len())
            );
            let p = palette(ui);
            line(
                ui,
                &words,
                theme::text(size::SMALL + 0.5, Weight::SemiBold),
                *p.text_strong,
            );
            hex(ui, &message.bytes, other.map(|other| other.bytes.as_slice()));
        }
        ui.add_space(8.0);
    }
}

fn hex(ui: &mut Ui, bytes: &[u8], other: Option<&[u8]>) {
    let p = palette(ui);
    draw::code_box(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let shown = bytes.get(..MOST_BYTES).unwrap_or(bytes);
        let font = theme::mono(10.0);
        let lines = shown.len().div_ceil(PER_LINE);
        let height = 15.0;
        // A line that is not seen costs nothing but its height.
        for index in 0..lines {
            let (rect, _) =
                ui.allocate_exact_size(egui::vec2(ui.available_width(), height), egui::Sense::hover());
            if !ui.is_rect_visible(rect) {
                continue;
            }
            let mut job = egui::text::LayoutJob::default();
            let format = |ink: Color32| egui::TextFormat::simple(font.clone(), ink);
            let from = index * PER_LINE;
            job.append(&format!("{from:04x}  "), 0.0, format(*p.text_muted));
            for (at, byte) in shown.iter().enumerate().skip(from).take(PER_LINE) {
                let is_same = other.is_some_and(|other| other.get(at) == Some(byte));
                let ink = if is_same { *p.text_muted } else { *p.warn };
                job.append(&format!("{byte:02x} "), 0.0, format(ink));
            }
            let galley = ui.painter().layout_job(job);
            ui.painter().galley(rect.min, galley, *p.text);
        }
        if bytes.len() > MOST_BYTES {
            note(
                ui,
                &format!("and {} bytes more", thousands(bytes.len() - MOST_BYTES)),
            );
        }
    });
}
