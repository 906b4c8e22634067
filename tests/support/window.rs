//! The whole window without a display: the application in a harness, drawn on the CPU.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use mtlscope::clock::Clock;
use mtlscope::pki::Minted;
use mtlscope::state::{Command, Done, FoldCommand, Section, SettingsCommand};
use mtlscope::ui::{App, Options};

use super::cpu_renderer::Cpu;

/// The day on which every window of the tests is opened: 2026-11-24 14:00 UTC.
pub const NOW_UNIX_S: i64 = 1_795_528_800;

/// Mints recipes on that day.
pub fn minted(recipes: &str) -> Minted {
    super::pki::minted_at(recipes, NOW_UNIX_S)
}

/// A saved session of `tests/fixtures/sessions`.
pub fn session(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions")
        .join(format!("{name}.ron"))
}

/// A window of this size in points, at this scale, once its first handshake is on the stage.
pub fn open(size: [f32; 2], scale: f32, files: Vec<PathBuf>) -> Harness<'static, App> {
    open_drawn_every(1.0 / 60.0, size, scale, files)
}

/// The same, on a machine that needs so many seconds for each frame.
pub fn open_drawn_every(
    frame_s: f32,
    size: [f32; 2],
    scale: f32,
    files: Vec<PathBuf>,
) -> Harness<'static, App> {
    let options = Options {
        files,
        ..Options::default()
    };
    open_with(options, frame_s, size, scale)
}

/// A window that starts with these, on the tests' day.
pub fn open_with(options: Options, frame_s: f32, size: [f32; 2], scale: f32) -> Harness<'static, App> {
    let wanted = options.files.len();
    let options = Options {
        clock: Clock::still(NOW_UNIX_S),
        ..options
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_step_dt(frame_s)
        .renderer(Cpu::default())
        .build_eframe(|creation| App::new(&creation.egui_ctx, options));
    wait(&mut harness, "the first handshake", |app| {
        app.state().analysis().is_some() && !app.state().is_running()
    });
    if wanted > 0 {
        wait(&mut harness, "the session", |app| {
            app.state()
                .document()
                .is_some_and(|document| document.path.is_some())
        });
    }
    // What a test changes it runs itself: a run 150 ms later would depend on the machine's load.
    send(
        &mut harness,
        Command::Settings(SettingsCommand::SetRunsByItself(false)),
    );
    // What is looked at here is how scenarios end; that they open before their first step has tests of its own.
    send(
        &mut harness,
        Command::Settings(SettingsCommand::SetShowsEndings(true)),
    );
    harness
}

/// Steps until it is so. Nothing here is timed: only a hang fails.
pub fn wait(harness: &mut Harness<'_, App>, what: &str, is_so: impl Fn(&App) -> bool) {
    let began = Instant::now();
    while !is_so(harness.state()) {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "waited a minute for {what}"
        );
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    harness.run_steps(3);
}

/// Sends a command as if the user had.
pub fn send(harness: &mut Harness<'_, App>, command: Command) {
    let context = harness.ctx.clone();
    harness.state_mut().send(&context, command);
    harness.run_steps(20);
}

/// Opens a section of the inspector, and brings it into view.
pub fn unfold(harness: &mut Harness<'_, App>, section: Section) {
    send(harness, Command::Fold(FoldCommand::Open(section)));
}

/// Hands the window a result as if the worker had given it.
pub fn take(window: &mut Harness<'_, App>, done: Done) {
    let context = window.ctx.clone();
    window.state_mut().take(&context, done);
    window.run_steps(6);
}
