//! What an audit is made of by flags and files, and how its report is worded.

use super::*;
use crate::diagnose::CauseId;
use crate::pki::{Minted, Recipe, mint};

fn probe(title: &'static str, cause: Option<CauseId>, answer: Answer) -> Probe {
    Probe {
        id: "x",
        title,
        teaches: "teaches",
        cause,
        answer,
    }
}

/// A good peer that is let in is no hole, and each peer that was shown is told, the good ones too.
#[test]
fn every_peer_is_told_and_only_a_bad_one_is_a_hole() {
    let accepted = || Answer::Accepted("w".to_owned());
    let report = AuditReport {
        control: probe("first", None, accepted()),
        ca_control: Some(probe("second", None, accepted())),
        probes: vec![
            probe("third", Some(CauseId::Expired), accepted()),
            probe("fourth", Some(CauseId::Expired), Answer::Refused("w".to_owned())),
        ],
        control_again: Some(probe("fifth", None, accepted())),
    };
    let words = as_text(&report, "it");
    let signs: Vec<(&str, &str)> = words
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once("  "))
        .filter(|(sign, _)| !sign.trim().is_empty())
        .map(|(sign, title)| (sign.trim(), title.trim()))
        .collect();
    let wanted = [
        ("ok", "first"),
        ("ok", "second"),
        ("OPEN", "third"),
        ("ok", "fourth"),
        ("ok", "fifth"),
    ];
    assert_eq!(signs, wanted, "{words}");
    let json = serde_json::to_value(as_json(&report)).expect("JSON");
    let open = |place: &str| json.pointer(place).and_then(|probe| probe["open"].as_bool());
    let found = [
        "/control",
        "/ca_control",
        "/probes/0",
        "/probes/1",
        "/control_again",
    ]
    .map(open);
    assert_eq!(found, [false, false, true, false, false].map(Some));
}
/// The first words of a report: what decides, and how many.
#[test]
fn the_verdict_is_worded_by_what_decides() {
    let (accepted, refused) = (
        || Answer::Accepted("w".to_owned()),
        || Answer::Refused("w".to_owned()),
    );
    let silent = || Answer::NotTested("w".to_owned());
    let words = |first: Answer, bad: Vec<Answer>, again: Option<Answer>| {
        let report = AuditReport {
            control: probe("good", None, first),
            ca_control: None,
            probes: bad
                .into_iter()
                .map(|answer| probe("bad", Some(CauseId::Expired), answer))
                .collect(),
            control_again: again.map(|answer| probe("again", None, answer)),
        };
        let text = as_text(&report, "it");
        let (head, _) = text.split_once("\n\n").expect("a verdict, and the peers");
        head.replace('\n', " ")
    };
    for (first, bad, again, wanted) in [
        (
            accepted(),
            vec![refused()],
            Some(accepted()),
            "CLOSED: it refused every bad peer that it was shown.",
        ),
        (
            accepted(),
            vec![refused(), accepted()],
            Some(accepted()),
            "OPEN: it let a bad peer in.",
        ),
        (
            accepted(),
            vec![accepted(), refused(), accepted()],
            None,
            "OPEN: it let 2 bad peers in.",
        ),
        (
            refused(),
            vec![refused()],
            None,
            "MEANINGLESS: it did not let even the good peer in, so its refusals prove nothing.",
        ),
        (
            accepted(),
            vec![silent(), refused(), silent()],
            Some(accepted()),
            "INCONCLUSIVE: it gave 2 of the bad peers no answer that proves anything.",
        ),
        (
            accepted(),
            vec![silent(), refused()],
            Some(refused()),
            "INCONCLUSIVE: at the end it did not let the good peer in any more, so what looks like a refusal may be none.",
        ),
    ] {
        assert_eq!(words(first, bad, again), wanted);
    }
}

