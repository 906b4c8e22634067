//! Everything that follows from a capture, computed once: decode, diagnose, story.

use std::sync::Arc;

use crate::capture::Capture;
use crate::decode::Transcript;
use crate::diagnose::Diagnosis;
use crate::story::Story;

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
