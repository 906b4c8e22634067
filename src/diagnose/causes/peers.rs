//! What the two sides do not have in common, and what one of them did not present.

use super::draft::Draft;
use super::empty_list::{client_presented_nothing, own_chain};
use crate::capture::{Capture, EventKind, Incompatibility, Policy, Side, VerdictCode};
use crate::decode::{ClientHelloFacts, Transcript};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::Fill;
use crate::diagnose::{CauseId, Certainty, Evidence};

/// No version, suite, group, scheme or protocol in common.
pub(super) fn nothing_in_common(capture: &Capture, transcript: &Transcript) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let hello = transcript.client_hello();
    for side in Side::BOTH {
        let Some(verdict) = &capture.sides.of(side).verdict else {
            continue;
        };
        let id = match verdict.code {
            VerdictCode::Incompatible(Incompatibility::Version) => CauseId::NoCommonVersion,
            VerdictCode::Incompatible(Incompatibility::CipherSuite) => CauseId::NoCommonCipher,
            VerdictCode::Incompatible(Incompatibility::Group) => CauseId::NoCommonGroup,
            VerdictCode::Incompatible(Incompatibility::SignatureScheme) => CauseId::NoCommonSignatureScheme,
            VerdictCode::NoApplicationProtocol => CauseId::AlpnMismatch,
            VerdictCode::AlertReceived(70) => CauseId::NoCommonVersion,
            VerdictCode::AlertReceived(120) => CauseId::AlpnMismatch,
            _ => continue,
        };
        let is_alert_alone = matches!(verdict.code, VerdictCode::AlertReceived(_));
        // The side that objected says it better than the one that was told.
        if is_alert_alone && objects(capture, side.peer()) {
            continue;
        }
        let offered = hello.map(|(_, hello)| offered(id, hello)).unwrap_or_default();
        let accepted = capture
            .sides
            .server
            .policy
            .as_ref()
            .map(|policy| accepted(id, policy))
            .unwrap_or_default();
        let mut evidence = Vec::new();
        if let Some((index, _)) = hello
            && let Some(message) = transcript.messages.get(index)
        {
            let range = extension_of(id)
                .and_then(|path| message.root.find(path))
                .map_or(0..message.bytes.len(), |field| field.range.clone());
            evidence.push(Evidence {
                message: Some(index),
                range,
                words: format!("the client offers {}", list(&offered)),
            });
        }
        let key = server_key(capture).map_or_else(String::new, |key| format!(" The server's key is {key}."));
        let row = format!(
            "The client accepts {}.{key} {} says: {}.",
            list(&offered),
            side_word(side),
            verdict.words
        );
        let fill = Fill::default()
            .with("offered", list(&offered))
            .with("accepted", list(&accepted))
            .with("row", row)
            .with("judge", side.word())
            .with("sender", side.peer().word());
        let at_us = hello
            .and_then(|(index, _)| transcript.messages.get(index))
            .map_or(0, |message| message.at_us);
        drafts.push(Draft {
            id,
            certainty: if is_alert_alone {
                Certainty::Possible
            } else {
                Certainty::Proven
            },
            side: Some(if is_alert_alone { side.peer() } else { side }),
            certificate: None,
            evidence,
            fill,
            at_us,
        });
    }
    drafts
}

/// Whether this side's own stack said what is wrong.
fn objects(capture: &Capture, side: Side) -> bool {
    capture.sides.of(side).verdict.as_ref().is_some_and(|verdict| {
        matches!(
            verdict.code,
            VerdictCode::Incompatible(_) | VerdictCode::NoApplicationProtocol
        )
    })
}

/// The kind of the server's key, where its certificate is at hand: `ECDSA P-521`.
fn server_key(capture: &Capture) -> Option<String> {
    let own = own_chain(capture, Side::Server).next()?;
    Some(Certificate::read(&own.der).facts()?.key.to_string())
}

fn side_word(side: Side) -> &'static str {
    match side {
        Side::Client => "The client",
        Side::Server => "The server",
    }
}

fn list(items: &[String]) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(", ")
    }
}

fn names(numbers: &[impl ToString]) -> Vec<String> {
    numbers.iter().map(ToString::to_string).collect()
}

