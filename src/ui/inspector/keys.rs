//! Keys: every generation of traffic keys, what it comes from and what it protects; and the handshake's own proofs,
//! recomputed.

use egui::{Align2, Id, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::so_far::not_yet;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Protection, TrafficKeys, thousands};
use crate::diagnose::{Outcome, Proof};
use crate::state::{Command, Selection, State, ViewCommand};
use crate::story::RowKind;
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// Where the names of the values end and their bytes begin.
const NAME_WIDTH: f32 = 62.0;

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let seen = Seen::of(state, analysis);
    let palette = theme::palette(ui);
    draw::heading(ui, "Proofs, recomputed");
    let proofs: Vec<&Proof> = analysis
        .diagnosis
        .proofs
        .iter()
        .filter(|proof| seen.message(proof.message))
        .collect();
    if proofs.is_empty() {
        not_yet(
            ui,
            "No signature and no Finished value so far, or none that could be opened.",
        );
    } else {
        draw::card(ui, *palette.card, *palette.border, |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            for (index, proof) in proofs.into_iter().enumerate() {
                if index > 0 {
                    ui.separator();
                }
                one_proof(ui, analysis, proof, commands);
            }
        });
    }
    ui.add_space(8.0);
    draw::heading(ui, "Traffic keys");
    let mut is_anything = false;
    for (index, keys) in analysis.transcript.keys.iter().enumerate() {
        if seen.keys(analysis, keys) {
            is_anything = true;
            one_generation(ui, analysis, index, keys, commands);
        }
    }
    if !is_anything {
        not_yet(ui, "Nothing is encrypted so far.");
    }
}

/// What the playhead has passed.
struct Seen {
    is_all: bool,
    messages: Vec<bool>,
}

impl Seen {
    fn of(state: &State, analysis: &Analysis) -> Self {
        let mut messages = vec![false; analysis.transcript.messages.len()];
        for row in analysis.story.rows.iter().take(state.visible_steps()) {
            if let RowKind::Flight { messages: of_row, .. } = &row.kind {
                for index in of_row {
                    if let Some(seen) = messages.get_mut(*index) {
                        *seen = true;
                    }
                }
            }
        }
        Self {
            is_all: state.playback.is_at_end(),
            messages,
        }
    }

    fn message(&self, index: usize) -> bool {
        self.is_all || self.messages.get(index).copied().unwrap_or(false)
    }

    fn keys(&self, analysis: &Analysis, keys: &TrafficKeys) -> bool {
        self.is_all || protected(analysis, keys).any(|(index, _)| self.message(index))
    }
}

/// The messages under a generation of keys, with their names.
fn protected<'a>(
    analysis: &'a Analysis,
    keys: &'a TrafficKeys,
) -> impl Iterator<Item = (usize, &'static str)> + use<'a> {
    analysis
        .transcript
        .messages
        .iter()
        .enumerate()
        .filter(move |(_, message)| {
            message.side == keys.side
                && message
                    .pieces
                    .first()
                    .is_some_and(|piece| keys.records.binary_search(&piece.record).is_ok())
        })
        .map(|(index, message)| (index, message.kind.word()))
}

fn one_proof(ui: &mut Ui, analysis: &Analysis, proof: &Proof, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let outcome = match proof.holds {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::Unknown,
    };
    let (sign, color, word) = draw::outcome_sign(outcome, palette);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let response = ui.interact(rect, Id::unique(("proof", proof.message)), Sense::click());
    let title = format!("{} · {}", proof.kind, proof.side.word());
    response
        .widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{title}: {word}. {}", proof.words)));
    if response.hovered() || response.has_focus() {
        let area = rect.expand2(vec2(6.0, 0.0));
        ui.painter()
            .rect_filled(area, theme::radius::SMALL, *palette.control_hover);
    }
    let y = rect.center().y;
    draw::icon(ui.painter(), pos2(rect.left() + 8.0, y), sign, 15.0, color);
    draw::line(
        ui.painter(),
        pos2(rect.left() + 24.0, y),
        Align2::LEFT_CENTER,
        &title,
        theme::text(size::BODY, Weight::SemiBold),
        *palette.text_strong,
        rect.width() - 24.0,
    );
    if response.clicked() {
        commands.push(Command::View(ViewCommand::Select(Selection::Field {
            message: proof.message,
            path: Vec::new(),
        })));
    }
    draw::body(ui, &proof.words, *palette.text_muted);
    let facts = analysis
        .transcript
        .messages
        .get(proof.message)
        .map(|message| &message.body);
    if let Some(crate::decode::Body::Finished(facts)) = facts {
        match &facts.computed {
            Some(computed) if *computed == facts.sent => value(ui, "both", &facts.sent),
            Some(computed) => {
                value(ui, "sent", &facts.sent);
                value(ui, "ours", computed);
            }
            None => value(ui, "sent", &facts.sent),
        }
    }
}

fn one_generation(
    ui: &mut Ui,
    analysis: &Analysis,
    index: usize,
    keys: &TrafficKeys,
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let accent = match keys.side {
        Side::Client => *palette.client,
        Side::Server => *palette.server,
    };
    draw::card(ui, *palette.card, *palette.border, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.horizontal(|ui| {
            ui.label(
                egui::RichText::new(title(keys))
                    .font(theme::text(size::TITLE, Weight::SemiBold))
                    .color(accent),
            );
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(
                    egui::RichText::new(keys.algorithm.clone().unwrap_or_else(|| "no key".to_owned()))
                        .font(theme::mono(size::SMALL))
                        .color(*palette.text_muted),
                );
            });
        });
        if let Some(why) = &keys.missing {
            let mut words = why.clone();
            words.push('.');
            draw::body(ui, &upper(&words), *palette.warn);
        }
        if let Some(secret) = &keys.secret {
            let origin = match keys.generation {
                0 => keys.label.clone(),
                1 => format!("{}, renewed once", keys.label),
                count => format!("{}, renewed {count} times", keys.label),
            };
            small(ui, &origin);
            value(ui, "secret", secret);
        }
        value(ui, "key", &keys.key);
        value(ui, "iv", &keys.iv);
        value(ui, "mac key", &keys.mac_key);
        if !keys.key.is_empty() {
            small(ui, derivation(keys.protection));
        }
        protects(ui, analysis, index, keys, commands);
    });
}

