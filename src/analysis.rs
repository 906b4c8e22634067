//! Everything that follows from a capture, computed once: decode, diagnose, story.

use std::sync::{Arc, OnceLock};

use crate::capture::{Capture, PerSide, Side};
use crate::decode::{Transcript, decode};
use crate::diagnose::{Diagnosis, PathReport, diagnose, paths_of};
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
    /// Worked out when somebody looks.
    paths: OnPaths,
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
            paths: OnPaths::default(),
        }
    }

    /// Every candidate path through each side's chain, by who presents it. Worked out at the first call: milliseconds.
    pub fn paths(&self) -> &PerSide<PathReport> {
        self.paths.0.get_or_init(|| PerSide {
            client: paths_of(&self.capture, &self.transcript, Side::Client),
            server: paths_of(&self.capture, &self.transcript, Side::Server),
        })
    }
}

/// A pure function of the rest: whether it was asked for yet makes no analysis another.
#[derive(Clone, Debug, Default)]
struct OnPaths(OnceLock<PerSide<PathReport>>);

impl PartialEq for OnPaths {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for OnPaths {}
