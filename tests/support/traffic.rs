//! A large packet capture, made from real handshakes of the lab: what benches measure and mutation tests break.
//!
//! A handful of handshakes is run once; every connection of the file repeats one of them from its own address and port,
//! and so shares its client random with others, which the key log beside the file names once.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use etherparse::PacketBuilder;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, PerSide, Side};
use mtlscope::scenario;
use mtlscope::source::lab::run_blocking;

/// The handshakes that are repeated: good ones of both versions, one with a second hello, and refused ones.
pub const SCENARIOS: [&str; 6] = [
    "good-tls13",
    "good-tls12",
    "client-wrong-ca",
    "hello-retry-request",
    "client-no-certificate",
    "client-missing-intermediate",
];

/// The handshakes of a mesh: both sides show a certificate, and both accept.
pub const MUTUAL: [&str; 2] = ["good-tls13", "good-tls12"];

/// How what a side says is cut into packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// What a side writes in one go leaves in full segments, each second one acknowledged.
    #[default]
    Full,
    /// Each record leaves by itself, and each is acknowledged: more packets for the same bytes.
    ByRecord,
}

/// The most that one TCP segment carries on Ethernet.
const SEGMENT_BYTES: usize = 1460;
/// Connections that are open at once.
const OPEN_AT_ONCE: usize = 16;
/// pcap's own header: little-endian, microseconds, version 2.4, whole packets, Ethernet.
const FILE_HEADER: [u8; 24] = [
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
];
const SERVER_PORT: u16 = 443;

/// A small deterministic generator (xorshift64*), so that a failure can be repeated.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides.max(1)
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub packets: u64,
    pub bytes: u64,
}

/// Handshakes to be repeated.
pub struct Traffic {
    captures: Vec<Capture>,
    packing: Packing,
}

/// Writes `connections` connections to `path`, and the key log that opens them beside it.
pub fn write(path: &Path, connections: usize) -> std::io::Result<Written> {
    let traffic = Traffic::of_scenarios(&SCENARIOS)?;
    traffic.write_key_log(&key_log_of(path))?;
    traffic.write(path, connections)
}

/// The same of mutual handshakes alone, record by record.
pub fn write_mutual(path: &Path, connections: usize) -> std::io::Result<Written> {
    let traffic = Traffic {
        packing: Packing::ByRecord,
        ..Traffic::of_scenarios(&MUTUAL)?
    };
    traffic.write_key_log(&key_log_of(path))?;
    traffic.write(path, connections)
}

/// Where the key log of a capture is written: beside it, under its name.
pub fn key_log_of(path: &Path) -> PathBuf {
    path.with_extension("keylog")
}

/// One scenario's handshake, run now.
pub fn handshake(id: &str) -> std::io::Result<Capture> {
    let now = jiff::Timestamp::now().as_second();
    let setup = scenario::find(id)
        .and_then(|scenario| scenario.setup(now))
        .map_err(std::io::Error::other)?;
    run_blocking(&setup, &Cancel::default()).map_err(std::io::Error::other)
}

impl Traffic {
    /// Runs the scenarios.
    pub fn of_scenarios(ids: &[&str]) -> std::io::Result<Self> {
        let captures = ids
            .iter()
            .map(|id| handshake(id))
            .collect::<std::io::Result<_>>()?;
        Ok(Self::of_captures(captures))
    }

    /// Repeats captures that are there already.
    pub fn of_captures(captures: Vec<Capture>) -> Self {
        Self {
            captures,
            packing: Packing::Full,
        }
    }

