//! Revocation lists and OCSP responses in the set-up: where a file of them goes, and how it is read again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::passphrases::{Refused, Rereading, Unread};
use super::setup::Setup;
use super::slot::{Fit, ListsSeen, SetupSlot, Source, file_name, time_words};
use super::sorted::{ListsFound, Sorted};
use crate::capture::{
    CertificateRefusal, ClientAuth, PerSide, Revocation, RevocationFile, Side, VerdictCode,
};
use crate::pki::{
    Bundle, CertificateFacts, LoadedStatus, Malformed, RevocationListFacts, is_address, time_left,
};

/// A way to hold to revocation lists that differs from the library's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Only the leaf's status is asked for.
    LeafOnly,
    /// What no list speaks of is accepted.
    AllowsUnknown,
    /// A list past its nextUpdate is refused.
    RefusesStale,
}

impl Strictness {
    /// Whether a side is so.
    pub fn of(self, known: &Revocation) -> bool {
        match self {
            Self::LeafOnly => known.is_leaf_only,
            Self::AllowsUnknown => known.allows_unknown,
            Self::RefusesStale => known.refuses_stale,
        }
    }

    pub(super) fn set(self, known: &mut Revocation, is_on: bool) {
        *match self {
            Self::LeafOnly => &mut known.is_leaf_only,
            Self::AllowsUnknown => &mut known.allows_unknown,
            Self::RefusesStale => &mut known.refuses_stale,
        } = is_on;
    }
}

/// What a file holds of lists and responses; `None` where there are none. They go to the side under the pointer, else to
/// whoever judges a chain that they speak of, else to both.
pub(super) fn found(
    bundle: &Bundle,
    source: &Source,
    target: Option<Side>,
    setup: &Setup,
) -> Option<ListsFound> {
    if !bundle.has_status() {
        return None;
    }
    let files = |all: &[LoadedStatus]| all.iter().cloned().map(RevocationFile::from).collect();
    let sides = target.map_or_else(
        || {
            let speaking: Vec<Side> = Side::BOTH
                .into_iter()
                .filter(|side| speak_of(bundle, setup, side.peer()))
                .collect();
            if speaking.is_empty() {
                Side::BOTH.to_vec()
            } else {
                speaking
            }
        },
        |side| vec![side],
    );
    Some(ListsFound {
        sides,
        lists: files(&bundle.revocation_lists),
        responses: files(&bundle.ocsp_responses),
        name: match source {
            Source::File(path) => file_name(path),
            _ => "The pasted text".to_owned(),
        },
    })
}

/// Whether a list is by the issuer of something in this side's chain.
fn speak_of(bundle: &Bundle, setup: &Setup, side: Side) -> bool {
    let issuers = issuers(setup, side);
    bundle
        .revocation_lists
        .iter()
        .filter_map(|list| RevocationListFacts::from_der(&list.der).ok())
        .any(|list| issuers.contains(&list.issuer_der))
}

/// The names of those who issued something in this side's chain, DER.
fn issuers(setup: &Setup, side: Side) -> Vec<Vec<u8>> {
    let chain = &setup.slot(side, SetupSlot::Certificate).certificates;
    chain
        .iter()
        .filter_map(|one| CertificateFacts::from_der(&one.der).ok())
        .map(|facts| facts.issuer_der)
        .collect()
}

pub(super) fn over(known: &mut Vec<RevocationFile>, given: &[RevocationFile]) {
    known.retain(|one| one.file.is_none() || !given.iter().any(|new| new.file == one.file));
    known.extend(given.iter().cloned());
}

/// Reads the files of all lists and responses again; the sentences for those that cannot be read.
pub(super) fn read_again(setup: &mut Setup, files: &mut Rereading<'_>) -> Vec<Refused> {
    let mut refused = Vec::new();
    for side in Side::BOTH {
        let known = &mut setup.sides.of_mut(side).policy.revocation;
        let mut paths: Vec<PathBuf> = Vec::new();
        for file in known
            .lists
            .iter()
            .chain(&known.responses)
            .filter_map(|one| one.file.as_ref())
            // The network is asked again only when the user says so again.
            .filter(|file| !is_address(file))
        {
            let path = PathBuf::from(file);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        for path in paths {
            match read(&path, files) {
                Ok(bundle) => {
                    replace(&mut known.lists, &path, bundle.revocation_lists);
                    replace(&mut known.responses, &path, bundle.ocsp_responses);
                }
                Err(unread) => refused.push(unread.at(side, SetupSlot::Trust)),
            }
        }
    }
    refused
}

fn read(path: &Path, files: &mut Rereading<'_>) -> Result<Bundle, Unread> {
    let bundle = files.file(path)?;
    if bundle.has_status() {
        Ok(bundle.clone())
    } else {
        Err(Unread::from(format!(
            "{}: it held a revocation list and holds none now; load the list again",
            path.display()
        )))
    }
}

/// Puts what a file holds now where what it held before stood: the order decides which list speaks.
fn replace(known: &mut Vec<RevocationFile>, path: &Path, now: Vec<LoadedStatus>) {
    let is_from = |one: &RevocationFile| one.file.as_ref().is_some_and(|file| Path::new(file) == path);
    let at = known.iter().position(is_from).unwrap_or(known.len());
    known.retain(|one| !is_from(one));
    let at = at.min(known.len());
    known.splice(at..at, now.into_iter().map(RevocationFile::from));
}

/// Takes over what the files held when a run read them, unless other files were given meanwhile.
pub(super) fn take_again(known: &mut Revocation, now: Revocation) {
    let files = |of: &Revocation| -> BTreeSet<Option<String>> {
        of.lists
            .iter()
            .chain(&of.responses)
            .map(|one| one.file.clone())
            .collect()
    };
    if files(known) == files(&now) {
        known.lists = now.lists;
        known.responses = now.responses;
    }
}

/// A file that was chosen as a list for `side`.
pub(super) fn chosen(side: Side, path: &Path, bundle: &Bundle, setup: &Setup) -> Sorted {
    let source = Source::File(path.to_path_buf());
    match found(bundle, &source, Some(side), setup) {
        Some(found) => Sorted::Lists(Box::new(found), None),
        None => Sorted::Refuse(format!(
            "{}: it holds no revocation list; choose the list that the CA publishes",
            path.display()
        )),
    }
}

/// Looks at both sides' lists, and asks rustls what it makes of them.
pub(super) fn seen(setup: &Setup, now_unix_s: i64) -> PerSide<ListsSeen> {
    let of = |side: Side| {
        let known = &setup.sides.of(side).policy.revocation;
        let facts: Vec<_> = known
            .lists
            .iter()
            .map(|list| (list, RevocationListFacts::from_der(list.der.as_bytes())))
            .collect();
        let spans = facts.iter().filter_map(|(_, facts)| {
            let facts = facts.as_ref().ok()?;
            Some((facts.this_update, facts.next_update?))
        });
        ListsSeen {
            span: spans.min_by_key(|(_, next)| *next),
            fit: fit(setup, side, &facts, now_unix_s),
        }
    };
    PerSide {
        client: of(Side::Client),
        server: of(Side::Server),
    }
}

type Read<'a> = (&'a RevocationFile, Result<RevocationListFacts, Malformed>);

