//! Packets in which one side refused: of what the other one was shown, and went on with, no fault is told.

use super::*;
use crate::capture::Origin;
use crate::decode::decode;
use crate::diagnose::CauseId;

/// The server refuses the client's chain, which lacks its intermediate; the client went on to its Finished.
fn refused_by_server() -> Capture {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions/client-missing-intermediate.ron");
    let session = crate::session::load(&path).expect("a session");
    let mut capture = Capture::clone(&session.capture);
    capture.events.clear();
    for side in Side::BOTH {
        capture.sides.of_mut(side).verdict = None;
    }
    capture
}

fn causes(capture: &Capture) -> Vec<(CauseId, Option<Side>)> {
    let told = diagnose(capture, &decode(capture)).causes;
    told.iter().map(|cause| (cause.id, cause.side)).collect()
}

#[test]
fn who_went_on_and_sent_no_alert_had_no_reason_to_refuse() {
    let mut capture = refused_by_server();
    capture.origin = Origin::Packets;
    let wanted = causes(&capture);
    assert_eq!(wanted, [(CauseId::MissingIntermediate, Some(Side::Server))]);
    // Roots that somebody gave us for the client, and that do not lead anywhere, are not those it judged by.
    capture
        .sides
        .client
        .trust
        .as_mut()
        .expect("its trust")
        .roots
        .clear();
    for origin in [Origin::Packets, Origin::Live { ours: Side::Server }] {
        capture.origin = origin;
        assert_eq!(causes(&capture), wanted, "{origin:?}");
    }
    // Whose own stack is witnessed is judged by what it was given.
    for origin in [Origin::Lab, Origin::Live { ours: Side::Client }] {
        capture.origin = origin;
        let told = causes(&capture);
        assert!(
            told.iter().any(|(_, side)| *side == Some(Side::Client)),
            "{origin:?}: {told:?}"
        );
    }
}

/// The one that sent the alert is judged, however far it came: without its roots' fault nothing explains it.
#[test]
fn who_objected_did_not_go_on() {
    let mut capture = refused_by_server();
    capture.origin = Origin::Packets;
    let transcript = decode(&capture);
    assert!(has_gone_on(&capture, &transcript, Side::Client));
    assert!(!has_gone_on(&capture, &transcript, Side::Server));
    capture.origin = Origin::Live { ours: Side::Client };
    assert!(!has_gone_on(&capture, &transcript, Side::Client));
}

/// Both went on to the end, in both versions; until its last message was sent, neither did.
#[test]
fn a_side_goes_on_with_its_own_next_message() {
    for (name, client, server) in [
        (
            "good-tls12",
            MessageKind::ClientKeyExchange,
            MessageKind::Finished,
        ),
        ("good-tls13", MessageKind::Finished, MessageKind::NewSessionTicket),
    ] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/sessions")
            .join(format!("{name}.ron"));
        let mut capture = Capture::clone(&crate::session::load(&path).expect("a session").capture);
        capture.origin = Origin::Packets;
        let whole = decode(&capture);
        for (side, kind) in [(Side::Client, client), (Side::Server, server)] {
            assert!(has_gone_on(&capture, &whole, side), "{name}, {side:?}");
            let shown = whole.chain_sent_by(Side::Client).map(|(index, _)| index);
            let own = whole
                .messages
                .iter()
                .enumerate()
                .position(|(index, message)| {
                    message.side == side
                        && message.kind == kind
                        && (side == Side::Client || Some(index) > shown)
                })
                .unwrap_or_else(|| panic!("{name}: no {kind:?} of the {}", side.word()));
            let mut cut = whole.clone();
            cut.messages.truncate(own);
            assert!(
                !has_gone_on(&capture, &cut, side),
                "{name}, {side:?}, before {kind:?}"
            );
            let mut cut = whole.clone();
            cut.messages.truncate(own + 1);
            assert!(
                has_gone_on(&capture, &cut, side),
                "{name}, {side:?}, with {kind:?}"
            );
        }
    }
}
