//! One connection, from our end.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::records::Records;
use crate::capture::{Capture, Origin, Side};
use crate::net::{Connection, Limit};
use crate::setup::LabSetup;
use crate::source::lab::{Endpoint, LabError, Recorder, Talk, captured, client, server};

/// How long a client of ours holds its request back once the handshake is done: a server of TLS 1.3 that refuses it says so
/// now, and a write would lose the alert (RFC 8446 §4.4.2.4).
const A_MOMENT: Duration = Duration::from_millis(150);

/// How long to wait for the peer's own goodbye once all is said.
const A_GOODBYE: Duration = Duration::from_millis(500);

/// More than this from one peer is not kept.
const MOST_BYTES: usize = 1024 * 1024;

/// Plays `ours` of the set-up on this connection, until both ends are done or the limit is over. The peer's half of the
/// set-up is what it was given, and is kept as evidence only.
///
/// A handshake that fails is a capture like any other; an error means that our end could not begin, or was cancelled.
pub fn face(setup: &LabSetup, ours: Side, tcp: TcpStream, limit: &Limit) -> Result<Capture, LabError> {
    let started_at_unix_us = setup.wall_clock.unix_us();
    let recorder = Recorder::start();
    let mut end = match ours {
        Side::Client => Endpoint::client(client(setup, &recorder)?, recorder.clone(), Talk::http()),
        Side::Server => Endpoint::server(server(setup, &recorder)?, recorder.clone(), Talk::http()),
    };
    let start = |error: std::io::Error| LabError::Start {
        words: error.to_string(),
    };
    // Small flights at once: nobody waits for the other's acknowledgement.
    let _ = tcp.set_nodelay(true);
    let addresses = (tcp.local_addr().ok(), tcp.peer_addr().ok());
    let hang_up = tcp.try_clone().map_err(start)?;
    let mut line = Line {
        ours,
        tcp: Connection::new(tcp, limit.clone()).map_err(start)?,
        limit: limit.clone(),
        recorder: recorder.clone(),
        records: Records::default(),
        sent: Records::default(),
        received: 0,
        is_deaf: false,
    };
    line.converse(&mut end);
    let _ = hang_up.shutdown(std::net::Shutdown::Both);
    if limit.cancel.is_cancelled() {
        return Err(LabError::Cancelled);
    }
    let mut capture = captured(setup, recorder.take(), started_at_unix_us, Origin::Live { ours })?;
    for (side, address) in [(ours, addresses.0), (ours.peer(), addresses.1)] {
        capture.sides.of_mut(side).address = address.map(|address| address.to_string());
    }
    capture.sides.of_mut(ours).verdict = end.verdict().cloned();
    // What it would have spoken is not known: it was only told what to trust.
    capture.sides.of_mut(ours.peer()).policy = None;
    Ok(capture)
}

/// Our end of the line.
struct Line {
    ours: Side,
    tcp: Connection,
    limit: Limit,
    recorder: Recorder,
    records: Records,
    /// What we wrote, cut into records as well.
    sent: Records,
    received: usize,
    /// The peer reads no more.
    is_deaf: bool,
}

/// What one read brought.
enum Came {
    Bytes(Vec<u8>),
    Nothing,
    End,
}

impl Line {
    fn converse(&mut self, end: &mut Endpoint) {
        let began = std::time::Instant::now();
        loop {
            self.write(end);
            if end.verdict().is_some() {
                return;
            }
            let patience = if end.waits_to_speak() {
                Some(A_MOMENT)
            } else {
                end.has_said_all().then_some(A_GOODBYE)
            };
            match self.read(patience) {
                Came::Bytes(bytes) => {
                    self.records.push(&bytes);
                    while let Some(record) = self.records.next() {
                        self.deliver(end, &record);
                    }
                }
                Came::Nothing if end.when_idle() => {}
                Came::Nothing if end.has_said_all() => end.receive_end(),
                Came::Nothing => {
                    let rest = self.records.rest();
                    self.deliver(end, &rest);
                    end.time_out(began.elapsed().as_millis() as u64);
                }
                Came::End => {
                    let rest = self.records.rest();
                    self.deliver(end, &rest);
                    end.receive_end();
                }
            }
        }
    }

    fn deliver(&mut self, end: &mut Endpoint, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.recorder.segment(self.ours.peer(), bytes.to_vec(), None);
        end.receive(bytes);
        // An answer to this record stands before the next one.
        self.write(end);
    }

    /// Writes what our stack wants to. A peer that reads no more may still have something to say.
    fn write(&mut self, end: &mut Endpoint) {
        let bytes = end.drain();
        if bytes.is_empty() || self.is_deaf {
            return;
        }
        self.sent.push(&bytes);
        while let Some(record) = self.sent.next() {
            self.recorder.segment(self.ours, record, None);
        }
        self.is_deaf = self.tcp.write_all(&bytes).is_err();
    }

