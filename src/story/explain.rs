//! One sentence a row for somebody who met mTLS last week.

use super::captions::leaf_name;
use super::flights::{Class, Flight, messages_of};
use super::moments::Verification;
use super::plot::{Happening, Scene, alert_of};
use crate::capture::Side;
use crate::decode::{Body, MessageKind, Transcript};
use crate::diagnose::Diagnosis;
use crate::iana::Version;

/// What happens in this scene and why.
pub(super) fn explanation(scene: &Scene, transcript: &Transcript, diagnosis: &Diagnosis) -> String {
    match &scene.what {
        Happening::Flight(flight) => {
            let turned = diagnosis.turned_away.as_ref().filter(|turned| {
                let said = turned.evidence.message;
                said.is_some_and(|said| flight.messages.contains(&said))
            });
            match turned {
                Some(turned) => format!(
                    "TLS is done, and both accepted; this is the application's answer, and it turns the client away. {}",
                    turned.words
                ),
                None => flight_words(flight, transcript),
            }
        }
        Happening::Verification(verification) => verification_words(verification, transcript, diagnosis),
        Happening::Moment(moment) => moment.explanation.to_owned(),
    }
}

fn verification_words(verification: &Verification, transcript: &Transcript, diagnosis: &Diagnosis) -> String {
    let judge = verification.judge.word();
    let peer = verification.judge.peer();
    if verification.is_refused {
        let cause = diagnosis
            .causes
            .iter()
            .find(|cause| Some(cause.id) == verification.refused_for);
        return match cause {
            Some(cause) if verification.is_likely => format!(
                "The {judge} refuses. What it says fits this, and may mean something else: {}.",
                cause.title.trim_end_matches('.')
            ),
            Some(cause) => format!("{}, so the {judge} refuses.", cause.title.trim_end_matches('.')),
            None => format!("The {judge} does not accept what the {} presented.", peer.word()),
        };
    }
    let name = leaf_name(peer, transcript).map_or_else(String::new, |name| format!(" “{name}”"));
    if verification.is_trust_unknown && verification.is_accepted {
        return format!(
            "The {judge} went on after seeing the {}'s certificate{name}, so it accepted it. Whom it trusts is not in this \
             evidence: nothing here proves that the chain leads to a root.",
            peer.word()
        );
    }
    let question = match verification.judge {
        Side::Client => "and that it is for the name it asked for",
        Side::Server => "and that it may be used by a client",
    };
    format!(
        "The {judge} checks that the {}'s certificate{name} leads to a root it trusts, is within its dates, {question}.",
        peer.word()
    )
}

fn flight_words(flight: &Flight, transcript: &Transcript) -> String {
    let has = |kind: MessageKind| messages_of(flight, transcript).any(|message| message.kind == kind);
    let side = flight.from.word();
    let peer = flight.from.peer().word();
    let is_server = flight.from == Side::Server;
    match flight.class {
        Class::Hello => hello_words(flight, transcript),
        Class::Request if has(MessageKind::CertificateRequest) => {
            "Now encrypted, the server settles the last terms and asks the client to show a certificate: this is the \
             “mutual” in mutual TLS."
                .to_owned()
        }
        Class::Request => {
            "Now encrypted, the server settles the last terms; it asks for no client certificate.".to_owned()
        }
        Class::Proof => proof_words(flight, transcript),
        Class::Switch => format!(
            "The {side} switches to encryption and proves, with a seal over everything said so far, that nobody changed \
             a word."
        ),
        Class::Ticket => {
            "The server hands out tickets, so that the client can come back later without showing certificates again."
                .to_owned()
        }
        Class::Data => format!("The {side} speaks its own protocol; TLS only carries it, encrypted."),
        Class::Alert => alert_words(flight, transcript),
        Class::CipherChange => {
            format!("The {side} announces that what follows is encrypted.")
        }
        Class::Encrypted => format!(
            "The {side} sent this encrypted, and no key was logged that opens it: what it says cannot be told."
        ),
        Class::NotTls => format!(
            "The {side} answered in another protocol: it does not speak TLS here, or something in between answered for it."
        ),
        Class::Preamble => format!(
            "Before TLS the two speak another protocol in the clear, until one of them asks for TLS. Whoever sits between \
             them can read this, and could leave the {side}'s question for TLS out."
        ),
        Class::Gap => format!(
            "The {side} sent these bytes, but they are not in the recording, or not shown. What follows is read from the next \
             record on."
        ),
        Class::Lost => format!(
            "The {side} sent this and believes it arrived; the {peer} never saw it, because the wire was told to misbehave."
        ),
        Class::Other if has(MessageKind::KeyUpdate) => {
            format!("The {side} moves on to fresh keys, as long-lived connections do.")
        }
        Class::Other if is_server => "The server sent a message that this story has no words for.".to_owned(),
        Class::Other => "The client sent a message that this story has no words for.".to_owned(),
    }
}

