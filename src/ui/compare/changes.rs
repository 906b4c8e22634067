//! Changes: all that differs, what matters first, each with what came of putting it back.

use egui::{Color32, Grid, Label, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons;

use super::super::draw;
use super::super::theme::{self, Weight, palette, size};
use super::super::widgets::heading;
use crate::analysis::Analysis;
use crate::compare::{Both, Comparison, Difference, Judged, Rank, Which, place};
use crate::printable::shortened;
use crate::state::{Command, CompareCommand, Comparing, Rest};

/// So many values of one side are listed.
const MOST_VALUES: usize = 8;
/// So many letters of a value.
const LONGEST_VALUE: usize = 90;
/// Width of a letter in a cell of the table.
const LETTER: f32 = 7.0;
/// So many lines of an open list.
const MOST_LINES: usize = 60;

/// All of it.
pub(super) fn show(
    ui: &mut Ui,
    comparing: &Comparing,
    found: &Comparison,
    both: &Both<&Analysis>,
    commands: &mut Vec<Command>,
) {
    ui.add_space(4.0);
    let mut is_noted = false;
    for rank in [
        Rank::Matters,
        Rank::ShouldHaveChanged,
        Rank::GoesWithAnother,
        Rank::NotTried,
    ] {
        let all: Vec<(usize, &Difference)> = of(found, rank).collect();
        if all.is_empty() {
            continue;
        }
        let note = match found.judged {
            _ if is_noted || rank == Rank::NotTried => "",
            Judged::ByRuns => "each put back alone and run",
            Judged::ByChains => "judged on the chains alone",
        };
        is_noted = true;
        section(ui, rank.heading(), note);
        for (at, (index, one)) in all.iter().enumerate() {
            // What came with one certificate is told of once.
            let next = all.get(at + 1).map(|(_, next)| *next);
            let is_last = next.is_none_or(|next| next.proof != one.proof || next.input != one.input);
            card(ui, (*index, one), both, is_last, commands);
        }
        ui.add_space(6.0);
    }
    no_difference(ui, found);
    rest(ui, comparing, found, commands);
}

fn of(found: &Comparison, rank: Rank) -> impl Iterator<Item = (usize, &Difference)> {
    let all = found.differences.iter().enumerate();
    all.filter(move |(_, one)| one.rank == rank)
}

fn section(ui: &mut Ui, words: &str, note: &str) {
    ui.horizontal(|ui| {
        heading(ui, words);
        if note.is_empty() {
            return;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let small = RichText::new(note).font(theme::text(size::SMALL, Weight::Regular));
            ui.add(Label::new(small.color(*palette(ui).text_muted)).truncate());
        });
    });
}

fn card(
    ui: &mut Ui,
    (index, one): (usize, &Difference),
    both: &Both<&Analysis>,
    shows_proof: bool,
    commands: &mut Vec<Command>,
) {
    let p = palette(ui);
    draw::card(ui, *p.card, *p.border, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        title(ui, (index, one), both, commands);
        values(ui, one);
        if let Some(proof) = one.proof.as_deref().filter(|_| shows_proof) {
            let (sign, ink) = match one.rank {
                Rank::Matters | Rank::ShouldHaveChanged => (icons::ICON_CHECK.codepoint, *p.good),
                _ => (icons::ICON_QUESTION_MARK.codepoint, *p.text_muted),
            };
            ui.add_space(1.0);
            proved(ui, sign, ink, proof);
        }
    });
}

/// Its name, and the way to its bytes.
fn title(
    ui: &mut Ui,
    (index, one): (usize, &Difference),
    both: &Both<&Analysis>,
    commands: &mut Vec<Command>,
) {
    let p = palette(ui);
    let sides: Vec<Which> = Which::BOTH
        .into_iter()
        .filter(|which| place(one, both.of(*which)).is_some())
        .collect();
    ui.horizontal_top(|ui| {
        let small = || theme::text(size::SMALL + 0.5, Weight::Medium);
        let room = if sides.is_empty() { 0.0 } else { 92.0 };
        let name = RichText::new(draw::drawn(&one.name)).font(theme::text(size::BODY, Weight::SemiBold));
        ui.allocate_ui(vec2(ui.available_width() - room, 18.0), |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(name.color(*p.text_strong)).wrap());
        });
        if sides.is_empty() {
            return;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 7.0;
            for which in sides.into_iter().rev() {
                let link = ui.link(RichText::new(which.letter()).font(small()));
                let spoken = format!("Show the bytes in {}: {}", which.letter(), one.name);
                link.widget_info(|| WidgetInfo::labeled(Role::Link, true, &spoken));
                if link.on_hover_text(&spoken).clicked() {
                    commands.push(Command::Compare(CompareCommand::ShowBytes(which, index)));
                }
            }
            ui.label(RichText::new("Bytes in").font(small()).color(*p.text_muted));
        });
    });
}

