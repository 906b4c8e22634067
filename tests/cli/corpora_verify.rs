//! x509-limbo through the built command: its exit status is rustls's verdict, and no refusal is left without a cause.

use crate::support::pki;

use crate::support::chain_files;
use crate::support::command;
use crate::support::machine;
use command::{json, status, stderr};
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::pki::read_text;
use mtlscope::source::oracle;
use serde_json::Value;

fn texts(value: &Value) -> String {
    let blocks = value.as_array().into_iter().flatten();
    let blocks: Vec<&str> = blocks.filter_map(Value::as_str).map(str::trim).collect();
    blocks.join(
        "
",
    )
}

fn ders(text: &str) -> Option<Vec<Der>> {
    let bundle = read_text(text).ok()?;
    Some(bundle.certificates.into_iter().map(|one| one.der).collect())
}

#[test]
fn limbo_through_the_command() {
    let Some(root) = machine::corpora("x509-limbo through the command") else {
        return;
    };
    let text = std::fs::read_to_string(root.join("limbo/limbo.json")).expect("limbo.json");
    let cases: Value = serde_json::from_str(&text).expect("it is JSON");
    let folder = chain_files::Folder::new(pki::minted("[]"));
    let (mut judged, mut wrong) = (0, Vec::new());
    let cases = cases["testcases"].as_array().expect("cases");
    // A third of them: each is a process.
    for case in cases.iter().step_by(3) {
        let id = case["id"].as_str().unwrap_or_default();
        let chain = format!(
            "{}\n{}",
            case["peer_certificate"].as_str().unwrap_or_default(),
            texts(&case["untrusted_intermediates"])
        );
        let trusted = texts(&case["trusted_certs"]);
        let (Some(chain_ders), Some(roots)) = (ders(&chain), ders(&trusted)) else {
            continue;
        };
        let is_client = case["validation_kind"] == "CLIENT";
        let name = case["expected_peer_name"]["value"]
            .as_str()
            .filter(|_| !is_client);
        let is_name = name.is_none_or(|name| rustls_pki_types::ServerName::try_from(name).is_ok());
        // Lists are for another test; the command says of a name that is none that it is none.
        if !is_name || !case["crls"].as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        let at = case["validation_time"].as_str().unwrap_or("2024-06-01T00:00:00Z");
        let trust = Trust {
            roots,
            expected_name: name.map(str::to_owned),
            clock_unix_s: at.parse::<jiff::Timestamp>().expect("a time").as_second(),
            ..Trust::default()
        };
        let judge = if is_client { Side::Server } else { Side::Client };
        let verdict = oracle::judge(&chain_ders, &trust, judge);
        folder.write("chain.pem", &chain);
        folder.write("roots.pem", trusted + "\n");
        let mut arguments = vec![
            "chain.pem",
            "--trust",
            "roots.pem",
            "--at",
            at,
            "--format",
            "json",
        ];
        arguments.extend(["--for", if is_client { "client" } else { "server" }]);
        arguments.extend(name.into_iter().flat_map(|name| ["--name", name]));
        let output = folder.verify(&arguments);
        judged += 1;
        if status(&output) != i32::from(verdict.is_err()) {
            wrong.push(format!("{id}: exit {} {}", status(&output), stderr(&output)));
            continue;
        }
        let value = json(&output);
        let chain = &value["chains"][0];
        let causes = chain["causes"].as_array().expect("a list");
        let fails = chain["matrix"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|row| row["outcome"] == "fail");
        let words = verdict.err().map(|verdict| verdict.words);
        if chain["stack"]["error"].as_str() != words.as_deref() {
            wrong.push(format!("{id}: {} for {words:?}", chain["stack"]));
        }
        if causes.is_empty() == words.is_some() || fails != words.is_some() {
            wrong.push(format!("{id}: {words:?} beside {causes:?}"));
        }
    }
    assert!(judged >= 40, "only {judged} were judged");
    assert!(
        wrong.is_empty(),
        "{} of {judged}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    println!("{judged} judged");
}
