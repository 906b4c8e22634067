//! How OpenSSL says it: real `s_server` and `s_client` on loopback, over faults that OpenSSL's own tools made.
//!
//! A real-peer test: it needs the `openssl` command and says so when it is absent; in CI it must run. With
//! `MTLSCOPE_UPDATE_ROSETTA=1` it writes `assets/rosetta.ron`; otherwise it holds a fresh run against that file.
#![allow(missing_docs, reason = "a test")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mtlscope::capture::Side;
use mtlscope::diagnose::{CauseId, Saying, diagnose};
use mtlscope::source::lab::{Cancel, run_blocking};
use support::pki::{USUAL, minted, setup};

/// A fault: its cause, who judges, what each side is given.
struct Case {
    cause: CauseId,
    judge: Side,
    client: Option<&'static str>,
    server: &'static str,
    name: &'static str,
}

const CASES: &[Case] = &[
    Case {
        cause: CauseId::ClientCertificateMissing,
        judge: Side::Server,
        client: None,
        server: "server",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::UnknownIssuer,
        judge: Side::Server,
        client: Some("wrong-ca"),
        server: "server",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::SameNameDifferentKey,
        judge: Side::Server,
        client: Some("impostor"),
        server: "server",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::MissingIntermediate,
        judge: Side::Server,
        client: Some("alone"),
        server: "server",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::WrongPurpose,
        judge: Side::Server,
        client: Some("purpose"),
        server: "server",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::Expired,
        judge: Side::Server,
        client: Some("expired"),
        server: "server",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::NotYetValid,
        judge: Side::Server,
        client: Some("future"),
        server: "server",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::UnknownIssuer,
        judge: Side::Client,
        client: Some("client"),
        server: "server-wrong-ca",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::Expired,
        judge: Side::Client,
        client: Some("client"),
        server: "server-expired",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::NameMismatch,
        judge: Side::Client,
        client: Some("client"),
        server: "server",
        name: "ledger.shop.svc",
    },
    Case {
        cause: CauseId::SelfSignedNotTrusted,
        judge: Side::Client,
        client: Some("client"),
        server: "server-self",
        name: "payments.shop.svc",
    },
    Case {
        cause: CauseId::WrongPurpose,
        judge: Side::Client,
        client: Some("client"),
        server: "server-purpose",
        name: "payments.shop.svc",
    },
];

fn openssl_version() -> Option<String> {
    let output = Command::new("openssl").arg("version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(1).map(str::to_owned)
}

fn openssl(directory: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .output()
        .expect("openssl runs");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn ca(directory: &Path, name: &str, subject: &str) {
    openssl(
        directory,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.pem -subj /CN={subject} -days 30 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign"
        ),
    );
}

/// A certificate signed by `issuer` with dates as `openssl ca` takes them; `name`.pem holds it and the intermediate.
fn leaf(directory: &Path, name: &str, subject: &str, issuer: &str, extensions: &str, dates: (&str, &str)) {
    openssl(
        directory,
        &format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={subject}"
        ),
    );
    std::fs::write(directory.join(format!("{name}.ext")), extensions).expect("written");
    let work = directory.join(format!("{name}.ca"));
    std::fs::create_dir(&work).expect("created");
    std::fs::write(work.join("index.txt"), "").expect("written");
    std::fs::write(work.join("serial"), format!("{:02X}\n", 16 + name.len())).expect("written");
    let configuration = format!(
        "[ca]\ndefault_ca=x\n[x]\ndatabase={name}.ca/index.txt\nserial={name}.ca/serial\nnew_certs_dir={name}.ca\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n"
    );
    std::fs::write(directory.join(format!("{name}.cnf")), configuration).expect("written");
    let (from, until) = dates;
    openssl(
        directory,
        &format!(
            "ca -batch -config {name}.cnf -cert {issuer}.pem -keyfile {issuer}.key -in {name}.csr -out {name}.pem -startdate {from} -enddate {until} -extfile {name}.ext -notext"
        ),
    );
}

