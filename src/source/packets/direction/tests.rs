//! Which bytes of a direction are new, which are kept, and which are doubtful.

use super::*;

struct Stream {
    direction: Direction,
    number: u32,
}

impl Stream {
    fn new(direction: Direction) -> Self {
        Self { direction, number: 0 }
    }

    fn send(&mut self, sequence: u32, length: u32) {
        self.number += 1;
        self.direction.add(
            sequence,
            Fragment {
                offset: u64::from(self.number) * 2000,
                at_us: u64::from(self.number),
                position: 0,
                length,
                number: self.number,
            },
        );
    }

    /// Position and length of what was kept.
    fn kept(&self) -> Vec<(i64, u32)> {
        let (kept, _) = self.direction.kept();
        kept.iter().map(|one| (one.position, one.length)).collect()
    }
}

#[test]
fn what_lies_before_the_beginning_is_no_data() {
    let mut stream = Stream::new(Direction::beginning_at(1001));
    // A keep-alive at the SYN's own number; one whose byte and the first two of the stream; an old one.
    stream.send(1000, 1);
    stream.send(500, 100);
    stream.send(1001, 10);
    stream.send(1010, 1);
    assert_eq!(stream.kept(), [(0, 10)]);
    let mut stream = Stream::new(Direction::beginning_at(1001));
    stream.send(1000, 3);
    assert_eq!(stream.kept(), [(0, 2)]);
    assert_eq!(
        stream.direction.kept().0[0].offset,
        2001,
        "the first byte is cut off"
    );
}

#[test]
fn a_number_far_ahead_is_taken_only_when_the_next_one_goes_on_from_there() {
    let mut stream = Stream::new(Direction::beginning_at(1));
    stream.send(900_000, 700);
    stream.send(1, 100);
    stream.send(101, 100);
    assert_eq!(
        stream.kept(),
        [(0, 100), (100, 100)],
        "a late segment of another connection"
    );
    // The recording missed a megabyte.
    stream.send(1_000_001, 100);
    stream.send(1_000_101, 100);
    assert_eq!(stream.kept()[2..], [(1_000_000, 100), (1_000_100, 100)]);
    // It is the last one: nobody came back.
    stream.send(2_000_001, 50);
    assert_eq!(stream.kept()[4..], [(2_000_000, 50)]);
    // Unless the stream ended before.
    stream.direction.finish(1_000_201);
    assert_eq!(stream.kept().len(), 4);
    // A lost flight is no reason for doubt.
    let mut stream = Stream::new(Direction::beginning_at(1));
    stream.send(1 + REACH_BYTES as u32, 100);
    stream.send(1, 100);
    assert_eq!(stream.kept(), [(REACH_BYTES, 100), (0, 100)]);
}

#[test]
fn sequence_numbers_wrap() {
    let mut stream = Stream::new(Direction::beginning_at(u32::MAX - 1));
    stream.send(u32::MAX - 1, 4);
    stream.send(2, 4);
    stream.send(u32::MAX, 4);
    assert_eq!(
        stream.kept(),
        [(0, 4), (4, 4)],
        "the last one is a retransmission from before the wrap"
    );
    // And many times over.
    let mut stream = Stream::new(Direction::beginning_at(0));
    let step = 40_000u32;
    for n in 0..300_000u32 {
        stream.send(n.wrapping_mul(step), step);
    }
    let (kept, left_out) = stream.direction.kept();
    assert_eq!(kept.last().map(Fragment::end), Some(300_000 * i64::from(step)));
    assert!(left_out.is_some_and(|range| range.end > 1 << 33));
}

#[test]
fn of_a_download_of_any_length_the_same_is_held() {
    // In order; with every second segment missing; with each pair the wrong way round.
    type Form = fn(u32) -> Option<u32>;
    let forms: [(&str, Form); 3] = [
        ("in order", Some),
        ("holes", |n| (n % 2 == 0).then_some(n)),
        ("reordered", |n| Some(n ^ 1)),
    ];
    for (name, form) in forms {
        let held = |count: u32| {
            let mut stream = Stream::new(Direction::beginning_at(1));
            for n in (0..count).filter_map(form) {
                stream.send(1u32.wrapping_add(n.wrapping_mul(1460)), 1460);
            }
            let (kept, left_out) = stream.direction.kept();
            let bytes: i64 = kept.iter().map(|one| i64::from(one.length)).sum();
            assert!(
                bytes <= HEAD_BYTES + TAIL_BYTES + 2 * 1460,
                "{name}: {bytes} bytes are kept"
            );
            assert!(left_out.is_some(), "{name}");
            stream.direction.held()
        };
        // 29 MB and 2.9 GB.
        let (short, long) = (held(20_000), held(2_000_000));
        assert!(long <= short + 2 * FIRST_SWEEP, "{name}: {short}, then {long}");
    }
}

