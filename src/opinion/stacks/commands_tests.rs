//! What each stack is started as for each question, and what is taken from its words. Nothing is run here.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::given::{Given, Port, Start};
use super::*;
use crate::capture::{Revocation, RevocationFile, Side};
use crate::opinion::question::Question;
use crate::opinion::run::{End, Finished};
use crate::pki::{Minted, Recipe, mint};
use crate::setup::TlsVersion;

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "leaf", subject: "orders", issuer: "root", sans: ["DNS:own.example"]),
        (name: "nameless", subject: "orders", issuer: "root")]"#,
    )
    .expect("recipes");
    mint(&recipes, 1_800_000_000).expect("it mints")
}

/// A question and the name that is asked for.
type Asking = (Question, Option<&'static str>);

/// The plain question, and what differs from it in one thing.
fn questions() -> Vec<(&'static str, Asking)> {
    let pki = pki();
    let find = |name: &str| pki.find(name).expect("minted").certificate.clone();
    let plain = Question {
        judge: Side::Client,
        chain: vec![find("leaf")],
        key: None,
        trust: vec![find("root")],
        name: None,
        at_unix_s: None,
        revocation: Revocation::default(),
        versions: Vec::new(),
    };
    let lists = |is_leaf_only| Revocation {
        lists: vec![RevocationFile {
            file: None,
            line: None,
            der: vec![1].into(),
            wrapping: None,
        }],
        is_leaf_only,
        ..Revocation::default()
    };
    let with = |change: &dyn Fn(&mut Question)| {
        let mut question = plain.clone();
        change(&mut question);
        (question, None)
    };
    vec![
        ("plain", (plain.clone(), None)),
        ("a host", (plain.clone(), Some("a.example"))),
        ("an address", (plain.clone(), Some("192.0.2.7"))),
        ("an address of six", (plain.clone(), Some("2001:db8::7"))),
        ("an odd name", (plain.clone(), Some("a;b"))),
        (
            "no name in the leaf",
            with(&|question| question.chain = vec![find("nameless")]),
        ),
        ("nothing trusted", with(&|question| question.trust.clear())),
        ("lists", with(&|question| question.revocation = lists(false))),
        (
            "lists about the leaf",
            with(&|question| question.revocation = lists(true)),
        ),
        (
            "lists, and nothing trusted",
            with(&|question| {
                question.revocation = lists(false);
                question.trust.clear();
            }),
        ),
        (
            "1.2 alone",
            with(&|question| question.versions = vec![TlsVersion::Tls12]),
        ),
        (
            "1.3 alone",
            with(&|question| question.versions = vec![TlsVersion::Tls13]),
        ),
        (
            "both",
            with(&|question| question.versions = vec![TlsVersion::Tls12, TlsVersion::Tls13]),
        ),
        (
            "a time",
            with(&|question| question.at_unix_s = Some(1_800_000_000)),
        ),
        ("of a client", with(&|question| question.judge = Side::Server)),
        (
            "two in the chain",
            with(&|question| question.chain.push(find("root"))),
        ),
    ]
}

/// The command a word a line, then its configuration; without what is another each time.
fn lines(start: Result<Start, String>) -> Vec<String> {
    let start = match start {
        Ok(start) => start,
        Err(words) => return vec![format!("cannot: {words}")],
    };
    let mut words = start.task.command();
    // Unbuffered, where the machine can.
    if words.first().is_some_and(|program| program == "stdbuf") {
        words.drain(..3);
        let name = words[0].rsplit('/').next().map(str::to_owned);
        words.splice(..1, name);
    }
    if !start.task.stdin.is_empty() {
        words.push(format!("< {}", start.task.stdin.escape_debug()));
    }
    words.extend(start.task.environment.iter().map(|(name, _)| format!("${name}")));
    for (file, text) in &start.files {
        words.push(format!("file {file}"));
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(value) => words.extend(leaves("", &value)),
            Err(_) if *file == "nginx.conf" => words.extend(text.lines().map(|line| format!("  {line}"))),
            // A program of ours.
            Err(_) => assert!(text.len() > 1_000),
        }
    }
    match start.port {
        Port::None => words,
        Port::Printed(mark) => {
            words.push(format!("listens where it prints {mark:?}"));
            words
        }
        Port::Told(port) => {
            words.push("listens as told".to_owned());
            let port = port.to_string();
            words.iter().map(|word| word.replace(&port, "PORT")).collect()
        }
    }
}

/// Every value of a configuration, a line each.
fn leaves(path: &str, value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(all) => all
            .iter()
            .flat_map(|(key, value)| leaves(&format!("{path}.{key}"), value))
            .collect(),
        serde_json::Value::Array(all) if !all.is_empty() => all
            .iter()
            .flat_map(|value| leaves(&format!("{path}[]"), value))
            .collect(),
        other => vec![format!("  {path} = {other}")],
    }
}

