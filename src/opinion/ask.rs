//! Asks the stacks, two at a time, and calls back as each is done.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::meeting;
use super::question::Question;
use super::stacks::given::{Asked, Given};
use super::stacks::{self, given as files};
use super::verdict::{AskedAt, NoAnswer, Opinion, Presence, Said, Way};
use super::workspace::Workspace;
use crate::cancel::Cancel;
use crate::net::Limit;
use crate::stack::Stack;

/// So many at once: each takes a core for a moment.
const AT_ONCE: usize = 2;

/// The progress of asking the installed stacks.
#[derive(Clone, Copy, Debug)]
pub enum Heard<'a> {
    /// This stack is being asked from now on; the others wait.
    Begins(Stack),
    /// It answered.
    Said(&'a Opinion),
}

/// Asks each of these stacks, as [`find_all`](super::find_all) gave them; `on_each` hears of each as it begins and as it is
/// done, on another thread. The answer is in the order of `stacks`, without those that are not installed.
pub fn ask(
    question: &Question,
    stacks: &[(Stack, Presence)],
    cancel: &Cancel,
    on_each: &(dyn Fn(Heard<'_>) + Sync),
) -> Vec<Opinion> {
    let waiting: Mutex<VecDeque<(usize, Stack, &Presence)>> = Mutex::new(
        stacks
            .iter()
            .enumerate()
            .map(|(index, (stack, presence))| (index, *stack, presence))
            .collect(),
    );
    let done: Mutex<Vec<(usize, Opinion)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(stacks.len()) {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some((index, stack, presence)) = next else {
                        break;
                    };
                    if matches!(presence, Presence::Installed { .. }) && stacks::asked(stack).is_some() {
                        on_each(Heard::Begins(stack));
                    }
                    let Some(opinion) = ask_one(question, stack, presence, cancel) else {
                        continue;
                    };
                    on_each(Heard::Said(&opinion));
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((index, opinion));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, opinion)| opinion).collect()
}

/// One stack's opinion; `None` where it is not installed, or built in.
pub fn ask_one(question: &Question, stack: Stack, presence: &Presence, cancel: &Cancel) -> Option<Opinion> {
    let asked = stacks::asked(stack)?;
    ask_within(question, stack, presence, &asked, cancel)
}

/// The same, asked in this way.
pub(super) fn ask_within(
    question: &Question,
    stack: Stack,
    presence: &Presence,
    asked: &Asked,
    cancel: &Cancel,
) -> Option<Opinion> {
    let Presence::Installed { program, version } = presence else {
        return None;
    };
    let began = Instant::now();
    let way = if question.key.is_some() {
        Way::Handshake
    } else {
        Way::ChainTool
    };
    let blank = Opinion {
        stack,
        version: version.clone(),
        way,
        asked_at: match question.at_unix_s {
            Some(_) if !asked.takes_time => AskedAt::Now,
            _ => AskedAt::Wanted,
        },
        command: Vec::new(),
        exit_status: None,
        said: Said::NoAnswer(NoAnswer::Cancelled),
        output: String::new(),
        took_ms: 0,
        capture: None,
    };
    if cancel.is_cancelled() {
        return Some(blank);
    }
    let mut opinion = match given_to(question, program, version, asked, cancel) {
        Ok((workspace, given, limit)) => {
            let given = Given {
                directory: workspace.path(),
                ..given
            };
            meeting::meet(asked, &given, &workspace, &limit, blank)
        }
        Err(words) => Opinion {
            said: Said::NoAnswer(NoAnswer::CannotBeAsked(words)),
            ..blank
        },
    };
    if cancel.is_cancelled() {
        opinion.said = Said::NoAnswer(NoAnswer::Cancelled);
    }
    opinion.took_ms = began.elapsed().as_millis() as u64;
    Some(opinion)
}

type Ready<'a> = (Workspace, Given<'a>, Limit);

/// The workspace, with what every stack is given in it. Of the question's key it holds nothing.
fn given_to<'a>(
    question: &'a Question,
    program: &'a std::path::Path,
    version: &'a str,
    asked: &Asked,
    cancel: &Cancel,
) -> Result<Ready<'a>, String> {
    if question.chain.is_empty() {
        return Err("there is no certificate to ask about".to_owned());
    }
    if !question.revocation.responses.is_empty() {
        return Err("no program takes an OCSP response from a file".to_owned());
    }
    let workspace =
        Workspace::new().map_err(|error| format!("there is no room for temporary files: {error}"))?;
    write(question, &workspace).map_err(|error| format!("a temporary file cannot be written: {error}"))?;
    let given = Given {
        program,
        version,
        question,
        name: question.name.clone(),
        directory: std::path::Path::new(""),
    };
    Ok((workspace, given, Limit::for_the_next(asked.deadline, cancel)))
}

fn write(question: &Question, workspace: &Workspace) -> std::io::Result<()> {
    const CERTIFICATE: &str = "CERTIFICATE";
    let trust = || question.trust.iter().map(|one| one.der.as_bytes());
    let chain = || question.chain.iter().map(|one| one.der.as_bytes());
    let lists = || question.revocation.lists.iter().map(|one| one.der.as_bytes());
    workspace.write_pem(files::TRUST, CERTIFICATE, trust())?;
    workspace.write_pem(files::LISTS, "X509 CRL", lists())?;
    workspace.write_pem(files::TRUST_AND_LISTS, CERTIFICATE, trust())?;
    workspace.append_pem(files::TRUST_AND_LISTS, "X509 CRL", lists())?;
    // What only a chain tool reads.
    if question.key.is_none() {
        workspace.write_pem(files::CHAIN, CERTIFICATE, chain())?;
        workspace.write_pem(files::LEAF, CERTIFICATE, chain().take(1))?;
        workspace.write_pem(files::REST, CERTIFICATE, chain().skip(1))?;
    }
    Ok(())
}
