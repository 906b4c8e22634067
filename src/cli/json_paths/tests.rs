//! Paths in words: so many, and how many more there are.

use super::*;
use crate::diagnose::{
    CandidatePath, CertificateRef, DropReason, Dropped, NearMissKind, PathStep, StepFrom, Whereabouts,
};

fn place() -> Whereabouts {
    Whereabouts {
        from: StepFrom::Sent,
        side: None,
        slot: None,
        file: None,
    }
}

fn path(names: &[&str], outcome: PathOutcome) -> CandidatePath {
    let step = |name: &&str| PathStep {
        certificate: None,
        name: (*name).to_owned(),
        from: place(),
        is_bad: false,
        link_to_next: None,
    };
    CandidatePath {
        steps: names.iter().map(step).collect(),
        outcome,
    }
}

fn dropped(words: &str) -> PathOutcome {
    PathOutcome::Dropped(Dropped {
        why: DropReason::NotSent,
        step: 0,
        words: words.to_owned(),
    })
}

fn miss(words: &str) -> NearMiss {
    let reference = CertificateRef {
        sha256: String::new(),
        subject: String::new(),
    };
    NearMiss {
        kind: NearMissKind::SimilarName,
        child: reference.clone(),
        child_name: String::new(),
        candidate: reference,
        candidate_name: String::new(),
        candidate_from: place(),
        words: words.to_owned(),
        same: Vec::new(),
        differs: Vec::new(),
    }
}

#[test]
fn four_paths_are_told_and_the_others_are_counted() {
    let told = |count: usize, more: usize| {
        of_side(&PathReport {
            paths: (0..count)
                .map(|at| path(&["leaf", &format!("ca{at}")], dropped("gone")))
                .collect(),
            more,
            ..PathReport::default()
        })
    };
    let lines =
        |count: usize| -> Vec<String> { (0..count).map(|at| format!("leaf → ca{at}: gone")).collect() };
    for (count, more, ending) in [
        (1, 0, None),
        (4, 0, None),
        (4, 1, Some("and 1 more.")),
        (5, 0, Some("and 1 more.")),
        (6, 3, Some("and 5 more.")),
    ] {
        let mut wanted = lines(count.min(4));
        wanted.extend(ending.map(str::to_owned));
        assert_eq!(told(count, more), wanted, "{count} {more}");
    }
}

#[test]
fn what_is_not_known_is_not_told_and_what_nearly_fits_comes_last() {
    let report = |paths: Vec<CandidatePath>, near_misses: Vec<NearMiss>| PathReport {
        paths,
        near_misses,
        ..PathReport::default()
    };
    let taken = || path(&["leaf", "root"], PathOutcome::Taken);
    let unknown = || path(&["leaf", "who"], PathOutcome::NotKnown);
    let nothing: [&str; 0] = [];
    assert_eq!(of_side(&report(vec![], vec![])), nothing);
    assert_eq!(of_side(&report(vec![taken()], vec![])), nothing);
    assert_eq!(of_side(&report(vec![unknown()], vec![])), nothing);
    assert_eq!(
        of_side(&report(vec![taken()], vec![miss("a"), miss("b")])),
        [
            "leaf → root: taken",
            "Looks right, is not: a",
            "Looks right, is not: b"
        ]
    );
    assert_eq!(
        of_side(&report(
            vec![taken(), unknown(), path(&["leaf"], dropped("why"))],
            vec![]
        )),
        ["leaf → root: taken", "leaf: why"]
    );
}
