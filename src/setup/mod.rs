//! The set-up of a pair: both ends' material and policy, the name, the wire. Plain data, built once, read by the lab, the
//! time machine, the slots' dots, repair and scenarios.
//!
//! What a side judges by is worked out here and nowhere else ([`trust_of`](LabSetup::trust_of)): two places that built it
//! by themselves forgot what the third looked at.
//!
//! Deliberately absent: rustls, files, and anything that runs.

mod fingerprint;
mod lab;
mod trust;

pub use lab::{Fault, FaultTarget, Identity, LabSetup, Limits, Party, SidePolicy, TlsVersion};
