//! The bytes on the wire, as they are looked at in Bytes, and the one that is chosen to be flipped.

mod acts;

/// What the user can ask of the bytes on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireCommand {
    /// Show the records as they travelled, or the message that they carry.
    Show(bool),
    /// Choose this byte.
    Choose(WireByte),
    /// Run the lab again with the lowest bit of the chosen byte flipped.
    FlipAndRun,
}

/// A byte on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireByte {
    /// Index into the transcript's records.
    pub record: usize,
    /// From 0, the record's header included.
    pub byte: usize,
}

/// How the bytes are looked at.
#[derive(Clone, Debug, Default)]
pub struct WireView {
    /// The records as they travelled, and not the message that they carry.
    pub is_shown: bool,
    /// The chosen byte.
    pub chosen: Option<WireByte>,
}
