//! How packet captures are opened, shown and closed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{PacketList, Phase};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::state::documents::{Connection, Document};
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::notes::NoteKind;
use crate::state::packets::job::{PacketDone, PacketJob};
use crate::state::root::State;
use crate::survey::{Column, Filter, Order, Row, Survey};

impl State {
    /// The packet capture whose list is in the middle.
    pub fn list(&self) -> Option<&PacketList> {
        self.packets.lists.get(self.packets.open?)
    }

    fn list_of(&mut self, path: &Path) -> Option<&mut PacketList> {
        self.packets.lists.iter_mut().find(|list| list.path == path)
    }

    /// Begins to read a packet capture, or to read it again with another key log.
    pub(in crate::state) fn open_packets(&mut self, path: PathBuf, key_log: Option<PathBuf>) -> Vec<Effect> {
        let cancel = Cancel::default();
        let list = PacketList::new(path.clone(), cancel.clone());
        let index = self.packets.lists.iter().position(|list| list.path == path);
        let index = index.unwrap_or(self.packets.lists.len());
        if let Some(place) = self.packets.lists.get_mut(index) {
            place.cancel.cancel();
            *place = list;
        } else {
            self.packets.lists.push(list);
        }
        self.enter_list(index);
        vec![Effect::Work(Job::Packets(PacketJob::Open {
            path,
            key_log,
            cancel,
        }))]
    }

    pub(in crate::state) fn absorb_packets(&mut self, done: PacketDone) -> Vec<Effect> {
        match done {
            PacketDone::Progress {
                path,
                cancel,
                what,
                fraction,
                words,
            } => {
                if let Some(list) = self.list_of(&path)
                    && list.cancel.is_same(&cancel)
                    && matches!(list.phase, Phase::Reading { .. })
                {
                    list.phase = Phase::Reading {
                        what,
                        fraction,
                        words,
                    };
                }
                Vec::new()
            }
            PacketDone::Read { path, cancel, result } => self.take_packets(&path, &cancel, result),
            PacketDone::Connection {
                ticket,
                path,
                row,
                result,
            } => self.take_connection(ticket, &path, row, result),
        }
    }

    /// A packet capture was read, or could not be.
    fn take_packets(
        &mut self,
        path: &Path,
        cancel: &Cancel,
        result: Result<(Arc<Survey>, Vec<PathBuf>), String>,
    ) -> Vec<Effect> {
        // An answer to an older request speaks of a list that is no more.
        if !self.list_of(path).is_some_and(|list| list.cancel.is_same(cancel)) {
            return Vec::new();
        }
        let (survey, key_logs) = match result {
            Ok(read) => read,
            Err(sentence) => {
                self.close_list(path);
                self.settings.recent.retain(|other| other != path);
                self.notes.add(NoteKind::Trouble, sentence);
                return vec![self.remember()];
            }
        };
        for remark in &survey.index.remarks {
            self.notes.add(NoteKind::Told, remark.clone());
        }
        let is_single = survey.rows.len() == 1;
        if let Some(list) = self.list_of(path) {
            list.phase = Phase::Ready { survey, key_logs };
            list.sieve();
        }
        let mut effects = self.add_recent(path.to_owned());
        if is_single {
            effects.extend(self.open_connection(0));
        }
        effects
    }

    /// Opens the row at a place of the list that is in the middle.
    pub(in crate::state::packets) fn open_connection(&mut self, place: usize) -> Vec<Effect> {
        self.packets
            .open
            .map_or_else(Vec::new, |index| self.open_connection_of(index, place))
    }

    /// Where the connection on the stage stands in its list: the list's index, the place, and how many there are.
    pub fn place_in_list(&self) -> Option<(usize, usize, usize)> {
        let from = self.document()?.connection.as_ref()?;
        let index = self
            .packets
            .lists
            .iter()
            .position(|list| list.path == from.file)?;
        let list = self.packets.lists.get(index)?;
        let place = list.place_of(from.row)?;
        Some((index, place, list.shown.len()))
    }

