//! Connections to where a name leads, within bounds: every address of the name, one deadline for the whole, a cancel that is
//! heeded, and a guard on addresses that only this machine's own network has.
//!
//! `limit` is the deadline with its cancel, `guard` knows which addresses are whose, `resolve` asks the system for a name's
//! addresses, `dial` connects to one of them, `connection` reads and writes until the deadline.
//!
//! A name is resolved once, and what was checked is what is connected to: a second answer of the name server (DNS rebinding)
//! is never asked for.
//!
//! Deliberately absent: TLS and HTTP. Who uses this speaks them.

mod connection;
mod dial;
mod guard;
mod limit;
mod resolve;

pub use connection::Connection;
pub use dial::{connect, dial};
pub use guard::{Reach, private_name, private_range};
pub use limit::Limit;
pub use resolve::{host_and_port, resolve};

/// Why there is no connection. `Display` is a clause for a sentence of the caller's, which names the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The deadline passed.
    #[error("it took too long")]
    TimedOut,
    /// The user ended it.
    #[error("it was cancelled")]
    Cancelled,
    /// The name has no address.
    #[error("the name has no address: {words}")]
    NoAddress {
        /// The system's words.
        words: String,
    },
    /// All addresses of the name are ones that the guard refuses.
    #[error("{address} is {range}")]
    Private {
        /// The first of them.
        address: std::net::IpAddr,
        /// What it belongs to: `a private address`.
        range: &'static str,
    },
    /// No address let us in.
    #[error("{words}")]
    Refused {
        /// The system's words, with the address for each.
        words: String,
    },
}
