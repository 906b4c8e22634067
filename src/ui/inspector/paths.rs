//! Path building shown: every candidate path with its outcome, and the near misses side by side.

use egui::{Align2, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_CLOSE, ICON_QUESTION_MARK};

use crate::diagnose::{
    CandidatePath, LinkState, NearMiss, NearMissKind, PathOutcome, PathReport, PathStep, StepFrom,
};
use crate::state::{Command, Selection, State, ViewCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// Paths that are drawn at first.
const SHOWN_AT_FIRST: usize = 4;
const BOX_HEIGHT: f32 = 34.0;
const GAP: f32 = 14.0;
const WIDEST_BOX: f32 = 118.0;

/// The paths and near misses of one chain.
pub(super) fn show(ui: &mut Ui, report: &PathReport, state: &State, commands: &mut Vec<Command>) {
    if !report.is_worth_telling() {
        return;
    }
    let palette = theme::palette(ui);
    ui.add_space(2.0);
    let count = report.paths.len() + report.more;
    let heading = match count {
        1 => "The one path considered".to_owned(),
        count => format!("{count} paths considered"),
    };
    draw::heading(ui, &heading);
    let id = ui.scope_id().with(("all paths", report.judge));
    let shows_all = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let shown = if shows_all {
        report.paths.len()
    } else {
        SHOWN_AT_FIRST
    };
    for (index, path) in report.paths.iter().take(shown).enumerate() {
        one_path(ui, path, index, state, commands);
    }
    if report.paths.len() > SHOWN_AT_FIRST {
        let words = if shows_all {
            "Show fewer".to_owned()
        } else {
            format!("Show {} more", report.paths.len() - SHOWN_AT_FIRST)
        };
        if ui.link(words).clicked() {
            ui.data_mut(|data| data.insert_temp(id, !shows_all));
        }
    }
    if report.more > 0 || report.is_cut_short {
        let words = format!("and {} more, which say nothing new.", report.more);
        draw::body(ui, &words, *palette.text_muted);
    }
    if !report.near_misses.is_empty() {
        ui.add_space(6.0);
        draw::heading(ui, "Looks right, is not");
        for miss in &report.near_misses {
            near_miss(ui, miss, state, commands);
        }
    }
}

fn one_path(ui: &mut Ui, path: &CandidatePath, index: usize, state: &State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.add_space(3.0);
    let (sign, color, words) = match &path.outcome {
        PathOutcome::Taken => (ICON_CHECK_CIRCLE, *palette.good, "taken".to_owned()),
        PathOutcome::Dropped(dropped) => (ICON_CLOSE, *palette.text_muted, dropped.words.clone()),
        PathOutcome::NotKnown => (
            ICON_QUESTION_MARK,
            *palette.text_muted,
            "what the judge trusts is not known".to_owned(),
        ),
    };
    boxes(ui, path, index, state, commands);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        ui.label(
            egui::RichText::new(sign.codepoint)
                .font(theme::icon(14.0))
                .color(color),
        );
        let text = egui::RichText::new(draw::drawn(&words))
            .font(theme::text(size::SMALL + 0.5, Weight::Regular))
            .color(*palette.text);
        ui.add(egui::Label::new(text).wrap());
    });
    ui.add_space(2.0);
}

