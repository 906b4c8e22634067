//! From seconds to points and back. A day beside ten years would be a hair: each stretch between two dates gets a width by
//! the logarithm of its length, and is even within. The dates below say so.

use egui::Rangef;

use crate::experiment::time::{FIRST_UNIX_S, LAST_UNIX_S, TimeLine};

/// No stretch is narrower than this, beside 15 for ten years.
const LEAST_WEIGHT: f64 = 2.0;
/// The open stretch before the first date and after the last.
const OPEN_WEIGHT: f64 = 2.5;
const HOUR_S: i64 = 3_600;

/// Seconds to points, piece by piece.
pub(super) struct Scale {
    /// Where a date stands, from left to right; the first and the last are the ends of what is drawn.
    stops: Vec<(i64, f32)>,
}

impl Scale {
    /// Every date in play, and now, over the width of the chart.
    pub(super) fn of(line: &TimeLine, width: Rangef) -> Self {
        let mut dates: Vec<i64> = line
            .windows
            .iter()
            .flat_map(|window| [window.not_before, window.not_after.saturating_add(1)])
            .chain([line.now_unix_s])
            .chain(line.edges())
            // “Without end” is no date to draw up to: the bar runs out of the picture.
            .filter(|date| (FIRST_UNIX_S..=LAST_UNIX_S).contains(date))
            .collect();
        dates.sort_unstable();
        dates.dedup();
        let (first, last) = (
            dates.first().copied().unwrap_or(line.now_unix_s),
            dates.last().copied().unwrap_or(line.now_unix_s),
        );
        let margin = ((last - first) / 10).max(HOUR_S);
        let mut times = vec![(first - margin).max(FIRST_UNIX_S)];
        times.extend(dates);
        times.push(last.saturating_add(margin).min(LAST_UNIX_S));
        times.dedup();
        let count = times.len();
        let weight = |index: usize, from: i64, until: i64| {
            if index == 0 || index + 2 == count {
                OPEN_WEIGHT
            } else {
                (1.0 + (until - from) as f64 / 60.0).ln().max(LEAST_WEIGHT)
            }
        };
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for (index, pair) in times.windows(2).enumerate() {
            if let [from, until] = pair {
                sum += weight(index, *from, *until);
                sums.push(sum);
            }
        }
        let stops = times
            .iter()
            .zip(sums)
            .map(|(time, at)| {
                let share = if sum > 0.0 { at / sum } else { 0.5 };
                (*time, width.min + width.span() * share as f32)
            })
            .collect();
        Self { stops }
    }

    /// Dates that can be written below, the ends left out.
    pub(super) fn dates(&self) -> &[(i64, f32)] {
        self.stops
            .get(1..self.stops.len().saturating_sub(1))
            .unwrap_or_default()
    }

    /// Where a second stands; beyond the ends, at the end.
    pub(super) fn x(&self, unix_s: i64) -> f32 {
        let after = self.stops.partition_point(|(time, _)| *time <= unix_s);
        match (
            after.checked_sub(1).and_then(|before| self.stops.get(before)),
            self.stops.get(after),
        ) {
            (Some((from, left)), Some((until, right))) => {
                let share = (unix_s - from) as f64 / (until - from).max(1) as f64;
                left + (right - left) * share as f32
            }
            (Some((_, x)), None) | (None, Some((_, x))) => *x,
            (None, None) => 0.0,
        }
    }

    /// The second at a place; near a date, the date itself.
    pub(super) fn time_at(&self, x: f32, snap: f32) -> i64 {
        let near = self
            .dates()
            .iter()
            .min_by(|(_, one), (_, other)| (one - x).abs().total_cmp(&(other - x).abs()));
        if let Some((time, at)) = near
            && (at - x).abs() <= snap
        {
            return *time;
        }
        let after = self.stops.partition_point(|(_, at)| *at <= x);
        match (
            after.checked_sub(1).and_then(|before| self.stops.get(before)),
            self.stops.get(after),
        ) {
            (Some((from, left)), Some((until, right))) => {
                let share = f64::from(x - left) / f64::from((right - left).max(f32::EPSILON));
                from + ((until - from) as f64 * share) as i64
            }
            (Some((time, _)), None) | (None, Some((time, _))) => *time,
            (None, None) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;
    use crate::capture::{Side, Slot};
    use crate::experiment::time::{LAST_UNIX_S, Span, TimeLine, Window, WindowKind};

    fn line() -> TimeLine {
        const DAY: i64 = 86_400;
        const NOW: i64 = 1_800_000_000;
        let window = |not_before: i64, not_after: i64| Window {
            kind: WindowKind::RevocationList,
            name: String::new(),
            side: Side::Client,
            slot: Slot::Trust,
            not_before,
            not_after,
        };
        TimeLine {
            spans: vec![Span {
                from_unix_s: 0,
                until_unix_s: LAST_UNIX_S,
                failures: Vec::new(),
            }],
            windows: vec![
                window(NOW - 3600, NOW + DAY),
                window(NOW - 300 * DAY, NOW + 3650 * DAY),
                window(-5 * DAY, LAST_UNIX_S),
            ],
            now_unix_s: NOW,
        }
    }

    #[test]
    fn a_day_and_ten_years_can_both_be_seen() {
        let scale = Scale::of(&line(), egui::Rangef::new(100.0, 700.0));
        let dates = scale.dates();
        assert!(
            dates
                .windows(2)
                .all(|pair| pair[0].0 < pair[1].0 && pair[1].1 - pair[0].1 > 25.0)
        );
        assert!(dates.iter().all(|(time, _)| *time < LAST_UNIX_S));
    }

    #[test]
    fn there_and_back_again() {
        let scale = Scale::of(&line(), egui::Rangef::new(100.0, 700.0));
        for (time, x) in scale.dates() {
            assert!((scale.x(*time) - x).abs() < 0.01);
            assert_eq!(scale.time_at(*x + 3.0, 7.0), *time, "it snaps");
        }
        let mut before = i64::MIN;
        for step in 0..600 {
            let time = scale.time_at(100.0 + step as f32, 0.0);
            assert!(time >= before);
            before = time;
            assert!((scale.x(time) - (100.0 + step as f32)).abs() < 1.0);
        }
        // Beyond the picture.
        assert!((scale.x(i64::MAX) - 700.0).abs() < 0.01 && (scale.x(0) - 100.0).abs() < 0.01);
    }

    #[test]
    fn the_dates_are_where_something_changes() {
        const NOW: i64 = 1_800_000_000;
        const DAY: i64 = 86_400;
        let scale = Scale::of(&line(), egui::Rangef::new(100.0, 700.0));
        let dates: Vec<i64> = scale.dates().iter().map(|(time, _)| *time - NOW).collect();
        // The first second in which it is over, not the last in which it holds.
        assert_eq!(dates, [-300 * DAY, -3600, 0, DAY + 1, 3650 * DAY + 1]);
    }

    #[test]
    fn a_line_with_one_date_has_room_on_both_sides() {
        let line = TimeLine {
            windows: Vec::new(),
            ..line()
        };
        let scale = Scale::of(&line, egui::Rangef::new(100.0, 700.0));
        let [(now, x)] = scale.dates() else {
            panic!("one date: {:?}", scale.dates());
        };
        assert_eq!((*now, x.round() as i32), (1_800_000_000, 400));
        assert_eq!(scale.time_at(100.0, 0.0), now - 3600);
        assert_eq!(scale.time_at(700.0, 0.0), now + 3600);
    }
}
