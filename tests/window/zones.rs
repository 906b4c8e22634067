//! The zones of the window, its clock, and what takes the keyboard: used as a person uses them.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::state::{Command, InspectorTab, Selection, SettingsCommand, ViewCommand};
use mtlscope::ui::App;
use support::window::{open, open_drawn_every, send, session};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn press(window: &mut Harness<'_, App>, modifiers: egui::Modifiers, key: egui::Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(4);
}

#[test]
fn both_side_panels_fold_and_come_back() {
    let mut window = open(USUAL, 1.0, vec![session("good-tls13")]);
    let command = egui::Modifiers::COMMAND;
    window.get_by_label("Client auth: required");
    press(&mut window, command, egui::Key::B);
    assert!(window.query_by_label("Client auth: required").is_none());
    window.get_by_label("Set-up (Ctrl+B)").click();
    window.run_steps(4);
    window.get_by_label("Client auth: required");
    window.get_by_label("Copy the whole answer");
    press(&mut window, command, egui::Key::I);
    assert!(window.query_by_label("Copy the whole answer").is_none());
    press(&mut window, command, egui::Key::I);
    window.get_by_label("Copy the whole answer");
}

#[test]
fn a_panel_is_pulled_wider_and_keeps_its_width() {
    let mut window = open(USUAL, 1.0, vec![session("good-tls13")]);
    let edge = window.get_by_label("Width of the inspector").rect();
    let from = edge.center();
    let to = from - egui::vec2(120.0, 0.0);
    window.drag_at(from);
    window.run_steps(2);
    window.hover_at(to);
    window.run_steps(2);
    window.drop_at(to);
    window.run_steps(4);
    let now = window.get_by_label("Width of the inspector").rect();
    assert!((edge.center().x - now.center().x - 120.0).abs() < 4.0, "{now:?}");
    let kept = window
        .state()
        .state()
        .settings
        .panels
        .right
        .width
        .expect("a width");
    assert!((f32::from(kept) - 540.0).abs() < 5.0, "{kept}");
}

#[test]
fn a_narrow_window_has_a_drawer_that_goes_in_again() {
    let mut window = open([1024.0, 700.0], 1.0, vec![session("root-rotated")]);
    assert!(window.query_by_label("Copy the whole answer").is_none());
    window.get_by_label("Why").click();
    window.run_steps(4);
    window.get_by_label("Copy the whole answer");
    press(&mut window, egui::Modifiers::NONE, egui::Key::Escape);
    assert!(window.query_by_label("Copy the whole answer").is_none());
    // What is selected is told, and so the drawer comes out.
    window.get_by_label("Step 1: ClientHello").click();
    window.run_steps(4);
    window.get_by_label_contains("Field random");
}

#[test]
fn one_rule_of_selection() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    let select = |window: &mut Harness<'_, App>, label: &str| {
        window.get_by_label(label).click();
        window.run_steps(4);
        let state = window.state().state();
        (state.tab, state.selection.clone())
    };
    assert_eq!(
        select(&mut window, "Step 1: ClientHello"),
        (InspectorTab::Fields, Selection::Step(0))
    );
    assert_eq!(
        select(&mut window, "Step 5: verifies server's chain"),
        (InspectorTab::Checks, Selection::Step(4)),
        "nothing fails there"
    );
    let (tab, selection) = select(&mut window, "Step 7: verifies client's chain");
    let Selection::Check(row) = selection else {
        panic!("the first that fails, and not {selection:?}")
    };
    let analysis = window.state().state().analysis().expect("one").clone();
    let row = &analysis.diagnosis.matrix[row];
    assert_eq!(
        (tab, row.outcome, row.side.word()),
        (InspectorTab::Checks, mtlscope::diagnose::Outcome::Fail, "server")
    );
    window
        .get_by_label_contains("Chapter 2: Server Hello, done")
        .click();
    window.run_steps(4);
    let state = window.state().state();
    assert_eq!(
        (state.tab, state.selection.clone()),
        (InspectorTab::Why, Selection::Step(1))
    );
    window.get_by_label_contains("The server chooses version and cipher");
}

#[test]
fn one_times_is_one_step_a_second_however_slow_the_machine() {
    for frame_s in [1.0 / 60.0, 0.37] {
        let mut window = open_drawn_every(frame_s, USUAL, 1.0, vec![session("root-rotated")]);
        let context = window.ctx.clone();
        let steps = window.state().state().playback.steps() as f32;
        let play = Command::View(ViewCommand::TogglePlay);
        window.state_mut().send(&context, play);
        let mut frames = 0_u16;
        while !window.state().state().playback.is_at_end() {
            window.step();
            frames += 1;
            assert!(frames < 2000, "it ends");
        }
        // The calm after the last step is 0.4 s; the first frame begins the clock, the last ends it.
        let took_s = f32::from(frames) * frame_s;
        let wanted_s = steps + 0.4;
        assert!(
            (wanted_s - 0.1..=wanted_s + 2.0 * frame_s + 0.1).contains(&took_s),
            "{took_s} s for {steps} steps, a frame every {frame_s} s"
        );
    }
}

#[test]
fn with_less_motion_a_step_happens_at_once() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    send(
        &mut window,
        Command::Settings(SettingsCommand::ReduceMotion(true)),
    );
    send(&mut window, Command::View(ViewCommand::Seek(6.1)));
    let playback = &window.state().state().playback;
    assert_eq!((playback.visible_steps(), playback.ended_steps()), (7, 7));
}

#[test]
fn tab_goes_from_left_to_right() {
    let mut window = open(USUAL, 1.0, vec![session("good-tls13")]);
    let mut places = Vec::new();
    for _ in 0..48 {
        press(&mut window, egui::Modifiers::NONE, egui::Key::Tab);
        let focused = window
            .ctx
            .memory(egui::Memory::focused)
            .expect("something has the keyboard");
        let response = window.ctx.read_response(focused).expect("it is there");
        places.push(response.rect);
    }
    // The top bar first, each to the right of the one before; then the set-up, then the stage.
    let bar: Vec<f32> = places
        .iter()
        .take_while(|rect| rect.bottom() < 46.0)
        .map(egui::Rect::left)
        .collect();
    assert!(bar.len() >= 8, "{bar:?}");
    assert!(bar.is_sorted(), "{bar:?}");
    let zone = |rect: &egui::Rect| match rect.center().x {
        left if left < 280.0 => 0,
        middle if middle < 1010.0 => 1,
        _ => 2,
    };
    // The panels' edges are as high as the window, and the playback stands below all three.
    let is_inside = |rect: &&egui::Rect| rect.height() < 600.0 && rect.bottom() < 837.0;
    let below: Vec<i32> = places
        .iter()
        .skip(bar.len())
        .filter(is_inside)
        .map(zone)
        .collect();
    assert!(below.contains(&0) && below.contains(&1), "{below:?}");
    assert!(below.is_sorted(), "{below:?}");
}

#[test]
fn a_banner_a_tab_and_a_pill_keep_the_end_to_themselves() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    window.get_by_label("root-rotated");
    press(&mut window, egui::Modifiers::NONE, egui::Key::Home);
    assert!(window.query_by_label_contains("root-rotated").is_none());
    assert!(window.query_by_label_contains("otated").is_none());
    press(&mut window, egui::Modifiers::NONE, egui::Key::End);
    window.get_by_label("root-rotated");
}
