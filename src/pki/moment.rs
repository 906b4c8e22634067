//! Moments in words, to the last one that a certificate can name.

use jiff::civil::DateTime;

/// 9999-12-31 23:59:59 UTC, which says that a certificate has no well-defined end (RFC 5280 §4.1.2.5): no time is left until
/// it, and none is short.
pub const NO_EXPIRATION_UNIX_S: i64 = 253_402_300_799;

/// How long is left, for people: `23 h left`, `41 d left`, `expired 2 d ago`, `valid in 3 h`, `no expiration date`.
pub fn time_left(not_before: i64, not_after: i64, now_unix_s: i64) -> String {
    let words = |seconds: i64| match seconds {
        s if s < 120 => format!("{s} s"),
        s if s < 7_200 => format!("{} min", s / 60),
        s if s < 172_800 => format!("{} h", s / 3_600),
        s if s < 63_072_000 => format!("{} d", s / 86_400),
        s => format!("{} y", s / 31_536_000),
    };
    if now_unix_s < not_before {
        format!("valid in {}", words(not_before - now_unix_s))
    } else if now_unix_s > not_after {
        format!("expired {} ago", words(now_unix_s - not_after))
    } else if not_after == NO_EXPIRATION_UNIX_S {
        "no expiration date".to_owned()
    } else {
        format!("{} left", words(not_after - now_unix_s))
    }
}

/// `2026-11-24 20:42:07 UTC`; beyond the calendar the number of seconds.
pub fn moment_words(unix_s: i64) -> String {
    civil(unix_s).map_or_else(
        || format!("{unix_s} s since 1970"),
        |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// The same to the minute: `2026-11-24 20:42 UTC`.
pub fn minute_words(unix_s: i64) -> String {
    civil(unix_s).map_or_else(
        || format!("{unix_s} s since 1970"),
        |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// `2026-11-24T20:42:07Z` (RFC 3339); beyond the calendar the number of seconds.
pub fn moment_rfc3339(unix_s: i64) -> String {
    civil(unix_s).map_or_else(
        || unix_s.to_string(),
        |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

/// A timestamp of jiff's ends two days before year 10000; its civil time holds every date.
fn civil(unix_s: i64) -> Option<DateTime> {
    let moment = jiff::civil::date(1970, 1, 1)
        .at(0, 0, 0, 0)
        .checked_add(jiff::SignedDuration::from_secs(unix_s))
        .ok()?;
    (moment.year() >= 0).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_that_a_certificate_can_name_has_words() {
        assert_eq!(moment_words(NO_EXPIRATION_UNIX_S), "9999-12-31 23:59:59 UTC");
        assert_eq!(moment_rfc3339(NO_EXPIRATION_UNIX_S), "9999-12-31T23:59:59Z");
        assert_eq!(minute_words(NO_EXPIRATION_UNIX_S), "9999-12-31 23:59 UTC");
        assert_eq!(moment_rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(moment_words(-631_152_000), "1950-01-01 00:00:00 UTC");
        assert_eq!(
            moment_words(NO_EXPIRATION_UNIX_S + 1),
            "253402300800 s since 1970"
        );
        assert_eq!(moment_rfc3339(i64::MIN), i64::MIN.to_string());
    }

    #[test]
    fn the_last_date_of_all_is_no_number_of_days() {
        let now = 1_800_000_000;
        assert_eq!(time_left(0, NO_EXPIRATION_UNIX_S, now), "no expiration date");
        assert_eq!(time_left(0, NO_EXPIRATION_UNIX_S - 1, now), "7978 y left");
        assert_eq!(
            time_left(now + 3_600, NO_EXPIRATION_UNIX_S, now),
            "valid in 60 min"
        );
        assert_eq!(
            time_left(0, NO_EXPIRATION_UNIX_S, i64::MIN / 2 + NO_EXPIRATION_UNIX_S)
                .split(' ')
                .next(),
            Some("valid")
        );
    }

    #[test]
    fn each_span_begins_where_the_last_ends() {
        for (seconds, words) in [
            (0, "0 s left"),
            (119, "119 s left"),
            (120, "2 min left"),
            (7_199, "119 min left"),
            (7_200, "2 h left"),
            (172_799, "47 h left"),
            (172_800, "2 d left"),
            (63_071_999, "729 d left"),
            (63_072_000, "2 y left"),
        ] {
            assert_eq!(time_left(0, 1_000_000 + seconds, 1_000_000), words);
        }
        assert_eq!(time_left(0, 10, 11), "expired 1 s ago");
        assert_eq!(time_left(10, 20, 9), "valid in 1 s");
        assert_eq!(time_left(10, 20, 10), "10 s left");
    }
}
