//! Names that want to be more than names. Every command of every cause is run with them, and takes them for what they are; every
//! line of a configuration is read back.

use super::*;
use crate::diagnose::log;
use crate::pki::{nginx_word, yaml_scalar};

#[path = "../../../tests/support/stub_programs.rs"]
mod stub_programs;

use stub_programs::{Ran, run, shells};

/// What stands in place of a value in the run that the others are held against.
const HARMLESS: &str = "HARM LESS";

const HOSTILE: &[&str] = &[
    "{name}{subject}{file}{issuer}{take_ca}$(touch pwned)",
    "`touch pwned`; touch pwned & touch pwned | touch pwned",
    "'; touch pwned; echo '",
    "\"; touch pwned; echo \"$(touch pwned)",
    "a\ntouch pwned\n\n b",
    "-rf --exec=touch",
    "*? [a-z] {a,b} ~ !! !touch %s %n \\",
    "# tab\there \u{1b}[201~\u{9b}31m\u{202e} é 名 \u{7f}",
    "",
    "\\'\"\\$(touch pwned)\\",
    " ends with a blank ",
    "a=b.pem",
    "$HOME ${IFS}$x",
    "ends with a line\n",
    "\n",
    "<in >out (a) [b];;",
];

fn fill_of(value: &str, sender: Side, traits: &[Trait]) -> Fill {
    let mut fill = Fill::default()
        .with("sender", sender.word())
        .with("judge", sender.peer().word())
        .with("resource", "orders")
        .with("new", "orders-new")
        .with("secret", "orders-tls")
        .with("chain_file", format!("{value}c.pem"))
        .with("level_below", value)
        .with("check", "checkhost")
        .with_names(vec!["DNS:orders.shop.svc".to_owned()]);
    for name in [
        "subject",
        "name",
        "issuer",
        "expected",
        "chain_end",
        "presented",
        "row",
        "missing",
        "trusts",
        "offered",
        "accepted",
        "renewed",
        "which",
        "ca_meaning",
        "clock",
        "not_before",
        "not_after",
        "looks_like",
        "leaf_file",
        "file",
        "trust_file",
        "ca_file",
        "issuer_file",
        "list_file",
        "key_file",
        "subj",
        "ca_subj",
    ] {
        fill = fill.with(name, value);
    }
    for one in traits {
        fill = fill.with_trait(*one);
    }
    fill
}

const CASES: [&[Trait]; 4] = [
    &[],
    &[Trait::Ca, Trait::IssuerIsBelow],
    &[Trait::Ca, Trait::Root],
    &[Trait::Nameless],
];

/// Every shell command of every cause and every check of a log line, each once.
fn shell_commands(value: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut add = |command: String| {
        if !all.contains(&command) {
            all.push(command);
        }
    };
    for sender in Side::BOTH {
        for traits in CASES {
            let fill = fill_of(value, sender, traits);
            for id in CauseId::ALL {
                for remedy in tell(*id, &fill).remedies {
                    for command in remedy.commands {
                        if language_of(remedy.tool, &command) == Language::Shell {
                            add(command);
                        }
                    }
                }
                for writer in [None, Some(Side::Server)] {
                    add(log::check(*id, writer, &fill));
                }
            }
            for command in log::own_commands(&fill) {
                add(command);
            }
        }
    }
    all
}

/// As the template's: nothing that is filled in changes what a line begins or ends with.
fn language_of(tool: Option<Tool>, command: &str) -> Language {
    let directive = command.split(';').next_back().unwrap_or_default();
    if tool == Some(Tool::Nginx) && directive.starts_with("  # nginx reads $") {
        return Language::Nginx;
    }
    Language::of(tool, command)
}

