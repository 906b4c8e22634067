//! Paste the error: a box for a log line, who spoke, what it can mean, and what the handshake on the stage says to that.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Context, Id, Modal, RichText, ScrollArea, TextEdit, TextFormat, Ui, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_CLOSE, ICON_HELP};

use super::draw;
use super::help::{dialog_frame, dialog_width, scrolled_height, title};
use super::theme::{self, Weight, palette, size};
use super::widgets::name_field;
use crate::diagnose::{Likelihood, Settled};
use crate::stack::Stack;
use crate::state::{Command, InspectorTab, PastedCommand, Selection, State, ViewCommand};

/// Shows the box while it is open.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    if !state.dialogs.is_pasting {
        return;
    }
    let modal = Modal::new(Id::unique("paste box"))
        .frame(dialog_frame(context))
        .show(context, |ui| {
            ui.set_width(dialog_width(context, 720.0));
            title(
                ui,
                "Paste the error",
                commands,
                Command::Pasted(PastedCommand::ShowPasteBox(false)),
            );
            let p = palette(ui);
            draw::body(
                ui,
                &format!("A line from the log of {}.", Stack::any_of_all()),
                *p.text_muted,
            );
            ui.add_space(4.0);
            input(ui, state, commands);
            ui.add_space(6.0);
            let height = scrolled_height(context, 430.0, 220.0);
            ScrollArea::vertical()
                .id_salt("meanings")
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    ui.set_width(ui.available_width() - 12.0);
                    answer(ui, state, commands);
                });
        });
    if modal.should_close() {
        commands.push(Command::Pasted(PastedCommand::ShowPasteBox(false)));
    }
}

/// The text, with the parts that are known lit.
fn input(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let pasted = &state.pasted;
    let mut text = pasted.text.clone();
    let font = theme::mono(size::MONO);
    let plain = TextFormat::simple(font.clone(), *p.text_strong);
    let lit = TextFormat {
        background: *p.control_active,
        ..TextFormat::simple(font, *p.text_strong)
    };
    let mut layouter = |ui: &Ui, buffer: &dyn egui::TextBuffer, width: f32| {
        let shown = buffer.as_str();
        let mut job = LayoutJob::default();
        job.wrap.max_width = width;
        let mut from = 0;
        // While a key is still on its way to the state, the places are those of an older text.
        let heard = if shown == pasted.text {
            pasted.reading.heard.as_slice()
        } else {
            &[]
        };
        for heard in heard {
            if heard.range.start < from {
                continue;
            }
            let before = shown.get(from..heard.range.start).unwrap_or_default();
            let own = shown.get(heard.range.clone()).unwrap_or_default();
            job.append(before, 0.0, plain.clone());
            job.append(own, 0.0, lit.clone());
            from = heard.range.end;
        }
        job.append(shown.get(from..).unwrap_or_default(), 0.0, plain.clone());
        let galley: Arc<egui::Galley> = ui.fonts_mut(|fonts| fonts.layout_job(job));
        galley
    };
    ScrollArea::vertical()
        .id_salt("pasted text")
        .max_height(130.0)
        .show(ui, |ui| {
            let edit = TextEdit::multiline(&mut text)
                .hint_text("tlsv1 alert unknown ca")
                .desired_rows(4)
                .desired_width(f32::INFINITY)
                .margin(egui::Margin::same(10))
                .layouter(&mut layouter);
            let response = ui.add(edit);
            name_field(&response, "The error", &text, "tlsv1 alert unknown ca");
            if pasted.text.is_empty() && !ui.memory(|memory| memory.focused().is_some()) {
                response.request_focus();
            }
        });
    if text != pasted.text {
        commands.push(Command::Pasted(PastedCommand::PasteError(text)));
    }
}

