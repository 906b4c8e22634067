//! Everything that follows from a capture, computed once: decode, diagnose, story.

mod answer;
mod certificates;

use std::sync::{Arc, OnceLock};

pub use certificates::{Certificates, Known};

use crate::capture::{Capture, PerSide, Side};
use crate::decode::{Transcript, decode};
use crate::diagnose::{Diagnosis, PathReport, Warned, diagnose, paths_of, warned_of};
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
    paths: Later<PerSide<PathReport>>,
    certificates: Later<Certificates>,
    warned: Later<Vec<Warned>>,
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
            paths: Later::default(),
            certificates: Later::default(),
            warned: Later::default(),
        }
    }

    /// Every candidate path through each side's chain, by who presents it. Worked out at the first call: milliseconds.
    pub fn paths(&self) -> &PerSide<PathReport> {
        self.paths.0.get_or_init(|| {
            Arc::new(PerSide {
                client: paths_of(&self.capture, &self.transcript, Side::Client),
                server: paths_of(&self.capture, &self.transcript, Side::Server),
            })
        })
    }

    /// What rustls lets pass and another stack refuses, or may ask for, with what mends it. Worked out at the first call.
    pub fn warned(&self) -> &[Warned] {
        let found = || Arc::new(warned_of(&self.diagnosis, &self.capture, &self.transcript));
        self.warned.0.get_or_init(found)
    }

    /// Changes what is told there: names of files that are taken here.
    pub fn change_warned(&mut self, change: impl FnOnce(&mut [Warned])) {
        let mut found = self.warned().to_vec();
        change(&mut found);
        self.warned = Later(OnceLock::from(Arc::new(found)));
    }

    /// Every certificate of the capture, each read once, at the first question about it.
    pub fn certificates(&self) -> &Certificates {
        let found = || Arc::new(Certificates::of(&self.capture, &self.transcript));
        self.certificates.0.get_or_init(found)
    }
}

/// A pure function of the rest: whether it was asked for yet makes no analysis another.
#[derive(Debug)]
struct Later<T>(OnceLock<Arc<T>>);

impl<T> Default for Later<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Clone for Later<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Later<T> {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl<T> Eq for Later<T> {}
