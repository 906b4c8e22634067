//! Containers, documents and folders on the command line: passphrases from a file, what was recognised, every chain judged.

use std::path::{Path, PathBuf};

use crate::support::command::{json, mtlscope, status, stderr, stdout};

fn fixture(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/containers")
        .join(name)
        .display()
        .to_string()
}

fn passphrase(directory: &Path, text: &str) -> String {
    let file = directory.join(format!("{text}.txt"));
    std::fs::write(&file, format!("{text}\n")).expect("a file");
    file.display().to_string()
}

#[test]
fn verify_opens_a_container_with_the_passphrase_in_a_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let right = passphrase(directory.path(), "changeit");
    let wrong = passphrase(directory.path(), "wrong");
    let (chain, trust) = (fixture("orders.p12"), fixture("trust.jks"));
    let arguments = [
        "verify",
        &chain,
        "--trust",
        &trust,
        "--name",
        "orders.shop.example",
    ];

    // Nobody gave one, and there is no terminal to ask on.
    let output = mtlscope(&arguments);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("closed with a passphrase"),
        "{}",
        stderr(&output)
    );
    assert!(
        stderr(&output).contains("--passphrase-file"),
        "{}",
        stderr(&output)
    );

    let output = mtlscope(&[&arguments[..], &["--passphrase-file", &wrong]].concat());
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("does not open"), "{}", stderr(&output));

    let output = mtlscope(&[&arguments[..], &["--passphrase-file", &right]].concat());
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let flat = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("a PKCS#12 container: 1 private key and 2 certificates"),
        "{flat}"
    );
    assert!(flat.contains("a Java key store (JKS): 1 certificate"), "{flat}");

    let output = mtlscope(&[&arguments[..], &["--passphrase-file", &right, "--format", "json"]].concat());
    let told = json(&output);
    let notes = told["chains"][0]["notes"].to_string();
    assert!(notes.contains("a PKCS#12 container"), "{told}");
}

/// The first line of the file is the passphrase, whole: without its end, and with its blanks.
#[test]
fn the_first_line_of_a_file_is_the_passphrase() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("passphrase");
    let path = file.display().to_string();
    let chain = fixture("orders.p12");
    let run = |files: &[&str]| {
        let mut arguments = vec!["verify", &chain, "--trust", &chain];
        arguments.extend(files.iter().flat_map(|file| ["--passphrase-file", file]));
        mtlscope(&arguments)
    };
    for (bytes, is_right) in [
        (&b"changeit"[..], true),
        (b"changeit\n", true),
        (b"changeit\r\n", true),
        (b"changeit\nand more\n", true),
        (b"changeit\n\n", true),
        (b" changeit\n", false),
        (b"changeit \n", false),
        (b"\nchangeit\n", false),
        (b"change\nit", false),
        (b"", false),
    ] {
        std::fs::write(&file, bytes).expect("written");
        let output = run(&[&path]);
        let words = stderr(&output);
        assert_eq!(words.contains("does not open"), !is_right, "{bytes:?}: {words}");
        assert_eq!(status(&output) == 2, !is_right, "{bytes:?}: {words}");
    }
    // Of several each is tried, in whichever order they are named.
    std::fs::write(&file, "changeit").expect("written");
    let wrong = passphrase(directory.path(), "wrong");
    for files in [[path.as_str(), &wrong], [&wrong, &path]] {
        assert_ne!(status(&run(&files)), 2, "{files:?}");
    }
    for (bytes, words) in [
        (vec![0xff, 0xfe], "this is no text"),
        (vec![b'x'; 64 * 1024 + 1], "too large"),
    ] {
        std::fs::write(&file, bytes).expect("written");
        let output = run(&[&path]);
        assert_eq!(status(&output), 2);
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn lab_runs_with_a_container_and_with_encrypted_keys() {
    let directory = tempfile::tempdir().expect("a directory");
    let right = passphrase(directory.path(), "changeit");
    let trust = fixture("ca.pem");
    let both = [
        "--client-trust",
        &trust,
        "--server-trust",
        &trust,
        "--passphrase-file",
        &right,
    ];
    let (chain, secret) = (fixture("orders-chain.pem"), fixture("secret.yaml"));
    for (certificate, key) in [
        (fixture("orders.p12"), None),
        (fixture("legacy-rc2-40.p12"), None),
        (secret.clone(), None),
        (chain.clone(), Some(fixture("pbes2.key"))),
        (chain, Some(fixture("dek-aes256.key"))),
    ] {
        let mut arguments = vec!["lab", "--server-cert", &certificate, "--client-cert", &secret];
        arguments.extend(key.as_deref().into_iter().flat_map(|key| ["--server-key", key]));
        arguments.extend(both);
        let output = mtlscope(&arguments);
        assert_eq!(
            status(&output),
            0,
            "{certificate}: {}{}",
            stdout(&output),
            stderr(&output)
        );
        let flat = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("the Kubernetes Secret shop/orders-tls"), "{flat}");
    }
}

