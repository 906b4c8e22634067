//! What came of verifying: one entry for each chain file, in the order in which they were named.

use std::collections::HashMap;

use crate::capture::Side;
use crate::cli::asking::Told;
use crate::cli::verify::flags::Span;
use crate::diagnose::{Cause, CertificateRef, ChainExplanation, MatrixRow, OnRecord, Outcome, Verdict};
use crate::opinion::Opinion;

/// What was asked of all chains alike.
#[derive(Debug)]
pub(super) struct Asked {
    /// Who presents them.
    pub sender: Side,
    /// The name that a server must carry.
    pub name: Option<String>,
    /// Seconds since the epoch.
    pub at_unix_s: i64,
    /// Warnings fail too.
    pub is_strict: bool,
    /// What a stack that was asked refuses fails.
    pub is_ask_strict: bool,
    /// What may not end sooner.
    pub expires_within: Option<Span>,
    /// What was taken for granted, one sentence each.
    pub notes: Vec<String>,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Report {
    pub asked: Asked,
    pub entries: Vec<Entry>,
}

/// One chain file.
#[derive(Debug)]
pub(super) enum Entry {
    /// It was judged.
    Judged(Box<Judged>),
    /// It could not be.
    Unusable {
        /// As the user named it.
        file: String,
        /// Names the file, what is wrong, and the mend.
        sentence: String,
    },
}

/// A chain, judged.
#[derive(Debug)]
pub(super) struct Judged {
    /// As the user named it.
    pub file: String,
    /// What to call the leaf.
    pub leaf: String,
    /// rustls's own words; `None` where it accepts the chain.
    pub error: Option<String>,
    /// Our matrix and causes.
    pub explained: ChainExplanation,
    /// Where each certificate of the chain and of the path lies, by its SHA-256.
    pub places: HashMap<String, Place>,
    /// What ends within the span asked for.
    pub expiring: Vec<Expiring>,
    /// What was passed over in the file.
    pub notes: Vec<String>,
    /// What other stacks say; `None` where nobody was asked.
    pub told: Option<Told>,
}

/// A certificate and the place where it lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As the user named it; `None` for stdin.
    pub file: Option<String>,
    /// Line of its BEGIN, from 1; `None` for DER.
    pub line: Option<usize>,
    /// The place in a container or a document, in words.
    pub within: Option<String>,
}

/// A certificate of the path that will soon be over.
#[derive(Clone, Debug)]
pub(super) struct Expiring {
    pub certificate: CertificateRef,
    /// `leaf`, `intermediate`, `root`.
    pub role: &'static str,
    /// Seconds since the epoch.
    pub not_after: i64,
    /// `payments ends 2026-12-01 …, in 7 d; …`, a sentence without its full stop.
    pub words: String,
}

/// The id of the rule that `--expires-within` adds; no cause, since nothing has failed yet.
pub(super) const EXPIRES_SOON: &str = "expires-soon";
/// The id of a refusal that none of our checks explains.
pub(super) const UNEXPLAINED: &str = "refused";
/// The id of a warning that no cause stands for: rustls accepts it, and some other stack does not.
pub(super) const NOT_EVERYWHERE: &str = "not-accepted-everywhere";

/// The id of a refusal by a stack that was asked now.
pub(super) const REFUSED_BY_A_STACK: &str = "refused-by-another-stack";

/// The id of what a program asks for that is told to, and that what was loaded belongs to.
pub(super) const ASKED_FOR: &str = "asked-for-by-a-program";

/// The id of what only the rules mind, and no stack on record.
pub(super) const UNUSUAL: &str = "unusual";

/// The rule that a row falls under.
pub(super) fn rule_of(row: &MatrixRow) -> &'static str {
    match (row.cause, row.outcome) {
        (Some(cause), _) => cause.word(),
        (None, Outcome::Warn) if row.is_refused_elsewhere => NOT_EVERYWHERE,
        (None, Outcome::Warn) => UNUSUAL,
        (None, _) => UNEXPLAINED,
    }
}

impl Judged {
    /// rustls's verdict.
    pub(super) fn verdict(&self) -> Verdict {
        match self.error {
            None => Verdict::Accepted,
            Some(_) => Verdict::Rejected,
        }
    }

    /// What rustls accepts and others refuse.
    pub(super) fn warnings(&self) -> impl Iterator<Item = &MatrixRow> {
        self.warned().filter(|row| row.is_refused_elsewhere)
    }

    /// What is told of a row that warns, with what mends it.
    pub(super) fn mend(&self, row: &MatrixRow) -> Option<&Cause> {
        let matrix = &self.explained.judgement.matrix;
        let at = matrix.iter().position(|other| std::ptr::eq(other, row))?;
        crate::cli::mends::of_row(&self.explained.warned, at, false)
    }

