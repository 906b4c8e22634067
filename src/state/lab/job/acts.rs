//! How the worker does what the lab needs.

use std::sync::Arc;

use super::{LabDone, LabJob, Ran, RunError, ScenarioCard};
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::clock::Clock;
use crate::fetch::{Place, missing_issuers};
use crate::pki::{Der, LoadedCertificate, Passphrase, Passphrases};
use crate::scenario;
use crate::setup::LabSetup;
use crate::state::features::{Done, OnFailure};
use crate::state::lab::again::read_again;
use crate::state::lab::closed::Closed;
use crate::state::lab::fit::{self};
use crate::state::lab::lists;
use crate::state::lab::setup::Setup;
use crate::state::lab::sorted::Sorted;
use crate::state::lab::together::{self, read_with};
use crate::state::tools::{Tools, analyse};

impl LabJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> LabDone {
        let clock = tools.clock.clone();
        match self {
            Self::Start { setup } => {
                let work = move || LabDone::Started {
                    setup: setup.map_or_else(|| mint(None, &clock), Ok),
                    scenarios: cards(),
                };
                tools.off_thread(work).await
            }
            Self::Mint { ticket, scenario } => {
                let work = move || LabDone::Minted {
                    ticket,
                    setup: mint(scenario.as_deref(), &clock),
                    scenario,
                };
                tools.off_thread(work).await
            }
            Self::Read {
                offers,
                target,
                setup,
            } => {
                let work = move || LabDone::Read {
                    sorted: together::read_all(&offers, target, &setup),
                    target,
                };
                tools.off_thread(work).await
            }
            Self::Open {
                ticket,
                closed,
                passphrase,
                tried,
                setup,
            } => {
                let work = move || {
                    let (passphrases, sorted) = open(&closed, passphrase, &tried, &setup);
                    LabDone::Opened {
                        ticket,
                        passphrases,
                        sorted,
                    }
                };
                tools.off_thread(work).await
            }
            Self::Run {
                ticket,
                setup,
                cancel,
            } => LabDone::Ran {
                ticket,
                result: run(setup, &cancel, tools).await,
            },
            Self::JudgeFit {
                ticket,
                setup,
                now_unix_s,
            } => {
                let work = move || LabDone::Fits {
                    ticket,
                    fits: fit::judge(&setup, now_unix_s),
                    lists: Box::new(lists::seen(&setup, now_unix_s)),
                };
                tools.off_thread(work).await
            }
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::Start { .. } => Box::new(|sentence| {
                Done::Lab(LabDone::Started {
                    setup: Err(sentence),
                    scenarios: cards(),
                })
            }),
            Self::Mint { ticket, scenario } => {
                let (ticket, scenario) = (*ticket, scenario.clone());
                Box::new(move |sentence| {
                    Done::Lab(LabDone::Minted {
                        ticket,
                        scenario,
                        setup: Err(sentence),
                    })
                })
            }
            Self::Read { target, .. } => {
                let target = *target;
                Box::new(move |sentence| {
                    Done::Lab(LabDone::Read {
                        sorted: vec![Sorted::Refuse(sentence)],
                        target,
                    })
                })
            }
            Self::Open { ticket, .. } => {
                let ticket = *ticket;
                Box::new(move |sentence| {
                    Done::Lab(LabDone::Opened {
                        ticket,
                        passphrases: Passphrases::NONE,
                        sorted: Sorted::Refuse(sentence),
                    })
                })
            }
            Self::Run { ticket, .. } => {
                let ticket = *ticket;
                Box::new(move |sentence| {
                    Done::Lab(LabDone::Ran {
                        ticket,
                        result: Err(RunError::Worker(sentence)),
                    })
                })
            }
            // The dots stay as they were: unjudged.
            Self::JudgeFit { .. } => Box::new(|sentence| Done::Told(Some(sentence))),
        }
    }
}

/// A scenario, or the built-in identities, minted at the clock's time.
pub(in crate::state::lab) fn mint(id: Option<&str>, clock: &Clock) -> Result<Box<Setup>, String> {
    scenario::find(id.unwrap_or(scenario::BUILT_IN))
        .and_then(|scenario| scenario.setup(clock.unix_s()))
        .map(|setup| LabSetup {
            wall_clock: clock.clone(),
            ..setup
        })
        .map(|lab| Box::new(Setup::from_lab(lab)))
        .map_err(|error| error.to_string())
}

/// The gallery.
fn cards() -> Vec<ScenarioCard> {
    scenario::all()
        .iter()
        .map(|scenario| ScenarioCard {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            summary: scenario.summary.clone(),
            look_for: scenario.look_for.clone(),
            heading: scenario.group.heading(),
        })
        .collect()
}

/// Tries a passphrase, alone and then beside those that were tried before: a store may have one and its key another. With
/// what opened it.
fn open(closed: &Closed, new: Passphrase, tried: &Passphrases, setup: &Setup) -> (Passphrases, Sorted) {
    let read = |passphrases: &Passphrases| {
        let mut all = passphrases.clone();
        all.extend(setup.passphrases.of(closed.offer.path()).all());
        read_with(&closed.offer, closed.target, setup, &all)
    };
    let alone = Passphrases::one(new);
    let sorted = read(&alone);
    if tried.is_empty() || !matches!(sorted, Sorted::Closed(_)) {
        return (alone, sorted);
    }
    let mut together = alone;
    together.extend(tried.all());
    let sorted = read(&together);
    (together, sorted)
}

async fn run(mut setup: Box<Setup>, cancel: &Cancel, tools: &Tools) -> Result<Box<Ran>, RunError> {
    let (again, setup) = tools
        .off_thread(move || read_again(&mut setup).map(|again| (again, setup)))
        .await
        .map_err(RunError::Files)?;
    let lab = Box::new(setup.to_lab());
    let capture = crate::source::lab::run(&lab, cancel)
        .await
        .map_err(RunError::Lab)?;
    let analysis = tools.off_thread(move || analyse(Arc::new(capture))).await;
    Ok(Box::new(Ran {
        analysis: Arc::new(analysis),
        issuers_elsewhere: issuers_elsewhere(&lab),
        setup: lab,
        read_again: again,
    }))
}

/// Issuers that nobody here has, and where the certificates say they are; each with who judges.
fn issuers_elsewhere(lab: &LabSetup) -> Vec<(Side, Place)> {
    let chains = Side::BOTH.map(|side| {
        let identity = lab.parties.of(side).identity.as_ref();
        identity.map_or(&[][..], |identity| &identity.chain)
    });
    let trusted = Side::BOTH.map(|side| lab.parties.of(side).trust.as_slice());
    let ders = |all: &[&'_ [LoadedCertificate]]| -> Vec<Der> {
        all.iter().copied().flatten().map(|one| one.der.clone()).collect()
    };
    let at_hand = ders(&[chains[0], chains[1], trusted[0], trusted[1], &lab.known]);
    let at_hand: Vec<&[u8]> = at_hand.iter().map(Der::as_bytes).collect();
    Side::BOTH
        .into_iter()
        .zip(chains)
        .flat_map(|(sender, chain)| {
            let chain: Vec<&[u8]> = chain.iter().map(|one| one.der.as_bytes()).collect();
            let places = missing_issuers(&chain, &at_hand);
            places.into_iter().map(move |place| (sender.peer(), place))
        })
        .collect()
}
