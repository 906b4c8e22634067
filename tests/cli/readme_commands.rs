//! The commands of the README's section on the command line, run as they are written, on files of the names that stand there.

use std::process::Command;

use mtlscope::pki::Minted;

use crate::support::chain_files::Folder;
use crate::support::command::stderr;
use crate::support::pem::pem;
use crate::support::pki::minted;

use super::revocation::list;

const PKI: &str = r#"[
    (name: "root", subject: "Shop Root", is_ca: true),
    (name: "issuer", subject: "Shop Issuing", issuer: "root", is_ca: true),
    (name: "payments", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "orders", subject: "orders", issuer: "root", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
]"#;

/// The commands, with lines that go on joined, and what is no command of the program alone left out: the window, a capture that
/// nobody has, the network, other programs.
fn commands() -> Vec<Vec<String>> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let section = text.split("\n## Without a window\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut found = Vec::new();
    for block in section.split("```sh\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default().replace("\\\n", " ");
        for line in block.lines() {
            let line = line.split(" #").next().unwrap_or_default();
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let is_ours = words.first().is_some_and(|word| word == "mtlscope");
            let is_run = matches!(
                words.get(1).map(String::as_str),
                Some("lab" | "show" | "compare" | "verify" | "explain")
            );
            let is_elsewhere = ["--fetch", "--ask", "capture.pcap", "<(ssh"]
                .iter()
                .any(|word| line.contains(word));
            if is_ours && is_run && !is_elsewhere {
                found.push(words[1..].to_vec());
            }
        }
    }
    found
}

fn folder() -> Folder {
    let pki: Minted = minted(PKI);
    let files = Folder::new(minted("[]"));
    let certificate = |name: &str| pem("CERTIFICATE", &pki.find(name).expect("minted").certificate.der);
    for (file, names) in [
        ("root.pem", &["root"][..]),
        ("ca.pem", &["root"]),
        ("cas.pem", &["root", "issuer"]),
        ("orders.pem", &["orders"]),
        ("payments.pem", &["payments"]),
        ("chain.pem", &["server", "issuer"]),
        ("clients-ca.pem", &["root"]),
    ] {
        files.write(
            file,
            names.iter().map(|name| certificate(name)).collect::<String>(),
        );
    }
    for name in ["orders", "payments", "server"] {
        let key = pki.find(name).expect("minted").key.key.der.secret_der();
        files.write(&format!("{name}.key"), pem("PRIVATE KEY", key));
    }
    files.write(
        "error.log",
        "SSL routines::tlsv1 alert unknown ca:SSL alert number 48\n",
    );
    for issuer in ["issuer", "root"] {
        let found = list(&pki, &format!("(issuer: \"{issuer}\")"));
        files.write(&format!("{issuer}.crl"), pem("X509 CRL", &found));
    }
    files
}

#[test]
fn every_command_runs_as_it_is_written() {
    let files = folder();
    let commands = commands();
    assert!(commands.len() >= 8, "{commands:?}");
    for words in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
            .args(&words)
            .current_dir(files.path())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .output()
            .expect("the program starts");
        let status = output.status.code();
        assert!(matches!(status, Some(0 | 1)), "{words:?}: {}", stderr(&output));
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        if words.iter().any(|word| word == "--crl-enforce-expiry") {
            assert_eq!(status, Some(0), "{told}");
        }
        if words.iter().any(|word| word == "--write-built-in") {
            // A remedy that names what is built in names a file that is there now.
            for file in [
                "mesh-root-2026.pem",
                "mesh-issuer.pem",
                "payments.pem",
                "payments.key",
            ] {
                assert!(
                    files.path().join("built-in").join(file).is_file(),
                    "{file}: {told}"
                );
            }
        }
    }
    // Nothing that is there is written over.
    let again = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .args(["lab", "--write-built-in", "built-in"])
        .current_dir(files.path())
        .output()
        .expect("the program starts");
    assert_eq!(again.status.code(), Some(2));
}
