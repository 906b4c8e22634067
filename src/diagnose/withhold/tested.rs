//! With which versions of the real programs the rules were held.
//!
//! `assets/withhold.ron` is written by `tests/stacks/withhold.rs`, which asks every program in every case, never by hand.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// One stack's run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tested {
    /// As in [`super::Opinion::stack`].
    pub stack: String,
    /// `3.0.22`, with what it was built on where that counts.
    pub version: String,
    /// How often the program was asked, and did what the rules say.
    pub cases: usize,
}

static TESTED: LazyLock<Vec<Tested>> = LazyLock::new(|| {
    // The asset is part of the binary and a test parses it.
    ron::from_str(include_str!("../../../assets/withhold.ron")).unwrap_or_default()
});

/// The run of a stack.
pub(super) fn of(stack: &str) -> Option<&'static Tested> {
    TESTED.iter().find(|tested| tested.stack == stack)
}
