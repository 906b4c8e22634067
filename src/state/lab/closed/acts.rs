//! How passphrases are asked for, tried and kept.

use std::path::Path;

use super::{Closed, PassphraseCommand, PassphraseDialog};
use crate::capture::Side;
use crate::pki::Passphrases;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::lab::job::LabJob;
use crate::state::lab::slot::Source;
use crate::state::lab::sorted::Sorted;
use crate::state::notes::NoteKind;
use crate::state::root::State;

/// So many of those that were tried are tried again beside a new one; each takes its time.
const MOST_TRIED: usize = 4;

impl State {
    /// Asks for the passphrase of this, after those that are asked for already. A file that two slots hold is asked for once.
    pub(in crate::state::lab) fn ask_for_passphrase(&mut self, closed: Closed) {
        let all = &mut self.lab.closed;
        let is_asked = all.asked.iter().map(|dialog| &dialog.closed);
        if is_asked.chain(&all.waiting).any(|other| *other == closed) {
            return;
        }
        match &all.asked {
            Some(_) => all.waiting.push_back(closed),
            None => all.asked = Some(PassphraseDialog::new(closed)),
        }
    }

    pub(in crate::state) fn apply_passphrase(&mut self, command: PassphraseCommand) -> Vec<Effect> {
        let Some(dialog) = &mut self.lab.closed.asked else {
            return Vec::new();
        };
        match command {
            PassphraseCommand::Type(typed) => {
                dialog.typed = typed;
                dialog.wrong = None;
            }
            PassphraseCommand::Show(is_shown) => dialog.is_shown = is_shown,
            PassphraseCommand::Open => return self.try_passphrase(),
            PassphraseCommand::Cancel => self.leave_closed(),
        }
        Vec::new()
    }

    /// The worker tries it: making a key of a passphrase is slow on purpose.
    fn try_passphrase(&mut self) -> Vec<Effect> {
        let ticket = self.ticket();
        let Some(dialog) = &mut self.lab.closed.asked else {
            return Vec::new();
        };
        if dialog.is_trying() || dialog.typed.is_empty() {
            return Vec::new();
        }
        dialog.trying = Some(ticket);
        vec![Effect::Work(Job::Lab(LabJob::Open {
            ticket,
            closed: Box::new(dialog.closed.clone()),
            passphrase: dialog.typed.clone(),
            tried: dialog.tried.clone(),
            setup: Box::new(self.lab.setup.clone()),
        }))]
    }

    /// The user does not give it. What was typed goes with the question.
    pub(in crate::state) fn leave_closed(&mut self) {
        let Some(dialog) = self.lab.closed.asked.take() else {
            return;
        };
        let closed = dialog.closed;
        self.notes.add(
            NoteKind::Told,
            if closed.is_for_run {
                format!("{} stays closed, and nothing was run.", closed.name())
            } else {
                format!("{} stays closed.", closed.name())
            },
        );
        self.ask_next();
    }

    /// The worker has tried a passphrase.
    pub(in crate::state::lab) fn take_unclosed(
        &mut self,
        ticket: u64,
        passphrases: Passphrases,
        sorted: Sorted,
    ) -> Vec<Effect> {
        let is_awaited = |dialog: &mut PassphraseDialog| dialog.trying == Some(ticket);
        let Some(mut dialog) = self.lab.closed.asked.take_if(is_awaited) else {
            return Vec::new();
        };
        if let Sorted::Closed(closed) = sorted {
            dialog.wrong = Some(closed.what);
            dialog.tried.add_within(dialog.typed.clone(), MOST_TRIED);
            dialog.trying = None;
            self.lab.closed.asked = Some(dialog);
            return Vec::new();
        }
        let closed = dialog.closed;
        let path = closed.offer.path().cloned();
        if let Some(path) = &path {
            self.lab.setup.passphrases.learn(path, passphrases);
        }
        let mut effects = if closed.is_for_run {
            Vec::new()
        } else {
            self.take_sorted(sorted, closed.target)
        };
        let mut is_run_awaited = closed.is_for_run;
        // The same file for another slot opens with it as well.
        if let Some(path) = path {
            let (same, others) = std::mem::take(&mut self.lab.closed.waiting)
                .into_iter()
                .partition(|other| other.offer.path() == Some(&path));
            self.lab.closed.waiting = others;
            for other in Vec::from(same) {
                is_run_awaited |= other.is_for_run;
                if !other.is_for_run {
                    effects.extend(self.read(vec![other.offer], other.target));
                }
            }
        }
        self.ask_next();
        let is_complete = !self.lab.closed.asked.iter().any(|next| next.closed.is_for_run);
        if is_run_awaited && is_complete {
            effects.extend(self.run_anew());
        }
        effects
    }

    fn ask_next(&mut self) {
        let next = self.lab.closed.waiting.pop_front();
        self.lab.closed.asked = next.map(PassphraseDialog::new);
    }

    /// A passphrase is kept no longer than its file is in the set-up, or about to be.
    pub(in crate::state) fn forget_passphrases(&mut self) {
        let mut passphrases = std::mem::take(&mut self.lab.setup.passphrases);
        let asked = self.dialogs.question.iter();
        let about_to_be: Vec<&Source> = asked
            .chain(&self.dialogs.more_questions)
            .flat_map(|question| &question.answers)
            .flat_map(|(_, placements)| placements)
            .map(|placement| &placement.content.source)
            .collect();
        let setup = &self.lab.setup;
        passphrases.keep_only(|path| {
            let is_source = |source: &Source| matches!(source, Source::File(file) if file == path);
            let is_file = |file: Option<&String>| file.is_some_and(|file| Path::new(file) == path);
            about_to_be.iter().any(|source| is_source(source))
                || setup.slots().any(|(.., slot)| {
                    is_source(&slot.source)
                        || slot.certificates.iter().any(|one| is_file(one.file.as_ref()))
                        || slot.key.iter().any(|key| is_file(key.file.as_ref()))
                })
                || Side::BOTH.into_iter().any(|side| {
                    let known = &setup.sides.of(side).policy.revocation;
                    let all = known.lists.iter().chain(&known.responses);
                    all.into_iter().any(|list| is_file(list.file.as_ref()))
                })
        });
        self.lab.setup.passphrases = passphrases;
    }
}
