//! mtlscope shows a mutual TLS handshake happening, byte by byte and step by step, and says why it failed.

pub mod capture;
pub mod decode;
pub mod pki;
pub mod scenario;
pub mod session;
pub mod source;

pub mod analysis;
pub mod diagnose;
pub mod iana;
pub mod state;
pub mod story;
pub mod ui;
