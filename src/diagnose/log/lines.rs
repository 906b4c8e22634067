//! A pasted log of several lines, each read by itself: by its own speaker, with what it says.

use super::hit::{Hit, owner};
use super::plain::Plain;
use super::rank;
use super::reading::{Heard, LineReading};
use super::scan::{Scan, side_of};
use super::tables::TABLES;

/// So many lines are answered one by one; a log says the same again and again.
const MOST_LINES: usize = 24;

/// Each line in which something was found, where there are several and they do not all say the same.
pub(super) fn by_line(text: &str, scan: &Scan) -> Vec<LineReading> {
    let mut found: Vec<LineReading> = Vec::new();
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        let range = start..start + line.len() + 1;
        start = range.end;
        let is_within = |heard: &Heard| range.contains(&heard.range.start);
        let hits: Vec<Hit> = scan
            .hits
            .iter()
            .filter(|hit| is_within(&hit.heard))
            .cloned()
            .collect();
        if hits.is_empty() {
            continue;
        }
        let plain = Plain::of(line);
        let own = Scan {
            heard: scan
                .heard
                .iter()
                .filter(|heard| is_within(heard))
                .cloned()
                .collect(),
            hits,
            side: side_of(&plain),
            host: owner(&plain, &TABLES.hosts),
            library: owner(&plain, &TABLES.libraries),
        };
        let reading = rank::reading(own);
        if reading.candidates.is_empty() {
            continue;
        }
        found.push(LineReading {
            number: index + 1,
            speaker: reading.speaker,
            heard: reading.heard,
            candidates: reading.candidates,
        });
        if found.len() == MOST_LINES {
            break;
        }
    }
    let is_said_better = |at: usize, line: &LineReading| {
        found.iter().enumerate().any(|(other_at, other)| {
            let is_same_speaker = other.speaker.stack == line.speaker.stack;
            let is_narrower = other.candidates.len() < line.candidates.len()
                || (other.candidates.len() == line.candidates.len() && other_at < at);
            is_same_speaker && is_narrower && is_within(other, line)
        })
    };
    let kept: Vec<bool> = found
        .iter()
        .enumerate()
        .map(|(at, line)| !is_said_better(at, line))
        .collect();
    let mut kept = kept.into_iter();
    found.retain(|_| kept.next().unwrap_or_default());
    if found.len() < 2 { Vec::new() } else { found }
}

/// Whether everything that a line can mean, another can mean too.
fn is_within(line: &LineReading, other: &LineReading) -> bool {
    let can_mean = |id| other.candidates.iter().any(|candidate| candidate.id == id);
    line.candidates.iter().all(|candidate| can_mean(candidate.id))
}

#[cfg(test)]
mod tests {
    use crate::diagnose::read_log;

    /// So many lines that say something are answered one by one, and what comes after them is not.
    #[test]
    fn the_twenty_fourth_line_is_answered_and_the_twenty_fifth_is_not() {
        const EXPIRED: &str = "verify error:num=10:certificate has expired";
        const FILLER: &str = "verify error:num=20:unable to get local issuer certificate";
        for (before, is_answered) in [(1, true), (22, true), (23, true), (24, false)] {
            // Lines that say nothing do not count.
            let mut lines = vec![FILLER; before];
            lines.insert(before / 2, "GET /orders 200");
            lines.extend([EXPIRED, FILLER]);
            let reading = read_log(&lines.join("\n"));
            let numbers: Vec<usize> = reading.lines.iter().map(|line| line.number).collect();
            let place = before + 2;
            assert_eq!(numbers.contains(&place), is_answered, "{before}: {numbers:?}");
            // What says the same again is answered once, at its first.
            let wanted: &[usize] = if is_answered { &[1, place] } else { &[] };
            let first = if before == 1 { 2 } else { 1 };
            let wanted: Vec<usize> = wanted
                .iter()
                .map(|number| if *number == 1 { first } else { *number })
                .collect();
            assert_eq!(numbers, wanted, "{before}");
        }
    }
}
