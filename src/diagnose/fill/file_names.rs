//! What files and resources are called that commands make of the user's own.

/// A Kubernetes name is a label, with an ending of ours (RFC 1123 §2.1: 63 letters); a file name is no longer than 255 bytes.
const MOST_OF_RESOURCE: usize = 40;

/// `orders` for `certs/orders.pem`: a Kubernetes name, lower-case letters, digits and hyphens (RFC 1123 §2.1). What an
/// earlier remedy made of it is called as what it was made from.
pub(in crate::diagnose) fn resource_of(file: &str) -> String {
    let stem = stem(file);
    let words: Vec<String> = stem
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut name = words.join("-");
    name.truncate(MOST_OF_RESOURCE);
    let name = without_endings(name.trim_matches('-'));
    if name.is_empty() {
        "peer".to_owned()
    } else {
        name.to_owned()
    }
}

/// `orders-chain.pem` for `certs/orders.pem`, where the commands are run: the directory of the certificates may be a
/// read-only one. What is called so already is not called so twice.
pub(in crate::diagnose) fn chain_file_of(file: &str) -> String {
    let stem = without_endings(stem(file));
    let kept: String = if stem.len() > 200 {
        stem.chars().take(MOST_OF_RESOURCE).collect()
    } else {
        stem.to_owned()
    };
    format!("{}-chain.pem", if kept.is_empty() { "peer" } else { &kept })
}

/// Without what a remedy adds to a name.
fn without_endings(mut stem: &str) -> &str {
    while let Some(shorter) = ["-chain", "-new"]
        .iter()
        .find_map(|ending| stem.strip_suffix(ending))
        .filter(|shorter| !shorter.is_empty())
    {
        stem = shorter;
    }
    stem
}

/// The last part of a path, without its ending.
fn stem(file: &str) -> &str {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    match base.rsplit_once('.') {
        Some((before, _)) if !before.is_empty() => before,
        _ => base,
    }
}

#[cfg(test)]
mod tests {
    use super::{chain_file_of, resource_of};

    #[test]
    fn what_a_remedy_made_is_not_called_so_twice() {
        for (file, chain, resource) in [
            ("certs/orders.pem", "orders-chain.pem", "orders"),
            ("orders-chain.pem", "orders-chain.pem", "orders"),
            ("orders-chain-chain.pem", "orders-chain.pem", "orders"),
            ("orders-new.pem", "orders-chain.pem", "orders"),
            ("orders-new-chain.pem", "orders-chain.pem", "orders"),
            ("new.pem", "new-chain.pem", "new"),
            ("-new.pem", "-new-chain.pem", "new"),
            ("my orders", "my orders-chain.pem", "my-orders"),
            (".pem", ".pem-chain.pem", "pem"),
            ("a\\b.pem", "b-chain.pem", "b"),
        ] {
            assert_eq!(chain_file_of(file), chain, "{file}");
            assert_eq!(resource_of(file), resource, "{file}");
        }
        let long = format!("{}.pem", "x".repeat(5_000));
        assert!(chain_file_of(&long).len() < 100 && resource_of(&long).len() <= 40);
    }
}
