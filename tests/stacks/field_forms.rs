//! Field cases of files in forms that others refuse, or that hold too little: each is told, and its mend is run as it is printed.

use std::path::Path;
use std::process::Command;

use super::field_remedies::{accepted, files_of, follow, page};
use super::openssl_remedies::{copy, in_shell, told};
use crate::support::machine::skipped;
use crate::support::openssl::{Workshop, is_at_hand, write};

/// What is told of a file, and the command under it.
fn note(report: &serde_json::Value, words: &str) -> (String, String) {
    let of_chain = report["chains"][0]["notes"].as_array().into_iter().flatten();
    let of_all = report["notes"].as_array().into_iter().flatten();
    let mut texts = of_chain.chain(of_all).filter_map(|note| note.as_str());
    let found = texts.find(|note| note.contains(words));
    let found = found.unwrap_or_else(|| panic!("no note says {words}: {report:#}"));
    let (words, command) = found.split_once('\n').unwrap_or((found, ""));
    (words.to_owned(), command.to_owned())
}

fn passphrase(made: &Workshop) {
    write(&made.path("pass"), "changeit");
}

#[test]
fn case_07_a_store_that_java_finds_empty() {
    let test = "case_07_a_store_that_java_finds_empty";
    if !is_at_hand(test) {
        return;
    }
    let made = files_of("07-java-openssl-truststore");
    passphrase(&made);
    let ask = |store: &str| {
        let name = ["--name", "ledger.fernhill.test", "--passphrase-file", "pass"];
        told(
            &made,
            &[&["verify", "server.pem", "--trust", store], &name[..]].concat(),
        )
    };
    let (words, command) = note(&ask("truststore-openssl.p12"), "marked as trusted");
    assert!(
        words.contains("trustAnchors") && words.ends_with("Java refuses it."),
        "{words}"
    );
    // The stores that keytool made, and one that belongs to a key, are none of these.
    for store in ["truststore-keytool.p12", "truststore.jks", "client.p12"] {
        let report = ask(store);
        assert!(
            !report["notes"].to_string().contains("marked as trusted"),
            "{store}: {report:#}"
        );
        assert_eq!(report["verdict"], "accepted", "{store}");
    }
    if Command::new("keytool").arg("-help").output().is_err() {
        skipped(test, "keytool is not here");
        return;
    }
    // The passphrase is asked for at the terminal; here it is given.
    let command = command
        .replace("openssl pkcs12 ", "openssl pkcs12 -passin pass:changeit ")
        .replace("keytool ", "keytool -storepass changeit ");
    in_shell(&made, &command);
    let listed = in_shell(
        &made,
        "keytool -list -keystore truststore-openssl-mended.p12 -storepass changeit",
    );
    assert!(listed.contains("trustedCertEntry"), "{listed}");
    assert_eq!(ask("truststore-openssl-mended.p12")["verdict"], "accepted");
}

#[test]
fn case_10_a_use_that_openvpn_asks_for() {
    if !is_at_hand("case_10_a_use_that_openvpn_asks_for") {
        return;
    }
    let made = files_of("10-openvpn-ku");
    copy(&made, "ca.key", "CA-KEY.pem");
    copy(&made, "vpn.key", "KEY.pem");
    let asked = ["--trust", "ca.pem", "--name", "vpn.saltmarsh.test"];
    // The profile says that OpenVPN is there.
    let root = std::fs::read_to_string(made.path("ca.pem")).expect("the CA");
    write(&made.path("client.ovpn"), &format!("<ca>\n{root}</ca>\n"));
    let of_profile = ["--trust", "client.ovpn", "--name", "vpn.saltmarsh.test"];
    let report = told(&made, &[&["verify", "vpn.pem"], &of_profile[..]].concat());
    let warned = &report["chains"][0]["warnings"][0];
    assert_eq!(
        (&warned["id"], &warned["demand"]),
        (&"key-usage".into(), &true.into())
    );
    assert!(
        warned["detail"]
            .as_str()
            .is_some_and(|text| text.contains("has key usage 0080, expects 00a0")),
        "{warned:#}"
    );
    assert_eq!(report["chains"][0]["good"], true, "nobody refuses it by itself");
    // What lies in the profile is taken out of it.
    let commands = warned["remedies"][0]["commands"].to_string();
    assert!(commands.contains("> saltmarsh-vpn-ca.pem"), "{commands}");
    for command in warned["remedies"][0]["commands"].as_array().expect("commands") {
        in_shell(&made, command.as_str().expect("text"));
    }
    let text = in_shell(&made, "openssl x509 -in vpn-chain.pem -noout -ext keyUsage");
    assert!(text.contains("Digital Signature, Key Encipherment"), "{text}");
    let report = told(&made, &[&["verify", "vpn-chain.pem"], &asked[..]].concat());
    assert_eq!(
        report["chains"][0]["warnings"],
        serde_json::json!([]),
        "{report:#}"
    );
}

