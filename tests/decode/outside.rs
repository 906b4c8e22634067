//! TLS found in a stream: behind other protocols' preambles, beyond gaps in the recording, in the middle of a connection.

use std::path::Path;

use mtlscope::capture::{Alteration, Capture, Gap, Origin, Segment, Side};
use mtlscope::decode::{Body, MessageKind, Transcript, decode};
use mtlscope::diagnose::{Verdict, verdict_of};
use mtlscope::session::load;

fn good() -> Capture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions/good-tls13.ron");
    Capture::clone(&load(&path).expect("a session").capture)
}

fn segment(from: Side, bytes: &[u8]) -> Segment {
    Segment {
        at_us: 0,
        from,
        bytes: bytes.to_vec(),
        altered: None,
    }
}

/// Who says what.
type Dialogue<'a> = Vec<(Side, &'a [u8])>;

/// A whole good handshake after what was said before it.
fn after(preamble: &[(Side, &[u8])]) -> Transcript {
    let mut capture = good();
    let before: Vec<Segment> = preamble
        .iter()
        .map(|(side, bytes)| segment(*side, bytes))
        .collect();
    capture.segments.splice(0..0, before);
    decode(&capture)
}

fn kinds(transcript: &Transcript) -> Vec<MessageKind> {
    transcript
        .messages
        .iter()
        .map(|message| message.kind)
        .filter(|kind| *kind != MessageKind::Preamble)
        .collect()
}

