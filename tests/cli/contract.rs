//! The program without its window: the JSON contract, exit statuses, sentences for bad input, sessions that tell the same.

use crate::support::command;
use std::path::Path;

use command::{json, mtlscope, status, stderr, stdout};
use serde_json::Value;

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

/// Asserts that `value` has these keys, whatever was added to them.
fn has_keys(value: &Value, wanted: &[&str]) {
    for key in wanted {
        assert!(value.get(key).is_some(), "{key} is not among {:?}", keys(value));
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

const ANALYSIS_KEYS: [&str; 14] = [
    "schema",
    "verdict",
    "endings",
    "version",
    "cipher_suite",
    "group",
    "sni",
    "alpn",
    "resumed",
    "causes",
    "matrix",
    "messages",
    "certificates",
    "steps",
];

#[test]
fn an_analysis_keeps_its_contract() {
    let output = mtlscope(&["lab", "--format", "json", "--server-at", "2040-01-01T00:00:00Z"]);
    assert_eq!(status(&output), 1);
    let analysis = json(&output);
    has_keys(&analysis, &ANALYSIS_KEYS);
    assert_eq!(analysis["schema"], "mtlscope.analysis/1");
    assert_eq!(analysis["verdict"], "rejected");
    assert_eq!(analysis["version"], "TLS 1.3");
    for side in ["client", "server"] {
        has_keys(
            &analysis["endings"][side],
            &["verdict", "error", "connected_at_us", "ended_at_us"],
        );
    }
    assert!(
        analysis["endings"]["client"]["connected_at_us"].is_u64(),
        "the client believed itself connected"
    );
    assert!(
        analysis["endings"]["server"]["connected_at_us"].is_null(),
        "the server never did"
    );
    let cause = &analysis["causes"][0];
    has_keys(
        cause,
        &[
            "id",
            "certainty",
            "side",
            "certificate",
            "title",
            "detail",
            "reported",
            "evidence",
            "remedies",
        ],
    );
    assert_eq!(cause["id"], "expired");
    assert_eq!(cause["side"], "server");
    has_keys(&cause["certificate"], &["sha256", "subject"]);
    has_keys(&cause["evidence"][0], &["message", "start", "end", "words"]);
    has_keys(&cause["remedies"][0], &["text", "commands"]);
    has_keys(
        &analysis["matrix"][0],
        &[
            "side",
            "certificate",
            "role",
            "check",
            "outcome",
            "cause",
            "detail",
        ],
    );
    has_keys(&analysis["steps"][0], &["chapter", "side", "title", "at_us"]);
    let sent: Vec<&str> = list(&analysis["certificates"])
        .iter()
        .filter_map(|certificate| certificate["side"].as_str())
        .collect();
    assert_eq!(
        sent,
        ["client", "client", "server", "server"],
        "two chains of two were sent"
    );
}

#[test]
fn messages_have_fields_that_cover_their_bytes() {
    let analysis = json(&mtlscope(&["lab", "--format", "json"]));
    let kinds: Vec<&str> = list(&analysis["messages"])
        .iter()
        .filter_map(|message| message["type"].as_str())
        .collect();
    for kind in [
        "ClientHello",
        "CertificateRequest",
        "CertificateVerify",
        "NewSessionTicket",
        "Alert",
    ] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    for message in list(&analysis["messages"]) {
        has_keys(
            message,
            &["side", "type", "at_us", "protected", "length", "fields"],
        );
        let mut leaves = Vec::new();
        for field in list(&message["fields"]) {
            collect_leaves(field, &mut leaves);
        }
        leaves.sort_unstable();
        let mut at = 0;
        for (start, end) in leaves {
            assert_eq!(start, at, "a gap or an overlap in {}", message["type"]);
            at = end;
        }
        assert_eq!(
            Some(at),
            message["length"].as_u64(),
            "{} is covered",
            message["type"]
        );
    }
    let alert = list(&analysis["messages"])
        .iter()
        .find(|message| message["type"] == "Alert")
        .expect("an alert");
    let names: Vec<&str> = list(&alert["fields"])
        .iter()
        .filter_map(|field| field["name"].as_str())
        .collect();
    assert_eq!(names, ["level", "description", "code"]);
}

/// Leaves in the message's own bytes; what lies in another buffer stands for its parent's bytes.
fn collect_leaves(field: &Value, leaves: &mut Vec<(u64, u64)>) {
    has_keys(
        field,
        &["name", "value", "start", "end", "buffer", "error", "fields"],
    );
    assert!(field["value"].is_string(), "values are strings: {field}");
    let own: Vec<&Value> = list(&field["fields"])
        .iter()
        .filter(|child| child["buffer"].is_null())
        .collect();
    let (start, end) = (
        field["start"].as_u64().expect("a number"),
        field["end"].as_u64().expect("a number"),
    );
    if own.is_empty() {
        if end > start {
            leaves.push((start, end));
        }
    } else {
        for child in own {
            collect_leaves(child, leaves);
        }
    }
}

#[test]
fn a_saved_session_tells_the_same_story() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("refused.ron");
    let file = path.to_string_lossy();
    for more in [&["--client-cert", "none"][..], &[][..], &["--fault", "flip"][..]] {
        let mut arguments = vec!["lab", "--format", "json", "--save", &file];
        arguments.extend(more);
        let run = mtlscope(&arguments);
        let shown = mtlscope(&["show", "--format", "json", &file]);
        assert_eq!(status(&run), status(&shown), "with {more:?}");
        let capture = json(&shown);
        assert_eq!(capture["schema"], "mtlscope.capture/1");
        let connection = &list(&capture["connections"])[0];
        assert!(
            connection["client"].is_null() && connection["server"].is_null(),
            "a session has no addresses"
        );
        let mut live = json(&run);
        // What was built in is known only to the run itself.
        for cause in live["causes"].as_array_mut().expect("a list") {
            cause["detail"] = Value::Null;
        }
        for key in ANALYSIS_KEYS {
            let mut replayed = connection[key].clone();
            if key == "causes" {
                for cause in replayed.as_array_mut().expect("a list") {
                    cause["detail"] = Value::Null;
                }
            }
            assert_eq!(live[key], replayed, "{key} with {more:?}");
        }
    }
}

#[test]
fn a_session_can_be_judged_again_at_another_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("good.ron");
    let file = path.to_string_lossy();
    assert_eq!(status(&mtlscope(&["lab", "--save", &file])), 0);
    let later = json(&mtlscope(&[
        "show",
        &file,
        "--at",
        "2040-01-01T00:00:00Z",
        "--format",
        "json",
    ]));
    let failed: Vec<&Value> = list(&later["connections"][0]["matrix"])
        .iter()
        .filter(|row| row["check"] == "validity" && row["outcome"] == "fail")
        .collect();
    assert!(!failed.is_empty(), "in 2040 these certificates have expired");
}

