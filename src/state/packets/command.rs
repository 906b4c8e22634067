//! What the user can ask of the open packet captures.

mod acts;

use std::path::PathBuf;

use crate::survey::{Column, Filter};

/// What the user can ask of the open packet captures.
#[derive(Clone, Debug, PartialEq)]
pub enum PacketCommand {
    /// Put the list of this open packet capture in the middle.
    ShowList(usize),
    /// Back from a connection to the list that it came from.
    BackToList,
    /// Close this packet capture, and end its reading.
    CloseList(PathBuf),
    /// Show only the connections that this lets through.
    SetFilter(Filter),
    /// Put the rows in the order of this column: upwards, then downwards, then as in the file again.
    SortBy(Column),
    /// Up (-1) or down (1) in the list.
    MoveCursor(i32),
    /// Open the connection at this place of the list.
    OpenConnection(usize),
    /// From the connection on the stage to the next (1) or the one before (-1) in its list.
    StepConnection(i32),
    /// Ask for a key log for the packet capture in the middle.
    ChooseKeyLog,
}
