//! Revocation on the command line: lists and responses from files, for the lab, for sessions and for chains.

use crate::support;
use crate::support::command;
use std::path::Path;

use command::{json, mtlscope, status, stderr, stdout};
use mtlscope::pki::{ListRecipe, Minted, mint_list};
use support::pem::pem;
use support::pki::{USUAL, minted, now};

/// A chain and key for each side, roots and lists, in a folder.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let pki = minted(USUAL);
        let files = Self {
            folder: tempfile::tempdir().expect("a directory"),
        };
        let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
        for leaf in ["client", "server"] {
            let key = pem(
                "PRIVATE KEY",
                pki.find(leaf).expect("minted").key.key.der.secret_der(),
            );
            let chain = pem("CERTIFICATE", &der(leaf)) + &pem("CERTIFICATE", &der("issuer"));
            files.write(&format!("{leaf}.pem"), &(chain + &key));
        }
        files.write("root.pem", &pem("CERTIFICATE", &der("root")));
        let list = |recipe: &str| pem("X509 CRL", &list(&pki, recipe));
        files.write(
            "good.crl",
            &(list("(issuer: \"issuer\")") + &list("(issuer: \"root\")")),
        );
        // The second block: its line is told.
        files.write(
            "revoked.crl",
            &(list("(issuer: \"root\")")
                + &list("(issuer: \"issuer\", revokes: [(\"client\", \"keyCompromise\", -2)])")),
        );
        files.write(
            "stale.crl",
            &(list("(issuer: \"issuer\", this_hours: -48, next_hours: -24)") + &list("(issuer: \"root\")")),
        );
        files.write("issuer.crl", &list("(issuer: \"issuer\")"));
        files.write("delta.crl", &list("(issuer: \"issuer\", damage: Some(Delta))"));
        files
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    /// A run of the lab with these files and more flags.
    fn lab(&self, more: &[&str]) -> std::process::Output {
        let (client, server, root) = (
            self.path("client.pem"),
            self.path("server.pem"),
            self.path("root.pem"),
        );
        let mut arguments = vec![
            "lab",
            "--format",
            "json",
            "--client-cert",
            &client,
            "--server-cert",
            &server,
            "--client-trust",
            &root,
            "--server-trust",
            &root,
        ];
        arguments.extend(more);
        mtlscope(&arguments)
    }
}

pub(crate) fn list(pki: &Minted, recipe: &str) -> Vec<u8> {
    let recipe: ListRecipe = ron::from_str(recipe).expect("a list");
    mint_list(&recipe, pki, now()).expect("minted").der.to_vec()
}

/// The ids of the causes.
fn causes(value: &serde_json::Value) -> Vec<(String, String)> {
    value["causes"]
        .as_array()
        .expect("causes")
        .iter()
        .map(|cause| {
            assert_eq!(cause["certainty"], "proven", "{cause}");
            assert_eq!(cause["reported"], true, "{cause}");
            (
                cause["id"].as_str().expect("an id").to_owned(),
                cause["detail"].as_str().expect("words").to_owned(),
            )
        })
        .collect()
}

#[test]
fn the_lab_judges_by_lists_from_files() {
    let files = Files::new();
    let good = files.path("good.crl");
    assert_eq!(status(&files.lab(&["--crl", &good])), 0);

    let revoked = files.path("revoked.crl");
    let output = files.lab(&["--server-crl", &revoked]);
    assert_eq!(status(&output), 1);
    let found = causes(&json(&output));
    assert_eq!(found[0].0, "revoked");
    let text = std::fs::read_to_string(&revoked).expect("the lists");
    let second = text
        .lines()
        .position(|line| line.contains("END"))
        .expect("the first one's end")
        + 2;
    assert!(
        found[0].1.contains("(keyCompromise)") && found[0].1.contains(&format!("revoked.crl, line {second}")),
        "{}",
        found[0].1
    );
    // The client's lists are the client's: its server is on none.
    assert_eq!(status(&files.lab(&["--client-crl", &revoked])), 0);

    let stale = files.path("stale.crl");
    assert_eq!(status(&files.lab(&["--crl", &stale])), 0);
    let output = files.lab(&["--crl", &stale, "--crl-enforce-expiry"]);
    assert_eq!(causes(&json(&output))[0].0, "crl-expired");

    let issuer = files.path("issuer.crl");
    let output = files.lab(&["--crl", &issuer]);
    assert_eq!(causes(&json(&output))[0].0, "revocation-unknown");
    assert_eq!(status(&files.lab(&["--crl", &issuer, "--crl-leaf-only"])), 0);
    assert_eq!(status(&files.lab(&["--crl", &issuer, "--crl-allow-unknown"])), 0);

    // What rustls cannot load is a finding, not the end of the run.
    let delta = files.path("delta.crl");
    let output = files.lab(&["--server-crl", &delta]);
    assert_eq!(status(&output), 1);
    let found = causes(&json(&output));
    assert_eq!(found[0].0, "crl-invalid");
    assert!(
        found[0].1.contains("delta.crl") && found[0].1.contains("delta list"),
        "{}",
        found[0].1
    );
}

