//! The connections of a packet capture: which packets belong to which, found in one pass, with no payload kept.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::connection::TcpConnection;
use super::file::{End, PacketsError, open, read};
use super::frame::{Frame, TcpPacket, frame};
use super::item::{Item, Packet};
use super::silent::{Ends, Silent};
use super::stream::segments;
use crate::cancel::Cancel;
use crate::capture::{Capture, KeyLog, Origin, PerSide, Side};

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

/// The TCP connections of a packet capture that carried data, in the order of their first packets.
#[derive(Debug)]
pub struct PacketIndex {
    /// The file.
    pub path: PathBuf,
    /// The connections that carried data.
    pub connections: Vec<TcpConnection>,
    /// How many there were in all.
    pub tcp_connections: u64,
    /// Secrets that the file brings along (decryption-secrets blocks).
    pub key_log: KeyLog,
    /// Packets in the file.
    pub packets: u64,
    /// What was odd about the file, in sentences.
    pub remarks: Vec<String>,
    /// Open, so that what is read later is what was indexed.
    file: File,
}

impl PacketIndex {
    /// Reads the file once, from start to end. `cancel` ends it early, which is an error of its own; `progress` is told
    /// now and then.
    pub fn open(
        path: &Path,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, PacketsError> {
        let file = open(path)?;
        let total_bytes = file.metadata().map_or(0, |metadata| metadata.len());
        let mut builder = Builder::default();
        let end = read(path, &file, &mut |item, read_bytes| {
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
        let mut connections = builder.connections;
        connections.sort_by_key(TcpConnection::number);
        Ok(Self {
            path: path.to_owned(),
            connections,
            tcp_connections: builder.tcp_connections,
            key_log: builder.key_log,
            packets: builder.packets,
            remarks,
            file,
        })
    }

    /// Reads one connection's bytes and puts them together. Only this connection's payload is in memory, and of a very
    /// long one only its beginning and its end.
    pub fn capture(&self, connection: &TcpConnection) -> Result<Capture, PacketsError> {
        let refuse = |error: std::io::Error| {
            PacketsError::new(
                &self.path,
                format!("it can no longer be read ({error})"),
                "it was changed since it was opened: open it again",
            )
        };
        let segments = segments(&connection.directions, |fragment| {
            let mut bytes = vec![0; fragment.length as usize];
            read_at(&self.file, fragment.offset, &mut bytes).map(|()| bytes)
        })
        .map_err(refuse)?;
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

/// Reads all of `bytes` from a place of the file, whoever else reads it meanwhile.
#[cfg(unix)]
fn read_at(file: &File, offset: u64, bytes: &mut [u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut offset: u64, mut bytes: &mut [u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let got = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if got == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        offset += got as u64;
        bytes = bytes.get_mut(got..).unwrap_or_default();
    }
    Ok(())
}

#[derive(Default)]
struct Builder {
    /// Those that carried data, in the order in which they began to.
    connections: Vec<TcpConnection>,
    /// The latest of them between two ends.
    open: HashMap<Ends, usize>,
    /// The one that had the same ends before.
    previous: HashMap<usize, usize>,
    /// Those that are later, and carried none yet.
    silent: Silent,
    tcp_connections: u64,
    key_log: KeyLog,
    packets: u64,
    fragments: u64,
    unknown_links: u64,
    no_interface: u64,
    has_times: bool,
}

impl Builder {
    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Packet(packet) => {
                self.packets += 1;
                self.has_times |= packet.at_unix_us.is_some();
                match frame(packet.link, packet.data) {
                    Frame::Tcp(tcp) => self.tcp(&packet, &tcp),
                    Frame::Fragment => self.fragments += 1,
                    Frame::UnknownLink => self.unknown_links += 1,
                    Frame::Other => {}
                }
            }
            Item::NoInterface => {
                self.packets += 1;
                self.no_interface += 1;
            }
            Item::Secrets(bytes) => {
                self.key_log.read(&String::from_utf8_lossy(bytes));
            }
        }
    }

    fn tcp(&mut self, packet: &Packet<'_>, tcp: &TcpPacket) {
        let ends = (tcp.from.min(tcp.to), tcp.from.max(tcp.to));
        let spoken = self.open.get(&ends).copied();
        if let Some(silent) = self.silent.take(&ends) {
            self.latest(ends, silent, spoken, packet, tcp);
            return;
        }
        let Some(index) = spoken.filter(|index| {
            let connection = self.connections.get(*index);
            connection.is_some_and(|connection| !connection.is_over_before(tcp))
        }) else {
            let connection = self.begun(tcp);
            self.latest(ends, connection, spoken, packet, tcp);
            return;
        };
        let late = self.previous.get(&index).copied().filter(|previous| {
            let next = self.connections.get(index);
            next.is_some_and(|next| self.is_late(*previous, tcp, next))
        });
        if let Some(connection) = self.connections.get_mut(late.unwrap_or(index)) {
            connection.add(packet, tcp);
        }
    }

    fn begun(&mut self, tcp: &TcpPacket) -> TcpConnection {
        let connection = TcpConnection::new(tcp, self.tcp_connections);
        self.tcp_connections += 1;
        connection
    }

    fn is_late(&self, previous: usize, tcp: &TcpPacket, next: &TcpConnection) -> bool {
        let previous = self.connections.get(previous);
        previous.is_some_and(|previous| previous.is_late(tcp, next))
    }

    /// A packet between the ends of a connection that carried no data yet; `spoken` is the one before it that did.
    fn latest(
        &mut self,
        ends: Ends,
        mut connection: TcpConnection,
        spoken: Option<usize>,
        packet: &Packet<'_>,
        tcp: &TcpPacket,
    ) {
        if connection.is_over_before(tcp) {
            connection = self.begun(tcp);
        }
        if let Some(previous) = spoken.filter(|previous| self.is_late(*previous, tcp, &connection)) {
            if let Some(previous) = self.connections.get_mut(previous) {
                previous.add(packet, tcp);
            }
        } else {
            connection.add(packet, tcp);
        }
        if connection.is_silent() {
            self.silent.put(ends, connection);
            return;
        }
        let next = self.connections.len();
        self.connections.push(connection);
        if let Some(previous) = self.open.insert(ends, next) {
            self.previous.insert(next, previous);
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
        if self.no_interface > 0 {
            remarks.push(format!(
                "{} packets are of an interface that the file does not describe, and were passed over.",
                self.no_interface
            ));
        }
        if self.silent.forgotten > 0 {
            remarks.push(format!(
                "{} TCP connections carried no data for so long that they were forgotten; what one of them said later is \
                 taken for a connection whose beginning was not recorded.",
                self.silent.forgotten
            ));
        }
        if self.packets > 0 && !self.has_times {
            remarks.push(
                "The packets bear no times: they are told in the order of the file, and when they were recorded is not known."
                    .to_owned(),
            );
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use pcap_parser::Linktype;

    use super::super::silent::REMEMBERED;
    use super::*;

    fn packet(builder: &mut Builder, from: u32, sequence: u32, is_syn: bool, length: usize) {
        let address = |number: u32| SocketAddr::from((number.to_be_bytes(), 443));
        let tcp = TcpPacket {
            from: address(from),
            to: address(u32::MAX),
            sequence,
            acknowledged: None,
            is_syn,
            is_ack: false,
            is_fin: false,
            is_reset: false,
            is_pushed: true,
            payload: 0,
            length,
        };
        let packet = Packet {
            link: Linktype::RAW,
            at_unix_us: Some(i64::from(from) + 1),
            data: &[1; 8],
            offset: 0,
        };
        builder.tcp(&packet, &tcp);
    }

    #[test]
    fn of_a_flood_of_connections_without_data_a_bounded_number_is_remembered() {
        let mut builder = Builder::default();
        let many = 3 * REMEMBERED as u32;
        for number in 0..many {
            packet(&mut builder, number, 1000, true, 0);
        }
        assert!(builder.silent.len() <= 2 * REMEMBERED);
        assert_eq!(
            builder.silent.len() as u64 + builder.silent.forgotten,
            u64::from(many)
        );
        assert_eq!(builder.tcp_connections, u64::from(many));
        assert!(builder.connections.is_empty());
        assert!(
            builder
                .remarks()
                .iter()
                .any(|remark| remark.contains("forgotten"))
        );
        // The last one speaks, and then the first, of which nothing is known any more.
        packet(&mut builder, many - 1, 1001, false, 8);
        packet(&mut builder, 0, 1001, false, 8);
        let began: Vec<bool> = builder
            .connections
            .iter()
            .map(|connection| !connection.evidence(Side::Client).began_before_recording)
            .collect();
        assert_eq!(began, [true, false]);
    }

    #[test]
    fn nothing_is_forgotten_of_as_many_as_are_remembered() {
        let mut builder = Builder::default();
        let many = REMEMBERED as u32;
        for number in 0..many {
            packet(&mut builder, number, 1000, true, 0);
        }
        for number in (0..many).rev() {
            packet(&mut builder, number, 1001, false, 8);
        }
        assert_eq!((builder.silent.forgotten, builder.silent.len()), (0, 0));
        assert!(builder.remarks().is_empty());
        let mut connections = builder.connections.iter();
        assert!(connections.all(|connection| !connection.evidence(Side::Client).began_before_recording));
        builder.connections.sort_by_key(TcpConnection::number);
        assert!(
            builder
                .connections
                .windows(2)
                .all(|pair| pair[0].started_at_unix_us < pair[1].started_at_unix_us),
            "in the order of their first packets"
        );
    }

    #[test]
    fn a_silent_attempt_between_two_connections_hides_neither() {
        let mut builder = Builder::default();
        packet(&mut builder, 1, 1000, true, 0);
        packet(&mut builder, 1, 1001, false, 8);
        // An attempt, another one, and on it a late packet of the first.
        packet(&mut builder, 1, 900_000, true, 0);
        packet(&mut builder, 1, 5_000_000, true, 0);
        packet(&mut builder, 1, 1001, false, 8);
        assert_eq!((builder.connections.len(), builder.tcp_connections), (1, 3));
        packet(&mut builder, 1, 5_000_001, false, 8);
        assert_eq!(builder.connections.len(), 2);
    }
}
