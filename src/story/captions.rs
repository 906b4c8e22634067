//! The two lines of a row: what it is, and its figures.

use super::beliefs::TwoTruths;
use super::figures::{bytes, duration, lifetime, plural, readable_line};
use super::flights::{Class, Flight, messages_of};
use super::moments::Verification;
use super::plot::{Happening, Scene, alert_of};
use crate::capture::Side;
use crate::decode::{Body, Message, MessageKind, Transcript, thousands};
use crate::diagnose::CauseId;
use crate::iana::{self, Version};
use crate::pki::{CertificateFacts, KeyKind, common_name_in};
use crate::printable::printable;

/// So many parts a line has; a handshake has fewer, and what is made to hurt has thousands.
const MOST_PARTS: usize = 12;

/// The upper line.
pub(super) fn title(scene: &Scene, transcript: &Transcript) -> String {
    match &scene.what {
        Happening::Flight(flight) => flight_title(flight, transcript),
        Happening::Verification(verification) => {
            let peer = verification.judge.peer().word();
            if verification.is_none_presented {
                format!("looks for the {peer}'s certificate")
            } else {
                format!("verifies {peer}'s chain")
            }
        }
        Happening::Moment(moment) => moment.title.to_owned(),
    }
}

fn flight_title(flight: &Flight, transcript: &Transcript) -> String {
    match flight.class {
        Class::Alert => {
            let code = alert_of(flight, transcript).map_or(0, |(_, code)| code);
            // A client's ChangeCipherSpec stands on the row of what it sends next.
            let alerts = messages_of(flight, transcript).filter(|message| message.kind == MessageKind::Alert);
            let times = alerts.map(times).sum();
            return match code {
                0 => counted("Goodbye (close_notify)", times),
                code => counted(&format!("Alert: {}", iana::alert(code)), times),
            };
        }
        Class::Lost | Class::Gap => return format!("Bytes {}", flight.lost.unwrap_or("lost on the way")),
        Class::Preamble => {
            let protocol = messages_of(flight, transcript).find_map(|message| match message.body {
                Body::Preamble { protocol, .. } => protocol,
                _ => None,
            });
            return format!("{}, before TLS", protocol.unwrap_or("Another protocol"));
        }
        Class::NotTls => {
            let protocol = messages_of(flight, transcript).find_map(|message| match message.body {
                Body::NotTls { looks_like } => looks_like,
                _ => None,
            });
            return protocol.map_or_else(
                || "Bytes that are no TLS".to_owned(),
                |name| format!("{name}, not TLS"),
            );
        }
        _ => {}
    }
    // In TLS 1.3 ChangeCipherSpec says nothing (RFC 8446 appendix D.4): it is named only where it stands alone.
    let is_tls13 = transcript.version == Some(Version::TLS_13);
    let has_more =
        messages_of(flight, transcript).any(|message| message.kind != MessageKind::ChangeCipherSpec);
    let mut runs: Vec<(&str, usize)> = Vec::new();
    for message in messages_of(flight, transcript) {
        if message.kind == MessageKind::ChangeCipherSpec && is_tls13 && has_more {
            continue;
        }
        let word = if message.kind == MessageKind::ApplicationData {
            "Application data"
        } else if message.kind == MessageKind::Encrypted {
            "Hidden (encrypted)"
        } else {
            message.kind.word()
        };
        match runs.last_mut() {
            Some((last, count)) if *last == word => *count += times(message),
            _ => runs.push((word, times(message))),
        }
    }
    let more = runs.len().saturating_sub(MOST_PARTS);
    let mut words: Vec<String> = runs
        .into_iter()
        .take(MOST_PARTS)
        .map(|(word, count)| counted(word, count))
        .collect();
    words.extend((more > 0).then(|| format!("and {} more", thousands(more))));
    words.join(" · ")
}

/// How often a message was said.
fn times(message: &Message) -> usize {
    1 + message.repeated
}

fn counted(word: &str, count: usize) -> String {
    match count {
        0 | 1 => word.to_owned(),
        many => format!("{word} ×{}", thousands(many)),
    }
}

