//! A packet capture file, block by block: pcap in either byte order and precision, and pcapng.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use pcap_parser::{Block, Linktype, PcapBlockOwned, PcapError, create_reader};

/// The longest block that is read: a packet of 256 KiB, pcapng's own usual limit, and secrets of some thousand connections.
const LARGEST_BLOCK_BYTES: usize = 64 << 20;
const FIRST_BUFFER_BYTES: usize = 1 << 20;

/// TLS key log (pcapng's registry of secrets types).
const TLS_KEY_LOG: u32 = 0x544c_534b;

/// Why a packet capture could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what}; {mend}", path.display())]
pub struct PacketsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub mend: String,
}

impl PacketsError {
    pub(super) fn new(path: &Path, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            what: what.into(),
            mend: mend.into(),
        }
    }
}

/// Whether a file's first bytes are those of a packet capture.
pub fn is_packet_capture(start: &[u8]) -> bool {
    const MAGIC: [[u8; 4]; 5] = [
        [0xa1, 0xb2, 0xc3, 0xd4],
        [0xd4, 0xc3, 0xb2, 0xa1],
        [0xa1, 0xb2, 0x3c, 0x4d],
        [0x4d, 0x3c, 0xb2, 0xa1],
        [0x0a, 0x0d, 0x0d, 0x0a],
    ];
    MAGIC.iter().any(|magic| start.starts_with(magic))
}

/// One packet.
pub(super) struct Packet<'a> {
    pub link: Linktype,
    /// Microseconds since the Unix epoch.
    pub at_unix_us: i64,
    pub data: &'a [u8],
    /// Where `data` begins in the file.
    pub offset: u64,
}

