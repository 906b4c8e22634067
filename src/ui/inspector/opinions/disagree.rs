//! Why stacks disagree: the checks of this run that name who differs, and a grid of who stumbles over which. Where no check
//! tells them apart, nothing is said.

use egui::{Align2, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::analysis::Analysis;
use crate::diagnose::{MatrixRow, Outcome};
use crate::printable::{capitalised, shortened};
use crate::stack::Stack;
use crate::state::{Own, Round, Row, State};
use crate::ui::draw;
use crate::ui::inspector::told::cause;
use crate::ui::theme::{self, Weight, size};

/// Where there is less room than this, the grid becomes a list.
const GRID_FROM: f32 = 440.0;
const ROW: f32 = 26.0;
/// For the check's own words; the columns share the rest.
const FOR_CHECK: f32 = 150.0;
/// More columns than this have no room for their heads.
const MOST_COLUMNS: usize = 7;

/// How one stack came through one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// It took the chain, whatever this check finds.
    Takes,
    /// It refuses, and this check says that it does.
    Refuses,
    /// It refuses, and whether for this its own words tell.
    Otherwise,
}

/// A check, with a cell for each stack.
struct Line<'a> {
    row: &'a MatrixRow,
    cells: Vec<Cell>,
}

/// Everybody who gave a verdict, the run's own stack first; and the checks that tell them apart.
struct Grid<'a> {
    stacks: Vec<Stack>,
    lines: Vec<Line<'a>>,
}

impl<'a> Grid<'a> {
    fn of(matrix: &'a [MatrixRow], round: &Round, own: Option<&Own>) -> Self {
        let against: Vec<Stack> = round.against(own).iter().map(|opinion| opinion.stack).collect();
        let is_refused_here = own.is_some_and(|own| !own.accepts);
        let mut columns: Vec<(Stack, bool)> =
            own.map(|own| (Stack::Rustls, own.accepts)).into_iter().collect();
        columns.extend(
            round
                .rows
                .iter()
                .filter_map(|row: &Row| Some((row.stack, row.accepts()?))),
        );
        let telling: Vec<&MatrixRow> = matrix
            .iter()
            .filter(|row| row.side == round.judge && !against.is_empty())
            .filter(|row| match row.outcome {
                Outcome::Warn => {
                    row.is_refused_elsewhere && against.iter().any(|stack| names(&row.detail, *stack))
                }
                // The run refuses for it, and somebody took the chain all the same.
                Outcome::Fail => is_refused_here || against.iter().any(|stack| names(&row.detail, *stack)),
                Outcome::Pass | Outcome::Unknown | Outcome::NotReached | Outcome::NotApplicable => false,
            })
            .collect();
        let cell = |row: &MatrixRow, (stack, accepts): (Stack, bool)| match (accepts, stack) {
            (true, _) => Cell::Takes,
            (false, Stack::Rustls) if row.outcome == Outcome::Fail => Cell::Refuses,
            (false, stack) if names(&row.detail, stack) => Cell::Refuses,
            (false, _) => Cell::Otherwise,
        };
        let lines = telling
            .into_iter()
            .map(|row| Line {
                row,
                cells: columns.iter().map(|column| cell(row, *column)).collect(),
            })
            .collect();
        Self {
            stacks: columns.into_iter().map(|(stack, _)| stack).collect(),
            lines,
        }
    }
}

/// The section; nothing where they agree, or where no check tells them apart.
pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, round: &Round, own: Option<&Own>) {
    let grid = Grid::of(&analysis.diagnosis.matrix, round, own);
    if grid.lines.is_empty() {
        return;
    }
    ui.add_space(10.0);
    draw::heading(ui, "Why they disagree");
    // What stands in the headline is not said twice.
    let headline = cause(state, analysis).map_or("", |cause| cause.detail.as_str());
    for line in grid
        .lines
        .iter()
        .filter(|line| !headline.contains(&line.row.detail))
    {
        draw::body(ui, &sentence(line.row), *theme::palette(ui).text);
    }
    ui.add_space(4.0);
    if ui.available_width() >= GRID_FROM && grid.stacks.len() <= MOST_COLUMNS {
        table(ui, &grid);
    } else {
        list(ui, &grid);
    }
}

