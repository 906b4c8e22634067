//! TLS in TDS and out of it again.

use super::*;

fn packet(kind: u8, status: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = ((payload.len() + HEADER) as u16).to_be_bytes();
    [&[kind, status, high, low, 0, 0, 1, 0][..], payload].concat()
}

fn hello(kind: u8, encryption: u8) -> Vec<u8> {
    packet(
        kind,
        1,
        &[
            0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, encryption,
        ],
    )
}

fn record(kind: u8, length: usize) -> Vec<u8> {
    let [high, low] = (length as u16).to_be_bytes();
    [&[kind, 3, 3, high, low][..], &vec![0x12; length]].concat()
}

/// A segment a piece, each of so many bytes.
fn segments(from: Side, bytes: &[u8], piece: usize) -> Vec<Segment> {
    bytes
        .chunks(piece)
        .map(|part| Segment {
            at_us: 0,
            from,
            bytes: part.to_vec(),
            altered: None,
        })
        .collect()
}

fn told(from: Side, bytes: &[u8], piece: usize) -> Option<(Vec<u8>, bool)> {
    let unwrapped = unwrap(&segments(from, bytes, piece))?;
    let bytes = unwrapped
        .segments
        .iter()
        .flat_map(|segment| segment.bytes.clone());
    Some((bytes.collect(), unwrapped.login_only))
}

#[test]
fn options_are_found_where_they_say() {
    let client = hello(PRELOGIN, 0x81);
    assert_eq!(encryption(&client), Some(0x81));
    assert_eq!(encryption_name(0x81), Some("ENCRYPT_CLIENT_CERT with ENCRYPT_ON"));
    assert!(begins_stream(&client));
    for length in 0..client.len() {
        assert!(!begins_stream(&client[..length]), "{length}");
        assert_eq!(prelogin(&client[..length]), None, "{length}");
    }
    assert!(!begins_stream(&hello(RESPONSE, 1)), "a server's");
    let mut wrong = client;
    wrong[12] = 60;
    assert_eq!(prelogin(&wrong), None, "a value beyond the end");
}