    fn read(&mut self, patience: Option<Duration>) -> Came {
        let mut buffer = [0; 16 * 1024];
        self.tcp
            .set_limit(patience.map_or_else(|| self.limit.clone(), |patience| self.limit.at_most(patience)));
        let read = self.tcp.read(&mut buffer);
        self.tcp.set_limit(self.limit.clone());
        match read {
            Ok(0) => Came::End,
            Ok(count) => {
                self.received += count;
                if self.received > MOST_BYTES {
                    return Came::End;
                }
                Came::Bytes(buffer.get(..count).unwrap_or_default().to_vec())
            }
            Err(error) if error.kind() == ErrorKind::TimedOut || self.limit.cancel.is_cancelled() => {
                Came::Nothing
            }
            Err(_) => Came::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;
    use crate::cancel::Cancel;
    use crate::capture::{ClientAuth, PerSide};
    use crate::pki::{Recipe, mint};
    use crate::setup::{Identity, Party, SidePolicy};

    /// Two ends of a connection on loopback.
    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let one = TcpStream::connect(listener.local_addr().expect("an address")).expect("it listens");
        (one, listener.accept().expect("it came").0)
    }

    fn limit() -> Limit {
        Limit::for_the_next(Duration::from_mins(1), &Cancel::default())
    }

    /// So much is read of one peer, and what comes beyond it ends the connection for us.
    #[test]
    fn a_peer_that_never_ends_is_read_up_to_a_bound() {
        for (sent, is_all_read) in [
            (MOST_BYTES - 1, true),
            (MOST_BYTES, true),
            (MOST_BYTES + 1, false),
        ] {
            let (tcp, mut peer) = pair();
            let writer = std::thread::spawn(move || {
                // Whoever is heard no more may fail to write.
                let _ = peer.write_all(&vec![7; sent]);
            });
            let mut line = Line {
                ours: Side::Client,
                tcp: Connection::new(tcp, limit()).expect("a connection"),
                limit: limit(),
                recorder: Recorder::start(),
                records: Records::default(),
                sent: Records::default(),
                received: 0,
                is_deaf: false,
            };
            let mut read = 0;
            while let Came::Bytes(bytes) = line.read(None) {
                read += bytes.len();
            }
            assert_eq!(read == sent, is_all_read, "{read} of {sent}");
            assert!(read <= MOST_BYTES, "{read}");
            drop(line);
            writer.join().expect("it ends");
        }
    }

    /// Each side's address is its own, whichever of them is ours.
    #[test]
    fn addresses_are_those_of_the_ends() {
        let recipes: Vec<Recipe> = ron::from_str(
            r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
            (name: "leaf", subject: "orders", issuer: "root", sans: ["DNS:localhost"])]"#,
        )
        .expect("recipes");
        let minted = mint(&recipes, crate::clock::Clock::default().unix_s()).expect("it mints");
        let found = |name: &str| minted.find(name).expect("minted");
        let party = || Party {
            label: None,
            identity: Some(Identity {
                chain: vec![found("leaf").certificate.clone()],
                key: Some(found("leaf").key.clone()),
            }),
            trust: vec![found("root").certificate.clone()],
            policy: SidePolicy::default(),
        };
        let setup = LabSetup {
            parties: PerSide {
                client: party(),
                server: party(),
            },
            server_name: "localhost".to_owned(),
            client_auth: ClientAuth::None,
            fault: None,
            known: Vec::new(),
            timeout_ms: 300,
            wall_clock: crate::clock::Clock::default(),
        };
        for ours in Side::BOTH {
            let (tcp, peer) = pair();
            let wanted = [&tcp, &peer].map(|end| end.local_addr().expect("an address").to_string());
            // It goes at once: a handshake that fails is a capture like any other.
            drop(peer);
            let capture = face(&setup, ours, tcp, &limit()).expect("it begins");
            let address = |side: Side| capture.sides.of(side).address.clone().expect("it is known");
            assert_eq!(
                [address(ours), address(ours.peer())],
                wanted,
                "ours is the {}",
                ours.word()
            );
            assert_eq!(capture.origin, Origin::Live { ours });
            assert!(
                capture.sides.of(ours).policy.is_some() && capture.sides.of(ours.peer()).policy.is_none()
            );
            let verdicts = [ours, ours.peer()].map(|side| capture.sides.of(side).verdict.is_some());
            assert_eq!(verdicts, [true, false], "only ours has spoken");
        }
    }
}
