//! Everything that a row says of a connection.

use super::{ClientCertificate, Row, client_certificate, ending};
use crate::capture::{Capture, Event, EventKind, Side};
use crate::decode::{AlertFacts, Body, CertificateMessage, Message, MessageKind, Transcript, decode};
use crate::diagnose::Verdict;
use crate::iana::Version;

fn session(name: &str) -> Capture {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions")
        .join(format!("{name}.ron"));
    let session = crate::session::load(&path).expect("a session");
    (*session.capture).clone()
}

/// What was said, the version, whether an earlier session was resumed; and what it shows.
type Shown<'a> = (Vec<&'a Message>, Option<Version>, Option<bool>, ClientCertificate);

/// The verdict, what was said, what the packets show, whether the recording began late; and the words.
type Ended<'a> = (Verdict, Vec<&'a Message>, Vec<&'a Event>, bool, &'a str);

/// Messages of a good handshake.
fn good(name: &str) -> Vec<Message> {
    decode(&session(name)).messages
}

fn of(messages: &[Message], version: Option<Version>, resumed: Option<bool>) -> Transcript {
    Transcript {
        messages: messages.to_vec(),
        version,
        resumed,
        ..Transcript::default()
    }
}

#[test]
fn whether_the_client_showed_who_it_is() {
    use ClientCertificate::{NotAsked, Sent, Unknown, Withheld};
    let (old, new) = (Some(Version::TLS_12), Some(Version::TLS_13));
    let draft = Some(Version(0x7f1c));
    let all = good("good-tls13");
    let find = |side: Side, kind: MessageKind| {
        let is_it = |message: &&Message| message.side == side && message.kind == kind;
        all.iter().find(is_it).expect("it was sent").clone()
    };
    let request = find(Side::Server, MessageKind::CertificateRequest);
    let from_server = find(Side::Server, MessageKind::Certificate);
    let finished = find(Side::Server, MessageKind::Finished);
    let own_finished = find(Side::Client, MessageKind::Finished);
    let sent = find(Side::Client, MessageKind::Certificate);
    let carrying = |message: CertificateMessage| Message {
        body: Body::Certificate(message),
        ..sent.clone()
    };
    let empty = carrying(CertificateMessage::default());
    let raw = carrying(CertificateMessage {
        raw_public_key: Some(vec![0x30, 0]),
        ..CertificateMessage::default()
    });
    let shut = Message {
        kind: MessageKind::Encrypted,
        body: Body::Encrypted,
        ..finished.clone()
    };
    let rows: Vec<Shown<'_>> = vec![
        (vec![&request, &sent], new, None, Sent),
        (vec![&sent], None, None, Sent),
        (vec![&request, &raw], new, None, Sent),
        (vec![&request, &empty], new, None, Withheld),
        (vec![&request, &empty, &shut], old, None, Withheld),
        // The last one that it sent counts.
        (vec![&request, &empty, &sent], new, None, Sent),
        (vec![&request, &sent, &empty], new, None, Withheld),
        (vec![&request], new, None, Withheld),
        (vec![&request, &from_server, &finished], old, None, Withheld),
        // What it sent may be in what stayed shut.
        (vec![&request, &shut], new, None, Unknown),
        (vec![&request, &shut], old, None, Unknown),
        (vec![&from_server, &finished], new, None, NotAsked),
        (vec![&finished], draft, None, NotAsked),
        (vec![&from_server], new, None, Unknown),
        (vec![&from_server, &own_finished], new, None, Unknown),
        (vec![&shut], new, None, Unknown),
        (vec![&from_server], old, None, NotAsked),
        (vec![&from_server, &shut], old, None, NotAsked),
        (vec![], old, Some(true), NotAsked),
        (vec![], new, Some(true), Unknown),
        (vec![], old, Some(false), Unknown),
        (vec![&finished], old, None, Unknown),
        (vec![], None, None, Unknown),
    ];
    for (number, (messages, version, resumed, wanted)) in rows.into_iter().enumerate() {
        let messages: Vec<Message> = messages.into_iter().cloned().collect();
        let found = client_certificate(&of(&messages, version, resumed));
        let kinds: Vec<String> = messages.iter().map(|message| message.kind.to_string()).collect();
        assert_eq!(found, wanted, "{number}: {kinds:?}, {version:?}, {resumed:?}");
    }
    assert_eq!(
        [Sent, Withheld, NotAsked, Unknown].map(ClientCertificate::words),
        [
            Some("client certificate sent"),
            Some("client certificate asked for, none sent"),
            None,
            None
        ]
    );
}

