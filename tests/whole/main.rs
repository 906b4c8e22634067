//! Whole answers, word for word: what only looks at the first of several misses a mistake in the second.
//!
//! After a wanted change: `INSTA_UPDATE=always CI= cargo test --test whole`, then read the difference.
#![allow(missing_docs, reason = "a test")]

#[path = "../support/forge.rs"]
#[allow(dead_code, reason = "each test binary uses a part")]
mod forge;

mod alerts;
mod captures;
mod digest;
mod each;
mod ends;
mod files;
mod forms;
mod judged;
mod lines;
mod list;
mod printed;
mod recorded;
mod recorded_constraints;
mod recorded_fields;
mod recorded_keys;
mod recorded_lists;
mod recorded_names;
mod recorded_paths;
mod sessions;
mod shapes;
mod text;
mod trio;
mod wire;
