//! How long a record may be, how much is read of one connection, and what is said of the rest.

use std::path::Path;

use mtlscope::capture::{Alteration, Capture, Segment, Side};
use mtlscope::decode::{Body, MessageKind, Transcript, decode};
use mtlscope::session::load;

fn good() -> Capture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions/good-tls13.ron");
    Capture::clone(&load(&path).expect("a session").capture)
}

fn segment(from: Side, bytes: &[u8]) -> Segment {
    Segment {
        at_us: 0,
        from,
        bytes: bytes.to_vec(),
        altered: None,
    }
}

/// RFC 8446 §5.1, §5.2; RFC 5246 §6.2.3: a record's limits, from both sides.
#[test]
fn a_record_may_be_so_long_and_no_longer() {
    let record = |kind: u8, length: usize| {
        let [high, low] = u16::to_be_bytes(length as u16);
        [&[kind, 3, 3, high, low][..], &vec![0xa5; length]].concat()
    };
    let of = |bytes: &[u8]| {
        let mut capture = good();
        capture.segments.truncate(2);
        capture.segments.push(segment(Side::Client, bytes));
        decode(&capture)
    };
    let last = |transcript: &Transcript| {
        let record = transcript.records.last().expect("a record");
        (record.wire.len(), record.error.clone().unwrap_or_default())
    };
    for (length, is_odd) in [(1 << 14, false), ((1 << 14) + 1, true)] {
        let (bytes, error) = last(&of(&record(24, length)));
        assert_eq!(
            (bytes, error.contains("no record may carry more")),
            (5 + length, is_odd),
            "{error}"
        );
    }
    for (length, is_record) in [
        ((1 << 14) + 256, true),
        ((1 << 14) + 2048, true),
        ((1 << 14) + 2049, false),
    ] {
        let (_, error) = last(&of(&record(23, length)));
        let is_none = error.contains("do not begin a TLS record");
        assert_eq!(!is_none, is_record, "{length}: {error}");
    }
}

#[test]
fn the_rest_of_a_connection_of_too_many_records_is_one_line_that_says_so() {
    const MOST: usize = 50_000;
    // In turns: a run of the same would be one line.
    let turns = [[20, 3, 3, 0, 1, 1], [20, 3, 3, 0, 1, 2]];
    for (count, is_left) in [(MOST - 2, false), (MOST - 1, true), (2 * MOST, true)] {
        let mut capture = good();
        capture.segments.truncate(2);
        capture
            .segments
            .push(segment(Side::Client, &turns.concat().repeat(count / 2)));
        if count % 2 == 1 {
            capture.segments.push(segment(Side::Client, &turns[0]));
        }
        let transcript = decode(&capture);
        assert!(
            transcript.records.len() <= MOST + 1,
            "{}",
            transcript.records.len()
        );
        let last = transcript.messages.last().expect("a message");
        let said = last.root.error.as_deref().unwrap_or_default();
        assert_eq!(
            said.contains("50,000 records or messages came before it"),
            is_left,
            "{count}: {said}"
        );
        let wire: usize = transcript
            .records
            .iter()
            .filter(|record| record.side == Side::Client)
            .map(|record| record.wire.len())
            .sum();
        assert_eq!(
            wire,
            transcript.buffers[0].bytes.len(),
            "every byte has its record"
        );
    }
    // As many messages in a few records.
    let many = [22, 3, 3, 64, 0]
        .into_iter()
        .chain([14, 0, 0, 0, 0, 0, 0, 0].repeat(1 << 11))
        .collect::<Vec<u8>>();
    let mut capture = good();
    capture.segments.truncate(2);
    capture.segments.push(segment(Side::Server, &many.repeat(20)));
    let transcript = decode(&capture);
    assert!(
        transcript.messages.len() <= MOST + 2,
        "{}",
        transcript.messages.len()
    );
    assert!(transcript.messages.iter().any(|message| {
        message
            .root
            .error
            .as_deref()
            .is_some_and(|error| error.contains("50,000 records"))
    }));
}

