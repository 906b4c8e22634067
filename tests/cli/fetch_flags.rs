//! `--fetch-crl` and `--fetch-issuer`: asked for once each, judged by, and never without the flag.

use crate::support;
use crate::support::command;
use std::path::Path;

use command::{json, mtlscope, status, stderr, stdout};
use mtlscope::pki::{ListRecipe, Minted, mint_list};
use support::http::{At, Server};
use support::pem::{identity, pem};
use support::pki::{minted, now};

/// A CA that serves its lists and its issuer, and the files of a client and a server.
struct Mesh {
    folder: tempfile::TempDir,
    server: Server,
    pki: Minted,
}

impl Mesh {
    fn new() -> Self {
        let server = Server::start();
        let pki = minted(&format!(
            r#"[
            (name: "root", subject: "Mesh Root", is_ca: true),
            (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true, crl_points: ["{root}"]),
            (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], crl_points: ["{list}"], issuer_urls: ["{issuer}"]),
            (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"], crl_points: ["{list}"], issuer_urls: ["{issuer}"]),
            (name: "quiet", subject: "quiet", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
        ]"#,
            root = server.url("/root.crl"),
            list = server.url("/issuer.crl"),
            issuer = server.url("/issuer.der"),
        ));
        let mesh = Self {
            folder: tempfile::tempdir().expect("a directory"),
            server,
            pki,
        };
        for leaf in ["client", "server", "quiet"] {
            for (file, chain) in [
                (leaf.to_owned(), &[leaf, "issuer"][..]),
                (format!("{leaf}-alone"), &[leaf]),
            ] {
                mesh.write(&format!("{file}.pem"), &identity(&mesh.pki, chain));
            }
        }
        mesh.write("root.pem", &pem("CERTIFICATE", &mesh.der("root")));
        mesh.server.put("/issuer.der", At::Body(mesh.der("issuer")));
        mesh.list("/root.crl", "(issuer: \"root\")");
        mesh.list("/issuer.crl", "(issuer: \"issuer\")");
        mesh
    }

    fn der(&self, name: &str) -> Vec<u8> {
        self.pki.find(name).expect("minted").certificate.der.to_vec()
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).expect("written");
    }

    fn list(&self, path: &str, recipe: &str) {
        let recipe: ListRecipe = ron::from_str(recipe).expect("a list");
        let list = mint_list(&recipe, &self.pki, now()).expect("minted");
        self.server.put(path, At::Body(list.der.to_vec()));
    }

    fn path(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }

    fn verify(&self, chains: &[&str], flags: &[&str]) -> std::process::Output {
        let chains: Vec<String> = chains.iter().map(|chain| self.path(chain)).collect();
        let root = self.path("root.pem");
        let mut arguments = vec!["verify", "--trust", &root];
        arguments.extend(chains.iter().map(String::as_str));
        arguments.extend(flags);
        mtlscope(&arguments)
    }
}

#[test]
fn nothing_is_asked_without_the_flag() {
    let mesh = Mesh::new();
    let output = mesh.verify(&["server.pem", "server-alone.pem"], &[]);
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    assert!(mesh.server.asked().is_empty());
}

#[test]
fn lists_are_fetched_once_and_judged_by() {
    let mesh = Mesh::new();
    let good = mesh.verify(&["server.pem", "server.pem"], &["--fetch-crl", "--fetch-private"]);
    assert_eq!(status(&good), 0, "{}{}", stdout(&good), stderr(&good));
    let mut asked = mesh.server.asked();
    asked.sort();
    assert_eq!(asked, ["/issuer.crl", "/root.crl"], "two chains, each list once");
    assert!(
        stderr(&good).contains(&mesh.server.url("/issuer.crl")),
        "{}",
        stderr(&good)
    );

    mesh.list(
        "/issuer.crl",
        "(issuer: \"issuer\", revokes: [(\"server\", \"keyCompromise\", -2)])",
    );
    let revoked = mesh.verify(
        &["server.pem"],
        &["--fetch-crl", "--fetch-private", "--format", "json"],
    );
    assert_eq!(status(&revoked), 1);
    let report = json(&revoked);
    let cause = &report["chains"][0]["causes"][0];
    assert_eq!(cause["id"], "revoked");
    assert!(
        cause["detail"]
            .as_str()
            .expect("words")
            .contains(&mesh.server.url("/issuer.crl")),
        "{cause}"
    );
    let notes = report["chains"][0]["notes"].to_string();
    assert!(notes.contains("was fetched from"), "{notes}");
}

