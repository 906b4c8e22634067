//! What stands before TLS, or around it: the header of the PROXY protocol, TDS 7, OpenVPN's control channel, EAP and RADIUS.
//!
//! Each file reads one format, and knows it by its content; no port is looked at. Those who cut streams and datagrams
//! (`source`), those who explain the bytes (`decode`) and those who will speak to live peers use the same readers.
//!
//! Deliberately absent: sockets, and TLS itself.

pub mod eap;
pub mod openvpn;
pub mod proxy;
pub mod radius;
pub mod tds;

/// A number of two bytes, most significant first.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let [high, low] = *bytes.get(at..at + 2)? else {
        return None;
    };
    Some(u16::from_be_bytes([high, low]))
}

/// A number of four bytes, most significant first.
fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)
        .and_then(|four| four.try_into().ok())
        .map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests;
