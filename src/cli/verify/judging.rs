//! Chains judged, several at a time: rustls is asked, our matrix and causes explain.

use std::borrow::Cow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::flags::VerifyArguments;
use super::input::{self, Chain};
use super::report::{Asked, Entry, Expiring, Judged, Place, Report};
use crate::capture::{AtHand, Der, Side, Slot, StackVerdict, Trust, VerdictCode};
use crate::cli::fetching::{FetchFlags, Fetched, Fetcher};
use crate::cli::input::{certificates, revocation};
use crate::cli::interrupt;
use crate::cli::setup::Unusable;
use crate::diagnose::{ChainInput, CheckKind, Outcome, Presence, Role, explain_chain};
use crate::pki::{CertificateFacts, LoadedCertificate, sha256_hex, time_left};
use crate::source::lab::RUSTLS_VERSION;
use crate::source::oracle;

/// Who gives the verdict.
pub(super) fn stack() -> String {
    format!("rustls-webpki/rustls {RUSTLS_VERSION}")
}

/// What all chains are judged by.
struct Judge<'a> {
    asked: &'a Asked,
    trust: Trust,
    /// What is trusted and what is known, with their files.
    at_hand: Vec<AtHand>,
    /// What may be asked of the network.
    fetch: FetchFlags,
    fetcher: Fetcher,
}

/// Judges every chain; the entries are in the order of the files.
pub(super) fn judge_all(arguments: &VerifyArguments, asked: Asked) -> Result<Report, Unusable> {
    let roots = certificates(&arguments.trust, "to trust")?;
    let known = certificates(&arguments.known, "that --known is to look among")?;
    let judge = Judge {
        asked: &asked,
        trust: Trust {
            roots: roots.iter().map(|root| Der::from(root.der.clone())).collect(),
            expected_name: asked.name.clone(),
            clock_unix_s: asked.at_unix_s,
            revocation: revocation(&arguments.crl)?,
        },
        at_hand: at_hand(Some(asked.sender.peer()), Slot::Trust, &roots)
            .chain(at_hand(None, Slot::Known, &known))
            .collect(),
        fetch: arguments.fetch,
        fetcher: Fetcher::new(arguments.fetch),
    };
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Entry)>> = Mutex::new(Vec::with_capacity(arguments.chains.len()));
    let workers = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(arguments.chains.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = arguments.chains.get(index) else {
                        break;
                    };
                    let entry = judge.entry(path);
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((index, entry));
                }
            });
        }
    });
    let mut entries = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    entries.sort_by_key(|(index, _)| *index);
    drop(judge);
    if interrupt::has_come() {
        // A report of some chains would look like one of all.
        return Err(Unusable("interrupted; nothing was judged".to_owned()));
    }
    Ok(Report {
        asked,
        entries: entries.into_iter().map(|(_, entry)| entry).collect(),
    })
}

fn at_hand(
    side: Option<Side>,
    slot: Slot,
    certificates: &[LoadedCertificate],
) -> impl Iterator<Item = AtHand> {
    certificates.iter().map(move |certificate| AtHand {
        side,
        slot,
        file: certificate.file.clone(),
        entry: certificate.entry,
        line: certificate.line,
        der: Der::from(certificate.der.clone()),
    })
}

