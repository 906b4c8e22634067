//! Whose frame is whose, where it is sent to the group of all ports and where it names its end.

use super::*;

const GROUP: Mac = [1, 0x80, 0xc2, 0, 0, 3];

fn mac(number: u8) -> Mac {
    [2, 0, 0, 0, 0, number]
}

/// A frame from one to another, with an EAP packet of this code and byte.
type Frame = (u8, Option<Mac>, u8, u8);

/// Who spoke with whom, and the bytes of each conversation; `-` where something is missing.
fn told(frames: &[Frame]) -> Vec<String> {
    let mut ports = Ports::default();
    let mut room = Room::default();
    for (number, (from, to, code, byte)) in (0u64..).zip(frames) {
        let eap = [*code, *byte, 0, 7, 13, 0, *byte];
        let payload = [&[1, 0, 0, 7][..], &eap, &[0; 9]].concat();
        let frame = EapolFrame {
            from: mac(*from),
            to: *to,
            payload: 0,
        };
        let place = Place {
            at_unix_us: None,
            number,
        };
        ports.take(&frame, place, &payload, &mut room);
    }
    ports
        .finish()
        .map(|carried| {
            let short = |end: &Option<String>| end.as_deref().map_or("?", |end| &end[15..]).to_owned();
            let word = |one: &crate::capture::Segment| match one.altered {
                Some(_) => "-".to_owned(),
                None => hex::encode(&one.bytes),
            };
            let bytes: Vec<String> = carried.segments.iter().map(word).collect();
            format!(
                "{}-{}: {}",
                short(&carried.ends.client),
                short(&carried.ends.server),
                bytes.join(" ")
            )
        })
        .collect()
}

const ASKS: u8 = 1;
const ANSWERS: u8 = 2;

#[test]
fn frames_that_name_both_ends_are_theirs() {
    let to = |number| Some(mac(number));
    assert_eq!(
        told(&[
            (9, to(1), ASKS, 1),
            (9, to(2), ASKS, 2),
            (1, to(9), ANSWERS, 3),
            (2, to(9), ANSWERS, 4),
            (8, to(1), ASKS, 5),
        ]),
        ["01-08: 01 03 05", "02-09: 02 04"]
    );
}

/// Nobody is named by the group: whoever is not known yet answers the latest that asked, and is answered by the first that
/// speaks.
#[test]
fn frames_to_the_group_belong_to_whom_they_may() {
    let all = Some(GROUP);
    for (name, frames, wanted) in [
        (
            "the authenticator first",
            &[(9, all, ASKS, 1), (1, all, ANSWERS, 2), (9, all, ASKS, 3)][..],
            vec!["01-09: 01 02 03"],
        ),
        (
            "the supplicant first",
            &[(1, all, ANSWERS, 1), (9, all, ASKS, 2), (1, all, ANSWERS, 3)],
            vec!["01-09: 01 02 03"],
        ),
        (
            "no address at all",
            &[(1, None, ANSWERS, 1), (9, None, ASKS, 2)],
            vec!["01-09: 01 02"],
        ),
        (
            "the answer names whom it is for",
            &[
                (8, all, ASKS, 1),
                (9, all, ASKS, 2),
                (1, Some(mac(8)), ANSWERS, 3),
            ],
            vec!["01-08: 01 03", "?-09: 02"],
        ),
        (
            "the latest of two that asked",
            &[(8, all, ASKS, 1), (9, all, ASKS, 2), (1, all, ANSWERS, 3)],
            vec!["?-08: 01", "01-09: 02 03"],
        ),
        (
            "a second supplicant is another's",
            &[(9, all, ASKS, 1), (1, all, ANSWERS, 2), (2, all, ANSWERS, 3)],
            vec!["01-09: 01 02", "02-?: 03"],
        ),
        (
            "a second authenticator is another",
            &[(1, Some(mac(9)), ANSWERS, 1), (8, all, ASKS, 2)],
            vec!["01-09: 01", "?-08: 02"],
        ),
        (
            "a second supplicant that names an authenticator whose supplicant is known",
            &[(9, Some(mac(1)), ASKS, 1), (2, Some(mac(9)), ANSWERS, 2)],
            vec!["01-09: 01", "02-09: 02"],
        ),
        (
            "the authenticator goes on with the latest",
            &[
                (9, Some(mac(1)), ASKS, 1),
                (9, Some(mac(2)), ASKS, 2),
                (9, all, ASKS, 3),
                (1, all, ANSWERS, 4),
            ],
            vec!["01-09: 01 04", "02-09: 02 - 03"],
        ),
    ] {
        assert_eq!(told(frames), wanted, "{name}");
    }
}

#[test]
fn more_conversations_than_there_is_room_for_are_left_out() {
    let mut room = Room::default();
    while room.conversation() {}
    let before = room.refused;
    let mut ports = Ports::default();
    let frame = EapolFrame {
        from: mac(1),
        to: None,
        payload: 0,
    };
    let place = Place {
        at_unix_us: None,
        number: 0,
    };
    let payload = [1, 0, 0, 7, ANSWERS, 1, 0, 7, 13, 0, 5];
    ports.take(&frame, place, &payload, &mut room);
    assert_eq!((room.refused, ports.finish().count()), (before + 1, 0));
}
