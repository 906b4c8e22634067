//! The handshake told in the terminal, where there is no window to show it in.

use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::{ShowArguments, WindowOptions};
use super::lab_flags::LabFlags;
use super::outcome::{Format, Outcome, Unusable};
use super::output::{self, refuse};
use super::setup::{Prepared, prepare};
use super::{scenarios, show, text};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::diagnose::Verdict;
use crate::setup::LabSetup;
use crate::source::lab::run_blocking;

/// Runs the handshake, tells it step by step, and says how to get the window. `reason` is one sentence that says why
/// there is none (`There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set.`).
pub fn tell_in_terminal(setup: &LabSetup, reason: &str) -> ExitCode {
    let capture = match run_blocking(setup, &Cancel::default()) {
        Ok(capture) => capture,
        Err(error) => return refuse(&error.to_string()),
    };
    let analysis = Analysis::of(Arc::new(capture));
    let told = output::text(&format!(
        "{}\n{}",
        text::steps(&analysis),
        text::wrapped(&format!(
            "{reason} So the handshake was told here. To see it in the window, run mtlscope on a desktop (over ssh: ssh -X). \
             Without a window, `mtlscope lab --help` and `mtlscope show --help` do the same work."
        ))
    ));
    if let Err(unusable) = told {
        return refuse(&unusable.to_string());
    }
    if analysis.diagnosis.verdict == Verdict::Accepted {
        Outcome::Good.exit_code()
    } else {
        Outcome::NotGood.exit_code()
    }
}

/// What the window would have shown, told here: the sessions that were named, else the handshake that the flags make.
pub fn without_a_window(options: &WindowOptions, reason: &str) -> ExitCode {
    if options.files.is_empty() {
        let prepared =
            scenarios::base(options.flags.scenario.as_deref()).and_then(|base| prepare(&options.flags, base));
        return match prepared {
            Ok(prepared) => tell_in_terminal(&prepared.setup, reason),
            Err(unusable) => refuse(&unusable.to_string()),
        };
    }
    let mut outcome = Outcome::Good;
    for file in &options.files {
        let arguments = ShowArguments::of(file.clone(), Format::Text);
        match show::run(&arguments) {
            Ok(Outcome::Good) => {}
            Ok(Outcome::NotGood) => outcome = Outcome::NotGood,
            Err(unusable) => return refuse(&unusable.to_string()),
        }
    }
    outcome.exit_code()
}

/// What the window starts with: `None` where no flag was given, so that the built-in identities are minted behind the
/// first frame and not before it. The error is the sentence for stderr.
pub fn window_setup(options: &WindowOptions) -> Result<Option<Prepared>, Unusable> {
    if options.flags == LabFlags::default() {
        return Ok(None);
    }
    let base = scenarios::base(options.flags.scenario.as_deref())?;
    prepare(&options.flags, base).map(Some)
}

/// Status 2, with the sentence on stderr.
pub fn refuse_to_start(sentence: &str) -> ExitCode {
    refuse(sentence)
}
