//! What is made of what the user asks of packet captures.

use super::PacketCommand;
use crate::state::effect::Effect;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;
use crate::state::saving::Leaving;

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
                // Of the list that is open, or of the connection on the stage: one that is alone has no list above it.
                let on_stage = || Some(self.document()?.connection.as_ref()?.file.clone());
                let path = self.list().map(|list| list.path.clone()).or_else(on_stage);
                return path.map_or_else(Vec::new, |path| self.ask_for_file(PickPurpose::KeyLog(path)));
            }
        }
        Vec::new()
    }
}
