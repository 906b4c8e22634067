//! Minted identities as text, as files and pastes hold them.

use base64::Engine;
use mtlscope::pki::Minted;

/// A PEM block (RFC 7468 §2).
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("base64"))
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// A chain, leaf first, and the leaf's key in one text.
pub fn identity(pki: &Minted, chain: &[&str]) -> String {
    let find = |name: &str| pki.find(name).expect("minted");
    let key = pem("PRIVATE KEY", find(chain[0]).key.key.der.secret_der());
    let chain = chain
        .iter()
        .map(|name| pem("CERTIFICATE", &find(name).certificate.der));
    chain.collect::<String>() + &key
}