/// What the wire did to one of a run is seen: it does not vanish in the run's count.
#[test]
fn a_record_that_was_altered_stands_by_itself_in_a_run_of_the_same() {
    let alert = [21, 3, 3, 0, 2, 1, 90];
    for altered in [
        Alteration::Repeated,
        Alteration::Injected,
        Alteration::Changed { sent: vec![21] },
    ] {
        for place in [0, 100, 199] {
            let mut capture = good();
            capture.secrets.clear();
            capture.segments.truncate(1);
            let before = decode(&capture).records.len();
            capture.segments.extend((0..200).map(|at| Segment {
                altered: (at == place).then(|| altered.clone()),
                ..segment(Side::Server, &alert)
            }));
            let transcript = decode(&capture);
            let records = &transcript.records[before..];
            let marked: Vec<usize> = records
                .iter()
                .filter(|record| record.altered.is_some())
                .map(|record| record.wire.len() / alert.len())
                .collect();
            assert_eq!(marked, [1], "{altered:?} at {place}");
            // Each record and each message is there once, by itself or in a count.
            let counted: usize = records.iter().map(|record| 1 + record.repeated).sum();
            let said: usize = transcript
                .messages
                .iter()
                .filter(|message| message.kind == MessageKind::Alert)
                .map(|message| 1 + message.repeated)
                .sum();
            // What was delivered a second time says nothing.
            let wanted = 200 - usize::from(altered == Alteration::Repeated);
            assert_eq!((counted, said), (200, wanted), "{altered:?} at {place}");
        }
    }
}

/// What is kept is counted, not timed: a run of the same is one message and one record, however long it is.
#[test]
fn a_run_of_the_same_is_told_once_with_its_count() {
    const KEPT: usize = 64;
    let alert = [21, 3, 3, 0, 2, 1, 90];
    let change = [20, 3, 3, 0, 1, 1];
    let shut = [23, 3, 3, 0, 0];
    let request = [22, 3, 3, 0, 4, 0, 0, 0, 0];
    for unit in [&alert[..], &change, &shut, &request] {
        for count in [1, KEPT - 1, KEPT, KEPT + 1, 1000, 40_000] {
            let mut capture = good();
            capture.secrets.clear();
            capture.segments.truncate(1);
            let before = decode(&capture);
            let bytes = unit.repeat(count);
            // Cut anywhere: a run goes on over segments.
            capture
                .segments
                .extend(bytes.chunks(1400).map(|part| segment(Side::Server, part)));
            let after = [21, 3, 3, 0, 2, 2, 40];
            capture.segments.push(segment(Side::Server, &after));
            let transcript = decode(&capture);
            let told = &transcript.messages[before.messages.len()..];
            let kept = if count > KEPT { 1 } else { count };
            assert_eq!(
                told.len(),
                kept + 1,
                "{unit:?} {count} times, and one that is another"
            );
            assert_eq!(told[0].repeated, count - kept, "{unit:?} {count} times");
            assert_eq!(told.last().map(|last| last.repeated), Some(0));
            assert_eq!(transcript.records.len(), before.records.len() + kept + 1);
            let wire = transcript
                .records
                .iter()
                .filter(|record| record.side == Side::Server);
            let mut end = 0;
            for record in wire {
                assert_eq!(record.wire.start, end, "every byte has its record");
                end = record.wire.end;
            }
            assert_eq!(end, transcript.buffers[1].bytes.len(), "no byte is lost");
        }
    }
    // Many in one record.
    let many = [&[22, 3, 3, 64, 0][..], &[0, 0, 0, 0].repeat(1 << 12)].concat();
    let mut capture = good();
    capture.segments.truncate(2);
    let before = decode(&capture).messages.len();
    capture.segments.push(segment(Side::Server, &many));
    let transcript = decode(&capture);
    assert_eq!(transcript.messages.len(), before + 1);
    assert_eq!(transcript.messages[before].repeated, (1 << 12) - 1);
}

