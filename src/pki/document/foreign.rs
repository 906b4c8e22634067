//! Keys of other worlds, refused by name.

/// What is wrong with a file of another world that is no PEM, and the mend; `None` where it is none.
pub fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const TLS_KEY: &str = "load the private key that belongs to the TLS certificate";
    const TLS_CERTIFICATE: &str = "load the TLS certificate";
    let begins = |words: &[&str]| words.iter().any(|word| bytes.starts_with(word.as_bytes()));
    let within = |word: &str| {
        let head = bytes.get(..4096).unwrap_or(bytes);
        head.windows(word.len()).any(|window| window == word.as_bytes())
    };
    if begins(&["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-sha2-"]) {
        Some(("this is an SSH public key", TLS_CERTIFICATE))
    } else if within("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY") {
        Some(("this is an SSH private key", TLS_KEY))
    } else if begins(&["PuTTY-User-Key-File-"]) {
        Some(("this is a private key of PuTTY, for SSH", TLS_KEY))
    } else if begins(&["---- BEGIN SSH2 PUBLIC KEY"]) {
        Some(("this is an SSH public key", TLS_CERTIFICATE))
    } else if is_pgp_key(bytes) {
        Some((
            "this is a PGP key or message",
            "load the TLS certificate and its private key",
        ))
    } else if begins(&["AGE-SECRET-KEY-", "age-encryption.org/"]) {
        Some((
            "this belongs to the program age",
            "load the TLS certificate and its private key",
        ))
    } else {
        None
    }
}

/// The packet of a PGP key without armour (RFC 9580 §4.2, §5.5.2): a public or a secret one, its length in one byte or two, a version,
/// when it was made, and an algorithm that there is.
fn is_pgp_key(bytes: &[u8]) -> bool {
    let ([0x94 | 0x98, _, key @ ..]
    | [0x95 | 0x99, _, _, key @ ..]
    | [0xc5 | 0xc6, 0..=191, key @ ..]
    | [0xc5 | 0xc6, 192..=223, _, key @ ..]) = bytes
    else {
        return false;
    };
    matches!(key, [3..=6, _, _, _, _, 1..=3 | 16..=19 | 22 | 25..=28, ..])
}
