//! The revocation lists that a side judges by: how many, how long they last, how strictly it holds to them.

use egui::accesskit::Role;
use egui::{
    Align2, CornerRadius, Popup, PopupCloseBehavior, Rect, RichText, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use egui_material_icons::icons::ICON_CLOSE;

use super::slot_row;
use crate::capture::Side;
use crate::state::{Command, FileCommand, Fit, LabCommand, SideSetup, State, Strictness, lists_words};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, radius, size};
use crate::ui::widgets::fit_dot;

const HEIGHT: f32 = 31.0;
/// The button and the dot.
const RIGHT: f32 = 52.0;

/// Shows the row where there are any.
pub fn show(ui: &mut Ui, state: &State, side: Side, commands: &mut Vec<Command>) {
    let own = state.lab.setup.sides.of(side);
    let now = own.policy.clock_unix_s.unwrap_or_else(|| state.now_at_bench());
    let Some((words, is_fresh)) = lists_words(&own.policy.revocation, own.lists_seen.span, now) else {
        return;
    };
    let p = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    let fit = if state.shows_fits() {
        &own.lists_seen.fit
    } else {
        &Fit::Unknown
    };
    let judged = match fit {
        Fit::Good => "fits",
        Fit::Bad(why) => why.as_str(),
        Fit::Unknown => "not judged",
    };
    let spoken = format!("{} lists: {words}, {judged}", side.word());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let fill = if response.hovered() {
        *p.control_hover
    } else {
        *p.control
    };
    let corner = CornerRadius::same(radius::SMALL);
    ui.painter().rect_filled(rect, corner, fill);
    if response.has_focus() {
        let stroke = Stroke::new(1.5, p.side(side));
        ui.painter().rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    }
    let middle = rect.center().y;
    ui.painter().text(
        pos2(rect.left() + 9.0, middle),
        Align2::LEFT_CENTER,
        "lists",
        theme::text(size::BODY - 0.5, Weight::Regular),
        *p.text_muted,
    );
    let room = rect.width() - slot_row::VALUE_X - RIGHT;
    let font = draw::fitting(
        ui.painter(),
        [words.as_str()],
        &theme::mono(size::MONO - 0.5),
        room,
    );
    draw::line(
        ui.painter(),
        pos2(rect.left() + slot_row::VALUE_X, middle),
        Align2::LEFT_CENTER,
        &words,
        font,
        if is_fresh { *p.text_strong } else { *p.warn },
        room,
    );
    fit_dot(ui, pos2(rect.right() - 14.0, middle), fit);
    clear_button(ui, rect, side, commands);
    menu(&response, own, side, commands);
    response.on_hover_ui(|ui| hover(ui, own, fit));
}

fn clear_button(ui: &Ui, row: Rect, side: Side, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let rect = Rect::from_center_size(pos2(row.right() - 38.0, row.center().y), vec2(22.0, 22.0));
    let id = egui::Id::unique(("clear lists", side));
    let response = ui.interact(rect, id, Sense::click());
    let label = format!("The {} judges by no revocation list", side.word());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let colour = if response.hovered() || response.has_focus() {
        *p.text_strong
    } else {
        *p.text_muted
    };
    draw::icon(ui.painter(), rect.center(), ICON_CLOSE.codepoint, 15.0, colour);
    if response.on_hover_text(&label).clicked() {
        commands.push(Command::Lab(LabCommand::ClearLists(side)));
    }
}

fn menu(response: &egui::Response, own: &SideSetup, side: Side, commands: &mut Vec<Command>) {
    Popup::menu(response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            for (strictness, words, hint) in [
                (
                    Strictness::LeafOnly,
                    "Ask about the leaf only",
                    "Not about the intermediates",
                ),
                (
                    Strictness::AllowsUnknown,
                    "Accept what no list speaks of",
                    "rustls refuses it once there is any list",
                ),
                (
                    Strictness::RefusesStale,
                    "Refuse a list that has run out",
                    "rustls by itself does not look at nextUpdate",
                ),
            ] {
                let mut is_on = strictness.of(&own.policy.revocation);
                if ui.checkbox(&mut is_on, words).on_hover_text(hint).changed() {
                    commands.push(Command::Lab(LabCommand::SetStrictness(side, strictness, is_on)));
                }
            }
            ui.separator();
            if ui.button("Add a revocation list…").clicked() {
                commands.push(Command::File(FileCommand::ChooseLists(side)));
                ui.close();
            }
        });
}

fn hover(ui: &mut Ui, own: &SideSetup, fit: &Fit) {
    let p = palette(ui);
    ui.set_max_width(420.0);
    for one in own
        .policy
        .revocation
        .lists
        .iter()
        .chain(&own.policy.revocation.responses)
    {
        ui.label(one.place("built in"));
    }
    match fit {
        Fit::Good => ui.label(RichText::new("✓ fits the rest").color(*p.good)),
        Fit::Bad(why) => ui.label(RichText::new(format!("✕ {why}")).color(*p.bad)),
        Fit::Unknown => return,
    };
}
