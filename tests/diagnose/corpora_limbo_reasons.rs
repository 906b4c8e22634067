//! x509-limbo case by case: the verdict is the shipped rustls-webpki's on all of them, our reason is its reason, and wherever it
//! decides otherwise than limbo wants, the user is told on the right row what rule is broken and who refuses, or who accepts.
//!
//! `tests/truth/limbo-errors.tsv` maps webpki's errors to causes, `tests/truth/limbo-differ.tsv` lists the deviations.
//! Revocation lists have their own test: the `crl::` cases are judged here without them.

use crate::support::chains;
use std::collections::{BTreeMap, BTreeSet};

use chains::{Judged, certificates, corpus, moment, table};
use mtlscope::capture::{Side, Trust};
use serde_json::Value;

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// A case, judged. Where limbo asks for an email address there is no name to ask rustls for: only the chain is judged.
fn judged(case: &Value) -> Judged {
    let text = |value: &Value| strings(value).collect::<Vec<_>>().join("\n");
    let mut chain = certificates(case["peer_certificate"].as_str().expect("a leaf"));
    chain.extend(certificates(&text(&case["untrusted_intermediates"])));
    let judge = if case["validation_kind"] == "CLIENT" {
        Side::Server
    } else {
        Side::Client
    };
    let clock = moment(case["validation_time"].as_str());
    let trust = Trust {
        roots: certificates(&text(&case["trusted_certs"])),
        expected_name: case["expected_peer_name"]["value"].as_str().map(str::to_owned),
        clock_unix_s: clock,
        ..Trust::default()
    };
    Judged::of(&chain, &trust, judge)
}

#[test]
fn every_case_has_webpkis_verdict_and_reason_and_every_deviation_its_words() {
    let Some(folder) = corpus("limbo") else { return };
    let read = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(name)).expect("it can be read"))
            .expect("JSON")
    };
    let limbo = read("limbo.json");
    let cases = limbo["testcases"].as_array().expect("cases");
    let exceptions = read("webpki-exceptions.json");
    let results = read("rustls-webpki-0.103.13.results.json");
    let results: BTreeMap<&str, &Value> = results["results"]
        .as_array()
        .expect("results")
        .iter()
        .filter_map(|result| Some((result["id"].as_str()?, result)))
        .collect();
    let errors = table(include_str!("../truth/limbo-errors.tsv"));
    let differ = table(include_str!("../truth/limbo-differ.tsv"));
    let (mut wrong, mut listed) = (Vec::new(), BTreeSet::new());
    let (mut refused, mut accepted, mut compared) = (0, 0, 0);
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let judged = judged(case);
        if judged.verdict.is_err() {
            refused += 1;
        } else {
            accepted += 1;
        }
        if judged.verdict.is_err() != judged.is_refused() {
            wrong.push(format!("{id}: rustls {:?}, we{}", judged.verdict, judged.words()));
            continue;
        }
        if id.starts_with("crl::") {
            continue;
        }
        // The error of the webpki that the corpus was run with, against the one that is shipped here.
        let result = results[id];
        let context = result["context"].as_str().unwrap_or_default();
        let actual = result["actual_result"].as_str().unwrap_or_default();
        let webpki = (actual != "SKIPPED").then_some(actual == "SUCCESS");
        if webpki.is_some_and(|accepts| accepts != judged.verdict.is_ok()) {
            wrong.push(format!(
                "{id}: webpki 0.103.13 {actual} {context}, now {:?}",
                judged.verdict
            ));
        }
        if let (Some(false), Err(words)) = (webpki, &judged.verdict) {
            compared += 1;
            let head: String = context
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == ' ' || *c == ':' || *c == '.')
                .collect();
            let head = head.trim();
            match errors.get(head).and_then(|entry| entry.split_once(" => ")) {
                None => wrong.push(format!(
                    "{id}: no entry for webpki's error “{head}”: {words}{}",
                    judged.words()
                )),
                Some((now, entry)) => {
                    if !now.split('|').any(|part| words.contains(part)) {
                        wrong.push(format!("{id}: webpki said {head}, the oracle says {words}"));
                    }
                    if !differ.contains_key(id)
                        && let Some(words) = judged.disagrees(entry)
                    {
                        wrong.push(format!("{id}: {words}"));
                    }
                }
            }
        }
        let expects_success = case["expected_result"] == "SUCCESS";
        if expects_success == judged.verdict.is_ok() {
            if differ.contains_key(id) {
                wrong.push(format!("{id}: listed as a deviation, and is none"));
            }
            continue;
        }
        listed.insert(id.to_owned());
        let Some(entry) = differ.get(id) else {
            wrong.push(format!(
                "{id}: a deviation without an entry: {}{}",
                case["description"],
                judged.words()
            ));
            continue;
        };
        if exceptions.get(id).is_none() && webpki.is_some() {
            wrong.push(format!("{id}: not among webpki's own exceptions"));
        }
        if let Some(words) = judged.disagrees(entry) {
            wrong.push(format!("{id}: {words}"));
        }
    }
    println!(
        "limbo: {} cases, {refused} refused and {accepted} accepted as by rustls; {compared} errors compared; {} deviations shown with their rule",
        cases.len(),
        listed.len()
    );
    for id in exceptions.as_object().expect("exceptions").keys() {
        if !id.starts_with("crl::") && cases.iter().any(|case| case["id"] == *id) && !listed.contains(id) {
            wrong.push(format!("{id}: among webpki's exceptions, but no deviation here"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases.len() >= 299 && listed.len() >= 25);
}
