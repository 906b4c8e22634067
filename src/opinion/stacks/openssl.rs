//! OpenSSL's own programs: `s_server`, `s_client`, `verify`.

use super::given::{
    Asked, DEADLINE, Given, LEAF, OWN, OWN_KEY, Port, REST, Start, TRUST, TRUST_AND_LISTS, line, words,
};
use crate::capture::Side;
use crate::opinion::run::{End, Finished, Task};
use crate::setup::TlsVersion;

pub(super) const ASKED: Asked = Asked {
    server: |given| Ok(server(given)),
    client: |given, port| Ok(client(given, port)),
    chain_tool: |given| Ok(chain_tool(given)),
    words: telling,
    accepts,
    compares_names_in_files: true,
    takes_time: true,
    deadline: DEADLINE,
};

const REQUEST: &str = "GET / HTTP/1.0\r\n\r\n";

/// Only what it is given is trusted: not the system's store beside it.
fn trust(given: &Given<'_>, all: &mut Vec<String>) {
    match (given.trusts_any(), given.has_lists()) {
        (true, true) => all.extend(words(&["-CAfile", TRUST_AND_LISTS])),
        (true, false) => all.extend(words(&["-CAfile", TRUST])),
        (false, _) => all.push("-no-CAfile".to_owned()),
    }
    all.push("-no-CApath".to_owned());
    let is_old = given.version.starts_with("1.") || given.version.starts_with("LibreSSL");
    if !is_old {
        all.push("-no-CAstore".to_owned());
    }
    if given.has_lists() {
        let scope = if given.question.revocation.is_leaf_only {
            "-crl_check"
        } else {
            "-crl_check_all"
        };
        all.push(scope.to_owned());
    }
    if let Some(at) = given.question.at_unix_s {
        all.extend(["-attime".to_owned(), at.to_string()]);
    }
}

fn common(given: &Given<'_>, all: &mut Vec<String>) {
    all.extend(words(&["-cert", OWN, "-key", OWN_KEY]));
    trust(given, all);
    all.extend(given.only_version().map(|version| {
        match version {
            TlsVersion::Tls12 => "-tls1_2",
            TlsVersion::Tls13 => "-tls1_3",
        }
        .to_owned()
    }));
}

fn start(given: &Given<'_>, arguments: Vec<String>, stdin: &'static str, port: Port) -> Start {
    Start {
        task: Task {
            program: given.program.to_owned(),
            arguments,
            environment: Vec::new(),
            stdin,
        },
        files: Vec::new(),
        port,
    }
}

fn server(given: &Given<'_>) -> Start {
    let mut all = words(&["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-www"]);
    all.extend(words(&["-Verify", "100", "-verify_return_error"]));
    common(given, &mut all);
    start(given, all, "", Port::Printed("ACCEPT 127.0.0.1:"))
}

/// The name, as an option for a host or for an address.
fn name(given: &Given<'_>, all: &mut Vec<String>) {
    if let Some(name) = &given.name {
        let option = if name.parse::<std::net::IpAddr>().is_ok() {
            "-verify_ip"
        } else {
            "-verify_hostname"
        };
        all.extend([option.to_owned(), name.clone()]);
    }
}

fn client(given: &Given<'_>, port: u16) -> Start {
    let mut all = words(&["s_client", "-connect"]);
    all.push(format!("127.0.0.1:{port}"));
    all.extend(words(&["-verify_return_error", "-quiet"]));
    name(given, &mut all);
    match &given.name {
        Some(name) if name.parse::<std::net::IpAddr>().is_err() => {
            all.extend(["-servername".to_owned(), name.clone()]);
        }
        Some(_) | None => all.push("-noservername".to_owned()),
    }
    common(given, &mut all);
    start(given, all, REQUEST, Port::None)
}

fn chain_tool(given: &Given<'_>) -> Start {
    let mut all = words(&["verify"]);
    all.extend(words(match given.question.judge {
        Side::Client => &["-purpose", "sslserver"],
        Side::Server => &["-purpose", "sslclient"],
    }));
    name(given, &mut all);
    trust(given, &mut all);
    if given.question.chain.len() > 1 {
        all.extend(words(&["-untrusted", REST]));
    }
    all.push(LEAF.to_owned());
    start(given, all, "", Port::None)
}

fn accepts(finished: &Finished) -> Option<bool> {
    let text = &finished.output;
    match finished.end {
        End::Exited(0) => Some(true),
        // `verify` says so where it judged; what it could not load, it did not judge.
        End::Exited(2) if text.contains(" lookup: ") => Some(false),
        End::Exited(_) | End::Signalled(_) | End::Ours => None,
    }
}

/// `verify error:num=18:self-signed certificate`; `error 18 at 0 depth lookup: …` from `verify`; else the error queue.
fn telling(text: &str) -> Option<String> {
    line(text, |line| line.starts_with("verify error:num="))
        .or_else(|| {
            line(text, |line| {
                line.starts_with("error ") && line.contains(" lookup: ")
            })
        })
        .or_else(|| line(text, |line| line.contains(":error:") && line.contains("routines")))
        .or_else(|| line(text, |line| line.starts_with("Could not")))
}

#[cfg(test)]
mod tests {
    use super::telling;

    #[test]
    fn what_it_holds_against_the_chain_comes_before_the_queue() {
        let text = "Using default temp DH parameters\nACCEPT 127.0.0.1:41067\nverify depth is 100\ndepth=0 CN = x\n\
                    verify error:num=18:self-signed certificate\n40A7:error:0A000086:SSL routines:tls_process:x:y\n";
        assert_eq!(
            telling(text).as_deref(),
            Some("verify error:num=18:self-signed certificate")
        );
        let text =
            "CN = x\nerror 18 at 0 depth lookup: self-signed certificate\nerror x.pem: verification failed";
        assert_eq!(
            telling(text).as_deref(),
            Some("error 18 at 0 depth lookup: self-signed certificate")
        );
        assert_eq!(telling("ACCEPT 127.0.0.1:41067\n"), None);
    }
}
