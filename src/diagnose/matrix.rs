//! The matrix: every check on every certificate, with its outcome.

use super::{Asker, CauseId, CertificateRef};
use crate::capture::Side;

/// One check on one certificate, judged by one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// Who judges.
    pub side: Side,
    /// The certificate judged; `None` where none was presented.
    pub certificate: Option<CertificateRef>,
    /// Where it stands in the chain.
    pub role: Role,
    /// The check.
    pub check: CheckKind,
    /// What came of it.
    pub outcome: Outcome,
    /// The cause that a failure or a warning belongs to.
    pub cause: Option<CauseId>,
    /// Of a warning: whether any stack on record refuses such a certificate. Where none does, the rules alone say no.
    pub is_refused_elsewhere: bool,
    /// Of a warning, and of names that stacks compare differently: the rules that somebody refuses for, by their names in the
    /// record of who refuses what.
    pub rules: Vec<&'static str>,
    /// Of a failure: which of the faults of its cause it is, where stacks differ over them.
    pub variety: Option<Variety>,
    /// What a program may be set to ask for beyond this check, and does not find here.
    pub demand: Option<Demand>,
    /// One line of particulars: `valid 2026-11-22 to 2026-11-24, judged at 2026-11-23 20:42:00 UTC`.
    pub detail: String,
}

/// Faults of one cause that stacks do not take alike; `None` in their place is the cause's usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variety {
    /// The name that was asked for is the common name, and there is no list of names.
    CommonName,
    /// The same, of an address.
    CommonAddress,
    /// The common name is a pattern.
    CommonPattern,
    /// The name that was asked for is the common name, and the list of names has no host.
    CommonNameAlone,
    /// The common name fits, or may, and the list of names has hosts.
    CommonNameBeside,
    /// A wildcard that is the whole first label, and would have to stand for more.
    Wildcard,
    /// A wildcard that is a part of the first label.
    WildcardPart,
    /// A wildcard in another place.
    WildcardElsewhere,
}

/// What a program asks for because it was told to, and not by itself: no stack refuses for it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Who asks.
    pub who: Asker,
    /// When it is told to by this: `remote-cert-tls server`.
    pub setting: String,
    /// What it asks for: `serverAuth in an extendedKeyUsage`.
    pub asks_for: String,
    /// What it asks for, under which setting, and what is there instead.
    pub words: String,
}

/// Where a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words of RFC 5280")]
pub enum Role {
    Leaf,
    Intermediate,
    Root,
}

impl Role {
    /// The word in JSON and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Intermediate => "intermediate",
            Self::Root => "root",
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It holds.
    Pass,
    /// rustls refuses for this.
    Fail,
    /// rustls accepts it; others refuse, or it is unwise.
    Warn,
    /// The evidence is missing: no roots, no keys.
    Unknown,
    /// Nothing was presented or at hand.
    NotReached,
    /// The check does not concern this certificate in this place.
    NotApplicable,
}

impl Outcome {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::NotReached => "not-reached",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// The checks. Their words are a published contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each file in check/ says what its check is")]
pub enum CheckKind {
    Encoding,
    Version,
    Validity,
    Issuer,
    Signature,
    BasicConstraints,
    PathLength,
    KeyUsage,
    Purpose,
    Name,
    NameConstraints,
    Algorithm,
    KeySize,
    CriticalExtensions,
    Revocation,
    KeyMatch,
    Possession,
}

impl CheckKind {
    /// All checks, in the order in which they are shown.
    pub const ALL: [Self; 17] = [
        Self::Encoding,
        Self::Version,
        Self::Validity,
        Self::Issuer,
        Self::Signature,
        Self::BasicConstraints,
        Self::PathLength,
        Self::KeyUsage,
        Self::Purpose,
        Self::Name,
        Self::NameConstraints,
        Self::Algorithm,
        Self::KeySize,
        Self::CriticalExtensions,
        Self::Revocation,
        Self::KeyMatch,
        Self::Possession,
    ];

    /// Whether webpki asks it of each certificate by itself, before it looks for an issuer.
    pub(super) fn is_of_one_certificate(self) -> bool {
        matches!(
            self,
            Self::Encoding
                | Self::Version
                | Self::CriticalExtensions
                | Self::Validity
                | Self::BasicConstraints
                | Self::PathLength
                | Self::Purpose
        )
    }

    /// Whether it belongs to building a path; the others are asked of the leaf once there is one.
    pub(super) fn is_of_the_path(self) -> bool {
        !matches!(self, Self::Name | Self::KeyMatch | Self::Possession)
    }

    /// In words: `key usage`.
    pub fn words(self) -> String {
        self.word().replace('-', " ")
    }

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Version => "version",
            Self::Validity => "validity",
            Self::Issuer => "issuer",
            Self::Signature => "signature",
            Self::BasicConstraints => "basic-constraints",
            Self::PathLength => "path-length",
            Self::KeyUsage => "key-usage",
            Self::Purpose => "purpose",
            Self::Name => "name",
            Self::NameConstraints => "name-constraints",
            Self::Algorithm => "algorithm",
            Self::KeySize => "key-size",
            Self::CriticalExtensions => "critical-extensions",
            Self::Revocation => "revocation",
            Self::KeyMatch => "key-match",
            Self::Possession => "possession",
        }
    }
}

/// Said of a leaf's key with which no handshake succeeds, whatever the chain is like.
pub(super) const HANDSHAKE_ENDS: &str = "the handshake ends there";

impl MatrixRow {
    /// A chain that is accepted, with a key that no handshake succeeds with: whoever judges the chain alone has to say so.
    pub fn ends_every_handshake(&self) -> bool {
        self.outcome == Outcome::Warn && self.role == Role::Leaf && self.detail.contains(HANDSHAKE_ENDS)
    }
}
