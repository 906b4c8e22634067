//! `--ask`: the opinions of the TLS stacks that are installed here, beside the verdict. Shared by `lab` and `verify`.
//!
//! `told` turns them into the text and the JSON; everything that a program wrote is made safe to show there.

mod told;

use std::path::PathBuf;

use clap::Args;

use super::interrupt;
use super::outcome::Unusable;
use crate::capture::Side;
use crate::opinion::{Opinion, Presence, Programs, Question, Said, ask, find_all};
use crate::printable::quoted_value;
use crate::setup::LabSetup;
use crate::stack::Stack;

pub(super) use told::{OpinionJson, TITLE, json, refusal, section, silence, words};

/// Whom to ask for a second opinion.
#[derive(Clone, Debug, Default, PartialEq, Args)]
pub(super) struct AskFlags {
    /// Ask TLS stacks that are installed here what they say of exactly these files, now: openssl, gnutls, curl, go, java,
    /// node, python, nginx, envoy (repeats; no name asks all)
    ///
    /// A stack plays the side that judges, in a real handshake with an end of ours that presents the chain; your private key
    /// is never handed to it. Without a key its chain tool is asked, where it has one.
    #[arg(long, value_name = "STACK", num_args = 0.., value_delimiter = ',', help_heading = "Second opinions")]
    pub ask: Option<Vec<String>>,
    /// Exit with 1 where a stack that was asked refuses
    #[arg(long, requires = "ask", help_heading = "Second opinions")]
    pub ask_strict: bool,
    /// Where a stack's program is, if not on the path: openssl=/opt/openssl/bin/openssl (repeats)
    #[arg(long, value_name = "STACK=PATH", value_parser = parse_program, requires = "ask", help_heading = "Second opinions")]
    pub ask_program: Vec<(Stack, PathBuf)>,
}

/// Whoever can be asked, as one list.
fn known() -> String {
    let words: Vec<&str> = Stack::ALL
        .into_iter()
        .filter(|stack| !stack.programs().is_empty())
        .map(Stack::word)
        .collect();
    words.join(", ")
}

fn stack(word: &str) -> Option<Stack> {
    Stack::from_word(word).filter(|stack| !stack.programs().is_empty())
}

fn parse_program(text: &str) -> Result<(Stack, PathBuf), String> {
    let (word, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("write STACK=PATH, such as openssl=/opt/openssl/bin/openssl")?;
    let stack = stack(word).ok_or_else(|| format!("say one of {}", known()))?;
    Ok((stack, PathBuf::from(path)))
}

fn is_file(word: &str) -> bool {
    stack(word).is_none() && (word == "-" || std::path::Path::new(word).exists())
}

/// Whom these words ask for; no word of a stack asks for all of them.
fn wanted(asked: &[String], may_have_files: bool) -> Result<Vec<Stack>, Unusable> {
    let mut wanted = Vec::new();
    for word in asked {
        if may_have_files && is_file(word) {
            continue;
        }
        wanted.push(stack(word).ok_or_else(|| {
            Unusable(format!(
                "--ask {}: there is no such stack; say one of {}",
                quoted_value(word),
                known()
            ))
        })?);
    }
    Ok(if wanted.is_empty() {
        Stack::ALL.to_vec()
    } else {
        wanted
    })
}

/// Those who are asked, found on this machine.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    stacks: Vec<(Stack, Presence)>,
    /// A refusal makes the exit status 1.
    pub is_strict: bool,
}

/// What was said of one chain.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// Who judged.
    pub judge: Side,
    /// Whether a time was asked for.
    pub has_time: bool,
    pub opinions: Vec<Opinion>,
    /// Who is not here, or of no use.
    pub absent: Vec<(Stack, Presence)>,
}

impl AskFlags {
    /// Files behind `--ask`, which clap takes for stacks: `verify --ask chain.pem` means a chain.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        let words = self.ask.iter().flatten();
        words.filter(|word| is_file(word)).map(PathBuf::from)
    }

    /// Finds them; `None` where nobody is to be asked. Where files may stand behind `--ask`, they are no mistake.
    pub fn find(&self, may_have_files: bool) -> Result<Option<Asking>, Unusable> {
        let Some(asked) = &self.ask else {
            return Ok(None);
        };
        let wanted = wanted(asked, may_have_files)?;
        let programs: Programs = self.ask_program.iter().cloned().collect();
        let mut stacks = find_all(&programs, &interrupt::cancel());
        interrupt::over();
        stacks.retain(|(stack, _)| wanted.contains(stack));
        Ok(Some(Asking {
            stacks,
            is_strict: self.ask_strict,
        }))
    }
}

