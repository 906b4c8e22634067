//! Files dropped on the window, and text pasted into it.

use std::path::PathBuf;

use egui::{Context, Event};

use super::compare;
use super::setup::slot_at;
use crate::state::{Command, CompareCommand, LabCommand, State};

/// What was dropped or pasted in this frame.
pub fn collect(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let paths: Vec<PathBuf> = context.input(|input| {
        input
            .raw
            .dropped_files
            .iter()
            .map(|file| file.path().to_path_buf())
            .collect()
    });
    if !paths.is_empty() {
        commands.push(if state.comparison().is_some() {
            Command::Compare(CompareCommand::TakeFiles(paths, compare::slot_at(context)))
        } else {
            Command::Lab(LabCommand::LoadDropped(paths, slot_at(context)))
        });
    }
    if context.text_edit_focused() {
        return;
    }
    let pasted = context.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Paste(text) => Some(text.clone()),
            _ => None,
        })
    });
    if let Some(text) = pasted {
        commands.push(Command::Lab(LabCommand::Paste(text, slot_at(context))));
    }
}
