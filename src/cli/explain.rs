//! `mtlscope explain`: a pasted log line, in plain words; with files, what they say to each cause.

use std::borrow::Cow;

use serde::Serialize;

use super::arguments::ExplainArguments;
use super::explain_files::analysis_of;
use super::lab_flags::LabFlags;
use super::outcome::{Format, Outcome, Unusable};
use super::pasted::pasted;
use super::steps::are_steps;
use super::{mends, output, text};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{
    Candidate, LineReading, LogReading, LogRole, Remedy, Settled, Shown, Sieved, Speaker, name_files,
    read_log, settle,
};
use crate::printable::{shortened, without_keys};
use crate::stack::Stack;

/// More of a line is not repeated.
const LONGEST_QUOTE: usize = 200;

pub(super) fn run(arguments: &ExplainArguments) -> Result<Outcome, Unusable> {
    let pasted = pasted(&arguments.text)?;
    let mut reading = read_log(&pasted.text);
    let (analysis, not_judged) = if arguments.flags == LabFlags::default() {
        (None, Vec::new())
    } else {
        let (analysis, not_judged) = analysis_of(&arguments.flags)?;
        (Some(analysis), not_judged)
    };
    if let Some(analysis) = &analysis {
        name_files(&mut reading, &analysis.diagnosis, &analysis.capture);
    }
    let settled: Vec<Option<Settled>> = reading
        .candidates
        .iter()
        .map(|candidate| {
            let analysis = analysis.as_ref()?;
            let shown = Shown {
                diagnosis: &analysis.diagnosis,
                capture: &analysis.capture,
                transcript: &analysis.transcript,
            };
            Some(settle(candidate, &reading.speaker, shown))
        })
        .collect();
    let settled = settled.into_iter().map(spared).collect::<Vec<_>>();
    let mut candidates: Vec<(&Candidate, Option<Settled>)> = reading.candidates.iter().zip(settled).collect();
    // What the files show comes first, what they rule out last.
    candidates.sort_by_key(|(_, settled)| settled.as_ref().map(Settled::order));
    match arguments.format {
        Format::Text => {
            let mut words = as_text(&pasted, &reading, &candidates, analysis.as_ref());
            if !not_judged.is_empty() {
                words.push('\n');
            }
            for sentence in &not_judged {
                words.push_str(&text::wrapped(sentence));
            }
            output::text(&words)?;
        }
        Format::Json => {
            let mut explained = as_json(&pasted, &reading, &candidates, analysis.as_ref());
            explained.not_judged = not_judged;
            output::json(&explained)?;
        }
    }
    Ok(if reading.is_understood() {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}

/// With names of files that are free here.
fn spared(mut settled: Option<Settled>) -> Option<Settled> {
    if let Some(Settled::Warned { cause, .. }) = &mut settled {
        mends::spare_causes(std::slice::from_mut(cause));
    }
    settled
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
            out.push_str(&mend_words(&candidate.mend));
        }
        // What the files show first is what to mend.
        if index == 0 {
            for remedy in remedies(settled.as_ref(), analysis) {
                out.push_str(&text::indented(5, &format!("Fix: {}", remedy.text)));
                out.push_str(&text::commands(&remedy.commands));
            }
        }
    }
    out.push_str(&line_by_line(&pasted.text, &reading.lines));
    if analysis.is_none() && reading.candidates.len() > 1 {
        out.push_str(&text::wrapped(
            "\nGive your files to have every one of these checked at once: mtlscope explain … --client-cert FILE \
             --client-key FILE --client-trust FILE --server-cert FILE --server-key FILE --server-trust FILE. A side \
             that is not given is built in.",
        ));
    }
    out
}

/// The commands that mend it, where the words say exactly what is amiss.
fn mend_words(commands: &[String]) -> String {
    if commands.is_empty() {
        return String::new();
    }
    format!("     Fix:\n{}", text::commands(commands))
}

