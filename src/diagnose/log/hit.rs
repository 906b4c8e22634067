//! What is known in a text, one place at a time: an alert, a phrase, whose marks it carries; and what each can mean.

use std::ops::Range;

use super::more::More;
use super::plain::Plain;
use super::reading::{Heard, LogRole};
use super::tables::{Alert, Context, Owner, Phrase, TABLES};
use super::tables_heard::of_alert;
use crate::capture::Side;
use crate::diagnose::cause::CauseId;
use crate::diagnose::family;
use crate::printable::quoted_value;

/// An alert's name has to follow its marker within so many letters.
const NEAR: usize = 60;

/// What Go before 1.8 writes before an alert's name.
pub(super) const OLD_GO: &str = "remote error:";

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
    // FreeRADIUS, hostapd and wpa_supplicant.
    "send tls ",
    "sending tls ",
    "alert: write",
    // stunnel and OpenVPN, strongSwan.
    "alert (write)",
    "sending fatal tls alert",
];

/// What Erlang writes after the name that it wraps: who made the alert.
const SENT_AFTER: &[&str] = &["generated client alert", "generated server alert"];

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
    /// What the words say more exactly than the first of their causes.
    pub more: Option<&'static More>,
}

/// Whose marks the text carries: the first of the table.
pub(super) fn owner(plain: &Plain, owners: &'static [Owner]) -> Option<&'static str> {
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

/// `badcertificate` where the name is `bad certificate`: rustls prints its own names.
pub(super) fn is_camel(alert: &Alert, words: &str) -> bool {
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
    let rest = plain.text.get(at..line.end)?;
    let is_wrapped = before.contains("tls alert,{") && SENT_AFTER.iter().any(|words| rest.contains(words));
    let is_sent = is_wrapped || SENT.iter().any(|words| until_name.contains(words));
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
        more: None,
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
    let rest = family::of_alert(code).iter().chain(of_alert(code));
    for cause in rest {
        if !causes.contains(cause) {
            causes.push(*cause);
        }
    }
    causes
}

pub(super) fn phrases(plain: &Plain, earlier: &[Hit]) -> Vec<Hit> {
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
    let words = quoted_value(words);
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
        more: Some(&phrase.more),
    }
}
