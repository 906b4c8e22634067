//! What the withhold tests run: certificates, a server that asks as it is told, and the real clients.

pub mod by_hand;
pub mod cases;
pub mod clients;
pub mod pki;
pub mod proxies;
pub mod server;
pub mod stacks;