fn hello_words(flight: &Flight, transcript: &Transcript) -> String {
    let body = messages_of(flight, transcript)
        .map(|message| &message.body)
        .find(|body| matches!(body, Body::ClientHello(_) | Body::ServerHello(_)));
    match body {
        Some(Body::ClientHello(hello)) => {
            let name = hello
                .server_name
                .as_ref()
                .map_or_else(String::new, |name| format!(", and that it looks for {name}"));
            format!(
                "The client opens: it says which versions, ciphers and key shares it can work with{name}. All of this \
                 travels in the clear."
            )
        }
        Some(Body::ServerHello(hello)) if hello.is_retry => {
            "The server can agree, but not with the key share it was sent: it asks the client to say hello again with \
             another."
                .to_owned()
        }
        Some(Body::ServerHello(hello)) if hello.version == Some(Version::TLS_13) => {
            "The server chooses version and cipher and adds its own key share: from here on both sides can encrypt, \
             though neither has proved who it is."
                .to_owned()
        }
        Some(Body::ServerHello(_)) => {
            "The server chooses version and cipher from what the client offered.".to_owned()
        }
        _ => "The server asks the client to start a handshake.".to_owned(),
    }
}

fn proof_words(flight: &Flight, transcript: &Transcript) -> String {
    let has = |kind: MessageKind| messages_of(flight, transcript).any(|message| message.kind == kind);
    let side = flight.from.word();
    let chain = messages_of(flight, transcript).find_map(|message| match &message.body {
        Body::Certificate(certificate) => Some(certificate.chain.len()),
        _ => None,
    });
    match (chain, flight.from) {
        (Some(0), Side::Client) => {
            "The client was asked for a certificate and answers with none; whether that is enough is for the server to \
             say."
                .to_owned()
        }
        (Some(0), Side::Server) => "The server presents no certificate at all.".to_owned(),
        (Some(_), Side::Server) if has(MessageKind::ServerHelloDone) => {
            "The server shows its certificate chain and signs its key share with the matching key, all still in the clear."
                .to_owned()
        }
        (Some(_), _) if has(MessageKind::CertificateVerify) => format!(
            "The {side} shows its certificate chain, signs the conversation to prove that it holds the key, and seals it \
             all."
        ),
        (Some(_), _) => format!("The {side} shows its certificate chain."),
        (None, Side::Client) if has(MessageKind::ClientKeyExchange) => {
            "The client sends its key share, from which both sides make their keys.".to_owned()
        }
        (None, _) if has(MessageKind::ServerKeyExchange) => {
            "The server sends its key share, from which both sides make their keys.".to_owned()
        }
        (None, _) => format!("The {side} seals the handshake: both sides saw the same messages."),
    }
}

fn alert_words(flight: &Flight, transcript: &Transcript) -> String {
    let side = flight.from.word();
    let code = alert_of(flight, transcript).map(|(_, code)| code);
    match code {
        Some(0) => {
            format!("The {side} is done and says goodbye, so that nobody takes the end for a cut line.")
        }
        Some(90) => format!("The {side} breaks off because its user asked it to."),
        _ => format!(
            "The {side} stops the connection. This one word is all that the other end is ever told of the reason."
        ),
    }
}
