//! Needs a real peer: the `openssl` command. Cases that people met in the field, with the files of tests/fixtures/field: the
//! true cause is named first, its remedy is run as it is printed, and then the pair works, or the chain verifies.

use crate::support::openssl;
use std::path::Path;

use openssl::{Workshop, is_at_hand, write};
use serde_json::Value;

use super::openssl_remedies::{copy, first_id, in_shell, told};

/// The files of one case, in a directory of their own.
pub(crate) fn files_of(case: &str) -> Workshop {
    let made = Workshop::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/field")
        .join(case);
    for entry in std::fs::read_dir(from).expect("the case's files") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        std::fs::copy(&path, made.path(&name)).expect("copied");
    }
    made
}

/// Every command of the first cause's remedies with these words in their text, in order, each run in a shell.
pub(crate) fn follow(made: &Workshop, analysis: &Value, words: &[&str]) -> String {
    let mut all = String::new();
    for remedy in causes(analysis)[0]["remedies"].as_array().expect("remedies") {
        let text = remedy["text"].as_str().expect("text");
        if !words.iter().any(|words| text.contains(words)) || remedy["tool"].as_str() == Some("step") {
            continue;
        }
        for command in remedy["commands"].as_array().expect("commands") {
            let command = command.as_str().expect("text");
            all += command;
            all.push('\n');
            in_shell(made, command);
        }
    }
    assert!(!all.is_empty(), "no remedy says any of {words:?}: {analysis:#}");
    all
}

/// Of a handshake, or of the one chain that was verified.
fn causes(analysis: &Value) -> &Vec<Value> {
    let chain = analysis["chains"].get(0).unwrap_or(analysis);
    chain["causes"].as_array().expect("causes")
}

pub(crate) fn lab(made: &Workshop, arguments: &[&str]) -> Value {
    told(made, &[&["lab"], arguments].concat())
}

pub(crate) fn accepted(made: &Workshop, arguments: &[&str], commands: &str) {
    let analysis = lab(made, arguments);
    assert_eq!(
        analysis["verdict"], "accepted",
        "{commands}\n{:#}",
        analysis["causes"]
    );
}

/// What `verify` prints.
pub(crate) fn page(made: &Workshop, arguments: &[&str]) -> (String, bool) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .arg("verify")
        .args(arguments)
        .current_dir(made.path(""))
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout);
    // Lines are wrapped: words are looked for across them.
    let words: Vec<&str> = text.split_whitespace().collect();
    (words.join(" "), output.status.success())
}

