//! Broken bytes: stored sessions and a packet capture, damaged in every way that damage comes in, are still read whole.

use crate::support::{traffic, window};
use std::path::{Path, PathBuf};

use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, KeyLog, Side};
use mtlscope::decode::{Field, MessageKind, Transcript, decode};
use mtlscope::session::load;
use mtlscope::source::packets::{PacketIndex, key_log_beside};
use mtlscope::survey::Survey;
use traffic::{Dice, Traffic, key_log_of};

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
/// Damaged captures of each stored session, with its secrets and without.
const ROUNDS: usize = 60;
/// Damaged copies of the packet capture.
const FILES: usize = 60;

/// Stored sessions, one of each kind: damage to the others leads to the same places.
const STORED: [&str; 11] = [
    "client-missing-intermediate",
    "clients-ca",
    "everything-wrong",
    "expired-twin",
    "go-withholds",
    "good-tls12",
    "good-tls13",
    "hello-retry-request",
    "renamed-issuer",
    "revoked",
    "root-rotated",
];

/// The stored sessions, by name.
fn stored() -> Vec<(PathBuf, Capture)> {
    STORED
        .iter()
        .map(|name| {
            let path = window::session(name);
            let session = load(&path).expect("a stored session opens");
            (path, Capture::clone(&session.capture))
        })
        .collect()
}

/// Damages bytes in one of the ways in which bytes are damaged; `other` is what a splice takes from.
fn damage(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    if bytes.is_empty() {
        bytes.push(dice.roll(256) as u8);
        return;
    }
    let at = dice.roll(bytes.len());
    let run = |dice: &mut Dice, length: usize| {
        let start = dice.roll(length);
        start..(start + 1 + dice.roll(64)).min(length)
    };
    match dice.roll(9) {
        0 => bytes[at] ^= 1 << dice.roll(8),
        1 => bytes[at] = dice.roll(256) as u8,
        // A length that says far too much, or nothing.
        2 => bytes[at] = if dice.roll(2) == 0 { 0xff } else { 0 },
        3 => {
            let range = run(dice, bytes.len());
            bytes.drain(range);
        }
        4 => {
            let filling: Vec<u8> = (0..=dice.roll(32)).map(|_| dice.roll(256) as u8).collect();
            bytes.splice(at..at, filling);
        }
        5 => bytes.truncate(at),
        6 => {
            let range = run(dice, bytes.len());
            let again = bytes[range.clone()].to_vec();
            bytes.splice(range.end..range.end, again);
        }
        7 => {
            let with = dice.roll(bytes.len());
            bytes.swap(at, with);
        }
        _ if !other.is_empty() => {
            let taken = run(dice, other.len());
            let range = run(dice, bytes.len());
            bytes.splice(range, other[taken].iter().copied());
        }
        _ => bytes.clear(),
    }
}

/// Damages a capture: the bytes of its segments, or which segments there are and in which order.
fn damage_capture(capture: &mut Capture, other: &Capture, dice: &mut Dice) {
    for _ in 0..=dice.roll(3) {
        if capture.segments.is_empty() {
            return;
        }
        let at = dice.roll(capture.segments.len());
        let with = dice.roll(capture.segments.len());
        match dice.roll(12) {
            0 => {
                capture.segments.remove(at);
            }
            1 => {
                let again = capture.segments[at].clone();
                capture.segments.insert(with, again);
            }
            2 => capture.segments.swap(at, with),
            3 => capture.segments[at].from = capture.segments[at].from.peer(),
            _ => {
                let from = other
                    .segments
                    .get(dice.roll(other.segments.len()))
                    .map_or(&[][..], |segment| &segment.bytes);
                damage(&mut capture.segments[at].bytes, from, dice);
            }
        }
    }
}

/// Counts how many leaves hold each byte of a message.
fn assert_owned(name: &str, root: &Field, length: usize) {
    assert_eq!(root.range, 0..length, "{name}: the message is not its own field");
    let mut owners = vec![0u8; length];
    root.walk(&mut |field| {
        if field.children.is_empty() && field.buffer.is_none() {
            let held = owners.get_mut(field.range.clone());
            for owner in held.unwrap_or_else(|| panic!("{name}: {} ends outside", field.name)) {
                *owner += 1;
            }
        }
    });
    if let Some(byte) = owners.iter().position(|count| *count != 1) {
        panic!("{name}: byte {byte} of {length} has {} owners", owners[byte]);
    }
}