#[test]
fn a_session_keeps_its_lists_and_can_be_looked_at_with_others() {
    let files = Files::new();
    let (revoked, good, session) = (
        files.path("revoked.crl"),
        files.path("good.crl"),
        files.path("kept.ron"),
    );
    assert_eq!(status(&files.lab(&["--crl", &good, "--save", &session])), 0);
    let told = |arguments: &[&str]| {
        let output = mtlscope(arguments);
        stdout(&output)
    };
    let kept = told(&["show", &session, "--format", "json"]);
    assert!(kept.contains("good.crl, the list of Mesh Issuer"), "{kept}");
    let other = told(&["show", &session, "--format", "json", "--crl", &revoked]);
    assert!(other.contains("(keyCompromise), says"), "{other}");
    assert!(Path::new(&session).exists());
}

#[test]
fn a_chain_is_verified_with_lists() {
    let files = Files::new();
    let (client, root) = (files.path("client.pem"), files.path("root.pem"));
    let verify = |list: &str| {
        mtlscope(&[
            "verify", &client, "--trust", &root, "--for", "client", "--crl", list, "--format", "json",
        ])
    };
    assert_eq!(status(&verify(&files.path("good.crl"))), 0);
    let output = verify(&files.path("revoked.crl"));
    assert_eq!(status(&output), 1);
    assert_eq!(json(&output)["chains"][0]["causes"][0]["id"], "revoked");
}

#[test]
fn a_chain_is_verified_as_strictly_as_a_handshake() {
    let files = Files::new();
    let [root, client, stale, issuer] =
        ["root.pem", "client.pem", "stale.crl", "issuer.crl"].map(|name| files.path(name));
    let verify = |more: &[&str]| {
        let mut arguments = vec![
            "verify", &client, "--trust", &root, "--for", "client", "--format", "json",
        ];
        arguments.extend(more);
        mtlscope(&arguments)
    };
    assert_eq!(
        status(&verify(&["--crl", &stale])),
        0,
        "by itself rustls goes by it"
    );
    let refused = verify(&["--crl", &stale, "--crl-enforce-expiry"]);
    assert_eq!(status(&refused), 1, "{}", stderr(&refused));
    assert_eq!(json(&refused)["chains"][0]["causes"][0]["id"], "crl-expired");
    // The issuer's own certificate has no list here.
    assert_eq!(status(&verify(&["--crl", &issuer])), 1);
    assert_eq!(status(&verify(&["--crl", &issuer, "--crl-allow-unknown"])), 0);
    assert_eq!(status(&verify(&["--crl", &issuer, "--crl-leaf-only"])), 0);
    for flag in ["--crl-enforce-expiry", "--crl-allow-unknown", "--crl-leaf-only"] {
        let idle = verify(&[flag]);
        assert_eq!(status(&idle), 2, "{flag} without a list");
        assert!(stderr(&idle).contains(flag), "{}", stderr(&idle));
    }
}

#[test]
fn what_cannot_be_used_is_told_with_its_file_and_mend() {
    let files = Files::new();
    let (root, good) = (files.path("root.pem"), files.path("good.crl"));
    files.write(
        "cut.crl",
        "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n",
    );
    let cut = files.path("cut.crl");
    for (arguments, words) in [
        (
            vec!["lab", "--crl", &root],
            vec!["root.pem", "no revocation list", "a certificate"],
        ),
        (
            vec!["lab", "--client-ocsp", &good],
            vec!["good.crl", "no OCSP response", "-respout"],
        ),
        (
            vec!["lab", "--crl", &cut],
            vec!["cut.crl, line 1", "truncated or damaged", "again"],
        ),
        (
            vec!["lab", "--crl-enforce-expiry"],
            vec!["--crl-enforce-expiry", "--crl FILE"],
        ),
        (
            vec!["lab", "--client-trust", &good],
            vec!["good.crl", "a revocation list", "no certificate"],
        ),
        (
            vec!["verify", &good, "--trust", &root],
            vec!["good.crl", "a revocation list"],
        ),
    ] {
        let output = mtlscope(&arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        let said = stderr(&output) + &stdout(&output);
        for word in words {
            assert!(said.contains(word), "{arguments:?}: {word} in {said}");
        }
    }
}
