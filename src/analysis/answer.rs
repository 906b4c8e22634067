//! The answer in words where there is no cause to name.

use super::Analysis;
use crate::capture::Side;
use crate::diagnose::Verdict;

impl Analysis {
    /// Title and text where there is no cause to name.
    pub fn without_cause(&self) -> (String, String) {
        let analysis = self;
        let transcript = &analysis.transcript;
        let is_mutual = transcript
            .chain_sent_by(Side::Client)
            .is_some_and(|(_, chain)| !chain.chain.is_empty());
        let parts: Vec<String> = [
            transcript.version.map(|version| version.to_string()),
            transcript.cipher_suite.map(|suite| suite.to_string()),
            transcript.group.map(|group| group.to_string()),
        ]
        .into_iter()
        .flatten()
        .collect();
        let is_trust_unknown = Side::BOTH
            .into_iter()
            .any(|judge| analysis.diagnosis.is_trust_unknown(judge));
        match analysis.diagnosis.verdict {
            Verdict::Accepted if is_trust_unknown => (
                "Both sides went on to the end".to_owned(),
                format!(
                    "So each was content with what it saw. Whom they trust is not in this evidence, and nothing here proves that \
                 the chains lead to a root. The channel: {}.",
                    parts.join(", ")
                ),
            ),
            Verdict::Accepted if is_mutual => (
                "Both sides proved who they are".to_owned(),
                format!(
                    "The channel is encrypted and nobody in the middle can read or change it: {}.",
                    parts.join(", ")
                ),
            ),
            Verdict::Accepted => (
                "Only the server proved who it is".to_owned(),
                format!(
                    "The channel is encrypted, but the client stayed anonymous: {}.",
                    parts.join(", ")
                ),
            ),
            Verdict::Rejected => (
                "One side refused, and the evidence does not say why".to_owned(),
                "No check that was made here fails.".to_owned(),
            ),
            Verdict::Unfinished => (
                "The handshake did not finish".to_owned(),
                "It ended before anybody decided.".to_owned(),
            ),
            Verdict::Unknown => (
                "What came of it is not known".to_owned(),
                "The evidence does not tell.".to_owned(),
            ),
        }
    }
}
