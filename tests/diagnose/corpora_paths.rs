//! Path building over chains that nobody here made: Chromium's path builder files, path for path, and all of x509-limbo, where
//! a path is told as taken exactly where rustls takes one.
//!
//! The files are not part of this repository: they are read where `MTLSCOPE_CORPORA` points.

use crate::support::chains::moment;
use crate::support::machine;
use std::path::{Path, PathBuf};

use mtlscope::capture::{AtHand, Der, Side, Slot, Trust};
use mtlscope::diagnose::{DropReason, NearMissKind, PathOutcome, PathReport, PathsInput, paths};
use mtlscope::pki::read_text;
use mtlscope::source::oracle;

/// 2017-01-01, when all of Chromium's files are valid but for those that a test makes otherwise.
const IN_2017: i64 = 1_483_228_800;

/// The folder of the corpora; `None`, said aloud, where there is none. In CI there must be one.
fn corpora() -> Option<PathBuf> {
    machine::corpora("the paths of the corpora")
}

fn certificates(text: &str) -> Vec<Der> {
    let Ok(bundle) = read_text(text) else {
        return Vec::new();
    };
    bundle
        .certificates
        .into_iter()
        .map(|certificate| certificate.der)
        .collect()
}

/// Chromium's files of one folder, each with one certificate.
struct Folder(PathBuf);

impl Folder {
    fn open(root: &Path, name: &str) -> Self {
        Self(root.join("chromium-verify/path_builder_unittest").join(name))
    }

    fn der(&self, name: &str) -> Der {
        let path = self.0.join(format!("{name}.pem"));
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        certificates(&text).first().cloned().expect("a certificate")
    }

    fn ders(&self, names: &[&str]) -> Vec<Der> {
        names.iter().map(|name| self.der(name)).collect()
    }

    /// The report, and that rustls agrees with it.
    fn report(&self, sent: &[&str], roots: &[&str], known: &[&str], clock_unix_s: i64) -> PathReport {
        let hand: Vec<AtHand> = known
            .iter()
            .enumerate()
            .map(|(entry, name)| AtHand {
                side: None,
                slot: Slot::Known,
                file: Some(format!("{name}.pem")),
                entry,
                line: None,
                within: None,
                wrapping: None,
                der: self.der(name),
            })
            .collect();
        report(
            &self.ders(sent),
            &self.ders(roots),
            &hand,
            Side::Client,
            clock_unix_s,
        )
    }
}

fn report(chain: &[Der], roots: &[Der], hand: &[AtHand], judge: Side, clock_unix_s: i64) -> PathReport {
    // No name: what is asked of the leaf once there is a path is no part of building one.
    let trust = Trust {
        roots: roots.to_vec(),
        clock_unix_s,
        ..Trust::default()
    };
    let report = paths(&PathsInput {
        chain,
        trust: Some(&trust),
        judge,
        at_hand: hand,
        clock_unix_s,
    });
    let verdict = oracle::judge(chain, &trust, judge);
    assert_eq!(
        report.paths.iter().any(|path| path.outcome == PathOutcome::Taken),
        verdict.is_ok(),
        "rustls: {verdict:?}; ours: {:#?}",
        outcomes(&report)
    );
    report
}

/// Each path as `A > B > C`, by the first word of each name, with its outcome.
fn outcomes(report: &PathReport) -> Vec<(String, &'static str)> {
    report
        .paths
        .iter()
        .map(|path| {
            let names: Vec<&str> = path
                .steps
                .iter()
                .map(|step| step.name.split(' ').next().unwrap_or_default())
                .collect();
            let outcome = match &path.outcome {
                PathOutcome::Taken => "taken",
                PathOutcome::Dropped(dropped) => dropped.why.word(),
                PathOutcome::NotKnown => "not-known",
            };
            (names.join(" > "), outcome)
        })
        .collect()
}

fn told(list: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    list.iter()
        .map(|(path, outcome)| ((*path).to_owned(), *outcome))
        .collect()
}

