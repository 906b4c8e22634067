//! Values written so that a shell, nginx, YAML, curl or OpenSSL reads exactly them, and nothing that they say besides.
//!
//! Names in certificates and file names are a stranger's. What stands in a command that a user will paste is quoted for the
//! place where it stands, and holds no character that steers a terminal: a pasted escape sequence can end the paste early,
//! and what follows it would then be run.

use std::fmt::Write;

use crate::printable::{is_unsafe, printable};

/// A whole command that a shell runs as it stands: words quoted where they must be. A word with a dash in front is an option
/// here, and one of plain letters stays bare.
pub fn shell_command(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let quoted = words.into_iter().map(|word| {
        let word = word.as_ref();
        let option = word.strip_prefix('-').map(|rest| rest.trim_start_matches('-'));
        match option {
            Some(rest) if !rest.is_empty() && shell_quote(rest) == rest => word.to_owned(),
            _ => shell_quote(word),
        }
    });
    quoted.collect::<Vec<String>>().join(" ")
}

/// A word of a shell command, quoted where it must be (POSIX sh; bash, dash, ksh and zsh read it alike). Control and
/// direction characters are made by `printf` where the command runs, so that none stands in the text; only line breaks at
/// the very end stand as they are. A NUL, which no word can hold, becomes U+FFFD.
pub fn shell_quote(word: &str) -> String {
    let is_plain = !word.is_empty()
        && !word.starts_with('-')
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-/+:@%,".contains(c));
    if is_plain {
        return word.to_owned();
    }
    let (body, last_breaks) = word.split_at(word.trim_end_matches('\n').len());
    let mut out = String::with_capacity(word.len() + 2);
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let end = if steers(first) {
            // `$(…)` drops line breaks at its end: the letter after one is printed with it.
            let mut end = rest.find(|c| !steers(c)).unwrap_or(rest.len());
            if rest.get(..end).is_some_and(|run| run.ends_with('\n')) {
                end += rest
                    .get(end..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8);
            }
            out.push_str("\"$(printf '");
            for byte in rest.get(..end).unwrap_or_default().bytes() {
                let _ = write!(out, "\\{byte:03o}");
            }
            out.push_str("')\"");
            end
        } else {
            let end = rest.find(steers).unwrap_or(rest.len());
            in_single_quotes(rest.get(..end).unwrap_or_default(), &mut out);
            end
        };
        rest = rest.get(end..).unwrap_or_default();
    }
    if !last_breaks.is_empty() || out.is_empty() {
        in_single_quotes(last_breaks, &mut out);
    }
    out
}

fn steers(letter: char) -> bool {
    letter != '\0' && is_unsafe(letter)
}

