//! What nobody gave is built in, and named so: each combination of certificate, key and trust.

use crate::support::command::{mtlscope, stdout};

/// The sentence on what is built in of one side, in one line.
fn told(side: &str, flags: &[&str]) -> String {
    let output = stdout(&mtlscope(&[&["lab"], flags].concat()));
    let words = output.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, taken) = words.split_once("Taken for granted").unwrap_or(("", ""));
    let mut sentences = taken
        .split(". ")
        .filter(|sentence| sentence.contains("built in: you gave"));
    let found = sentences.find(|sentence| sentence.trim().starts_with(&format!("The {side}'s")));
    found.map(str::trim).unwrap_or_default().to_owned()
}

#[test]
fn what_is_built_in_is_named_for_each_side() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    mtlscope(&["lab", "--write-built-in", path]);
    for side in ["client", "server"] {
        let name = if side == "client" { "orders" } else { "payments" };
        let file = |ending: &str| format!("{path}/{name}.{ending}");
        let (certificate, key) = (file("pem"), file("key"));
        assert!(std::path::Path::new(&certificate).is_file() && std::path::Path::new(&key).is_file());
        let flag = |what: &str| format!("--{side}-{what}");
        let (with_certificate, with_key, with_trust) = (flag("cert"), flag("key"), flag("trust"));
        for (flags, built_in) in [
            (vec![], "certificate, key and trust store are built in"),
            (vec![&with_key, &key], "certificate and trust store are built in"),
            (
                vec![&with_certificate, &certificate, &with_key, &key],
                "trust store is built in",
            ),
            (
                vec![&with_trust, &certificate],
                "certificate and key are built in",
            ),
            (
                vec![&with_key, &key, &with_trust, &certificate],
                "certificate is built in",
            ),
            (
                vec![
                    &with_certificate,
                    &certificate,
                    &with_key,
                    &key,
                    &with_trust,
                    &certificate,
                ],
                "",
            ),
        ] {
            let flags: Vec<&str> = flags.into_iter().map(String::as_str).collect();
            let wanted = if built_in.is_empty() {
                String::new()
            } else {
                format!("The {side}'s {built_in}: you gave none")
            };
            assert_eq!(told(side, &flags), wanted, "{flags:?}");
        }
    }
}
