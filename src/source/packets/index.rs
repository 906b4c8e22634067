//! The connections of a packet capture: which packets belong to which, found in one pass, with no payload kept.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::file::{End, Item, Packet, PacketsError, read};
use super::frame::{Frame, TcpPacket, frame};
use super::stream::{Part, Positions, Run, reassemble};
use crate::cancel::Cancel;
use crate::capture::{
    Alteration, Capture, Event, EventKind, Gap, KeyLog, Origin, PerSide, Segment, Side, SideEvidence,
};

/// Of each direction this much is opened from the start; a handshake is far shorter, a download far longer.
const HEAD_BYTES: usize = 2 << 20;
/// And this much of the end, where alerts are.
const TAIL_BYTES: usize = 64 << 10;

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read.
    pub read_bytes: u64,
    /// Bytes of the file.
    pub total_bytes: u64,
    /// Packets so far.
    pub packets: u64,
}

/// All TCP connections of a packet capture, in the order of their first packets.
#[derive(Debug)]
pub struct PacketIndex {
    /// The file.
    pub path: PathBuf,
    /// The connections.
    pub connections: Vec<TcpConnection>,
    /// Secrets that the file brings along (decryption-secrets blocks).
    pub key_log: KeyLog,
    /// Packets in the file.
    pub packets: u64,
    /// What was odd about the file, in sentences.
    pub remarks: Vec<String>,
}

/// One TCP connection: who, when, and where its packets lie in the file.
#[derive(Clone, Debug)]
pub struct TcpConnection {
    /// The ends: the client is the one that asked for the connection, or the first that was heard.
    pub ends: PerSide<SocketAddr>,
    /// The first packet's time, in microseconds since the Unix epoch.
    pub started_at_unix_us: i64,
    /// Bytes of payload either way, retransmissions counted each time.
    pub payload_bytes: u64,
    packets: Vec<PacketPlace>,
    /// The sequence numbers that the directions begin after, where a SYN was seen.
    begins: PerSide<Option<u32>>,
}

/// A packet that matters: it has a payload, or ends the connection.
#[derive(Clone, Copy, Debug)]
struct PacketPlace {
    offset: u64,
    length: u32,
    sequence: u32,
    /// Since the connection's first packet.
    at_us: u64,
    from: Side,
    is_fin: bool,
    is_reset: bool,
}

impl PacketIndex {
    /// Reads the file once, from start to end. `cancel` ends it early, which is an error of its own; `progress` is told
    /// now and then.
    pub fn open(
        path: &Path,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, PacketsError> {
        let total_bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let mut builder = Builder::default();
        let end = read(path, &mut |item, read_bytes| {
            builder.item(item);
            // Every few thousand packets is often enough for an eye, and seldom enough to cost nothing.
            if builder.packets.is_multiple_of(4096) {
                progress(Progress {
                    read_bytes,
                    total_bytes,
                    packets: builder.packets,
                });
                return !cancel.is_cancelled();
            }
            true
        })?;
        if matches!(end, End::Stopped) || cancel.is_cancelled() {
            return Err(PacketsError::new(
                path,
                "the reading was cancelled",
                "open it again",
            ));
        }
        let mut remarks = builder.remarks();
        if let End::Early(why) = end {
            remarks.insert(0, format!("Only a part of the file could be read: {why}."));
        }
        Ok(Self {
            path: path.to_owned(),
            connections: builder.connections,
            key_log: builder.key_log,
            packets: builder.packets,
            remarks,
        })
    }

    /// Reads one connection's bytes and puts them together. Only this connection's payload is in memory, and of a very
    /// long one only its beginning and its end.
    pub fn capture(&self, connection: &TcpConnection) -> Result<Capture, PacketsError> {
        let refuse = |error: std::io::Error| {
            PacketsError::new(
                &self.path,
                format!("it can no longer be read ({error})"),
                "it was changed or moved since it was opened: open it again",
            )
        };
        let mut file = Payloads::open(&self.path).map_err(refuse)?;
        let mut segments = Vec::new();
        for side in Side::BOTH {
            let parts = connection.parts(side, &mut file).map_err(refuse)?;
            let runs = reassemble(parts, connection.begins.of(side).is_some());
            segments.extend(shorten(side, runs));
        }
        // Stable: what one side sent stays in its order.
        segments.sort_by_key(|segment| segment.at_us);
        Ok(Capture {
            origin: Origin::Packets,
            started_at_unix_us: connection.started_at_unix_us,
            segments,
            secrets: Vec::new(),
            events: connection.ends_of_transport(),
            sides: PerSide {
                client: connection.evidence(Side::Client),
                server: connection.evidence(Side::Server),
            },
            at_hand: Vec::new(),
        })
    }
}

impl TcpConnection {
    fn evidence(&self, side: Side) -> SideEvidence {
        SideEvidence {
            address: Some(self.ends.of(side).to_string()),
            ..SideEvidence::default()
        }
    }

