//! Needs a real peer: the `openssl` command. Siblings of the field's cases, in forms and structures that nobody reported: what is said
//! of them is what openssl does with them, and their mends are run as they are printed.

use std::process::Command;

use super::openssl_remedies::{copy, in_shell, told, workshop};
use crate::support::openssl::{Workshop, is_at_hand, write};
use serde_json::Value;

const KEYS: &str = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ";

/// NAME.pem for a new NAME.key, by this CA, with these extensions.
pub(crate) fn sign(
    made: &Workshop,
    name: &str,
    issuer: &str,
    subject: &str,
    options: &str,
    extensions: &[&str],
) {
    write(&made.path("sign.ext"), &(extensions.join("\n") + "\n"));
    in_shell(
        made,
        &format!(
            "{KEYS}{name}.key && openssl req -new -utf8 -key {name}.key -subj '{subject}' -out {name}.csr && \
             openssl x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial -days 30 {options} \
             -extfile sign.ext -out {name}.pem"
        ),
    );
}

pub(crate) const CLIENT: [&str; 5] = [
    "basicConstraints=CA:FALSE",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=clientAuth",
    "subjectKeyIdentifier=hash",
    "authorityKeyIdentifier=keyid",
];

const AUTHORITY: [&str; 4] = [
    "basicConstraints=critical,CA:TRUE",
    "keyUsage=critical,keyCertSign,cRLSign",
    "subjectKeyIdentifier=hash",
    "authorityKeyIdentifier=keyid",
];

fn verify_client(made: &Workshop, chain: &str) -> Value {
    told(made, &["verify", chain, "--for", "client", "--trust", "root.pem"])
}

pub(crate) fn chain(report: &Value) -> &Value {
    &report["chains"][0]
}

/// Runs the commands of the first cause's remedies with these words.
pub(crate) fn follow(made: &Workshop, causes: &Value, words: &str) -> String {
    let remedies = causes[0]["remedies"].as_array().expect("remedies").iter();
    let all: Vec<&str> = remedies
        .filter(|remedy| remedy["text"].as_str().is_some_and(|text| text.contains(words)))
        .flat_map(|remedy| remedy["commands"].as_array().expect("commands"))
        .filter_map(Value::as_str)
        .collect();
    for command in &all {
        in_shell(made, command);
    }
    assert!(!all.is_empty(), "no remedy says {words}: {causes:#}");
    all.join("\n")
}

/// The notes of a chain, each with its command run.
fn mended(made: &Workshop, report: &Value, words: &str) {
    let notes = chain(report)["notes"].as_array().into_iter().flatten();
    let note = notes
        .filter_map(Value::as_str)
        .find(|note| note.contains(words))
        .unwrap_or_else(|| panic!("no note says {words}: {report:#}"));
    in_shell(made, note.split_once('\n').expect("a command").1);
}

fn opens(made: &Workshop, file: &str) -> bool {
    let output = Command::new("openssl")
        .args(["x509", "-noout", "-in", file])
        .current_dir(made.path(""))
        .output()
        .expect("openssl runs");
    output.status.success()
}

#[test]
fn marks_that_a_word_processor_changed_are_restored() {
    if !is_at_hand("marks_that_a_word_processor_changed_are_restored") {
        return;
    }
    let made = workshop();
    let text = std::fs::read_to_string(made.path("cli-full.pem")).expect("text");
    for (file, changed, words) in [
        ("dash", text.replace("-----", "\u{2014}--"), "five hyphens"),
        (
            "ssh",
            text.replace("-----BEGIN CERTIFICATE-----", "---- BEGIN CERTIFICATE ----")
                .replace("-----END CERTIFICATE-----", "---- END CERTIFICATE ----"),
            "five hyphens",
        ),
        (
            "first",
            text.replacen("-----BEGIN", "\u{2013}BEGIN", 1),
            "five hyphens",
        ),
        (
            "crlf",
            text.replace("-----", "\u{2014}").replace('\n', "\r\n"),
            "five hyphens",
        ),
        (
            "behind",
            text.replacen("-----END CERTIFICATE-----", "-----END CERTIFICATE-----;", 1),
            "END line",
        ),
    ] {
        let name = format!("{file}.pem");
        write(&made.path(&name), &changed);
        let report = verify_client(&made, &name);
        assert_eq!(chain(&report)["verdict"], "accepted", "{file}: {report:#}");
        // Where a second block is whole, openssl passes over the first and takes the CA for the leaf.
        assert!(
            ["first", "behind"].contains(&file) || !opens(&made, &name),
            "{file}"
        );
        mended(&made, &report, words);
        let new = format!("{file}-mended.pem");
        assert!(opens(&made, &new), "{file}");
        in_shell(
            &made,
            &format!("openssl verify -CAfile root.pem -untrusted {new} {new}"),
        );
        assert_eq!(chain(&verify_client(&made, &new))["verdict"], "accepted");
    }
    // SSH's own form, and words between dashes, are none of these.
    for other in [
        "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n",
        "--- BEGIN of the day ---\n",
    ] {
        write(&made.path("other.pem"), &format!("{other}{text}"));
        let report = verify_client(&made, "other.pem");
        assert!(
            !report.to_string().contains("five hyphens"),
            "{other}: {report:#}"
        );
    }
}

