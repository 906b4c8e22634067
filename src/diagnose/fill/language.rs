//! What a line of a template is for, and how a value is written in it.

use crate::diagnose::cause::Tool;
use crate::pki::{nginx_word, shell_file, shell_quote, yaml_scalar};
use crate::printable::{printable, shortened};

/// A name in a sentence is no longer than this; the rest of it is in the certificate's own page.
const LONGEST_NAME: usize = 160;
/// What a check says, or a list, is no longer than this.
const LONGEST_SENTENCE: usize = 1_500;

/// What reads a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnose) enum Language {
    /// A person.
    Words,
    /// A shell.
    Shell,
    /// YAML, as Envoy's configuration.
    Yaml,
    /// nginx's configuration.
    Nginx,
}

/// Where in a line of shell text a place lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Within {
    /// Where a word stands.
    #[default]
    Word,
    /// Within `'…'`.
    Single,
    /// Within `"…"`.
    Double,
    /// Behind `#`.
    Comment,
}

impl Language {
    /// What reads this line of a tool's: the template alone tells, never what is filled in.
    pub(in crate::diagnose) fn of(tool: Option<Tool>, template: &str) -> Self {
        let key = template.split(':').next().unwrap_or_default();
        let is_key = !key.is_empty()
            && key.len() < template.len()
            && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        match tool {
            Some(Tool::Nginx) if template.ends_with(';') => Self::Nginx,
            Some(Tool::Envoy) if is_key => Self::Yaml,
            // An operator of Envoy's access log.
            Some(Tool::Envoy) if template.starts_with('%') => Self::Words,
            _ => Self::Shell,
        }
    }

    /// Writes a value for this place.
    pub(super) fn write(self, name: &str, value: &str, within: Within, out: &mut String) {
        match (self, within) {
            (Self::Words, _) => out.push_str(&shown(name, value)),
            (Self::Yaml, _) => out.push_str(&yaml_scalar(value)),
            (Self::Nginx, _) => out.push_str(&nginx_word(value)),
            (Self::Shell, Within::Word) => out.push_str(&shell_word(name, value)),
            (Self::Shell, Within::Single) => {
                // The quotes are closed, the value stands in its own, and they are opened again.
                out.push('\'');
                out.push_str(&shell_word(name, value));
                out.push('\'');
            }
            (Self::Shell, Within::Double) => {
                out.push('"');
                out.push_str(&shell_word(name, value));
                out.push('"');
            }
            // Not every shell knows comments on its command line: quoted all the same, and on one line.
            (Self::Shell, Within::Comment) => out.push_str(&shell_quote(&printable(value))),
        }
    }
}

impl Within {
    /// Where a place lies behind this text.
    pub(super) fn after(mut self, text: &str) -> Self {
        let mut before = ' ';
        for letter in text.chars() {
            self = match (self, letter) {
                (Self::Word, '\'') if before != '\\' => Self::Single,
                (Self::Word, '"') if before != '\\' => Self::Double,
                (Self::Word, '#') if before.is_whitespace() => Self::Comment,
                (Self::Single, '\'') => Self::Word,
                (Self::Double, '"') if before != '\\' => Self::Word,
                (Self::Comment, '\n') => Self::Word,
                (same, _) => same,
            };
            before = letter;
        }
        self
    }
}

/// A value as it stands in a sentence.
pub(super) fn shown(name: &str, value: &str) -> String {
    let most = if is_a_sentence(name) {
        LONGEST_SENTENCE
    } else {
        LONGEST_NAME
    };
    printable(&shortened(value, most)).into_owned()
}

/// What holds words of its own, or several names.
fn is_a_sentence(name: &str) -> bool {
    matches!(
        name,
        "row"
            | "left_out"
            | "ca_left_out"
            | "missing"
            | "presented"
            | "trusts"
            | "offered"
            | "accepted"
            | "renewed"
            | "ca_meaning"
    )
}

fn shell_word(name: &str, value: &str) -> String {
    let is_file = name == "file" || name.ends_with("_file") || name.ends_with("_key");
    if is_file {
        shell_file(value)
    } else {
        shell_quote(value)
    }
}
