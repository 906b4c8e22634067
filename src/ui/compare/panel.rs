//! The right: what changed and matters, in a sentence, and all that differs below it.

use egui::{Frame, Label, Margin, RichText, ScrollArea, Ui, vec2};
use egui_material_icons::icons;

use super::super::draw;
use super::super::theme::{self, Weight, palette, size};
use super::super::widgets::tab_strip;
use super::{beside, changes};
use crate::analysis::Analysis;
use crate::compare::{BY_CHAINS, Both, Comparison, Judged};
use crate::state::{Command, CompareCommand, CompareTab, Comparing};

/// How much of the margin at the right is the scroll bar's.
const SCROLL_BAR_STRIP: f32 = 12.0;

/// What the buttons at the bottom take.
const BUTTONS: f32 = 46.0;

/// The panel.
pub fn show(ui: &mut Ui, comparing: &Comparing, commands: &mut Vec<Command>) {
    let margin = Margin {
        left: 14,
        right: 14,
        top: 14,
        bottom: 8,
    };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        let (Some(found), Some(both)) = (comparing.found(), comparing.analyses()) else {
            let words = "What changed, and which of it matters, will be told here.";
            draw::body(ui, words, *palette(ui).text_muted);
            return;
        };
        let both = Both {
            a: both.a.as_ref(),
            b: both.b.as_ref(),
        };
        if comparing.is_told() {
            headline(ui, found, &both);
        } else {
            let p = palette(ui);
            let words = "What differs, and what of it matters, is told when both have come to their end.";
            draw::card(ui, *p.card, *p.border, |ui| draw::body(ui, words, *p.text_muted));
        }
        ui.add_space(2.0);
        let names = CompareTab::ALL.map(|tab| format!("{tab:?}"));
        let open = CompareTab::ALL.iter().position(|tab| *tab == comparing.tab);
        let clicked = tab_strip(ui, "comparison tab", &names, open.unwrap_or_default());
        if let Some(tab) = clicked.and_then(|index| CompareTab::ALL.get(index)) {
            commands.push(Command::Compare(CompareCommand::ShowTab(*tab)));
        }
        // What can be done with it never scrolls away.
        let mut above = ui.available_rect_before_wrap();
        above.max.y -= BUTTONS;
        let mut upper = ui.new_child(egui::UiBuilder::new().max_rect(above));
        scrolled(&mut upper, comparing, |ui| match comparing.tab {
            CompareTab::Changes if comparing.is_told() => {
                changes::show(ui, comparing, found, &both, commands);
                granted(ui, found);
            }
            CompareTab::Changes => {}
            CompareTab::Chains => beside::chains(ui, comparing, &both),
            CompareTab::Fields => beside::fields(ui, comparing, found, &both),
            CompareTab::Bytes => beside::bytes(ui, comparing, found, &both),
        });
        ui.advance_cursor_after_rect(above);
        if comparing.is_told() {
            buttons(ui, &both, commands);
        }
    });
}

fn scrolled(ui: &mut Ui, comparing: &Comparing, add: impl FnOnce(&mut Ui)) {
    let mut rect = ui.available_rect_before_wrap();
    rect.max.x += SCROLL_BAR_STRIP;
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
        ScrollArea::vertical()
            .id_salt((comparing.id, comparing.tab))
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.set_width(ui.available_width() - SCROLL_BAR_STRIP);
                add(ui);
            });
    });
}

fn headline(ui: &mut Ui, found: &Comparison, both: &Both<&Analysis>) {
    let p = palette(ui);
    let told = found.headline(both.a, both.b);
    let (fill, line, ink) = if told.is_news {
        (*p.warn_soft, *p.warn, *p.warn)
    } else {
        (*p.card, *p.border, *p.text_muted)
    };
    draw::card(ui, fill, line, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            let icon = icons::ICON_COMPARE_ARROWS.codepoint;
            ui.label(RichText::new(icon).font(theme::icon(19.0)).color(ink));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                let title =
                    RichText::new(draw::drawn(&told.title)).font(theme::text(size::LEAD, Weight::SemiBold));
                ui.add(Label::new(title.color(*p.text_strong)).wrap());
                draw::body(ui, &told.words, *p.text);
            });
        });
    });
}

/// What was taken for granted.
fn granted(ui: &mut Ui, found: &Comparison) {
    if found.judged == Judged::ByChains && !found.is_identical() {
        ui.add_space(6.0);
        let small = RichText::new(BY_CHAINS).font(theme::text(size::SMALL + 0.5, Weight::Regular));
        ui.add(Label::new(small.color(*palette(ui).text_muted)).wrap());
    }
    ui.add_space(8.0);
}

/// What can be done with it.
fn buttons(ui: &mut Ui, both: &Both<&Analysis>, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 14.0;
        let copy = egui::Button::new((
            RichText::new(icons::ICON_CONTENT_COPY.codepoint).font(theme::icon(15.0)),
            "Copy the comparison",
        ));
        let copy = ui.add(copy.min_size(vec2(0.0, 32.0)));
        copy.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Copy the comparison"));
        if copy.clicked() {
            commands.push(Command::Compare(CompareCommand::Copy));
        }
        if !both.b.diagnosis.causes.is_empty() && ui.link("Open B’s fix").clicked() {
            commands.push(Command::Compare(CompareCommand::ShowFix));
        }
    });
}
