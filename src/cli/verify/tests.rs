//! What is asked of chains, what their report is made of, and how each form words it.

use clap::Parser;

use super::report::{
    ASKED_FOR, EXPIRES_SOON, Expiring, Judged, NOT_EVERYWHERE, REFUSED_BY_A_STACK, Report, UNEXPLAINED,
    UNUSUAL,
};
use super::*;
use crate::capture::Side;
use crate::cli::asking::Told;
use crate::diagnose::{OnRecord, Stance};
use crate::opinion::{AskedAt, NoAnswer, Opinion, Said, Way};
use crate::pki::{Recipe, mint};
use crate::stack::Stack;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    verify: VerifyArguments,
}

fn arguments(words: &[&str]) -> VerifyArguments {
    Line::try_parse_from(std::iter::once(&"verify").chain(words))
        .expect("a command line")
        .verify
}

/// 2027-01-15T08:00:00Z.
const NOW: i64 = 1_800_000_000;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let recipes: Vec<Recipe> = ron::from_str(
            r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true, until_hours: 9000),
            (name: "issuer", subject: "Issuer", issuer: "root", is_ca: true, until_hours: 24),
            (name: "leaf", subject: "payments", issuer: "issuer", until_hours: 20),
            (name: "brief", subject: "orders", issuer: "root", until_hours: 20)]"#,
        )
        .expect("recipes");
        let pki = mint(&recipes, NOW).expect("it mints");
        let folder = tempfile::tempdir().expect("a folder");
        let pem = |names: &[&str]| {
            names
                .iter()
                .map(|name| {
                    let der = &pki.find(name).expect("minted").certificate.der;
                    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
                    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
                })
                .collect::<Vec<_>>()
                .concat()
        };
        for (file, names) in [
            ("roots.pem", &["root"][..]),
            ("issuer.pem", &["issuer"]),
            ("whole.pem", &["leaf", "issuer"]),
            ("alone.pem", &["leaf"]),
            ("brief.pem", &["brief"]),
        ] {
            std::fs::write(folder.path().join(file), pem(names)).expect("written");
        }
        Self(folder)
    }

    fn path(&self, file: &str) -> String {
        self.0.path().join(file).to_string_lossy().into_owned()
    }

    fn report(&self, chain: &str, more: &[&str]) -> Report {
        let (chain, roots) = (self.path(chain), self.path("roots.pem"));
        let mut words = vec![
            chain.as_str(),
            "--trust",
            &roots,
            "--at",
            "2027-01-15T08:00:00Z",
            "--for",
            "client",
        ];
        words.extend(more);
        let arguments = arguments(&words);
        let asked = input::asked(&arguments).expect("it can be asked");
        judging::judge_all(&arguments, asked).expect("it is judged")
    }
}

fn only(report: &mut Report) -> &mut Judged {
    match report.entries.as_mut_slice() {
        [Entry::Judged(judged)] => judged,
        other => panic!("one chain, judged: {other:?}"),
    }
}

/// What nobody could answer is refused before a file is read.
#[test]
fn a_question_that_makes_no_sense_is_refused() {
    let asked = |words: &[&str]| {
        let all: Vec<&str> = words.iter().copied().chain(["--trust", "no-such-file"]).collect();
        input::asked(&arguments(&all))
            .map(|asked| asked.notes)
            .map_err(|Unusable(words)| words)
    };
    let server = "Each chain is taken for a server's, which a client judges (the default; --for client says otherwise).";
    let client = "Each chain is taken for a client's, which a server judges.";
    let nameless = "No --name was given, so no name was judged: these certificates may be anybody's.";
    for (words, wanted) in [
        (&["a.pem"][..], vec![nameless, server]),
        (&["-", "a.pem"], vec![nameless, server]),
        (&["a.pem", "--name", "payments.shop.svc"], vec![server]),
        (&["a.pem", "--name", "10.0.0.1"], vec![server]),
        (&["a.pem", "--name", "spiffe://a/b c"], vec![server]),
        (&["a.pem", "--for", "client"], vec![client]),
        (
            &["a.pem", "--for", "client", "--name", "spiffe://a/b"],
            vec![client],
        ),
    ] {
        let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
        assert_eq!(asked(words), Ok(wanted), "{words:?}");
    }
    for (words, start) in [
        (&["-", "-"][..], "-: the standard input can be read only once;"),
        (&["--ask"], "no chain is named;"),
        (
            &["a.pem", "--name", "a b"],
            "--name a b: this is neither a DNS name nor an IP address nor a spiffe:// ID;",
        ),
        (
            &["a.pem", "--name", "https://payments"],
            "--name https://payments: this is neither",
        ),
        (
            &["a.pem", "--for", "client", "--name", "payments"],
            "--name payments: a server asks a client for no DNS name or address;",
        ),
    ] {
        let error = asked(words).expect_err("refused");
        assert!(error.starts_with(start), "{words:?}: {error}");
    }
}

