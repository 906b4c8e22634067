//! What the user can ask of the open packet captures.

use std::path::PathBuf;

use crate::state::effect::Effect;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;
use crate::state::saving::Leaving;
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

impl State {
    pub(in crate::state) fn apply_packets(&mut self, command: PacketCommand) -> Vec<Effect> {
        self.judging_another_bench(|state| state.carry_out_packets(command))
    }

    fn carry_out_packets(&mut self, command: PacketCommand) -> Vec<Effect> {
        match command {
            PacketCommand::ShowList(index) => self.enter_list(index),
            PacketCommand::BackToList => self.back_to_list(),
            PacketCommand::CloseList(path) => return self.leave(Leaving::List(path)),
            PacketCommand::SetFilter(filter) => self.set_filter(filter),
            PacketCommand::SortBy(column) => self.sort_by(column),
            PacketCommand::MoveCursor(by) => self.move_cursor(by),
            PacketCommand::OpenConnection(place) => return self.open_connection(place),
            PacketCommand::StepConnection(by) => return self.step_connection(by),
            PacketCommand::ChooseKeyLog => {
                let path = self.list().map(|list| list.path.clone());
                return path.map_or_else(Vec::new, |path| self.ask_for_file(PickPurpose::KeyLog(path)));
            }
        }
        Vec::new()
    }
}
