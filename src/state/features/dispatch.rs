//! Each command, answer and job goes to the feature that it belongs to.

use super::{Command, Done, Job, OnFailure};
use crate::state::effect::Effect;
use crate::state::root::State;
use crate::state::tools::Tools;
use crate::state::workshop::WorkshopJob;

impl State {
    /// Acts on one intent. What takes time, or needs the window, comes back as effects.
    pub fn apply(&mut self, command: Command) -> Vec<Effect> {
        if self.holds_back(&command) {
            return Vec::new();
        }
        match command {
            Command::Lab(command) => self.apply_lab(command),
            Command::Repair(command) => self.apply_repair(&command),
            Command::Opinion(command) => self.apply_opinion(command),
            Command::Time(command) => self.apply_time(&command),
            Command::Fetch(command) => self.apply_fetch(command),
            Command::Packets(command) => self.apply_packets(command),
            Command::Compare(command) => self.apply_compare(command),
            Command::Document(command) => self.apply_document(command),
            Command::Saving(command) => self.apply_saving(command),
            Command::Export(command) => self.apply_export(command),
            Command::File(command) => self.apply_file(command),
            Command::View(command) => self.apply_view(command),
            Command::Wire(command) => self.apply_wire(command),
            Command::Fold(command) => {
                self.folds.apply(command);
                Vec::new()
            }
            Command::Pasted(command) => self.apply_pasted(command),
            Command::Settings(command) => self.apply_settings(command),
            Command::Panels(command) => self.apply_panels(&command),
            Command::Window(command) => self.apply_window(command),
            Command::Workshop(command) => self.apply_workshop(command),
        }
    }

    /// Takes over a result. What follows from it comes back as effects.
    pub fn absorb(&mut self, done: Done) -> Vec<Effect> {
        match done {
            Done::Lab(done) => self.absorb_lab(done),
            Done::Repair(done) => self.absorb_repair(done),
            Done::Opinion(done) => self.absorb_opinion(done),
            Done::Time(done) => self.absorb_time(done),
            Done::Fetch(done) => self.absorb_fetch(done),
            Done::Packets(done) => self.absorb_packets(done),
            Done::Compare(done) => self.absorb_compare(done),
            Done::Document(done) => self.absorb_document(done),
            Done::Saving(done) => self.absorb_saving(done),
            Done::Export(done) => self.absorb_export(done),
            Done::File(done) => self.absorb_file(done),
            Done::Workshop(done) => self.absorb_workshop(done),
            Done::Told(sentence) => self.tell_trouble(sentence),
        }
    }
}

impl Job {
    /// Does it.
    pub(in crate::state) async fn run(self, tools: Tools) -> Done {
        match self {
            Self::Lab(job) => Done::Lab(job.run(&tools).await),
            Self::Repair(job) => Done::Repair(job.run(&tools).await),
            Self::Opinion(job) => Done::Opinion(job.run(&tools).await),
            Self::Time(job) => Done::Time(job.run(&tools).await),
            Self::Fetch(job) => Done::Fetch(job.run(&tools).await),
            Self::Packets(job) => Done::Packets(job.run(&tools).await),
            Self::Compare(job) => Done::Compare(job.run(&tools).await),
            Self::Document(job) => Done::Document(job.run(&tools).await),
            Self::Saving(job) => Done::Saving(job.run(&tools).await),
            Self::Export(job) => Done::Export(job.run(&tools).await),
            Self::File(job) => Done::File(job.run(&tools).await),
            Self::Settings(job) => Done::Told(job.run(&tools).await),
            Self::Workshop(job) => Done::Workshop(job.run(&tools).await),
        }
    }

    /// The answer where it cannot be done: each job is answered once, whatever happens.
    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::Lab(job) => job.on_failure(),
            Self::Repair(job) => job.on_failure(),
            Self::Opinion(job) => job.on_failure(),
            Self::Time(job) => job.on_failure(),
            Self::Fetch(job) => job.on_failure(),
            Self::Packets(job) => job.on_failure(),
            Self::Compare(job) => job.on_failure(),
            Self::Document(job) => job.on_failure(),
            Self::Saving(job) => job.on_failure(),
            Self::Export(job) => job.on_failure(),
            Self::File(job) => job.on_failure(),
            Self::Settings(_) => Box::new(|sentence| Done::Told(Some(sentence))),
            Self::Workshop(job) => job.on_failure(),
        }
    }

    /// The answer where it is not done at all.
    pub fn refused(&self, sentence: &str) -> Done {
        self.on_failure()(sentence.to_owned())
    }

    /// Whether it writes something of the user's: such jobs are done in their order, and before the program ends.
    pub(in crate::state) fn writes(&self) -> bool {
        matches!(
            self,
            Self::Settings(_) | Self::Saving(_) | Self::Export(_) | Self::Workshop(WorkshopJob::Save(..))
        )
    }
}
