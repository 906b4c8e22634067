//! Many snapshots in one test: every one that differs is told, not the first alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Those that differ so far.
#[derive(Default)]
pub struct Each {
    differ: Vec<String>,
}

impl Each {
    /// Holds a text to its snapshot.
    pub fn holds(&mut self, name: &str, text: &str) {
        let hold = || insta::assert_snapshot!(name.replace('/', "-"), text);
        if catch_unwind(AssertUnwindSafe(hold)).is_err() {
            self.differ.push(name.to_owned());
        }
    }

    /// Fails with the names of all that differ.
    pub fn end(self) {
        assert!(self.differ.is_empty(), "differ: {}", self.differ.join(", "));
    }
}
