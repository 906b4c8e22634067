//! Every built-in scenario does what its file says.

use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::decode::decode;
use mtlscope::diagnose::{CauseId, Outcome, Verdict, diagnose};
use mtlscope::scenario::{self, Group};
use mtlscope::source::lab::run_blocking;
use mtlscope::source::oracle;

#[test]
fn every_scenario_comes_out_as_its_file_says() {
    let now = jiff::Timestamp::now().as_second();
    for scenario in scenario::all() {
        let mut setup = scenario.setup(now).expect("it mints");
        setup.timeout_ms = setup.timeout_ms.min(200);
        let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
        let transcript = decode(&capture);
        let diagnosis = diagnose(&capture, &transcript);
        let first = diagnosis.causes.first();
        let name = &scenario.id;
        assert_eq!(
            diagnosis.verdict.word(),
            scenario.expect.verdict,
            "{name}: {:?}",
            diagnosis.causes
        );
        assert_eq!(
            first.map(|cause| cause.id.word()),
            scenario.expect.cause.as_deref(),
            "{name}: {:?}",
            diagnosis
                .causes
                .iter()
                .map(|cause| cause.id.word())
                .collect::<Vec<_>>()
        );
        assert_eq!(first.and_then(|cause| cause.side), scenario.expect.side, "{name}");
        if let Some(wanted) = &scenario.expect.warns {
            assert!(
                diagnosis.matrix.iter().any(|row| row.outcome == Outcome::Warn
                    && row.cause.map(CauseId::word) == Some(wanted.as_str())),
                "{name}: no row warns of {wanted}"
            );
        }
        // The first cause is the one that a stack reported, where any spoke of a fault at all.
        if let Some(first) = first
            && diagnosis.verdict == Verdict::Rejected
        {
            assert!(
                first.reported,
                "{name}: {} is not what was reported",
                first.id.word()
            );
            assert!(!first.evidence.is_empty() && !first.remedies.is_empty(), "{name}");
        }
        for cause in &diagnosis.causes {
            let text = format!("{} {} {:?}", cause.title, cause.detail, cause.remedies);
            for word in [
                "{judge}",
                "{sender}",
                "{file}",
                "{issuer}",
                "{row}",
                "{subject}",
                "{missing}",
                "{offered}",
                "{accepted}",
                "{expected}",
                "{presented}",
                "{looks_like}",
                "{clock}",
                "{trusts}",
            ] {
                assert!(!text.contains(word), "{name}: {word} was not filled in: {text}");
            }
        }
        // Our matrix never contradicts rustls's verdict on the chains that were sent.
        for sender in Side::BOTH {
            let judge = sender.peer();
            let Some((_, sent)) = transcript.chain_sent_by(sender) else {
                continue;
            };
            let Some(trust) = &capture.sides.of(judge).trust else {
                continue;
            };
            if sent.chain.is_empty() {
                continue;
            }
            let chain: Vec<_> = sent.chain.iter().map(|(der, _)| der.clone()).collect();
            let failed = diagnosis.matrix.iter().any(|row| {
                row.side == judge
                    && row.outcome == Outcome::Fail
                    && !matches!(row.check.word(), "key-match" | "possession")
            });
            assert_eq!(
                oracle::judge(&chain, trust, judge).is_err(),
                failed,
                "{name}: {judge:?}"
            );
        }
    }
}

/// Causes for which rustls refuses nobody: their scenarios warn.
const WARNINGS_ONLY: [CauseId; 2] = [CauseId::KeyUsage, CauseId::IssuerCannotSign];

/// Causes that no scenario can raise. One needs a file of a quarter of a megabyte, one a capture without anybody's words: both are
/// held in `causes.rs`. The others are what only other stacks say, or packets show: `field_lines.rs` and `field_packets.rs` hold them.
const NO_SCENARIO: [CauseId; 8] = [
    CauseId::MessageTooLarge,
    CauseId::UnexplainedRefusal,
    CauseId::NotConformant,
    CauseId::BudgetExceeded,
    CauseId::ProxyHeaderMismatch,
    CauseId::KeyNotUsable,
    CauseId::PostHandshakeAuth,
    CauseId::RefusedWithoutAlert,
];

#[test]
fn every_cause_has_a_scenario_that_raises_it() {
    for id in CauseId::ALL.iter().filter(|id| !NO_SCENARIO.contains(id)) {
        let raises = scenario::all()
            .iter()
            .any(|scenario| scenario.expect.cause.as_deref() == Some(id.word()));
        let warns = scenario::all()
            .iter()
            .any(|scenario| scenario.expect.warns.as_deref() == Some(id.word()));
        if WARNINGS_ONLY.contains(id) {
            assert!(warns, "no scenario warns of {}", id.word());
        } else {
            assert!(raises, "no scenario raises {}", id.word());
        }
    }
}

#[test]
fn what_comes_from_the_field_says_where() {
    let mut from_the_field = 0;
    for scenario in scenario::all() {
        if scenario.group == Group::Field {
            from_the_field += 1;
            let reference = scenario.reference.as_deref().unwrap_or_default();
            let short = reference.rsplit('/').next().unwrap_or_default();
            let (project, number) = reference.split_once('#').expect("a project and a number");
            assert!(
                !project.is_empty() && number.parse::<u32>().is_ok(),
                "{reference}"
            );
            let number = short.split('#').nth(1).unwrap_or_default();
            assert!(
                scenario.summary.contains(&format!("#{number}")),
                "{}: the text does not name {reference}",
                scenario.id
            );
        }
    }
    assert!(from_the_field >= 10);
}