/// Of a text in which several lines say different things: each by itself.
fn line_by_line(pasted: &str, lines: &[LineReading]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut out = "\nLine by line\n".to_owned();
    for line in lines {
        let said = pasted.lines().nth(line.number - 1).unwrap_or_default().trim();
        let said = shortened(said, LONGEST_QUOTE);
        out.push_str(&text::indented(
            2,
            &format!("{}. {}", line.number, without_keys(&said)),
        ));
        let who = line
            .speaker
            .stack
            .map_or_else(String::new, |stack| format!("{stack}: "));
        let mut meanings = line.candidates.iter().map(|candidate| candidate.title.as_str());
        let first = meanings.next().unwrap_or_default();
        let more = match meanings.count() {
            0 => String::new(),
            1 => "; or one thing more".to_owned(),
            many => format!("; or {many} things more"),
        };
        out.push_str(&text::indented(5, &format!("{who}{first}{more}.")));
    }
    out
}

/// What mends what the files show.
fn remedies<'a>(settled: Option<&'a Settled>, analysis: Option<&'a Analysis>) -> Vec<&'a Remedy> {
    let cause = match settled {
        Some(Settled::Warned { cause, .. }) => Some(&**cause),
        Some(Settled::Confirmed { cause }) => {
            analysis.and_then(|analysis| analysis.diagnosis.causes.get(*cause))
        }
        Some(Settled::Open { .. } | Settled::RuledOut { .. }) | None => None,
    };
    let all = cause.map(|cause| cause.remedies.as_slice()).unwrap_or_default();
    all.iter().filter(|remedy| remedy.is_general()).collect()
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
        Settled::Warned { words, .. } => format!("CONFIRMED by your files. {words}"),
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
    /// Of a text in which several lines say different things: each by itself.
    lines: Vec<LineJson<'a>>,
    /// What the files could not tell without a private key that signs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_judged: Vec<String>,
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
    /// The commands that mend it, where the words say exactly what is amiss.
    mend: &'a [String],
    settled: Option<&'static str>,
    /// What the files show of it.
    found: Option<String>,
    remedies: Vec<RemedyJson<'a>>,
}

#[derive(Serialize)]
struct RemedyJson<'a> {
    text: &'a str,
    commands: &'a [String],
    /// As in an analysis.
    stop_at_first_error: bool,
}

#[derive(Serialize)]
struct LineJson<'a> {
    line: usize,
    speaker: SpeakerJson,
    causes: Vec<&'static str>,
    means: &'a str,
}

fn speaker(speaker: &Speaker) -> SpeakerJson {
    SpeakerJson {
        side: speaker.side.map(Side::word),
        role: speaker.role.map(|role| match role {
            LogRole::Judges => "judges",
            LogRole::Told => "told",
            LogRole::Own => "own",
        }),
        judge: speaker.judge().map(Side::word),
        stack: speaker.stack,
        library: speaker.library,
        words: speaker.sentence(),
    }
}

fn as_json<'a>(
    pasted: &'a Sieved,
    reading: &'a LogReading,
    candidates: &'a [(&'a Candidate, Option<Settled>)],
    analysis: Option<&'a Analysis>,
) -> ExplanationJson<'a> {
    ExplanationJson {
        schema: "mtlscope.explanation/1",
        understood: reading.is_understood(),
        not_judged: Vec::new(),
        lines_left_out: pasted.left_out,
        speaker: speaker(&reading.speaker),
        lines: reading
            .lines
            .iter()
            .map(|line| LineJson {
                line: line.number,
                speaker: speaker(&line.speaker),
                causes: line.candidates.iter().map(|one| one.id.word()).collect(),
                means: line.candidates.first().map_or("", |one| one.title.as_str()),
            })
            .collect(),
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
                mend: &candidate.mend,
                found: match settled {
                    Some(found @ (Settled::Confirmed { .. } | Settled::Warned { .. })) => {
                        Some(settled_words(found, analysis))
                    }
                    Some(Settled::RuledOut { .. } | Settled::Open { .. }) | None => None,
                },
                remedies: remedies(settled.as_ref(), analysis)
                    .into_iter()
                    .map(|remedy| RemedyJson {
                        text: &remedy.text,
                        commands: &remedy.commands,
                        stop_at_first_error: are_steps(&remedy.commands),
                    })
                    .collect(),
                settled: settled.as_ref().map(|settled| match settled {
                    Settled::Confirmed { .. } | Settled::Warned { .. } => "confirmed",
                    Settled::RuledOut { .. } => "ruled-out",
                    Settled::Open { .. } => "open",
                }),
            })
            .collect(),
    }
}
