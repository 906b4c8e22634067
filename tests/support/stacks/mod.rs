//! Ten TLS stacks on loopback: for every fault, each program is one end and OpenSSL's `s_client` or `s_server` is the other.
//!
//! A client writes a request a moment after its handshake and then reads until it has an answer: TLS 1.3 tells a client that its
//! certificate was refused only after it believes itself connected. `accepted` is that the answer came.

mod child;
mod drivers;
mod envoy;
mod faults;
mod made;
mod ours;
mod pki;
mod programs;
mod words;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mtlscope::cancel::Cancel;
use mtlscope::capture::{Revocation, RevocationFile, Side, Trust};
use mtlscope::diagnose::{ChainInput, MatrixRow, Saying, judge_chain};

use mtlscope::opinion::{Presence, Programs, find};
use mtlscope::source::lab::RUSTLS_VERSION;

use super::machine;
use child::Ended;
pub use child::PATIENCE;
use drivers::Driver;
use faults::Given;
pub use faults::{Fault, Reference, all as all_faults};
pub use made::make;
pub use mtlscope::stack::Stack;

/// The name that every client asks for.
const NAME: &str = "payments.shop.svc";
/// The address at which the server is, for those that ask for it instead.
const ADDRESS: &str = "127.0.0.1";
const REQUEST: &str = "GET / HTTP/1.1\r\nHost: payments.shop.svc\r\nConnection: close\r\n\r\n";

/// How long a client holds its request back after its handshake, so that a refusal comes before a write fails: first, and where
/// that told nothing. That a server has accepted its certificate no client hears before it asks.
const HELD_BACK: [Duration; 2] = [Duration::from_millis(150), Duration::from_secs(2)];

/// A server that waits for one client.
enum Serving {
    Program(Stack, Ended),
    Driven(Stack),
    Ours(std::thread::JoinHandle<String>),
}

/// How a client fared.
struct Dialled {
    words: String,
    answered: bool,
    /// It refused the files that it was given, and never dialled.
    is_unusable: bool,
}

/// Every stack that can be asked somewhere, with whether it can here. `MTLSCOPE_ENVOY` names Envoy's binary; under a moved clock it
/// never answers, not even for its version.
pub fn installed() -> Vec<(Stack, Presence)> {
    let mut programs = Programs::new();
    programs.extend(std::env::var_os("MTLSCOPE_ENVOY").map(|file| (Stack::Envoy, file.into())));
    Stack::ALL
        .into_iter()
        .filter(|stack| !stack.programs().is_empty() && !machine::is_blind(stack.name()))
        .map(|stack| (stack, find(stack, &programs, &Cancel::default())))
        .collect()
}

/// Those that cannot be asked here are said aloud, and must be here in CI.
pub fn installed_for(test: &str) -> Vec<(Stack, Presence)> {
    let found = installed();
    for (stack, presence) in &found {
        if !matches!(presence, Presence::Installed { .. }) {
            machine::skipped(test, &format!("{} cannot be asked: {presence:?}", stack.name()));
        }
    }
    found
}

fn is_driven(stack: Stack) -> bool {
    matches!(stack, Stack::Go | Stack::Java | Stack::Node | Stack::Python)
}

/// The programs at hand, each ready to run.
pub struct Bench {
    directory: PathBuf,
    envoy: Option<PathBuf>,
    drivers: BTreeMap<Stack, Driver>,
    versions: BTreeMap<Stack, String>,
    held_back: Duration,
}

impl Bench {
    /// Starts what must be started once. `directory` holds the certificates; `tools` what was compiled.
    pub fn new(directory: &Path, tools: &Tools) -> Self {
        let drivers = drivers::start(tools, directory);
        let mut versions = BTreeMap::from([(Stack::Rustls, RUSTLS_VERSION.to_owned())]);
        let mut envoy = None;
        for (stack, presence) in installed() {
            let Presence::Installed { program, version } = presence else {
                continue;
            };
            if stack == Stack::Envoy {
                envoy = Some(program);
            }
            if !is_driven(stack) || drivers.contains_key(&stack) {
                versions.insert(stack, version);
            }
        }
        Self {
            directory: directory.to_owned(),
            envoy,
            drivers,
            versions,
            held_back: HELD_BACK[0],
        }
    }

    /// The stacks at hand.
    pub fn stacks(&self) -> Vec<Stack> {
        Stack::ALL
            .into_iter()
            .filter(|stack| self.versions.contains_key(stack))
            .collect()
    }

    /// Its version, and that of the library that speaks for it.
    pub fn version(&self, stack: Stack) -> &str {
        &self.versions[&stack]
    }

