//! A client that was asked for a certificate and sent an empty list.

use std::fmt::Write as _;

use super::draft::Draft;
use crate::capture::{AtHand, Capture, ClientAuth, EventKind, Origin, Side, Slot, VerdictCode};
use crate::decode::{Body, Transcript};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::Fill;
use crate::diagnose::{CauseId, Certainty, Evidence};
use crate::printable::quoted_value;

/// Alerts that speak of a seal that does not hold or of a user who gave up, and not of what was asked for.
const NOT_OF_A_MISSING_CERTIFICATE: [u8; 5] = [20, 21, 51, 90, 100];

pub(super) fn client_presented_nothing(capture: &Capture, transcript: &Transcript) -> Vec<Draft> {
    let Some(draft) = empty_list(capture, transcript) else {
        return Vec::new();
    };
    let is_seen_only = capture.origin == Origin::Packets && draft.id == CauseId::ClientCertificateMissing;
    // Where nobody's files are known, it may as well have one that it kept back.
    let kept_back = is_seen_only.then(|| Draft {
        id: CauseId::ClientCertificateNotAcceptable,
        certainty: Certainty::Possible,
        side: draft.side,
        certificate: None,
        evidence: draft.evidence.clone(),
        fill: draft.fill.clone().with_detail(kept_back_words(transcript)),
        at_us: draft.at_us,
    });
    std::iter::once(draft).chain(kept_back).collect()
}

fn empty_list(capture: &Capture, transcript: &Transcript) -> Option<Draft> {
    let (index, chain) = transcript.chain_sent_by(Side::Client)?;
    let alert = capture
        .sides
        .server
        .verdict
        .is_none()
        .then(|| refused_on_the_wire(transcript, index))
        .flatten();
    let is_refused = alert.is_some()
        || capture
            .sides
            .server
            .verdict
            .as_ref()
            .is_some_and(|verdict| verdict.code == VerdictCode::NoCertificatePresented);
    let may_go_without =
        capture.sides.server.policy.as_ref().is_some_and(|policy| {
            matches!(policy.client_auth, Some(ClientAuth::Optional | ClientAuth::None))
        });
    if !is_refused || may_go_without || !chain.chain.is_empty() {
        return None;
    }
    let message = transcript.messages.get(index)?;
    let mut evidence = vec![Evidence {
        message: Some(index),
        range: 0..message.bytes.len(),
        words: "the client's Certificate message holds no certificate".to_owned(),
    }];
    if let Some((request, _)) = transcript.certificate_request()
        && let Some(request_message) = transcript.messages.get(request)
    {
        evidence.push(Evidence {
            message: Some(request),
            range: 0..request_message.bytes.len(),
            words: "the server asked for one".to_owned(),
        });
    }
    let held_back = capture.events.iter().find_map(|event| match &event.kind {
        EventKind::CertificateWithheld { schemes } if event.side == Side::Client => Some(schemes),
        _ => None,
    });
    let own = own_chain(capture, Side::Client).next();
    let has_one = held_back.is_some() || (own.is_some() && capture.sides.client.key_in_use.is_some());
    let id = if has_one {
        CauseId::ClientCertificateNotAcceptable
    } else {
        CauseId::ClientCertificateMissing
    };
    let row = held_back.map_or_else(String::new, |schemes| why_held_back(capture, own, schemes));
    let seen = alert
        .filter(|_| capture.origin == Origin::Packets && !has_one)
        .map(|alert| seen_of_an_empty_list(transcript, alert));
    let file = own
        .and_then(|item| item.file.clone())
        .unwrap_or_else(|| "client.pem".to_owned());
    Some(Draft {
        id,
        certainty: Certainty::Proven,
        side: Some(Side::Server),
        certificate: own
            .filter(|_| has_one)
            .map(|item| Certificate::read(&item.der).reference()),
        evidence,
        fill: {
            let fill = Fill::default()
                .with("row", row)
                .with("file", file)
                .with("judge", "server")
                .with("sender", "client");
            match seen {
                Some(words) => fill.with_detail(words),
                None => fill,
            }
        },
        at_us: message.at_us,
    })
}

