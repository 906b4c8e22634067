//! The connections of a packet capture: which packets belong to which, found in one pass, with no payload kept.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::carried::{Carried, Carriers, Place};
use super::connection::{Hint, TcpConnection};
use super::file::{End, PacketsError, read};
use super::item::Item;
use super::layers::{Found, Layers};
use super::opened::{Opened, from_stream, open};
use super::progress::Progress;
use super::stream::segments;
use super::table::Table;
use crate::cancel::Cancel;
use crate::capture::{Capture, Carrier, KeyLog, Origin, PerSide, Side};
use crate::preamble::tds;

/// What TLS may lie in.
#[derive(Clone, Debug)]
pub enum Connection {
    /// A TCP connection.
    Tcp(TcpConnection),
    /// A handshake that something else carried.
    Carried(Box<Carried>),
}

impl Connection {
    /// The order of first packets.
    fn order(&self) -> (u64, bool) {
        match self {
            Self::Carried(carried) => (carried.number, false),
            Self::Tcp(connection) => (connection.number(), true),
        }
    }
}

/// The connections of a packet capture that carried data, in the order of their first packets.
#[derive(Debug)]
pub struct PacketIndex {
    /// The file.
    pub path: PathBuf,
    /// The connections that carried data.
    pub connections: Vec<Connection>,
    /// How many TCP connections there were in all.
    pub tcp_connections: u64,
    /// What speaks a protocol that carries TLS, and keeps it encrypted, in sentences.
    pub sealed: Vec<String>,
    /// Secrets that the file brings along (decryption-secrets blocks).
    pub key_log: KeyLog,
    /// Packets in the file.
    pub packets: u64,
    /// How much was unpacked, of a file that came packed.
    pub unpacked_bytes: Option<u64>,
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
        Self::read(path, open(path, cancel, progress)?, cancel, progress)
    }

    /// Reads what comes through a pipe, to its end or until `is_over`; `name` is what it is called.
    pub fn of_stream(
        name: &str,
        stream: impl std::io::Read + Send + 'static,
        is_over: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, PacketsError> {
        let path = Path::new(name);
        let opened = from_stream(path, stream, is_over, progress)?;
        Self::read(path, opened, &Cancel::default(), progress)
    }

    fn read(
        path: &Path,
        opened: Opened,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, PacketsError> {
        let file = opened.file;
        let total_bytes = file.metadata().map_or(0, |metadata| metadata.len());
        let mut builder = Builder::default();
        let end = read(path, &file, &mut |item, read_bytes| {
            builder.item(item);
            // Every few thousand packets is often enough for an eye, and seldom enough to cost nothing.
            if builder.packets.is_multiple_of(4096) {
                progress(Progress {
                    is_unpacking: false,
                    read_bytes,
                    total_bytes,
                    unpacked_bytes: 0,
                    packets: builder.packets,
                });
                return !cancel.is_cancelled();
            }
            true
        })?;
        if matches!(end, End::Stopped) || cancel.is_cancelled() {
            return Err(PacketsError::cancelled(path));
        }
        let mut remarks = builder.remarks();
        if let End::Early(why) = end {
            let which = if opened.is_unpacked {
                "unpacked file"
            } else {
                "file"
            };
            remarks.insert(0, format!("Only a part of the {which} could be read: {why}."));
        }
        if let Some(remark) = opened.remark {
            remarks.insert(0, remark);
        }
        let mut index = Self {
            path: path.to_owned(),
            connections: Vec::new(),
            tcp_connections: builder.table.tcp_connections,
            sealed: builder.layers.sealed().into_iter().collect(),
            key_log: builder.key_log,
            packets: builder.packets,
            unpacked_bytes: opened.is_unpacked.then_some(total_bytes),
            remarks,
            file,
        };
        index.fill(builder.table.connections, builder.carriers)?;
        Ok(index)
    }

    /// All connections, those that carry OpenVPN taken apart into handshakes.
    fn fill(&mut self, tcp: Vec<TcpConnection>, mut carriers: Carriers) -> Result<(), PacketsError> {
        self.connections.reserve(tcp.len());
        for connection in tcp {
            if connection.hint == Some(Hint::OpenVpn) {
                let segments = self.capture_tcp(&connection)?.segments;
                let (handshakes, sealed) = carriers.openvpn_stream(&connection, &segments);
                let is_openvpn = !handshakes.is_empty() || sealed.is_some();
                let handshakes = handshakes.into_iter().map(Box::new);
                self.connections.extend(handshakes.map(Connection::Carried));
                self.sealed.extend(sealed);
                if is_openvpn {
                    continue;
                }
            }
            self.connections.push(Connection::Tcp(connection));
        }
        self.remarks.extend(carriers.remark());
        let (carried, sealed) = carriers.finish();
        self.connections
            .extend(carried.into_iter().map(Box::new).map(Connection::Carried));
        self.connections.sort_by_key(Connection::order);
        self.sealed.extend(sealed);
        self.remarks.extend(self.sealed.iter().cloned());
        Ok(())
    }

    /// One connection's evidence.
    pub fn capture(&self, connection: &Connection) -> Result<Capture, PacketsError> {
        match connection {
            Connection::Tcp(connection) => self.capture_tcp(connection),
            Connection::Carried(carried) => Ok(carried.capture()),
        }
    }

    /// Reads one connection's bytes and puts them together. Only this connection's payload is in memory, and of a very
    /// long one only its beginning and its end.
    fn capture_tcp(&self, connection: &TcpConnection) -> Result<Capture, PacketsError> {
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
        let unwrapped = match connection.hint {
            Some(Hint::Tds) => tds::unwrap(&segments),
            Some(Hint::OpenVpn) | None => None,
        };
        let (segments, carrier) = match unwrapped {
            Some(tds::Unwrapped { segments, login_only }) => (segments, Some(Carrier::Tds { login_only })),
            None => (segments, None),
        };
        Ok(Capture {
            origin: Origin::Packets,
            started_at_unix_us: connection.started_at_unix_us(),
            carrier,
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
    carriers: Carriers,
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
                let (table, carriers) = (&mut self.table, &mut self.carriers);
                self.layers.take_apart(&packet, &mut |found| {
                    let place = Place {
                        at_unix_us: packet.at_unix_us,
                        number: table.tcp_connections,
                    };
                    match found {
                        Found::Tcp(tcp, carried) => table.add(tcp, carried),
                        Found::Udp(udp, payload) => carriers.datagram(udp.from, udp.to, place, payload),
                        Found::Eapol(frame, payload) => carriers.eapol(frame, place, payload),
                    }
                });
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