#[test]
fn case_02_the_second_list_is_added_and_not_swapped_in() {
    if !is_at_hand("case_02_the_second_list_is_added_and_not_swapped_in") {
        return;
    }
    let made = files_of("02-nginx-crl-root-missing");
    let rest = [
        "--client-cert",
        "cli-chain.pem",
        "--client-key",
        "cli.key",
        "--client-trust",
        "root.pem",
        "--server-cert",
        "web-chain.pem",
        "--server-key",
        "web.key",
        "--server-trust",
        "root.pem",
        "--server-name",
        "api.halden.test",
    ];
    let analysis = lab(&made, &[&rest[..], &["--server-crl", "int.crl"]].concat());
    assert_eq!(first_id(&analysis), "revocation-unknown", "{analysis:#}");
    write(
        &made.path("ca.cnf"),
        "[ca]\ndefault_ca=d\n[d]\ndatabase=idx\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=7\ncertificate=root.pem\n\
         private_key=root.key\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n",
    );
    write(&made.path("idx"), "");
    write(&made.path("number"), "01\n");
    let commands = follow(&made, &analysis, &["sign a new list"]);
    accepted(
        &made,
        &[&rest[..], &["--server-crl", "all-lists.pem"]].concat(),
        &commands,
    );
    let text = analysis["causes"][0].to_string();
    for line in [
        "ssl_crl all-lists.pem;",
        "filename: all-lists.pem",
        "ca.crl=all-lists.pem",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn case_13_an_address_is_added() {
    if !is_at_hand("case_13_an_address_is_added") {
        return;
    }
    let made = files_of("13-nomad-loopback-ip");
    copy(&made, "ca.key", "CA-KEY.pem");
    let rest = [
        "--client-cert",
        "cli.pem",
        "--client-key",
        "cli.key",
        "--client-trust",
        "ca.pem",
    ];
    let more = [
        "--server-key",
        "agent.key",
        "--server-trust",
        "ca.pem",
        "--server-name",
        "127.0.0.1",
    ];
    let analysis = lab(
        &made,
        &[&rest[..], &more, &["--server-cert", "agent.pem"]].concat(),
    );
    assert_eq!(first_id(&analysis), "name-mismatch", "{analysis:#}");
    let commands = follow(&made, &analysis, &["Issue it again for the key"]);
    accepted(
        &made,
        &[&rest[..], &more, &["--server-cert", "agent-chain.pem"]].concat(),
        &commands,
    );
}

#[test]
fn case_15_a_ca_of_ones_own_is_signed_again_as_none() {
    if !is_at_hand("case_15_a_ca_of_ones_own_is_signed_again_as_none") {
        return;
    }
    let made = files_of("15-ca-as-leaf");
    // Beside the inputs lie files that are called as the commands would call theirs.
    for file in ["server-new.pem", "new-trust.pem", "relay-kite-test.pem"] {
        write(&made.path(file), "not to be lost\n");
    }
    let rest = [
        "--client-cert",
        "cli.pem",
        "--client-key",
        "cli.key",
        "--server-trust",
        "ca.pem",
    ];
    let name = ["--server-name", "relay.kite.test"];
    let own = [
        "--server-cert",
        "server.der",
        "--server-key",
        "server-key.der",
        "--client-trust",
        "server.der",
    ];
    let analysis = lab(&made, &[&rest[..], &name, &own].concat());
    assert_eq!(first_id(&analysis), "leaf-is-ca", "{analysis:#}");
    let commands = follow(&made, &analysis, &["Present a leaf", "Without a CA"]);
    for file in ["server-new.pem", "new-trust.pem", "relay-kite-test.pem"] {
        let text = std::fs::read_to_string(made.path(file)).expect("text");
        assert_eq!(text, "not to be lost\n", "{file}\n{commands}");
    }
    let key = commands
        .split_whitespace()
        .skip_while(|word| *word != "-key")
        .nth(1)
        .expect("a key");
    let own = [
        "--server-cert",
        "server-new-2.pem",
        "--server-key",
        key,
        "--client-trust",
        "new-trust-2.pem",
    ];
    accepted(&made, &[&rest[..], &name, &own].concat(), &commands);
}

#[test]
fn case_22_a_uri_outside_of_its_cas_constraint() {
    if !is_at_hand("case_22_a_uri_outside_of_its_cas_constraint") {
        return;
    }
    let made = files_of("22-mesh-uri-constraint");
    let analysis = told(
        &made,
        &["verify", "wl-chain.pem", "--for", "client", "--trust", "root.pem"],
    );
    let cause = &causes(&analysis)[0];
    assert_eq!(cause["id"], "name-constraint-violated");
    let detail = cause["detail"].as_str().expect("text");
    for words in [
        "permitted URI:.mesh.plover.test",
        "not an allowed one",
        "OpenSSL",
        "refuse it as well",
    ] {
        assert!(detail.contains(words), "{words}: {detail}");
    }
    assert!(
        cause["rule"].as_str().is_none_or(|rule| rule.contains("47")),
        "{cause:#}"
    );
    copy(&made, "root.pem", "CA.pem");
    copy(&made, "root.key", "CA-KEY.pem");
    copy(&made, "wl.key", "KEY.pem");
    let commands = follow(&made, &analysis, &["Issue it again for the key"]);
    let analysis = told(
        &made,
        &[
            "verify",
            "wl-chain-2.pem",
            "--for",
            "client",
            "--trust",
            "root.pem",
        ],
    );
    assert_eq!(analysis["verdict"], "accepted", "{commands}\n{analysis:#}");
}

#[test]
fn case_24_every_use_of_the_key_is_kept() {
    if !is_at_hand("case_24_every_use_of_the_key_is_kept") {
        return;
    }
    let made = files_of("24-opcua-application-uri");
    copy(&made, "srv.key", "KEY.pem");
    let analysis = told(
        &made,
        &["verify", "srv.pem", "--trust", "srv.pem", "--name", "10.20.30.50"],
    );
    assert_eq!(causes(&analysis)[0]["id"], "ip-in-dns-name");
    let commands = follow(&made, &analysis, &["Without a CA"]);
    let text = in_shell(&made, "openssl x509 -in srv-new.pem -noout -text");
    assert!(
        text.contains("Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment"),
        "{text}"
    );
    let verified = [
        "verify",
        "srv-new.pem",
        "--trust",
        "new-trust.pem",
        "--name",
        "10.20.30.50",
    ];
    assert_eq!(told(&made, &verified)["verdict"], "accepted", "{commands}");
}

#[test]
fn case_27_a_weak_ca_is_replaced_and_not_the_leaf_alone() {
    if !is_at_hand("case_27_a_weak_ca_is_replaced_and_not_the_leaf_alone") {
        return;
    }
    let made = files_of("27-nginx-weak-ca");
    let rest = [
        "--server-cert",
        "srv.pem",
        "--server-key",
        "srv.key",
        "--client-trust",
        "sca.pem",
    ];
    let more = ["--client-key", "cli.key", "--server-name", "kibana.ashdown.test"];
    let own = ["--client-cert", "cli.pem", "--server-trust", "ca.pem"];
    let analysis = lab(&made, &[&rest[..], &more, &own].concat());
    assert_eq!(first_id(&analysis), "weak-key", "{analysis:#}");
    let commands = follow(
        &made,
        &analysis,
        &[
            "Look at the key",
            "make a CA with a new key",
            "Then issue the client's",
        ],
    );
    assert!(
        commands.starts_with("openssl x509 -in ca.pem -noout -text"),
        "{commands}"
    );
    let own = [
        "--client-cert",
        "cli-chain.pem",
        "--server-trust",
        "new-trust.pem",
    ];
    accepted(&made, &[&rest[..], &more, &own].concat(), &commands);
    in_shell(
        &made,
        "openssl verify -auth_level 2 -CAfile new-trust.pem cli-chain.pem",
    );
}

#[test]
fn case_39_policies_and_statements_are_kept() {
    if !is_at_hand("case_39_policies_and_statements_are_kept") {
        return;
    }
    let made = files_of("39-qwac-expired");
    copy(&made, "ca.key", "CA-KEY.pem");
    let rest = [
        "--server-cert",
        "aspsp.pem",
        "--server-key",
        "aspsp.key",
        "--client-trust",
        "ca.pem",
    ];
    let more = [
        "--client-key",
        "tpp.key",
        "--server-trust",
        "ca.pem",
        "--server-name",
        "api.bank.kontowacht.test",
    ];
    let analysis = lab(&made, &[&rest[..], &more, &["--client-cert", "tpp.pem"]].concat());
    assert_eq!(first_id(&analysis), "expired", "{analysis:#}");
    let commands = follow(&made, &analysis, &["Issue it again for the key"]);
    accepted(
        &made,
        &[&rest[..], &more, &["--client-cert", "tpp-chain.pem"]].concat(),
        &commands,
    );
    let extensions = |file: &str| {
        let text = in_shell(
            &made,
            &format!("openssl x509 -in {file} -noout -text -nameopt utf8"),
        );
        let kept: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| {
                line.starts_with("Policy:")
                    || line.starts_with("qcStatements")
                    || line.starts_with("Subject:")
            })
            .collect();
        kept.join("\n")
    };
    assert_eq!(extensions("tpp-chain.pem"), extensions("tpp.pem"), "{commands}");
    assert!(extensions("tpp.pem").contains("Policy:"));
}