/// The lines that one has and the other has not, in their order.
fn difference(plain: &[String], other: &[String]) -> Vec<String> {
    let without = |all: &[String], known: &[String], sign: &str| {
        let mut known = known.to_vec();
        let mut left = Vec::new();
        for line in all {
            match known.iter().position(|one| one == line) {
                Some(at) => {
                    known.remove(at);
                }
                None => left.push(format!("{sign} {line}")),
            }
        }
        left
    };
    [without(plain, other, "-"), without(other, plain, "+")].concat()
}

#[test]
fn each_stack_is_started_as_the_question_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["gnutls-cli", "gnutls-serv", "certtool"] {
        let file = folder.path().join(name);
        std::fs::write(&file, "").expect("written");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).expect("set");
    }
    let program = folder.path().join("program");
    let mut told = String::new();
    for stack in Stack::ALL {
        let Some(asked) = asked(stack) else { continue };
        for (role, start) in [
            (
                "server",
                &asked.server as &dyn Fn(&Given<'_>) -> Result<Start, String>,
            ),
            ("client", &|given| (asked.client)(given, 4711)),
            ("chain tool", &asked.chain_tool),
        ] {
            told += &format!("{} as {role}\n", stack.word());
            let mut plain = Vec::new();
            for (case, (question, name)) in questions() {
                let given = Given {
                    program: &program,
                    version: "3.0.22",
                    question: &question,
                    name: name.map(str::to_owned),
                    directory: Path::new("/w"),
                };
                let lines = lines(start(&given));
                if case == "plain" {
                    plain = lines;
                    told += &format!("    {}\n", plain.join("\n    "));
                    continue;
                }
                let difference = match lines.as_slice() {
                    [only] if only.starts_with("cannot: ") && lines != plain => lines,
                    _ => difference(&plain, &lines),
                };
                if !difference.is_empty() {
                    told += &format!("  {case}\n    {}\n", difference.join("\n    "));
                }
            }
        }
    }
    insta::assert_snapshot!(told);
}

/// OpenSSL before 3 knows no store by URI.
#[test]
fn an_old_openssl_is_given_only_what_it_knows() {
    let (_, (question, _)) = questions().swap_remove(0);
    for (version, wanted) in [
        ("3.0.22", true),
        ("4.0", true),
        ("1.1.1w", false),
        ("LibreSSL 3.3.6", false),
        ("10.1", true),
    ] {
        let given = Given {
            program: Path::new("openssl"),
            version,
            question: &question,
            name: None,
            directory: Path::new("/w"),
        };
        let start = (openssl::ASKED.chain_tool)(&given).expect("it can be asked");
        let has = start.task.arguments.iter().any(|word| word == "-no-CAstore");
        assert_eq!(has, wanted, "{version}");
    }
}

