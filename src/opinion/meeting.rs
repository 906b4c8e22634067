//! One stack is asked: it plays the judge against our own end, or its chain tool is run. What it did is turned into a verdict
//! with care: a crash, a time-out or a file that it would not read is none.

use std::net::TcpStream;
use std::time::Duration;

use super::conclusion::{Answer, by_signal, cannot, conclude, has_answered, keep, last_line, out_of_time};
use super::identity::{HOST, ThrowAway};
use super::meaning;
use super::run::{End, Running};
use super::stacks::given::{self as files, Asked, Given, Port, Start};
use super::verdict::{NoAnswer, Opinion, Said, Way};
use super::workspace::Workspace;
use crate::capture::{Capture, ClientAuth, PerSide, Side, StackVerdict, VerdictCode};
use crate::clock::Clock;
use crate::net::Limit;
use crate::setup::{Identity, LabSetup, Party, SidePolicy};
use crate::source::lab::LabError;
use crate::source::live::{Listening, face, reach};

/// How long a server's words are waited for once it has refused: its log comes a moment after its alert.
const WORDS: Duration = Duration::from_millis(1500);

/// How long a client may take to go once all is said.
const TO_GO: Duration = Duration::from_secs(2);

/// Asks it.
pub(super) fn meet(
    asked: &Asked,
    given: &Given<'_>,
    workspace: &Workspace,
    limit: &Limit,
    mut opinion: Opinion,
) -> Opinion {
    let result = if given.question.key.is_some() {
        match given.question.judge {
            Side::Server => against_server(asked, given, workspace, limit, &mut opinion),
            Side::Client => against_client(asked, given, workspace, limit, &mut opinion),
        }
    } else {
        chain_tool(asked, given, workspace, limit, &mut opinion)
    };
    opinion.said = result.unwrap_or_else(Said::NoAnswer);
    if let Some(capture) = &mut opinion.capture {
        let judge = given.question.judge;
        capture.sides.of_mut(judge).verdict = verdict(&opinion.said, opinion.stack.name(), &opinion.version);
    }
    opinion
}

/// What the stage is told of the judge.
fn verdict(said: &Said, stack: &str, version: &str) -> Option<StackVerdict> {
    let (code, words) = match said {
        Said::Accepts => (VerdictCode::Accepted, String::new()),
        Said::Refuses(words) => (VerdictCode::Certificate(meaning::refusal(words)), words.clone()),
        Said::NoAnswer(_) => return None,
    };
    Some(StackVerdict {
        stack: stack.to_owned(),
        version: version.to_owned(),
        code,
        words,
    })
}

/// Starts it, with the files that it needs beside the common ones.
fn begin(start: &Start, workspace: &Workspace, opinion: &mut Opinion) -> Result<Running, NoAnswer> {
    for (name, text) in &start.files {
        workspace
            .write(name, text)
            .map_err(|error| cannot(format!("a temporary file cannot be written: {error}")))?;
    }
    opinion.command = start.task.command();
    Running::start(&start.task, workspace.path())
        .map_err(|error| NoAnswer::Crashed(format!("it does not start: {error}")))
}

fn identity_for(workspace: &Workspace) -> Result<ThrowAway, NoAnswer> {
    let made = ThrowAway::mint(Clock::default().unix_s()).map_err(cannot)?;
    let chain = [&made.own, &made.ca];
    workspace
        .write_pem(
            files::OWN,
            "CERTIFICATE",
            chain.iter().map(|one| one.certificate.der.as_bytes()),
        )
        .and_then(|()| workspace.write_throw_away_key(files::OWN_KEY, &made.own.key))
        .map_err(|error| cannot(format!("a temporary file cannot be written: {error}")))?;
    Ok(made)
}