impl Judge<'_> {
    fn entry(&self, path: &Path) -> Entry {
        let file = path.display().to_string();
        match input::chain(path).and_then(|chain| self.judged(&file, chain)) {
            Ok(judged) => Entry::Judged(Box::new(judged)),
            Err(Unusable(sentence)) => Entry::Unusable { file, sentence },
        }
    }

    /// What the flags ask to be fetched for one chain.
    fn fetched(&self, file: &str, chain: &[Der]) -> Result<Fetched, Unusable> {
        let ders: Vec<&[u8]> = chain.iter().map(Der::as_bytes).collect();
        let at_hand: Vec<&[u8]> = self.at_hand.iter().map(|item| item.der.as_bytes()).collect();
        self.fetch
            .fetch(&self.fetcher, &ders, &at_hand, "this chain")
            .map_err(|error| Unusable(format!("{file}: {error}")))
    }

    fn judged(&self, file: &str, chain: Chain) -> Result<Judged, Unusable> {
        let sender = self.asked.sender;
        let ders: Vec<Der> = chain
            .certificates
            .iter()
            .map(|certificate| Der::from(certificate.der.clone()))
            .collect();
        let fetched = self.fetched(file, &ders)?;
        let all: Vec<AtHand> = at_hand(Some(sender), Slot::Certificate, &chain.certificates)
            .chain(self.at_hand.iter().cloned())
            .chain(at_hand(None, Slot::Known, &fetched.certificates))
            .collect();
        let mut trust = Cow::Borrowed(&self.trust);
        if !fetched.lists.is_empty() {
            trust.to_mut().revocation.lists.extend(fetched.lists);
        }
        let verdict = oracle::judge(&ders, &trust, sender.peer());
        let error = verdict.as_ref().err().map(|verdict| verdict.words.clone());
        let verdict = verdict.err().unwrap_or_else(|| StackVerdict {
            stack: "rustls".to_owned(),
            version: RUSTLS_VERSION.to_owned(),
            code: VerdictCode::Accepted,
            words: String::new(),
        });
        let explained = explain_chain(
            &ChainInput {
                chain: &ders,
                trust: Some(&trust),
                judge: sender.peer(),
                at_hand: &[],
                clock_unix_s: self.asked.at_unix_s,
                key_in_use: None,
                possession: None,
            },
            &all,
            Some(&verdict),
        );
        // A name that was asked for and that nothing looked at would pass for anybody's.
        let is_name_judged = explained.judgement.matrix.iter().any(|row| {
            row.role == Role::Leaf
                && row.check == CheckKind::Name
                && matches!(row.outcome, Outcome::Pass | Outcome::Warn | Outcome::Fail)
        });
        if let (Some(name), true, false) = (&self.asked.name, error.is_none(), is_name_judged) {
            return Err(Unusable(format!(
                "{file}: nothing here judges whether a {} is {name}; leave --name out to judge the rest",
                sender.word()
            )));
        }
        let mut judged = Judged {
            file: file.to_owned(),
            leaf: ders.first().map_or_else(String::new, name_of),
            error,
            places: places(&explained, &all),
            explained,
            expiring: Vec::new(),
            notes: [chain.notes, fetched.notes].concat(),
        };
        judged.expiring = self.expiring(&judged, &all);
        Ok(judged)
    }

    /// What of the path is valid now and will end within the span asked for.
    fn expiring(&self, judged: &Judged, all: &[AtHand]) -> Vec<Expiring> {
        let Some(span) = &self.asked.expires_within else {
            return Vec::new();
        };
        let now = self.asked.at_unix_s;
        let path = &judged.explained.judgement.view.links;
        path.iter()
            .filter(|link| matches!(link.presence, Presence::Sent | Presence::InStore))
            .filter_map(|link| {
                let certificate = link.certificate.clone()?;
                let der = all
                    .iter()
                    .map(|item| &item.der)
                    .find(|der| sha256_hex(der.as_bytes()) == certificate.sha256)?;
                let facts = CertificateFacts::from_der(der.as_bytes()).ok()?;
                let is_soon = facts.is_valid_at(now) && facts.not_after <= now.saturating_add(span.seconds);
                is_soon.then(|| Expiring {
                    certificate,
                    role: link.role.word(),
                    words: format!(
                        "{} ends {} ({}), within the {} that --expires-within asks for",
                        link.name,
                        moment(facts.not_after),
                        time_left(facts.not_before, facts.not_after, now),
                        span.words
                    ),
                    not_after: facts.not_after,
                })
            })
            .collect()
    }
}

/// `2026-11-23 20:42:00 UTC`.
pub(super) fn moment(unix_s: i64) -> String {
    jiff::Timestamp::from_second(unix_s).map_or_else(
        |_| format!("{unix_s} s after 1970"),
        |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

fn name_of(der: &Der) -> String {
    CertificateFacts::from_der(der.as_bytes()).map_or_else(
        |_| "an unreadable certificate".to_owned(),
        |facts| facts.display_name,
    )
}

/// The places of the certificates that the report speaks of; the chain's own file before others that hold the same.
fn places(explained: &crate::diagnose::ChainExplanation, all: &[AtHand]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let spoken_of = explained
        .judgement
        .matrix
        .iter()
        .filter_map(|row| row.certificate.as_ref());
    let mut last = None;
    for certificate in spoken_of {
        // Rows come certificate by certificate.
        if last == Some(&certificate.sha256) || places.iter().any(|place| place.sha256 == certificate.sha256)
        {
            continue;
        }
        last = Some(&certificate.sha256);
        let found = all
            .iter()
            .find(|item| sha256_hex(item.der.as_bytes()) == certificate.sha256);
        places.extend(found.map(|item| Place {
            sha256: certificate.sha256.clone(),
            file: item.file.clone(),
            line: item.line,
        }));
    }
    places
}
