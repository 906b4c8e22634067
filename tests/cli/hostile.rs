//! Input from strangers: nothing of it steers a terminal, no private key is echoed, and no file is read without end.

use std::process::{Command, Output, Stdio};

use crate::support::chain_files::{Folder, program};
use crate::support::command::{mtlscope, status, stderr, stdout};
use crate::support::pki::{USUAL, minted};
use base64::Engine;
use mtlscope::printable::is_unsafe;
use serde_json::Value;

/// ESC, BEL, C1, DEL, and characters that turn a line's direction or show nothing.
const STEERS: &str = "x\u{1b}[31m\u{7}\u{9b}2J\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}y";

pub fn run(folder: &Folder, arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

/// Nothing that was printed steers a terminal.
fn is_safe(output: &Output, what: &str) {
    for text in [stdout(output), stderr(output)] {
        let found = text
            .chars()
            .find(|character| is_unsafe(*character) && !matches!(character, '\n' | '\t'));
        assert_eq!(found, None, "{what}: {text:?}");
    }
}

fn hostile_pki() -> Folder {
    let recipes = format!(
        r#"[
            (name: "root", subject: "{STEERS}", is_ca: true),
            (name: "server", subject: "{STEERS}", issuer: "root", sans: ["DNS:a.example", "URI:spiffe://x/\u{{1b}}[31m\u{{7f}}"], purposes: ["serverAuth"], from_hours: -48, until_hours: -24),
        ]"#
    );
    Folder::new(minted(&recipes))
}

#[test]
fn names_in_certificates_are_written_out_in_every_format() {
    let folder = hostile_pki();
    let name = format!("{STEERS}.pem");
    folder.chain(&name, &["server"]);
    folder.chain("root.pem", &["root"]);
    for format in ["text", "json", "sarif", "junit"] {
        for trust in [["--trust", "root.pem"], ["--trust", &name]] {
            let output = run(
                &folder,
                &[
                    "verify",
                    &name,
                    "missing.pem",
                    "--name",
                    "b.example",
                    trust[0],
                    trust[1],
                    "--format",
                    format,
                ],
            );
            assert_ne!(status(&output), 0);
            is_safe(&output, format);
            let text = stdout(&output);
            match format {
                "json" => {
                    let value: Value = serde_json::from_str(&text).expect("JSON");
                    assert_eq!(
                        value["chains"][0]["file"], name,
                        "the same string when it is read"
                    );
                }
                "text" => assert!(text.contains("x\\u{1b}[31m\\u{7}"), "{text}"),
                _ => {}
            }
        }
    }
    // The whole pair, and what it leaves in a session.
    let trust = ["--client-trust", name.as_str()];
    for format in ["text", "json"] {
        let output = run(
            &folder,
            &["lab", trust[0], trust[1], "--save", "x.ron", "--format", format],
        );
        assert_eq!(status(&output), 1, "{}", stderr(&output));
        is_safe(&output, format);
        let output = run(
            &folder,
            &["show", "x.ron", "--server-trust", &name, "--format", format],
        );
        is_safe(&output, format);
        let output = run(
            &folder,
            &[
                "explain",
                &format!("tlsv1 alert unknown ca {STEERS}"),
                "--format",
                format,
            ],
        );
        is_safe(&output, format);
    }
    let output = run(&folder, &["show", "x.ron", "--fields", "--keys"]);
    is_safe(&output, "--fields");
}

