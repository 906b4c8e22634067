//! How much of a story has been seen, and how much each row asks to be looked at.

/// How much a row asks to be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) enum Tone {
    #[default]
    Usual,
    /// It is as it is elsewhere.
    Quiet,
    /// It follows from what is said elsewhere.
    Grey,
    /// This is the row to look at.
    Strong,
}

/// How much of a story has been seen.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Seen {
    /// Rows that have begun.
    pub visible: usize,
    /// Rows whose event has happened.
    pub happened: usize,
    /// How far the event of the last row has come, 0 to 1.
    pub progress: f32,
    pub is_at_end: bool,
    pub selected: Option<usize>,
}
