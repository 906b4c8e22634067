//! Held against `serde_json` and the gate that everything else passes.

use serde_json::json;

use super::*;
use crate::cli::output::json_escaped;

fn written(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    append(&mut out, value).expect("it can be said");
    String::from_utf8(out).expect("text")
}

fn by_the_library(value: &impl Serialize) -> String {
    json_escaped(&serde_json::to_string(value).expect("JSON")).into_owned()
}

#[test]
fn every_character_is_written_as_the_library_writes_it() {
    let all: Vec<char> = ('\0'..='\u{3000}')
        .chain('\u{fe00}'..='\u{1f700}')
        .chain('\u{e0000}'..='\u{e1000}')
        .collect();
    for character in &all {
        for before in [0, 8] {
            let value = format!("{}{character}abcdefghi{character}", "x".repeat(before));
            assert_eq!(written(&value), by_the_library(&value), "{character:?}");
        }
    }
    let together: String = all.iter().collect();
    assert_eq!(written(&together), by_the_library(&together));
}

#[test]
fn every_form_is_written_as_the_library_writes_it() {
    #[derive(Serialize)]
    struct Inner {
        empty: [u8; 0],
        pair: (u8, &'static str),
        letter: char,
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<u8>,
    }
    #[derive(Serialize)]
    enum Kind {
        Plain,
        Of(i64),
    }
    #[derive(Serialize)]
    struct Outer {
        before: Option<bool>,
        #[serde(flatten)]
        inner: Inner,
        kinds: Vec<Kind>,
        numbers: Vec<u64>,
        signed: Vec<i64>,
        value: serde_json::Value,
    }
    let value = Outer {
        before: None,
        inner: Inner {
            empty: [],
            pair: (255, "\u{202e}"),
            letter: '\u{7f}',
            absent: None,
        },
        kinds: vec![Kind::Plain, Kind::Of(-1)],
        numbers: vec![0, 9, 10, 99, 100, u64::MAX],
        signed: vec![0, -9, i64::MIN, i64::MAX],
        value: json!({ "a\"\u{85}": [1, {}, [], null, true, "–"], "": {"b": {"c": [[]]}} }),
    };
    assert_eq!(written(&value), by_the_library(&value));
}

#[test]
fn what_cannot_be_said_leaves_nothing() {
    let mut out = b"before".to_vec();
    let keyed_by_a_pair = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert!(append(&mut out, &[("a", keyed_by_a_pair)]).is_err());
    assert_eq!(out, b"before");
}
