//! One certificate in full, with its time as a bar.

use egui::{Sense, Ui, vec2};

use super::fetching;
use super::field::field;
use crate::analysis::Analysis;
use crate::capture::{Der, Side};
use crate::pki::{CertificateFacts, minute_words, time_left};
use crate::state::{Command, State};
use crate::ui::draw;
use crate::ui::theme;

/// The link's certificate; a word where nobody has it.
pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    (sender, link): (Side, usize),
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let view = analysis.diagnosis.chains.of(sender);
    let Some(link) = view.links.get(link) else { return };
    let Some(reference) = &link.certificate else {
        draw::name_heading(ui, &link.name);
        draw::body(
            ui,
            "Nobody has this certificate here: its name is known from the one below it.",
            *palette.text_muted,
        );
        return;
    };
    let title = format!("{} · {}", link.name, link.role.word());
    if let Some(facts) = in_full(ui, analysis, &reference.sha256, &title, sender.peer()) {
        fetching::show(ui, state, facts, sender.peer(), commands);
    }
}

/// Any certificate, by its hash: a candidate that was never sent, a twin.
pub(super) fn show_any(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    sha256: &str,
    commands: &mut Vec<Command>,
) {
    let title = find(analysis, sha256).map_or("", |(_, facts)| facts.display_name.as_str());
    if let Some(facts) = in_full(ui, analysis, sha256, title, Side::Client) {
        fetching::issuer(ui, state, facts, Side::Client, commands);
    }
}

fn in_full<'a>(
    ui: &mut Ui,
    analysis: &'a Analysis,
    sha256: &str,
    title: &str,
    judge: Side,
) -> Option<&'a CertificateFacts> {
    let palette = theme::palette(ui);
    let Some((der, facts)) = find(analysis, sha256) else {
        draw::name_heading(ui, title);
        draw::body(
            ui,
            "This certificate cannot be read as X.509.",
            *palette.text_muted,
        );
        return None;
    };
    let clock = analysis.capture.sides.of(judge).trust.as_ref().map_or_else(
        || analysis.capture.started_at_unix_us.div_euclid(1_000_000),
        |trust| trust.clock_unix_s,
    );
    draw::name_heading(ui, title);
    validity(ui, facts, clock);
    let row = |ui: &mut Ui, name: &str, value: &str| field(ui, name, value);
    row(ui, "subject", &facts.subject);
    row(ui, "issuer", &facts.issuer);
    let names = facts.subject_alt_names.as_ref().map_or_else(
        || "none".to_owned(),
        |names| {
            names
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        },
    );
    row(ui, "names", &names);
    row(
        ui,
        "key",
        &format!("{}, signed with {}", facts.key, facts.signature_algorithm),
    );
    row(ui, "purposes", &purposes(facts));
    let ca = match (facts.is_ca, facts.path_len) {
        (Some(true), Some(0)) => "yes, with no CA below it".to_owned(),
        (Some(true), Some(1)) => "yes, up to 1 CA below it".to_owned(),
        (Some(true), Some(length)) => format!("yes, up to {length} CAs below it"),
        (Some(true), None) => "yes".to_owned(),
        _ => "no".to_owned(),
    };
    row(ui, "CA", &ca);
    if let Some(id) = &facts.subject_key_id {
        row(ui, "key identifier", &colons(id));
    }
    if let Some(id) = &facts.authority_key_id {
        row(ui, "issuer's key", &colons(id));
    }
    row(ui, "serial", &facts.serial);
    row(ui, "SHA-256", &facts.sha256);
    let file = analysis.capture.at_hand.iter().find(|item| item.der == *der);
    if let Some(item) = file {
        let line = item
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        let place = item
            .file
            .as_ref()
            .map_or_else(|| "built in".to_owned(), |file| format!("{file}{line}"));
        row(ui, "from", &place);
    }
    Some(facts)
}

/// The DER and its facts, wherever they are: sent, loaded, trusted.
fn find<'a>(analysis: &'a Analysis, sha256: &str) -> Option<(&'a Der, &'a CertificateFacts)> {
    let known = analysis.certificates().of_sha256(sha256)?;
    Some((&known.der, known.facts()?))
}

fn colons(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .join(":")
}

fn purposes(facts: &CertificateFacts) -> String {
    facts.purposes.as_ref().map_or_else(
        || "not restricted".to_owned(),
        |purposes| {
            purposes
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        },
    )
}

/// From its first second to its last, and where the judge's clock stands.
fn validity(ui: &mut Ui, facts: &CertificateFacts, clock: i64) {
    let palette = theme::palette(ui);
    let is_good = facts.is_valid_at(clock);
    let color = if is_good { *palette.good } else { *palette.bad };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let rail = egui::Rect::from_center_size(rect.center(), vec2(rect.width() - 12.0, 5.0));
    ui.painter().rect_filled(rail, 2.5, *palette.control_hover);
    let span = (facts.not_after - facts.not_before).max(1) as f32;
    let share = ((clock - facts.not_before) as f32 / span).clamp(0.0, 1.0);
    let x = egui::lerp(rail.left()..=rail.right(), share);
    let done = egui::Rect::from_min_max(rail.min, egui::pos2(x, rail.bottom()));
    ui.painter().rect_filled(done, 2.5, color.gamma_multiply(0.5));
    ui.painter()
        .circle_filled(egui::pos2(x, rail.center().y), 6.0, color);
    field(
        ui,
        "valid",
        &format!(
            "{} to {}",
            minute_words(facts.not_before),
            minute_words(facts.not_after)
        ),
    );
    field(
        ui,
        "judged at",
        &format!(
            "{} · {}",
            minute_words(clock),
            time_left(facts.not_before, facts.not_after, clock)
        ),
    );
}
