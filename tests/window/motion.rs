//! Nothing jumps: what stands below words that change stays where it is while a handshake is played, and a new cause is read
//! from its top.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::state::{Command, LabCommand, SettingsCommand};
use mtlscope::ui::App;
use support::window::{open, send, wait};

/// A scenario with its fixes searched.
fn scenario(window: &mut Harness<'_, App>, id: &str) {
    send(window, Command::Lab(LabCommand::OpenScenario(id.to_owned())));
    wait(window, "the search", |app| {
        let state = app.state();
        let is_searched = state.fix_search().is_none_or(|search| search.result.is_some());
        !state.is_running() && state.lab.scenario.as_deref() == Some(id) && is_searched
    });
}

fn failed(size: [f32; 2]) -> Harness<'static, App> {
    let mut window = open(size, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    scenario(&mut window, "root-rotated");
    window
}

fn press(window: &mut Harness<'_, App>, key: egui::Key) {
    window.key_press(key);
    window.run_steps(4);
}

fn top(window: &Harness<'_, App>, label: &str) -> f32 {
    window.get_by_label_contains(label).rect().top()
}

#[test]
fn the_stage_stays_where_it_is_as_the_title_is_told_at_the_end() {
    let mut window = failed([1440.0, 900.0]);
    window.get_by_label_contains("Root rotated on one side only");
    let at_the_end = top(&window, "Step 1: ");
    press(&mut window, egui::Key::ArrowLeft);
    assert!(!window.state().state().playback.is_at_end());
    let title = "Root rotated on one side only The client";
    assert!(window.query_by_label_contains(title).is_none());
    let before = top(&window, "Step 1: ");
    assert!((at_the_end - before).abs() < 0.1, "{before}, then {at_the_end}");
}

#[test]
fn while_it_plays_what_stands_below_the_words_stays_where_it_is() {
    let mut window = failed([1440.0, 900.0]);
    press(&mut window, egui::Key::Home);
    press(&mut window, egui::Key::ArrowRight);
    let first = top(&window, "Predict, then play on");
    let mut steps = 1;
    loop {
        press(&mut window, egui::Key::ArrowRight);
        if window.state().state().playback.is_at_end() {
            break;
        }
        let now = top(&window, "Predict, then play on");
        assert!((first - now).abs() < 0.1, "step {steps}: {first}, then {now}");
        steps += 1;
    }
    assert!(steps > 3, "{steps}");
}

#[test]
fn another_cause_is_read_from_its_top() {
    let mut window = failed([1024.0, 700.0]);
    press(&mut window, egui::Key::End);
    if window.query_by_label("Copy the whole answer").is_none() {
        window.get_by_label("Why").click();
        window.run_steps(6);
    }
    let beginning = top(&window, " edits in ");
    window.get_by_label("Copy the whole answer").scroll_to_me();
    window.run_steps(30);
    let scrolled = top(&window, " edits in ");
    assert!(scrolled < beginning - 20.0, "{beginning}, then {scrolled}");
    scenario(&mut window, "client-expired");
    let again = top(&window, " edits in ");
    assert!(again > scrolled + 20.0, "{scrolled}, then {again}");
}
