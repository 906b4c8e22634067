//! What a packet capture file holds: packets, and secrets.

use pcap_parser::Linktype;

/// One packet.
pub(super) struct Packet<'a> {
    pub link: Linktype,
    /// Microseconds since the Unix epoch; `None` where the file has no time for it: a simple packet block, or a time of
    /// zero, which tools write that take the times away.
    pub at_unix_us: Option<i64>,
    pub data: &'a [u8],
    /// Where `data` begins in the file.
    pub offset: u64,
}

/// What a file holds.
pub(super) enum Item<'a> {
    Packet(Packet<'a>),
    /// Lines of a TLS key log.
    Secrets(&'a [u8]),
    /// A packet of an interface that its section does not describe: how to read it is not known.
    NoInterface,
}
