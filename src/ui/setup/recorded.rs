//! The left panel for what came from packets: the lab's set-up has nothing to do with it, so that what is known of its own two
//! sides stands there instead.

use egui::{CornerRadius, Frame, Margin, RichText, Stroke, Ui, vec2};
use egui_material_icons::icons;

use crate::analysis::Analysis;
use crate::capture::{Capture, Side};
use crate::state::{Command, Document, DocumentCommand, PacketCommand, State};
use crate::ui::draw;
use crate::ui::picker::size_words;
use crate::ui::theme::{self, Weight, palette, radius, size};
use crate::ui::widgets::{heading, primary_button};

/// Shows both sides and where it came from.
pub(super) fn show(ui: &mut Ui, state: &State, document: &Document, commands: &mut Vec<Command>) {
    let p = palette(ui);
    heading(ui, "Recorded");
    ui.add_space(2.0);
    for side in Side::BOTH {
        card(ui, &document.analysis, side);
        ui.add_space(4.0);
    }
    draw::body(ui, &origin(state, document), *p.text_muted);
    if document.connection.is_some() {
        let words = RichText::new("Choose a key log…").font(theme::text(size::SMALL + 0.5, Weight::Medium));
        if ui.link(words).clicked() {
            commands.push(Command::Packets(PacketCommand::ChooseKeyLog));
        }
    }
    ui.add_space(6.0);
    draw::body(
        ui,
        "A run of your own starts from the lab's set-up, not from this recording.",
        *p.text_muted,
    );
    ui.add_space(4.0);
    if primary_button(
        ui,
        icons::ICON_PLAY_ARROW.codepoint,
        "Back to the lab",
        vec2(150.0, 32.0),
    )
    .clicked()
    {
        commands.push(Command::Document(DocumentCommand::ShowLab));
    }
}

fn origin(state: &State, document: &Document) -> String {
    let capture = &document.analysis.capture;
    let at = jiff::Timestamp::from_microsecond(capture.started_at_unix_us)
        .map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default();
    let secrets = match capture.secrets.len() {
        0 => "no TLS secrets".to_owned(),
        1 => "1 TLS secret".to_owned(),
        count => format!("{count} TLS secrets"),
    };
    let unpacked = unpacked_bytes(state, document).map_or_else(String::new, |bytes| {
        format!(" The file came packed: {} were unpacked.", size_words(bytes))
    });
    format!("From packets, {at}, with {secrets}.{unpacked}")
}

/// How much was unpacked, where its file came packed.
fn unpacked_bytes(state: &State, document: &Document) -> Option<u64> {
    let from = &document.connection.as_ref()?.file;
    let list = state.packets.lists.iter().find(|list| &list.path == from)?;
    list.survey()?.index.unpacked_bytes
}

fn card(ui: &mut Ui, analysis: &Analysis, side: Side) {
    let p = palette(ui);
    Frame::new()
        .fill(*p.card)
        .stroke(Stroke::new(1.0, *p.border))
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::symmetric(12, 11))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 4.0;
            let name = match side {
                Side::Client => "Client",
                Side::Server => "Server",
            };
            ui.label(
                RichText::new(name)
                    .font(theme::text(size::TITLE, Weight::SemiBold))
                    .color(p.side(side)),
            );
            for (what, value) in facts(&analysis.capture, analysis, side) {
                line(ui, what, &value);
            }
        });
}

fn line(ui: &mut Ui, what: &str, value: &str) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(
            vec2(58.0, 18.0),
            egui::Layout::left_to_right(egui::Align::Center),
            |ui| {
                ui.set_min_width(58.0);
                ui.label(
                    RichText::new(what)
                        .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                        .color(*p.text_muted),
                );
            },
        );
        let value = draw::drawn(value);
        let text = RichText::new(value.as_ref())
            .font(theme::mono(size::SMALL + 0.5))
            .color(*p.text);
        ui.add(egui::Label::new(text).truncate())
            .on_hover_text(value.as_ref());
    });
}

/// What is known of a side, in short lines.
fn facts(capture: &Capture, analysis: &Analysis, side: Side) -> Vec<(&'static str, String)> {
    let evidence = capture.sides.of(side);
    let mut lines = Vec::new();
    lines.extend(evidence.label.clone().map(|label| ("name", label)));
    lines.extend(evidence.address.clone().map(|address| ("address", address)));
    let shown = analysis
        .transcript
        .chain_sent_by(side)
        .map(|(_, sent)| match sent.chain.split_first() {
            None if sent.raw_public_key.is_some() => "a raw public key".to_owned(),
            None => "none sent".to_owned(),
            Some(((leaf, _), rest)) => {
                let facts = analysis.certificates().facts(leaf);
                let name = facts.map_or_else(|| "unreadable".to_owned(), |facts| facts.display_name.clone());
                if rest.is_empty() {
                    name
                } else {
                    format!("{name} +{}", rest.len())
                }
            }
        });
    lines.push(("cert", shown.unwrap_or_else(|| "not seen".to_owned())));
    let trusts = evidence.trust.as_ref().map_or_else(
        || "not known".to_owned(),
        |trust| match trust.roots.as_slice() {
            [] => "nobody".to_owned(),
            [one] => {
                let facts = analysis.certificates().facts(one);
                facts.map_or_else(|| "1 root".to_owned(), |facts| facts.display_name.clone())
            }
            many => format!("{} roots", many.len()),
        },
    );
    lines.push(("trusts", trusts));
    lines
}