/// What a file holds.
pub(super) enum Item<'a> {
    Packet(Packet<'a>),
    /// Lines of a TLS key log.
    Secrets(&'a [u8]),
}

/// How the reading ended.
pub(super) enum End {
    /// At the end of the file.
    Whole,
    /// Before it, and why: what was read so far is good.
    Early(String),
    /// Because it was asked to.
    Stopped,
}

/// An interface of a pcapng section.
struct Interface {
    link: Linktype,
    /// Ticks in a second.
    resolution: u64,
    offset_s: i64,
}

/// Reads the file from its start. `each` gets every item with the bytes read so far, and says whether to go on.
pub(super) fn read(path: &Path, each: &mut dyn FnMut(Item<'_>, u64) -> bool) -> Result<End, PacketsError> {
    let refuse = |what: String, mend: &str| PacketsError::new(path, what, mend);
    let mut file = File::open(path).map_err(|error| {
        refuse(
            format!("it cannot be read: {error}"),
            "check the name and its permissions",
        )
    })?;
    let mut start = [0; 4];
    let got = file.read(&mut start).unwrap_or(0);
    let start = start.get(..got).unwrap_or_default();
    if start.starts_with(&[0x1f, 0x8b]) {
        return Err(refuse(
            "it is compressed with gzip".to_owned(),
            "unpack it first: gunzip --keep",
        ));
    }
    if !is_packet_capture(start) {
        return Err(refuse(
            "it is no packet capture".to_owned(),
            "give a pcap or pcapng file, as tcpdump -w and Wireshark write them",
        ));
    }
    let file =
        File::open(path).map_err(|error| refuse(format!("it cannot be read: {error}"), "try again"))?;
    let mut reader = create_reader(FIRST_BUFFER_BYTES, file).map_err(|error| {
        refuse(
            format!("its header is damaged ({})", words(&error)),
            "record or export it again",
        )
    })?;
    let mut blocks = Blocks::default();
    let mut capacity = FIRST_BUFFER_BYTES;
    let mut position = 0u64;
    // `Incomplete` twice at one place means that the buffer is too small for the block, or that the file ends in it.
    let mut last_refill = None;
    loop {
        match reader.next() {
            Ok((length, block)) => {
                if !blocks.item(&block, position, each) {
                    return Ok(End::Stopped);
                }
                position += length as u64;
                reader.consume(length);
            }
            Err(PcapError::Eof) => return Ok(End::Whole),
            Err(PcapError::Incomplete(_) | PcapError::BufferTooSmall) => {
                if last_refill == Some(position) {
                    if reader.reader_exhausted() {
                        return Ok(End::Early(format!(
                            "the file ends in the middle of a packet, at byte {position}"
                        )));
                    }
                    capacity *= 2;
                    if capacity > LARGEST_BLOCK_BYTES || !reader.grow(capacity) {
                        return Ok(End::Early(format!(
                            "the block at byte {position} is too long to be true"
                        )));
                    }
                }
                last_refill = Some(position);
                if reader.refill().is_err() {
                    return Ok(End::Early(format!(
                        "the file could not be read beyond byte {position}"
                    )));
                }
            }
            Err(PcapError::UnexpectedEof) => {
                return Ok(End::Early(format!(
                    "the file ends in the middle of a packet, at byte {position}"
                )));
            }
            Err(error) => {
                return Ok(End::Early(format!(
                    "the file is damaged at byte {position} ({})",
                    words(&error)
                )));
            }
        }
    }
}

fn words<I>(error: &PcapError<I>) -> &'static str {
    match error {
        PcapError::Eof | PcapError::UnexpectedEof | PcapError::Incomplete(_) => "it ends too early",
        PcapError::BufferTooSmall => "a block is too long",
        PcapError::ReadError => "it cannot be read",
        PcapError::HeaderNotRecognized => "its first bytes are not those of a packet capture",
        PcapError::NomError(..) | PcapError::OwnedNomError(..) => "a block is not as the format asks for",
    }
}

/// What blocks before said of those that follow.
#[derive(Default)]
struct Blocks {
    link: Linktype,
    is_nanosecond: bool,
    interfaces: Vec<Interface>,
}

impl Blocks {
    /// Hands over a block's item; `false` where the taker has had enough.
    fn item(
        &mut self,
        block: &PcapBlockOwned<'_>,
        position: u64,
        each: &mut dyn FnMut(Item<'_>, u64) -> bool,
    ) -> bool {
        match block {
            PcapBlockOwned::LegacyHeader(header) => {
                self.link = header.network;
                self.is_nanosecond = header.is_nanosecond_precision();
                true
            }
            PcapBlockOwned::Legacy(packet) => {
                let fraction_us = if self.is_nanosecond {
                    packet.ts_usec / 1000
                } else {
                    packet.ts_usec
                };
                let packet = Packet {
                    link: self.link,
                    at_unix_us: i64::from(packet.ts_sec) * 1_000_000 + i64::from(fraction_us),
                    data: packet.data,
                    offset: position + 16,
                };
                each(Item::Packet(packet), position)
            }
            PcapBlockOwned::NG(block) => self.next_generation(block, position, each),
        }
    }

    fn next_generation(
        &mut self,
        block: &Block<'_>,
        position: u64,
        each: &mut dyn FnMut(Item<'_>, u64) -> bool,
    ) -> bool {
        match block {
            // Interfaces are numbered anew in each section.
            Block::SectionHeader(_) => self.interfaces.clear(),
            Block::InterfaceDescription(interface) => self.interfaces.push(Interface {
                link: interface.linktype,
                resolution: interface.ts_resolution().unwrap_or(1_000_000),
                offset_s: interface.ts_offset(),
            }),
            Block::EnhancedPacket(packet) => {
                let Some(interface) = self.interfaces.get(packet.if_id as usize) else {
                    return true;
                };
                let packet = Packet {
                    link: interface.link,
                    at_unix_us: interface.time_us(packet.ts_high, packet.ts_low),
                    data: captured(packet.data, packet.caplen),
                    offset: position + 28,
                };
                return each(Item::Packet(packet), position);
            }
            Block::SimplePacket(packet) => {
                let Some(interface) = self.interfaces.first() else {
                    return true;
                };
                let packet = Packet {
                    link: interface.link,
                    at_unix_us: 0,
                    data: captured(packet.data, packet.origlen),
                    offset: position + 12,
                };
                return each(Item::Packet(packet), position);
            }
            Block::DecryptionSecrets(secrets) if secrets.secrets_type.0 == TLS_KEY_LOG => {
                return each(
                    Item::Secrets(captured(secrets.data, secrets.secrets_len)),
                    position,
                );
            }
            _ => {}
        }
        true
    }
}

impl Interface {
    /// Microseconds since the Unix epoch.
    fn time_us(&self, high: u32, low: u32) -> i64 {
        let ticks = (u128::from(high) << 32) | u128::from(low);
        let us = ticks * 1_000_000 / u128::from(self.resolution.max(1));
        i64::try_from(us)
            .unwrap_or(i64::MAX)
            .saturating_add(self.offset_s.saturating_mul(1_000_000))
    }
}

/// The bytes without the block's filling.
fn captured(data: &[u8], length: u32) -> &[u8] {
    data.get(..length as usize).unwrap_or(data)
}
