//! Text from outside, made safe to show: what steers a terminal or turns the direction of a line is written out.
//!
//! Names in certificates, file names, flags, log lines and alerts come from strangers. Each goes through here before it
//! stands in a sentence, a report, JSON or the window. For shell commands there is [`crate::pki::shell_quote`].

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character changes how others are shown, or shows nothing itself: control characters (C0, C1, DEL), line and
/// paragraph separators, direction marks, embeddings, overrides and isolates (Unicode UAX #9), zero-width and other
/// invisible format characters, tags and variation fillers.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// One line that is safe to show: each unsafe character is written as `\u{202e}`, `\n` as `\n`. Nothing is lost.
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// The same for text of several lines: line breaks and tabs stay as they are.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |character| matches!(character, '\n' | '\t'))
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_plain = |character: char| !is_unsafe(character) || stays(character);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            _ if is_plain(character) => out.push(character),
            '\n' | '\r' | '\t' => out.extend(character.escape_default()),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", character as u32);
            }
        }
    }
    Cow::Owned(out)
}

/// The text with its middle left out where it has more than `most` characters: `aaaa…zzzz`, `most` characters in all.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    // A text of so few bytes has no more characters: the usual case costs no count.
    if text.len() <= most || text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let kept = most.saturating_sub(1);
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    let first: String = text.chars().take(head).collect();
    let mut last: Vec<char> = text.chars().rev().take(tail).collect();
    last.reverse();
    Cow::Owned(format!("{first}…{}", last.into_iter().collect::<String>()))
}

/// As much of a stranger's value as an error sentence needs: [`printable`], at most 80 characters.
pub fn quoted_value(text: &str) -> String {
    printable(&shortened(text, 80)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_unsafe, printable, printable_lines, quoted_value, shortened};

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        assert_eq!(printable("orders"), "orders");
        assert_eq!(printable("a\u{1b}[31m\u{7}b"), "a\\u{1b}[31m\\u{7}b");
        assert_eq!(printable("txt.\u{202e}exe"), "txt.\\u{202e}exe");
        assert_eq!(printable("a\nb\tc"), "a\\nb\\tc");
        assert_eq!(printable_lines("a\nb\u{9b}c"), "a\nb\\u{9b}c");
        assert_eq!(printable("名前 שלום"), "名前 שלום", "other scripts stay");
    }

    #[test]
    fn every_bidi_control_is_unsafe() {
        for character in
            "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}"
                .chars()
        {
            assert!(is_unsafe(character), "{:x}", character as u32);
        }
    }

    #[test]
    fn a_long_text_loses_its_middle_and_no_more() {
        assert_eq!(shortened("abcdef", 6), "abcdef");
        assert_eq!(shortened("abcdefg", 6), "abc…fg");
        assert_eq!(shortened("ééééééé", 7), "ééééééé", "characters, not bytes");
        assert_eq!(quoted_value(&"x".repeat(100_000)).chars().count(), 80);
    }
}
