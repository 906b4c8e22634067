//! Nothing tells how a lesson ends before the playhead is there: neither what is drawn nor what a screen reader hears.

use std::collections::BTreeSet;

use egui_kittest::Harness;
use egui_kittest::kittest::NodeT;
use mtlscope::diagnose::Outcome;
use mtlscope::lesson::{Case, Lesson, built_in};
use mtlscope::scenario;
use mtlscope::state::{
    Command, InspectorTab, PastedCommand, SavingCommand, TimeCommand, ViewCommand, WindowCommand,
    WorkshopCommand,
};
use mtlscope::ui::App;

use crate::support::window::{send, wait};
use crate::workshop::{act, open_lesson, workshop};

/// Everything that is drawn or heard, in small letters.
fn told(window: &Harness<'_, App>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for node in window.root().children_recursive() {
        let node = node.accesskit_node();
        all.extend([node.label(), node.value()].into_iter().flatten());
    }
    for clipped in &window.output().shapes {
        collect(&clipped.shape, &mut all);
    }
    all.into_iter().map(|words| words.to_lowercase()).collect()
}

fn collect(shape: &egui::Shape, out: &mut BTreeSet<String>) {
    match shape {
        egui::Shape::Text(text) => {
            out.insert(text.galley.text().to_owned());
        }
        egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, out)),
        _ => {}
    }
}

/// What the lesson itself says before the run: its answers may well name what does not happen.
fn said_by(lesson: &Lesson, case: &Case) -> String {
    let choices = case.choices.iter().map(|choice| choice.text.as_str());
    let mut all = vec![lesson.title.as_str(), &lesson.body, &case.question];
    all.extend(choices);
    all.extend(lesson.hints.iter().map(String::as_str));
    all.join("\n")
        .replace(['*', '`', '_'], "")
        .replace('\n', " ")
        .to_lowercase()
}

/// What gives the end away: the causes in all their words, the scenario's title and notes, the remedies.
fn secrets(app: &App, case: &Case) -> Vec<String> {
    let analysis = app.state().analysis().expect("a run");
    let scenario = scenario::find(&case.scenario).expect("a built-in scenario");
    let mut all = vec![
        scenario.title.clone(),
        scenario.summary.clone(),
        scenario.look_for.clone(),
        scenario.id.replace('-', " "),
        "refused".to_owned(),
        "rejected".to_owned(),
    ];
    for cause in &analysis.diagnosis.causes {
        all.extend([cause.title.clone(), cause.detail.clone()]);
        all.push(cause.id.words().clone());
        all.extend(cause.remedies.iter().map(|remedy| remedy.text.clone()));
    }
    let failed = analysis.diagnosis.matrix.iter();
    all.extend(
        failed
            .filter(|row| row.outcome == Outcome::Fail)
            .map(|row| row.detail.clone()),
    );
    all.retain(|words| words.chars().count() > 4);
    all.into_iter().map(|words| words.to_lowercase()).collect()
}

fn look_everywhere(window: &mut Harness<'_, App>, lesson: &Lesson, case: &Case) {
    let secrets = secrets(window.state(), case);
    let said = said_by(lesson, case);
    for tab in InspectorTab::ALL {
        send(window, Command::View(ViewCommand::ShowTab(tab)));
        check(window, &secrets, &said, &format!("{} {tab:?}", lesson.id));
    }
    for (open, close) in [
        (
            Command::Pasted(PastedCommand::ShowPasteBox(true)),
            Command::Pasted(PastedCommand::ShowPasteBox(false)),
        ),
        (
            Command::Saving(SavingCommand::Ask),
            Command::Saving(SavingCommand::Cancel),
        ),
        (
            Command::Time(TimeCommand::ToggleTimeMachine),
            Command::Window(WindowCommand::Dismiss),
        ),
    ] {
        let what = format!("{} {open:?}", lesson.id);
        send(window, open);
        check(window, &secrets, &said, &what);
        send(window, close);
    }
}

fn check(window: &Harness<'_, App>, secrets: &[String], said: &str, what: &str) {
    let told = told(window);
    assert!(
        told.iter().any(|words| words.contains("before you press play")),
        "{what}"
    );
    let mut found = BTreeSet::new();
    for words in &told {
        for secret in secrets {
            if words.contains(secret.as_str())
                && !said.contains(words.as_str())
                && !said.contains(secret.as_str())
            {
                found.insert(format!("“{secret}” in “{words}”"));
            }
        }
    }
    assert!(found.is_empty(), "{what}: {}", Vec::from_iter(found).join("\n"));
}

#[test]
fn nothing_tells_the_end_of_a_lesson_while_it_is_guessed() {
    let mut window = workshop();
    for lesson in &built_in().lessons {
        open_lesson(&mut window, &lesson.id);
        look_everywhere(&mut window, lesson, &lesson.case);
    }
}

#[test]
fn nothing_tells_the_end_of_a_twin_while_it_is_guessed() {
    let mut window = workshop();
    for lesson in &built_in().lessons {
        open_lesson(&mut window, &lesson.id);
        act(&mut window, WorkshopCommand::SkipGuess);
        send(&mut window, Command::View(ViewCommand::Last));
        act(&mut window, WorkshopCommand::GoOn);
        act(&mut window, WorkshopCommand::GoOn);
        wait(&mut window, "the twin", |app| {
            let here = app.state().lesson_here();
            here.is_some_and(|here| !here.attempt.is_making())
        });
        look_everywhere(&mut window, lesson, &lesson.twin);
    }
}