/// The certificates of a path as linked boxes, in as many rows as the width asks for.
fn boxes(ui: &mut Ui, path: &CandidatePath, index: usize, state: &State, commands: &mut Vec<Command>) {
    let width = ui.available_width();
    let columns = (((width + GAP) / (WIDEST_BOX + GAP)).floor() as usize)
        .clamp(2, 4)
        .min(path.steps.len().max(2));
    let box_width = (width - GAP * (columns as f32 - 1.0)) / columns as f32;
    let rows = path.steps.len().div_ceil(columns).max(1);
    let height = rows as f32 * BOX_HEIGHT + (rows as f32 - 1.0) * GAP;
    let (area, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let cell = |step: usize| {
        let (row, column) = (step / columns, step % columns);
        let corner = area.min + vec2(column as f32 * (box_width + GAP), row as f32 * (BOX_HEIGHT + GAP));
        Rect::from_min_size(corner, vec2(box_width, BOX_HEIGHT))
    };
    for (step, one) in path.steps.iter().enumerate() {
        if let Some(link) = one.link_to_next
            && step + 1 < path.steps.len()
        {
            connect(ui, cell(step), cell(step + 1), link);
        }
        let id = Id::unique(("path box", index, step, ui.scope_id()));
        step_box(ui, cell(step), one, id, state, commands);
    }
}

fn connect(ui: &Ui, from: Rect, to: Rect, state: LinkState) {
    let palette = theme::palette(ui);
    let is_same_row = (from.top() - to.top()).abs() < 1.0;
    let (start, end) = if is_same_row {
        (from.right_center(), to.left_center())
    } else {
        (
            pos2(from.center().x, from.bottom()),
            pos2(to.center().x, to.top()),
        )
    };
    match state {
        LinkState::Holds => {
            ui.painter()
                .line_segment([start, end], Stroke::new(1.8, *palette.good));
        }
        LinkState::Unknown => draw::dashed(ui.painter(), start, end, Stroke::new(1.3, *palette.text_faint)),
        LinkState::Broken => draw::dashed(ui.painter(), start, end, Stroke::new(1.8, *palette.bad)),
    }
}

fn step_box(ui: &mut Ui, rect: Rect, step: &PathStep, id: Id, state: &State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let sha256 = step
        .certificate
        .as_ref()
        .map(|certificate| certificate.sha256.clone());
    let is_selected = match (&state.selection, &sha256) {
        (Selection::AnyCertificate { sha256: selected }, Some(sha256)) => selected == sha256,
        _ => false,
    };
    let response = ui.interact(rect, id, Sense::click());
    let label = format!("Path step {}: {}", step.name, step.from.words());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &label));
    let color = match (step.is_bad, step.from.from) {
        (true, _) => *palette.bad,
        (false, StepFrom::Sent | StepFrom::Store) => *palette.good,
        (false, _) => *palette.text_faint,
    };
    let fill = if is_selected || response.hovered() {
        *palette.control_hover
    } else {
        *palette.card
    };
    ui.painter().rect_filled(rect, theme::radius::SMALL, fill);
    let stroke = Stroke::new(
        if is_selected || response.has_focus() {
            2.0
        } else {
            1.2
        },
        color,
    );
    if matches!(step.from.from, StepFrom::Sent | StepFrom::Store) {
        ui.painter()
            .rect_stroke(rect, theme::radius::SMALL, stroke, StrokeKind::Inside);
    } else {
        let corners = [
            rect.left_top(),
            rect.right_top(),
            rect.right_bottom(),
            rect.left_bottom(),
            rect.left_top(),
        ];
        ui.painter()
            .extend(egui::Shape::dashed_line(&corners, stroke, 4.0, 3.0));
    }
    let room = rect.width() - 14.0;
    draw::line(
        ui.painter(),
        rect.min + vec2(7.0, 4.0),
        Align2::LEFT_TOP,
        &step.name,
        theme::text(size::SMALL + 0.5, Weight::SemiBold),
        *palette.text_strong,
        room,
    );
    draw::line(
        ui.painter(),
        rect.min + vec2(7.0, 18.5),
        Align2::LEFT_TOP,
        &step.from.brief(),
        theme::text(size::SMALL - 1.0, Weight::Regular),
        *palette.text_muted,
        room,
    );
    if response.on_hover_text(label).clicked()
        && let Some(sha256) = sha256
    {
        commands.push(Command::View(ViewCommand::Select(Selection::AnyCertificate {
            sha256,
        })));
    }
}

/// Two certificates that a reader may take for one: what they have in common once, what differs for each.
fn near_miss(ui: &mut Ui, miss: &NearMiss, state: &State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.add_space(3.0);
    let is_selected =
        matches!(&state.selection, Selection::AnyCertificate { sha256 } if *sha256 == miss.candidate.sha256);
    let border = if is_selected {
        *palette.accent
    } else {
        *palette.border
    };
    let response = draw::card(ui, *palette.card, border, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        draw::body(ui, &miss.words, *palette.text);
        let (has, wanted) = match miss.kind {
            NearMissKind::ExpiredTwin | NearMissKind::SelfSignedTwin => ("the one in use", "its twin"),
            _ => ("this one", "the one wanted"),
        };
        for (what, value) in &miss.same {
            row(ui, what, &[value], false);
        }
        if !miss.differs.is_empty() {
            row(ui, "", &[has, wanted], false);
        }
        for difference in &miss.differs {
            row(ui, difference.what, &[&difference.has, &difference.wanted], true);
        }
        ui.link(
            egui::RichText::new(format!("Show {}", miss.candidate_name))
                .font(theme::text(size::SMALL, Weight::Regular)),
        )
    });
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Link,
            true,
            format!("Show near miss {}", miss.candidate_name),
        )
    });
    if response.clicked() {
        commands.push(Command::View(ViewCommand::Select(Selection::AnyCertificate {
            sha256: miss.candidate.sha256.clone(),
        })));
    }
}

/// A name and one value, or two that differ: what does not fit, then what would.
fn row(ui: &mut Ui, what: &str, values: &[&str], differs: bool) {
    let palette = theme::palette(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let label = 86.0;
        ui.allocate_ui(vec2(label, 16.0), |ui| {
            ui.set_width(label);
            ui.label(
                egui::RichText::new(what)
                    .font(theme::text(size::SMALL, Weight::Regular))
                    .color(*palette.text_muted),
            );
        });
        let width = (ui.available_width() - 6.0 * (values.len() as f32 - 1.0)) / values.len() as f32;
        for (index, value) in values.iter().enumerate() {
            let color = match (differs, index) {
                (true, 0) => *palette.bad,
                (true, _) => *palette.good,
                (false, _) if what.is_empty() => *palette.text_muted,
                (false, _) => *palette.text,
            };
            ui.allocate_ui(vec2(width, 16.0), |ui| {
                ui.set_width(width);
                let font = if what.is_empty() {
                    theme::text(size::SMALL, Weight::Regular)
                } else {
                    theme::mono(size::SMALL)
                };
                ui.add(
                    egui::Label::new(egui::RichText::new(draw::drawn(value)).font(font).color(color)).wrap(),
                )
                .on_hover_text(draw::drawn(value));
            });
        }
    });
}
