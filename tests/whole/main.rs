//! Whole answers, word for word: what only looks at the first of several misses a mistake in the second.
//!
//! After a wanted change: `INSTA_UPDATE=always CI= cargo test --test whole`, then read the difference.
#![allow(missing_docs, reason = "a test")]

mod alerts;
mod captures;
mod digest;
mod each;
mod files;
mod forms;
mod lines;
mod printed;
mod sessions;
mod shapes;
mod text;
mod wire;