/// What the check found, as a sentence that names whose it is.
fn sentence(row: &MatrixRow) -> String {
    format!("{}: {}.", check(row), row.detail.trim_end_matches('.'))
}

/// `The leaf's name constraints`.
fn check(row: &MatrixRow) -> String {
    format!("The {}'s {}", row.role.word(), row.check.words())
}

fn table(ui: &mut Ui, grid: &Grid<'_>) {
    let palette = theme::palette(ui);
    let small = theme::text(size::SMALL, Weight::Regular);
    let width = ui.available_width();
    let column = (width - FOR_CHECK) / grid.stacks.len().max(1) as f32;
    let middle = |index: usize, left: f32| left + FOR_CHECK + column * (index as f32 + 0.5);
    ui.spacing_mut().item_spacing.y = 0.0;
    let (head, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    let y = head.center().y;
    let legend = "– in its own words";
    let has_legend = grid
        .lines
        .iter()
        .any(|line| line.cells.contains(&Cell::Otherwise));
    if has_legend {
        let at = pos2(head.left(), y);
        draw::line(
            ui.painter(),
            at,
            Align2::LEFT_CENTER,
            legend,
            small.clone(),
            *palette.text_muted,
            FOR_CHECK,
        );
    }
    for (index, stack) in grid.stacks.iter().enumerate() {
        let at = pos2(middle(index, head.left()), y);
        draw::line(
            ui.painter(),
            at,
            Align2::CENTER_CENTER,
            stack.name(),
            small.clone(),
            *palette.text_muted,
            column - 4.0,
        );
    }
    for line in &grid.lines {
        let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
        let stroke = egui::Stroke::new(1.0, *palette.border);
        ui.painter().hline(rect.x_range(), rect.top(), stroke);
        let words = capitalised(&line.row.check.words());
        let whole = format!("{}: {}", check(line.row), spoken(grid, line));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &whole));
        response.on_hover_text(sentence(line.row));
        let y = rect.center().y;
        draw::line(
            ui.painter(),
            pos2(rect.left(), y),
            Align2::LEFT_CENTER,
            &words,
            theme::text(size::SMALL + 0.5, Weight::Medium),
            *palette.text,
            FOR_CHECK - 8.0,
        );
        for (index, cell) in line.cells.iter().enumerate() {
            let (sign, ink) = match cell {
                Cell::Takes => ("✓", *palette.good),
                Cell::Refuses => ("✕", *palette.bad),
                Cell::Otherwise => ("–", *palette.text_muted),
            };
            let at = pos2(middle(index, rect.left()), y);
            let font = theme::text(size::BODY, Weight::SemiBold);
            draw::line(ui.painter(), at, Align2::CENTER_CENTER, sign, font, ink, column);
        }
    }
}

/// The same where there is no room for columns.
fn list(ui: &mut Ui, grid: &Grid<'_>) {
    for line in &grid.lines {
        let palette = theme::palette(ui);
        let name = egui::RichText::new(capitalised(&line.row.check.words()))
            .font(theme::text(size::SMALL + 0.5, Weight::Medium))
            .color(*palette.text_strong);
        ui.label(name);
        for (cell, sign, ink) in [
            (Cell::Refuses, "✕ ", *palette.bad),
            (Cell::Takes, "✓ ", *palette.good),
            (Cell::Otherwise, "– ", *palette.text_muted),
        ] {
            let who = who(grid, line, cell);
            if who.is_empty() {
                continue;
            }
            let words = match cell {
                Cell::Otherwise => format!("{sign}{} (in its own words)", who.join(", ")),
                Cell::Refuses | Cell::Takes => format!("{sign}{}", who.join(", ")),
            };
            draw::body(ui, &words, ink);
        }
    }
}

fn who(grid: &Grid<'_>, line: &Line<'_>, wanted: Cell) -> Vec<&'static str> {
    let cells = grid.stacks.iter().zip(&line.cells);
    cells
        .filter(|(_, cell)| **cell == wanted)
        .map(|(stack, _)| stack.name())
        .collect()
}

/// A line for those who hear it.
fn spoken(grid: &Grid<'_>, line: &Line<'_>) -> String {
    let part = |cell: Cell, words: &str| {
        let who = who(grid, line, cell);
        (!who.is_empty()).then(|| format!("{} {words}", who.join(", ")))
    };
    let parts: Vec<String> = [
        part(Cell::Refuses, "refuse for it"),
        part(Cell::Takes, "take the chain"),
        part(Cell::Otherwise, "refuse in words of their own"),
    ]
    .into_iter()
    .flatten()
    .collect();
    shortened(&parts.join("; "), 400).into_owned()
}