fn in_single_quotes(text: &str, out: &mut String) {
    out.push('\'');
    for letter in text.chars() {
        match letter {
            '\'' => out.push_str(r"'\''"),
            '\0' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out.push('\'');
}

/// A path as a word of a shell command: where it could be read as an option (`-rf`) or, by awk, as an assignment
/// (`a=b.pem`), it begins with `./`.
pub fn shell_file(path: &str) -> String {
    shell_quote(&plain_path(path))
}

/// A certificate's path for `curl --cert`, which takes what follows a colon as a password.
pub fn curl_certificate(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for letter in plain_path(path).chars() {
        if matches!(letter, ':' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    shell_quote(&escaped)
}

fn plain_path(path: &str) -> String {
    let first = path.split('/').next().unwrap_or_default();
    if path.starts_with('-') || first.contains('=') {
        format!("./{path}")
    } else {
        path.to_owned()
    }
}

/// A parameter of an nginx directive. nginx has no way to write `$` where it takes variables, nor control characters: the
/// latter are told as `\u{1b}`.
pub fn nginx_word(value: &str) -> String {
    let is_plain = !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-/+:@%,*=".contains(c));
    if is_plain {
        return value.to_owned();
    }
    double_quoted(value, |out, other| {
        out.push('\\');
        out.push_str(&printable(other.encode_utf8(&mut [0; 4])));
    })
}

/// The value in double quotes, with the escapes that nginx and YAML share; `write` writes any other unsafe character.
fn double_quoted(value: &str, write: impl Fn(&mut String, char)) -> String {
    let mut out = String::from("\"");
    for letter in value.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other if is_unsafe(other) => write(&mut out, other),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A YAML scalar that is read as this text, in block and in flow style (YAML 1.1 and 1.2): plain where nothing could read it
/// as anything else, else in double quotes.
pub fn yaml_scalar(value: &str) -> String {
    let begins_plain = value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        || value.starts_with("./")
        || value.starts_with("../");
    let is_plain = begins_plain
        && value.contains(['.', '/'])
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    if is_plain {
        return value.to_owned();
    }
    double_quoted(value, |out, other| {
        let code = other as u32;
        let _ = if code > 0xFFFF {
            write!(out, "\\U{code:08X}")
        } else {
            write!(out, "\\u{code:04X}")
        };
    })
}

/// A value of an OpenSSL configuration file (config(5)), where `$` names a variable, `#` begins a comment, a line break ends
/// the value, and blanks at its ends are lost.
pub fn openssl_value(value: &str) -> String {
    let mut out = String::from("\"");
    for letter in value.chars() {
        match letter {
            // Within quotes a backslash takes the next letter as it is: line breaks are written outside.
            '\n' => out.push_str("\"\\n\""),
            '\r' => out.push_str("\"\\r\""),
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A value within `openssl req -subj`.
pub fn subject_value(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        if matches!(letter, '/' | '+' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_stay_bare_in_a_command_and_nothing_else_does() {
        let words = [
            "openssl",
            "s_server",
            "-Verify",
            "9",
            "--x509cafile=a b",
            "-",
            "--",
            "-$(id)",
            "a b",
        ];
        assert_eq!(
            shell_command(words),
            "openssl s_server -Verify 9 '--x509cafile=a b' '-' '--' '-$(id)' 'a b'"
        );
    }

    #[test]
    fn a_plain_word_stays_as_it_is() {
        for word in [
            "orders.pem",
            "certs/a-b_c.pem",
            "https://x:1/a%20b",
            "DNS:a,IP:::1",
            "a@b",
        ] {
            assert_eq!(shell_quote(word), word);
        }
        assert_eq!(shell_quote(""), "''");
        assert_eq!(shell_quote("it's $(x)"), r"'it'\''s $(x)'");
        assert_eq!(shell_quote("-v"), "'-v'");
        assert_eq!(shell_file("-v.pem"), "./-v.pem");
        assert_eq!(shell_file("a=b.pem"), "'./a=b.pem'");
        assert_eq!(shell_file("certs/a=b.pem"), "'certs/a=b.pem'");
        assert_eq!(curl_certificate("a:b.pem"), r"'a\:b.pem'");
    }

    #[test]
    fn no_command_holds_what_steers_a_terminal() {
        let word = shell_quote("a\u{1b}[201~\nb\tc\u{202e}d\n");
        assert!(
            word.trim_end_matches(['\n', '\'']).chars().all(|c| !is_unsafe(c)),
            "{word:?}"
        );
        assert_eq!(shell_quote("a\nb"), "'a'\"$(printf '\\012\\142')\"");
    }

    #[test]
    fn yaml_and_nginx_take_the_value_whole() {
        assert_eq!(yaml_scalar("certs/orders.pem"), "certs/orders.pem");
        for other in ["", "1.5", "true", "~", "a: b", "a #b", "- a", "{a}", ".inf", "a]"] {
            assert!(yaml_scalar(other).starts_with('"'), "{other}");
        }
        assert_eq!(yaml_scalar("a\"\\\n\u{1b}"), r#""a\"\\\n\u001B""#);
        assert_eq!(nginx_word("a b;\"\\\n"), r#""a b;\"\\\n""#);
        assert_eq!(nginx_word("a\u{1b}"), "\"a\\\\u{1b}\"");
    }

    #[test]
    fn a_shell_reads_just_the_word() {
        let words = [
            "",
            " ",
            "\n",
            "\n\n",
            "a\n",
            "\na",
            "a\nb\n\nc\n",
            "'",
            "''",
            "\"",
            "\\",
            "\\'",
            "`id`",
            "$(id)",
            "$HOME",
            "a;b",
            "a&b",
            "a|b",
            "*",
            "?",
            "[a]",
            "{a,b}",
            "~",
            "!!",
            "%s",
            "%",
            "-n",
            "--",
            "#a",
            "a=b",
            "\t",
            "\u{1b}[201~\n",
            "\u{7f}",
            "\u{9b}",
            "\u{202e}a",
            "é",
            "名前",
            "\r",
            "<a>",
            "(a)",
            " a ",
            "\u{feff}",
            "\u{e0041}b",
            "a\n1",
            "\n\u{1b}7",
        ];
        let lines: Vec<String> = words
            .iter()
            .map(|word| format!("printf '%s\\000' {}\n", shell_quote(word)))
            .collect();
        let script = lines.concat();
        for shell in ["/bin/sh", "/bin/bash"] {
            if !std::path::Path::new(shell).exists() {
                continue;
            }
            let output = std::process::Command::new(shell)
                .args(["-c", &script])
                .output()
                .expect("a shell");
            let read = String::from_utf8(output.stdout).expect("UTF-8");
            let read: Vec<&str> = read.split_terminator('\0').collect();
            assert_eq!(read, words, "{shell}");
        }
    }

    /// What each reader takes for more than a letter is written so that it is one.
    #[test]
    fn every_letter_with_a_meaning_is_escaped_and_no_other() {
        assert_eq!(curl_certificate("a:b\\c.pem"), r"'a\:b\\c.pem'");
        assert_eq!(subject_value("a/b+c\\d,e=f"), r"a\/b\+c\\d,e=f");
        assert_eq!(openssl_value("a\"b\\c\nd\re;f"), r#""a\"b\\c"\n"d"\r"e;f""#);
        assert_eq!(yaml_scalar("\u{FEFF}"), r#""\uFEFF""#);
        assert_eq!(yaml_scalar("\u{FFF9}"), r#""\uFFF9""#);
        assert_eq!(yaml_scalar("\u{1D173}"), r#""\U0001D173""#);
        assert_eq!(yaml_scalar("\u{E0001}"), r#""\U000E0001""#);
    }
}