/// Our end with the user's chain, and what the judge was given.
fn setup(given: &Given<'_>, made: &ThrowAway, stack: &str) -> LabSetup {
    let question = given.question;
    let judge = question.judge;
    let ours = Party {
        label: None,
        identity: Some(Identity {
            chain: question.chain.clone(),
            key: question.key.clone(),
        }),
        trust: vec![made.ca.certificate.clone()],
        policy: SidePolicy {
            versions: question.versions.clone(),
            ..SidePolicy::default()
        },
    };
    let theirs = Party {
        label: Some(stack.to_owned()),
        identity: Some(Identity {
            chain: vec![made.own.certificate.clone(), made.ca.certificate.clone()],
            key: Some(made.own.key.clone()),
        }),
        trust: question.trust.clone(),
        policy: SidePolicy {
            clock_unix_s: question.at_unix_s,
            revocation: question.revocation.clone(),
            ..SidePolicy::default()
        },
    };
    let server_name = match judge {
        Side::Client => given.name.clone().unwrap_or_default(),
        Side::Server => HOST.to_owned(),
    };
    let parties = match judge {
        Side::Client => PerSide {
            client: theirs,
            server: ours,
        },
        Side::Server => PerSide {
            client: ours,
            server: theirs,
        },
    };
    LabSetup {
        parties,
        server_name,
        client_auth: ClientAuth::Required,
        fault: None,
        known: Vec::new(),
        timeout_ms: 10_000,
        wall_clock: Clock::default(),
    }
}

fn against_server(
    asked: &Asked,
    given: &Given<'_>,
    workspace: &Workspace,
    limit: &Limit,
    opinion: &mut Opinion,
) -> Answer {
    let made = identity_for(workspace)?;
    let start = (asked.server)(given).map_err(cannot)?;
    let mut running = begin(&start, workspace, opinion)?;
    let port = match start.port {
        Port::Told(port) => Some(port),
        Port::Printed(mark) => {
            running.wait_for(limit, |text| printed(text, mark).is_some());
            printed(&running.output(), mark)
        }
        Port::None => None,
    };
    let tcp = port.and_then(|port| reach(port, limit, &mut || running.has_ended()));
    let Some(tcp) = tcp else {
        return never_met(asked, running, limit, opinion);
    };
    let setup = setup(given, &made, opinion.stack.name());
    let capture = faced(&setup, Side::Client, tcp, limit)?;
    let was_answered = has_answered(&capture, Side::Client);
    // Its words of a refusal come after its alert; of a welcome there are none.
    let moment = limit.at_most(if was_answered {
        Duration::from_millis(100)
    } else {
        WORDS
    });
    running.wait_for(&moment, |text| !was_answered && (asked.words)(text).is_some());
    conclude(asked, Side::Client, &running.finish(), capture, limit, opinion)
}

fn against_client(
    asked: &Asked,
    given: &Given<'_>,
    workspace: &Workspace,
    limit: &Limit,
    opinion: &mut Opinion,
) -> Answer {
    let made = identity_for(workspace)?;
    let listening = Listening::open()
        .map_err(|error| cannot(format!("a listener on loopback cannot be opened: {error}")))?;
    let start = (asked.client)(given, listening.port()).map_err(cannot)?;
    let mut running = begin(&start, workspace, opinion)?;
    // A proxy calls once somebody calls it.
    let nudge = match start.port {
        Port::Told(port) => {
            let Some(tcp) = reach(port, limit, &mut || running.has_ended()) else {
                return never_met(asked, running, limit, opinion);
            };
            Some(nudged(tcp))
        }
        Port::Printed(_) | Port::None => None,
    };
    let Some(tcp) = listening.accept(limit, &mut || running.has_ended()) else {
        return never_met(asked, running, limit, opinion);
    };
    let setup = setup(given, &made, opinion.stack.name());
    let capture = faced(&setup, Side::Server, tcp, limit)?;
    let is_proxy = nudge.is_some();
    let was_answered = has_answered(&capture, Side::Server);
    let moment = limit.at_most(match (is_proxy, was_answered) {
        (true, true) => Duration::from_millis(100),
        (true, false) => WORDS,
        (false, _) => TO_GO,
    });
    running.close_stdin();
    running.wait_for(&moment, |text| {
        is_proxy && !was_answered && (asked.words)(text).is_some()
    });
    drop(nudge);
    conclude(asked, Side::Server, &running.finish(), capture, limit, opinion)
}

