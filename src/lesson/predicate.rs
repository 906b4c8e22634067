//! What a lesson asks of a run, judged by the engine and never by what anybody wrote.

#[cfg(test)]
mod tests;

use serde::Deserialize;

use super::words::{CauseWord, EndingWord, MessageWord, SideWord, VerdictWord};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{MessageKind, Protection};
use crate::diagnose::{CauseId, Outcome, Verdict};

/// Conditions on a run; all that are given must hold. One that gives none holds for every run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Predicate {
    /// How the handshake ends.
    pub verdict: Option<VerdictWord>,
    /// The first cause: the one to fix.
    pub cause: Option<CauseWord>,
    /// Who objects, in the first cause.
    pub side: Option<SideWord>,
    /// A warning: rustls lets it pass, others do not, or not for long.
    pub warns: Option<CauseWord>,
    /// What is neither a cause nor a warning.
    pub without: Vec<CauseWord>,
    /// How the client ends, by its own belief.
    pub client: Option<EndingWord>,
    /// How the server ends, by its own belief.
    pub server: Option<EndingWord>,
    /// Whether the server knows who its client is: a chain was shown, accepted, and its key proved.
    pub knows_client: Option<bool>,
    /// The message in which the client proves that it holds its certificate's key.
    pub client_proved_by: Option<MessageWord>,
    /// Messages that somebody sent.
    pub sends: Vec<MessageWord>,
    /// Messages that nobody sent.
    pub never_sends: Vec<MessageWord>,
    /// Messages that travelled in the clear: anybody on the path reads them.
    pub readable: Vec<MessageWord>,
    /// Messages that travelled encrypted.
    pub hidden: Vec<MessageWord>,
    /// The chapter up to which the run was watched, 1 to 6.
    pub watched: Option<u8>,
}

/// A run, and how much of it the learner has watched.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The run.
    pub analysis: &'a Analysis,
    /// The last chapter that the playhead reached, 1 to 6; 0 before the first.
    pub watched: u8,
}

/// One condition that does not hold, in words: what was asked, and what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// `the handshake is accepted`.
    pub asked: String,
    /// `it is rejected`.
    pub found: String,
}

impl Predicate {
    /// Whether it asks anything at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether all conditions hold.
    pub fn holds(&self, seen: Seen<'_>) -> bool {
        self.misses(seen).is_empty()
    }

    /// Every condition that does not hold, in the order of the fields.
    pub fn misses(&self, seen: Seen<'_>) -> Vec<Miss> {
        let mut misses = Vec::new();
        let mut ask = |holds: bool, asked: String, found: String| {
            if !holds {
                misses.push(Miss { asked, found });
            }
        };
        let analysis = seen.analysis;
        let diagnosis = &analysis.diagnosis;
        if let Some(wanted) = self.verdict {
            let wanted = wanted.verdict();
            ask(
                diagnosis.verdict == wanted,
                format!("the handshake is {}", wanted.word()),
                format!("it is {}", diagnosis.verdict.word()),
            );
        }
        let first = diagnosis.causes.first();
        if let Some(CauseWord(wanted)) = self.cause {
            ask(
                first.is_some_and(|cause| cause.id == wanted),
                format!("the first cause is: {}", wanted.words()),
                first.map_or_else(
                    || "there is none".to_owned(),
                    |cause| format!("it is: {}", cause.id.words()),
                ),
            );
        }
        if let Some(wanted) = self.side {
            let found = first.and_then(|cause| cause.side);
            ask(
                found == Some(wanted.side()),
                format!("the {} objects", wanted.side().word()),
                found.map_or_else(
                    || "nobody does".to_owned(),
                    |side| format!("the {} does", side.word()),
                ),
            );
        }
        if let Some(CauseWord(wanted)) = self.warns {
            ask(
                warns_of(analysis, wanted),
                format!("a check warns: {}", wanted.words()),
                "none does".to_owned(),
            );
        }
        for CauseWord(unwanted) in &self.without {
            let is_cause = diagnosis.causes.iter().any(|cause| cause.id == *unwanted);
            ask(
                !is_cause && !warns_of(analysis, *unwanted),
                format!("nothing is told of: {}", unwanted.words()),
                if is_cause {
                    "it is a cause"
                } else {
                    "a check warns of it"
                }
                .to_owned(),
            );
        }
        for (side, wanted) in [(Side::Client, self.client), (Side::Server, self.server)] {
            if let Some(wanted) = wanted {
                let found = EndingWord::of(diagnosis.endings.of(side));
                ask(
                    found == Some(wanted),
                    format!("the {} {}", side.word(), wanted.words()),
                    found.map_or_else(
                        || "the evidence does not tell".to_owned(),
                        |found| format!("it {}", found.words()),
                    ),
                );
            }
        }
        if let Some(wanted) = self.knows_client {
            let found = client_proof(analysis).is_some() && diagnosis.verdict == Verdict::Accepted;
            let words = |knows: bool| if knows { "knows" } else { "does not know" };
            ask(
                found == wanted,
                format!("the server {} who its client is", words(wanted)),
                format!("it {}", words(found)),
            );
        }
        if let Some(MessageWord(wanted)) = self.client_proved_by {
            let found = client_proof(analysis);
            ask(
                found == Some(wanted),
                format!("the client proves its key in {}", wanted.word()),
                found.map_or_else(
                    || "it proves none".to_owned(),
                    |kind| format!("it does in {}", kind.word()),
                ),
            );
        }
        for (wanted, is_sent) in [(&self.sends, true), (&self.never_sends, false)] {
            for MessageWord(kind) in wanted {
                let found = analysis
                    .transcript
                    .messages
                    .iter()
                    .any(|message| message.kind == *kind);
                let words = |is_sent: bool| if is_sent { "somebody sends" } else { "nobody sends" };
                ask(
                    found == is_sent,
                    format!("{} {}", words(is_sent), kind.word()),
                    format!("{} it", words(found)),
                );
            }
        }
        for (wanted, is_clear) in [(&self.readable, true), (&self.hidden, false)] {
            for MessageWord(kind) in wanted {
                let mut all = analysis
                    .transcript
                    .messages
                    .iter()
                    .filter(|message| message.kind == *kind)
                    .peekable();
                let is_sent = all.peek().is_some();
                let holds =
                    is_sent && all.all(|message| (message.protection == Protection::None) == is_clear);
                let words = |is_clear: bool| if is_clear { "in the clear" } else { "encrypted" };
                ask(
                    holds,
                    format!("every {} travels {}", kind.word(), words(is_clear)),
                    if is_sent {
                        format!("one travels {}", words(!is_clear))
                    } else {
                        "nobody sends one".to_owned()
                    },
                );
            }
        }
        if let Some(wanted) = self.watched {
            ask(
                seen.watched >= wanted,
                format!("the run is watched up to chapter {wanted}"),
                format!("it is watched up to chapter {}", seen.watched),
            );
        }
        misses
    }
}

fn warns_of(analysis: &Analysis, id: CauseId) -> bool {
    let mut rows = analysis.diagnosis.matrix.iter();
    rows.any(|row| row.outcome == Outcome::Warn && row.cause == Some(id))
}

/// The message in which the client proves possession of its certificate's key.
fn client_proof(analysis: &Analysis) -> Option<MessageKind> {
    let message = analysis.diagnosis.client_proof()?;
    Some(analysis.transcript.messages.get(message)?.kind)
}
