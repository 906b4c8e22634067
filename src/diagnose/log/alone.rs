//! An alert's bare name, when it is all that was pasted: `unknown_ca`, `HandshakeFailure`, `tls alert: bad certificate (42)`.
//! Within a longer line it takes more than a name: `scan` asks for words that make it an alert.

use super::hit::{Hit, alert_hit};
use super::plain::Plain;
use super::reading::LogRole;
use super::scan::Scan;
use super::tables::TABLES;
use crate::iana;

/// A text of more bytes holds more than a name.
const LONGEST: usize = 96;

/// What may stand before a name, as its prefix or as words: the first that fits is taken off, longer ones first. The flag: it
/// speaks of TLS.
const BEFORE: &[(&str, bool)] = &[
    ("alertdescription", true),
    ("description", false),
    ("received", false),
    ("reason", false),
    ("warning", false),
    ("remote", false),
    ("fatal", false),
    ("error", false),
    ("level", false),
    ("alert", true),
    ("local", false),
    ("gnutls", true),
    ("openssl", true),
    ("rustls", true),
    ("sslv3", true),
    ("tlsv10", true),
    ("tlsv11", true),
    ("tlsv12", true),
    ("tlsv13", true),
    ("tlsv1", true),
    ("ssl3", true),
    ("tls12", true),
    ("tls13", true),
    ("tls1", true),
    ("peer", false),
    ("sent", false),
    ("mtls", true),
    ("ssl", true),
    ("tls", true),
    ("got", false),
    ("the", false),
    ("err", false),
    ("ad", false),
    ("an", false),
    ("a", false),
    ("k", false),
    ("r", false),
];

/// What may stand after it.
const AFTER: &[(&str, bool)] = &[
    ("received", false),
    ("reserved", true),
    ("alert", true),
    ("fatal", false),
    ("error", false),
    ("sent", false),
];

/// Alerts whose names are everybody's words; in plain words, with nothing of TLS beside them, they are no more than possible.
const EVERYBODYS: [u8; 8] = [10, 41, 47, 49, 50, 80, 90, 117];

/// Adds the alert that the text is, where nothing else in it says anything.
pub(super) fn or_bare_alert(mut scan: Scan, text: &str, plain: &Plain) -> Scan {
    if scan.hits.iter().any(|hit| !hit.causes.is_empty()) {
        return scan;
    }
    if let Some(hit) = bare_alert(text, plain) {
        scan.heard = vec![hit.heard.clone()];
        scan.hits.push(hit);
    }
    scan
}

fn bare_alert(text: &str, plain: &Plain) -> Option<Hit> {
    let text = text.trim();
    if text.len() > LONGEST || text.lines().count() > 1 {
        return None;
    }
    let letters: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let (code, is_of_tls) = code_of(&letters)?;
    let is_of_tls = is_of_tls || letters.contains("alert");
    let is_everybodys = EVERYBODYS.contains(&code);
    // Written as a name: `unknown_ca`, `UnknownCA`, `alertUnknownCA`.
    let is_a_name = text.contains('_') || !text.contains(char::is_whitespace);
    let is_alone = named(letters.trim_end_matches(|c: char| c.is_ascii_digit())).is_some();
    let is_sent = letters.contains("sent") || letters.contains("local");
    let is_received = letters.contains("received") || letters.contains("remote");
    // `remote error: internal error` is git's.
    if is_everybodys && !is_of_tls && !is_a_name && !is_alone {
        return None;
    }
    let range = plain.text.find(|c: char| !c.is_whitespace())?..plain.text.trim_end().len();
    let mut hit = alert_hit(plain, code, range, is_received);
    if !is_sent && !is_received {
        // Who sent it the name does not tell.
        hit.role = None::<LogRole>;
        hit.side = None;
        hit.heard.words = format!("alert {code}, {}", iana::alert(code));
    }
    hit.is_weak = !is_of_tls && !is_a_name && is_everybodys;
    Some(hit)
}

