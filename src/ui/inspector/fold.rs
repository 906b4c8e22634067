//! A section that folds: a heading over its contents, opened by a click, by Enter or by Space.

use egui::{Align, Align2, Id, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_CHEVRON_RIGHT, ICON_EXPAND_MORE};

use crate::state::{Command, FoldCommand, Section, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

const HEIGHT: f32 = 27.0;

/// Draws the heading, with a `note` at its right such as a number, and what `add` draws where it is open.
pub(super) fn section(
    ui: &mut Ui,
    state: &State,
    section: Section,
    (title, note): (&str, &str),
    commands: &mut Vec<Command>,
    add: impl FnOnce(&mut Ui, &mut Vec<Command>),
) {
    let is_open = state.folds.is_open(section);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let response = ui.interact(rect, Id::unique(("section", section)), Sense::click());
    let spoken = if note.is_empty() {
        title.to_owned()
    } else {
        format!("{title}: {note}")
    };
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, is_open, &spoken));
    let palette = theme::palette(ui);
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, theme::radius::SMALL, *palette.control);
    }
    let ink = if response.hovered() {
        *palette.text_strong
    } else {
        *palette.text_muted
    };
    let y = rect.center().y;
    let sign = if is_open {
        ICON_EXPAND_MORE
    } else {
        ICON_CHEVRON_RIGHT
    };
    draw::icon(
        ui.painter(),
        pos2(rect.left() + 8.0, y),
        sign.codepoint,
        17.0,
        ink,
    );
    let small = theme::text(size::HEADING, Weight::Regular);
    let noted = draw::line(
        ui.painter(),
        pos2(rect.right() - 4.0, y),
        Align2::RIGHT_CENTER,
        note,
        small,
        *palette.text_muted,
        rect.width() * 0.4,
    );
    draw::line(
        ui.painter(),
        pos2(rect.left() + 20.0, y),
        Align2::LEFT_CENTER,
        &title.to_uppercase(),
        theme::text(size::HEADING, Weight::SemiBold),
        ink,
        rect.width() - 32.0 - noted.width(),
    );
    let response = response.on_hover_text(format!("{}\n{}", draw::drawn(&spoken), hint(section)));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if state.folds.is_sought(section) {
        response.scroll_to_me(Some(Align::TOP));
        commands.push(Command::Fold(FoldCommand::Seen));
    }
    if response.clicked() {
        commands.push(Command::Fold(FoldCommand::Toggle(section)));
    }
    if is_open {
        add(ui, commands);
        ui.add_space(6.0);
    }
}

/// What stands in a section, for whoever has not opened it yet.
fn hint(section: Section) -> &'static str {
    match section {
        Section::Chain => "Who issued whom, as far as the one who judges can see",
        Section::Elsewhere => "Another stack would refuse it, though it passes here",
        Section::WouldBeSent => "Whether other clients would have sent this certificate",
        Section::Evidence => "What proves it: each line opens the bytes that it speaks of",
        Section::OtherFaults => "What else is wrong, in the order in which it would be met",
        Section::OtherFixes => "Other ways to mend it",
        Section::OtherStacks => "How other programs word this failure",
        Section::Rule => "What the standard says",
        Section::Integrity => "Who noticed, and what reached the applications",
        Section::TwoTruths => "What each side believed, and for how long",
        Section::AllCommands => "All lines of the commands",
    }
}
