//! Worlds that make a capture. The only module that names rustls configuration types.
//!
//! Deliberately absent: decoding. A source records; it never explains.

pub mod judged;
pub mod lab;
mod lists;
pub mod live;
pub mod oracle;
pub mod packets;
pub mod probe;
mod spiffe;
