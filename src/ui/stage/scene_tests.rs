//! A scene at every place of the playhead: what has happened, where keys lie, what room the rows take.

use std::sync::Arc;

use super::model::{ItemKind, Scene};
use crate::analysis::Analysis;
use crate::decode::Protection;
use crate::state::{Document, State};

fn stage(name: &str) -> (State, Arc<Analysis>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions")
        .join(format!("{name}.ron"));
    let session = crate::session::load(&path).expect("a session");
    let analysis = Arc::new(Analysis::of(session.capture));
    let mut state = State::default();
    state.playback.at_end_of(analysis.story.steps.len());
    state
        .documents
        .push(Document::new(String::new(), String::new(), Arc::clone(&analysis)));
    state.active = Some(0);
    (state, analysis)
}

#[test]
fn the_row_at_the_playhead_is_under_way_and_those_before_have_happened() {
    let (mut state, analysis) = stage("good-tls13");
    state.playback.seek(2.31);
    let scene = Scene::new(&analysis, &state);
    assert_eq!(scene.rows.len(), 3);
    let progress: Vec<f32> = (0..3).map(|row| scene.progress_of(row)).collect();
    assert!(progress[0] >= 1.0 && progress[1] >= 1.0, "{progress:?}");
    assert!((progress[2] - 0.5).abs() < 0.01, "{progress:?}");
    state.playback.seek(2.0);
    let scene = Scene::new(&analysis, &state);
    assert!(scene.progress_of(1) >= 1.0, "whole steps have happened");
}

#[test]
fn bands_lie_over_rows_that_have_begun_and_no_others() {
    for name in ["good-tls12", "good-tls13", "root-rotated"] {
        let (mut state, analysis) = stage(name);
        for step in 0..=analysis.story.steps.len() {
            state.playback.seek(step as f32);
            let scene = Scene::new(&analysis, &state);
            let bands: Vec<(Protection, usize, usize)> = scene.bands().collect();
            let all = analysis.story.bands.iter();
            let expected: Vec<(Protection, usize, usize)> = all
                .filter(|band| band.rows.start < step)
                .map(|band| (band.keys, band.rows.start, band.rows.end.min(step) - 1))
                .collect();
            assert_eq!(bands, expected, "{name} at {step}");
        }
    }
}

#[test]
fn only_an_open_row_has_room_for_its_messages() {
    let (mut state, analysis) = stage("good-tls13");
    let rows = Scene::new(&analysis, &state).rows.len();
    for open in 0..rows {
        state.open_rows = [open].into();
        let scene = Scene::new(&analysis, &state);
        for (row, (shape, item)) in scene.shapes().iter().zip(&scene.rows).enumerate() {
            let messages = if row == open { item.messages.len() } else { 0 };
            assert_eq!(shape.open_messages, messages, "row {row} with {open} open");
            assert_eq!(
                shape.is_capsule,
                matches!(item.kind, ItemKind::Capsule { .. }),
                "row {row}"
            );
        }
    }
}
