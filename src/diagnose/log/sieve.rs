//! A whole log, read line by line: the lines in which something is recognised are kept, with the line before and after each.
//! What says the same as an earlier line, but for its numbers, is passed over, so that a flood costs no more than one line.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::plain::MOST_BYTES;

/// So much is kept: what is read at once, with room for the neighbours.
const MOST_KEPT: usize = MOST_BYTES - 8 * 1024;
/// Lines are looked at in batches of this size.
const BATCH: usize = 24 * 1024;
/// A line longer than this is cut: no sentence of a stack is as long.
const LONGEST_LINE: usize = 8 * 1024;
/// So much is looked at of lines that have a word of TLS in them, and so much of the others.
const MOST_TELLING: usize = 4 * 1024 * 1024;
const MOST_OTHERS: usize = 256 * 1024;
/// So many kinds of lines are remembered.
const MOST_KINDS: usize = 200_000;

/// What a line has that may speak of a handshake.
const SIGNS: &[&str] = &[
    "handshak", "certif", "alert", "tls", "ssl", "x509", "pkix", "verif", "trust", "issuer", "secur", "revo",
];

/// Reads a log of any length in bounded memory.
#[derive(Debug, Default)]
pub struct Sieve {
    kinds: HashSet<u64>,
    batch: String,
    /// Where each line of the batch begins, in it and in the log.
    starts: Vec<(usize, u64)>,
    telling: usize,
    others: usize,
    kept: Sieved,
}

/// What is left of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sieved {
    /// The lines that were kept.
    pub text: String,
    /// Where each of them begins, in `text` and in the log.
    starts: Vec<(usize, u64)>,
    /// Lines that would have been looked at, or kept, and are beyond a bound.
    pub left_out: u64,
}

impl Sieved {
    /// A short text, of which all is kept.
    pub fn whole(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// Where in the log a byte of the text stands.
    pub fn place(&self, at: usize) -> u64 {
        let index = self.starts.partition_point(|(start, _)| *start <= at);
        let line = index.checked_sub(1).and_then(|index| self.starts.get(index));
        line.map_or(at as u64, |(start, log)| log + (at - start) as u64)
    }
}

impl Sieve {
    /// One line, without its end, that begins at this byte of the log.
    pub fn push(&mut self, line: &str, at: u64) {
        let mut end = line.len().min(LONGEST_LINE);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let line = line.get(..end).unwrap_or_default();
        if line.trim().is_empty() || (self.kinds.len() < MOST_KINDS && !self.kinds.insert(kind(line))) {
            return;
        }
        let small = line.to_ascii_lowercase();
        let is_telling = SIGNS.iter().any(|sign| small.contains(sign));
        let (used, most) = if is_telling {
            (&mut self.telling, MOST_TELLING)
        } else {
            (&mut self.others, MOST_OTHERS)
        };
        if *used + line.len() > most {
            // Of what has no word of TLS not all is looked at, and nothing is missed that is known.
            self.kept.left_out += u64::from(is_telling);
            return;
        }
        *used += line.len();
        self.starts.push((self.batch.len(), at));
        self.batch.push_str(line);
        self.batch.push('\n');
        if self.batch.len() >= BATCH {
            self.sift();
        }
    }

    /// What was kept.
    pub fn finish(mut self) -> Sieved {
        self.sift();
        self.kept
    }

    fn sift(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        let starts = std::mem::take(&mut self.starts);
        let mut wanted = vec![false; starts.len()];
        for heard in super::read_log(&batch).heard {
            let first = starts.partition_point(|(start, _)| *start <= heard.range.start);
            let last = starts.partition_point(|(start, _)| *start < heard.range.end);
            // `first` is one past the line itself: with the lines before and after it.
            for place in first.saturating_sub(2)..(last + 1).min(wanted.len()) {
                if let Some(wanted) = wanted.get_mut(place) {
                    *wanted = true;
                }
            }
        }
        for (place, (start, at)) in starts.iter().enumerate() {
            if !wanted.get(place).is_some_and(|wanted| *wanted) {
                continue;
            }
            let end = starts.get(place + 1).map_or(batch.len(), |(next, _)| *next);
            let line = batch.get(*start..end).unwrap_or_default();
            if self.kept.text.len() + line.len() > MOST_KEPT {
                self.kept.left_out += 1;
                continue;
            }
            self.kept.starts.push((self.kept.text.len(), *at));
            self.kept.text.push_str(line);
        }
    }
}

/// What stands before a number that is part of what is said.
const COUNTED: [&str; 4] = ["num", "alert", "error", "code"];

/// The line without its numbers: times, ports, addresses and counters make no other sentence. An alert's number, or a result's,
/// does.
fn kind(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut rest = line;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        before.hash(&mut hasher);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (number, after) = from.split_at(end);
        let near: String = before
            .chars()
            .rev()
            .take(10)
            .collect::<Vec<_>>()
            .iter()
            .rev()
            .collect();
        let near = near.to_ascii_lowercase();
        if COUNTED.iter().any(|word| near.contains(word)) {
            number.hash(&mut hasher);
        }
        rest = after;
    }
    rest.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sieved(log: &str) -> Sieved {
        let mut sieve = Sieve::default();
        let mut at = 0;
        for line in log.split_inclusive('\n') {
            sieve.push(line.trim_end(), at);
            at += line.len() as u64;
        }
        sieve.finish()
    }

    #[test]
    fn one_line_of_a_large_log_is_found_with_its_neighbours_and_its_place() {
        let mut log = String::new();
        for number in 0..60_000 {
            log.push_str(&format!("07:12:{number} INFO GET /orders/{number} 200 tls=1.3\n"));
        }
        log.push_str("before it\n");
        let at = log.len();
        log.push_str("SSL routines::tlsv1 alert unknown ca:SSL alert number 48\n");
        log.push_str("after it\n");
        log.push_str("SSL routines::sslv3 alert bad certificate:SSL alert number 42\n");
        let kept = sieved(&log);
        assert!(kept.text.contains("alert number 48\nafter it\n"), "{}", kept.text);
        assert!(
            kept.text.contains("before it\n") && kept.text.contains("alert number 42"),
            "{}",
            kept.text
        );
        assert!(kept.text.len() < 1000, "{}", kept.text);
        assert_eq!(kept.left_out, 0);
        let found = kept.text.find("SSL routines::tlsv1").expect("kept");
        assert_eq!(kept.place(found + 4), (at + 4) as u64);
    }

    #[test]
    fn a_flood_of_what_is_known_is_kept_once_and_numbers_that_speak_count() {
        let mut log = String::new();
        for number in 0..5_000 {
            log.push_str(&format!(
                "{number}: verify error:num=20:unable to get local issuer certificate\n"
            ));
        }
        log.push_str("7: verify error:num=10:certificate has expired\n");
        let kept = sieved(&log);
        assert_eq!(kept.text.lines().count(), 2, "{}", kept.text);
        // Of different ones as many as there is room for; and that there were more is told.
        let mut log = String::new();
        for letter in 0..30_000_u32 {
            let name: String = format!("{letter:05}")
                .bytes()
                .map(|b| char::from(b - b'0' + b'a'))
                .collect();
            log.push_str(&format!("{name}.example: tlsv1 alert unknown ca\n"));
        }
        let kept = sieved(&log);
        assert!(kept.text.len() <= MOST_KEPT && kept.left_out > 0);
    }
}
