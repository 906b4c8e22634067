//! Two handshakes side by side: where they part, what differs, and which of the differences matters.
//!
//! `rows` puts the rows of two stories on one grid, `said` is what a row says without what differs always. `inputs` is what a
//! handshake is made of, `chain_facts` reads certificates, `effects` is what came of it, `outcome` how it ended. `rank` puts each changed input back
//! alone and looks at what comes: `run` runs the pair where keys are there, `alone` has rustls judge the chains where not.
//! `unchanged` finds what is equal in both and should not be. `headline` says it in a sentence, `text` all of it; `shown` finds
//! the bytes of a difference.
//!
//! Deliberately absent: guesses. What could not be put back is listed as not tried.

mod alone;
mod always;
mod both;
mod chain_facts;
mod difference;
mod effects;
mod fields;
mod headline;
mod inputs;
mod outcome;
mod put_back;
mod rank;
mod rows;
mod run;
mod said;
mod shown;
mod text;
mod types;
mod unchanged;

pub use both::{Both, Subject, Which};
pub use difference::{Difference, Rank};
pub use headline::Headline;
pub use inputs::Input;
pub use outcome::Outcome;
pub use rows::{AlignedRow, ChapterPair, Relation, RowPair};
pub use shown::place;
pub use text::{BY_CHAINS, Named, text};
pub use types::{Comparison, Judged};

use crate::cancel::Cancel;
use rank::Bench;

/// Compares two handshakes. Blocks for some runs of the lab where a set-up of B is given: call it off the UI thread.
pub fn compare(both: Both<Subject<'_>>, cancel: &Cancel) -> Comparison {
    let (a, b) = (both.a.analysis, both.b.analysis);
    let outcomes = Both {
        a: Outcome::of(a),
        b: Outcome::of(b),
    };
    let is_same_recording = a.capture == b.capture;
    let rows = rows::align(a, b);
    let first_difference = rows.iter().position(|row| row.relation != Relation::Equal);
    let inputs = inputs::inputs(&both);
    let mut bench = match both
        .b
        .setup
        .and_then(|setup| run::Runs::new(setup, &both, cancel))
    {
        Some(runs) => Bench::Runs(Box::new(runs)),
        None => Bench::Chains(Box::new(alone::Chains::new(a, b))),
    };
    let mut found = rank::ranked(&inputs, &both, &mut bench);
    unchanged::add(&mut found.differences, &inputs, &both, &mut bench, cancel);
    effects::add(&mut found, a, b);
    if !is_same_recording {
        always::add(&mut found.differences, a, b);
    }
    let judged = match bench {
        Bench::Runs(_) => Judged::ByRuns,
        Bench::Chains(_) => Judged::ByChains,
    };
    found.differences.sort_by_key(|difference| difference.rank);
    Comparison {
        is_same_outcome: outcomes.a.is_as(&outcomes.b),
        outcomes,
        chapters: rows::chapters(a, b, &rows, first_difference),
        rows,
        first_difference,
        differences: found.differences,
        equal: found.equal,
        judged,
        is_same_recording,
    }
}
