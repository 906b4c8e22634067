//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::audit::AuditArguments;
use super::fault::{FaultWish, parse_fault};
use super::fetching::FetchFlags;
use super::status::RevocationFlags;
use super::verify::VerifyArguments;
use crate::capture::ClientAuth;
use crate::diagnose::Tool;
use crate::setup::TlsVersion;

/// See a mutual TLS handshake happen, and learn why it failed.
///
/// Without a command: the window. With no display, the same handshake is told in the terminal.
#[derive(Debug, Parser)]
#[command(
    name = "mtlscope",
    version,
    args_conflicts_with_subcommands = true,
    max_term_width = 100,
    after_help = EXIT_STATUS
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub lab: LabFlags,
    /// Sessions, certificates and keys to open in the window.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

const EXIT_STATUS: &str = "Exit status: 0 the handshake is good; 1 it is not, and the causes are printed; 2 the command or its \
input is unusable, said in one sentence.";

/// What the window was started with.
#[derive(Clone, Debug, Default)]
pub struct WindowOptions {
    /// The flags of `lab`.
    pub flags: LabFlags,
    /// Files to open: sessions, or certificates and keys.
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the built-in client and server with your certificates, and say what happened and why
    Lab(Box<LabArguments>),
    /// Look at a saved session or a packet capture
    Show(Box<ShowArguments>),
    /// Say what a log line means: who spoke, which causes it can have, and with files which of them it is
    Explain(Box<ExplainArguments>),
    /// Find out whether a server or a client fails open: show it every kind of bad peer
    Audit(Box<AuditArguments>),
    /// Judge chains of certificates, with no handshake: for a pipeline
    Verify(Box<VerifyArguments>),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct LabArguments {
    #[command(flatten)]
    pub flags: LabFlags,
    /// Keep the evidence in this session file (RON; it never holds a private key)
    #[arg(long, value_name = "FILE.ron")]
    pub save: Option<PathBuf>,
    /// Leave the TLS secrets out of the saved session: what was encrypted stays shut for whoever gets it
    #[arg(long, requires = "save")]
    pub redact: bool,
    /// Search small edits that make a failing handshake succeed, run each, and print those that did
    #[arg(long)]
    pub fixes: bool,
    /// Print when this pair works and when it fails, and of what, exact to the second
    #[arg(long)]
    pub timeline: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Print what mends it with this tool: openssl, step, cert-manager, nginx, envoy, kubernetes (repeats; text only)
    #[arg(long, value_name = "NAME", value_parser = parse_tool, value_delimiter = ',')]
    pub tool: Vec<Tool>,
    /// List the built-in scenarios and stop
    #[arg(long)]
    pub list_scenarios: bool,
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, 80 columns wide.
    #[default]
    Text,
    /// The published contract.
    Json,
}

/// What a lab run is made of. Whatever is left out comes from the built-in identities.
#[derive(Clone, Debug, Default, PartialEq, Args)]
pub struct LabFlags {
    /// The client's chain, leaf first, and perhaps its key; `none` sends no certificate
    #[arg(long, value_name = "FILE|none", help_heading = "Client")]
    pub client_cert: Option<PathBuf>,
    /// The client's private key, if it is not in the certificate's file
    #[arg(long, value_name = "FILE", help_heading = "Client")]
    pub client_key: Option<PathBuf>,
    /// What the client trusts (repeats)
    #[arg(long, value_name = "FILE", help_heading = "Client")]
    pub client_trust: Vec<PathBuf>,
    /// A TLS version the client speaks (repeats)
    #[arg(long, value_name = "1.2|1.3", value_parser = parse_version, value_delimiter = ',', help_heading = "Client")]
    pub client_tls: Vec<TlsVersion>,
    /// A cipher suite of the client, by its IANA name (repeats)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Client")]
    pub client_cipher: Vec<String>,
    /// A key exchange group of the client, by its IANA name (repeats)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Client")]
    pub client_group: Vec<String>,
    /// A protocol the client offers (repeats)
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',', help_heading = "Client")]
    pub client_alpn: Vec<String>,
    /// The time the client judges at
    #[arg(long, value_name = "RFC3339", value_parser = parse_time, help_heading = "Client")]
    pub client_at: Option<i64>,

    /// The server's chain, leaf first, and perhaps its key; `none` presents no certificate
    #[arg(long, value_name = "FILE|none", help_heading = "Server")]
    pub server_cert: Option<PathBuf>,
    /// The server's private key, if it is not in the certificate's file
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    pub server_key: Option<PathBuf>,
    /// What the server trusts (repeats)
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    pub server_trust: Vec<PathBuf>,
    /// A TLS version the server speaks (repeats)
    #[arg(long, value_name = "1.2|1.3", value_parser = parse_version, value_delimiter = ',', help_heading = "Server")]
    pub server_tls: Vec<TlsVersion>,
    /// A cipher suite of the server, by its IANA name (repeats)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Server")]
    pub server_cipher: Vec<String>,
    /// A key exchange group of the server, by its IANA name (repeats)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Server")]
    pub server_group: Vec<String>,
    /// A protocol the server accepts (repeats)
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',', help_heading = "Server")]
    pub server_alpn: Vec<String>,
    /// The time the server judges at
    #[arg(long, value_name = "RFC3339", value_parser = parse_time, help_heading = "Server")]
    pub server_at: Option<i64>,

    /// A TLS version that both sides speak (repeats)
    #[arg(long, value_name = "1.2|1.3", value_parser = parse_version, value_delimiter = ',', help_heading = "Both sides")]
    pub tls: Vec<TlsVersion>,
    /// A cipher suite of both sides, by its IANA name (repeats)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Both sides")]
    pub cipher: Vec<String>,
    /// A key exchange group of both sides, by its IANA name (repeats)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Both sides")]
    pub group: Vec<String>,
    /// A protocol of both sides (repeats)
    #[arg(
        long,
        value_name = "PROTOCOL",
        value_delimiter = ',',
        help_heading = "Both sides"
    )]
    pub alpn: Vec<String>,
    /// The time both sides judge at, such as 2027-01-31T12:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = parse_time, help_heading = "Both sides")]
    pub at: Option<i64>,

    /// What each side knows of revocation
    #[command(flatten)]
    pub revocation: RevocationFlags,
    /// What to ask the network for
    #[command(flatten)]
    pub fetch: FetchFlags,

    /// The name the client asks for: a DNS name, an IP address, or the SPIFFE ID it expects (spiffe://…, no name is sent then)
    #[arg(long, value_name = "NAME", help_heading = "The run")]
    pub server_name: Option<String>,
    /// The SPIFFE ID that the server lets in, and no other (spiffe://…); left out, any client whose chain it trusts
    #[arg(long, value_name = "SPIFFE-ID", help_heading = "The run")]
    pub client_name: Option<String>,
    /// Whether the server asks for a client certificate [default: required]
    #[arg(long, value_name = "required|optional|none", value_parser = parse_client_auth, help_heading = "The run")]
    pub client_auth: Option<ClientAuth>,
    /// What the wire does: flip, drop, repeat, cut, stall or http
    ///
    /// All but http take a target, KIND:SIDE:RECORD: whose record, counted from 0 among those that side writes,
    /// ChangeCipherSpec included. `flip:client:3` flips a bit in the client's fourth record. Left out: the record that
    /// carries that side's certificate, and the server's side.
    #[arg(long, value_name = "KIND[:SIDE[:RECORD]]", value_parser = parse_fault, help_heading = "The run")]
    pub fault: Option<FaultWish>,
    /// Certificates at hand that nobody sends or trusts, to look for a missing one among (repeats)
    #[arg(long, value_name = "FILE", help_heading = "The run")]
    pub known: Vec<PathBuf>,
    /// How long a side waits for bytes that do not come
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=600_000), help_heading = "The run")]
    pub timeout_ms: Option<u64>,
    /// Begin with this built-in scenario instead of the plain identities
    #[arg(long, value_name = "ID", help_heading = "The run")]
    pub scenario: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct ShowArguments {
    /// The session, or the packet capture (pcap, pcapng)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only this connection of a packet capture, counted from 1 as in the list
    #[arg(long, value_name = "N")]
    pub connection: Option<usize>,
    /// TLS secrets from a key log (SSLKEYLOGFILE), added to those in the file; for a packet capture, one that lies beside
    /// it is found by itself
    #[arg(long, value_name = "FILE")]
    pub keylog: Option<PathBuf>,
    /// Judge with this as what the client trusts (repeats)
    #[arg(long, value_name = "FILE")]
    pub client_trust: Vec<PathBuf>,
    /// Judge with this as what the server trusts (repeats)
    #[arg(long, value_name = "FILE")]
    pub server_trust: Vec<PathBuf>,
    /// Judge with this as the name the client asked for
    #[arg(long, value_name = "NAME")]
    pub server_name: Option<String>,
    /// A revocation list or an OCSP response that both sides are taken to judge by (repeats)
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<PathBuf>,
    /// Judge at this time, such as 2027-01-31T12:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    pub at: Option<i64>,
    /// Print what mends it with this tool: openssl, step, cert-manager, nginx, envoy, kubernetes (repeats; text only)
    #[arg(long, value_name = "NAME", value_parser = parse_tool, value_delimiter = ',')]
    pub tool: Vec<Tool>,
    /// Name every byte as well: each message with all its fields (text only; JSON always has them)
    #[arg(long)]
    pub fields: bool,
    /// Print the traffic keys as well: whoever has them can read the traffic (text only)
    #[arg(long)]
    pub keys: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 the text is understood; 1 it is not; 2 the command or its input is unusable, said in one sentence."
)]
pub(super) struct ExplainArguments {
    /// The log line, in quotes; - reads standard input
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
    /// The files to hold it against: the same flags as those of lab
    #[command(flatten)]
    pub flags: LabFlags,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

fn parse_version(word: &str) -> Result<TlsVersion, String> {
    match word {
        "1.2" => Ok(TlsVersion::Tls12),
        "1.3" => Ok(TlsVersion::Tls13),
        _ => Err("the lab speaks 1.2 and 1.3".to_owned()),
    }
}

fn parse_client_auth(word: &str) -> Result<ClientAuth, String> {
    match word {
        "required" => Ok(ClientAuth::Required),
        "optional" => Ok(ClientAuth::Optional),
        "none" => Ok(ClientAuth::None),
        _ => Err("say required, optional or none".to_owned()),
    }
}

pub(super) fn parse_tool(word: &str) -> Result<Tool, String> {
    Tool::ALL
        .into_iter()
        .find(|tool| tool.word() == word)
        .ok_or_else(|| {
            let known: Vec<&str> = Tool::ALL.into_iter().map(Tool::word).collect();
            format!("say one of {}", known.join(", "))
        })
}

/// Seconds since the Unix epoch.
pub(super) fn parse_time(text: &str) -> Result<i64, String> {
    text.parse::<jiff::Timestamp>()
        .map(jiff::Timestamp::as_second)
        .map_err(|_| "write a time with its zone, such as 2027-01-31T12:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_time_needs_its_zone() {
        assert_eq!(parse_time("1970-01-01T00:01:00Z"), Ok(60));
        assert_eq!(parse_time("1970-01-01T02:00:00+02:00"), Ok(0));
        assert!(parse_time("1970-01-01").is_err());
    }

    #[test]
    fn lists_repeat_and_take_commas() {
        let arguments = Arguments::parse_from([
            "mtlscope", "lab", "--alpn", "h2", "--alpn", "http/1.1", "--tls", "1.2,1.3",
        ]);
        let Some(Command::Lab(lab)) = arguments.command else {
            unreachable!("lab was asked for")
        };
        assert_eq!(lab.flags.alpn, ["h2", "http/1.1"]);
        assert_eq!(lab.flags.tls, [TlsVersion::Tls12, TlsVersion::Tls13]);
    }

    #[test]
    fn without_a_command_the_files_are_for_the_window() {
        let arguments = Arguments::parse_from(["mtlscope", "--tls", "1.2", "refused.ron"]);
        assert!(arguments.command.is_none());
        assert_eq!(arguments.files, [PathBuf::from("refused.ron")]);
    }
}
