//! What the withhold tests run: certificates, a server that asks as it is told, and the real clients.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(missing_docs, reason = "test support")]

pub mod by_hand;
pub mod cases;
pub mod clients;
#[path = "../key_schedule.rs"]
pub mod key_schedule;
pub mod pki;
pub mod proxies;
pub mod server;
pub mod stacks;
