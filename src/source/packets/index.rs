//! The connections of a packet capture: which packets belong to which, found in one pass, with no payload kept.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::connection::TcpConnection;
use super::file::{End, PacketsError, open, read};
use super::item::Item;
use super::layers::Layers;
use super::stream::segments;
use super::table::Table;
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
        let mut connections = builder.table.connections;
        connections.sort_by_key(TcpConnection::number);
        Ok(Self {
            path: path.to_owned(),
            connections,
            tcp_connections: builder.table.tcp_connections,
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

/// What one pass over the file gathers.
#[derive(Default)]
struct Builder {
    layers: Layers,
    table: Table,
    key_log: KeyLog,
    packets: u64,
    no_interface: u64,
    has_times: bool,
}

impl Builder {
    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Packet(packet) => {
                self.packets += 1;
                self.has_times |= packet.at_unix_us.is_some();
                let table = &mut self.table;
                self.layers
                    .take_apart(&packet, &mut |tcp, carried| table.add(tcp, carried));
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

    fn remarks(&mut self) -> Vec<String> {
        let mut remarks = self.layers.end();
        if self.no_interface > 0 {
            remarks.push(format!(
                "{} packets are of an interface that the file does not describe, and were passed over.",
                self.no_interface
            ));
        }
        if self.table.forgotten() > 0 {
            remarks.push(format!(
                "{} TCP connections carried no data for so long that they were forgotten; what one of them said later is \
                 taken for a connection whose beginning was not recorded.",
                self.table.forgotten()
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
