//! How far the reading of a packet capture is.

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// It is still being unpacked, or comes through a pipe.
    pub is_unpacking: bool,
    /// Bytes of the file read.
    pub read_bytes: u64,
    /// Bytes of the file; 0: a pipe does not say.
    pub total_bytes: u64,
    /// Bytes that came out of a packed file so far.
    pub unpacked_bytes: u64,
    /// Packets so far.
    pub packets: u64,
}
