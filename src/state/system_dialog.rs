//! The system's file dialog, asked on a thread of its own: a portal may take its time, or never answer.

use std::path::PathBuf;

use super::dialogs::PickPurpose;

/// Asks, and calls `answer` with what was chosen; `None` for Cancel and for a system without a dialog (which look alike).
pub(super) fn ask(
    purpose: PickPurpose,
    directory: Option<PathBuf>,
    answer: impl FnOnce(Option<PathBuf>) + Send + 'static,
) {
    let thread = std::thread::Builder::new().name("mtlscope file dialog".to_owned());
    // Without a thread there is no answer, and our own picker is offered after a second.
    let _ = thread.spawn(move || answer(ask_here(&purpose, directory)));
}

fn ask_here(purpose: &PickPurpose, directory: Option<PathBuf>) -> Option<PathBuf> {
    let mut dialog = rfd::FileDialog::new().set_title(purpose.title());
    if let Some(directory) = directory {
        dialog = dialog.set_directory(directory);
    }
    match purpose {
        PickPurpose::SaveSession(name) => dialog
            .add_filter("mtlscope session", &["ron"])
            .set_file_name(name)
            .save_file(),
        PickPurpose::OpenSession => dialog
            .add_filter("sessions and packet captures", &["ron", "pcap", "pcapng", "cap"])
            .pick_file(),
        PickPurpose::Slot(..) | PickPurpose::Lists(_) | PickPurpose::Material | PickPurpose::KeyLog(_) => {
            dialog.pick_file()
        }
    }
}