    /// One meeting: `tested` is `side`, the fault's reference is the other. What both said. Where nobody was refused in words, the
    /// request may have come before the refusal, and they meet again.
    pub fn meet(&mut self, fault: &Fault, tested: Stack, side: Side) -> Vec<Saying> {
        let [short, long] = HELD_BACK;
        self.held_back = short;
        let said = self.meet_once(fault, tested, side);
        if said.iter().all(is_told) {
            return said;
        }
        self.held_back = long;
        self.meet_once(fault, tested, side)
    }

    fn meet_once(&mut self, fault: &Fault, tested: Stack, side: Side) -> Vec<Saying> {
        let extra = |arguments: Option<&'static [&'static str]>| arguments.unwrap_or_default();
        let mut said = match (fault.reference, side) {
            (Reference::OpenSsl(client, _), Side::Server) => {
                self.both(fault, (Stack::OpenSsl, extra(client)), (tested, &[]))
            }
            (Reference::OpenSsl(_, server), Side::Client) => {
                self.both(fault, (tested, &[]), (Stack::OpenSsl, extra(server)))
            }
            (Reference::Nobody, Side::Server) => match self.serve(tested, &fault.server, &[]) {
                Ok((serving, port)) => {
                    let client = self.dial(Stack::OpenSsl, &fault.client, &[], port);
                    let words = self.end(serving, client.answered);
                    vec![self.saying(fault, tested, side, "OpenSSL", client.answered, words)]
                }
                Err(words) => vec![self.saying(fault, tested, side, "", false, words)],
            },
            (Reference::Nobody, Side::Client) => {
                let (server, port) = self
                    .serve(Stack::OpenSsl, &fault.server, &[])
                    .expect("the reference serves");
                let client = self.dial(tested, &fault.client, &[], port);
                let _ = self.end(server, true);
                let peer = if client.is_unusable { "" } else { "OpenSSL" };
                vec![self.saying(fault, tested, side, peer, client.answered, client.words)]
            }
            (reference, Side::Server) => {
                let (serving, port) = self
                    .serve(tested, &fault.server, &[])
                    .expect("a good server serves");
                rude_client(port, reference);
                let words = self.end(serving, false);
                vec![self.saying(fault, tested, side, peer_of(reference), false, words)]
            }
            (reference, Side::Client) => {
                let port = rude_server(reference);
                let client = self.dial(tested, &fault.client, &[], port);
                vec![self.saying(
                    fault,
                    tested,
                    side,
                    peer_of(reference),
                    client.answered,
                    client.words,
                )]
            }
        };
        for saying in &mut said {
            saying.words = words::plain(&saying.words, &self.directory);
        }
        said
    }

    fn both(&mut self, fault: &Fault, client: (Stack, &[&str]), server: (Stack, &[&str])) -> Vec<Saying> {
        let (serving, port) = match self.serve(server.0, &fault.server, server.1) {
            Ok(serving) => serving,
            Err(words) => return vec![self.saying(fault, server.0, Side::Server, "", false, words)],
        };
        let dialled = self.dial(client.0, &fault.client, client.1, port);
        let words = self.end(serving, dialled.answered || dialled.is_unusable);
        if dialled.is_unusable {
            return vec![self.saying(fault, client.0, Side::Client, "", false, dialled.words)];
        }
        let (client_name, server_name) = (client.0.name(), server.0.name());
        // What a program prints of a handshake that went well is no complaint.
        let quiet = |words: String| if dialled.answered { String::new() } else { words };
        vec![
            self.saying(
                fault,
                client.0,
                Side::Client,
                server_name,
                dialled.answered,
                quiet(dialled.words.clone()),
            ),
            self.saying(
                fault,
                server.0,
                Side::Server,
                client_name,
                dialled.answered,
                quiet(words),
            ),
        ]
    }

    fn saying(
        &self,
        fault: &Fault,
        stack: Stack,
        side: Side,
        peer: &str,
        accepted: bool,
        words: String,
    ) -> Saying {
        Saying {
            fault: fault.id.to_owned(),
            cause: fault.cause.word().to_owned(),
            judge: fault.judge,
            stack: stack.name().to_owned(),
            version: self.version(stack).to_owned(),
            side,
            peers: (!peer.is_empty()).then(|| peer.to_owned()).into_iter().collect(),
            accepted,
            words,
        }
    }

    /// A server that waits, and its port; or what it said of its own files.
    fn serve(&mut self, stack: Stack, given: &Given, extra: &[&str]) -> Result<(Serving, u16), String> {
        match stack {
            Stack::OpenSsl => programs::openssl_server(&self.directory, given, extra),
            Stack::GnuTls => programs::gnutls_server(&self.directory, given),
            Stack::Nginx => programs::nginx_server(&self.directory, given),
            Stack::Envoy => envoy::server(self.envoy.as_deref().expect("at hand"), &self.directory, given),
            Stack::Rustls => ours::server(&self.directory, given),
            Stack::Curl => unreachable!("curl is no server"),
            Stack::Go | Stack::Java | Stack::Node | Stack::Python => {
                let driver = self.drivers.get_mut(&stack).expect("at hand");
                driver
                    .serve(&self.directory, given)
                    .map(|port| (Serving::Driven(stack), port))
            }
        }
    }

    /// What the server said; it is ended.
    fn end(&mut self, serving: Serving, answered: bool) -> String {
        match serving {
            Serving::Driven(stack) => self.drivers.get_mut(&stack).expect("at hand").said().1,
            Serving::Ours(thread) => thread.join().expect("no panic"),
            Serving::Program(stack, mut child) => {
                let words = match stack {
                    Stack::OpenSsl => words::openssl,
                    Stack::GnuTls => words::gnutls,
                    Stack::Nginx => words::nginx,
                    _ => envoy::words,
                };
                // One ends by itself after one connection; of the others, the first words are waited for, where some are due.
                if !answered {
                    let has_spoken = |text: &str| stack != Stack::OpenSsl && !words(text).is_empty();
                    child.wait_for(PATIENCE, has_spoken);
                }
                // What else they print of it has no end that could be seen: it is over when nothing more comes.
                child.wait_until_still();
                words(&child.finish())
            }
        }
    }

    fn dial(&mut self, stack: Stack, given: &Given, extra: &[&str], port: u16) -> Dialled {
        match stack {
            Stack::OpenSsl => programs::openssl_client(&self.directory, given, extra, port, self.held_back),
            Stack::GnuTls => programs::gnutls_client(&self.directory, given, port, self.held_back),
            Stack::Curl => programs::curl_client(&self.directory, given, port),
            Stack::Nginx => programs::nginx_client(&self.directory, given, port),
            Stack::Envoy => envoy::client(
                self.envoy.as_deref().expect("at hand"),
                &self.directory,
                given,
                port,
            ),
            Stack::Rustls => ours::client(&self.directory, given, port, self.held_back),
            Stack::Go | Stack::Java | Stack::Node | Stack::Python => self
                .drivers
                .get_mut(&stack)
                .expect("at hand")
                .dial(&self.directory, given, port),
        }
    }
}