/// The alert's code, and whether something of TLS stands beside the name.
fn code_of(letters: &str) -> Option<(u8, bool)> {
    let mut rest = letters;
    let mut is_of_tls = false;
    loop {
        let digits = rest.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = rest.get(digits.len()..)?.parse::<u16>().ok();
        if let Some(code) = named(digits) {
            // A number beside the name is the alert's own, or the text is about something else.
            return (number.is_none() || number == Some(u16::from(code))).then_some((code, is_of_tls));
        }
        if let Some(code) = number
            && digits.is_empty()
        {
            // `alert 48`: a number alone is anything.
            let code = u8::try_from(code).ok()?;
            let is_known = iana::name(iana::Table::Alert, u16::from(code)).is_some();
            return (letters.contains("alert") && is_known).then_some((code, true));
        }
        let before = BEFORE
            .iter()
            .find_map(|(word, tls)| Some((rest.strip_prefix(word)?, *tls)));
        let after = || {
            AFTER
                .iter()
                .find_map(|(word, tls)| Some((digits.strip_suffix(word)?, *tls)))
        };
        // A name may begin with what may stand before one, and end so: after `error`, `internal error` is gone.
        let after = after();
        let inner = after.and_then(|(inner, tls)| Some((named_within(inner)?, tls)));
        if let Some((code, tls)) = inner {
            return (number.is_none() || number == Some(u16::from(code))).then_some((code, is_of_tls || tls));
        }
        let (shorter, tls) = before?;
        rest = shorter;
        is_of_tls |= tls;
    }
}

/// A name after what may stand before it.
fn named_within(letters: &str) -> Option<u8> {
    let mut rest = letters;
    loop {
        if let Some(code) = named(rest) {
            return Some(code);
        }
        rest = BEFORE.iter().find_map(|(word, _)| rest.strip_prefix(word))?;
    }
}

/// By the registry's name, or by what stacks call it.
fn named(letters: &str) -> Option<u8> {
    if letters.is_empty() {
        return None;
    }
    let is_it = |name: &str| {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix("_reserved").unwrap_or(&name);
        let mut own = name.chars().filter(char::is_ascii_alphanumeric);
        let mut its = letters.chars();
        loop {
            match (own.next(), its.next()) {
                (None, None) => return true,
                (one, other) if one == other => {}
                _ => return false,
            }
        }
    };
    (1..=u8::MAX)
        .find(|code| iana::name(iana::Table::Alert, u16::from(*code)).is_some_and(is_it))
        .or_else(|| {
            let found = TABLES
                .alerts
                .iter()
                .find(|alert| alert.code != 0 && alert.words.iter().any(|words| is_it(words)))?;
            Some(found.code)
        })
        .or(match letters {
            "usercancelled" => Some(90),
            "unrecognisedname" => Some(112),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use crate::diagnose::log::read_log;
    use crate::iana;

    /// The RFC's name, in words, in capitals, as a type's name, with the usual words around it.
    #[test]
    fn every_alert_is_known_by_its_name_in_every_spelling() {
        for code in 1..=u8::MAX {
            let Some(name) = iana::name(iana::Table::Alert, u16::from(code)) else {
                continue;
            };
            let name = name.trim_end_matches("_RESERVED");
            let words = name.replace('_', " ");
            let camel: String = name
                .split('_')
                .map(|word| word[..1].to_uppercase() + &word[1..])
                .collect();
            for text in [
                name.to_owned(),
                words.clone(),
                camel.clone(),
                name.to_uppercase(),
                words.to_uppercase(),
                format!("alert {words}"),
                format!("TLS alert: {words}"),
                format!("fatal alert: {camel}"),
                format!("alert{camel}"),
                format!("SSL_AD_{}", name.to_uppercase()),
                format!("\"{words}\""),
                format!("{name} ({code})."),
                format!("{words} alert"),
                format!("alert {code}"),
            ] {
                let heard = read_log(&text).heard;
                let is_it = |words: &str| words.starts_with(&format!("alert {code}, "));
                let is_known = read_log(&text).is_understood();
                assert!(
                    heard.iter().any(|heard| is_it(&heard.words)) || is_known,
                    "{text}: {heard:?}"
                );
            }
        }
    }

    #[test]
    fn what_stackoverflow_asks_about_has_candidates() {
        for text in [
            "alert unknown ca",
            "unknown ca",
            "bad certificate",
            "certificate required",
            "handshake failure",
            "HandshakeFailure",
            "UNKNOWN_CA",
        ] {
            assert!(read_log(text).is_understood(), "{text}");
        }
    }

    #[test]
    fn prose_is_no_alert() {
        for text in [
            "we saw a bad certificate of attendance yesterday and sent it back",
            "the handshake failure of the two leaders made the news",
            "alert: disk is full",
            "48",
            "unknown caller",
            "bad certificates",
            "unknown_ca 47",
            "error 48",
            "the internal error of the book\nis on page 80",
        ] {
            assert!(!read_log(text).is_understood(), "{text}");
        }
    }
}
