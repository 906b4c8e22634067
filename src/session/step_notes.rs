//! Words on single steps of a handshake, by the step's place in its story.

use std::collections::BTreeMap;
use std::fmt::Formatter;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// So many steps may have a note.
pub const MOST_STEP_NOTES: usize = 1_000;
/// So many letters a note may have.
pub const MOST_STEP_NOTE: usize = 2_000;

/// A note for each step that has one. Steps count from 0, in the order of the story that the capture tells; a note of a step that
/// the story no longer has is kept and shown nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct StepNotes(BTreeMap<usize, String>);

impl StepNotes {
    /// The note of a step.
    pub fn of(&self, step: usize) -> Option<&str> {
        self.0.get(&step).map(String::as_str)
    }

    /// Says something else of a step, at most [`MOST_STEP_NOTE`] letters; nothing takes the note away. Beyond
    /// [`MOST_STEP_NOTES`] no step gets a note that had none.
    pub fn set(&mut self, step: usize, words: &str) {
        if words.trim().is_empty() {
            self.0.remove(&step);
        } else if self.0.contains_key(&step) || self.0.len() < MOST_STEP_NOTES {
            self.0.insert(step, words.chars().take(MOST_STEP_NOTE).collect());
        }
    }

    /// Whether no step has one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Steps with their notes, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0.iter().map(|(step, words)| (*step, words.as_str()))
    }
}

impl<'de> Deserialize<'de> for StepNotes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Bounded)
    }
}

/// Reads no more than can be written.
struct Bounded;

impl<'de> Visitor<'de> for Bounded {
    type Value = StepNotes;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "at most {MOST_STEP_NOTES} notes on steps")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<StepNotes, A::Error> {
        let mut notes = BTreeMap::new();
        while let Some((step, words)) = entries.next_entry::<usize, String>()? {
            if notes.len() == MOST_STEP_NOTES {
                return Err(A::Error::custom(format_args!(
                    "more than {MOST_STEP_NOTES} notes on steps"
                )));
            }
            if words.chars().nth(MOST_STEP_NOTE).is_some() {
                return Err(A::Error::custom(format_args!(
                    "a note on a step of more than {MOST_STEP_NOTE} letters"
                )));
            }
            notes.insert(step, words);
        }
        Ok(StepNotes(notes))
    }
}
