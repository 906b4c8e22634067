//! `mtlscope lab`: run the pair, say what happened.

use std::sync::Arc;

use super::arguments::LabArguments;
use super::experiment::Experiments;
use super::outcome::{Format, Outcome, Unusable};
use super::setup::prepare;
use super::written::write_built_in;

use super::{asking, json, mends, output, scenarios, text};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::diagnose::Verdict;
use crate::printable::quoted_path;
use crate::session::{Session, save};
use crate::source::lab::run_blocking;

pub(super) fn run(arguments: &LabArguments) -> Result<Outcome, Unusable> {
    if arguments.list_scenarios {
        output::text(&scenarios::list())?;
        return Ok(Outcome::Good);
    }
    let base = scenarios::base(arguments.flags.scenario.as_deref())?;
    let whom = arguments.ask.find(false)?;
    let mut prepared = prepare(&arguments.flags, base)?;
    if let Some(folder) = &arguments.write_built_in {
        let names = write_built_in(&prepared.setup, folder)?;
        prepared.notes.push(format!(
            "What is built in was written to {}: {}.",
            quoted_path(folder),
            names.join(", ")
        ));
    } else if prepared.has_built_in() {
        prepared.notes.push(
            "What is built in is in no file, and is made anew for every run: with --write-built-in DIR it is written, by the names \
             that remedies have for it."
                .to_owned(),
        );
    }
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
    mends::spare(&mut analysis);
    prepared.name_built_in(&mut analysis.diagnosis.causes);
    let experiments = Experiments::run(&prepared.setup, &analysis, arguments.fixes, arguments.timeline)
        .map_err(|error| Unusable(error.to_string()))?;
    let told = whom.as_ref().map(|whom| whom.ask_about_pair(&prepared.setup));
    let missed = prepared
        .setup
        .fault
        .and_then(|fault| fault.missed(&analysis.capture));
    prepared.notes.extend(missed);
    let notes = &prepared.notes;
    match arguments.format {
        Format::Text => {
            let opinions = told.iter().flatten().map(asking::section).collect::<String>();
            let page = text::analysis(&analysis, notes, &arguments.tool);
            output::text(&(page + &experiments.text() + &opinions))?;
        }
        Format::Json => {
            for note in notes {
                output::error(&format!("note: {note}"));
            }
            output::json(&experiments.json(json::analysis(&analysis, notes), told.as_deref()))?;
        }
    }
    let is_refused = whom.is_some_and(|whom| whom.is_strict)
        && told.iter().flatten().any(|told| told.refusals().next().is_some());
    Ok(
        if analysis.diagnosis.verdict == Verdict::Accepted && !is_refused {
            Outcome::Good
        } else {
            Outcome::NotGood
        },
    )
}
