//! Paths and near misses on the Chain tab, used by the names that a screen reader hears.

use crate::support;
use egui_kittest::kittest::Queryable;
use mtlscope::state::{Command, InspectorTab, ViewCommand};
use support::window::{open, send, session};

const USUAL: [f32; 2] = [1440.0, 900.0];

/// Both paths stand there with what became of them, and a certificate that nobody sent can be looked at.
#[test]
fn a_certificate_that_was_never_sent_is_shown_from_its_path() {
    let mut window = open(USUAL, 1.0, vec![session("expired-twin")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    window.get_by_label("2 PATHS CONSIDERED");
    window.get_by_label("Mesh Issuer expired 2 d ago");
    let label = "Path step Mesh Issuer: is in what the client has loaded";
    window.get_by_label(label).scroll_to_me();
    window.run_steps(30);
    window.get_by_label(label).click();
    window.run_steps(10);
    // Two certificates in full now: the one in the chain that expired, and this one, which has a year left.
    assert_eq!(window.query_all_by_label("key identifier").count(), 2);
    let left: Vec<_> = window.query_all_by_label_contains("· 364 d left").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// What nearly fits says so, in words, and leads to the certificate.
#[test]
fn a_near_miss_leads_to_its_certificate() {
    let mut window = open(USUAL, 1.0, vec![session("clients-ca")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    window.get_by_label("LOOKS RIGHT, IS NOT");
    window.get_by_label_contains("nearly the same name, and another CA");
    let label = "Show near miss clients-ca";
    window.get_by_label(label).scroll_to_me();
    window.run_steps(30);
    window.get_by_label(label).click();
    window.run_steps(10);
    // Its subject and its issuer: it signed itself.
    assert_eq!(window.query_all_by_label("CN=clients-ca").count(), 2);
}

/// Before the chain is judged, a room must be able to predict: no path is told.
#[test]
fn nothing_is_told_before_it_happened() {
    let mut window = open(USUAL, 1.0, vec![session("expired-twin")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    send(&mut window, Command::View(ViewCommand::First));
    assert!(window.query_by_label("2 PATHS CONSIDERED").is_none());
    assert!(window.query_by_label_contains("expired 2 d ago").is_none());
}

/// A chain with one path that holds has nothing to add.
#[test]
fn a_good_chain_stays_as_it_was() {
    let mut window = open(USUAL, 1.0, vec![session("good-tls13")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Chain)),
    );
    assert!(window.query_by_label_contains("CONSIDERED").is_none());
    assert!(window.query_by_label("LOOKS RIGHT, IS NOT").is_none());
}
