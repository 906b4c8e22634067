//! Proven fixes and the time line of a lab run, as text and as additions to the published contract.

use serde::Serialize;

use super::asking::{self, OpinionJson, Told};
use super::json::AnalysisJson;
use super::json_cause::{CertificateJson, certificate};
use super::text;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::diagnose::what_is_missing;
use crate::experiment::repair::{self, Budget, Edit, Found};
use crate::experiment::time::{Failure, TimeLine, WindowKind, moment_words, time_line};
use crate::setup::LabSetup;
use crate::source::lab::LabError;

/// What was asked for beside the run.
#[derive(Debug, Default)]
pub(super) struct Experiments {
    fixes: Option<Found>,
    /// What to say where there are none.
    missing: String,
    line: Option<TimeLine>,
}

impl Experiments {
    /// Searches and works out what was asked for.
    pub(super) fn run(
        setup: &LabSetup,
        analysis: &Analysis,
        wants_fixes: bool,
        wants_line: bool,
    ) -> Result<Self, LabError> {
        let cancel = Cancel::default();
        let mut made = Self::default();
        if wants_fixes {
            let causes = &analysis.diagnosis.causes;
            let found = repair::search(setup, causes, &cancel, &Budget::PATIENT, &mut |_| {})?;
            made.fixes = Some(found);
            made.missing = what_is_missing(causes);
        }
        if wants_line {
            made.line = time_line(setup, jiff::Timestamp::now().as_second(), &cancel);
        }
        Ok(made)
    }

    /// For people; empty where nothing was asked for.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        if let Some(found) = &self.fixes {
            out.push_str(&fixes_text(found, &self.missing));
        }
        if let Some(line) = &self.line {
            out.push_str(&line_text(line));
        }
        out
    }

    /// The published analysis with these additions.
    pub(super) fn json<'a>(&self, analysis: AnalysisJson<'a>, told: Option<&[Told]>) -> LabJson<'a> {
        LabJson {
            analysis,
            fixes: self
                .fixes
                .as_ref()
                .map(|found| found.fixes.iter().map(FixJson::of).collect()),
            fix_search: self.fixes.as_ref().map(|found| FixSearchJson {
                tried: found.tried,
                succeeded: found.succeeded,
                took_us: found.took.as_micros() as u64,
                cut_short: found.is_cut_short,
            }),
            timeline: self.line.as_ref().map(TimeLineJson::of),
            opinions: told.map(|all| all.iter().flat_map(asking::json).collect()),
        }
    }
}

fn fixes_text(found: &Found, missing: &str) -> String {
    if found.tried == 0 {
        return "\nProven fixes\n  Nothing is to be mended.\n".to_owned();
    }
    let edits = if found.tried == 1 { "edit" } else { "edits" };
    let mut ending = match found.succeeded {
        0 => "none makes this handshake succeed".to_owned(),
        1 => "1 succeeds".to_owned(),
        many => format!("{many} succeed"),
    };
    if found.is_too_much_work {
        ending.push_str("; not everything was tried: there are too many certificates at hand for that");
    } else if found.is_cut_short {
        ending.push_str("; not everything was tried");
    }
    let summary = format!(
        "Tried {} {edits} with the real stack in {} ms; {ending}.",
        found.tried,
        found.took.as_millis().max(1)
    );
    let mut out = format!("\nProven fixes\n{}", text::indented(2, &summary));
    if found.fixes.is_empty() {
        out.push_str(&text::indented(2, missing));
    }
    for (index, fix) in found.fixes.iter().enumerate() {
        out.push('\n');
        out.push_str(&text::numbered(index + 1, &fix.summary()));
        for caution in &fix.cautions {
            out.push_str(&text::indented(5, caution));
        }
        out.push_str(&text::commands(&fix.commands));
    }
    out
}