#[test]
fn a_list_that_does_not_come_makes_its_chain_unusable_and_no_other() {
    let mesh = Mesh::new();
    mesh.server.put("/issuer.crl", At::Status(404));
    let output = mesh.verify(
        &["server.pem", "quiet-alone.pem"],
        &["--fetch-crl", "--fetch-private"],
    );
    assert_eq!(status(&output), 2);
    let all = stdout(&output) + &stderr(&output);
    for words in ["server.pem: http://", "the status 404", "quiet-alone.pem"] {
        assert!(all.contains(words), "{words}: {all}");
    }
    // A chain whose certificates name no list: that is said, not passed over.
    assert!(
        all.contains("No certificate of this chain says where its revocation list is"),
        "{all}"
    );
}

#[test]
fn a_fetched_issuer_proves_what_is_missing_and_its_command_works() {
    let mesh = Mesh::new();
    let output = mesh.verify(
        &["server-alone.pem"],
        &["--fetch-issuer", "--fetch-private", "--format", "json"],
    );
    assert_eq!(status(&output), 1);
    let report = json(&output);
    let cause = &report["chains"][0]["causes"][0];
    assert_eq!(
        (&cause["id"], &cause["certainty"]),
        (&"missing-intermediate".into(), &"proven".into())
    );
    assert!(
        cause["detail"]
            .as_str()
            .expect("words")
            .contains(&mesh.server.url("/issuer.der")),
        "{cause}"
    );
    let commands: Vec<&str> = cause["remedies"][0]["commands"]
        .as_array()
        .expect("commands")
        .iter()
        .filter_map(serde_json::Value::as_str)
        .collect();
    assert!(
        commands[0].starts_with("curl -sSL ") && commands[0].contains("-inform DER"),
        "{commands:?}"
    );
}

#[test]
fn the_lab_judges_each_side_by_what_it_fetched() {
    let mesh = Mesh::new();
    mesh.list(
        "/issuer.crl",
        "(issuer: \"issuer\", revokes: [(\"client\", \"superseded\", -2)])",
    );
    let [client, server, root] = ["client.pem", "server.pem", "root.pem"].map(|file| mesh.path(file));
    let lab = |flags: &[&str]| {
        let mut arguments = vec!["lab", "--client-cert", &client, "--client-trust", &root];
        arguments.extend(["--server-cert", &server, "--server-trust", &root]);
        arguments.extend(flags);
        mtlscope(&arguments)
    };
    assert_eq!(status(&lab(&[])), 0);
    assert!(mesh.server.asked().is_empty());
    let kept = mesh.path("kept.ron");
    let output = lab(&["--fetch-crl", "--fetch-private", "--save", &kept]);
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    assert!(stdout(&output).contains("[revoked"), "{}", stdout(&output));
    assert_eq!(mesh.server.asked().len(), 2, "both sides name the same");
    // The session holds the list: it replays without a network.
    mesh.server.put("/issuer.crl", At::Status(500));
    let shown = mtlscope(&["show", &kept]);
    assert_eq!(status(&shown), 1);
    assert!(stdout(&shown).contains("[revoked"), "{}", stdout(&shown));
    assert_eq!(mesh.server.asked().len(), 2);
    assert!(Path::new(&kept).exists());
}