/// The sign before each answer: what is good of a bad peer is bad of the good one; and only of a hole is told what it teaches.
#[test]
fn each_answer_has_its_sign() {
    let answers = || {
        [
            Answer::Accepted("a".to_owned()),
            Answer::Refused("r".to_owned()),
            Answer::NotTested("t".to_owned()),
            Answer::NotRun("n".to_owned()),
        ]
    };
    let good = probe("good", None, Answer::Accepted("w".to_owned()));
    for (cause, wanted) in [
        (
            Some(CauseId::Expired),
            [
                "  OPEN  x\n        let in: a\n        teaches\n",
                "  ok    x\n        refused: r\n",
                "  ?     x\n        not tested: t\n",
                "  -     x\n        not tried: n\n",
            ],
        ),
        (
            None,
            [
                "  ok    x\n        let in: a\n",
                "  FAIL  x\n        refused: r\n",
                "  FAIL  x\n        not tested: t\n",
                "  -     x\n        not tried: n\n",
            ],
        ),
    ] {
        for (answer, wanted) in answers().into_iter().zip(wanted) {
            let report = AuditReport {
                control: good.clone(),
                ca_control: None,
                probes: vec![probe("x", cause, answer)],
                control_again: None,
            };
            let text = as_text(&report, "it");
            assert!(text.ends_with(wanted), "{cause:?}: {text}");
        }
    }
}

struct Made {
    folder: tempfile::TempDir,
    pki: Minted,
}

