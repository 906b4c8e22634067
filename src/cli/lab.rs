//! `mtlscope lab`: run the pair, say what happened.

use std::sync::Arc;

use super::arguments::LabArguments;
use super::experiment::Experiments;
use super::outcome::{Format, Outcome, Unusable};
use super::setup::prepare;

use super::{json, output, scenarios, text};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::diagnose::Verdict;
use crate::session::{Session, save};
use crate::source::lab::run_blocking;

pub(super) fn run(arguments: &LabArguments) -> Result<Outcome, Unusable> {
    if arguments.list_scenarios {
        output::text(&scenarios::list())?;
        return Ok(Outcome::Good);
    }
    let base = scenarios::base(arguments.flags.scenario.as_deref())?;
    let prepared = prepare(&arguments.flags, base)?;
    let capture =
        run_blocking(&prepared.setup, &Cancel::default()).map_err(|error| Unusable(error.to_string()))?;
    let capture = Arc::new(capture);
    // The evidence first: whatever becomes of the output, it is not lost.
    if let Some(path) = &arguments.save {
        let session = Session::new(Arc::clone(&capture));
        let session = if arguments.redact {
            session.redacted()
        } else {
            session
        };
        save(path, &session).map_err(|error| Unusable(error.to_string()))?;
    }
    let mut analysis = Analysis::of(capture);
    prepared.name_built_in(&mut analysis.diagnosis.causes);
    let experiments = Experiments::run(&prepared.setup, &analysis, arguments.fixes, arguments.timeline)
        .map_err(|error| Unusable(error.to_string()))?;
    let notes = &prepared.notes;
    match arguments.format {
        Format::Text => {
            output::text(&(text::analysis(&analysis, notes, &arguments.tool) + &experiments.text()))?;
        }
        Format::Json => {
            for note in notes {
                output::error(&format!("note: {note}"));
            }
            output::json(&experiments.json(json::analysis(&analysis, notes)))?;
        }
    }
    Ok(if analysis.diagnosis.verdict == Verdict::Accepted {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}
