//! What OpenSSL does beyond a plain handshake, recorded by a relay on loopback and opened here: renegotiation, authentication
//! after the handshake, key updates, resumption, early data taken and passed over.

use crate::support::machine::wait_until;
use crate::support::openssl;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use mtlscope::analysis::Analysis;
use mtlscope::capture::{Capture, KeyLog, Origin, PerSide, Segment, Side};
use mtlscope::decode::{Body, MessageKind, Protection, Transcript};
use mtlscope::diagnose::Verdict;
use openssl::Workshop;

const LEAF: &str = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nsubjectAltName=DNS:localhost\n";

/// Keys and certificates for both ends.
fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.root("root", "/CN=Root");
    workshop.issue("server", "/CN=server", "root", LEAF);
    workshop.issue("client", "/CN=client", "root", LEAF);
    workshop
}

/// An OpenSSL program that is spoken to by its standard input, and ends with the test.
struct Program(Child);

impl Program {
    fn start(workshop: &Workshop, arguments: &[String]) -> Self {
        let child = Command::new("openssl")
            .args(arguments)
            .current_dir(workshop.path("."))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl starts");
        Self(child)
    }

    fn say(&mut self, words: &str) {
        let pipe = self.0.stdin.as_mut().expect("a pipe");
        pipe.write_all(words.as_bytes())
            .and_then(|()| pipe.flush())
            .expect("it listens");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port()
}

/// A relay to `server` that writes down what passes; it serves one connection.
struct Relay {
    port: u16,
    segments: Arc<Mutex<Vec<Segment>>>,
}

impl Relay {
    fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let segments: Arc<Mutex<Vec<Segment>>> = Arc::default();
        let written = Arc::clone(&segments);
        std::thread::spawn(move || {
            let (client, _) = listener.accept().expect("a client");
            let server = TcpStream::connect(("127.0.0.1", server)).expect("the server");
            let began = Instant::now();
            let pump =
                |mut from: TcpStream, mut to: TcpStream, side: Side, written: Arc<Mutex<Vec<Segment>>>| {
                    std::thread::spawn(move || {
                        let mut buffer = [0; 16 << 10];
                        while let Ok(count @ 1..) = from.read(&mut buffer) {
                            // Written down before it is passed on, so that an answer never comes before its question.
                            written.lock().expect("no panic").push(Segment {
                                at_us: began.elapsed().as_micros() as u64,
                                from: side,
                                bytes: buffer[..count].to_vec(),
                                altered: None,
                            });
                            if to.write_all(&buffer[..count]).is_err() {
                                break;
                            }
                        }
                        let _ = to.shutdown(std::net::Shutdown::Write);
                    })
                };
            let other = |stream: &TcpStream| stream.try_clone().expect("a handle");
            pump(other(&client), other(&server), Side::Client, Arc::clone(&written));
            pump(server, client, Side::Server, written);
        });
        Self { port, segments }
    }

    /// Waits until what has passed so far decodes without a gap and `is_so` holds of it.
    fn wait_for(&self, workshop: &Workshop, what: &str, is_so: impl Fn(&Transcript) -> bool) -> Analysis {
        let mut seen = None;
        wait_until(what, || {
            let analysis = self.analysis(workshop);
            let is_there = !analysis
                .transcript
                .records
                .iter()
                .any(|record| record.error.is_some())
                && is_so(&analysis.transcript);
            seen = Some(analysis);
            is_there
        });
        seen.expect("it was looked at")
    }

    fn analysis(&self, workshop: &Workshop) -> Analysis {
        let mut log = KeyLog::default();
        // It is not there before the first secret is.
        log.read(&std::fs::read_to_string(workshop.path("keys.log")).unwrap_or_default());
        let secrets = log.secrets().cloned().collect();
        Analysis::of(Arc::new(Capture {
            origin: Origin::Packets,
            started_at_unix_us: 1_790_000_000_000_000,
            carrier: None,
            segments: self.segments.lock().expect("no panic").clone(),
            secrets,
            events: Vec::new(),
            sides: PerSide::default(),
            at_hand: Vec::new(),
        }))
    }
}

