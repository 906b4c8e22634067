//! What holds certificates and keys closed, each form in a file of its own: PKCS#12, Java's key stores, PKCS#7, encrypted
//! private keys.
//!
//! Each takes bytes and passphrases and gives what was in them, or a fault in words. Where they lay is the loader's.

mod ber;
mod java;
mod java_keys;
mod legacy;
mod limits;
mod opened;
mod pkcs12;
mod pkcs12_forms;
mod pkcs12_outline;
mod pkcs7;
mod pkcs8;

pub(super) use java::{is_java_store, open_java_store};
pub(super) use legacy::open_legacy_key;
pub(super) use opened::{Fault, Opened};
pub(super) use pkcs7::{is_pkcs7, open_pkcs7};
pub(super) use pkcs8::open_encrypted_key;
pub(super) use pkcs12::{is_legacy_pkcs12, is_pkcs12, open_pkcs12};