    /// Packets with a payload or an end.
    pub fn packet_count(&self) -> usize {
        self.packets.len()
    }

    fn parts(&self, side: Side, file: &mut Payloads) -> std::io::Result<Vec<Part>> {
        let mut positions = Positions::default();
        if let Some(begin) = self.begins.of(side) {
            positions.begin(*begin);
        }
        let mut parts = Vec::new();
        for packet in self
            .packets
            .iter()
            .filter(|packet| packet.from == side && packet.length > 0)
        {
            parts.push(Part {
                at_us: packet.at_us,
                position: positions.of(packet.sequence),
                bytes: file.payload(packet.offset, packet.length as usize)?,
            });
        }
        Ok(parts)
    }

    /// When each side ended its half, and how.
    fn ends_of_transport(&self) -> Vec<Event> {
        let mut events: Vec<Event> = Side::BOTH
            .into_iter()
            .filter_map(|side| {
                let end = self
                    .packets
                    .iter()
                    .find(|packet| packet.from == side && (packet.is_fin || packet.is_reset))?;
                Some(Event {
                    at_us: end.at_us,
                    side,
                    kind: EventKind::TransportClosed {
                        is_reset: end.is_reset,
                    },
                })
            })
            .collect();
        events.sort_by_key(|event| event.at_us);
        events
    }
}

/// Keeps the head and the tail of what a side sent, and says how much lies between.
fn shorten(side: Side, runs: Vec<Run>) -> Vec<Segment> {
    let size = |run: &Run| match run {
        Run::Bytes { bytes, .. } => bytes.len(),
        Run::Missing { .. } => 0,
    };
    let total: usize = runs.iter().map(size).sum();
    let mut before = 0;
    let mut left_out = 0u64;
    let mut segments = Vec::new();
    for run in runs {
        let start = before;
        before += size(&run);
        let (at_us, bytes, altered) = match run {
            Run::Bytes { bytes, .. } if start >= HEAD_BYTES && before + TAIL_BYTES < total => {
                left_out += bytes.len() as u64;
                continue;
            }
            Run::Bytes { at_us, bytes } => (at_us, bytes, None),
            // A gap in what is left out is left out with it.
            Run::Missing { bytes, .. } if left_out > 0 && before + TAIL_BYTES < total => {
                left_out += bytes;
                continue;
            }
            Run::Missing { at_us, bytes } => {
                let why = Gap::NotRecorded;
                (at_us, Vec::new(), Some(Alteration::Missing { bytes, why }))
            }
        };
        if left_out > 0 {
            segments.push(Segment {
                at_us,
                from: side,
                bytes: Vec::new(),
                altered: Some(Alteration::Missing {
                    bytes: std::mem::take(&mut left_out),
                    why: Gap::LeftOut,
                }),
            });
        }
        segments.push(Segment {
            at_us,
            from: side,
            bytes,
            altered,
        });
    }
    segments
}

/// The payloads of packets, read where they lie.
struct Payloads {
    file: BufReader<File>,
    position: u64,
}

impl Payloads {
    fn open(path: &Path) -> std::io::Result<Self> {
        // Packets of one connection lie near each other; a small buffer reads little between them.
        Ok(Self {
            file: BufReader::with_capacity(16 << 10, File::open(path)?),
            position: 0,
        })
    }

