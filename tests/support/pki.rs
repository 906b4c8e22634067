//! A small PKI for tests, minted from recipes.

use mtlscope::capture::{ClientAuth, PerSide};
use mtlscope::pki::{Minted, Recipe, mint};
use mtlscope::setup::{Identity, LabSetup, Party, SidePolicy};

/// Now, in seconds since the epoch.
pub fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map(|elapsed| elapsed.as_secs() as i64)
        .expect("the clock stands after 1970")
}

/// Mints recipes written in RON, now.
pub fn minted(recipes: &str) -> Minted {
    minted_at(recipes, now())
}

/// Mints recipes written in RON at a second since the epoch.
pub fn minted_at(recipes: &str, now_unix_s: i64) -> Minted {
    let recipes: Vec<Recipe> = ron::Options::default()
        .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
        .from_str(recipes)
        .expect("the recipes parse");
    mint(&recipes, now_unix_s).expect("the recipes mint")
}

/// A root, an intermediate, a client and a server; and the usual ways to be wrong.
pub const USUAL: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true),
    (name: "other", subject: "Other Root", is_ca: true),
    (name: "impostor", subject: "Mesh Root", is_ca: true),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true, path_len: 0),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc", "IP:127.0.0.1"], purposes: ["serverAuth"]),
    (name: "server-direct", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "client-other", subject: "orders", issuer: "other", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "client-impostor", subject: "orders", issuer: "impostor", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "client-purpose", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["serverAuth"]),
    (name: "client-expired", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"], from_hours: -48, until_hours: -24),
]"#;

/// A party that presents `chain` (leaf first) and trusts `trust`.
pub fn party(minted: &Minted, chain: &[&str], trust: &[&str]) -> Party {
    let find = |name: &str| minted.find(name).expect("the recipe exists");
    Party {
        label: chain.first().map(|name| (*name).to_owned()),
        identity: (!chain.is_empty()).then(|| Identity {
            chain: chain.iter().map(|name| find(name).certificate.clone()).collect(),
            key: Some(find(chain[0]).key.clone()),
        }),
        trust: trust.iter().map(|name| find(name).certificate.clone()).collect(),
        policy: SidePolicy {
            alpn: vec!["h2".to_owned()],
            ..SidePolicy::default()
        },
    }
}

/// A setup in which both sides trust `root` and the server is good.
pub fn setup(minted: &Minted, client_chain: &[&str]) -> LabSetup {
    LabSetup {
        parties: PerSide {
            client: party(minted, client_chain, &["root"]),
            server: party(minted, &["server", "issuer"], &["root"]),
        },
        server_name: "payments.shop.svc".to_owned(),
        client_auth: ClientAuth::Required,
        fault: None,
        known: Vec::new(),
        timeout_ms: 300,
        wall_clock: mtlscope::clock::Clock::default(),
    }
}