/// Whether a file of this name is a chain behind `--ask` is seen before anything is asked.
#[test]
fn chains_behind_ask_come_first() {
    let folder = Folder::new();
    let (one, two) = (folder.path("brief.pem"), folder.path("alone.pem"));
    let all = arguments(&[&two, "--trust", "x", "--ask", &one]).all_chains();
    assert_eq!(
        all,
        [std::path::PathBuf::from(&one), std::path::PathBuf::from(&two)]
    );
}

/// Only what is on the path that is judged ends too soon: what merely lies at hand is not in use.
#[test]
fn what_ends_soon_is_on_the_path() {
    let folder = Folder::new();
    let known = folder.path("issuer.pem");
    let soon = |chain: &str, span: &str, more: &[&str]| -> Vec<&'static str> {
        let more: Vec<&str> = ["--expires-within", span].iter().chain(more).copied().collect();
        let mut report = folder.report(chain, &more);
        only(&mut report).expiring.iter().map(|one| one.role).collect()
    };
    assert_eq!(soon("whole.pem", "30h", &[]), ["leaf", "intermediate"]);
    assert_eq!(soon("whole.pem", "22h", &[]), ["leaf"]);
    assert_eq!(soon("whole.pem", "19h", &[]), [""; 0]);
    assert_eq!(soon("whole.pem", "52w", &[]), ["leaf", "intermediate"]);
    assert_eq!(soon("whole.pem", "54w", &[]), ["leaf", "intermediate", "root"]);
    assert_eq!(soon("alone.pem", "30h", &["--known", &known]), ["leaf"]);
}

/// rustls's refusal stands by itself where none of our checks explains it.
#[test]
fn a_refusal_that_nothing_explains_is_told_in_its_own_words() {
    let folder = Folder::new();
    let mut report = folder.report("brief.pem", &[]);
    assert_eq!(only(&mut report).error, None);
    let says_nothing = "None of the checks here explains this refusal";
    let unexplained = |report: &Report| -> Vec<serde_json::Value> {
        let log = sarif::log(report);
        let results = log["runs"][0]["results"].as_array().cloned().unwrap_or_default();
        results
            .into_iter()
            .filter(|one| one["ruleId"] == UNEXPLAINED)
            .collect()
    };
    assert!(!page::page(&report, &[]).contains(says_nothing));
    assert_eq!(unexplained(&report), Vec::<serde_json::Value>::new());
    only(&mut report).error = Some("SomethingNew".to_owned());
    let page = page::page(&report, &[]);
    assert!(
        page.contains(&format!(
            "  {says_nothing}; rustls's words are all there\n  is.\n"
        )),
        "{page}"
    );
    let found = unexplained(&report);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["level"], "error");
    let text = found[0]["message"]["text"].as_str().unwrap_or_default();
    assert!(
        text.starts_with("orders is refused. rustls-webpki/rustls ") && text.contains("SomethingNew"),
        "{text}"
    );
    // With a cause, the cause says it.
    let mut refused = folder.report("alone.pem", &[]);
    assert!(only(&mut refused).error.is_some() && !only(&mut refused).explained.causes.is_empty());
    assert!(!page::page(&refused, &[]).contains(says_nothing));
    assert_eq!(unexplained(&refused), Vec::<serde_json::Value>::new());
}

fn opinion(stack: Stack, said: Said) -> Opinion {
    Opinion {
        stack,
        version: "1".to_owned(),
        way: Way::ChainTool,
        asked_at: AskedAt::Wanted,
        command: Vec::new(),
        exit_status: Some(0),
        said,
        output: String::new(),
        took_ms: 0,
        capture: None,
    }
}

