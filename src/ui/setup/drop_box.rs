//! The drop box: files of any of the kinds that load, sorted out by what they hold.

use egui::{Shape, Stroke, Ui, vec2};

use crate::state::{Command, FileCommand};
use crate::ui::theme::{self, Weight, palette, size};

const HEIGHT: f32 = 60.0;
/// What is read, whatever the files are called.
const FORMS: &str = "Certificates, keys and CAs: PEM, DER, PKCS#12, PKCS#7, Java key stores, Kubernetes YAML and JSON, OpenVPN \
                     profiles, or a folder of them. Each is known by what it holds, not by its name. Sessions and packet captures \
                     open beside it.";

/// Shows the box.
pub fn show(ui: &mut Ui, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), egui::Sense::hover());
    response.on_hover_text(FORMS);
    let is_over = ui.input(|input| !input.raw.hovered_files.is_empty());
    let colour = if is_over { *p.accent } else { *p.border };
    let frame = rect.shrink(0.5);
    let corners = [
        frame.left_top(),
        frame.right_top(),
        frame.right_bottom(),
        frame.left_bottom(),
        frame.left_top(),
    ];
    ui.painter()
        .extend(Shape::dashed_line(&corners, Stroke::new(1.0, colour), 4.0, 3.0));
    // A child of its own: the box's place in the panel is taken already.
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 10.0))));
    inner.spacing_mut().item_spacing.y = 3.0;
    inner.vertical_centered(|ui| {
        let font = theme::text(size::BODY, Weight::Regular);
        let words = egui::RichText::new("Drop files or a folder here").font(font.clone());
        ui.label(words.color(*p.text_muted));
        let link = egui::RichText::new("or choose files…")
            .font(font)
            .color(*p.accent);
        if ui.link(link).clicked() {
            commands.push(Command::File(FileCommand::ChooseFiles));
        }
    });
}
