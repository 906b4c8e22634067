//! Opinions in words.

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{Stance, differing_on_record, release_on_record};
use crate::opinion::{AskedAt, NoAnswer, Opinion, Presence, Said, Way};
use crate::printable::shortened;
use crate::state::{Asked, Own, Round, Row, State, verdict_verb};

/// What a side is called in a sentence: its label, or `the server`.
pub(super) fn name(analysis: &Analysis, side: Side) -> String {
    match &analysis.capture.sides.of(side).label {
        Some(label) => shortened(label, 40).into_owned(),
        None => format!("the {}", side.word()),
    }
}

/// The same where there is less room.
pub(super) fn short_name(analysis: &Analysis, side: Side) -> String {
    shortened(&name(analysis, side), 18).into_owned()
}

/// How long it is since.
pub(super) fn ago(seconds: i64) -> String {
    match seconds {
        ..60 => "just now".to_owned(),
        60..120 => "a minute ago".to_owned(),
        120..3600 => format!("{} minutes ago", seconds / 60),
        3600..7200 => "an hour ago".to_owned(),
        _ => format!("{} hours ago", seconds / 3600),
    }
}

/// Whether a row waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    /// It does not.
    No,
    /// It is being asked, for so many seconds.
    Asked(i64),
    /// Others are asked before it.
    ForItsTurn,
}

/// What a row says of a stack, in one line.
pub(super) fn said(row: &Row, waits: Waits) -> String {
    match (&row.presence, &row.opinion) {
        (Presence::Absent { looked_for }, _) => match looked_for.first() {
            Some(program) => format!("not installed: no {program} on the path"),
            None => "not installed".to_owned(),
        },
        (Presence::Unusable { words, .. }, _) => words.clone(),
        (Presence::Installed { .. }, None) => match waits {
            Waits::Asked(_) => "being asked…".to_owned(),
            Waits::ForItsTurn => "waiting".to_owned(),
            Waits::No => "not asked: cancelled".to_owned(),
        },
        (Presence::Installed { .. }, Some(opinion)) => match &opinion.said {
            Said::Accepts => "accepts".to_owned(),
            Said::Refuses(words) => words.clone(),
            Said::NoAnswer(why) => why.words(),
        },
    }
}

/// Whether it was not asked, or not to its end, as the user cancelled.
pub(super) fn is_cancelled(row: &Row) -> bool {
    let said = row.opinion.as_deref().map(|opinion| &opinion.said);
    row.is_here() && matches!(said, None | Some(Said::NoAnswer(NoAnswer::Cancelled)))
}

/// Such a question is none for it: it only calls, or the time asked for is none that it takes.
pub(super) fn cannot_be_asked(row: &Row) -> bool {
    let said = row.opinion.as_deref().map(|opinion| &opinion.said);
    matches!(said, Some(Said::NoAnswer(NoAnswer::CannotBeAsked(_))))
}

/// How many had answered, of how many, where the user cancelled before all had; else nothing.
pub(super) fn answered_before_cancel(round: &Round) -> Option<(usize, usize)> {
    let asked = round
        .rows
        .iter()
        .filter(|row| row.is_here() && !cannot_be_asked(row));
    let (cancelled, answered): (Vec<&Row>, Vec<&Row>) = asked.partition(|row| is_cancelled(row));
    (!cancelled.is_empty()).then(|| (answered.len(), answered.len() + cancelled.len()))
}

/// A row for those who hear it.
pub(super) fn spoken(row: &Row, words: &str) -> String {
    let name = match &row.presence {
        Presence::Installed { version, .. } => format!("{} {version}", row.stack.name()),
        Presence::Absent { .. } | Presence::Unusable { .. } => row.stack.name().to_owned(),
    };
    match row.opinion.as_ref().map(|opinion| &opinion.said) {
        Some(Said::Refuses(_)) => format!("{name} refuses: {words}"),
        Some(Said::Accepts) => format!("{name} accepts"),
        Some(Said::NoAnswer(NoAnswer::Cancelled)) => format!("{name}: cancelled"),
        Some(Said::NoAnswer(_)) => format!("{name}, no answer: {words}"),
        None => format!("{name}: {words}"),
    }
}

/// More names than this stand without their releases.
const MOST_RELEASES: usize = 3;

