//! Numbers of two and four bytes, at every place.

use super::{u16_at, u32_at};

/// Most significant byte first, wherever they stand, and nothing where one byte is missing.
#[test]
fn numbers_are_read_from_where_they_stand() {
    let bytes = [0, 1, 2, 3, 4, 0xff];
    let two: Vec<Option<u16>> = (0..7).map(|at| u16_at(&bytes, at)).collect();
    assert_eq!(
        two,
        [
            Some(1),
            Some(0x0102),
            Some(0x0203),
            Some(0x0304),
            Some(0x04ff),
            None,
            None
        ]
    );
    let four: Vec<Option<u32>> = (0..7).map(|at| u32_at(&bytes, at)).collect();
    assert_eq!(
        four,
        [
            Some(0x0001_0203),
            Some(0x0102_0304),
            Some(0x0203_04ff),
            None,
            None,
            None,
            None
        ]
    );
}
