//! Fetching what a certificate names, each time the user says so; never otherwise.

use super::effect::Effect;
use super::job::Job;
use super::lists::ListsFound;
use super::notes::NoteKind;
use super::root::State;
use super::setup::Setup;
use crate::cancel::Cancel;
use crate::capture::{RevocationFile, Side};
use crate::fetch::{FetchError, Kind, Limits, Place, Request, missing_issuers};
use crate::net::Reach;
use crate::pki::{Bundle, LoadedCertificate};
use crate::source::lab::LabSetup;

/// One request under way.
#[derive(Clone, Debug)]
pub struct Fetching {
    /// What is asked for.
    pub place: Place,
    /// Who is to judge by it.
    pub judge: Side,
    /// Which request.
    pub(super) ticket: u64,
    /// Ends it early.
    pub(super) cancel: Cancel,
}

/// The work itself: one request.
pub(super) fn fetch(place: &Place, reach: Reach, cancel: Cancel) -> Result<Bundle, FetchError> {
    let limits = Limits {
        reach,
        ..Limits::default()
    };
    Request::new(limits, cancel).fetch(place)
}

/// Issuers that nobody here has, and where the certificates say they are; each with who judges.
pub(super) fn issuers_elsewhere(lab: &LabSetup) -> Vec<(Side, Place)> {
    let chains = Side::BOTH.map(|side| {
        let identity = lab.parties.of(side).identity.as_ref();
        identity.map_or(&[][..], |identity| &identity.chain)
    });
    let trusted = Side::BOTH.map(|side| lab.parties.of(side).trust.as_slice());
    let ders = |all: &[&'_ [LoadedCertificate]]| -> Vec<Vec<u8>> {
        all.iter().copied().flatten().map(|one| one.der.clone()).collect()
    };
    let at_hand = ders(&[chains[0], chains[1], trusted[0], trusted[1], &lab.known]);
    let at_hand: Vec<&[u8]> = at_hand.iter().map(Vec::as_slice).collect();
    Side::BOTH
        .into_iter()
        .zip(chains)
        .flat_map(|(sender, chain)| {
            let chain: Vec<&[u8]> = chain.iter().map(|one| one.der.as_slice()).collect();
            let places = missing_issuers(&chain, &at_hand);
            places.into_iter().map(move |place| (sender.peer(), place))
        })
        .collect()
}

impl Setup {
    /// Whether something of this place's was fetched and is in use: a list that `judge` judges by, an issuer at hand.
    pub fn has_fetched(&self, place: &Place, judge: Side) -> bool {
        let is_it = |file: &Option<String>| file.as_ref().is_some_and(|file| place.urls.contains(file));
        match place.kind {
            Kind::List => self
                .sides
                .of(judge)
                .revocation
                .lists
                .iter()
                .any(|list| is_it(&list.file)),
            Kind::Issuer => self.known.iter().any(|known| is_it(&known.file)),
        }
    }
}

impl State {
    /// The request for this place, while it lasts.
    pub fn fetching(&self, place: &Place) -> Option<&Fetching> {
        self.fetching.iter().find(|one| one.place == *place)
    }

    /// Whether this place led to a private address when it was fetched last, and was refused for it.
    pub fn is_refused_as_private(&self, place: &Place) -> bool {
        self.fetches_refused.contains(place)
    }

    /// Asks, unless that is under way.
    pub(super) fn fetch(&mut self, judge: Side, place: Place, reach: Reach) -> Vec<Effect> {
        if self.fetching(&place).is_some() {
            return Vec::new();
        }
        self.fetches_refused.retain(|refused| *refused != place);
        let ticket = self.ticket();
        let cancel = Cancel::default();
        self.fetching.push(Fetching {
            place: place.clone(),
            judge,
            ticket,
            cancel: cancel.clone(),
        });
        vec![Effect::Work(Job::Fetch {
            ticket,
            place,
            reach,
            cancel,
        })]
    }

    /// Waits no longer; what still comes is not looked at.
    pub(super) fn cancel_fetch(&mut self, place: &Place) {
        self.fetching.retain(|one| {
            let is_it = one.place == *place;
            if is_it {
                one.cancel.cancel();
            }
            !is_it
        });
    }

    /// A request ended: what came is used, and the pair runs with it.
    pub(super) fn take_fetched(&mut self, ticket: u64, result: Result<Bundle, FetchError>) -> Vec<Effect> {
        let Some(at) = self.fetching.iter().position(|one| one.ticket == ticket) else {
            return Vec::new();
        };
        let Fetching { place, judge, .. } = self.fetching.remove(at);
        let bundle = match result {
            Ok(bundle) => bundle,
            Err(error) => {
                if matches!(error, FetchError::Private { .. }) {
                    self.fetches_refused.push(place);
                }
                self.notes.add(NoteKind::Trouble, error.to_string());
                return Vec::new();
            }
        };
        let mut effects = match place.kind {
            Kind::List => {
                let lists: Vec<RevocationFile> = bundle
                    .revocation_lists
                    .into_iter()
                    .map(RevocationFile::from)
                    .collect();
                let name = lists.first().and_then(|list| list.file.clone());
                self.put_lists(&ListsFound {
                    sides: vec![judge],
                    lists,
                    responses: Vec::new(),
                    name: name.unwrap_or_default(),
                })
            }
            Kind::Issuer => {
                let known = &mut self.setup.known;
                known.retain(|one| !bundle.certificates.iter().any(|new| new.file == one.file));
                known.extend(bundle.certificates);
                self.notes.add(
                    NoteKind::Done,
                    format!("The issuer of {} is at hand now; nobody sends it.", place.whose),
                );
                self.setup_changed()
            }
        };
        if !self.is_running() {
            effects.extend(self.apply(super::Command::Run));
        }
        effects
    }
}