/// What it is in A, and in B.
fn values(ui: &mut Ui, one: &Difference) {
    let p = palette(ui);
    let is_same = one.values.a == one.values.b;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let column = ((ui.available_width() - 28.0) / 2.0).max(60.0);
        let list = |ui: &mut Ui, values: &[String]| {
            ui.allocate_ui(vec2(column, 16.0), |ui| {
                ui.set_width(column);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    listed(ui, values);
                });
            });
        };
        list(ui, &one.values.a);
        let sign = if is_same { "=" } else { "→" };
        let mono = theme::mono(size::SMALL + 0.5);
        ui.label(RichText::new(sign).font(mono).color(*p.text_muted));
        list(ui, &one.values.b);
    });
}

/// The first strong, what follows quieter.
fn listed(ui: &mut Ui, values: &[String]) {
    let p = palette(ui);
    let line = |ui: &mut Ui, words: &str, ink: Color32| {
        let words = draw::drawn(&shortened(words, LONGEST_VALUE)).into_owned();
        let text = RichText::new(words).font(theme::mono(size::SMALL + 0.5));
        ui.add(Label::new(text.color(ink)).wrap());
    };
    if values.is_empty() {
        line(ui, "nothing", *p.text_muted);
    }
    for (at, value) in values.iter().take(MOST_VALUES).enumerate() {
        line(ui, value, if at == 0 { *p.text_strong } else { *p.text_muted });
    }
    if values.len() > MOST_VALUES {
        let more = format!("and {} more", values.len() - MOST_VALUES);
        line(ui, &more, *p.text_muted);
    }
}

fn proved(ui: &mut Ui, sign: &str, ink: Color32, words: &str) {
    let p = palette(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(vec2(15.0, 17.0), Sense::hover());
        draw::badge(ui.painter(), rect.center(), 7.0, ink, sign, *p.card);
        let text = RichText::new(draw::drawn(words)).font(theme::text(size::BODY - 0.5, Weight::Regular));
        ui.add(Label::new(text.color(*p.text)).wrap());
    });
}

/// What changed and makes no difference: a line each.
fn no_difference(ui: &mut Ui, found: &Comparison) {
    let all: Vec<&Difference> = of(found, Rank::NoDifference).map(|(_, one)| one).collect();
    if all.is_empty() {
        return;
    }
    let p = palette(ui);
    section(ui, Rank::NoDifference.heading(), "");
    let width = ui.available_width();
    let columns = [width * 0.34, width * 0.31, width * 0.31];
    let small = || theme::text(size::SMALL + 0.5, Weight::Regular);
    let cell = |ui: &mut Ui, column: usize, text: RichText| {
        let room = columns.get(column).copied().unwrap_or(60.0);
        ui.allocate_ui(vec2(room, 16.0), |ui| {
            ui.set_width(room);
            ui.add(Label::new(text).wrap())
        })
        .inner
    };
    let grid = Grid::new("no difference")
        .num_columns(3)
        .min_row_height(16.0)
        .spacing(vec2(4.0, 8.0));
    ui.spacing_mut().interact_size.y = 16.0;
    grid.show(ui, |ui| {
        for (column, head) in ["", "A", "B"].into_iter().enumerate() {
            cell(ui, column, RichText::new(head).font(small()).color(*p.text_muted));
        }
        ui.end_row();
        for one in all {
            // The field's own name is in its bytes.
            let plain = without_brackets(&one.name);
            let name = RichText::new(draw::drawn(&plain)).font(small());
            let response = cell(ui, 0, name.color(*p.text_muted));
            if let Some(proof) = &one.proof {
                response.on_hover_text(draw::drawn(proof).into_owned());
            }
            for (column, values) in [(1, &one.values.a), (2, &one.values.b)] {
                let room = columns.get(column).copied().unwrap_or(60.0);
                let ink = if column == 2 { *p.text_strong } else { *p.text };
                let text = RichText::new(in_a_cell(values, (room / LETTER) as usize));
                let text = text.font(theme::mono(size::SMALL)).color(ink);
                let whole = values.join("\n");
                cell(ui, column, text).on_hover_text(draw::drawn(&whole).into_owned());
            }
            ui.end_row();
        }
    });
    ui.add_space(8.0);
}

/// Values in a cell, a line each: what is too long has its middle left out.
fn in_a_cell(values: &[String], most: usize) -> String {
    if values.is_empty() {
        return "nothing".to_owned();
    }
    let lines = values.iter().take(MOST_VALUES).map(|value| {
        let short = shortened(value, most.max(8)).into_owned();
        draw::drawn(&short).into_owned()
    });
    let mut lines: Vec<String> = lines.collect();
    if values.len() > MOST_VALUES {
        lines.push(format!("and {} more", values.len() - MOST_VALUES));
    }
    lines.join("\n")
}

