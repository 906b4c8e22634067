//! The lab pair: our own rustls client and server over an in-memory pipe, with the user's certificates.
//!
//! One record is delivered at a time, so that every callback belongs to a message. The client reads before it writes: a
//! late alert is seen, and not lost behind a write.

mod configure;
mod endpoint;
mod error;
mod recorder;
mod run;
mod stack;
mod wire;
mod witness;

pub use configure::{Supported, supported};
pub use error::LabError;
pub use run::{run, run_blocking};
pub use stack::RUSTLS_VERSION;

pub(super) use configure::{client, root_store, server};
pub(super) use endpoint::{Endpoint, Talk};
pub(super) use recorder::Recorder;
pub(super) use run::captured;
pub(super) use stack::verdict_of;
