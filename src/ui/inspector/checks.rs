//! Checks: every check on every certificate, by judge.

use egui::{Align2, Id, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::so_far::{is_judged, not_yet};
use super::{elsewhere, graph};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{CertificateRef, MatrixRow, Outcome, Role as Place};
use crate::state::{Command, Selection, State, ViewCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let mut is_anything = false;
    for judge in Side::BOTH {
        let rows: Vec<(usize, &MatrixRow)> = analysis
            .diagnosis
            .matrix
            .iter()
            .enumerate()
            .filter(|(_, row)| row.side == judge)
            .collect();
        if rows.is_empty() {
            continue;
        }
        is_anything = true;
        draw::heading(
            ui,
            &format!("The {} judges the {}", judge.word(), judge.peer().word()),
        );
        if !is_judged(state, analysis, judge) {
            not_yet(ui, "Not judged yet at this point of the handshake.");
            ui.add_space(8.0);
            continue;
        }
        if rows.iter().all(|(_, row)| row.outcome == Outcome::NotReached) {
            draw::card(ui, *palette.card, *palette.border, |ui| {
                let words = format!(
                    "The {} presented no certificate: none of the checks was reached.",
                    judge.peer().word()
                );
                draw::body(ui, &words, *palette.text_muted);
            });
            ui.add_space(8.0);
            continue;
        }
        for group in groups(&rows) {
            certificate(ui, state, analysis, &group, commands);
        }
        ui.add_space(8.0);
    }
    if !is_anything {
        draw::body(
            ui,
            "No certificate was presented, so none was judged.",
            *palette.text_muted,
        );
    }
}

/// Runs of rows about one certificate in one place.
fn groups<'a>(rows: &[(usize, &'a MatrixRow)]) -> Vec<Vec<(usize, &'a MatrixRow)>> {
    let mut groups: Vec<Vec<(usize, &MatrixRow)>> = Vec::new();
    for (index, row) in rows {
        let key = |row: &MatrixRow| (row.certificate.clone(), row.role);
        match groups
            .last_mut()
            .filter(|group| group.first().is_some_and(|(_, first)| key(first) == key(row)))
        {
            Some(group) => group.push((*index, row)),
            None => groups.push(vec![(*index, row)]),
        }
    }
    groups
}

fn title(certificate: Option<&CertificateRef>, place: Place) -> String {
    let name = certificate.map_or_else(
        || "nothing presented".to_owned(),
        |one| graph::common_name(&one.subject),
    );
    format!("{name} · {}", place.word())
}

fn certificate(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    group: &[(usize, &MatrixRow)],
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let Some((_, first)) = group.first() else { return };
    let count = |outcome: Outcome| group.iter().filter(|(_, row)| row.outcome == outcome).count();
    let (passed, failed, warned) = (count(Outcome::Pass), count(Outcome::Fail), count(Outcome::Warn));
    draw::card(ui, *palette.card, *palette.border, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut words = vec![format!("{passed} pass")];
        if warned > 0 {
            words.insert(0, format!("{warned} warn"));
        }
        if failed > 0 {
            words.insert(0, format!("{failed} fail"));
        }
        let color = if failed > 0 {
            *palette.bad
        } else {
            *palette.text_muted
        };
        let font = theme::text(size::SMALL, Weight::Regular);
        let figures = ui.painter().layout_no_wrap(words.join(" · "), font, color);
        ui.horizontal(|ui| {
            // A long name leaves room for the figures, and is whole under the pointer.
            let name = egui::RichText::new(draw::drawn(&title(first.certificate.as_ref(), first.role)))
                .font(theme::text(size::TITLE, Weight::SemiBold))
                .color(*palette.text_strong);
            let room = ui.available_width() - figures.size().x - ui.spacing().item_spacing.x;
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(egui::Label::new(name).truncate());
            });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(figures);
            });
        });
        ui.add_space(5.0);
        // What fails stands first; what does not apply, last.
        let mut sorted: Vec<&(usize, &MatrixRow)> = group.iter().collect();
        sorted.sort_by_key(|(_, row)| match row.outcome {
            Outcome::Fail => 0,
            Outcome::Warn => 1,
            Outcome::Pass | Outcome::NotReached => 2,
            Outcome::Unknown => 3,
            Outcome::NotApplicable => 4,
        });
        for (index, row) in sorted {
            one(
                ui,
                analysis,
                (*index, row),
                state.selection == Selection::Check(*index),
                commands,
            );
        }
    });
}

fn one(
    ui: &mut Ui,
    analysis: &Analysis,
    (index, row): (usize, &MatrixRow),
    is_selected: bool,
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let (sign, color, word) = draw::outcome_sign(row.outcome, palette);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 23.0), Sense::hover());
    let response = ui.interact(rect, Id::unique(("check", index)), Sense::click());
    let label = format!("Check {} {word}: {}", row.check.words(), row.detail);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &label));
    if is_selected || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(
            rect.expand2(vec2(6.0, 0.0)),
            theme::radius::SMALL,
            *palette.control_hover,
        );
    }
    let y = rect.center().y;
    draw::icon(ui.painter(), pos2(rect.left() + 8.0, y), sign, 14.0, color);
    let is_dim = matches!(
        row.outcome,
        Outcome::NotApplicable | Outcome::Unknown | Outcome::NotReached
    );
    let name_color = if is_dim {
        *palette.text_muted
    } else {
        *palette.text_strong
    };
    let font = theme::text(size::SMALL + 0.5, Weight::Medium);
    let words = row.check.words();
    draw::line(
        ui.painter(),
        pos2(rect.left() + 22.0, y),
        Align2::LEFT_CENTER,
        &words,
        font,
        name_color,
        118.0,
    );
    let small = theme::text(size::SMALL, Weight::Regular);
    let detail_color = if row.outcome == Outcome::Fail {
        *palette.bad
    } else {
        *palette.text_muted
    };
    draw::line(
        ui.painter(),
        pos2(rect.left() + 142.0, y),
        Align2::LEFT_CENTER,
        &row.detail,
        small,
        detail_color,
        rect.width() - 146.0,
    );
    if response.clicked() {
        commands.push(Command::View(ViewCommand::Select(if is_selected {
            Selection::Nothing
        } else {
            Selection::Check(index)
        })));
    }
    if is_selected {
        // Once, when it is selected: afterwards whoever reads on may scroll.
        let key = Id::unique("check shown");
        if ui.data(|data| data.get_temp::<usize>(key)) != Some(index) {
            ui.data_mut(|data| data.insert_temp(key, index));
            response.scroll_to_me(Some(egui::Align::Center));
        }
        ui.indent(("detail", index), |ui| {
            draw::body(ui, &format!("{word}: {}", row.detail), *palette.text);
            elsewhere::of_row(ui, analysis, index, commands);
            ui.add_space(4.0);
        });
    } else {
        response.on_hover_text(format!("{words}\n{}", draw::drawn(&row.detail)));
    }
}
