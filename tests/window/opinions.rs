//! What other stacks say, in the window: answers are handed in, so that no program need be installed.

use std::sync::Arc;

use crate::screens::{as_the_labs_own, picture};
use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::opinion::{AskedAt, NoAnswer, Opinion, Presence, Said, Way};
use mtlscope::stack::Stack;
use mtlscope::state::{
    Answers, Command, Done, FixResult, LabCommand, OpinionCommand, OpinionDone, RepairDone, SettingsCommand,
    ThemeChoice,
};
use mtlscope::ui::App;
use support::window::{open, send, take, wait};

pub const USUAL: [f32; 2] = [1440.0, 900.0];

pub const VERSIONS: [(Stack, &str); 6] = [
    (Stack::OpenSsl, "3.0.22"),
    (Stack::GnuTls, "3.7.9"),
    (Stack::Go, "1.19.8"),
    (Stack::Java, "17.0.15"),
    (Stack::Node, "18.20.4 (OpenSSL 3.0.22)"),
    (Stack::Python, "3.11.2 (OpenSSL 3.0.22)"),
];

/// All of the usual ones, but for Node.
pub fn stacks() -> Vec<(Stack, Presence)> {
    let presence = |stack: Stack, version: &str| match stack {
        Stack::Node => absent(stack),
        _ => Presence::Installed {
            program: format!("/usr/bin/{}", stack.word()).into(),
            version: version.to_owned(),
        },
    };
    VERSIONS
        .into_iter()
        .map(|(stack, version)| (stack, presence(stack, version)))
        .collect()
}

pub fn absent(stack: Stack) -> Presence {
    Presence::Absent {
        looked_for: stack.programs().iter().map(|name| (*name).to_owned()).collect(),
    }
}

pub fn opinion(window: &Harness<'_, App>, stack: Stack, said: Said) -> Arc<Opinion> {
    let version = VERSIONS.iter().find(|(other, _)| *other == stack);
    let analysis = window.state().state().analysis().expect("a run");
    Arc::new(Opinion {
        stack,
        version: version.map_or("", |(_, version)| version).to_owned(),
        way: Way::Handshake,
        asked_at: AskedAt::Wanted,
        command: [
            "openssl",
            "s_server",
            "-Verify",
            "9",
            "-CAfile",
            "trust.pem",
            "-cert",
            "its own.pem",
        ]
        .map(str::to_owned)
        .to_vec(),
        exit_status: Some(1),
        output: match &said {
            Said::Refuses(words) => format!("verify depth is 9\n{words}\nshutting down SSL\n"),
            Said::Accepts => "CONNECTED\n".to_owned(),
            Said::NoAnswer(_) => String::new(),
        },
        said,
        took_ms: 6 + stack as u64 * 31,
        capture: Some((*analysis.capture).clone()),
    })
}

pub fn refuses(words: &str) -> Said {
    Said::Refuses(words.to_owned())
}

/// Asks; the request's number.
pub fn asked(window: &mut Harness<'_, App>) -> u64 {
    window.get_by_label("Ask the stacks on this machine").click();
    window.run_steps(4);
    ticket(window)
}

pub fn ticket(window: &Harness<'_, App>) -> u64 {
    window
        .state()
        .state()
        .asked_stacks()
        .expect("they are asked")
        .ticket
}

/// All have answered: what is told of the server's judgement; where the client judges each accepts.
pub fn answered(window: &mut Harness<'_, App>, ticket: u64, told: &[(Stack, Said)]) {
    let mut said = Vec::new();
    for (stack, words) in told {
        said.push((Side::Server, opinion(window, *stack, words.clone())));
        said.push((Side::Client, opinion(window, *stack, Said::Accepts)));
    }
    let stacks = stacks();
    let result = Ok(Answers { stacks, said });
    take(window, Done::Opinion(OpinionDone::Ended { ticket, result }));
}

pub fn all(openssl: Said, go: Said) -> [(Stack, Said); 5] {
    [
        (Stack::OpenSsl, openssl),
        (Stack::GnuTls, Said::Accepts),
        (Stack::Go, go),
        (Stack::Java, Said::Accepts),
        (Stack::Python, Said::NoAnswer(NoAnswer::TimedOut(30_000))),
    ]
}

/// A saved run on the lab's own stage: its microseconds are the same in every picture.
pub fn good() -> Harness<'static, App> {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    as_the_labs_own(&mut window, "good-tls13");
    window
}

/// A picture in the dark and one in the light.
pub fn both(window: &mut Harness<'_, App>, name: &str) {
    for (theme, word) in [(ThemeChoice::Light, "light"), (ThemeChoice::Dark, "dark")] {
        send(window, Command::Settings(SettingsCommand::SetTheme(theme)));
        picture(window, &format!("{name}-{word}"));
    }
}

