//! Keys to commands, by the state's own table.

use std::time::Duration;

use egui::{Context, Modifiers};

use crate::state::{Command, Key, RepairCommand, SettingsCommand, State, WindowCommand, shortcuts};

/// After so long without an answer of the system's dialog, ours is offered.
pub const OFFERS_OWN_PICKER_AFTER: Duration = Duration::from_secs(1);

/// The commands of the keys pressed in this frame.
pub fn collect(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let is_typing = context.text_edit_focused();
    let is_focused = context.memory(|memory| memory.focused().is_some());
    let is_covered = state.is_covered();
    // A popup or a dialog closes itself on Escape, and takes its own arrows and Space.
    let is_busy = is_covered || egui::Popup::is_any_open(context);
    for line in shortcuts() {
        let needs_free_keyboard = matches!(
            line.key,
            Key::Space | Key::Left | Key::Right | Key::Home | Key::End
        );
        let is_blocked = if line.ctrl || line.key == Key::F11 {
            // In a text field, Ctrl+Z undoes typing.
            (is_covered
                && !matches!(
                    line.command,
                    Command::Settings(SettingsCommand::Zoom(_))
                        | Command::Window(WindowCommand::ToggleFullScreen)
                ))
                || (is_typing && line.command == Command::Repair(RepairCommand::UndoFix))
        } else {
            // A list has its own way through it.
            let is_paging = matches!(line.key, Key::PageUp | Key::PageDown | Key::Home | Key::End);
            is_typing
                || is_busy
                || (is_paging && state.list().is_some())
                || (state.comparison().is_some() && matches!(line.key, Key::PageUp | Key::PageDown))
                || (needs_free_keyboard && is_focused)
        };
        if is_blocked {
            continue;
        }
        let modifiers = if line.ctrl {
            Modifiers::COMMAND
        } else {
            Modifiers::NONE
        };
        if keys(line.key)
            .iter()
            .any(|key| context.input_mut(|input| input.consume_key(modifiers, *key)))
        {
            commands.push(line.command);
        }
    }
}

/// egui's keys for one of ours.
fn keys(key: Key) -> &'static [egui::Key] {
    use egui::Key as E;
    match key {
        Key::Space => &[E::Space],
        Key::Left => &[E::ArrowLeft],
        Key::Right => &[E::ArrowRight],
        Key::Home => &[E::Home],
        Key::End => &[E::End],
        Key::Digit(0) => &[E::Num0],
        Key::Digit(1) => &[E::Num1],
        Key::Digit(2) => &[E::Num2],
        Key::Digit(3) => &[E::Num3],
        Key::Digit(4) => &[E::Num4],
        Key::Digit(5) => &[E::Num5],
        Key::Digit(6) => &[E::Num6],
        Key::Letter('B') => &[E::B],
        Key::Letter('D') => &[E::D],
        Key::Letter('I') => &[E::I],
        Key::Letter('L') => &[E::L],
        Key::Letter('R') => &[E::R],
        Key::Letter('G') => &[E::G],
        Key::Letter('E') => &[E::E],
        Key::Letter('O') => &[E::O],
        Key::Letter('S') => &[E::S],
        Key::Letter('T') => &[E::T],
        Key::Letter('W') => &[E::W],
        Key::Letter('Z') => &[E::Z],
        Key::F11 => &[E::F11],
        Key::PageUp => &[E::PageUp],
        Key::PageDown => &[E::PageDown],
        Key::Plus => &[E::Plus, E::Equals],
        Key::Minus => &[E::Minus],
        Key::Question => &[E::Questionmark],
        Key::Escape => &[E::Escape],
        Key::Digit(_) | Key::Letter(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::keys;
    use crate::state::shortcuts;

    #[test]
    fn every_line_of_the_table_has_a_key() {
        for line in shortcuts() {
            assert!(!keys(line.key).is_empty(), "{}", line.label);
        }
    }
}
