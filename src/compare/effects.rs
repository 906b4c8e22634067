//! What came of a handshake: how it ended, what was agreed on, how far it got.

use super::both::Both;
use super::difference::{Difference, Rank, Ranked};
use super::outcome::{Outcome, agreed};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Body, MessageKind};
use crate::iana;

/// What came of it in words, by name; empty where nothing did.
fn effects(analysis: &Analysis) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = agreed(analysis)
        .into_iter()
        .map(|one| (one.name.to_owned(), one.value.into_iter().collect()))
        .collect();
    all.push(("Outcome".to_owned(), vec![Outcome::of(analysis).words()]));
    for side in Side::BOTH {
        let ending = analysis.diagnosis.endings.of(side);
        let mut words = vec![ending.verdict.word().to_owned()];
        words.extend(ending.error.as_deref().map(crate::diagnose::spelled_out));
        all.push((format!("How the {} saw it", side.word()), words));
        let believed = ending.connected_at_us.is_some();
        let word = if believed { "yes" } else { "no" };
        all.push((
            format!("The {} believed itself connected", side.word()),
            vec![word.to_owned()],
        ));
    }
    let messages = &analysis.transcript.messages;
    let alerts: Vec<String> = messages
        .iter()
        .filter_map(|message| match &message.body {
            Body::Alert(alert) if alert.code != 0 => {
                Some(format!("{} ({})", iana::alert(alert.code), message.side.word()))
            }
            _ => None,
        })
        .take(8)
        .collect();
    all.push(("Alerts".to_owned(), alerts));
    for (name, kind) in [
        ("Session tickets", MessageKind::NewSessionTicket),
        ("Application data", MessageKind::ApplicationData),
    ] {
        let count: usize = messages
            .iter()
            .filter(|message| message.kind == kind)
            .map(|message| 1 + message.repeated)
            .sum();
        let words = (count > 0).then(|| format!("{count} sent"));
        all.push((name.to_owned(), words.into_iter().collect()));
    }
    let resumed = analysis.transcript.resumed == Some(true);
    all.push((
        "Resumption".to_owned(),
        resumed.then(|| "resumed".to_owned()).into_iter().collect(),
    ));
    all
}

/// Adds what came of the differences. Where no input is known to differ, nothing explains it: it was not tried.
pub(super) fn add(found: &mut Ranked, a: &Analysis, b: &Analysis) {
    let is_explained = found.differences.iter().any(|one| one.rank < Rank::Follows);
    for ((name, of_a), (_, of_b)) in effects(a).into_iter().zip(effects(b)) {
        if of_a == of_b {
            if !of_a.is_empty() {
                found.equal.push(name);
            }
            continue;
        }
        found.differences.push(Difference {
            rank: if is_explained {
                Rank::Follows
            } else {
                Rank::NotTried
            },
            input: None,
            name,
            values: Both { a: of_a, b: of_b },
            proof: (!is_explained).then(|| "Nothing that is seen of A and B explains it.".to_owned()),
        });
    }
}
