//! What only a program asks for that may not be there: a line and no commands, in every format; with what mends it where what was
//! loaded or recorded belongs to that program.

use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, Carrier};
use mtlscope::source::lab::run_blocking;
use serde_json::Value;

use crate::support::chain_files::{Folder, pem};
use crate::support::command::{json, status, stdout};
use crate::support::pki;

/// As most of today's CAs issue them; and one that says nothing of its uses or purposes.
const RECIPES: &str = r#"[
    (name: "root", subject: "Vale Root", is_ca: true),
    (name: "vpn", subject: "vpn", issuer: "root", sans: ["DNS:vpn.vale.test"], purposes: ["serverAuth"], key_usages: Some(["digitalSignature"])),
    (name: "both", subject: "vpn", issuer: "root", sans: ["DNS:vpn.vale.test"], purposes: ["serverAuth"], key_usages: Some(["digitalSignature", "keyAgreement"])),
    (name: "plain", subject: "vpn", issuer: "root", sans: ["DNS:vpn.vale.test"], key_usages: Some([])),
]"#;

/// What OpenVPN asks for, and nothing shows that it is there.
const LINE: &str = "OpenVPN with remote-cert-ku a0 88, or up to version 2.3 with remote-cert-tls server, asks for keyEncipherment or \
     keyAgreement, which the server's certificate does not have.";

fn folder() -> Folder {
    let folder = Folder::new(pki::minted(RECIPES));
    folder.chain("root.pem", &["root"]);
    folder.chain("vpn.pem", &["vpn"]);
    folder.chain("both.pem", &["both"]);
    folder.chain("plain.pem", &["plain"]);
    let profile = format!(
        "client\nremote vpn.vale.test\n<ca>\n{}</ca>\n",
        pem(folder.der("root"))
    );
    folder.write("client.ovpn", profile);
    folder
}

fn told(folder: &Folder, chain: &str, trust: &str, format: &str) -> std::process::Output {
    let rest = ["--name", "vpn.vale.test", "--format", format];
    let output = folder.verify(&[&[chain, "--trust", trust], &rest[..]].concat());
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    output
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_most_certificates_lack_is_a_line_without_commands() {
    let folder = folder();
    let text = stdout(&told(&folder, "vpn.pem", "root.pem", "text"));
    assert_eq!(flat(&text).matches(LINE).count(), 1, "{text}");
    assert!(
        !text.contains("Fix") && !text.contains("openssl") && !text.contains("Asked for by"),
        "{text}"
    );
    let report = json(&told(&folder, "vpn.pem", "root.pem", "json"));
    let [warned] = report["chains"][0]["warnings"]
        .as_array()
        .expect("warnings")
        .as_slice()
    else {
        panic!("{report:#}")
    };
    assert_eq!(warned["demand"], true);
    assert_eq!(warned["remedies"], serde_json::json!([]));
    assert_eq!(format!("{}.", warned["title"].as_str().expect("text")), LINE);
    let detail = warned["detail"].as_str().expect("text");
    assert!(
        detail.contains("Certificate has key usage 0080, expects 00a0"),
        "{detail}"
    );
    let log = json(&told(&folder, "vpn.pem", "root.pem", "sarif"));
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]), "no finding");
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert_eq!(notes.matches(LINE).count(), 1, "{notes}");
    assert!(!notes.contains("openssl"), "{notes}");
    let xml = stdout(&told(&folder, "vpn.pem", "root.pem", "junit"));
    assert_eq!(xml.matches(LINE).count(), 1, "{xml}");
    assert!(
        !xml.contains("openssl") && xml.contains("failures=\"0\""),
        "{xml}"
    );
    // Who has both uses is told nothing.
    for format in ["text", "json", "sarif", "junit"] {
        let all = stdout(&told(&folder, "both.pem", "root.pem", format));
        assert!(!all.contains("OpenVPN"), "{all}");
    }
}

#[test]
fn two_demands_of_one_program_are_one_line() {
    let folder = folder();
    let report = json(&told(&folder, "plain.pem", "root.pem", "json"));
    let titles: Vec<&Value> = report["chains"][0]["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .filter(|warned| warned["demand"] == true)
        .map(|warned| &warned["title"])
        .collect();
    assert_eq!(
        titles,
        [
            "OpenVPN with remote-cert-tls server asks for a keyUsage and for serverAuth in an extendedKeyUsage, which the server's \
          certificate does not have"
        ]
    );
}

#[test]
fn a_profile_of_openvpn_brings_the_whole_remedy() {
    let folder = folder();
    let text = stdout(&told(&folder, "vpn.pem", "client.ovpn", "text"));
    assert!(
        text.contains("Asked for by some programs")
            && text.contains("Fix: ")
            && text.contains("openssl x509 -req"),
        "{text}"
    );
    assert!(!flat(&text).contains(LINE), "it is told in full: {text}");
    let report = json(&told(&folder, "vpn.pem", "client.ovpn", "json"));
    let warned = &report["chains"][0]["warnings"][0];
    assert_eq!(warned["demand"], true);
    assert!(
        warned["remedies"].to_string().contains("keyAgreement"),
        "{warned:#}"
    );
    let log = json(&told(&folder, "vpn.pem", "client.ovpn", "sarif"));
    let result = &log["runs"][0]["results"][0];
    assert_eq!(
        (&result["ruleId"], &result["level"]),
        (&"asked-for-by-a-program".into(), &"note".into())
    );
    let words = result["message"]["text"].as_str().expect("text");
    assert!(words.contains("    openssl x509 -req"), "{words}");
    let xml = stdout(&told(&folder, "vpn.pem", "client.ovpn", "junit"));
    assert!(xml.contains("openssl x509 -req"), "{xml}");
}

/// A handshake with the server that says only that it signs.
fn handshake() -> Capture {
    let setup = pki::setup(&pki::minted(pki::USUAL), &["client", "issuer"]);
    run_blocking(&setup, &Cancel::default()).expect("it runs")
}

#[test]
fn openvpn_as_the_carrier_brings_it_as_well() {
    let mut capture = handshake();
    let quiet = Analysis::of(Arc::new(capture.clone()));
    let mut demands = quiet.warned().iter().filter(|one| one.is_demand);
    assert!(demands.clone().next().is_some());
    assert!(demands.all(|one| one.is_quiet && one.cause.remedies.is_empty()));
    capture.carrier = Some(Carrier::OpenVpn {
        is_tcp: false,
        key_id: 0,
        hmac_bytes: 0,
    });
    let loud = Analysis::of(Arc::new(capture));
    let mut demands = loud.warned().iter().filter(|one| one.is_demand);
    assert!(demands.all(|one| !one.is_quiet && !one.cause.remedies.is_empty()));
}
