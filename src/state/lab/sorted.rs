//! What is to become of a file or a paste: where its parts go, or what has to be asked first.

use super::closed::Closed;
use super::slot::{SetupSlot, Slot};
use crate::capture::{RevocationFile, Side};

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

/// What is to become of a file or a paste.
#[derive(Clone, Debug)]
pub enum Sorted {
    /// It goes here.
    Put(Vec<Placement>),
    /// Only the user knows.
    Ask(Box<Question>),
    /// Revocation lists and responses, and with them what else the file holds.
    Lists(Box<ListsFound>, Option<Box<Sorted>>),
    /// It asks for a passphrase.
    Closed(Box<Closed>),
    /// Several files of a folder: what becomes of each.
    Several(Vec<Sorted>),
    /// What is to be said of it, and what becomes of it.
    Told(Vec<String>, Box<Sorted>),
    /// It cannot be used, in a sentence.
    Refuse(String),
}

/// Lists and responses for one side or both.
#[derive(Clone, Debug)]
pub struct ListsFound {
    /// Who is to judge by them.
    pub sides: Vec<Side>,
    /// What was found.
    pub lists: Vec<RevocationFile>,
    /// What was found.
    pub responses: Vec<RevocationFile>,
    /// What to call the file.
    pub name: String,
}

/// Something could go to either side: the user says where.
#[derive(Clone, Debug)]
pub struct Question {
    /// `Whose is orders.pem?`
    pub title: String,
    /// What it is.
    pub detail: String,
    /// The answers: words, and what they put where.
    pub answers: Vec<(String, Vec<Placement>)>,
}
