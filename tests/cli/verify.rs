//! `mtlscope verify`, run as a pipeline runs it: what it says and how it exits.

use crate::support::pki;

use crate::support::chain_files;
use crate::support::command;
use chain_files::Folder;
use command::{json, status, stderr, stdout};
use mtlscope::pki::sha256_hex;
use serde_json::Value;

const MORE: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true, until_hours: 9000),
    (name: "old-root", subject: "Old Root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "other", subject: "Other Root", is_ca: true),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true, path_len: 0, until_hours: 2000),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc", "IP:127.0.0.1"], purposes: ["serverAuth"], until_hours: 1000),
    (name: "below-old", subject: "payments", issuer: "old-root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "expired", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], from_hours: -48, until_hours: -24),
    (name: "odd", subject: "a<b>&\"c", issuer: "other", sans: ["DNS:payments.shop.svc"]),
    (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "stale-issuer", subject: "Stale Issuer", issuer: "root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "below-stale", subject: "payments", issuer: "stale-issuer", sans: ["DNS:payments.shop.svc"]),
    (name: "broken-issuer", subject: "Broken Issuer", issuer: "root", is_ca: true, damage: Truncated),
    (name: "below-broken", subject: "payments", issuer: "broken-issuer", sans: ["DNS:payments.shop.svc"]),
]"#;

/// A folder with good and bad chains.
fn folder() -> Folder {
    let folder = Folder::new(pki::minted(MORE));
    folder.chain("root.pem", &["root"]);
    folder.chain("old-root.pem", &["old-root"]);
    folder.chain("issuer.pem", &["issuer"]);
    folder.chain("good.pem", &["server", "issuer"]);
    folder.chain("bare.pem", &["server"]);
    folder.chain("expired.pem", &["expired", "issuer"]);
    folder.chain("stranger.pem", &["odd"]);
    folder.chain("client.pem", &["client", "issuer"]);
    folder.chain("stale.pem", &["below-stale", "stale-issuer"]);
    folder.chain("below-old.pem", &["below-old"]);
    folder
}

const NAME: [&str; 4] = ["--trust", "root.pem", "--name", "payments.shop.svc"];

fn with<'a>(first: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    first.iter().chain(rest).copied().collect()
}