fn title(keys: &TrafficKeys) -> String {
    let of = match keys.protection {
        Protection::Handshake => "handshake keys",
        Protection::Application => "application keys",
        Protection::Early => "early data keys",
        Protection::Tls12 | Protection::None => "keys",
    };
    format!("{} · {of}", upper(keys.side.word()))
}

/// How the key and the IV follow from the secret.
fn derivation(protection: Protection) -> &'static str {
    match protection {
        Protection::Tls12 => {
            "From the master secret and both randoms: PRF(master, “key expansion”, …), RFC 5246 §6.3"
        }
        _ => "HKDF-Expand-Label(secret, “key”) and (secret, “iv”), RFC 8446 §7.3",
    }
}

/// No more names than this are listed of what keys protect.
const MOST: usize = 5;

/// What the keys protect, as a line that leads to the first of it.
fn protects(ui: &mut Ui, analysis: &Analysis, index: usize, keys: &TrafficKeys, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let mut names: Vec<&'static str> = Vec::new();
    let mut first = None;
    for (message, kind) in protected(analysis, keys) {
        first = first.or(Some(message));
        if names.last() != Some(&kind) {
            names.push(kind);
        }
    }
    let records = match keys.records.len() {
        0 if keys.missing.is_some() => return,
        0 => "protects no record in this capture".to_owned(),
        1 => "protects 1 record".to_owned(),
        count => format!("protects {} records", thousands(count)),
    };
    let listed = match names.len() {
        0 => records,
        count if count > MOST => format!(
            "{records}: {}, … {}",
            names.get(..MOST - 1).unwrap_or_default().join(", "),
            names.last().unwrap_or(&"")
        ),
        _ => format!("{records}: {}", names.join(", ")),
    };
    ui.push_id(("protects", index), |ui| {
        let words = egui::RichText::new(listed)
            .font(theme::text(size::SMALL + 0.5, Weight::Medium))
            .color(*palette.accent);
        let response = ui.add(egui::Label::new(words).wrap().sense(Sense::click()));
        if let Some(message) = first.filter(|_| response.clicked()) {
            commands.push(Command::View(ViewCommand::Select(Selection::Field {
                message,
                path: Vec::new(),
            })));
        }
    });
}

/// A name and bytes in hexadecimal, wrapped in groups of four; nothing where there are none.
fn value(ui: &mut Ui, name: &str, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    let groups: Vec<String> = bytes.chunks(4).map(hex::encode).collect();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.allocate_ui(vec2(NAME_WIDTH, 16.0), |ui| {
            ui.set_min_width(NAME_WIDTH);
            ui.label(
                egui::RichText::new(name)
                    .font(theme::text(size::SMALL, Weight::Regular))
                    .color(*palette.text_muted),
            );
        });
        ui.add(
            egui::Label::new(
                egui::RichText::new(groups.join(" "))
                    .font(theme::mono(size::SMALL))
                    .color(*palette.text),
            )
            .wrap(),
        );
    });
}

fn small(ui: &mut Ui, words: &str) {
    let palette = theme::palette(ui);
    ui.add(
        egui::Label::new(
            egui::RichText::new(words)
                .font(theme::text(size::SMALL, Weight::Regular))
                .color(*palette.text_muted),
        )
        .wrap(),
    );
}

fn upper(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