fn answer(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let pasted = &state.pasted;
    if pasted.text.trim().is_empty() {
        return;
    }
    if !pasted.reading.is_understood() {
        draw::card(ui, *p.warn_soft, *p.warn, |ui| {
            draw::body(ui, "This text is not known.", *p.text_strong);
            draw::body(
                ui,
                "None of its words is one that these stacks are known to say of a failed handshake. Paste the whole \
                 line, with the lines around it; a packet capture of the attempt says more.",
                *p.text,
            );
        });
        return;
    }
    draw::body(ui, &pasted.reading.speaker.sentence(), *p.text);
    ui.add_space(6.0);
    let count = pasted.settled.len();
    let heading = match count {
        1 => "It means".to_owned(),
        count => format!("It can mean {count} things"),
    };
    draw::heading(ui, &heading);
    if let Some((index, document)) = state.active.zip(state.document()) {
        // Before its end a title would tell more than the playhead.
        let words = if state.is_told(index) || document.path.is_some() {
            format!(
                "Each is held against the handshake on the stage: {}.",
                document.title
            )
        } else {
            "Each is held against the handshake on the stage.".to_owned()
        };
        ui.label(
            RichText::new(words)
                .font(theme::text(size::SMALL, Weight::Regular))
                .color(*p.text_muted),
        );
    }
    for (index, settled) in &pasted.settled {
        one(ui, state, *index, settled, commands);
    }
}

fn one(ui: &mut Ui, state: &State, index: usize, settled: &Settled, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let Some(candidate) = state.pasted.reading.candidates.get(index) else {
        return;
    };
    let (sign, color, fill, words) = match settled {
        // Found is good news, whatever was found.
        Settled::Confirmed { .. } => (ICON_CHECK_CIRCLE, *p.good, *p.good_soft, "this is it".to_owned()),
        Settled::Warned { words, .. } => (
            ICON_CHECK_CIRCLE,
            *p.good,
            *p.good_soft,
            format!("this is it: {words}"),
        ),
        Settled::RuledOut { why } => (ICON_CLOSE, *p.text_faint, *p.card, format!("ruled out: {why}")),
        Settled::Open { why } if state.document().is_some() => {
            (ICON_HELP, *p.warn, *p.card, format!("open: {why}"))
        }
        Settled::Open { .. } => (ICON_HELP, *p.warn, *p.card, String::new()),
    };
    let is_out = matches!(settled, Settled::RuledOut { .. });
    draw::card(ui, fill, if is_out { *p.border } else { color }, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(sign.codepoint).font(theme::icon(17.0)).color(color));
            ui.vertical(|ui| {
                let strong = if is_out { *p.text_muted } else { *p.text_strong };
                let text = RichText::new(&candidate.title)
                    .font(theme::text(size::BODY, Weight::SemiBold))
                    .color(strong);
                ui.add(egui::Label::new(text).wrap());
                let sure = match candidate.likelihood {
                    Likelihood::Said => "the words say so themselves",
                    Likelihood::Likely => "likely",
                    Likelihood::Possible => "possible",
                };
                let mut note = format!("{} · {sure} · {}", candidate.id.words(), candidate.why);
                if !words.is_empty() {
                    note = format!("{note} · {words}");
                }
                let text = RichText::new(note)
                    .font(theme::text(size::SMALL, Weight::Regular))
                    .color(*p.text_muted);
                ui.add(egui::Label::new(text).wrap());
                if let Settled::Confirmed { cause } = settled {
                    let show = egui::Button::new("Show why and how to mend it").min_size(vec2(0.0, 28.0));
                    if ui.add(show).clicked() {
                        commands.push(Command::Pasted(PastedCommand::ShowPasteBox(false)));
                        // What lies after the playhead is hidden, the causes too.
                        if !state.playback.is_at_end() {
                            commands.push(Command::View(ViewCommand::Last));
                        }
                        commands.push(Command::View(ViewCommand::Select(Selection::Cause(*cause))));
                        commands.push(Command::View(ViewCommand::ShowTab(InspectorTab::Why)));
                    }
                }
            });
        });
        match settled {
            Settled::Open { .. } => draw::commands(ui, std::slice::from_ref(&candidate.check), commands),
            Settled::Warned { cause, .. } => {
                for remedy in cause.remedies.iter().filter(|remedy| remedy.is_general()) {
                    draw::commands(ui, &remedy.commands, commands);
                }
            }
            Settled::Confirmed { .. } | Settled::RuledOut { .. } => {}
        }
        let is_open = matches!(settled, Settled::Open { .. });
        if is_open && !candidate.mend.is_empty() {
            draw::commands(ui, &candidate.mend, commands);
        }
    });
    ui.add_space(2.0);
}
