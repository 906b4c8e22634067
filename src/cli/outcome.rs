//! What came of a command, and how it is to be told: what the commands share and none of them owns.

use std::process::ExitCode;

use clap::ValueEnum;

/// Input that cannot be used: one sentence that names the file and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, 80 columns wide.
    #[default]
    Text,
    /// The published contract.
    Json,
}

/// What a command that could run found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All good.
    Good,
    /// Not good; the causes were printed.
    NotGood,
}

impl Outcome {
    pub(super) fn exit_code(self) -> ExitCode {
        match self {
            Self::Good => ExitCode::SUCCESS,
            Self::NotGood => ExitCode::from(1),
        }
    }
}
