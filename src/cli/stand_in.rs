//! Stands in for two rooms that are being built: `session` and `scenario`. Goes away when they open.

use std::path::Path;
use std::sync::Arc;

use super::setup::Unusable;
use crate::capture::{Capture, ClientAuth, PerSide};
use crate::pki::{Minted, Recipe, mint, read_limited};
use crate::source::lab::{Identity, LabSetup, Party};

/// A saved capture.
pub(super) struct Session {
    pub capture: Arc<Capture>,
}

impl Session {
    pub fn new(capture: Arc<Capture>) -> Self {
        Self { capture }
    }
}

fn cannot(path: &Path, why: impl std::fmt::Display) -> Unusable {
    Unusable(format!("{}: {why}", path.display()))
}

pub(super) fn save(path: &Path, session: &Session) -> Result<(), Unusable> {
    let text = ron::ser::to_string_pretty(&*session.capture, ron::ser::PrettyConfig::default())
        .map_err(|error| cannot(path, error))?;
    std::fs::write(path, text).map_err(|error| cannot(path, error))
}

pub(super) fn load(path: &Path) -> Result<Session, Unusable> {
    let bytes = read_limited(path, 64 * 1024 * 1024).map_err(|error| {
        let (what, mend) = error.words();
        cannot(path, format!("{what}; {mend}"))
    })?;
    ron::de::from_bytes(&bytes)
        .map(|capture: Capture| Session::new(Arc::new(capture)))
        .map_err(|error| cannot(path, format!("this is no session: {error}")))
}

const RECIPES: &str = r#"[
    (name: "root", subject: "Mesh Root 2026", is_ca: true),
    (name: "issuer", subject: "Mesh Issuer", issuer: Some("root"), is_ca: true, path_len: Some(0)),
    (name: "payments", subject: "payments", issuer: Some("issuer"), sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "orders", subject: "orders", issuer: Some("issuer"), sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
]"#;

pub(super) fn built_in() -> Result<LabSetup, Unusable> {
    let broken = |words: String| Unusable(format!("the built-in identities cannot be made: {words}"));
    let recipes: Vec<Recipe> = ron::from_str(RECIPES).map_err(|error| broken(error.to_string()))?;
    let now = jiff::Timestamp::now().as_second();
    let minted = mint(&recipes, now).map_err(|error| broken(error.to_string()))?;
    let party = |name| party(&minted, name).map_err(|error| broken(error.to_string()));
    Ok(LabSetup {
        parties: PerSide {
            client: party("orders")?,
            server: party("payments")?,
        },
        server_name: "payments.shop.svc".to_owned(),
        client_auth: ClientAuth::Required,
        fault: None,
        known: Vec::new(),
        timeout_ms: 2_000,
    })
}

fn party(minted: &Minted, name: &str) -> Result<Party, crate::pki::MintError> {
    let leaf = minted.find(name)?;
    Ok(Party {
        label: Some(name.to_owned()),
        identity: Some(Identity {
            chain: vec![
                leaf.certificate.clone(),
                minted.find("issuer")?.certificate.clone(),
            ],
            key: Some(leaf.key.clone()),
        }),
        trust: vec![minted.find("root")?.certificate.clone()],
        alpn: vec!["h2".to_owned(), "http/1.1".to_owned()],
        ..Party::default()
    })
}