#[test]
fn a_bag_of_certificates_is_one_chain_in_whatever_order() {
    if !is_at_hand("a_bag_of_certificates_is_one_chain_in_whatever_order") {
        return;
    }
    let made = workshop();
    made.join("turned.pem", &["root.pem", "int.pem", "cli.pem"]);
    in_shell(
        &made,
        "openssl crl2pkcs7 -nocrl -certfile turned.pem -outform DER -out bag.p7b && \
         openssl crl2pkcs7 -nocrl -certfile cli-full.pem -out bag.pem && \
         sed 's/PKCS7/CERTIFICATE/' bag.pem > named.pem",
    );
    for bag in ["bag.p7b", "bag.pem", "named.pem"] {
        let report = verify_client(&made, bag);
        assert_eq!(chain(&report)["verdict"], "accepted", "{bag}: {report:#}");
    }
    mended(&made, &verify_client(&made, "named.pem"), "labelled CERTIFICATE");
    assert!(opens(&made, "named-mended.pem"));
    assert_eq!(
        chain(&verify_client(&made, "named-mended.pem"))["verdict"],
        "accepted"
    );
}

#[test]
fn what_lies_in_a_container_is_taken_out_before_commands_name_it() {
    if !is_at_hand("what_lies_in_a_container_is_taken_out_before_commands_name_it") {
        return;
    }
    let made = workshop();
    write(&made.path("pass"), "changeit");
    in_shell(
        &made,
        "openssl pkcs12 -export -in cli.pem -inkey cli.key -passout pass:changeit -name batch -out cli.p12",
    );
    let report = told(
        &made,
        &[
            "verify",
            "cli.p12",
            "--for",
            "client",
            "--trust",
            "root.pem",
            "--passphrase-file",
            "pass",
        ],
    );
    let causes = &chain(&report)["causes"];
    let remedies = causes[0]["remedies"].as_array().expect("remedies").iter();
    let commands: Vec<&str> = remedies
        .filter(|remedy| remedy["tool"] == "openssl")
        .flat_map(|remedy| remedy["commands"].as_array().expect("commands"))
        .filter_map(Value::as_str)
        .filter(|command| command.contains("batch.pem") || command.contains("cli.p12"))
        .collect();
    let count = |is_so: &dyn Fn(&str) -> bool| commands.iter().filter(|command| is_so(command)).count();
    assert_eq!(count(&|one| one.ends_with("> batch.pem")), 1, "{commands:#?}");
    assert_eq!(
        count(&|one| one.contains("openssl pkcs12 -in cli.p12")),
        1,
        "{commands:#?}"
    );
    assert!(
        commands[0].starts_with("openssl pkcs12 -in cli.p12 -nokeys"),
        "{commands:#?}"
    );
}

#[test]
fn the_sent_ca_of_the_right_name_is_the_one_to_replace() {
    if !is_at_hand("the_sent_ca_of_the_right_name_is_the_one_to_replace") {
        return;
    }
    let made = workshop();
    let bare = [
        "basicConstraints=critical,CA:TRUE",
        "subjectKeyIdentifier=none",
        "authorityKeyIdentifier=none",
    ];
    sign(&made, "right", "root", "/CN=Twin", "", &bare);
    sign(&made, "wrong", "root", "/CN=Twin", "", &bare);
    sign(
        &made,
        "leaf",
        "right",
        "/CN=leaf",
        "",
        &["basicConstraints=CA:FALSE", "authorityKeyIdentifier=none"],
    );
    made.join("sent.pem", &["leaf.pem", "wrong.pem"]);
    let report = verify_client(&made, "sent.pem");
    let causes = &chain(&report)["causes"];
    assert_eq!(causes[0]["id"], "same-name-different-key", "{report:#}");
    let detail = causes[0]["detail"].as_str().expect("text");
    assert!(
        detail.contains("is not the one that was sent with it"),
        "{detail}"
    );
    copy(&made, "right.pem", "CA.pem");
    follow(&made, causes, "Compare the key identifiers");
    follow(&made, causes, "in the place of the one that was sent");
    assert_eq!(
        chain(&verify_client(&made, "sent-chain.pem"))["verdict"],
        "accepted"
    );
}

#[test]
fn a_name_in_an_excluded_subtree_is_told_as_openssl_tells_it() {
    if !is_at_hand("a_name_in_an_excluded_subtree_is_told_as_openssl_tells_it") {
        return;
    }
    let made = workshop();
    for (constraint, host, words) in [
        ("excluded;URI:bad.test", "bad.test", "excluded subtree violation"),
        (
            "permitted;URI:good.test",
            "bad.test",
            "permitted subtree violation",
        ),
        (
            "permitted;URI:good.test,excluded;URI:bad.test",
            "bad.test",
            "permitted subtree violation",
        ),
        (
            "permitted;URI:bad.test,excluded;URI:bad.test",
            "bad.test",
            "excluded subtree violation",
        ),
    ] {
        let constraints = format!("nameConstraints=critical,{constraint}");
        sign(
            &made,
            "mid",
            "root",
            "/CN=Mid",
            "",
            &[&AUTHORITY[..], &[&constraints]].concat(),
        );
        let uri = format!("subjectAltName=URI:spiffe://{host}/a");
        sign(
            &made,
            "leaf",
            "mid",
            "/CN=leaf",
            "",
            &[&CLIENT[..], &[&uri]].concat(),
        );
        made.join("sent.pem", &["leaf.pem", "mid.pem"]);
        let output = Command::new("openssl")
            .args([
                "verify",
                "-CAfile",
                "root.pem",
                "-untrusted",
                "sent.pem",
                "leaf.pem",
            ])
            .current_dir(made.path(""))
            .output()
            .expect("openssl runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(words), "{constraint}: {said}");
        let report = verify_client(&made, "sent.pem");
        let cause = &chain(&report)["causes"][0];
        let detail = cause["detail"].as_str().expect("text");
        assert!(
            detail.contains(&format!("refuse it as well ({words})")),
            "{constraint}: {detail}"
        );
        // The CA that is to issue it is another one, of which nothing is known.
        assert!(
            !cause.to_string().contains("no subjectKeyIdentifier"),
            "{cause:#}"
        );
    }
}
