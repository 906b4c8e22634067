//! The lab pair: our own rustls client and server over an in-memory pipe, with the user's certificates.

mod setup;

pub use setup::{Fault, FaultTarget, Identity, LabSetup, Party, TlsVersion};
