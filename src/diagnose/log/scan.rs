//! Finds what is known in a text: phrases, alerts by name and number; with `codes` verification errors and packed error codes.

use std::ops::Range;

use super::codes::{key_usage_bits, packed_codes, verify_errors};
use super::hit::{Hit, OLD_GO, alert_hit, is_camel, marker_before, owner, phrases};
use super::plain::Plain;
use super::reading::Heard;
use super::tables::TABLES;
use super::tables_heard::WORDS;
use crate::capture::Side;

/// Words that were heard in a run, and are shorter, are known only as a whole line.
const SHORT: usize = 16;

/// And shorter than this only where the line speaks of TLS.
const LONG: usize = 28;

/// Alerts whose names git and others write after the same words.
const NOT_OLD_GO: [u8; 2] = [49, 80];

/// What stands before an alert's number; and whether it was received, not sent.
const NUMBERED: &[(&str, bool)] = &[
    ("ssl alert number ", true),
    ("tlsalert ", true),
    ("alert number ", true),
    ("alertreceived(", true),
    ("tls: alert(", true),
    ("tls protocol defined fatal alert code is ", true),
    ("tls protocol defined fatal error code is ", false),
    ("alert message, type: [2:", true),
];

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Every place, in the order of the text.
    pub heard: Vec<Heard>,
    /// What they say, each thing once for a line.
    pub hits: Vec<Hit>,
    /// A side that the context tells, and why.
    pub side: Option<(Side, &'static str)>,
    /// The program whose marks the text carries.
    pub host: Option<&'static str>,
    /// The library whose marks it carries.
    pub library: Option<&'static str>,
}

pub(super) fn scan(plain: &Plain) -> Scan {
    let mut hits = alerts(plain);
    hits.extend(verify_errors(plain));
    hits.extend(packed_codes(plain));
    hits.extend(key_usage_bits(plain));
    let mut phrases = phrases(plain, &hits);
    let places: Vec<Range<usize>> = phrases.iter().map(|hit| hit.heard.range.clone()).collect();
    // Likewise within one another: `EOF` in `EOF occurred in violation of protocol` is not said twice.
    phrases.retain(|hit| {
        let own = &hit.heard.range;
        !places
            .iter()
            .any(|its| its.start <= own.start && own.end <= its.end && own.len() < its.len())
    });
    // Words that are part of a longer phrase mean what the phrase means.
    hits.retain(|hit| {
        !phrases.iter().any(|phrase| {
            let (own, its) = (&hit.heard.range, &phrase.heard.range);
            its.start <= own.start && own.end <= its.end && own.len() < its.len()
        })
    });
    hits.extend(phrases);
    hear(plain, &mut hits);
    let mut heard: Vec<Heard> = hits.iter().map(|hit| hit.heard.clone()).collect();
    heard.sort_by_key(|heard| (heard.range.start, usize::MAX - heard.range.len()));
    heard.dedup();
    let mut hits = said_once(plain, hits);
    hits.sort_by_key(|hit| hit.heard.range.start);
    Scan {
        heard,
        hits,
        side: side_of(plain),
        host: owner(plain, &TABLES.hosts),
        library: owner(plain, &TABLES.libraries),
    }
}

/// Whose log it is, where words tell whoever refused.
pub(super) fn side_of(plain: &Plain) -> Option<(Side, &'static str)> {
    TABLES.sides.iter().find_map(|entry| {
        let is_there = entry
            .words
            .iter()
            .any(|words| !plain.find_pattern(words).is_empty());
        is_there.then_some((entry.side, entry.why.as_str()))
    })
}

