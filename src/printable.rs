//! Text from outside, made safe to show: what steers a terminal or turns the direction of a line is written out.
//!
//! Names in certificates, file names, flags, log lines and alerts come from strangers. Each goes through here before it
//! stands in a sentence, a report, JSON or the window. For shell commands there is [`crate::pki::shell_quote`].
//!
//! What may be a private key is never shown at all: a key that is pasted where a name was meant would otherwise be echoed
//! by the sentence that refuses it.

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

/// The most characters of a stranger's text that are drawn in one place.
const LONGEST_DRAWN: usize = 4000;

/// A text as it is drawn: what steers the text around it is written out, and what is far too long is cut in the middle.
///
/// Runs of another direction need no marks around them. Each run of one face is shaped in its own direction, and the runs
/// stand in the order of the text, from left to right: there is no reordering that a name could start.
pub fn drawn(text: &str) -> Cow<'_, str> {
    match shortened(text, LONGEST_DRAWN) {
        Cow::Borrowed(text) => printable_lines(text),
        Cow::Owned(text) => Cow::Owned(printable_lines(&text).into_owned()),
    }
}

/// As much of a stranger's value as an error sentence needs: no private key, [`printable`], at most 80 characters.
pub fn quoted_value(text: &str) -> String {
    printable(&shortened(&without_keys(text), 80)).into_owned()
}

/// The most characters of a path that a sentence shows: enough to tell files apart that lie deep.
const LONGEST_PATH: usize = 240;

/// A path as a sentence names it: no private key, [`printable`], at most 240 characters.
pub fn quoted_path(path: &std::path::Path) -> String {
    quoted_name(&path.display().to_string())
}

/// The same for a path that is text already, or an address.
pub fn quoted_name(name: &str) -> String {
    printable(&shortened(&without_keys(name), LONGEST_PATH)).into_owned()
}

/// A whole sentence before it is printed, the last gate: one line, no private key, no word and no sentence without end.
pub fn sentence(text: &str) -> String {
    let kept = without_keys(text);
    let mut out = String::with_capacity(kept.len().min(4096));
    for (index, word) in kept.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&shortened(word, 2 * LONGEST_PATH));
    }
    printable(&shortened(&out, 4000)).into_owned()
}

/// With a capital letter in front, as a sentence begins.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// What stands where a private key was.
const HIDDEN: &str = "[not shown: it may be a private key]";
/// A shorter run of base64 is taken for a name: it holds too little of a key to matter.
const SHORTEST_RUN: usize = 24;
/// So often at least base64 changes between capitals, small letters and the rest in so few characters.
const FEWEST_CHANGES: usize = 10;

/// The text without whatever may be (a part of) a private key: PEM blocks of one, however their line breaks were lost, and
/// runs of base64, whatever stands around them.
pub fn without_keys(text: &str) -> Cow<'_, str> {
    match without_blocks(text) {
        Cow::Borrowed(text) => without_base64(text),
        Cow::Owned(text) => Cow::Owned(without_base64(&text).into_owned()),
    }
}

