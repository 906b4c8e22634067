//! The stacks that are asked, how their version is told, and one run of a stack over all cases.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mtlscope::capture::{Capture, Side};
use mtlscope::decode::{MessageKind, Transcript, decode};

use super::cases::{CASES, Case};
use super::clients::{self, Attempt, Driver, Once, Program, first_line};
use super::pki::Pki;
use super::proxies::{Proxy, Rustls};
use super::server::{self, Ask};

type Start = fn(&Path, &[Attempt<'_>]) -> Box<dyn Program>;

/// A stack, by the name that the library has for it.
pub struct Stack {
    pub name: &'static str,
    /// `None` where the program is not there.
    pub version: fn() -> Option<String>,
    pub start: Start,
}

fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = &text[text.find(word)? + word.len()..];
    rest.split([' ', ',', ')', '"']).find(|part| !part.is_empty())
}

/// Where the Envoy binary is, if anybody said so.
pub fn envoy() -> Option<String> {
    std::env::var("MTLSCOPE_ENVOY")
        .ok()
        .filter(|path| Path::new(path).exists())
}

pub const STACKS: &[Stack] = &[
    Stack {
        name: "OpenSSL",
        version: || Some(after(&first_line("openssl", &["version"])?, "OpenSSL ")?.to_owned()),
        start: |_, _| Box::new(Once(clients::openssl)),
    },
    Stack {
        name: "GnuTLS",
        version: || {
            let gnutls = first_line("gnutls-cli", &["--version"])?;
            let wget = first_line("wget", &["--version"])?;
            Some(format!(
                "{}, as in Wget {}",
                after(&gnutls, "gnutls-cli ")?,
                after(&wget, "Wget ")?
            ))
        },
        start: |_, _| Box::new(Once(clients::wget)),
    },
    Stack {
        name: "gnutls-cli",
        version: || Some(after(&first_line("gnutls-cli", &["--version"])?, "gnutls-cli ")?.to_owned()),
        start: |_, _| Box::new(Once(clients::gnutls_cli)),
    },
    Stack {
        name: "curl",
        version: || {
            let line = first_line("curl", &["--version"])?;
            Some(format!(
                "{}, OpenSSL {}",
                after(&line, "curl ")?,
                after(&line, "OpenSSL/")?
            ))
        },
        start: |_, _| Box::new(Once(clients::curl)),
    },
    Stack {
        name: "Go",
        version: || Some(after(&first_line("go", &["version"])?, "version go")?.to_owned()),
        start: |directory, _| Box::new(Driver::start(clients::go(directory), "")),
    },
    Stack {
        name: "Java (SunX509)",
        version: java_version,
        start: |directory, _| Box::new(Driver::start(clients::java(directory), "SunX509")),
    },
    Stack {
        name: "Java (PKIX)",
        version: java_version,
        start: |directory, _| Box::new(Driver::start(clients::java(directory), "PKIX")),
    },
    Stack {
        name: "Node.js",
        version: || {
            let line = first_line(
                "node",
                &[
                    "-p",
                    "process.versions.node + ', OpenSSL ' + process.versions.openssl",
                ],
            )?;
            Some(line)
        },
        start: |_, _| Box::new(Driver::start(clients::node(), "")),
    },
    Stack {
        name: "Python",
        version: || {
            let words = "import sys, ssl; print(sys.version.split()[0] + ', ' + ssl.OPENSSL_VERSION)";
            let line = first_line("python3", &["-c", words])?;
            // OpenSSL 3.0.22 25 Aug 2026: the date says nothing more.
            Some(line.split(' ').take(3).collect::<Vec<_>>().join(" "))
        },
        start: |_, _| Box::new(Driver::start(clients::python(), "")),
    },
    Stack {
        name: "nginx",
        version: || Some(after(&first_line("nginx", &["-v"])?, "nginx/")?.to_owned()),
        start: |directory, attempts| Box::new(Proxy::nginx(directory, attempts)),
    },
    Stack {
        name: "Envoy",
        version: || {
            let line = first_line(&envoy()?, &["--version"])?;
            let build = after(&line, "version: ")?;
            Some(format!("{}, BoringSSL", build.split('/').nth(1)?))
        },
        start: |directory, attempts| {
            Box::new(Proxy::envoy(&envoy().expect("found above"), directory, attempts))
        },
    },
    Stack {
        name: "rustls",
        version: || {
            let lock = include_str!("../../../Cargo.lock");
            Some(after(lock, "name = \"rustls\"\nversion = \"")?.trim().to_owned())
        },
        start: |_, _| Box::new(Rustls),
    },
];

fn java_version() -> Option<String> {
    first_line("javac", &["-version"])?;
    Some(after(&first_line("java", &["-version"])?, "version \"")?.to_owned())
}

/// What a client did when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// A Certificate message with a certificate in it, and the CertificateVerify that goes with it.
    Sent,
    /// A Certificate message without.
    Empty,
    /// It ended the connection instead, or never came.
    Ended,
}

/// One client asked once.
pub struct Meeting {
    pub case: &'static Case,
    pub is_13: bool,
    pub observed: Observed,
    /// `None` where it never came.
    pub transcript: Option<Transcript>,
    /// What the program said.
    pub words: String,
}

/// One connection of a program to a server that asks so.
pub fn meet(
    pki: &Pki,
    ask: &Ask,
    listener: &TcpListener,
    program: &mut dyn Program,
    attempt: &Attempt<'_>,
) -> (Option<Capture>, String) {
    let give_up = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        let server = scope.spawn(|| server::serve_one(listener, &pki.server, ask, &give_up));
        let words = program.connect(attempt);
        // What the program dialled stands in the listener's queue by now: the server looks there once more.
        give_up.store(true, Ordering::SeqCst);
        (server.join().expect("the server"), words)
    })
}

/// What the bytes show.
fn observed(transcript: &Transcript) -> Observed {
    match transcript.chain_sent_by(Side::Client) {
        Some((_, sent)) if sent.chain.is_empty() => Observed::Empty,
        Some(_)
            if transcript
                .first(MessageKind::CertificateVerify, Side::Client)
                .is_some() =>
        {
            Observed::Sent
        }
        Some(_) | None => Observed::Ended,
    }
}

/// Asks one stack in every case.
pub fn ask(stack: &Stack, pki: &Pki) -> Vec<Meeting> {
    let directory = tempfile::tempdir().expect("a directory for the test");
    let meetings: Vec<(&'static Case, bool, TcpListener)> = [true, false]
        .into_iter()
        .flat_map(|is_13| CASES.iter().map(move |case| (case, is_13)))
        .filter(|(case, is_13)| case.is_for(*is_13) && pki.has(case.client))
        .map(|(case, is_13)| (case, is_13, TcpListener::bind("127.0.0.1:0").expect("a port")))
        .collect();
    let attempts: Vec<Attempt<'_>> = meetings
        .iter()
        .map(|(case, is_13, listener)| Attempt {
            port: listener.local_addr().expect("a port").port(),
            is_13: *is_13,
            identity: pki.client(case.client),
            root: &pki.root_file,
        })
        .collect();
    let mut program = (stack.start)(directory.path(), &attempts);
    meetings
        .iter()
        .zip(&attempts)
        .map(|((case, is_13, listener), attempt)| {
            let ask = case.ask(pki, *is_13);
            let (capture, words) = meet(pki, &ask, listener, program.as_mut(), attempt);
            let transcript = capture.as_ref().map(decode);
            Meeting {
                case,
                is_13: *is_13,
                observed: transcript.as_ref().map_or(Observed::Ended, observed),
                transcript,
                words,
            }
        })
        .collect()
}