#[test]
fn how_it_ended_in_words() {
    use Verdict::{Accepted, Rejected, Unfinished, Unknown};
    let all = good("good-tls13");
    let hello = all.first().expect("a hello").clone();
    let alert = |side, code| Message {
        side,
        kind: MessageKind::Alert,
        body: Body::Alert(AlertFacts { level: 2, code }),
        ..hello.clone()
    };
    let (bad, unknown_ca) = (alert(Side::Server, 42), alert(Side::Client, 48));
    let (bye, cancelled) = (alert(Side::Client, 0), alert(Side::Client, 90));
    let closed = |side, is_reset| Event {
        at_us: 1,
        side,
        kind: EventKind::TransportClosed { is_reset },
    };
    let (reset, fin) = (closed(Side::Server, true), closed(Side::Client, false));
    let rows: Vec<Ended<'_>> = vec![
        (
            Rejected,
            vec![&hello, &bad],
            vec![],
            false,
            "bad_certificate from the server",
        ),
        (
            Rejected,
            vec![&hello, &bad, &unknown_ca],
            vec![],
            false,
            "unknown_ca from the client",
        ),
        (
            Rejected,
            vec![&hello, &bad, &bye, &cancelled],
            vec![],
            false,
            "bad_certificate from the server",
        ),
        (
            Rejected,
            vec![&hello, &bad],
            vec![&reset],
            false,
            "bad_certificate from the server",
        ),
        (
            Rejected,
            vec![&hello],
            vec![&fin, &reset],
            false,
            "reset by the server",
        ),
        (
            Rejected,
            vec![&hello],
            vec![&fin],
            false,
            "unfinished after ClientHello",
        ),
        (Accepted, vec![&hello, &bye], vec![], false, "connected"),
        (Accepted, vec![&hello], vec![&fin], false, "connected"),
        (
            Accepted,
            vec![&hello],
            vec![&fin, &reset],
            false,
            "connected, then reset by the server",
        ),
        (
            Unfinished,
            vec![&hello, &bad],
            vec![],
            false,
            "unfinished after Alert",
        ),
        (
            Unfinished,
            vec![&hello],
            vec![&reset],
            false,
            "reset by the server",
        ),
        (
            Unfinished,
            vec![&hello],
            vec![],
            false,
            "unfinished after ClientHello",
        ),
        (Unfinished, vec![], vec![], false, "unfinished"),
        (Unknown, vec![&bye], vec![], true, "began before the recording"),
        (
            Unknown,
            vec![&bye],
            vec![&reset],
            true,
            "began before the recording",
        ),
        // A hello was seen after all.
        (Unknown, vec![&hello], vec![], true, "encrypted: give a key log"),
        (
            Unknown,
            vec![&bye],
            vec![],
            false,
            "its beginning was not recorded",
        ),
        (
            Unknown,
            vec![&hello],
            vec![&reset],
            false,
            "encrypted: give a key log",
        ),
    ];
    for (number, (verdict, messages, events, is_late, wanted)) in rows.into_iter().enumerate() {
        let mut capture = session("good-tls13");
        capture.events = events.into_iter().cloned().collect();
        for side in Side::BOTH {
            capture.sides.of_mut(side).began_before_recording = is_late;
        }
        let messages: Vec<Message> = messages.into_iter().cloned().collect();
        let transcript = of(&messages, Some(Version::TLS_13), None);
        assert_eq!(ending(&capture, &transcript, verdict), wanted, "{number}");
    }
}

#[test]
fn a_row_holds_what_its_connection_said() {
    let mut capture = session("good-tls12");
    capture.sides.client.address = Some("10.0.0.1:50000".to_owned());
    capture.sides.server.address = Some("10.0.0.2:443".to_owned());
    capture.started_at_unix_us = 1_700_000_000_123_456;
    let transcript = decode(&capture);
    let row = Row::of(7, &capture, &transcript);
    let payload: usize = capture.segments.iter().map(|segment| segment.bytes.len()).sum();
    assert_eq!(
        row,
        Row {
            carrier: None,
            client_said: None,
            connection: 7,
            started_at_unix_us: 1_700_000_000_123_456,
            client: "10.0.0.1:50000".to_owned(),
            server: "10.0.0.2:443".to_owned(),
            sni: Some("payments.shop.svc".to_owned()),
            version: Some("TLS 1.2".to_owned()),
            preamble: None,
            tunnel: None,
            client_certificate: ClientCertificate::Sent,
            began_before_recording: false,
            verdict: Verdict::Accepted,
            ending: "connected".to_owned(),
            payload_bytes: payload,
        }
    );
    assert_eq!(row.words(), "TLS 1.2 · client certificate sent · connected");
    let after = Row {
        preamble: Some("SMTP"),
        version: None,
        client_certificate: ClientCertificate::Unknown,
        ..row.clone()
    };
    assert_eq!(after.words(), "after SMTP · connected");
    // Of both sides, one alone that began earlier is none that began before the recording.
    for (client, server) in [(true, false), (false, true), (true, true)] {
        let mut late = capture.clone();
        late.sides.client.began_before_recording = client;
        late.sides.server.began_before_recording = server;
        let mut without_hello = transcript.clone();
        without_hello
            .messages
            .retain(|message| message.kind == MessageKind::ApplicationData);
        let row = Row::of(0, &late, &without_hello);
        assert_eq!(row.began_before_recording, client && server);
        assert!(!Row::of(0, &late, &transcript).began_before_recording);
    }
}
