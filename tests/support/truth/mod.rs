//! Chains of public test suites, and what real programs say of them: for the count of how often the record is right.

pub mod chains;
pub mod lists;
pub mod programs;
