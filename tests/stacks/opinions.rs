//! Second opinions from the real programs: each judges, as a client and as a server, a good chain and bad ones.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::support::machine;
use crate::support::stacks::installed_for;
use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Origin, Revocation, Side};
use mtlscope::diagnose::Verdict;
use mtlscope::opinion::{AskedAt, Heard, NoAnswer, Opinion, Presence, Question, Said, Way, ask};
use mtlscope::pki::{Minted, Recipe, mint};
use mtlscope::session::{Session, parse, to_text};
use mtlscope::stack::Stack;

const NAME: &str = "payments.shop.svc";

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [
        (name: "root", subject: "Shop Root", is_ca: true, from_hours: -2000, until_hours: 2000),
        (name: "other", subject: "Other Root", is_ca: true),
        (name: "issuer", subject: "Shop Issuer", issuer: "root", is_ca: true, from_hours: -2000, until_hours: 2000),
        (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
        (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
        (name: "old-server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"],
         from_hours: -1000, until_hours: -10),
        (name: "old-client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"],
         from_hours: -1000, until_hours: -10),
    ]"#,
    )
    .expect("the recipes parse");
    mint(&recipes, now()).expect("it mints")
}

fn now() -> i64 {
    mtlscope::clock::Clock::default().unix_s()
}

/// Who is asked here; in CI all must be.
fn stacks(test: &str) -> Option<Vec<(Stack, Presence)>> {
    if machine::is_clock_moved() {
        // They are started without what moves the clock: that is not their environment.
        for stack in Stack::ALL {
            machine::is_left_out(stack.name(), test);
        }
        return None;
    }
    Some(installed_for(test))
}

/// A chain that this side judges, of the leaf of that name.
fn question(pki: &Minted, judge: Side, leaf: &str, root: &str) -> Question {
    let identity = pki.find(leaf).expect("minted");
    Question {
        judge,
        chain: vec![
            identity.certificate.clone(),
            pki.find("issuer").expect("minted").certificate.clone(),
        ],
        key: Some(identity.key.clone()),
        trust: vec![pki.find(root).expect("minted").certificate.clone()],
        name: (judge == Side::Client).then(|| NAME.to_owned()),
        at_unix_s: None,
        revocation: Revocation::default(),
        versions: Vec::new(),
    }
}

fn opinions(question: &Question, stacks: &[(Stack, Presence)]) -> BTreeMap<Stack, Opinion> {
    let heard = Mutex::new(0);
    let all = ask(question, stacks, &Cancel::default(), &|one| {
        if matches!(one, Heard::Said(_)) {
            *heard.lock().expect("no panic") += 1;
        }
    });
    assert_eq!(all.len(), heard.into_inner().expect("no panic"), "each was told");
    all.into_iter().map(|opinion| (opinion.stack, opinion)).collect()
}

/// What the capture of a handshake has to hold, whatever was said.
fn holds_together(what: &str, question: &Question, opinion: &Opinion) {
    let capture = opinion.capture.clone().expect("a capture");
    let ours = question.judge.peer();
    assert_eq!(capture.origin, Origin::Live { ours }, "{what}");
    let capture = std::sync::Arc::new(capture);
    let text = to_text(&Session::new(std::sync::Arc::clone(&capture))).expect("it is saved");
    let again = parse(&text, "opinion.ron").expect("it opens");
    assert_eq!(again.capture, capture, "{what}: a session like any other");
    let analysis = Analysis::of(capture);
    let kinds: Vec<&str> = analysis
        .transcript
        .messages
        .iter()
        .map(|message| message.kind.word())
        .collect();
    assert!(
        !kinds.contains(&"Encrypted"),
        "{what}: all of it opens: {kinds:?}"
    );
    assert!(
        kinds.contains(&"ClientHello") && kinds.contains(&"ServerHello"),
        "{what}: {kinds:?}"
    );
    let shown = analysis
        .transcript
        .chain_sent_by(ours)
        .expect("the chain was shown")
        .1;
    assert_eq!(shown.chain.len(), question.chain.len(), "{what}");
    let ending = analysis.diagnosis.endings.of(question.judge);
    match &opinion.said {
        Said::Accepts => assert_eq!(analysis.diagnosis.verdict, Verdict::Accepted, "{what}"),
        Said::Refuses(words) => {
            assert_eq!(analysis.diagnosis.verdict, Verdict::Rejected, "{what}");
            assert_eq!(ending.verdict, Verdict::Rejected, "{what}");
            assert_eq!(ending.error.as_ref(), Some(words), "{what}");
        }
        Said::NoAnswer(_) => {}
    }
}

fn can_judge(stack: Stack, judge: Side) -> bool {
    !(stack == Stack::Curl && judge == Side::Server)
}

