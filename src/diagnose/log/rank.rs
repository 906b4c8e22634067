//! From what was found to who spoke and what it can mean.

use super::scan::{Hit, Scan};
use super::tables::TABLES;
use super::{Candidate, Likelihood, LogReading, LogRole, Speaker};
use crate::capture::Side;
use crate::diagnose::CauseId;
use crate::diagnose::fill::Fill;
use crate::diagnose::words::tell;

/// A cause with what speaks for it.
struct Ranked {
    id: CauseId,
    score: f64,
    is_said: bool,
    why: String,
}

pub(super) fn reading(scan: Scan) -> LogReading {
    let speaker = speaker(&scan);
    let mut ranked = combine(&scan.hits);
    let judge = speaker.judge();
    // A server asks no name of a client, and a client is asked for a certificate by a server only.
    ranked.retain(|one| is_of(one.id, judge));
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = ranked.first().map_or(0.0, |one| one.score);
    let candidates = ranked
        .into_iter()
        .map(|one| {
            let likelihood = if one.is_said {
                Likelihood::Said
            } else if one.score * 2.0 >= best {
                Likelihood::Likely
            } else {
                Likelihood::Possible
            };
            candidate(one.id, likelihood, one.why, &speaker)
        })
        .collect();
    LogReading {
        heard: scan.heard,
        speaker,
        candidates,
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
    Speaker {
        side,
        why,
        role,
        stack: stacks
            .iter()
            .find(|stack| **stack != "OpenSSL")
            .or(stacks.first())
            .copied(),
    }
}

/// Sets that have something in common narrow each other; those that have nothing speak of different faults.
fn combine(hits: &[Hit]) -> Vec<Ranked> {
    let mut by_size: Vec<&Hit> = hits.iter().filter(|hit| !hit.causes.is_empty()).collect();
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
                        why: hit.heard.words.clone(),
                    })
                    .collect(),
            ),
        }
    }
    groups.into_iter().flatten().collect()
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

fn candidate(id: CauseId, likelihood: Likelihood, why: String, speaker: &Speaker) -> Candidate {
    let fill = if let Some(judge) = speaker.judge() {
        Fill::default()
            .with("judge", judge.word())
            .with("sender", judge.peer().word())
    } else {
        // Whichever side it is: the one that wrote the line, and its peer.
        let (judge, sender) = match speaker.role {
            Some(LogRole::Told) => ("peer", "writer"),
            _ => ("writer", "peer"),
        };
        Fill::default()
            .with("judge", judge)
            .with("sender", sender)
            .with("trust_file", "trust.pem")
            .with("leaf_file", "certificate.pem")
    }
    .with("what", "certificate")
    .with("issuer", "the issuer");
    let told = tell(id, &fill);
    let command = TABLES.checks.get(id.word()).map(|command| fill.command(command));
    Candidate {
        id,
        likelihood,
        title: told.title,
        why,
        check: command.unwrap_or_default(),
    }
}
