//! The playback bar (a stand-in until its own branch is merged).

/// Shows the playback bar.
pub fn show(ui: &mut egui::Ui, state: &crate::state::State, _commands: &mut Vec<crate::state::Command>) {
    ui.label(format!("{} of {}", state.visible_steps(), state.playback.steps()));
}
