//! Fetching what a certificate names, each time the user says so; never otherwise.

use super::effect::Effect;
use super::features::{Done, Job, OnFailure};
use super::lab::{ListsFound, Setup};
use super::notes::NoteKind;
use super::root::State;
use super::tools::Tools;
use crate::cancel::Cancel;
use crate::capture::{RevocationFile, Side};
use crate::fetch::{FetchError, Kind, Limits, Place, Request};
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

impl FetchJob {
    pub(super) async fn run(self, tools: &Tools) -> FetchDone {
        let Self {
            ticket,
            place,
            reach,
            cancel,
        } = self;
        let limits = Limits {
            reach,
            ..Limits::default()
        };
        let work = move || Request::new(limits, cancel).fetch(&place);
        let result = tools.off_thread(work).await;
        FetchDone {
            ticket,
            is_private: matches!(result, Err(FetchError::Private { .. })),
            result: result.map_err(|error| error.to_string()),
        }
    }

    pub(super) fn on_failure(&self) -> OnFailure {
        let ticket = self.ticket;
        Box::new(move |sentence| {
            Done::Fetch(FetchDone {
                ticket,
                result: Err(sentence),
                is_private: false,
            })
        })
    }
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

impl State {
    /// The request for this place, while it lasts.
    pub fn fetching(&self, place: &Place) -> Option<&Fetching> {
        self.fetching.iter().find(|one| one.place == *place)
    }

    pub(super) fn apply_fetch(&mut self, command: FetchCommand) -> Vec<Effect> {
        match command {
            FetchCommand::Fetch(judge, place, reach) => self.fetch(judge, place, reach),
            FetchCommand::CancelFetch(place) => {
                self.cancel_fetch(&place);
                Vec::new()
            }
        }
    }

    /// Whether this place led to a private address when it was fetched last, and was refused for it.
    pub fn is_refused_as_private(&self, place: &Place) -> bool {
        self.fetches_refused.contains(place)
    }

    /// Asks, unless that is under way.
    fn fetch(&mut self, judge: Side, place: Place, reach: Reach) -> Vec<Effect> {
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
        vec![Effect::Work(Job::Fetch(FetchJob {
            ticket,
            place,
            reach,
            cancel,
        }))]
    }

    /// Waits no longer; what still comes is not looked at.
    fn cancel_fetch(&mut self, place: &Place) {
        self.fetching.retain(|one| {
            let is_it = one.place == *place;
            if is_it {
                one.cancel.cancel();
            }
            !is_it
        });
    }

    /// A request ended: what came is used, and the pair runs with it.
    pub(super) fn absorb_fetch(&mut self, done: FetchDone) -> Vec<Effect> {
        let FetchDone {
            ticket,
            result,
            is_private,
        } = done;
        let Some(at) = self.fetching.iter().position(|one| one.ticket == ticket) else {
            return Vec::new();
        };
        let Fetching { place, judge, .. } = self.fetching.remove(at);
        let bundle = match result {
            Ok(bundle) => bundle,
            Err(sentence) => {
                if is_private {
                    self.fetches_refused.push(place);
                }
                self.notes.add(NoteKind::Trouble, sentence);
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
                let known = &mut self.lab.setup.known;
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
            effects.extend(self.run());
        }
        effects
    }
}
