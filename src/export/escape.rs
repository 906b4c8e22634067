//! Text from outside, made safe for where it stands: HTML and SVG, Markdown, a fenced block.

use crate::printable::{drawn, printable, printable_lines, shortened, without_keys};

/// Text between tags or in a quoted attribute, of HTML or XML: what steers a line is written out as the window shows it, what
/// no XML may hold (XML 1.0 §2.2) is replaced.
pub(super) fn markup(text: &str) -> String {
    let text = drawn(text);
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

/// Words of a person, who may have pasted anything: without private keys, of at most so many letters.
pub(super) fn of_a_person(words: &str, most: usize) -> String {
    shortened(&without_keys(words), most).into_owned()
}

/// A line of Markdown (CommonMark 0.31, tables of GitHub): nothing in it is a mark, a tag or the end of a cell.
pub(super) fn markdown(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len() + 16);
    for (place, character) in text.chars().enumerate() {
        let begins_a_block = place == 0 && matches!(character, '-' | '+' | '=');
        if begins_a_block || "\\`*_{}[]<>#|~&!".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    // `1.` and `1)` begin a list.
    let digits = out.chars().take_while(char::is_ascii_digit).count();
    let after = &out[digits..];
    let marks = [". ", ") "].iter().any(|mark| after.starts_with(mark)) || matches!(after, "." | ")");
    if digits > 0 && marks {
        out.insert(digits, '\\');
    }
    out
}

/// Words in a line of Markdown that are copied, not read: between as many backticks as it takes.
pub(super) fn code(text: &str) -> String {
    let text = printable(text);
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    // In a cell of a table a bar ends the cell, in code too.
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// Lines in a fence that none of them ends.
pub(super) fn fenced(lines: &str, language: &str) -> String {
    let lines = printable_lines(lines);
    let fence = "`".repeat((longest_run(&lines) + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", lines.trim_end_matches('\n'))
}

/// The most backticks that stand side by side.
fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::{code, fenced, markdown, markup};

    #[test]
    fn nothing_from_outside_is_a_tag_or_ends_an_attribute() {
        assert_eq!(
            markup("<script>alert(\"1\")</script>&'"),
            "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"
        );
        assert_eq!(markup("a\u{202e}b\u{7}\u{0}"), "a\\u{202e}b\\u{7}\\u{0}");
        assert_eq!(markup("a\u{ffff}"), "a\u{fffd}", "no XML may hold it");
        assert_eq!(markup("支付 שלום"), "支付 שלום");
    }

    #[test]
    fn nothing_from_outside_is_a_mark_in_markdown() {
        assert_eq!(
            markdown("a*b_c`d|e<f>[g](h)"),
            "a\\*b\\_c\\`d\\|e\\<f\\>\\[g\\](h)"
        );
        assert_eq!(markdown("- no list"), "\\- no list");
        assert_eq!(markdown("12. no list"), "12\\. no list");
        assert_eq!(markdown("3.0.22"), "3.0.22");
        assert_eq!(markdown("TLS 1.3 - fine"), "TLS 1.3 - fine");
        assert_eq!(markdown("a\n# b"), "a\\\\n\\# b", "one line");
    }

    #[test]
    fn code_ends_where_it_is_meant_to() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(fenced("a\n```\nb", "sh"), "````sh\na\n```\nb\n````\n");
    }
}