/// The lower line.
pub(super) fn caption(scene: &Scene, transcript: &Transcript, two_truths: Option<&TwoTruths>) -> String {
    match &scene.what {
        Happening::Flight(flight) => {
            let mut parts = flight_parts(flight, transcript);
            if flight.class == Class::Alert
                && let Some(truth) = two_truths
                && truth.believer != flight.from
                && truth.until_us.is_some_and(|until_us| until_us >= scene.at_us)
            {
                parts.push(truth.words.clone());
            }
            parts.join(" · ")
        }
        Happening::Verification(verification) => verification_caption(verification),
        Happening::Moment(moment) => moment.caption.clone(),
    }
}

fn verification_caption(verification: &Verification) -> String {
    let mut parts = Vec::new();
    if verification.is_refused {
        parts.push(verification.refused_for.map_or_else(
            || "refused".to_owned(),
            |id| cause_words(id, verification.is_likely),
        ));
    } else if verification.is_trust_unknown {
        if verification.is_accepted {
            parts.push("accepted".to_owned());
        }
        parts.push("whom it trusts is not known".to_owned());
    } else if verification.total > 0 {
        parts.push(format!("{} of {}", verification.passed, verification.total));
    }
    if let Some(took_us) = verification.took_us.filter(|_| !verification.is_refused) {
        parts.push(duration(took_us));
    }
    if parts.is_empty() {
        parts.push(
            if verification.is_accepted {
                "accepted"
            } else {
                "undecided"
            }
            .to_owned(),
        );
    }
    parts.join(" · ")
}

/// A cause in a few words: `unknown issuer`; `likely expired` where it is not proven.
pub fn cause_words(id: CauseId, is_likely: bool) -> String {
    let likely = if is_likely { "likely " } else { "" };
    format!("{likely}{}", id.words())
}

fn flight_parts(flight: &Flight, transcript: &Transcript) -> Vec<String> {
    let mut parts = Vec::new();
    let size = bytes(flight.wire_bytes);
    match flight.class {
        Class::Hello => {
            for message in messages_of(flight, transcript) {
                hello_parts(message, transcript, &mut parts);
                if parts.len() > MOST_PARTS {
                    break;
                }
            }
        }
        Class::Request => request_parts(flight, transcript, &mut parts),
        Class::Proof => proof_parts(flight, transcript, &mut parts),
        Class::Switch => parts.push("encrypted from here on".to_owned()),
        Class::Ticket => {
            parts.push("resumption".to_owned());
            if let Some(seconds) = messages_of(flight, transcript).find_map(|message| match message.body {
                Body::NewSessionTicket { lifetime_s } if lifetime_s > 0 => Some(lifetime_s),
                _ => None,
            }) {
                parts.push(lifetime(seconds));
            }
        }
        Class::Preamble => parts.extend(messages_of(flight, transcript).find_map(|message| {
            readable_line(&message.bytes)
                .map(|line| format!("“{line}”"))
                // A form of its own, in binary: what it says.
                .or_else(|| Some(message.root.value.split_once(": ")?.1.to_owned()))
        })),
        Class::Data | Class::NotTls => parts.extend(
            messages_of(flight, transcript)
                .find_map(|message| readable_line(&message.bytes))
                .map(|line| format!("“{line}”")),
        ),
        Class::Alert => {
            let level = alert_of(flight, transcript).map_or(0, |(level, _)| level);
            parts.push(
                match level {
                    1 => "warning",
                    2 => "fatal",
                    _ => "unknown level",
                }
                .to_owned(),
            );
        }
        Class::Encrypted => parts.push("no key opens it".to_owned()),
        Class::Lost | Class::Gap | Class::CipherChange | Class::Other => {}
    }
    let altered = messages_of(flight, transcript)
        .flat_map(|message| &message.pieces)
        .filter_map(|piece| transcript.records.get(piece.record))
        .find_map(|record| record.altered.clone())
        .filter(|_| !matches!(flight.class, Class::Lost | Class::Gap));
    if parts.len() > MOST_PARTS {
        parts.truncate(MOST_PARTS);
        parts.push("…".to_owned());
    }
    parts.push(size);
    parts.extend(altered);
    parts
}

/// `chose no ALPN of h2`: the client offered, and the server chose none (RFC 7301 §3.2).
pub fn alpn_not_answered(transcript: &Transcript) -> Option<String> {
    let (_, hello) = transcript.client_hello()?;
    let is_answered = transcript.alpn.is_some() || hello.alpn.is_empty();
    (!is_answered).then(|| {
        let offered: Vec<String> = hello
            .alpn
            .iter()
            .map(|name| printable(name).into_owned())
            .collect();
        format!("chose no ALPN of {}", offered.join(", "))
    })
}