/// Whether it was accepted, or says why not; a connection that only broke says nothing.
fn is_told(saying: &Saying) -> bool {
    let words = saying.words.to_lowercase();
    let broke = ["broken pipe", "reset by peer", "errno=104", "errno=32"];
    saying.accepted || (!words.is_empty() && !broke.iter().any(|word| words.contains(word)))
}

fn peer_of(reference: Reference) -> &'static str {
    match reference {
        Reference::PlainHttp => "plain HTTP",
        _ => "closes",
    }
}

/// A client that speaks no TLS, until the server has had its say.
fn rude_client(port: u16, reference: Reference) {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(3)));
    if reference == Reference::PlainHttp {
        let _ = stream.write_all(REQUEST.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
    }
}

/// A server that speaks no TLS: it reads what comes first, and answers in HTTP or closes.
fn rude_server(reference: Reference) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else {
            return;
        };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(3)));
        let _ = stream.read(&mut [0; 16384]);
        if reference == Reference::PlainHttp {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    port
}

/// A request over plain TCP to a proxy under test; whether a good answer came back.
fn ask_plainly(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let _ = stream.write_all(REQUEST.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    text.lines().next().is_some_and(|status| status.contains(" 200 "))
}

pub use drivers::Tools;

/// The chain of a fault as we judge it ourselves.
pub fn judged(directory: &Path, fault: &Fault) -> Vec<MatrixRow> {
    let (own, judge) = match fault.judge {
        Side::Client => (&fault.server, &fault.client),
        Side::Server => (&fault.client, &fault.server),
    };
    let read = |name: &str| super::chains::certificates_of(&directory.join(name));
    let chain = own
        .identity
        .map_or_else(Vec::new, |name| read(&format!("{name}.pem")));
    let now = mtlscope::clock::Clock::default().unix_s();
    let lists = judge.crl.map_or_else(Vec::new, |file| {
        let text = std::fs::read_to_string(directory.join(file)).expect("a file of the test");
        super::chains::blocks(&text, "X509 CRL")
    });
    let lists = lists.into_iter().map(|der| RevocationFile {
        file: None,
        line: None,
        der,
        wrapping: None,
    });
    let trust = Trust {
        roots: read(judge.trust),
        expected_name: (fault.judge == Side::Client).then(|| judge.name.to_owned()),
        clock_unix_s: now,
        revocation: Revocation {
            lists: lists.collect(),
            refuses_stale: true,
            ..Revocation::default()
        },
    };
    let input = ChainInput {
        chain: &chain,
        trust: Some(&trust),
        judge: fault.judge,
        at_hand: &[],
        clock_unix_s: now,
        key_in_use: None,
        possession: None,
    };
    judge_chain(&input).matrix
}
