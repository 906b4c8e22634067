//! Verification results by number and words, and packed error codes.

use std::ops::Range;

use super::hit::{Hit, alert_hit, marker_before, phrase_hit};
use super::plain::Plain;
use super::reading::{Heard, LogRole};
use super::tables::{Alert, TABLES, VerifyError};
use crate::diagnose::cause::CauseId;

/// Shorter words for a result are others' too: `certificate has expired`.
const OWN_WORDS: usize = 29;

/// `num=20`, `error 20 at 1 depth`, `(20:`, and the words.
pub(super) fn verify_errors(plain: &Plain) -> Vec<Hit> {
    let mut hits = Vec::new();
    for error in &TABLES.verify_errors {
        // The longest words first: what they cover is not found again in part.
        let mut places: Vec<Range<usize>> = error
            .words
            .iter()
            .flat_map(|words| plain.find_all(words))
            .filter(|place| is_verified(plain, place))
            .collect();
        places.extend(numbered(plain, error.code));
        places.retain(|place| !is_part_of_longer(plain, place, error));
        places.retain(|place| !is_made(plain, place, error.code));
        // An alert of the same words is no verification of one's own.
        places.retain(|place| marker_before(plain, place.start).is_none());
        for place in places {
            let depth = depth_near(plain, &place);
            let said = plain.text.get(place.clone()).unwrap_or_default();
            let is_openssl = said.len() >= OWN_WORDS || said.contains(|c: char| c.is_ascii_digit());
            let at = depth.map_or_else(String::new, |depth| format!(" at depth {depth}"));
            hits.push(Hit {
                heard: Heard {
                    range: plain.back(&place),
                    stack: is_openssl.then_some("OpenSSL"),
                    words: format!("verification error {}{at}", error.code),
                },
                causes: by_depth(&error.causes, depth),
                role: Some(LogRole::Judges),
                side: None,
                is_weak: false,
                more: Some(&error.more),
            });
        }
    }
    hits
}

/// Whether words stand where something is verified: others tell of an `email address mismatch`, too.
fn is_verified(plain: &Plain, place: &Range<usize>) -> bool {
    let line = plain.text.get(plain.line_of(place.start)).unwrap_or_default();
    let is_alone = line.trim().len() <= place.len() + 2;
    is_alone
        || plain.is_of_tls(place.start)
        || ["verif", "crl", "lookup"].iter().any(|word| line.contains(word))
}

/// What speaks of a refusal beside the words; programs make self-signed certificates too, and say so.
const REFUSED: &[&str] = &[
    "verif",
    "error",
    "err!",
    "fail",
    "problem",
    "lookup",
    "reject",
    "reason",
    "depth",
    "invalid",
    "untrusted",
    "num=",
    "alert",
];

/// Whether a program only tells that it makes or uses a self-signed certificate.
fn is_made(plain: &Plain, place: &Range<usize>, code: u32) -> bool {
    if !matches!(code, 18 | 19) {
        return false;
    }
    let line = plain.text.get(plain.line_of(place.start)).unwrap_or_default();
    let words = plain.text.get(place.clone()).unwrap_or_default();
    line.trim().len() > words.len() + 2 && !REFUSED.iter().any(|word| line.contains(word))
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
        format!("verify return code: {code} "),
        format!("error={code}:"),
        format!("verify error code {code}:"),
        format!("verify error {code}:"),
        format!("certificate verification: error ({code}):"),
    ]
    .iter()
    .flat_map(|words| plain.find_all(words).collect::<Vec<_>>())
    // `(20:unable to …` is nginx's; with a blank, `(32: Broken pipe)`, it is the system's number.
    .chain(
        plain
            .find_all(&format!("({code}:"))
            .filter(|place| {
                plain
                    .text
                    .get(place.end..)
                    .is_some_and(|rest| !rest.starts_with([' ', '\n']))
            })
            .collect::<Vec<_>>(),
    )
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
pub(super) fn packed_codes(plain: &Plain) -> Vec<Hit> {
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

/// The bits of keyUsage as OpenVPN writes them, the first bit of RFC 5280 §4.2.1.3 highest in the first byte.
const KEY_USAGE_BITS: [(u16, &str); 9] = [
    (0x80, "digitalSignature"),
    (0x40, "nonRepudiation"),
    (0x20, "keyEncipherment"),
    (0x10, "dataEncipherment"),
    (0x08, "keyAgreement"),
    (0x04, "keyCertSign"),
    (0x02, "cRLSign"),
    (0x01, "encipherOnly"),
    (0x8000, "decipherOnly"),
];

/// `Certificate has key usage 0080, expects 00a0`: which bits those are.
pub(super) fn key_usage_bits(plain: &Plain) -> Vec<Hit> {
    const HAS: &str = "certificate has key usage";
    // OpenVPN before 2.4 said what it expects in the line; since then each possibility has a line of its own, behind a star.
    const EXPECTS: [&str; 2] = ["expects", "expected one of:\n *"];
    let number = |at: usize| -> Option<(u16, usize)> {
        let rest = plain.text.get(at..)?;
        let blanks = rest.len() - rest.trim_start().len();
        let digits: String = rest
            .trim_start()
            .chars()
            .take_while(char::is_ascii_hexdigit)
            .collect();
        Some((u16::from_str_radix(&digits, 16).ok()?, at + blanks + digits.len()))
    };
    let more = TABLES
        .phrases
        .iter()
        .find(|phrase| phrase.words.iter().any(|words| words == "verify ku error"))
        .map(|phrase| &phrase.more);
    plain
        .find_all(HAS)
        .filter_map(|place| {
            let (has, end) = number(place.end)?;
            let rest = plain.text.get(end..)?.trim_start_matches([' ', ',']);
            let from = EXPECTS.iter().find_map(|words| rest.strip_prefix(words))?;
            let from = plain.text.len() - from.len();
            let (wants, end) = number(from)?;
            Some(Hit {
                heard: Heard {
                    range: plain.back(&(place.start..end)),
                    stack: Some("OpenVPN"),
                    words: format!(
                        "it has {}, and one that OpenVPN takes would be {}",
                        bits(has),
                        bits(wants)
                    ),
                },
                causes: vec![CauseId::KeyUsage],
                role: Some(LogRole::Judges),
                side: None,
                is_weak: false,
                more,
            })
        })
        .collect()
}

fn bits(of: u16) -> String {
    let names: Vec<&str> = KEY_USAGE_BITS
        .iter()
        .filter(|(bit, _)| of & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    match names.as_slice() {
        [] => "no bit".to_owned(),
        all => all.join(" and "),
    }
}
