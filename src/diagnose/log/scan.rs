//! Finds what is known in a text: phrases, alerts by name and number, verification errors, packed error codes.

use std::ops::Range;

use super::plain::Plain;
use super::tables::{Alert, Phrase, TABLES, VerifyError};
use super::tables_heard::WORDS;
use super::{Heard, LogRole};
use crate::capture::Side;
use crate::diagnose::{CauseId, family};

/// An alert's name has to follow its marker within so many letters.
const NEAR: usize = 48;

/// Something that was found.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub heard: Heard,
    /// Likeliest first; empty where it tells only who speaks.
    pub causes: Vec<CauseId>,
    pub role: Option<LogRole>,
    pub side: Option<Side>,
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
}

pub(super) fn scan(plain: &Plain) -> Scan {
    let mut hits = alerts(plain);
    hits.extend(verify_errors(plain));
    hits.extend(packed_codes(plain));
    let phrases = phrases(plain, &hits);
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
            .any(|words| plain.find_all(words).next().is_some());
        is_there.then_some((entry.side, entry.why.as_str()))
    });
    Scan { heard, hits, side }
}

/// Adds what real programs were heard to say: for what they said it, words mean it, whatever a table has forgotten.
fn hear(plain: &Plain, hits: &mut Vec<Hit>) {
    let mut covered: Vec<Range<usize>> = Vec::new();
    for words in WORDS.iter() {
        for place in plain.find_all(&words.text) {
            let is_inside = |other: &Range<usize>| other.start <= place.start && place.end <= other.end;
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
                    hits.push(alert_hit(plain, alert.code, start..place.end, is_received));
                }
            }
        }
    }
    for marker in [
        "ssl alert number ",
        "tlsalert ",
        "alert number ",
        "alertreceived(",
    ] {
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
                    true,
                ));
            }
        }
    }
    hits
}

/// Where the words begin that make an alert of the name at `at`; and whether it was received, not sent.
fn marker_before(plain: &Plain, at: usize) -> Option<(usize, bool)> {
    let line = plain.line_of(at);
    let mut from = at.saturating_sub(NEAR).max(line.start);
    while !plain.text.is_char_boundary(from) {
        from += 1;
    }
    let before = plain.text.get(from..at)?;
    let found = TABLES
        .received
        .iter()
        .filter_map(|marker| before.rfind(marker.as_str()))
        .max()?;
    let mut before_marker = from.saturating_sub(NEAR).max(line.start);
    while !plain.text.is_char_boundary(before_marker) {
        before_marker += 1;
    }
    let until_name = plain.text.get(before_marker..at)?;
    let is_sent = [
        "alert write",
        "sending alert",
        "send alert",
        "sent alert",
        "(out), tls alert",
        "sent fatal alert",
    ]
    .iter()
    .any(|words| until_name.contains(words));
    Some((from + found, !is_sent))
}

fn alert_hit(plain: &Plain, code: u8, range: Range<usize>, is_received: bool) -> Hit {
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
    }
}

/// What an alert can mean, whoever sends it: the RFC's meanings first, then what real programs sent it for.
fn meanings(code: u8) -> Vec<CauseId> {
    let mut causes = family::of_alert(code).to_vec();
    for cause in super::tables_heard::of_alert(code) {
        if !causes.contains(cause) {
            causes.push(*cause);
        }
    }
    causes
}

/// `num=20`, `error 20 at 1 depth`, `(20:`, and the words.
fn verify_errors(plain: &Plain) -> Vec<Hit> {
    let mut hits = Vec::new();
    for error in &TABLES.verify_errors {
        // The longest words first: what they cover is not found again in part.
        let mut places: Vec<Range<usize>> = error
            .words
            .iter()
            .flat_map(|words| plain.find_all(words))
            .collect();
        places.extend(numbered(plain, error.code));
        places.retain(|place| !is_part_of_longer(plain, place, error));
        // An alert of the same words is no verification of one's own.
        places.retain(|place| marker_before(plain, place.start).is_none());
        for place in places {
            let depth = depth_near(plain, &place);
            let at = depth.map_or_else(String::new, |depth| format!(" at depth {depth}"));
            hits.push(Hit {
                heard: Heard {
                    range: plain.back(&place),
                    stack: None,
                    words: format!("verification error {}{at}", error.code),
                },
                causes: by_depth(&error.causes, depth),
                role: Some(LogRole::Judges),
                side: None,
            });
        }
    }
    hits
}

fn is_part_of_longer(plain: &Plain, place: &Range<usize>, error: &VerifyError) -> bool {
    let own = plain.text.get(place.clone()).unwrap_or_default();
    TABLES
        .verify_errors
        .iter()
        .filter(|other| other.code != error.code)
        .flat_map(|other| &other.words)
        .filter(|words| words.len() > own.len() && words.contains(own))
        .any(|words| {
            plain
                .find_all(words)
                .any(|longer| longer.start <= place.start && place.end <= longer.end)
        })
}