#[test]
fn case_14_blocks_that_stand_on_one_line_are_set_apart() {
    if !is_at_hand("case_14_blocks_that_stand_on_one_line_are_set_apart") {
        return;
    }
    let made = files_of("14-no-newline-between-pems");
    let verify =
        |chain: &str, trust: &str| told(&made, &["verify", chain, "--for", "client", "--trust", trust]);
    let glued = "BEGIN stands on the same line";
    let (words, command) = note(&verify("chain-glued.pem", "root.pem"), glued);
    assert!(words.starts_with("chain-glued.pem, line 11: "), "{words}");
    in_shell(&made, &command);
    in_shell(&made, &note(&verify("plane.pem", "cas-glued.pem"), glued).1);
    in_shell(&made, &note(&verify("key-then-cert.pem", "root.pem"), glued).1);
    let count = |file: &str| {
        in_shell(&made, &format!("grep -c '^-----BEGIN' {file}"))
            .trim()
            .to_owned()
    };
    assert_eq!(
        [
            count("chain-glued-mended.pem"),
            count("cas-glued-mended.pem"),
            count("key-then-cert-mended.pem")
        ],
        ["2", "2", "2"]
    );
    in_shell(
        &made,
        "openssl verify -CAfile cas-glued-mended.pem -untrusted chain-glued-mended.pem chain-glued-mended.pem && \
         openssl pkey -in key-then-cert-mended.pem -noout",
    );
    let explained =
        explain("Fatal: Can't load ssl_cert: error:0906D066:PEM routines:PEM_read_bio:bad end line");
    assert!(explained.contains("BEGIN stands on the same line"), "{explained}");
}

#[test]
fn case_19_a_container_of_the_nineties_is_written_anew() {
    if !is_at_hand("case_19_a_container_of_the_nineties_is_written_anew") {
        return;
    }
    let made = files_of("19-node-pfx-rc2");
    passphrase(&made);
    let asked = [
        "--trust",
        "ca.pem",
        "--name",
        "dev.lark.test",
        "--passphrase-file",
        "pass",
    ];
    let report = told(&made, &[&["verify", "dev.p12"], &asked[..]].concat());
    assert_eq!(report["verdict"], "accepted");
    let (words, command) = note(&report, "RC2-40");
    assert!(words.contains("OpenSSL and Node.js refuse it"), "{words}");
    let command = command
        .replace("-legacy", "-legacy -passin pass:changeit")
        .replace("-export", "-export -passout pass:changeit");
    in_shell(&made, &command);
    let opens = |file: &str| {
        let command = format!("openssl pkcs12 -in {file} -noout -passin pass:changeit 2>&1 || echo refused");
        !in_shell(&made, &command).contains("refused")
    };
    assert!(!opens("dev.p12") && opens("dev-mended.p12"));
    let report = told(&made, &[&["verify", "dev-mended.p12"], &asked[..]].concat());
    assert_eq!(report["verdict"], "accepted", "{report:#}");
}

#[test]
fn case_33_the_intermediate_is_put_into_the_store_of_a_server_that_looks_there_alone() {
    if !is_at_hand("case_33_the_intermediate_is_put_into_the_store_of_a_server_that_looks_there_alone") {
        return;
    }
    let made = files_of("33-apigw-truststore-root-only");
    let verify = [
        "verify", "m.pem", "--for", "client", "--known", "reg.pem", "--trust",
    ];
    let report = told(&made, &[&verify[..], &["truststore.pem"]].concat());
    assert_eq!(report["chains"][0]["causes"][0]["id"], "missing-intermediate");
    let commands = follow(&made, &report, &["in its own trust store alone"]);
    let report = told(&made, &[&verify[..], &["new-trust.pem"]].concat());
    assert_eq!(report["verdict"], "accepted", "{commands}");
}

#[test]
fn case_34_every_form_is_read_and_who_refuses_it_is_said() {
    let made = files_of("34-k8s-secret-encoding");
    for (file, words) in [
        ("mounted-tls.crt", "is base64 of PEM text"),
        ("once.b64", "is base64 of PEM text"),
        ("twice.b64", "is base64 of base64 of PEM text"),
        ("bare.b64", "is base64 of DER"),
        ("literal-n.pem", "written as the two characters"),
        ("indented.pem", "the BEGIN line is indented"),
        ("bom.pem", "a byte-order mark"),
        ("utf16.pem", "in UTF-16"),
        ("trusted.pem", "labelled TRUSTED CERTIFICATE"),
        ("p7.pem", "a PKCS#7 container in PEM"),
        ("p7.der", "a PKCS#7 container"),
        ("spaces.pem", "its line breaks are lost"),
        ("x509hdr.pem", "labelled X509 CERTIFICATE"),
        ("kubeconfig.yaml", "is a kubeconfig"),
        ("client.ovpn", "is an OpenVPN profile"),
        ("crlf.pem", "good"),
        ("textheader.pem", "good"),
        ("subjlines.pem", "good"),
        ("oneline.pem", "good"),
    ] {
        let (text, is_good) = page(&made, &[file, "--for", "client", "--trust", "ca.pem"]);
        assert!(is_good && text.contains(words), "{file}: {words}: {text}");
    }
    // Keys in the same forms are read, and never shown.
    for key in ["literal-n.key", "spaces.key"] {
        let pair = [
            "--client-cert",
            "cli.pem",
            "--client-key",
            key,
            "--server-trust",
            "ca.pem",
        ];
        accepted(&made, &pair, key);
        let text = std::fs::read_to_string(made.path(key)).expect("a key");
        let secret: String = text.chars().skip(40).take(30).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
            .arg("lab")
            .args(pair)
            .current_dir(made.path(""))
            .output()
            .expect("it runs");
        let said = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8_lossy(&said).contains(&secret), "{key}");
    }
    let explained =
        explain("Error creating TLS config: tls: failed to find any PEM data in certificate input");
    assert!(
        explained.contains("encoded twice") && explained.contains("base64 -d"),
        "{explained}"
    );
}

/// What `explain` says of a line, on one line.
fn explain(line: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .args(["explain", line])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
