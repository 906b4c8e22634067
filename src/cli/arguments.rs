//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::asking::AskFlags;
use super::audit::AuditArguments;
use super::compare::CompareArguments;
use super::doctor::DoctorArguments;
use super::export::ExportArguments;
use super::lab_flags::LabFlags;
use super::lesson::LessonArguments;
use super::outcome::Format;
use super::passphrase::PassphraseFlags;
use super::values::{parse_time, parse_tool};
use super::verify::VerifyArguments;
use crate::diagnose::Tool;

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
    /// Put two handshakes side by side: where they part, what differs, and which of it matters
    Compare(Box<CompareArguments>),
    /// Give a handshake to others: a page that plays it, a drawing, a text, a runbook
    Export(Box<ExportArguments>),
    /// Say what a log line means: who spoke, which causes it can have, and with files which of them it is
    Explain(Box<ExplainArguments>),
    /// Find out whether a server or a client fails open: show it every kind of bad peer
    Audit(Box<AuditArguments>),
    /// Judge chains of certificates, with no handshake: for a pipeline
    Verify(Box<VerifyArguments>),
    /// Lessons on mutual TLS: a question, a real run, a mend; and packs of your own
    Lesson(Box<LessonArguments>),
    /// Before the day: whether a workshop could start on this machine, and what to do where not
    Doctor(Box<DoctorArguments>),
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
    /// Write the built-in certificates and keys of this run to files in this folder, by the names that the remedies use
    #[arg(long, value_name = "DIR")]
    pub write_built_in: Option<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Print what mends it with this tool: openssl, step, cert-manager, nginx, envoy, kubernetes (repeats; text only)
    #[arg(long, value_name = "NAME", value_parser = parse_tool, value_delimiter = ',')]
    pub tool: Vec<Tool>,
    /// List the built-in scenarios and stop
    #[arg(long)]
    pub list_scenarios: bool,
    /// Whom else to ask
    #[command(flatten)]
    pub ask: AskFlags,
}

const EXIT_STATUS_OF_SHOW: &str = "Exit status: 0 no connection failed: each was accepted, or the recording does not tell (UNKNOWN), as \
where no key opens what was refused or no trust is given; 1 a connection was rejected or is unfinished; 2 the command or its input is \
unusable, said in one sentence.";

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS_OF_SHOW)]
pub(super) struct ShowArguments {
    /// The session, or the packet capture: pcap or pcapng, also packed (gzip, Zstandard) or through a pipe; - takes one from
    /// standard input. TLS is found behind STARTTLS and PROXY headers, in TDS 7, OpenVPN, EAPOL and RADIUS, and in IP in IP,
    /// GRE, ERSPAN, VXLAN, Geneve, GTP-U, L2TP, Teredo, MPLS, PPPoE, VLAN tags and Wi-Fi
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only this connection of a packet capture, counted from 1 as in the list
    #[arg(long, value_name = "N")]
    pub connection: Option<usize>,
    /// TLS secrets from a key log (SSLKEYLOGFILE), added to those in the file; for a packet capture, one that lies beside
    /// it is found by itself
    #[arg(long, value_name = "FILE")]
    pub keylog: Option<PathBuf>,
    /// What opens encrypted files
    #[command(flatten)]
    pub passphrase: PassphraseFlags,
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

impl ShowArguments {
    /// A file, with no other flag.
    pub fn of(file: PathBuf, format: Format) -> Self {
        Self {
            file,
            connection: None,
            keylog: None,
            passphrase: PassphraseFlags::default(),
            client_trust: Vec::new(),
            server_trust: Vec::new(),
            server_name: None,
            crl: Vec::new(),
            at: None,
            tool: Vec::new(),
            fields: false,
            keys: false,
            format,
        }
    }
}

/// `explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 the text is understood; 1 it is not; 2 the command or its input is unusable, said in one sentence."
)]
pub(super) struct ExplainArguments {
    /// The log line, in quotes; or a log's file; - reads standard input
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
    /// The files to hold it against: the same flags as those of lab
    #[command(flatten)]
    pub flags: LabFlags,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::setup::TlsVersion;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
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