impl Made {
    fn new() -> Self {
        let recipes: Vec<Recipe> = ron::from_str(
            r#"#![enable(implicit_some)] [(name: "ca", subject: "Root", is_ca: true), (name: "good", subject: "orders", issuer: "ca"),
            (name: "other", subject: "other")]"#,
        )
        .expect("recipes");
        let made = Self {
            folder: tempfile::tempdir().expect("a folder"),
            pki: mint(&recipes, 1_800_000_000).expect("it mints"),
        };
        for name in ["ca", "good", "other"] {
            let found = made.pki.find(name).expect("minted");
            made.write(&format!("{name}.der"), &found.certificate.der);
            made.write(&format!("{name}.key"), found.key.key.der.secret_der());
        }
        let list = |names: [&str; 2]| {
            names
                .map(|name| {
                    let der = &made.der(name);
                    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
                    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
                })
                .concat()
        };
        made.write("both.pem", list(["other", "good"]).as_bytes());
        made
    }

    fn der(&self, name: &str) -> Vec<u8> {
        self.pki
            .find(name)
            .expect("minted")
            .key
            .key
            .der
            .secret_der()
            .to_vec()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("written");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn server(&self, address: &str) -> ServerArguments {
        ServerArguments {
            address: address.to_owned(),
            client_cert: self.path("good.der"),
            client_key: Some(self.path("good.key")),
            ca: None,
            ca_key: None,
            server_name: None,
            http: "/x".to_owned(),
            no_http: false,
            allow_none: false,
            how: how(),
        }
    }

    /// The refusal without the folder.
    fn words(&self, Unusable(words): &Unusable) -> String {
        words.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

fn how() -> How {
    How {
        timeout_ms: 1_500,
        passphrase: PassphraseFlags::default(),
        format: Format::Text,
    }
}

#[test]
fn the_server_is_a_host_and_a_port() {
    let files = Made::new();
    for (address, wanted) in [
        ("localhost:8443", Ok("localhost")),
        ("[::1]:65535", Ok("::1")),
        ("a:b:1", Ok("a:b")),
        ("localhost", Err("localhost")),
        ("localhost:", Err("localhost:")),
        ("localhost:https", Err("localhost:https")),
        ("localhost:65536", Err("localhost:65536")),
    ] {
        let found = server_audit(&files.server(address)).map(|audit| audit.server_name);
        match wanted {
            Ok(name) => assert_eq!(found.map_err(|error| files.words(&error)), Ok(name.to_owned())),
            Err(what) => {
                let words = files.words(&found.expect_err(address));
                assert_eq!(
                    words,
                    format!("{what}: this is no HOST:PORT; write it as localhost:8443")
                );
            }
        }
    }
    let made = server_audit(&files.server("a:1")).expect("it is usable");
    assert_eq!(
        (made.path.as_deref(), made.allows_none, made.timeout),
        (Some("/x"), false, Duration::from_millis(1_500))
    );
    let made = server_audit(&ServerArguments {
        server_name: Some("payments".to_owned()),
        no_http: true,
        allow_none: true,
        ..files.server("a:1")
    })
    .expect("it is usable");
    assert_eq!(
        (made.path, made.allows_none, made.server_name.as_str()),
        (None, true, "payments")
    );
}

/// The key that belongs to the certificate, wherever it lies in its file; the CA that the key belongs to.
#[test]
fn keys_belong_to_their_certificates_or_are_refused() {
    let files = Made::new();
    let public = |name: &str| files.pki.find(name).expect("minted").key.key.public_key.clone();
    for (certificate, key, wanted) in [
        ("good.der", Some("good.key"), Ok("good")),
        ("good.der", Some("both.pem"), Ok("good")),
        ("other.der", Some("both.pem"), Ok("other")),
        ("good.der", Some("other.key"), Err("good.der")),
        ("good.der", None, Err("good.der")),
        ("both.pem", None, Err("both.pem")),
    ] {
        let found = server_audit(&ServerArguments {
            client_cert: files.path(certificate),
            client_key: key.map(|key| files.path(key)),
            ..files.server("a:1")
        });
        match wanted {
            Ok(name) => {
                let good = found.expect("it is usable").good;
                assert_eq!(
                    good.key.map(|key| key.key.public_key.clone()),
                    Some(public(name)),
                    "{key:?}"
                );
            }
            Err(file) => assert_eq!(
                files.words(&found.expect_err("the wrong key")),
                format!(
                    "{file}: the good client needs the private key that belongs to this certificate; give it as --client-key FILE"
                )
            ),
        }
    }
    for (ca, key, wanted) in [
        ("ca.der", None, Ok(false)),
        ("ca.der", Some("ca.key"), Ok(true)),
        (
            "ca.key",
            None,
            Err("ca.key: there is no certificate here; give the CA's certificate"),
        ),
        (
            "ca.der",
            Some("other.key"),
            Err(
                "other.key: this private key belongs to no certificate in ca.der; give the key of the CA that --ca names",
            ),
        ),
        (
            "ca.der",
            Some("good.der"),
            Err("good.der: there is no private key here; give the CA's private key"),
        ),
    ] {
        let found = server_audit(&ServerArguments {
            ca: Some(files.path(ca)),
            ca_key: key.map(|key| files.path(key)),
            ..files.server("a:1")
        });
        let has_key = found.map(|audit| audit.ca.expect("it was given").key.is_some());
        assert_eq!(
            has_key.map_err(|error| files.words(&error)),
            wanted.map_err(str::to_owned)
        );
    }
}

#[test]
fn the_clients_command_says_where_its_port_goes() {
    let files = Made::new();
    let of = |command: &[&str], ca: Option<&str>| {
        client_audit(&ClientArguments {
            name: "localhost".to_owned(),
            ca: ca.map(|_| files.path("ca.der")),
            ca_key: ca.map(|key| files.path(key)),
            how: how(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
        })
    };
    let refusal = "the client's command does not say {port}, so it cannot find the servers it is shown; write {port} where \
                   its port goes";
    for (command, is_usable) in [
        (&["curl", "https://localhost:{port}/"][..], true),
        (&["{port}"], true),
        (&["curl", "https://localhost:8443/"], false),
        (&["curl", "port", "{ca}"], false),
    ] {
        match of(command, None) {
            Ok(audit) => assert!(is_usable && audit.ca.is_none() && audit.command == command),
            Err(Unusable(words)) => assert!(!is_usable && words == refusal, "{command:?}: {words}"),
        }
    }
    let audit = of(&["{port}"], Some("ca.key")).expect("it is usable");
    assert!(audit.ca.is_some_and(|ca| ca.key.is_some()));
    let error = of(&["{port}"], Some("other.key")).expect_err("another's key");
    assert!(
        files
            .words(&error)
            .starts_with("other.key: this private key belongs to no")
    );
}
