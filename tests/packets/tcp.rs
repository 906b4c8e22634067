//! What TCP does to a connection on its way into a recording: nothing of it may change what was said.

use mtlscope::capture::{Capture, EventKind, PerSide, Side};

use super::read::{assert_says, capture, ends, said, survey};
use crate::support::packets::{Ends, Flags, PacketFile};

/// A connection that is written packet by packet.
struct Talk {
    file: PacketFile,
    ends: Ends,
    /// The number that each side sends next.
    next: PerSide<u32>,
    at_us: u64,
}

impl Talk {
    fn new(client: u32, server: u32) -> Self {
        Self {
            file: PacketFile::new(),
            ends: ends(40_001),
            next: PerSide { client, server },
            at_us: 0,
        }
    }

    /// A packet at any number, which moves nothing.
    fn raw(&mut self, from: Side, sequence: u32, flags: Flags, payload: &[u8]) {
        self.at_us += 10;
        self.file
            .tcp(self.ends, self.at_us, from, sequence, flags, payload);
    }

    /// The next packet of a side.
    fn send(&mut self, from: Side, flags: Flags, payload: &[u8]) {
        let sequence = *self.next.of(from);
        self.raw(from, sequence, flags, payload);
        let counted =
            payload.len() as u32 + u32::from(matches!(flags, Flags::Syn | Flags::SynAck | Flags::Fin));
        *self.next.of_mut(from) = sequence.wrapping_add(counted);
    }

    fn open(&mut self) {
        self.send(Side::Client, Flags::Syn, &[]);
        self.send(Side::Server, Flags::SynAck, &[]);
    }

    /// All that was said in a capture, in pieces of `size`.
    fn say(&mut self, capture: &Capture, size: usize) {
        for segment in &capture.segments {
            for part in segment.bytes.chunks(size) {
                self.send(segment.from, Flags::Data, part);
            }
        }
    }

    fn close(&mut self) {
        for side in Side::BOTH {
            self.send(side, Flags::Fin, &[]);
        }
    }
}

fn good() -> Capture {
    capture("good-tls13")
}

/// The only connection, which says what it should and was accepted.
fn assert_good(talk: &Talk, wanted: &Capture, place: &str) {
    let survey = survey(talk.file.bytes(), &[wanted]);
    assert_eq!(survey.index.connections.len(), 1, "{place}");
    let row = &survey.rows[0];
    assert_says(&survey.capture(row).expect("read"), wanted, place);
    assert_eq!(row.verdict.word(), "accepted", "{place}: {}", row.ending);
}

/// A good connection; `also` adds to it, once its beginning is written.
fn with(place: &str, also: impl Fn(&mut Talk)) {
    let wanted = good();
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    also(&mut talk);
    talk.say(&wanted, 1400);
    talk.close();
    assert_good(&talk, &wanted, place);
}

#[test]
fn what_lies_before_the_first_byte_is_not_the_beginning() {
    with("keep-alive at the SYN's number", |talk| {
        talk.raw(Side::Client, 70_000, Flags::Data, &[0x5a]);
        talk.raw(Side::Server, 900_000, Flags::Data, &[0]);
    });
    with("late, just before", |talk| {
        talk.raw(Side::Client, 69_000, Flags::Data, &[0x5a; 500]);
        talk.raw(Side::Server, 899_900, Flags::Data, &[0x5a; 101]);
    });
    with("late, far before and far ahead", |talk| {
        talk.raw(
            Side::Client,
            70_000u32.wrapping_sub(1 << 30),
            Flags::Data,
            &[0x5a; 500],
        );
        talk.raw(Side::Server, 900_000 + (1 << 30), Flags::Data, &[0x5a; 500]);
    });
    // Over the first bytes: those before it are cut off.
    let wanted = good();
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    let mut hello = wanted.segments[0].bytes.clone();
    hello.insert(0, 0x5a);
    talk.raw(Side::Client, 70_000, Flags::Data, &hello);
    talk.say(&wanted, 1400);
    assert_good(&talk, &wanted, "a probe with what follows it");
}

#[test]
fn a_keep_alive_of_a_recording_that_began_later_is_not_its_beginning() {
    let wanted = good();
    for probe in [[0], [0x5a]] {
        let mut talk = Talk::new(70_000, 900_000);
        if probe == [0] {
            talk.raw(Side::Client, 69_999, Flags::Data, &probe);
        } else {
            talk.raw(Side::Client, 69_999, Flags::Probe, &probe);
        }
        talk.say(&wanted, 1400);
        assert_good(&talk, &wanted, "a probe first");
    }
    // One byte at a time, but nobody probes: each of them counts.
    let mut talk = Talk::new(70_000, 900_000);
    talk.say(&wanted, 1);
    assert_good(&talk, &wanted, "byte by byte");
}

