//! The side panels on screen: beside the stage with an edge to pull, or as a rail and a drawer.

use egui::{
    Area, CursorIcon, Id, Margin, Order, Rect, Role, Sense, Shadow, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, vec2,
};
use egui_material_icons::icons;

use super::draw;
use super::theme::{self, Weight, size};
use super::zones::Zone;
use crate::state::{
    Command, CompareCommand, CompareTab, InspectorTab, PanelCommand, PanelSide, State, ViewCommand,
};

/// Width of the edge that can be pulled.
const EDGE: f32 = 7.0;
/// Points that an arrow key pulls it.
const ARROW: f32 = 10.0;
/// Height of a button on a rail.
const RAIL_BUTTON: f32 = 34.0;

/// Shows things in a place of their own.
pub fn zone(
    ui: &mut Ui,
    place: Rect,
    name: &str,
    fill: egui::Color32,
    margin: Margin,
    add: impl FnOnce(&mut Ui),
) {
    ui.painter().rect_filled(place, 0.0, fill);
    let builder = UiBuilder::new()
        .id_salt(name)
        .max_rect(place - margin)
        .layout(egui::Layout::top_down(egui::Align::Min));
    let mut inner = ui.new_child(builder);
    inner.set_clip_rect(place.intersect(ui.clip_rect()));
    add(&mut inner);
}

/// Shows a side panel where it stands.
pub fn show(
    ui: &mut Ui,
    side: PanelSide,
    all: Zone,
    state: &State,
    commands: &mut Vec<Command>,
    mut add: impl FnMut(&mut Ui, &mut Vec<Command>),
) {
    let p = theme::palette(ui);
    let (name, rail_name, margin) = match side {
        PanelSide::Left => (
            "set-up",
            "rail of the set-up",
            Margin {
                left: 14,
                right: 2,
                top: 0,
                bottom: 0,
            },
        ),
        PanelSide::Right => ("inspector", "rail of the inspector", Margin::ZERO),
    };
    if let Some(place) = all.docked {
        zone(ui, place, name, *p.panel, margin, |ui| add(ui, commands));
        edge(ui, side, place, commands);
    }
    if let Some(place) = all.rail {
        zone(ui, place, rail_name, *p.panel, Margin::ZERO, |ui| {
            egui::ScrollArea::vertical()
                .id_salt(rail_name)
                .auto_shrink([false, false])
                .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
                .show(ui, |ui| rail(ui, side, state, commands));
        });
        border(ui, side, place);
    }
    if let Some(place) = all.drawer {
        // A layer of its own: what lies below is neither clicked nor scrolled.
        let area = Area::new(Id::unique(("drawer", name)))
            .order(Order::Middle)
            .fixed_pos(place.min)
            .constrain(false)
            .movable(false);
        area.show(ui.ctx(), |ui| {
            ui.allocate_rect(place, Sense::hover());
            let shadow = Shadow {
                offset: [0, 0],
                blur: 24,
                spread: 0,
                color: *p.shadow,
            };
            ui.painter().add(shadow.as_shape(place, 0));
            zone(ui, place, name, *p.panel, margin, |ui| add(ui, commands));
            let stroke = Stroke::new(1.0, *p.border);
            ui.painter().rect_stroke(place, 0.0, stroke, StrokeKind::Inside);
        });
    }
}

fn border(ui: &Ui, side: PanelSide, place: Rect) {
    // Within the panel: the stage is drawn after it.
    let x = match side {
        PanelSide::Left => place.right() - 0.5,
        PanelSide::Right => place.left() + 0.5,
    };
    let stroke = Stroke::new(1.0, *theme::palette(ui).border);
    ui.painter().vline(x, place.y_range(), stroke);
}

