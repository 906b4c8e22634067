//! What OpenSSL and Go do with a chain, on record: their own rules for finding a path and for judging it, written down after
//! what their releases do, where those differ from rustls's.
//!
//! Nobody is asked here. `tests/stacks/truth.rs` asks the real programs about the chains of public test suites and counts how
//! often this record is right; who wants to know for certain asks them (`opinion/`).
//!
//! Where there are revocation lists, they are given to whoever looks at them: OpenSSL, by `-crl_check` and `-crl_check_all`.
//!
//! Deliberately absent: OCSP responses, the policies that only a flag switches on, and the other stacks.

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
use crate::pki::der_element;
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

/// More revocation lists than this are not looked at either.
const MOST_LISTS: usize = 256;

/// Said of a stack that was given revocation lists.
const NO_LISTS: &str = "which looks at no revocation list";

/// Said of OpenSSL, where bytes follow the end of a certificate in its file.
const NOT_WITH_MORE: &str = "but in a handshake it refuses what follows a certificate's end";

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

    /// Each stack's; nothing where it is not known whom the judge trusts, where OCSP responses play a part, and of a stack where
    /// its verdict cannot be told.
    pub(super) fn all(&self) -> &[OnRecord] {
        self.found.get_or_init(|| self.find().unwrap_or_default())
    }

    /// Whether a stack accepts the chain; `None` where nothing is on record.
    pub(super) fn accepts(&self, id: &str) -> Option<bool> {
        self.all().iter().find(|one| one.id == id).map(OnRecord::accepts)
    }

    fn given<'g>(&self, trust: &'g Trust, files: &'g Files, lists: &'g [Der]) -> Given<'g> {
        Given {
            chain: &files.chain,
            roots: &files.roots,
            judge: self.judge,
            // A SPIFFE ID is no name that a stack compares by itself.
            name: trust
                .expected_name
                .as_deref()
                .filter(|name| self.judge == Side::Client && !name.starts_with("spiffe://")),
            clock_unix_s: trust.clock_unix_s,
            lists,
            is_leaf_only: trust.revocation.is_leaf_only,
            is_in_a_handshake: self.is_in_a_handshake,
        }
    }

    fn find(&self) -> Option<Vec<OnRecord>> {
        let trust = self.trust?;
        let count = self.chain.len() + trust.roots.len();
        let revocation = &trust.revocation;
        let is_more = count > MOST_CERTIFICATES || revocation.lists.len() > MOST_LISTS;
        if is_more || !revocation.responses.is_empty() {
            return None;
        }
        let lists: Vec<Der> = revocation.lists.iter().map(|list| list.der.clone()).collect();
        let whole = Files::read(self.chain, &trust.roots);
        let is_followed = self.chain.iter().chain(&trust.roots).any(has_rest);
        let cut = is_followed.then(|| Files::read(&without_rests(self.chain), &without_rests(&trust.roots)));
        let of_openssl = self.given(trust, cut.as_ref().unwrap_or(&whole), &lists);
        let is_sent_with_more = self.chain.iter().any(has_rest);
        let openssl = if self.is_in_a_handshake && is_sent_with_more {
            Err("cert length mismatch".into())
        } else {
            openssl::judge(&of_openssl)
        };
        let note = is_sent_with_more
            .then_some(NOT_WITH_MORE)
            .or_else(|| openssl::note(&of_openssl));
        let found = [
            ("openssl", openssl, note),
            (
                "go",
                go::judge(&self.given(trust, &whole, &lists)),
                (!lists.is_empty()).then_some(NO_LISTS),
            ),
        ];
        Some(
            found
                .into_iter()
                .filter_map(|(id, verdict, note)| on_record(id, verdict, note))
                .collect(),
        )
    }
}

/// Certificates as they were read out of files.
struct Files {
    chain: Vec<Certificate>,
    roots: Vec<Certificate>,
}

impl Files {
    fn read(chain: &[Der], roots: &[Der]) -> Self {
        let read =
            |ders: &[Der]| -> Vec<Certificate> { ders.iter().map(Certificate::read_of_any_length).collect() };
        let chain = read(chain);
        let roots = concerned(&chain, distinct(read(roots)));
        Self { chain, roots }
    }
}

/// Whether something follows the end of a certificate.
fn has_rest(der: &Der) -> bool {
    der_element(der.as_bytes()).is_some_and(|(_, rest)| !rest.is_empty())
}

/// What OpenSSL takes from a file: what follows the end of a certificate it does not look at.
fn without_rests(ders: &[Der]) -> Vec<Der> {
    let cut = |der: &Der| -> Option<Der> {
        let bytes = der.as_bytes();
        let (_, rest) = der_element(bytes)?;
        Some(Der::from(
            bytes.get(..bytes.len().checked_sub(rest.len())?)?.to_vec(),
        ))
    };
    ders.iter()
        .map(|der| cut(der).unwrap_or_else(|| der.clone()))
        .collect()
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
