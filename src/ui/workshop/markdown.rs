//! The Markdown of a lesson as labels: paragraphs, lists, headings, code. A link is its words and a picture is its caption:
//! nothing is loaded from anywhere.

use egui::text::{LayoutJob, TextFormat};
use egui::{Label, Stroke, Ui, vec2};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::printable::shortened;
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette};

/// More letters than this are not shown: a lesson is read in a minute.
const MOST: usize = 20_000;
/// How far each level of a list stands in.
const INDENT: f32 = 16.0;
/// Deeper levels stand no further in.
const MOST_LEVELS: usize = 4;

/// Shows a text.
pub fn show(ui: &mut Ui, text: &str, points: f32) {
    let text = shortened(text, MOST);
    let mut page = Page {
        points,
        job: LayoutJob::default(),
        style: Style::default(),
        lists: Vec::new(),
        item: None,
        code: None,
    };
    for event in Parser::new(&text) {
        page.take(ui, event);
    }
    page.flush(ui);
}

#[derive(Default)]
struct Style {
    bold: usize,
    italic: usize,
    heading: usize,
}

struct Page {
    points: f32,
    /// The paragraph so far.
    job: LayoutJob,
    style: Style,
    /// The lists around: the next number of each; `None` for points.
    lists: Vec<Option<u64>>,
    /// What stands before the item's first line.
    item: Option<String>,
    /// A block of code so far.
    code: Option<String>,
}

impl Page {
    fn take(&mut self, ui: &mut Ui, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(ui, &tag),
            Event::End(tag) => self.end(ui, tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.add(ui, &text, false),
            },
            Event::Code(text) => self.add(ui, &text, true),
            Event::SoftBreak => self.add(ui, " ", false),
            Event::HardBreak => self.add_break(ui),
            Event::Rule => {
                self.flush(ui);
                ui.separator();
            }
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, ui: &mut Ui, tag: &Tag<'_>) {
        match tag {
            Tag::Strong => self.style.bold += 1,
            Tag::Emphasis => self.style.italic += 1,
            Tag::Heading { .. } => {
                self.flush(ui);
                self.style.heading += 1;
            }
            Tag::List(first) => {
                self.flush(ui);
                self.lists.push(*first);
            }
            Tag::Item => {
                self.flush(ui);
                self.item = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let words = format!("{number}.");
                        *number = number.saturating_add(1);
                        words
                    }
                    _ => "•".to_owned(),
                });
            }
            Tag::CodeBlock(_) => {
                self.flush(ui);
                self.code = Some(String::new());
            }
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::HtmlBlock => self.flush(ui),
            _ => {}
        }
    }

    fn end(&mut self, ui: &mut Ui, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.bold = self.style.bold.saturating_sub(1),
            TagEnd::Emphasis => self.style.italic = self.style.italic.saturating_sub(1),
            TagEnd::Heading(_) => {
                self.flush(ui);
                self.style.heading = self.style.heading.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.flush(ui);
                self.lists.pop();
            }
            TagEnd::CodeBlock => {
                if let Some(code) = self.code.take() {
                    let lines: Vec<String> = code.lines().map(str::to_owned).collect();
                    draw::code(ui, &lines, usize::MAX);
                }
            }
            TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::HtmlBlock => self.flush(ui),
            _ => {}
        }
    }

    fn format(&self, ui: &Ui, is_code: bool) -> TextFormat {
        let p = palette(ui);
        let is_heading = self.style.heading > 0;
        let is_strong = self.style.bold > 0 || is_heading;
        let font = match (is_code, is_strong) {
            (true, _) => theme::mono(self.points - 1.0),
            (false, true) => theme::text(self.points, Weight::SemiBold),
            (false, false) => theme::text(self.points, Weight::Regular),
        };
        let mut format = TextFormat::simple(font, if is_strong { *p.text_strong } else { *p.text });
        format.italics = self.style.italic > 0;
        format.line_height = Some(self.points * 1.5);
        if is_code {
            format.background = *p.code;
            format.color = *p.text_strong;
        }
        format
    }

    fn add(&mut self, ui: &Ui, text: &str, is_code: bool) {
        let format = self.format(ui, is_code);
        self.job.append(&draw::drawn(text), 0.0, format);
    }

    fn add_break(&mut self, ui: &Ui) {
        let format = self.format(ui, false);
        self.job.append("\n", 0.0, format);
    }

    /// The paragraph so far, as a label.
    fn flush(&mut self, ui: &mut Ui) {
        let job = std::mem::take(&mut self.job);
        if job.text.trim().is_empty() {
            return;
        }
        if self.lists.is_empty() {
            ui.add(Label::new(job).wrap());
            return;
        }
        let before = self.item.take().unwrap_or_default();
        let indent = INDENT * self.lists.len().min(MOST_LEVELS) as f32;
        let format = self.format(ui, false);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(indent - INDENT);
            ui.allocate_ui(vec2(INDENT, self.points * 1.5), |ui| {
                ui.set_min_width(INDENT);
                let mut point = LayoutJob::default();
                point.append(&before, 0.0, format);
                if !before.is_empty() {
                    ui.label(point);
                }
            });
            ui.add(Label::new(job).wrap());
        });
    }
}

/// The line under a quote or a myth.
pub fn quote(ui: &mut Ui, text: &str, points: f32) {
    let p = palette(ui);
    let place = ui
        .horizontal_top(|ui| {
            ui.add_space(12.0);
            let mut job = LayoutJob::default();
            let mut format = TextFormat::simple(theme::text(points, Weight::Regular), *p.text_strong);
            format.italics = true;
            format.line_height = Some(points * 1.45);
            job.append(&draw::drawn(text), 0.0, format);
            ui.add(Label::new(job).wrap());
        })
        .response
        .rect;
    ui.painter()
        .vline(place.left() + 1.5, place.y_range(), Stroke::new(3.0, *p.border));
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT, Queryable};

    #[test]
    fn a_text_of_every_kind_is_shown_and_nothing_is_loaded() {
        let text = "A **bold** word, *another* and `code`.\n\n1. one\n2. two\n   - deep\n\n![a picture](https://a.example/b.png) \
                    [words](https://a.example)\n\n<b>as it is</b>\n\n```\nopenssl\n```\n\n# Heading";
        let mut harness = Harness::builder().build_ui(|ui| {
            crate::ui::theme::install(ui.ctx());
            super::show(ui, text, 14.0);
        });
        harness.run_steps(3);
        for words in [
            "A bold word, another and code.",
            "one",
            "2.",
            "deep",
            "a picture words",
            "Heading",
        ] {
            harness.get_by_label(words);
        }
        assert!(harness.query_all_by_value("openssl").next().is_some());
        let nodes = harness.root().children_recursive().collect::<Vec<_>>();
        assert!(nodes.iter().all(|node| {
            node.accesskit_node()
                .label()
                .is_none_or(|label| !label.contains("https"))
        }));
    }
}
