//! The system's file dialog, asked on a thread of its own: a portal may take its time, or never answer.

use std::path::PathBuf;

use super::purpose::PickPurpose;

/// Asks for a path; `None` for Cancel and for a system without a dialog (which look alike).
pub(super) async fn ask(purpose: PickPurpose, directory: Option<PathBuf>) -> Option<PathBuf> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new().name("mtlscope file dialog".to_owned());
    // Without a thread the answer is None at once, and our own picker is offered.
    let _ = thread.spawn(move || {
        // Nobody may wait any more.
        let _ = answer.send(ask_here(&purpose, directory));
    });
    answered.await.ok().flatten()
}

fn ask_here(purpose: &PickPurpose, directory: Option<PathBuf>) -> Option<PathBuf> {
    let mut dialog = rfd::FileDialog::new().set_title(purpose.title());
    if let Some(directory) = directory {
        dialog = dialog.set_directory(directory);
    }
    for (words, endings) in purpose.filters() {
        dialog = dialog.add_filter(words, endings);
    }
    match purpose {
        PickPurpose::SaveSession(name) | PickPurpose::SaveProgress(name) | PickPurpose::Export(_, name) => {
            dialog.set_file_name(name).save_file()
        }
        PickPurpose::OpenSession
        | PickPurpose::Compare(..)
        | PickPurpose::Slot(..)
        | PickPurpose::Lists(_)
        | PickPurpose::Material
        | PickPurpose::KeyLog(_)
        | PickPurpose::Pack
        | PickPurpose::LoadProgress
        | PickPurpose::Program(_) => dialog.pick_file(),
    }
}
