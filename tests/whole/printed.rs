//! What the command line prints: of each session as text with every tool's commands and as JSON, of chains in every format.

use std::path::Path;
use std::process::Command;

use mtlscope::cli::{analysis_to_json, analysis_to_text};
use mtlscope::diagnose::Tool;

use crate::digest;
use crate::sessions;

#[test]
fn sessions_as_text_and_as_json() {
    let mut texts = Vec::new();
    for (name, analysis) in sessions::all() {
        let notes = ["a note".to_owned(), "another note".to_owned()];
        texts.push((
            format!("{name} text"),
            analysis_to_text(&analysis, &notes, &Tool::ALL),
        ));
        let json = serde_json::to_string_pretty(&analysis_to_json(&analysis, &notes)).expect("JSON");
        texts.push((format!("{name} json"), json));
    }
    digest::holds("printed", &texts);
}

/// Releases change; what is said does not.
fn without_versions(text: &str) -> String {
    let mut parts = text.split("rustls ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += "rustls ";
        out += part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    out.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

/// What `verify` prints in a folder of fixtures, with its exit status and its complaints.
fn verify(folder: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .current_dir(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/fixtures")
                .join(folder),
        )
        .args(["verify", "--at", "2026-11-28T00:00:00Z"])
        .args(arguments)
        .env_remove("COLUMNS")
        .output()
        .expect("the program starts");
    let text = format!(
        "{:?}\n{}\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    without_versions(&text)
}

/// A folder and what is asked there.
const ASKED: [(&str, &[&str]); 12] = [
    (
        "certs",
        &[
            "--trust",
            "root.pem",
            "ip.pem",
            "p521.pem",
            "rsa1024.pem",
            "sha1.pem",
            "v1.pem",
            "weak.pem",
        ],
    ),
    (
        "containers",
        &[
            "--trust",
            "ca.pem",
            "orders-chain.pem",
            "billing-chain.pem",
            "chain.p7b",
            "signed.cms",
        ],
    ),
    (
        "field/02-nginx-crl-root-missing",
        &[
            "--for",
            "client",
            "--crl",
            "int.crl",
            "--trust",
            "root.pem",
            "cli-chain.pem",
        ],
    ),
    (
        "field/04-sql-proxy-ca-false",
        &[
            "--trust",
            "ca.pem",
            "--name",
            "sqlproxy.quayside.test",
            "proxy.pem",
            "--strict",
        ],
    ),
    (
        "field/06-python313-missing-aki",
        &[
            "--trust",
            "ca.pem",
            "--name",
            "auth.lodestar.test",
            "auth.pem",
            "--strict",
        ],
    ),
    ("field/10-openvpn-ku", &["--trust", "ca.pem", "vpn.pem"]),
    (
        "field/12-go-printablestring-at",
        &["--trust", "ca.pem", "--for", "client", "client.pem"],
    ),
    (
        "field/14-no-newline-between-pems",
        &[
            "--trust",
            "root.pem",
            "chain-glued.pem",
            "gw-chain.pem",
            "key-then-cert.pem",
        ],
    ),
    (
        "field/17-radius-critical-extension",
        &[
            "--trust",
            "ca.pem",
            "--expires-within",
            "30d",
            "srv.pem",
            "cli.pem",
        ],
    ),
    (
        "field/22-mesh-uri-constraint",
        &[
            "--trust",
            "root.pem",
            "--for",
            "client",
            "wl-chain.pem",
            "wl2-chain.pem",
        ],
    ),
    (
        "field/27-nginx-weak-ca",
        &[
            "--trust", "ca.pem", "--known", "sca.pem", "--for", "client", "cli.pem",
        ],
    ),
    (
        "field/33-apigw-truststore-root-only",
        &[
            "--trust",
            "truststore.pem",
            "--for",
            "client",
            "m.pem",
            "m-chain.pem",
        ],
    ),
];

#[test]
fn chains_in_every_format() {
    let mut texts = Vec::new();
    for (folder, asked) in ASKED {
        for format in ["text", "json", "sarif", "junit"] {
            let with_format = [asked, &["--format", format]].concat();
            texts.push((format!("{folder} {format}"), verify(folder, &with_format)));
        }
        let mut tools = asked.to_vec();
        for tool in Tool::ALL {
            tools.extend(["--tool", tool.word()]);
        }
        texts.push((format!("{folder} tools"), verify(folder, &tools)));
    }
    digest::holds("verify", &texts);
}
