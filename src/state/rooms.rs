//! Where the state asks the rooms to its left. Everything here is slow and runs on the worker.

use std::path::Path;
use std::sync::Arc;

use super::root::ScenarioCard;
use super::setup::Setup;
use crate::analysis::Analysis;
use crate::capture::Capture;
use crate::pki::{Recipe, mint};
use crate::source::lab::{Identity, LabSetup, Party};

/// Title, notes and evidence: what a session file keeps.
pub(super) struct Kept {
    pub title: String,
    pub notes: String,
    pub capture: Arc<Capture>,
}

pub(super) fn analyse(capture: Arc<Capture>) -> Analysis {
    let transcript = crate::decode::decode(&capture);
    let diagnosis = crate::diagnose::diagnose(&capture, &transcript);
    let story = crate::story::tell(&capture, &transcript, &diagnosis);
    Analysis {
        capture,
        transcript,
        diagnosis,
        story,
    }
}

/// The built-in identities, minted now.
pub(super) fn built_in() -> Result<Setup, String> {
    let text = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true, path_len: 0),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc", "IP:127.0.0.1"], purposes: ["serverAuth"]),
    (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    ]"#;
    let recipes: Vec<Recipe> = ron::Options::default()
        .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
        .from_str(text)
        .map_err(|error| error.to_string())?;
    let minted = mint(&recipes, jiff::Timestamp::now().as_second()).map_err(|error| error.to_string())?;
    let party = |name: &str| -> Result<Party, String> {
        let find = |name: &str| minted.find(name).map_err(|error| error.to_string());
        Ok(Party {
            label: Some(name.to_owned()),
            identity: Some(Identity {
                chain: vec![
                    find(name)?.certificate.clone(),
                    find("issuer")?.certificate.clone(),
                ],
                key: Some(find(name)?.key.clone()),
            }),
            trust: vec![find("root")?.certificate.clone()],
            alpn: vec!["h2".to_owned(), "http/1.1".to_owned()],
            ..Party::default()
        })
    };
    Ok(Setup::from_lab(LabSetup {
        parties: crate::capture::PerSide {
            client: party("client")?,
            server: party("server")?,
        },
        server_name: "payments.shop.svc".to_owned(),
        client_auth: crate::capture::ClientAuth::Required,
        fault: None,
        known: Vec::new(),
        timeout_ms: 3_000,
    }))
}

/// The gallery.
pub(super) fn scenarios() -> Vec<ScenarioCard> {
    Vec::new()
}

/// A scenario, minted now.
pub(super) fn scenario(id: &str) -> Result<Setup, String> {
    Err(format!("there is no scenario called “{id}”"))
}

/// Writes a session.
pub(super) fn save(path: &Path, _kept: &Kept) -> Result<(), String> {
    Err(format!("{}: cannot be saved yet", path.display()))
}

/// Reads a session.
pub(super) fn open(path: &Path) -> Result<Kept, String> {
    Err(format!("{}: cannot be opened yet", path.display()))
}
