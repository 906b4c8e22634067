//! The bounds of a request: what its author sets, and what asks one address heeds.

use std::time::Duration;

use crate::net::Reach;
use crate::pki::LARGEST_FILE_BYTES;

/// How long, how much, how far.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until there is a connection, for each address.
    pub connect: Duration,
    /// From the name's resolution to the last byte, redirects included, for each address.
    pub each: Duration,
    /// For all addresses of the request together.
    pub in_all: Duration,
    /// So many addresses are asked.
    pub most_addresses: usize,
    /// The longest answer, in bytes.
    pub most_bytes: u64,
    /// Whether private addresses may be asked.
    pub reach: Reach,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            each: Duration::from_secs(10),
            in_all: Duration::from_secs(30),
            most_addresses: 64,
            most_bytes: LARGEST_FILE_BYTES,
            reach: Reach::Public,
        }
    }
}

impl Limits {
    /// The time of one address, in whole seconds, for a sentence.
    pub(super) fn seconds(&self) -> u64 {
        whole_seconds(self.each.min(self.in_all))
    }
}

pub(super) fn whole_seconds(span: Duration) -> u64 {
    span.as_millis().div_ceil(1000) as u64
}

#[cfg(test)]
mod tests;