fn offered(id: CauseId, hello: &ClientHelloFacts) -> Vec<String> {
    match id {
        CauseId::NoCommonVersion => names(&hello.versions),
        CauseId::NoCommonCipher => names(&hello.cipher_suites),
        CauseId::NoCommonGroup => names(&hello.groups),
        CauseId::NoCommonSignatureScheme => names(&hello.signature_schemes),
        _ => hello.alpn.clone(),
    }
}

fn accepted(id: CauseId, policy: &Policy) -> Vec<String> {
    match id {
        CauseId::NoCommonVersion => policy.versions.clone(),
        CauseId::NoCommonCipher => policy.cipher_suites.clone(),
        CauseId::NoCommonGroup => policy.groups.clone(),
        CauseId::AlpnMismatch => policy.alpn.clone(),
        _ => Vec::new(),
    }
}

fn extension_of(id: CauseId) -> Option<&'static [&'static str]> {
    Some(match id {
        CauseId::NoCommonVersion => &["extensions", "supported_versions"],
        CauseId::NoCommonCipher => &["cipher_suites"],
        CauseId::NoCommonGroup => &["extensions", "supported_groups"],
        CauseId::NoCommonSignatureScheme => &["extensions", "signature_algorithms"],
        CauseId::AlpnMismatch => &["extensions", "application_layer_protocol_negotiation"],
        _ => return None,
    })
}

/// A certificate that was asked for and not sent, or not there to send.
pub(super) fn nothing_presented(capture: &Capture, transcript: &Transcript) -> Vec<Draft> {
    client_presented_nothing(capture, transcript)
        .into_iter()
        .chain(server_presented_nothing(capture, transcript))
        .collect()
}

fn server_presented_nothing(capture: &Capture, transcript: &Transcript) -> Option<Draft> {
    let had_none = capture.events.iter().find(|event| {
        event.side == Side::Server && event.kind == EventKind::CertificateChosen { certificates: 0 }
    })?;
    let (index, hello) = transcript.client_hello()?;
    let policy = capture.sides.server.policy.as_ref();
    if let Some(policy) = policy.filter(|policy| !policy.serves(hello.server_name.as_deref())) {
        return Some(name_not_served(policy, transcript, index, hello, had_none.at_us));
    }
    Some(Draft {
        id: CauseId::ServerCertificateMissing,
        certainty: Certainty::Proven,
        side: Some(Side::Client),
        certificate: None,
        evidence: vec![Evidence {
            message: Some(index),
            range: 0..0,
            words: "asked for a certificate for this hello, the server's stack had none".to_owned(),
        }],
        fill: Fill::default().with("judge", "client").with("sender", "server"),
        at_us: had_none.at_us,
    })
}

/// The server chooses its certificate by name, and has none for this one.
fn name_not_served(
    policy: &Policy,
    transcript: &Transcript,
    index: usize,
    hello: &ClientHelloFacts,
    at_us: u64,
) -> Draft {
    let asked = hello.server_name.as_deref();
    let served = policy.server_names.join(", ");
    let range = transcript.messages.get(index).map_or(0..0, |message| {
        message
            .root
            .find(&["extensions", "server_name"])
            .map_or(0..message.bytes.len(), |field| field.range.clone())
    });
    let detail = match asked {
        Some(name) => format!("The client asks for {name}; the server has a certificate for {served} only."),
        None => format!(
            "The client asks for no name; the server has a certificate for {served} only, and none for anybody else."
        ),
    };
    Draft {
        id: CauseId::SniRejected,
        certainty: Certainty::Proven,
        side: Some(Side::Server),
        certificate: None,
        evidence: vec![
            Evidence {
                message: Some(index),
                range,
                words: asked.map_or_else(
                    || "the ClientHello carries no server_name".to_owned(),
                    |name| format!("server_name is {name}"),
                ),
            },
            Evidence {
                message: None,
                range: 0..0,
                words: format!("the server's policy: certificates for {served}"),
            },
        ],
        fill: Fill::default()
            .with("expected", asked.unwrap_or("no name"))
            .with("judge", "server")
            .with("sender", "client")
            .with_detail(detail),
        at_us,
    }
}
