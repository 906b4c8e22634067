//! The addresses that a certificate names, what was fetched from them, and the button that asks.

use egui::{Role, Ui, WidgetInfo};

use super::field::field;
use crate::capture::Side;
use crate::fetch::{Kind, Place};
use crate::net::Reach;
use crate::pki::{CertificateFacts, is_address};
use crate::state::{Command, Document, FetchCommand, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// Under the names, where a value stands.
const VALUE_X: f32 = 112.0;

/// All that this certificate names; its lists are for `judge`.
pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    facts: &CertificateFacts,
    judge: Side,
    commands: &mut Vec<Command>,
) {
    for point in facts.crl_distribution_points.iter().flatten() {
        if point.uris.is_empty() {
            continue;
        }
        field(ui, "lists at", &point.uris.join("\n"));
        if point.is_partial {
            told(
                ui,
                VALUE_X,
                "not fetched: rustls takes no list of some reasons only, or of another issuer",
            );
            continue;
        }
        let place = Place {
            kind: Kind::List,
            urls: point.uris.clone(),
            whose: facts.display_name.clone(),
        };
        ask(ui, state, place, judge, VALUE_X, commands);
    }
    if !facts.ocsp_urls.is_empty() {
        field(ui, "OCSP at", &facts.ocsp_urls.join("\n"));
        told(ui, VALUE_X, "not asked: a responder learns who is looked at");
    }
    issuer(ui, state, facts, judge, commands);
}

/// Where its issuer is to be had.
pub(super) fn issuer(
    ui: &mut Ui,
    state: &State,
    facts: &CertificateFacts,
    judge: Side,
    commands: &mut Vec<Command>,
) {
    if facts.issuer_urls.is_empty() {
        return;
    }
    field(ui, "issuer at", &facts.issuer_urls.join("\n"));
    let place = Place {
        kind: Kind::Issuer,
        urls: facts.issuer_urls.clone(),
        whose: facts.display_name.clone(),
    };
    ask(ui, state, place, judge, VALUE_X, commands);
}

/// The word and the button under an address, so far from the left.
pub(super) fn ask(
    ui: &mut Ui,
    state: &State,
    place: Place,
    judge: Side,
    left: f32,
    commands: &mut Vec<Command>,
) {
    if !place.urls.iter().any(|url| is_address(url)) {
        return told(ui, left, "not fetched: only http addresses are asked");
    }
    if !state.document().is_some_and(Document::is_lab) {
        return told(ui, left, "named in the certificate, not fetched");
    }
    let spoken = format!("the {} about {}", place.kind.word(), place.whose);
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.add_space((left - ui.spacing().item_spacing.x).max(0.0));
        let words = |text: &str| egui::RichText::new(text).font(theme::text(size::SMALL + 0.5, Weight::Regular));
        if state.fetching(&place).is_some() {
            ui.label(words("Asking…").color(*palette.text_muted));
            let stop = ui.link(words("Cancel"));
            stop.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Stop asking for {spoken}")));
            if stop.clicked() {
                commands.push(Command::Fetch(FetchCommand::CancelFetch(place)));
            }
            return;
        }
        let is_private = state.is_refused_as_private(&place);
        let (told, button) = if is_private {
            ("refused: private address".to_owned(), "Allow and fetch")
        } else if state.lab.setup.has_fetched(&place, judge) {
            let use_of_it = match place.kind {
                Kind::List => format!("fetched; the {} judges by it", judge.word()),
                Kind::Issuer => "fetched; at hand".to_owned(),
            };
            (use_of_it, "Fetch again")
        } else {
            ("not fetched".to_owned(), "Fetch and run")
        };
        let (hover, reach) = if is_private {
            (
                "A certificate from outside may name an address inside your network. Allow it this once if you know the place",
                Reach::Any,
            )
        } else {
            (
                "Asks the address above over the network, now and this once, and runs the pair with what comes",
                Reach::Public,
            )
        };
        ui.label(words(&told).color(*palette.text_muted));
        ui.spacing_mut().interact_size.y = 22.0;
        ui.spacing_mut().button_padding = egui::vec2(8.0, 1.0);
        let fetch = ui.button(words(button));
        fetch.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{button}: {spoken}")));
        if fetch.on_hover_text(hover).clicked() {
            commands.push(Command::Fetch(FetchCommand::Fetch(judge, place, reach)));
        }
    });
}

/// A quiet word under the addresses.
fn told(ui: &mut Ui, left: f32, words: &str) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.add_space((left - ui.spacing().item_spacing.x).max(0.0));
        draw::body(ui, words, *palette.text_muted);
    });
}
