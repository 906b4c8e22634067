//! Chains judged, several at a time: rustls is asked, our matrix and causes explain.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::flags::VerifyArguments;
use super::input::{self, Chain, Target};
use super::report::{Asked, Entry, Expiring, Judged, Place, Report};
use crate::capture::{AtHand, Der, Side, Slot, StackVerdict, Trust, VerdictCode};
use crate::cli::asking::{Asking, Told};
use crate::cli::fetching::{FetchFlags, Fetched, Fetcher};
use crate::cli::input::{Files, certificates, revocation};
use crate::cli::interrupt;
use crate::cli::mends;
use crate::cli::outcome::Unusable;
use crate::diagnose::{ChainExplanation, ChainInput, CheckKind, Outcome, Presence, Role, explain_chain};
use crate::opinion::Question;
use crate::pki::{
    CertificateFacts, LoadedCertificate, LoadedKey, NO_EXPIRATION_UNIX_S, moment_words, sha256_hex, time_left,
};
use crate::printable::without_keys;
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
    /// What the stacks trust, with its files.
    roots: Vec<LoadedCertificate>,
    asking: Option<Asking>,
    /// The time that was asked for; `None`: now.
    at_unix_s: Option<i64>,
    /// Keys for a handshake.
    keys: Vec<LoadedKey>,
    /// One chain at a time: the stacks are asked two at once already.
    turn: Mutex<()>,
}

/// Judges every chain; the entries are in the order of the files.
pub(super) fn judge_all(arguments: &VerifyArguments, mut asked: Asked) -> Result<Report, Unusable> {
    let mut files = Files::new(&arguments.passphrase)?;
    let roots = certificates(&mut files, &arguments.trust, "to trust")?;
    let mut known = certificates(&mut files, &arguments.known, "that --known is to look among")?;
    let mut revocation = revocation(&mut files, &arguments.crl)?;
    if let Some(flag) = arguments.policy.given()
        && revocation.lists.is_empty()
        && !arguments.fetch.fetch_crl
    {
        return Err(Unusable(format!(
            "{flag}: there is no revocation list to apply it to; give one with --crl FILE"
        )));
    }
    arguments.policy.lay_over(&mut revocation);
    let keys = arguments
        .ask_key
        .iter()
        .map(|path| files.bundle(path).map(|found| found.keys))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    let asking = arguments.ask.find(true)?;
    asked.notes.extend(files.take_notes());
    let mut chains = Vec::new();
    for path in arguments.all_chains() {
        let named = input::named(&mut files, &path, asking.is_some());
        chains.extend(named.targets);
        known.extend(named.known);
    }
    let judge = Judge {
        asking,
        at_unix_s: arguments.at,
        keys,
        turn: Mutex::default(),
        asked: &asked,
        trust: Trust {
            roots: roots.iter().map(|root| root.der.clone()).collect(),
            expected_name: asked.name.clone(),
            clock_unix_s: asked.at_unix_s,
            revocation,
        },
        at_hand: at_hand(Some(asked.sender.peer()), Slot::Trust, &roots)
            .chain(at_hand(None, Slot::Known, &known))
            .collect(),
        fetch: arguments.fetch,
        fetcher: Fetcher::new(arguments.fetch),
        roots,
    };
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Entry)>> = Mutex::new(Vec::with_capacity(chains.len()));
    let workers = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(chains.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(target) = chains.get(index) else {
                        break;
                    };
                    let entry = judge.entry(target);
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
    certificates
        .iter()
        .map(move |loaded| AtHand::of(side, slot, loaded))
}

