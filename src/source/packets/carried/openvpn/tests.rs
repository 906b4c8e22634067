//! Which control packet belongs to which handshake, and in which order they are read.

use super::*;

const RESET: Opcode = Opcode::HardResetClient;
const TAKEN_UP: Opcode = Opcode::HardResetServer;
const SOFT: Opcode = Opcode::SoftReset;
const CONTROL: Opcode = Opcode::Control;

/// A packet: what it is for, its key, its session, its number, its bytes.
type Sent<'a> = (Opcode, u8, u8, Option<u32>, &'a [u8]);

fn take(
    sessions: &mut Sessions,
    room: &mut Room,
    side: Side,
    (opcode, key_id, session, number, payload): Sent<'_>,
) {
    let packet = Packet {
        opcode,
        key_id,
        session: &[session; 8],
        number,
        acknowledged: 0,
        payload,
    };
    let place = Place {
        at_unix_us: None,
        number: 0,
    };
    sessions.take(side, &packet, 0, place, room);
}

/// What a client says in each handshake: its key, its bytes, and `-` where something is missing.
fn told(packets: &[Sent<'_>]) -> Vec<String> {
    let mut sessions = Sessions::default();
    for packet in packets {
        take(&mut sessions, &mut Room::default(), Side::Client, *packet);
    }
    words(sessions)
}

fn words(sessions: Sessions) -> Vec<String> {
    let all = sessions.finish(PerSide::default(), false);
    all.map(|carried| {
        let Carried {
            segments, carrier, ..
        } = carried;
        let key = match carrier {
            crate::capture::Carrier::OpenVpn { key_id, .. } => key_id,
            other => panic!("{other:?}"),
        };
        let said: Vec<String> = segments
            .iter()
            .map(|one| match one.altered {
                Some(_) => "-".to_owned(),
                None => hex::encode(&one.bytes),
            })
            .collect();
        format!("{key}: {}", said.join(" "))
    })
    .collect()
}

#[test]
fn packets_are_read_in_the_order_of_their_numbers_each_once() {
    let reset = (RESET, 0, 1, Some(0), &[][..]);
    let said = |number: u32, byte: &'static [u8]| (CONTROL, 0, 1, Some(number), byte);
    for (name, packets, wanted) in [
        (
            "in order",
            vec![reset, said(1, &[1]), said(2, &[2])],
            vec!["0: 01 02"],
        ),
        (
            "one is late",
            vec![reset, said(2, &[2]), said(3, &[3]), said(1, &[1])],
            vec!["0: 01 02 03"],
        ),
        (
            "once more",
            vec![reset, said(1, &[1]), said(1, &[9]), said(2, &[2])],
            vec!["0: 01 02"],
        ),
        (
            "one is missing",
            vec![reset, said(1, &[1]), said(3, &[3])],
            vec!["0: 01 - 03"],
        ),
        (
            "the first is missing",
            vec![reset, said(2, &[2])],
            vec!["0: - 02"],
        ),
        ("midway", vec![said(7, &[7]), said(8, &[8])], vec!["0: 07 08"]),
        (
            "no number",
            vec![reset, (CONTROL, 0, 1, None, &[5]), said(1, &[1])],
            vec!["0: 01"],
        ),
        (
            "another session's",
            vec![reset, (CONTROL, 0, 2, Some(1), &[5]), said(1, &[1])],
            vec!["0: 01"],
        ),
        ("nothing is said", vec![reset, said(5, &[])], vec![]),
    ] {
        assert_eq!(told(&packets), wanted, "{name}");
    }
}

#[test]
fn a_reset_begins_anew_and_its_repetition_does_not() {
    let said = |key, session, number: u32, byte: &'static [u8]| (CONTROL, key, session, Some(number), byte);
    let reset = |session| (RESET, 0, session, Some(0), &[][..]);
    let soft = |key| (SOFT, key, 1, Some(0), &[][..]);
    for (name, packets, wanted) in [
        (
            "the same session again",
            vec![reset(1), said(0, 1, 1, &[1]), reset(1), said(0, 1, 2, &[2])],
            vec!["0: 01 02"],
        ),
        (
            "another session",
            vec![reset(1), said(0, 1, 1, &[1]), reset(2), said(0, 2, 1, &[2])],
            vec!["0: 01", "0: 02"],
        ),
        (
            "new keys, and a late repetition of the old one's",
            vec![
                reset(1),
                said(0, 1, 1, &[1]),
                soft(1),
                said(1, 1, 1, &[2]),
                soft(1),
                said(1, 1, 2, &[3]),
                said(0, 1, 2, &[4]),
            ],
            vec!["0: 01 04", "1: 02 03"],
        ),
        (
            "another session forgets all keys",
            vec![
                reset(1),
                soft(1),
                said(1, 1, 1, &[1]),
                reset(2),
                said(1, 2, 1, &[2]),
            ],
            vec!["1: 01", "1: 02"],
        ),
    ] {
        assert_eq!(told(&packets), wanted, "{name}");
    }
    // Seven keys come round: the first is used again.
    let mut packets = vec![reset(1)];
    for key in (1..=7).chain([1, 2]) {
        packets.extend([
            soft(key),
            said(key, 1, 1, &[0xaa]),
            soft(key),
            said(key, 1, 2, &[0xbb]),
        ]);
    }
    let wanted: Vec<String> = (1..=7).chain([1, 2]).map(|key| format!("{key}: aa bb")).collect();
    assert_eq!(told(&packets), wanted);
}

/// The server's word begins only where nothing is known, and acknowledgements begin nothing.
#[test]
fn what_a_server_says_belongs_to_what_is_known() {
    let (mut sessions, mut room) = (Sessions::default(), Room::default());
    let mut take = |side, packet| take(&mut sessions, &mut room, side, packet);
    take(Side::Server, (Opcode::Acknowledge, 0, 9, None, &[]));
    take(Side::Server, (TAKEN_UP, 0, 9, Some(0), &[]));
    take(Side::Client, (CONTROL, 0, 1, Some(1), &[1]));
    take(Side::Server, (TAKEN_UP, 0, 9, Some(0), &[]));
    take(Side::Server, (CONTROL, 0, 9, Some(1), &[2]));
    assert_eq!(words(sessions), ["0: 01 02"]);
}

#[test]
fn renegotiations_that_are_encrypted_are_counted_once_each() {
    let ends = ("c", "s");
    let sealed = |packets: &[Sent<'_>]| {
        let mut sessions = Sessions::default();
        for packet in packets {
            take(&mut sessions, &mut Room::default(), Side::Client, *packet);
        }
        sessions.sealed_words(ends.0, ends.1).map(|words| {
            let (_, what) = words.split_once(", and ").expect("what");
            what.split_once(" encrypted").expect("encrypted").0.to_owned()
        })
    };
    let clear = |key| (SOFT, key, 1, Some(0), &[][..]);
    let shut = |key| (SOFT, key, 1, Some(77), &[][..]);
    let shut_too = |key| (SOFT, key, 1, Some(0), &[1][..]);
    let one = Some("one renegotiation of its keys is".to_owned());
    let two = Some("2 renegotiations of its keys are".to_owned());
    for (name, packets, wanted) in [
        ("in the clear", vec![clear(1), clear(2)], None),
        ("one", vec![shut(1)], one.clone()),
        ("with something in it", vec![shut_too(1)], one.clone()),
        ("repeated", vec![shut(1), shut(1), shut_too(1)], one.clone()),
        ("two", vec![shut(1), shut(2)], two.clone()),
        (
            "one after the other comes round",
            vec![shut(1), shut(2), shut(2)],
            two.clone(),
        ),
        (
            "in the clear again, and then not",
            vec![shut(1), clear(1), shut(1)],
            two.clone(),
        ),
        (
            "a new session",
            vec![shut(1), (RESET, 0, 2, Some(0), &[]), shut(1)],
            two,
        ),
    ] {
        assert_eq!(sealed(&packets), wanted, "{name}");
    }
    // What comes with such a key is no TLS that could be read.
    let reset = (RESET, 0, 1, Some(0), &[][..]);
    let said = |key, byte: &'static [u8]| (CONTROL, key, 1, Some(1), byte);
    assert_eq!(told(&[reset, said(0, &[1]), shut(1), said(1, &[2])]), ["0: 01"]);
    assert_eq!(
        told(&[reset, said(0, &[1]), shut(1), clear(1), said(1, &[2])]),
        ["0: 01", "1: 02"]
    );
}

#[test]
fn more_handshakes_than_there_is_room_for_are_left_out() {
    let mut room = Room::default();
    while room.conversation() {}
    let before = room.refused;
    let mut sessions = Sessions::default();
    take(
        &mut sessions,
        &mut room,
        Side::Client,
        (RESET, 0, 1, Some(0), &[]),
    );
    take(
        &mut sessions,
        &mut room,
        Side::Client,
        (CONTROL, 0, 1, Some(1), &[1]),
    );
    assert_eq!(room.refused, before + 2);
    assert_eq!(words(sessions), [""; 0]);
}