    /// The secrets of all handshakes, a line each (RFC 9850 §2).
    pub fn write_key_log(&self, path: &Path) -> std::io::Result<()> {
        let mut lines: Vec<String> = Vec::new();
        for secret in self.captures.iter().flat_map(|capture| &capture.secrets) {
            let line = format!(
                "{} {} {}",
                secret.label.key_log_word(),
                hex::encode(&secret.client_random),
                hex::encode(&secret.value)
            );
            // Both ends log the same.
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        std::fs::write(path, lines.join("\n") + "\n")
    }

    /// Writes the packets as they are made: no more than the open connections is in memory.
    pub fn write(&self, path: &Path, connections: usize) -> std::io::Result<Written> {
        let began = self
            .captures
            .first()
            .map_or(0, |capture| capture.started_at_unix_us);
        let mut file = PcapFile::create(path, began.max(0).cast_unsigned())?;
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut waiting = (0..connections).zip(self.captures.iter().cycle());
        let mut open: Vec<Connection<'_>> = Vec::new();
        loop {
            while open.len() < OPEN_AT_ONCE
                && let Some((number, capture)) = waiting.next()
            {
                open.push(Connection::new(number, capture, self.packing, &mut dice));
            }
            if open.is_empty() {
                return file.finish();
            }
            // A connection sends a few packets in a row, and then another one has its turn.
            let turn = dice.roll(open.len());
            for _ in 0..=dice.roll(4) {
                let Some(connection) = open.get_mut(turn) else {
                    break;
                };
                match connection.planned.pop_front() {
                    Some(packet) => file.packet(connection, &packet)?,
                    None => {
                        open.swap_remove(turn);
                    }
                }
            }
        }
    }
}

/// One packet to come.
#[derive(Clone)]
struct Planned {
    from: Side,
    flags: Flags,
    sequence: u32,
    acknowledged: Option<u32>,
    /// In what its sender says.
    payload: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flags {
    Syn,
    None,
    Fin,
}

/// One connection on its way into the file.
struct Connection<'a> {
    client: ([u8; 4], u16),
    server: [u8; 4],
    /// All that each side says.
    said: PerSide<Vec<u8>>,
    planned: VecDeque<Planned>,
    capture: &'a Capture,
}

impl<'a> Connection<'a> {
    fn new(number: usize, capture: &'a Capture, packing: Packing, dice: &mut Dice) -> Self {
        let [_, high, middle, low] = (number as u32 + 1).to_be_bytes();
        let mut connection = Self {
            client: ([10, high, middle, low], 32_768 + (number % 28_000) as u16),
            server: [192, 168, 0, 1 + (number % 4) as u8],
            said: PerSide::default(),
            planned: VecDeque::new(),
            capture,
        };
        connection.plan(number, packing, dice);
        connection
    }

    fn plan(&mut self, number: usize, packing: Packing, dice: &mut Dice) {
        let begins = PerSide {
            client: dice.roll(1 << 31) as u32,
            // Some numbers wrap in the middle of the handshake.
            server: if number.is_multiple_of(9) {
                u32::MAX - 700
            } else {
                dice.roll(1 << 31) as u32
            },
        };
        let mut plan = Plan {
            packets: Vec::new(),
            next: begins,
        };
        plan.send(Side::Client, Flags::Syn, 0..0);
        plan.send(Side::Server, Flags::Syn, 0..0);
        plan.send(Side::Client, Flags::None, 0..0);
        let mut segments = self.capture.segments.iter().peekable();
        while let Some(segment) = segments.next() {
            let from = segment.from;
            let said = self.said.of_mut(from);
            let start = said.len();
            said.extend_from_slice(&segment.bytes);
            // What a side writes in one go leaves in one go.
            while packing == Packing::Full
                && let Some(next) = segments.next_if(|next| next.from == from)
            {
                said.extend_from_slice(&next.bytes);
            }
            plan.flight(from, start..said.len(), packing);
        }
        for side in Side::BOTH {
            let end = self.said.of(side).len();
            plan.send(side, Flags::Fin, end..end);
        }
        plan.send(Side::Client, Flags::None, 0..0);
        if number % 5 == 2 {
            plan.retransmit(dice);
        }
        if number % 7 == 3 {
            plan.reorder();
        }
        self.planned = plan.packets.into();
    }
}

/// The packets of a connection, as they are planned.
struct Plan {
    packets: Vec<Planned>,
    /// The number that each side sends next.
    next: PerSide<u32>,
}

impl Plan {
    fn send(&mut self, from: Side, flags: Flags, payload: Range<usize>) {
        let is_first = from == Side::Client && flags == Flags::Syn;
        let sequence = *self.next.of(from);
        let counted = payload.len() as u32 + u32::from(flags != Flags::None);
        self.packets.push(Planned {
            from,
            flags,
            sequence,
            acknowledged: (!is_first).then(|| *self.next.of(from.peer())),
            payload,
        });
        *self.next.of_mut(from) = sequence.wrapping_add(counted);
    }

