//! Slots, the playhead, panels and the gallery: by buttons, rail, menu and keys.

use egui::Key;
use egui_kittest::Harness;
use mtlscope::capture::Side;
use mtlscope::state::{Command, Fit, PanelCommand, PanelSide, SetupSlot, ViewCommand, WindowCommand};
use mtlscope::ui::App;

use super::heard::Walk;
use super::menus::opened;
use super::told::{
    click, click_at, click_secondary, did, drag, focus, place, press, rest_on, tell, type_text, uncover,
};
use crate::support::window::wait;

const USUAL: [f32; 2] = [1440.0, 900.0];

#[test]
fn a_slot_s_own_menu_and_keys() {
    let mut window = opened([1440.0, 1300.0]);
    let mut walk = Walk::default();
    let label = |app: &App, side: Side, slot: SetupSlot| {
        let content = app.state().lab.setup.slot(side, slot);
        let word = match slot {
            SetupSlot::Certificate => "cert",
            SetupSlot::Key => "key",
            SetupSlot::Trust => "trusts",
        };
        let dot = match &content.fit {
            Fit::Good => "fits",
            Fit::Bad(why) => why,
            Fit::Unknown => "not judged",
        };
        format!("{} {word}: {}, {dot}", side.word(), content.label)
    };
    let judged = |window: &mut Harness<'_, App>| {
        // The dots come when they come: what is heard is noted once they are there.
        tell(window, Command::View(ViewCommand::Last));
        wait(window, "the dots", |app| {
            let own = |side| &app.state().lab.setup.sides.of(side).trust.fit;
            Side::BOTH.into_iter().any(|side| *own(side) != Fit::Unknown)
        });
    };
    for slot in SetupSlot::ALL {
        let here = label(window.state(), Side::Client, slot);
        did(
            &mut walk,
            &mut window,
            &format!("the other button on {slot:?}"),
            |window| click_secondary(window, &here),
        );
        did(&mut walk, &mut window, "Choose a file…", |window| {
            click(window, "Choose a file…")
        });
        uncover(&mut window);
        did(
            &mut walk,
            &mut window,
            &format!("a click on {slot:?}"),
            |window| click(window, &here),
        );
        uncover(&mut window);
        rest_on(&mut walk, &mut window, &here, 60);
        window.event(egui::Event::PointerMoved(egui::pos2(2.0, 2.0)));
        window.run_steps(3);
    }
    let here = label(window.state(), Side::Server, SetupSlot::Trust);
    click_secondary(&mut window, &here);
    did(&mut walk, &mut window, "Add a revocation list…", |window| {
        click(window, "Add a revocation list…")
    });
    uncover(&mut window);
    for (slot, words) in [
        (SetupSlot::Key, "Take the key away"),
        (SetupSlot::Certificate, "Send no certificate"),
        (SetupSlot::Trust, "Trust nobody"),
    ] {
        let here = label(window.state(), Side::Client, slot);
        click_secondary(&mut window, &here);
        click(&mut window, words);
        assert!(
            window
                .state()
                .state()
                .lab
                .setup
                .slot(Side::Client, slot)
                .is_empty(),
            "{words}"
        );
        judged(&mut window);
        uncover(&mut window);
    }
    // By the keyboard as well, and nothing is taken from a slot that has not got it.
    let here = label(window.state(), Side::Server, SetupSlot::Trust);
    press(&mut window, Key::Delete);
    assert!(!window.state().state().lab.setup.sides.server.trust.is_empty());
    focus(&mut window, &here);
    press(&mut window, Key::Delete);
    assert!(window.state().state().lab.setup.sides.server.trust.is_empty());
    assert!(
        !window
            .state()
            .state()
            .lab
            .setup
            .sides
            .server
            .certificate
            .is_empty()
    );
    walk.holds("slots");
}

#[test]
fn the_playhead_by_buttons_rail_and_keys() {
    let mut window = opened(USUAL);
    let mut walk = Walk::default();
    let rail = |window: &Harness<'_, App>| {
        let state = window.state().state();
        let label = format!(
            "Playhead at step {} of {}",
            state.visible_steps(),
            state.playback.steps()
        );
        place(window, &label)
    };
    for label in [
        "To the beginning",
        "One step forward",
        "One step forward",
        "One step back",
        "To the end",
    ] {
        did(&mut walk, &mut window, label, |window| click(window, label));
    }
    let steps = window.state().state().playback.steps() as f32;
    for part in [0.0, 0.3, 0.55, 1.0] {
        let rect = rail(&window);
        let at = egui::pos2(
            egui::lerp(rect.left() + 0.5..=rect.right() - 0.5, part),
            rect.center().y,
        );
        did(&mut walk, &mut window, &format!("a click at {part}"), |window| {
            click_at(window, at)
        });
    }
    // A drag moves freely, and no further than the ends.
    let rect = rail(&window);
    let from = rect.center();
    for (to, wanted) in [
        (rect.left() - 200.0, 0.0),
        (rect.right() + 200.0, steps),
        (rect.center().x, steps / 2.0),
    ] {
        drag(&mut window, from, egui::pos2(to, from.y));
        let position = window.state().state().playback.position();
        assert!((position - wanted).abs() < 0.01, "{position} for {wanted}");
        walk.screen(&format!("dragged to {wanted}"), &window);
    }
    walk.holds("playhead");
}

#[test]
fn panels_fold_and_come_back() {
    let mut window = opened(USUAL);
    let mut walk = Walk::default();
    for side in [PanelSide::Left, PanelSide::Right] {
        for _ in 0..2 {
            tell(&mut window, Command::Panels(PanelCommand::Toggle(side)));
            window.run_steps(20);
            walk.screen(&format!("{side:?} toggled"), &window);
        }
    }
    walk.holds("panels");
}

#[test]
fn the_gallery_by_filter_and_keys() {
    let mut window = opened(USUAL);
    let mut walk = Walk::default();
    tell(&mut window, Command::Window(WindowCommand::ShowGallery(true)));
    walk.screen("gallery", &window);
    let filter = "Show scenarios that speak of this";
    // Nothing speaks of it; of several Enter chooses none; of one alone it chooses that.
    for (text, is_chosen) in [
        ("zzz", false),
        ("root", false),
        ("root rotated one side only", true),
    ] {
        tell(
            &mut window,
            Command::Window(WindowCommand::FilterGallery(String::new())),
        );
        focus(&mut window, filter);
        type_text(&mut window, text);
        if !is_chosen {
            walk.screen(&format!("{text:?}"), &window);
        }
        press(&mut window, Key::Enter);
        assert_eq!(window.state().state().dialogs.gallery, !is_chosen, "{text}");
    }
    wait(&mut window, "the scenario", |app| {
        app.state().lab.scenario.as_deref() == Some("root-rotated") && !app.state().is_running()
    });
    // The one that is here is marked.
    tell(&mut window, Command::Window(WindowCommand::ShowGallery(true)));
    let marked: Vec<String> = super::heard::heard(&window)
        .into_iter()
        .filter(|line| line.starts_with("Button") && line.ends_with(" on"))
        .collect();
    assert_eq!(marked.len(), 1, "{marked:?}");
    press(&mut window, Key::Escape);
    assert!(!window.state().state().dialogs.gallery);
    walk.holds("gallery");
}
