//! The clock of a connection.

use super::Since;

/// Counted from the first packet that bears a time; never back, and a packet without one comes with the one before.
#[test]
fn the_clock_of_a_connection_never_runs_back() {
    for (times, began, wanted) in [
        (
            vec![Some(1_000), Some(1_005), Some(1_003), Some(1_009)],
            1_000,
            vec![0, 5, 5, 9],
        ),
        (
            vec![None, Some(1_000), None, Some(1_004)],
            1_000,
            vec![0, 0, 0, 4],
        ),
        (vec![Some(1_000), Some(900), Some(1_001)], 1_000, vec![0, 0, 1]),
        (vec![None, None], 0, vec![0, 0]),
        (
            vec![Some(i64::MIN), Some(i64::MAX)],
            i64::MIN,
            vec![0, i64::MAX as u64],
        ),
    ] {
        let mut since = Since::default();
        let told: Vec<u64> = times.iter().map(|at| since.at_us(*at)).collect();
        assert_eq!((since.started_at_unix_us, told), (began, wanted), "{times:?}");
    }
}
