//! `explain` with certificates alone: no private key, or one that nothing here signs with.

use std::path::PathBuf;

use crate::support::command::{json, mtlscope, status, stderr, stdout};
use mtlscope::pki::pem_text;
use serde_json::Value;

const UNKNOWN: &str = "tlsv1 alert unknown ca";
const WEAK: &str = "error 66 at 0 depth lookup: EE certificate key too weak";

fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/certs")
        .join(name);
    path.display().to_string()
}

/// At a day on which the fixtures are valid.
fn explained(line: &str, flags: &[&str]) -> Value {
    let fixed = [
        "explain",
        line,
        "--format",
        "json",
        "--at",
        "2030-01-01T00:00:00Z",
    ];
    let output = mtlscope(&[&fixed, flags].concat());
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    json(&output)
}

/// The first candidate, with what the files say to it.
fn first(explained: &Value) -> (&str, &str) {
    let first = &explained["candidates"][0];
    let word = |name: &str| first[name].as_str().unwrap_or_default();
    (word("id"), word("settled"))
}

fn not_judged(explained: &Value) -> String {
    let all = explained["not_judged"].as_array().cloned().unwrap_or_default();
    let words: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
    words.join("\n")
}

/// A private key on a curve with which rustls does not sign: that of the fixture under the name of P-192.
fn odd_key() -> String {
    let text = std::fs::read(fixture("ip.key")).expect("it is there");
    let loaded = mtlscope::pki::read_bytes(&text, "ip.key").expect("a key");
    let mut der = loaded.keys[0].key.der.secret_der().to_vec();
    let p256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let at = der
        .windows(8)
        .position(|bytes| bytes == p256)
        .expect("the curve is named");
    der[at + 7] = 1;
    pem_text("EC PRIVATE KEY", &der).to_string()
}

#[test]
fn a_certificate_is_enough_on_either_side() {
    for side in ["client", "server"] {
        let peer = if side == "client" { "server" } else { "client" };
        let (cert, trust) = (format!("--{side}-cert"), format!("--{peer}-trust"));
        let (leaf, root) = (fixture("weak.pem"), fixture("root.pem"));
        let flags = [&cert, &leaf, &trust, &root].map(String::as_str);
        let told = explained(UNKNOWN, &flags);
        assert_eq!(first(&told), ("unknown-issuer", "confirmed"), "{side}");
        let words = not_judged(&told);
        assert!(words.contains(&format!("given for the {side}")), "{words}");
        assert!(words.contains("no handshake was run"), "{words}");
        // Whether a key belongs to it is a question for the key.
        let told = explained("tls: private key does not match public key", &flags);
        assert_eq!(first(&told), ("key-mismatch", "open"), "{side}");
        // In text, the same.
        let text = stdout(&mtlscope(&[&["explain", UNKNOWN][..], &flags].concat()));
        assert!(text.contains("So no handshake was run"), "{text}");
    }
    // With a key, nothing is left to say.
    let (cert, key) = (fixture("weak.pem"), fixture("weak.key"));
    let told = explained(UNKNOWN, &["--client-cert", &cert, "--client-key", &key]);
    assert_eq!(not_judged(&told), "");
}

#[test]
fn what_would_pass_without_a_key_is_not_called_accepted() {
    let (cert, trust) = (fixture("p521.pem"), fixture("root.pem"));
    let flags = ["--client-cert", &cert, "--server-trust", &trust];
    let told = explained("SSL alert number 71", &flags);
    assert!(
        told["candidates"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|one| one["settled"] != "confirmed"),
        "{told:#}"
    );
    assert!(!told.to_string().contains("the handshake succeeds"), "{told:#}");
}

#[test]
fn a_weak_key_is_the_finding_and_no_reason_to_refuse_its_file() {
    for flags in [
        vec![
            "--client-cert",
            "rsa1024.pem",
            "--client-key",
            "rsa1024.key",
            "--server-trust",
            "root.pem",
        ],
        vec!["--client-cert", "rsa1024.pem", "--server-trust", "root.pem"],
        vec![
            "--server-cert",
            "rsa1024.pem",
            "--server-key",
            "rsa1024.key",
            "--client-trust",
            "root.pem",
        ],
    ] {
        let files: Vec<String> = flags
            .iter()
            .map(|word| {
                if word.starts_with("--") {
                    (*word).to_owned()
                } else {
                    fixture(word)
                }
            })
            .collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let told = explained(WEAK, &files);
        assert_eq!(first(&told), ("weak-key", "confirmed"), "{flags:?}");
        let is_told = not_judged(&told).contains("RSA-1024, with which rustls does not sign");
        assert_eq!(is_told, flags.len() > 4, "{flags:?}");
    }
}

#[test]
fn a_key_on_a_strange_curve_is_left_aside_wherever_it_lies() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let certificate = std::fs::read_to_string(fixture("weak.pem")).expect("it is there");
    std::fs::write(path("cert.pem"), &certificate).expect("written");
    std::fs::write(path("odd.key"), odd_key()).expect("written");
    std::fs::write(path("both.pem"), certificate + &odd_key()).expect("written");
    let (cert, key, both, trust) = (
        path("cert.pem"),
        path("odd.key"),
        path("both.pem"),
        fixture("root.pem"),
    );
    for flags in [
        vec!["--client-cert", &cert, "--client-key", &key],
        vec!["--client-cert", &both],
        vec!["--client-key", &both],
    ] {
        let told = explained(UNKNOWN, &[&flags[..], &["--server-trust", &trust]].concat());
        assert_eq!(first(&told), ("unknown-issuer", "confirmed"), "{flags:?}");
        let words = not_judged(&told);
        assert!(
            words.contains("1.2.840.10045.3.1.1, with which rustls does not sign"),
            "{words}"
        );
        // A handshake cannot do without it.
        let refused = mtlscope(&[&["lab"], &flags[..]].concat());
        assert_eq!(status(&refused), 2, "{flags:?}");
        assert!(
            stderr(&refused).contains("with which rustls does not sign"),
            "{}",
            stderr(&refused)
        );
    }
    let judged = mtlscope(&[
        "verify",
        &both,
        "--for",
        "client",
        "--trust",
        &fixture("weak-root.pem"),
        "--at",
        "2030-01-01T00:00:00Z",
    ]);
    assert_ne!(status(&judged), 2, "{}", stderr(&judged));
    assert!(
        stdout(&judged).contains("it was left aside"),
        "{}",
        stdout(&judged)
    );
    // Alone it is nothing to judge.
    assert_eq!(status(&mtlscope(&["verify", &key, "--trust", &trust])), 2);
}
