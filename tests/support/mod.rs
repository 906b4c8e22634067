//! What several tests share.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(missing_docs, reason = "test support")]

pub mod chains;
pub mod cpu_renderer;
pub mod http;
pub mod packets;
pub mod paths;
pub mod pem;
pub mod pki;
pub mod told;
pub mod window;
