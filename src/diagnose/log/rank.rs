//! From what was found to who spoke and what it can mean.

use super::hit::Hit;
use super::more::More;
use super::reading::{Candidate, Likelihood, LogReading, LogRole, Speaker};
use super::scan::Scan;
use super::tables::TABLES;
use crate::capture::Side;
use crate::diagnose::cause::CauseId;
use crate::diagnose::fill::{Fill, Language, completed};
use crate::diagnose::words::tell;
use crate::printable::capitalised;

/// A cause with what speaks for it.
struct Ranked {
    id: CauseId,
    score: f64,
    is_said: bool,
    is_weak: bool,
    why: String,
    more: Option<&'static More>,
}

pub(super) fn reading(scan: Scan) -> LogReading {
    let speaker = speaker(&scan);
    let mut ranked = combine(&scan.hits);
    let judge = speaker.judge();
    // A server asks no name of a client, and a client is asked for a certificate by a server only.
    ranked.retain(|one| match speaker.role {
        Some(LogRole::Own) => is_own(one.id, speaker.side),
        _ => is_of(one.id, judge),
    });
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = ranked.first().map_or(0.0, |one| one.score);
    let candidates = ranked
        .into_iter()
        .map(|one| {
            let likelihood = if one.is_weak {
                Likelihood::Possible
            } else if one.is_said {
                Likelihood::Said
            } else if one.score * 2.0 >= best {
                Likelihood::Likely
            } else {
                Likelihood::Possible
            };
            candidate(&one, likelihood, &speaker)
        })
        .collect();
    LogReading {
        heard: scan.heard,
        speaker,
        candidates,
        lines: Vec::new(),
    }
}

/// The role by what says most: words of one's own refusal before an alert that came, unless there are none.
fn speaker(scan: &Scan) -> Speaker {
    let roles: Vec<LogRole> = scan.hits.iter().filter_map(|hit| hit.role).collect();
    let was_told = scan
        .hits
        .iter()
        .any(|hit| hit.heard.words.starts_with("alert ") && hit.role == Some(LogRole::Told));
    let role = if was_told {
        Some(LogRole::Told)
    } else if roles.contains(&LogRole::Own) {
        Some(LogRole::Own)
    } else if roles.contains(&LogRole::Judges) {
        Some(LogRole::Judges)
    } else {
        roles.first().copied()
    };
    // A phrase that only one side can say, if it speaks in that role; else the context.
    let own = scan
        .hits
        .iter()
        .filter(|hit| hit.role == role)
        .find_map(|hit| hit.side);
    let (side, why) = match (scan.side, own) {
        (Some((side, why)), _) => (Some(side), Some(why)),
        (None, Some(side)) => (Some(side), Some("only that side can say this")),
        (None, None) => (None, None),
    };
    // What is built on OpenSSL has its words and some of its own.
    let stacks: Vec<&'static str> = scan.hits.iter().filter_map(|hit| hit.heard.stack).collect();
    let heard = stacks
        .iter()
        .find(|stack| **stack != "OpenSSL")
        .or(stacks.first())
        .copied();
    let heard = match heard {
        None | Some("OpenSSL") => scan.library.or(heard),
        other => other,
    };
    let stack = scan.host.or(heard);
    let library = scan
        .library
        .or_else(|| heard.filter(|heard| LIBRARIES.contains(heard)));
    Speaker {
        side,
        why,
        role,
        stack,
        library: library.filter(|library| Some(*library) != stack),
    }
}

/// What others are built on.
const LIBRARIES: &[&str] = &["OpenSSL", "BoringSSL", "GnuTLS", "NSS", "SChannel", "rustls"];