impl Asking {
    /// Asks all of them.
    pub fn ask(&self, question: &Question) -> Told {
        let opinions = ask(question, &self.stacks, &interrupt::cancel(), &|_| {});
        interrupt::over();
        Told {
            judge: question.judge,
            has_time: question.at_unix_s.is_some(),
            opinions,
            absent: self
                .stacks
                .iter()
                .filter(|(_, presence)| !matches!(presence, Presence::Installed { .. }))
                .cloned()
                .collect(),
        }
    }

    /// Asks about both chains of a pair, or the one that is judged.
    pub fn ask_about_pair(&self, setup: &LabSetup) -> Vec<Told> {
        Side::BOTH
            .into_iter()
            .filter_map(|judge| Question::of_pair(setup, judge))
            .map(|question| self.ask(&question))
            .collect()
    }
}

impl Told {
    /// Who refuses.
    pub fn refusals(&self) -> impl Iterator<Item = (&Opinion, &str)> {
        self.opinions.iter().filter_map(|opinion| match &opinion.said {
            Said::Refuses(words) => Some((opinion, words.as_str())),
            Said::Accepts | Said::NoAnswer(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(words: &[&str]) -> AskFlags {
        AskFlags {
            ask: Some(words.iter().map(|word| (*word).to_owned()).collect()),
            ..AskFlags::default()
        }
    }

    #[test]
    fn a_name_that_is_none_is_answered_with_the_list() {
        let Unusable(words) = flags(&["openssl", "opensl"]).find(true).expect_err("a mistake");
        assert!(
            words.contains("opensl") && words.contains("openssl, gnutls"),
            "{words}"
        );
        assert!(!words.contains("rustls"), "it answers already: {words}");
        for wrong in ["openssl", "openssl=", "=/x"] {
            assert!(parse_program(wrong).is_err(), "{wrong}");
        }
        assert!(
            parse_program("rustls=/x").is_err_and(|words| words.starts_with("say one of openssl, ")),
            "nobody asks rustls"
        );
        assert_eq!(
            parse_program("Node.js=/x"),
            Ok((Stack::Node, PathBuf::from("/x")))
        );
    }

    #[test]
    fn files_behind_it_are_files() {
        let flags = flags(&["go", "Cargo.toml", "OpenSSL", "-"]);
        let files: Vec<PathBuf> = flags.files().collect();
        assert_eq!(files, [PathBuf::from("Cargo.toml"), PathBuf::from("-")]);
        assert!(flags.find(false).is_err(), "lab has no files there");
    }

    #[test]
    fn files_among_the_words_ask_for_nobody() {
        let of = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            wanted(&words, true).map_err(|Unusable(words)| words)
        };
        assert_eq!(of(&["Cargo.toml", "go", "-"]), Ok(vec![Stack::Go]));
        for all in [&[][..], &["Cargo.toml"]] {
            assert_eq!(of(all), Ok(Stack::ALL.to_vec()), "{all:?}");
        }
        assert!(of(&["no-such-file"]).is_err());
    }

    /// Whoever is not here is told as such, and nobody is started.
    #[test]
    fn whoever_is_not_here_is_told() {
        let absent = (
            Stack::Go,
            Presence::Absent {
                looked_for: vec!["go".to_owned()],
            },
        );
        let asking = Asking {
            stacks: vec![absent.clone()],
            is_strict: false,
        };
        let question = |at_unix_s| Question {
            judge: Side::Server,
            chain: Vec::new(),
            key: None,
            trust: Vec::new(),
            name: None,
            at_unix_s,
            revocation: crate::capture::Revocation::default(),
            versions: Vec::new(),
        };
        for at in [None, Some(0)] {
            let told = asking.ask(&question(at));
            assert_eq!(told.absent, std::slice::from_ref(&absent));
            assert!(told.opinions.is_empty());
            assert_eq!((told.judge, told.has_time), (Side::Server, at.is_some()));
        }
    }
}