#[test]
fn strictness_needs_a_list_and_a_fetched_one_is_one() {
    let mesh = Mesh::new();
    let [client, server, root] = ["client.pem", "server.pem", "root.pem"].map(|file| mesh.path(file));
    let output = mtlscope(&[
        "lab",
        "--client-cert",
        &client,
        "--client-trust",
        &root,
        "--server-cert",
        &server,
        "--server-trust",
        &root,
        "--fetch-crl",
        "--fetch-private",
        "--crl-enforce-expiry",
    ]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

/// So it is for `verify`: a list that will be fetched is a list, and without either the flag has nothing to apply to.
#[test]
fn whose_status_counts_needs_a_list_that_is_given_or_fetched() {
    let mesh = Mesh::new();
    let flags = ["--fetch-crl", "--fetch-private", "--crl-leaf-only"];
    let output = mesh.verify(&["server.pem"], &flags);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let output = mesh.verify(&["server.pem"], &["--crl-leaf-only"]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("there is no revocation list"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_private_address_is_not_fetched_from_without_its_flag() {
    let mesh = Mesh::new();
    let output = mesh.verify(&["server.pem"], &["--fetch-crl"]);
    assert_eq!(status(&output), 2);
    let all = stdout(&output) + &stderr(&output);
    assert!(
        all.contains("this machine's own address") && all.contains("--fetch-private"),
        "{all}"
    );
    assert!(mesh.server.asked().is_empty());
}

/// Through a proxy, which is the user's own and may be private, a stranger's server sends on to the cloud's metadata.
#[test]
fn a_redirect_to_a_private_address_is_not_followed() {
    let proxy = Server::start();
    let pki = minted(
        r#"[(name: "root", subject: "Root", is_ca: true),
            (name: "leaf", subject: "leaf", issuer: "root", sans: ["DNS:leaf.example"], crl_points: ["http://crl.stranger.invalid/list"])]"#,
    );
    let folder = tempfile::tempdir().expect("a directory");
    let write = |file: &str, text: String| {
        let path = folder.path().join(file);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let leaf = write("leaf.pem", identity(&pki, &["leaf"]));
    let root = write(
        "root.pem",
        pem("CERTIFICATE", &pki.find("root").expect("minted").certificate.der),
    );
    for to in [
        "http://169.254.169.254/latest/",
        "http://0xa9fea9fe/",
        "http://metadata.google.internal/",
    ] {
        proxy.put("/list", At::Redirect(to.to_owned()));
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_mtlscope"))
            .args(["verify", &leaf, "--trust", &root, "--fetch-crl"])
            .env("http_proxy", proxy.proxy())
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .output()
            .expect("it runs");
        assert_eq!(status(&output), 2);
        let all = stdout(&output) + &stderr(&output);
        assert!(
            all.contains("it leads to ") && all.contains("private addresses"),
            "{all}"
        );
    }
    assert_eq!(proxy.asked(), ["/list", "/list", "/list"], "and nothing else");
}

/// Ctrl+C: the shell's own exit status, and nothing that looks like a report.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_request_in_good_order() {
    let mesh = Mesh::new();
    mesh.server.put("/issuer.crl", At::Silence);
    let [server, root, kept] = ["server.pem", "root.pem", "kept.ron"].map(|file| mesh.path(file));
    for arguments in [
        &["verify", &server, "--trust", &root][..],
        &[
            "lab",
            "--server-cert",
            &server,
            "--client-trust",
            &root,
            "--save",
            &kept,
        ],
    ] {
        let before = mesh.server.asked().len();
        let child = std::process::Command::new(env!("CARGO_BIN_EXE_mtlscope"))
            .args(arguments)
            .args(["--fetch-crl", "--fetch-private"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        mesh.server.wait_for(before + 1);
        let kill = std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(kill.is_ok_and(|kill| kill.success()));
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(status(&output), 130, "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert!(!Path::new(&kept).exists());
    }
}