/// Four CAs that cross-sign each other below two roots (RFC 4158 §2.3): A by B; B by C and F; C by D and E; F by E.
#[test]
fn every_path_through_the_multi_root_mesh() {
    let Some(root) = corpora() else { return };
    let folder = Folder::open(&root, "");
    let mesh = [
        "multi-root-A-by-B",
        "multi-root-B-by-C",
        "multi-root-B-by-F",
        "multi-root-C-by-D",
        "multi-root-C-by-E",
        "multi-root-F-by-E",
    ];
    // The leaf begins in March 2017.
    let clock = 1_490_000_000;
    let both = folder.report(&mesh, &["multi-root-D-by-D", "multi-root-E-by-E"], &[], clock);
    assert_eq!(
        outcomes(&both),
        told(&[
            ("127.0.0.1 > B > C > D", "taken"),
            ("127.0.0.1 > B > C > E", "not-needed"),
            ("127.0.0.1 > B > F > E", "not-needed"),
        ])
    );
    assert_eq!((both.more, both.is_cut_short), (0, false));

    let only_e = folder.report(&mesh, &["multi-root-E-by-E"], &["multi-root-D-by-D"], clock);
    assert_eq!(
        outcomes(&only_e),
        told(&[
            ("127.0.0.1 > B > C > E", "taken"),
            ("127.0.0.1 > B > F > E", "not-needed"),
            ("127.0.0.1 > B > C > D", "root-not-trusted"),
        ])
    );

    // Nothing but the leaf was sent: the same three ways, each through what lies at hand.
    let alone = folder.report(&mesh[..1], &["multi-root-D-by-D"], &mesh[1..], clock);
    let first = outcomes(&alone).into_iter().next();
    assert_eq!(first, Some(("127.0.0.1 > B > C > D".to_owned(), "not-sent")));
    assert_eq!(alone.paths.len(), 3, "{:?}", outcomes(&alone));
}

#[test]
fn a_root_and_its_cross_signed_twin() {
    let Some(root) = corpora() else { return };
    let folder = Folder::open(&root, "self_issued_prioritization");
    let report = folder.report(&["target", "root1_cross"], &["root1", "root2"], &[], IN_2017);
    assert_eq!(
        outcomes(&report),
        told(&[
            ("Target > Root1", "taken"),
            ("Target > Root1 > Root2", "not-needed")
        ])
    );
    // The self-signed one was sent and is not trusted; the cross-signed one lies at hand and would do.
    let report = folder.report(&["target", "root1"], &["root2"], &["root1_cross"], IN_2017);
    assert!(
        outcomes(&report).contains(&("Target > Root1 > Root2".to_owned(), "not-sent")),
        "{:?}",
        outcomes(&report)
    );
    assert!(
        report
            .near_misses
            .iter()
            .any(|miss| miss.kind == NearMissKind::SelfSignedTwin),
        "{:#?}",
        report.near_misses
    );
}

/// Nine intermediates of one name: three of another key, three without a key identifier, three that fit to the letter. rustls
/// does not look at identifiers: it takes the first in the order sent whose key made the signature.
#[test]
fn key_identifiers_do_not_choose_for_rustls() {
    let Some(root) = corpora() else { return };
    let folder = Folder::open(&root, "key_id_prioritization");
    let mut sent = vec!["target"];
    sent.extend([
        "int_different_ski_a",
        "int_different_ski_b",
        "int_different_ski_c",
        "int_no_ski_a",
        "int_no_ski_b",
        "int_no_ski_c",
        "int_matching_ski_a",
        "int_matching_ski_b",
        "int_matching_ski_c",
    ]);
    let report = folder.report(&sent, &["root"], &[], IN_2017);
    let outcomes = outcomes(&report);
    assert_eq!(outcomes.len(), 9, "{outcomes:?}");
    assert_eq!(
        outcomes.iter().filter(|(_, outcome)| *outcome == "taken").count(),
        1
    );
    assert_eq!(outcomes.first().map(|(_, outcome)| *outcome), Some("taken"));
    let taken = report
        .paths
        .first()
        .and_then(|path| path.steps.get(1))
        .expect("a step");
    let first = mtlscope::pki::sha256_hex(folder.der("int_no_ski_a").as_bytes());
    assert_eq!(
        taken.certificate.as_ref().map(|one| one.sha256.as_str()),
        Some(first.as_str())
    );
    let other_key = report
        .near_misses
        .iter()
        .filter(|miss| {
            miss.kind == NearMissKind::SameNameOtherKey && miss.differs[0].what == "key identifier"
        })
        .count();
    let dropped = outcomes
        .iter()
        .filter(|(_, outcome)| *outcome == "key-id-differs")
        .count();
    assert_eq!((other_key, dropped), (3, 3), "{:#?}", report.near_misses);
}

