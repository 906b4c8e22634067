//! What happened without an arrow: a side judged its peer's chain, waited in vain, gave up in silence.

use std::collections::BTreeMap;

use crate::capture::{Capture, EventKind, Side, VerdictCode};
use crate::decode::{Body, MessageKind, Transcript};
use crate::diagnose::{CauseId, Certainty, CheckKind, Diagnosis, Outcome, spelled_out};

/// One side judged the other's chain (or found none to judge).
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Verification {
    pub judge: Side,
    pub at_us: u64,
    pub took_us: Option<u64>,
    pub is_accepted: bool,
    pub is_refused: bool,
    pub refused_for: Option<CauseId>,
    /// What it refused for is the likeliest, and not proven.
    pub is_likely: bool,
    pub passed: usize,
    pub total: usize,
    /// What the judge trusts is not in the evidence, and so neither is whether the chain leads to it.
    pub is_trust_unknown: bool,
    /// Indexes into the diagnosis's matrix.
    pub matrix: Vec<usize>,
    /// The message that was judged: the peer's Certificate.
    pub judged: Option<usize>,
    /// The message that it follows, where no stack told when it was: its time may be that of any other.
    pub follows: Option<usize>,
    /// There was nothing to judge: the peer presented no certificate.
    pub is_none_presented: bool,
}

/// A moment on one lifeline.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub side: Side,
    pub at_us: u64,
    pub title: &'static str,
    pub caption: String,
    pub explanation: &'static str,
    pub is_failure: bool,
}

/// The verifications, client's first.
pub(super) fn verifications(
    capture: &Capture,
    transcript: &Transcript,
    diagnosis: &Diagnosis,
) -> Vec<Verification> {
    Side::BOTH
        .into_iter()
        .filter_map(|judge| {
            // Of packets only the transport's end is an event; no stack told what it concluded.
            let has_events =
                capture.origin.is_witnessed(judge) && capture.events.iter().any(|event| event.side == judge);
            let seen = if has_events {
                witnessed(capture, judge)
            } else {
                inferred(transcript, judge)
            }?;
            Some(with_figures(&seen, transcript, diagnosis))
        })
        .collect()
}

/// How a verification went, before the figures are added.
struct Seen {
    judge: Side,
    at_us: u64,
    took_us: Option<u64>,
    /// As [`Verification::follows`].
    follows: Option<usize>,
    /// `None`: undecided.
    is_accepted: Option<bool>,
}

/// From the stack's own callbacks.
fn witnessed(capture: &Capture, judge: Side) -> Option<Seen> {
    let mut seen: Option<Seen> = None;
    for event in capture.events.iter().filter(|event| event.side == judge) {
        match &event.kind {
            EventKind::ChainVerified { took_us, refusal, .. } => {
                seen = Some(Seen {
                    judge,
                    at_us: event.at_us,
                    took_us: Some(*took_us),
                    follows: None,
                    is_accepted: Some(refusal.is_none()),
                });
            }
            EventKind::SignatureVerified { refusal: Some(_), .. } => {
                let known = seen.as_ref();
                seen = Some(Seen {
                    judge,
                    at_us: known.map_or(event.at_us, |seen| seen.at_us),
                    took_us: known.and_then(|seen| seen.took_us),
                    follows: None,
                    is_accepted: Some(false),
                });
            }
            // No verifier is asked where there is nothing to verify.
            EventKind::Failed(verdict) if verdict.code == VerdictCode::NoCertificatePresented => {
                return seen.or(Some(Seen {
                    judge,
                    at_us: event.at_us,
                    took_us: None,
                    follows: None,
                    is_accepted: Some(false),
                }));
            }
            // A bad encoding, or a proof that the stack could not even begin to check.
            EventKind::Failed(verdict) if matches!(verdict.code, VerdictCode::Certificate(_)) => {
                let known = seen.as_ref();
                seen = Some(Seen {
                    judge,
                    at_us: known.map_or(event.at_us, |seen| seen.at_us),
                    took_us: known.and_then(|seen| seen.took_us),
                    follows: None,
                    is_accepted: Some(false),
                });
            }
            _ => {}
        }
    }
    seen
}

/// From what the judge sent afterwards, where its stack was not ours.
fn inferred(transcript: &Transcript, judge: Side) -> Option<Seen> {
    let judged = certificate_of(transcript, judge.peer())?;
    let message = transcript.messages.get(judged)?;
    let is_empty = matches!(&message.body, Body::Certificate(certificate) if certificate.chain.is_empty());
    let mut at_us = message.at_us;
    let mut follows = judged;
    let mut is_accepted = None;
    for (index, later) in transcript.messages.iter().enumerate().skip(judged + 1) {
        if later.side != judge {
            // The chain is judged once its proof is there.
            if matches!(
                later.kind,
                MessageKind::CertificateVerify | MessageKind::ServerKeyExchange
            ) && is_accepted.is_none()
            {
                at_us = later.at_us;
                follows = index;
            }
            continue;
        }
        match &later.body {
            Body::Alert(alert) if refuses_a_chain(alert.code) => {
                is_accepted = Some(false);
                break;
            }
            // TLS 1.2: a client goes on only with a server that it accepts; a server seals the handshake only then.
            Body::ClientKeyExchange { .. } => {
                is_accepted = Some(true);
                break;
            }
            _ if later.kind == MessageKind::ChangeCipherSpec && judge == Side::Server => {
                is_accepted = Some(true)
            }
            Body::Finished(_) | Body::ApplicationData | Body::NewSessionTicket { .. } => {
                is_accepted = Some(true);
                // TLS 1.3: a server may refuse the client long after its own Finished; go on looking.
                if judge == Side::Client {
                    break;
                }
            }
            _ => {}
        }
    }
    (!is_empty || is_accepted == Some(false)).then_some(Seen {
        judge,
        at_us,
        took_us: None,
        follows: Some(follows),
        is_accepted,
    })
}

