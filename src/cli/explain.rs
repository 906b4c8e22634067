//! `mtlscope explain`: a pasted log line, in plain words; with files, what they say to each cause.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use super::arguments::ExplainArguments;
use super::lab_flags::LabFlags;
use super::outcome::{Format, Outcome, Unusable};
use super::pasted::pasted;
use super::setup::prepare;
use super::{output, scenarios, text};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::diagnose::{Candidate, LogReading, LogRole, Settled, Sieved, name_files, read_log, settle};
use crate::printable::without_keys;
use crate::source::lab::run_blocking;
use crate::stack::Stack;

pub(super) fn run(arguments: &ExplainArguments) -> Result<Outcome, Unusable> {
    let pasted = pasted(&arguments.text)?;
    let mut reading = read_log(&pasted.text);
    let analysis = if arguments.flags == LabFlags::default() {
        None
    } else {
        Some(analysis_of(&arguments.flags)?)
    };
    if let Some(analysis) = &analysis {
        name_files(&mut reading, &analysis.diagnosis, &analysis.capture);
    }
    let settled: Vec<Option<Settled>> = reading
        .candidates
        .iter()
        .map(|candidate| {
            let diagnosis = &analysis.as_ref()?.diagnosis;
            Some(settle(candidate, reading.speaker.judge(), diagnosis))
        })
        .collect();
    let mut candidates: Vec<(&Candidate, Option<Settled>)> = reading.candidates.iter().zip(settled).collect();
    // What the files show comes first, what they rule out last.
    candidates.sort_by_key(|(_, settled)| settled.as_ref().map(Settled::order));
    match arguments.format {
        Format::Text => output::text(&as_text(&pasted, &reading, &candidates, analysis.as_ref()))?,
        Format::Json => output::json(&as_json(&pasted, &reading, &candidates))?,
    }
    Ok(if reading.is_understood() {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}

fn analysis_of(flags: &LabFlags) -> Result<Analysis, Unusable> {
    let base = scenarios::base(flags.scenario.as_deref())?;
    let prepared = prepare(flags, base)?;
    let capture =
        run_blocking(&prepared.setup, &Cancel::default()).map_err(|error| Unusable(error.to_string()))?;
    Ok(Analysis::of(Arc::new(capture)))
}

fn as_text(
    pasted: &Sieved,
    reading: &LogReading,
    candidates: &[(&Candidate, Option<Settled>)],
    analysis: Option<&Analysis>,
) -> String {
    if !reading.is_understood() {
        let mut words = text::wrapped(&format!(
            "This text is not known: none of its words is one that {} is known to say of a failed handshake.",
            Stack::any_of_all()
        ));
        for heard in &reading.heard {
            words.push_str(&text::indented(
                2,
                &format!("It does hold {}, which alone says nothing.", heard.words),
            ));
        }
        words.push_str(&text::wrapped(
            "Paste the whole line, with the lines around it. A packet capture of the attempt says more: mtlscope show \
             FILE.",
        ));
        return words;
    }
    let mut out = text::wrapped(&reading.speaker.sentence());
    if pasted.left_out > 0 {
        out.push_str(&text::wrapped(&format!(
            "The log says more than is kept of one: {} further lines were left out.",
            pasted.left_out
        )));
    }
    out.push_str("\nWhat was recognised\n");
    let mut told: Vec<&str> = Vec::new();
    for heard in &reading.heard {
        if told.contains(&heard.words.as_str()) {
            continue;
        }
        told.push(&heard.words);
        let own: String = pasted
            .text
            .get(heard.range.clone())
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        out.push_str(&text::indented(
            2,
            &format!("{}: {}", without_keys(&own), heard.words),
        ));
    }
    out.push_str("\nWhat it can mean\n");
    for (index, (candidate, settled)) in candidates.iter().enumerate() {
        out.push_str(&text::indented(
            2,
            &format!(
                "{}. {} [{} · {}]",
                index + 1,
                candidate.title,
                candidate.id.word(),
                likelihood(candidate)
            ),
        ));
        if let Some(words) = settled.as_ref().map(|settled| settled_words(settled, analysis)) {
            out.push_str(&text::indented(5, &words));
        }
        if matches!(settled, None | Some(Settled::Open { .. })) {
            out.push_str(&format!("     Check: {}\n", candidate.check));
        }
    }
    if analysis.is_none() && reading.candidates.len() > 1 {
        out.push_str(&text::wrapped(
            "\nGive your files to have every one of these checked at once: mtlscope explain … --client-cert FILE \
             --client-trust FILE --server-cert FILE --server-trust FILE.",
        ));
    }
    out
}

fn likelihood(candidate: &Candidate) -> &'static str {
    match candidate.likelihood {
        crate::diagnose::Likelihood::Said => "the words say so themselves",
        crate::diagnose::Likelihood::Likely => "likely",
        crate::diagnose::Likelihood::Possible => "possible",
    }
}

fn settled_words(settled: &Settled, analysis: Option<&Analysis>) -> String {
    match settled {
        Settled::Confirmed { cause } => {
            let detail = analysis
                .and_then(|analysis| analysis.diagnosis.causes.get(*cause))
                .map_or("", |cause| cause.detail.as_str());
            format!("CONFIRMED by your files. {detail}")
        }
        Settled::RuledOut { why } => format!("ruled out: {why}."),
        Settled::Open { why } => format!("open: {why}."),
    }
}

#[derive(Serialize)]
struct ExplanationJson<'a> {
    schema: &'static str,
    understood: bool,
    lines_left_out: u64,
    speaker: SpeakerJson,
    heard: Vec<HeardJson<'a>>,
    candidates: Vec<CandidateJson<'a>>,
}

