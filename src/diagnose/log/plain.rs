//! The text as it is compared: small letters, one blank for every run of blanks and underscores, plain quotes, no colours, no
//! escapes, a dump of many lines as one; with the way back to the bytes that the user pasted.

use std::ops::Range;

/// More of a pasted text than this is not looked at.
pub(super) const MOST_BYTES: usize = 64 * 1024;

/// More places of the same words are not looked at.
const MOST_PLACES: usize = 32;

/// A colour takes no more letters than this.
const MOST_COLOUR: usize = 24;

/// A line that ends so goes on in the next.
const OPEN: [char; 4] = ['{', '(', '[', ','];

/// What `…` in a pattern stands for is no longer than this.
const MOST_BETWEEN: usize = 160;

/// What makes a line speak of TLS, as the beginning of a word.
const OF_TLS: &[&str] = &["https", "x509", "certificat", "secure"];

/// The same, of the protocol itself.
const TLS: &[&str] = &[
    "tls",
    "ssl",
    "handshak",
    "mtls",
    "openssl",
    "gnutls",
    "rustls",
    "boringssl",
    "mbedtls",
];

/// Text made plain.
pub(super) struct Plain {
    pub text: String,
    /// For each byte of `text`, where it came from; one more at the end.
    origin: Vec<usize>,
}

impl Plain {
    pub(super) fn of(pasted: &str) -> Self {
        let mut text = String::new();
        let mut origin = Vec::new();
        let mut letters = pasted.char_indices().peekable();
        while let Some((at, c)) = letters.next() {
            if at >= MOST_BYTES {
                break;
            }
            let next = letters.peek().map(|(_, next)| *next);
            // A new line ends a sentence: no words are matched over it.
            let c = match c {
                // A colour of a terminal.
                '\u{1b}' => {
                    for (_, c) in letters.by_ref().take(MOST_COLOUR) {
                        if c.is_ascii_alphabetic() {
                            break;
                        }
                    }
                    continue;
                }
                // A log line within JSON, or in quotes, has its ends and its quotes escaped.
                '\\' if matches!(next, Some('n' | 'r')) => {
                    letters.next();
                    '\n'
                }
                '\\' if next == Some('t') => {
                    letters.next();
                    ' '
                }
                '\\' if matches!(next, Some('"' | '\'' | '\\')) => continue,
                '\n' | '\r' => '\n',
                c if c.is_whitespace() || c == '_' => ' ',
                '’' | '‘' | '`' => '\'',
                '“' | '”' => '"',
                c => c.to_lowercase().next().unwrap_or(c),
            };
            // A value that is printed over many lines is one.
            let is_within =
                c == '\n' && next.is_some_and(|next| next == ' ' || next == '\t') && text.ends_with(OPEN);
            let c = if is_within { ' ' } else { c };
            if c == ' ' && text.ends_with(' ') {
                continue;
            }
            text.push(c);
            origin.resize(text.len(), at);
        }
        origin.push(pasted.len());
        Self { text, origin }
    }

    /// The bytes of the pasted text that these of the plain one came from.
    pub(super) fn back(&self, range: &Range<usize>) -> Range<usize> {
        let at = |index: usize| self.origin.get(index).copied().unwrap_or_default();
        at(range.start)..at(range.end).max(at(range.start))
    }

