//! A chain as a graph: boxes and links, broken at the bad link, the trust store beside it.

use egui::{Align2, FontId, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE, ICON_QUESTION_MARK};

use crate::capture::Side;
use crate::diagnose::{ChainLink, ChainView, LinkState, Presence};
use crate::state::{Command, Selection, State, ViewCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

const BOX_HEIGHT: f32 = 46.0;
const GAP_Y: f32 = 26.0;

/// Paints the chain, in as many rows as the width asks for. Boxes are buttons; `marked` is the one that is told of below.
pub(super) fn show(
    ui: &mut Ui,
    view: &ChainView,
    sender: Side,
    marked: Option<usize>,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let width = ui.available_width();
    // Side by side where names fit, one below the other where they do not.
    let columns = if width >= 350.0 {
        view.links.len().clamp(2, 3)
    } else {
        1
    };
    let gap = 24.0;
    let box_width = (width - gap * (columns as f32 - 1.0)) / columns as f32;
    let store = others_in_store(view);
    let rows = view.links.len().div_ceil(columns).max(1);
    let store_rows = store.len().div_ceil(columns);
    let height = rows as f32 * (BOX_HEIGHT + GAP_Y)
        + store_rows as f32 * (BOX_HEIGHT + 8.0)
        + if store.is_empty() { -GAP_Y + 8.0 } else { 8.0 };
    let (area, _) = ui.allocate_exact_size(vec2(width, height.max(BOX_HEIGHT)), Sense::hover());
    let cell = |index: usize| {
        let (row, column) = (index / columns, index % columns);
        let corner = area.min
            + vec2(
                column as f32 * (box_width + gap),
                row as f32 * (BOX_HEIGHT + GAP_Y),
            );
        Rect::from_min_size(corner, vec2(box_width, BOX_HEIGHT))
    };
    for (index, link) in view.links.iter().enumerate() {
        if let Some(link_state) = link.link_to_next
            && index + 1 < view.links.len()
        {
            connect(ui, cell(index), cell(index + 1), link_state);
        }
    }
    let names = view.links.iter().map(|link| link.name.as_str());
    let title = draw::fitting(
        ui.painter(),
        names.chain(store.iter().map(String::as_str)),
        &theme::text(size::SMALL + 1.0, Weight::SemiBold),
        box_width - 14.0,
    );
    for (index, link) in view.links.iter().enumerate() {
        let is_selected = marked == Some(index)
            || matches!(state.selection, Selection::Certificate { sender: of, link } if of == sender && link == index);
        let id = Id::unique(("chain box", sender, index, ui.scope_id()));
        if one(ui, cell(index), link, is_selected, id, &title) {
            commands.push(Command::View(ViewCommand::Select(Selection::Certificate {
                sender,
                link: index,
            })));
        }
    }
    let top = area.top() + rows as f32 * (BOX_HEIGHT + GAP_Y);
    for (index, name) in store.iter().enumerate() {
        let column = columns - 1 - index % columns;
        let corner = pos2(
            area.left() + column as f32 * (box_width + gap),
            top + (index / columns) as f32 * (BOX_HEIGHT + 8.0),
        );
        in_store(
            ui,
            Rect::from_min_size(corner, vec2(box_width, BOX_HEIGHT)),
            name,
            &title,
        );
    }
}

/// Roots that the judge trusts and the chain does not lead to: what it does trust.
fn others_in_store(view: &ChainView) -> Vec<String> {
    let in_chain = |sha256: &str| {
        view.links.iter().any(|link| {
            link.presence == Presence::InStore
                && link
                    .certificate
                    .as_ref()
                    .is_some_and(|certificate| certificate.sha256 == sha256)
        })
    };
    view.store
        .iter()
        .flatten()
        .filter(|root| !in_chain(&root.sha256))
        .map(|root| common_name(&root.subject))
        .take(6)
        .collect()
}

/// The common name in an RFC 4514 subject, or all of it.
pub(super) fn common_name(subject: &str) -> String {
    if subject.is_empty() {
        return "(no name)".to_owned();
    }
    crate::pki::common_name_in(subject)
}

fn connect(ui: &Ui, from: Rect, to: Rect, state: LinkState) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let is_same_row = (from.top() - to.top()).abs() < 1.0;
    let (start, end) = if is_same_row {
        (from.right_center(), to.left_center())
    } else {
        (from.center_bottom(), to.center_top())
    };
    match state {
        LinkState::Holds => {
            painter.line_segment([start, end], Stroke::new(2.0, *palette.good));
        }
        LinkState::Unknown => {
            draw::dashed(painter, start, end, Stroke::new(1.5, *palette.text_faint));
        }
        LinkState::Broken => {
            draw::dashed(painter, start, end, Stroke::new(2.0, *palette.bad));
            let middle = start + (end - start) / 2.0;
            painter.circle_filled(middle, 7.0, *palette.panel);
            draw::icon(painter, middle, ICON_CLOSE.codepoint, 13.0, *palette.bad);
        }
    }
}

