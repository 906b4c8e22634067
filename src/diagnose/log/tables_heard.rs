//! What real programs were heard to say, and for what (`assets/rosetta.ron`): the alerts that they choose, which are often
//! not the RFC's, and their very words.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::plain::Plain;
use super::reading::LogRole;
use super::tables::TABLES;
use crate::diagnose::{CauseId, sayings};

/// Shorter words are part of too many others.
const LEAST_LETTERS: usize = 10;

/// Words that a program said.
#[derive(Debug)]
pub(super) struct Words {
    /// Made plain.
    pub text: String,
    /// Who said them; `None` where several did.
    pub stack: Option<&'static str>,
    /// For what, in the order of the table.
    pub causes: Vec<CauseId>,
    /// In which part; `None` where in both.
    pub role: Option<LogRole>,
}

/// Every word that was heard, longest first.
pub(super) static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let mut all: Vec<Words> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for saying in sayings().iter().filter(|saying| !saying.accepted) {
        let Some(cause) = CauseId::from_word(&saying.cause) else {
            continue;
        };
        let role = if saying.side == saying.judge {
            LogRole::Judges
        } else {
            LogRole::Told
        };
        for piece in saying.words.split(" · ") {
            let text = Plain::of(piece.trim()).text.trim().to_owned();
            if text.len() < LEAST_LETTERS {
                continue;
            }
            let place = *places.entry(text.clone()).or_insert_with(|| {
                all.push(Words {
                    text,
                    stack: Some(&saying.stack),
                    causes: Vec::new(),
                    role: Some(role),
                });
                all.len() - 1
            });
            let Some(words) = all.get_mut(place) else { continue };
            if !words.causes.contains(&cause) {
                words.causes.push(cause);
            }
            words.stack = words.stack.filter(|stack| *stack == saying.stack);
            words.role = words.role.filter(|known| *known == role);
        }
    }
    all.sort_by_key(|words| usize::MAX - words.text.len());
    all
});

static ALERTS: LazyLock<HashMap<u8, Vec<CauseId>>> = LazyLock::new(|| {
    let mut by_alert: HashMap<u8, Vec<CauseId>> = HashMap::new();
    for saying in sayings() {
        // Whoever did not judge was told: its words hold the alert.
        if saying.side == saying.judge || saying.accepted {
            continue;
        }
        let Some(cause) = CauseId::from_word(&saying.cause) else {
            continue;
        };
        let plain = Plain::of(&saying.words);
        for alert in &TABLES.alerts {
            let is_named = alert
                .words
                .iter()
                .any(|words| plain.find_all(words).next().is_some());
            if is_named {
                let causes = by_alert.entry(alert.code).or_default();
                if !causes.contains(&cause) {
                    causes.push(cause);
                }
            }
        }
    }
    by_alert
});

/// The causes for which a real program sent this alert.
pub(super) fn of_alert(code: u8) -> &'static [CauseId] {
    ALERTS.get(&code).map_or(&[], Vec::as_slice)
}
