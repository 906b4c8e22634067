//! The stage (a stand-in until its own branch is merged).

/// Shows the stage.
pub fn show(ui: &mut egui::Ui, state: &crate::state::State, _commands: &mut Vec<crate::state::Command>) {
    if let Some(document) = state.document() {
        ui.label(&document.title);
        for step in document.analysis.story.steps.iter().take(state.visible_steps()) {
            ui.label(&step.title);
        }
    }
}
