//! Spans in whole seconds.

use super::*;

/// Of a second that was begun, the whole counts; the shorter of the two bounds is told.
#[test]
fn a_second_that_was_begun_counts() {
    for (ms, seconds) in [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2), (10_000, 10)] {
        assert_eq!(whole_seconds(Duration::from_millis(ms)), seconds, "{ms} ms");
    }
    let of = |each, in_all| {
        let limits = Limits {
            each: Duration::from_secs(each),
            in_all: Duration::from_secs(in_all),
            ..Limits::default()
        };
        limits.seconds()
    };
    assert_eq!((of(5, 9), of(9, 5), Limits::default().seconds()), (5, 5, 10));
}
