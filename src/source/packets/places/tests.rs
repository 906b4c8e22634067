//! The places of every part of a packet.

use super::*;

/// A part of a packet that was joined lies in those places that it touches, each as far as it does.
#[test]
fn a_part_lies_where_its_bytes_do() {
    let place = |offset, length| Place { offset, length };
    let joined = [place(100, 4), place(50, 0), place(200, 3), place(300, 5)];
    for (range, wanted) in [
        (0..12, vec![place(100, 4), place(200, 3), place(300, 5)]),
        (0..4, vec![place(100, 4)]),
        (0..5, vec![place(100, 4), place(200, 1)]),
        (3..4, vec![place(103, 1)]),
        (4..7, vec![place(200, 3)]),
        (5..6, vec![place(201, 1)]),
        (6..8, vec![place(202, 1), place(300, 1)]),
        (7..20, vec![place(300, 5)]),
        (11..12, vec![place(304, 1)]),
        (12..20, vec![]),
        (5..5, vec![]),
    ] {
        assert_eq!(Source::Joined(&joined).places(&range), wanted, "{range:?}");
        let whole = place(1000 + range.start as u64, range.len() as u32);
        assert_eq!(Source::File(1000).places(&range), [whole], "{range:?}");
    }
}
