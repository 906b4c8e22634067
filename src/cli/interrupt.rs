//! Ctrl+C while something waits for the network: it is ended in good order, and the exit status is the shell's own for it.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cancel::Cancel;

/// 128 and the number of SIGINT, as shells count.
const STATUS: u8 = 130;

static CANCEL: OnceLock<Cancel> = OnceLock::new();
/// Whether somebody waits who heeds the token.
static IS_HEEDED: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl+C did what it was meant for, and what it ended was told.
static IS_ANSWERED: AtomicBool = AtomicBool::new(false);

/// A token that Ctrl+C cancels, until [`over`]. A second Ctrl+C ends the process at once, as the first does where nobody
/// waits.
pub(super) fn cancel() -> Cancel {
    IS_HEEDED.store(true, Ordering::Relaxed);
    CANCEL
        .get_or_init(|| {
            let cancel = Cancel::default();
            let token = cancel.clone();
            // Where no handler can be had, Ctrl+C ends the process as it always does.
            let _ = ctrlc::set_handler(move || {
                if token.is_cancelled() || !IS_HEEDED.load(Ordering::Relaxed) {
                    std::process::exit(i32::from(STATUS));
                }
                token.cancel();
            });
            cancel
        })
        .clone()
}

/// Nobody waits any more.
pub(super) fn over() {
    IS_HEEDED.store(false, Ordering::Relaxed);
}

/// Ctrl+C was how a recording ends: the exit status is what is found in it.
pub(super) fn answered() {
    over();
    IS_ANSWERED.store(true, Ordering::Relaxed);
}

/// The exit status, if Ctrl+C came.
pub(super) fn status() -> Option<ExitCode> {
    has_come().then(|| ExitCode::from(STATUS))
}

/// Whether Ctrl+C came.
pub(super) fn has_come() -> bool {
    !IS_ANSWERED.load(Ordering::Relaxed) && CANCEL.get().is_some_and(Cancel::is_cancelled)
}
