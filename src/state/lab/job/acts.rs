//! How the worker does what the lab needs.

use std::path::Path;
use std::sync::Arc;

use super::{LabDone, LabJob, Ran, RunError, ScenarioCard};
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::clock::Clock;
use crate::fetch::{Place, missing_issuers};
use crate::pki::{Der, LoadedCertificate, Passphrase, Passphrases};
use crate::setup::LabSetup;
use crate::state::features::{Done, OnFailure};
use crate::state::lab::again::read_again;
use crate::state::lab::closed::Closed;
use crate::state::lab::distribute::Found;
use crate::state::lab::fit::{self};
use crate::state::lab::lists;
use crate::state::lab::offer::Offer;
use crate::state::lab::setup::Setup;
use crate::state::lab::slot::{SetupSlot, Source, file_name};
use crate::state::lab::sort;
use crate::state::lab::sorted::Sorted;
use crate::state::lab::told;
use crate::state::tools::{Tools, analyse};
use crate::{pki, scenario};

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
                    sorted: offers.iter().map(|offer| read(offer, target, &setup)).collect(),
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

/// Reads something with the passphrases that are known for it, and finds its place.
fn read(offer: &Offer, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
    let known = &setup.passphrases;
    match offer {
        Offer::File(path) if path.is_dir() => folder(path, target, setup),
        Offer::File(_) | Offer::Lists(..) | Offer::Text(_) => {
            read_with(offer, target, setup, &known.of(offer.path()))
        }
    }
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

fn read_with(
    offer: &Offer,
    target: Option<(Side, SetupSlot)>,
    setup: &Setup,
    passphrases: &Passphrases,
) -> Sorted {
    let read = match offer {
        Offer::File(path) | Offer::Lists(_, path) => pki::read_file_with(path, passphrases),
        Offer::Text(text) => pki::read_text_with(text, passphrases),
    };
    let bundle = match read {
        Ok(bundle) => bundle,
        Err(error) => {
            return Closed::of(&error, offer, target).map_or_else(
                || Sorted::Refuse(error.to_string()),
                |closed| Sorted::Closed(Box::new(closed)),
            );
        }
    };
    let sorted = match offer {
        Offer::Lists(side, path) => lists::chosen(*side, path, &bundle, setup),
        Offer::File(path) => sort::sort(&bundle, &Source::File(path.clone()), target, setup),
        Offer::Text(_) => sort::sort(&bundle, &Source::Pasted, target, setup),
    };
    told::with_remarks(&bundle, offer, sorted)
}

/// All that a folder holds. Each file that is closed is asked for, and goes where it belongs by itself.
fn folder(path: &Path, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
    let folder = match pki::read_folder(path, &setup.passphrases.all()) {
        Ok(folder) => folder,
        Err(error) => return Sorted::Refuse(error.to_string()),
    };
    let name = file_name(path);
    let found = Found {
        name: &name,
        sorted: pki::sorted(&folder.bundle),
    };
    let mut all = Vec::new();
    let is_empty = folder.bundle.certificates.is_empty() && folder.bundle.keys.is_empty();
    if let Some(lists) = lists::found(
        &folder.bundle,
        &Source::File(path.to_owned()),
        target.map(|(side, _)| side),
        setup,
    ) {
        all.push(Sorted::Lists(Box::new(lists), None));
    }
    if !is_empty {
        all.push(found.distributed(target, setup));
    }
    all.extend(folder.closed.iter().filter_map(|(file, error)| {
        let closed = Closed::of(error, &Offer::File(file.clone()), target)?;
        Some(Sorted::Closed(Box::new(closed)))
    }));
    if all.is_empty() {
        return Sorted::Refuse(format!(
            "{}: no file in this folder holds a certificate or a key; choose the folder or the file that does",
            path.display()
        ));
    }
    Sorted::Told(told::of_folder(&folder, &found), Box::new(Sorted::Several(all)))
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
