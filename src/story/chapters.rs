//! The six chapters: how each ended, and the line below its name.

use super::captions::{cause_words, leaf_name};
use super::figures::{bytes, cipher};
use super::plot::{Happening, Plot};
use super::types::{Chapter, ChapterState};
use super::work::look;
use crate::capture::Side;
use crate::decode::{Body, MessageKind, Transcript};
use crate::diagnose::{Certainty, Diagnosis, Verdict};

const TITLES: [&str; 6] = [
    "Client Hello",
    "Server Hello",
    "Server verified",
    "Client cert",
    "Client verified",
    "Secure channel",
];

/// All six, in order.
pub(super) fn chapters(plot: &Plot, transcript: &Transcript, diagnosis: &Diagnosis) -> [Chapter; 6] {
    let failed = failed_chapter(plot, diagnosis);
    std::array::from_fn(|index| {
        let number = index as u8 + 1;
        let steps = || {
            plot.scenes
                .iter()
                .enumerate()
                .filter(move |(_, scene)| {
                    look(1);
                    scene.chapter == number
                })
                .map(|(step, _)| step)
        };
        let first_step = steps().next();
        let last_step = steps().next_back();
        let (state, note) = if failed == Some(number) {
            (ChapterState::Failed, failure_note(plot, diagnosis))
        } else if let Some(why) = skipped(number, plot, transcript) {
            (ChapterState::Skipped, format!("skipped: {why}"))
        } else if failed.is_some_and(|failed| number > failed)
            && !is_over_before_break(last_step, number, plot)
        {
            (ChapterState::NotReached, "not reached".to_owned())
        } else if first_step.is_some() || diagnosis.verdict == Verdict::Accepted {
            (ChapterState::Done, done_note(number, plot, transcript))
        } else if failed.is_some() {
            // Before the break and without a trace: it went well enough for what followed.
            (ChapterState::Done, "not seen".to_owned())
        } else {
            (ChapterState::NotReached, "not seen".to_owned())
        };
        Chapter {
            number,
            is_likely: state == ChapterState::Failed
                && diagnosis
                    .causes
                    .first()
                    .is_some_and(|cause| cause.certainty == Certainty::Possible),
            title: TITLES.get(index).copied().unwrap_or_default(),
            note,
            state,
            first_step,
            last_step,
        }
    })
}

/// A later chapter that had already happened: the wire can spoil an earlier message after that.
fn is_over_before_break(last_step: Option<usize>, number: u8, plot: &Plot) -> bool {
    number < 6 && last_step.is_some_and(|last| plot.break_at.is_some_and(|at| last < at))
}

fn failed_chapter(plot: &Plot, diagnosis: &Diagnosis) -> Option<u8> {
    match diagnosis.verdict {
        Verdict::Rejected | Verdict::Unfinished => Some(
            plot.break_at
                .and_then(|step| plot.scenes.get(step))
                .map_or(1, |scene| scene.chapter),
        ),
        Verdict::Accepted | Verdict::Unknown => None,
    }
}

/// Why a chapter cannot happen in this handshake.
fn skipped(number: u8, plot: &Plot, transcript: &Transcript) -> Option<&'static str> {
    if !(3..=5).contains(&number) {
        return None;
    }
    // Known only once the server has said all that it has to say.
    let is_server_done = transcript.messages.iter().any(|message| {
        message.side == Side::Server
            && matches!(message.kind, MessageKind::Finished | MessageKind::ServerHelloDone)
    });
    if !is_server_done {
        return None;
    }
    if transcript.resumed == Some(true) {
        return Some("resumed");
    }
    if number == 3 {
        return None;
    }
    if !plot.is_certificate_requested {
        return Some("nobody asked");
    }
    let is_declined = transcript.messages.iter().any(|message| {
        message.side == Side::Client
            && matches!(&message.body, Body::Certificate(certificate) if certificate.chain.is_empty())
    });
    (number == 5 && is_declined).then_some("none sent")
}

fn failure_note(plot: &Plot, diagnosis: &Diagnosis) -> String {
    if let Some(cause) = diagnosis.causes.first() {
        return cause_words(cause.id, cause.certainty == Certainty::Possible);
    }
    match plot
        .break_at
        .and_then(|step| plot.scenes.get(step))
        .map(|scene| &scene.what)
    {
        Some(Happening::Moment(moment)) => moment.title.to_owned(),
        Some(Happening::Verification(_)) => "refused".to_owned(),
        _ => "broke off".to_owned(),
    }
}

fn done_note(number: u8, plot: &Plot, transcript: &Transcript) -> String {
    match number {
        1 => {
            let size = plot
                .scenes
                .iter()
                .filter_map(|scene| scene.flight())
                .find(|flight| flight.from == Side::Client)
                .map_or_else(String::new, |flight| bytes(flight.wire_bytes));
            let is_retried = transcript
                .messages
                .iter()
                .any(|message| message.kind == MessageKind::HelloRetryRequest);
            if is_retried {
                format!("{size} · retried")
            } else {
                size
            }
        }
        2 => transcript
            .version
            .map_or_else(|| "answered".to_owned(), |version| version.to_string()),
        3 => checks_note(Side::Client, plot),
        4 => leaf_name(Side::Client, transcript).unwrap_or_else(|| {
            // A flight that stayed shut is not an empty one.
            let is_shut = transcript.first(MessageKind::Certificate, Side::Client).is_none()
                && transcript.first(MessageKind::Encrypted, Side::Client).is_some();
            if is_shut {
                "hidden (encrypted)"
            } else {
                "none sent"
            }
            .to_owned()
        }),
        5 => checks_note(Side::Server, plot),
        _ => transcript
            .cipher_suite
            .map_or_else(|| "connected".to_owned(), |suite| cipher(&suite.name())),
    }
}

/// `8 of 8 checks`.
fn checks_note(judge: Side, plot: &Plot) -> String {
    plot.scenes
        .iter()
        .find_map(|scene| match &scene.what {
            Happening::Verification(verification) if verification.judge == judge => {
                Some(match (verification.total, verification.is_accepted) {
                    (0, true) => "accepted".to_owned(),
                    (0, false) => "undecided".to_owned(),
                    _ if verification.is_trust_unknown => "trust not known".to_owned(),
                    (total, _) => format!("{} of {total} checks", verification.passed),
                })
            }
            _ => None,
        })
        .unwrap_or_else(|| "not seen".to_owned())
}

#[cfg(test)]
mod tests;