    /// The next connection of the list, or the one before; at its ends it stays.
    pub(in crate::state::packets) fn step_connection(&mut self, by: i32) -> Vec<Effect> {
        // Behind a comparison nothing moves.
        let place = self.place_in_list().filter(|_| self.comparison().is_none());
        let Some((index, place, count)) = place else {
            return Vec::new();
        };
        match place.checked_add_signed(by as isize) {
            Some(next) if next < count => self.open_connection_of(index, next),
            _ => Vec::new(),
        }
    }

    fn open_connection_of(&mut self, index: usize, place: usize) -> Vec<Effect> {
        let ticket = self.ticket();
        let Some(list) = self.packets.lists.get_mut(index) else {
            return Vec::new();
        };
        let (Some(row), Some(survey)) = (list.shown.get(place).copied(), list.survey().cloned()) else {
            return Vec::new();
        };
        list.choose(place);
        list.opening = Some(row);
        list.opening_ticket = ticket;
        vec![Effect::Work(Job::Packets(PacketJob::Connection {
            ticket,
            path: list.path.clone(),
            survey,
            row,
        }))]
    }

    /// A connection was decoded, judged and told.
    fn take_connection(
        &mut self,
        ticket: u64,
        path: &Path,
        row: usize,
        result: Result<Arc<Analysis>, String>,
    ) -> Vec<Effect> {
        let Some(list) = self
            .list_of(path)
            .filter(|list| list.opening.is_some() && list.opening_ticket == ticket)
        else {
            return Vec::new();
        };
        list.opening = None;
        let told = list
            .survey()
            .and_then(|survey| survey.rows.get(row))
            .map(title_of);
        match result {
            Ok(analysis) => self.show(Document {
                connection: Some(Connection {
                    file: path.to_owned(),
                    row,
                }),
                ..Document::new(told.unwrap_or_default(), String::new(), analysis)
            }),
            Err(sentence) => self.notes.add(NoteKind::Trouble, sentence),
        }
        Vec::new()
    }

    /// Back from a connection to the list that it came from.
    pub(in crate::state::packets) fn back_to_list(&mut self) {
        let file = self
            .document()
            .and_then(|document| document.connection.as_ref())
            .map(|from| from.file.clone());
        let list = file.and_then(|file| self.packets.lists.iter().position(|list| list.path == file));
        if let Some(list) = list {
            self.enter_list(list);
        }
    }

    pub(in crate::state) fn close_list(&mut self, path: &Path) {
        let Some(index) = self.packets.lists.iter().position(|list| list.path == path) else {
            return;
        };
        if let Some(list) = self.packets.lists.get(index) {
            list.cancel.cancel();
        }
        self.packets.lists.remove(index);
        let was_here = self.packets.open == Some(index);
        self.packets.open = match self.packets.open {
            Some(open) if open > index => Some(open - 1),
            Some(open) if open == index => None,
            other => other,
        };
        // The connection goes with its list.
        let document = self.documents.iter().position(|document| {
            document.path.is_none() && document.connection.as_ref().is_some_and(|from| from.file == path)
        });
        let active = self.active;
        if let Some(document) = document {
            self.close(document);
        }
        // Where the connection was behind its list, closing it has led back already.
        if was_here && (document.is_none() || active != document) {
            self.go_back(usize::MAX);
        }
    }

    pub(in crate::state::packets) fn set_filter(&mut self, filter: Filter) {
        if let Some(list) = self
            .packets
            .open
            .and_then(|index| self.packets.lists.get_mut(index))
        {
            list.filter = filter;
            list.sieve();
        }
    }

    pub(in crate::state::packets) fn sort_by(&mut self, column: Column) {
        if let Some(list) = self
            .packets
            .open
            .and_then(|index| self.packets.lists.get_mut(index))
        {
            list.order = Order::after_click(list.order, column);
            list.sieve();
        }
    }

    pub(in crate::state::packets) fn move_cursor(&mut self, by: i32) {
        if let Some(list) = self
            .packets
            .open
            .and_then(|index| self.packets.lists.get_mut(index))
        {
            let last = list.shown.len().saturating_sub(1);
            list.choose(list.cursor.saturating_add_signed(by as isize).min(last));
        }
    }
}

/// `payments.shop.svc · 10.0.0.1:50000`.
pub(in crate::state) fn title_of(row: &Row) -> String {
    match &row.sni {
        Some(name) => format!("{name} · {}", row.client),
        None => format!("{} → {}", row.client, row.server),
    }
}