impl Judge<'_> {
    fn entry(&self, target: &Target) -> Entry {
        let judged = match &target.chain {
            Ok(chain) => self.judged(&target.file, chain),
            Err(unusable) => Err(unusable.clone()),
        };
        match judged {
            Ok(judged) => Entry::Judged(Box::new(judged)),
            // What is no file may be a key that was pasted where a file was meant.
            Err(Unusable(sentence)) => Entry::Unusable {
                file: without_keys(&target.file).into_owned(),
                sentence,
            },
        }
    }

    /// What the flags ask to be fetched for one chain.
    fn fetched(&self, file: &str, chain: &[Der]) -> Result<Fetched, Unusable> {
        let ders: Vec<&[u8]> = chain.iter().map(Der::as_bytes).collect();
        let at_hand: Vec<&[u8]> = self.at_hand.iter().map(|item| item.der.as_bytes()).collect();
        self.fetch
            .fetch(&self.fetcher, &ders, &at_hand, "this chain")
            .map_err(|Unusable(words)| Unusable(format!("{file}: {words}")))
    }

    fn judged(&self, file: &str, chain: &Chain) -> Result<Judged, Unusable> {
        let sender = self.asked.sender;
        let ders: Vec<Der> = chain
            .certificates
            .iter()
            .map(|certificate| certificate.der.clone())
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
        let mut explained = explain_chain(
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
        mends::spare_causes(&mut explained.causes);
        mends::spare_warned(&mut explained.warned);
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
        let by_sha256 = by_sha256(&all);
        let mut judged = Judged {
            file: file.to_owned(),
            leaf: ders.first().map_or_else(String::new, name_of),
            error,
            places: places(&explained, &by_sha256),
            explained,
            expiring: Vec::new(),
            told: self.told(&chain.certificates, chain.keys.clone(), &trust),
            notes: [chain.notes.clone(), fetched.notes].concat(),
        };
        judged.expiring = self.expiring(&judged, &by_sha256);
        Ok(judged)
    }

    /// What other stacks say of it, where they are asked. A key that fits the leaf makes it a real handshake.
    fn told(&self, chain: &[LoadedCertificate], keys: Vec<LoadedKey>, trust: &Trust) -> Option<Told> {
        let asking = self.asking.as_ref()?;
        let key = of_leaf(chain, keys.into_iter().chain(self.keys.iter().cloned()));
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        Some(asking.ask(&Question {
            judge: self.asked.sender.peer(),
            chain: chain.to_vec(),
            key,
            trust: self.roots.clone(),
            name: Question::host(self.asked.name.as_deref()),
            at_unix_s: self.at_unix_s,
            revocation: trust.revocation.clone(),
            versions: Vec::new(),
        }))
    }

    /// What of the path is valid now and will end within the span asked for.
    fn expiring(&self, judged: &Judged, all: &HashMap<String, &AtHand>) -> Vec<Expiring> {
        let Some(span) = &self.asked.expires_within else {
            return Vec::new();
        };
        let now = self.asked.at_unix_s;
        let path = &judged.explained.judgement.view.links;
        path.iter()
            .filter(|link| matches!(link.presence, Presence::Sent | Presence::InStore))
            .filter_map(|link| {
                let certificate = link.certificate.clone()?;
                let der = &all.get(&certificate.sha256)?.der;
                let facts = CertificateFacts::from_der(der.as_bytes()).ok()?;
                is_soon(&facts, now, span.seconds).then(|| Expiring {
                    certificate,
                    role: link.role.word(),
                    words: format!(
                        "{} ends {} ({}), within the {} that --expires-within asks for",
                        link.name,
                        moment_words(facts.not_after),
                        time_left(facts.not_before, facts.not_after, now),
                        span.words
                    ),
                    not_after: facts.not_after,
                })
            })
            .collect()
    }
}

/// The key that belongs to the leaf.
fn of_leaf(chain: &[LoadedCertificate], mut keys: impl Iterator<Item = LoadedKey>) -> Option<LoadedKey> {
    let leaf = CertificateFacts::from_der(&chain.first()?.der).ok()?;
    keys.find(|key| key.key.matches(&leaf))
}

fn name_of(der: &Der) -> String {
    CertificateFacts::from_der(der.as_bytes()).map_or_else(
        |_| "an unreadable certificate".to_owned(),
        |facts| facts.display_name,
    )
}

/// Whether what is valid now ends within so many seconds, the last of them included; what has no expiration date does not.
fn is_soon(facts: &CertificateFacts, now: i64, seconds: i64) -> bool {
    facts.is_valid_at(now)
        && facts.not_after != NO_EXPIRATION_UNIX_S
        && facts.not_after <= now.saturating_add(seconds)
}

/// Each certificate by its fingerprint, hashed once: a file may hold tens of thousands. The chain's own file comes before
/// others that hold the same.
fn by_sha256(all: &[AtHand]) -> HashMap<String, &AtHand> {
    let mut found = HashMap::with_capacity(all.len());
    for item in all {
        found.entry(sha256_hex(item.der.as_bytes())).or_insert(item);
    }
    found
}

/// The places of the certificates that the report speaks of.
fn places(explained: &ChainExplanation, all: &HashMap<String, &AtHand>) -> HashMap<String, Place> {
    explained
        .judgement
        .matrix
        .iter()
        .filter_map(|row| row.certificate.as_ref())
        .filter_map(|certificate| {
            let found = all.get(&certificate.sha256)?;
            let place = Place {
                file: found.file.clone(),
                line: found.line,
                within: found.within.clone(),
            };
            Some((certificate.sha256.clone(), place))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{Recipe, mint};

    #[test]
    fn a_span_holds_from_both_sides() {
        let recipes: Vec<Recipe> =
            ron::from_str(r#"[(name: "x", subject: "x")]"#).expect("the recipes parse");
        let minted = mint(&recipes, 1_800_000_000).expect("it mints");
        let der = &minted.find("x").expect("minted").certificate.der;
        let mut facts = CertificateFacts::from_der(der).expect("facts");
        let end = facts.not_after;
        assert!(
            is_soon(&facts, end - 86_400, 86_400),
            "exactly a day before its end"
        );
        assert!(!is_soon(&facts, end - 86_401, 86_400), "a second more than a day");
        assert!(is_soon(&facts, end, 0), "in its last second");
        assert!(!is_soon(&facts, end + 1, 86_400), "over, which is another cause");
        assert!(
            !is_soon(&facts, facts.not_before - 1, i64::MAX),
            "not begun, which is another cause"
        );
        assert!(is_soon(&facts, facts.not_before, i64::MAX));
        facts.not_after = NO_EXPIRATION_UNIX_S;
        assert!(!is_soon(&facts, end, i64::MAX), "no expiration date");
    }
}
