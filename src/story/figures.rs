//! Figures as people read them: bytes, milliseconds, counts.

use crate::decode::thousands;

/// `1,602 B`.
pub(super) fn bytes(count: usize) -> String {
    format!("{} B", thousands(count))
}

/// `0.28 ms`, `1.20 s`: from microseconds.
pub fn duration(us: u64) -> String {
    if us >= 1_000_000 {
        format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000)
    } else if us >= 100_000 {
        format!("{}.{} ms", us / 1_000, us % 1_000 / 100)
    } else {
        format!("{}.{:02} ms", us / 1_000, us % 1_000 / 10)
    }
}

/// A moment as the stage writes it, with three figures at most: `0.28 ms`, `44.2 ms`, `123 ms`, `1.20 s`, `17 min`.
/// From microseconds; what is beyond the figures is cut off, so that no moment is told before it came.
pub fn moment(us: u64) -> String {
    let figures = |unit: u64, name: &str| match us / unit {
        whole @ 0..10 => format!("{whole}.{:02} {name}", us % unit / (unit / 100)),
        whole @ 10..100 => format!("{whole}.{} {name}", us % unit / (unit / 10)),
        whole => format!("{whole} {name}"),
    };
    match us {
        0..1_000_000 => figures(1_000, "ms"),
        1_000_000..1_000_000_000 => figures(1_000_000, "s"),
        1_000_000_000..60_000_000_000 => format!("{} min", us / 60_000_000),
        _ => format!("{} h", us / 3_600_000_000),
    }
}

/// `1 CA`, `2 CAs`.
pub(super) fn plural(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{} {one}s", thousands(count))
    }
}

/// A lifetime in its largest whole unit: `7 days`, `2 hours`, `90 seconds`.
pub(super) fn lifetime(seconds: u32) -> String {
    const UNITS: [(u32, &str); 3] = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    for (length, unit) in UNITS {
        if seconds >= length && seconds.is_multiple_of(length) {
            return plural((seconds / length) as usize, unit);
        }
    }
    plural(seconds as usize, "second")
}

/// The cipher alone, as people say it: `AES-256-GCM` for `TLS_AES_256_GCM_SHA384`.
pub(super) fn cipher(suite: &str) -> String {
    let name = suite.split_once("_WITH_").map_or_else(
        || suite.strip_prefix("TLS_").unwrap_or(suite),
        |(_, cipher)| cipher,
    );
    let name = ["_SHA256", "_SHA384", "_SHA"]
        .iter()
        .find_map(|hash| name.strip_suffix(hash))
        .unwrap_or(name);
    if name.starts_with("CHACHA20") {
        "ChaCha20-Poly1305".to_owned()
    } else {
        name.replace('_', "-")
    }
}

/// The first line of application bytes, if they are text a person can read; at most 60 characters.
pub(super) fn readable_line(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    if line.chars().any(char::is_control) {
        return None;
    }
    if line.chars().count() > 60 {
        Some(line.chars().take(59).chain(['…']).collect())
    } else {
        Some(line.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_say_them() {
        assert_eq!(bytes(1602), "1,602 B");
        assert_eq!(bytes(19), "19 B");
        assert_eq!(bytes(1_234_567), "1,234,567 B");
        assert_eq!(duration(283), "0.28 ms");
        assert_eq!(duration(1_204_000), "1.20 s");
        assert_eq!(lifetime(604_800), "7 days");
        assert_eq!(lifetime(86_400), "1 day");
        assert_eq!(lifetime(90), "90 seconds");
        assert_eq!(plural(2, "CA"), "2 CAs");
    }

    #[test]
    fn a_moment_never_has_more_than_three_figures() {
        for (us, words) in [
            (0, "0.00 ms"),
            (9_999, "9.99 ms"),
            (10_000, "10.0 ms"),
            (44_279, "44.2 ms"),
            (99_999, "99.9 ms"),
            (100_000, "100 ms"),
            (999_999, "999 ms"),
            (1_000_000, "1.00 s"),
            (12_345_678, "12.3 s"),
            (999_999_999, "999 s"),
            (1_000_000_000, "16 min"),
            (59_999_999_999, "999 min"),
            (60_000_000_000, "16 h"),
        ] {
            assert_eq!(moment(us), words, "{us}");
        }
        assert!(moment(u64::MAX).ends_with(" h"));
    }

    #[test]
    fn ciphers_and_names_lose_their_frames() {
        assert_eq!(cipher("TLS_AES_256_GCM_SHA384"), "AES-256-GCM");
        assert_eq!(cipher("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), "AES-128-GCM");
        assert_eq!(cipher("TLS_CHACHA20_POLY1305_SHA256"), "ChaCha20-Poly1305");
    }

    #[test]
    fn only_text_is_read_aloud() {
        assert_eq!(readable_line(b"GET /charge\r\n").as_deref(), Some("GET /charge"));
        assert_eq!(readable_line(b"\x00\x01"), None);
        assert_eq!(readable_line(&[0xff, 0xfe]), None);
        assert_eq!(readable_line(b""), None);
    }
}
