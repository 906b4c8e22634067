//! What every export tells in the same words: verdict, headline, endings, who objects, chapters.

use super::material::Material;
use crate::capture::Side;
use crate::diagnose::{Cause, Certainty, Ending, Outcome, Verdict, spelled_out};
use crate::story::{Chapter, ChapterState, RowKind, duration};

/// How good the news is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Bad,
    /// Somebody refused, and what for is likely, not certain.
    Likely,
    Unknown,
}

/// The first sentence and those below it.
pub(super) struct Headline {
    pub title: String,
    pub text: String,
    pub tone: Tone,
}

pub(super) fn headline(material: &Material) -> Headline {
    let diagnosis = &material.analysis.diagnosis;
    if let Some(cause) = diagnosis.causes.first() {
        let (title, tone) = match cause.certainty {
            Certainty::Possible => (format!("Likely: {}", cause.title), Tone::Likely),
            Certainty::Proven => (cause.title.clone(), Tone::Bad),
        };
        return Headline {
            title,
            text: cause.detail.clone(),
            tone,
        };
    }
    let (title, text) = material.analysis.without_cause();
    let tone = match diagnosis.verdict {
        Verdict::Accepted => Tone::Good,
        Verdict::Rejected => Tone::Bad,
        Verdict::Unfinished | Verdict::Unknown => Tone::Unknown,
    };
    Headline { title, text, tone }
}

/// `Accepted`, `Refused`, `Unfinished`, `Not known`.
pub(super) fn verdict_words(material: &Material) -> &'static str {
    match material.analysis.diagnosis.verdict {
        Verdict::Accepted => "Accepted",
        Verdict::Rejected => "Refused",
        Verdict::Unfinished => "Unfinished",
        Verdict::Unknown => "Not known",
    }
}

/// Version, suite, group, names: what was agreed on.
pub(super) fn figures(material: &Material) -> Vec<String> {
    let transcript = &material.analysis.transcript;
    [
        transcript.version.map(|version| version.to_string()),
        transcript.cipher_suite.map(|suite| suite.to_string()),
        transcript.group.map(|group| group.to_string()),
        transcript.sni.as_ref().map(|name| format!("SNI {name}")),
        transcript.alpn.as_ref().map(|name| format!("ALPN {name}")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How a side ended, in its own words where it has some.
pub(super) fn ending_words(ending: &Ending) -> String {
    let mut words = ending.verdict.word().to_owned();
    if let Some(at_us) = ending.connected_at_us {
        words.push_str(&format!("; believed itself connected at {}", duration(at_us)));
    }
    if let Some(error) = &ending.error {
        words.push_str(&format!("; its own words: {}", spelled_out(error)));
    }
    words
}

/// `refused by the server · certain`.
pub(super) fn standing(material: &Material, cause: &Cause) -> String {
    let certainty = match cause.certainty {
        Certainty::Proven => "certain",
        Certainty::Possible => "likely",
    };
    let endings = &material.analysis.diagnosis.endings;
    let mut words = match cause.side {
        Some(side) => {
            let has_refused = endings.of(side).verdict == Verdict::Rejected;
            let what = if has_refused { "refused by" } else { "noticed by" };
            format!("{what} the {} · {certainty}", side.word())
        }
        None => certainty.to_owned(),
    };
    if !cause.reported && cause.certainty == Certainty::Proven {
        words.push_str(" · nobody said so");
    }
    words
}

/// Whether the verification that the chapter is about came to nothing that can be seen: that is no good news.
pub(super) fn shows_undecided(material: &Material, chapter: &Chapter) -> bool {
    chapter.state == ChapterState::Done && material.analysis.story.is_undecided(chapter)
}

/// `done`, `failed`, …
pub(super) fn chapter_word(material: &Material, chapter: &Chapter) -> &'static str {
    match chapter.state {
        _ if shows_undecided(material, chapter) => "undecided",
        ChapterState::Done => "done",
        ChapterState::Failed => "failed",
        ChapterState::NotReached => "not reached",
        ChapterState::Skipped => "skipped",
    }
}

/// `client → server`, `client`: who acts, and whether it travels.
pub(super) fn actor(kind: &RowKind) -> String {
    match kind {
        RowKind::Flight { from, is_lost, .. } => {
            let arrow = if *is_lost { "→ (lost)" } else { "→" };
            format!("{} {arrow} {}", from.word(), from.peer().word())
        }
        RowKind::Verification { judge: side, .. } | RowKind::Moment { side, .. } => side.word().to_owned(),
    }
}

/// The outcome of a check as a sign and a word.
pub(super) fn outcome_words(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Pass => ("✓", "pass"),
        Outcome::Fail => ("✗", "fail"),
        Outcome::Warn => ("!", "warn"),
        Outcome::Unknown => ("?", "not known"),
        Outcome::NotReached => ("–", "not reached"),
        Outcome::NotApplicable => ("·", "does not apply"),
    }
}

/// Who judges whom.
pub(super) fn judges(judge: Side) -> String {
    format!("The {} judges the {}", judge.word(), judge.peer().word())
}