fn numbered(plain: &Plain, code: u32) -> Vec<Range<usize>> {
    [
        format!("num={code}:"),
        format!("error:num={code}"),
        format!("({code}:"),
        format!("verify return code: {code} "),
        format!("error={code}:"),
    ]
    .iter()
    .flat_map(|words| plain.find_all(words).collect::<Vec<_>>())
    .chain(
        plain
            .find_all(&format!("error {code} at "))
            .filter(|place| {
                plain
                    .text
                    .get(place.end..)
                    .is_some_and(|rest| rest.contains("depth"))
            })
            .collect::<Vec<_>>(),
    )
    .collect()
}

/// `depth=1`, `at depth 1`, `at 1 depth`, in the same line or the one before.
fn depth_near(plain: &Plain, place: &Range<usize>) -> Option<u32> {
    let line = plain.line_of(place.start);
    let from = if line.start > 0 {
        plain.line_of(line.start - 1).start
    } else {
        line.start
    };
    let text = plain.text.get(from..line.end)?;
    let number_after = |marker: &str| {
        let at = text.rfind(marker)? + marker.len();
        let digits: String = text.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    number_after("at depth ")
        .or_else(|| number_after("depth="))
        .or_else(|| {
            let before = text.get(..text.find(" depth lookup")?)?;
            before.rsplit(' ').next()?.parse().ok()
        })
}

/// An issuer that is missing right above the leaf was forgotten more often than it is unknown; further up it cannot have
/// been the leaf's.
fn by_depth(causes: &[CauseId], depth: Option<u32>) -> Vec<CauseId> {
    let mut causes = causes.to_vec();
    if !causes.contains(&CauseId::MissingIntermediate) {
        return causes;
    }
    match depth {
        Some(0) => causes.sort_by_key(|cause| *cause != CauseId::MissingIntermediate),
        Some(_) => causes.sort_by_key(|cause| *cause == CauseId::MissingIntermediate),
        None => {}
    }
    causes
}

/// `error:0A000418:`, `error:14094418:`, `268436504`: OpenSSL's and BoringSSL's packed codes.
fn packed_codes(plain: &Plain) -> Vec<Hit> {
    let mut hits = Vec::new();
    for place in plain.find_all("error:") {
        let digits: String = plain
            .text
            .get(place.end..)
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_hexdigit)
            .collect();
        if digits.len() == 8
            && let Ok(code) = u32::from_str_radix(&digits, 16)
        {
            hits.extend(packed(plain, code, place.start..place.end + digits.len()));
        }
    }
    // BoringSSL's library number of SSL is 16: all its codes lie between these two.
    for (at, _) in plain.text.match_indices("2684") {
        let digits: String = plain
            .text
            .get(at..)
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        if let Ok(code) = digits.parse::<u32>()
            && code >> 24 == 0x10
        {
            hits.extend(packed(plain, code, at..at + digits.len()));
        }
    }
    hits
}

fn packed(plain: &Plain, code: u32, range: Range<usize>) -> Option<Hit> {
    let reason = code & 0xfff;
    if let Some(alert) = reason
        .checked_sub(1000)
        .and_then(|alert| u8::try_from(alert).ok())
        && TABLES
            .alerts
            .iter()
            .any(|known: &Alert| known.code == alert && alert != 0)
    {
        return Some(alert_hit(plain, alert, range, true));
    }
    let is_boring = code >> 24 == 0x10;
    let entry = TABLES
        .reasons
        .iter()
        .find(|entry| reason == if is_boring { entry.boringssl } else { entry.openssl })?;
    let phrase = TABLES
        .phrases
        .iter()
        .find(|phrase| phrase.words.iter().any(|words| entry.words.contains(words)))?;
    Some(phrase_hit(plain, phrase, &range))
}

fn phrases(plain: &Plain, earlier: &[Hit]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for phrase in &TABLES.phrases {
        for place in phrase.words.iter().flat_map(|words| plain.find_all(words)) {
            let range = plain.back(&place);
            // What an alert was called is no phrase of one's own.
            let is_alert = earlier.iter().any(|hit| {
                hit.heard.words.starts_with("alert ")
                    && hit.heard.range.start <= range.start
                    && range.end <= hit.heard.range.end
            });
            if !is_alert {
                hits.push(phrase_hit(plain, phrase, &place));
            }
        }
    }
    hits
}

fn phrase_hit(plain: &Plain, phrase: &'static Phrase, range: &Range<usize>) -> Hit {
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
    }
}
