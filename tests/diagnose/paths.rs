//! Every candidate path with its outcome: each reason once, on a PKI made for it.

use crate::support;
use mtlscope::diagnose::{DropReason, PathOutcome, StepFrom};
use support::paths::*;
use support::pki::minted;

#[test]
fn a_good_chain_has_one_path_and_nothing_to_tell() {
    let report = report(
        &with(&leaf("issuer")),
        &Place {
            sent: &["leaf", "issuer"],
            trust: &["root"],
            ..Place::default()
        },
    );
    assert_eq!(
        outcomes(&report),
        [(vec!["payments", "Mesh Issuer", "Mesh Root"], "taken")]
    );
    let from: Vec<StepFrom> = report.paths[0].steps.iter().map(|step| step.from.from).collect();
    assert_eq!(from, [StepFrom::Sent, StepFrom::Sent, StepFrom::Store]);
    assert!(!report.is_worth_telling());
}

#[test]
fn a_cross_sign_has_two_paths_and_rustls_takes_the_first() {
    let pki = format!(
        "[{ROOT}, (name: \"old\", subject: \"Old Root\", is_ca: true, from_hours: -900, until_hours: -24), \
         (name: \"cross\", subject: \"Mesh Root\", key_of: \"root\", issuer: \"old\", is_ca: true), {}]",
        leaf("root")
    );
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "cross"],
            trust: &["old", "root"],
            ..Place::default()
        },
    );
    assert_eq!(
        outcomes(&report),
        [
            (vec!["payments", "Mesh Root"], "taken"),
            (vec!["payments", "Mesh Root", "Old Root"], "not-needed"),
        ]
    );
    assert!(report.is_worth_telling());
}

#[test]
fn a_loop_is_named_and_ends() {
    let pki = format!(
        r#"[{ROOT}, (name: "east", subject: "East", is_ca: true), (name: "west", subject: "West", issuer: "east", is_ca: true),
            (name: "again", subject: "East", key_of: "east", issuer: "west", is_ca: true), {}]"#,
        leaf("east")
    );
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "again", "west"],
            trust: &["root"],
            ..Place::default()
        },
    );
    assert_eq!(
        outcomes(&report),
        [(vec!["payments", "East", "West", "East"], "loop")]
    );
    assert!(words(&report, DropReason::Loop).contains("comes back to East"));
}

#[test]
fn each_fault_of_a_certificate_is_a_reason() {
    for (issuer, why) in [
        (
            r"is_ca: true, from_hours: -48, until_hours: -24",
            DropReason::Expired,
        ),
        (
            r"is_ca: true, from_hours: 24, until_hours: 48",
            DropReason::NotYetValid,
        ),
        (r"is_ca: false", DropReason::NotACa),
        (r#"is_ca: true, purposes: ["clientAuth"]"#, DropReason::Purpose),
        (
            r"is_ca: true, unknown_critical_extension: true",
            DropReason::Unreadable,
        ),
        (
            r#"is_ca: true, permitted_dns: ["elsewhere.example"]"#,
            DropReason::NameConstraints,
        ),
    ] {
        let pki = format!(
            r#"[{ROOT}, (name: "issuer", subject: "Mesh Issuer", issuer: "root", {issuer}), {}]"#,
            leaf("issuer")
        );
        let report = report(
            &pki,
            &Place {
                sent: &["leaf", "issuer"],
                trust: &["root"],
                ..Place::default()
            },
        );
        let path = &report.paths[0];
        let PathOutcome::Dropped(dropped) = &path.outcome else {
            panic!("{why:?}: {report:#?}");
        };
        assert_eq!((dropped.why, dropped.step), (why, 1), "{}", dropped.words);
        assert!(path.steps[1].is_bad && !path.steps[0].is_bad && !path.steps[2].is_bad);
    }
}

#[test]
fn a_limit_on_what_stands_below_and_a_depth_that_rustls_never_passes() {
    let pki = with(&format!(
        r#"(name: "tight", subject: "Tight", issuer: "issuer", is_ca: true, path_len: 0),
           (name: "below", subject: "Below", issuer: "tight", is_ca: true), {}"#,
        leaf("below")
    ));
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "below", "tight", "issuer"],
            trust: &["root"],
            ..Place::default()
        },
    );
    assert!(words(&report, DropReason::PathLength).contains("Tight"));

    let mut recipes = ROOT.to_owned();
    let mut names = vec!["leaf".to_owned()];
    for number in 0..8 {
        let issuer = if number == 0 {
            "root".to_owned()
        } else {
            format!("ca{}", number - 1)
        };
        recipes +=
            &format!(r#", (name: "ca{number}", subject: "CA {number}", issuer: "{issuer}", is_ca: true)"#);
        names.insert(1, format!("ca{number}"));
    }
    let pki = minted(&format!("[{recipes}, {}]", leaf("ca7")));
    let sent: Vec<&str> = names.iter().map(String::as_str).collect();
    let report = report_of(
        &pki,
        &Place {
            sent: &sent,
            trust: &["root"],
            ..Place::default()
        },
    );
    assert!(words(&report, DropReason::TooDeep).contains("more than 6"));
}
