//! What proves a cause: who said it in which words, and the bytes.

use egui::{Role, Ui, WidgetInfo};

use crate::analysis::Analysis;
use crate::diagnose::{Cause, Evidence};
use crate::state::{Command, InspectorTab, Section, Selection, State, ViewCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// The section; nothing where there is no evidence to show.
pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    cause: &Cause,
    commands: &mut Vec<Command>,
) {
    let words = stack_words(analysis, cause);
    let count = cause.evidence.len() + usize::from(words.is_some());
    if count == 0 {
        return;
    }
    let note = count.to_string();
    super::fold::section(
        ui,
        state,
        Section::Evidence,
        ("Evidence", &note),
        commands,
        |ui, commands| {
            if let Some(words) = words {
                told(ui, &words);
            }
            for evidence in &cause.evidence {
                one(ui, analysis, evidence, commands);
            }
        },
    );
}

/// What the stack of whoever judges said itself, where it said this.
fn stack_words(analysis: &Analysis, cause: &Cause) -> Option<String> {
    let side = cause.side.filter(|_| cause.reported)?;
    let verdict = analysis.capture.sides.of(side).verdict.as_ref()?;
    Some(
        draw::drawn(&format!(
            "{} {}: {}",
            verdict.stack, verdict.version, verdict.words
        ))
        .into_owned(),
    )
}

/// A stack's own words: some print all that they know of a certificate, and the rest would be pushed out of sight.
fn told(ui: &mut Ui, words: &str) {
    const SHOWN: usize = 160;
    let palette = theme::palette(ui);
    let id = ui.scope_id().with("all of the stack's words");
    let shows_all = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let is_long = words.chars().count() > SHOWN + 40;
    let shown = if is_long && !shows_all {
        words.chars().take(SHOWN).chain(['…']).collect()
    } else {
        words.to_owned()
    };
    ui.add(
        egui::Label::new(
            egui::RichText::new(shown)
                .font(theme::mono(size::SMALL))
                .color(*palette.text_muted),
        )
        .wrap(),
    );
    if is_long {
        let link = if shows_all { "Show less" } else { "Show all of it" };
        if ui.link(link).clicked() {
            ui.data_mut(|data| data.insert_temp(id, !shows_all));
        }
    }
}

fn one(ui: &mut Ui, analysis: &Analysis, evidence: &Evidence, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let Some((index, message)) = evidence
        .message
        .and_then(|index| Some((index, analysis.transcript.messages.get(index)?)))
    else {
        draw::body(ui, &format!("· {}", evidence.words), *palette.text);
        return;
    };
    let place = format!(
        "{}, bytes {}–{}",
        message.kind,
        evidence.range.start,
        evidence.range.end.saturating_sub(1)
    );
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.label(egui::RichText::new(format!("· {}", draw::drawn(&evidence.words))).color(*palette.text));
        let link = ui
            .link(egui::RichText::new(format!("({place})")).font(theme::text(size::SMALL, Weight::Regular)));
        link.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Show {place}")));
        if link.clicked() {
            let path = message.root.path_to_range(&evidence.range);
            commands.push(Command::View(ViewCommand::Select(Selection::Field {
                message: index,
                path,
            })));
            commands.push(Command::View(ViewCommand::ShowTab(InspectorTab::Bytes)));
        }
    });
}
