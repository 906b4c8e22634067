//! `mtlscope audit`: does it fail open? Bad clients against a real server, bad servers against a real client.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::input::Files;
use super::outcome::{Format, Outcome, Unusable};
use super::passphrase::PassphraseFlags;
use super::{interrupt, output, text};
use crate::experiment::audit::{
    Answer, AuditReport, AuditVerdict, Authority, ClientAudit, Probe, ServerAudit, audit_client, audit_server,
};
use crate::pki::{CertificateFacts, LoadedCertificate, PrivateKey};
use crate::setup::Identity;

const EXIT_STATUS: &str = "Exit status: 0 every bad peer was refused and the good one was not, before them and after; 1 it fails \
open, or the good peer was not let in, or some bad peer got no answer that proves anything; 130 after Ctrl+C; 2 the command or its input is unusable, said in one sentence.";

/// `audit`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct AuditArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show a server every kind of bad client; it must refuse them all, and let the good one in
    Server(ServerArguments),
    /// Start a client against every kind of bad server; it must refuse them all, and talk to the good one
    Client(ClientArguments),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
struct ServerArguments {
    /// The server
    #[arg(value_name = "HOST:PORT")]
    address: String,
    /// A client certificate that the server must let in, leaf first, and perhaps its key
    #[arg(long, value_name = "FILE")]
    client_cert: PathBuf,
    /// Its private key, if it is not in the certificate's file
    #[arg(long, value_name = "FILE")]
    client_key: Option<PathBuf>,
    /// The CA that the server trusts: then an impostor of its name is tried as well
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// That CA's private key: then expired, not yet valid and wrong-purpose certificates are tried as well. Use a test CA's
    #[arg(long, value_name = "FILE", requires = "ca")]
    ca_key: Option<PathBuf>,
    /// The name to ask for [default: the host]
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
    /// What to ask for in HTTP; a server may finish the handshake and refuse there
    #[arg(long, value_name = "PATH", default_value = "/")]
    http: String,
    /// The server speaks no HTTP: whoever may keep the connection open is let in
    #[arg(long, conflicts_with = "http")]
    no_http: bool,
    /// Certificates are optional here: a client without one is no hole
    #[arg(long)]
    allow_none: bool,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
struct ClientArguments {
    /// The name that the client asks for; it has to lead to loopback
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    name: String,
    /// The CA that the client trusts already [default: one is made, as {ca}]
    #[arg(long, value_name = "FILE", requires = "ca_key")]
    ca: Option<PathBuf>,
    /// That CA's private key
    #[arg(long, value_name = "FILE", requires = "ca")]
    ca_key: Option<PathBuf>,
    #[command(flatten)]
    how: How,
    /// The client: {port}, {name} and {ca} are filled in. -- curl --cacert {ca} <https://localhost:{port}/>
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

#[derive(Debug, Args)]
struct How {
    /// How long each peer may take, from the connection to its answer; one that gives none in time is not tested
    #[arg(long, value_name = "MS", default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(50..=600_000))]
    timeout_ms: u64,
    /// What opens encrypted files
    #[command(flatten)]
    passphrase: PassphraseFlags,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &AuditArguments) -> Result<Outcome, Unusable> {
    let now = jiff::Timestamp::now().as_second();
    let cancel = interrupt::cancel();
    let unusable = |error: &dyn std::fmt::Display| Unusable(error.to_string());
    let (report, how, subject) = match &arguments.what {
        What::Server(server) => {
            let audit = server_audit(server)?;
            let mut progress = progress(&server.how);
            let report =
                audit_server(&audit, now, &cancel, &mut progress).map_err(|error| unusable(&error))?;
            (report, &server.how, format!("the server {}", server.address))
        }
        What::Client(client) => {
            let audit = client_audit(client)?;
            let mut progress = progress(&client.how);
            let report =
                audit_client(&audit, now, &cancel, &mut progress).map_err(|error| unusable(&error))?;
            let program = client.command.first().map_or("", String::as_str);
            (report, &client.how, format!("the client {program}"))
        }
    };
    match how.format {
        Format::Text => output::text(&as_text(&report, &subject))?,
        Format::Json => output::json(&as_json(&report))?,
    }
    Ok(if report.verdict() == AuditVerdict::Closed {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}

/// A word on what is under way, where a person reads along.
fn progress(how: &How) -> impl FnMut(&'static str) + use<> {
    let is_read = how.format == Format::Text && std::io::IsTerminal::is_terminal(&std::io::stderr());
    move |title| {
        if is_read {
            output::error(&format!("… {title}"));
        }
    }
}

fn server_audit(arguments: &ServerArguments) -> Result<ServerAudit, Unusable> {
    let host = arguments
        .address
        .rsplit_once(':')
        .filter(|(_, port)| port.parse::<u16>().is_ok())
        .map(|(host, _)| host.trim_start_matches('[').trim_end_matches(']').to_owned())
        .ok_or_else(|| {
            Unusable(format!(
                "{}: this is no HOST:PORT; write it as localhost:8443",
                arguments.address
            ))
        })?;
    let mut files = Files::new(&arguments.how.passphrase)?;
    let good = identity(
        &mut files,
        &arguments.client_cert,
        arguments.client_key.as_deref(),
    )?;
    let ca = arguments
        .ca
        .as_deref()
        .map(|ca| authority(&mut files, ca, arguments.ca_key.as_deref(), &good.chain))
        .transpose()?;
    Ok(ServerAudit {
        address: arguments.address.clone(),
        server_name: arguments.server_name.clone().unwrap_or(host),
        good,
        ca,
        path: (!arguments.no_http).then(|| arguments.http.clone()),
        allows_none: arguments.allow_none,
        timeout: Duration::from_millis(arguments.how.timeout_ms),
    })
}

fn client_audit(arguments: &ClientArguments) -> Result<ClientAudit, Unusable> {
    let mut files = Files::new(&arguments.how.passphrase)?;
    let ca = arguments
        .ca
        .as_deref()
        .map(|ca| authority(&mut files, ca, arguments.ca_key.as_deref(), &[]))
        .transpose()?;
    if !arguments.command.iter().any(|word| word.contains("{port}")) {
        return Err(Unusable(
            "the client's command does not say {port}, so it cannot find the servers it is shown; write {port} where its \
             port goes"
                .to_owned(),
        ));
    }
    Ok(ClientAudit {
        command: arguments.command.clone(),
        name: arguments.name.clone(),
        ca,
        timeout: Duration::from_millis(arguments.how.timeout_ms),
    })
}

fn identity(files: &mut Files, certificate: &Path, key: Option<&Path>) -> Result<Identity, Unusable> {
    let found = files.bundle(certificate)?;
    let keys = match key {
        Some(path) => files.bundle(path)?.keys,
        None => found.keys,
    };
    let spki = found
        .certificates
        .first()
        .and_then(|leaf| CertificateFacts::from_der(&leaf.der).ok())
        .map(|facts| facts.spki);
    let key = keys
        .into_iter()
        .find(|key| Some(&key.key.public_key) == spki.as_ref())
        .ok_or_else(|| {
            Unusable(format!(
                "{}: the good client needs the private key that belongs to this certificate; give it as --client-key FILE",
                certificate.display()
            ))
        })?;
    Ok(Identity {
        chain: found.certificates,
        key: Some(key),
    })
}

/// The CA of this file that the key belongs to.
fn authority(
    files: &mut Files,
    ca: &Path,
    key: Option<&Path>,
    good: &[LoadedCertificate],
) -> Result<Authority, Unusable> {
    let found = files.bundle(ca)?.certificates;
    if found.is_empty() {
        return Err(Unusable(format!(
            "{}: there is no certificate here; give the CA's certificate",
            ca.display()
        )));
    }
    let signing = key.map(|path| private_key(files, path)).transpose()?;
    Authority::among(&found, signing, good).ok_or_else(|| {
        Unusable(format!(
            "{}: this private key belongs to no certificate in {}; give the key of the CA that --ca names",
            key.unwrap_or(ca).display(),
            ca.display()
        ))
    })
}

fn private_key(files: &mut Files, path: &Path) -> Result<PrivateKey, Unusable> {
    files
        .bundle(path)?
        .keys
        .into_iter()
        .next()
        .map(|key| key.key)
        .ok_or_else(|| {
            Unusable(format!(
                "{}: there is no private key here; give the CA's private key",
                path.display()
            ))
        })
}

fn as_text(report: &AuditReport, subject: &str) -> String {
    let holes = report.holes().count();
    let words = match report.verdict() {
        AuditVerdict::Closed => format!("CLOSED: {subject} refused every bad peer that it was shown."),
        AuditVerdict::Open if holes == 1 => format!("OPEN: {subject} let a bad peer in."),
        AuditVerdict::Open => format!("OPEN: {subject} let {holes} bad peers in."),
        AuditVerdict::Meaningless => {
            format!(
                "MEANINGLESS: {subject} did not let even the good peer in, so its refusals prove nothing."
            )
        }
        AuditVerdict::Inconclusive if report.is_alive_at_the_end() => format!(
            "INCONCLUSIVE: {subject} gave {} of the bad peers no answer that proves anything.",
            report.untested().count()
        ),
        AuditVerdict::Inconclusive => format!(
            "INCONCLUSIVE: at the end {subject} did not let the good peer in any more, so what looks like a refusal may be none."
        ),
    };
    let mut out = text::wrapped(&words);
    out.push('\n');
    for probe in std::iter::once(&report.control)
        .chain(&report.ca_control)
        .chain(&report.probes)
        .chain(&report.control_again)
    {
        let is_control = probe.cause.is_none();
        let (sign, words) = match &probe.answer {
            Answer::Accepted(words) => (
                if is_control { "ok  " } else { "OPEN" },
                format!("let in: {words}"),
            ),
            Answer::Refused(words) => (
                if is_control { "FAIL" } else { "ok  " },
                format!("refused: {words}"),
            ),
            Answer::NotTested(words) => (
                if is_control { "FAIL" } else { "?   " },
                format!("not tested: {words}"),
            ),
            Answer::NotRun(words) => ("-   ", format!("not tried: {words}")),
        };
        out.push_str(&format!("  {sign}  {}\n", probe.title));
        out.push_str(&text::indented(8, &words));
        if !is_control && matches!(probe.answer, Answer::Accepted(_)) {
            out.push_str(&text::indented(8, probe.teaches));
        }
    }
    out
}

#[derive(Serialize)]
struct AuditJson<'a> {
    schema: &'static str,
    verdict: &'static str,
    control: ProbeJson<'a>,
    ca_control: Option<ProbeJson<'a>>,
    probes: Vec<ProbeJson<'a>>,
    control_again: Option<ProbeJson<'a>>,
}

#[derive(Serialize)]
struct ProbeJson<'a> {
    id: &'a str,
    title: &'a str,
    cause: Option<&'static str>,
    answer: &'static str,
    words: &'a str,
    open: bool,
    teaches: &'a str,
}

fn as_json(report: &AuditReport) -> AuditJson<'_> {
    fn probe(probe: &Probe) -> ProbeJson<'_> {
        let (answer, words) = match &probe.answer {
            Answer::Accepted(words) => ("accepted", words),
            Answer::Refused(words) => ("refused", words),
            Answer::NotTested(words) => ("not-tested", words),
            Answer::NotRun(words) => ("not-run", words),
        };
        ProbeJson {
            id: probe.id,
            title: probe.title,
            cause: probe.cause.map(crate::diagnose::CauseId::word),
            answer,
            words,
            open: probe.cause.is_some() && answer == "accepted",
            teaches: probe.teaches,
        }
    }
    AuditJson {
        schema: "mtlscope.audit/1",
        verdict: report.verdict().word(),
        control: probe(&report.control),
        ca_control: report.ca_control.as_ref().map(probe),
        probes: report.probes.iter().map(probe).collect(),
        control_again: report.control_again.as_ref().map(probe),
    }
}

#[cfg(test)]
mod tests;
