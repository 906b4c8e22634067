//! Finds what is known in a text: phrases, alerts by name and number; with `codes` verification errors and packed error codes.

use std::ops::Range;

use super::codes::{packed_codes, verify_errors};
use super::plain::Plain;
use super::tables::{Alert, Context, Owner, Phrase, TABLES};
use super::tables_heard::WORDS;
use super::{Heard, LogRole};
use crate::capture::Side;
use crate::diagnose::{CauseId, family};

/// An alert's name has to follow its marker within so many letters.
const NEAR: usize = 48;

/// Words that were heard in a run, and are shorter, are known only as a whole line.
const SHORT: usize = 16;

/// And shorter than this only where the line speaks of TLS.
const LONG: usize = 28;

/// What Go before 1.8 writes before an alert's name.
const OLD_GO: &str = "remote error:";

/// Alerts whose names git and others write after the same words.
const NOT_OLD_GO: [u8; 2] = [49, 80];

/// Words before an alert's name that make it one that was sent, not received.
const SENT: &[&str] = &[
    "alert write",
    "sending alert",
    "sending fatal alert",
    "sending warning alert",
    "send alert",
    "sent alert",
    "(out), tls alert",
    "sent fatal alert",
    "send tlsv1.2 alert",
    "send tlsv1.3 alert",
    "local error:",
    "tlsfatalalert:",
    "generated client alert",
    "generated server alert",
    "|fatal (",
    ">>> tls",
];

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

/// Something that was found.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub heard: Heard,
    /// Likeliest first; empty where it tells only who speaks.
    pub causes: Vec<CauseId>,
    pub role: Option<LogRole>,
    pub side: Option<Side>,
    /// Everyday words in a line that does not speak of TLS: they make nothing more than possible.
    pub is_weak: bool,
}

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
    let side = TABLES.sides.iter().find_map(|entry| {
        let is_there = entry
            .words
            .iter()
            .any(|words| !plain.find_pattern(words).is_empty());
        is_there.then_some((entry.side, entry.why.as_str()))
    });
    Scan {
        heard,
        hits,
        side,
        host: owner(plain, &TABLES.hosts),
        library: owner(plain, &TABLES.libraries),
    }
}

/// Whose marks the text carries: the first of the table.
fn owner(plain: &Plain, owners: &'static [Owner]) -> Option<&'static str> {
    owners
        .iter()
        .find(|owner| {
            owner
                .words
                .iter()
                .any(|words| !plain.find_pattern(words).is_empty())
        })
        .map(|owner| owner.stack.as_str())
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

/// `badcertificate` where the name is `bad certificate`: rustls prints its own names.
fn is_camel(alert: &Alert, words: &str) -> bool {
    !words.contains(' ')
        && alert
            .words
            .iter()
            .any(|other| other.replace(' ', "") == words && other != words)
}

/// Where the words begin that make an alert of the name at `at`; and whether it was received, not sent.
pub(super) fn marker_before(plain: &Plain, at: usize) -> Option<(usize, bool)> {
    let line = plain.line_of(at);
    let mut from = at.saturating_sub(NEAR).max(line.start);
    while !plain.text.is_char_boundary(from) {
        from += 1;
    }
    let before = plain.text.get(from..at)?;
    let in_tls = TABLES
        .received_in_tls
        .iter()
        .filter(|_| plain.is_of_the_protocol(at));
    let found = TABLES
        .received
        .iter()
        .chain(in_tls)
        .filter_map(|marker| before.rfind(marker.as_str()))
        .max()
        // Go before 1.8 says no more than this, and git says it too.
        .or_else(|| {
            before
                .trim_end()
                .ends_with(OLD_GO)
                .then(|| before.rfind(OLD_GO))?
        })?;
    let mut before_marker = from.saturating_sub(NEAR).max(line.start);
    while !plain.text.is_char_boundary(before_marker) {
        before_marker += 1;
    }
    let until_name = plain.text.get(before_marker..at)?;
    let is_sent = SENT.iter().any(|words| until_name.contains(words));
    Some((from + found, !is_sent))
}

pub(super) fn alert_hit(plain: &Plain, code: u8, range: Range<usize>, is_received: bool) -> Hit {
    let name = crate::iana::alert(code);
    let role = if is_received {
        LogRole::Told
    } else {
        LogRole::Judges
    };
    Hit {
        heard: Heard {
            range: plain.back(&range),
            stack: None,
            words: format!(
                "alert {code}, {name}, {}",
                if is_received { "received" } else { "sent" }
            ),
        },
        causes: meanings(code),
        role: Some(role),
        // Only a client has a certificate that a server can miss, and only a server judges it.
        side: (code == 116).then_some(if is_received { Side::Client } else { Side::Server }),
        is_weak: false,
    }
}

/// What stacks send an alert for, what happens most first; empty where the RFC's meanings are all.
pub(in crate::diagnose) fn everyday(code: u8) -> &'static [CauseId] {
    TABLES
        .alerts
        .iter()
        .find(|alert| alert.code == code)
        .map_or(&[][..], |alert| alert.causes.as_slice())
}

/// What an alert can mean, whoever sends it: the everyday first, then the RFC's meanings, then what else real programs sent it
/// for.
///
/// The runs cannot give the order: who sent what a reader received is not in the line, and the runs made every fault as often as
/// every other, which life does not.
fn meanings(code: u8) -> Vec<CauseId> {
    let mut causes = everyday(code).to_vec();
    let rest = family::of_alert(code)
        .iter()
        .chain(super::tables_heard::of_alert(code));
    for cause in rest {
        if !causes.contains(cause) {
            causes.push(*cause);
        }
    }
    causes
}

fn phrases(plain: &Plain, earlier: &[Hit]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for phrase in &TABLES.phrases {
        for place in phrase.words.iter().flat_map(|words| plain.find_pattern(words)) {
            let is_weak = phrase.tls.is_some() && !plain.is_of_tls(place.start);
            if is_weak && phrase.tls == Some(Context::Must) {
                continue;
            }
            let range = plain.back(&place);
            // What an alert was called is no phrase of one's own, nor is a part of a result's words.
            let is_alert = earlier.iter().any(|hit| {
                let its = &hit.heard.range;
                let is_within = its.start <= range.start && range.end <= its.end;
                is_within && (hit.heard.words.starts_with("alert ") || range.len() < its.len())
            });
            if !is_alert {
                hits.push(Hit {
                    is_weak,
                    ..phrase_hit(plain, phrase, &place)
                });
            }
        }
    }
    hits
}

pub(super) fn phrase_hit(plain: &Plain, phrase: &'static Phrase, range: &Range<usize>) -> Hit {
    let words = plain.text.get(range.clone()).unwrap_or_default().trim();
    let stack = (!phrase.stack.is_empty()).then_some(phrase.stack.as_str());
    Hit {
        heard: Heard {
            range: plain.back(range),
            stack,
            words: stack.map_or_else(
                || format!("“{words}”"),
                |stack| format!("“{words}”, as {stack} says it"),
            ),
        },
        causes: phrase.causes.clone(),
        role: Some(phrase.role),
        side: phrase.side,
        is_weak: false,
    }
}
