//! The same core without a window: flags in, text or JSON out, and an exit status.
//!
//! `arguments` is the command line as clap reads it, with `lab_flags` and `values`; `setup` turns flags and files into a lab
//! run, `overlay` lays them over a recording; `lab`, `show`, `compare`, `export`, `verify`, `explain`, `audit`, `lesson` and `doctor` are the commands, and `outcome`
//! is what becomes of one; `json` is the published contract and `text` its counterpart for people, 80 columns wide.
//! `experiment` adds proven fixes and the time line, `verify` prints SARIF and JUnit. Only this module prints, and all of it
//! through `output`.
//!
//! Deliberately absent: judgement. What is printed was concluded in the layers below.

mod arguments;
mod asking;
mod audit;
mod compact;
mod compare;
mod doctor;
mod experiment;
mod explain;
mod explain_files;
mod export;
mod fault;
mod fetching;
mod input;
mod interrupt;
mod json;
mod json_cause;
mod json_paths;
mod lab;
mod lab_flags;
mod lesson;
mod mends;
mod outcome;
mod output;
mod overlay;
mod packets;
mod page;
mod passphrase;
mod pasted;
mod scenarios;
mod setup;
mod show;
mod source;
mod status;
mod steps;
mod terminal;
mod text;
mod tree;
mod values;
mod verify;
mod withhold;
mod written;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ContextValue;

use crate::printable::quoted_value;
use output::refuse;

pub use arguments::WindowOptions;
pub use doctor::WindowFound;
pub use json::{AnalysisJson, analysis as analysis_to_json};
pub use lab_flags::LabFlags;
pub use outcome::{Format, Unusable};
pub use setup::{Prepared, prepare};
pub use terminal::{refuse_to_start, tell_in_terminal, window_setup, without_a_window};
pub use text::analysis as analysis_to_text;

/// What the user asked for.
#[derive(Debug)]
pub enum Invocation {
    /// The window, with what was named on the command line.
    Window(Box<WindowOptions>),
    /// One of the commands that need no window.
    Command(Command),
}

/// A command that needs no window.
#[derive(Debug)]
pub struct Command(arguments::Command);

/// Reads this process's command line. `Err` is the exit status after `--help` and `--version` (0) and after the sentence
/// on what cannot be read (2).
pub fn parse() -> Result<Invocation, ExitCode> {
    parse_from(std::env::args_os()).map_err(|error| {
        if error.use_stderr() {
            return refuse(&unreadable(&error));
        }
        // Help and version, in clap's own colours where somebody watches.
        match output::printed(error.print()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(unusable) => refuse(&unusable.to_string()),
        }
    })
}

/// clap's paragraph as one sentence, with as much of the user's own words as a sentence needs: they may be a key.
fn unreadable(error: &clap::Error) -> String {
    let mut words = error.to_string();
    let given = error.context().flat_map(|(_, value)| match value {
        ContextValue::String(one) => vec![one.clone()],
        ContextValue::Strings(several) => several.clone(),
        _ => Vec::new(),
    });
    for value in given {
        let shown = quoted_value(&value);
        if shown != value && !value.is_empty() {
            words = words.replace(&value, &shown);
        }
    }
    let first: Vec<&str> = words
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let sentence = first.join(" ");
    format!(
        "{}; see mtlscope --help",
        sentence.trim_start_matches("error: ").trim_end_matches('.')
    )
}

/// As [`parse`], for any arguments; the first is the program's name.
pub fn parse_from<I, T>(arguments: I) -> Result<Invocation, clap::Error>
where
    I: IntoIterator<Item = T>,
    T: Into<std::ffi::OsString> + Clone,
{
    arguments::Arguments::try_parse_from(arguments).map(sort_out)
}

fn sort_out(arguments: arguments::Arguments) -> Invocation {
    match arguments.command {
        Some(command) => Invocation::Command(Command(command)),
        None => Invocation::Window(Box::new(WindowOptions {
            flags: arguments.lab,
            files: arguments.files,
        })),
    }
}

/// Runs a command and says how it went: 0 good, 1 not good and the causes printed, 2 unusable input, 130 after Ctrl+C.
/// `window` tries to get a window, for the one command that asks whether there would be one; `Err` is the sentence on why not.
pub fn run(command: &Command, window: impl FnOnce() -> Result<WindowFound, String>) -> ExitCode {
    let result = match &command.0 {
        arguments::Command::Lab(arguments) => lab::run(arguments),
        arguments::Command::Show(arguments) => show::run(arguments),
        arguments::Command::Compare(arguments) => compare::run(arguments),
        arguments::Command::Export(arguments) => export::run(arguments),
        arguments::Command::Explain(arguments) => explain::run(arguments),
        arguments::Command::Audit(arguments) => audit::run(arguments),
        arguments::Command::Verify(arguments) => verify::run(arguments),
        arguments::Command::Lesson(arguments) => lesson::run(arguments),
        arguments::Command::Doctor(arguments) => doctor::run(arguments, window),
    };
    let status = match result {
        Ok(outcome) => outcome.exit_code(),
        Err(unusable) => refuse(&unusable.to_string()),
    };
    interrupt::status().unwrap_or(status)
}