    /// Data in segments, each second one acknowledged or each of them, and the last.
    fn flight(&mut self, from: Side, data: Range<usize>, packing: Packing) {
        let mut start = data.start;
        let mut sent = 0;
        while start < data.end {
            let end = data.end.min(start + SEGMENT_BYTES);
            self.send(from, Flags::None, start..end);
            start = end;
            sent += 1;
            if packing == Packing::ByRecord || sent % 2 == 0 || start == data.end {
                self.send(from.peer(), Flags::None, 0..0);
            }
        }
    }

    /// One packet with data comes a second time, a little later.
    fn retransmit(&mut self, dice: &mut Dice) {
        let full: Vec<usize> = self.with_data().collect();
        if let Some(index) = full.get(dice.roll(full.len())) {
            let again = self.packets[*index].clone();
            let place = (index + 1 + dice.roll(3)).min(self.packets.len());
            self.packets.insert(place, again);
        }
    }

    /// The first two packets with data that leave one after the other arrive the other way round.
    fn reorder(&mut self) {
        let pair = self.with_data().find(|index| {
            self.packets
                .get(index + 1)
                .is_some_and(|next| next.from == self.packets[*index].from && !next.payload.is_empty())
        });
        if let Some(index) = pair {
            self.packets.swap(index, index + 1);
        }
    }

    fn with_data(&self) -> impl Iterator<Item = usize> {
        self.packets
            .iter()
            .enumerate()
            .filter(|(_, packet)| !packet.payload.is_empty())
            .map(|(index, _)| index)
    }
}

/// A pcap file that grows.
struct PcapFile {
    out: BufWriter<File>,
    at_unix_us: u64,
    /// One packet, used again and again.
    frame: Vec<u8>,
    written: Written,
}

impl PcapFile {
    fn create(path: &Path, at_unix_us: u64) -> std::io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        out.write_all(&FILE_HEADER)?;
        Ok(Self {
            out,
            at_unix_us,
            frame: Vec::new(),
            written: Written {
                packets: 0,
                bytes: FILE_HEADER.len() as u64,
            },
        })
    }

    fn packet(&mut self, connection: &Connection<'_>, packet: &Planned) -> std::io::Result<()> {
        const CLIENT: [u8; 6] = [2, 0, 0, 0, 0, 1];
        const SERVER: [u8; 6] = [2, 0, 0, 0, 0, 2];
        let (client, client_port) = connection.client;
        let (hardware, addresses, ports) = match packet.from {
            Side::Client => (
                (CLIENT, SERVER),
                (client, connection.server),
                (client_port, SERVER_PORT),
            ),
            Side::Server => (
                (SERVER, CLIENT),
                (connection.server, client),
                (SERVER_PORT, client_port),
            ),
        };
        let payload = &connection.said.of(packet.from)[packet.payload.clone()];
        let mut step = PacketBuilder::ethernet2(hardware.0, hardware.1)
            .ipv4(addresses.0, addresses.1, 64)
            .tcp(ports.0, ports.1, packet.sequence, 64_240);
        step = match packet.flags {
            Flags::Syn => step.syn(),
            Flags::Fin => step.fin(),
            Flags::None if !payload.is_empty() => step.psh(),
            Flags::None => step,
        };
        if let Some(acknowledged) = packet.acknowledged {
            step = step.ack(acknowledged);
        }
        self.frame.clear();
        step.write(&mut self.frame, payload)
            .map_err(std::io::Error::other)?;
        let length = self.frame.len() as u32;
        let (seconds, fraction) = (self.at_unix_us / 1_000_000, self.at_unix_us % 1_000_000);
        for number in [seconds as u32, fraction as u32, length, length] {
            self.out.write_all(&number.to_le_bytes())?;
        }
        self.out.write_all(&self.frame)?;
        self.at_unix_us += 17;
        self.written.packets += 1;
        self.written.bytes += 16 + u64::from(length);
        Ok(())
    }

    fn finish(mut self) -> std::io::Result<Written> {
        self.out.flush()?;
        Ok(self.written)
    }
}