fn make(directory: &Path) {
    const NOW: (&str, &str) = ("20200101000000Z", "20491231235959Z");
    const PAST: (&str, &str) = ("20200101000000Z", "20200201000000Z");
    const FUTURE: (&str, &str) = ("20480101000000Z", "20491231235959Z");
    let ids = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
    let client = format!("extendedKeyUsage=clientAuth\nsubjectAltName=DNS:orders.shop.svc\n{ids}");
    let server = format!("extendedKeyUsage=serverAuth\nsubjectAltName=DNS:payments.shop.svc\n{ids}");
    ca(directory, "root", "ShopRoot");
    ca(directory, "other", "OtherRoot");
    ca(directory, "fake", "ShopRoot");
    leaf(
        directory,
        "issuer",
        "ShopIssuer",
        "root",
        &format!("basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n{ids}"),
        NOW,
    );
    leaf(directory, "client", "orders", "issuer", &client, NOW);
    leaf(directory, "alone", "orders", "issuer", &client, NOW);
    leaf(directory, "wrong-ca", "orders", "other", &client, NOW);
    leaf(directory, "impostor", "orders", "fake", &client, NOW);
    leaf(directory, "purpose", "orders", "issuer", &server, NOW);
    leaf(directory, "expired", "orders", "issuer", &client, PAST);
    leaf(directory, "future", "orders", "issuer", &client, FUTURE);
    leaf(directory, "server", "payments", "issuer", &server, NOW);
    leaf(directory, "server-wrong-ca", "payments", "other", &server, NOW);
    leaf(directory, "server-expired", "payments", "issuer", &server, PAST);
    leaf(directory, "server-purpose", "payments", "issuer", &client, NOW);
    openssl(
        directory,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server-self.key -out server-self.pem -subj /CN=payments -days 30 -addext subjectAltName=DNS:payments.shop.svc -addext basicConstraints=CA:FALSE",
    );
}

/// A child that is ended whatever happens.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What server and client print for a case.
fn speak(directory: &Path, case: &Case) -> (String, String) {
    let mut server = Command::new("openssl");
    server.current_dir(directory).args([
        "s_server",
        "-accept",
        "127.0.0.1:0",
        "-cert",
        &format!("{}.pem", case.server),
        "-key",
        &format!("{}.key", case.server),
        "-CAfile",
        "root.pem",
        "-Verify",
        "3",
        "-verify_return_error",
        "-naccept",
        "1",
    ]);
    if case.server == "server" || case.server == "server-expired" || case.server == "server-purpose" {
        server.args(["-cert_chain", "issuer.pem"]);
    }
    let mut server = Ended(
        server
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("s_server starts"),
    );
    // It names the port that it was given: "ACCEPT 127.0.0.1:40123".
    let mut out = BufReader::new(server.0.stdout.take().expect("piped"));
    let mut port = None;
    let mut line = String::new();
    while port.is_none() {
        line.clear();
        assert!(
            out.read_line(&mut line).expect("s_server speaks") > 0,
            "s_server ended before it listened"
        );
        port = line
            .trim()
            .strip_prefix("ACCEPT ")
            .and_then(|place| place.rsplit(':').next())
            .map(str::to_owned);
    }
    let mut errors = server.0.stderr.take().expect("piped");
    let server_said = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = errors.read_to_string(&mut text);
        text
    });
    let _drain = std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));

    let mut client = Command::new("openssl");
    client.current_dir(directory).args([
        "s_client",
        "-connect",
        &format!("127.0.0.1:{}", port.expect("a port")),
        "-CAfile",
        "root.pem",
        "-verify_return_error",
        "-verify_hostname",
        case.name,
        "-servername",
        case.name,
        "-quiet",
    ]);
    if let Some(name) = case.client {
        client.args(["-cert", &format!("{name}.pem"), "-key", &format!("{name}.key")]);
        if !matches!(name, "alone" | "wrong-ca" | "impostor") {
            client.args(["-cert_chain", "issuer.pem"]);
        }
    }
    let mut client = Ended(
        client
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("s_client starts"),
    );
    // It keeps reading: a late alert is seen only on the next read.
    let mut input = client.0.stdin.take().expect("piped");
    let _ = input.write_all(b"hello\n");
    let began = Instant::now();
    while client.0.try_wait().expect("waited").is_none() && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(input);
    let mut client_said = String::new();
    client
        .0
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut client_said)
        .expect("read");
    drop(client);
    drop(server);
    (server_said.join().expect("no panic"), client_said)
}

