//! How the lab does what the user asks of it.

use super::LabCommand;
use crate::setup::Limits;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::lab::job::LabJob;
use crate::state::lab::offer::Offer;
use crate::state::lab::slot::Slot;
use crate::state::lab::sorted::Placement;
use crate::state::root::State;

impl State {
    pub(in crate::state) fn apply_lab(&mut self, command: LabCommand) -> Vec<Effect> {
        match command {
            LabCommand::Run => self.run(),
            LabCommand::CancelRun => {
                self.cancel_run();
                Vec::new()
            }
            LabCommand::OpenScenario(id) => {
                self.dialogs.gallery = false;
                self.mint(Some(id))
            }
            LabCommand::UseBuiltIn => self.mint(None),
            LabCommand::LoadIntoSlot(side, slot, path) => {
                self.read(vec![Offer::File(path)], Some((side, slot)))
            }
            LabCommand::LoadDropped(paths, target) => self.load_dropped(paths, target),
            LabCommand::LoadLastFiles => self.load_last_files(),
            LabCommand::DeclineLastFiles => {
                self.lab.last_files.clear();
                Vec::new()
            }
            LabCommand::Answer(index) => {
                let question = self.dialogs.take_question();
                let answer = question.and_then(|question| question.answers.into_iter().nth(index));
                answer.map_or_else(Vec::new, |(_, placements)| self.put(placements))
            }
            // A log line is no certificate: it goes where errors are explained.
            LabCommand::Paste(text, _) if Self::is_error(&text) => {
                self.read_pasted(text);
                self.show_paste_box(true);
                Vec::new()
            }
            LabCommand::Paste(text, target) => self.read(vec![Offer::Text(text)], target),
            LabCommand::Passphrase(command) => self.apply_passphrase(command),
            LabCommand::ClearSlot(side, slot) => self.put(vec![Placement {
                side,
                slot,
                content: Slot::empty(slot),
            }]),
            LabCommand::ClearLists(side) => self.clear_lists(side),
            LabCommand::SetStrictness(side, strictness, is_on) => {
                strictness.set(&mut self.lab.setup.sides.of_mut(side).policy.revocation, is_on);
                self.setup_changed()
            }
            LabCommand::LiftLimits(side) => {
                self.lab.setup.sides.of_mut(side).policy.limits = Limits::default();
                self.setup_changed()
            }
            policy => self.set_policy(policy),
        }
    }

    /// Policy, time and wire: after such a change the fix that was applied is no longer what one click could undo.
    fn set_policy(&mut self, command: LabCommand) -> Vec<Effect> {
        self.repair.applied.clear();
        let setup = &mut self.lab.setup;
        match command {
            LabCommand::SetClientAuth(client_auth) => setup.client_auth = client_auth,
            LabCommand::SetVersions(versions) => {
                setup.for_both(|side| side.policy.versions.clone_from(&versions))
            }
            LabCommand::SetServerName(name) => {
                setup.server_name = name;
                setup.is_server_name_chosen = true;
            }
            LabCommand::SetAlpn(alpn) => setup.for_both(|side| side.policy.alpn.clone_from(&alpn)),
            LabCommand::SetCipherSuites(suites) => {
                setup.for_both(|side| side.policy.cipher_suites.clone_from(&suites));
            }
            LabCommand::SetGroups(groups) => setup.for_both(|side| side.policy.groups.clone_from(&groups)),
            LabCommand::SetClock(clock_unix_s) => {
                self.time.dragged_to = None;
                setup.for_both(|side| side.policy.clock_unix_s = clock_unix_s);
            }
            LabCommand::SetFault(fault) => setup.fault = fault,
            LabCommand::Run
            | LabCommand::CancelRun
            | LabCommand::OpenScenario(_)
            | LabCommand::UseBuiltIn
            | LabCommand::LoadIntoSlot(..)
            | LabCommand::LoadDropped(..)
            | LabCommand::LoadLastFiles
            | LabCommand::DeclineLastFiles
            | LabCommand::Answer(_)
            | LabCommand::Paste(..)
            | LabCommand::Passphrase(_)
            | LabCommand::ClearSlot(..)
            | LabCommand::ClearLists(_)
            | LabCommand::SetStrictness(..)
            | LabCommand::LiftLimits(_) => return Vec::new(),
        }
        self.setup_changed()
    }

    /// Identities are minted; an older minting is no longer waited for.
    fn mint(&mut self, scenario: Option<String>) -> Vec<Effect> {
        let ticket = self.ticket();
        self.lab.mint_ticket = ticket;
        vec![Effect::Work(Job::Lab(LabJob::Mint { ticket, scenario }))]
    }
}
