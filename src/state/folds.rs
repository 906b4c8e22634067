//! The sections of the inspector that fold: which are open, for as long as the window is.

use std::collections::BTreeSet;

/// A kind of section. What is opened for one failure is open for the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// The chain as the judge sees it.
    Chain,
    /// What passes here and another stack refuses.
    Elsewhere,
    /// Whose stack would have sent the certificate.
    WouldBeSent,
    /// What proves the cause.
    Evidence,
    /// The causes beside the one that is told.
    OtherFaults,
    /// Fixes beside the one that is recommended.
    OtherFixes,
    /// The same failure in other stacks' words.
    OtherStacks,
    /// The rule that is broken.
    Rule,
    /// What came of a byte that the wire changed.
    Integrity,
    /// What the two sides believed.
    TwoTruths,
    /// All lines of commands that are many.
    AllCommands,
}

impl Section {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 11] = [
        Self::Chain,
        Self::Elsewhere,
        Self::WouldBeSent,
        Self::Evidence,
        Self::OtherFaults,
        Self::OtherFixes,
        Self::OtherStacks,
        Self::Rule,
        Self::Integrity,
        Self::TwoTruths,
        Self::AllCommands,
    ];

    /// The chain is a picture and what became of a changed byte an answer: they begin open; everything else begins folded.
    fn begins_open(self) -> bool {
        matches!(self, Self::Chain | Self::Integrity)
    }
}

/// What the user can ask of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldCommand {
    /// Open what is folded, fold what is open.
    Toggle(Section),
    /// Open it, if it is not, and bring it into view.
    Open(Section),
    /// What was to come into view has come.
    Seen,
}

/// Which sections are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    /// Those that are not as they began.
    changed: BTreeSet<Section>,
    /// What was opened from elsewhere, until it has been scrolled into view.
    sought: Option<Section>,
}

impl Folds {
    /// Whether its contents are to be seen.
    pub fn is_open(&self, section: Section) -> bool {
        section.begins_open() != self.changed.contains(&section)
    }

    /// Whether it was opened from elsewhere and is still to be scrolled into view.
    pub fn is_sought(&self, section: Section) -> bool {
        self.sought == Some(section)
    }

    /// Acts on a command.
    pub(super) fn apply(&mut self, command: FoldCommand) {
        self.sought = None;
        match command {
            FoldCommand::Toggle(section) => self.toggle(section),
            FoldCommand::Open(section) => {
                if !self.is_open(section) {
                    self.toggle(section);
                }
                self.sought = Some(section);
            }
            FoldCommand::Seen => {}
        }
    }

    fn toggle(&mut self, section: Section) {
        if !self.changed.remove(&section) {
            self.changed.insert(section);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FoldCommand, Folds, Section};

    #[test]
    fn each_section_opens_and_folds_by_itself() {
        let mut folds = Folds::default();
        for section in Section::ALL {
            let before = folds.is_open(section);
            let begins_open = [Section::Chain, Section::Integrity].contains(&section);
            assert_eq!(before, begins_open, "{section:?}");
            folds.apply(FoldCommand::Toggle(section));
            assert!(folds.is_open(section) != before && !folds.is_sought(section));
        }
        folds.apply(FoldCommand::Toggle(Section::Rule));
        let folded: Vec<Section> = Section::ALL
            .into_iter()
            .filter(|section| !folds.is_open(*section))
            .collect();
        assert_eq!(folded, [Section::Chain, Section::Rule, Section::Integrity]);
    }

    #[test]
    fn what_is_opened_from_elsewhere_is_sought_and_stays_open() {
        let mut folds = Folds::default();
        for _ in 0..2 {
            folds.apply(FoldCommand::Open(Section::OtherFaults));
            assert!(folds.is_open(Section::OtherFaults) && folds.is_sought(Section::OtherFaults));
        }
        folds.apply(FoldCommand::Seen);
        assert!(folds.is_open(Section::OtherFaults) && !folds.is_sought(Section::OtherFaults));
    }
}
