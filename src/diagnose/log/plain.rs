//! The text as it is compared: small letters, one blank for every run of blanks and underscores, plain quotes; with the way
//! back to the bytes that the user pasted.

use std::ops::Range;

/// More of a pasted text than this is not looked at.
const MOST_BYTES: usize = 64 * 1024;

/// More places of the same words are not looked at.
const MOST_PLACES: usize = 32;

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
        for (at, c) in pasted.char_indices() {
            if at >= MOST_BYTES {
                break;
            }
            // A new line ends a sentence: no words are matched over it.
            let c = match c {
                '\n' | '\r' => '\n',
                c if c.is_whitespace() || c == '_' => ' ',
                '’' | '‘' | '`' => '\'',
                '“' | '”' => '"',
                c => c.to_lowercase().next().unwrap_or(c),
            };
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
        // `#` stands for a number.
        let is_number = words.ends_with('#');
        let words = words.trim_end_matches('#');
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (starts, ends) = (is_word(words.chars().next()), is_word(words.chars().next_back()));
        self.text
            .match_indices(words)
            .filter_map(move |(at, _)| {
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
