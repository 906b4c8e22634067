//! Why stacks disagree: the checks of this run that name who differs. Where no check does, nothing is said.

use egui::Ui;

use crate::analysis::Analysis;
use crate::diagnose::{MatrixRow, Outcome};
use crate::printable::capitalised;
use crate::state::{Own, Round};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// The section; nothing where they agree, or where no check tells them apart.
pub(super) fn show(ui: &mut Ui, analysis: &Analysis, round: &Round, own: Option<&Own>) {
    let against: Vec<&str> = round
        .against(own)
        .iter()
        .map(|opinion| opinion.stack.name())
        .collect();
    let telling: Vec<&MatrixRow> = analysis
        .diagnosis
        .matrix
        .iter()
        .filter(|row| row.side == round.judge && tells_apart(row))
        .filter(|row| against.iter().any(|name| names(&row.detail, name)))
        .collect();
    if telling.is_empty() {
        return;
    }
    ui.add_space(10.0);
    draw::heading(ui, "Why they disagree");
    let palette = theme::palette(ui);
    for row in telling {
        ui.add_space(3.0);
        let text = egui::RichText::new(format!("The {}'s {}", row.role.word(), row.check.words()))
            .font(theme::text(size::BODY, Weight::SemiBold))
            .color(*palette.text_strong);
        ui.label(text);
        draw::body(ui, &capitalised(&row.detail), *palette.text);
    }
}

/// A check that the run's own stack and another end differently.
fn tells_apart(row: &MatrixRow) -> bool {
    match row.outcome {
        Outcome::Warn => row.is_refused_elsewhere,
        Outcome::Fail => true,
        Outcome::Pass | Outcome::Unknown | Outcome::NotReached | Outcome::NotApplicable => false,
    }
}

/// Whether the words name this stack: `Go 1.19.8 refuses it`, and not the Go of `Google`.
fn names(words: &str, stack: &str) -> bool {
    words
        .split(|letter: char| !letter.is_alphanumeric() && letter != '.')
        .any(|word| word == stack)
}
