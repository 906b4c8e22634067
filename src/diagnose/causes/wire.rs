//! What packets alone show: a PROXY header that nobody took, and who hung up, with what.

use super::draft::Draft;
use crate::capture::{Capture, EventKind, Origin, Side};
use crate::decode::{Body, MessageKind, PROXY_PROTOCOL, Transcript};
use crate::diagnose::fill::Fill;
use crate::diagnose::{CauseId, Certainty, Evidence};
use crate::printable::printable;

/// A PROXY header before TLS that the server did not answer with TLS.
pub(super) fn proxy_header(capture: &Capture, transcript: &Transcript) -> Option<Draft> {
    let is_header = |body: &Body| matches!(body, Body::Preamble { protocol: Some(protocol), .. } if *protocol == PROXY_PROTOCOL);
    let (index, header) = transcript
        .messages
        .iter()
        .enumerate()
        .find(|(_, message)| message.side == Side::Client && is_header(&message.body))?;
    let answered = transcript.messages.iter().any(|message| {
        message.side == Side::Server && !matches!(message.body, Body::Alert(_) | Body::NotTls { .. })
    });
    let has_ended = transcript.failure_alerts().next().is_some()
        || transcript
            .messages
            .iter()
            .any(|message| matches!(message.body, Body::NotTls { .. }))
        || closes(capture).next().is_some();
    if answered || !has_ended {
        return None;
    }
    let reply = transcript
        .messages
        .iter()
        .find(|message| message.side == Side::Server)
        .map_or_else(
            || {
                format!(
                    "The server answered with nothing{}",
                    end_of(capture, Side::Server)
                )
            },
            |message| match &message.body {
                Body::Alert(alert) => {
                    format!(
                        "The server answered with the alert {}",
                        crate::iana::alert(alert.code)
                    )
                }
                _ => "The server answered with something that is not TLS".to_owned(),
            },
        );
    let shown = header
        .bytes
        .starts_with(b"PROXY ")
        .then(|| String::from_utf8_lossy(&header.bytes).trim_end().to_owned())
        .map_or_else(
            || "a PROXY header of version 2".to_owned(),
            |text| format!("“{}”", printable(&text)),
        );
    let row = format!(
        "Before the ClientHello came {shown}, as load balancers send it. {reply}: a listener that does not expect the \
         header reads it as a broken TLS record."
    );
    Some(Draft {
        id: CauseId::ProxyHeaderMismatch,
        certainty: Certainty::Possible,
        side: Some(Side::Server),
        certificate: None,
        evidence: vec![Evidence {
            message: Some(index),
            range: 0..header.bytes.len(),
            words: "a PROXY header stands before TLS".to_owned(),
        }],
        fill: Fill::default()
            .with("judge", "server")
            .with("sender", "client")
            .with_detail(row),
        at_us: header.at_us,
    })
}

/// Who ended its half of the connection first, with what, where no alert says more.
pub(super) fn hung_up(capture: &Capture, transcript: &Transcript) -> Option<Draft> {
    // What began before the recording was over then, or nobody knows what went before.
    transcript.client_hello()?;
    let is_silent = transcript.failure_alerts().next().is_none();
    let goodbye = transcript
        .messages
        .iter()
        .find_map(|message| match &message.body {
            Body::Alert(alert) => Some((message.side, alert.code)),
            _ => None,
        });
    // What stayed shut may be the alert that says why.
    let is_shut = transcript
        .messages
        .iter()
        .any(|message| message.kind == MessageKind::Encrypted);
    let last = transcript.messages.last()?;
    if capture.origin != Origin::Packets || !is_silent || is_shut {
        return None;
    }
    let (side, how) = if let Some((side, code)) = goodbye {
        (side, format!("said {} and closed", crate::iana::alert(code)))
    } else {
        let (side, is_reset) = closes(capture).next()?;
        let how = if is_reset {
            "reset the connection (RST)"
        } else {
            "closed the connection (FIN)"
        };
        (side, format!("{how} and had sent no alert"))
    };
    let row = format!(
        "The {} {how}. The last thing seen was {} from the {}.",
        side.word(),
        last.kind.word(),
        last.side.word()
    );
    Some(Draft {
        id: CauseId::PeerClosed,
        certainty: Certainty::Proven,
        side: Some(side.peer()),
        certificate: None,
        evidence: vec![Evidence {
            message: transcript.messages.len().checked_sub(1),
            range: 0..last.bytes.len(),
            words: row.clone(),
        }],
        fill: Fill::default()
            .with("row", row)
            .with("judge", side.peer().word())
            .with("sender", side.word()),
        at_us: last.at_us,
    })
}

/// Who ended its half, in order, and whether with a reset.
fn closes(capture: &Capture) -> impl Iterator<Item = (Side, bool)> {
    capture.events.iter().filter_map(|event| match event.kind {
        EventKind::TransportClosed { is_reset } => Some((event.side, is_reset)),
        _ => None,
    })
}

/// `, and reset the connection (RST)`; nothing where a side's end was not recorded.
fn end_of(capture: &Capture, side: Side) -> &'static str {
    match closes(capture).find(|(of, _)| *of == side) {
        Some((_, true)) => ", and reset the connection (RST)",
        Some((_, false)) => ", and closed the connection (FIN)",
        None => "",
    }
}
