//! What a click did, as text: the lines of the state that differ from before.

use std::fmt::Debug;

use egui_kittest::Harness;
use egui_kittest::kittest::NodeT;
use mtlscope::capture::Side;
use mtlscope::state::{
    Command, Fit, PickPurpose, RunStatus, Section, SetupSlot, Source, State, WindowCommand,
};
use mtlscope::ui::App;

use super::heard::{Walk, heard, new_lines};
use crate::support::window::wait;

/// The dots of the set-up come when they come.
pub fn judged(window: &mut Harness<'_, App>) {
    wait(window, "the dots", |app| {
        app.state()
            .lab
            .setup
            .slots()
            .all(|(.., slot)| slot.fit == Fit::Good)
    });
}

fn name(path: &std::path::Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn file_asked_for(state: &State) -> Option<&PickPurpose> {
    // The system's dialog, and ours where there is none: which of them stands depends on the machine.
    let dialogs = &state.dialogs;
    let waiting = dialogs
        .waiting_for_system
        .as_ref()
        .map(|waiting| &waiting.purpose);
    waiting.or(dialogs.picker.as_ref().map(|picker| &picker.purpose))
}

/// What a user would call the state of things.
fn summary(state: &State) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |name: &str, value: &dyn Debug| lines.push(format!("{name}: {value:?}"));
    let settings = &state.settings;
    line("theme", &settings.theme);
    line("zoom", &settings.zoom_steps);
    line("stack", &settings.stack);
    line("tool", &settings.tool);
    line("runs by itself", &settings.runs_by_itself);
    line("asks after a run", &settings.asks_after_run);
    line("reduced motion", &settings.reduce_motion);
    line("greeted", &settings.is_greeted);
    line(
        "panels",
        &(settings.panels.left.is_shown(), settings.panels.right.is_shown()),
    );
    line("all stacks", &state.shows_all_stacks);
    let is_open = |section: &Section| state.folds.is_open(*section);
    line(
        "folds",
        &Section::ALL.into_iter().filter(is_open).collect::<Vec<_>>(),
    );
    let setup = &state.lab.setup;
    line("server name", &setup.server_name);
    line("client auth", &setup.client_auth);
    line("fault", &setup.fault);
    line("scenario", &state.lab.scenario);
    line("is newer", &state.lab.is_setup_newer);
    line("last files", &state.lab.last_files.len());
    for side in Side::BOTH {
        let policy = &setup.sides.of(side).policy;
        let word = side.word();
        line(&format!("{word} versions"), &policy.versions);
        line(&format!("{word} suites"), &policy.cipher_suites);
        line(&format!("{word} groups"), &policy.groups);
        line(&format!("{word} ALPN"), &policy.alpn);
        line(&format!("{word} clock"), &policy.clock_unix_s);
        line(&format!("{word} limits"), &policy.limits);
        let known = &policy.revocation;
        line(
            &format!("{word} lists"),
            &(known.lists.len(), known.responses.len()),
        );
        line(
            &format!("{word} strictness"),
            &(known.is_leaf_only, known.allows_unknown, known.refuses_stale),
        );
        for slot in SetupSlot::ALL {
            let content = setup.slot(side, slot);
            let source = match &content.source {
                Source::File(path) => format!("file {}", name(path)),
                source => format!("{source:?}"),
            };
            line(&format!("{word} {slot:?}"), &(source, &content.label));
        }
    }
    // Which of the first two came first is the machine's affair.
    let mut titles: Vec<&str> = state.documents.iter().map(|one| one.title.as_str()).collect();
    titles.sort_unstable();
    line("documents", &titles);
    line("on the stage", &state.document().map(|one| &one.title));
    line("tab", &state.tab);
    line("selection", &state.selection);
    line("open rows", &state.open_rows);
    line(
        "playhead",
        &(state.playback.position(), state.playback.is_playing()),
    );
    line("speed", &state.playback.speed());
    let dialogs = &state.dialogs;
    line("gallery", &(dialogs.gallery, &dialogs.gallery_filter));
    line("help", &dialogs.help);
    line("pasting", &(dialogs.is_pasting, &state.pasted.text));
    line(
        "question",
        &dialogs.question.as_ref().map(|question| &question.title),
    );
    // A packet capture's path is the machine's affair.
    let purpose = file_asked_for(state).map(|purpose| match purpose {
        PickPurpose::KeyLog(_) => "KeyLog".to_owned(),
        purpose => format!("{purpose:?}"),
    });
    line("asks for a file", &purpose);
    let passphrase = state.lab.closed.asked.as_ref();
    line(
        "passphrase",
        &passphrase.map(|dialog| (dialog.closed.name(), dialog.is_shown)),
    );
    let saving = state.saving.dialog.as_ref();
    line(
        "saving",
        &saving.map(|one| (&one.title, &one.notes, one.leaves_secrets_out)),
    );
    line("editing", &state.saving.is_editing);
    line(
        "leaving",
        &state
            .saving
            .leave
            .as_ref()
            .map(|leave| (&leave.title, leave.is_asking)),
    );
    line("time machine", &(state.time.is_open, state.needle_unix_s()));
    line("list", &state.packets.open);
    for list in &state.packets.lists {
        line("order", &(&list.filter, list.order, list.cursor));
    }
    line("asking", &state.is_asking());
    line(
        "notes",
        &state.notes.iter().map(|note| &note.text).collect::<Vec<_>>(),
    );
    lines
}

/// Waits until a run that a click began has ended: when it does is the machine's affair.
fn settle(window: &mut Harness<'_, App>) {
    window.run_steps(3);
    wait(window, "the run", |app| {
        !matches!(
            app.state().lab.run,
            RunStatus::Running { .. } | RunStatus::Starting
        )
    });
}

