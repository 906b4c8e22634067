//! How the network is asked, and what becomes of what came.

use super::{FetchCommand, FetchDone, FetchJob, Fetching};
use crate::cancel::Cancel;
use crate::capture::{RevocationFile, Side};
use crate::fetch::{FetchError, Kind, Limits, Place, Request};
use crate::net::Reach;
use crate::state::effect::Effect;
use crate::state::features::{Done, Job, OnFailure};
use crate::state::lab::ListsFound;
use crate::state::notes::NoteKind;
use crate::state::root::State;
use crate::state::tools::Tools;

impl FetchJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> FetchDone {
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

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
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

impl State {
    /// The request for this place, while it lasts.
    pub fn fetching(&self, place: &Place) -> Option<&Fetching> {
        self.fetching.iter().find(|one| one.place == *place)
    }

    pub(in crate::state) fn apply_fetch(&mut self, command: FetchCommand) -> Vec<Effect> {
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
    pub(in crate::state) fn absorb_fetch(&mut self, done: FetchDone) -> Vec<Effect> {
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
