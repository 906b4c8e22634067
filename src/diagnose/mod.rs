//! The transcript judged: a matrix of checks, the causes of failure, and what to do about each.
//!
//! `check/` is a slice of checks, one file each, every check judged for every certificate. `cause` reconciles them
//! with what each stack concluded. `remedy` turns a cause into words and commands. `rosetta` knows how other stacks
//! say it. `judge` is the way in, `verdict` and `view` are what comes out beside the causes. Checks take a chain and a trust, never a transcript, so that a chain can be judged without a handshake.

mod alone;
mod asker;
mod authority;
mod cause;
mod causes;
mod certificate;
mod chain;
mod check;
mod deviation;
mod deviations;
mod endings;
mod family;
mod fill;
mod judge;
mod lists;
mod log;
mod matrix;
mod memo;
mod picture;
mod proofs;
mod reading;
mod record;
mod refuted;
mod rosetta;
mod route;
mod sayings;
mod search;
mod spare;
mod spelled;
mod tried;
mod turned_away;
mod verdict;
mod view;
mod warned;
pub mod withhold;
mod words;

pub use alone::{ChainExplanation, about, explain_chain};
pub use asker::Asker;
pub use cause::{Cause, CauseId, Certainty, CertificateRef, Evidence, Remedy, Tool, what_is_missing};
pub use causes::stand_ins;
pub use certificate::subject_of;
pub use chain::{ChainInput, ChainJudgement, judge_chain, on_record};
pub use deviations::{Deviations, Program, Rule, deviations};
pub use endings::{began_before_recording, recorded_at_s, verdict_of};
pub use judge::{Diagnosis, diagnose};
pub use log::{
    Candidate, Heard, Likelihood, LineReading, LogReading, LogRole, Settled, Shown, Sieve, Sieved, Speaker,
    check_of, name_files, read_log, settle,
};
pub use matrix::{CheckKind, Demand, MatrixRow, Outcome, Role, Variety};
pub use proofs::Proof;
pub use record::{OnRecord, Stance};
pub use rosetta::{Rosetta, StackWords, by_stack};
pub use route::{
    CandidatePath, Difference, DropReason, Dropped, NearMiss, NearMissKind, PathOutcome, PathReport,
    PathStep, PathsInput, StepFrom, Whereabouts, paths, paths_of,
};
pub use sayings::{Saying, other_words, sayings, stacks};
pub use spare::spare_existing_files;
pub use spelled::spelled_out;
pub use tried::{differing_on_record, fault_of, on_record_of, release_on_record};
pub use turned_away::TurnedAway;
pub use verdict::{Ending, Verdict};
pub use view::{ChainLink, ChainView, LinkState, Presence};
pub use warned::{Warned, warned_of};
