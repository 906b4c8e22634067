//! Sorts out what a file holds and where it belongs.

use super::SetupSlot;
use super::slot::Slot;
use crate::capture::Side;

/// Something to put into a slot.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Whose.
    pub side: Side,
    /// Which.
    pub slot: SetupSlot,
    /// What.
    pub content: Slot,
}
