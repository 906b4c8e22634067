//! What a scenario or the command line has a side do less, or ask for more: told, and lifted with a click.

use egui::{Label, RichText, Role, Ui, WidgetInfo};

use crate::capture::Side;
use crate::setup::Limits;
use crate::state::{Command, LabCommand, State};
use crate::ui::theme::{self, Weight, palette, size};

/// Shows a line for each limit; nothing where there is none.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = palette(ui);
    for side in Side::BOTH {
        let lines = words(side, &state.lab.setup.sides.of(side).policy.limits);
        if lines.is_empty() {
            continue;
        }
        for line in lines {
            let text = RichText::new(line)
                .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                .color(*p.text);
            ui.add(Label::new(text).wrap());
        }
        let label = format!("Lift the {}'s limits", side.word());
        let link = ui.link(RichText::new(&label).font(theme::text(size::SMALL + 0.5, Weight::Regular)));
        link.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        if link.clicked() {
            commands.push(Command::Lab(LabCommand::LiftLimits(side)));
        }
    }
}

fn words(side: Side, limits: &Limits) -> Vec<String> {
    let side = side.word();
    let mut lines = Vec::new();
    if !limits.server_names.is_empty() {
        let names = limits.server_names.join(", ");
        lines.push(format!("The {side} answers for {names} only (SNI)."));
    }
    if !limits.verify_schemes.is_empty() {
        let schemes = limits.verify_schemes.join(", ");
        lines.push(format!("The {side} verifies {schemes} only."));
    }
    if !limits.sign_schemes.is_empty() {
        let schemes = limits.sign_schemes.join(", ");
        lines.push(format!("The {side}'s key signs with {schemes} only."));
    }
    if let Some(id) = &limits.expected_peer {
        lines.push(format!("The {side} lets in {id} only."));
    }
    lines
}
