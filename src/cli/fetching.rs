//! `--fetch-crl` and `--fetch-issuer`: what the certificates' own addresses have, each asked once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use clap::Args;

use super::outcome::Unusable;
use super::{interrupt, output};
use crate::cancel::Cancel;
use crate::capture::{ClientAuth, RevocationFile, Side};
use crate::fetch::{self, FetchError, Limits, Place, Request};
use crate::net::Reach;
use crate::pki::{Bundle, LoadedCertificate};
use crate::setup::LabSetup;

/// What to ask the network for. Nothing is asked without these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct FetchFlags {
    /// Fetch the revocation lists that the certificates name, and judge by them (plain HTTP only)
    #[arg(long, help_heading = "Network: only what is asked for here")]
    pub fetch_crl: bool,
    /// Fetch issuers that are not at hand from where the certificates name them, to look for a missing one among
    #[arg(long, help_heading = "Network: only what is asked for here")]
    pub fetch_issuer: bool,
    /// Let a certificate lead to private addresses too: loopback, 10.0.0.0/8, link-local, a cloud's metadata and the like.
    /// Without this they are refused, wherever a name or a redirect leads; so are ports below 1024 other than 80, always
    #[arg(long, help_heading = "Network: only what is asked for here")]
    pub fetch_private: bool,
}

type Answer = Arc<OnceLock<Result<Bundle, FetchError>>>;

/// Asks, and remembers: a thousand chains of one CA name one list. All of a command is one request, within its bounds;
/// Ctrl+C ends it.
pub(super) struct Fetcher {
    request: Request,
    answers: Mutex<HashMap<Vec<String>, Answer>>,
}

/// What was fetched, with a sentence for each.
#[derive(Default)]
pub(super) struct Fetched {
    /// Lists, each with its address for a file.
    pub lists: Vec<RevocationFile>,
    /// Certificates, each with its address for a file.
    pub certificates: Vec<LoadedCertificate>,
    /// What was fetched, or that there was nothing to ask for.
    pub notes: Vec<String>,
}

impl Fetched {
    fn add(&mut self, other: Self) {
        self.lists.extend(other.lists);
        self.certificates.extend(other.certificates);
        self.notes.extend(other.notes);
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        interrupt::over();
    }
}

impl Fetcher {
    pub(super) fn new(flags: FetchFlags) -> Self {
        let limits = Limits {
            reach: if flags.fetch_private {
                Reach::Any
            } else {
                Reach::Public
            },
            ..Limits::default()
        };
        let is_used = flags.fetch_crl || flags.fetch_issuer;
        Self {
            request: Request::new(
                limits,
                if is_used {
                    interrupt::cancel()
                } else {
                    Cancel::default()
                },
            ),
            answers: Mutex::default(),
        }
    }

    fn ask(&self, place: &Place) -> Result<Bundle, FetchError> {
        let answer = Arc::clone(
            self.answers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(place.urls.clone())
                .or_default(),
        );
        // Whoever else wants the same waits here for the one answer.
        answer
            .get_or_init(|| {
                let first = place.urls.first().map_or("", String::as_str);
                let others = match place.urls.len() {
                    0 | 1 => String::new(),
                    count => format!(" or {} more", count - 1),
                };
                output::error(&format!("note: asking {first}{others}"));
                self.request.fetch(place)
            })
            .clone()
    }

    /// The lists about a chain (DER, leaf first).
    pub(super) fn lists(&self, chain: &[&[u8]], whose: &str) -> Result<Fetched, FetchError> {
        let mut fetched = Fetched::default();
        let places = fetch::lists(chain);
        if places.is_empty() {
            fetched.notes.push(format!(
                "No certificate of {whose} says where its revocation list is: none was fetched."
            ));
        }
        for place in &places {
            let bundle = self.ask(place)?;
            fetched.notes.extend(bundle.revocation_lists.first().map(|list| {
                let from = list.file.as_deref().unwrap_or_default();
                format!(
                    "The revocation list about {} was fetched from {from}.",
                    place.whose
                )
            }));
            fetched
                .lists
                .extend(bundle.revocation_lists.into_iter().map(RevocationFile::from));
        }
        Ok(fetched)
    }

    /// The issuers of a chain that neither it nor `at_hand` holds.
    pub(super) fn issuers(&self, chain: &[&[u8]], at_hand: &[&[u8]]) -> Result<Fetched, FetchError> {
        let certificates = fetch::issuers(chain, at_hand, |place| self.ask(place))?;
        let notes = certificates
            .iter()
            .filter_map(|one| one.file.as_deref())
            .map(|from| format!("An issuer was fetched from {from}; nobody sends it."))
            .collect();
        Ok(Fetched {
            certificates,
            notes,
            ..Fetched::default()
        })
    }
}

impl FetchFlags {
    /// What these flags ask to be fetched for a chain (DER, leaf first; `at_hand` DER too). A refusal names the flag that
    /// lifts it.
    pub(super) fn fetch(
        self,
        fetcher: &Fetcher,
        chain: &[&[u8]],
        at_hand: &[&[u8]],
        whose: &str,
    ) -> Result<Fetched, Unusable> {
        self.fetched(fetcher, chain, at_hand, whose)
            .map_err(|error| match error {
                FetchError::Private { .. } => Unusable(format!("{error} with --fetch-private")),
                _ => Unusable(error.to_string()),
            })
    }

    fn fetched(
        self,
        fetcher: &Fetcher,
        chain: &[&[u8]],
        at_hand: &[&[u8]],
        whose: &str,
    ) -> Result<Fetched, FetchError> {
        let mut found = Fetched::default();
        if self.fetch_issuer {
            found.add(fetcher.issuers(chain, at_hand)?);
        }
        if self.fetch_crl {
            // Not about what was fetched: what nobody sends is on no path that rustls asks lists about.
            found.add(fetcher.lists(chain, whose)?);
        }
        Ok(found)
    }

    /// Fetches what both sides of a run need; returns a sentence for each thing.
    pub(super) fn lay_over(self, setup: &mut LabSetup) -> Result<Vec<String>, Unusable> {
        let fetcher = Fetcher::new(self);
        let mut notes = Vec::new();
        for judge in Side::BOTH {
            let Some(identity) = &setup.parties.of(judge.peer()).identity else {
                continue;
            };
            if judge == Side::Server && setup.client_auth == ClientAuth::None {
                continue;
            }
            let chain: Vec<&[u8]> = identity.chain.iter().map(|one| one.der.as_bytes()).collect();
            let at_hand: Vec<&[u8]> = setup
                .parties
                .of(judge)
                .trust
                .iter()
                .chain(&setup.known)
                .map(|one| one.der.as_bytes())
                .collect();
            let whose = format!("the {}'s chain", judge.peer().word());
            let found = self.fetch(&fetcher, &chain, &at_hand, &whose)?;
            setup.known.extend(found.certificates);
            setup
                .parties
                .of_mut(judge)
                .policy
                .revocation
                .lists
                .extend(found.lists);
            notes.extend(found.notes);
        }
        Ok(notes)
    }
}
