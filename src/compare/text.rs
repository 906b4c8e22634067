//! A comparison for people, 80 columns wide: how both ended, where they part, what matters, then the rest.

use super::both::Both;
use super::difference::{Difference, Rank};
use super::rows::Relation;
use super::types::{Comparison, Judged};
use crate::analysis::Analysis;
use crate::printable::{printable, shortened};
use crate::prose;
use crate::story::RowKind;

/// So many of a list are told; JSON has all.
const MOST_VALUES: usize = 48;
/// So much of one value is told.
const LONGEST_VALUE: usize = 240;

/// One of the two, with the name that it is told by.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// As it was given.
    pub name: &'a str,
    /// What follows from it.
    pub analysis: &'a Analysis,
}

/// Lines, wrapped.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn heading(&mut self, words: &str) {
        self.text.push_str(&format!("\n{words}\n"));
    }

    fn paragraph(&mut self, indent: usize, words: &str) {
        prose::paragraph(&mut self.text, indent, words);
    }

    fn hanging(&mut self, indent: usize, lead: &str, words: &str) {
        prose::hanging(&mut self.text, indent, lead, words);
    }
}

/// The whole answer. `without_keys` follows the sentence that nothing could be run.
pub fn text(found: &Comparison, of: &Both<Named<'_>>, without_keys: &str) -> String {
    let mut page = Page::default();
    let words = if found.is_same_outcome {
        "SAME OUTCOME: both end alike."
    } else {
        "DIFFERENT OUTCOME: A and B end in different ways."
    };
    page.paragraph(0, words);
    for (lead, named, outcome) in [("A  ", of.a, &found.outcomes.a), ("B  ", of.b, &found.outcomes.b)] {
        let name = printable(shortened(named.name, LONGEST_VALUE).as_ref()).into_owned();
        page.hanging(0, lead, &format!("{name}: {}", outcome.words()));
    }
    if found.is_same_recording {
        page.text.push('\n');
        page.paragraph(0, "A and B are the same recording: nothing differs.");
    } else if found.is_identical() {
        page.text.push('\n');
        page.paragraph(0, "Nothing differs but what always does.");
    }
    grid(&mut page, found, of);
    for rank in Rank::ALL {
        section(&mut page, found, rank);
    }
    if !found.equal.is_empty() {
        page.heading(&format!("Equal ({})", found.equal.len()));
        page.paragraph(2, &told(&found.equal, "; "));
    }
    if found.judged == Judged::ByChains && !found.is_identical() {
        page.heading("Taken for granted");
        let words = format!("{BY_CHAINS} {without_keys}");
        page.paragraph(2, words.trim());
    }
    page.text
}

/// What is to be known where nothing could be run.
pub const BY_CHAINS: &str =
    "No private key of B is at hand, so nothing was run: a change is judged on the chains alone, by rustls.";

/// The rows of both on one grid, and where they part.
fn grid(page: &mut Page, found: &Comparison, of: &Both<Named<'_>>) {
    let (a, b) = (of.a.analysis, of.b.analysis);
    page.heading("How both went");
    let mut chapter = 0;
    for (at, row) in found.rows.iter().enumerate() {
        if row.chapter != chapter {
            chapter = row.chapter;
            let title = found.chapters.iter().find(|pair| pair.number == chapter);
            page.paragraph(2, &format!("{chapter}  {}", title.map_or("", |pair| pair.title)));
        }
        let (analysis, index) = match (row.rows.b, row.rows.a) {
            (Some(index), _) => (b, index),
            (None, Some(index)) => (a, index),
            (None, None) => continue,
        };
        let story = &analysis.story;
        let (Some(step), Some(of)) = (story.steps.get(index), story.rows.get(index)) else {
            continue;
        };
        let (sign, ending) = match row.relation {
            Relation::Equal => ("=", ""),
            Relation::Differs => ("≠", ""),
            Relation::OnlyA => ("A", " (not reached in B)"),
            Relation::OnlyB => ("B", " (not reached in A)"),
        };
        let actor = match &of.kind {
            RowKind::Flight { from, .. } => format!("{} -->", from.word()),
            RowKind::Verification { judge: side, .. } | RowKind::Moment { side, .. } => {
                format!("{}    ", side.word())
            }
        };
        page.hanging(
            5,
            &format!("{sign}  {actor} "),
            &format!("{}{ending}", step.title),
        );
        if found.first_difference == Some(at) {
            page.hanging(
                8,
                "<< first difference: ",
                &format!("chapter {chapter}, {}", row.words(a, b)),
            );
            for (lead, analysis, index) in [("A  ", a, row.rows.a), ("B  ", b, row.rows.b)] {
                let step = index.and_then(|index| analysis.story.steps.get(index));
                if let Some(step) = step {
                    page.hanging(8, lead, &format!("{} · {}", step.title, step.caption));
                }
            }
        }
    }
}

fn section(page: &mut Page, found: &Comparison, rank: Rank) {
    let all: Vec<&Difference> = found.of(rank).collect();
    if all.is_empty() {
        return;
    }
    if rank == Rank::Always {
        page.heading(&format!("{} ({})", rank.heading(), all.len()));
        let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
        page.paragraph(2, &told(&names, "; "));
        return;
    }
    page.heading(rank.heading());
    for (at, one) in all.iter().enumerate() {
        page.paragraph(2, &one.name);
        if one.values.a == one.values.b {
            page.hanging(4, "=  ", &value(&one.values.a));
        } else {
            page.hanging(4, "A  ", &value(&one.values.a));
            page.hanging(4, "B  ", &value(&one.values.b));
        }
        // What came with one certificate is told of once.
        let next = all.get(at + 1);
        let is_last = next.is_none_or(|next| next.proof != one.proof || next.input != one.input);
        if let Some(proof) = one.proof.as_ref().filter(|_| is_last) {
            page.hanging(4, "▸ ", &printable(proof));
        }
    }
}

fn value(values: &[String]) -> String {
    if values.is_empty() {
        return "nothing".to_owned();
    }
    told(values, ", ")
}

fn told(values: &[String], between: &str) -> String {
    let shown = values.iter().take(MOST_VALUES);
    let mut words: Vec<String> = shown
        .map(|value| printable(shortened(value, LONGEST_VALUE).as_ref()).into_owned())
        .collect();
    let more = values.len().saturating_sub(words.len());
    if more > 0 {
        words.push(format!("and {more} more"));
    }
    words.join(between)
}