/// The cause of a fault names the place in the document, not the file alone.
#[test]
fn a_cause_names_the_place_in_the_document() {
    let (list, other) = (fixture("list.json"), fixture("orders.pem"));
    let output = mtlscope(&["verify", &list, "--trust", &other, "--at", "2200-01-01T00:00:00Z"]);
    assert_eq!(status(&output), 1, "{}{}", stdout(&output), stderr(&output));
    // How lines are broken depends on where the files lie.
    let flat = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Secret shop/orders-tls"), "{flat}");
}

#[test]
fn verify_judges_every_chain_of_a_document_and_of_a_folder() {
    let directory = tempfile::tempdir().expect("a directory");
    let right = passphrase(directory.path(), "changeit");
    let folder = directory.path().join("certs");
    std::fs::create_dir_all(folder.join("deep")).expect("folders");
    for (name, to) in [
        ("orders-chain.pem", "orders.pem"),
        ("orders.key", "orders.key"),
        ("billing.pem", "deep/billing.crt"),
        ("ca.pem", "deep/ca.crt"),
        ("make.sh", "README"),
    ] {
        std::fs::copy(fixture(name), folder.join(to)).expect("a copy");
    }
    let trust = fixture("ca.pem");
    let place = folder.display().to_string();
    let output = mtlscope(&["verify", &place, "--trust", &trust, "--format", "json"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let told = json(&output);
    let files: Vec<&str> = told["chains"]
        .as_array()
        .expect("chains")
        .iter()
        .filter_map(|chain| chain["file"].as_str())
        .collect();
    assert_eq!(
        files,
        [
            folder.join("orders.pem").to_str().expect("a path"),
            folder.join("deep/billing.crt").to_str().expect("a path")
        ]
    );
    assert!(
        told["chains"][0]["notes"].to_string().contains("1 files in"),
        "{told}"
    );

    let store = fixture("two.jks");
    let output = mtlscope(&[
        "verify",
        &store,
        "--trust",
        &trust,
        "--passphrase-file",
        &right,
        "--format",
        "json",
    ]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(json(&output)["chains"].as_array().map(Vec::len), Some(2));

    let empty = directory.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let output = mtlscope(&["verify", &empty.display().to_string(), "--trust", &trust]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("no file in this folder holds a chain"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn what_others_refuse_is_said() {
    let directory = tempfile::tempdir().expect("a directory");
    let marked = directory.path().join("marked.pem");
    let text = std::fs::read_to_string(fixture("orders-chain.pem")).expect("a fixture");
    std::fs::write(&marked, format!("\u{feff}{text}")).expect("a file");
    let output = mtlscope(&[
        "verify",
        &marked.display().to_string(),
        "--trust",
        &fixture("ca.pem"),
    ]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let flat = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("begins with a byte-order mark; Go and Java refuse it"),
        "{flat}"
    );
}
