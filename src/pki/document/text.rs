//! Texts that hold PEM or its base64.

use base64::Engine;
use zeroize::Zeroizing;

/// The first bytes of a PEM's base64.
const BASE64_OF_PEM: &str = "LS0tLS1CRUdJTi";

/// PEM, its base64, a kubeconfig in a ConfigMap.
pub fn holds_something(text: &str) -> bool {
    text.contains("-----BEGIN ") || is_base64_of_pem(text) || text.contains("certificate-authority-data:")
}

/// By its first characters.
fn is_base64_of_pem(text: &str) -> bool {
    text.trim_start().starts_with(BASE64_OF_PEM)
}

/// Base64 as Kubernetes takes it: line breaks are passed over.
pub fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let compact: Zeroizing<String> =
        Zeroizing::new(text.chars().filter(|c| !c.is_ascii_whitespace()).collect());
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(compact.as_bytes())
        .ok()?;
    Some(Zeroizing::new(bytes))
}