/// What programs were handed, with the harmless word where the value stood.
fn without(value: &str, ran: Ran) -> Ran {
    // A file that begins as an option, or as an assignment, is named from where one is.
    let harmless = |word: &str| {
        let word = word.replace(&format!("./{value}"), value);
        // In a form of its own, which is read back by the test with the openssl command.
        if word.contains("subjectAltName=") {
            return "NAMES".to_owned();
        }
        if value.is_empty() {
            word
        } else {
            word.replace(value, HARMLESS)
        }
    };
    let mut calls: Vec<Vec<String>> = ran
        .calls
        .into_iter()
        .map(|call| {
            let is_step = call.first().is_some_and(|name| name == "step");
            call.iter()
                .filter(|word| !(is_step && *word == "--"))
                .map(|word| harmless(word))
                .collect()
        })
        .collect();
    calls.sort();
    Ran {
        calls,
        files: ran.files.iter().map(|file| harmless(file)).collect(),
        complaints: ran.complaints,
    }
}

/// The values that try the most, for the runs with programs; every value's quoting alone is held in `pki/quote.rs`.
const SHARPEST: [usize; 9] = [0, 2, 3, 4, 1, 5, 6, 7, 11];

#[test]
fn every_command_takes_a_name_for_a_name() {
    for shell in shells() {
        // dash and bash differ in little: a few values tell.
        let count = if shell == "/bin/sh" { SHARPEST.len() } else { 4 };
        let expected = without(HARMLESS, run(shell, &shell_commands(HARMLESS)));
        assert_eq!(expected.complaints, "");
        assert!(expected.calls.len() > 100, "{}", expected.calls.len());
        for value in SHARPEST.iter().take(count).filter_map(|at| HOSTILE.get(*at)) {
            let ran = run(shell, &shell_commands(value));
            let of = |calls: &[Vec<String>], name: &str| calls.iter().filter(|call| call[0] == name).count();
            assert_eq!(
                of(&ran.calls, "touch"),
                0,
                "{value:?} in {shell}: {:#?}",
                ran.files
            );
            assert!(
                !ran.files.iter().any(|file| file == "pwned"),
                "{value:?} in {shell}"
            );
            assert_eq!(ran.complaints, "", "{value:?} in {shell}");
            let mut ran = without(value, ran);
            ran.files.sort();
            assert_eq!(ran.calls, expected.calls, "{value:?} in {shell}");
            assert_eq!(ran.files, expected.files, "{value:?} in {shell}");
        }
    }
}

#[test]
fn no_line_holds_what_steers_a_terminal() {
    for value in HOSTILE {
        for sender in Side::BOTH {
            for id in CauseId::ALL {
                let told = tell(*id, &fill_of(value, sender, &[Trait::Ca]));
                let sentences = told.remedies.iter().map(|remedy| &remedy.text);
                for text in sentences.chain([&told.title, &told.detail, &told.needs, &told.rule]) {
                    assert!(
                        !text.contains(crate::printable::is_unsafe),
                        "{}: {text:?}",
                        id.word()
                    );
                }
                for command in told.remedies.iter().flat_map(|remedy| &remedy.commands) {
                    // YAML has lines; a value's last line breaks stand in their quotes.
                    let is_unsafe = |c: char| c != '\n' && crate::printable::is_unsafe(c);
                    assert!(!command.contains(is_unsafe), "{}: {command:?}", id.word());
                }
            }
        }
    }
}

/// The parameters of an nginx directive, as `ngx_conf_read_token` reads them.
fn nginx_words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut letters = line.chars().peekable();
    loop {
        while letters.next_if(|c| c.is_whitespace()).is_some() {}
        let first = letters.next()?;
        if first == ';' {
            let rest: String = letters.collect();
            let is_comment = rest.is_empty() || rest.trim_start().starts_with('#') && !rest.contains('\n');
            return is_comment.then_some(words);
        }
        let mut word = String::new();
        if matches!(first, '"' | '\'') {
            loop {
                match letters.next()? {
                    '\\' => match letters.next()? {
                        'n' => word.push('\n'),
                        't' => word.push('\t'),
                        'r' => word.push('\r'),
                        other @ ('"' | '\'' | '\\') => word.push(other),
                        other => word.extend(['\\', other]),
                    },
                    end if end == first => break,
                    other => word.push(other),
                }
            }
        } else {
            word.push(first);
            while let Some(next) = letters.next_if(|c| !c.is_whitespace() && *c != ';') {
                if matches!(next, '{' | '}') {
                    return None;
                }
                word.push(next);
            }
        }
        words.push(word);
    }
}

