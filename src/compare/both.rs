//! The two handshakes that are compared.

use crate::analysis::Analysis;
use crate::setup::LabSetup;

/// One value for each of two handshakes. A came first, or worked; B is the one to explain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both<T> {
    /// The first.
    pub a: T,
    /// The second.
    pub b: T,
}

/// One of the two handshakes.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What was seen, and what follows from it.
    pub analysis: &'a Analysis,
    /// What it was made of, private keys included; `None` for a recording.
    pub setup: Option<&'a LabSetup>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the letters on the screen")]
pub enum Which {
    A,
    B,
}

impl Which {
    /// Both, in order.
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// The other of the two.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

impl<T> Both<T> {
    /// The value of this one.
    pub fn of(&self, which: Which) -> &T {
        match which {
            Which::A => &self.a,
            Which::B => &self.b,
        }
    }

    /// The value of this one, to be changed.
    pub fn of_mut(&mut self, which: Which) -> &mut T {
        match which {
            Which::A => &mut self.a,
            Which::B => &mut self.b,
        }
    }
}
