//! A pasted line beside the user's own files: what they settle, and their names in the commands.

use crate::support::pki;

use crate::support::command;
use crate::support::forge::{Forge, Key, basic_constraints, key_usage};
use crate::support::grids::HOST;
use base64::Engine;
use command::{json, mtlscope, status, stdout};
use pki::{USUAL, minted};
use tempfile::TempDir;

fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

/// A client that forgot its intermediate, beside a good server; the intermediate lies in a file of its own.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        let pki = minted(USUAL);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let certificate = |name: &str| pem("CERTIFICATE", &pki.find(name).expect("minted").certificate.der);
        let key = |name: &str| {
            let key = &pki.find(name).expect("minted").key.key;
            pem("PRIVATE KEY", key.der.secret_der())
        };
        for (file, text) in [
            ("orders.pem", certificate("client") + &key("client")),
            (
                "payments.pem",
                certificate("server") + &certificate("issuer") + &key("server"),
            ),
            ("mesh-root.pem", certificate("root")),
            ("issuer-2026.pem", certificate("issuer")),
        ] {
            std::fs::write(folder.path().join(file), text).expect("a file");
        }
        Self(folder)
    }

    fn path(&self, file: &str) -> String {
        self.0.path().join(file).display().to_string()
    }

    fn explain(&self, format: &str, text: &str) -> std::process::Output {
        let (client, server) = (self.path("orders.pem"), self.path("payments.pem"));
        let (root, issuer) = (self.path("mesh-root.pem"), self.path("issuer-2026.pem"));
        let output = mtlscope(&[
            "explain",
            "--format",
            format,
            text,
            "--client-cert",
            &client,
            "--client-key",
            &client,
            "--client-trust",
            &root,
            "--server-cert",
            &server,
            "--server-key",
            &server,
            "--server-trust",
            &root,
            "--known",
            &issuer,
        ]);
        assert_eq!(status(&output), 0, "{}", stdout(&output));
        output
    }
}

#[test]
fn the_relatives_of_what_the_files_prove_are_ruled_out() {
    let files = Files::new();
    // With the side told and without.
    for line in [
        "error:0A000418:SSL routines::tlsv1 alert unknown ca",
        "curl: (56) OpenSSL SSL_read: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0",
        "remote error: tls: bad certificate",
    ] {
        let found = json(&files.explain("json", line));
        let settled = |id: &str| {
            found["candidates"]
                .as_array()
                .and_then(|all| all.iter().find(|one| one["id"] == id))
                .map(|one| one["settled"].clone())
        };
        assert_eq!(
            settled("missing-intermediate"),
            Some("confirmed".into()),
            "{line}"
        );
        for id in [
            "unknown-issuer",
            "no-trust-anchors",
            "same-name-different-key",
            "self-signed-not-trusted",
        ] {
            assert_eq!(settled(id), Some("ruled-out".into()), "{id} for {line}");
        }
    }
    let words = stdout(&files.explain("text", "error:0A000418:SSL routines::tlsv1 alert unknown ca"));
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("it is what “missing intermediate” looks like"),
        "{words}"
    );
    assert!(
        words.contains("the files show “missing intermediate” in its place"),
        "{words}"
    );
}

#[test]
fn commands_name_the_loaded_files() {
    let files = Files::new();
    for line in [
        "remote error: tls: bad certificate",
        "http: TLS handshake error from 10.0.0.1:5: remote error: tls: bad certificate",
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
    ] {
        let found = json(&files.explain("json", line));
        for candidate in found["candidates"].as_array().expect("candidates") {
            let check = candidate["check"].as_str().expect("a command");
            for stand_in in [
                " trust.pem",
                " certificate.pem",
                "-trust.pem",
                " client.pem",
                " server.pem",
                " issuer.pem",
            ] {
                assert!(!check.contains(stand_in), "{line}: {check}");
            }
        }
    }
    // curl judges the server: its certificate, and the client's trust.
    let curl = json(&files.explain(
        "json",
        "curl: (60) SSL certificate problem: certificate has expired",
    ));
    let check = curl["candidates"][0]["check"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(check.contains(&files.path("payments.pem")), "{check}");
}

#[test]
fn what_no_file_tells_says_what_would() {
    let files = Files::new();
    let words = stdout(&files.explain("text", "remote error: tls: bad certificate"));
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("open: no revocation list that settles it is loaded"),
        "{words}"
    );
    let words = stdout(&files.explain("text", "read: connection reset by peer during the TLS handshake"));
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("open: it is of the connection, not of the files"),
        "{words}"
    );
}

/// What only the strict mode of the line's writer refuses: where the words may mean two things, the one that the files show.
#[test]
fn a_rule_that_the_line_names_is_found_in_the_files() {
    type Change = fn(&mut Forge, &mut Forge);
    let cases: [(&str, &str, Change); 4] = [
        (
            "error 92 at 1 depth lookup: CA cert does not include key usage extension",
            "it has no keyUsage",
            |ca, _| ca.drop(15),
        ),
        (
            "error 80 at 0 depth lookup: Path length invalid for non-CA cert",
            "it limits the path below it",
            |_, leaf| {
                leaf.put(19, true, &[0x30, 3, 2, 1, 1]);
            },
        ),
        (
            "error 82 at 0 depth lookup: Key usage keyCertSign invalid for non-CA cert",
            "although it is no CA",
            |_, leaf| {
                leaf.put(15, true, &key_usage(0x84));
            },
        ),
        (
            "error 89 at 1 depth lookup: Basic Constraints of CA cert not marked critical",
            "it is not critical",
            |ca, _| {
                ca.put(19, false, &basic_constraints(true, None));
            },
        ),
    ];
    for (line, found, change) in cases {
        let keys = [Key::new(), Key::new(), Key::new()];
        let root = Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]);
        let mut ca = Forge::ca("Issuer", "Root", &keys[1], &keys[0]);
        let mut leaf = Forge::leaf(HOST, "Issuer", &keys[2], &keys[1]);
        change(&mut ca, &mut leaf);
        let chain = [leaf.sign(&keys[1]), ca.sign(&keys[0])];
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, ders: &[Vec<u8>]| {
            let path = folder.path().join(name);
            let text: String = ders.iter().map(|der| pem("CERTIFICATE", der)).collect();
            std::fs::write(&path, text).expect("a file");
            path.display().to_string()
        };
        let (chain, root) = (write("chain.pem", &chain), write("root.pem", &[root]));
        let flags = [
            "--server-cert",
            &chain,
            "--client-trust",
            &root,
            "--server-name",
            HOST,
            "--at",
            "2026-06-01T00:00:00Z",
        ];
        let told = json(&mtlscope(
            &[&["explain", line, "--format", "json"][..], &flags].concat(),
        ));
        let first = &told["candidates"][0];
        assert_eq!(
            (&first["id"], &first["settled"]),
            (&"not-conformant".into(), &"confirmed".into()),
            "{line}: {told:#}"
        );
        assert!(
            first["found"].as_str().is_some_and(|words| words.contains(found)),
            "{line}: {first:#}"
        );
    }
    // Where no certificate breaks it, that is ruled out.
    let good = Files::new().explain(
        "json",
        "error 92 at 1 depth lookup: CA cert does not include key usage extension",
    );
    let all = json(&good)["candidates"].as_array().cloned().unwrap_or_default();
    assert!(all.iter().all(|one| one["settled"] != "confirmed"), "{all:#?}");
}
