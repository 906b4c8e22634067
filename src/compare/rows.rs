//! The rows of two ladders on one grid: equal, different, or only in one of them.

use super::both::Both;
use super::said;
use crate::analysis::Analysis;
use crate::decode::MessageKind;
use crate::story::{ChapterState, RowKind};

/// So many rows of each are aligned by what they say; a handshake has a score. The rest stand beside each other in their order.
const MOST_ALIGNED: usize = 400;

/// A row of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlignedRow {
    /// 1 to 6: B's, where both have the row.
    pub chapter: u8,
    /// Indexes into each story's rows; `None`: not reached there.
    pub rows: RowPair,
    /// How the two stand to each other.
    pub relation: Relation,
}

/// Which row of each ladder.
pub type RowPair = Both<Option<usize>>;

/// How the two rows of a line stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// They say the same, but for what differs always.
    Equal,
    /// They say different things.
    Differs,
    /// B has no such row.
    OnlyA,
    /// A has no such row.
    OnlyB,
}

impl Relation {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Differs => "differs",
            Self::OnlyA => "only-a",
            Self::OnlyB => "only-b",
        }
    }
}

/// One chapter of both handshakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChapterPair {
    /// 1 to 6.
    pub number: u8,
    /// As in [`crate::story::Chapter::title`].
    pub title: &'static str,
    /// How it ended in each.
    pub states: Both<ChapterState>,
    /// All its rows are equal.
    pub is_equal: bool,
    /// The first difference lies here.
    pub is_first_difference: bool,
}

/// Aligns the rows: the longest common subsequence of what acts, in order.
pub(super) fn align(a: &Analysis, b: &Analysis) -> Vec<AlignedRow> {
    let keys = |analysis: &Analysis| -> Vec<said::Key> {
        (0..analysis.story.rows.len().min(MOST_ALIGNED))
            .filter_map(|at| said::key(analysis, at))
            .collect()
    };
    let (of_a, of_b) = (keys(a), keys(b));
    let mut pairs = common(&of_a, &of_b);
    join_concurrent(&mut pairs, &of_a, &of_b);
    let (rest_a, rest_b) = (a.story.rows.len(), b.story.rows.len());
    for at in 0..rest_a.max(rest_b).saturating_sub(MOST_ALIGNED) {
        let place = |of: usize| Some(MOST_ALIGNED + at).filter(|at| *at < of);
        pairs.push(Both {
            a: place(rest_a),
            b: place(rest_b),
        });
    }
    let mut rows: Vec<AlignedRow> = pairs
        .into_iter()
        .filter(|pair| pair.a.is_some() || pair.b.is_some())
        .map(|pair| AlignedRow {
            chapter: chapter_of(b, pair.b)
                .or_else(|| chapter_of(a, pair.a))
                .unwrap_or(6),
            relation: match (pair.a, pair.b) {
                (Some(at_a), Some(at_b)) if said::is_equal(a, at_a, b, at_b) => Relation::Equal,
                (Some(_), Some(_)) => Relation::Differs,
                (Some(_), None) => Relation::OnlyA,
                _ => Relation::OnlyB,
            },
            rows: pair,
        })
        .collect();
    // Between two rows that stand beside each other, what only one side has comes by its chapter: an alert before the tickets
    // that it took the place of.
    for alone in rows.chunk_by_mut(|one, next| one.is_alone() && next.is_alone()) {
        alone.sort_by_key(|row| (row.chapter, row.relation == Relation::OnlyB));
    }
    rows
}

fn chapter_of(analysis: &Analysis, row: Option<usize>) -> Option<u8> {
    analysis.story.steps.get(row?).map(|step| step.chapter)
}

fn kind(analysis: &Analysis, at: Option<usize>) -> Option<&RowKind> {
    Some(&analysis.story.rows.get(at?)?.kind)
}

