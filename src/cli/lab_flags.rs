//! The flags that make a lab run: shared by the window, `lab` and `explain`.

use std::path::PathBuf;

use clap::Args;

use super::fault::{FaultWish, parse_fault};
use super::fetching::FetchFlags;
use super::passphrase::PassphraseFlags;
use super::status::RevocationFlags;
use super::values::{parse_client_auth, parse_time, parse_version};
use crate::capture::ClientAuth;
use crate::setup::TlsVersion;

/// What a lab run is made of. Whatever is left out comes from the built-in identities.
#[derive(Clone, Debug, Default, PartialEq, Args)]
pub struct LabFlags {
    /// What opens encrypted files
    #[command(flatten)]
    pub passphrase: PassphraseFlags,
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
    /// A protocol the client offers (repeats; '' offers none)
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
    /// A protocol the server accepts (repeats; '' knows no ALPN)
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
    /// ChangeCipherSpec included. `flip:client:3` flips a bit in the client's fourth record, `flip:client:3:17` one in that
    /// record's byte 17, counted from 0 with its header. Left out: the record that carries that side's certificate, and the
    /// server's side.
    #[arg(long, value_name = "KIND[:SIDE[:RECORD[:BYTE]]]", value_parser = parse_fault, help_heading = "The run")]
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
