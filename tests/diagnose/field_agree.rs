//! `verify` and `explain` agree on the same files, both ways: what `verify` names first, `explain` confirms for the stack that
//! spoke, and what `explain` confirms, `verify` names.

use std::path::Path;

use serde_json::Value;

use crate::support::command;
use command::{json, mtlscope, stderr, stdout};

/// Files of a case, who presents the chain at fault, and what stacks said of it.
struct Case {
    folder: &'static str,
    /// Flags of `explain`, as file names of the case where they end in `.pem`, `.key` or `.crl`.
    files: &'static [&'static str],
    /// What `verify` names first.
    first: &'static str,
    lines: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        folder: "02-nginx-crl-root-missing",
        files: &[
            "--client-cert",
            "cli-chain.pem",
            "--client-key",
            "cli.key",
            "--server-trust",
            "root.pem",
            "--server-crl",
            "int.crl",
        ],
        first: "revocation-unknown",
        lines: &[
            "client SSL certificate verify error: (3:unable to get certificate CRL) while reading client request headers",
            "SSL_do_handshake() failed: error:0A000086:SSL routines::certificate verify failed: unable to get certificate CRL",
        ],
    },
    Case {
        folder: "04-sql-proxy-ca-false",
        files: &[
            "--server-cert",
            "proxy.pem",
            "--server-key",
            "proxy.key",
            "--client-trust",
            "ca.pem",
            "--server-name",
            "sqlproxy.quayside.test",
        ],
        first: "issuer-not-ca",
        lines: &[
            "ERROR 2026 (HY000): SSL connection error: error:1416F086:SSL routines:tls_process_server_certificate:certificate verify failed",
            "verify error:num=79:invalid CA certificate",
            "x509: invalid signature: parent certificate cannot sign this kind of certificate",
            "sun.security.validator.ValidatorException: PKIX path validation failed: java.security.cert.CertPathValidatorException: basic constraints check failed: this is not a CA certificate",
        ],
    },
    Case {
        folder: "06-python313-missing-aki",
        files: &[
            "--server-cert",
            "auth.pem",
            "--server-key",
            "auth.key",
            "--client-trust",
            "ca.pem",
            "--server-name",
            "auth.lodestar.test",
        ],
        first: "not-conformant",
        lines: &[
            "certificate verify failed: Missing Authority Key Identifier (_ssl.c:1032)",
            "error 85 at 0 depth lookup: Missing Authority Key Identifier",
            "certificate verify failed: Missing Subject Key Identifier (_ssl.c:1032)",
        ],
    },
    Case {
        folder: "10-openvpn-ku",
        files: &[
            "--server-cert",
            "vpn.pem",
            "--server-key",
            "vpn.key",
            "--client-trust",
            "ca.pem",
            "--server-name",
            "vpn.saltmarsh.test",
        ],
        first: "key-usage",
        lines: &[
            "ovpn-client[11]: VERIFY KU ERROR",
            "ovpn-client[11]: ++ Certificate has key usage  0080, expects 00a0",
        ],
    },
    Case {
        folder: "12-go-printablestring-at",
        files: &[
            "--client-cert",
            "client.pem",
            "--client-key",
            "client.key",
            "--server-trust",
            "ca.pem",
        ],
        first: "not-conformant",
        lines: &[
            "tls: failed to parse client certificate: asn1: syntax error: PrintableString contains invalid character",
            "tls: failed to parse certificate from client: x509: invalid RDNSequence: invalid attribute value: invalid PrintableString",
        ],
    },
    Case {
        folder: "13-nomad-loopback-ip",
        files: &[
            "--server-cert",
            "agent.pem",
            "--server-key",
            "agent.key",
            "--client-trust",
            "ca.pem",
            "--server-name",
            "127.0.0.1",
        ],
        first: "name-mismatch",
        lines: &[
            "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
            "error 64 at 0 depth lookup: IP address mismatch",
            "java.security.cert.CertificateException: No subject alternative names matching IP address 127.0.0.1 found",
        ],
    },
    Case {
        folder: "15-ca-as-leaf",
        files: &[
            "--server-cert",
            "server.pem",
            "--server-key",
            "server-key.der",
            "--client-trust",
            "server.pem",
            "--server-name",
            "relay.kite.test",
        ],
        first: "leaf-is-ca",
        lines: &["invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))"],
    },
    Case {
        folder: "17-radius-critical-extension",
        files: &[
            "--client-cert",
            "cli.pem",
            "--client-key",
            "cli.key",
            "--server-trust",
            "ca.pem",
        ],
        first: "unknown-critical-extension",
        lines: &[
            "tls_process_client_certificate:certificate verify failed: SSL says error 34 : unhandled critical extension",
            "tls: failed to verify certificate: x509: unhandled critical extension",
        ],
    },
    Case {
        folder: "22-mesh-uri-constraint",
        files: &[
            "--client-cert",
            "wl-chain.pem",
            "--client-key",
            "wl.key",
            "--server-trust",
            "root.pem",
        ],
        first: "name-constraint-violated",
        lines: &["verify error:num=47:permitted subtree violation"],
    },
    Case {
        folder: "27-nginx-weak-ca",
        files: &[
            "--client-cert",
            "cli.pem",
            "--client-key",
            "cli.key",
            "--server-trust",
            "ca.pem",
        ],
        first: "weak-key",
        lines: &[
            "client SSL certificate verify error: (67:CA certificate key too weak) while reading client request headers",
        ],
    },
    Case {
        folder: "30-negative-serial",
        files: &[
            "--server-cert",
            "srv.pem",
            "--server-key",
            "srv.key",
            "--client-trust",
            "ca.pem",
            "--server-name",
            "api.sidings.test",
        ],
        first: "not-conformant",
        lines: &[
            "Get \"https://api.sidings.test/\": tls: failed to parse certificate from server: x509: negative serial number",
        ],
    },
    Case {
        folder: "33-apigw-truststore-root-only",
        files: &[
            "--client-cert",
            "m.pem",
            "--client-key",
            "m.key",
            "--server-trust",
            "truststore.pem",
            "--known",
            "reg.pem",
        ],
        first: "missing-intermediate",
        lines: &[
            "Access denied. Reason: Could not find issuer for certificate",
            "client SSL certificate verify error: (20:unable to get local issuer certificate) while reading client request headers",
        ],
    },
    Case {
        folder: "39-qwac-expired",
        files: &[
            "--client-cert",
            "tpp.pem",
            "--client-key",
            "tpp.key",
            "--server-trust",
            "ca.pem",
        ],
        first: "expired",
        lines: &[
            "client SSL certificate verify error: (10:certificate has expired) while reading client request headers",
        ],
    },
];

