//! One connection in one line.

use super::travelled::kinds;
use crate::analysis::Analysis;
use crate::capture::{Capture, Carrier, Event, EventKind, Side};
use crate::decode::{Body, MessageKind, Transcript};
use crate::diagnose::{Verdict, began_before_recording, verdict_of};
use crate::iana::{self, Version};

/// Whether the client showed who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientCertificate {
    /// It sent a certificate.
    Sent,
    /// It was asked for one and sent none.
    Withheld,
    /// It was not asked.
    NotAsked,
    /// The bytes that would tell are encrypted, or missing.
    Unknown,
}

impl ClientCertificate {
    /// In words; `None` where there is nothing to say.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Sent => Some("client certificate sent"),
            Self::Withheld => Some("client certificate asked for, none sent"),
            Self::NotAsked | Self::Unknown => None,
        }
    }
}

/// One TLS connection of a packet capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place among the index's connections.
    pub connection: usize,
    /// The first packet's time, in microseconds since the Unix epoch.
    pub started_at_unix_us: i64,
    /// `10.0.0.1:50000`.
    pub client: String,
    /// `10.0.0.2:443`.
    pub server: String,
    /// server_name (RFC 6066 §3).
    pub sni: Option<String>,
    /// `TLS 1.3`; where no ServerHello was seen, nothing.
    pub version: Option<String>,
    /// The protocol that was spoken before TLS.
    pub preamble: Option<&'static str>,
    /// What its packets travelled in: `VXLAN`.
    pub tunnel: Option<String>,
    /// What TLS was carried in, where not in TCP alone: `EAP-TLS in RADIUS`.
    pub carrier: Option<String>,
    /// Who the client is by the word of what stands around TLS, unproven: an EAP identity, the address in a PROXY header.
    pub client_said: Option<String>,
    /// Whether the client showed a certificate.
    pub client_certificate: ClientCertificate,
    /// The recording began after the connection did, and shows no handshake: it is not counted as failed.
    pub began_before_recording: bool,
    /// How it went.
    pub verdict: Verdict,
    /// How it ended, in words: `connected`, `bad_certificate from the server`, ….
    pub ending: String,
    /// Bytes of payload either way.
    pub payload_bytes: usize,
}

impl Row {
    /// The line of a connection that was analysed already.
    pub fn of_analysis(analysis: &Analysis) -> Self {
        Self::of(0, &analysis.capture, &analysis.transcript)
    }

    /// What there is to say of it, in one line: `TLS 1.3 · client certificate sent · connected`.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.carrier.clone());
        parts.extend(self.preamble.map(|protocol| format!("after {protocol}")));
        parts.extend(self.tunnel.as_ref().map(|tunnel| format!("in {tunnel}")));
        parts.extend(
            self.client_said
                .as_ref()
                .map(|said| format!("client said to be {said}")),
        );
        parts.extend(self.version.clone());
        parts.extend(self.client_certificate.words().map(str::to_owned));
        parts.push(self.ending.clone());
        parts.join(" · ")
    }

    pub(super) fn of(connection: usize, capture: &Capture, transcript: &Transcript) -> Self {
        let address = |side| capture.sides.of(side).address.clone().unwrap_or_default();
        let verdict = verdict_of(capture, transcript);
        Self {
            connection,
            started_at_unix_us: capture.started_at_unix_us,
            client: address(Side::Client),
            server: address(Side::Server),
            sni: transcript.sni.clone(),
            version: transcript.version.map(|version| version.to_string()),
            preamble: transcript
                .messages
                .iter()
                .find_map(|message| match &message.body {
                    Body::Preamble { protocol, .. } => *protocol,
                    _ => None,
                })
                // TDS is told of by what it carries.
                .filter(|_| capture.carrier.is_none()),
            carrier: capture.carrier.as_ref().map(Carrier::words),
            client_said: client_said(capture, transcript),
            tunnel: kinds(capture),
            client_certificate: client_certificate(transcript),
            began_before_recording: began_before_recording(capture, transcript),
            verdict,
            ending: ending(capture, transcript, verdict),
            payload_bytes: capture.segments.iter().map(|segment| segment.bytes.len()).sum(),
        }
    }
}

/// Who the client is by the word of what stands around TLS.
pub fn client_said(capture: &Capture, transcript: &Transcript) -> Option<String> {
    let identity = capture.carrier.as_ref().and_then(Carrier::identity);
    identity.map(str::to_owned).or_else(|| {
        transcript
            .messages
            .iter()
            .find_map(|message| match &message.body {
                Body::Preamble { client, .. } => client.map(|client| client.to_string()),
                _ => None,
            })
    })
}

fn client_certificate(transcript: &Transcript) -> ClientCertificate {
    let is_asked = transcript.certificate_request().is_some();
    match transcript.chain_sent_by(Side::Client) {
        Some((_, sent)) if !sent.chain.is_empty() || sent.raw_public_key.is_some() => {
            return ClientCertificate::Sent;
        }
        Some(_) => return ClientCertificate::Withheld,
        None => {}
    }
    let is_shut = transcript
        .messages
        .iter()
        .any(|message| message.kind == MessageKind::Encrypted);
    let is_13 = transcript.version.is_some_and(Version::is_13_or_draft);
    let has_server_proved = transcript.chain_sent_by(Side::Server).is_some();
    match (is_asked, is_13) {
        (true, _) if !is_shut => ClientCertificate::Withheld,
        (false, true) if transcript.first(MessageKind::Finished, Side::Server).is_some() => {
            ClientCertificate::NotAsked
        }
        (false, false) if has_server_proved || transcript.resumed == Some(true) => {
            ClientCertificate::NotAsked
        }
        _ => ClientCertificate::Unknown,
    }
}

fn ending(capture: &Capture, transcript: &Transcript, verdict: Verdict) -> String {
    if let Some((_, message, alert)) = transcript.failure_alerts().last()
        && verdict == Verdict::Rejected
    {
        return format!("{} from the {}", iana::alert(alert.code), message.side.word());
    }
    let is_kept_out = |event: &Event| matches!(event.kind, EventKind::Admission { is_granted: false });
    if capture.events.iter().any(is_kept_out) {
        return "EAP-Failure from the server".to_owned();
    }
    let reset = capture
        .events
        .iter()
        .find(|event| matches!(event.kind, EventKind::TransportClosed { is_reset: true }));
    match (verdict, reset) {
        (Verdict::Accepted, None) => "connected".to_owned(),
        (Verdict::Accepted, Some(event)) => format!("connected, then reset by the {}", event.side.word()),
        (Verdict::Unknown, _) if began_before_recording(capture, transcript) => {
            "began before the recording".to_owned()
        }
        (Verdict::Unknown, _) if transcript.client_hello().is_none() => {
            "its beginning was not recorded".to_owned()
        }
        (Verdict::Unknown, _) => "encrypted: give a key log".to_owned(),
        (_, Some(event)) => format!("reset by the {}", event.side.word()),
        (_, None) => {
            let last = transcript.messages.last();
            last.map_or_else(
                || "unfinished".to_owned(),
                |message| format!("unfinished after {}", message.kind),
            )
        }
    }
}

#[cfg(test)]
mod tests;
