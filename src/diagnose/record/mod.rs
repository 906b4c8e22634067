//! What OpenSSL and Go do with a chain, on record: their own rules for finding a path and for judging it, written down after
//! what their releases do, where those differ from rustls's.
//!
//! Nobody is asked here. `tests/stacks/truth.rs` asks the real programs about the chains of public test suites and counts how
//! often this record is right; who wants to know for certain asks them (`opinion/`).
//!
//! Deliberately absent: revocation lists, the policies that only a flag switches on, and the other stacks.

mod general_names;
mod given;
mod go;
mod openssl;
mod points;
mod signature;
mod times;

use std::cell::OnceCell;
use std::collections::HashSet;

use super::certificate::Certificate;
use super::deviations::deviations;
use crate::capture::{Der, Side, Trust};
use given::{Given, Refusal, Verdict};

/// What a stack does with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stance {
    /// It accepts it.
    Accepts,
    /// It refuses it: in its own words, as far as they are on record.
    Refuses(String),
}

/// What is on record of one stack about one chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnRecord {
    /// `openssl`, `go`.
    pub id: &'static str,
    /// `OpenSSL 3.0.22`: the release whose doings are on record.
    pub name: String,
    /// What it does.
    pub stance: Stance,
    /// On what condition, and what else is to be known: clauses.
    pub notes: Vec<&'static str>,
}

impl OnRecord {
    /// Whether it accepts.
    pub fn accepts(&self) -> bool {
        self.stance == Stance::Accepts
    }

    /// `OpenSSL 3.0.22 refuses it (unable to get issuer certificate)`.
    pub fn words(&self) -> String {
        let what = match &self.stance {
            Stance::Accepts => "accepts it".to_owned(),
            Stance::Refuses(words) => format!("refuses it ({words})"),
        };
        let mut words = format!("{} {what}", self.name);
        for note in &self.notes {
            words += ", ";
            words += note;
        }
        words
    }
}

/// More certificates than this are not looked at for a word beside the verdict.
const MOST_CERTIFICATES: usize = 2048;

/// No stack's path is longer.
const MOST_STEPS: usize = 101;

/// What is on record about one chain, found out when it is first asked for.
pub(super) struct Recorded<'i> {
    chain: &'i [Der],
    trust: Option<&'i Trust>,
    judge: Side,
    is_in_a_handshake: bool,
    found: OnceCell<Vec<OnRecord>>,
}

impl<'i> Recorded<'i> {
    pub(super) fn of(
        chain: &'i [Der],
        trust: Option<&'i Trust>,
        judge: Side,
        is_in_a_handshake: bool,
    ) -> Self {
        Self {
            chain,
            trust,
            judge,
            is_in_a_handshake,
            found: OnceCell::new(),
        }
    }

    /// Each stack's; nothing where it is not known whom the judge trusts, where revocation plays a part, and of a stack where its
    /// verdict cannot be told.
    pub(super) fn all(&self) -> &[OnRecord] {
        self.found.get_or_init(|| self.find().unwrap_or_default())
    }

    /// Whether a stack accepts the chain; `None` where nothing is on record.
    pub(super) fn accepts(&self, id: &str) -> Option<bool> {
        self.all().iter().find(|one| one.id == id).map(OnRecord::accepts)
    }

    fn find(&self) -> Option<Vec<OnRecord>> {
        let trust = self.trust?;
        let count = self.chain.len() + trust.roots.len();
        if self.chain.is_empty() || count > MOST_CERTIFICATES || !trust.revocation.is_empty() {
            return None;
        }
        let read =
            |ders: &[Der]| -> Vec<Certificate> { ders.iter().map(Certificate::read_of_any_length).collect() };
        let chain = read(self.chain);
        let roots = concerned(&chain, distinct(read(&trust.roots)));
        let given = Given {
            chain: &chain,
            roots: &roots,
            judge: self.judge,
            // A SPIFFE ID is no name that a stack compares by itself.
            name: trust
                .expected_name
                .as_deref()
                .filter(|name| self.judge == Side::Client && !name.starts_with("spiffe://")),
            clock_unix_s: trust.clock_unix_s,
            is_in_a_handshake: self.is_in_a_handshake,
        };
        let found = [
            ("openssl", openssl::judge(&given), openssl::note(&given)),
            ("go", go::judge(&given), None),
        ];
        Some(
            found
                .into_iter()
                .filter_map(|(id, verdict, note)| on_record(id, verdict, note))
                .collect(),
        )
    }
}

/// Each once, in order: a store keeps no certificate twice.
fn distinct(mut all: Vec<Certificate>) -> Vec<Certificate> {
    let mut met = HashSet::new();
    all.retain(|one| met.insert(one.digest));
    all
}

/// The roots that may play a part: those that the chain's issuers, or theirs, are named after, and what was sent itself.
fn concerned(chain: &[Certificate], roots: Vec<Certificate>) -> Vec<Certificate> {
    let sent: HashSet<_> = chain.iter().map(|one| one.digest).collect();
    let mut wanted: HashSet<String> = chain.iter().map(|one| one.folded_issuer().to_owned()).collect();
    let mut kept = vec![false; roots.len()];
    for _ in 0..MOST_STEPS {
        let mut is_longer = false;
        for (kept, root) in kept.iter_mut().zip(&roots) {
            let is_concerned = wanted.contains(root.folded_subject()) || sent.contains(&root.digest);
            if !*kept && is_concerned {
                *kept = true;
                is_longer |= wanted.insert(root.folded_issuer().to_owned());
            }
        }
        if !is_longer {
            break;
        }
    }
    let mut kept = kept.into_iter();
    roots
        .into_iter()
        .filter(|_| kept.next().unwrap_or_default())
        .collect()
}

fn on_record(id: &'static str, verdict: Verdict, note: Option<&'static str>) -> Option<OnRecord> {
    let (stance, condition) = match verdict {
        Ok(condition) => (Stance::Accepts, condition),
        Err(Refusal::Says(words)) => (Stance::Refuses(words), None),
        Err(Refusal::NotKnown) => return None,
    };
    let program = deviations().programs.iter().find(|program| program.id == id)?;
    Some(OnRecord {
        id,
        name: program.name.clone(),
        notes: condition
            .into_iter()
            .chain(note.filter(|_| stance == Stance::Accepts))
            .collect(),
        stance,
    })
}