/// The panel's edge towards the stage: pulled it makes the panel wider, twice clicked it lets the window decide again.
fn edge(ui: &Ui, side: PanelSide, place: Rect, commands: &mut Vec<Command>) {
    border(ui, side, place);
    let (x, name) = match side {
        PanelSide::Left => (place.right(), "Width of the set-up"),
        PanelSide::Right => (place.left(), "Width of the inspector"),
    };
    let rect = Rect::from_x_y_ranges(x - EDGE / 2.0..=x + EDGE / 2.0, place.y_range());
    let response = ui.interact(rect, Id::unique(("panel edge", name)), Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, f64::from(place.width()), name);
        info.label = Some(name.to_owned());
        info
    });
    let p = theme::palette(ui);
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
        ui.painter()
            .vline(x, place.y_range(), Stroke::new(2.0, *p.accent));
    }
    let outwards = |at: f32| match side {
        PanelSide::Left => at - place.left(),
        PanelSide::Right => place.right() - at,
    };
    let mut pull = |width: f32| {
        let width = width.clamp(1.0, f32::from(u16::MAX)) as u16;
        commands.push(Command::Panels(PanelCommand::Resize(side, Some(width))));
    };
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        pull(outwards(pointer.x));
    }
    let arrows = ui.input(|input| {
        let pressed = |key| i32::from(input.key_pressed(key));
        pressed(egui::Key::ArrowRight) - pressed(egui::Key::ArrowLeft)
    });
    if response.has_focus() {
        let filter = egui::EventFilter {
            horizontal_arrows: true,
            ..egui::EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        if arrows != 0 {
            pull(outwards(x + arrows as f32 * ARROW));
            commands.push(Command::Panels(PanelCommand::Keep));
        }
    }
    if response.double_clicked() {
        commands.push(Command::Panels(PanelCommand::Resize(side, None)));
    } else if response.drag_stopped() {
        commands.push(Command::Panels(PanelCommand::Keep));
    }
}

/// What stands in the place of a folded panel, or of a drawer: the ways into it.
fn rail(ui: &mut Ui, side: PanelSide, state: &State, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.add_space(14.0);
    let panels = &state.settings.panels;
    let (is_shown, icon, name) = match side {
        PanelSide::Left => (panels.left.is_shown(), icons::ICON_TUNE, "Set-up (Ctrl+B)"),
        PanelSide::Right => (
            panels.right.is_shown(),
            if panels.right.is_shown() {
                icons::ICON_RIGHT_PANEL_CLOSE
            } else {
                icons::ICON_RIGHT_PANEL_OPEN
            },
            "Inspector (Ctrl+I)",
        ),
    };
    if rail_button(
        ui,
        icon.codepoint,
        name,
        is_shown && side == PanelSide::Left,
        true,
    ) {
        commands.push(Command::Panels(PanelCommand::Toggle(side)));
    }
    if side == PanelSide::Left {
        return;
    }
    ui.add_space(6.0);
    if let Some(comparing) = state.comparison() {
        for tab in CompareTab::ALL {
            let name = format!("{tab:?}");
            let is_here = is_shown && comparing.tab == tab;
            if rail_button(ui, &name, &name, is_here, false) {
                commands.push(Command::Compare(CompareCommand::ShowTab(tab)));
                if !is_shown || is_here {
                    commands.push(Command::Panels(PanelCommand::Toggle(side)));
                }
            }
        }
        return;
    }
    for tab in InspectorTab::ALL {
        let name = format!("{tab:?}");
        let is_here = is_shown && state.tab == tab;
        if rail_button(ui, &name, &name, is_here, false) {
            commands.push(Command::View(ViewCommand::ShowTab(tab)));
            if !is_shown || is_here {
                commands.push(Command::Panels(PanelCommand::Toggle(side)));
            }
        }
    }
}

fn rail_button(ui: &mut Ui, text: &str, name: &str, is_here: bool, is_icon: bool) -> bool {
    let p = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), RAIL_BUTTON), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, name));
    let inside = rect.shrink2(vec2(3.0, 2.0));
    if is_here || response.hovered() {
        let fill = if is_here { *p.control_active } else { *p.control };
        ui.painter().rect_filled(inside, theme::radius::SMALL, fill);
    }
    let ink = if is_here { *p.text_strong } else { *p.text_muted };
    if is_icon {
        draw::icon(ui.painter(), rect.center(), text, 19.0, *p.text);
    } else {
        let font = theme::text(size::SMALL - 0.5, Weight::Medium);
        let font = draw::fitting(ui.painter(), [text], &font, inside.width() - 2.0);
        ui.painter()
            .text(rect.center(), egui::Align2::CENTER_CENTER, text, font, ink);
    }
    response.on_hover_text(name).clicked()
}