#[test]
fn the_limits_of_head_and_tail() {
    let mut stream = Stream::new(Direction::beginning_at(0));
    let step = 1024u32;
    let head = HEAD_BYTES as u32 / step;
    let tail = TAIL_BYTES as u32 / step;
    for n in 0..head + tail {
        stream.send(n * step, step);
    }
    assert_eq!(stream.direction.kept().1, None, "all of it is head or tail");
    stream.send((head + tail) * step, step);
    assert_eq!(
        stream.direction.kept().1,
        None,
        "the tail reaches to where the first of it ends"
    );
    stream.send((head + tail + 1) * step, step);
    let first = HEAD_BYTES..HEAD_BYTES + i64::from(step);
    assert_eq!(stream.direction.kept().1, Some(first));
}

/// A packet may lie in several places of the file: all of it is taken, or none.
#[test]
fn what_is_doubtful_is_all_of_one_packet() {
    let begun = || {
        let mut stream = Stream::new(Direction::beginning_at(1));
        stream.send(1, 100);
        stream.send(1_000_001, 100);
        stream.number -= 1;
        stream.send(1_000_101, 50);
        stream
    };
    let parts = [(0, 100), (1_000_000, 100), (1_000_100, 50)];
    assert_eq!(begun().kept(), parts);
    let mut on = begun();
    on.send(1_000_151, 10);
    on.send(101, 10);
    assert_eq!(on.kept()[..3], parts);
    assert_eq!(on.kept()[3..], [(1_000_150, 10), (100, 10)]);
    // Another one elsewhere takes its place; whoever comes back was not there.
    let mut elsewhere = begun();
    elsewhere.send(3_000_001, 10);
    assert_eq!(elsewhere.kept(), [(0, 100), (3_000_000, 10)]);
    let mut back = begun();
    back.send(101, 10);
    assert_eq!(back.kept(), [(0, 100), (100, 10)]);
    // It may lie at the end of the stream, and not behind it.
    let mut ended = begun();
    ended.direction.finish(1_000_101);
    assert_eq!(ended.kept(), [(0, 100), (1_000_000, 100)]);
}

/// What comes so late that it lies between head and tail is left out, as it would have been in time.
#[test]
fn what_comes_late_between_head_and_tail_is_left_out() {
    let step = 1024u32;
    let count = (HEAD_BYTES + 2 * TAIL_BYTES) as u32 / step;
    let missing = HEAD_BYTES as u32 / step;
    let mut stream = Stream::new(Direction::beginning_at(0));
    for n in (0..count).filter(|n| *n != missing) {
        stream.send(n * step, step);
    }
    let (before, left_out) = stream.direction.kept();
    let second = HEAD_BYTES + i64::from(step);
    assert_eq!(left_out.map(|range| range.start), Some(second));
    stream.send(missing * step, step);
    let (kept, left_out) = stream.direction.kept();
    assert_eq!(kept, before);
    assert_eq!(left_out.map(|range| range.start), Some(HEAD_BYTES));
    // A hole of the head is filled whenever it comes.
    let mut stream = Stream::new(Direction::beginning_at(0));
    for n in (0..count).filter(|n| *n != 3) {
        stream.send(n * step, step);
    }
    stream.send(3 * step, step);
    assert!(stream.kept().contains(&(i64::from(3 * step), step)));
}

#[test]
fn numbers_are_sent_or_near_by_what_was_taken() {
    let mut stream = Stream::new(Direction::beginning_at(1001));
    stream.send(1011, 10);
    let direction = &stream.direction;
    for (sequence, length, wanted) in [
        (1011, 10, true),
        (1012, 9, true),
        (1011, 11, false),
        (1010, 1, false),
        (1020, 1, true),
        (1021, 1, false),
    ] {
        assert_eq!(
            direction.has_sent(sequence, length),
            wanted,
            "{sequence} {length}"
        );
    }
    // The first byte is not there yet.
    assert!(!direction.begins_with(1001) && !direction.begins_with(1011));
    let reach = REACH_BYTES as u32;
    for (sequence, wanted) in [
        (1021, true),
        (1021 + reach, true),
        (1022 + reach, false),
        (1021u32.wrapping_sub(reach), true),
        (1020u32.wrapping_sub(reach), false),
    ] {
        assert_eq!(direction.is_near(sequence), wanted, "{sequence}");
    }
    assert!(direction.expects(1021) && !direction.expects(1020));
    let nothing = Direction::default();
    assert!(nothing.is_near(7) && nothing.expects(7) && !nothing.has_sent(7, 0));
}

#[test]
fn one_byte_is_data() {
    let mut stream = Stream::new(Direction::default());
    assert!(stream.direction.is_empty());
    stream.send(700, 1);
    assert!(!stream.direction.is_empty());
    assert!(stream.direction.begins_with(700) && !stream.direction.begins_with(701));
}
