//! The flags of `verify`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::capture::Side;
use crate::cli::asking::AskFlags;
use crate::cli::fetching::FetchFlags;
use crate::cli::passphrase::PassphraseFlags;
use crate::cli::status::RevocationPolicyFlags;
use crate::cli::values::{parse_time, parse_tool};
use crate::diagnose::Tool;

const EXIT_STATUS: &str = "Exit status: 0 every chain is good; 1 some are not, and the causes are printed; 2 the command or a \
file is unusable, said in one sentence. The other files are judged and printed all the same.\n\n\
The verdict is rustls's. What only other stacks refuse is a warning.";

/// What to judge, and by what.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(in crate::cli) struct VerifyArguments {
    /// Chains to judge, each in a file of its own: the leaf first, then its intermediates; or a folder; - reads stdin
    ///
    /// A private key in the same file is not used, and that is said.
    #[arg(value_name = "CHAIN", required_unless_present = "ask")]
    pub chains: Vec<PathBuf>,
    /// The roots that whoever judges trusts (repeats)
    #[arg(long, value_name = "ROOTS", required = true)]
    pub trust: Vec<PathBuf>,
    /// What opens encrypted files
    #[command(flatten)]
    pub passphrase: PassphraseFlags,
    /// Whose chains these are: a server's, which a client judges, or a client's, which a server judges
    #[arg(long = "for", value_enum, value_name = "server|client", default_value_t)]
    pub of: Of,
    /// The name that a server's certificate must carry: a DNS name, an IP address or a spiffe:// ID; left out, no name is
    /// judged
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Judge at this time instead of now, such as 2027-01-31T12:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    pub at: Option<i64>,
    /// A revocation list or an OCSP response (repeats)
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<PathBuf>,
    /// How strict to be about revocation
    #[command(flatten)]
    pub policy: RevocationPolicyFlags,
    /// Certificates at hand that nobody sends or trusts, to look for a missing one among (repeats)
    #[arg(long, value_name = "FILE")]
    pub known: Vec<PathBuf>,
    /// What to ask the network for
    #[command(flatten)]
    pub fetch: FetchFlags,
    /// Fail for warnings too: for what rustls accepts and other stacks refuse
    #[arg(long)]
    pub strict: bool,
    /// Fail if a certificate of the path, the root too, ends within this time from when it is judged: 30d, 12h, 2w
    #[arg(long, value_name = "SPAN", value_parser = parse_span)]
    pub expires_within: Option<Span>,
    /// Print what mends it with this tool: openssl, step, cert-manager, nginx, envoy, kubernetes (repeats; text only)
    #[arg(long, value_name = "NAME", value_parser = parse_tool, value_delimiter = ',')]
    pub tool: Vec<Tool>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Whom else to ask
    #[command(flatten)]
    pub ask: AskFlags,
    /// A chain's private key, for a real handshake: our own end signs with it, and no other program gets it (repeats)
    #[arg(long, value_name = "FILE", requires = "ask", help_heading = "Second opinions")]
    pub ask_key: Vec<PathBuf>,
}

impl VerifyArguments {
    /// The chains, those that stand behind `--ask` first.
    pub(super) fn all_chains(&self) -> Vec<PathBuf> {
        self.ask.files().chain(self.chains.iter().cloned()).collect()
    }
}

/// Whose chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Of {
    /// A server's.
    #[default]
    Server,
    /// A client's.
    Client,
}

impl Of {
    /// Who presents it.
    pub(super) fn side(self) -> Side {
        match self {
            Self::Server => Side::Server,
            Self::Client => Side::Client,
        }
    }
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReportFormat {
    /// For people, 80 columns wide.
    #[default]
    Text,
    /// The published contract, mtlscope.verification/1.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
}

/// A length of time, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Span {
    /// In seconds.
    pub seconds: i64,
    /// `30d`.
    pub words: String,
}

fn parse_span(text: &str) -> Result<Span, String> {
    let mistake = || "write a whole number with its unit: 30d, 12h, 2w (s, m, h, d or w)".to_owned();
    let unit = text.chars().last().ok_or_else(mistake)?;
    let seconds_each = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return Err(mistake()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(mistake());
    }
    number
        .parse::<i64>()
        .ok()
        .and_then(|number| number.checked_mul(seconds_each))
        .map(|seconds| Span {
            seconds,
            words: text.to_owned(),
        })
        .ok_or_else(|| "that is longer than any certificate lives".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_with_a_unit() {
        for (text, seconds) in [
            ("30d", 2_592_000),
            ("12h", 43_200),
            ("2w", 1_209_600),
            ("0s", 0),
            ("5m", 300),
        ] {
            assert_eq!(parse_span(text).map(|span| span.seconds), Ok(seconds), "{text}");
        }
        for wrong in [
            "",
            "d",
            "30",
            "-3d",
            "3 d",
            "1.5d",
            "30é",
            "99999999999999999999d",
            "9999999999999999999w",
        ] {
            assert!(parse_span(wrong).is_err(), "{wrong}");
        }
    }
}
