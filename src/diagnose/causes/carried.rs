//! What the carrier of TLS tells where TLS itself is silent: an EAP-Failure without an alert, an OpenVPN peer that says nothing
//! more.

use super::draft::Draft;
use crate::capture::{Capture, Carrier, EventKind, Side};
use crate::decode::{MessageKind, Transcript};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::Fill;
use crate::diagnose::{CauseId, Certainty, Evidence};

/// A refusal that no alert explains.
pub(super) fn refused_without_alert(capture: &Capture, transcript: &Transcript) -> Option<Draft> {
    // An alert that can be read says more.
    if transcript.failure_alerts().next().is_some() {
        return None;
    }
    match capture.carrier.as_ref()? {
        Carrier::Eap { .. } => eap(capture, transcript),
        Carrier::OpenVpn { .. } => openvpn(capture, transcript),
        Carrier::Tds { .. } => None,
    }
}

/// The server ended the conversation with a refusal (RFC 3748 §4.2).
fn eap(capture: &Capture, transcript: &Transcript) -> Option<Draft> {
    let refused = capture
        .events
        .iter()
        .find(|event| matches!(event.kind, EventKind::Admission { is_granted: false }))?;
    let last = transcript.messages.last()?;
    let is_shut = transcript
        .messages
        .iter()
        .any(|message| message.kind == MessageKind::Encrypted);
    // Below TLS 1.3 a server changes its cipher only once it is content with the client.
    let was_content = transcript
        .version
        .is_some_and(|version| !version.is_13_or_draft())
        && transcript
            .first(MessageKind::ChangeCipherSpec, Side::Server)
            .is_some();
    let what = if was_content {
        "Its part of the TLS handshake was over by then: it refused for what came after it, such as a password inside the \
         tunnel, or a rule about who may come in."
    } else if last.side == Side::Server && last.kind == MessageKind::Encrypted {
        "The last thing that it said in TLS is encrypted, and may be the alert that says why."
    } else if is_shut {
        "No alert from it was seen; what stayed encrypted may hold one."
    } else {
        "It sent no TLS alert, so nothing of the reason is in the recording."
    };
    let detail = format!(
        "The server ended the conversation with EAP-Failure. {what} The last TLS message seen was {} from the {}. The reason \
         is in the server's log.",
        last.kind.word(),
        last.side.word()
    );
    let words = "the server answered with EAP-Failure".to_owned();
    let at_us = refused.at_us;
    let mut found = draft(transcript, Side::Server, Certainty::Proven, detail, words, at_us);
    found.fill = found.fill.with("did", "refused the client");
    Some(found)
}

/// A side that got a certificate and said nothing more: OpenVPN refuses so.
fn openvpn(capture: &Capture, transcript: &Transcript) -> Option<Draft> {
    let closes = |event: &crate::capture::Event| matches!(event.kind, EventKind::TransportClosed { .. });
    let last = transcript.messages.last()?;
    let judge = last.side.peer();
    let (shown, sent) = transcript.chain_sent_by(last.side)?;
    let has_answered = transcript
        .messages
        .iter()
        .skip(shown)
        .any(|message| message.side == judge);
    if sent.chain.is_empty() || has_answered {
        return None;
    }
    let closed = capture
        .events
        .iter()
        .find(|event| closes(event) && event.side == judge);
    let end = if closed.is_some() {
        "It then closed the TCP connection. "
    } else {
        ""
    };
    let detail = format!(
        "After the {}'s certificate the {} said nothing more. {end}OpenVPN often sends no alert when it refuses a certificate: \
         its log has the reason, in a line with VERIFY ERROR. The recording may also have ended too early, or packets were lost.",
        last.side.word(),
        judge.word()
    );
    let words = format!("the {} answered the certificate with nothing", judge.word());
    let at_us = last.at_us;
    let mut found = draft(transcript, judge, Certainty::Possible, detail, words, at_us);
    found.fill = found.fill.with("did", "fell silent at the certificate");
    Some(found)
}

fn draft(
    transcript: &Transcript,
    judge: Side,
    certainty: Certainty,
    detail: String,
    words: String,
    at_us: u64,
) -> Draft {
    let leaf = transcript
        .chain_sent_by(judge.peer())
        .and_then(|(_, sent)| sent.chain.first())
        .map(|(der, _)| Certificate::read(der));
    let message = transcript.messages.len().checked_sub(1);
    let range = transcript.messages.last().map_or(0, |last| last.bytes.len());
    Draft {
        id: CauseId::RefusedWithoutAlert,
        certainty,
        side: Some(judge),
        certificate: leaf.as_ref().map(Certificate::reference),
        evidence: vec![Evidence {
            message,
            range: 0..range,
            words,
        }],
        fill: Fill::default()
            .with("row", detail)
            .with("judge", judge.word())
            .with("sender", judge.peer().word()),
        at_us,
    }
}
