//! `mtlscope verify`: chains judged without a handshake, many in one call, for people and for pipelines.
//!
//! `flags` is the command line; `input` reads the files; `judging` asks rustls and explains with our matrix; `report` is
//! what came of it, and `page`, `contract`, `sarif` and `junit` print it, in one form each.
//!
//! One file that cannot be used spoils neither the others nor their report: they are judged and printed all the same, the
//! file is named on stderr, and the exit status is 2.

mod contract;
mod flags;
mod input;
mod judging;
mod junit;
mod page;
mod report;
mod sarif;
#[cfg(test)]
mod tests;

use super::outcome::{Outcome, Unusable};
use super::output;

use flags::ReportFormat;
pub(super) use flags::VerifyArguments;
use report::Entry;

pub(super) fn run(arguments: &VerifyArguments) -> Result<Outcome, Unusable> {
    let asked = input::asked(arguments)?;
    let report = judging::judge_all(arguments, asked)?;
    match arguments.format {
        ReportFormat::Text => output::text(&page::page(&report, &arguments.tool))?,
        ReportFormat::Json => output::json(&contract::contract(&report))?,
        ReportFormat::Sarif => output::json(&sarif::log(&report))?,
        ReportFormat::Junit => output::document(&junit::document(&report))?,
    }
    let mut unusable = report.entries.iter().filter_map(|entry| match entry {
        Entry::Unusable { sentence, .. } => Some(sentence),
        Entry::Judged(_) => None,
    });
    if let Some(first) = unusable.next() {
        // The last of them is said by whoever sets the exit status.
        let mut last = first;
        for sentence in unusable {
            output::error(&format!("mtlscope: {last}"));
            last = sentence;
        }
        return Err(Unusable(last.clone()));
    }
    Ok(if report.is_good() {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}
