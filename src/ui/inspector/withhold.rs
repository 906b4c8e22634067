//! Would it be sent: which stacks would send this client's certificate when asked as here, and why the others would not.

use egui::{Role, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE};

use super::so_far::is_judged;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::withhold::{Answer, Lens, Opinion};
use crate::diagnose::{Cause, CauseId};
use crate::state::{Command, InspectorTab, Section, Selection, State, ViewCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// In Why, where the cause is a certificate that did not come.
pub(super) fn in_why(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    cause: &Cause,
    commands: &mut Vec<Command>,
) {
    let is_about_it = matches!(
        cause.id,
        CauseId::ClientCertificateMissing | CauseId::ClientCertificateNotAcceptable
    );
    let Some(lens) = lens(state, analysis).filter(|_| is_about_it) else {
        return;
    };
    let note = format!("{} of {}", lens.senders().count(), lens.opinions.len());
    super::fold::section(
        ui,
        state,
        Section::WouldBeSent,
        ("Would it be sent?", &note),
        commands,
        |ui, commands| told(ui, analysis, lens, commands),
    );
}

/// Nothing where nobody was asked, nothing is there to send, or it has not happened yet.
fn lens<'a>(state: &State, analysis: &'a Analysis) -> Option<&'a Lens> {
    analysis
        .diagnosis
        .withhold
        .as_ref()
        .filter(|_| is_judged(state, analysis, Side::Server))
}

/// On the Chain tab.
pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    if let Some(lens) = lens(state, analysis) {
        ui.add_space(8.0);
        draw::heading(ui, "Would it be sent?");
        told(ui, analysis, lens, commands);
    }
}

fn told(ui: &mut Ui, analysis: &Analysis, lens: &Lens, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    draw::body(ui, &opening(lens), *palette.text_muted);
    let senders: Vec<&Opinion> = lens.senders().collect();
    if !senders.is_empty() {
        signed(
            ui,
            ICON_CHECK.codepoint,
            *palette.good,
            if senders.len() == lens.opinions.len() {
                "All would send it"
            } else {
                "These would send it"
            },
            |ui| names(ui, &senders, false),
        );
    }
    for group in lens.objectors() {
        objection(ui, analysis, lens, &group, commands);
    }
    ui.label(
        egui::RichText::new(
            "Tested with the real programs. Rest on a name for its rule. To send it is not yet to be accepted.",
        )
        .font(theme::text(size::SMALL, Weight::Regular))
        .color(*palette.text_faint),
    );
    ui.add_space(8.0);
}

fn opening(lens: &Lens) -> String {
    match lens.was_sent {
        Some(true) => format!(
            "Asked as here, and given the certificate {} that this client sent:",
            lens.name
        ),
        Some(false) => format!(
            "This client was asked and sent nothing, although it has {}. Asked as here, and given the same:",
            lens.name
        ),
        None => format!("Asked as here, and given the certificate {}:", lens.name),
    }
}

/// A sign, a word, and what stands below it.
fn signed(ui: &mut Ui, sign: &str, color: egui::Color32, word: &str, add: impl FnOnce(&mut Ui)) {
    let palette = theme::palette(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.label(egui::RichText::new(sign).font(theme::icon(15.0)).color(color));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            // As high as their text: nothing here is a button.
            ui.spacing_mut().interact_size.y = 16.0;
            ui.label(
                egui::RichText::new(word)
                    .font(theme::text(size::BODY, Weight::Medium))
                    .color(*palette.text_strong),
            );
            add(ui);
        });
    });
}

/// The stacks by name; each tells its rule to whoever rests on it.
fn names(ui: &mut Ui, opinions: &[&Opinion], with_versions: bool) {
    let palette = theme::palette(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for (index, opinion) in opinions.iter().enumerate() {
            let end = if index + 1 < opinions.len() { ", " } else { "" };
            let version = opinion
                .tested
                .filter(|_| with_versions)
                .map_or_else(String::new, |tested| format!(" {}", tested.version));
            ui.label(
                egui::RichText::new(format!("{}{version}{end}", opinion.stack))
                    .font(theme::text(size::BODY, Weight::Regular))
                    .color(*palette.text),
            )
            .on_hover_text(hint(opinion));
        }
    });
}

fn hint(opinion: &Opinion) -> String {
    let tested = opinion.tested.map_or_else(
        || "Not tested with the real program.".to_owned(),
        |tested| {
            format!(
                "Tested with {} {}, in {} cases.",
                tested.stack, tested.version, tested.cases
            )
        },
    );
    format!("{}\n\n{tested}", opinion.rule)
}

/// One reason with all who share it, and the bytes that decide.
fn objection(ui: &mut Ui, analysis: &Analysis, lens: &Lens, group: &[&Opinion], commands: &mut Vec<Command>) {
    let Some(first) = group.first() else { return };
    let palette = theme::palette(ui);
    let word = match first.answer {
        Answer::Fails => "These would end the connection",
        Answer::Sends | Answer::Withholds => "These would send none",
    };
    signed(ui, ICON_CLOSE.codepoint, *palette.bad, word, |ui| {
        names(ui, group, true);
        let Some(message) = analysis.transcript.messages.get(lens.message) else {
            return;
        };
        draw::body(ui, &format!("because {}.", first.why), *palette.text_muted);
        let place = format!(
            "{}, bytes {}–{}",
            message.kind,
            first.decides.start,
            first.decides.end.saturating_sub(1)
        );
        let link = ui.link(egui::RichText::new(&place).font(theme::text(size::SMALL, Weight::Regular)));
        link.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Show {place}")));
        if link.clicked() {
            let path = message.root.path_to_range(&first.decides);
            commands.push(Command::View(ViewCommand::Select(Selection::Field {
                message: lens.message,
                path,
            })));
            commands.push(Command::View(ViewCommand::ShowTab(InspectorTab::Bytes)));
        }
    });
}