/// The server's alert after an empty list, where it is the next thing that the server said: from packets, that is its answer to it.
fn refused_on_the_wire(transcript: &Transcript, answer: usize) -> Option<u8> {
    let (at, _, alert) = transcript
        .failure_alerts()
        .find(|(at, message, _)| *at > answer && message.side == Side::Server)?;
    let went_on = transcript
        .messages
        .iter()
        .take(at)
        .skip(answer)
        .any(|message| message.side == Side::Server && !matches!(message.body, Body::Alert(_)));
    let is_of_it = !went_on && !NOT_OF_A_MISSING_CERTIFICATE.contains(&alert.code);
    is_of_it.then_some(alert.code)
}

/// What packets show of an empty list: what was asked for, and that nobody can say from them why there was none.
fn seen_of_an_empty_list(transcript: &Transcript, alert: u8) -> String {
    const MOST_NAMED: usize = 6;
    let authorities = transcript
        .certificate_request()
        .map(|(_, request)| request.authorities.as_slice())
        .unwrap_or_default();
    let mut names: Vec<String> = authorities
        .iter()
        .take(MOST_NAMED)
        .map(|(_, name)| quoted_value(name))
        .collect();
    if authorities.len() > MOST_NAMED {
        names.push(format!("{} more", authorities.len() - MOST_NAMED));
    }
    let (asked, kept_back) = match names.as_slice() {
        [] => (
            "and named no CA".to_owned(),
            "has one that fits none of the signature schemes",
        ),
        [one] => (
            format!("issued by {one}"),
            "has one and kept it back because that CA is not among its issuers",
        ),
        many => (
            format!("issued by one of: {}", many.join("; ")),
            "has one and kept it back because none of these CAs is among its issuers",
        ),
    };
    format!(
        "The server asked for a certificate {asked}. The client answered with an empty list, and the server ended the \
         handshake with the alert {}. Packets do not show whether the client has no certificate, or {kept_back}.",
        crate::iana::alert(alert)
    )
}

/// The other reading of an empty list.
fn kept_back_words(transcript: &Transcript) -> String {
    let names_some = transcript
        .certificate_request()
        .is_some_and(|(_, request)| !request.authorities.is_empty());
    if names_some {
        "It is the other reading of the same empty list: Java, Go, GnuTLS and browsers send no certificate where no CA of \
         the chain that they hold is named by the server; OpenSSL and curl send theirs all the same."
    } else {
        "It is the other reading of the same empty list: a client sends none where its key fits none of the signature \
         schemes that the server accepts."
    }
    .to_owned()
}

/// Which schemes were asked for, and which the client's key has.
fn why_held_back(capture: &Capture, own: Option<&AtHand>, schemes: &[String]) -> String {
    let mut row = format!("The server accepts {}.", schemes.join(", "));
    let own = own.map(|item| Certificate::read(&item.der));
    if let Some(key) = own.as_ref().and_then(Certificate::facts) {
        let _ = write!(row, " The key of {} is {}", key.display_name, key.key);
        let limited = capture.sides.client.policy.as_ref();
        match limited.map(|policy| policy.sign_schemes.join(", ")) {
            Some(schemes) if !schemes.is_empty() => {
                let _ = write!(row, ", and it signs with {schemes} only.");
            }
            _ => row.push('.'),
        }
    }
    row
}

/// What a side has loaded as its own chain, in the order of its file.
pub(super) fn own_chain(capture: &Capture, side: Side) -> impl Iterator<Item = &AtHand> {
    let is_own = move |item: &&AtHand| item.side == Some(side) && item.slot == Slot::Certificate;
    capture.at_hand.iter().filter(is_own)
}
