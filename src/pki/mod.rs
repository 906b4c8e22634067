//! The ground floor: reading certificates and keys, their facts, whether they match, and minting.
//!
//! Knows nothing of TLS, captures or screens.

mod facts;
mod key;
mod load;

pub use facts::{CertificateFacts, GeneralName, KeyKind, KeyUsage, Malformed, Purpose};
pub use key::PrivateKey;
pub use load::{Bundle, LoadError, LoadedCertificate, LoadedKey};
