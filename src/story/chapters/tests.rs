//! How each chapter ended, for every place in which a handshake may break.

use super::chapters;
use crate::capture::{PerSide, Side};
use crate::decode::Transcript;
use crate::diagnose::{ChainView, Diagnosis, Ending, Verdict};
use crate::story::moments::Moment;
use crate::story::plot::{Happening, Plot, Scene};
use crate::story::types::ChapterState;

/// The six states as letters: `d`one, `F`ailed, `n`ot reached, `s`kipped; and the chapters without a trace that count as done.
fn told(of_scenes: &[u8], break_at: Option<usize>, verdict: Verdict) -> (String, Vec<u8>) {
    let scenes = of_scenes.iter().enumerate().map(|(at, chapter)| Scene {
        what: Happening::Moment(Moment {
            is_failure: true,
            side: Side::Client,
            at_us: at as u64,
            title: "gave up",
            caption: String::new(),
            explanation: "",
        }),
        at_us: at as u64,
        chapter: *chapter,
    });
    let plot = Plot {
        scenes: scenes.collect(),
        break_at,
        is_certificate_requested: true,
    };
    let ending = || Ending {
        verdict,
        error: None,
        connected_at_us: None,
        ended_at_us: None,
    };
    let diagnosis = Diagnosis {
        verdict,
        endings: PerSide {
            client: ending(),
            server: ending(),
        },
        causes: Vec::new(),
        matrix: Vec::new(),
        chains: PerSide::<ChainView>::default(),
        records: PerSide::default(),
        proofs: Vec::new(),
        withhold: None,
        turned_away: None,
    };
    let found = chapters(&plot, &Transcript::default(), &diagnosis);
    for chapter in &found {
        let of_it = || (0..of_scenes.len()).filter(|at| of_scenes[*at] == chapter.number);
        assert_eq!(
            (chapter.first_step, chapter.last_step),
            (of_it().next(), of_it().next_back())
        );
        let is_broken = matches!(verdict, Verdict::Rejected | Verdict::Unfinished);
        let is_late = chapter.state == ChapterState::NotReached && is_broken;
        assert_eq!(is_late, chapter.note == "not reached", "{chapter:?}");
    }
    let letters = found.iter().map(|chapter| match chapter.state {
        ChapterState::Done => 'd',
        ChapterState::Failed => 'F',
        ChapterState::NotReached => 'n',
        ChapterState::Skipped => 's',
    });
    let unseen = found
        .iter()
        .filter(|chapter| chapter.state == ChapterState::Done && chapter.first_step.is_none());
    (letters.collect(), unseen.map(|chapter| chapter.number).collect())
}

#[test]
fn what_came_before_a_break_is_done_and_the_secure_channel_never() {
    use Verdict::{Accepted, Rejected, Unfinished, Unknown};
    for (scenes, break_at, states) in [
        (&[1, 2, 3, 4, 5][..], 4, "ddddFn"),
        (&[1, 2, 3, 4, 5, 6], 5, "dddddF"),
        (&[1, 2, 3], 2, "ddFnnn"),
        (&[1], 0, "Fnnnnn"),
        // What the client said in the channel before it was refused was never heard: there was no channel.
        (&[1, 2, 3, 4, 6, 5], 5, "ddddFn"),
        (&[1, 2, 6, 3], 3, "ddFnnn"),
        // Later chapters that had happened already are over: the wire can spoil an earlier message after that.
        (&[1, 2, 4, 5, 3], 4, "ddFddn"),
        (&[1, 2, 4, 3], 3, "ddFdnn"),
        // Not where they go on after the break, nor where they only begin then.
        (&[1, 2, 4, 3, 4], 3, "ddFnnn"),
        (&[1, 2, 3, 4, 5], 2, "ddFnnn"),
        (&[1, 2, 6, 5, 4, 3], 5, "ddFddn"),
    ] {
        for verdict in [Rejected, Unfinished] {
            assert_eq!(
                told(scenes, Some(break_at), verdict),
                (states.to_owned(), vec![]),
                "{scenes:?}, broken at {break_at}"
            );
        }
        // Nothing broke: all that was seen is done, and all of it where both were satisfied.
        assert_eq!(told(scenes, None, Accepted).0, "dddddd", "{scenes:?}");
        let seen: String = (1..=6)
            .map(|chapter| if scenes.contains(&chapter) { 'd' } else { 'n' })
            .collect();
        assert_eq!(told(scenes, None, Unknown), (seen, vec![]), "{scenes:?}");
    }
    // What left no trace before the break went well enough for what followed.
    assert_eq!(
        told(&[1, 6], Some(1), Rejected),
        ("dddddF".to_owned(), vec![2, 3, 4, 5])
    );
    // A refusal of which nothing is to be seen.
    assert_eq!(told(&[], None, Rejected).0, "Fnnnnn");
}
