//! Which request and answer are whose, which are repetitions, and which begin anew.

use super::*;
use crate::capture::{EventKind, Side};

const REQUEST: u8 = 1;
const ACCEPT: u8 = 2;
const REJECT: u8 = 3;
const CHALLENGE: u8 = 11;

/// An EAP-TLS packet with these bytes of TLS; `more` says that a fragment follows.
fn eap(code: u8, identifier: u8, more: bool, bytes: &[u8]) -> Vec<u8> {
    let length = 6 + bytes.len() as u8;
    let flags = if more { 0x40 } else { 0 };
    [&[code, identifier, 0, length, 13, flags][..], bytes].concat()
}

/// A packet: what it is, its number, its random, its State, its EAP.
fn packet(code: u8, identifier: u8, random: u8, state: &[u8], eap: &[u8]) -> Vec<u8> {
    let mut out = vec![code, identifier, 0, 0];
    out.extend([random; 16]);
    for (kind, value) in [(24, state), (79, eap)] {
        if !value.is_empty() {
            out.extend([kind, value.len() as u8 + 2]);
            out.extend_from_slice(value);
        }
    }
    let length = (out.len() as u16).to_be_bytes();
    out.splice(2..4, length);
    out
}

#[derive(Default)]
struct Wire {
    exchanges: Exchanges,
    room: Room,
    number: u64,
}

impl Wire {
    /// Whether a packet was taken for RADIUS; requests go to the server.
    fn take(&mut self, bytes: &[u8]) -> bool {
        let access = SocketAddr::from(([10, 0, 0, 7], 40_000));
        let server = SocketAddr::from(([10, 0, 0, 9], 1812));
        let (from, to) = if bytes[0] == REQUEST {
            (access, server)
        } else {
            (server, access)
        };
        let place = Place {
            at_unix_us: None,
            number: self.number,
        };
        self.number += 1;
        self.exchanges.take(from, to, place, bytes, &mut self.room)
    }

    /// What each conversation said, byte by byte with its side, and whether it was let in.
    fn told(self) -> Vec<(String, Option<bool>)> {
        let side = |side| if side == Side::Client { 'c' } else { 's' };
        self.exchanges
            .finish()
            .map(|carried| {
                let words: Vec<String> = carried
                    .segments
                    .iter()
                    .map(|one| format!("{}{}", side(one.from), hex::encode(&one.bytes)))
                    .collect();
                let admission = carried.events.iter().find_map(|event| match event.kind {
                    EventKind::Admission { is_granted } => Some(is_granted),
                    _ => None,
                });
                (words.join(" "), admission)
            })
            .collect()
    }
}

fn told(packets: &[Vec<u8>]) -> Vec<(String, Option<bool>)> {
    let mut wire = Wire::default();
    for packet in packets {
        assert!(wire.take(packet), "{packet:?}");
    }
    wire.told()
}