/// Sends a command, and draws.
pub fn tell(window: &mut Harness<'_, App>, command: Command) {
    let context = window.ctx.clone();
    window.state_mut().send(&context, command);
    window.run_steps(3);
}

/// Lets everything come to rest that moves: how many frames went by until now depends on the machine.
pub fn rest(window: &mut Harness<'_, App>) {
    window.run_steps(60);
}

/// Takes away whatever lies over the panels.
pub fn uncover(window: &mut Harness<'_, App>) {
    for _ in 0..12 {
        let state = window.state().state();
        let is_free = !state.is_covered()
            && state.notes.is_empty()
            && state.dialogs.waiting_for_system.is_none()
            && state.dialogs.without_file.is_none();
        if is_free {
            return;
        }
        tell(window, Command::Window(WindowCommand::Dismiss));
    }
}

/// Does it and notes what differs then: of the state, and of what is to be heard.
pub fn did(
    walk: &mut Walk,
    window: &mut Harness<'_, App>,
    what: &str,
    act: impl FnOnce(&mut Harness<'_, App>),
) {
    let (before, screen) = (summary(window.state().state()), heard(window));
    act(window);
    settle(window);
    let after = summary(window.state().state());
    // The dots are judged when the worker comes to it: they are held to elsewhere.
    let is_dot = |line: &String| {
        line.contains(", not judged")
            || line.contains(", fits")
            || line.contains(" cert: ")
            || line.contains(" trusts: ")
            || line.contains(" key: ")
    };
    let now: Vec<String> = heard(window).into_iter().filter(|line| !is_dot(line)).collect();
    walk.note(&format!("# {what}"));
    for line in new_lines(&after, &before) {
        walk.note(&format!("- {line}"));
    }
    for line in new_lines(&before, &after) {
        walk.note(&format!("+ {line}"));
    }
    // What our picker lists is the machine's affair.
    if file_asked_for(window.state().state()).is_none()
        && window.state().state().dialogs.without_file.is_none()
    {
        for line in new_lines(&screen, &now) {
            walk.note(&format!("  {line}"));
        }
    }
}

/// The node that is called so; where there are several, the last: what lies on top comes last.
fn called<'a>(window: &'a Harness<'_, App>, label: &str) -> egui_kittest::Node<'a> {
    let is_called = |node: &egui_kittest::Node<'a>| {
        let node = node.accesskit_node();
        node.role() != egui::accesskit::Role::TextRun && node.label().as_deref() == Some(label)
    };
    let all = window.root().children_recursive().filter(is_called);
    all.last().unwrap_or_else(|| panic!("nothing is called {label}"))
}

/// Clicks what is called so.
pub fn click(window: &mut Harness<'_, App>, label: &str) {
    called(window, label).click();
    window.run_steps(3);
}

/// Clicks it with the other button.
pub fn click_secondary(window: &mut Harness<'_, App>, label: &str) {
    called(window, label).click_secondary();
    window.run_steps(3);
}

/// Gives it the keyboard.
pub fn focus(window: &mut Harness<'_, App>, label: &str) {
    called(window, label).focus();
    window.run_steps(3);
}

/// Where it is.
pub fn place(window: &Harness<'_, App>, label: &str) -> egui::Rect {
    called(window, label).rect()
}

/// Clicks at a point of the window.
pub fn click_at(window: &mut Harness<'_, App>, pos: egui::Pos2) {
    drag(window, pos, pos);
}

/// Presses at one point and lets go at the other.
pub fn drag(window: &mut Harness<'_, App>, from: egui::Pos2, to: egui::Pos2) {
    window.event(egui::Event::PointerMoved(from));
    window.step();
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::default(),
    };
    window.event(button(from, true));
    window.step();
    if from != to {
        window.event(egui::Event::PointerMoved(from + (to - from) / 2.0));
        window.step();
        window.event(egui::Event::PointerMoved(to));
        window.step();
    }
    window.event(button(to, false));
    window.run_steps(2);
}

/// Types into whatever has the keyboard.
pub fn type_text(window: &mut Harness<'_, App>, text: &str) {
    window.event(egui::Event::Text(text.to_owned()));
    window.run_steps(2);
}

/// Presses a key.
pub fn press(window: &mut Harness<'_, App>, key: egui::Key) {
    window.key_press(key);
    window.run_steps(3);
}

/// What a pointer that rests on it is told, with each whole line.
pub fn rest_on(walk: &mut Walk, window: &mut Harness<'_, App>, label: &str, frames: usize) {
    let before = heard(window);
    called(window, label).hover();
    window.run_steps(frames);
    walk.note(&format!("# resting on {label}"));
    for line in new_lines(&before, &heard(window)) {
        walk.note(&format!("  {line}"));
    }
}

/// The words of a fault, as its choice shows them.
pub fn fault_words(fault: Option<mtlscope::setup::Fault>) -> String {
    use mtlscope::setup::Fault::{Cut, Drop, Flip, FlipByte, HangUp, Http, Repeat, Stall};
    let (kind, target) = match fault {
        None => return "no fault".to_owned(),
        Some(Http) => return "answer in HTTP".to_owned(),
        Some(HangUp(side)) => return format!("the {} hangs up", side.word()),
        Some(Flip(target)) => ("flip a bit", target),
        Some(FlipByte { target, byte }) => {
            let record = target.record + 1;
            return format!("flip byte {}: {} {record}", byte + 1, target.from.word());
        }
        Some(Drop(target)) => ("drop", target),
        Some(Repeat(target)) => ("repeat", target),
        Some(Cut(target)) => ("cut short", target),
        Some(Stall(target)) => ("stall", target),
    };
    format!("{kind}: {} {}", target.from.word(), target.record + 1)
}
