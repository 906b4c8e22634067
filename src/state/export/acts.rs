//! What is done with an export: a place is asked for, the worker makes and writes it, a note says where it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Chosen, ExportCommand, ExportDone, ExportJob};
use crate::export::{Format, Material, Theme, export, write};
use crate::state::answer;
use crate::state::effect::Effect;
use crate::state::features::{Done, Job, OnFailure};
use crate::state::lab::file_name;
use crate::state::notes::NoteKind;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;
use crate::state::settings::ThemeChoice;
use crate::state::tools::Tools;

impl ExportJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> ExportDone {
        let work = move || {
            let words = &self.words;
            let material = Material::new(Arc::clone(&self.analysis))
                .with_words(&words.title, &words.notes, &words.step_notes)
                .with_file(self.file.clone());
            let material = if self.leaves_secrets_out {
                material.without_secrets()
            } else {
                material
            };
            let made = export(&material, self.format, self.theme);
            ExportDone {
                result: made.and_then(|bytes| write(&self.path, &bytes, self.format)),
                path: self.path,
            }
        };
        tools.off_thread(work).await
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        let path = self.path.clone();
        Box::new(move |sentence| {
            Done::Export(ExportDone {
                path,
                result: Err(sentence),
            })
        })
    }
}

impl State {
    pub(in crate::state) fn apply_export(&mut self, command: ExportCommand) -> Vec<Effect> {
        match command {
            ExportCommand::LeaveSecretsOut(leaves_out) => self.export.leaves_secrets_out = leaves_out,
            ExportCommand::To(format) => return self.ask_where_to_export(format),
        }
        Vec::new()
    }

    fn ask_where_to_export(&mut self, format: Format) -> Vec<Effect> {
        let Some(document) = self.document().filter(|_| self.list().is_none()) else {
            self.notes.add(
                NoteKind::Told,
                "There is nothing to export yet: run a handshake first.",
            );
            return Vec::new();
        };
        let from = document.connection.as_ref().map(|from| &from.file);
        let file = document.path.as_ref().or(from);
        let chosen = Chosen {
            words: document.words(),
            file: file.map(|file| file.display().to_string()),
            analysis: Arc::clone(&document.analysis),
        };
        let name = name_for(&chosen.words.title, format, self.export.leaves_secrets_out);
        self.export.chosen = Some(chosen);
        self.ask_for_file(PickPurpose::Export(format, name))
    }

    /// A place was chosen.
    pub(in crate::state) fn export_to(&mut self, format: Format, path: &Path) -> Vec<Effect> {
        let Some(chosen) = self.export.chosen.take() else {
            return Vec::new();
        };
        let path = if path.extension().is_none() {
            path.with_extension(format.extension())
        } else {
            path.to_owned()
        };
        vec![Effect::Work(Job::Export(ExportJob {
            path,
            format,
            theme: match self.settings.theme {
                ThemeChoice::Dark => Theme::Dark,
                _ => Theme::Light,
            },
            words: chosen.words,
            file: chosen.file,
            leaves_secrets_out: self.export.leaves_secrets_out,
            analysis: chosen.analysis,
        }))]
    }

    pub(in crate::state) fn absorb_export(&mut self, done: ExportDone) -> Vec<Effect> {
        match done.result {
            Ok(()) => self
                .notes
                .add(NoteKind::Done, format!("Exported as {}.", file_name(&done.path))),
            Err(sentence) => self.notes.add(NoteKind::Trouble, sentence),
        }
        Vec::new()
    }
}

/// `orders-asks-payments-runbook.md`, for the picker.
fn name_for(title: &str, format: Format, leaves_secrets_out: bool) -> String {
    let mut title = title.to_owned();
    if format == Format::Runbook {
        title.push_str(" runbook");
    }
    if leaves_secrets_out {
        title.push_str(" without secrets");
    }
    let name = PathBuf::from(answer::file_name_for(&title));
    name.with_extension(format.extension()).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::{Format, name_for};

    #[test]
    fn a_title_makes_the_name_of_an_export() {
        assert_eq!(
            name_for("orders → payments", Format::Html, false),
            "orders-payments.html"
        );
        assert_eq!(
            name_for("orders", Format::Runbook, true),
            "orders-runbook-without-secrets.md"
        );
    }
}
