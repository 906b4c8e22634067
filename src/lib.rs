//! mtlscope shows a mutual TLS handshake happening, byte by byte and step by step, and says why it failed.

pub mod capture;
pub mod decode;
pub mod pki;
pub mod source;