#[test]
fn text_fits_80_columns_and_begins_with_the_verdict() {
    for arguments in [
        &["lab"][..],
        &["lab", "--client-cert", "none"][..],
        &["lab", "--tls", "1.2", "--fault", "http"][..],
        &["lab", "--server-name", "a-name-that-nobody-has.example"][..],
    ] {
        let text = stdout(&mtlscope(arguments));
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("ACCEPTED") || first.starts_with("REJECTED"),
            "{first}"
        );
        for line in text.lines().filter(|line| !is_command(line)) {
            assert!(
                line.chars().count() <= 80,
                "{} columns: {line}",
                line.chars().count()
            );
        }
        assert!(text.contains("How it went"), "{text}");
    }
}

/// Commands are copied, not read: they stand alone, four columns in.
fn is_command(line: &str) -> bool {
    line.starts_with("    ") && !line.starts_with("     ")
}

#[test]
fn the_exit_status_says_how_it_went() {
    assert_eq!(status(&mtlscope(&["lab"])), 0);
    assert_eq!(status(&mtlscope(&["lab", "--client-cert", "none"])), 1);
    assert_eq!(
        status(&mtlscope(&[
            "lab",
            "--client-cert",
            "none",
            "--client-auth",
            "optional"
        ])),
        0
    );
    assert_eq!(
        status(&mtlscope(&["lab", "--fault", "stall", "--timeout-ms", "50"])),
        1
    );
    for unusable in [
        &["lab", "--no-such-flag"][..],
        &["lab", "--fault", "burn"][..],
        &["lab", "--at", "yesterday"][..],
        &["lab", "--group", "kyber"][..],
        &["lab", "--scenario", "no-such-scenario"][..],
        &["lab", "--server-name", "not a name"][..],
        &["show", "no-such-file.ron"][..],
    ] {
        let output = mtlscope(unusable);
        assert_eq!(status(&output), 2, "{unusable:?}: {}", stderr(&output));
        assert!(
            output.stdout.is_empty(),
            "{unusable:?} prints nothing as a result"
        );
        assert!(!stderr(&output).is_empty(), "{unusable:?} says why");
    }
}

