//! The reader chooses a stack, and its words come first.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::state::Section;
use mtlscope::ui::App;
use support::window::{open, session, unfold};

/// How far down a text stands that is shown.
fn top(window: &Harness<'_, App>, text: &str) -> Option<f32> {
    window
        .query_all_by_label(text)
        .map(|node| node.rect().top())
        .reduce(f32::min)
}

fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).scroll_to_me();
    window.run_steps(30);
    window.get_by_label(label).click();
    window.run_steps(10);
}

#[test]
fn the_readers_stack_is_chosen_in_the_inspector_and_comes_first() {
    let mut window = open([1440.0, 2400.0], 1.0, vec![session("root-rotated")]);
    unfold(&mut window, Section::OtherStacks);
    assert!(window.query_by_label("yours").is_none());
    assert!(
        top(&window, "rustls").is_none(),
        "it is the last of ten, and only the first are shown"
    );
    click(&mut window, "Your stack: not chosen");
    click(&mut window, "rustls");
    assert_eq!(window.state().state().settings.stack.as_deref(), Some("rustls"));
    assert!(window.query_by_label("yours").is_some());
    assert!(
        top(&window, "rustls") < top(&window, "OpenSSL"),
        "the reader's comes first"
    );

    assert!(top(&window, "Python").is_none());
    click(
        &mut window,
        "Show all: Go, Java, Node.js, Python, nginx, Envoy too"
            .replace("Go, ", "")
            .as_str(),
    );
    assert!(top(&window, "Python").is_some());
    click(&mut window, "Show fewer");
    assert!(top(&window, "Python").is_none());
}
