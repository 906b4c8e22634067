//! The program: a window, or a command that needs none.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use mtlscope::cli::{self, Invocation, WindowOptions};
use mtlscope::state::Settings;
use mtlscope::ui::{Options, WindowError, run_window};

/// Decoding makes many small values on several threads at once, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match cli::parse() {
        Ok(Invocation::Window(options)) => window(&options),
        Ok(Invocation::Command(command)) => cli::run(&command),
        Err(status) => status,
    }
}

/// The window; where there is no display, the same handshake told in the terminal.
fn window(options: &WindowOptions) -> ExitCode {
    let prepared = match cli::window_setup(options) {
        Ok(prepared) => prepared,
        Err(unusable) => return cli::refuse_to_start(&unusable.to_string()),
    };
    let (setup, notes) = prepared.map_or((None, Vec::new()), |prepared| {
        (Some(prepared.setup), prepared.notes)
    });
    let start = Options {
        setup: setup.map(Box::new),
        files: options.files.clone(),
        notes,
        settings: Settings::usual_path(),
        ..Options::default()
    };
    match run_window(start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(
            error @ (WindowError::NoDisplay
            | WindowError::MissingLibrary { .. }
            | WindowError::NoOpenGl { .. }),
        ) => cli::without_a_window(options, &format!("No window: {error}.")),
        Err(error) => cli::refuse_to_start(&error.to_string()),
    }
}