fn server(workshop: &Workshop, port: u16, more: &[&str]) -> Program {
    let accept = port.to_string();
    let usual = [
        "s_server",
        "-accept",
        &accept,
        "-cert",
        "server.pem",
        "-key",
        "server.key",
        "-CAfile",
        "root.pem",
        "-naccept",
        "9",
    ];
    let arguments: Vec<String> = usual.iter().chain(more).map(|&word| word.to_owned()).collect();
    let program = Program::start(workshop, &arguments);
    wait_until("the server's listening", || {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    program
}

fn client(workshop: &Workshop, port: u16, more: &[&str]) -> Program {
    let connect = format!("127.0.0.1:{port}");
    let usual = [
        "s_client",
        "-connect",
        &connect,
        "-CAfile",
        "root.pem",
        "-servername",
        "localhost",
        "-keylogfile",
        "keys.log",
    ];
    let arguments: Vec<String> = usual.iter().chain(more).map(|&word| word.to_owned()).collect();
    Program::start(workshop, &arguments)
}

fn count(transcript: &Transcript, kind: MessageKind, side: Side) -> usize {
    transcript
        .messages
        .iter()
        .filter(|message| message.kind == kind && message.side == side)
        .count()
}

/// How often these bytes were said to the other side's application.
fn lines(transcript: &Transcript, line: &[u8]) -> usize {
    transcript
        .messages
        .iter()
        .filter(|message| matches!(message.body, Body::ApplicationData) && message.bytes == line)
        .count()
}

/// Every record opened, and every proof that there is holds.
fn assert_whole(analysis: &Analysis) {
    let transcript = &analysis.transcript;
    let shut: Vec<_> = transcript
        .records
        .iter()
        .filter_map(|record| record.error.as_ref())
        .collect();
    assert!(
        shut.is_empty() && count(transcript, MessageKind::Encrypted, Side::Client) == 0,
        "{shut:?}"
    );
    for proof in &analysis.diagnosis.proofs {
        assert_eq!(
            proof.holds,
            Some(true),
            "{} of the {}: {}",
            proof.kind,
            proof.side.word(),
            proof.words
        );
    }
    assert_eq!(analysis.diagnosis.verdict, Verdict::Accepted);
}

#[test]
fn a_renegotiation_is_a_second_handshake_under_the_first_ones_keys() {
    if !openssl::is_at_hand("renegotiation") {
        return;
    }
    let workshop = workshop();
    let port = free_port();
    let _server = server(
        &workshop,
        port,
        &["-tls1_2", "-client_renegotiation", "-verify", "1"],
    );
    let relay = Relay::to(port);
    let mut client = client(
        &workshop,
        relay.port,
        &["-tls1_2", "-cert", "client.pem", "-key", "client.key"],
    );
    let finished = |transcript: &Transcript, times: usize| {
        Side::BOTH
            .into_iter()
            .all(|side| count(transcript, MessageKind::Finished, side) == times)
    };
    relay.wait_for(&workshop, "the first handshake", |seen| finished(seen, 1));
    client.say("R\n");
    let analysis = relay.wait_for(&workshop, "the second handshake", |seen| finished(seen, 2));
    assert_whole(&analysis);
    let transcript = &analysis.transcript;
    for side in Side::BOTH {
        let kinds: Vec<_> = transcript
            .messages
            .iter()
            .map(|message| (message.side, message.kind))
            .collect();
        assert_eq!(
            count(transcript, MessageKind::Finished, side),
            2,
            "of the {}: {kinds:?}",
            side.word()
        );
        // s_server asks for a certificate once.
        let shown = if side == Side::Client { 1 } else { 2 };
        assert_eq!(
            count(transcript, MessageKind::Certificate, side),
            shown,
            "{kinds:?}"
        );
        assert_eq!(transcript.keys.iter().filter(|keys| keys.side == side).count(), 2);
    }
    let second = transcript
        .last(MessageKind::ClientHello, Side::Client)
        .expect("a second hello")
        .1;
    assert_eq!(second.protection, Protection::Tls12);
    let info = second
        .root
        .find(&["extensions", "renegotiation_info"])
        .expect("it is bound to the first");
    assert_eq!(info.value, "12 bytes");
}

#[test]
fn a_client_certificate_after_the_handshake_is_seen_and_proved() {
    if !openssl::is_at_hand("authentication after the handshake") {
        return;
    }
    let workshop = workshop();
    let port = free_port();
    let mut server = server(&workshop, port, &["-tls1_3", "-verify", "1"]);
    let relay = Relay::to(port);
    let more = [
        "-tls1_3",
        "-enable_pha",
        "-cert",
        "client.pem",
        "-key",
        "client.key",
    ];
    let mut client = client(&workshop, relay.port, &more);
    relay.wait_for(&workshop, "the handshake and its tickets", |seen| {
        count(seen, MessageKind::Finished, Side::Client) == 1
            && count(seen, MessageKind::NewSessionTicket, Side::Server) == 2
    });
    server.say("c\n");
    relay.wait_for(&workshop, "the client's answer", |seen| {
        count(seen, MessageKind::Finished, Side::Client) == 2
    });
    // And fresh keys on top, asked for from both sides.
    client.say("K\n");
    relay.wait_for(&workshop, "the client's update of its keys", |seen| {
        count(seen, MessageKind::KeyUpdate, Side::Client) == 1
    });
    // The server's own goes out before the next thing that it says once it has read the client's. What it is told to say may
    // reach it first, so it is told again until its own is seen.
    for said in 1.. {
        server.say("pong\n");
        let seen = relay.wait_for(&workshop, "the server's words", |seen| {
            lines(seen, b"pong\n") == said
        });
        if count(&seen.transcript, MessageKind::KeyUpdate, Side::Server) == 1 {
            break;
        }
        assert!(said < 100, "the server never renewed its keys");
    }
    client.say("hello\n");
    let analysis = relay.wait_for(&workshop, "a line", |seen| lines(seen, b"hello\n") == 1);
    assert_whole(&analysis);
    let transcript = &analysis.transcript;
    assert_eq!(
        count(transcript, MessageKind::CertificateRequest, Side::Server),
        2
    );
    assert_eq!(count(transcript, MessageKind::CertificateVerify, Side::Client), 2);
    let late = transcript
        .last(MessageKind::Certificate, Side::Client)
        .expect("a certificate")
        .1;
    assert_eq!(late.protection, Protection::Application);
    assert_eq!(count(transcript, MessageKind::KeyUpdate, Side::Client), 1);
    assert_eq!(count(transcript, MessageKind::KeyUpdate, Side::Server), 1);
    let renewed = transcript.keys.iter().filter(|keys| keys.generation == 1).count();
    assert_eq!(renewed, 2, "both sides write under renewed keys");
}

/// Two connections, the second of which resumes with early data; what the second one showed.
fn early_data(is_taken: bool) -> Option<Analysis> {
    openssl::is_at_hand("early data").then(|| {
        let workshop = workshop();
        let port = free_port();
        let first = server(&workshop, port, &["-tls1_3", "-early_data"]);
        let relay = Relay::to(port);
        let mut opening = client(&workshop, relay.port, &["-tls1_3", "-sess_out", "session.pem"]);
        relay.wait_for(&workshop, "a ticket", |seen| {
            count(seen, MessageKind::NewSessionTicket, Side::Server) > 0
                && workshop.path("session.pem").exists()
        });
        // A server forgets the session of a client that hangs up without saying goodbye; and what the client keeps is written
        // once it has ended.
        opening.say("Q\n");
        wait_until("a goodbye", || {
            opening.0.try_wait().is_ok_and(|status| status.is_some())
        });
        drop(opening);
        std::fs::write(workshop.path("early.txt"), "GET /early\n".repeat(12)).expect("written");
        // Another server cannot read the ticket, and has to pass the early data over.
        let (_server, port) = if is_taken {
            (first, port)
        } else {
            let other = free_port();
            (server(&workshop, other, &["-tls1_3", "-early_data"]), other)
        };
        let relay = Relay::to(port);
        let _client = client(
            &workshop,
            relay.port,
            &["-tls1_3", "-sess_in", "session.pem", "-early_data", "early.txt"],
        );
        relay.wait_for(&workshop, "the second handshake", |seen| {
            count(seen, MessageKind::Finished, Side::Client) == 1
                && count(seen, MessageKind::NewSessionTicket, Side::Server) > 0
        })
    })
}

#[test]
fn early_data_that_was_taken_is_opened_under_its_own_keys() {
    let Some(analysis) = early_data(true) else { return };
    assert_whole(&analysis);
    let transcript = &analysis.transcript;
    assert_eq!(transcript.resumed, Some(true));
    let early = transcript
        .messages
        .iter()
        .find(|message| message.protection == Protection::Early)
        .expect("early data");
    assert!(early.bytes.starts_with(b"GET /early"), "{:?}", early.root.value);
    assert_eq!(count(transcript, MessageKind::EndOfEarlyData, Side::Client), 1);
}

#[test]
fn early_data_that_was_passed_over_is_opened_all_the_same() {
    let Some(analysis) = early_data(false) else { return };
    assert_whole(&analysis);
    let transcript = &analysis.transcript;
    assert_eq!(transcript.resumed, Some(false));
    assert!(
        transcript
            .messages
            .iter()
            .any(|message| message.protection == Protection::Early)
    );
    assert_eq!(count(transcript, MessageKind::EndOfEarlyData, Side::Client), 0);
}