#[test]
fn every_stack_is_right_about_a_good_chain_and_bad_ones() {
    let Some(stacks) = stacks("every_stack_is_right_about_a_good_chain_and_bad_ones") else {
        return;
    };
    let pki = pki();
    let mut wrong = Vec::new();
    for judge in [Side::Server, Side::Client] {
        let (good, old, other_purpose) = match judge {
            Side::Server => ("client", "old-client", "server"),
            Side::Client => ("server", "old-server", "client"),
        };
        let mut mismatch = question(&pki, judge, good, "root");
        mismatch.name = Some("somebody.else.example".to_owned());
        let mut other = question(&pki, judge, other_purpose, "root");
        other.name = other.name.map(|_| "orders.shop.svc".to_owned());
        let mut cases = vec![
            ("good", true, question(&pki, judge, good, "root")),
            ("unknown CA", false, question(&pki, judge, good, "other")),
            ("expired", false, question(&pki, judge, old, "root")),
            ("wrong EKU", false, other),
        ];
        if judge == Side::Client {
            cases.push(("name mismatch", false, mismatch));
        }
        for (case, is_good, question) in &cases {
            let all = opinions(question, &stacks);
            for (stack, opinion) in &all {
                let what = format!("{} as the {} about {case}", stack.name(), judge.word());
                // gnutls-serv looks at no purpose; the record of its words says the same (assets/rosetta.ron, client-purpose).
                let is_lax = (*stack, judge, *case) == (Stack::GnuTls, Side::Server, "wrong EKU");
                let right = match &opinion.said {
                    Said::Accepts => *is_good || is_lax,
                    Said::Refuses(words) => !is_good && !words.trim().is_empty() && !words.contains('\n'),
                    Said::NoAnswer(NoAnswer::CannotBeAsked(words)) => {
                        !can_judge(*stack, judge) && !words.is_empty()
                    }
                    Said::NoAnswer(_) => false,
                };
                if !right {
                    wrong.push(format!(
                        "{what}: {:?}\n{:?}\n{}",
                        opinion.said, opinion.command, opinion.output
                    ));
                } else if can_judge(*stack, judge) {
                    assert_eq!(opinion.way, Way::Handshake, "{what}");
                    holds_together(&what, question, opinion);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Those that can be told a time judge at it; the others say that they did not.
#[test]
fn the_time_travels_along_where_it_can() {
    let Some(stacks) = stacks("the_time_travels_along_where_it_can") else {
        return;
    };
    let pki = pki();
    for (judge, leaf) in [(Side::Server, "old-client"), (Side::Client, "old-server")] {
        let mut then = question(&pki, judge, leaf, "root");
        then.at_unix_s = Some(now() - 100 * 3600);
        for (stack, opinion) in opinions(&then, &stacks) {
            let takes_time = matches!(stack, Stack::OpenSsl | Stack::Go | Stack::Java);
            let what = format!("{}: {:?}\n{}", stack.name(), opinion.said, opinion.output);
            if !can_judge(stack, judge) {
                continue;
            }
            if takes_time {
                assert_eq!(
                    (opinion.asked_at, &opinion.said),
                    (AskedAt::Wanted, &Said::Accepts),
                    "{what}"
                );
            } else {
                assert_eq!(opinion.asked_at, AskedAt::Now, "{what}");
                assert!(matches!(opinion.said, Said::Refuses(_)), "{what}");
            }
        }
    }
}

/// Without a key there is no handshake: the chain tools answer, and the others say that they cannot.
#[test]
fn without_a_key_the_chain_tools_answer() {
    let Some(stacks) = stacks("without_a_key_the_chain_tools_answer") else {
        return;
    };
    let pki = pki();
    for (judge, leaf, root, is_good) in [
        (Side::Client, "server", "root", true),
        (Side::Client, "server", "other", false),
        (Side::Client, "client", "root", false),
        (Side::Server, "client", "root", true),
        (Side::Server, "server", "root", false),
        (Side::Server, "old-client", "root", false),
    ] {
        let mut question = question(&pki, judge, leaf, root);
        question.key = None;
        for (stack, opinion) in opinions(&question, &stacks) {
            let what = format!("{} {leaf}: {:?}\n{}", stack.name(), opinion.said, opinion.output);
            assert_eq!(opinion.way, Way::ChainTool, "{what}");
            assert!(opinion.capture.is_none(), "{what}");
            match (stack, &opinion.said) {
                (Stack::OpenSsl | Stack::GnuTls | Stack::Go, said) => {
                    assert_eq!(matches!(said, Said::Accepts), is_good, "{what}");
                    assert_eq!(matches!(said, Said::Refuses(_)), !is_good, "{what}");
                }
                // A name it compares only in a handshake.
                (Stack::Java, Said::NoAnswer(NoAnswer::CannotBeAsked(_))) => {
                    assert!(is_good && judge == Side::Client, "{what}");
                }
                (Stack::Java, said) => assert_eq!(matches!(said, Said::Accepts), is_good, "{what}"),
                (_, said) => {
                    let cannot = matches!(said, Said::NoAnswer(NoAnswer::CannotBeAsked(_)));
                    assert!(cannot, "{what}");
                }
            }
        }
    }
}
