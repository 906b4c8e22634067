//! How each stack is asked: a file for each, and this one list of them.

#[cfg(all(test, unix))]
mod commands_tests;
mod curl;
mod driven;
mod envoy;
pub(super) mod given;
mod gnutls;
mod go;
mod java;
mod nginx;
mod node;
mod openssl;
mod python;

use std::ffi::OsString;
use std::path::Path;

use crate::stack::Stack;
use given::Asked;

/// How it is asked; `None` for what is built in.
pub(super) fn asked(stack: Stack) -> Option<Asked> {
    match stack {
        Stack::OpenSsl => Some(openssl::ASKED),
        Stack::GnuTls => Some(gnutls::ASKED),
        Stack::Curl => Some(curl::ASKED),
        Stack::Go => Some(go::ASKED),
        Stack::Java => Some(java::ASKED),
        Stack::Node => Some(node::ASKED),
        Stack::Python => Some(python::ASKED),
        Stack::Nginx => Some(nginx::ASKED),
        Stack::Envoy => Some(envoy::ASKED),
        Stack::Rustls => None,
    }
}

/// What the environment of this stack's programs needs beside what all get.
pub(super) fn environment(stack: Stack, workspace: &Path) -> Vec<(&'static str, OsString)> {
    match stack {
        Stack::Go => go::environment(workspace),
        _ => Vec::new(),
    }
}