#[test]
fn where_they_disagree_the_card_is_amber_and_a_row_opens_to_the_exact_words() {
    let mut window = good();
    let ticket = asked(&mut window);
    let told = all(
        refuses("permitted subtree violation"),
        refuses("x509: unhandled critical extension"),
    );
    answered(&mut window, ticket, &told);
    window.get_by_label_contains("Accepted here; two other stacks refuse the same files");
    window.get_by_label_contains("A payments built on OpenSSL or Go would end this very handshake");
    window.get_by_label("Python 3.11.2 (OpenSSL 3.0.22), no answer: nothing came within 30000 ms");
    window.get_by_label("Node.js: not installed: no node on the path");
    let openssl = "OpenSSL 3.0.22 refuses: permitted subtree violation";
    window.get_by_label(openssl).click();
    window.run_steps(4);
    window.get_by_label("Copy the command and words of OpenSSL");
    // The stage says it beside the verification, and of the client's nothing.
    window.get_by_label_contains("of the other stacks 2 refuse");
    both(&mut window, "opinions-disagree");
    // The other side's judgement, in which all agree.
    window.get_by_label("The client judges payments").click();
    window.run_steps(4);
    window.get_by_label("OpenSSL 3.0.22 accepts");
    window.get_by_label("The server judges orders · 2 refuse").click();
    window.run_steps(4);
    // By keyboard as well.
    window.get_by_label(openssl).focus();
    window.run_steps(2);
    window.key_press(egui::Key::Enter);
    window.run_steps(4);
    assert!(
        window
            .query_by_label("Copy the command and words of OpenSSL")
            .is_none()
    );
    // A handshake with one of them takes the stage in a tab of its own.
    window.get_by_label(openssl).click();
    window.run_steps(4);
    window
        .get_by_label("Open the handshake with OpenSSL on the stage")
        .click();
    wait(&mut window, "its tab", |app| {
        app.state()
            .document()
            .is_some_and(|document| document.title == "OpenSSL as the server")
    });
}

#[test]
fn where_they_agree_the_card_stays_as_it_is() {
    let mut window = good();
    let ticket = asked(&mut window);
    answered(&mut window, ticket, &all(Said::Accepts, Said::Accepts));
    window.get_by_label_contains("Both sides proved who they are");
    assert!(window.query_by_label_contains("WHY THEY DISAGREE").is_none());
    both(&mut window, "opinions-agree");
    // What is old is muted, and turns nothing amber.
    send(
        &mut window,
        Command::Lab(LabCommand::SetServerName("other.svc".to_owned())),
    );
    window.get_by_label_contains("Asked before the change");
    window.get_by_label("rustls, the run before: good");
}

#[test]
fn words_that_find_no_room_beside_a_name_have_a_line_of_their_own() {
    let mut window = good();
    let ticket = asked(&mut window);
    let words = "unable to get local issuer certificate of the intermediate that signed it";
    answered(&mut window, ticket, &all(refuses(words), refuses("expired")));
    let height = |label: &str| window.get_by_label(label).rect().height();
    let long = height(&format!("OpenSSL 3.0.22 refuses: {words}"));
    let short = height("Go 1.19.8 refuses: expired");
    assert!(long > short + 10.0, "{long} and {short}");
    // What is old is muted, and the headline's count with it.
    window.get_by_label("The server judges orders · 2 refuse");
    send(
        &mut window,
        Command::Lab(LabCommand::SetServerName("other.svc".to_owned())),
    );
    window.get_by_label("The server judges orders");
}

#[test]
fn a_refusal_here_keeps_its_cause_and_says_who_would_take_it() {
    let mut window = open([1280.0, 800.0], 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::OpenScenario("root-rotated".to_owned())),
    );
    wait(&mut window, "the run", |app| {
        !app.state().is_running()
            && app
                .state()
                .fix_search()
                .is_some_and(|search| search.result.is_some())
    });
    let ticket = asked(&mut window);
    let told = all(refuses("unable to get local issuer certificate"), Said::Accepts);
    answered(&mut window, ticket, &told);
    let shown = window.state().state();
    let shown = shown
        .shown_round(shown.asked_stacks().expect("asked"))
        .expect("a round");
    let judge = shown.judge;
    let own = mtlscope::state::Own::of(window.state().state().analysis().expect("a run"), judge);
    assert!(!own.expect("it judged").accepts);
    window.get_by_label_contains("Refused here;");
    // Its own failure tells them apart: in a list, where there is no room for columns.
    for who in ["✕ rustls", "✓ GnuTLS, Go, Java", "– OpenSSL (in its own words)"] {
        window.get_by_label(who);
    }
}

#[test]
fn nobody_is_against_a_run_that_never_judged() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::OpenScenario("server-missing-intermediate".to_owned())),
    );
    wait(&mut window, "the run", |app| {
        let state = app.state();
        let runs = state.lab.scenario.is_some() && !state.is_running();
        runs && state.fix_search().is_some_and(|search| search.result.is_some())
    });
    let ticket = asked(&mut window);
    answered(&mut window, ticket, &all(refuses("no"), Said::Accepts));
    // The client refused first: of the server's judgement there is nothing to differ from.
    window.get_by_label("The server judges orders");
    assert_eq!(window.state().state().stacks_against(Side::Server), None);
}

