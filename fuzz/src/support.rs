//! What the tests share and the seeds are made with.

#[path = "../../tests/support/ber.rs"]
pub mod ber;
#[path = "../../tests/support/carried.rs"]
pub mod carried;
#[path = "../../tests/support/packets.rs"]
pub mod packets;
#[path = "../../tests/support/wifi.rs"]
pub mod wifi;
#[path = "../../tests/support/wrapped.rs"]
pub mod wrapped;
#[path = "../../tests/support/wraps.rs"]
pub mod wraps;
#[path = "../../tests/support/wraps_more.rs"]
pub mod wraps_more;
