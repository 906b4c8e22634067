//! Every built-in scenario does what its file says.
#![allow(missing_docs, reason = "a test")]

use mtlscope::capture::Side;
use mtlscope::decode::decode;
use mtlscope::diagnose::{Outcome, diagnose};
use mtlscope::scenario;
use mtlscope::source::lab::{Cancel, run_blocking};
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