#[test]
fn records_come_out_of_packets_however_they_are_cut() {
    let (first, second, third) = (record(22, 300), record(20, 1), record(22, 40));
    let run = [first.as_slice(), &second, &third].concat();
    let bare = [record(23, 0x1204), record(23, 9)].concat();
    for (side, hellos, kinds) in [
        (Side::Client, PRELOGIN, &[PRELOGIN][..]),
        (Side::Server, RESPONSE, &[PRELOGIN, RESPONSE]),
    ] {
        for kind in kinds {
            for size in [1, 3, 100, 4088] {
                let begin = hello(hellos, 1);
                let count = run.chunks(size).count();
                let wrapped: Vec<u8> = run
                    .chunks(size)
                    .enumerate()
                    // A part of one byte does not tell a record from a result.
                    .flat_map(|(index, part)| packet(*kind, u8::from(index + 1 == count), part))
                    .collect();
                if size == 1 && *kind == RESPONSE {
                    continue;
                }
                let stream = [begin.as_slice(), &wrapped, &bare].concat();
                let wanted = [begin.as_slice(), &run, &bare].concat();
                for piece in [1, 2, 7, 5000] {
                    assert_eq!(
                        told(side, &stream, piece),
                        Some((wanted.clone(), false)),
                        "{side:?}, type {kind}, packets of {size}, pieces of {piece}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_follows_a_login_that_alone_is_encrypted_is_left_out() {
    let begin = hello(PRELOGIN, 0);
    let login = record(23, 60);
    let stream = [
        begin.as_slice(),
        &packet(PRELOGIN, 1, &record(22, 30)),
        &login,
        &packet(1, 1, b"select 1"),
        &packet(1, 1, b"select 2"),
    ]
    .concat();
    let wanted = [begin.as_slice(), &record(22, 30), &login].concat();
    for piece in [1, 9, 1000] {
        assert_eq!(told(Side::Client, &stream, piece), Some((wanted.clone(), true)));
    }
    let answer = [
        hello(RESPONSE, 0).as_slice(),
        &packet(PRELOGIN, 1, &record(22, 30)),
        &packet(RESPONSE, 1, &[0xad, 0, 1]),
    ]
    .concat();
    assert!(told(Side::Server, &answer, 4).is_some_and(|(_, login_only)| login_only));
}

#[test]
fn a_stream_without_tls_stays_as_it_is() {
    let plain = [hello(PRELOGIN, 2), packet(0x10, 1, b"login")].concat();
    assert_eq!(told(Side::Client, &plain, 5), None);
    assert_eq!(told(Side::Client, b"\x16\x03\x01\x00\x05hello", 5), None);
    assert_eq!(unwrap(&[]), None);
}

#[test]
fn a_gap_in_packets_leaves_all_behind_it_as_it_is() {
    let before = [hello(PRELOGIN, 1), packet(PRELOGIN, 1, &record(22, 30))].concat();
    let gap = Segment {
        altered: Some(Alteration::Missing {
            bytes: 10,
            why: crate::capture::Gap::NotRecorded,
        }),
        ..segments(Side::Client, b"x", 1).remove(0)
    };
    let after = packet(PRELOGIN, 1, &record(22, 8));
    let all = [
        segments(Side::Client, &before, 500),
        vec![Segment {
            bytes: Vec::new(),
            ..gap
        }],
        segments(Side::Client, &after, 500),
    ]
    .concat();
    let unwrapped = unwrap(&all).expect("TLS was seen");
    assert_eq!(unwrapped.segments.len(), 3);
    assert_eq!(unwrapped.segments[2].bytes, after);
}

/// Each thing that makes a PRELOGIN one, changed alone.
#[test]
fn a_prelogin_is_known_by_its_header_and_its_first_option() {
    let good = hello(PRELOGIN, 1);
    let options = Some(2);
    for (name, at, value, wanted) in [
        ("as it is", 0, PRELOGIN, options),
        ("a server's", 0, RESPONSE, options),
        ("another type", 0, 1, None),
        ("more to come", 1, 0, options),
        ("another status", 1, 2, None),
        ("a window", 7, 1, None),
        ("an option before the version", 8, 1, None),
        ("another length", 3, 25, None),
    ] {
        let mut packet = good.clone();
        packet[at] = value;
        assert_eq!(prelogin(&packet).map(|options| options.len()), wanted, "{name}");
        assert_eq!(
            begins_stream(&packet),
            wanted.is_some() && packet[0] == PRELOGIN,
            "{name}"
        );
    }
    assert_eq!(prelogin(&packet(PRELOGIN, 1, &[0xff])), None, "no option at all");
}

/// What stands where a header is expected, and is none, is handed on as it is, with all behind it; but packets behind bare records are of
/// another type than TLS, and left out.
#[test]
fn after_the_prelogin_only_records_and_packets_of_records_are_read() {
    let first = hello(PRELOGIN, 1);
    let whole = record(22, 20);
    let inside = packet(PRELOGIN, 1, &whole);
    let bare = record(23, 8);
    let bytes = |parts: &[&[u8]]| parts.concat();
    for (name, stream, wanted) in [
        (
            "wrapped, then bare",
            bytes(&[&first, &inside, &bare]),
            bytes(&[&first, &whole, &bare]),
        ),
        (
            "another version of records",
            bytes(&[&first, &inside, &[23, 2, 3, 0, 1, 9]]),
            bytes(&[&first, &whole, &[23, 2, 3, 0, 1, 9]]),
        ),
        (
            "wrapped behind bare",
            bytes(&[&first, &inside, &bare, &inside]),
            bytes(&[&first, &whole, &bare]),
        ),
        (
            "a packet shorter than its header",
            bytes(&[&first, &[PRELOGIN, 1, 0, 7, 0, 0, 1, 0], &whole]),
            bytes(&[&first, &whole]),
        ),
    ] {
        for piece in [1, 7, 1000] {
            let found = told(Side::Client, &stream, piece).map(|(bytes, _)| bytes);
            assert_eq!(found.as_deref(), Some(&wanted[..]), "{name}, {piece}");
        }
    }
}
