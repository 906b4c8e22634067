//! Chapters, steps and rows.

use mtlscope::capture::Side;
use mtlscope::diagnose::CauseId;
use mtlscope::story::{Chapter, Row, RowKind, Step, Story};

use super::Text;

/// Chapters, steps, rows, keys and beliefs.
pub fn story(text: &mut Text, found: &Story) {
    let Story {
        chapters,
        steps,
        rows,
        bands,
        beliefs,
        two_truths,
        integrity,
    } = found;
    for Chapter {
        number,
        title,
        note,
        is_likely,
        state,
        first_step,
        last_step,
    } in chapters
    {
        text.line(format!(
            "chapter {number} {title} {state:?} likely {is_likely}, steps {first_step:?} to {last_step:?}: {note}"
        ));
    }
    for (
        Step {
            chapter,
            side,
            title,
            caption,
            explanation,
            at_us,
        },
        Row { kind, is_break },
    ) in steps.iter().zip(rows)
    {
        text.line(format!("step {chapter} {} {at_us} us {title}", side.word()));
        text.below(|text| {
            text.line(caption);
            text.line(explanation);
            text.line(format!("{} break {is_break}", row(kind)));
        });
    }
    for band in bands {
        text.line(format!("band {} {:?}", band.keys.word(), band.rows));
    }
    for who in Side::BOTH {
        for span in beliefs.of(who) {
            text.line(format!(
                "the {} believes {:?} from step {}, {} us",
                who.word(),
                span.belief,
                span.from_step,
                span.from_us
            ));
        }
    }
    text.line(format!("two truths {two_truths:?}, {} rows", rows.len()));
    if let Some(integrity) = integrity {
        text.line(format!("changed byte {:?}", integrity.lines()));
    }
}

fn row(kind: &RowKind) -> String {
    match kind {
        RowKind::Flight {
            from,
            messages,
            is_alert,
            is_lost,
        } => format!(
            "flight of the {} {messages:?} alert {is_alert} lost {is_lost}",
            from.word()
        ),
        RowKind::Verification {
            judge,
            passed,
            total,
            refused_for,
            is_likely,
            is_accepted,
            matrix,
            took_us,
        } => format!(
            "the {} judges {passed} of {total}, refused for {:?}, likely {is_likely}, accepted {is_accepted}, rows {matrix:?}, \
             {took_us:?} us",
            judge.word(),
            refused_for.map(CauseId::word)
        ),
        RowKind::Moment { side, is_failure } => format!("moment of the {} failure {is_failure}", side.word()),
    }
}