#[test]
fn request_and_answer_are_one_conversation_and_go_on_by_their_state() {
    let begin = || packet(REQUEST, 1, 0xa1, b"", &eap(2, 1, false, &[1]));
    let answer = || packet(CHALLENGE, 1, 0xb1, b"s", &eap(1, 2, false, &[2]));
    let on = || packet(REQUEST, 2, 0xa2, b"s", &eap(2, 2, false, &[3]));
    let accept = || packet(ACCEPT, 2, 0xb2, b"", &[3, 3, 0, 4]);
    let whole = [begin(), answer(), on(), accept()];
    assert_eq!(told(&whole), [("c01 s02 c03".to_owned(), Some(true))]);
    // The verdict of RADIUS itself, where no EAP comes with it.
    for (code, is_granted) in [(ACCEPT, true), (REJECT, false)] {
        let end = packet(code, 2, 0xb2, b"", b"");
        assert_eq!(
            told(&[begin(), answer(), on(), end]),
            [("c01 s02 c03".to_owned(), Some(is_granted))]
        );
    }
    // A request that is sent once more says nothing new, however much was said since.
    let again = [begin(), answer(), on(), begin(), accept()];
    assert_eq!(told(&again), told(&whole));
    // The number alone does not make it the same.
    let reused = packet(REQUEST, 1, 0xa9, b"s", &eap(2, 2, false, &[3]));
    let end = packet(ACCEPT, 1, 0xb9, b"", b"");
    assert_eq!(told(&[begin(), answer(), reused, end]), told(&whole));
    // Without its State it is another conversation; so it is with one that is over.
    let stateless = packet(REQUEST, 2, 0xa2, b"", &eap(2, 2, false, &[3]));
    assert_eq!(
        told(&[begin(), answer(), stateless]),
        [("c01 s02".to_owned(), None), ("c03".to_owned(), None)]
    );
    let after = packet(REQUEST, 3, 0xa3, b"s", &eap(2, 9, false, &[4]));
    assert_eq!(
        told(&[begin(), answer(), on(), accept(), after]),
        [("c01 s02 c03".to_owned(), Some(true)), ("c04".to_owned(), None)]
    );
}

#[test]
fn what_belongs_to_no_request_is_told_only_where_it_carries_eap() {
    let question = eap(1, 1, false, &[1]);
    for (name, packet, is_radius, wanted) in [
        (
            "a request with no EAP",
            packet(REQUEST, 1, 1, b"", b""),
            false,
            vec![],
        ),
        (
            "a request that asks in EAP",
            packet(REQUEST, 1, 1, b"", &question),
            true,
            vec![],
        ),
        (
            "an answer with a response",
            packet(CHALLENGE, 1, 1, b"", &eap(2, 1, false, &[1])),
            true,
            vec![],
        ),
        (
            "a challenge with no EAP",
            packet(CHALLENGE, 1, 1, b"", b""),
            false,
            vec![],
        ),
        (
            "a challenge",
            packet(CHALLENGE, 1, 1, b"", &question),
            true,
            vec![("s01".to_owned(), None)],
        ),
        (
            "an accept",
            packet(ACCEPT, 1, 1, b"", &[3, 1, 0, 4]),
            true,
            vec![],
        ),
        (
            "a reject with no EAP",
            packet(REJECT, 1, 1, b"", b""),
            true,
            vec![],
        ),
        ("no RADIUS", vec![11, 1, 0, 3], false, vec![]),
    ] {
        let mut wire = Wire::default();
        assert_eq!(wire.take(&packet), is_radius, "{name}");
        assert_eq!(wire.told(), wanted, "{name}");
    }
    // An answer to a request may carry nothing, and is RADIUS all the same.
    let mut wire = Wire::default();
    assert!(wire.take(&packet(REQUEST, 1, 1, b"", &eap(2, 1, false, &[1]))));
    assert!(wire.take(&packet(CHALLENGE, 1, 1, b"s", b"")));
    assert!(wire.take(&packet(REQUEST, 2, 2, b"s", &eap(2, 1, false, &[2]))));
    assert_eq!(wire.exchanges.conversations.len(), 1);
}

#[test]
fn what_is_remembered_is_forgotten_by_halves() {
    let mut recent = Recent::default();
    let has = |recent: &Recent<usize, usize>, key: usize| recent.get(&key) == Some(&(key * 2));
    for key in 0..REMEMBERED {
        recent.put(key, key * 2);
    }
    assert!(has(&recent, 0) && has(&recent, REMEMBERED - 1));
    for key in REMEMBERED..2 * REMEMBERED {
        recent.put(key, key * 2);
    }
    assert!(has(&recent, 0) && has(&recent, REMEMBERED));
    recent.put(2 * REMEMBERED, 4 * REMEMBERED);
    assert!(!has(&recent, 0) && !has(&recent, REMEMBERED - 1));
    assert!(has(&recent, REMEMBERED) && has(&recent, 2 * REMEMBERED));
}
