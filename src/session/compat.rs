//! One converter for each version, so that every file ever written opens.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Session;
use crate::capture::Capture;

/// The first lines of every version: enough to know which converter to take.
#[derive(Debug, Deserialize)]
#[serde(rename = "MtlscopeSession")]
pub(super) struct Header {
    pub version: u32,
}

/// Version 1, the first.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename = "MtlscopeSession", deny_unknown_fields)]
pub(super) struct V1 {
    pub version: u32,
    pub title: String,
    pub notes: String,
    pub capture: Arc<Capture>,
}

impl From<V1> for Session {
    fn from(old: V1) -> Self {
        Self {
            title: old.title,
            notes: old.notes,
            capture: old.capture,
        }
    }
}
