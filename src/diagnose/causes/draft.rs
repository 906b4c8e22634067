//! What a finding says of a cause before it has words.

use crate::capture::Side;
use crate::diagnose::cause::{CauseId, Certainty, CertificateRef, Evidence};
use crate::diagnose::fill::Fill;

/// A cause before its words and its place in the order.
pub(in crate::diagnose) struct Draft {
    pub id: CauseId,
    pub certainty: Certainty,
    pub side: Option<Side>,
    pub certificate: Option<CertificateRef>,
    pub evidence: Vec<Evidence>,
    pub fill: Fill,
    /// When in the handshake it came up, in microseconds.
    pub at_us: u64,
}
