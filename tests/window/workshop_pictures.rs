//! The pictures of the workshop: its list, a question, guess and outcome, a mend that holds.

use std::sync::Arc;
use std::time::Duration;

use egui_kittest::Harness;
use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::lesson::{Letter, built_in};
use mtlscope::state::{
    Command, Done, FixResult, Made, NoteKind, Part, RepairDone, SettingsCommand, ThemeChoice, ViewCommand,
    WindowCommand, WorkshopCommand, WorkshopDone,
};
use mtlscope::ui::App;

use crate::screens::picture;
use crate::support::window::{open, send, session, take, wait};
use crate::workshop::{act, guess, open_lesson, solve};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn in_both(window: &mut Harness<'_, App>, name: &str) {
    for note in window
        .state()
        .state()
        .notes
        .iter()
        .filter(|note| note.kind != NoteKind::Trouble)
        .map(|note| note.id)
        .collect::<Vec<_>>()
    {
        send(window, Command::Window(WindowCommand::DismissNote(note)));
    }
    for (theme, ending) in [(ThemeChoice::Light, "light"), (ThemeChoice::Dark, "dark")] {
        send(window, Command::Settings(SettingsCommand::SetTheme(theme)));
        picture(window, &format!("{name}-{ending}"));
    }
}

fn workshop(size: [f32; 2]) -> Harness<'static, App> {
    let mut window = open(size, 1.0, Vec::new());
    act(&mut window, WorkshopCommand::Show);
    wait(&mut window, "the lessons", |app| {
        app.state().workshop.pack.is_some()
    });
    window
}

/// Makes a handshake of a lesson from a session that was saved: no two runs take the same time.
fn make(window: &mut Harness<'_, App>, id: &str, command: WorkshopCommand, part: Part, fixture: &str) {
    let pack = built_in();
    let lesson = pack.lesson(id).expect("a lesson");
    let cancel = Cancel::default();
    let (shown, at_hand) = pack
        .show_with_material(&lesson.case, lesson.fault(), &lesson.solution, &cancel)
        .expect("it runs");
    let judged = lesson.case.choices.iter().map(|choice| {
        pack.judge(
            &lesson.case,
            lesson.fault(),
            &lesson.success,
            choice,
            &shown,
            &cancel,
        )
        .expect("it is judged")
    });
    let made = Made {
        judged: judged.collect(),
        setup: Box::new(shown.setup.clone()),
        analysis: Arc::new(Analysis::of(
            mtlscope::session::load(&session(fixture))
                .expect("it opens")
                .capture,
        )),
        at_hand,
    };
    let context = window.ctx.clone();
    window.state_mut().send(&context, Command::Workshop(command));
    // This answer comes first: the worker's own is then one too many, and is not looked at.
    let attempt = window
        .state()
        .state()
        .workshop
        .attempts
        .get(id)
        .expect("it is open");
    let done = WorkshopDone::Made {
        ticket: attempt.ticket().expect("a request"),
        lesson: id.to_owned(),
        part,
        result: Ok(Box::new(made)),
    };
    take(window, Done::Workshop(done));
}

/// The search for fixes is over, and took no time that differs.
fn searched(window: &mut Harness<'_, App>) {
    wait(window, "the fixes", |app| {
        let search = app.state().fix_search();
        search.is_some_and(|search| search.result.is_some())
    });
    let search = window.state().state().fix_search().expect("a search");
    let result = search.result.as_ref().expect("it is over");
    let done = RepairDone::Fixes {
        ticket: search.ticket,
        progress: search.progress,
        result: Ok(FixResult {
            fixes: result.fixes.clone(),
            took: Duration::from_millis(41),
            is_cut_short: result.is_cut_short,
        }),
    };
    take(window, Done::Repair(done));
}

#[test]
fn a_lesson_from_its_question_to_its_mend() {
    let mut window = workshop(USUAL);
    let open = WorkshopCommand::OpenLesson("connected".to_owned());
    make(&mut window, "connected", open, Part::Shipped, "client-wrong-ca");
    act(&mut window, WorkshopCommand::Choose(Letter::B));
    act(&mut window, WorkshopCommand::Hint);
    in_both(&mut window, "workshop-predict");
    act(&mut window, WorkshopCommand::Play);
    send(&mut window, Command::View(ViewCommand::TogglePlay));
    send(&mut window, Command::View(ViewCommand::Seek(4.55)));
    in_both(&mut window, "workshop-watch");
    send(&mut window, Command::View(ViewCommand::Last));
    searched(&mut window);
    in_both(&mut window, "workshop-outcome");
    act(&mut window, WorkshopCommand::GoOn);
    act(&mut window, WorkshopCommand::ShowSetup(true));
    in_both(&mut window, "workshop-set-up");
    act(&mut window, WorkshopCommand::ShowSetup(false));
    act(&mut window, WorkshopCommand::AskSolution(true));
    in_both(&mut window, "workshop-mend");
    make(
        &mut window,
        "connected",
        WorkshopCommand::ShowSolution,
        Part::Solution,
        "good-tls13",
    );
    in_both(&mut window, "workshop-mended");
}

#[test]
fn the_list_of_lessons() {
    let mut window = workshop(USUAL);
    for id in ["connected", "padlock"] {
        open_lesson(&mut window, id);
        guess(&mut window, Letter::A);
    }
    open_lesson(&mut window, "connected");
    act(&mut window, WorkshopCommand::GoOn);
    solve(&mut window);
    act(&mut window, WorkshopCommand::ShowList);
    in_both(&mut window, "workshop-list");
}

#[test]
fn the_workshop_when_small() {
    let mut window = workshop([1024.0, 700.0]);
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "workshop-list-small-light");
    let open = WorkshopCommand::OpenLesson("my-browser".to_owned());
    make(
        &mut window,
        "my-browser",
        open,
        Part::Shipped,
        "server-missing-intermediate",
    );
    picture(&mut window, "workshop-predict-small-light");
}
