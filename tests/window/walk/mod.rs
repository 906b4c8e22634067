//! Walks through the window: what every screen says, and what every button does, held to golden texts.
//!
//! After a wanted change: `INSTA_UPDATE=always CI= cargo test --test window walk`, then read the difference.

mod controls;
mod dialogs;
mod heard;
mod menus;
mod sessions;
mod told;
