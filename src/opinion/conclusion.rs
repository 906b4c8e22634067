//! What a stack did in a handshake, turned into a verdict: a crash, a time-out or silence is none.

use super::run::{End, Finished};
use super::stacks::given::Asked;
use super::verdict::{NoAnswer, Opinion, Said};
use crate::capture::{Capture, EventKind, Side, VerdictCode};
use crate::net::Limit;

/// A verdict, or why there is none.
pub(super) type Answer = Result<Said, NoAnswer>;

/// It cannot be asked this.
pub(super) fn cannot(words: impl Into<String>) -> NoAnswer {
    NoAnswer::CannotBeAsked(words.into())
}

pub(super) fn out_of_time(limit: &Limit, asked: &Asked) -> NoAnswer {
    if limit.cancel.is_cancelled() {
        NoAnswer::Cancelled
    } else {
        NoAnswer::TimedOut(asked.deadline.as_millis() as u64)
    }
}

pub(super) fn keep(finished: &Finished, opinion: &mut Opinion) {
    opinion.exit_status = finished.exit_status();
    opinion.output.clone_from(&finished.output);
}

pub(super) fn by_signal(signal: i32, said: &str) -> String {
    if said.is_empty() {
        format!("signal {signal} ended it")
    } else {
        format!("signal {signal} ended it: {said}")
    }
}

/// The last line that says anything.
pub(super) fn last_line(finished: &Finished) -> String {
    let line = finished
        .output
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty());
    line.unwrap_or_default().to_owned()
}

/// Whether the peer went past what we presented: a server answered our request, a client made its own.
pub(super) fn has_answered(capture: &Capture, ours: Side) -> bool {
    answer(capture, ours).is_some()
}

fn answer(capture: &Capture, ours: Side) -> Option<&str> {
    capture.events.iter().find_map(|event| match &event.kind {
        EventKind::LineReceived { text } if event.side == ours => Some(text.as_str()),
        _ => None,
    })
}

/// The status by which an HTTP server turns a client away for its certificate: nginx finishes the handshake first.
fn is_turned_away(answer: &str) -> bool {
    let status = answer.split(' ').nth(1).unwrap_or_default();
    answer.starts_with("HTTP/") && ["400", "401", "403", "495", "496", "497"].contains(&status)
}

/// Whether our end got so far as to show the chain.
fn was_shown(capture: &Capture, ours: Side) -> bool {
    let mut own = capture.events.iter().filter(|event| event.side == ours);
    let is_chosen = own
        .clone()
        .any(|event| matches!(event.kind, EventKind::CertificateChosen { certificates: 1.. }));
    is_chosen && !own.any(|event| matches!(event.kind, EventKind::CertificateWithheld { .. }))
}

pub(super) fn conclude(
    asked: &Asked,
    ours: Side,
    finished: &Finished,
    capture: Capture,
    limit: &Limit,
    opinion: &mut Opinion,
) -> Answer {
    keep(finished, opinion);
    let words = (asked.words)(&finished.output);
    let shown = was_shown(&capture, ours);
    let line = answer(&capture, ours).map(str::to_owned);
    let code = capture
        .sides
        .of(ours)
        .verdict
        .as_ref()
        .map(|verdict| verdict.code);
    let own_words = capture
        .sides
        .of(ours)
        .verdict
        .as_ref()
        .map_or_else(String::new, |verdict| verdict.words.clone());
    let withheld = capture
        .events
        .iter()
        .any(|event| matches!(event.kind, EventKind::CertificateWithheld { .. }));
    opinion.capture = Some(capture);
    if let End::Signalled(signal) = finished.end {
        return Err(NoAnswer::Crashed(by_signal(signal, &last_line(finished))));
    }
    if let Some(line) = line {
        return Ok(if ours == Side::Client && is_turned_away(&line) {
            Said::Refuses(words.unwrap_or(line))
        } else {
            Said::Accepts
        });
    }
    if withheld {
        return Err(cannot(
            "the key signs with none of the schemes that it accepts, so nothing was shown to it",
        ));
    }
    match code {
        Some(VerdictCode::TimedOut) => Err(out_of_time(limit, asked)),
        Some(VerdictCode::AlertReceived(_)) if shown => Ok(Said::Refuses(words.unwrap_or(own_words))),
        Some(VerdictCode::TransportEnded | VerdictCode::Accepted) if shown => match words {
            Some(words) => Ok(Said::Refuses(words)),
            // It went without a word: whether it minded, or broke, nobody knows.
            None => Err(NoAnswer::Crashed(format!(
                "it closed the connection without a word ({})",
                status_words(finished)
            ))),
        },
        // Our own end objects, or there was nothing in common: it never came to judging.
        _ => Err(cannot(format!("the handshake did not come so far: {own_words}"))),
    }
}

fn status_words(finished: &Finished) -> String {
    match (finished.end, last_line(finished)) {
        (End::Exited(status), said) if said.is_empty() => format!("exit status {status}"),
        (End::Exited(status), said) => format!("exit status {status}: {said}"),
        (End::Signalled(_) | End::Ours, said) => said,
    }
}

#[cfg(test)]
mod tests;
