//! What a log line says: who wrote it, what of it is known, and which causes it can mean.

use std::ops::Range;

use super::more::More;
use crate::capture::Side;
use crate::diagnose::cause::CauseId;

/// What a log line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogReading {
    /// The parts of the text that are known, in its order; several may say the same.
    pub heard: Vec<Heard>,
    /// Who wrote the line.
    pub speaker: Speaker,
    /// What it can mean, likeliest first.
    pub candidates: Vec<Candidate>,
    /// Of a text of several lines that say different things: each that is known, by itself. Empty where all say the same.
    pub lines: Vec<LineReading>,
}

/// One line of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineReading {
    /// From 1.
    pub number: usize,
    /// Who wrote this line.
    pub speaker: Speaker,
    /// The part of it that is known.
    pub heard: Vec<Heard>,
    /// What it can mean, likeliest first.
    pub candidates: Vec<Candidate>,
}

/// A part of the text that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The stack whose words they are; `None` where several have them.
    pub stack: Option<&'static str>,
    /// What they are: `alert 48, unknown_ca, received`, `verification error 20 at depth 1`.
    pub words: String,
}

/// Who wrote the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speaker {
    /// Which side, where the words tell.
    pub side: Option<Side>,
    /// Why that is known.
    pub why: Option<&'static str>,
    /// Whether it refused its peer, or was told that its peer refused it; `None` where the words do not tell.
    pub role: Option<LogRole>,
    /// The program or the stack, where the words tell.
    pub stack: Option<&'static str>,
    /// The library whose words they are, where a program has it for its TLS: nginx's OpenSSL.
    pub library: Option<&'static str>,
}

impl Speaker {
    /// The side that objects: the speaker, or its peer where the speaker was told.
    pub fn judge(&self) -> Option<Side> {
        match self.role? {
            LogRole::Judges => self.side,
            LogRole::Told => self.side.map(Side::peer),
            // Nobody was refused.
            LogRole::Own => None,
        }
    }

    /// In a sentence; nothing where nothing is known.
    pub fn sentence(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let program = match (self.stack, self.library) {
            (Some(stack), Some(library)) => format!("{stack}, with {library}'s words"),
            (Some(stack), None) => stack.to_owned(),
            _ => String::new(),
        };
        let who = match (self.side, program.is_empty()) {
            (Some(side), true) => format!("The {}", side.word()),
            (Some(side), false) => format!("The {} ({program})", side.word()),
            (None, true) => "One side".to_owned(),
            (None, false) => format!("One side ({program})"),
        };
        let mut words = match self.role {
            Some(LogRole::Judges) => format!("{who} wrote this, and refuses its peer."),
            Some(LogRole::Told) => {
                format!(
                    "{who} wrote this: its peer refused it, and said so or hung up. The reason is in the peer's log."
                )
            }
            Some(LogRole::Own) => {
                format!("{who} wrote this of its own files or settings: its peer refused nothing.")
            }
            None => format!("{who} wrote this."),
        };
        match (self.side, self.why) {
            (Some(side), Some(why)) => {
                words.push_str(&format!(
                    " That it is the {} is known because {why}.",
                    side.word()
                ));
            }
            (None, _) => words.push_str(" Which side it is, the words do not tell."),
            _ => {}
        }
        words
    }
}

/// What the writer of a line has to do with the refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
pub enum LogRole {
    /// It refuses its peer.
    Judges,
    /// Its peer refused it.
    Told,
    /// It cannot use its own files or settings.
    Own,
}

/// One cause that a line can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The cause.
    pub id: CauseId,
    /// How sure.
    pub likelihood: Likelihood,
    /// The cause in a sentence.
    pub title: String,
    /// The words that speak for it.
    pub why: String,
    /// The command that tells it from the others.
    pub check: String,
    /// The commands that mend it, where the words say exactly what is amiss.
    pub mend: Vec<String>,
    /// What the words say more exactly than the cause.
    pub(super) more: Option<&'static More>,
}

/// How sure a line makes a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Likelihood {
    /// The words name it and nothing else.
    Said,
    /// It is among the first things that the words mean.
    Likely,
    /// The words can mean it.
    Possible,
}

impl Likelihood {
    /// The word in JSON and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

impl LogReading {
    /// Whether anything in the text is known.
    pub fn is_understood(&self) -> bool {
        !self.candidates.is_empty()
    }
}
