//! What follows from opinions that differ: what all accept, where a program is, a handshake on the stage, a narrow window.

use std::sync::Arc;

use crate::opinions::{USUAL, absent, all, answered, asked, both, good, refuses, ticket};
use crate::screens::{as_the_labs_own, picture};
use crate::support;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::experiment::repair::{Edit, ProvenFix};
use mtlscope::opinion::Said;
use mtlscope::stack::Stack;
use mtlscope::state::{
    Agreement, Answers, Command, Done, FileCommand, OfferedFix, OpinionCommand, OpinionDone, RepairCommand,
    SettingsCommand, Trial,
};
use support::window::{open, send, take, wait};

fn differing() -> [(Stack, Said); 5] {
    all(
        refuses("permitted subtree violation"),
        refuses("x509: unhandled critical extension"),
    )
}

#[test]
fn what_all_accept_is_searched_shown_and_applied() {
    let mut window = good();
    let number = asked(&mut window);
    assert!(window.query_by_label_contains("Show what all").is_none());
    answered(&mut window, number, &differing());
    // rustls and the five that gave a verdict, on either side.
    window.get_by_label("Show what all six accept").click();
    window.run_steps(4);
    window.get_by_label_contains("Trying small edits with each stack");
    let search = window.state().state().agreement().expect("it is searched").ticket;
    take(
        &mut window,
        Done::Opinion(OpinionDone::Agreeing {
            ticket: search,
            tried: 3,
        }),
    );
    window.get_by_label_contains("3 tried");
    let proof = window.state().state().analysis().expect("a run").clone();
    let chain = window
        .state()
        .state()
        .lab
        .setup
        .sides
        .client
        .certificate
        .certificates[..1]
        .to_vec();
    let fix = ProvenFix {
        edits: vec![Edit::UseCertificate {
            side: Side::Client,
            chain,
        }],
        words: vec!["Let the client present orders without its issuer.".to_owned()],
        cautions: Vec::new(),
        commands: vec!["cp orders.pem client.pem".to_owned()],
        proof: Arc::clone(&proof.capture),
    };
    let agreement = Agreement {
        fix: Some(OfferedFix {
            fix: Arc::new(fix),
            // Another run, if of the same bytes.
            proof: Arc::new(mtlscope::analysis::Analysis::of(Arc::clone(&proof.capture))),
        }),
        tried: 4,
        is_cut_short: false,
    };
    let done = OpinionDone::Agreed {
        ticket: search,
        result: Ok(agreement),
    };
    take(&mut window, Done::Opinion(done));
    window.get_by_label("4 edits tried, with each stack.");
    both(&mut window, "opinions-agreed");
    window.get_by_label("Show the run that all accept").click();
    window.run_steps(4);
    let trial = window.state().state().document().expect("a tab").trial;
    assert_eq!(trial, Some(Trial::Agreement));
    send(
        &mut window,
        Command::Document(mtlscope::state::DocumentCommand::ShowDocument(0)),
    );
    window.get_by_label("Apply what all accept, and run").click();
    // The undoing is refused while the run goes on.
    wait(&mut window, "the run without the issuer", |app| {
        app.state().lab.setup.sides.client.certificate.certificates.len() == 1 && !app.state().is_running()
    });
    send(&mut window, Command::Repair(RepairCommand::UndoFix));
    wait(&mut window, "the set-up as it was", |app| {
        app.state().lab.setup.sides.client.certificate.certificates.len() == 2
    });
}

#[test]
fn nothing_found_and_a_search_that_is_stopped_say_so() {
    let mut window = good();
    let number = asked(&mut window);
    answered(&mut window, number, &differing());
    window.get_by_label("Show what all six accept").click();
    window.run_steps(4);
    window.get_by_label("Stop the search for what all accept").click();
    window.run_steps(4);
    window.get_by_label("Show what all six accept").click();
    window.run_steps(4);
    let ticket = window.state().state().agreement().expect("anew").ticket;
    let agreement = Agreement {
        tried: 9,
        ..Agreement::default()
    };
    let result = Ok(agreement);
    take(&mut window, Done::Opinion(OpinionDone::Agreed { ticket, result }));
    window.get_by_label("9 edits tried, with each stack; none is accepted by all.");
}

#[test]
fn where_all_accept_there_is_nothing_to_search() {
    let mut window = good();
    let number = asked(&mut window);
    answered(&mut window, number, &all(Said::Accepts, Said::Accepts));
    assert!(window.query_by_label_contains("Show what all").is_none());
    assert_eq!(window.state().state().stacks_against(Side::Server), None);
}

#[test]
fn the_user_says_where_a_program_is_and_takes_it_back() {
    let mut window = good();
    let number = asked(&mut window);
    let stacks = vec![(Stack::Node, absent(Stack::Node))];
    let said = Vec::new();
    let result = Ok(Answers { stacks, said });
    take(
        &mut window,
        Done::Opinion(OpinionDone::Ended {
            ticket: number,
            result,
        }),
    );
    window.get_by_label("Say where Node.js is").click();
    window.run_steps(3);
    send(&mut window, Command::File(FileCommand::UseOwnPicker));
    window.get_by_label("Choose the program of Node.js (node)");
    send(
        &mut window,
        Command::File(FileCommand::PickerTake("/opt/node/bin/node".into())),
    );
    let programs = &window.state().state().settings.programs;
    assert_eq!(programs.get(&Stack::Node), Some(&"/opt/node/bin/node".into()));
    assert!(ticket(&window) > number, "all are asked anew");
    send(
        &mut window,
        Command::Opinion(OpinionCommand::UseProgram(Stack::Node, None)),
    );
    assert!(window.state().state().settings.programs.is_empty());
}

#[test]
fn an_opinion_on_the_stage_does_not_take_the_tab_of_a_proof() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    send(
        &mut window,
        Command::Lab(mtlscope::state::LabCommand::OpenScenario(
            "root-rotated".to_owned(),
        )),
    );
    wait(&mut window, "the search", |app| {
        app.state()
            .fix_search()
            .is_some_and(|search| search.result.is_some())
    });
    let number = asked(&mut window);
    answered(&mut window, number, &differing());
    send(
        &mut window,
        Command::Opinion(OpinionCommand::OpenOnStage(Side::Server, Stack::OpenSsl)),
    );
    wait(&mut window, "the opinion's tab", |app| {
        app.state()
            .document()
            .is_some_and(|document| document.trial == Some(Trial::Opinion))
    });
    let run = window
        .state()
        .state()
        .documents
        .iter()
        .position(|one| one.is_lab() && one.bench.is_some());
    send(
        &mut window,
        Command::Document(mtlscope::state::DocumentCommand::ShowDocument(
            run.expect("the run"),
        )),
    );
    send(&mut window, Command::Repair(RepairCommand::ShowProof(0)));
    let trials: Vec<Option<Trial>> = window
        .state()
        .state()
        .documents
        .iter()
        .map(|document| document.trial)
        .collect();
    assert!(
        trials.contains(&Some(Trial::Opinion)) && trials.contains(&Some(Trial::Fix)),
        "{trials:?}"
    );
}

#[test]
fn in_a_narrow_window_all_of_it_is_there() {
    let mut window = open([1280.0, 720.0], 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    as_the_labs_own(&mut window, "good-tls13");
    let number = asked(&mut window);
    answered(&mut window, number, &differing());
    window.get_by_label_contains("two other stacks refuse");
    picture(&mut window, "opinions-narrow-dark");
}
