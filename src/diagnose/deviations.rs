//! Who refused the chain of which rule, as they themselves showed it.
//!
//! `assets/deviations.ron` is written by `tests/stacks/deviations.rs`, which makes a chain for every rule and hands it to the real
//! programs; nothing in it is typed in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// What the programs did with the chains of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviations {
    /// The programs that were asked, with their versions, by their short names.
    pub programs: Vec<Program>,
    /// By rule.
    pub rules: BTreeMap<String, Rule>,
}

/// A program that judges chains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// `openssl`, `openssl-strict`, `gnutls`, `go`, `java`.
    pub id: String,
    /// `OpenSSL 3.0.22`, as people call it.
    pub name: String,
}

/// What came of one rule's chain: in the words of each program that refused it. Who is not here accepted it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// By the program's short name.
    pub refused: BTreeMap<String, String>,
}

static ALL: LazyLock<Deviations> = LazyLock::new(|| {
    // The asset is part of the binary and a test reads it: one that does not parse is found there.
    ron::from_str(include_str!("../../assets/deviations.ron")).unwrap_or_default()
});

/// The programs and what they did.
pub fn deviations() -> &'static Deviations {
    &ALL
}