#[test]
fn labels_values_and_file_names_are_written_out_in_errors() {
    let folder = hostile_pki();
    folder.chain("root.pem", &["root"]);
    folder.write(
        "label.pem",
        format!("-----BEGIN {STEERS}-----\nAAAA\n-----END {STEERS}-----\n"),
    );
    folder.write(
        "base64.pem",
        "-----BEGIN CERTIFICATE-----\nAA\u{1b}[2JAA\n-----END CERTIFICATE-----\n",
    );
    folder.write(
        "turned.pem",
        "-----BEGIN CERTIFICATE-----\nAA\u{202e}AA\n-----END CERTIFICATE-----\n",
    );
    folder.write("session.ron", format!("MtlscopeSession(version: 1, {STEERS}: 2)"));
    let missing = format!("{STEERS}/missing");
    let cases: Vec<Vec<&str>> = vec![
        vec!["verify", "label.pem", "--trust", "root.pem"],
        vec!["verify", "base64.pem", "--trust", "root.pem"],
        vec!["verify", "turned.pem", "--trust", "root.pem"],
        vec!["verify", "root.pem", "--trust", &missing],
        vec!["verify", &missing, "--trust", "root.pem", "--format", "json"],
        vec!["verify", &missing, "--trust", "root.pem", "--format", "sarif"],
        vec!["verify", &missing, "--trust", "root.pem", "--format", "junit"],
        vec!["verify", "root.pem", "--trust", "root.pem", "--name", STEERS],
        vec![
            "verify", "root.pem", "--trust", "root.pem", "--for", "client", "--name", STEERS,
        ],
        vec![
            "verify",
            "root.pem",
            "--trust",
            "root.pem",
            "--expires-within",
            STEERS,
        ],
        vec!["show", "session.ron"],
        vec!["show", &missing],
        vec!["show", "session.ron", "--keylog", &missing],
        vec!["lab", "--client-cert", &missing],
        vec!["lab", "--client-key", "label.pem"],
        vec!["lab", "--save", &missing],
        vec!["lab", "--at", STEERS],
        vec!["lab", "--tls", STEERS],
        vec!["lab", "--cipher", STEERS],
        vec!["lab", "--group", STEERS],
        vec!["lab", "--fault", STEERS],
        vec!["lab", "--scenario", STEERS],
        vec!["lab", "--client-name", STEERS],
        vec!["lab", "--server-name", STEERS],
        vec!["lab", "--crl", "label.pem"],
        vec!["lab", "--format", STEERS],
        vec![&missing, "--tls", STEERS],
    ];
    for arguments in cases {
        let output = run(&folder, &arguments);
        assert_eq!(
            status(&output),
            2,
            "{arguments:?}: {}{}",
            stdout(&output),
            stderr(&output)
        );
        is_safe(&output, &format!("{arguments:?}"));
    }
}

#[test]
fn long_values_are_cut_in_errors() {
    let long = "x".repeat(100_000);
    for arguments in [
        vec!["lab", "--client-cert", &long],
        vec!["lab", "--at", &long],
        vec!["lab", "--cipher", &long],
        vec!["lab", "--server-name", &long],
        vec!["lab", "--scenario", &long],
        vec!["lab", "--save", &long],
        vec!["show", &long],
        vec!["verify", &long, "--trust", &long],
        vec!["verify", "/dev/null", "--trust", "/dev/null", "--name", &long],
        vec!["lab", &long],
    ] {
        let output = mtlscope(&arguments);
        assert_eq!(
            status(&output),
            2,
            "{:?}",
            arguments[..2].iter().map(|word| word.len()).collect::<Vec<_>>()
        );
        let words = stderr(&output);
        assert!(words.len() < 3_000, "{} of {:?}", words.len(), &arguments[1][..6]);
        assert!(words.contains("xxx…xxx"), "{words}");
    }
}

