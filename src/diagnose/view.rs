//! A presented chain as it is drawn: its certificates, where each came from, and how each hangs on to the next.

use super::cause::CertificateRef;
use super::matrix::Role;
use crate::capture::Side;

/// A presented chain as the judging peer sees it: what was sent, how the links hold, where it breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainView {
    /// Who judges it (the peer of who sent it); `None` where nobody does.
    pub judge: Option<Side>,
    /// Certificates as sent, leaf first, then those that complete the path (the anchor, or what is missing).
    pub links: Vec<ChainLink>,
    /// What was not sent, is at hand, and would lead the path on to a root; `None` where nothing does, or nothing is missing.
    pub completes: Option<CertificateRef>,
    /// The judge's trust store, for drawing it beside the chain; `None` where it is not known.
    pub store: Option<Vec<CertificateRef>>,
}

/// One certificate of a drawn chain and how it hangs on to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// Which certificate; for an absent issuer only its name is known.
    pub certificate: Option<CertificateRef>,
    /// What to call it.
    pub name: String,
    /// `leaf · 23 h left`, `intermediate`, `not in its store`, `absent: nobody sent it`.
    pub note: String,
    /// Where it stands.
    pub role: Role,
    /// Whether it was sent, came from the store, or is missing.
    pub presence: Presence,
    /// Whether any check on it failed.
    pub is_bad: bool,
    /// Whether the link from this certificate *to the next one* holds; `None` at the end.
    pub link_to_next: Option<LinkState>,
}

/// Where a drawn certificate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It travelled in the Certificate message.
    Sent,
    /// It is in the judge's store.
    InStore,
    /// It is in a file at hand, but was not sent and is not trusted.
    AtHand,
    /// Nobody has it; its name is known from the certificate below it.
    Absent,
}

/// Whether one certificate hangs on to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Names and signature agree.
    Holds,
    /// It does not.
    Broken,
    /// The next was not sent, as a root need not be, and what the judge trusts is not known.
    Unknown,
}