#[test]
fn nginx_reads_a_name_as_a_name() {
    let shown = |value: &str| {
        // Control characters cannot be written: they are told.
        let lines = value.replace(['\n', '\t', '\r'], "");
        lines.contains(crate::printable::is_unsafe)
    };
    let mut count = 0;
    for value in HOSTILE.iter().filter(|value| !shown(value)) {
        assert_eq!(
            nginx_words(&format!("x {};", nginx_word(value))).as_deref(),
            Some(&["x".to_owned(), (*value).to_owned()][..])
        );
        for sender in Side::BOTH {
            for id in CauseId::ALL {
                let expected = tell(*id, &fill_of(HARMLESS, sender, &[]));
                let told = tell(*id, &fill_of(value, sender, &[]));
                let lines = |told: &Told| -> Vec<String> {
                    let remedies = told
                        .remedies
                        .iter()
                        .filter(|remedy| remedy.tool == Some(Tool::Nginx));
                    let all = remedies.flat_map(|remedy| remedy.commands.clone());
                    all.filter(|line| language_of(Some(Tool::Nginx), line) == Language::Nginx)
                        .collect()
                };
                for (line, like) in lines(&told).iter().zip(lines(&expected)) {
                    let words = nginx_words(line).unwrap_or_else(|| panic!("{}: {line:?}", id.word()));
                    let like: Vec<String> = nginx_words(&like)
                        .expect("harmless")
                        .iter()
                        .map(|word| word.replace(HARMLESS, value))
                        .collect();
                    assert_eq!(words, like, "{line}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100);
}

#[test]
fn yaml_reads_a_name_as_a_name() {
    let mut count = 0;
    for value in HOSTILE {
        let scalar = yaml_scalar(value);
        // A double-quoted scalar of these escapes is a JSON string.
        assert_eq!(
            serde_json::from_str::<String>(&scalar).ok().as_deref(),
            Some(*value),
            "{scalar}"
        );
        for sender in Side::BOTH {
            for id in CauseId::ALL {
                let snippets = |value: &str| -> Vec<String> {
                    let told = tell(*id, &fill_of(value, sender, &[]));
                    let remedies = told
                        .remedies
                        .into_iter()
                        .filter(|remedy| remedy.tool == Some(Tool::Envoy));
                    let all = remedies.flat_map(|remedy| remedy.commands);
                    all.filter(|text| Language::of(Some(Tool::Envoy), text) == Language::Yaml)
                        .collect()
                };
                for (told, like) in snippets(value).iter().zip(snippets(HARMLESS)) {
                    let like = like
                        .replace(
                            &yaml_scalar(&format!("{HARMLESS}c.pem")),
                            &yaml_scalar(&format!("{value}c.pem")),
                        )
                        .replace(&yaml_scalar(HARMLESS), &scalar);
                    assert_eq!(*told, like, "{}", id.word());
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100);
}

#[test]
fn a_long_name_makes_no_long_answer() {
    let value = "{name}{subject}".repeat(7_000);
    for sender in Side::BOTH {
        for id in CauseId::ALL {
            let fill = fill_of(&value, sender, &[Trait::Ca]).with_names(vec![format!("DNS:{value}"); 3]);
            let told = tell(*id, &fill);
            let size =
                |remedy: &Remedy| remedy.text.len() + remedy.commands.iter().map(String::len).sum::<usize>();
            let all: usize = told.remedies.iter().map(size).sum();
            assert!(
                all + told.title.len() + told.detail.len() < 64 * 1024,
                "{}: {all}",
                id.word()
            );
        }
    }
}

#[test]
fn no_brace_of_the_asset_is_left_open() {
    let fill = completed(&fill_of(HARMLESS, Side::Client, &[Trait::Ca]));
    for template in &BOOK.causes {
        let texts = [&template.title, &template.detail, &template.needs, &template.rule];
        for text in texts {
            assert!(!fill.sentence(text).contains('{'), "{}: {text}", template.id);
        }
    }
}
