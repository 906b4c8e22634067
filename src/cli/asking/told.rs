//! Opinions in words and in JSON. What a program wrote is escaped here, and nowhere shown without.

use serde::Serialize;

use super::Told;
use crate::capture::Side;
use crate::cli::page::Page;
use crate::opinion::{AskedAt, NoAnswer, Opinion, Presence, Said, Way};
use crate::printable::{printable, shortened};

/// So much of a program's words is shown on a page; JSON has them whole.
const MOST_WORDS: usize = 320;

/// Over the rows.
pub(in crate::cli) const TITLE: &str = "What other stacks say about exactly these files";

/// All of it as a part of a page.
pub(in crate::cli) fn section(told: &Told) -> String {
    let mut page = Page::default();
    page.text.push('\n');
    page.paragraph(0, TITLE);
    words(&mut page, 2, told);
    page.text
}

/// A row for each stack, and what they come to.
pub(in crate::cli) fn words(page: &mut Page, indent: usize, told: &Told) {
    let (judge, sender) = (told.judge.word(), told.judge.peer().word());
    page.paragraph(
        indent,
        &format!("Asked now, as the {judge} that judges the {sender}'s chain:"),
    );
    for opinion in &told.opinions {
        let lead = match &opinion.said {
            Said::Accepts => "✓ ",
            Said::Refuses(_) => "✗ ",
            Said::NoAnswer(_) => "? ",
        };
        page.hanging(indent, lead, &row(told, opinion));
    }
    for (stack, presence) in &told.absent {
        page.hanging(indent, "– ", &format!("{}: {}", stack.name(), absent(presence)));
    }
    page.paragraph(indent, &sum(told));
}

fn row(told: &Told, opinion: &Opinion) -> String {
    let said = match &opinion.said {
        Said::Accepts => "accepts".to_owned(),
        Said::Refuses(words) => format!("refuses: {}", shown(words)),
        Said::NoAnswer(why) => format!("no answer: {}", no_answer(why)),
    };
    let mut aside = match (&opinion.said, opinion.way) {
        (Said::NoAnswer(NoAnswer::CannotBeAsked(_)), _) | (_, Way::Handshake) => String::new(),
        (_, Way::ChainTool) => "without a handshake, ".to_owned(),
    };
    if told.has_time && opinion.asked_at == AskedAt::Now {
        aside += "asked for now: it takes no other time, ";
    }
    let name = format!("{} {}", opinion.stack.name(), printable(&opinion.version));
    format!("{name}: {said} ({aside}{} ms)", opinion.took_ms)
}

fn shown(words: &str) -> String {
    printable(&shortened(words, MOST_WORDS)).into_owned()
}

fn no_answer(why: &NoAnswer) -> String {
    shown(&why.words())
}

fn absent(presence: &Presence) -> String {
    match presence {
        Presence::Absent { looked_for } => {
            format!("not installed here (looked for {})", looked_for.join(", "))
        }
        Presence::Unusable { program, words } => {
            format!(
                "{} is of no use: {}",
                printable(&program.display().to_string()),
                shown(words)
            )
        }
        Presence::Installed { .. } => String::new(),
    }
}

fn sum(told: &Told) -> String {
    let judged = |opinion: &&Opinion| !matches!(opinion.said, Said::NoAnswer(_));
    let answered = told.opinions.iter().filter(judged).count();
    let refused = told.refusals().count();
    match (answered, refused) {
        (0, _) => "No stack was asked that gave an answer.".to_owned(),
        (1, 0) => "The one stack that answered accepts it.".to_owned(),
        (1, _) => "The one stack that answered refuses it.".to_owned(),
        (_, 0) => format!("Every one of the {answered} stacks that answered accepts it."),
        (all, refused) if all == refused => {
            format!("Every one of the {answered} stacks that answered refuses it.")
        }
        (_, 1) => format!("Of the {answered} stacks that answered, one refuses it."),
        (_, refused) => format!("Of the {answered} stacks that answered, {refused} refuse it."),
    }
}

