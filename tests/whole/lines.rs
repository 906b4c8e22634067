//! Log lines: who spoke, what was heard, and every candidate in its order with its grounds.

use std::collections::BTreeSet;
use std::path::Path;

use mtlscope::diagnose::{Candidate, Heard, LineReading, LogReading, Speaker, read_log};

use crate::digest;
use crate::text::{Text, tag, written};

fn reading(text: &mut Text, found: &LogReading) {
    let LogReading {
        heard,
        speaker,
        candidates,
        lines,
    } = found;
    said(text, heard, speaker, candidates);
    for LineReading {
        number,
        speaker,
        heard,
        candidates,
    } in lines
    {
        text.line(format!("line {number}"));
        text.below(|text| said(text, heard, speaker, candidates));
    }
}

fn said(text: &mut Text, heard: &[Heard], speaker: &Speaker, candidates: &[Candidate]) {
    let Speaker {
        side,
        why,
        role,
        stack,
        library,
    } = speaker;
    text.line(format!(
        "speaker {side:?} {role:?} {stack:?} {library:?} because {why:?}: {}",
        speaker.sentence()
    ));
    for Heard { range, stack, words } in heard {
        text.line(format!("heard {range:?} {stack:?} {words}"));
    }
    for one in candidates {
        let variant = variant(one);
        text.line(format!(
            "{} {} {} {}",
            one.likelihood.word(),
            one.id.word(),
            tag(&variant),
            one.why
        ));
    }
}

/// What is the same for many lines: title, check and mend.
fn variant(one: &Candidate) -> String {
    let mend = one.mend.join(" ; ");
    let words = format!("{} | {} | {mend}", one.title, one.check);
    words.replace('\n', "\\n")
}

/// Every variant that was told, once, with its tag.
fn variants(text: &mut Text, readings: &[LogReading]) {
    let mut all = BTreeSet::new();
    for one in readings.iter().flat_map(|reading| &reading.candidates) {
        let words = variant(one);
        all.insert(format!("{} {} {words}", one.id.word(), tag(&words)));
    }
    for words in all {
        text.line(words);
    }
}

/// The column of every row of a table.
fn column(file: &str, at: usize) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(file);
    let table = std::fs::read_to_string(path).expect("the lines");
    let rows = table.lines().skip(1).filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split('\t').nth(at).map(str::to_owned))
        .collect()
}

fn told(lines: impl IntoIterator<Item = String>) -> String {
    written(|text| {
        let mut readings = Vec::new();
        for line in lines {
            text.line(line.replace('\n', "\\n"));
            let found = read_log(&line);
            text.below(|text| reading(text, &found));
            readings.push(found);
        }
        variants(text, &readings);
    })
}

#[test]
fn lines_of_the_table() {
    insta::assert_snapshot!(told(column("log-lines.tsv", 3)));
}

#[test]
fn lines_of_the_field() {
    insta::assert_snapshot!(told(column("field/lines.tsv", 2)));
}

/// Lines of several stacks in one text: each is read by itself.
#[test]
fn texts_of_many_lines() {
    let lines = column("log-lines.tsv", 3);
    let mut texts = Vec::new();
    for (number, some) in lines.chunks(16).enumerate() {
        texts.push((format!("from {}", 16 * number), told([some.join("\n")])));
    }
    digest::holds("lines", &texts);
}
