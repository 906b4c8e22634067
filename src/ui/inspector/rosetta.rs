//! The same failure in other words: the reader's stack first, then the others, each as client and as server; and who does not mind.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Label, RichText, Role, Sense, Ui, WidgetInfo};

use crate::capture::Side;
use crate::diagnose::{Cause, Diagnosis, Rosetta, Saying, StackWords, by_stack, stacks};
use crate::state::{Command, FoldCommand, Section, SettingsCommand, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};
use crate::ui::widgets::{alternative, choice};

/// So many stacks are shown at first.
const FIRST: usize = 5;
/// The column of `client` and `server`, in points.
const SIDE_WIDTH: f32 = 46.0;

/// So many stacks are named in the one line.
const IN_LINE: usize = 3;

/// The same failure in the words of the first few, in one line; a click shows them all below.
pub(super) fn line(
    ui: &mut Ui,
    state: &State,
    diagnosis: &Diagnosis,
    cause: &Cause,
    commands: &mut Vec<Command>,
) {
    let rosetta = by_stack(cause, diagnosis, state.settings.stack.as_deref());
    let told: Vec<(&str, &str)> = rosetta
        .refused
        .iter()
        .take(IN_LINE)
        .filter_map(|entry| Some((entry.stack, entry.sayings.first()?.words.as_str())))
        .collect();
    if told.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    let mut add = |text: &str, font: FontId, color: Color32| {
        job.append(text, 0.0, TextFormat::simple(font, color));
    };
    for (index, (stack, words)) in told.iter().enumerate() {
        let before = if index > 0 { "  ·  " } else { "" };
        let strong = theme::text(size::SMALL + 0.5, Weight::SemiBold);
        add(&format!("{before}{stack} "), strong, *palette.text_muted);
        add(words, theme::mono(size::SMALL), *palette.text);
    }
    let spoken = told
        .iter()
        .map(|(stack, words)| format!("{stack}: {words}"))
        .collect::<Vec<_>>()
        .join("\n");
    ui.add_space(2.0);
    let response = ui.add(Label::new(job).truncate().sense(Sense::click()));
    let label = format!("In other words: {}", spoken.replace('\n', "; "));
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &label));
    if response
        .on_hover_cursor(egui::CursorIcon::PointingHand)
        .on_hover_text(spoken)
        .clicked()
    {
        commands.push(Command::Fold(FoldCommand::Open(Section::OtherStacks)));
    }
}

/// The section: every stack's words.
pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    diagnosis: &Diagnosis,
    cause: &Cause,
    commands: &mut Vec<Command>,
) {
    let reader = state.settings.stack.as_deref();
    let rosetta = by_stack(cause, diagnosis, reader);
    if rosetta.refused.is_empty() {
        return;
    }
    let note = rosetta.refused.len().to_string();
    super::fold::section(
        ui,
        state,
        Section::OtherStacks,
        ("In other stacks' words", &note),
        commands,
        |ui, commands| all(ui, state, &rosetta, reader, commands),
    );
}

fn all(ui: &mut Ui, state: &State, rosetta: &Rosetta, reader: Option<&str>, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    your_stack(ui, reader, commands);
    if !rosetta.accepted_by.is_empty() {
        accepted(ui, &rosetta.accepted_by, reader);
    }
    let shown = if state.shows_all_stacks {
        rosetta.refused.len()
    } else {
        FIRST
    };
    for entry in rosetta.refused.iter().take(shown) {
        stack(ui, entry, Some(entry.stack) == reader, state.shows_all_stacks);
        ui.separator();
    }
    let more = rosetta.refused.len().saturating_sub(FIRST);
    if more > 0 {
        let text = if state.shows_all_stacks {
            "Show fewer".to_owned()
        } else {
            let rest: Vec<&str> = rosetta
                .refused
                .iter()
                .skip(FIRST)
                .map(|entry| entry.stack)
                .collect();
            format!("Show all: {} too", rest.join(", "))
        };
        let link = ui.link(
            RichText::new(&text)
                .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                .color(*palette.accent),
        );
        link.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
        if link.clicked() {
            commands.push(Command::Settings(SettingsCommand::ShowAllStacks(
                !state.shows_all_stacks,
            )));
        }
    }
}

fn your_stack(ui: &mut Ui, reader: Option<&str>, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.label(
            RichText::new("Your stack")
                .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                .color(*palette.text_muted),
        );
        choice(ui, "Your stack", reader.unwrap_or("not chosen"), |ui| {
            if alternative(ui, reader.is_none(), "not chosen") {
                commands.push(Command::Settings(SettingsCommand::SetStack(None)));
            }
            for name in stacks() {
                if alternative(ui, reader == Some(name), name) {
                    commands.push(Command::Settings(SettingsCommand::SetStack(Some(
                        name.to_owned(),
                    ))));
                }
            }
        });
    });
}

/// Who judged the same and did not mind: a service behind it would have worked, and that misleads.
fn accepted(ui: &mut Ui, names: &[&str], reader: Option<&str>) {
    let palette = theme::palette(ui);
    let list: Vec<String> = names
        .iter()
        .map(|name| {
            if Some(*name) == reader {
                format!("{name} (yours)")
            } else {
                (*name).to_owned()
            }
        })
        .collect();
    draw::body(ui, &format!("Accepted by: {}.", list.join(", ")), *palette.text);
}

fn stack(ui: &mut Ui, entry: &StackWords, is_readers: bool, shows_all: bool) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(
            RichText::new(entry.stack)
                .font(theme::text(size::BODY, Weight::SemiBold))
                .color(*palette.text_strong),
        );
        ui.label(
            RichText::new(entry.version)
                .font(theme::text(size::SMALL, Weight::Regular))
                .color(*palette.text_muted),
        );
        if is_readers {
            draw::pill(ui, "yours", *palette.accent);
        }
    });
    // The judge's words, then its peer's: one of each, unless all are asked for.
    let mut told: Vec<Side> = Vec::new();
    for saying in &entry.sayings {
        if told.contains(&saying.side) && !shows_all {
            continue;
        }
        told.push(saying.side);
        words(ui, saying);
    }
}

fn words(ui: &mut Ui, saying: &Saying) {
    let palette = theme::palette(ui);
    let color: Color32 = match saying.side {
        Side::Client => *palette.client,
        Side::Server => *palette.server,
    };
    ui.horizontal_top(|ui| {
        ui.allocate_ui(egui::vec2(SIDE_WIDTH, 16.0), |ui| {
            ui.set_width(SIDE_WIDTH);
            ui.label(
                RichText::new(saying.side.word())
                    .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                    .color(color),
            );
        });
        let text = RichText::new(&saying.words)
            .font(theme::mono(size::SMALL + 0.5))
            .color(*palette.text);
        ui.add(Label::new(text).wrap()).on_hover_text(told_to(saying));
    });
}

/// Where the words come from.
fn told_to(saying: &Saying) -> String {
    let who = format!(
        "Said by {} {} in a real run, as the {}",
        saying.stack,
        saying.version,
        saying.side.word()
    );
    if saying.peers.is_empty() {
        format!("{who}, of its own files: it met nobody")
    } else {
        format!("{who}, to: {}", saying.peers.join(", "))
    }
}
