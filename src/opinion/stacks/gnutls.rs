//! GnuTLS's programs: `gnutls-serv`, `gnutls-cli`, `certtool`. `gnutls-serv` listens on every address of the machine as long
//! as it is asked: it has no option for one. What it could lose by that is its throw-away identity.

use super::given::{
    Asked, CHAIN, CannotBeAsked, DEADLINE, Given, LISTS, OWN, OWN_KEY, Port, Start, TRUST, free_port, line,
    words,
};
use crate::capture::Side;
use crate::opinion::path::{beside, on_path};
use crate::opinion::run::{End, Finished, Task};
use crate::setup::TlsVersion;

pub(super) const ASKED: Asked = Asked {
    server,
    client,
    chain_tool,
    words: telling,
    accepts,
    compares_names_in_files: true,
    takes_time: false,
    deadline: DEADLINE,
};

const REQUEST: &str = "GET / HTTP/1.0\r\n\r\n";

/// One of its programs, its output unbuffered where the machine can: what it still held back would be lost with it.
fn task(
    given: &Given<'_>,
    name: &str,
    arguments: Vec<String>,
    stdin: &'static str,
) -> Result<Task, CannotBeAsked> {
    let program = beside(given.program, name).ok_or_else(|| format!("{name} is not installed here"))?;
    let (program, arguments) = match on_path("stdbuf") {
        Some(stdbuf) => {
            let before = ["-oL".to_owned(), "-eL".to_owned(), program.display().to_string()];
            (stdbuf, before.into_iter().chain(arguments).collect())
        }
        None => (program, arguments),
    };
    Ok(Task {
        program,
        arguments,
        environment: Vec::new(),
        stdin,
    })
}

fn common(given: &Given<'_>) -> Vec<String> {
    // The system's store is trusted only where it is told to.
    let mut all = Vec::new();
    if given.trusts_any() {
        all.extend(words(&["--x509cafile", TRUST]));
    }
    all.extend(words(&["--x509certfile", OWN, "--x509keyfile", OWN_KEY]));
    if given.has_lists() {
        all.extend(words(&["--x509crlfile", LISTS]));
    }
    if let Some(version) = given.only_version() {
        let version = match version {
            TlsVersion::Tls12 => "1.2",
            TlsVersion::Tls13 => "1.3",
        };
        all.extend([
            "--priority".to_owned(),
            format!("NORMAL:-VERS-ALL:+VERS-TLS{version}"),
        ]);
    }
    all
}

fn server(given: &Given<'_>) -> Result<Start, CannotBeAsked> {
    let port = free_port()?;
    let mut all = common(given);
    all.extend(words(&[
        "--require-client-cert",
        "--verify-client-cert",
        "--port",
    ]));
    all.push(port.to_string());
    Ok(Start {
        task: task(given, "gnutls-serv", all, "")?,
        files: Vec::new(),
        port: Port::Told(port),
    })
}

fn client(given: &Given<'_>, port: u16) -> Result<Start, CannotBeAsked> {
    if !given.trusts_any() {
        return Err("gnutls-cli trusts the system's own store where it is given none".to_owned());
    }
    let name = given
        .some_name()
        .ok_or("gnutls-cli always compares a name, and there is none")?;
    let mut all = common(given);
    all.extend(["--port".to_owned(), port.to_string()]);
    if name.parse::<std::net::IpAddr>().is_ok() {
        all.push("--disable-sni".to_owned());
    } else {
        all.extend(["--sni-hostname".to_owned(), name.clone()]);
    }
    all.extend(["--verify-hostname".to_owned(), name, "127.0.0.1".to_owned()]);
    Ok(Start {
        task: task(given, "gnutls-cli", all, REQUEST)?,
        files: Vec::new(),
        port: Port::None,
    })
}

fn chain_tool(given: &Given<'_>) -> Result<Start, CannotBeAsked> {
    if !given.trusts_any() {
        return Err("certtool trusts the system's own store where it is given none".to_owned());
    }
    let purpose = match given.question.judge {
        Side::Client => "1.3.6.1.5.5.7.3.1",
        Side::Server => "1.3.6.1.5.5.7.3.2",
    };
    let mut all = words(&["--verify", "--load-ca-certificate", TRUST, "--infile", CHAIN]);
    all.extend(words(&["--verify-purpose", purpose]));
    if let Some(name) = &given.name {
        all.extend(["--verify-hostname".to_owned(), name.clone()]);
    }
    if given.has_lists() {
        all.extend(words(&["--load-crl", LISTS]));
    }
    Ok(Start {
        task: task(given, "certtool", all, "")?,
        files: Vec::new(),
        port: Port::None,
    })
}

fn accepts(finished: &Finished) -> Option<bool> {
    let verdict = finished.output.contains("Chain verification output: ");
    match finished.end {
        End::Exited(0) if verdict => Some(true),
        End::Exited(_) if verdict => Some(false),
        End::Exited(_) | End::Signalled(_) | End::Ours => None,
    }
}

/// `- Status: The certificate is NOT trusted. …`; `Chain verification output: …` from `certtool`; else its fatal error.
fn telling(text: &str) -> Option<String> {
    let is_bad = |line: &str| !line.contains("The certificate is trusted");
    line(text, |line| line.starts_with("- Status: ") && is_bad(line))
        .or_else(|| {
            line(text, |line| {
                line.starts_with("Chain verification output: ") && is_bad(line)
            })
        })
        .or_else(|| line(text, |line| line.starts_with("Error in handshake")))
        .or_else(|| {
            line(text, |line| {
                line.starts_with("*** ") || line.starts_with("Error ")
            })
        })
}
