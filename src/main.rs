//! The program: a window, or a command that needs none.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use mtlscope::cli::{self, Invocation, WindowFound, WindowOptions};
use mtlscope::state::Settings;
use mtlscope::ui::{Options, WindowError, run_window, try_window};

/// Decoding makes many small values on several threads at once, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match cli::parse() {
        Ok(Invocation::Window(options)) => window(&options),
        Ok(Invocation::Command(command)) => cli::run(&command, find_window),
        Err(status) => status,
    }
}

/// The window; where there is no display, the same handshake told in the terminal.
fn window(options: &WindowOptions) -> ExitCode {
    let prepared = match cli::window_setup(options) {
        Ok(prepared) => prepared,
        Err(unusable) => return cli::refuse_to_start(&unusable.to_string()),
    };
    let given = prepared.map(|prepared| Options {
        setup: Some(Box::new(prepared.setup)),
        notes: prepared.notes,
        passphrases: prepared.passphrases,
        ..Options::default()
    });
    let start = Options {
        files: options.files.clone(),
        settings: Settings::usual_path(),
        ..given.unwrap_or_default()
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

/// Whether there would be a window here.
fn find_window() -> Result<WindowFound, String> {
    let trial = try_window().map_err(|error| error.to_string())?;
    Ok(WindowFound {
        opengl: trial.opengl,
        screens: trial
            .screens
            .iter()
            .map(|screen| (screen.width, screen.height))
            .collect(),
        missing_scripts: trial.missing_scripts,
    })
}
