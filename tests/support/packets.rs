//! Packet captures for tests, made from what the lab recorded: Ethernet, IPv4, TCP, and whatever goes wrong on the way.

use std::io::Write as _;

use mtlscope::capture::{Capture, Side};

/// A pcap file that grows in memory.
pub struct PacketFile {
    bytes: Vec<u8>,
}

/// Who speaks with whom, and when they began.
#[derive(Clone, Copy)]
pub struct Ends {
    /// The client's port and last byte of its address.
    pub client: (u8, u16),
    /// The server's.
    pub server: (u8, u16),
    /// Microseconds since the epoch.
    pub at_us: u64,
}

/// The largest payload of one packet.
const SEGMENT: usize = 1400;

impl PacketFile {
    /// An empty file: microseconds, Ethernet.
    pub fn new() -> Self {
        let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes.extend(262_144u32.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        Self { bytes }
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// One packet.
    pub fn packet(&mut self, at_us: u64, data: &[u8]) {
        let header = [
            (at_us / 1_000_000) as u32,
            (at_us % 1_000_000) as u32,
            data.len() as u32,
            data.len() as u32,
        ];
        self.bytes
            .extend(header.iter().flat_map(|number| number.to_le_bytes()));
        self.bytes.extend_from_slice(data);
    }

    /// A whole connection: SYN, what was said, FIN.
    pub fn connection(&mut self, capture: &Capture, ends: Ends) {
        let mut sequence = [1000u32, 9000u32];
        let number = |side: Side| usize::from(side == Side::Server);
        self.tcp(ends, 0, Side::Client, sequence[0], Flags::Syn, &[]);
        self.tcp(ends, 100, Side::Server, sequence[1], Flags::SynAck, &[]);
        sequence = sequence.map(|number| number + 1);
        let mut last = 200;
        for segment in &capture.segments {
            last = 200 + segment.at_us;
            for part in segment.bytes.chunks(SEGMENT) {
                let next = &mut sequence[number(segment.from)];
                self.tcp(ends, last, segment.from, *next, Flags::Data, part);
                *next = next.wrapping_add(part.len() as u32);
            }
        }
        for side in Side::BOTH {
            self.tcp(ends, last + 50, side, sequence[number(side)], Flags::Fin, &[]);
        }
    }

    /// One TCP packet.
    pub fn tcp(
        &mut self,
        ends: Ends,
        after_us: u64,
        from: Side,
        sequence: u32,
        flags: Flags,
        payload: &[u8],
    ) {
        let (source, destination) = match from {
            Side::Client => (ends.client, ends.server),
            Side::Server => (ends.server, ends.client),
        };
        let builder =
            etherparse::PacketBuilder::ethernet2([2, 0, 0, 0, 0, source.0], [2, 0, 0, 0, 0, destination.0])
                .ipv4([10, 0, 0, source.0], [10, 0, 0, destination.0], 64)
                .tcp(source.1, destination.1, sequence, 64_000);
        let builder = match flags {
            Flags::Syn => builder.syn(),
            Flags::SynAck => builder.syn().ack(1),
            Flags::Data => builder.ack(1).psh(),
            Flags::Probe => builder.ack(1),
            Flags::Fin => builder.ack(1).fin(),
            Flags::Reset => builder.rst(),
        };
        let mut data = Vec::new();
        builder
            .write(&mut data, payload)
            .expect("a packet fits into a vector");
        self.packet(ends.at_us + after_us, &data);
    }
}

/// What a TCP packet is for.
#[derive(Clone, Copy)]
pub enum Flags {
    /// The client asks for the connection.
    Syn,
    /// The server grants it.
    SynAck,
    /// Payload.
    Data,
    /// A keep-alive probe: it has no more to say.
    Probe,
    /// The sender is done.
    Fin,
    /// The sender throws everything away.
    Reset,
}

/// A key log with the secrets of these captures.
pub fn key_log(captures: &[&Capture]) -> String {
    let mut log = String::new();
    for secret in captures.iter().flat_map(|capture| &capture.secrets) {
        log.push_str(secret.label.key_log_word());
        for bytes in [&secret.client_random, &secret.value] {
            log.push(' ');
            log.push_str(&hex::encode(bytes));
        }
        log.push('\n');
    }
    log
}

/// The file as gzip packs it.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// The file as Zstandard packs it.
pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// The packets of a pcap file, with their times in microseconds.
pub fn packets(pcap: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut rest = &pcap[24..];
    let mut all = Vec::new();
    while !rest.is_empty() {
        let number = |at: usize| {
            u64::from(u32::from_le_bytes(
                rest[at..at + 4].try_into().expect("four bytes"),
            ))
        };
        let length = number(8) as usize;
        all.push((number(0) * 1_000_000 + number(4), rest[16..16 + length].to_vec()));
        rest = &rest[16 + length..];
    }
    all
}