/// A key that stands where anything else was meant: nothing of it is echoed.
#[test]
fn a_key_is_never_echoed() {
    let folder = Folder::new(minted(USUAL));
    folder.chain("root.pem", &["root"]);
    // A P-256 key in PKCS#8, made for this test alone; a new one for each run would make the test one of chance.
    let body = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLlU0GmCDLOcjAYZH\
        kkd0QjWVmBkXXUFwXk3rCzVnpzehRANCAASFNOx2QHyTzrPX2gIwm9yMCgcbaEUx\
        v9mBwBUzJkzAUQSAkBKN8MzUPVPWdvREPDTWWVvnRyPlmkDJGXQqLKVX";
    let der = base64::prelude::BASE64_STANDARD.decode(body).expect("base64");
    let lines: Vec<&str> = (0..body.len())
        .step_by(64)
        .map(|at| &body[at..body.len().min(at + 64)])
        .collect();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    );
    folder.write("one-line.key", pem.replace('\n', ""));
    folder.write("escaped.key", pem.replace('\n', "\\n"));
    folder.write("label.key", pem.replace("PRIVATE KEY", "CERTIFICATE"));
    folder.write("other.key", pem.replace("PRIVATE KEY", "SECRET"));
    folder.write("broken.key", pem.replacen(&lines[1][..10], "*", 1));
    folder.write("bare.key", body);
    folder.write("good.key", &pem);
    folder.write("der.key", &der);
    folder.write("cut.key", &der[..der.len() - 3]);
    let mut cases: Vec<Vec<String>> = Vec::new();
    let files = [
        "one-line.key",
        "escaped.key",
        "label.key",
        "other.key",
        "broken.key",
        "bare.key",
        "good.key",
        "der.key",
        "cut.key",
    ];
    let values = [
        pem.clone(),
        pem.replace('\n', " "),
        pem.replace('\n', "\\n"),
        body.to_owned(),
        lines[1].to_owned(),
    ];
    for value in files.iter().map(|file| (*file).to_owned()).chain(values) {
        for flags in [
            &["lab", "--client-cert"][..],
            &["lab", "--client-trust"],
            &["lab", "--crl"],
            &["lab", "--known"],
            &["lab", "--at"],
            &["lab", "--fault"],
            &["lab", "--cipher"],
            &["lab", "--scenario"],
            &["lab", "--client-name"],
            &["lab", "--nonsense"],
            &["lab"],
            &["show"],
            &["show", "--keylog"],
            &["verify", "--trust"],
            &["verify", "--trust", "root.pem", "--name", "a", "--crl"],
            &["verify", "--trust", "root.pem"],
            &["verify", "--trust", "root.pem", "--format", "json"],
            &["verify", "--trust", "root.pem", "--format", "sarif"],
            &["verify", "--trust", "root.pem", "--format", "junit"],
            &["verify", "root.pem", "--trust", "root.pem", "--name"],
            &["explain"],
            &["explain", "--format", "json"],
        ] {
            cases.push(
                flags
                    .iter()
                    .map(|flag| (*flag).to_owned())
                    .chain([value.clone()])
                    .collect(),
            );
        }
        cases.push(vec![
            "lab".to_owned(),
            "--client-cert".to_owned(),
            "root.pem".to_owned(),
            "--client-key".to_owned(),
            value.clone(),
        ]);
        cases.push(vec![
            "show".to_owned(),
            "root.pem".to_owned(),
            "--keylog".to_owned(),
            value,
        ]);
    }
    for arguments in &cases {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = run(&folder, &arguments);
        let told = stdout(&output) + &stderr(&output);
        for start in 0..body.len() - 12 {
            assert!(!told.contains(&body[start..start + 12]), "{arguments:?}\n{told}");
        }
        assert!(
            !told.contains(&hex::encode(&der[36..46])),
            "{arguments:?}\n{told}"
        );
        // SARIF names files as URIs.
        assert!(
            !told.contains(&lines[1][..12].replace('/', "%2F").replace('+', "%2B")),
            "{arguments:?}\n{told}"
        );
    }
}

#[test]
fn what_never_ends_is_refused_and_pipes_of_the_shell_are_read() {
    let folder = Folder::new(minted(USUAL));
    folder.chain("chain.pem", &["server", "issuer"]);
    folder.chain("root.pem", &["root"]);
    let fifo = folder.path().join("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .expect("mkfifo runs")
            .success()
    );
    for special in [
        "fifo",
        "/dev/zero",
        "/dev/full",
        "/proc/kmsg",
        "/proc/self/status",
        ".",
    ] {
        for arguments in [
            vec!["verify", special, "--trust", "root.pem"],
            vec!["verify", "chain.pem", "--trust", special],
            vec!["verify", "chain.pem", "--trust", "root.pem", "--crl", special],
            vec!["lab", "--client-cert", special],
            vec!["show", special],
            vec!["show", "chain.pem", "--keylog", special],
            vec!["lab", "--save", special],
        ] {
            if special.starts_with("/proc") && arguments.contains(&"--save") {
                continue;
            }
            let output = run(&folder, &arguments);
            assert_eq!(status(&output), 2, "{arguments:?}");
        }
    }
    let shell = |script: &str| {
        let output = Command::new("bash")
            .args(["-c", script])
            .env("PROGRAM", program())
            .current_dir(folder.path())
            .output()
            .expect("bash runs");
        (status(&output), stdout(&output) + &stderr(&output))
    };
    for script in [
        "$PROGRAM verify <(cat chain.pem) --trust <(cat root.pem)",
        "cat chain.pem | $PROGRAM verify /dev/stdin --trust root.pem",
        "cat chain.pem | $PROGRAM verify - --trust root.pem",
        "$PROGRAM verify /dev/stdin --trust root.pem < chain.pem",
    ] {
        let (status, told) = shell(script);
        assert_eq!(status, 0, "{script}: {told}");
    }
    for script in [
        "$PROGRAM verify <(cat /dev/zero) --trust root.pem",
        "$PROGRAM verify - --trust root.pem < /dev/zero",
        "$PROGRAM verify chain.pem --trust <(yes)",
        "yes | $PROGRAM explain -",
        "yes | $PROGRAM show /dev/stdin",
    ] {
        let (status, told) = shell(script);
        assert_eq!(status, 2, "{script}: {told}");
        assert!(told.contains(" MB"), "{script}: {told}");
    }
}