/// Adds what real programs were heard to say: for what they said it, words mean it, whatever a table has forgotten.
fn hear(plain: &Plain, hits: &mut Vec<Hit>) {
    let mut covered: Vec<Range<usize>> = Vec::new();
    for words in WORDS.iter() {
        for place in plain.find_all(&words.text) {
            let is_inside = |other: &Range<usize>| other.start <= place.start && place.end <= other.end;
            let is_alone = || {
                let line = plain.text.get(plain.line_of(place.start)).unwrap_or_default();
                line.trim() == words.text
            };
            // Few words are everybody's: `http request`.
            let is_everyday = match words.text.len() {
                0..SHORT => !is_alone(),
                SHORT..LONG => !plain.is_of_the_protocol(place.start) && !is_alone(),
                _ => false,
            };
            if is_everyday {
                continue;
            }
            if covered.iter().any(is_inside) {
                continue;
            }
            covered.push(place.clone());
            let range = plain.back(&place);
            let mut is_known = false;
            for hit in hits.iter_mut() {
                let own = &hit.heard.range;
                if hit.causes.is_empty() || own.end <= range.start || range.end <= own.start {
                    continue;
                }
                is_known = true;
                let forgotten = words.causes.iter().filter(|cause| !hit.causes.contains(cause));
                hit.causes.extend(forgotten.copied().collect::<Vec<_>>());
            }
            if is_known {
                continue;
            }
            let who = words.stack.unwrap_or("a program");
            hits.push(Hit {
                heard: Heard {
                    range,
                    stack: words.stack,
                    words: format!("{who} said so, in a real run"),
                },
                causes: words.causes.clone(),
                role: words.role,
                // That it was this side in our runs does not make it so in the reader's.
                side: None,
                is_weak: false,
                more: None,
            });
        }
    }
}

/// A line that says one thing in several ways (by name, by number, by a packed code) says it once: where it takes most words.
fn said_once(plain: &Plain, hits: Vec<Hit>) -> Vec<Hit> {
    let mut kept: Vec<(usize, Hit)> = Vec::new();
    for hit in hits {
        let line = plain.line_at(hit.heard.range.start);
        let same = kept.iter_mut().find(|(other_line, other)| {
            *other_line == line
                && (other.heard.words == hit.heard.words
                    || (other.causes == hit.causes && other.role == hit.role && !hit.causes.is_empty()))
        });
        match same {
            Some((_, other)) if other.heard.range.len() < hit.heard.range.len() => other.heard = hit.heard,
            Some(_) => {}
            None => kept.push((line, hit)),
        }
    }
    kept.into_iter().map(|(_, hit)| hit).collect()
}

/// Alerts that were received, or sent, by name; and by number after the word.
fn alerts(plain: &Plain) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for alert in TABLES.alerts.iter().filter(|alert| alert.code != 0) {
        for words in &alert.words {
            for place in plain.find_all(words) {
                if let Some((start, is_received)) = marker_before(plain, place.start) {
                    let said = plain.text.get(start..place.start).unwrap_or_default();
                    if said.trim_end() == OLD_GO && NOT_OLD_GO.contains(&alert.code) {
                        continue;
                    }
                    let mut hit = alert_hit(plain, alert.code, start..place.end, is_received);
                    hit.heard.stack = is_camel(alert, words).then_some("rustls");
                    hits.push(hit);
                }
            }
        }
        for place in alert.received.iter().flat_map(|words| plain.find_pattern(words)) {
            // A number is an error's only where the line speaks of TLS.
            let is_bare = plain
                .text
                .get(place.clone())
                .is_some_and(|text| text.starts_with('-'));
            if !is_bare || plain.is_of_tls(place.start) {
                hits.push(alert_hit(plain, alert.code, place, true));
            }
        }
    }
    for (marker, is_received) in NUMBERED {
        for place in plain.find_all(marker) {
            let digits: String = plain
                .text
                .get(place.end..)
                .unwrap_or_default()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            if let Ok(code) = digits.parse()
                && code != 0
            {
                hits.push(alert_hit(
                    plain,
                    code,
                    place.start..place.end + digits.len(),
                    *is_received,
                ));
            }
        }
    }
    hits
}
