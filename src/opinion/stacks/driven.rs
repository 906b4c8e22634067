//! The small programs of `assets/opinions`: one end of a connection each, told what to do in its arguments, `KEY=VALUE`. The
//! protocol is written down in `peer.py`.

use super::given::{CHAIN, CannotBeAsked, Given, LISTS, OWN, OWN_KEY, Port, Start, TRUST, line};
use crate::capture::Side;
use crate::opinion::run::{End, Finished, Task};
use crate::setup::TlsVersion;

/// What a program of ours is: its file, its text, and the arguments that run it.
pub(super) struct Driven {
    pub file: &'static str,
    pub text: &'static str,
    pub before: &'static [&'static str],
    /// Whether it takes the time to judge at.
    pub takes_time: bool,
    /// Whether it takes revocation lists.
    pub takes_lists: bool,
    pub name: &'static str,
}

impl Driven {
    fn job(&self, given: &Given<'_>, role: &str) -> Result<Vec<String>, CannotBeAsked> {
        if given.has_lists() && !self.takes_lists {
            return Err(format!("{} takes no revocation lists", self.name));
        }
        let mut job = vec![format!("role={role}")];
        let mut add = |key: &str, value: &str| job.push(format!("{key}={value}"));
        if given.trusts_any() {
            add("trust", TRUST);
        }
        if role != "chain" {
            add("cert", OWN);
            add("key", OWN_KEY);
        }
        if given.has_lists() {
            add("crl", LISTS);
            let is_leaf_only = given.question.revocation.is_leaf_only;
            add("scope", if is_leaf_only { "leaf" } else { "chain" });
        }
        if let (Some(at), true) = (given.question.at_unix_s, self.takes_time) {
            add("at", &at.to_string());
        }
        if let Some(version) = given.only_version() {
            add(
                "tls",
                match version {
                    TlsVersion::Tls12 => "1.2",
                    TlsVersion::Tls13 => "1.3",
                },
            );
        }
        Ok(job)
    }

    fn task(&self, given: &Given<'_>, job: Vec<String>) -> Task {
        Task {
            program: given.program.to_owned(),
            arguments: self
                .before
                .iter()
                .chain([&self.file])
                .map(|word| (*word).to_owned())
                .chain(job)
                .collect(),
            environment: Vec::new(),
            stdin: "",
        }
    }

    fn start(&self, given: &Given<'_>, job: Vec<String>, port: Port) -> Start {
        Start {
            task: self.task(given, job),
            files: vec![(self.file, self.text.to_owned())],
            port,
        }
    }

    pub fn server(&self, given: &Given<'_>) -> Result<Start, CannotBeAsked> {
        let mut job = self.job(given, "server")?;
        // Node says in the socket why it closed without a word.
        job.extend(["port=0".to_owned(), "why=1".to_owned()]);
        Ok(self.start(given, job, Port::Printed("port\t")))
    }

    pub fn client(&self, given: &Given<'_>, port: u16) -> Result<Start, CannotBeAsked> {
        let mut job = self.job(given, "client")?;
        job.push(format!("port={port}"));
        job.extend(given.name.iter().map(|name| format!("name={name}")));
        Ok(self.start(given, job, Port::None))
    }

    pub fn chain_tool(&self, given: &Given<'_>) -> Result<Start, CannotBeAsked> {
        let mut job = self.job(given, "chain")?;
        job.push(format!("chain={CHAIN}"));
        job.push(format!("purpose={}", purpose(given.question.judge)));
        job.extend(given.name.iter().map(|name| format!("name={name}")));
        Ok(self.start(given, job, Port::None))
    }
}

/// Whose certificates this side judges.
fn purpose(judge: Side) -> &'static str {
    judge.peer().word()
}

/// The line behind `refused`, or what it said of its files.
pub(super) fn telling(text: &str) -> Option<String> {
    let said = line(text, |line| {
        line.starts_with("refused\t") || line.starts_with("unusable\t")
    })?;
    let (_, words) = said.split_once('\t')?;
    (!words.trim().is_empty()).then(|| words.trim().to_owned())
}

pub(super) fn accepts(finished: &Finished) -> Option<bool> {
    let says = |word: &str| {
        finished
            .output
            .lines()
            .any(|line| line.split('\t').next() == Some(word))
    };
    match finished.end {
        End::Exited(_) if says("answered") => Some(true),
        End::Exited(_) if says("refused") => Some(false),
        End::Exited(_) | End::Signalled(_) | End::Ours => None,
    }
}