fn fit(setup: &Setup, side: Side, lists: &[Read<'_>], now_unix_s: i64) -> Fit {
    let peer = side.peer();
    let place = |file: &RevocationFile| file.place("the list");
    for (file, facts) in lists {
        if let Err(malformed) = facts {
            return Fit::Bad(format!("{} cannot be used: {}", place(file), malformed.words));
        }
    }
    let chain = &setup.slot(peer, SetupSlot::Certificate).certificates;
    let is_judged = side == Side::Client || setup.client_auth != ClientAuth::None;
    if lists.is_empty() || chain.is_empty() || !is_judged {
        return Fit::Unknown;
    }
    let issuers = issuers(setup, peer);
    let read = || {
        lists
            .iter()
            .filter_map(|(file, facts)| Some((*file, facts.as_ref().ok()?)))
    };
    if !read().any(|(_, facts)| issuers.contains(&facts.issuer_der)) {
        let names: Vec<&str> = read()
            .map(|(_, facts)| facts.issuer_display_name.as_str())
            .collect();
        return Fit::Bad(format!(
            "no list here is by an issuer in the {}’s chain: they are by {}",
            peer.word(),
            names.join(", ")
        ));
    }
    let clock = setup.sides.of(side).policy.clock_unix_s.unwrap_or(now_unix_s);
    let verdict = super::fit::ask(setup, peer, now_unix_s).map_err(|verdict| (verdict.code, verdict.words));
    match &verdict {
        Err((VerdictCode::Certificate(CertificateRefusal::RevocationListInvalid), words)) => {
            return Fit::Bad(format!("a list here cannot be relied on: {words}"));
        }
        Err((VerdictCode::Certificate(CertificateRefusal::RevocationUnknown), _)) => {
            return Fit::Bad(format!(
                "no list here speaks of all of the {}’s chain, and so it is refused",
                peer.word()
            ));
        }
        Ok(()) | Err((VerdictCode::Certificate(_), _)) => {}
        Err(_) => return Fit::Unknown,
    }
    let stale =
        read().find_map(|(file, facts)| Some((file, facts.next_update.filter(|next| *next <= clock)?)));
    if let Some((file, next)) = stale {
        let strict = setup.sides.of(side).policy.revocation.refuses_stale;
        let who = if strict {
            "it is refused"
        } else {
            "rustls goes by it, others refuse it"
        };
        return Fit::Bad(format!(
            "{} was good until {}: {who}",
            place(file),
            time_words(next)
        ));
    }
    match verdict {
        // A list that refuses somebody has done its work.
        Ok(()) | Err((VerdictCode::Certificate(CertificateRefusal::Revoked), _)) => Fit::Good,
        // What is refused for something else, before the lists were asked, says nothing of them.
        Err(_) => Fit::Unknown,
    }
}

/// `2 · 5 d left` for the card: how many, and how long the one lasts that runs out first; and whether it still lasts.
pub fn lists_words(
    revocation: &Revocation,
    span: Option<(i64, i64)>,
    now_unix_s: i64,
) -> Option<(String, bool)> {
    if revocation.is_empty() {
        return None;
    }
    let mut words = match (revocation.lists.len(), revocation.responses.len()) {
        (lists, 0) => lists.to_string(),
        (0, responses) => format!("{responses} OCSP"),
        (lists, responses) => format!("{lists} + {responses} OCSP"),
    };
    let mut is_fresh = true;
    if let Some((this, next)) = span {
        // nextUpdate itself is too late.
        is_fresh = now_unix_s < next;
        words.push_str(" · ");
        let left = time_left(this, next - 1, now_unix_s);
        // The row is narrow, and of a list one says that it is stale.
        match left
            .strip_prefix("expired ")
            .and_then(|rest| rest.strip_suffix(" ago"))
        {
            Some(since) => words.push_str(&format!("stale {since}")),
            None => words.push_str(&left),
        }
    }
    Some((words, is_fresh))
}

#[cfg(test)]
mod tests;
