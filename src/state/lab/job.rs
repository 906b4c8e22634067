//! What the worker does for the lab, and what it answers.

use std::path::PathBuf;
use std::sync::Arc;

use super::again::read_again;
use super::fit::{self, SlotFit};
use super::lists;
use super::setup::Setup;
use super::slot::{ListsSeen, SetupSlot, Slot, Source};
use super::sort;
use super::sorted::Sorted;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{PerSide, Side};
use crate::clock::Clock;
use crate::fetch::Place;
use crate::setup::LabSetup;
use crate::source::lab::LabError;
use crate::state::features::{Done, OnFailure};
use crate::state::tools::{Tools, analyse};
use crate::{pki, scenario};

/// What the worker does for the lab.
#[derive(Debug)]
pub enum LabJob {
    /// Mint the built-in identities (unless a set-up was given on the command line) and list the scenarios.
    Start {
        /// The set-up to start with instead.
        setup: Option<Box<Setup>>,
    },
    /// Mint a scenario, or the built-in identities again.
    Mint {
        /// Which request.
        ticket: u64,
        /// The scenario's id; `None` for the built-in identities.
        scenario: Option<String>,
    },
    /// Read files, or pasted text, and sort out what they hold.
    Read {
        /// What to read.
        offers: Vec<Offer>,
        /// The slot they were meant for.
        target: Option<(Side, SetupSlot)>,
        /// What they are to fit with.
        setup: Box<Setup>,
    },
    /// Read the set-up's files again, run the pair, and analyse.
    Run {
        /// Which request.
        ticket: u64,
        /// The set-up.
        setup: Box<Setup>,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Judge the dots.
    JudgeFit {
        /// Which request.
        ticket: u64,
        /// The set-up.
        setup: Box<Setup>,
        /// Now, in seconds since the epoch.
        now_unix_s: i64,
    },
}

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A file.
    File(PathBuf),
    /// A file with revocation lists or OCSP responses, for this side to judge by.
    Lists(Side, PathBuf),
    /// Pasted text.
    Text(String),
}

/// What the worker answers the lab.
#[derive(Debug)]
pub enum LabDone {
    /// The set-up to start with, or why there is none.
    Started {
        /// The set-up.
        setup: Result<Box<Setup>, String>,
        /// The gallery.
        scenarios: Vec<ScenarioCard>,
    },
    /// A scenario or the built-in identities were minted.
    Minted {
        /// Which request.
        ticket: u64,
        /// The scenario; `None` for the built-in identities.
        scenario: Option<String>,
        /// The set-up, or why there is none.
        setup: Result<Box<Setup>, String>,
    },
    /// Files were read.
    Read {
        /// What becomes of each, in order.
        sorted: Vec<Sorted>,
        /// The slot they were meant for.
        target: Option<(Side, SetupSlot)>,
    },
    /// A run ended.
    Ran {
        /// Which request.
        ticket: u64,
        /// What came of it.
        result: Result<Box<Ran>, RunError>,
    },
    /// The dots were judged.
    Fits {
        /// Which request.
        ticket: u64,
        /// The dots.
        fits: Vec<SlotFit>,
        /// And of each side's revocation lists.
        lists: Box<PerSide<ListsSeen>>,
    },
}

/// A run that ended, well or not.
#[derive(Debug)]
pub struct Ran {
    /// The evidence and all that follows.
    pub analysis: Arc<Analysis>,
    /// What was run, its files read again.
    pub setup: Box<LabSetup>,
    /// Issuers that nobody here has, and where the certificates say they are; each with who judges.
    pub issuers_elsewhere: Vec<(Side, Place)>,
    /// The slots that were read again.
    pub read_again: Vec<(Side, SetupSlot, Slot)>,
}

/// Why there was no run.
#[derive(Debug)]
pub enum RunError {
    /// Files that could be read before cannot be read now: the sentences.
    Files(Vec<(Side, SetupSlot, String)>),
    /// The pair could not begin, or was cancelled.
    Lab(LabError),
    /// The worker could not do it: the sentence.
    Worker(String),
}

/// A scenario as the gallery shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioCard {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// What to look for.
    pub look_for: String,
    /// The heading that it stands under.
    pub heading: &'static str,
}

impl ScenarioCard {
    /// Whether it speaks of every word of a text, wherever: in its words, its id or its heading.
    pub fn speaks_of(&self, text: &str) -> bool {
        let all = [
            self.id.as_str(),
            &self.title,
            &self.summary,
            &self.look_for,
            self.heading,
        ]
        .map(str::to_lowercase);
        text.to_lowercase()
            .split_whitespace()
            .all(|word| all.iter().any(|words| words.contains(word)))
    }
}

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
pub(super) fn mint(id: Option<&str>, clock: &Clock) -> Result<Box<Setup>, String> {
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

fn read(offer: &Offer, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
    let (bundle, source) = match offer {
        Offer::Lists(side, path) => return lists::chosen(*side, path, setup),
        Offer::File(path) => (pki::read_file(path), Source::File(path.clone())),
        Offer::Text(text) => (pki::read_text(text), Source::Pasted),
    };
    match bundle {
        Ok(bundle) => sort::sort(&bundle, &source, target, setup),
        Err(error) => Sorted::Refuse(error.to_string()),
    }
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
        issuers_elsewhere: super::run::issuers_elsewhere(&lab),
        setup: lab,
        read_again: again,
    }))
}
