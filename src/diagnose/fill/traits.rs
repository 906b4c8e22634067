//! What holds of a case: some remedies are for some cases only.

use serde::Deserialize;

/// What holds of a case. A remedy may be for some cases only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(in crate::diagnose) enum Trait {
    /// The certificate at fault is the sender's own. The usual case.
    Leaf,
    /// The certificate at fault is a CA's.
    Ca,
    /// A newer certificate of the same name and key is at hand.
    Renewed,
    /// None is.
    NotRenewed,
    /// The issuer at hand is an intermediate: it is to be sent, not trusted.
    IssuerIsBelow,
    /// It is a root, or not at hand.
    IssuerIsNotBelow,
    /// The issuer at hand is a root, which need not be sent.
    IssuerIsTop,
    /// It is an intermediate, or not at hand.
    IssuerIsNotTop,
    /// It carries names of its own. The usual case.
    Named,
    /// It names nobody.
    Nameless,
    /// What is issued anew gets a new key.
    NewKey,
    /// It keeps its key.
    SameKey,
    /// The certificate at fault is a root: it signs itself, and is trusted and not sent.
    Root,
    /// Another one signed it. The usual case.
    NotRoot,
    /// The key of the certificate's issuer is at fault, and not its own.
    WeakIssuer,
    /// It is not.
    SoundIssuer,
    /// The sender's certificate is its own issuer.
    SelfSigned,
    /// Another issued it.
    NotSelfSigned,
    /// The key that was given belongs to another certificate at hand.
    KeyOfAnother,
    /// It belongs to none.
    KeyOfNobody,
    /// The issuer's certificate has to be made again before it can issue what is asked of it.
    IssuerAgain,
    /// It can issue as it is.
    IssuerStays,
    /// The CA of the issuer's name that did not sign was sent.
    TwinSent,
    /// It is the judge's own.
    TwinTrusted,
}

impl Trait {
    /// What does not hold where this does.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Leaf => Self::Ca,
            Self::Ca => Self::Leaf,
            Self::Renewed => Self::NotRenewed,
            Self::NotRenewed => Self::Renewed,
            Self::IssuerIsBelow => Self::IssuerIsNotBelow,
            Self::IssuerIsNotBelow => Self::IssuerIsBelow,
            Self::IssuerIsTop => Self::IssuerIsNotTop,
            Self::IssuerIsNotTop => Self::IssuerIsTop,
            Self::Named => Self::Nameless,
            Self::Nameless => Self::Named,
            Self::NewKey => Self::SameKey,
            Self::SameKey => Self::NewKey,
            Self::Root => Self::NotRoot,
            Self::NotRoot => Self::Root,
            Self::WeakIssuer => Self::SoundIssuer,
            Self::SoundIssuer => Self::WeakIssuer,
            Self::SelfSigned => Self::NotSelfSigned,
            Self::NotSelfSigned => Self::SelfSigned,
            Self::KeyOfAnother => Self::KeyOfNobody,
            Self::KeyOfNobody => Self::KeyOfAnother,
            Self::IssuerAgain => Self::IssuerStays,
            Self::IssuerStays => Self::IssuerAgain,
            Self::TwinSent => Self::TwinTrusted,
            Self::TwinTrusted => Self::TwinSent,
        }
    }

    pub(super) fn is_usual(self) -> bool {
        matches!(
            self,
            Self::Leaf
                | Self::NotRenewed
                | Self::IssuerIsNotBelow
                | Self::IssuerIsNotTop
                | Self::Named
                | Self::SameKey
                | Self::NotRoot
                | Self::SoundIssuer
                | Self::NotSelfSigned
                | Self::KeyOfNobody
                | Self::IssuerStays
                | Self::TwinTrusted
        )
    }
}