/// Its stdout with every run of blanks and line ends as one blank: where a line ends is no matter here.
fn words(output: &std::process::Output) -> String {
    stdout(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

#[test]
fn a_good_chain_is_good_in_every_format() {
    let folder = folder();
    for format in ["text", "json", "sarif", "junit"] {
        let output = folder.verify(&with(&["good.pem", "--format", format], &NAME));
        assert_eq!(status(&output), 0, "{format}: {}", stderr(&output));
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{format}");
    }
    let text = stdout(&folder.verify(&with(&["good.pem"], &NAME)));
    assert!(text.starts_with("✓ good.pem: good\n"), "{text}");
    assert!(
        text.contains("payments ← Mesh Issuer ← Mesh Root (trusted)"),
        "{text}"
    );
    assert!(text.contains("1 chain: 1 good"), "{text}");
    let words = words(&folder.verify(&with(&["good.pem"], &NAME)));
    assert!(
        words.contains("the default; --for client says otherwise"),
        "{words}"
    );
}

#[test]
fn the_json_is_the_contract() {
    let folder = folder();
    let output = folder.verify(&with(&["good.pem", "expired.pem", "--format", "json"], &NAME));
    assert_eq!(status(&output), 1);
    let value = json(&output);
    assert_eq!(keys(&value)[..3], ["schema", "verdict", "chains"]);
    assert_eq!(value["schema"], "mtlscope.verification/1");
    assert_eq!(value["verdict"], "rejected");
    let chains = value["chains"].as_array().expect("a list");
    for (chain, file, verdict) in [
        (&chains[0], "good.pem", "accepted"),
        (&chains[1], "expired.pem", "rejected"),
    ] {
        assert_eq!(keys(chain)[..5], ["file", "verdict", "stack", "causes", "matrix"]);
        assert_eq!(
            (chain["file"].as_str(), chain["verdict"].as_str()),
            (Some(file), Some(verdict))
        );
        assert_eq!(keys(&chain["stack"]), ["name", "error"]);
        assert_eq!(chain["stack"]["name"], "rustls-webpki/rustls 0.23.46");
        for row in chain["matrix"].as_array().expect("a list") {
            assert_eq!(
                keys(row),
                [
                    "side",
                    "certificate",
                    "role",
                    "check",
                    "outcome",
                    "cause",
                    "detail",
                    "refused_elsewhere"
                ]
            );
            assert_eq!(row["side"], "client");
            assert_eq!(keys(&row["certificate"]), ["sha256", "subject"]);
        }
    }
    assert!(chains[0]["stack"]["error"].is_null() && chains[0]["causes"] == Value::Array(vec![]));
    let cause = &chains[1]["causes"][0];
    assert_eq!(
        keys(cause),
        [
            "id",
            "certainty",
            "side",
            "certificate",
            "title",
            "detail",
            "rule",
            "reported",
            "evidence",
            "remedies"
        ]
    );
    assert_eq!(
        (&cause["id"], &cause["reported"]),
        (&"expired".into(), &true.into())
    );
    assert_eq!(cause["certificate"]["sha256"], sha256_hex(folder.der("expired")));
    // The bytes named are the validity: they hold both times.
    let evidence = &cause["evidence"][0];
    let range = evidence["start"].as_u64().expect("a number") as usize
        ..evidence["end"].as_u64().expect("a number") as usize;
    assert!(evidence["message"].is_null());
    assert_eq!(range.len(), 32, "{evidence}");
    let bytes = &folder.der("expired")[range];
    assert_eq!(
        (bytes[0], bytes[2], bytes[17]),
        (0x30, 0x17, 0x17),
        "a SEQUENCE of two UTCTimes"
    );
    let error = chains[1]["stack"]["error"].as_str().expect("its words");
    assert!(error.contains("certificate expired"), "{error}");
    let commands = cause["remedies"][0]["commands"][0].as_str().expect("a command");
    assert_eq!(
        commands,
        "openssl req -new -utf8 -key KEY.pem -subj '/CN=payments' -addext subjectAltName=DNS:payments.shop.svc \
         -out expired-new.csr"
    );
}

#[test]
fn one_unusable_file_spoils_no_other() {
    let folder = folder();
    folder.write("empty.pem", "");
    let arguments = with(&["good.pem", "absent.pem", "expired.pem", "empty.pem"], &NAME);
    let output = folder.verify(&arguments);
    assert_eq!(status(&output), 2);
    assert_eq!(
        stderr(&output).lines().collect::<Vec<_>>(),
        [
            "mtlscope: absent.pem: there is no such file; check the path and its spelling",
            "mtlscope: empty.pem: it is empty; choose the file that holds the certificate or the key",
        ]
    );
    let text = stdout(&output);
    assert!(text.contains("4 chains: 1 good, 1 refused, 2 unusable"), "{text}");
    let value = json(&folder.verify(&with(&arguments, &["--format", "json"])));
    let verdicts: Vec<_> = value["chains"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|chain| chain["verdict"].as_str().expect("a word"))
        .collect();
    assert_eq!(verdicts, ["accepted", "unknown", "rejected", "unknown"]);
    assert!(
        value["chains"][1]["unusable"]
            .as_str()
            .expect("why")
            .starts_with("absent.pem: ")
    );
}

#[test]
fn what_nobody_can_answer_is_refused_in_one_sentence() {
    let folder = folder();
    folder.write("nothing.txt", "hello");
    for (arguments, words) in [
        (&["good.pem"][..], "--trust"),
        (&["--trust", "root.pem"], "CHAIN"),
        (
            &["good.pem", "--trust", "absent.pem"],
            "absent.pem: there is no such file",
        ),
        (
            &["good.pem", "--trust", "nothing.txt"],
            "nothing.txt: the text holds no",
        ),
        (
            &["good.pem", "--trust", "root.pem", "--known", "nothing.txt"],
            "nothing.txt: the text holds no",
        ),
        (
            &["good.pem", "--trust", "root.pem", "--name", "https://a/"],
            "--name https://a/: this is neither",
        ),
        (
            &[
                "client.pem",
                "--for",
                "client",
                "--trust",
                "root.pem",
                "--name",
                "orders",
            ],
            "--name orders: a server asks",
        ),
        (&["-", "-", "--trust", "root.pem"], "read only once"),
        (
            &["good.pem", "--trust", "root.pem", "--expires-within", "30"],
            "30d",
        ),
        (
            &["good.pem", "--trust", "root.pem", "--at", "yesterday"],
            "2027-01-31T12:00:00Z",
        ),
    ] {
        let output = folder.verify(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        let said = stderr(&output);
        assert!(
            said.contains(words) && said.lines().count() == 1,
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_missing_intermediate_is_proven_by_the_file_that_holds_it() {
    let folder = folder();
    let value = json(&folder.verify(&with(
        &["bare.pem", "--format", "json", "--known", "issuer.pem"],
        &NAME,
    )));
    let cause = &value["chains"][0]["causes"][0];
    assert_eq!(
        (&cause["id"], &cause["certainty"]),
        (&"missing-intermediate".into(), &"proven".into())
    );
    assert_eq!(
        cause["remedies"][0]["commands"][0],
        "awk '/BEGIN.*CERTIFICATE-/,/END.*CERTIFICATE-/' bare.pem issuer.pem > bare-chain.pem"
    );
    // Nobody has it: then it is a guess, and not the first.
    let value = json(&folder.verify(&with(&["bare.pem", "--format", "json"], &NAME)));
    let causes = value["chains"][0]["causes"].as_array().expect("a list");
    let told: Vec<_> = causes
        .iter()
        .map(|cause| (cause["id"].as_str(), cause["certainty"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("unknown-issuer"), Some("proven")),
            (Some("missing-intermediate"), Some("possible"))
        ]
    );
}

#[test]
fn a_clients_chain_is_judged_by_a_server() {
    let folder = folder();
    let arguments = ["client.pem", "--trust", "root.pem", "--format", "json"];
    let wrong = json(&folder.verify(&arguments));
    assert_eq!(wrong["chains"][0]["causes"][0]["id"], "wrong-purpose");
    let output = folder.verify(&with(&arguments, &["--for", "client"]));
    assert_eq!(status(&output), 0);
    let right = json(&output);
    assert_eq!(
        (&right["for"], &right["chains"][0]["matrix"][0]["side"]),
        (&"client".into(), &"server".into())
    );
}

#[test]
fn a_chain_comes_through_a_pipe_and_keys_are_left_alone() {
    let folder = folder();
    let chain = chain_files::pem(folder.der("server")) + &chain_files::pem(folder.der("issuer"));
    let key = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/certs/v1.key"
    ))
    .expect("a key");
    let output = folder.verify_stdin(&with(&["-"], &NAME), &(chain + &key));
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.contains("standard input holds a private key in line "),
        "{text}"
    );
    assert!(
        !text.contains(key.lines().nth(1).expect("a line")),
        "a key was printed"
    );
    let output = folder.verify_stdin(&with(&["-"], &NAME), "hello");
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).starts_with("mtlscope: standard input: "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn lines_are_no_wider_than_a_terminal() {
    let folder = folder();
    let files = [
        "good.pem",
        "bare.pem",
        "expired.pem",
        "stranger.pem",
        "stale.pem",
        "client.pem",
    ];
    let text = stdout(&folder.verify(&with(&files, &NAME)));
    for line in text.lines().filter(|line| !line.starts_with("    ")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(text.contains("stale.pem:"), "{text}");
}

#[test]
fn many_chains_keep_their_order() {
    let folder = folder();
    let files: Vec<String> = (0..60).map(|index| format!("many/{index}.pem")).collect();
    for (index, file) in files.iter().enumerate() {
        folder.chain(
            file,
            if index % 3 == 0 {
                &["expired", "issuer"]
            } else {
                &["server", "issuer"]
            },
        );
    }
    let arguments: Vec<&str> = files
        .iter()
        .map(String::as_str)
        .chain(NAME)
        .chain(["--format", "json"])
        .collect();
    let value = json(&folder.verify(&arguments));
    for (index, chain) in value["chains"].as_array().expect("a list").iter().enumerate() {
        assert_eq!(chain["file"], files[index]);
        assert_eq!(
            chain["verdict"],
            if index % 3 == 0 { "rejected" } else { "accepted" }
        );
    }
}
