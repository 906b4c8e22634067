//! One side's identity: its name, the time its certificate has left, its three slots.

use egui::accesskit::Role;
use egui::{CornerRadius, Frame, Layout, Margin, RichText, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons;

use super::slot_row;
use crate::capture::Side;
use crate::pki::time_left;
use crate::state::{Command, Fit, SetupSlot, SideSetup, State, lists_words};
use crate::ui::theme::{self, Weight, palette, radius, size};
use crate::ui::widgets::{fit_dot, icon_button, pill};

/// Shows the card.
pub fn show(ui: &mut Ui, state: &State, side: Side, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let frame = Frame::new()
        .fill(*p.card)
        .stroke(Stroke::new(1.0, *p.border))
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::symmetric(12, 11));
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        ui.horizontal(|ui| {
            ui.set_min_height(22.0);
            let name = match side {
                Side::Client => "Client",
                Side::Server => "Server",
            };
            let title = RichText::new(name)
                .font(theme::text(size::TITLE, Weight::SemiBold))
                .color(p.side(side));
            ui.label(title);
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                time_pill(ui, state, side);
            });
        });
        for slot in SetupSlot::ALL {
            slot_row::show(ui, state, side, slot, commands);
        }
        lists(ui, state, side, commands);
    });
}

fn time_pill(ui: &mut Ui, state: &State, side: Side) {
    let own = state.setup.sides.of(side);
    let Some((not_before, not_after)) = own.certificate.validity else {
        return;
    };
    let p = palette(ui);
    // At the time that the peer judges at: what-if moves it.
    let now = state
        .setup
        .sides
        .of(side.peer())
        .clock_unix_s
        .unwrap_or(state.now_unix_s);
    let is_valid = (not_before..=not_after).contains(&now);
    let colour = if is_valid { *p.text_muted } else { *p.bad };
    pill(ui, &time_left(not_before, not_after, now), colour);
}

/// The revocation lists that this side judges by, where there are any, and a way to be rid of them.
fn lists(ui: &mut Ui, state: &State, side: Side, commands: &mut Vec<Command>) {
    let own = state.setup.sides.of(side);
    let now = own.clock_unix_s.unwrap_or(state.now_unix_s);
    let seen = &own.lists_seen;
    let Some((words, is_fresh)) = lists_words(&own.revocation, seen.span, now) else {
        return;
    };
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.set_min_height(20.0);
        // As in the slots above it.
        let value_at = ui.cursor().left() + slot_row::VALUE_X;
        ui.add_space(9.0);
        let word = RichText::new("lists")
            .font(theme::text(size::BODY - 0.5, Weight::Regular))
            .color(*p.text_muted);
        ui.label(word);
        ui.add_space((value_at - ui.cursor().left()).max(0.0));
        let colour = if is_fresh { *p.text_strong } else { *p.warn };
        let value = RichText::new(&words)
            .font(theme::mono(size::MONO - 0.5))
            .color(colour);
        ui.label(value).on_hover_ui(|ui| hover(ui, own));
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            dot(ui, own, side, &words);
            let label = format!("The {} judges by no revocation list", side.word());
            if icon_button(ui, icons::ICON_CLOSE.codepoint, &label).clicked() {
                commands.push(Command::ClearLists(side));
            }
        });
    });
}

/// Under the dots of the slots above it, and spoken as theirs are.
fn dot(ui: &mut Ui, own: &SideSetup, side: Side, words: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
    let fit = &own.lists_seen.fit;
    let spoken = match fit {
        Fit::Good => "fits",
        Fit::Bad(why) => why.as_str(),
        Fit::Unknown => "not judged",
    };
    let spoken = format!("{} lists: {words}, {spoken}", side.word());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    fit_dot(ui, pos2(rect.right() - 14.0, rect.center().y), fit);
    response.on_hover_ui(|ui| hover(ui, own));
}

fn hover(ui: &mut Ui, own: &SideSetup) {
    let p = palette(ui);
    ui.set_max_width(420.0);
    for one in own.revocation.lists.iter().chain(&own.revocation.responses) {
        ui.label(one.place("built in"));
    }
    match &own.lists_seen.fit {
        Fit::Good => ui.label(RichText::new("✓ fits the rest").color(*p.good)),
        Fit::Bad(why) => ui.label(RichText::new(format!("✕ {why}")).color(*p.bad)),
        Fit::Unknown => return,
    };
}
