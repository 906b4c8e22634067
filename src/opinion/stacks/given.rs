//! What a stack is given, what it is started as, and how it is described: shared by all of them.

use std::path::Path;
use std::time::Duration;

use crate::opinion::question::Question;
use crate::opinion::run::{Finished, Task};
use crate::pki::CertificateFacts;

/// Names of the files in the workspace.
pub(in crate::opinion) const TRUST: &str = "trust.pem";
pub(in crate::opinion) const CHAIN: &str = "chain.pem";
pub(in crate::opinion) const LEAF: &str = "leaf.pem";
pub(in crate::opinion) const REST: &str = "rest.pem";
pub(in crate::opinion) const OWN: &str = "own.pem";
pub(in crate::opinion) const OWN_KEY: &str = "own.key";
pub(in crate::opinion) const LISTS: &str = "crl.pem";
/// What is trusted, and the lists: for programs that take both in one file.
pub(in crate::opinion) const TRUST_AND_LISTS: &str = "trust-and-crl.pem";

/// What a stack is given. All files lie in the workspace, which it is started in.
#[derive(Clone, Debug)]
pub(in crate::opinion) struct Given<'a> {
    pub program: &'a Path,
    /// `3.0.22`.
    pub version: &'a str,
    pub question: &'a Question,
    /// The name that a client asks for.
    pub name: Option<String>,
    /// The workspace, for programs that want whole paths.
    pub directory: &'a Path,
}

impl Given<'_> {
    pub fn trusts_any(&self) -> bool {
        !self.question.trust.is_empty()
    }

    pub fn has_lists(&self) -> bool {
        !self.question.revocation.lists.is_empty()
    }

    /// The one version that may be spoken; `None`: both.
    pub fn only_version(&self) -> Option<crate::setup::TlsVersion> {
        match self.question.versions.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// A name to ask for where the program cannot leave names unjudged: the question's, else one that the leaf has itself.
    pub fn some_name(&self) -> Option<String> {
        self.name.clone().or_else(|| own_name(self.question))
    }
}

/// The first DNS name or address in the leaf, a host in place of a wildcard.
fn own_name(question: &Question) -> Option<String> {
    use crate::pki::GeneralName;
    let facts = CertificateFacts::from_der(&question.chain.first()?.der).ok()?;
    facts.subject_alt_names?.iter().find_map(|name| match name {
        GeneralName::Dns(name) => Some(match name.strip_prefix("*.") {
            Some(domain) => format!("host.{domain}"),
            None => name.clone(),
        }),
        GeneralName::Ip(address) => Some(address.to_string()),
        _ => None,
    })
}

/// A program that plays one end.
#[derive(Clone, Debug)]
pub(in crate::opinion) struct Start {
    pub task: Task,
    /// Files to write into the workspace first.
    pub files: Vec<(&'static str, String)>,
    /// Servers: where it listens. Clients that are proxies: where to ask so that they dial.
    pub port: Port,
}

/// Where a program listens.
#[derive(Clone, Copy, Debug)]
pub(in crate::opinion) enum Port {
    /// Nowhere.
    None,
    /// Here, as it was told.
    Told(u16),
    /// Where it says, behind this mark.
    Printed(&'static str),
}

/// Why it cannot be asked this: a sentence without its full stop.
pub(in crate::opinion) type CannotBeAsked = String;

/// How one stack is asked. Each function only says what to run.
pub(in crate::opinion) struct Asked {
    /// As the server that judges a client.
    pub server: fn(&Given<'_>) -> Result<Start, CannotBeAsked>,
    /// As the client that judges the server on this port.
    pub client: fn(&Given<'_>, u16) -> Result<Start, CannotBeAsked>,
    /// About the chain in a file, without a handshake.
    pub chain_tool: fn(&Given<'_>) -> Result<Start, CannotBeAsked>,
    /// The line that tells of a refusal, verbatim, out of what it wrote; `None` where none of it does.
    pub words: fn(&str) -> Option<String>,
    /// Whether a chain tool that has ended took the chain; `None`: that is no verdict.
    pub accepts: fn(&Finished) -> Option<bool>,
    /// Whether its chain tool compares names.
    pub compares_names_in_files: bool,
    /// Whether it can judge at another time than now: in a handshake, and as a chain tool.
    pub takes_time: bool,
    /// How long all of it may take.
    pub deadline: Duration,
}

/// The usual time: a handshake on loopback takes less than a second.
pub(super) const DEADLINE: Duration = Duration::from_secs(10);

pub(super) fn words(fixed: &[&str]) -> Vec<String> {
    fixed.iter().map(|word| (*word).to_owned()).collect()
}

/// The first line for which this holds, trimmed.
pub(super) fn line(text: &str, tells: impl Fn(&str) -> bool) -> Option<String> {
    text.lines()
        .map(str::trim)
        .find(|line| tells(line))
        .map(str::to_owned)
}

pub(super) fn only_in_a_handshake(who: &str) -> CannotBeAsked {
    format!("{who} judges a chain only in a handshake, and there is no private key to sign it with")
}

pub(super) fn free_port() -> Result<u16, CannotBeAsked> {
    crate::source::live::free_port().map_err(|error| format!("there is no free port on loopback: {error}"))
}

#[cfg(test)]
mod tests;
