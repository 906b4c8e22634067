//! The program: a window, or a command that needs none.

use std::process::ExitCode;

use mtlscope::cli::{self, Invocation};

fn main() -> ExitCode {
    match cli::parse() {
        Invocation::Window(options) => cli::without_a_window(&options, "There is no window yet."),
        Invocation::Command(command) => cli::run(&command),
    }
}
