//! One end: a rustls connection, fed one record at a time, and what it makes of it.

use std::io::{Read, Write};

use rustls::{ClientConnection, Connection, ServerConnection};

use super::configure::{group_name, suite_name};
use super::recorder::Recorder;
use super::stack::{verdict, verdict_of};
use crate::capture::{EventKind, Side, StackVerdict, VerdictCode};
use crate::iana;

/// What the two ends say once they are connected, and how they part.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Talk {
    request: &'static str,
    answer: &'static str,
    /// The server closes once it has answered, and a peer that then leaves without close_notify has done no harm: many
    /// programs do (RFC 8446 §6.1 asks for one from each side, for its own direction).
    closes_after_answer: bool,
}

impl Talk {
    /// A line each, as in the lesson.
    pub(in crate::source) fn lines() -> Self {
        Self {
            request: "GET /charge\n",
            answer: "200 OK\n",
            closes_after_answer: false,
        }
    }

    /// What any program takes.
    pub(in crate::source) fn http() -> Self {
        Self {
            request: "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            answer: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n",
            closes_after_answer: true,
        }
    }
}

/// The first line, which stands for all of it on the screen.
fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_end()
}

/// One end of the pair.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a moment that has passed or not"
)]
pub(in crate::source) struct Endpoint {
    side: Side,
    connection: Connection,
    recorder: Recorder,
    talk: Talk,
    is_complete: bool,
    has_sent_line: bool,
    has_read_line: bool,
    has_closed: bool,
    peer_has_closed: bool,
    verdict: Option<StackVerdict>,
}

impl Endpoint {
    pub(in crate::source) fn client(connection: ClientConnection, recorder: Recorder, talk: Talk) -> Self {
        Self::new(Side::Client, connection.into(), recorder, talk)
    }

    pub(in crate::source) fn server(connection: ServerConnection, recorder: Recorder, talk: Talk) -> Self {
        Self::new(Side::Server, connection.into(), recorder, talk)
    }

    fn new(side: Side, connection: Connection, recorder: Recorder, talk: Talk) -> Self {
        Self {
            side,
            connection,
            recorder,
            talk,
            is_complete: false,
            has_sent_line: false,
            has_read_line: false,
            has_closed: false,
            peer_has_closed: false,
            verdict: None,
        }
    }

    /// How it ended, once it has.
    pub(in crate::source) fn verdict(&self) -> Option<&StackVerdict> {
        self.verdict.as_ref()
    }

    /// Everything that the stack wants to write, an alert after a failure included.
    pub(in crate::source) fn drain(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        while self.connection.wants_write() {
            // Writing to a Vec cannot fail; a zero would be the end of what it wants to write.
            if !matches!(self.connection.write_tls(&mut out), Ok(written) if written > 0) {
                break;
            }
        }
        out
    }