/// Sets that have something in common narrow each other; those that have nothing speak of different faults.
fn combine(hits: &[Hit]) -> Vec<Ranked> {
    // An alert that a side sent follows from what it says itself, and means nothing besides.
    let is_sent = |hit: &Hit| hit.heard.words.starts_with("alert ") && hit.role == Some(LogRole::Judges);
    let has_own_words = hits.iter().any(|hit| {
        !hit.causes.is_empty() && !is_sent(hit) && !hit.is_weak && hit.role == Some(LogRole::Judges)
    });
    let mut by_size: Vec<&Hit> = hits
        .iter()
        .filter(|hit| !(hit.causes.is_empty() || has_own_words && is_sent(hit)))
        .collect();
    by_size.sort_by_key(|hit| hit.causes.len());
    let mut groups: Vec<Vec<Ranked>> = Vec::new();
    for hit in by_size {
        let of = |cause: CauseId| hit.causes.iter().position(|other| *other == cause);
        let group = groups
            .iter_mut()
            .find(|group| group.iter().any(|one| of(one.id).is_some()));
        match group {
            Some(group) => {
                group.retain(|one| of(one.id).is_some());
                for one in group {
                    one.score += of(one.id).map_or(0.0, |rank| weight(rank, hit.causes.len()));
                    one.is_weak &= hit.is_weak;
                    one.more = one.more.or_else(|| more_of(hit, one.id));
                    let words = &hit.heard.words;
                    if !one.why.contains(words.as_str()) {
                        one.why = format!("{}; {words}", one.why);
                    }
                }
            }
            None => groups.push(
                hit.causes
                    .iter()
                    .enumerate()
                    .map(|(rank, id)| Ranked {
                        id: *id,
                        score: weight(rank, hit.causes.len()),
                        is_said: hit.causes.len() == 1,
                        is_weak: hit.is_weak,
                        why: hit.heard.words.clone(),
                        more: more_of(hit, *id),
                    })
                    .collect(),
            ),
        }
    }
    groups.into_iter().flatten().collect()
}

/// What a hit says of a cause, where it is the first that it means.
fn more_of(hit: &Hit, id: CauseId) -> Option<&'static More> {
    hit.more
        .filter(|more| **more != More::default() && hit.causes.first() == Some(&id))
}

/// The first meaning counts most, and words that mean little else count more.
fn weight(rank: usize, of: usize) -> f64 {
    1.0 / ((rank + 1) as f64 * (of as f64).sqrt())
}

fn is_of(id: CauseId, judge: Option<Side>) -> bool {
    let Some(judge) = judge else { return true };
    match id {
        CauseId::ClientCertificateMissing | CauseId::ClientCertificateNotAcceptable => judge == Side::Server,
        CauseId::NameMismatch | CauseId::NoSan | CauseId::IpInDnsName | CauseId::WildcardMisuse => {
            judge == Side::Client
        }
        _ => true,
    }
}

/// What can be wrong with the writer's own files: a client has a client's, a server a server's.
fn is_own(id: CauseId, side: Option<Side>) -> bool {
    match id {
        CauseId::ClientCertificateMissing => side != Some(Side::Server),
        CauseId::ServerCertificateMissing => side != Some(Side::Client),
        _ => true,
    }
}

/// Who is spoken of as the judge and who as the sender of what is judged.
fn parts(id: CauseId, speaker: &Speaker) -> (String, String) {
    let own = speaker.side.map_or("writer", Side::word).to_owned();
    let is_of_the_peer = matches!(id, CauseId::PeerClosed | CauseId::Truncated | CauseId::NotTls);
    let peer = match speaker.side {
        Some(side) => side.peer().word(),
        None if is_of_the_peer => "peer of whoever wrote this",
        None => "peer",
    };
    let peer = peer.to_owned();
    match speaker.role {
        // Its own files: it trusts nobody, or what it presents is not there.
        Some(LogRole::Own) if id == CauseId::NoTrustAnchors => (own, peer),
        Some(LogRole::Own) => (peer, own),
        // Whoever sees an end, or bytes that are not TLS, sees what its peer did.
        _ if is_of_the_peer => (own, peer),
        Some(LogRole::Told) => (peer, own),
        _ => (own, peer),
    }
}

