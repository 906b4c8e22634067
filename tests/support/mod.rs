//! What several tests share.
#![allow(dead_code, unused_imports, reason = "each test binary uses a part")]
#![allow(missing_docs, reason = "test support")]

pub mod ber;
pub mod carried;
pub mod chain_files;
pub mod chains;
pub mod chromium;
pub mod command;
pub mod cpu_renderer;
pub mod field;
pub mod forge;
pub mod grids;
pub mod http;
pub mod judges;
pub mod key_schedule;
pub mod log_lines;
pub mod machine;
pub mod openssl;
pub mod packets;
pub mod paths;
pub mod peers;
pub mod pem;
pub mod pki;
pub mod revocation;
pub mod rfc8448;
pub mod rules;
pub mod stacks;
pub mod stub_programs;
pub mod told;
pub mod traffic;
pub mod truth;
pub mod wifi;
pub mod window;
pub mod withhold;
pub mod wrapped;
pub mod wraps;
pub mod wraps_more;
