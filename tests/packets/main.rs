//! Packet capture files: every form of them, and what the decoder makes of captures that nobody here made.
#![allow(missing_docs, reason = "a test")]

#[path = "../support/mod.rs"]
mod support;

mod carried;
mod corpora_captures;
mod field_packets;
mod files;
mod forms;
mod midway;
mod order;
mod packed;
mod pcapng;
mod read;
mod seeds;
mod tcp;
mod tds;
mod wifi;
mod wrapped;