fn hello_parts(message: &Message, transcript: &Transcript, parts: &mut Vec<String>) {
    match &message.body {
        Body::ClientHello(hello) => {
            parts.extend(hello.versions.iter().map(ToString::to_string).max());
            // A first share of a reserved number only keeps the server honest (RFC 8701).
            let groups = hello.key_shares.iter().chain(&hello.groups);
            parts.extend(
                groups
                    .filter(|group| !iana::is_grease(group.0))
                    .take(1)
                    .map(ToString::to_string),
            );
            parts.extend(hello.server_name.as_ref().map(|name| format!("SNI {name}")));
        }
        Body::ServerHello(hello) if hello.is_retry => {
            parts.extend(
                hello
                    .group
                    .as_ref()
                    .map(|group| format!("asks for a {group} share")),
            );
        }
        Body::ServerHello(hello) => {
            parts.extend(hello.cipher_suite.map(|suite| suite.to_string()));
            parts.extend(hello.group.map(|group| group.to_string()));
            // Before TLS 1.3 the answer stands here.
            let is_whole = hello.version.is_some_and(|version| !version.is_13_or_draft());
            parts.extend(is_whole.then(|| alpn_not_answered(transcript)).flatten());
        }
        _ => {}
    }
}

fn request_parts(flight: &Flight, transcript: &Transcript, parts: &mut Vec<String>) {
    let mut is_requested = false;
    for message in messages_of(flight, transcript) {
        if parts.len() > MOST_PARTS {
            break;
        }
        match &message.body {
            Body::EncryptedExtensions { alpn: Some(alpn), .. } => parts.push(format!("ALPN {alpn}")),
            Body::EncryptedExtensions { alpn: None, .. } => parts.extend(alpn_not_answered(transcript)),
            Body::CertificateRequest(request) => {
                is_requested = true;
                let names: Vec<String> = request
                    .authorities
                    .iter()
                    .map(|(_, name)| common_name_in(name))
                    .collect();
                parts.push(accepted_authorities(&names));
            }
            _ => {}
        }
    }
    if !is_requested {
        parts.push("asks for no client certificate".to_owned());
    }
}

/// `accepts 1 CA: “Old Root 2023”`, `accepts 2 CAs`, `accepts any CA`.
fn accepted_authorities(names: &[String]) -> String {
    match names {
        [] => "names no CA".to_owned(),
        [only] => format!("accepts 1 CA: “{only}”"),
        many => format!("accepts {}", plural(many.len(), "CA")),
    }
}

fn proof_parts(flight: &Flight, transcript: &Transcript, parts: &mut Vec<String>) {
    for message in messages_of(flight, transcript) {
        if parts.len() > MOST_PARTS {
            break;
        }
        match &message.body {
            Body::Certificate(certificate) => match certificate.chain.first() {
                None => parts.push("no certificate".to_owned()),
                Some((leaf, _)) => match CertificateFacts::from_der(leaf.as_bytes()) {
                    Ok(facts) => {
                        parts.push(format!("{} ← {}", facts.display_name, facts.issuer_display_name));
                        parts.push(key_words(&facts.key));
                    }
                    Err(_) => parts.push("an unreadable certificate".to_owned()),
                },
            },
            Body::ServerKeyExchange { group, .. } => parts.extend(group.map(|group| group.to_string())),
            Body::CertificateRequest(request) => {
                let names: Vec<String> = request
                    .authorities
                    .iter()
                    .map(|(_, name)| common_name_in(name))
                    .collect();
                parts.push(accepted_authorities(&names));
            }
            _ => {}
        }
    }
}

/// A key as people who buy certificates say it: `ECDSA P-256`, `RSA-2048`.
fn key_words(key: &KeyKind) -> String {
    match key {
        KeyKind::Ec { curve } => format!("ECDSA {curve}"),
        other => other.to_string(),
    }
}

/// What to call the leaf that `side` sent; `None` where it sent none that can be read.
pub(super) fn leaf_name(side: Side, transcript: &Transcript) -> Option<String> {
    transcript
        .messages
        .iter()
        .rev()
        .filter(|message| message.side == side)
        .find_map(|message| match &message.body {
            Body::Certificate(certificate) => certificate.chain.first(),
            _ => None,
        })
        .and_then(|(leaf, _)| CertificateFacts::from_der(leaf.as_bytes()).ok())
        .map(|facts| facts.display_name)
}