#[test]
fn preambles_are_passed_over_and_named() {
    use Side::{Client, Server};
    let plain = kinds(&decode(&good()));
    let mysql_greeting = b"\x4a\0\0\0\x0a8.0.36\0\x08\0\0\0abcdefgh\0\xff\xff\xff\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0abcdefghijkl\0caching_sha2_password\0";
    let mut mysql_request = vec![32, 0, 0, 1, 0x05, 0xae, 0xff, 0x19, 0, 0, 0, 1, 0x2d];
    mysql_request.resize(36, 0);
    let ldap_request = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
    let ldap_response = b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0";
    let dialogues: [(&str, Dialogue<'_>); 9] = [
        (
            "SMTP",
            vec![
                (Server, b"220 mail.example ESMTP\r\n"),
                (Client, b"EHLO me.example\r\n"),
                (Server, b"250-mail.example\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"),
                (Client, b"STARTTLS\r\n"),
                (Server, b"220 2.0.0 go ahead\r\n"),
            ],
        ),
        (
            "IMAP",
            vec![
                (Server, b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"),
                (Client, b"a STARTTLS\r\n"),
                (Server, b"a OK begin TLS now\r\n"),
            ],
        ),
        (
            "POP3",
            vec![(Server, b"+OK ready\r\n"), (Client, b"STLS\r\n"), (Server, b"+OK begin TLS\r\n")],
        ),
        ("PostgreSQL", vec![(Client, &[0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]), (Server, b"S")]),
        ("MySQL", vec![(Server, &mysql_greeting[..]), (Client, &mysql_request)]),
        ("LDAP", vec![(Client, &ldap_request[..]), (Server, &ldap_response[..])]),
        (
            "XMPP",
            vec![
                (Client, b"<?xml version='1.0'?><stream:stream to='example' xmlns='jabber:client'>"),
                (Server, b"<?xml version='1.0'?><stream:stream from='example'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"),
                (Client, b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
                (Server, b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            ],
        ),
        (
            "FTP",
            vec![(Server, b"220 ftp\r\n"), (Client, b"AUTH TLS\r\n"), (Server, b"234 go\r\n")],
        ),
        (
            "HTTP CONNECT",
            vec![
                (Client, b"CONNECT payments:443 HTTP/1.1\r\nHost: payments:443\r\n\r\n"),
                (Server, b"HTTP/1.1 200 Connection established\r\n\r\n"),
            ],
        ),
    ];
    for (name, dialogue) in dialogues {
        let transcript = after(&dialogue);
        assert_eq!(kinds(&transcript), plain, "after {name}");
        for side in Side::BOTH {
            let said: Vec<u8> = dialogue
                .iter()
                .filter(|(by, _)| *by == side)
                .flat_map(|(_, bytes)| bytes.to_vec())
                .collect();
            let found = transcript
                .first(MessageKind::Preamble, side)
                .map(|(_, message)| message);
            let message = found.unwrap_or_else(|| panic!("{name} of the {}", side.word()));
            assert_eq!(message.bytes, said, "{name} ends where TLS begins");
            assert!(
                matches!(message.body, Body::Preamble { protocol: Some(protocol), .. } if protocol == name),
                "{name} {:?}",
                message.body
            );
        }
        let errors: Vec<_> = transcript
            .records
            .iter()
            .filter_map(|record| record.error.as_ref())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn a_preamble_and_the_hello_may_share_a_packet_or_be_cut_anywhere() {
    let capture = good();
    let hello = capture.segments.first().expect("a hello").bytes.clone();
    let request = [0u8, 0, 0, 8, 4, 0xd2, 0x16, 0x2f];
    let joined = [&request[..], &hello].concat();
    let plain = kinds(&decode(&capture));
    for cut in 1..40 {
        let mut capture = good();
        let (first, second) = joined.split_at(cut);
        capture.segments.splice(
            0..1,
            [segment(Side::Client, first), segment(Side::Client, second)],
        );
        assert_eq!(kinds(&decode(&capture)), plain, "cut after {cut} bytes");
    }
}

#[test]
fn beyond_a_gap_records_are_found_and_opened_again() {
    let whole = decode(&good());
    let segments = good().segments.len();
    for lost in 0..segments {
        let mut capture = good();
        let gone = capture.segments.get_mut(lost).expect("a segment");
        let bytes = std::mem::take(&mut gone.bytes).len() as u64;
        gone.altered = Some(Alteration::Missing {
            bytes,
            why: Gap::NotRecorded,
        });
        let side = gone.from;
        let transcript = decode(&capture);
        let told = transcript.records.iter().any(|record| {
            record.side == side
                && record
                    .error
                    .as_ref()
                    .is_some_and(|error| error.contains("are missing here"))
        });
        assert!(told, "the gap at segment {lost} is told");
        // The last application data opens whatever else was lost, unless it was that, or the hello that says the random.
        let last = |transcript: &Transcript| {
            transcript
                .messages
                .iter()
                .rev()
                .find(|message| message.kind == MessageKind::ApplicationData)
                .map(|message| message.bytes.clone())
        };
        let is_needed = lost < 2
            || capture
                .segments
                .iter()
                .skip(lost + 1)
                .all(|segment| segment.bytes.len() < 30);
        if !is_needed {
            assert_eq!(last(&transcript), last(&whole), "after the gap at segment {lost}");
        }
        for proof_of in [MessageKind::Finished] {
            for message in transcript
                .messages
                .iter()
                .filter(|message| message.kind == proof_of)
            {
                let Body::Finished(facts) = &message.body else {
                    panic!("a Finished")
                };
                assert!(
                    facts
                        .computed
                        .as_ref()
                        .is_none_or(|computed| *computed == facts.sent),
                    "nothing wrong is computed from a torn transcript"
                );
            }
        }
    }
}

#[test]
fn a_connection_recorded_from_the_middle_on_is_said_to_be_encrypted() {
    let mut capture = good();
    let middle = capture.segments.len() - 3;
    capture.segments.drain(..middle);
    capture.secrets.clear();
    let transcript = decode(&capture);
    assert!(!transcript.messages.is_empty());
    assert!(
        transcript
            .messages
            .iter()
            .all(|message| message.kind == MessageKind::Encrypted),
        "{:?}",
        kinds(&transcript)
    );
}

/// What a recording holds that begins after the handshake: one record in the clear, or a few that nobody can open.
#[test]
fn a_connection_that_began_before_the_recording_is_not_called_failed() {
    use Side::{Client, Server};
    let ticket = [
        &[22, 3, 3, 0, 14, 4, 0, 0, 10, 0, 0, 14, 16, 0, 4][..],
        &[1, 2, 3, 4],
    ]
    .concat();
    let goodbye = [21, 3, 3, 0, 2, 1, 0];
    let sealed = [&[23, 3, 3, 0, 20][..], &[0xa5; 20]].concat();
    let sealed_alert = [&[21, 3, 3, 0, 26][..], &[0xa5; 26]].concat();
    let change = [20, 3, 3, 0, 1, 1];
    let dialogues: [Dialogue<'_>; 6] = [
        vec![(Server, &ticket)],
        vec![(Server, &goodbye)],
        vec![(Client, &goodbye), (Server, &goodbye)],
        vec![(Server, &ticket), (Server, &change)],
        vec![(Client, &sealed), (Server, &sealed), (Client, &goodbye)],
        vec![(Client, &sealed_alert)],
    ];
    for dialogue in dialogues {
        let mut capture = good();
        capture.origin = Origin::Packets;
        capture.secrets.clear();
        capture.events.clear();
        for side in Side::BOTH {
            capture.sides.of_mut(side).began_before_recording = true;
        }
        capture.segments = dialogue
            .iter()
            .map(|(side, bytes)| segment(*side, bytes))
            .collect();
        let transcript = decode(&capture);
        assert!(!transcript.messages.is_empty());
        assert_eq!(
            verdict_of(&capture, &transcript),
            Verdict::Unknown,
            "{dialogue:?}"
        );
    }
    // A fatal alert is one wherever the recording begins.
    let mut capture = good();
    capture.origin = Origin::Packets;
    capture.events.clear();
    capture.segments = vec![segment(Server, &[21, 3, 3, 0, 2, 2, 48])];
    assert_eq!(verdict_of(&capture, &decode(&capture)), Verdict::Rejected);
}

/// A CompressedCertificate in a record, in the clear so that it can be put together here.
fn compressed(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).expect("a vector");
    let small = encoder.finish().expect("a vector");
    let length = |bytes: &[u8]| (bytes.len() as u32).to_be_bytes()[1..].to_vec();
    let body = [&[0, 1][..], &length(content), &length(&small), &small].concat();
    let message = [&[25][..], &length(&body), &body].concat();
    [&[22, 3, 3][..], &(message.len() as u16).to_be_bytes(), &message].concat()
}

/// The good handshake up to its ServerHello, and no secrets.
fn up_to_the_server_hello() -> Capture {
    let mut capture = good();
    capture.secrets.clear();
    let hello = capture
        .segments
        .iter()
        .position(|one| one.from == Side::Server)
        .expect("a ServerHello");
    capture.segments.truncate(hello + 1);
    capture
}

/// Four of the longest are opened; after them nothing more, and with one byte less there is room for that byte.
#[test]
fn so_much_is_decompressed_in_one_connection() {
    const LONGEST: usize = 1 << 20;
    let opened = |lengths: &[usize]| -> Vec<Option<String>> {
        let mut capture = up_to_the_server_hello();
        for length in lengths {
            let record = compressed(&vec![0; *length]);
            capture.segments.push(segment(Side::Server, &record));
        }
        let transcript = decode(&capture);
        let all = transcript.messages.iter();
        all.filter(|one| one.kind == MessageKind::CompressedCertificate)
            .map(|one| one.root.error.clone())
            .collect()
    };
    let full = Some("more was decompressed in this connection than is opened here".to_owned());
    assert_eq!(
        opened(&[LONGEST, LONGEST, LONGEST, LONGEST, 4, 0]),
        [None, None, None, None, full.clone(), None]
    );
    assert_eq!(
        opened(&[LONGEST, LONGEST, LONGEST, LONGEST - 4, 5, 4, 4]),
        [None, None, None, None, full.clone(), None, full]
    );
}

/// The server's Certificate once more, compressed (RFC 8879 §4), in the clear so that it can be put together here.
#[test]
fn a_compressed_certificate_is_opened_to_its_last_byte() {
    let plain = decode(&good());
    let (_, certificate) = plain
        .first(MessageKind::Certificate, Side::Server)
        .expect("a certificate");
    let content = &certificate.bytes[4..];
    let record = compressed(content);
    let mut capture = up_to_the_server_hello();
    capture.segments.push(segment(Side::Server, &record));
    let transcript = decode(&capture);
    let (index, found) = transcript
        .first(MessageKind::CompressedCertificate, Side::Server)
        .expect("it is there");
    assert_eq!(found.root.error, None);
    let (by, sent) = transcript.chain_sent_by(Side::Server).expect("a chain");
    assert_eq!(by, index);
    let buffer = sent.buffer.expect("a buffer of its own");
    let opened = &transcript.buffers[buffer.0].bytes;
    assert_eq!(opened, content);
    for (der, range) in &sent.chain {
        assert_eq!(
            &opened[range.clone()],
            der.as_bytes(),
            "the ranges count in that buffer"
        );
    }
    let list = found
        .root
        .find(&["Certificate", "certificate_list"])
        .expect("fields of its own");
    assert_eq!(list.buffer, Some(buffer));
    // And what was damaged says so, and shows the bytes as they came.
    let broken = capture.segments.last_mut().expect("the record");
    let last = broken.bytes.len() - 1;
    broken.bytes[last] ^= 0xff;
    let transcript = decode(&capture);
    let (_, found) = transcript
        .first(MessageKind::CompressedCertificate, Side::Server)
        .expect("it is there");
    assert!(
        found
            .root
            .error
            .as_ref()
            .is_some_and(|error| error.contains("does not decompress"))
    );
}
