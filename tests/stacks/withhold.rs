//! Needs real peers: OpenSSL, GnuTLS (Wget and gnutls-cli), curl, Go, Java, Node.js, Python, nginx and Envoy. Each is asked for a client
//! certificate in every case, and does what the lens says it would.
//!
//! A peer that is not there is skipped aloud, and fails the test in CI. `MTLSCOPE_ENVOY` is the path of the Envoy binary.
//! `MTLSCOPE_UPDATE_WITHHOLD=1` writes the versions that were asked into `assets/withhold.ron`.

use crate::support::machine;
use crate::support::withhold;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::capture::{AtHand, Side, Slot};
use mtlscope::diagnose::CauseId;
use mtlscope::diagnose::withhold::{Answer, Asked, Opinion, Tested, stack_names, would_send};
use mtlscope::session::Session;
use withhold::clients::Attempt;
use withhold::pki::Pki;
use withhold::stacks::{Meeting, Observed, STACKS, Stack, ask, meet};

/// What one stack did in all cases, and where it was not what the lens says.
struct Account {
    tested: Tested,
    /// In words, for the failing test.
    disagreements: Vec<String>,
    /// Cases and versions (1.3?) in which the client never came to see the request.
    unseen: Vec<(String, bool)>,
}

#[test]
fn every_stack_does_what_the_lens_says() {
    let pki = Pki::new();
    let at_hand: Vec<(&Stack, String)> = STACKS
        .iter()
        .filter_map(|stack| {
            // Before it is started: under a moved clock Envoy never answers.
            if machine::is_left_out(stack.name, "every_stack_does_what_the_lens_says") {
                return None;
            }
            let version = (stack.version)();
            if version.is_none() {
                machine::skipped(stack.name, "the program is not at hand");
            }
            Some((stack, version?))
        })
        .collect();
    let accounts: Vec<Account> = std::thread::scope(|scope| {
        let runs: Vec<_> = at_hand
            .iter()
            .map(|(stack, version)| scope.spawn(|| twice(stack, version, &pki)))
            .collect();
        runs.into_iter().map(|run| run.join().expect("a run")).collect()
    });
    let disagreements: Vec<&String> = accounts
        .iter()
        .flat_map(|account| &account.disagreements)
        .collect();
    assert!(
        disagreements.is_empty(),
        "{} times the lens is wrong:\n{}",
        disagreements.len(),
        disagreements
            .iter()
            .map(|one| one.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    );
    for account in &accounts {
        // A client that refuses its own certificate before it connects is rare: nobody may hide behind it.
        assert!(
            account.unseen.len() * 8 < account.tested.cases,
            "{} never came: {:?}",
            account.tested.stack,
            account.unseen
        );
    }
    record(accounts.into_iter().map(|account| account.tested).collect());
}

/// The story of the field (minio/kes#498): Go has a certificate, sends none, says nothing, and the server refuses it.
#[test]
fn a_go_client_that_holds_back_is_explained() {
    let go = STACKS.iter().find(|stack| stack.name == "Go").expect("Go");
    let test = "a_go_client_that_holds_back_is_explained";
    if machine::is_left_out("Go", test) {
        return;
    }
    if (go.version)().is_none() {
        machine::skipped(test, "Go is not at hand");
        return;
    }
    let pki = Pki::new();
    let case = withhold::cases::CASES
        .iter()
        .find(|case| case.name == "authorities name another CA only")
        .expect("the case");
    let mut ask = case.ask(&pki, true);
    ask.is_required = true;
    let identity = pki.client(case.client);
    let directory = tempfile::tempdir().expect("a directory for the test");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let attempt = Attempt {
        port: listener.local_addr().expect("a port").port(),
        is_13: true,
        identity,
        root: &pki.root_file,
    };
    let mut program = (go.start)(directory.path(), &[attempt]);
    let (capture, words) = meet(&pki, &ask, &listener, program.as_mut(), &attempt);
    assert!(
        words.contains("certificate required"),
        "all that Go is told: {words}"
    );
    let mut capture = capture.expect("it connected");
    // What a user has: the client's files.
    capture.at_hand = identity
        .chain
        .iter()
        .enumerate()
        .map(|(entry, der)| AtHand {
            side: Some(Side::Client),
            slot: Slot::Certificate,
            file: Some("orders.pem".to_owned()),
            entry,
            line: Some(1),
            within: None,
            wrapping: None,
            der: der.clone(),
        })
        .collect();
    let leaf =
        mtlscope::pki::CertificateFacts::from_der(identity.chain[0].as_bytes()).expect("a certificate");
    capture.sides.client.key_in_use = Some(leaf.spki);
    let mut session = Session::new(Arc::new(capture));
    "A Go client that sends nothing".clone_into(&mut session.title);
    if std::env::var("MTLSCOPE_UPDATE_WITHHOLD").as_deref() == Ok("1") {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions/go-withholds.ron");
        mtlscope::session::save(&path, &session).expect("the session is saved");
    }
    let analysis = Analysis::of(session.capture);
    assert_eq!(
        analysis.diagnosis.causes.first().map(|cause| cause.id),
        Some(CauseId::ClientCertificateNotAcceptable)
    );
    let lens = analysis
        .diagnosis
        .withhold
        .expect("the server asked, and the client has one");
    assert_eq!(lens.was_sent, Some(false));
    let go = lens.opinion("Go").expect("Go has rules");
    assert_eq!(go.answer, Answer::Withholds);
    assert!(go.why.contains("Somebody Else"), "{}", go.why);
    let message = &analysis.transcript.messages[lens.message];
    let shown = message
        .root
        .at(&message.root.path_to_range(&go.decides))
        .expect("a field");
    assert_eq!(
        shown.range, go.decides,
        "the bytes that decide are a field of the message"
    );
    assert_eq!(lens.opinion("OpenSSL").map(|one| one.answer), Some(Answer::Sends));
}

/// Asked once, and where the lens was wrong, once more: a machine under load can cut a program short. What differs twice in the
/// same case is wrong.
fn twice(stack: &Stack, version: &str, pki: &Pki) -> Account {
    let mut first = account(stack, version, pki);
    if !first.disagreements.is_empty() {
        eprintln!("once more, for:\n{}", first.disagreements.join("\n"));
        let case = |words: &str| words.split(": the lens says").next().map(str::to_owned);
        let again = account(stack, version, pki).disagreements;
        let again: BTreeSet<_> = again.iter().map(|words| case(words)).collect();
        first.disagreements.retain(|words| again.contains(&case(words)));
    }
    first
}

fn account(stack: &Stack, version: &str, pki: &Pki) -> Account {
    let meetings = ask(stack, pki);
    let mut disagreements = Vec::new();
    let mut unseen = Vec::new();
    for meeting in &meetings {
        let asked = meeting
            .transcript
            .as_ref()
            .and_then(Asked::of)
            .map(|(_, asked)| asked);
        if asked.is_none() {
            unseen.push((meeting.case.name.to_owned(), meeting.is_13));
        }
        // Where the client never saw the request, the lens is asked with what the server would have said.
        let asked = asked.unwrap_or_else(|| spoken(pki, meeting));
        let identity = pki.client(meeting.case.client);
        let opinions = would_send(&asked, &identity.chain).expect("a key that the rules know");
        let opinion = opinions
            .iter()
            .find(|opinion| opinion.stack == stack.name)
            .expect("the library knows the stack");
        if matches!(
            (opinion.answer, &meeting.observed),
            (Answer::Sends, Observed::Sent)
                | (Answer::Withholds, Observed::Empty)
                | (Answer::Fails, Observed::Ended)
        ) {
            continue;
        }
        disagreements.push(disagreement(stack, meeting, opinion));
    }
    Account {
        tested: Tested {
            stack: stack.name.to_owned(),
            version: version.to_owned(),
            cases: meetings.len(),
        },
        disagreements,
        unseen,
    }
}

fn disagreement(stack: &Stack, meeting: &Meeting, opinion: &Opinion) -> String {
    let messages: Vec<String> = meeting
        .transcript
        .iter()
        .flat_map(|transcript| &transcript.messages)
        .map(|message| format!("{} {}", message.side.word(), message.kind))
        .collect();
    format!(
        "{}, TLS {}, {}: the lens says {:?} ({}), the program did {:?} ({}; {})",
        stack.name,
        if meeting.is_13 { "1.3" } else { "1.2" },
        meeting.case.name,
        opinion.answer,
        if opinion.why.is_empty() {
            &opinion.rule
        } else {
            &opinion.why
        },
        meeting.observed,
        meeting.words,
        messages.join(", ")
    )
}

/// What the server of a meeting says when it asks.
fn spoken(pki: &Pki, meeting: &Meeting) -> Asked {
    let ask = meeting.case.ask(pki, meeting.is_13);
    Asked {
        is_13: ask.is_13,
        authorities: ask
            .authorities
            .iter()
            .map(|name| {
                let words = mtlscope::pki::distinguished_name(name).expect("a name");
                (name.clone(), words)
            })
            .collect(),
        schemes: ask
            .schemes
            .iter()
            .map(|scheme| {
                mtlscope::iana::name_or_number(mtlscope::iana::Table::SignatureScheme, u16::from(*scheme))
            })
            .collect(),
        certificate_schemes: Vec::new(),
        types: if ask.is_13 {
            Vec::new()
        } else {
            ask.types.unwrap_or([1, 64]).to_vec()
        },
        ..Asked::default()
    }
}

/// Writes the versions down, or holds them against what is written.
fn record(tested: Vec<Tested>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/withhold.ron");
    if std::env::var("MTLSCOPE_UPDATE_WITHHOLD").as_deref() == Ok("1") {
        let pretty = ron::ser::PrettyConfig::new();
        let text = ron::ser::to_string_pretty(&tested, pretty).expect("plain data");
        let head = "// Written by tests/stacks/withhold.rs from real runs. Do not edit.";
        std::fs::write(path, format!("{head}\n{text}\n")).expect("the asset");
        return;
    }
    let text = std::fs::read_to_string(path).expect("the asset");
    let written: Vec<Tested> = ron::from_str(&text).expect("the asset is RON");
    let names: Vec<&str> = written.iter().map(|run| run.stack.as_str()).collect();
    for name in stack_names() {
        assert!(names.contains(&name), "assets/withhold.ron has no run of {name}");
    }
    for run in tested {
        let old = written
            .iter()
            .find(|old| old.stack == run.stack)
            .expect("a run of it is written");
        assert!(
            run.cases >= old.cases,
            "{}: {} cases were asked, and {} are written",
            run.stack,
            run.cases,
            old.cases
        );
        if old.version != run.version {
            eprintln!(
                "{} {} was asked and agrees; assets/withhold.ron tells of {} (MTLSCOPE_UPDATE_WITHHOLD=1 rewrites it)",
                run.stack, run.version, old.version
            );
        }
    }
}
