//! Chain: both chains as graphs, and the selected certificate in full.

use egui::Ui;

use super::so_far::{is_judged, not_yet};
use super::{certificate, graph, paths, withhold};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{ChainLink, LinkState};
use crate::state::{Command, Selection, State};
use crate::ui::draw;
use crate::ui::theme;

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let mut is_anything = false;
    // What is selected, or where the trouble is, or simply the first.
    let selected = match state.selection {
        Selection::Certificate { sender, link } => Some((sender, link)),
        _ => first_bad(analysis).filter(|_| state.playback.is_at_end()),
    };
    let told = selected.unwrap_or((Side::Server, 0));
    for sender in Side::BOTH {
        let view = analysis.diagnosis.chains.of(sender);
        if view.links.is_empty() {
            continue;
        }
        is_anything = true;
        let judge = sender.peer();
        draw::heading(
            ui,
            &format!("The {}'s chain, as the {} sees it", sender.word(), judge.word()),
        );
        if is_judged(state, analysis, judge) {
            let marked = (told.0 == sender).then_some(told.1);
            graph::show(ui, view, sender, marked, state, commands);
        } else {
            not_yet(ui, "Not judged yet at this point of the handshake.");
        }
        ui.add_space(12.0);
    }
    if !is_anything {
        draw::body(ui, "No certificate was presented.", *palette.text_muted);
        withhold::show(ui, state, analysis, commands);
        return;
    }
    // What was chosen is shown at once; else how the chain came about, and then the certificate at fault.
    let is_chosen = matches!(state.selection, Selection::Certificate { .. });
    if is_chosen {
        one_certificate(ui, state, analysis, told, commands);
    }
    if state.playback.is_at_end() {
        for sender in [Side::Client, Side::Server] {
            ui.push_id(sender, |ui| {
                paths::show(ui, analysis.paths().of(sender), state, commands);
            });
        }
        if let Selection::AnyCertificate { sha256 } = &state.selection {
            ui.add_space(8.0);
            certificate::show_any(ui, state, analysis, sha256, commands);
        }
        ui.add_space(12.0);
    }
    if !is_chosen {
        one_certificate(ui, state, analysis, told, commands);
    }
    withhold::show(ui, state, analysis, commands);
}

fn one_certificate(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    told: (Side, usize),
    commands: &mut Vec<Command>,
) {
    if is_judged(state, analysis, told.0.peer()) {
        certificate::show(ui, state, analysis, told, commands);
        ui.add_space(12.0);
    }
}

/// The first certificate that fails; where none does, the one below the first link that is broken.
fn first_bad(analysis: &Analysis) -> Option<(Side, usize)> {
    let first = |is_it: fn(&ChainLink) -> bool| {
        Side::BOTH.into_iter().find_map(|sender| {
            let links = &analysis.diagnosis.chains.of(sender).links;
            links
                .iter()
                .position(|link| is_it(link) && link.certificate.is_some())
                .map(|index| (sender, index))
        })
    };
    first(|link| link.is_bad).or_else(|| first(|link| link.link_to_next == Some(LinkState::Broken)))
}