/// Whoever says one thing and another in turns is cut off as before, and a run in the clear has no end but its own.
#[test]
fn a_run_in_the_clear_is_counted_to_its_end() {
    let mut capture = good();
    capture.segments.truncate(2);
    capture
        .segments
        .push(segment(Side::Server, &[21, 3, 3, 0, 2, 1, 90].repeat(300_000)));
    let transcript = decode(&capture);
    let last = transcript.messages.last().expect("a message");
    assert_eq!((last.kind, last.repeated), (MessageKind::Alert, 299_999));
}

#[test]
fn what_is_no_tls_is_one_message_however_it_was_cut() {
    let text =
        b"HTTP/1.1 400 Bad Request\r\n\r\n<html>plain HTTP was sent to an HTTPS port</html>".repeat(50);
    let mut found = Vec::new();
    for cut in [1, 7, 100_000] {
        let mut capture = good();
        capture.segments.truncate(1);
        capture
            .segments
            .extend(text.chunks(cut).map(|part| segment(Side::Server, part)));
        let transcript = decode(&capture);
        let (_, message) = transcript
            .first(MessageKind::NotTls, Side::Server)
            .expect("it is no TLS");
        assert_eq!(message.bytes, text);
        assert!(matches!(
            message.body,
            Body::NotTls {
                looks_like: Some("HTTP")
            }
        ));
        assert_eq!(transcript.buffers[1].bytes, text);
        found.push((
            transcript.messages.len(),
            transcript.records.clone(),
            message.root.clone(),
        ));
    }
    found.dedup();
    assert_eq!(found.len(), 1, "cut or whole, it reads the same");
}

/// A hello whose lists have more entries than anybody could look at: what is left is one leaf, and every byte has its owner.
#[test]
fn fields_are_made_for_so_many_and_no_more() {
    let suites = [0x13, 0x01].repeat(8000);
    let body = [
        &[3, 3][..],
        &[7; 32],
        &[0],
        &u16::to_be_bytes(suites.len() as u16),
        &suites,
        &[1, 0],
    ]
    .concat();
    let message = [&[1][..], &u32::to_be_bytes(body.len() as u32)[1..], &body].concat();
    let record = [&[22, 3, 1][..], &u16::to_be_bytes(message.len() as u16), &message].concat();
    let mut capture = good();
    capture.secrets.clear();
    capture.segments = vec![segment(Side::Client, &record.repeat(100))];
    let transcript = decode(&capture);
    assert_eq!(transcript.messages.len(), 100);
    let mut fields = 0;
    for message in &transcript.messages {
        let mut owned = 0;
        message.root.walk(&mut |field| {
            fields += 1;
            if field.children.is_empty() {
                owned += field.range.len();
            }
        });
        assert_eq!(owned, message.bytes.len(), "every byte lies in one leaf");
    }
    assert!((300_000..310_000).contains(&fields), "{fields}");
    let left = transcript
        .messages
        .last()
        .and_then(|message| message.root.children.first());
    let said = left.and_then(|field| field.error.as_deref()).unwrap_or_default();
    assert!(said.starts_with("not taken apart"), "{said}");
}

/// A proof that is said again is not checked again.
#[test]
fn what_is_said_again_in_a_handshake_is_not_worked_out_again() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions/good-tls12.ron");
    let good = Capture::clone(&load(&path).expect("a session").capture);
    let at = good
        .segments
        .iter()
        .position(|one| one.from == Side::Client && one.bytes.first() == Some(&20))
        .expect("a ChangeCipherSpec");
    let finished = [&[22, 3, 3, 0, 16, 20, 0, 0, 12][..], &[0xa5; 12]].concat();
    let mut again = good.clone();
    let forged = segment(Side::Client, &finished);
    again.segments.splice(at..at, vec![forged; 3]);
    let said: Vec<Option<String>> = decode(&again)
        .messages
        .iter()
        .filter_map(|message| match &message.body {
            Body::Finished(facts) => Some(facts.why_not.clone()),
            _ => None,
        })
        .collect();
    let second = Some("it is the second one in the same handshake".to_owned());
    assert_eq!(said.first(), Some(&None), "the first is computed: {said:?}");
    assert_eq!(said.get(1..3), Some(&[second.clone(), second][..]), "{said:?}");
}