    /// Where `words` stand as words of their own: neither their first nor their last letter is the middle of a longer word.
    pub(super) fn find_all<'a>(&'a self, words: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.find_all_from(words, 0)
    }

    fn find_all_from<'a>(&'a self, words: &'a str, from: usize) -> impl Iterator<Item = Range<usize>> + 'a {
        // `#` stands for a number.
        let is_number = words.ends_with('#');
        let words = words.trim_end_matches('#');
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (starts, ends) = (is_word(words.chars().next()), is_word(words.chars().next_back()));
        self.text
            .get(from..)
            .unwrap_or_default()
            .match_indices(words)
            .filter_map(move |(at, _)| {
                let at = from + at;
                let end = at + words.len();
                let before = self.text.get(..at).and_then(|text| text.chars().next_back());
                let after = self.text.get(end..).and_then(|text| text.chars().next());
                let ends_well = if is_number {
                    after.is_some_and(|c| c.is_ascii_digit())
                } else {
                    !(ends && is_word(after))
                };
                let is_whole = !(starts && is_word(before)) && ends_well;
                is_whole.then_some(at..end)
            })
            // What is said so often is known by then.
            .take(MOST_PLACES)
    }

    /// Where a pattern of the tables stands: its words, with `…` for anything between two of them in a line, `^` where a
    /// line begins and `$` where it ends.
    pub(super) fn find_pattern<'a>(&'a self, pattern: &'a str) -> Vec<Range<usize>> {
        let (pattern, begins) = pattern
            .strip_prefix('^')
            .map_or((pattern, false), |rest| (rest, true));
        let (pattern, ends) = pattern
            .strip_suffix('$')
            .map_or((pattern, false), |rest| (rest, true));
        let mut parts = pattern.split('…');
        let first = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        self.find_all(first)
            .filter_map(|found| {
                let line = self.line_of(found.start);
                let mut until = found.end;
                for part in &rest {
                    let after = self
                        .find_all_from(part, until)
                        .find(|next| next.end <= line.end)?;
                    if after.start - until > MOST_BETWEEN {
                        return None;
                    }
                    until = after.end;
                }
                let is_blank =
                    |range: Range<usize>| self.text.get(range).is_some_and(|text| text.trim().is_empty());
                let is_there =
                    (!begins || is_blank(line.start..found.start)) && (!ends || is_blank(until..line.end));
                is_there.then_some(found.start..until)
            })
            .collect()
    }

    /// Whether the line at a place, or the one before or after it, speaks of TLS.
    pub(super) fn is_of_tls(&self, at: usize) -> bool {
        self.is_near(TLS, at) || self.is_near(OF_TLS, at)
    }

    /// The same of the protocol itself: others have certificates too.
    pub(super) fn is_of_the_protocol(&self, at: usize) -> bool {
        self.is_near(TLS, at)
    }

    /// Whether a word that begins so stands in the line at a place, or in the one before or after it.
    fn is_near(&self, words: &[&str], at: usize) -> bool {
        let line = self.line_of(at);
        let start = self.line_of(line.start.saturating_sub(1)).start;
        let end = self.line_of((line.end + 1).min(self.text.len())).end;
        let text = self.text.get(start..end).unwrap_or_default();
        words.iter().any(|word| {
            text.match_indices(word).any(|(at, _)| {
                let before = text.get(..at).and_then(|text| text.chars().next_back());
                !before.is_some_and(char::is_alphanumeric)
            })
        })
    }

    /// The number of the line, from 0, at a byte of the pasted text.
    pub(super) fn line_at(&self, pasted_at: usize) -> usize {
        let until = self.origin.partition_point(|origin| *origin < pasted_at);
        self.text
            .get(..until)
            .map_or(0, |text| text.matches('\n').count())
    }

    /// The line around a place.
    pub(super) fn line_of(&self, at: usize) -> Range<usize> {
        let start = self
            .text
            .get(..at)
            .and_then(|text| text.rfind('\n'))
            .map_or(0, |at| at + 1);
        let end = self
            .text
            .get(at..)
            .and_then(|text| text.find('\n'))
            .map_or(self.text.len(), |more| at + more);
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::Plain;

    #[test]
    fn places_lead_back_to_what_was_pasted() {
        let pasted = "x: TLSV1_ALERT__UNKNOWN_CA\nÄ unknown ca";
        let plain = Plain::of(pasted);
        let found: Vec<_> = plain
            .find_all("unknown ca")
            .map(|range| plain.back(&range))
            .collect();
        assert_eq!(found.len(), 2);
        assert_eq!(&pasted[found[0].clone()], "UNKNOWN_CA");
        assert_eq!(&pasted[found[1].clone()], "unknown ca");
        assert_eq!(
            plain.find_all("nown ca").count(),
            0,
            "not in the middle of a word"
        );
    }
}
