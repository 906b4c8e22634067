//! What is exported: an analysis with its title and notes, perhaps without what its secrets open.

use std::collections::HashSet;
use std::sync::Arc;

use super::bounds::{FIRST_STEPS, LAST_STEPS, LONGEST_NOTES};
use super::escape::of_a_person;
use crate::analysis::Analysis;
use crate::capture::{Capture, Der, EventKind, Side};
use crate::session::StepNotes;

/// So many letters of a title.
const LONGEST_TITLE: usize = 200;

/// One handshake, as it is told to others.
#[derive(Clone, Debug)]
pub struct Material {
    /// What it is called.
    pub(super) title: String,
    /// Words on all of it.
    pub(super) notes: String,
    /// Words on single steps.
    pub(super) step_notes: StepNotes,
    /// All that follows from the evidence.
    pub(super) analysis: Arc<Analysis>,
    /// The file that it comes from, for commands.
    pub(super) file: Option<String>,
    /// What was left out with the secrets, in sentences; `None` where nothing was.
    pub(super) left_out: Option<Vec<String>>,
}

impl Material {
    /// A handshake without title and notes.
    pub fn new(analysis: Arc<Analysis>) -> Self {
        Self {
            title: String::new(),
            notes: String::new(),
            step_notes: StepNotes::default(),
            analysis,
            file: None,
            left_out: None,
        }
    }

    /// What it is called, and words on it and on single steps.
    #[must_use]
    pub fn with_words(mut self, title: &str, notes: &str, step_notes: &StepNotes) -> Self {
        self.title = of_a_person(title.trim(), LONGEST_TITLE);
        self.notes = of_a_person(notes.trim(), LONGEST_NOTES);
        self.step_notes = step_notes.clone();
        self
    }

    /// The file that it can be looked at in again, as commands name it.
    #[must_use]
    pub fn with_file(mut self, file: Option<String>) -> Self {
        self.file = file;
        self
    }

    /// The same as whoever has no secrets would see it: decoded and judged again without them. What a stack was handed is
    /// left out as well where it travelled encrypted: certificates that lie in no file, and what the application said.
    #[must_use]
    pub fn without_secrets(self) -> Self {
        let before = &self.analysis;
        let mut capture = Capture::clone(&before.capture);
        capture.secrets.clear();
        let shut = crate::decode::decode(&capture);
        let mut known: HashSet<&Der> = capture.at_hand.iter().map(|one| &one.der).collect();
        for side in Side::BOTH {
            known.extend(shut.chain_sent_by(side).iter().flat_map(|(_, sent)| {
                let ders = sent.chain.iter().map(|(der, _)| der);
                ders.collect::<Vec<_>>()
            }));
            let trust = before.capture.sides.of(side).trust.as_ref();
            known.extend(trust.iter().flat_map(|trust| &trust.roots));
        }
        let opened = |side: Side| {
            let (_, sent) = before.transcript.chain_sent_by(side)?;
            let only = sent.chain.iter().filter(|(der, _)| !known.contains(der)).count();
            (only > 0).then_some((side, only))
        };
        let removed: Vec<String> = Side::BOTH.into_iter().filter_map(opened).map(removed).collect();
        let hidden = !before.capture.secrets.is_empty();
        for event in &mut capture.events {
            match &mut event.kind {
                EventKind::ChainVerified { chain, .. } => chain.retain(|der| known.contains(der)),
                EventKind::LineSent { text } | EventKind::LineReceived { text } => text.clear(),
                _ => {}
            }
        }
        let mut left_out = vec![if hidden {
            "The TLS secrets of this handshake are left out: what only they open is shown as encrypted."
                .to_owned()
        } else {
            "There were no TLS secrets of this handshake to leave out.".to_owned()
        }];
        left_out.extend(removed);
        let analysis = Arc::new(Analysis::of_decoded(Arc::new(capture), shut));
        let step_notes = moved(&self.step_notes, &self.analysis, &analysis);
        Self {
            step_notes,
            left_out: Some(left_out),
            analysis,
            ..self
        }
    }

    /// Its title, or who spoke with whom.
    pub(super) fn heading(&self) -> String {
        if !self.title.is_empty() {
            return self.title.clone();
        }
        let called = |side: Side| {
            let evidence = self.analysis.capture.sides.of(side);
            let name = evidence.label.as_ref().or(evidence.address.as_ref());
            name.cloned().unwrap_or_else(|| side.word().to_owned())
        };
        of_a_person(
            &format!("{} → {}", called(Side::Client), called(Side::Server)),
            LONGEST_TITLE,
        )
    }

    /// The steps that are shown, and where those that are left out would stand: the place in the list, and how many.
    pub(super) fn shown_steps(&self) -> (Vec<usize>, Option<(usize, usize)>) {
        let count = self.analysis.story.steps.len();
        if count <= FIRST_STEPS + LAST_STEPS {
            return ((0..count).collect(), None);
        }
        let shown = (0..FIRST_STEPS).chain(count - LAST_STEPS..count).collect();
        (shown, Some((FIRST_STEPS, count - FIRST_STEPS - LAST_STEPS)))
    }
}

fn removed((side, count): (Side, usize)) -> String {
    let (certificates, are) = if count == 1 {
        ("1 certificate", "is")
    } else {
        (&*format!("{count} certificates"), "are")
    };
    format!(
        "{certificates} that the {} sent, known only from encrypted messages, {are} removed.",
        side.word()
    )
}

/// Notes on steps as they stand in the same handshake without its secrets, whose story has other steps.
pub fn notes_without_secrets(notes: &StepNotes, analysis: &Analysis) -> StepNotes {
    if notes.is_empty() {
        return StepNotes::default();
    }
    let mut capture = Capture::clone(&analysis.capture);
    capture.secrets.clear();
    moved(notes, analysis, &Analysis::of(Arc::new(capture)))
}

/// Notes at the steps of a story that was told again: each at the step of the same moment, by the same side where there is one.
fn moved(notes: &StepNotes, before: &Analysis, after: &Analysis) -> StepNotes {
    let mut out = StepNotes::default();
    for (step, words) in notes.iter() {
        let Some(old) = before.story.steps.get(step) else {
            continue;
        };
        let steps = after.story.steps.iter().enumerate();
        let nearest = steps.min_by_key(|(_, new)| (new.at_us.abs_diff(old.at_us), new.side != old.side));
        if let Some((place, _)) = nearest {
            let words = match out.of(place) {
                Some(there) => format!("{there}\n{words}"),
                None => words.to_owned(),
            };
            out.set(place, &words);
        }
    }
    out
}