/// The line that tells of a refusal, wherever it stands among others; and what tells of none.
#[test]
fn the_words_of_a_refusal_are_the_stacks_own() {
    let all: &[(Stack, &str, Option<&str>)] = &[
        (
            Stack::OpenSsl,
            "a\nverify error:num=10:x\nverify error:num=9:y\n",
            Some("verify error:num=10:x"),
        ),
        (
            Stack::OpenSsl,
            "error 10 at 0 depth lookup: x",
            Some("error 10 at 0 depth lookup: x"),
        ),
        (Stack::OpenSsl, "error in 10\nan error 1 lookup: x", None),
        (
            Stack::OpenSsl,
            "40:error:0A:SSL routines:f:x",
            Some("40:error:0A:SSL routines:f:x"),
        ),
        (Stack::OpenSsl, "40:error:0A:SSL:f:x\nSSL routines", None),
        (
            Stack::OpenSsl,
            "Could not open\n40:error:0A:SSL routines:f:x",
            Some("40:error:0A:SSL routines:f:x"),
        ),
        (Stack::OpenSsl, "Could not open", Some("Could not open")),
        (Stack::OpenSsl, "depth=0 CN = x\nit Could not\n", None),
        (Stack::Curl, "* x\ncurl: (60) y\n", Some("curl: (60) y")),
        (Stack::Curl, "x curl: (60) y", None),
        (Stack::Python, "port\t1\nrefused\tx y\n", Some("x y")),
        (Stack::Python, "unusable\t z \nrefused\tx", Some("z")),
        (Stack::Python, "refused\t \n", None),
        (Stack::Python, "was refused\tx\nrefused x\nx unusable\ty", None),
        (Stack::Java, "refused\ta · Caused by: b · Caused by: c", Some("c")),
        (Stack::Java, "refused\ta", Some("a")),
        (
            Stack::GnuTls,
            "- Status: The certificate is trusted. \n- Status: The certificate is NOT trusted. x",
            Some("- Status: The certificate is NOT trusted. x"),
        ),
        (Stack::GnuTls, "- Status: The certificate is trusted. ", None),
        (
            Stack::GnuTls,
            "*** x\nChain verification output: Not verified.",
            Some("Chain verification output: Not verified."),
        ),
        (
            Stack::GnuTls,
            "Chain verification output: Verified. The certificate is trusted. ",
            None,
        ),
        (
            Stack::GnuTls,
            "*** x\nError in handshake: y",
            Some("Error in handshake: y"),
        ),
        (Stack::GnuTls, "a\n*** x", Some("*** x")),
        (Stack::GnuTls, "a\nError setting y", Some("Error setting y")),
        (
            Stack::GnuTls,
            "no *** x\nan Error y\nthe Status: z\n- State: x",
            None,
        ),
        (
            Stack::Nginx,
            "2026/11/24 09:00:00 [info] 1#1: *1 client SSL certificate verify error: (10:x) while y, client: 127.0.0.1, server: z",
            Some("client SSL certificate verify error: (10:x) while y"),
        ),
        (
            Stack::Nginx,
            "d [info] 1#1: *1 a, client: x\nd [error] 1#1: *1 a certificate b, client: x\nd [crit] 1#1: *2 certificate c, client: x",
            Some("a certificate b"),
        ),
        (
            Stack::Nginx,
            "d [info] 1#1: *1 a, client: x\nd [error] 1#1: *1 b, client: x",
            Some("a"),
        ),
        (
            Stack::Nginx,
            "d [emerg] 1#1: no such file: x",
            Some("no such file: x"),
        ),
        (
            Stack::Nginx,
            "d [info] 1#1: *1 client 127.0.0.1 closed keepalive connection",
            None,
        ),
        (
            Stack::Nginx,
            "d [info] 1#1: *1 client closed connection while waiting, client: x",
            None,
        ),
        (
            Stack::Nginx,
            "d [notice] 1#1: *1 a certificate, client: x\nd [info] 1#1: a certificate",
            None,
        ),
        (
            Stack::Envoy,
            "SAID -\nSAID  \nSAID TLS_error:x|||UF -\nSAID y",
            Some("TLS_error:x"),
        ),
        (Stack::Envoy, "SAID -|||- via_upstream\nx SAID y", None),
        (
            Stack::Envoy,
            "[1][critical][main] [a.cc:1] error `x` initializing config '{}'",
            Some("error `x`"),
        ),
        (Stack::Envoy, "[1][warning][main] [a.cc:1] x", None),
        (Stack::Envoy, "error initializing configuration: y", Some("error")),
        (Stack::Envoy, "[1][critical] x\nSAID y", Some("y")),
    ];
    for (stack, text, wanted) in all {
        let asked = asked(*stack).expect("it can be asked");
        assert_eq!((asked.words)(text).as_deref(), *wanted, "{stack:?}: {text}");
    }
}

/// A chain tool's verdict is its status and its words; a signal, or our own end of it, is none.
#[test]
fn a_chain_tools_verdict_is_what_it_says() {
    let java = "answered\n";
    for (stack, status, text, wanted) in [
        (Stack::OpenSsl, 0, "", Some(true)),
        (Stack::OpenSsl, 2, "error 10 at 0 depth lookup: x", Some(false)),
        (Stack::OpenSsl, 2, "Could not open", None),
        (Stack::OpenSsl, 1, "error 10 at 0 depth lookup: x", None),
        (Stack::GnuTls, 0, "Chain verification output: x", Some(true)),
        (Stack::GnuTls, 1, "Chain verification output: x", Some(false)),
        (Stack::GnuTls, 0, "nothing", None),
        (Stack::GnuTls, 1, "nothing", None),
        (Stack::Java, 0, java, Some(true)),
        (Stack::Java, 1, "answered\twell\nrefused\tx", Some(true)),
        (Stack::Java, 1, "port\t1\nrefused\tx", Some(false)),
        (Stack::Java, 0, "unanswered\nrefused x", None),
        (Stack::Go, 0, "it answered\n", None),
        (Stack::Go, 0, "refused\tx\n", Some(false)),
        (Stack::Curl, 0, java, None),
        (Stack::Nginx, 0, java, None),
        (Stack::Envoy, 0, java, None),
    ] {
        let asked = asked(stack).expect("it can be asked");
        let finished = |end| Finished {
            end,
            output: text.to_owned(),
        };
        assert_eq!(
            (asked.accepts)(&finished(End::Exited(status))),
            wanted,
            "{stack:?}: {text}"
        );
        for end in [End::Signalled(11), End::Ours] {
            assert_eq!((asked.accepts)(&finished(end)), None, "{stack:?}: {text}");
        }
    }
}
