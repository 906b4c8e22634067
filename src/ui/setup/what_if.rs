//! What if: another time, or a wire that misbehaves.

use egui::{TextEdit, Ui};
use egui_material_icons::icons::ICON_TIMELINE;

use super::policy::row;
use crate::capture::Side;
use crate::setup::{Fault, FaultTarget};
use crate::state::{Command, LabCommand, State, TimeCommand, time_words};
use crate::ui::theme::{self, palette, size};
use crate::ui::widgets::{alternative, choice, icon_button, name_field};

const DAY_S: i64 = 86_400;
/// Records beyond these are no part of a handshake worth a fault.
const RECORDS_OFFERED: usize = 8;

/// Shows both.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    row(ui, "The time is", |ui| {
        ui.scope(|ui| {
            // A date is longer than “now”: the button beside it stays.
            ui.set_max_width(ui.available_width() - 42.0);
            time(ui, state, commands);
        });
        let button = icon_button(ui, ICON_TIMELINE.codepoint, "Time machine (Ctrl+T)");
        if button.clicked() {
            commands.push(Command::Time(TimeCommand::ToggleTimeMachine));
        }
    });
    row(ui, "On the wire", |ui| wire(ui, state, commands));
}

fn time(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let clock = state.lab.setup.sides.client.policy.clock_unix_s;
    let here = clock.map_or_else(|| "now".to_owned(), time_words);
    let response = choice(ui, "The time is", &here, |ui| {
        if alternative(ui, clock.is_none(), "now") {
            commands.push(Command::Lab(LabCommand::SetClock(None)));
        }
        for (words, days) in [
            ("in a day", 1),
            ("in 90 days", 90),
            ("in 2 years", 730),
            ("a day ago", -1),
        ] {
            if alternative(ui, false, words) {
                commands.push(Command::Lab(LabCommand::SetClock(Some(
                    state.now_at_bench() + days * DAY_S,
                ))));
            }
        }
        ui.separator();
        exact_time(ui, commands);
    });
    if clock.is_some() {
        response.on_hover_text(here);
    }
}

/// A moment typed as RFC 3339.
fn exact_time(ui: &mut Ui, commands: &mut Vec<Command>) {
    let id = ui.scope_id().with("exact time");
    let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_default();
    let edit = TextEdit::singleline(&mut text)
        .hint_text("2027-01-31T12:00:00Z")
        .font(theme::mono(size::MONO))
        .desired_width(190.0);
    let response = ui.add(edit);
    name_field(&response, "Exact time", &text, "2027-01-31T12:00:00Z");
    let moment = text.trim().parse::<jiff::Timestamp>();
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        if let Ok(moment) = &moment {
            commands.push(Command::Lab(LabCommand::SetClock(Some(moment.as_second()))));
            text.clear();
            ui.close();
        } else {
            response.request_focus();
        }
    }
    if !text.trim().is_empty() && moment.is_err() {
        let words = "Write it as 2027-01-31T12:00:00Z, then Enter";
        ui.label(egui::RichText::new(words).small().color(*palette(ui).bad));
    }
    ui.data_mut(|data| data.insert_temp(id, text));
}

/// A kind of fault, with a name and a way to aim it.
type Kind = (&'static str, fn(FaultTarget) -> Fault);

const KINDS: [Kind; 5] = [
    ("flip a bit", Fault::Flip),
    ("drop", Fault::Drop),
    ("repeat", Fault::Repeat),
    ("cut short", Fault::Cut),
    ("stall", Fault::Stall),
];

fn words(fault: Option<Fault>) -> String {
    let (kind, target) = match fault {
        None => return "no fault".to_owned(),
        Some(Fault::Http) => return "answer in HTTP".to_owned(),
        Some(Fault::HangUp(side)) => return hang_up(side),
        Some(Fault::Flip(target)) => ("flip a bit", target),
        Some(Fault::FlipByte { target, byte }) => {
            return format!(
                "flip byte {}: {} {}",
                byte + 1,
                target.from.word(),
                target.record + 1
            );
        }
        Some(Fault::Drop(target)) => ("drop", target),
        Some(Fault::Repeat(target)) => ("repeat", target),
        Some(Fault::Cut(target)) => ("cut short", target),
        Some(Fault::Stall(target)) => ("stall", target),
    };
    format!("{kind}: {} {}", target.from.word(), target.record + 1)
}

fn hang_up(side: Side) -> String {
    format!("the {} hangs up", side.word())
}

fn wire(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let fault = state.lab.setup.fault;
    choice(ui, "On the wire", &words(fault), |ui| {
        let mut set = |ui: &mut Ui, wanted: Option<Fault>, text: &str| {
            if alternative(ui, fault == wanted, text) {
                commands.push(Command::Lab(LabCommand::SetFault(wanted)));
            }
        };
        set(ui, None, "no fault");
        for (text, aim) in KINDS {
            ui.menu_button(text, |ui| {
                for from in Side::BOTH {
                    ui.menu_button(format!("the {}’s …", from.word()), |ui| {
                        for record in 0..RECORDS_OFFERED {
                            let wanted = aim(FaultTarget { from, record });
                            set(ui, Some(wanted), &format!("record {}", record + 1));
                        }
                    });
                }
            });
        }
        for side in Side::BOTH {
            set(ui, Some(Fault::HangUp(side)), &hang_up(side));
        }
        set(ui, Some(Fault::Http), "answer in HTTP");
    });
}
