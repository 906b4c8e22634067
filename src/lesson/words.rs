//! The single words of a lesson's front matter. A word that is not known is refused, with those that are.

use serde::Deserialize;

use crate::capture::{ClientAuth, Side};
use crate::decode::MessageKind;
use crate::diagnose::{CauseId, Ending, Verdict};

/// How a handshake, as a whole, ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the verdicts by name")]
pub enum VerdictWord {
    Accepted,
    Rejected,
    Unfinished,
}

impl VerdictWord {
    /// The verdict that it names.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Accepted => Verdict::Accepted,
            Self::Rejected => Verdict::Rejected,
            Self::Unfinished => Verdict::Unfinished,
        }
    }
}

/// A side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the sides by name")]
pub enum SideWord {
    Client,
    Server,
}

impl SideWord {
    /// The side that it names.
    pub fn side(self) -> Side {
        match self {
            Self::Client => Side::Client,
            Self::Server => Side::Server,
        }
    }
}

/// How one side ends, by its own belief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndingWord {
    /// Connected, and nothing to complain of.
    Accepted,
    /// Never connected: it failed within the handshake.
    Refused,
    /// It believed itself connected, and learnt better: in TLS 1.3 a client's certificate is judged after that.
    AcceptedThenRefused,
    /// Neither connected nor refused.
    Unfinished,
}

impl EndingWord {
    /// What it is called on screen.
    pub fn words(self) -> &'static str {
        match self {
            Self::Accepted => "connected, and stays so",
            Self::Refused => "fails within the handshake",
            Self::AcceptedThenRefused => "believes itself connected, and then learns of the refusal",
            Self::Unfinished => "never learns how it ends",
        }
    }

    /// The word for an ending; `None` where the evidence does not tell.
    pub fn of(ending: &Ending) -> Option<Self> {
        match (ending.verdict, ending.connected_at_us.is_some()) {
            (Verdict::Accepted, _) => Some(Self::Accepted),
            (Verdict::Rejected, false) => Some(Self::Refused),
            (Verdict::Rejected, true) => Some(Self::AcceptedThenRefused),
            (Verdict::Unfinished, _) => Some(Self::Unfinished),
            (Verdict::Unknown, _) => None,
        }
    }
}

/// Whether the server asks for a client certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "as on the command line")]
pub enum ClientAuthWord {
    Required,
    Optional,
    None,
}

impl ClientAuthWord {
    /// The policy that it names.
    pub fn policy(self) -> ClientAuth {
        match self {
            Self::Required => ClientAuth::Required,
            Self::Optional => ClientAuth::Optional,
            Self::None => ClientAuth::None,
        }
    }
}

/// The id of a cause: `unknown-issuer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CauseWord(pub CauseId);

impl TryFrom<String> for CauseWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let known = || {
            let all: Vec<&str> = CauseId::ALL.iter().map(|id| id.word()).collect();
            all.join(", ")
        };
        CauseId::from_word(&word)
            .map(Self)
            .ok_or_else(|| format!("there is no such cause; choose from {}", known()))
    }
}

/// The name of a message, as the RFC writes it without spaces: `CertificateVerify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MessageWord(pub MessageKind);

impl TryFrom<String> for MessageWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        MessageKind::ALL
            .iter()
            .find(|kind| kind.word() == word)
            .map(|kind| Self(*kind))
            .ok_or_else(|| "there is no such message; an example is CertificateVerify".to_owned())
    }
}
