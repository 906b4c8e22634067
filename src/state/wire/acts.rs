//! A byte is chosen and flipped.

use super::{WireByte, WireCommand};
use crate::analysis::Analysis;
use crate::setup::{Fault, FaultTarget};
use crate::state::documents::Document;
use crate::state::effect::Effect;
use crate::state::lab::LabCommand;
use crate::state::root::State;
use crate::state::{Command, InspectorTab};

impl State {
    pub(in crate::state) fn apply_wire(&mut self, command: WireCommand) -> Vec<Effect> {
        match command {
            WireCommand::Show(is_shown) => self.wire.is_shown = is_shown,
            WireCommand::Choose(byte) => self.wire.chosen = Some(byte),
            WireCommand::FlipAndRun => return self.flip_and_run(),
        }
        Vec::new()
    }

    /// The chosen byte of the connection on the stage, where there is such a byte.
    pub fn chosen_byte(&self) -> Option<WireByte> {
        let chosen = self.wire.chosen?;
        let record = self.analysis()?.transcript.records.get(chosen.record)?;
        (chosen.byte < record.wire.len()).then_some(chosen)
    }

    /// Whether a byte can be flipped: only the lab can send it once more.
    pub fn can_flip(&self) -> bool {
        self.document().is_some_and(Document::is_lab) && !self.is_running()
    }

    fn flip_and_run(&mut self) -> Vec<Effect> {
        let fault = self
            .chosen_byte()
            .zip(self.analysis())
            .and_then(|(chosen, analysis)| fault_of(analysis, chosen));
        let Some(fault) = fault.filter(|_| self.can_flip()) else {
            return Vec::new();
        };
        // It is told under Why.
        self.tab = InspectorTab::Why;
        let mut effects = self.apply(Command::Lab(LabCommand::SetFault(Some(fault))));
        effects.extend(self.apply(Command::Lab(LabCommand::Run)));
        effects
    }
}

/// The fault that flips this byte in the next run: records are counted in their direction.
fn fault_of(analysis: &Analysis, chosen: WireByte) -> Option<Fault> {
    let records = &analysis.transcript.records;
    let from = records.get(chosen.record)?.side;
    let before = records.get(..chosen.record)?;
    let before = before.iter().filter(|record| record.side == from);
    Some(Fault::FlipByte {
        target: FaultTarget {
            from,
            record: before.map(|record| 1 + record.repeated).sum(),
        },
        byte: chosen.byte,
    })
}