#[test]
fn a_late_segment_of_an_earlier_connection_belongs_to_it() {
    let (first, second) = (capture("root-rotated"), good());
    // The second one's numbers lie before, after and beside those of the first.
    for begin in [500u32, 600_000, 71_500] {
        let mut talk = Talk::new(70_000, 900_000);
        talk.open();
        let start = talk.next.clone();
        talk.say(&first, 1400);
        talk.close();
        talk.next = PerSide {
            client: begin,
            server: begin + 9000,
        };
        talk.open();
        // What the first one sent comes again, before anything of the second.
        let old = |side| {
            let said: Vec<u8> = said(&first, side).into_iter().flatten().collect();
            said
        };
        for side in Side::BOTH {
            let old = old(side);
            let length = old.len().min(400);
            talk.raw(side, *start.of(side), Flags::Data, &old[..length]);
        }
        talk.say(&second, 1400);
        let client = old(Side::Client);
        talk.raw(Side::Client, *start.of(Side::Client), Flags::Data, &client[..200]);
        talk.close();
        let survey = survey(talk.file.bytes(), &[&first, &second]);
        let told: Vec<_> = survey.rows.iter().map(|row| row.verdict.word()).collect();
        assert_eq!(told, ["rejected", "accepted"], "{begin}");
        for (row, wanted) in survey.rows.iter().zip([&first, &second]) {
            assert_says(&survey.capture(row).expect("read"), wanted, &format!("{begin}"));
        }
    }
}

#[test]
fn a_syn_that_comes_twice_is_one_connection_and_one_with_another_number_is_not() {
    with("SYN again", |talk| {
        talk.raw(Side::Client, 70_000, Flags::Syn, &[]);
        talk.raw(Side::Server, 900_000, Flags::SynAck, &[]);
        talk.raw(Side::Client, 70_000, Flags::Syn, &[]);
    });
    // The SYN comes again in the middle.
    let wanted = good();
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    talk.say(&wanted, 1400);
    talk.raw(Side::Client, 70_000, Flags::Syn, &[]);
    assert_good(&talk, &wanted, "SYN again, at the end");
    // An attempt that nobody answered, and one that was.
    let mut talk = Talk::new(70_000, 900_000);
    talk.send(Side::Client, Flags::Syn, &[]);
    talk.next.client = 5_000_000;
    talk.open();
    talk.say(&wanted, 1400);
    let survey = survey(talk.file.bytes(), &[&wanted]);
    assert_eq!((survey.index.tcp_connections, survey.rows.len()), (2, 1));
    assert_eq!(survey.index.connections.len(), 1, "nothing was said on the first");
    assert_says(
        &survey.capture(&survey.rows[0]).expect("read"),
        &wanted,
        "the second",
    );
    // The same ports again, with a number that the first connection had used.
    let mut talk = Talk::new(70_000, 900_000);
    for first in [70_000, 70_010] {
        talk.next.client = first;
        talk.open();
        talk.say(&wanted, 1400);
        talk.close();
    }
    let survey = super::read::survey(talk.file.bytes(), &[&wanted, &wanted]);
    assert_eq!((survey.index.tcp_connections, survey.rows.len()), (2, 2));
    for row in &survey.rows {
        assert_says(&survey.capture(row).expect("read"), &wanted, "numbers used again");
    }
}

#[test]
fn both_may_ask_at_once_and_a_syn_may_bring_data() {
    let wanted = good();
    // Simultaneous open (RFC 9293 §3.5): each side sends SYN, then SYN-ACK with the same number.
    for first in Side::BOTH {
        let mut talk = Talk::new(70_000, 900_000);
        talk.send(first, Flags::Syn, &[]);
        talk.send(first.peer(), Flags::Syn, &[]);
        talk.raw(Side::Client, 70_000, Flags::SynAck, &[]);
        talk.raw(Side::Server, 900_000, Flags::SynAck, &[]);
        talk.say(&wanted, 1400);
        assert_good(&talk, &wanted, "simultaneous open");
    }
    // TCP Fast Open (RFC 7413): the hello comes with the SYN; where the server does not take it, it comes again.
    for comes_again in [false, true] {
        let mut talk = Talk::new(70_000, 900_000);
        let hello = &wanted.segments[0].bytes;
        talk.send(Side::Client, Flags::Syn, hello);
        talk.send(Side::Server, Flags::SynAck, &[]);
        if comes_again {
            talk.raw(Side::Client, 70_001, Flags::Data, hello);
        }
        let rest = Capture {
            segments: wanted.segments[1..].to_vec(),
            ..wanted.clone()
        };
        talk.say(&rest, 1400);
        assert_good(&talk, &wanted, "fast open");
    }
    // The SYN is recorded after the hello.
    let mut talk = Talk::new(70_001, 900_001);
    let hello = &wanted.segments[0].bytes;
    talk.raw(Side::Client, 70_001, Flags::Data, hello);
    talk.raw(Side::Client, 70_000, Flags::Syn, &[]);
    talk.say(&wanted, 1400);
    assert_good(&talk, &wanted, "SYN after data");
}

