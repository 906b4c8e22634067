//! What proves a cause: who said it in which words, and the bytes.

use egui::{Role, Ui, WidgetInfo};

use crate::analysis::Analysis;
use crate::diagnose::{Cause, Evidence, spelled_out};
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
struct Said {
    /// With lists of bytes spelled out.
    spelled: String,
    /// As it said it.
    exact: String,
}

fn stack_words(analysis: &Analysis, cause: &Cause) -> Option<Said> {
    let side = cause.side.filter(|_| cause.reported)?;
    let verdict = analysis.capture.sides.of(side).verdict.as_ref()?;
    let told =
        |words: &str| draw::drawn(&format!("{} {}: {words}", verdict.stack, verdict.version)).into_owned();
    Some(Said {
        spelled: told(&spelled_out(&verdict.words)),
        exact: told(&verdict.words),
    })
}

/// A stack's own words: some print all that they know of a certificate, and the rest would be pushed out of sight; some print bytes
/// as numbers, which say nothing to a reader.
fn told(ui: &mut Ui, said: &Said) {
    const SHOWN: usize = 160;
    let palette = theme::palette(ui);
    let (all_id, exact_id) = (
        ui.scope_id().with("all of the stack's words"),
        ui.scope_id().with("the stack's exact words"),
    );
    let is_on = |ui: &Ui, id| ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let (shows_all, shows_exact) = (is_on(ui, all_id), is_on(ui, exact_id));
    let words = if shows_exact { &said.exact } else { &said.spelled };
    // Whoever asks for the exact words wants all of them.
    let is_long = !shows_exact && words.chars().count() > SHOWN + 40;
    let shown = if is_long && !shows_all {
        words.chars().take(SHOWN).chain(['…']).collect()
    } else {
        words.clone()
    };
    ui.add(
        egui::Label::new(
            egui::RichText::new(shown)
                .font(theme::mono(size::SMALL))
                .color(*palette.text_muted),
        )
        .wrap(),
    );
    let mut links = Vec::new();
    if is_long {
        links.push((all_id, shows_all, ["Show all of it", "Show less"]));
    }
    if said.exact != said.spelled {
        links.push((
            exact_id,
            shows_exact,
            ["Show the exact words", "Show the bytes spelled out"],
        ));
    }
    if links.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (id, is_on, [on, off]) in links {
            if ui.link(if is_on { off } else { on }).clicked() {
                ui.data_mut(|data| data.insert_temp(id, !is_on));
            }
        }
    });
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
