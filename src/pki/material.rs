//! Certificates of the scenarios that the library cannot mint: made with OpenSSL, see `assets/scenarios/material/README.md`.

/// The PEM text of this name: a certificate and, for a leaf, its key.
pub(super) fn find(name: &str) -> Option<&'static str> {
    MATERIAL
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

const MATERIAL: &[(&str, &str)] = &[
    (
        "teaching-root",
        include_str!("../../assets/scenarios/material/teaching-root.pem"),
    ),
    (
        "sha1-leaf",
        include_str!("../../assets/scenarios/material/sha1-leaf.pem"),
    ),
    (
        "v1-leaf",
        include_str!("../../assets/scenarios/material/v1-leaf.pem"),
    ),
    (
        "p521-leaf",
        include_str!("../../assets/scenarios/material/p521-leaf.pem"),
    ),
    (
        "rsa1024-root",
        include_str!("../../assets/scenarios/material/rsa1024-root.pem"),
    ),
    (
        "rsa1024-signed-leaf",
        include_str!("../../assets/scenarios/material/rsa1024-signed-leaf.pem"),
    ),
    (
        "ed448-root",
        include_str!("../../assets/scenarios/material/ed448-root.pem"),
    ),
    (
        "ed448-signed-leaf",
        include_str!("../../assets/scenarios/material/ed448-signed-leaf.pem"),
    ),
];