fn without_blocks(text: &str) -> Cow<'_, str> {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "-----END ";
    let mut out = String::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(start) = rest
        .get(from..)
        .and_then(|later| later.find(BEGIN))
        .map(|at| from + at)
    {
        let after = &rest[start + BEGIN.len()..];
        let label = after.find("-----").map_or(after, |end| &after[..end]);
        if !label.contains("PRIVATE KEY") {
            from = start + BEGIN.len();
            continue;
        }
        out.push_str(&rest[..start]);
        out.push_str(HIDDEN);
        rest = after
            .find(END)
            .and_then(|end| {
                let closing = &after[end + END.len()..];
                closing.find("-----").map(|dashes| &closing[dashes + 5..])
            })
            .unwrap_or_default();
        from = 0;
    }
    if out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn without_base64(text: &str) -> Cow<'_, str> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "+/=_-".contains(character);
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(start) = text
        .get(at..)
        .and_then(|later| later.find(is_part))
        .map(|found| at + found)
    {
        let run = &text[start..];
        let run = run
            .find(|character| !is_part(character))
            .map_or(run, |end| &run[..end]);
        at = start + run.len();
        if is_random(run) {
            out.push_str(&text[copied..start]);
            out.push_str(HIDDEN);
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Whether somewhere in the run letters and digits change their kind as often as in base64, where a name has words. A
/// slash may be a part of base64, but more than one in so few characters are a path. Hexadecimal in one case is left
/// alone: fingerprints are named in many sentences.
fn is_random(run: &str) -> bool {
    run.as_bytes().windows(SHORTEST_RUN).any(|part| {
        let count = |is_counted: fn(&u8) -> bool| part.iter().filter(|byte| is_counted(byte)).count();
        let kind = |byte: &u8| (byte.is_ascii_uppercase(), byte.is_ascii_lowercase());
        count(|byte| b"/-_".contains(byte)) <= 1
            && count(u8::is_ascii_uppercase) > 0
            && count(u8::is_ascii_lowercase) > 0
            && count(u8::is_ascii_alphabetic) < SHORTEST_RUN
            && part
                .windows(2)
                .filter(|pair| pair.first().map(kind) != pair.last().map(kind))
                .count()
                >= FEWEST_CHANGES
    })
}

#[cfg(test)]
mod tests {
    use super::{
        HIDDEN, drawn, is_unsafe, printable, printable_lines, quoted_name, quoted_value, sentence, shortened,
        without_keys,
    };

    /// A P-256 key in PKCS#8, made for this test alone.
    const BODY: [&str; 3] = [
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLlU0GmCDLOcjAYZH",
        "kkd0QjWVmBkXXUFwXk3rCzVnpzehRANCAASFNOx2QHyTzrPX2gIwm9yMCgcbaEUx",
        "v9mBwBUzJkzAUQSAkBKN8MzUPVPWdvREPDTWWVvnRyPlmkDJGXQqLKVX",
    ];

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
    fn what_is_drawn_steers_nothing_and_ends() {
        assert_eq!(drawn("支付 שלום"), "支付 שלום", "each in its own script");
        assert_eq!(drawn("a\u{202e}b\u{7}\nc"), "a\\u{202e}b\\u{7}\nc");
        assert!(drawn(&"x\u{202e}".repeat(100_000)).chars().count() < 40_000);
        assert_eq!(drawn(&"x".repeat(10_000)).chars().count(), 4000);
    }

    #[test]
    fn of_all_breaks_only_a_line_feed_stays_in_lines() {
        assert_eq!(printable_lines("a\r\nb\tc"), "a\\r\nb\tc");
        assert_eq!(printable_lines("a\u{2028}b\u{b}"), "a\\u{2028}b\\u{b}");
    }

    /// A run is hidden from so many letters on, and where its kinds change as often as in a key.
    #[test]
    fn a_run_is_a_key_from_so_many_letters_and_changes_on() {
        let run = &BODY[1][..24];
        assert_eq!(without_keys(run), HIDDEN);
        assert_eq!(without_keys(&run[..23]), &run[..23]);
        // Ten changes of kind are at the limit, nine below it.
        let often = format!("aAaAaAaAaA1{}", "1".repeat(13));
        let seldom = format!("aAaAaAaAa1{}", "1".repeat(14));
        assert_eq!(without_keys(&often), HIDDEN);
        assert_eq!(without_keys(&seldom), seldom);
        assert_eq!(without_keys(&format!("{}{often}", "a".repeat(200))), HIDDEN);
    }

    /// A slash is a letter of base64: what stands before and behind one can be too short to be known for a key.
    #[test]
    fn a_slash_does_not_open_a_key() {
        let line = "ByJ3tAuxEnBkNMNqt8g1lWa/N9KhRANCAARBAIYcrcyqftzKG+UO1gek8ljBHmvS";
        assert_eq!(quoted_name(line), HIDDEN);
        for path in [
            "/home/Erika/Projects/OrdersServiceCertificate2026Production/client.pem",
            "/O=Acme/OU=Batch/CN=batch",
            "assets/fonts/JetBrainsMonoNL-Medium.ttf",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "spiffe://cluster.local/ns/default/sa/OrdersV2",
        ] {
            assert_eq!(without_keys(path), path);
        }
    }

    /// Of the lines that keys are written in hardly one is not known: 10,000 of them from a fixed seed.
    #[test]
    fn lines_of_any_key_are_hidden() {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut line = || -> String {
            (0..64)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    char::from(LETTERS[(state >> 58) as usize])
                })
                .collect()
        };
        let shown = (0..10_000).filter(|_| without_keys(&line()) != HIDDEN).count();
        assert!(shown <= 5, "{shown} of 10,000 lines are shown");
    }

    #[test]
    fn a_key_is_hidden_in_a_path_and_a_value_too() {
        assert_eq!(quoted_name(BODY[1]), HIDDEN);
        assert_eq!(quoted_value(BODY[1]), HIDDEN);
        assert_eq!(quoted_name(&"é".repeat(240)), "é".repeat(240));
        assert_eq!(quoted_name(&"é".repeat(241)).chars().count(), 240);
        assert_eq!(quoted_value(&"é".repeat(80)), "é".repeat(80));
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

    #[test]
    fn no_form_of_a_key_is_shown() {
        let [first, second, third] = BODY;
        for (text, around) in [
            (
                format!("-----BEGIN PRIVATE KEY-----\n{first}\n{second}\n{third}\n-----END PRIVATE KEY-----"),
                ["", ""],
            ),
            (
                format!("x -----BEGIN EC PRIVATE KEY-----{first}{second}-----END EC PRIVATE KEY----- y"),
                ["x ", " y"],
            ),
            (
                format!("x -----BEGIN PRIVATE KEY-----\\n{first}\\n{second}"),
                ["x ", ""],
            ),
            (
                format!("there is no “{second}” here"),
                ["there is no “", "” here"],
            ),
            (format!("{first}: no such file"), ["", ": no such file"]),
            (format!("--at={third} is no time"), ["", " is no time"]),
            (format!("'{first}\\n{second}'"), ["'", "'"]),
        ] {
            let shown = without_keys(&text);
            for line in BODY {
                for start in 0..line.len() - 12 {
                    assert!(
                        !shown.contains(&line[start..start + 12]),
                        "{text}\nis shown as\n{shown}"
                    );
                }
            }
            assert!(shown.contains(HIDDEN), "{shown}");
            assert!(
                shown.starts_with(around[0]) && shown.ends_with(around[1]),
                "{shown}"
            );
        }
    }

    #[test]
    fn names_and_fingerprints_are_no_keys() {
        for text in [
            "/etc/kubernetes/pki/etcd/healthcheck-client.crt",
            "/home/Erika/Projects/OrdersServiceCertificate2026Production.pem",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "spiffe://example.org/ns/shop/sa/orders",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "X25519MLKEM768, secp256r1MLKEM768 and ecdsa_secp256r1_sha256",
            "-----BEGIN CERTIFICATE----- has no end",
            "kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d > tls.crt",
            "/tmp/.tmpAbC12x/chain.pem",
        ] {
            assert_eq!(without_keys(text), text);
        }
    }

    #[test]
    fn a_sentence_is_one_line_with_an_end() {
        let long = sentence(&format!(
            "{}: there is no\nsuch \u{202e}file",
            "x".repeat(100_000)
        ));
        assert!(long.ends_with(": there is no\\nsuch \\u{202e}file"), "{long}");
        assert!(long.chars().count() < 600, "{}", long.len());
        assert!(sentence(&"many words ".repeat(10_000)).chars().count() <= 4000);
        assert_eq!(quoted_name(&"d/".repeat(5_000)).chars().count(), 240);
    }

    /// Each range from its first character to its last, and no further.
    #[test]
    fn what_is_not_seen_is_unsafe_from_edge_to_edge() {
        for (first, last) in [
            ('\u{AD}', '\u{AD}'),
            ('\u{34F}', '\u{34F}'),
            ('\u{61C}', '\u{61C}'),
            ('\u{115F}', '\u{1160}'),
            ('\u{17B4}', '\u{17B5}'),
            ('\u{180B}', '\u{180F}'),
            ('\u{200B}', '\u{200F}'),
            ('\u{2028}', '\u{202E}'),
            ('\u{2060}', '\u{206F}'),
            ('\u{3164}', '\u{3164}'),
            ('\u{FEFF}', '\u{FEFF}'),
            ('\u{FFA0}', '\u{FFA0}'),
            ('\u{FFF0}', '\u{FFFB}'),
            ('\u{1D173}', '\u{1D17A}'),
            ('\u{E0000}', '\u{E0FFF}'),
        ] {
            assert!((first..=last).all(is_unsafe), "{:x}", first as u32);
            for beyond in [first as u32 - 1, last as u32 + 1] {
                let beyond = char::from_u32(beyond).expect("a character");
                assert!(!is_unsafe(beyond), "{:x}", beyond as u32);
            }
        }
    }

    #[test]
    fn of_a_key_nothing_but_the_sign_is_left() {
        let [first, ..] = BODY;
        assert_eq!(
            without_keys(&format!(
                "x -----BEGIN PRIVATE KEY-----{first}-----END PRIVATE KEY----- y"
            )),
            format!("x {HIDDEN} y")
        );
    }
}