/// A request to a proxy, whose answer nobody reads.
fn nudged(mut tcp: TcpStream) -> TcpStream {
    use std::io::Write;
    let _ = tcp.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    tcp
}

/// The port that a program said, behind its mark; only once its line is whole.
fn printed(text: &str, mark: &str) -> Option<u16> {
    let (_, rest) = text.split_once(mark)?;
    let (number, _) = rest.split_once(|sign: char| !sign.is_ascii_digit())?;
    number.parse().ok()
}

fn faced(setup: &LabSetup, ours: Side, tcp: TcpStream, limit: &Limit) -> Result<Capture, NoAnswer> {
    face(setup, ours, tcp, limit).map_err(|error| match error {
        LabError::Cancelled => NoAnswer::Cancelled,
        other => cannot(other.to_string()),
    })
}

/// It ended, or hung, before there was any connection.
fn never_met(asked: &Asked, running: Running, limit: &Limit, opinion: &mut Opinion) -> Answer {
    let finished = running.finish();
    let (said, words) = (last_line(&finished), (asked.words)(&finished.output));
    keep(&finished, opinion);
    Err(match finished.end {
        End::Ours => out_of_time(limit, asked),
        End::Signalled(signal) => NoAnswer::Crashed(by_signal(signal, &said)),
        End::Exited(_) => NoAnswer::Unusable(words.unwrap_or(said)),
    })
}

fn chain_tool(
    asked: &Asked,
    given: &Given<'_>,
    workspace: &Workspace,
    limit: &Limit,
    opinion: &mut Opinion,
) -> Answer {
    opinion.way = Way::ChainTool;
    let start = (asked.chain_tool)(given).map_err(cannot)?;
    let mut running = begin(&start, workspace, opinion)?;
    running.close_stdin();
    running.wait_for(limit, |_| false);
    let finished = running.finish();
    keep(&finished, opinion);
    let words = (asked.words)(&finished.output);
    match (finished.end, (asked.accepts)(&finished)) {
        (End::Ours, _) => Err(out_of_time(limit, asked)),
        (End::Signalled(signal), _) => Err(NoAnswer::Crashed(by_signal(signal, &last_line(&finished)))),
        (End::Exited(_), Some(true)) if given.name.is_some() && !asked.compares_names_in_files => {
            Err(cannot(
                "it takes the chain, but compares names only in a handshake, and there is no private key to sign it with",
            ))
        }
        (End::Exited(_), Some(true)) => Ok(Said::Accepts),
        (End::Exited(_), Some(false)) => Ok(Said::Refuses(words.unwrap_or_else(|| last_line(&finished)))),
        (End::Exited(_), None) => Err(NoAnswer::Unusable(words.unwrap_or_else(|| last_line(&finished)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_read_once_its_line_is_whole() {
        assert_eq!(printed("ACCEPT 127.0.0.1:41", "ACCEPT 127.0.0.1:"), None);
        assert_eq!(
            printed("x\nACCEPT 127.0.0.1:41067\n", "ACCEPT 127.0.0.1:"),
            Some(41067)
        );
        assert_eq!(printed("version\t3\nport\t70000\n", "port\t"), None);
    }

    #[test]
    fn no_answer_is_told_as_no_verdict() {
        assert_eq!(verdict(&Said::NoAnswer(NoAnswer::Cancelled), "Go", "1"), None);
        let said = verdict(
            &Said::Refuses("x509: certificate has expired".to_owned()),
            "Go",
            "1",
        )
        .expect("one");
        assert_eq!(said.stack, "Go");
        assert!(matches!(said.code, VerdictCode::Certificate(_)));
    }
}