/// What holds for any bytes at all.
fn assert_whole(name: &str, transcript: &Transcript) {
    for message in &transcript.messages {
        let name = format!("{name}, {}", message.kind);
        assert_owned(&name, &message.root, message.bytes.len());
        message.root.walk(&mut |field| {
            let Some(buffer) = field.buffer else { return };
            let buffer = transcript.buffers.get(buffer.0);
            let length = buffer
                .unwrap_or_else(|| panic!("{name}: no such buffer"))
                .bytes
                .len();
            assert!(field.range.end <= length, "{name}: {} ends outside", field.name);
        });
        let covered: usize = message.pieces.iter().map(|piece| piece.message.len()).sum();
        assert_eq!(
            covered,
            message.bytes.len(),
            "{name}: its pieces are not all of it"
        );
    }
    for (index, record) in transcript.records.iter().enumerate() {
        let wire = &transcript.buffers[usize::from(record.side == Side::Server)].bytes;
        assert!(
            record.wire.start <= record.wire.end && record.wire.end <= wire.len(),
            "{name}: record {index} is at {:?} of {}",
            record.wire,
            wire.len()
        );
    }
}

/// Damages every stored session `ROUNDS` times and decodes it.
fn damaged_sessions_are_whole(prepare: impl Fn(&mut Capture)) {
    let stored = stored();
    assert!(stored.len() >= 6, "the stored sessions are gone");
    let mut dice = Dice(SEED);
    for (index, (path, whole)) in stored.iter().enumerate() {
        let (_, other) = &stored[(index + 1) % stored.len()];
        for round in 0..ROUNDS {
            let mut capture = whole.clone();
            prepare(&mut capture);
            damage_capture(&mut capture, other, &mut dice);
            let name = format!("{}, round {round}", path.display());
            assert_whole(&name, &decode(&capture));
        }
    }
}

#[test]
fn damaged_sessions_are_read_whole() {
    damaged_sessions_are_whole(|_| {});
}

#[test]
fn damaged_sessions_without_secrets_are_read_whole() {
    damaged_sessions_are_whole(|capture| capture.secrets.clear());
}

/// Damage inside what was encrypted, which damage on the wire never reaches because the record then stays shut: the
/// decrypted content is sent again in the clear.
#[test]
fn damaged_messages_in_the_clear_are_read_whole() {
    let mut dice = Dice(SEED);
    for (path, whole) in stored() {
        let open = in_the_clear(&whole);
        for round in 0..ROUNDS {
            let mut capture = open.clone();
            damage_capture(&mut capture, &open, &mut dice);
            let name = format!("{}, round {round}", path.display());
            assert_whole(&name, &decode(&capture));
        }
    }
}

/// The same messages as records that nobody encrypted.
fn in_the_clear(capture: &Capture) -> Capture {
    let transcript = decode(capture);
    let mut open = capture.clone();
    open.secrets.clear();
    open.segments.clear();
    for message in &transcript.messages {
        let Some(record) = message
            .pieces
            .first()
            .and_then(|piece| transcript.records.get(piece.record))
        else {
            continue;
        };
        let content_type = match message.kind {
            MessageKind::Alert => 21,
            MessageKind::ChangeCipherSpec => 20,
            MessageKind::ApplicationData | MessageKind::Encrypted => 23,
            _ => 22,
        };
        for part in message.bytes.chunks(1 << 14) {
            let [high, low] = (part.len() as u16).to_be_bytes();
            open.segments.push(mtlscope::capture::Segment {
                at_us: record.at_us,
                from: message.side,
                bytes: [&[content_type, 3, 3, high, low], part].concat(),
                altered: None,
            });
        }
    }
    open
}

#[test]
fn a_damaged_packet_capture_is_read_or_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("whole.pcap");
    let captures = stored().into_iter().map(|(_, capture)| capture).collect();
    let traffic = Traffic::of_captures(captures);
    traffic.write_key_log(&key_log_of(&path)).expect("a key log");
    let written = traffic.write(&path, 7).expect("a capture");
    let (key_log, _) = key_log_beside(&path);
    assert!(!key_log.is_empty());
    let survey = surveyed(&path, &key_log).expect("the whole one opens");
    assert_eq!((survey.rows.len(), survey.index.packets), (7, written.packets));

    let whole = std::fs::read(&path).expect("it was written");
    assert_eq!(whole.len() as u64, written.bytes);
    let damaged_path = folder.path().join("damaged.pcap");
    let mut dice = Dice(SEED);
    let mut opened = 0;
    for _ in 0..FILES {
        let mut damaged = whole.clone();
        for _ in 0..=dice.roll(8) {
            damage(&mut damaged, &whole, &mut dice);
        }
        std::fs::write(&damaged_path, &damaged).expect("a file");
        let Some(survey) = surveyed(&damaged_path, &key_log) else {
            continue;
        };
        opened += 1;
        for row in &survey.rows {
            let capture = survey.capture(row).expect("its packets are where they were");
            assert_whole("a damaged packet capture", &decode(&capture));
        }
    }
    assert!(opened > FILES / 2, "only {opened} of {FILES} could be opened");
}

/// `None` where the file is refused.
fn surveyed(path: &Path, key_log: &KeyLog) -> Option<Survey> {
    let cancel = Cancel::default();
    let index = PacketIndex::open(path, &cancel, &mut |_| {}).ok()?;
    Some(Survey::of(index, key_log.clone(), &cancel, &|_, _| {}).expect("its packets are where they were"))
}
