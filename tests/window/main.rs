//! The window, used by the names that a screen reader hears, and the pictures of it.
#![allow(missing_docs, reason = "a test")]

#[path = "../support/mod.rs"]
mod support;

mod carried;
mod compare;
mod cut;
mod dialogs;
mod explain;
mod export;
mod fetch;
mod files;
mod hover;
mod lists;
mod motion;
mod opinions;
mod opinions_agreed;
mod packets;
mod parts;
mod passphrase;
mod paths;
mod repair;
mod rosetta;
mod screens;
mod setup;
mod sizes;
mod tabs;
mod theme;
mod usage;
mod walk;
mod whole;
mod why;
mod wire_bytes;
mod withhold_shown;
mod words;
mod workshop;
mod workshop_kept_back;
mod workshop_packs;
mod workshop_pictures;
mod zones;
