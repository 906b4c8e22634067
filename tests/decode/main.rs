//! Bytes into records, messages and fields; what is kept of a capture and what never changes about it.
#![allow(missing_docs, reason = "a test")]

#[path = "../support/mod.rs"]
mod support;

mod bounds;
mod golden;
mod lab;
mod mutation;
mod outside;
mod promises;
mod rfc8448;
mod session;
mod shut;