/// Two of the four intermediates have run out by the second day of 2018: the path goes through one that has not.
#[test]
fn validity_chooses_among_twins() {
    let Some(root) = corpora() else { return };
    let folder = Folder::open(&root, "validity_date_prioritization");
    // 2018-01-02 06:00, when int_ac and int_bc ended and the others have six hours left.
    let clock = 1_514_872_800;
    let report = folder.report(
        &["target", "int_ac", "int_bc", "int_ad", "int_bd"],
        &["root"],
        &[],
        clock,
    );
    let words: Vec<&str> = outcomes(&report).iter().map(|(_, outcome)| *outcome).collect();
    assert_eq!(words, ["taken", "expired", "expired", "not-needed"]);
    assert!(
        report
            .near_misses
            .iter()
            .any(|miss| miss.kind == NearMissKind::ExpiredTwin),
        "{:#?}",
        report.near_misses
    );
}

#[test]
fn an_issuer_of_the_name_from_another_root() {
    let Some(root) = corpora() else { return };
    let folder = Folder::open(&root, "key_id_name_and_serial_prioritization");
    let report = folder.report(
        &["target", "int_mismatch", "int_match_name_only", "int_matching"],
        &["root"],
        &["root2"],
        IN_2017,
    );
    assert_eq!(
        outcomes(&report),
        told(&[
            ("Target > Intermediate > Root", "taken"),
            ("Target > Intermediate > Root", "not-needed"),
            ("Target > Intermediate > Root2", "root-not-trusted"),
        ])
    );
}

/// All of x509-limbo, bettertls's path building among it: a path is taken where rustls takes one, every other has a reason,
/// and none of it takes long.
#[test]
fn limbo_is_told_as_rustls_judges_it_and_in_time() {
    let Some(root) = corpora() else { return };
    let text = std::fs::read_to_string(root.join("limbo/limbo.json")).expect("limbo.json can be read");
    let file: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let list = |value: &serde_json::Value| -> Vec<Der> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|pem| pem.as_str())
            .flat_map(certificates)
            .collect()
    };
    let (mut judged, mut with_several) = (0, 0);
    for case in file["testcases"].as_array().expect("cases") {
        let mut chain = case["peer_certificate"]
            .as_str()
            .map(certificates)
            .unwrap_or_default();
        chain.extend(list(&case["untrusted_intermediates"]));
        if chain.is_empty() {
            continue;
        }
        let judge = if case["validation_kind"] == "CLIENT" {
            Side::Server
        } else {
            Side::Client
        };
        let clock = moment(case["validation_time"].as_str());
        let id = case["id"].as_str().unwrap_or_default();
        let report = report(&chain, &list(&case["trusted_certs"]), &[], judge, clock);
        judged += 1;
        with_several += usize::from(report.paths.len() > 1);
        assert!(!report.paths.is_empty(), "{id}");
        // What a search may cost is bounded in steps; these stay far below.
        assert!(!report.is_cut_short, "{id}");
        for path in &report.paths {
            if let PathOutcome::Dropped(dropped) = &path.outcome {
                assert!(
                    !dropped.words.is_empty() && dropped.step < path.steps.len(),
                    "{id}: {dropped:?}"
                );
                // rustls gave up nowhere here, so nothing may be said to lie beyond its budget.
                assert_ne!(dropped.why, DropReason::Budget, "{id}: {dropped:?}");
            }
        }
    }
    println!("{judged} cases, {with_several} with several paths");
    assert!(judged > 250 && with_several > 10, "{judged}, {with_several}");
}