#[test]
fn while_they_are_asked_each_has_its_place_and_cancel_ends_it() {
    let mut window = good();
    let ticket = asked(&mut window);
    window.get_by_label_contains("Looking for the stacks on this machine");
    let stacks = stacks();
    take(&mut window, Done::Opinion(OpinionDone::Found { ticket, stacks }));
    let openssl = opinion(&window, Stack::OpenSsl, Said::Accepts);
    take(
        &mut window,
        Done::Opinion(OpinionDone::Said {
            ticket,
            judge: Side::Server,
            opinion: openssl,
        }),
    );
    for stack in [Stack::Go, Stack::GnuTls] {
        let judge = Side::Server;
        let begins = OpinionDone::Begins { ticket, judge, stack };
        take(&mut window, Done::Opinion(begins));
    }
    window.get_by_label("Go 1.19.8: being asked…");
    window.get_by_label("Java 17.0.15: waiting");
    both(&mut window, "opinions-running");
    window.get_by_label("Cancel asking other stacks").click();
    window.run_steps(4);
    window.get_by_label("Java 17.0.15: not asked: cancelled");
    window.get_by_label("Go 1.19.8: not asked: cancelled");
    window.get_by_label_contains("Cancelled just now: 1 of 5 had answered, with the root that");
    window
        .get_by_label("Ask the stacks on this machine again")
        .click();
    window.run_steps(4);
    assert!(self::ticket(&window) > ticket && window.state().state().is_asking());
    send(&mut window, Command::Opinion(OpinionCommand::Cancel));
}

#[test]
fn where_none_is_installed_it_says_so() {
    let mut window = good();
    let ticket = asked(&mut window);
    let stacks = VERSIONS
        .iter()
        .map(|(stack, _)| (*stack, absent(*stack)))
        .collect();
    let said = Vec::new();
    let result = Ok(Answers { stacks, said });
    take(&mut window, Done::Opinion(OpinionDone::Ended { ticket, result }));
    window.get_by_label_contains("No other stack is installed here");
    both(&mut window, "opinions-none");
}

#[test]
fn before_anybody_is_asked_the_record_speaks_and_says_so() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    as_the_labs_own(&mut window, "renamed-issuer");
    // Of everybody whose doings with such names are known.
    window.get_by_label(
        "On record, OpenSSL 3.0.22, GnuTLS 3.7.9 and Java 17.0.15 accept the chain of payments, which rustls refuses. Nobody was \
         asked.",
    );
    search_took(&mut window, 41);
    both(&mut window, "on-record");
}

/// What OpenSSL refuses, its strict mode refuses too.
#[test]
fn of_no_mode_of_openssl_is_said_what_its_record_contradicts() {
    let mut window = open(USUAL, 1.0, Vec::new());
    let commands = [
        LabCommand::OpenScenario("renamed-issuer".to_owned()),
        LabCommand::SetServerName("other.svc".to_owned()),
        LabCommand::Run,
    ];
    for command in commands {
        send(&mut window, Command::Lab(command));
        wait(&mut window, "the run", |app| !app.state().is_running());
    }
    window.get_by_label_contains("on record GnuTLS 3.7.9 and Java 17.0.15 accept it");
}

/// What stands in the headline is not said again.
#[test]
fn why_they_disagree_is_said_once() {
    let mut window = open(USUAL, 1.0, Vec::new());
    as_the_labs_own(&mut window, "renamed-issuer");
    let ticket = asked(&mut window);
    let mut said: Vec<_> = Vec::new();
    for stack in [Stack::OpenSsl, Stack::GnuTls, Stack::Java] {
        said.push((Side::Client, opinion(&window, stack, Said::Accepts)));
    }
    let go = refuses("x509: certificate signed by unknown authority");
    said.push((Side::Client, opinion(&window, Stack::Go, go)));
    let stacks = stacks();
    let result = Ok(Answers { stacks, said });
    take(&mut window, Done::Opinion(OpinionDone::Ended { ticket, result }));
    window.get_by_label("WHY THEY DISAGREE");
    let words = "the names differ in string type only";
    assert_eq!(window.query_all_by_label_contains(words).count(), 1);
}

/// The search for fixes is over, and took so long: how long it takes differs from run to run.
fn search_took(window: &mut Harness<'_, App>, ms: u64) {
    wait(window, "the search for fixes", |app| {
        app.state()
            .fix_search()
            .is_some_and(|search| search.result.is_some())
    });
    let search = window.state().state().fix_search().expect("a search");
    let (ticket, progress) = (search.ticket, search.progress);
    let result = search.result.as_ref().expect("it is over");
    let result = Ok(FixResult {
        fixes: result.fixes.clone(),
        took: std::time::Duration::from_millis(ms),
        is_cut_short: result.is_cut_short,
    });
    let done = RepairDone::Fixes {
        ticket,
        progress,
        result,
    };
    take(window, Done::Repair(done));
}
