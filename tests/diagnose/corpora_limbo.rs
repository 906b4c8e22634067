//! x509-limbo's chains: our matrix fails exactly where rustls refuses.
//!
//! The cases are not part of this repository. The test reads them where `MTLSCOPE_CORPORA` points, says so when it is unset, and
//! must run in CI.

use crate::support::chains::moment;
use crate::support::machine;
use mtlscope::capture::{Der, Revocation, RevocationFile, Side, Trust};
use mtlscope::diagnose::{ChainInput, Outcome, judge_chain};
use mtlscope::pki::read_text;
use mtlscope::source::oracle;
use serde_json::Value;

fn certificates(value: &Value) -> Vec<Der> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|pem| read_text(pem.as_str()?).ok())
        .flat_map(|bundle| bundle.certificates)
        .map(|certificate| certificate.der)
        .collect()
}

fn revocation(value: &Value) -> Revocation {
    Revocation {
        lists: value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|pem| read_text(pem.as_str()?).ok())
            .flat_map(|bundle| bundle.revocation_lists)
            .map(RevocationFile::from)
            .collect(),
        refuses_stale: true,
        ..Revocation::default()
    }
}

#[test]
fn the_matrix_agrees_with_rustls_on_every_case() {
    let Some(folder) = machine::corpora("x509-limbo's chains") else {
        return;
    };
    let text = std::fs::read_to_string(folder.join("limbo/limbo.json")).expect("limbo.json can be read");
    let file: Value = serde_json::from_str(&text).expect("it is JSON");
    let cases = file["testcases"].as_array().expect("cases");
    let mut differences = Vec::new();
    let mut with_lists = 0;
    for case in cases {
        let id = case["id"].as_str().unwrap_or_default();
        // What the lab has no policy for: limits that only a test harness sets.
        if !case["max_chain_depth"].is_null() {
            continue;
        }
        let mut chain = certificates(&Value::Array(vec![case["peer_certificate"].clone()]));
        chain.extend(certificates(&case["untrusted_intermediates"]));
        let judge = if case["validation_kind"] == "CLIENT" {
            Side::Server
        } else {
            Side::Client
        };
        let clock = moment(case["validation_time"].as_str());
        let trust = Trust {
            roots: certificates(&case["trusted_certs"]),
            expected_name: case["expected_peer_name"]["value"].as_str().map(str::to_owned),
            clock_unix_s: clock,
            revocation: revocation(&case["crls"]),
        };
        with_lists += usize::from(!trust.revocation.is_empty());
        if chain.is_empty()
            || trust
                .expected_name
                .as_deref()
                .is_some_and(|name| name.contains('@'))
        {
            continue;
        }
        let verdict = oracle::judge(&chain, &trust, judge);
        let ours = judge_chain(&ChainInput {
            chain: &chain,
            trust: Some(&trust),
            judge,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: None,
            possession: None,
        });
        if verdict.is_err() != ours.is_refused() {
            let failed: Vec<_> = ours
                .matrix
                .iter()
                .filter(|row| row.outcome == Outcome::Fail)
                .map(|row| format!("{}: {}", row.check.word(), row.detail))
                .collect();
            let words = verdict
                .err()
                .map_or_else(|| "accepted".to_owned(), |verdict| verdict.words);
            differences.push(format!("{id}: rustls {words}; ours {failed:?}"));
        }
    }
    assert!(cases.len() > 100);
    assert!(with_lists > 5, "{with_lists} cases with revocation lists");
    assert!(
        differences.is_empty(),
        "{} of {}:\n{}",
        differences.len(),
        cases.len(),
        differences.join("\n")
    );
}
