//! The inspector (a stand-in until its own branch is merged).

/// Shows the inspector.
pub fn show(ui: &mut egui::Ui, state: &crate::state::State, _commands: &mut Vec<crate::state::Command>) {
    if let Some(document) = state.document() {
        for cause in &document.analysis.diagnosis.causes {
            ui.label(&cause.title);
        }
    }
}