/// The longest common subsequence; between its members, what only A has stands before what only B has.
fn common(a: &[said::Key], b: &[said::Key]) -> Vec<RowPair> {
    let width = b.len() + 1;
    let mut longest = vec![0_u16; (a.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    let value =
        |longest: &[u16], row: usize, column: usize| longest.get(at(row, column)).copied().unwrap_or(0);
    for row in (0..a.len()).rev() {
        for column in (0..b.len()).rev() {
            let best = if a.get(row) == b.get(column) {
                value(&longest, row + 1, column + 1) + 1
            } else {
                value(&longest, row + 1, column).max(value(&longest, row, column + 1))
            };
            if let Some(cell) = longest.get_mut(at(row, column)) {
                *cell = best;
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (0, 0);
    while row < a.len() || column < b.len() {
        let is_pair = row < a.len() && column < b.len() && a.get(row) == b.get(column);
        let skips_a = column >= b.len()
            || (row < a.len() && value(&longest, row + 1, column) >= value(&longest, row, column + 1));
        if is_pair {
            pairs.push(Both {
                a: Some(row),
                b: Some(column),
            });
            (row, column) = (row + 1, column + 1);
        } else if skips_a {
            pairs.push(Both {
                a: Some(row),
                b: None,
            });
            row += 1;
        } else {
            pairs.push(Both {
                a: None,
                b: Some(column),
            });
            column += 1;
        }
    }
    pairs
}

/// Two rows of one key that stand apart only because the other side was faster in one run are one row: what one side does while
/// the other acts comes before or after it by chance. What one side does itself keeps its order.
fn join_concurrent(pairs: &mut Vec<RowPair>, of_a: &[said::Key], of_b: &[said::Key]) {
    let key = |pair: &RowPair| {
        let a = pair.a.and_then(|at| of_a.get(at));
        a.or_else(|| pair.b.and_then(|at| of_b.get(at)))
    };
    let is_alone = |pair: &RowPair| pair.a.is_some() != pair.b.is_some();
    let mut at = 0;
    while let Some(&pair) = pairs.get(at) {
        let twin = key(&pair).filter(|_| is_alone(&pair)).and_then(|own| {
            let after = pairs.get(at + 1..)?;
            let index = after.iter().position(|other| {
                is_alone(other) && other.a.is_some() != pair.a.is_some() && key(other) == Some(own)
            })?;
            let twin = after.get(index)?;
            // It goes up its own ladder, past what the other side did there.
            let passed = after.get(..index)?.iter().filter(|other| {
                (twin.a.is_some() && other.a.is_some()) || (twin.b.is_some() && other.b.is_some())
            });
            let mut sides = passed.filter_map(key).map(|passed| passed.side);
            sides.all(|side| side != own.side).then_some(at + 1 + index)
        });
        if let Some(twin) = twin {
            let twin = pairs.remove(twin);
            if let Some(joined) = pairs.get_mut(at) {
                *joined = Both {
                    a: pair.a.or(twin.a),
                    b: pair.b.or(twin.b),
                };
            }
        }
        at += 1;
    }
}

/// The six chapters of both, and in which of them they part.
pub(super) fn chapters(
    a: &Analysis,
    b: &Analysis,
    rows: &[AlignedRow],
    first: Option<usize>,
) -> [ChapterPair; 6] {
    let parts_in = first.and_then(|first| rows.get(first)).map(|row| row.chapter);
    std::array::from_fn(|index| {
        let number = index as u8 + 1;
        let (of_a, of_b) = (&a.story.chapters[index], &b.story.chapters[index]);
        ChapterPair {
            number,
            title: of_b.title,
            states: Both {
                a: of_a.state,
                b: of_b.state,
            },
            is_equal: of_a.state == of_b.state
                && rows
                    .iter()
                    .filter(|row| row.chapter == number)
                    .all(|row| row.relation == Relation::Equal),
            is_first_difference: parts_in == Some(number),
        }
    })
}

impl AlignedRow {
    fn is_alone(&self) -> bool {
        matches!(self.relation, Relation::OnlyA | Relation::OnlyB)
    }

    /// What differs in this row, for the line of the first difference: `another client certificate`.
    pub fn words(&self, a: &Analysis, b: &Analysis) -> String {
        let step = |analysis: &Analysis, at: Option<usize>| {
            at.and_then(|at| analysis.story.steps.get(at).map(|step| step.title.clone()))
        };
        match self.relation {
            Relation::Equal => "equal".to_owned(),
            Relation::OnlyA => format!("{}, not reached in B", step(a, self.rows.a).unwrap_or_default()),
            Relation::OnlyB => format!("{}, not reached in A", step(b, self.rows.b).unwrap_or_default()),
            Relation::Differs => match (kind(a, self.rows.a), kind(b, self.rows.b)) {
                (_, Some(RowKind::Verification { judge, .. })) => {
                    format!("the {} judges otherwise", judge.word())
                }
                (
                    Some(RowKind::Flight { messages: of_a, .. }),
                    Some(RowKind::Flight {
                        from, messages: of_b, ..
                    }),
                ) => {
                    let what = match said::differing(a, of_a, b, of_b) {
                        Some(MessageKind::CertificateRequest) => "request for a certificate",
                        Some(MessageKind::Certificate) => "certificate",
                        Some(MessageKind::ClientHello | MessageKind::ServerHello) => "hello",
                        Some(MessageKind::Alert) => "alert",
                        Some(kind) => kind.word(),
                        None => "message",
                    };
                    format!("another {what} of the {}", from.word())
                }
                _ => "another moment".to_owned(),
            },
        }
    }
}
