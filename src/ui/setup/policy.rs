//! Policy: what both sides are willing to speak.

use std::sync::LazyLock;

use egui::{TextEdit, Ui, vec2};

use crate::capture::ClientAuth;
use crate::setup::TlsVersion;
use crate::source::lab::{Supported, supported};
use crate::state::{Command, LabCommand, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, size};
use crate::ui::widgets::{alternative, choice};

/// Width of the words before the controls.
const WORD_WIDTH: f32 = 96.0;

/// A text beside its word has at least this width: so much do the built-in names need.
const LEAST_TEXT: f32 = 156.0;

/// What the lab pair can speak never changes while it runs.
static SUPPORTED: LazyLock<Supported> = LazyLock::new(supported);

/// A row: a word, then its control.
pub(super) fn row(ui: &mut Ui, word: &str, add_contents: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(
            vec2(WORD_WIDTH, ui.spacing().interact_size.y),
            egui::Sense::hover(),
        );
        draw::line(
            ui.painter(),
            rect.left_center(),
            egui::Align2::LEFT_CENTER,
            word,
            theme::text(size::BODY, Weight::Regular),
            *palette(ui).text_muted,
            WORD_WIDTH,
        );
        add_contents(ui);
    });
}

/// The same for a text; where the panel is narrow the text has the next line for itself.
fn text_row(ui: &mut Ui, word: &str, add_contents: impl FnOnce(&mut Ui)) {
    if ui.available_width() - WORD_WIDTH >= LEAST_TEXT {
        row(ui, word, add_contents);
    } else {
        row(ui, word, |_| {});
        ui.horizontal(add_contents);
    }
}

/// Shows the policy.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    row(ui, "Client auth", |ui| client_auth(ui, state, commands));
    row(ui, "TLS versions", |ui| versions(ui, state, commands));
    text_row(ui, "Server name", |ui| server_name(ui, state, commands));
    text_row(ui, "ALPN", |ui| alpn(ui, state, commands));
    let sides = &state.lab.setup.sides;
    let suites = Names {
        what: "Cipher suites",
        client: &sides.client.policy.cipher_suites,
        server: &sides.server.policy.cipher_suites,
        known: &SUPPORTED.cipher_suites,
        command: |names| Command::Lab(LabCommand::SetCipherSuites(names)),
    };
    row(ui, "Cipher suites", |ui| suites.show(ui, commands));
    let groups = Names {
        what: "Groups",
        client: &sides.client.policy.groups,
        server: &sides.server.policy.groups,
        known: &SUPPORTED.groups,
        command: |names| Command::Lab(LabCommand::SetGroups(names)),
    };
    row(ui, "Groups", |ui| groups.show(ui, commands));
}

fn client_auth(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let word = |auth: ClientAuth| match auth {
        ClientAuth::Required => "required",
        ClientAuth::Optional => "optional",
        ClientAuth::None => "none",
    };
    choice(ui, "Client auth", word(state.lab.setup.client_auth), |ui| {
        for auth in [ClientAuth::Required, ClientAuth::Optional, ClientAuth::None] {
            if alternative(ui, state.lab.setup.client_auth == auth, word(auth)) {
                commands.push(Command::Lab(LabCommand::SetClientAuth(auth)));
            }
        }
    });
}

fn versions(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    use TlsVersion::{Tls12, Tls13};
    let word = |versions: &[TlsVersion]| match (versions.contains(&Tls13), versions.contains(&Tls12)) {
        (true, false) => "1.3",
        (false, true) => "1.2",
        _ => "1.3, 1.2",
    };
    let (client, server) = (
        &state.lab.setup.sides.client.policy.versions,
        &state.lab.setup.sides.server.policy.versions,
    );
    let here = if word(client) == word(server) {
        word(client).to_owned()
    } else {
        format!("{} ≠ {}", word(client), word(server))
    };
    choice(ui, "TLS versions", &here, |ui| {
        for versions in [vec![Tls13, Tls12], vec![Tls13], vec![Tls12]] {
            if alternative(ui, here == word(&versions), word(&versions)) {
                commands.push(Command::Lab(LabCommand::SetVersions(versions)));
            }
        }
    });
}

/// A text field whose text is its own while it is being typed into; returns what was typed.
fn field(ui: &mut Ui, label: &str, value: &str, hint: &str) -> Option<String> {
    let id = ui.scope_id().with(label);
    let mut text = ui
        .data(|data| data.get_temp::<String>(id))
        .unwrap_or_else(|| value.to_owned());
    let edit = TextEdit::singleline(&mut text)
        .id(id.with("edit"))
        .font(theme::mono(size::MONO - 0.5))
        .hint_text(hint)
        .margin(vec2(9.0, 5.0))
        .desired_width(ui.available_width() - 4.0);
    let response = ui.add(edit);
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(true, value, &text, hint);
        info.label = Some(label.to_owned());
        info
    });
    let has_focus = response.has_focus();
    ui.data_mut(|data| {
        if has_focus {
            data.insert_temp(id, text.clone());
        } else {
            data.remove_temp::<String>(id);
        }
    });
    response.changed().then_some(text)
}

fn server_name(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    if let Some(text) = field(
        ui,
        "Server name",
        &state.lab.setup.server_name,
        "payments.shop.svc",
    ) {
        commands.push(Command::Lab(LabCommand::SetServerName(text.trim().to_owned())));
    }
}

fn alpn(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let (client, server) = (
        &state.lab.setup.sides.client.policy.alpn,
        &state.lab.setup.sides.server.policy.alpn,
    );
    let here = if client == server {
        client.join(", ")
    } else {
        format!("{} ≠ {}", client.join(", "), server.join(", "))
    };
    if let Some(text) = field(ui, "ALPN", &here, "none") {
        let is_word = |word: &&str| !word.is_empty() && *word != "≠";
        let names = text
            .split([',', ' '])
            .filter(is_word)
            .map(str::to_owned)
            .collect();
        commands.push(Command::Lab(LabCommand::SetAlpn(names)));
    }
}

/// A choice of several IANA names; none chosen is the library's default.
struct Names<'a> {
    what: &'static str,
    client: &'a Vec<String>,
    server: &'a Vec<String>,
    known: &'a [String],
    command: fn(Vec<String>) -> Command,
}

impl Names<'_> {
    fn show(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let word = |names: &[String]| match names {
            [] => "default".to_owned(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} +{}", rest.len()),
        };
        let here = if self.client == self.server {
            word(self.client)
        } else {
            format!("{} ≠ {}", word(self.client), word(self.server))
        };
        choice(ui, self.what, &here, |ui| {
            if alternative(ui, self.client.is_empty() && self.server.is_empty(), "default") {
                commands.push((self.command)(Vec::new()));
            }
            ui.separator();
            for name in self.known {
                let mut is_on = self.client.contains(name);
                if ui.checkbox(&mut is_on, name).clicked() {
                    let names = self.known.iter().filter(|other| {
                        if *other == name {
                            is_on
                        } else {
                            self.client.contains(other)
                        }
                    });
                    commands.push((self.command)(names.cloned().collect()));
                }
            }
        });
    }
}
