//! Packets are told in the order of the file, whatever their times are.

use mtlscope::capture::Capture;
use mtlscope::diagnose::{CheckKind, Outcome};

use super::pcapng::Pcapng;
use super::read::{BEGAN_US, capture, ends, packets, survey, told};
use crate::support::packets::PacketFile;

fn packets_of(capture: &Capture) -> Vec<(u64, Vec<u8>)> {
    let mut file = PacketFile::new();
    file.connection(capture, ends(40_001));
    packets(file.bytes())
}

/// What is told of the first connection of a file.
fn story(bytes: &[u8], capture: &Capture) -> Vec<String> {
    let survey = survey(bytes, &[capture]);
    told(&survey.analysis(&survey.rows[0]).expect("read"))
}

#[test]
fn absent_equal_and_backward_times_tell_the_same_story() {
    // Accepted and refused, of both versions.
    for name in ["good-tls13", "good-tls12", "root-rotated"] {
        let capture = capture(name);
        let packets = packets_of(&capture);
        let file = |time: &dyn Fn(u64) -> u64| {
            let mut file = PacketFile::new();
            for (number, (_, data)) in (0..).zip(&packets) {
                file.packet(time(number), data);
            }
            file
        };
        let wanted = story(file(&|number| BEGAN_US + number * 1000).bytes(), &capture);
        let times: [(&str, &dyn Fn(u64) -> u64); 5] = [
            ("zero", &|_| 0),
            ("equal", &|_| BEGAN_US),
            ("backward", &|number| BEGAN_US - number * 1_000_000),
            ("two clocks", &|number| BEGAN_US + number % 2 * 5_000_000),
            ("in pairs", &|number| BEGAN_US + number / 2 * 1000),
        ];
        for (times, time) in times {
            assert_eq!(story(file(time).bytes(), &capture), wanted, "{name}: {times}");
        }
        let survey = survey(file(&|_| 0).bytes(), &[&capture]);
        let analysis = survey.analysis(&survey.rows[0]).expect("read");
        let rows = &analysis.diagnosis.matrix;
        let judged: Vec<_> = rows
            .iter()
            .filter(|row| row.check == CheckKind::Validity)
            .map(|row| row.outcome)
            .collect();
        assert!(
            judged
                .iter()
                .all(|outcome| matches!(outcome, Outcome::Unknown | Outcome::NotReached)),
            "{name}: nobody knows when it was judged: {judged:?}"
        );
        let mut simple = Pcapng::new(false);
        simple.interface(1, 0, &[]);
        for (_, data) in &packets {
            simple.simple(data, usize::MAX);
        }
        assert_eq!(story(simple.bytes(), &capture), wanted, "{name}: simple blocks");
    }
}

#[test]
fn a_packet_without_a_time_takes_that_of_the_one_before() {
    let capture = capture("good-tls13");
    let mut file = Pcapng::new(false);
    file.interface(1, 0, &[]);
    for (number, (at_us, data)) in packets_of(&capture).iter().enumerate() {
        // The very first ones have none: time begins with the first that has one.
        if number < 2 || number % 3 == 0 {
            file.simple(data, usize::MAX);
        } else {
            file.enhanced(0, *at_us, data, &[]);
        }
    }
    let survey = survey(file.bytes(), &[&capture]);
    let read = survey.capture(&survey.rows[0]).expect("read");
    assert!(read.started_at_unix_us.abs_diff(BEGAN_US.cast_signed()) < 1_000_000);
    assert!(read.segments.is_sorted_by_key(|segment| segment.at_us));
    let last = read.segments.last().expect("segments").at_us;
    let recorded = capture.segments.last().expect("segments").at_us;
    assert!(last.abs_diff(recorded) < 1_000_000, "{last} for {recorded}");
    assert_eq!(survey.index.remarks, Vec::<String>::new());
}