fn one(ui: &mut Ui, rect: Rect, link: &ChainLink, is_selected: bool, id: Id, title: &FontId) -> bool {
    let palette = theme::palette(ui);
    let response = ui.interact(rect, id, Sense::click());
    let label = format!("Certificate {}: {}", link.name, link.note);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &label));
    let is_there = !matches!(link.presence, Presence::Absent | Presence::AtHand);
    let color = match (link.is_bad, is_there) {
        (true, _) => *palette.bad,
        (false, true) => *palette.good,
        (false, false) => *palette.text_faint,
    };
    let painter = ui.painter();
    let fill = match (is_there, is_selected || response.hovered()) {
        (false, _) if link.is_bad => *palette.bad_soft,
        (false, _) => *palette.panel,
        (true, true) => *palette.control_hover,
        (true, false) => *palette.card,
    };
    painter.rect_filled(rect, theme::radius::SMALL, fill);
    let stroke = Stroke::new(
        if is_selected || response.has_focus() {
            2.2
        } else {
            1.4
        },
        color,
    );
    if is_there {
        painter.rect_stroke(rect, theme::radius::SMALL, stroke, StrokeKind::Inside);
    } else {
        let corners = [
            rect.left_top(),
            rect.right_top(),
            rect.right_bottom(),
            rect.left_bottom(),
            rect.left_top(),
        ];
        painter.extend(egui::Shape::dashed_line(&corners, stroke, 4.0, 4.0));
    }
    let room = rect.width() - 32.0;
    let name_color = match (is_there, link.is_bad) {
        (true, _) => *palette.text_strong,
        (false, true) => *palette.bad,
        (false, false) => *palette.text_muted,
    };
    draw::line(
        painter,
        rect.min + vec2(9.0, 7.0),
        Align2::LEFT_TOP,
        &link.name,
        title.clone(),
        name_color,
        rect.width() - 14.0,
    );
    let small = theme::text(size::SMALL - 0.5, Weight::Regular);
    draw::line(
        painter,
        rect.min + vec2(9.0, 25.0),
        Align2::LEFT_TOP,
        &link.note,
        small,
        *palette.text_muted,
        room,
    );
    let sign = match (link.is_bad, is_there) {
        (true, _) => ICON_CLOSE,
        (false, true) => ICON_CHECK,
        (false, false) => ICON_QUESTION_MARK,
    };
    draw::icon(
        painter,
        pos2(rect.right() - 12.0, rect.bottom() - 13.0),
        sign.codepoint,
        13.0,
        color,
    );
    response.on_hover_text(label).clicked()
}

fn in_store(ui: &Ui, rect: Rect, name: &str, title: &FontId) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    painter.rect(
        rect,
        theme::radius::SMALL,
        *palette.card,
        Stroke::new(1.0, *palette.border),
        StrokeKind::Inside,
    );
    draw::line(
        painter,
        rect.min + vec2(9.0, 7.0),
        Align2::LEFT_TOP,
        name,
        title.clone(),
        *palette.text_strong,
        rect.width() - 14.0,
    );
    let small = theme::text(size::SMALL - 0.5, Weight::Regular);
    let muted = *palette.text_muted;
    draw::line(
        painter,
        rect.min + vec2(9.0, 25.0),
        Align2::LEFT_TOP,
        "what it does trust",
        small,
        muted,
        rect.width() - 14.0,
    );
    let id = Id::unique(("in the store", name, rect.left() as i32, rect.top() as i32));
    let response = ui.interact(rect, id, Sense::hover());
    response.on_hover_text(draw::drawn(name));
}