fn candidate(one: &Ranked, likelihood: Likelihood, speaker: &Speaker) -> Candidate {
    let id = one.id;
    let (judge, sender) = parts(id, speaker);
    let mut fill = Fill::default()
        .with("judge", judge)
        .with("sender", sender)
        .with("what", "certificate")
        .with("issuer", "the issuer");
    if speaker.side.is_none() {
        fill = fill
            .with("trust_file", "trust.pem")
            .with("leaf_file", "certificate.pem");
    }
    let title = match one.more.map(|more| more.says.as_str()) {
        None | Some("") => tell(id, &fill).title,
        Some(says) => capitalised(&completed(&fill).sentence(says)),
    };
    let mut candidate = Candidate {
        id,
        likelihood,
        title,
        why: one.why.clone(),
        check: String::new(),
        mend: Vec::new(),
        more: one.more,
    };
    set_commands(&mut candidate, speaker.side, &fill);
    candidate
}

/// Fills the commands of a candidate, with its own where its words have some.
pub(super) fn set_commands(candidate: &mut Candidate, writer: Option<Side>, fill: &Fill) {
    let filled = |command: &'static str| completed(fill).fill(command, Language::Shell).unwrap_or_default();
    candidate.check = match candidate.more.map(|more| more.check.as_str()) {
        None | Some("") => check(candidate.id, writer, fill),
        Some(own) => filled(own),
    };
    candidate.mend = candidate
        .more
        .map(|more| more.mend.iter().map(|command| filled(command)).collect())
        .unwrap_or_default();
}

/// Every command that words have of their own, whatever the case.
#[cfg(test)]
pub(in crate::diagnose) fn own_commands(fill: &Fill) -> Vec<String> {
    let of_phrases = TABLES.phrases.iter().map(|phrase| &phrase.more);
    let all = of_phrases.chain(TABLES.verify_errors.iter().map(|error| &error.more));
    all.flat_map(|more| {
        more.mend
            .iter()
            .chain(Some(&more.check).filter(|check| !check.is_empty()))
    })
    .filter_map(|command| completed(fill).fill(command, Language::Shell))
    .collect()
}

/// The command that tells a cause from its neighbours; where the writer is a server, at its client.
pub(in crate::diagnose) fn check(id: CauseId, writer: Option<Side>, fill: &Fill) -> String {
    let of_a_server = TABLES
        .checks_of_a_server
        .get(id.word())
        .filter(|_| writer == Some(Side::Server));
    of_a_server
        .or_else(|| TABLES.checks.get(id.word()))
        .and_then(|command| completed(fill).fill(command, Language::Shell))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{is_of, is_own};
    use crate::capture::Side;
    use crate::diagnose::cause::CauseId;

    /// Which causes a judge cannot have, and which a writer cannot have of its own: these, and no others.
    #[test]
    fn what_only_one_side_can_mean() {
        use CauseId as C;
        let (client, server) = (Some(Side::Client), Some(Side::Server));
        let left_out = |is_kept: &dyn Fn(C) -> bool| -> Vec<C> {
            let all = CauseId::ALL.iter().copied();
            let mut out: Vec<C> = all.filter(|id| !is_kept(*id)).collect();
            out.sort_by_key(|id| id.word());
            out
        };
        assert_eq!(left_out(&|id| is_own(id, None)), []);
        assert_eq!(left_out(&|id| is_own(id, client)), [C::ServerCertificateMissing]);
        assert_eq!(left_out(&|id| is_own(id, server)), [C::ClientCertificateMissing]);
        assert_eq!(left_out(&|id| is_of(id, None)), []);
        assert_eq!(
            left_out(&|id| is_of(id, client)),
            [C::ClientCertificateMissing, C::ClientCertificateNotAcceptable]
        );
        assert_eq!(
            left_out(&|id| is_of(id, server)),
            [C::IpInDnsName, C::NameMismatch, C::NoSan, C::WildcardMisuse]
        );
    }
}
