//! So much is told, the rest is counted.

use std::path::PathBuf;

use super::*;
use crate::pki::{LoadError, LoadNote, Sorted as Parts};
use crate::stack::Stack;

fn offer(path: Option<&str>) -> Offer {
    match path {
        Some(path) => Offer::File(PathBuf::from(path)),
        None => Offer::Text(String::new()),
    }
}

fn note(number: usize) -> LoadNote {
    LoadNote {
        line: None,
        what: format!("remark {number}"),
        refused_by: if number == 1 { &[Stack::Go] } else { &[] },
        mend: None,
    }
}

/// What it was found to be, how many remarks, its file; and what is told.
type Case<'a> = (&'a [&'a str], usize, Option<&'a str>, &'a [&'a str]);

#[test]
fn remarks_on_a_file_are_told_up_to_a_bound() {
    let plain = "PEM text: 1 certificate";
    let store = "a PKCS#12 container: 1 private key";
    let first = "is a PKCS#12 container: 1 private key.";
    let cases: &[Case<'_>] = &[
        (&[], 0, Some("/a.pem"), &[]),
        (&[plain], 0, Some("/a.pem"), &[]),
        (&["DER: 1 certificate"], 0, None, &[]),
        (
            &[store],
            0,
            Some("/a.p12"),
            &["a.p12 is a PKCS#12 container: 1 private key."],
        ),
        (
            &[store, plain],
            0,
            None,
            &["The pasted text is a PKCS#12 container: 1 private key."],
        ),
        (&[plain], 1, Some("/a.pem"), &["a.pem: remark 1; Go refuses it."]),
        (
            &[plain],
            2,
            None,
            &[
                "The pasted text: remark 1; Go refuses it.",
                "The pasted text: remark 2.",
            ],
        ),
        (
            &[store],
            3,
            Some("/a.p12"),
            &[
                "a.p12 is a PKCS#12 container: 1 private key.",
                "Remark 1; Go refuses it.",
                "Remark 2.",
                "Remark 3.",
            ],
        ),
        (
            &[plain],
            4,
            Some("/a.pem"),
            &[
                "a.pem: remark 1; Go refuses it.",
                "a.pem: remark 2.",
                "a.pem: remark 3.",
                "And 1 more remarks.",
            ],
        ),
        (
            &[plain],
            9,
            Some("/a.pem"),
            &[
                "a.pem: remark 1; Go refuses it.",
                "a.pem: remark 2.",
                "a.pem: remark 3.",
                "And 6 more remarks.",
            ],
        ),
    ];
    assert!(cases[3].3[0].ends_with(first));
    for (recognised, notes, path, wanted) in cases {
        let bundle = Bundle {
            recognised: recognised.iter().map(|line| (*line).to_owned()).collect(),
            notes: (1..=*notes).map(note).collect(),
            ..Bundle::default()
        };
        let sorted = with_remarks(&bundle, &offer(*path), Sorted::Refuse("inside".to_owned()));
        let (told, inside) = match sorted {
            Sorted::Told(told, inside) => (told, *inside),
            sorted => (Vec::new(), sorted),
        };
        assert_eq!(told, *wanted, "{recognised:?}, {notes}");
        assert!(matches!(inside, Sorted::Refuse(words) if words == "inside"));
    }
}

#[test]
fn of_a_folder_what_is_of_no_use_is_counted_and_what_is_broken_is_named() {
    let leftover = |reason, number: usize| LoadError {
        place: format!("{number}.pem"),
        what: "it is cut".to_owned(),
        mend: "copy it again".to_owned(),
        reason,
    };
    let cut = |number| format!("{number}.pem: it is cut; copy it again.");
    for (foreign, broken, stopped_by, wanted) in [
        (0, 0, None, vec![]),
        (1, 0, None, vec!["1 other file holds nothing of use.".to_owned()]),
        (2, 0, None, vec!["2 other files hold nothing of use.".to_owned()]),
        (0, 3, None, vec![cut(1), cut(2), cut(3)]),
        (
            1,
            4,
            Some("it has more than 10 files"),
            vec![
                "1 other file holds nothing of use.".to_owned(),
                cut(1),
                cut(2),
                cut(3),
                "And 1 more that cannot be read.".to_owned(),
                "It has more than 10 files.".to_owned(),
            ],
        ),
    ] {
        let foreign = (0..foreign).map(|number| leftover(LoadReason::Foreign, 100 + number));
        let broken = (1..=broken).map(|number| leftover(LoadReason::Other, number));
        let folder = Folder {
            bundle: Bundle::default(),
            recognised: Vec::new(),
            leftovers: foreign.chain(broken).collect(),
            closed: Vec::new(),
            stopped_by: stopped_by.map(str::to_owned),
        };
        let found = Found {
            name: "certs",
            sorted: Parts::default(),
            meant_for: None,
        };
        assert_eq!(of_folder(&folder, &found), wanted);
    }
}