/// `On record, OpenSSL 3.0.22 refuses the chain of payments (…), which rustls accepts. Nobody was asked.`: a line for each
/// judge whose peer's chain some stacks are known to judge otherwise.
pub(super) fn on_record(analysis: &Analysis) -> Vec<String> {
    let diagnosis = &analysis.diagnosis;
    let line = |judge: Side| {
        let own = Own::of(analysis, judge)?;
        let differing = differing_on_record(judge, own.accepts, diagnosis);
        let names: Vec<String> = differing
            .iter()
            .map(|stack| match differing.len() {
                0..=MOST_RELEASES => release_on_record(*stack),
                _ => stack.name().to_owned(),
            })
            .collect();
        let only = differing.first().filter(|_| differing.len() == 1);
        let of_chain = only.and_then(|stack| {
            let mut records = diagnosis.records.of(judge.peer()).iter();
            records.find(|one| one.id == stack.word())
        });
        let words = of_chain.and_then(|one| match &one.stance {
            Stance::Refuses(words) => Some(format!(" ({})", shortened(words, 80))),
            Stance::Accepts => one.notes.first().map(|note| format!(" ({note})")),
        });
        (!names.is_empty()).then(|| {
            format!(
                "On record, {} {} the chain of {}{}, which rustls {}. Nobody was asked.",
                listed(&names.iter().map(String::as_str).collect::<Vec<_>>(), "and"),
                verdict_verb(own.accepts, names.len()),
                name(analysis, judge.peer()),
                words.unwrap_or_default(),
                verdict_verb(!own.accepts, 1),
            )
        })
    };
    Side::BOTH.into_iter().filter_map(line).collect()
}

/// What is to be known of how it was asked.
pub(super) fn asides(round: &Round, opinion: &Opinion) -> Vec<&'static str> {
    let mut asides = Vec::new();
    if matches!(opinion.said, Said::NoAnswer(_)) {
        asides.push("This is no verdict, and counts for nothing.");
    }
    if opinion.way == Way::ChainTool {
        asides.push("Asked without a handshake: there is no private key here to show the chain with.");
    }
    if round.has_time && opinion.asked_at == AskedAt::Now {
        asides.push("Asked for now: it takes no other time.");
    }
    asides
}

/// `two`, as it is said in a sentence.
pub(super) fn number(count: usize) -> String {
    const WORDS: [&str; 10] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    WORDS
        .get(count)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

fn listed(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

/// Stacks that answered do not agree with the run on the stage.
pub(in crate::ui::inspector) struct Split {
    /// The run took what others refuse.
    pub is_accepted_here: bool,
    /// `Accepted here; two other stacks refuse the same files`.
    pub title: String,
    /// Who, and what that means.
    pub text: String,
}

/// Where those who answered disagree; `None` before they were asked, and once the files are others.
pub(in crate::ui::inspector) fn split(state: &State) -> Option<Split> {
    let asked = state.asked_stacks()?;
    if state.is_asked_before_change(asked) {
        return None;
    }
    of(asked)
}

fn of(asked: &Asked) -> Option<Split> {
    let against: Vec<(&Round, Vec<&Opinion>, bool)> = asked
        .rounds
        .iter()
        .filter_map(|round| {
            // What the run never came to judge is no part of its own verdict.
            let own = Own::of(&asked.of, round.judge)?;
            let against = round.against(Some(&own));
            (!against.is_empty()).then_some((round, against, own.accepts))
        })
        .collect();
    let is_accepted_here = Side::BOTH
        .into_iter()
        .all(|judge| Own::of(&asked.of, judge).is_none_or(|own| own.accepts));
    // Beside a refusal here, only who would have taken that very chain is told.
    let told: Vec<&(&Round, Vec<&Opinion>, bool)> = against
        .iter()
        .filter(|(.., accepts)| *accepts == is_accepted_here)
        .collect();
    if told.is_empty() {
        return None;
    }
    let mut stacks: Vec<&str> = Vec::new();
    for opinion in told.iter().flat_map(|(_, against, _)| against) {
        if !stacks.contains(&opinion.stack.name()) {
            stacks.push(opinion.stack.name());
        }
    }
    let count = stacks.len();
    let others = if count == 1 { "other stack" } else { "other stacks" };
    let here = if is_accepted_here { "Accepted" } else { "Refused" };
    let title = format!(
        "{here} here; {} {others} {} the same files",
        number(count),
        verdict_verb(is_accepted_here, count)
    );
    let sentence = |(round, against, accepts): &&(&Round, Vec<&Opinion>, bool)| {
        let (judge, peer) = (round.judge, round.judge.peer());
        let names: Vec<&str> = against.iter().map(|opinion| opinion.stack.name()).collect();
        let (did, would) = if *accepts {
            ("took", "end this very handshake")
        } else {
            ("refused", "take it")
        };
        format!(
            "rustls {did} the certificate of {}. {} built on {} would {would}.",
            name(&asked.of, peer),
            match &asked.of.capture.sides.of(judge).label {
                Some(label) => format!("A {}", shortened(label, 40)),
                None => format!("A {}", judge.word()),
            },
            listed(&names, "or")
        )
    };
    let sentences: Vec<String> = told.iter().map(sentence).collect();
    Some(Split {
        is_accepted_here,
        title,
        text: sentences.join(" "),
    })
}
