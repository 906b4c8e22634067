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

/// Something that both sides have in the end.
pub(super) struct Agreed {
    /// `Cipher suite agreed on`.
    pub name: &'static str,
    /// `cipher suite`.
    pub what: &'static str,
    /// What it is; `None` where there is none, or the evidence does not tell.
    pub value: Option<String>,
}

/// What the two sides have of each other in the end: what they agreed on, and whether the server knows its client. A
/// handshake with a client that nobody knows is accepted as well, and is not the same.
pub(super) fn agreed(analysis: &Analysis) -> [Agreed; 5] {
    let transcript = &analysis.transcript;
    let diagnosis = &analysis.diagnosis;
    let is_known = diagnosis.verdict == Verdict::Accepted && diagnosis.client_proof().is_some();
    let one = |name, what, value| Agreed { name, what, value };
    [
        one(
            "Version agreed on",
            "version",
            transcript.version.map(|version| version.to_string()),
        ),
        one(
            "Cipher suite agreed on",
            "cipher suite",
            transcript.cipher_suite.map(|suite| suite.to_string()),
        ),
        one(
            "Group agreed on",
            "group",
            transcript.group.map(|group| group.to_string()),
        ),
        one("Protocol agreed on (ALPN)", "protocol", transcript.alpn.clone()),
        one(
            "Identity of the client",
            "proven client",
            is_known.then(|| "a client that proved who it is".to_owned()),
        ),
    ]
}
