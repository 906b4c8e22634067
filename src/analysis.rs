//! Everything that follows from a capture, computed once: decode, diagnose, story.

use std::sync::Arc;

use crate::capture::Capture;
use crate::decode::{Transcript, decode};
use crate::diagnose::{Diagnosis, diagnose};
use crate::story::{Story, tell};

/// A capture and all that follows from it. The same capture always gives the same analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// The evidence.
    pub capture: Arc<Capture>,
    /// Decoded.
    pub transcript: Transcript,
    /// Judged.
    pub diagnosis: Diagnosis,
    /// Told.
    pub story: Story,
}

impl Analysis {
    /// Decodes, judges and tells. Total: any capture has an analysis. Milliseconds of work; call it off the UI thread.
    pub fn of(capture: Arc<Capture>) -> Self {
        let transcript = decode(&capture);
        Self::of_decoded(capture, transcript)
    }

    /// As [`Analysis::of`], for a capture that was decoded already, with its own secrets.
    pub fn of_decoded(capture: Arc<Capture>, transcript: Transcript) -> Self {
        let diagnosis = diagnose(&capture, &transcript);
        let story = tell(&capture, &transcript, &diagnosis);
        Self {
            capture,
            transcript,
            diagnosis,
            story,
        }
    }
}
