//! Every word that is drawn: no flag and no id of the command line, and nothing from outside that steers the text around it.

use std::collections::BTreeSet;

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT;
use mtlscope::capture::Side;
use mtlscope::diagnose::{CauseId, CheckKind};
use mtlscope::printable::is_unsafe;
use mtlscope::state::{Command, FoldCommand, InspectorTab, LabCommand, Section, ViewCommand};
use mtlscope::ui::App;
use support::pem::pem;
use support::window::{open, unfold, wait};

/// High enough for a whole panel: what is scrolled away is not drawn.
const TALL: [f32; 2] = [1440.0, 2600.0];

/// What is drawn and what a screen reader hears, without what is to be run in a shell.
fn words(window: &Harness<'_, App>) -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    let mut heard = BTreeSet::new();
    for node in window.root().children_recursive() {
        let node = node.accesskit_node();
        let told = [node.label(), node.value()].into_iter().flatten();
        if node.role() == egui::accesskit::Role::TextRun {
            // A line of what its parent tells whole.
            continue;
        }
        if node.role() == egui::accesskit::Role::Code {
            commands.extend(told);
        } else {
            heard.extend(told);
        }
    }
    let mut drawn = Vec::new();
    for clipped in &window.output().shapes {
        collect(&clipped.shape, &mut drawn);
    }
    heard.extend(drawn);
    heard.retain(|words| !commands.contains(words));
    heard
}

fn collect(shape: &egui::Shape, out: &mut Vec<String>) {
    match shape {
        egui::Shape::Text(text) => out.push(text.galley.text().to_owned()),
        egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, out)),
        _ => {}
    }
}

/// The words between spaces and signs; what belongs to an id or a flag stays together.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_./:".contains(c))
        .map(|part| part.trim_end_matches(['.', ':']))
}

fn ids() -> BTreeSet<String> {
    // These are English as well.
    const ENGLISH: [&str; 2] = ["self-signed", "cross-signed"];
    let causes = CauseId::ALL.iter().map(|id| id.word().to_owned());
    let checks = CheckKind::ALL.iter().map(|check| check.word().to_owned());
    let scenarios = mtlscope::scenario::all().iter().map(|one| one.id.clone());
    let outcomes = ["not-reached", "not-applicable"].map(str::to_owned);
    causes
        .chain(checks)
        .chain(scenarios)
        .chain(outcomes)
        .filter(|id| id.contains('-') && !ENGLISH.contains(&id.as_str()))
        .collect()
}

fn tell(window: &mut Harness<'_, App>, command: Command) {
    let context = window.ctx.clone();
    window.state_mut().send(&context, command);
    window.run_steps(2);
}

#[test]
fn no_flag_and_no_id_is_drawn_in_any_scenario() {
    let ids = ids();
    let mut window = open(TALL, 1.0, Vec::new());
    for section in Section::ALL {
        if !window.state().state().folds.is_open(section) {
            tell(&mut window, Command::Fold(FoldCommand::Toggle(section)));
        }
    }
    let mut found = BTreeSet::new();
    let scenarios: Vec<String> = mtlscope::scenario::all()
        .iter()
        .map(|one| one.id.clone())
        .collect();
    assert!(scenarios.len() > 60, "{}", scenarios.len());
    for id in &scenarios {
        tell(&mut window, Command::Lab(LabCommand::OpenScenario(id.clone())));
        wait(&mut window, "the run", |app| {
            !app.state().is_running() && app.state().lab.scenario.as_deref() == Some(id)
        });
        for tab in InspectorTab::ALL {
            tell(&mut window, Command::View(ViewCommand::ShowTab(tab)));
            for text in words(&window) {
                // What lies beside the hexadecimal is keys and random numbers, and may be anything.
                if tab == InspectorTab::Bytes && text.contains('·') && text.chars().count() <= 16 {
                    continue;
                }
                for part in parts(&text) {
                    let is_flag = part
                        .strip_prefix("--")
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
                    if is_flag || ids.contains(part) {
                        found.insert(format!("{part} in “{text}” ({id}, {tab:?})"));
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", Vec::from_iter(found).join("\n"));
}

/// A pair whose names steer terminals, turn lines around, never end, and are in other scripts.
fn load_hostile(window: &mut Harness<'_, App>) {
    let long = "x".repeat(10_000);
    let recipes = format!(
        r#"[
    (name: "root", subject: "Root \u{{202E}}toor\u{{7}}", is_ca: true),
    (name: "issuer", subject: "שלום\u{{2067}}עולם", issuer: "root", is_ca: true),
    (name: "server", subject: "支付\nsecond line", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "client", subject: "{long}", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"], from_hours: -48, until_hours: -24),
]"#
    );
    let pki = support::window::minted(&recipes);
    let find = |name: &str| pki.find(name).expect("minted");
    let identity = |leaf: &str| {
        let chain = [leaf, "issuer"].map(|name| pem("CERTIFICATE", &find(name).certificate.der));
        let key = pem("PRIVATE KEY", find(leaf).key.key.der.secret_der());
        format!("{}{key}", chain.concat())
    };
    let root = pem("CERTIFICATE", &find("root").certificate.der);
    let trust = |side| Some((side, mtlscope::state::SetupSlot::Trust));
    for (text, target) in [
        (identity("server"), None),
        (identity("client"), None),
        (root.clone(), trust(Side::Server)),
        (root, trust(Side::Client)),
    ] {
        tell(window, Command::Lab(LabCommand::Paste(text, target)));
        wait(window, "the slot", |app| !app.state().is_running());
    }
    tell(window, Command::Lab(LabCommand::Run));
    wait(window, "the run", |app| !app.state().is_running());
}

#[test]
fn no_name_steers_the_words_around_it() {
    let mut window = open(TALL, 1.0, Vec::new());
    // The bundled faces alone are here, whatever is installed: what they lack is a box.
    let boxes = egui::epaint::text::MissingGlyphPolicy::Tofu;
    window.ctx.set_missing_glyph_policy(boxes);
    load_hostile(&mut window);
    for section in Section::ALL {
        unfold(&mut window, section);
    }
    let mut all = BTreeSet::new();
    for tab in InspectorTab::ALL {
        tell(&mut window, Command::View(ViewCommand::ShowTab(tab)));
        all.extend(words(&window));
    }
    for text in &all {
        let is_steering = |c: char| is_unsafe(c) && !matches!(c, '\n' | '\t');
        assert!(!text.contains(is_steering), "{text:?}");
        assert!(
            text.chars().count() <= 4200,
            "{} characters",
            text.chars().count()
        );
    }
    for shown in ["שלום", "支付", "\\u{202e}toor"] {
        assert!(all.iter().any(|text| text.contains(shown)), "{shown} is drawn");
    }
}
