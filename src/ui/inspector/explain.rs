//! In plain words: what a field is, who can read it on the wire, and what it means in this handshake.

use std::collections::HashMap;
use std::sync::LazyLock;

use egui::Ui;
use serde::Deserialize;

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Field, Message, Protection};
use crate::pki::{CertificateFacts, GeneralName};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// One entry of `assets/words.ron`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The field's name, or `Message/field` or `Parent/field` where the same name means different things.
    field: String,
    /// What it is and why it is there.
    words: String,
    /// `RFC 8446 §4.1.2`.
    source: String,
}

static ENTRIES: LazyLock<HashMap<String, Entry>> = LazyLock::new(|| {
    // The asset is part of the binary and a test parses it.
    let list: Vec<Entry> = ron::from_str(include_str!("../../../assets/words.ron")).unwrap_or_default();
    list.into_iter()
        .map(|entry| (entry.field.clone(), entry))
        .collect()
});

/// The entry for a field: by message and name, by the field around it and name, by name, or that of the nearest field
/// around it that has one.
fn entry(message: &Message, path: &[usize]) -> Option<(String, &'static Entry)> {
    (0..=path.len()).rev().find_map(|length| {
        let field = message.root.at(path.get(..length)?)?;
        let parent = length
            .checked_sub(1)
            .and_then(|above| message.root.at(path.get(..above)?));
        let found = ENTRIES
            .get(&format!("{}/{}", message.kind, field.name))
            .or_else(|| ENTRIES.get(&format!("{}/{}", parent?.name, field.name)))
            .or_else(|| ENTRIES.get(field.name.as_ref()))?;
        Some((field.name.to_string(), found))
    })
}

/// Paints the explanation of a field.
pub(super) fn show(ui: &mut Ui, analysis: &Analysis, message: &Message, field: &Field, path: &[usize]) {
    let palette = theme::palette(ui);
    if let Some(error) = &field.error {
        ui.add_space(4.0);
        draw::body(
            ui,
            &format!("These bytes are not what their place asks for: {error}."),
            *palette.bad,
        );
    }
    let Some((name, entry)) = entry(message, path) else {
        return;
    };
    ui.add_space(6.0);
    draw::heading(ui, "In plain words");
    let mut job = egui::text::LayoutJob::default();
    let mut add = |text: &str, weight: Weight, color: egui::Color32| {
        job.append(
            text,
            0.0,
            egui::TextFormat::simple(theme::text(size::BODY, weight), color),
        );
    };
    add(&name, Weight::SemiBold, *palette.text_strong);
    add(&format!("  {} ", entry.words), Weight::Regular, *palette.text);
    add(who_reads(message.protection), Weight::Regular, *palette.text);
    add(&format!("  {}", entry.source), Weight::Regular, *palette.accent);
    job.wrap.max_width = ui.available_width();
    ui.label(job);
    if let Some(words) = here(analysis, message, &name) {
        ui.add_space(4.0);
        draw::card(ui, *palette.card, *palette.border, |ui| {
            draw::body(ui, &format!("Here it matters: {words}"), *palette.text)
        });
    }
}

fn who_reads(protection: Protection) -> &'static str {
    match protection {
        Protection::None => "It travels in the clear: anyone on the path can read it.",
        _ => "It travels encrypted: only the two ends can read it.",
    }
}

/// What the field means in this very handshake.
fn here(analysis: &Analysis, message: &Message, field: &str) -> Option<String> {
    let transcript = &analysis.transcript;
    match (message.kind, field) {
        ("ClientHello", "server_name") => {
            let asked = transcript.sni.as_ref()?;
            let (_, chain) = transcript.chain_sent_by(Side::Server)?;
            let facts = CertificateFacts::from_der(chain.chain.first()?.0.as_bytes()).ok()?;
            let names = facts.subject_alt_names.unwrap_or_default();
            let list = names
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            Some(if names.contains(&GeneralName::Dns(asked.clone())) {
                format!(
                    "the server's certificate lists {asked}, the very name asked for, so the name check in step 3 passes."
                )
            } else {
                format!("the client asks for {asked}; the server's certificate lists {list}.")
            })
        }
        ("ClientHello", "cipher_suites" | "cipher_suite") => {
            Some(format!("the server chose {}.", transcript.cipher_suite.as_ref()?))
        }
        ("ClientHello", "supported_groups" | "key_share" | "NamedGroup" | "KeyShareEntry") => {
            Some(format!("the two agreed on {}.", transcript.group.as_ref()?))
        }
        ("ClientHello", "supported_versions") => {
            Some(format!("the server chose {}.", transcript.version.as_ref()?))
        }
        ("ClientHello", "application_layer_protocol_negotiation") => {
            Some(transcript.alpn.as_ref().map_or_else(
                || "no protocol was agreed on.".to_owned(),
                |alpn| format!("the server chose {alpn}."),
            ))
        }
        ("CertificateRequest", "certificate_authorities" | "authorities" | "DistinguishedName") => {
            let (_, request) = transcript.certificate_request()?;
            let (_, chain) = transcript.chain_sent_by(Side::Client)?;
            let last = chain
                .chain
                .last()
                .and_then(|(der, _)| CertificateFacts::from_der(der.as_bytes()).ok())?;
            let is_named = request.authorities.iter().any(|(der, _)| *der == last.issuer_der);
            Some(if is_named {
                format!(
                    "the client's chain leads to {}, which is among them.",
                    last.issuer_display_name
                )
            } else {
                format!(
                    "the client's chain leads to {}, which is not among them.",
                    last.issuer_display_name
                )
            })
        }
        ("Certificate", "notAfter" | "notBefore" | "validity") => {
            let judge = analysis.capture.sides.of(message.side.peer()).trust.as_ref()?;
            let clock = jiff::Timestamp::from_second(judge.clock_unix_s).ok()?;
            Some(format!(
                "the {} judged it at {}.",
                message.side.peer().word(),
                clock.strftime("%Y-%m-%d %H:%M:%S UTC")
            ))
        }
        ("Certificate", "certificate_list") => {
            let view = analysis.diagnosis.chains.of(message.side);
            let names: Vec<&str> = view.links.iter().map(|link| link.name.as_str()).collect();
            (!names.is_empty()).then(|| format!("the chain reads {}.", names.join(" ← ")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::ENTRIES;

    #[test]
    fn the_mutual_part_has_its_words() {
        for field in [
            "ClientHello",
            "legacy_version",
            "random",
            "cipher_suites",
            "extensions",
            "server_name",
            "supported_groups",
            "signature_algorithms",
            "key_share",
            "supported_versions",
            "CertificateRequest",
            "certificate_request_context",
            "certificate_authorities",
            "Certificate",
            "certificate_list",
            "cert_data",
            "CertificateVerify",
            "CertificateVerify/algorithm",
            "CertificateVerify/signature",
        ] {
            let entry = ENTRIES
                .get(field)
                .unwrap_or_else(|| panic!("{field} has no words"));
            assert!(
                entry.words.len() > 20 && entry.source.starts_with("RFC"),
                "{field}"
            );
        }
    }

    #[test]
    fn no_field_is_told_twice() {
        let list = include_str!("../../../assets/words.ron");
        let lines = list.lines().filter(|line| line.contains("(field: ")).count();
        assert_eq!(lines, ENTRIES.len());
        for entry in ENTRIES.values() {
            assert!(
                !entry.words.is_empty() && !entry.source.is_empty(),
                "{}",
                entry.field
            );
        }
    }
}
