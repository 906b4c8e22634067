//! Every built-in scenario, recorded once: what is said of it, whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mtlscope::analysis::Analysis;
use mtlscope::scenario;
use mtlscope::session::load;

use crate::digest;
use crate::each::Each;
use crate::text::{self, written};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions")
}

/// One of them.
pub fn one(name: &str) -> Analysis {
    let path = folder().join(format!("{name}.ron"));
    Analysis::of(load(&path).unwrap_or_else(|error| panic!("{error}")).capture)
}

/// All of them, by their names.
pub fn all() -> BTreeMap<String, Analysis> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).expect("the sessions") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let session = load(&path).unwrap_or_else(|error| panic!("{error}"));
        all.insert(name, Analysis::of(session.capture));
    }
    all
}

#[test]
fn every_scenario_is_recorded() {
    for scenario in scenario::all() {
        let path = folder().join(format!("{}.ron", scenario.id));
        assert!(
            path.exists(),
            "record it: mtlscope lab --scenario {} --save {}",
            scenario.id,
            path.display()
        );
    }
}

/// What was found, and why, what mends it, and how it is told.
#[test]
fn answers() {
    let mut each = Each::default();
    let all = all();
    let lenses = all
        .values()
        .filter_map(|analysis| analysis.diagnosis.withhold.as_ref());
    each.holds("rules", &written(|text| text::rules(text, lenses)));
    for (name, analysis) in all {
        let text = written(|text| {
            text::diagnosis(text, &analysis);
            text::warned(text, analysis.warned());
            text::paths(text, analysis.paths());
            text::story(text, &analysis.story);
        });
        each.holds(&format!("session-{name}"), &text);
    }
    each.end();
}

/// The remedies of what is warned of, which `answers` has tags of alone.
#[test]
fn warnings() {
    let mut texts = Vec::new();
    for (name, analysis) in all() {
        texts.push((name, written(|text| text::warned_whole(text, analysis.warned()))));
    }
    digest::holds("warned", &texts);
}

#[test]
fn transcripts() {
    let mut texts = Vec::new();
    for (name, analysis) in all() {
        texts.push((name, written(|text| text::transcript(text, &analysis.transcript))));
    }
    digest::holds("transcript", &texts);
}
