//! In plain words: what a field is, who can read it on the wire, and what it means in this handshake.

use std::collections::HashMap;
use std::sync::LazyLock;

use egui::Ui;
use serde::Deserialize;

use super::here::here;
use crate::analysis::Analysis;
use crate::decode::{Field, Message, Protection};
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
        Some((field.name.to_string(), own_entry(message, parent, field)?))
    })
}

/// The entry that is a field's own.
fn own_entry(message: &Message, parent: Option<&Field>, field: &Field) -> Option<&'static Entry> {
    // Numbers that no registry has share their words.
    let name = if field.name.starts_with("extension 0x") {
        "extension"
    } else {
        field.name.as_ref()
    };
    ENTRIES
        .get(&format!("{}/{name}", message.kind))
        .or_else(|| ENTRIES.get(&format!("{}/{name}", parent?.name)))
        .or_else(|| ENTRIES.get(name))
}

/// Paints the explanation of a field.
pub(super) fn show(
    ui: &mut Ui,
    analysis: &Analysis,
    index: usize,
    message: &Message,
    field: &Field,
    path: &[usize],
) {
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
    if let Some(words) = here(analysis, index, message, path, &name) {
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

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;

    /// Whether a field has words of its own, or is the one content of a field that has them (the bytes of a vector).
    fn is_explained(message: &Message, path: &[usize]) -> bool {
        let Some(field) = message.root.at(path) else {
            return false;
        };
        let parent = path
            .len()
            .checked_sub(1)
            .and_then(|above| message.root.at(path.get(..above)?));
        let has = |field: &Field, parent: Option<&Field>| own_entry(message, parent, field).is_some();
        let grandparent = path
            .len()
            .checked_sub(2)
            .and_then(|above| message.root.at(path.get(..above)?));
        has(field, parent)
            || parent.is_some_and(|parent| {
                has(parent, grandparent)
                    && parent
                        .children
                        .iter()
                        .filter(|child| child.name != "length")
                        .count()
                        == 1
            })
    }

    fn visit(
        message: &Message,
        field: &Field,
        path: &mut Vec<usize>,
        missing: &mut std::collections::BTreeSet<String>,
    ) {
        // What no grammar foresaw has its error for an explanation.
        if field.error.is_none() && !is_explained(message, path) {
            let parent = path
                .len()
                .checked_sub(1)
                .and_then(|above| message.root.at(path.get(..above)?));
            missing.insert(format!(
                "{} … {}/{}",
                message.kind,
                parent.map_or("", |parent| &parent.name),
                field.name
            ));
        }
        for (index, child) in field.children.iter().enumerate() {
            path.push(index);
            visit(message, child, path, missing);
            path.pop();
        }
    }

    /// Every TLS connection of every packet capture below a folder.
    fn captures(folder: &Path, each: &mut dyn FnMut(&crate::decode::Transcript)) {
        use crate::source::packets::{PacketIndex, key_log_beside};
        let cancel = crate::cancel::Cancel::default();
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                captures(&path, each);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "pcap" || extension == "pcapng")
                && let Ok(index) = PacketIndex::open(&path, &cancel, &mut |_| {})
            {
                let survey = crate::survey::Survey::of(index, key_log_beside(&path).0, &cancel, &|_, _| {})
                    .expect("read");
                for row in &survey.rows {
                    each(&crate::decode::decode(&survey.capture(row).expect("read")));
                }
            }
        }
    }

    #[test]
    fn every_field_that_a_fixture_shows_is_explained() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions");
        let mut missing = std::collections::BTreeSet::new();
        let mut sessions = 0;
        for entry in std::fs::read_dir(folder).expect("the fixtures") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "ron") {
                continue;
            }
            let session = crate::session::load(&path).expect("a session");
            let transcript = crate::decode::decode(&Arc::clone(&session.capture));
            for message in &transcript.messages {
                visit(message, &message.root, &mut Vec::new(), &mut missing);
            }
            sessions += 1;
        }
        assert!(sessions > 5, "{sessions} fixtures");
        // And every field of captures that nobody here made, where they are at hand; in CI they must be.
        assert!(
            std::env::var_os("CI").is_none() || std::env::var_os("MTLSCOPE_CORPORA").is_some(),
            "MTLSCOPE_CORPORA is not set, and this is CI"
        );
        if let Ok(root) = std::env::var("MTLSCOPE_CORPORA") {
            captures(Path::new(&root), &mut |transcript| {
                for message in &transcript.messages {
                    visit(message, &message.root, &mut Vec::new(), &mut missing);
                }
            });
        }
        assert!(
            missing.is_empty(),
            "no words for:\n{}",
            Vec::from_iter(missing).join("\n")
        );
    }

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