    /// What the rules do not want, and every stack on record accepts.
    pub(super) fn unusual(&self) -> impl Iterator<Item = &MatrixRow> {
        self.warned().filter(|row| !row.is_refused_elsewhere)
    }

    fn warned(&self) -> impl Iterator<Item = &MatrixRow> {
        self.explained
            .judgement
            .matrix
            .iter()
            .filter(|row| row.outcome == Outcome::Warn)
    }

    /// Whether the chain is accepted and no handshake with its key can be.
    pub(super) fn is_key_unusable(&self) -> bool {
        self.error.is_none() && self.warned().any(MatrixRow::ends_every_handshake)
    }

    /// Whether the exit status may be 0 for it.
    pub(super) fn is_good(&self, asked: &Asked) -> bool {
        self.error.is_none()
            && self.expiring.is_empty()
            && !self.is_key_unusable()
            && !(asked.is_strict && self.warnings().next().is_some())
            && !(asked.is_ask_strict && self.refusals().next().is_some())
    }

    /// Which stacks that were asked refuse it, in their words.
    pub(super) fn refusals(&self) -> impl Iterator<Item = (&Opinion, &str)> {
        self.told.iter().flat_map(Told::refusals)
    }

    /// What is on record of the stacks that decide otherwise than rustls, and were not asked: a sentence, or nothing.
    pub(super) fn on_record(&self) -> Option<String> {
        let was_asked = |id: &str| {
            let told = self.told.iter().flat_map(|told| &told.opinions);
            told.into_iter()
                .any(|opinion| opinion.stack.word() == id && opinion.accepts().is_some())
        };
        let differing: Vec<String> = self
            .explained
            .judgement
            .record
            .iter()
            .filter(|one| one.accepts() != self.error.is_none() && !was_asked(one.id))
            .map(OnRecord::words)
            .collect();
        (!differing.is_empty()).then(|| format!("On record: {}.", differing.join("; ")))
    }

    /// Where a certificate lies.
    pub(super) fn place(&self, certificate: Option<&CertificateRef>) -> Option<&Place> {
        self.places.get(&certificate?.sha256)
    }

    /// `payments.pem:31`, for people.
    pub(super) fn where_is(&self, certificate: Option<&CertificateRef>) -> Option<String> {
        let place = self.place(certificate)?;
        let file = place.file.as_deref().unwrap_or(STDIN);
        let at = place.line.map_or_else(String::new, |line| format!(":{line}"));
        let within = place
            .within
            .as_deref()
            .map_or_else(String::new, |within| format!(" ({within})"));
        Some(format!("{file}{at}{within}"))
    }
}

/// What to call the standard input.
pub(super) const STDIN: &str = "standard input";

impl Entry {
    /// As the user named it.
    pub(super) fn file(&self) -> &str {
        match self {
            Self::Judged(judged) => &judged.file,
            Self::Unusable { file, .. } => file,
        }
    }
}

/// How many came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub good: usize,
    /// rustls refuses them.
    pub refused: usize,
    /// rustls accepts them, and a flag does not.
    pub failed_a_guard: usize,
    /// rustls accepts the chain, and no signature by its key.
    pub with_unusable_key: usize,
    pub unusable: usize,
}

impl Report {
    /// How many came out how.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            match entry {
                Entry::Unusable { .. } => counts.unusable += 1,
                Entry::Judged(judged) if judged.error.is_some() => counts.refused += 1,
                Entry::Judged(judged) if judged.is_good(&self.asked) => counts.good += 1,
                Entry::Judged(judged) if judged.is_key_unusable() => counts.with_unusable_key += 1,
                Entry::Judged(_) => counts.failed_a_guard += 1,
            }
        }
        counts
    }

    /// Whether the exit status may be 0.
    pub(super) fn is_good(&self) -> bool {
        self.counts().good == self.entries.len()
    }

    /// rustls's verdict on all of them: one that it refuses outweighs the rest, then one that nobody could judge.
    pub(super) fn verdict(&self) -> Verdict {
        let counts = self.counts();
        if counts.refused > 0 {
            Verdict::Rejected
        } else if counts.unusable > 0 {
            Verdict::Unknown
        } else {
            Verdict::Accepted
        }
    }
}

/// A sentence of a check as it is, however many lines it fills; only a list of hundreds of names is cut.
pub(super) fn whole(words: &str) -> String {
    crate::printable::shortened(words, 2_000).into_owned()
}

/// Words of a stack or a check, cut where they list hundreds of names or numbers; JSON has them whole.
pub(super) fn shortened(words: &str) -> String {
    crate::printable::shortened(words, 320).into_owned()
}