fn line_text(line: &TimeLine) -> String {
    let mut out = "\nWhen this pair works (UTC; both ends of each line count)\n".to_owned();
    for span in &line.spans {
        let sign = if span.works() { "✓" } else { "✗" };
        let is_now = (span.from_unix_s..=span.until_unix_s).contains(&line.now_unix_s);
        let here = if is_now { "  ← now" } else { "" };
        out.push_str(&format!(
            "  {sign} {} – {}{here}\n",
            moment(span.from_unix_s),
            moment(span.until_unix_s)
        ));
        for failure in &span.failures {
            out.push_str(&text::indented(6, &failure.words()));
        }
        if span.works() {
            out.push_str(&text::indented(6, "works"));
        }
    }
    out.push_str("\nValid\n");
    for window in &line.windows {
        out.push_str(&format!(
            "    {} – {}\n",
            moment(window.not_before),
            moment(window.not_after)
        ));
        let whose = match window.slot {
            crate::capture::Slot::Trust => format!("the {} trusts it", window.side.word()),
            _ => format!("the {}'s", window.side.word()),
        };
        out.push_str(&text::indented(
            6,
            &format!("{} ({}, {whose})", window.name, window.word()),
        ));
    }
    out
}

fn moment(unix_s: i64) -> String {
    moment_words(unix_s).trim_end_matches(" UTC").to_owned()
}

/// `mtlscope.analysis/1` of a lab run with what was asked for beside it; null where it was not.
#[derive(Debug, Serialize)]
pub(super) struct LabJson<'a> {
    #[serde(flatten)]
    analysis: AnalysisJson<'a>,
    fixes: Option<Vec<FixJson>>,
    fix_search: Option<FixSearchJson>,
    timeline: Option<TimeLineJson>,
    opinions: Option<Vec<OpinionJson>>,
}

#[derive(Debug, Serialize)]
struct FixSearchJson {
    tried: usize,
    succeeded: usize,
    took_us: u64,
    cut_short: bool,
}

#[derive(Debug, Serialize)]
struct FixJson {
    edits: Vec<&'static str>,
    words: Vec<String>,
    cautions: Vec<String>,
    test_only: bool,
    commands: Vec<String>,
}

impl FixJson {
    fn of(fix: &repair::ProvenFix) -> Self {
        Self {
            edits: fix.edits.iter().map(Edit::word).collect(),
            words: fix.words.clone(),
            cautions: fix.cautions.clone(),
            test_only: fix.is_for_a_test_only(),
            commands: fix.commands.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
struct TimeLineJson {
    now_unix_s: i64,
    spans: Vec<SpanJson>,
    windows: Vec<WindowJson>,
}

/// Both ends included.
#[derive(Debug, Serialize)]
struct SpanJson {
    from_unix_s: i64,
    until_unix_s: i64,
    works: bool,
    failures: Vec<FailureJson>,
}

#[derive(Debug, Serialize)]
struct FailureJson {
    side: Option<&'static str>,
    cause: Option<&'static str>,
    certificate: Option<CertificateJson>,
    reported: bool,
    words: String,
}

#[derive(Debug, Serialize)]
struct WindowJson {
    kind: &'static str,
    side: &'static str,
    name: String,
    certificate: Option<CertificateJson>,
    not_before_unix_s: i64,
    not_after_unix_s: i64,
}

impl TimeLineJson {
    fn of(line: &TimeLine) -> Self {
        Self {
            now_unix_s: line.now_unix_s,
            spans: line
                .spans
                .iter()
                .map(|span| SpanJson {
                    from_unix_s: span.from_unix_s,
                    until_unix_s: span.until_unix_s,
                    works: span.works(),
                    failures: span.failures.iter().map(FailureJson::of).collect(),
                })
                .collect(),
            windows: line
                .windows
                .iter()
                .map(|window| WindowJson {
                    kind: window.word(),
                    side: window.side.word(),
                    name: window.name.clone(),
                    certificate: match &window.kind {
                        WindowKind::Certificate(reference, _) => Some(certificate(reference)),
                        WindowKind::RevocationList => None,
                    },
                    not_before_unix_s: window.not_before,
                    not_after_unix_s: window.not_after,
                })
                .collect(),
        }
    }
}

impl FailureJson {
    fn of(failure: &Failure) -> Self {
        Self {
            side: failure.judge.map(Side::word),
            cause: failure.cause.map(crate::diagnose::CauseId::word),
            certificate: failure.certificate.as_ref().map(certificate),
            reported: failure.reported,
            words: failure.words(),
        }
    }
}

#[cfg(test)]
mod tests;
