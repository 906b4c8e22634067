//! What is cut is whole under the pointer: each text that is drawn with an ellipsis is spelled out where the pointer rests on it,
//! and each button that shows only a sign has its words.

use crate::screens::as_the_labs_own;
use crate::support;
use egui::{Pos2, Rect, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use mtlscope::state::{
    Command, InspectorTab, PanelCommand, PanelSide, SettingsCommand, ViewCommand, WindowCommand,
};
use mtlscope::ui::App;
use support::window::{open, send, session, wait};

/// A text that was cut: its whole words, and where a part of it stands.
#[derive(Debug)]
struct Cut {
    whole: String,
    seen: Rect,
}

fn texts(window: &Harness<'_, App>, found: &mut dyn FnMut(&egui::epaint::TextShape, Rect)) {
    fn walk(shape: &Shape, clip: Rect, found: &mut dyn FnMut(&egui::epaint::TextShape, Rect)) {
        match shape {
            Shape::Vec(all) => all.iter().for_each(|one| walk(one, clip, found)),
            Shape::Text(text) => found(text, clip),
            _ => {}
        }
    }
    for clipped in &window.output().shapes {
        walk(&clipped.shape, clipped.clip_rect, found);
    }
}

/// Texts that end before their last word, and are to be seen.
fn cut(window: &Harness<'_, App>) -> Vec<Cut> {
    let mut found = Vec::new();
    texts(window, &mut |text, clip| {
        let seen = text.visual_bounding_rect().intersect(clip);
        // A block of commands is opened whole by the link below it.
        let is_line = text.galley.rows.len() == 1;
        if text.galley.elided && is_line && seen.is_positive() && seen.height() > 6.0 {
            found.push(Cut {
                whole: text.galley.job.text.clone(),
                seen,
            });
        }
    });
    found
}

/// Every word of it, in one text that is not cut: a tooltip may say more, and breaks its lines where it likes.
fn is_spelled_out(window: &Harness<'_, App>, whole: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let bare = |word: &str| word.trim_matches([':', '·']).to_lowercase();
        text.split_whitespace()
            .map(bare)
            .filter(|word| !word.is_empty())
            .collect()
    };
    let wanted = words(whole);
    let mut is_there = false;
    texts(window, &mut |text, _| {
        if !text.galley.elided && !is_there {
            let there = words(&text.galley.job.text);
            is_there = wanted.iter().all(|word| there.contains(word));
        }
    });
    is_there
}

/// The pointer rests there, and nobody has to wait for what it brings.
fn rest_on(window: &mut Harness<'_, App>, at: Pos2) {
    window.ctx.all_styles_mut(|style| {
        style.interaction.tooltip_delay = 0.0;
        style.interaction.show_tooltips_only_when_still = false;
    });
    window.hover_at(at);
    window.run_steps(5);
}

/// What is cut here and stays so under the pointer; what was looked at before is not looked at again.
fn not_whole(window: &mut Harness<'_, App>, place: &str, done: &mut Vec<String>) -> Vec<String> {
    let mut missing = Vec::new();
    for one in cut(window) {
        if done.contains(&one.whole) {
            continue;
        }
        rest_on(window, one.seen.center());
        if !is_spelled_out(window, &one.whole) {
            missing.push(format!("{place}: {:?} at {:?}", one.whole, one.seen));
        }
        done.push(one.whole);
    }
    missing
}

/// Buttons that show a sign and no words, and say nothing under the pointer.
fn mute(window: &mut Harness<'_, App>, place: &str, tried: &mut Vec<String>) -> Vec<String> {
    let buttons: Vec<(String, Rect)> = window
        .query_all_by(|node| node.role() == egui::accesskit::Role::Button)
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
        .filter(|(_, rect)| rect.width() < 44.0 && rect.height() < 44.0)
        .collect();
    let screen = window.ctx.content_rect();
    let count = |window: &Harness<'_, App>| {
        let mut all = Vec::new();
        texts(window, &mut |text, _| all.push(text.galley.job.text.clone()));
        all
    };
    let mut found = Vec::new();
    for (label, rect) in buttons {
        if !screen.contains_rect(rect) || tried.contains(&label) {
            continue;
        }
        tried.push(label.clone());
        rest_on(window, Pos2::new(0.5, 0.5));
        let before = count(window);
        let is_sign = {
            let mut words = false;
            texts(window, &mut |text, clip| {
                let seen = text.visual_bounding_rect().intersect(clip);
                let has_words = text
                    .galley
                    .job
                    .text
                    .chars()
                    .any(|one| one.is_ascii_alphanumeric());
                words |= has_words && rect.contains_rect(seen);
            });
            !words
        };
        if !is_sign {
            continue;
        }
        rest_on(window, rect.center());
        let says = count(window)
            .into_iter()
            .any(|text| !before.contains(&text) && text.chars().any(char::is_alphabetic));
        if !says {
            found.push(format!("{place}: {label:?} at {rect:?}"));
        }
    }
    found
}

const TABS: [InspectorTab; 6] = [
    InspectorTab::Why,
    InspectorTab::Checks,
    InspectorTab::Chain,
    InspectorTab::Fields,
    InspectorTab::Bytes,
    InspectorTab::Keys,
];

/// Narrow enough that much is cut, and wide.
const SIZES: [[f32; 2]; 2] = [[1024.0, 700.0], [1440.0, 900.0]];

/// While fixes are searched for, what stands below them moves; and the search's button goes when it ends.
fn wait_for_the_fixes(window: &mut Harness<'_, App>) {
    wait(window, "the search for fixes", |app| {
        app.state()
            .fix_search()
            .is_none_or(|search| search.result.is_some())
    });
    window.run_steps(3);
}

#[test]
fn what_is_cut_is_whole_under_the_pointer() {
    let (mut missing, mut done) = (Vec::new(), Vec::new());
    for size in SIZES {
        for name in ["everything-wrong", "root-rotated"] {
            let mut window = open(size, 1.0, Vec::new());
            send(&mut window, Command::Settings(SettingsCommand::Greeted));
            as_the_labs_own(&mut window, name);
            wait_for_the_fixes(&mut window);
            missing.extend(not_whole(
                &mut window,
                &format!("{size:?} {name} stage"),
                &mut done,
            ));
            if size[0] < 1180.0 {
                send(
                    &mut window,
                    Command::Panels(PanelCommand::Toggle(PanelSide::Right)),
                );
            }
            for tab in TABS {
                send(&mut window, Command::View(ViewCommand::ShowTab(tab)));
                missing.extend(not_whole(
                    &mut window,
                    &format!("{size:?} {name} {tab:?}"),
                    &mut done,
                ));
            }
        }
        let mut window = open(size, 1.0, vec![session("hello-retry-request")]);
        missing.extend(not_whole(&mut window, &format!("{size:?} a session"), &mut done));
        send(&mut window, Command::Window(WindowCommand::ShowGallery(true)));
        missing.extend(not_whole(&mut window, &format!("{size:?} gallery"), &mut done));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_sign_has_its_words_under_the_pointer() {
    let mut mute_ones = Vec::new();
    let mut tried = Vec::new();
    for name in ["everything-wrong"] {
        let mut window = open(SIZES[1], 1.0, Vec::new());
        as_the_labs_own(&mut window, name);
        wait_for_the_fixes(&mut window);
        for tab in TABS {
            send(&mut window, Command::View(ViewCommand::ShowTab(tab)));
            mute_ones.extend(mute(&mut window, &format!("{name} {tab:?}"), &mut tried));
        }
    }
    assert!(mute_ones.is_empty(), "{mute_ones:#?}");
}
