//! What differs between any two runs, whoever is right: randoms, shares, signatures, times, ports.

use super::both::Both;
use super::difference::{Difference, Rank};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Body, MessageKind};

/// Adds what both have and what is new each time.
pub(super) fn add(differences: &mut Vec<Difference>, a: &Analysis, b: &Analysis) {
    let has = |test: fn(&Body) -> bool| {
        [a, b].into_iter().all(|analysis| {
            let mut messages = analysis.transcript.messages.iter();
            messages.any(|message| test(&message.body))
        })
    };
    let agrees_on_a_key = [a, b].into_iter().all(|analysis| {
        let mut messages = analysis.transcript.messages.iter();
        messages.any(|message| match &message.body {
            Body::ServerHello(hello) => hello.group.is_some(),
            Body::ServerKeyExchange { .. } | Body::ClientKeyExchange { .. } => true,
            _ => false,
        })
    });
    let has_kind = |kind: MessageKind| {
        [a, b].into_iter().all(|analysis| {
            let mut messages = analysis.transcript.messages.iter();
            messages.any(|message| message.kind == kind)
        })
    };
    let all = [
        (
            "Random of the client",
            has(|body| matches!(body, Body::ClientHello(_))),
        ),
        (
            "Random of the server",
            has(|body| matches!(body, Body::ServerHello(_))),
        ),
        ("Key shares", agrees_on_a_key),
        (
            "Session ids",
            has(|body| matches!(body, Body::ServerHello(hello) if !hello.session_id.is_empty())),
        ),
        (
            "Signatures over the handshake",
            has(|body| matches!(body, Body::CertificateVerify(_) | Body::ServerKeyExchange { .. })),
        ),
        ("Finished values", has(|body| matches!(body, Body::Finished(_)))),
        (
            "Session tickets' contents",
            has_kind(MessageKind::NewSessionTicket),
        ),
        ("Times of the steps", true),
        (
            "The client's address and port",
            a.capture.sides.of(Side::Client).address.is_some()
                && b.capture.sides.of(Side::Client).address.is_some(),
        ),
    ];
    differences.extend(
        all.into_iter()
            .filter(|(_, is_there)| *is_there)
            .map(|(name, _)| always(name.to_owned(), Both::default())),
    );
}

/// Something that differs always.
pub(super) fn always(name: String, values: Both<Vec<String>>) -> Difference {
    Difference {
        rank: Rank::Always,
        input: None,
        name,
        values,
        proof: None,
    }
}