/// Of the stacks on record, those that decide otherwise are told, but for those that said themselves what they do.
#[test]
fn the_record_speaks_for_those_that_were_not_asked() {
    let folder = Folder::new();
    let mut report = folder.report("brief.pem", &[]);
    let on_record = |id: &'static str, stance: Stance| OnRecord {
        id,
        name: id.to_owned(),
        stance,
        notes: Vec::new(),
    };
    let judged = only(&mut report);
    judged.explained.judgement.record = vec![
        on_record("openssl", Stance::Refuses("no".into())),
        on_record("go", Stance::Refuses("never".into())),
        on_record("node", Stance::Accepts),
    ];
    let told = |opinions: Vec<Opinion>| {
        Some(Told {
            judge: Side::Server,
            has_time: false,
            opinions,
            absent: Vec::new(),
        })
    };
    let silent = || Said::NoAnswer(NoAnswer::Cancelled);
    let both = "On record: openssl refuses it (no); go refuses it (never).";
    for (opinions, accepted, refused) in [
        (None, Some(both), "On record: node accepts it."),
        (told(vec![]), Some(both), "On record: node accepts it."),
        (
            told(vec![
                opinion(Stack::OpenSsl, silent()),
                opinion(Stack::Node, silent()),
            ]),
            Some(both),
            "On record: node accepts it.",
        ),
        (
            told(vec![opinion(Stack::OpenSsl, Said::Accepts)]),
            Some("On record: go refuses it (never)."),
            "On record: node accepts it.",
        ),
        (
            told(vec![
                opinion(Stack::Go, Said::Refuses("x".to_owned())),
                opinion(Stack::OpenSsl, Said::Accepts),
            ]),
            None,
            "On record: node accepts it.",
        ),
    ] {
        judged.told = opinions;
        judged.error = None;
        assert_eq!(judged.on_record().as_deref(), accepted);
        judged.error = Some("no".to_owned());
        assert_eq!(judged.on_record().as_deref(), Some(refused));
    }
}

/// Each flag fails what it is for, and no other.
#[test]
fn a_chain_is_good_where_no_flag_minds() {
    let folder = Folder::new();
    let mut report = folder.report("brief.pem", &[]);
    let expiring = Expiring {
        certificate: crate::diagnose::CertificateRef {
            sha256: String::new(),
            subject: String::new(),
        },
        role: "leaf",
        not_after: 0,
        words: "it ends".to_owned(),
    };
    let refusal = || Told {
        judge: Side::Server,
        has_time: false,
        opinions: vec![opinion(Stack::Go, Said::Refuses("x".to_owned()))],
        absent: Vec::new(),
    };
    for (error, soon, told, strict, wanted) in [
        (false, false, false, false, true),
        (false, false, false, true, true),
        (false, false, true, false, true),
        (false, false, true, true, false),
        (false, true, false, false, false),
        (true, false, false, false, false),
    ] {
        report.asked.is_ask_strict = strict;
        let judged = only(&mut report);
        judged.error = error.then(|| "no".to_owned());
        judged.expiring = if soon { vec![expiring.clone()] } else { Vec::new() };
        judged.told = told.then(refusal);
        assert_eq!(report.is_good(), wanted, "{error} {soon} {told} {strict}");
        let counts = report.counts();
        assert_eq!(
            (
                counts.good,
                counts.refused,
                counts.failed_a_guard,
                counts.unusable
            ),
            (
                usize::from(wanted),
                usize::from(error),
                usize::from(!wanted && !error),
                0
            )
        );
    }
}

/// The rules of the SARIF: whatever may be found has its own title, its level, and commands in a block where there are any.
#[test]
fn each_rule_is_described() {
    let rules = sarif::described(&[
        EXPIRES_SOON,
        NOT_EVERYWHERE,
        REFUSED_BY_A_STACK,
        ASKED_FOR,
        UNUSUAL,
        UNEXPLAINED,
        "expired",
    ]);
    let told: Vec<(&str, &str, &str)> = rules
        .iter()
        .map(|rule| {
            let text = |path: &str| {
                rule.pointer(path)
                    .and_then(serde_json::Value::as_str)
                    .unwrap_or_default()
            };
            (
                text("/id"),
                text("/shortDescription/text"),
                text("/defaultConfiguration/level"),
            )
        })
        .collect();
    assert_eq!(
        told[..6],
        [
            (
                EXPIRES_SOON,
                "A certificate of the path will soon be over.",
                "warning"
            ),
            (
                NOT_EVERYWHERE,
                "rustls accepts it; not every stack does.",
                "warning"
            ),
            (
                REFUSED_BY_A_STACK,
                "A TLS stack that was asked refuses it.",
                "warning"
            ),
            (ASKED_FOR, "A program asks for more when it is told to.", "note"),
            (
                UNUSUAL,
                "Against the rules, and accepted by every stack on record.",
                "note"
            ),
            (UNEXPLAINED, "rustls refuses the chain.", "error"),
        ]
    );
    assert_eq!((told[6].0, told[6].2), ("expired", "error"));
    assert_eq!(
        rules[0]["help"]["markdown"],
        "Renew it before it ends, and automate the renewal.\n\n```sh\nopenssl x509 -in FILE -noout -subject -enddate\n```\n\n"
    );
    assert_eq!(
        rules[0]["help"]["text"],
        "Fix: Renew it before it ends, and automate the renewal.\n    openssl x509 -in FILE -noout -subject -enddate\n"
    );
}
