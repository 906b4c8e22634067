//! What each side believes, and the window in which the two believe different things.

use super::figures::duration;
use super::plot::Plot;
use super::types::{Belief, BeliefSpan};
use crate::capture::{PerSide, Side};
use crate::decode::{MessageKind, Transcript};
use crate::diagnose::{Diagnosis, Verdict};

/// One side believed itself connected while the other had refused, or never got so far.
#[derive(Clone, Debug)]
pub(super) struct TwoTruths {
    /// Who was wrong.
    pub believer: Side,
    /// When it learned better; `None` if it never did.
    pub until_us: Option<u64>,
    /// `the client believed it was connected for 0.28 ms`.
    pub words: String,
}

/// The beliefs of both sides over the steps.
pub(super) fn beliefs(
    plot: &Plot,
    transcript: &Transcript,
    diagnosis: &Diagnosis,
) -> PerSide<Vec<BeliefSpan>> {
    PerSide {
        client: beliefs_of(Side::Client, plot, transcript, diagnosis),
        server: beliefs_of(Side::Server, plot, transcript, diagnosis),
    }
}

fn beliefs_of(side: Side, plot: &Plot, transcript: &Transcript, diagnosis: &Diagnosis) -> Vec<BeliefSpan> {
    let Some(first) = plot.scenes.first() else {
        return Vec::new();
    };
    let mut spans = vec![BeliefSpan {
        belief: Belief::Handshaking,
        from_step: 0,
        from_us: first.at_us,
    }];
    let ending = diagnosis.endings.of(side);
    if let Some(at_us) = ending.connected_at_us {
        let mut step = plot.scene_at(at_us).unwrap_or(0);
        // A side that ends the handshake believes itself connected as it writes its Finished: the row that carries it
        // may arrive a moment later.
        if let Some(finished) = finished_scene(side, plot, transcript)
            && finished > step
            && plot
                .scenes
                .iter()
                .take(finished)
                .skip(step + 1)
                .all(|scene| scene.side() == side)
        {
            step = finished;
        }
        push(&mut spans, Belief::Connected, step, at_us);
    }
    let last_us = plot.scenes.last().map_or(0, |scene| scene.at_us);
    let end_us = ending.ended_at_us.unwrap_or(last_us);
    let step = plot.scene_at(end_us).unwrap_or(0);
    match ending.verdict {
        Verdict::Rejected | Verdict::Unfinished => push(&mut spans, Belief::Failed, step, end_us),
        Verdict::Accepted if ending.ended_at_us.is_some() => push(&mut spans, Belief::Closed, step, end_us),
        Verdict::Accepted | Verdict::Unknown => {}
    }
    spans
}

/// Adds a span; steps never run backwards.
fn push(spans: &mut Vec<BeliefSpan>, belief: Belief, from_step: usize, from_us: u64) {
    let earliest = spans.last().map_or(0, |span| span.from_step);
    spans.push(BeliefSpan {
        belief,
        from_step: from_step.max(earliest),
        from_us,
    });
}

fn finished_scene(side: Side, plot: &Plot, transcript: &Transcript) -> Option<usize> {
    transcript
        .messages
        .iter()
        .position(|message| message.side == side && message.kind == MessageKind::Finished)
        .and_then(|message| plot.scene_of_message(message))
}

/// The window in which the two sides believed different things; `None` where they agreed at the end.
pub(super) fn two_truths(diagnosis: &Diagnosis, plot: &Plot) -> Option<TwoTruths> {
    if diagnosis.verdict == Verdict::Accepted {
        return None;
    }
    Side::BOTH.into_iter().find_map(|believer| {
        let ending = diagnosis.endings.of(believer);
        let peer = diagnosis.endings.of(believer.peer());
        let connected_at_us = ending.connected_at_us?;
        if peer.connected_at_us.is_some() || !matches!(peer.verdict, Verdict::Rejected | Verdict::Unfinished)
        {
            return None;
        }
        let has_learned = matches!(ending.verdict, Verdict::Rejected | Verdict::Unfinished);
        let until_us = ending.ended_at_us.filter(|_| has_learned);
        // Learning happens where the news arrives: what follows on the stage is the row's own time.
        let until_us = until_us.map(|at_us| {
            plot.scene_at(at_us)
                .and_then(|step| plot.scenes.get(step))
                .filter(|scene| scene.side() != believer && scene.at_us > connected_at_us)
                .map_or(at_us, |scene| scene.at_us)
        });
        let words = match until_us {
            Some(until_us) => format!(
                "the {} believed it was connected for {}",
                believer.word(),
                duration(until_us.saturating_sub(connected_at_us))
            ),
            None => format!(
                "the {} believed it was connected to the very end",
                believer.word()
            ),
        };
        Some(TwoTruths {
            believer,
            until_us,
            words,
        })
    })
}
