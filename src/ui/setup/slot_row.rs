//! One slot: a button, a drop target, and a dot that tells whether what is in it fits.

use egui::{
    Context, CornerRadius, Id, Popup, Rect, Response, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    accesskit::Role, pos2, vec2,
};

use crate::capture::Side;
use crate::printable::drawn;
use crate::state::{Command, FileCommand, Fit, LabCommand, SetupSlot, Slot, State};
use crate::ui::theme::{self, Weight, palette, radius, size};
use crate::ui::widgets::fit_dot;

const HEIGHT: f32 = 31.0;
/// Where the value begins, after the slot's word.
pub(super) const VALUE_X: f32 = 60.0;

/// The word on the slot.
fn word(slot: SetupSlot) -> &'static str {
    match slot {
        SetupSlot::Certificate => "cert",
        SetupSlot::Key => "key",
        SetupSlot::Trust => "trusts",
    }
}

/// Shows the slot, and below it why the last thing offered was not taken.
pub fn show(ui: &mut Ui, state: &State, side: Side, slot: SetupSlot, commands: &mut Vec<Command>) {
    let content = state.lab.setup.slot(side, slot);
    let fit = if state.shows_fits() {
        &content.fit
    } else {
        &Fit::Unknown
    };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    remember_place(ui.ctx(), side, slot, &response);
    let dot = match fit {
        Fit::Good => "fits",
        Fit::Bad(why) => why.as_str(),
        Fit::Unknown => "not judged",
    };
    let spoken = format!("{} {}: {}, {dot}", side.word(), word(slot), content.label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    paint(ui, rect, &response, side, slot, content, fit);
    if response.clicked() {
        commands.push(Command::File(FileCommand::ChooseFile(side, slot)));
    }
    if response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Delete)) {
        commands.push(Command::Lab(LabCommand::ClearSlot(side, slot)));
    }
    menu(&response, side, slot, content, commands);
    let response = response.on_hover_ui(|ui| details(ui, content, fit));
    if let Some(sentence) = &content.error {
        let colour = *palette(ui).bad;
        let text = RichText::new(sentence)
            .font(theme::text(size::SMALL, Weight::Regular))
            .color(colour);
        ui.label(text).labelled_by(response.id);
    }
}

fn paint(ui: &Ui, rect: Rect, response: &Response, side: Side, slot: SetupSlot, content: &Slot, fit: &Fit) {
    let p = palette(ui);
    let painter = ui
        .painter()
        .with_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
    let is_target = is_dragged_over(ui.ctx(), rect);
    let fill = if response.hovered() || is_target {
        *p.control_hover
    } else {
        *p.control
    };
    let corner = CornerRadius::same(radius::SMALL);
    painter.rect_filled(rect, corner, fill);
    if response.has_focus() || is_target {
        painter.rect_stroke(rect, corner, Stroke::new(1.5, p.side(side)), StrokeKind::Inside);
    }
    let middle = rect.center().y;
    painter.text(
        pos2(rect.left() + 9.0, middle),
        egui::Align2::LEFT_CENTER,
        word(slot),
        theme::text(size::BODY - 0.5, Weight::Regular),
        *p.text_muted,
    );
    let colour = if content.is_empty() {
        *p.text_muted
    } else {
        *p.text_strong
    };
    let mut job = egui::text::LayoutJob::single_section(
        drawn(&content.label).into_owned(),
        egui::TextFormat::simple(theme::mono(size::MONO - 0.5), colour),
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width() - VALUE_X - 26.0);
    let galley = painter.layout_job(job);
    let at = pos2(rect.left() + VALUE_X, middle - galley.size().y / 2.0);
    painter.galley(at, galley, colour);
    fit_dot(ui, pos2(rect.right() - 14.0, middle), fit);
}

fn menu(response: &Response, side: Side, slot: SetupSlot, content: &Slot, commands: &mut Vec<Command>) {
    Popup::context_menu(response).show(|ui| {
        let mut item = |ui: &mut Ui, text: &str, command: Command| {
            if ui.button(text).clicked() {
                commands.push(command);
                ui.close();
            }
        };
        item(
            ui,
            "Choose a file…",
            Command::File(FileCommand::ChooseFile(side, slot)),
        );
        if slot == SetupSlot::Trust {
            item(
                ui,
                "Add a revocation list…",
                Command::File(FileCommand::ChooseLists(side)),
            );
        }
        if !content.is_empty() {
            let words = match slot {
                SetupSlot::Certificate => "Send no certificate",
                SetupSlot::Key => "Take the key away",
                SetupSlot::Trust => "Trust nobody",
            };
            item(ui, words, Command::Lab(LabCommand::ClearSlot(side, slot)));
        }
        item(
            ui,
            "Back to the built-in identities",
            Command::Lab(LabCommand::UseBuiltIn),
        );
    });
}

fn details(ui: &mut Ui, content: &Slot, fit: &Fit) {
    let p = palette(ui);
    ui.set_max_width(420.0);
    let name = RichText::new(drawn(&content.label)).font(theme::mono(size::MONO));
    ui.label(name.color(*p.text_strong));
    egui::Grid::new("slot details")
        .num_columns(2)
        .spacing(vec2(12.0, 3.0))
        .show(ui, |ui| {
            for (name, value) in &content.details {
                ui.label(RichText::new(*name).color(*p.text_muted));
                ui.add(egui::Label::new(RichText::new(drawn(value)).color(*p.text_strong)).wrap());
                ui.end_row();
            }
        });
    match fit {
        Fit::Bad(why) => {
            ui.label(RichText::new(format!("✕ {}", drawn(why))).color(*p.bad));
        }
        Fit::Good => {
            ui.label(RichText::new("✓ fits the rest").color(*p.good));
        }
        Fit::Unknown => {}
    }
    let hint = "Click to choose a file, drop one here, or press Ctrl+V with PEM text. Right click for more.";
    ui.label(
        RichText::new(hint)
            .font(theme::text(size::SMALL, Weight::Regular))
            .color(*p.text_muted),
    );
}

/// Where the slots stood in the last frame, and which has the keyboard.
#[derive(Clone, Default)]
struct Places {
    slots: Vec<(Side, SetupSlot, Rect)>,
    focused: Option<(Side, SetupSlot)>,
}

fn places_id() -> Id {
    Id::unique("mtlscope slot places")
}

/// Forgets the last frame's places: before the slots are shown anew.
pub fn forget_places(context: &Context) {
    context.data_mut(|data| data.insert_temp(places_id(), Places::default()));
}

fn remember_place(context: &Context, side: Side, slot: SetupSlot, response: &Response) {
    // Asked before the data are locked: both live in the same context.
    let has_focus = response.has_focus();
    context.data_mut(|data| {
        let places = data.get_temp_mut_or_default::<Places>(places_id());
        places.slots.push((side, slot, response.rect));
        if has_focus {
            places.focused = Some((side, slot));
        }
    });
}

/// The slot under the pointer, else the one that has the keyboard.
pub fn slot_at(context: &Context) -> Option<(Side, SetupSlot)> {
    let places: Places = context.data(|data| data.get_temp(places_id()))?;
    let pointer = context.pointer_latest_pos();
    let under = places
        .slots
        .iter()
        .find(|(_, _, rect)| pointer.is_some_and(|at| rect.contains(at)));
    under.map(|(side, slot, _)| (*side, *slot)).or(places.focused)
}

fn is_dragged_over(context: &Context, rect: Rect) -> bool {
    context.input(|input| {
        !input.raw.hovered_files.is_empty() && input.pointer.latest_pos().is_some_and(|at| rect.contains(at))
    })
}