/// `Names (subjectAltName) of the client's certificate` without what is in brackets.
fn without_brackets(name: &str) -> String {
    match (name.split_once(" ("), name.split_once(')')) {
        (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
        _ => name.to_owned(),
    }
}

/// The lists that fold.
fn rest(ui: &mut Ui, comparing: &Comparing, found: &Comparison, commands: &mut Vec<Command>) {
    section(ui, "The rest", "");
    ui.spacing_mut().item_spacing.y = 2.0;
    let names = |rank: Rank| -> Vec<String> { found.of(rank).map(|one| one.name.clone()).collect() };
    for (list, words, names) in [
        (Rest::Follows, Rank::Follows.heading(), names(Rank::Follows)),
        (Rest::Always, Rank::Always.heading(), names(Rank::Always)),
        (Rest::Equal, "Equal", found.equal.clone()),
    ] {
        if names.is_empty() {
            continue;
        }
        let is_open = comparing.open_lists.contains(&list);
        if fold(ui, list, (words, &names), is_open) {
            commands.push(Command::Compare(CompareCommand::Toggle(list)));
        }
        if !is_open {
            continue;
        }
        ui.indent(("rest", list), |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            if list == Rest::Follows {
                for (_, one) in of(found, Rank::Follows) {
                    let p = palette(ui);
                    let name = RichText::new(draw::drawn(&one.name))
                        .font(theme::text(size::SMALL + 0.5, Weight::Medium));
                    ui.add(Label::new(name.color(*p.text)).wrap());
                    values(ui, one);
                }
            } else {
                lines(ui, &names);
            }
        });
    }
}

fn lines(ui: &mut Ui, names: &[String]) {
    let p = palette(ui);
    let line = |ui: &mut Ui, words: &str| {
        let small = RichText::new(draw::drawn(words)).font(theme::text(size::SMALL + 0.5, Weight::Regular));
        ui.add(Label::new(small.color(*p.text)).wrap());
    };
    for name in names.iter().take(MOST_LINES) {
        line(ui, name);
    }
    if names.len() > MOST_LINES {
        line(ui, &format!("and {} more", names.len() - MOST_LINES));
    }
}

/// The head of a list: its name, what is in it, how many; whether it was pressed.
fn fold(ui: &mut Ui, list: Rest, (words, names): (&str, &[String]), is_open: bool) -> bool {
    let p = palette(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let response = ui.interact(rect, egui::Id::unique(("rest", list)), Sense::click());
    let count = names.len();
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::DisclosureTriangle,
            true,
            is_open,
            format!("{words}: {count}"),
        )
    });
    let painter = ui.painter();
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, *p.border));
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, theme::radius::SMALL, *p.control);
    }
    let sign = if is_open {
        icons::ICON_EXPAND_MORE
    } else {
        icons::ICON_CHEVRON_RIGHT
    };
    let y = rect.center().y;
    draw::icon(
        painter,
        pos2(rect.left() + 8.0, y),
        sign.codepoint,
        17.0,
        *p.text_muted,
    );
    let small = theme::text(size::SMALL + 0.5, Weight::Regular);
    let at = pos2(rect.right() - 4.0, y);
    let count = count.to_string();
    let right = draw::line(
        painter,
        at,
        egui::Align2::RIGHT_CENTER,
        &count,
        small.clone(),
        *p.text,
        60.0,
    );
    let bold = theme::text(size::BODY, Weight::Medium);
    let at = pos2(rect.left() + 22.0, y);
    let name = draw::line(
        painter,
        at,
        egui::Align2::LEFT_CENTER,
        words,
        bold,
        *p.text_strong,
        160.0,
    );
    let first = names
        .iter()
        .take(12)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    let at = pos2(name.right() + 10.0, y + 0.5);
    let room = right.left() - name.right() - 24.0;
    draw::line(
        painter,
        at,
        egui::Align2::LEFT_CENTER,
        &first,
        small,
        *p.text_muted,
        room,
    );
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::{in_a_cell, without_brackets};

    #[test]
    fn a_cell_holds_a_line_for_each_value_and_none_that_is_too_long() {
        let values = |count: usize| vec!["a value that is long".to_owned(); count];
        assert_eq!(in_a_cell(&[], 9), "nothing");
        assert_eq!(in_a_cell(&["short".to_owned()], 9), "short");
        assert_eq!(in_a_cell(&values(2), 9), "a va…long\na va…long");
        let many = in_a_cell(&values(10), 9);
        assert_eq!(many.lines().count(), 9);
        assert!(many.ends_with("\nand 2 more"), "{many}");
    }

    #[test]
    fn what_is_in_brackets_is_left_out() {
        for (name, plain) in [
            (
                "Names (subjectAltName) of the client's certificate",
                "Names of the client's certificate",
            ),
            ("The client's protocols (ALPN)", "The client's protocols"),
            ("Serial number", "Serial number"),
        ] {
            assert_eq!(without_brackets(name), plain);
        }
    }
}