    /// Feeds bytes that arrived.
    pub(in crate::source) fn receive(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() && self.verdict.is_none() {
            match self.connection.read_tls(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    self.fail(verdict(VerdictCode::Other, error.to_string()));
                    return;
                }
            }
            self.process();
        }
    }

    /// The transport ended.
    pub(in crate::source) fn receive_end(&mut self) {
        if self.verdict.is_some() {
            return;
        }
        if self.peer_has_closed || self.has_said_all() {
            self.finish();
            return;
        }
        self.recorder.event(self.side, EventKind::TransportEnded);
        self.verdict = Some(verdict(
            VerdictCode::TransportEnded,
            if self.is_complete {
                "peer closed connection without sending TLS close_notify"
            } else {
                "the connection ended before the handshake was complete"
            },
        ));
    }

    /// Our own time-out.
    pub(in crate::source) fn time_out(&mut self, after_ms: u64) {
        if self.verdict.is_none() {
            self.recorder.event(self.side, EventKind::TimedOut { after_ms });
            self.verdict = Some(verdict(
                VerdictCode::TimedOut,
                format!("nothing came for {after_ms} ms"),
            ));
        }
    }

    fn process(&mut self) {
        match self.connection.process_new_packets() {
            Err(error) => self.fail(verdict_of(&error)),
            Ok(state) => {
                self.note_completion();
                self.read_lines(state.plaintext_bytes_to_read());
                if state.peer_has_closed() {
                    self.peer_has_closed = true;
                    self.close();
                    self.finish();
                }
            }
        }
    }

    fn fail(&mut self, verdict: StackVerdict) {
        self.recorder.event(self.side, EventKind::Failed(verdict.clone()));
        self.verdict = Some(verdict);
    }

    fn finish(&mut self) {
        if self.verdict.is_some() {
            return;
        }
        if self.is_complete {
            self.recorder.event(self.side, EventKind::Closed);
            self.verdict = Some(verdict(
                VerdictCode::Accepted,
                "the handshake completed and the connection closed",
            ));
        } else {
            self.recorder.event(self.side, EventKind::TransportEnded);
            self.verdict = Some(verdict(
                VerdictCode::TransportEnded,
                "the peer closed before the handshake was complete",
            ));
        }
    }

    fn note_completion(&mut self) {
        if self.is_complete || self.connection.is_handshaking() {
            return;
        }
        self.is_complete = true;
        let connection = &self.connection;
        let kind = EventKind::HandshakeComplete {
            version: connection
                .protocol_version()
                .map(|version| iana::version(u16::from(version)).into_owned()),
            cipher_suite: connection.negotiated_cipher_suite().map(suite_name),
            group: connection.negotiated_key_exchange_group().map(group_name),
            alpn: connection
                .alpn_protocol()
                .map(|alpn| String::from_utf8_lossy(alpn).into_owned()),
        };
        self.recorder.event(self.side, kind);
    }

    fn read_lines(&mut self, available: usize) {
        if available == 0 {
            return;
        }
        let mut bytes = vec![0; available];
        let Ok(read) = self.connection.reader().read(&mut bytes) else {
            return;
        };
        bytes.truncate(read);
        let text = first_line(&String::from_utf8_lossy(&bytes)).to_owned();
        if self.has_read_line && self.talk.closes_after_answer {
            return;
        }
        self.recorder.event(self.side, EventKind::LineReceived { text });
        self.has_read_line = true;
        match self.side {
            Side::Server => {
                self.send_line();
                if self.talk.closes_after_answer {
                    self.close();
                }
            }
            // The answer is there: the client is done, and says so.
            Side::Client => self.close(),
        }
    }

    /// What a side does when nothing is on its way to it: the client sends its request. A client that wrote at once
    /// would be misled (the bytes vanish, the alert is read later or never); this one first reads what there is.
    pub(in crate::source) fn when_idle(&mut self) -> bool {
        let is_due = self.waits_to_speak();
        if is_due {
            self.send_line();
        }
        is_due
    }

    /// Whether it has something to say as soon as nothing more comes.
    pub(in crate::source) fn waits_to_speak(&self) -> bool {
        self.side == Side::Client && self.is_complete && !self.has_sent_line && self.verdict.is_none()
    }

    /// Whether request and answer have passed, and only the peer's goodbye is left.
    pub(in crate::source) fn has_said_all(&self) -> bool {
        self.talk.closes_after_answer && self.has_read_line && self.has_closed
    }

    fn send_line(&mut self) {
        let text = match self.side {
            Side::Client => self.talk.request,
            Side::Server => self.talk.answer,
        };
        self.has_sent_line = true;
        if self.connection.writer().write_all(text.as_bytes()).is_ok() {
            self.recorder.event(
                self.side,
                EventKind::LineSent {
                    text: first_line(text).to_owned(),
                },
            );
        }
    }

    fn close(&mut self) {
        if !self.has_closed {
            self.has_closed = true;
            self.connection.send_close_notify();
        }
    }
}
