//! Notes: small sentences that come, are read, and go. None of them stops the work.

use std::time::{Duration, Instant};

use crate::printable::sentence;

/// How long a note that is not bad news stays.
const STAYS: Duration = Duration::from_secs(6);
/// More than this are never on the screen: the oldest goes.
const MOST: usize = 4;

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// Something was done.
    Done,
    /// Something to know.
    Told,
    /// Something did not work. Stays until dismissed.
    Trouble,
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Never used twice.
    pub id: u64,
    /// What it is about.
    pub kind: NoteKind,
    /// One or two sentences.
    pub text: String,
    shown_at: Instant,
}

/// The notes on the screen, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    notes: Vec<Note>,
    next_id: u64,
}

impl Notes {
    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Note> {
        self.notes.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// Shows a note. The same words are not shown twice at once, and no words are no note.
    pub fn add(&mut self, kind: NoteKind, text: impl Into<String>) {
        // The last gate: names of files and certificates stand in these sentences.
        let text = sentence(&text.into());
        if text.is_empty() {
            return;
        }
        self.notes.retain(|note| note.text != text);
        if self.notes.len() == MOST {
            self.notes.remove(0);
        }
        self.notes.push(Note {
            id: self.next_id,
            kind,
            text,
            shown_at: Instant::now(),
        });
        self.next_id += 1;
    }

    /// Takes one away.
    pub fn dismiss(&mut self, id: u64) {
        self.notes.retain(|note| note.id != id);
    }

    /// Takes the newest away; whether there was one.
    pub fn dismiss_newest(&mut self) -> bool {
        self.notes.pop().is_some()
    }

    /// Drops the notes whose time is over, and says when to look again.
    pub fn expire(&mut self, now: Instant) -> Option<Duration> {
        let left = |note: &Note| STAYS.saturating_sub(now.saturating_duration_since(note.shown_at));
        self.notes
            .retain(|note| note.kind == NoteKind::Trouble || left(note) > Duration::ZERO);
        self.notes
            .iter()
            .filter(|note| note.kind != NoteKind::Trouble)
            .map(left)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{NoteKind, Notes};

    #[test]
    fn good_news_goes_and_trouble_stays() {
        let mut notes = Notes::default();
        notes.add(NoteKind::Done, "saved");
        notes.add(NoteKind::Trouble, "no such file");
        assert!(
            notes
                .expire(Instant::now())
                .is_some_and(|wait| wait <= Duration::from_secs(6))
        );
        assert_eq!(notes.expire(Instant::now() + Duration::from_secs(7)), None);
        assert_eq!(
            notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
            ["no such file"]
        );
    }

    #[test]
    fn nothing_said_is_no_note() {
        let mut notes = Notes::default();
        notes.add(NoteKind::Told, "");
        assert!(notes.is_empty());
    }

    #[test]
    fn the_screen_is_not_covered() {
        let mut notes = Notes::default();
        for number in 0..9 {
            notes.add(NoteKind::Trouble, format!("{number}"));
            notes.add(NoteKind::Trouble, format!("{number}"));
        }
        assert_eq!(
            notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
            ["5", "6", "7", "8"]
        );
    }

    /// What is taken away by its number, and what by being the newest.
    #[test]
    fn each_note_goes_by_itself_and_the_newest_first() {
        let words = |notes: &Notes| notes.iter().map(|note| note.text.clone()).collect::<Vec<_>>();
        let mut notes = Notes::default();
        assert!(!notes.dismiss_newest(), "there is none");
        for text in ["a", "b", "c", "d"] {
            notes.add(NoteKind::Trouble, text);
        }
        assert!(notes.dismiss_newest());
        assert_eq!(words(&notes), ["a", "b", "c"]);
        let second = notes.iter().nth(1).map(|note| note.id).expect("b");
        notes.dismiss(second);
        assert_eq!(words(&notes), ["a", "c"]);
        // What is said again is the newest, with a number of its own.
        notes.add(NoteKind::Done, "a");
        assert_eq!(words(&notes), ["c", "a"]);
        notes.dismiss(second);
        assert_eq!(words(&notes), ["c", "a"]);
        assert!(notes.dismiss_newest() && notes.dismiss_newest() && !notes.dismiss_newest());
        assert!(notes.is_empty());
    }

    /// The screen is looked at again when the next note goes, and not before; a note goes at its very end.
    #[test]
    fn a_note_stays_for_its_time() {
        let mut notes = Notes::default();
        let before = Instant::now();
        notes.add(NoteKind::Told, "a");
        let after = Instant::now();
        let second = Duration::from_secs(1);
        let left = notes.expire(before + super::STAYS.saturating_sub(second));
        assert!(
            left.is_some_and(|left| left >= second && left <= second + (after - before)),
            "{left:?}"
        );
        assert_eq!(notes.expire(after + super::STAYS), None);
        assert!(notes.is_empty());
    }
}