/// Whether an alert says that a certificate was refused, or that it was missing (RFC 8446 §6.2, RFC 6066 §9).
fn refuses_a_chain(code: u8) -> bool {
    matches!(code, 41..=49 | 51 | 111..=116)
}

/// The last Certificate message that `sender` sent.
fn certificate_of(transcript: &Transcript, sender: Side) -> Option<usize> {
    transcript
        .messages
        .iter()
        .rposition(|message| message.side == sender && matches!(message.body, Body::Certificate(_)))
}

fn with_figures(seen: &Seen, transcript: &Transcript, diagnosis: &Diagnosis) -> Verification {
    let is_refused = seen.is_accepted == Some(false);
    let matrix: Vec<usize> = diagnosis
        .matrix
        .iter()
        .enumerate()
        .filter_map(|(index, row)| (row.side == seen.judge).then_some(index))
        .collect();
    // A check counts once, however many certificates it looked at, and passes if none failed it.
    let mut checks: BTreeMap<CheckKind, bool> = BTreeMap::new();
    for row in diagnosis.matrix.iter().filter(|row| row.side == seen.judge) {
        if matches!(row.outcome, Outcome::Pass | Outcome::Warn | Outcome::Fail) {
            *checks.entry(row.check).or_insert(true) &= row.outcome != Outcome::Fail;
        }
    }
    let judged = certificate_of(transcript, seen.judge.peer());
    let is_none_presented = judged
        .and_then(|message| transcript.messages.get(message))
        .is_some_and(|message| matches!(&message.body, Body::Certificate(sent) if sent.chain.is_empty()));
    let refused_for = is_refused
        .then(|| {
            let causes = &diagnosis.causes;
            let its_own = causes.iter().find(|cause| cause.side == Some(seen.judge));
            its_own.or_else(|| causes.first())
        })
        .flatten();
    Verification {
        judge: seen.judge,
        at_us: seen.at_us,
        took_us: seen.took_us,
        is_accepted: seen.is_accepted == Some(true),
        is_refused,
        refused_for: refused_for.map(|cause| cause.id),
        is_likely: refused_for.is_some_and(|cause| cause.certainty == Certainty::Possible),
        passed: checks.values().filter(|passed| **passed).count(),
        total: checks.len(),
        is_trust_unknown: diagnosis.is_trust_unknown(seen.judge),
        matrix,
        judged,
        follows: seen.follows,
        is_none_presented,
    }
}

/// The moments: at most one for each side, the one that ended it without a word on the wire.
pub(super) fn moments(capture: &Capture, transcript: &Transcript) -> Vec<Moment> {
    Side::BOTH
        .into_iter()
        .filter_map(|side| {
            capture
                .events
                .iter()
                .filter(|event| event.side == side)
                .find(|event| {
                    event.kind.failure().is_some()
                        || matches!(event.kind, EventKind::Closed | EventKind::Admission { .. })
                })
                .and_then(|event| moment(transcript, side, event.at_us, &event.kind))
        })
        .collect()
}

fn moment(transcript: &Transcript, side: Side, at_us: u64, kind: &EventKind) -> Option<Moment> {
    let has_alert = |from: Side| {
        transcript
            .messages
            .iter()
            .any(|message| message.side == from && matches!(message.body, Body::Alert(_)))
    };
    let moment = |title, caption: String, explanation| {
        Some(Moment {
            side,
            at_us,
            title,
            caption,
            explanation,
            is_failure: true,
        })
    };
    match kind {
        EventKind::Admission { is_granted: true } => Some(Moment {
            side,
            at_us,
            title: "lets the client in",
            caption: "EAP-Success".to_owned(),
            explanation: "The server's last word in EAP: it is content with the client, and the network is open to it.",
            is_failure: false,
        }),
        EventKind::Admission { is_granted: false } => moment(
            "keeps the client out",
            "EAP-Failure".to_owned(),
            "The server's last word in EAP: the network stays shut. It bears no reason; a TLS alert before it may.",
        ),
        EventKind::TimedOut { after_ms } => moment(
            "timed out",
            format!("waited {after_ms} ms for bytes that never came"),
            "Nothing more arrived, and TLS itself would wait for ever: our own time-out ended it.",
        ),
        EventKind::TransportEnded => moment(
            "connection ended",
            "the peer hung up without saying goodbye".to_owned(),
            "A peer that is done says close_notify first. Without it nobody can tell an end from an attack that \
             cuts the line.",
        ),
        EventKind::Failed(verdict) if verdict.code == VerdictCode::NotConfigurable => moment(
            "could not start",
            spelled_out(&verdict.words),
            "This side cannot work with what it was given, so not a byte was sent.",
        ),
        EventKind::Failed(verdict) => {
            // A received alert has its own row; so has one that this side sent.
            let is_on_the_wire = match verdict.code {
                VerdictCode::AlertReceived(_) => has_alert(side.peer()),
                _ => has_alert(side),
            };
            if is_on_the_wire {
                return None;
            }
            moment(
                "gave up without an alert",
                spelled_out(&verdict.words),
                "This side stopped and told its peer nothing: the other end only sees the connection close.",
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