    fn payload(&mut self, offset: u64, length: usize) -> std::io::Result<Vec<u8>> {
        match i64::try_from(offset).ok().zip(i64::try_from(self.position).ok()) {
            Some((wanted, at)) => self.file.seek_relative(wanted - at)?,
            None => {
                self.file.seek(SeekFrom::Start(offset))?;
            }
        }
        let mut bytes = vec![0; length];
        self.file.read_exact(&mut bytes)?;
        self.position = offset + length as u64;
        Ok(bytes)
    }
}

#[derive(Default)]
struct Builder {
    connections: Vec<TcpConnection>,
    /// The latest connection between two ends, the smaller address first.
    open: HashMap<(SocketAddr, SocketAddr), usize>,
    key_log: KeyLog,
    packets: u64,
    fragments: u64,
    unknown_links: u64,
}

impl Builder {
    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Packet(packet) => {
                self.packets += 1;
                match frame(packet.link, packet.data) {
                    Frame::Tcp(tcp) => self.tcp(&packet, &tcp),
                    Frame::Fragment => self.fragments += 1,
                    Frame::UnknownLink => self.unknown_links += 1,
                    Frame::Other => {}
                }
            }
            Item::Secrets(bytes) => {
                self.key_log.read(&String::from_utf8_lossy(bytes));
            }
        }
    }

    fn tcp(&mut self, packet: &Packet<'_>, tcp: &TcpPacket) {
        let ends = (tcp.from.min(tcp.to), tcp.from.max(tcp.to));
        let known = self.open.get(&ends).copied().filter(|index| {
            self.connections
                .get(*index)
                .is_some_and(|connection| !connection.is_over_before(tcp))
        });
        let index = known.unwrap_or_else(|| {
            // The answer to a SYN that was not recorded comes from the server; and where no SYN was recorded at all, the
            // smaller port is the one that waits for others. Should a hello say otherwise, the ends are exchanged.
            let is_from_server = if tcp.is_syn {
                tcp.is_ack
            } else {
                tcp.from.port() < tcp.to.port()
            };
            let (client, server) = if is_from_server {
                (tcp.to, tcp.from)
            } else {
                (tcp.from, tcp.to)
            };
            self.connections.push(TcpConnection {
                ends: PerSide { client, server },
                started_at_unix_us: packet.at_unix_us,
                payload_bytes: 0,
                packets: Vec::new(),
                begins: PerSide::default(),
            });
            self.open.insert(ends, self.connections.len() - 1);
            self.connections.len() - 1
        });
        if let Some(connection) = self.connections.get_mut(index) {
            connection.add(packet, tcp);
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.fragments > 0 {
            remarks.push(format!(
                "{} IP packets were sent in fragments, which are not joined here.",
                self.fragments
            ));
        }
        if self.unknown_links > 0 {
            remarks.push(format!(
                "{} packets are of a link type that is not read here; Ethernet, Linux cooked, raw IP, loopback and PPP are.",
                self.unknown_links
            ));
        }
        remarks
    }
}

impl TcpConnection {
    /// Two ends may speak again on the same ports: a SYN with another number begins anew.
    fn is_over_before(&self, tcp: &TcpPacket) -> bool {
        if !tcp.is_syn {
            return false;
        }
        let side = self.side_of(tcp);
        match self.begins.of(side) {
            Some(begin) => *begin != tcp.sequence.wrapping_add(1),
            // Packets without their SYN came before this one.
            None => self.packets.iter().any(|packet| packet.from == side),
        }
    }

    fn side_of(&self, tcp: &TcpPacket) -> Side {
        if tcp.from == self.ends.client {
            Side::Client
        } else {
            Side::Server
        }
    }

    fn add(&mut self, packet: &Packet<'_>, tcp: &TcpPacket) {
        let from = self.side_of(tcp);
        if tcp.is_syn {
            *self.begins.of_mut(from) = Some(tcp.sequence.wrapping_add(1));
        }
        if tcp.length == 0 && !tcp.is_fin && !tcp.is_reset {
            return;
        }
        self.payload_bytes += tcp.length as u64;
        self.packets.push(PacketPlace {
            offset: packet.offset + tcp.payload as u64,
            length: tcp.length as u32,
            // The SYN takes a number of its own, before the first byte.
            sequence: tcp.sequence.wrapping_add(u32::from(tcp.is_syn)),
            // Clocks of merged captures may run backwards.
            at_us: packet
                .at_unix_us
                .saturating_sub(self.started_at_unix_us)
                .max(0)
                .cast_unsigned(),
            from,
            is_fin: tcp.is_fin,
            is_reset: tcp.is_reset,
        });
    }
}
