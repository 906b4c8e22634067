//! Prose on lines of a terminal, or of a text that is pasted elsewhere: wrapped, with nothing in it that steers.

use std::fmt::Write;

use crate::printable::printable;

/// Columns of a terminal that nobody widened.
const WIDTH: usize = 80;

/// Adds words wrapped to the width, every line indented by so much.
pub fn paragraph(text: &mut String, indent: usize, words: &str) {
    hanging(text, indent, "", words);
}

/// As a paragraph, with `lead` before the first line and the rest aligned after it.
pub fn hanging(text: &mut String, indent: usize, lead: &str, words: &str) {
    let lead = printable(lead);
    let hang = indent + lead.chars().count();
    for (index, line) in wrap(words, WIDTH.saturating_sub(hang)).iter().enumerate() {
        if index == 0 {
            let _ = writeln!(text, "{:indent$}{lead}{line}", "");
        } else {
            let _ = writeln!(text, "{:hang$}{line}", "");
        }
    }
}

/// Lines of at most `width` characters; a word longer than that is cut.
pub fn wrap(words: &str, width: usize) -> Vec<String> {
    let width = width.max(20);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in words.split_whitespace() {
        let word: Vec<char> = printable(word).chars().collect();
        if length > 0 && length + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        // Each piece is copied once: a word may be as long as a file.
        let last = word.len().saturating_sub(1) / width * width;
        let (pieces, word) = word.split_at(last);
        lines.extend(pieces.chunks(width).map(|piece| piece.iter().collect()));
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        length += word.len();
        line.extend(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_width_and_lose_no_word() {
        let words =
            "the server does not trust whoever issued the client's certificate and says so in one word";
        let lines = wrap(words, 30);
        assert!(lines.iter().all(|line| line.chars().count() <= 30), "{lines:?}");
        assert_eq!(lines.join(" "), words);
    }

    #[test]
    fn a_word_wider_than_the_page_is_cut() {
        let lines = wrap(&"x".repeat(50), 20);
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [20, 20, 10]);
        for (length, pieces) in [(19, 1), (20, 1), (21, 2), (40, 2), (41, 3), (2_000_000, 100_000)] {
            let lines = wrap(&format!("a {}", "x".repeat(length)), 20);
            assert_eq!(lines.len(), pieces + 1, "{length}");
            assert!(lines.iter().all(|line| line.len() <= 20), "{length}");
        }
    }

    #[test]
    fn no_words_are_one_empty_line_and_space_between_words_is_one() {
        for none in ["", " \n "] {
            assert_eq!(wrap(none, 40), [""]);
        }
        assert_eq!(wrap(" a \n b ", 40), ["a b"]);
    }

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        assert_eq!(wrap("a\u{1b}[31mb \u{202e}c", 40), ["a\\u{1b}[31mb \\u{202e}c"]);
    }

    #[test]
    fn a_line_that_just_fits_is_one_line() {
        let of = |length: usize| wrap(&format!("{} {}", "a".repeat(9), "b".repeat(length - 10)), 20).len();
        assert_eq!((of(19), of(20), of(21)), (1, 1, 2));
    }
}