/// The same for `verify`: the chain that is judged, and what its judge goes by.
fn for_verify(files: &[&'static str]) -> Vec<&'static str> {
    let (mut chain, mut rest) = (Vec::new(), Vec::new());
    for pair in files.chunks(2) {
        let (flag, value) = (pair[0], pair[1]);
        match flag {
            "--server-cert" => chain.push(value),
            "--client-cert" => {
                chain.push(value);
                rest.extend(["--for", "client"]);
            }
            "--server-key" | "--client-key" => {}
            "--server-trust" | "--client-trust" => rest.extend(["--trust", value]),
            "--server-crl" | "--client-crl" => rest.extend(["--crl", value]),
            "--server-name" => rest.extend(["--name", value]),
            other => rest.extend([other, value]),
        }
    }
    [chain, rest].concat()
}

/// Arguments with the case's folder before its files.
fn in_folder(folder: &str, arguments: &[&str]) -> Vec<String> {
    let place = |one: &&str| {
        let ending = Path::new(one).extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("pem" | "key" | "crl" | "der")) {
            format!(
                "{}/tests/fixtures/field/{folder}/{one}",
                env!("CARGO_MANIFEST_DIR")
            )
        } else {
            (*one).to_owned()
        }
    };
    arguments.iter().map(place).collect()
}

fn run(before: &[&str], folder: &str, arguments: &[&str]) -> Value {
    let placed = in_folder(folder, arguments);
    let mut all: Vec<&str> = before.to_vec();
    all.extend(placed.iter().map(String::as_str));
    let output = mtlscope(&all);
    assert!(
        stdout(&output).starts_with('{'),
        "{folder}: {}{}",
        stdout(&output),
        stderr(&output)
    );
    json(&output)
}

fn ids(list: &Value) -> Vec<&str> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|one| one["id"].as_str()).collect()
}

#[test]
fn what_one_names_the_other_confirms() {
    let mut wrong = Vec::new();
    for case in CASES {
        let asked = for_verify(case.files);
        let report = run(&["verify", "--format", "json"], case.folder, &asked);
        let chain = &report["chains"][0];
        let named = [ids(&chain["causes"]), ids(&chain["warnings"])].concat();
        if named.first() != Some(&case.first) {
            wrong.push(format!("{}: verify names {named:?}", case.folder));
        }
        for line in case.lines {
            let answer = run(&["explain", line, "--format", "json"], case.folder, case.files);
            let candidates = answer["candidates"].as_array().expect("candidates");
            let confirmed: Vec<&Value> = candidates
                .iter()
                .filter(|one| one["settled"] == "confirmed")
                .collect();
            let first = confirmed
                .first()
                .map_or("", |one| one["id"].as_str().unwrap_or_default());
            if first != case.first {
                let all: Vec<String> = candidates
                    .iter()
                    .map(|one| format!("{} {}", one["id"], one["settled"]))
                    .collect();
                wrong.push(format!(
                    "{}: {line}\n    explain confirms “{first}” of {all:?}",
                    case.folder
                ));
            }
            for one in confirmed {
                let id = one["id"].as_str().unwrap_or_default();
                if !named.contains(&id) {
                    wrong.push(format!(
                        "{}: {line}\n    verify says nothing of {id}",
                        case.folder
                    ));
                }
                let has_commands = |one: &Value| {
                    let remedies = one["remedies"].as_array().into_iter().flatten();
                    remedies
                        .filter_map(|remedy| remedy["commands"].as_array())
                        .flatten()
                        .any(|command| command.as_str().is_some_and(|text| text.contains(" > ")))
                };
                if !has_commands(one) {
                    wrong.push(format!(
                        "{}: {line}\n    no remedy of {id} makes anything",
                        case.folder
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
