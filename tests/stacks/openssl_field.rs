//! Needs a real peer: the `openssl` command. What `explain` prints for field cases, with the user's files beside the line, is run as
//! it stands; then OpenSSL accepts what it refused.

use crate::openssl_remedies::{copy, in_shell, told};
use crate::support::openssl;
use openssl::Workshop;
use serde_json::Value;

/// Runs the commands of the first candidate that are for openssl alone, in order.
fn follow(made: &Workshop, answer: &Value) {
    let first = &answer["candidates"][0];
    let listed = |value: &Value| -> Vec<String> {
        let all = value.as_array().cloned().unwrap_or_default();
        all.iter()
            .filter_map(|command| command.as_str().map(str::to_owned))
            .collect()
    };
    let remedies = first["remedies"].as_array().cloned().unwrap_or_default();
    let mut commands = listed(&first["mend"]);
    // The first remedy only looks at what is amiss.
    commands.extend(
        remedies
            .iter()
            .skip(1)
            .flat_map(|remedy| listed(&remedy["commands"])),
    );
    for command in &commands {
        let program = command.split(' ').next().unwrap_or_default();
        if ["openssl", "awk", "printf"].contains(&program) && !command.contains("HOST:PORT") {
            in_shell(made, command);
        }
    }
}

fn explain(made: &Workshop, line: &str) -> Value {
    told(
        made,
        &[
            "explain",
            line,
            "--client-cert",
            "cli.pem",
            "--client-key",
            "cli.key",
            "--client-trust",
            "ca.pem",
            "--server-cert",
            "srv.pem",
            "--server-key",
            "srv.key",
            "--server-trust",
            "ca.pem",
            "--server-name",
            "api.sidings.test",
        ],
    )
}

/// A root, a server and a client; what the root says of itself, and the server's serial number, are the case's.
fn case(constraints: &str, serial: &str) -> Workshop {
    let made = Workshop::new();
    let ec = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    in_shell(
        &made,
        &format!(
            "openssl req -x509 -config /dev/null {ec} -keyout ca.key -out ca.pem -days 3650 -subj '/CN=Sidings Root' \
             -addext basicConstraints=critical,{constraints} -addext keyUsage=critical,keyCertSign,cRLSign \
             -addext subjectKeyIdentifier=hash 2>&1"
        ),
    );
    for (name, subject, purpose, serial) in [
        ("srv", "/CN=api.sidings.test", "serverAuth", serial),
        ("cli", "/CN=gatewayd", "clientAuth", "77"),
    ] {
        in_shell(
            &made,
            &format!(
                "openssl req -new -config /dev/null {ec} -keyout {name}.key -out {name}.csr -subj {subject} 2>&1 && \
                 printf '%s\\n' basicConstraints=CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage={purpose} \
                 subjectAltName=DNS:api.sidings.test subjectKeyIdentifier=hash authorityKeyIdentifier=keyid > {name}.ext && \
                 openssl x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial {serial} -days 365 \
                 -extfile {name}.ext -out {name}.pem 2>&1"
            ),
        );
    }
    copy(&made, "ca.key", "INTERMEDIATE-KEY.pem");
    copy(&made, "ca.key", "CA-KEY.pem");
    made
}

#[test]
fn a_root_that_is_no_ca_is_made_again() {
    if !openssl::is_at_hand("a_root_that_is_no_ca_is_made_again") {
        return;
    }
    let made = case("CA:FALSE", "78");
    in_shell(&made, "! openssl verify -CAfile ca.pem srv.pem 2>&1");
    let line = "error:1416F086:SSL routines:tls_process_server_certificate:certificate verify failed";
    let answer = explain(&made, line);
    assert_eq!(answer["candidates"][0]["id"], "issuer-not-ca", "{answer:#}");
    // The last of the commands has OpenSSL judge the server's certificate by the new root.
    follow(&made, &answer);
    let text = in_shell(&made, "cat *-new.pem | openssl x509 -noout -ext basicConstraints");
    assert!(text.contains("CA:TRUE"), "{text}");
    in_shell(
        &made,
        "cat *-new.pem > mended.pem; openssl verify -CAfile mended.pem srv.pem cli.pem",
    );
}

#[test]
fn a_negative_serial_number_is_issued_again() {
    if !openssl::is_at_hand("a_negative_serial_number_is_issued_again") {
        return;
    }
    let made = case("CA:TRUE", "-0x7A31C09F4D22");
    let serial = |file: &str| in_shell(&made, &format!("openssl x509 -in {file} -noout -serial"));
    assert!(serial("srv.pem").contains("=-"), "{}", serial("srv.pem"));
    let answer = explain(
        &made,
        "tls: failed to parse certificate from server: x509: negative serial number",
    );
    assert_eq!(answer["candidates"][0]["id"], "not-conformant", "{answer:#}");
    follow(&made, &answer);
    assert!(!serial("srv-new.pem").contains("=-"), "{}", serial("srv-new.pem"));
    in_shell(&made, "openssl verify -x509_strict -CAfile ca.pem srv-new.pem");
}

#[test]
fn a_pkcs1_key_is_made_pkcs8() {
    if !openssl::is_at_hand("a_pkcs1_key_is_made_pkcs8") {
        return;
    }
    let made = Workshop::new();
    in_shell(
        &made,
        "openssl genrsa -traditional -out KEY.pem 2048 2>&1; grep -q 'BEGIN RSA PRIVATE KEY' KEY.pem",
    );
    let line = "java.lang.IllegalArgumentException: File does not contain valid private key: /opt/k.pem";
    follow(&made, &told(&made, &["explain", line]));
    in_shell(&made, "grep -q 'BEGIN PRIVATE KEY' key-pkcs8.pem");
}
