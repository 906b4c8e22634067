//! How much of a handshake an export holds. What is left out is said where it would stand.

/// So many steps from the beginning, and so many from the end.
pub(super) const FIRST_STEPS: usize = 240;
pub(super) const LAST_STEPS: usize = 60;
/// So many messages of one step.
pub(super) const MOST_MESSAGES: usize = 40;
/// So many fields of one message, and so many in all.
pub(super) const MOST_FIELDS: usize = 1_500;
pub(super) const MOST_FIELDS_IN_ALL: usize = 20_000;
/// So many bytes of one message, and so many in all.
pub(super) const MOST_BYTES: usize = 4_096;
pub(super) const MOST_BYTES_IN_ALL: usize = 192 * 1024;
/// So many letters of a value.
pub(super) const LONGEST_VALUE: usize = 400;
/// So many letters of notes.
pub(super) const LONGEST_NOTES: usize = 20_000;
/// So many causes, checks of one certificate's judge, and links of a chain.
pub(super) const MOST_CAUSES: usize = 24;
pub(super) const MOST_CHECKS: usize = 600;
pub(super) const MOST_LINKS: usize = 64;

/// What may still be written of something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new(most: usize) -> Self {
        Self(most)
    }

    /// Takes up to so much, and says how much there was.
    pub(super) fn take(&mut self, wanted: usize) -> usize {
        let given = wanted.min(self.0);
        self.0 -= given;
        given
    }
}
