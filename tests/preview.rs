//! Preview.
#![allow(missing_docs, reason = "a test")]
mod support;
use egui_kittest::Harness;
use mtlscope::analysis::Analysis;
use mtlscope::scenario;
use mtlscope::source::lab::{Cancel, run_blocking};
use mtlscope::state::{Document, InspectorTab, Selection, State};
use mtlscope::ui::{inspector, playback_bar, stage, theme};
use std::sync::Arc;

#[test]
fn preview() {
    let id = std::env::var("SCENARIO").unwrap_or("root-rotated".into());
    let setup = scenario::find(&id)
        .unwrap()
        .setup(jiff::Timestamp::now().as_second())
        .unwrap();
    let capture = run_blocking(&setup, &Cancel::default()).unwrap();
    let analysis = Arc::new(Analysis::of(Arc::new(capture)));
    let mut state = State::default();
    state.playback.at_end_of(analysis.story.steps.len());
    state.documents.push(Document {
        title: "x".into(),
        notes: String::new(),
        path: None,
        analysis,
        is_dirty: false,
    });
    state.active = Some(0);
    state.selection = mtlscope::state::Selection::Step(0);
    if let Ok(at) = std::env::var("AT") {
        state.playback.seek(at.parse().unwrap());
    }
    state.tab = match std::env::var("TAB").as_deref() {
        Ok("checks") => InspectorTab::Checks,
        Ok("chain") => InspectorTab::Chain,
        Ok("fields") => {
            state.selection = Selection::Field {
                message: 0,
                path: vec![7, 4],
            };
            InspectorTab::Fields
        }
        Ok("bytes") => {
            state.selection = Selection::Field {
                message: 0,
                path: vec![7, 4],
            };
            InspectorTab::Bytes
        }
        _ => InspectorTab::Why,
    };
    let mut commands = Vec::new();
    let dark = std::env::var("LIGHT").is_err();
    let mut harness = Harness::builder()
        .with_size(egui::vec2(1154.0, 900.0))
        .renderer(support::cpu_renderer::Cpu::default())
        .build_ui(move |ui| {
            if ui.ctx().data(|d| d.get_temp::<bool>(egui::Id::NULL)).is_none() {
                ui.ctx().data_mut(|d| d.insert_temp(egui::Id::NULL, true));
                theme::install(ui.ctx());
                ui.ctx().set_theme(if dark {
                    egui::Theme::Dark
                } else {
                    egui::Theme::Light
                });
            }
            egui::Panel::bottom("b")
                .exact_size(63.0)
                .show(ui, |ui| playback_bar::show(ui, &state, &mut commands));
            egui::Panel::right("r")
                .exact_size(420.0)
                .frame(
                    egui::Frame::new()
                        .fill(*theme::palette(ui).panel)
                        .inner_margin(14),
                )
                .show(ui, |ui| inspector::show(ui, &state, &mut commands));
            egui::CentralPanel::default()
                .frame(egui::Frame::NONE)
                .show(ui, |ui| stage::show(ui, &state, &mut commands));
        });
    harness.run_steps(4);
    harness
        .render()
        .unwrap()
        .save(std::env::var("OUT").unwrap_or("/tmp/preview.png".into()))
        .unwrap();
}