#[derive(Serialize)]
struct SpeakerJson {
    side: Option<&'static str>,
    role: Option<&'static str>,
    judge: Option<&'static str>,
    stack: Option<&'static str>,
    library: Option<&'static str>,
    words: String,
}

#[derive(Serialize)]
struct HeardJson<'a> {
    start: u64,
    end: u64,
    text: Cow<'a, str>,
    words: &'a str,
}

#[derive(Serialize)]
struct CandidateJson<'a> {
    id: &'static str,
    likelihood: &'static str,
    title: &'a str,
    why: &'a str,
    check: &'a str,
    settled: Option<&'static str>,
}

fn as_json<'a>(
    pasted: &'a Sieved,
    reading: &'a LogReading,
    candidates: &[(&'a Candidate, Option<Settled>)],
) -> ExplanationJson<'a> {
    ExplanationJson {
        schema: "mtlscope.explanation/1",
        understood: reading.is_understood(),
        lines_left_out: pasted.left_out,
        speaker: SpeakerJson {
            side: reading.speaker.side.map(Side::word),
            role: reading.speaker.role.map(|role| match role {
                LogRole::Judges => "judges",
                LogRole::Told => "told",
                LogRole::Own => "own",
            }),
            judge: reading.speaker.judge().map(Side::word),
            stack: reading.speaker.stack,
            library: reading.speaker.library,
            words: reading.speaker.sentence(),
        },
        heard: reading
            .heard
            .iter()
            .map(|heard| HeardJson {
                start: pasted.place(heard.range.start),
                end: pasted.place(heard.range.end),
                text: without_keys(pasted.text.get(heard.range.clone()).unwrap_or_default()),
                words: &heard.words,
            })
            .collect(),
        candidates: candidates
            .iter()
            .map(|(candidate, settled)| CandidateJson {
                id: candidate.id.word(),
                likelihood: candidate.likelihood.word(),
                title: &candidate.title,
                why: &candidate.why,
                check: &candidate.check,
                settled: settled.as_ref().map(|settled| match settled {
                    Settled::Confirmed { .. } => "confirmed",
                    Settled::RuledOut { .. } => "ruled-out",
                    Settled::Open { .. } => "open",
                }),
            })
            .collect(),
    }
}
