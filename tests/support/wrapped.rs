//! Packets wrapped into others, and cut into fragments.

use super::packets::PacketFile;

/// The ends of every tunnel.
pub const OUTER: [[u8; 4]; 2] = [[192, 0, 2, 1], [192, 0, 2, 2]];

/// An IPv4 header before a payload.
pub fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (payload.len() as u16 + 20).to_be_bytes();
    let head = [0x45, 0, high, low, 0, 9, 0, 0, 64, protocol, 0, 0];
    [&head[..], &OUTER[0], &OUTER[1], payload].concat()
}

/// An IPv6 header before a payload.
pub fn ipv6(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (payload.len() as u16).to_be_bytes();
    let mut head = vec![0x60, 0, 0, 0, high, low, protocol, 64];
    head.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    head.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    [&head, payload].concat()
}

/// A datagram to a port.
pub fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (payload.len() as u16 + 8).to_be_bytes();
    let [first, second] = port.to_be_bytes();
    [&[0xc0, 1, first, second, high, low, 0, 0], payload].concat()
}

/// Ethernet before a payload of this type.
pub fn ethernet(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    [&[2; 12][..], &ether_type.to_be_bytes(), payload].concat()
}

/// How the payload of an IP packet is cut.
pub enum Cut {
    /// Each part with so many bytes.
    Every(usize),
    /// The first part with so many, the rest in one.
    First(usize),
}

/// An Ethernet frame with IPv4 as frames that hold its fragments.
pub fn fragments(frame: &[u8], identification: u16, cut: &Cut) -> Vec<Vec<u8>> {
    let (head, payload) = (&frame[..34], &frame[34..]);
    let mut parts = Vec::new();
    let mut at = 0;
    while at < payload.len() {
        let step = match cut {
            Cut::Every(step) => *step,
            Cut::First(step) if at == 0 => *step,
            Cut::First(_) => payload.len(),
        };
        let end = payload.len().min(at + step);
        let mut part = [head, &payload[at..end]].concat();
        part[16..18].copy_from_slice(&((end - at) as u16 + 20).to_be_bytes());
        part[18..20].copy_from_slice(&identification.to_be_bytes());
        let flags = (at / 8) as u16 | if end < payload.len() { 0x2000 } else { 0 };
        part[20..22].copy_from_slice(&flags.to_be_bytes());
        parts.push(part);
        at = end;
    }
    parts
}

/// The same for IPv6.
pub fn fragments_v6(frame: &[u8], identification: u32, step: usize) -> Vec<Vec<u8>> {
    let (head, payload) = (&frame[..54], &frame[54..]);
    let mut parts = Vec::new();
    for (number, bytes) in payload.chunks(step).enumerate() {
        let at = number * step;
        let has_more = at + bytes.len() < payload.len();
        let mut part = head.to_vec();
        part[18..20].copy_from_slice(&(bytes.len() as u16 + 8).to_be_bytes());
        part[20] = 44;
        part.extend([head[20], 0]);
        part.extend((at as u16 | u16::from(has_more)).to_be_bytes());
        part.extend(identification.to_be_bytes());
        part.extend_from_slice(bytes);
        parts.push(part);
    }
    parts
}

/// A file of these frames.
pub fn file(frames: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut file = PacketFile::new();
    for (at_us, data) in frames {
        file.packet(*at_us, data);
    }
    file.bytes().to_vec()
}