/// The lines that tell: verify errors, and error queue entries without their process-dependent numbers.
fn telling(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let words = if let Some(error) = line.find(":error:").map(|at| &line[at + 7..]) {
            // 0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../ssl/…:1584:SSL alert number 48
            let parts: Vec<&str> = error.split(':').collect();
            match (
                parts.get(3),
                parts.iter().find(|part| part.starts_with("SSL alert number")),
            ) {
                (Some(reason), Some(alert)) => format!("{reason} ({alert})"),
                (Some(reason), None) => (*reason).to_owned(),
                _ => continue,
            }
        } else if line.starts_with("verify error:num=") {
            line.to_owned()
        } else {
            continue;
        };
        if !lines.contains(&words) {
            lines.push(words);
        }
    }
    lines
}

/// rustls's own words for the same faults, from real runs of the lab.
fn rustls_words() -> Vec<Saying> {
    let pki = minted(USUAL);
    let cases: [&[&str]; 6] = [
        &[],
        &["client-other"],
        &["client-impostor"],
        &["client"],
        &["client-purpose", "issuer"],
        &["client-expired", "issuer"],
    ];
    let mut sayings = Vec::new();
    for chain in cases {
        let mut setup = setup(&pki, chain);
        if chain == ["client"] {
            setup.known = vec![pki.find("issuer").expect("minted").certificate.clone()];
        }
        let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
        let diagnosis = diagnose(&capture, &mtlscope::decode::decode(&capture));
        let cause = diagnosis.causes.first().expect("a cause").id;
        for side in Side::BOTH {
            let verdict = capture.sides.of(side).verdict.as_ref().expect("a verdict");
            // A time in the words is this run's alone.
            let words = verdict
                .words
                .split(": verification time")
                .next()
                .unwrap_or_default()
                .to_owned();
            sayings.push(Saying {
                cause: cause.word().to_owned(),
                judge: Side::Server,
                stack: verdict.stack.clone(),
                version: verdict.version.clone(),
                side,
                words,
            });
        }
    }
    sayings
}

#[test]
fn openssl_still_says_what_we_say_it_says() {
    let Some(version) = openssl_version() else {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI must have the openssl command"
        );
        eprintln!("SKIPPED: the openssl command is not installed");
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    make(directory.path());
    let mut fresh = Vec::new();
    for case in CASES {
        let (server, client) = speak(directory.path(), case);
        for (side, text) in [(Side::Server, server), (Side::Client, client)] {
            let lines = telling(&text);
            assert!(
                !lines.is_empty(),
                "{} {:?}: {side:?} said nothing: {text}",
                case.cause.word(),
                case.judge
            );
            fresh.push(Saying {
                cause: case.cause.word().to_owned(),
                judge: case.judge,
                stack: "OpenSSL".to_owned(),
                version: version.clone(),
                side,
                words: lines.join(" · "),
            });
        }
    }
    fresh.extend(rustls_words());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rosetta.ron");
    if std::env::var_os("MTLSCOPE_UPDATE_ROSETTA").is_some() {
        let text = ron::ser::to_string_pretty(&fresh, ron::ser::PrettyConfig::default()).expect("text");
        std::fs::write(
            &path,
            format!("// Written by tests/rosetta.rs from real runs. Do not edit.\n{text}\n"),
        )
        .expect("written");
        return;
    }
    let kept: Vec<Saying> =
        ron::from_str(&std::fs::read_to_string(&path).expect("the asset")).expect("it parses");
    assert_eq!(kept.len(), fresh.len());
    for (kept, fresh) in kept.iter().zip(&fresh) {
        if kept.version == fresh.version {
            assert_eq!(
                kept, fresh,
                "reality has moved: MTLSCOPE_UPDATE_ROSETTA=1 cargo test --test rosetta"
            );
        } else {
            // Another release: the fault and the speaker must still be there; its words may have changed.
            assert_eq!((&kept.cause, kept.side), (&fresh.cause, fresh.side));
        }
    }
}