/// One opinion as published: names stay, additions are free.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct OpinionJson {
    /// Its name.
    pub stack: &'static str,
    /// Null where it is not installed.
    pub version: Option<String>,
    /// `handshake`, `chain-tool`.
    pub way: Option<&'static str>,
    /// `wanted`: at the time that was asked for; `now`: at the machine's, since it takes no other.
    pub asked_at: Option<&'static str>,
    pub command: Vec<String>,
    /// Null where it was ended.
    pub exit_status: Option<i32>,
    /// `accepts`, `refuses`, `no-answer`.
    pub verdict: &'static str,
    /// Of no answer: `timed-out`, `crashed`, `unusable`, `cannot-be-asked`, `cancelled`, `not-installed`.
    pub reason: Option<&'static str>,
    /// Its own words of a refusal; of no answer, why there is none.
    pub words: Option<String>,
    pub took_ms: u64,
    /// An addition: who judges.
    pub judge: &'static str,
    /// An addition: all that it wrote, bounded.
    pub output: String,
}

/// Those who answered, and then those who are not here.
pub(in crate::cli) fn json(told: &Told) -> Vec<OpinionJson> {
    let judge = told.judge;
    let asked = told.opinions.iter().map(|opinion| of(opinion, judge));
    let absent = told.absent.iter().map(|(stack, presence)| OpinionJson {
        stack: stack.name(),
        version: None,
        way: None,
        asked_at: None,
        command: Vec::new(),
        exit_status: None,
        verdict: "no-answer",
        reason: Some(match presence {
            Presence::Unusable { .. } => "unusable",
            Presence::Absent { .. } | Presence::Installed { .. } => "not-installed",
        }),
        words: Some(absent(presence)),
        took_ms: 0,
        judge: judge.word(),
        output: String::new(),
    });
    asked.chain(absent).collect()
}

fn of(opinion: &Opinion, judge: Side) -> OpinionJson {
    let (verdict, reason, words) = match &opinion.said {
        Said::Accepts => ("accepts", None, None),
        Said::Refuses(words) => ("refuses", None, Some(printable(words).into_owned())),
        Said::NoAnswer(why) => {
            let reason = match why {
                NoAnswer::TimedOut(_) => "timed-out",
                NoAnswer::Crashed(_) => "crashed",
                NoAnswer::Unusable(_) => "unusable",
                NoAnswer::CannotBeAsked(_) => "cannot-be-asked",
                NoAnswer::Cancelled => "cancelled",
            };
            ("no-answer", Some(reason), Some(no_answer(why)))
        }
    };
    OpinionJson {
        stack: opinion.stack.name(),
        version: Some(printable(&opinion.version).into_owned()),
        way: Some(match opinion.way {
            Way::Handshake => "handshake",
            Way::ChainTool => "chain-tool",
        }),
        asked_at: Some(match opinion.asked_at {
            AskedAt::Wanted => "wanted",
            AskedAt::Now => "now",
        }),
        command: opinion
            .command
            .iter()
            .map(|word| printable(word).into_owned())
            .collect(),
        exit_status: opinion.exit_status,
        verdict,
        reason,
        words,
        took_ms: opinion.took_ms,
        judge: judge.word(),
        output: crate::printable::printable_lines(&opinion.output).into_owned(),
    }
}

/// What a report of findings says of one refusal: who, and in which words.
pub(in crate::cli) fn refusal(opinion: &Opinion, words: &str) -> String {
    format!(
        "{} {} refuses it: {}",
        opinion.stack.name(),
        printable(&opinion.version),
        shown(words)
    )
}

/// Why there is no verdict, in a sentence; `None` where there is one.
pub(in crate::cli) fn silence(opinion: &Opinion) -> Option<String> {
    match &opinion.said {
        Said::NoAnswer(why) => Some(no_answer(why)),
        Said::Accepts | Said::Refuses(_) => None,
    }
}

#[cfg(test)]
mod tests;
