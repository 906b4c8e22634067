//! An opened packet capture: being read, then a list of its connections, filtered, one of them chosen.

mod acts;

pub(in crate::state) use acts::title_of;

use std::path::PathBuf;
use std::sync::Arc;

use crate::cancel::Cancel;
use crate::state::lab::file_name;
use crate::survey::{Filter, Order, Survey, put_in_order};

/// The open packet captures.
#[derive(Clone, Debug, Default)]
pub struct Packets {
    /// All of them.
    pub lists: Vec<PacketList>,
    /// The one whose list is in the middle, instead of the stage.
    pub open: Option<usize>,
}

/// A packet capture that is open.
#[derive(Clone, Debug)]
pub struct PacketList {
    /// Its file.
    pub path: PathBuf,
    /// Being read, or read.
    pub phase: Phase,
    /// What is looked for.
    pub filter: Filter,
    /// By which column the rows stand; `None`: as in the file.
    pub order: Option<Order>,
    /// The rows that the filter lets through, in their order: indexes into [`Survey::rows`].
    pub shown: Vec<usize>,
    /// Where the arrow keys are, an index into `shown`.
    pub cursor: usize,
    /// The row that the user chose: the cursor goes where it goes.
    chosen: Option<usize>,
    /// The row that is being opened.
    pub opening: Option<usize>,
    /// Which request for it: an answer to an older one opens nothing.
    opening_ticket: u64,
    /// Ends the reading.
    cancel: Cancel,
}

/// How far an opened packet capture is.
#[derive(Clone, Debug)]
pub enum Phase {
    /// Being read.
    Reading {
        /// `Reading packets`, `Looking at connections`.
        what: &'static str,
        /// 0 to 1.
        fraction: f32,
        /// The words beside it: `12,000 packets`.
        words: String,
    },
    /// Read.
    Ready {
        /// The connections.
        survey: Arc<Survey>,
        /// The key logs that secrets were taken from; empty where there were none.
        key_logs: Vec<PathBuf>,
    },
}

impl PacketList {
    fn new(path: PathBuf, cancel: Cancel) -> Self {
        Self {
            path,
            phase: Phase::Reading {
                what: "Reading packets",
                fraction: 0.0,
                words: String::new(),
            },
            filter: Filter::default(),
            order: None,
            shown: Vec::new(),
            cursor: 0,
            chosen: None,
            opening: None,
            opening_ticket: 0,
            cancel,
        }
    }

    /// The file's name.
    pub fn title(&self) -> String {
        file_name(&self.path)
    }

    /// The connections, where they are known.
    pub fn survey(&self) -> Option<&Arc<Survey>> {
        match &self.phase {
            Phase::Ready { survey, .. } => Some(survey),
            Phase::Reading { .. } => None,
        }
    }

    /// The rows that the filter lets through, in their order; called where one of these changes, not in every frame. The row
    /// that was chosen stays chosen; where the filter holds it back, the cursor is at the first.
    fn sieve(&mut self) {
        let Some(survey) = self.survey() else { return };
        let mut shown: Vec<usize> = survey
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| self.filter.lets_through(row))
            .map(|(index, _)| index)
            .collect();
        put_in_order(&survey.rows, &mut shown, self.order);
        let place = self
            .chosen
            .and_then(|chosen| shown.iter().position(|row| *row == chosen));
        self.cursor = place.unwrap_or(0);
        self.shown = shown;
    }

    /// Puts the cursor at this place.
    fn choose(&mut self, place: usize) {
        self.cursor = place;
        self.chosen = self.shown.get(place).copied();
    }

    /// Where a row stands. Mostly it is where the cursor is.
    fn place_of(&self, row: usize) -> Option<usize> {
        let is_at_cursor = self.shown.get(self.cursor) == Some(&row);
        if is_at_cursor {
            return Some(self.cursor);
        }
        self.shown.iter().position(|one| *one == row)
    }
}

#[cfg(test)]
mod tests;
