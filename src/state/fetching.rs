//! Fetching what a certificate names, each time the user says so; never otherwise.

mod acts;

use super::lab::Setup;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::fetch::{Kind, Place};
use crate::net::Reach;
use crate::pki::Bundle;

/// What the user can ask of the network.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchCommand {
    /// Fetch what a certificate names, from no further than this, for this side to judge by, and run with it.
    Fetch(Side, Place, Reach),
    /// Wait for it no longer.
    CancelFetch(Place),
}

/// What the worker does: it asks the network.
#[derive(Debug)]
pub struct FetchJob {
    /// Which request.
    pub ticket: u64,
    /// What, and where.
    pub place: Place,
    /// How far from here.
    pub reach: Reach,
    /// Ends it early.
    pub cancel: Cancel,
}

/// The network was asked.
#[derive(Debug)]
pub struct FetchDone {
    /// Which request.
    pub ticket: u64,
    /// What came, or the sentence that says why nothing did.
    pub result: Result<Bundle, String>,
    /// It led to a private address, and was refused for that.
    pub is_private: bool,
}

/// One request under way.
#[derive(Clone, Debug)]
pub struct Fetching {
    /// What is asked for.
    pub place: Place,
    /// Who is to judge by it.
    pub judge: Side,
    ticket: u64,
    /// Ends it early.
    cancel: Cancel,
}

impl Setup {
    /// Whether something of this place's was fetched and is in use: a list that `judge` judges by, an issuer at hand.
    pub fn has_fetched(&self, place: &Place, judge: Side) -> bool {
        let is_it = |file: &Option<String>| file.as_ref().is_some_and(|file| place.urls.contains(file));
        match place.kind {
            Kind::List => self
                .sides
                .of(judge)
                .policy
                .revocation
                .lists
                .iter()
                .any(|list| is_it(&list.file)),
            Kind::Issuer => self.known.iter().any(|known| is_it(&known.file)),
        }
    }
}
