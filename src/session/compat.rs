//! One converter for each version, so that every file ever written opens.

use std::sync::Arc;

use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Session, StepNotes};
use crate::capture::Capture;

/// What a session is called in its first line, in every version.
pub(super) const NAME: &str = "MtlscopeSession";

/// The version, which is the first field of every file that was ever written: to know which converter to take, nothing else
/// is read. `None` where something else comes first.
pub(super) fn version(text: &str) -> Option<u32> {
    let mut version = None;
    // Always an error: the reading stops at the first field.
    let _ = ron::Options::default().from_str_seed(text, First(&mut version));
    version
}

/// Reads the first field, where it is the version, and no further.
struct First<'v>(&'v mut Option<u32>);

impl<'de> DeserializeSeed<'de> for First<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_struct(NAME, &["version"], self)
    }
}

impl<'de> Visitor<'de> for First<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a session")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        if fields.next_key::<Field>()?.is_some() {
            *self.0 = Some(fields.next_value()?);
        }
        Err(A::Error::custom("nothing else is of interest"))
    }
}

/// The only field that is asked for.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Version,
}

/// Version 1, the first.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename = "MtlscopeSession", deny_unknown_fields)]
pub(super) struct V1 {
    pub version: u32,
    pub title: String,
    pub notes: String,
    /// Since the notes on steps; a file without is as old as any.
    #[serde(default, skip_serializing_if = "StepNotes::is_empty")]
    pub step_notes: StepNotes,
    pub capture: Arc<Capture>,
}

impl From<V1> for Session {
    fn from(old: V1) -> Self {
        Self {
            title: old.title,
            notes: old.notes,
            step_notes: old.step_notes,
            capture: old.capture,
        }
    }
}
