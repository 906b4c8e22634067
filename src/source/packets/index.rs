//! The connections of a packet capture: which packets belong to which, found in one pass, with no payload kept.

use std::collections::HashMap;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::connection::TcpConnection;
use super::file::{End, PacketsError, open, read};
use super::frame::{Frame, TcpPacket, frame};
use super::item::{Item, Packet};
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
        Ok(Self {
            path: path.to_owned(),
            connections: builder.connections,
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
    connections: Vec<TcpConnection>,
    /// The latest connection between two ends, the smaller address first.
    open: HashMap<(SocketAddr, SocketAddr), usize>,
    /// The connection that had the same ends before.
    previous: HashMap<usize, usize>,
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
        let known = self.open.get(&ends).copied().filter(|index| {
            self.connections
                .get(*index)
                .is_some_and(|connection| !connection.is_over_before(tcp))
        });
        let index = known.unwrap_or_else(|| {
            self.connections.push(TcpConnection::new(tcp));
            let next = self.connections.len() - 1;
            if let Some(previous) = self.open.insert(ends, next) {
                self.previous.insert(next, previous);
            }
            next
        });
        let late = self.previous.get(&index).copied().filter(|previous| {
            self.connections
                .get(*previous)
                .zip(self.connections.get(index))
                .is_some_and(|(previous, next)| previous.is_late(tcp, next))
        });
        if let Some(connection) = self.connections.get_mut(late.unwrap_or(index)) {
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
        if self.no_interface > 0 {
            remarks.push(format!(
                "{} packets are of an interface that the file does not describe, and were passed over.",
                self.no_interface
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