#[test]
fn bad_files_get_one_sentence_that_names_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, bytes: &[u8]| -> String {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let empty = file("empty.pem", b"");
    let noise = file("noise.pem", &[0x00, 0xff, 0x13, 0x37, 0x99]);
    let packets = file("capture.pcap", &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0]);
    let words = file("words.ron", b"this is no session");
    let folder = directory.path().to_string_lossy().into_owned();
    for (arguments, named) in [
        (&["lab", "--client-cert", &empty][..], &empty),
        (&["lab", "--server-trust", &noise][..], &noise),
        (&["lab", "--known", &folder][..], &folder),
        (&["show", &packets][..], &packets),
        (&["show", &words][..], &words),
        (&["show", &folder][..], &folder),
    ] {
        let output = mtlscope(arguments);
        let sentence = stderr(&output);
        assert_eq!(status(&output), 2, "{arguments:?}: {sentence}");
        assert!(sentence.contains(named.as_str()), "{sentence} names {named}");
        assert_eq!(sentence.trim_end().lines().count(), 1, "one sentence: {sentence}");
        assert!(!sentence.contains("panicked"), "{sentence}");
    }
    assert!(
        stderr(&mtlscope(&["show", &packets])).contains("its header is damaged"),
        "a packet capture is recognised, and why it cannot be read is said"
    );
}

#[test]
fn what_was_left_out_is_named_in_causes_and_notes() {
    let directory = tempfile::tempdir().expect("a directory");
    let (certificate, key) = stranger(directory.path());
    let output = mtlscope(&[
        "lab",
        "--format",
        "json",
        "--client-cert",
        &certificate,
        "--client-key",
        &key,
    ]);
    let analysis = json(&output);
    assert_eq!(status(&output), 1);
    let detail = analysis["causes"][0]["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("server's trust store is built in"), "{detail}");
    let notes = list(&analysis["notes"]);
    // Whose part is built in, for each side, and how to have it in files.
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(
        stderr(&output).contains("note: "),
        "notes go to stderr beside JSON"
    );
}

/// A self-signed client that nobody trusts.
fn stranger(directory: &Path) -> (String, String) {
    let mut parameters = rcgen::CertificateParams::new(vec!["stranger.example".to_owned()]).expect("a name");
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, "stranger");
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = parameters.self_signed(&key).expect("a certificate");
    let write = |name: &str, text: String| {
        let path = directory.join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    };
    (
        write("stranger.pem", certificate.pem()),
        write("stranger.key", key.serialize_pem()),
    )
}

#[test]
fn without_a_display_the_handshake_is_told() {
    let output = mtlscope(&[]);
    let text = stdout(&output);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    for words in [
        "ClientHello",
        "CertificateVerify",
        "verifies client's chain",
        "window",
    ] {
        assert!(text.contains(words), "{words} is told:\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn a_server_lets_in_the_spiffe_id_that_it_is_told_to() {
    let id = |path: &str| format!("spiffe://shop.example/ns/shop/sa/{path}");
    let right = mtlscope(&["lab", "--client-name", &id("orders")]);
    assert_eq!(status(&right), 0, "{}", stdout(&right));
    let wrong = mtlscope(&["lab", "--client-name", &id("ledger")]);
    assert_eq!(status(&wrong), 1, "{}", stdout(&wrong));
    assert!(
        stdout(&wrong).contains("[spiffe-id-mismatch · proven"),
        "{}",
        stdout(&wrong)
    );
    let no_id = mtlscope(&["lab", "--client-name", "orders"]);
    assert_eq!(status(&no_id), 2);
    assert!(
        stderr(&no_id).contains("does not begin with spiffe://"),
        "{}",
        stderr(&no_id)
    );
}
