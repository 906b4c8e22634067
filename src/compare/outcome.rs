//! How a handshake ended, and what the two sides agreed on.

use crate::analysis::Analysis;
use crate::capture::{PerSide, Side, VerdictCode};
use crate::diagnose::{CauseId, Verdict};
use crate::story::cause_words;

/// How a handshake ended: what an exit status is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Of the connection.
    pub verdict: Verdict,
    /// What each stack concluded, where it was heard.
    codes: PerSide<Option<VerdictCode>>,
    /// The likeliest cause, and who objects.
    pub cause: Option<(CauseId, Option<Side>)>,
}

impl Outcome {
    /// How this handshake ended.
    pub fn of(analysis: &Analysis) -> Self {
        let sides = &analysis.capture.sides;
        let code = |side: Side| sides.of(side).verdict.as_ref().map(|verdict| verdict.code);
        let cause = analysis.diagnosis.causes.first();
        Self {
            verdict: analysis.diagnosis.verdict,
            codes: PerSide {
                client: code(Side::Client),
                server: code(Side::Server),
            },
            cause: cause.map(|cause| (cause.id, cause.side)),
        }
    }

    /// Both ended alike. What a stack concluded counts where both were heard.
    pub fn is_as(&self, other: &Self) -> bool {
        let is_as = |side: Side| match (self.codes.of(side), other.codes.of(side)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        self.verdict == other.verdict && self.cause == other.cause && Side::BOTH.into_iter().all(is_as)
    }

    /// `accepted`; `rejected by the server: unknown issuer`.
    pub fn words(&self) -> String {
        let word = self.verdict.word();
        match self.cause {
            Some((id, Some(side))) if self.verdict == Verdict::Rejected => {
                format!("{word} by the {}: {}", side.word(), cause_words(id, false))
            }
            Some((id, _)) => format!("{word}: {}", cause_words(id, false)),
            None => word.to_owned(),
        }
    }
}

/// What the two sides agreed on.
pub(super) fn agreed(analysis: &Analysis) -> [(&'static str, Option<String>); 4] {
    let transcript = &analysis.transcript;
    [
        (
            "Version agreed on",
            transcript.version.map(|version| version.to_string()),
        ),
        (
            "Cipher suite agreed on",
            transcript.cipher_suite.map(|suite| suite.to_string()),
        ),
        ("Group agreed on", transcript.group.map(|group| group.to_string())),
        ("Protocol agreed on (ALPN)", transcript.alpn.clone()),
    ]
}