#[test]
fn the_words_of_a_reset_are_no_data() {
    let wanted = good();
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    talk.say(&wanted, 1400);
    let next = talk.next.clone();
    talk.raw(Side::Server, next.server, Flags::Reset, b"go away");
    assert_good(&talk, &wanted, "reset");
    let survey = survey(talk.file.bytes(), &[&wanted]);
    assert_eq!(survey.rows[0].ending, "connected, then reset by the server");
    // In the place of the hello: nobody speaks TLS here.
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    talk.raw(Side::Server, 900_001, Flags::Reset, &wanted.segments[0].bytes);
    let index = super::read::survey(talk.file.bytes(), &[]);
    assert!(index.rows.is_empty());
}

/// A side ends its half once: what it sends after that tells no other end.
#[test]
fn the_first_end_of_a_side_counts() {
    let wanted = good();
    for (first, then) in [(Flags::Fin, Flags::Reset), (Flags::Reset, Flags::Fin)] {
        let mut talk = Talk::new(70_000, 900_000);
        talk.open();
        talk.say(&wanted, 1400);
        let next = talk.next.client;
        talk.raw(Side::Client, next, first, &[]);
        talk.raw(Side::Client, next.wrapping_add(1), then, &[]);
        let survey = survey(talk.file.bytes(), &[&wanted]);
        let read = survey.capture(&survey.rows[0]).expect("read");
        let ends: Vec<(Side, bool)> = read
            .events
            .iter()
            .filter_map(|event| match event.kind {
                EventKind::TransportClosed { is_reset } => Some((event.side, is_reset)),
                _ => None,
            })
            .collect();
        assert_eq!(ends, [(Side::Client, matches!(first, Flags::Reset))]);
    }
}

#[test]
fn the_end_may_bring_data() {
    let wanted = good();
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    let (last, before) = wanted.segments.split_last().expect("segments");
    let but_the_last = Capture {
        segments: before.to_vec(),
        ..wanted.clone()
    };
    talk.say(&but_the_last, 1400);
    talk.send(last.from, Flags::Fin, &last.bytes);
    assert_good(&talk, &wanted, "FIN with data");
    let survey = survey(talk.file.bytes(), &[&wanted]);
    let read = survey.capture(&survey.rows[0]).expect("read");
    let ends: Vec<_> = read
        .events
        .iter()
        .map(|event| (event.side, event.kind.clone()))
        .collect();
    let closed = EventKind::TransportClosed { is_reset: false };
    assert_eq!(ends, [(last.from, closed)]);
}

#[test]
fn numbers_wrap_segments_overlap_and_come_again() {
    let wanted = good();
    for begin in [u32::MAX, u32::MAX - 1, u32::MAX - 700] {
        let mut talk = Talk::new(begin, begin.wrapping_sub(3));
        talk.open();
        talk.say(&wanted, 333);
        talk.close();
        assert_good(&talk, &wanted, "wrap");
    }
    // Each packet comes again, a little longer on both ends, and what it adds to the first copy's place is other bytes.
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    for segment in &wanted.segments {
        let start = *talk.next.of(segment.from);
        talk.send(segment.from, Flags::Data, &segment.bytes);
        talk.raw(segment.from, start, Flags::Data, &vec![0x5a; segment.bytes.len()]);
    }
    assert_good(&talk, &wanted, "again with other bytes");
    // Overlapping halves, the second one first.
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    for segment in &wanted.segments {
        let start = *talk.next.of(segment.from);
        let (third, half) = (segment.bytes.len() / 3, segment.bytes.len() / 2);
        talk.raw(
            segment.from,
            start.wrapping_add(third as u32),
            Flags::Data,
            &segment.bytes[third..],
        );
        talk.raw(segment.from, start, Flags::Data, &segment.bytes[..half]);
        *talk.next.of_mut(segment.from) = start.wrapping_add(segment.bytes.len() as u32);
    }
    assert_good(&talk, &wanted, "overlapping, the wrong way round");
}

#[test]
fn the_end_of_an_earlier_connection_is_not_the_end_of_the_next() {
    let (first, second) = (capture("root-rotated"), good());
    let mut talk = Talk::new(70_000, 900_000);
    talk.open();
    talk.say(&first, 1400);
    let old = talk.next.clone();
    talk.next = PerSide {
        client: 3_000_000,
        server: 5_000_000,
    };
    talk.open();
    talk.raw(Side::Client, old.client, Flags::Reset, &[]);
    talk.say(&second, 1400);
    let survey = survey(talk.file.bytes(), &[&first, &second]);
    let endings: Vec<_> = survey.rows.iter().map(|row| row.ending.as_str()).collect();
    assert_eq!(endings, ["unknown_ca from the server", "connected"]);
}
