//! Nothing is cut: at each size of the window and of the type, each text that is drawn has its whole width, and what stands in
//! the top bar stands whole and apart.

use crate::support;
use egui::{Rect, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use mtlscope::state::{
    Command, DocumentCommand, FileCommand, InspectorTab, PanelCommand, PanelSide, PastedCommand,
    SavingCommand, SettingsCommand, ThemeChoice, ViewCommand, WindowCommand,
};
use mtlscope::ui::App;
use support::window::{open, send, session, wait};

/// Points and scale of the windows: usual, a small laptop, a projector, and twice the size on each.
const SIZES: [([f32; 2], ThemeChoice); 6] = [
    ([1440.0, 900.0], ThemeChoice::Dark),
    ([1024.0, 700.0], ThemeChoice::Light),
    ([1280.0, 720.0], ThemeChoice::Projector),
    ([720.0, 450.0], ThemeChoice::Dark),
    ([640.0, 360.0], ThemeChoice::Light),
    ([512.0, 350.0], ThemeChoice::Light),
];

/// The texts of which a part lies beyond what may be drawn on: cut at the left or the right.
fn cut(window: &Harness<'_, App>) -> Vec<String> {
    fn texts(shape: &Shape, clip: Rect, found: &mut Vec<String>) {
        match shape {
            Shape::Vec(all) => all.iter().for_each(|one| texts(one, clip, found)),
            Shape::Text(text) => {
                let rect = text.visual_bounding_rect();
                let is_seen = rect.is_positive() && clip.intersects(rect);
                if is_seen && (rect.left() < clip.left() - 1.0 || rect.right() > clip.right() + 1.0) {
                    found.push(format!("{:?} at {rect:?} in {clip:?}", text.galley.text()));
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for clipped in &window.output().shapes {
        texts(&clipped.shape, clipped.clip_rect, &mut found);
    }
    found
}

/// The buttons of the top bar, from left to right.
fn bar(window: &Harness<'_, App>) -> Vec<(String, Rect)> {
    let mut all: Vec<(String, Rect)> = window
        .query_all_by(|node| node.role() == egui::accesskit::Role::Button)
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
        // A row of the stage that was scrolled up lies behind the bar, and is not drawn there.
        .filter(|(label, rect)| rect.bottom() < 46.0 && !label.contains("tep "))
        .collect();
    all.sort_by(|one, other| one.1.left().total_cmp(&other.1.left()));
    all
}

fn open_at(size: [f32; 2], theme: ThemeChoice, names: &[&str]) -> Harness<'static, App> {
    let files = names.iter().map(|name| session(name)).collect();
    let mut window = open(size, 1.0, files);
    wait(&mut window, "all of them", |app| {
        app.state().documents.len() > names.len()
    });
    send(&mut window, Command::Settings(SettingsCommand::SetTheme(theme)));
    window
}

#[test]
fn no_tab_and_no_action_is_cut() {
    let sessions = [
        "root-rotated",
        "good-tls12",
        "everything-wrong",
        "hello-retry-request",
    ];
    for (size, theme) in SIZES {
        for count in [1, 4] {
            let mut window = open_at(size, theme, &sessions[..count]);
            let documents = &window.state().state().documents;
            let sessions: Vec<usize> = (0..documents.len())
                .filter(|index| documents[*index].path.is_some())
                .collect();
            for index in sessions {
                send(
                    &mut window,
                    Command::Document(DocumentCommand::ShowDocument(index)),
                );
                let here = window.state().state().document().expect("one").title.clone();
                let bar = bar(&window);
                assert!(
                    bar.iter().any(|(label, _)| *label == here),
                    "{size:?}: {here} in {bar:?}"
                );
                let right = window.ctx.content_rect().right();
                for pair in bar.windows(2) {
                    let [(one, left), (other, next)] = pair else {
                        continue;
                    };
                    assert!(
                        left.right() <= next.left() + 0.5,
                        "{size:?}: {one} lies under {other}: {bar:?}"
                    );
                }
                assert!(
                    bar.last().expect("a button").1.right() <= right,
                    "{size:?}: {bar:?}"
                );
                let cut: Vec<String> = cut(&window);
                assert!(cut.is_empty(), "{size:?}, {count}: {cut:#?}");
            }
        }
    }
}

#[test]
fn what_has_no_room_is_in_a_menu() {
    let mut window = open_at(
        [512.0, 350.0],
        ThemeChoice::Light,
        &["root-rotated", "good-tls12"],
    );
    window.get_by_label("More tabs").click();
    window.run_steps(6);
    window.get_by_label("Scenarios").click();
    window.run_steps(6);
    assert!(window.state().state().dialogs.gallery);
}

/// The dialogs that lie beyond the window's edge.
fn beyond(window: &Harness<'_, App>) -> Vec<String> {
    let all = window.ctx.content_rect().expand(0.5);
    window.ctx.memory(|memory| {
        let layers = memory.areas().visible_layer_ids();
        let rects = layers.into_iter().filter_map(|layer| memory.area_rect(layer.id));
        rects
            .filter(|rect| !all.contains_rect(*rect))
            .map(|rect| format!("{rect:?} is beyond {all:?}"))
            .collect()
    })
}

#[test]
fn no_text_of_a_screen_is_cut() {
    let select = |tab| Command::View(ViewCommand::ShowTab(tab));
    let mut screens = vec![
        ("the lab", Command::Settings(SettingsCommand::Greeted)),
        ("scenarios", Command::Window(WindowCommand::ShowGallery(true))),
        ("keys", Command::Window(WindowCommand::ShowHelp(true))),
        (
            "a pasted error",
            Command::Pasted(PastedCommand::ShowPasteBox(true)),
        ),
        ("saving", Command::Saving(SavingCommand::Ask)),
        ("the picker", Command::Document(DocumentCommand::OpenSession)),
        ("what is under way", Command::View(ViewCommand::Seek(6.3))),
    ];
    screens.extend(InspectorTab::ALL.map(|tab| ("the inspector", select(tab))));
    let mut found = Vec::new();
    for (size, theme) in SIZES {
        let mut window = open_at(size, theme, &["root-rotated"]);
        for (name, command) in &screens {
            let context = window.ctx.clone();
            window.state_mut().send(&context, command.clone());
            if *name == "the picker" {
                send(&mut window, Command::File(FileCommand::UseOwnPicker));
            }
            let is_shown = window.state().state().settings.panels.right.is_shown();
            if *name == "the inspector" && !is_shown {
                send(
                    &mut window,
                    Command::Panels(PanelCommand::Toggle(PanelSide::Right)),
                );
            }
            window.run_steps(8);
            let all = cut(&window).into_iter().chain(beyond(&window));
            found.extend(all.map(|text| format!("{size:?}, {name}, {command:?}: {text}")));
            send(&mut window, Command::Window(WindowCommand::Dismiss));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
