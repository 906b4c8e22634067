//! The flags of `mtlscope compare`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::outcome::Format;

const EXIT_STATUS: &str = "Exit status: 0 both end alike; 1 they end in different ways; 2 the command or its input is unusable, said \
in one sentence.";

/// `compare`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(in crate::cli) struct CompareArguments {
    /// What worked, or came first: a session, a packet capture, or scenario:ID, which is run
    #[arg(value_name = "A")]
    pub a: PathBuf,
    /// What is to be explained: the same kinds. Only a scenario has private keys: with scenario:ID here each change is put
    /// back alone and run; otherwise it is judged on the chains alone
    #[arg(value_name = "B")]
    pub b: PathBuf,
    /// Which connection of a packet capture A is, counted from 1 as in `show`
    #[arg(long, value_name = "N")]
    pub a_connection: Option<usize>,
    /// Which connection of a packet capture B is
    #[arg(long, value_name = "N")]
    pub b_connection: Option<usize>,
    /// TLS secrets of packet captures from a key log (SSLKEYLOGFILE), for A and B; one that lies beside a capture is found
    /// by itself
    #[arg(long, value_name = "FILE")]
    pub keylog: Option<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
