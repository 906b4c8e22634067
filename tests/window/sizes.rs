//! The pictures at other sizes than the usual: a small window, a wide screen, a projector, twice the size; and moments that
//! keep what comes next to themselves.

use crate::screens::{as_the_labs_own, picture};
use crate::support::window::{open, send, session};
use mtlscope::state::{
    Command, PanelCommand, PanelSide, Selection, SettingsCommand, ThemeChoice, ViewCommand,
};

const USUAL: [f32; 2] = [1440.0, 900.0];

#[test]
fn it_holds_together_when_small() {
    let mut window = open([1024.0, 700.0], 1.0, vec![session("root-rotated")]);
    picture(&mut window, "small-dark");
    // The inspector is a drawer here: what is selected is told in it.
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Step(6))),
    );
    picture(&mut window, "small-drawer-dark");
}

#[test]
fn it_fills_a_wide_screen() {
    let mut window = open([2560.0, 1440.0], 1.0, vec![session("root-rotated")]);
    picture(&mut window, "wide-dark");
}

#[test]
fn it_fills_a_projector() {
    let mut window = open([1280.0, 720.0], 1.0, vec![session("root-rotated")]);
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Projector)),
    );
    picture(&mut window, "projector-small");
}

#[test]
fn it_holds_together_at_twice_the_size() {
    let mut window = open([720.0, 450.0], 2.0, vec![session("root-rotated")]);
    picture(&mut window, "twice-dark");
}

#[test]
fn it_holds_together_at_twice_the_size_when_small() {
    let mut window = open([512.0, 350.0], 2.0, vec![session("root-rotated")]);
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "twice-small-light");
    send(
        &mut window,
        Command::Panels(PanelCommand::Toggle(PanelSide::Right)),
    );
    picture(&mut window, "twice-small-drawer-light");
}

#[test]
fn nothing_is_told_before_it_has_happened() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    send(&mut window, Command::View(ViewCommand::Seek(6.3)));
    picture(&mut window, "deciding-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    send(&mut window, Command::View(ViewCommand::Seek(7.3)));
    picture(&mut window, "alert-under-way-light");
}

#[test]
fn the_first_start() {
    let mut window = open(USUAL, 1.0, Vec::new());
    as_the_labs_own(&mut window, "good-tls13");
    picture(&mut window, "first-start-dark");
    send(
        &mut window,
        Command::Panels(PanelCommand::Toggle(PanelSide::Left)),
    );
    send(
        &mut window,
        Command::Panels(PanelCommand::Toggle(PanelSide::Right)),
    );
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    picture(&mut window, "folded-light");
}

#[test]
fn it_holds_together_when_dense() {
    let mut window = open([1024.0, 700.0], 2.0, vec![session("good-tls12")]);
    picture(&mut window, "double-dark");
}