/// Whether the words name this stack: `Go 1.19.8 refuses it`, and not the Go of `Google`.
fn names(words: &str, stack: Stack) -> bool {
    words
        .split(|letter: char| !letter.is_alphanumeric() && letter != '.')
        .any(|word| word == stack.name())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::capture::Side;
    use crate::diagnose::{CheckKind, Role};
    use crate::opinion::{AskedAt, Opinion, Presence, Said, Way};

    fn row(stack: Stack, accepts: Option<bool>) -> Row {
        let said = |accepts| {
            if accepts {
                Said::Accepts
            } else {
                Said::Refuses("no".to_owned())
            }
        };
        Row {
            stack,
            presence: Presence::Installed {
                program: "/usr/bin/stack".into(),
                version: "1".to_owned(),
            },
            asked_since_unix_s: None,
            opinion: accepts.map(|accepts| {
                Arc::new(Opinion {
                    stack,
                    version: "1".to_owned(),
                    way: Way::Handshake,
                    asked_at: AskedAt::Wanted,
                    command: Vec::new(),
                    exit_status: None,
                    said: said(accepts),
                    output: String::new(),
                    took_ms: 1,
                    capture: None,
                })
            }),
        }
    }

    fn round(rows: Vec<Row>) -> Round {
        Round {
            judge: Side::Server,
            trusted: 1,
            has_time: false,
            rows,
        }
    }

    fn check(outcome: Outcome, detail: &str) -> MatrixRow {
        MatrixRow {
            side: Side::Server,
            certificate: None,
            role: Role::Leaf,
            check: CheckKind::NameConstraints,
            outcome,
            cause: None,
            is_refused_elsewhere: outcome == Outcome::Warn,
            rules: Vec::new(),
            variety: None,
            demand: None,
            detail: detail.to_owned(),
        }
    }

    fn own(accepts: bool) -> Own {
        Own {
            accepts,
            words: String::new(),
            took_us: 1,
        }
    }

    #[test]
    fn the_check_that_names_who_refuses_tells_them_apart() {
        let matrix = [
            check(Outcome::Pass, "Go refuses nothing here"),
            check(Outcome::Warn, "OpenSSL refuses it by its common name"),
            check(Outcome::Warn, "Google is no stack"),
        ];
        let rows = vec![
            row(Stack::OpenSsl, Some(false)),
            row(Stack::Go, Some(false)),
            row(Stack::Java, Some(true)),
            row(Stack::Python, None),
        ];
        let round = round(rows);
        let grid = Grid::of(&matrix, &round, Some(&own(true)));
        assert_eq!(
            grid.stacks,
            [Stack::Rustls, Stack::OpenSsl, Stack::Go, Stack::Java],
            "who gave no verdict has no column"
        );
        let cells: Vec<&[Cell]> = grid.lines.iter().map(|line| line.cells.as_slice()).collect();
        let wanted = [Cell::Takes, Cell::Refuses, Cell::Otherwise, Cell::Takes];
        assert_eq!(cells, [wanted.as_slice()]);
        let line = &grid.lines[0];
        assert_eq!(
            spoken(&grid, line),
            "OpenSSL refuse for it; rustls, Java take the chain; Go refuse in words of their own"
        );
    }

    #[test]
    fn where_the_run_refuses_its_own_failure_tells_them_apart() {
        let matrix = [check(Outcome::Fail, "the name is beyond the limit")];
        let rows = vec![row(Stack::OpenSsl, Some(false)), row(Stack::Go, Some(true))];
        let asked = round(rows);
        let grid = Grid::of(&matrix, &asked, Some(&own(false)));
        assert_eq!(grid.lines[0].cells, [Cell::Refuses, Cell::Otherwise, Cell::Takes]);
        // Where all refuse there is nothing to explain; nor where nobody judged.
        let all = round(vec![row(Stack::Go, Some(false))]);
        assert!(Grid::of(&matrix, &all, Some(&own(false))).lines.is_empty());
        assert!(Grid::of(&matrix, &all, None).lines.is_empty());
    }
}
