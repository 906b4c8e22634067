//! Something is changed and run again: what only a real run can prove is run, and not guessed.

pub mod audit;
