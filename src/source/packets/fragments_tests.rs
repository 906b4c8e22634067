//! How parts are joined, and that their number is bounded.

use super::*;

fn part(identification: u32, position: usize, has_more: bool, length: usize) -> IpFragment {
    IpFragment {
        from: IpAddr::from([10, 0, 0, 1]),
        to: IpAddr::from([10, 0, 0, 2]),
        identification,
        protocol: 6,
        position,
        has_more,
        is_cut: false,
        range: 0..length,
    }
}

fn add(fragments: &mut Fragments, part: &IpFragment, at: i64) -> Option<Joined> {
    let bytes = vec![part.position as u8; part.range.len()];
    fragments.add(
        part,
        &bytes,
        Source::File(1000 + part.position as u64 * 2),
        Some(at),
    )
}

#[test]
fn bytes_and_their_places_stand_in_order() {
    let mut fragments = Fragments::default();
    assert!(add(&mut fragments, &part(1, 8, false, 5), 0).is_none());
    let joined = add(&mut fragments, &part(1, 0, true, 8), 0).expect("whole");
    assert_eq!(joined.data[20..], [&[0; 8][..], &[8; 5]].concat());
    let places: Vec<(u64, u32)> = joined
        .places
        .iter()
        .map(|place| (place.offset, place.length))
        .collect();
    assert_eq!(places, [(0, 20), (1000, 8), (1016, 5)]);
    assert_eq!(
        Source::Joined(&joined.places).places(&(26..30)),
        [
            Place {
                offset: 1006,
                length: 2
            },
            Place {
                offset: 1016,
                length: 2
            }
        ]
    );
}

#[test]
fn the_limits_of_a_packet() {
    let mut fragments = Fragments::default();
    // No multiple of eight; nothing at all; beyond the longest.
    assert!(add(&mut fragments, &part(1, 0, true, 9), 0).is_none());
    assert!(add(&mut fragments, &part(2, 0, true, 0), 0).is_none());
    assert!(add(&mut fragments, &part(3, 65_528, false, 8), 0).is_none());
    // The longest that IPv4's header can say is 65,515 bytes.
    for (number, last, fits) in [(4, 65_515 - 65_512, true), (5, 65_516 - 65_512, false)] {
        assert!(add(&mut fragments, &part(number, 0, true, 65_512), 0).is_none());
        assert_eq!(
            add(&mut fragments, &part(number, 65_512, false, last), 0).is_some(),
            fits
        );
    }
    // Two parts that both say that they are the last.
    assert!(add(&mut fragments, &part(6, 16, false, 8), 0).is_none());
    assert!(add(&mut fragments, &part(6, 8, false, 8), 0).is_none());
    assert_eq!(fragments.contradicting, 1);
    assert!(
        add(&mut fragments, &part(6, 0, true, 8), 0).is_none(),
        "nothing comes of it any more"
    );
}

#[test]
fn parts_are_waited_for_a_minute_and_no_longer() {
    for (wait, is_joined) in [(60_000_000, true), (60_000_001, false)] {
        let mut fragments = Fragments::default();
        add(&mut fragments, &part(1, 0, true, 8), 0);
        assert_eq!(
            add(&mut fragments, &part(1, 8, false, 8), wait).is_some(),
            is_joined
        );
        fragments.end();
        assert_eq!(fragments.incomplete, if is_joined { 0 } else { 2 });
    }
}

#[test]
fn of_a_flood_of_parts_a_bounded_number_is_remembered() {
    let mut fragments = Fragments::default();
    for number in 0..5000u32 {
        add(&mut fragments, &part(number, 0, true, 8), 0);
        assert!(fragments.waiting.len() <= MOST_WAITING && fragments.order.len() <= MOST_WAITING);
    }
    assert!(
        fragments
            .waiting
            .contains_key(&(part(4999, 0, true, 8).from, part(0, 0, true, 8).to, 6, 4999))
    );
    for number in 0..500u32 {
        add(&mut fragments, &part(10_000 + number, 0, true, 60_000), 0);
        assert!(fragments.bytes <= MOST_BYTES + 60_000);
    }
    let held: usize = fragments.waiting.values().map(Waiting::bytes).sum();
    assert_eq!(held, fragments.bytes);
    fragments.end();
    assert_eq!((fragments.incomplete, fragments.bytes), (5500, 0));
}

/// A number that is used again and again, joined each time, fills no list.
#[test]
fn a_number_that_comes_again_begins_a_new_packet() {
    let mut fragments = Fragments::default();
    for round in 0..3000u32 {
        let lengths = 8 + (round as usize % 7) * 8;
        add(&mut fragments, &part(1, 0, true, lengths), 0);
        assert!(
            add(&mut fragments, &part(1, lengths, false, 8), 0).is_some(),
            "{round}"
        );
        assert!(fragments.order.len() <= MOST_WAITING);
    }
    fragments.end();
    assert_eq!(fragments.incomplete, 0);
}
