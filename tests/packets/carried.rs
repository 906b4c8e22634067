//! TLS that bare TCP does not carry: real recordings, the same handshake wrapped in every way, and all of it damaged.

use std::path::PathBuf;

use mtlscope::capture::{Capture, Segment, Side};
use mtlscope::story::Belief;
use mtlscope::survey::{Row, Survey};

use super::read::{BEGAN_US, capture, ends, packets, said, survey, survey_at};

use crate::support::carried::{eapol, in_eap, in_openvpn, radius, udp};
use crate::support::packets::PacketFile;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/carried")
        .join(name)
}

pub fn only(survey: &Survey) -> &Row {
    assert_eq!(survey.rows.len(), 1, "{:?}", survey.rows);
    &survey.rows[0]
}

#[test]
fn real_recordings_say_who_what_and_how_it_ended() {
    let tablet = Some("tablet-7@meadow.test");
    let anonymous = Some("anonymous@meadow.test");
    let stranger = Some("stranger@brook.test");
    for (name, carrier, said, ending) in [
        ("eap-tls-12", "EAP-TLS in RADIUS", tablet, "connected"),
        ("eap-tls-13", "EAP-TLS in RADIUS", tablet, "connected"),
        (
            "eap-tls-refused",
            "EAP-TLS in RADIUS",
            stranger,
            "EAP-Failure from the server",
        ),
        (
            "eap-tls-distrust",
            "EAP-TLS in RADIUS",
            tablet,
            "unknown_ca from the client",
        ),
        ("eapol", "EAP-TLS in EAPOL", tablet, "connected"),
        (
            "eapol-refused",
            "EAP-TLS in EAPOL",
            stranger,
            "EAP-Failure from the server",
        ),
        ("peap", "PEAP in RADIUS", anonymous, "connected"),
        ("ttls", "EAP-TTLS in RADIUS", anonymous, "connected"),
        ("openvpn-udp", "TLS inside OpenVPN over UDP", None, "connected"),
        (
            "openvpn-udp-refused",
            "TLS inside OpenVPN over UDP",
            None,
            "unfinished after Encrypted",
        ),
        ("openvpn-tcp", "TLS inside OpenVPN over TCP", None, "connected"),
        (
            "openvpn-tls-auth",
            "TLS inside OpenVPN over UDP",
            None,
            "connected",
        ),
        (
            "openvpn-tls-auth-sha256",
            "TLS inside OpenVPN over UDP",
            None,
            "encrypted: give a key log",
        ),
    ] {
        let survey = survey_at(&fixture(&format!("{name}.pcap")), &[]);
        let row = only(&survey);
        assert_eq!(row.carrier.as_deref(), Some(carrier), "{name}");
        assert_eq!(row.client_said.as_deref(), said, "{name}");
        assert_eq!(row.ending, ending, "{name}");
        let capture = survey.capture(row).expect("read");
        assert!(!capture.sides.client.began_before_recording, "{name}");
        assert!(
            capture.segments.iter().all(|segment| segment.altered.is_none()),
            "{name}: nothing is missing"
        );
        let client = match carrier {
            "EAP-TLS in EAPOL" => "02:00:00:00:00:07",
            _ if said.is_some() => "02-00-00-00-00-07",
            _ => "127.0.0.1:",
        };
        assert!(row.client.starts_with(client), "{name}: {}", row.client);
    }
}

#[test]
fn what_is_encrypted_with_a_static_key_is_said_and_not_guessed() {
    let crypt = survey_at(&fixture("openvpn-tls-crypt.pcap"), &[]);
    assert!(crypt.rows.is_empty());
    assert_eq!(crypt.index.sealed.len(), 1);
    assert!(crypt.index.sealed[0].contains("encrypted with a static key (tls-crypt)"));
    let renewed = survey_at(&fixture("openvpn-tcp.pcap"), &[]);
    assert_eq!(renewed.index.sealed.len(), 1);
    assert!(
        renewed.index.sealed[0].contains("2 renegotiations of its keys are encrypted"),
        "{:?}",
        renewed.index.sealed
    );
}

/// What carried TLS goes on after the last Finished, and until its last word both are connected.
#[test]
fn both_sides_of_eap_are_connected_until_its_last_word() {
    for name in ["eap-tls-12", "eapol", "peap"] {
        let survey = survey_at(&fixture(&format!("{name}.pcap")), &[]);
        let analysis = survey.analysis(only(&survey)).expect("analysed");
        let story = &analysis.story;
        let title = "lets the client in";
        let last = story.steps.iter().position(|step| step.title == title);
        let last = last.unwrap_or_else(|| panic!("{name}: {:#?}", story.steps));
        for side in Side::BOTH {
            let spans = story.beliefs.of(side);
            let words: Vec<(Belief, usize)> =
                spans.iter().map(|span| (span.belief, span.from_step)).collect();
            let [
                (Belief::Handshaking, 0),
                (Belief::Connected, from),
                (Belief::Closed, until),
            ] = words[..]
            else {
                panic!("{name}: {words:?}");
            };
            assert!(
                from < until && until == last,
                "{name}: {side:?} {words:?}, {last}"
            );
        }
    }
}

#[test]
fn a_refusal_without_an_alert_is_its_own_cause() {
    for (name, certainty, words) in [
        (
            "eap-tls-refused",
            "proven",
            "ended the conversation with EAP-Failure",
        ),
        (
            "eapol-refused",
            "proven",
            "ended the conversation with EAP-Failure",
        ),
        ("openvpn-udp-refused", "possible", "said nothing more"),
    ] {
        let survey = survey_at(&fixture(&format!("{name}.pcap")), &[]);
        let analysis = survey.analysis(only(&survey)).expect("analysed");
        let first = &analysis.diagnosis.causes[0];
        assert_eq!(first.id.word(), "refused-without-alert", "{name}");
        assert_eq!(first.certainty.word(), certainty, "{name}");
        assert!(first.detail.contains(words), "{name}: {}", first.detail);
    }
    let survey = survey_at(&fixture("eap-tls-distrust.pcap"), &[]);
    let analysis = survey.analysis(only(&survey)).expect("analysed");
    assert_eq!(analysis.diagnosis.causes[0].id.word(), "unexplained-refusal");
}

/// The same bytes each way as the lab's, and the same verdict.
fn assert_wrapped(file: &PacketFile, wanted: &Capture, place: &str) -> Survey {
    let survey = survey(file.bytes(), &[wanted]);
    let row = only(&survey);
    let read = survey.capture(row).expect("read");
    for side in Side::BOTH {
        assert_eq!(
            said(&read, side),
            said(wanted, side),
            "{place}: the {}",
            side.word()
        );
    }
    survey
}

#[test]
fn openvpn_says_the_same_however_its_packets_come() {
    for name in ["good-tls13", "client-missing-intermediate"] {
        let wanted = capture(name);
        for hmac in [0, 16, 20, 32, 64] {
            for size in [90, 1200] {
                let all = in_openvpn(&wanted, 0, hmac, size);
                let mut in_order = PacketFile::new();
                // Each once more at the end; and pairs the wrong way round.
                let mut shuffled = PacketFile::new();
                for (at_us, side, packet) in all.iter().chain(&all) {
                    udp(&mut in_order, ends(1194), *at_us, *side, packet);
                }
                for pair in all.chunks(2) {
                    for (at_us, side, packet) in pair.iter().rev() {
                        udp(&mut shuffled, ends(1194), *at_us, *side, packet);
                    }
                }
                let place = format!("{name}, HMAC {hmac}, pieces of {size}");
                let survey = assert_wrapped(&in_order, &wanted, &place);
                let words = only(&survey).words();
                assert!(words.contains("inside OpenVPN over UDP"), "{place}: {words}");
                assert_wrapped(&shuffled, &wanted, &format!("{place}, reordered"));
            }
        }
    }
}

#[test]
fn a_packet_of_openvpn_that_never_came_is_a_gap() {
    let wanted = capture("good-tls13");
    let mut file = PacketFile::new();
    for (index, (at_us, side, packet)) in in_openvpn(&wanted, 0, 0, 100).into_iter().enumerate() {
        if index != 8 {
            udp(&mut file, ends(1194), at_us, side, &packet);
        }
    }
    let survey = survey(file.bytes(), &[&wanted]);
    let read = survey.capture(only(&survey)).expect("read");
    let gaps = read.segments.iter().filter(|segment| segment.altered.is_some());
    assert_eq!(gaps.count(), 1);
}

#[test]
fn each_key_of_an_openvpn_session_is_a_handshake_of_its_own() {
    let (first, second) = (capture("good-tls13"), capture("good-tls12"));
    let mut datagrams = PacketFile::new();
    let mut stream = first.clone();
    stream.segments.clear();
    for (capture, key_id) in [(&first, 0), (&second, 1)] {
        for (at_us, from, packet) in in_openvpn(capture, key_id, 20, 1000) {
            udp(&mut datagrams, ends(1194), at_us, from, &packet);
            let length = (packet.len() as u16).to_be_bytes();
            stream.segments.push(Segment {
                at_us,
                from,
                bytes: [&length[..], &packet].concat(),
                altered: None,
            });
        }
    }
    let mut file = PacketFile::new();
    file.connection(&stream, ends(1194));
    for (bytes, transport) in [(datagrams.bytes(), "UDP"), (file.bytes(), "TCP")] {
        let survey = survey(bytes, &[&first, &second]);
        let words: Vec<_> = survey.rows.iter().filter_map(|row| row.carrier.clone()).collect();
        assert_eq!(
            words,
            [
                format!("TLS inside OpenVPN over {transport}"),
                format!("TLS inside OpenVPN over {transport}, renegotiation (key 1)"),
            ]
        );
        for (row, wanted) in survey.rows.iter().zip([&first, &second]) {
            let read = survey.capture(row).expect("read");
            for side in Side::BOTH {
                assert!(said(&read, side) == said(wanted, side), "{transport}");
            }
        }
    }
}

#[test]
fn eap_says_the_same_in_fragments_of_any_size() {
    for name in ["good-tls13", "good-tls12"] {
        let wanted = capture(name);
        for (kind, method) in [(13, "EAP-TLS"), (21, "EAP-TTLS"), (25, "PEAP"), (55, "TEAP")] {
            for size in [64, 500, 1400] {
                let mut on_link = PacketFile::new();
                let mut in_radius = PacketFile::new();
                let mut number = 0u8;
                for (at_us, side, eap) in in_eap(&wanted, kind, size, true) {
                    // Everything is sent twice.
                    for _ in 0..2 {
                        eapol(&mut on_link, BEGAN_US + at_us, side, &eap);
                    }
                    let (code, state) = match side {
                        Side::Client => (1, number),
                        Side::Server if eap[0] == 3 => (2, number),
                        Side::Server => (11, number),
                    };
                    if number == 0 && side == Side::Server {
                        // RADIUS begins with the answer to the question for a name.
                        continue;
                    }
                    number = number.wrapping_add(u8::from(side == Side::Client));
                    let state = if number == 1 && side == Side::Client {
                        vec![]
                    } else {
                        vec![9, state]
                    };
                    let packet = radius(code, number, &state, &eap);
                    for _ in 0..2 {
                        udp(&mut in_radius, ends(40_000), at_us, side, &packet);
                    }
                }
                for (file, lower) in [(&on_link, "EAPOL"), (&in_radius, "RADIUS")] {
                    let place = format!("{name}, {method} in {lower}, {size}");
                    let survey = assert_wrapped(file, &wanted, &place);
                    let row = only(&survey);
                    assert_eq!(row.carrier, Some(format!("{method} in {lower}")), "{place}");
                    assert_eq!(row.client_said.as_deref(), Some("anna@meadow.test"), "{place}");
                    assert_eq!(row.verdict.word(), "accepted", "{place}");
                }
            }
        }
    }
}

#[test]
fn a_fragment_of_eap_that_was_not_recorded_is_a_gap_of_its_length() {
    let wanted = capture("good-tls12");
    let all = in_eap(&wanted, 13, 300, true);
    let lost = all
        .iter()
        .position(|(_, side, eap)| *side == Side::Server && eap.len() == 306);
    let lost = lost.expect("a fragment in the middle");
    let mut file = PacketFile::new();
    for (index, (at_us, side, eap)) in all.iter().enumerate() {
        if index != lost {
            eapol(&mut file, BEGAN_US + at_us, *side, eap);
        }
    }
    let survey = survey(file.bytes(), &[&wanted]);
    let read = survey.capture(only(&survey)).expect("read");
    let got = said(&read, Side::Server);
    let all = said(&wanted, Side::Server);
    assert_eq!(got.len(), all.len());
    assert_eq!(got.iter().filter(|byte| byte.is_none()).count(), 300);
    assert!(
        got.iter()
            .zip(&all)
            .all(|(got, wanted)| got.is_none() || got == wanted)
    );
}

#[test]
fn tls_behind_a_proxy_header_is_read_and_the_header_says_who_the_client_is() {
    let line = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n".to_vec();
    let mut binary =
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x22\xc0\0\x02\x07\xc6\x33\x64\x01\xdc\x04\x01\xbb".to_vec();
    // A name, and values of TLS with a hello's first bytes among them.
    binary.extend(b"\x02\0\x03a.b\x20\0\x0d\x05\0\0\0\0\x22\0\x05\x16\x03\x01\x02\0");
    for (header, mail) in [(&line, false), (&binary, false), (&line, true), (&binary, true)] {
        for name in ["good-tls13", "client-missing-intermediate"] {
            let wanted = capture(name);
            let mut wrapped = wanted.clone();
            let mut before = vec![(Side::Client, header.clone())];
            if mail {
                before.push((Side::Server, b"220 mx ready\r\n".to_vec()));
                before.push((Side::Client, b"EHLO me\r\nSTARTTLS\r\n".to_vec()));
                before.push((Side::Server, b"220 go\r\n".to_vec()));
            }
            let before = before.into_iter().map(|(from, bytes)| Segment {
                at_us: 0,
                from,
                bytes,
                altered: None,
            });
            wrapped.segments.splice(0..0, before);
            let mut file = PacketFile::new();
            file.connection(&wrapped, ends(443));
            let survey = survey(file.bytes(), &[&wanted]);
            let row = only(&survey);
            assert_eq!(row.client_said.as_deref(), Some("192.0.2.7:56324"), "{name}");
            assert_eq!(row.preamble, Some("the PROXY protocol"));
            assert_eq!(row.verdict.word() == "accepted", name == "good-tls13");
            let analysis = survey.analysis(row).expect("analysed");
            let spoken = |kind: &str| {
                analysis
                    .transcript
                    .messages
                    .iter()
                    .any(|message| message.kind.word() == kind)
            };
            assert!(spoken("ClientHello") && spoken("Certificate"), "{name}");
            let first = &analysis.transcript.messages[0];
            assert_eq!(first.bytes.len(), header.len(), "the header stands by itself");
            assert!(
                first.root.value.contains("the client is 192.0.2.7:56324"),
                "{}",
                first.root.value
            );
        }
    }
}

#[test]
fn damaged_recordings_are_read_as_far_as_they_go() {
    let mut seen = 0;
    for entry in std::fs::read_dir(fixture("")).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "pcap") {
            continue;
        }
        let whole = std::fs::read(&path).expect("read");
        // A packet left out, a packet cut, a byte turned: one of each at a time.
        let all = packets(&whole);
        for index in (0..all.len()).step_by(2) {
            let mut without = PacketFile::new();
            let mut cut = PacketFile::new();
            let mut flipped = PacketFile::new();
            for (other, (at_us, data)) in all.iter().enumerate() {
                if other == index {
                    cut.packet(*at_us, &data[..data.len() * (index % 7 + 1) / 8]);
                    let mut data = data.clone();
                    let at = (42 + index * 13) % data.len();
                    data[at] ^= 1 << (index % 8);
                    flipped.packet(*at_us, &data);
                } else {
                    without.packet(*at_us, data);
                    cut.packet(*at_us, data);
                    flipped.packet(*at_us, data);
                }
            }
            for file in [&without, &cut, &flipped] {
                let survey = survey(file.bytes(), &[]);
                for row in &survey.rows {
                    survey.analysis(row).expect("analysed");
                }
                seen += 1;
            }
        }
        for length in (24..whole.len()).step_by(whole.len() / 20) {
            let _ = survey(&whole[..length], &[]);
        }
    }
    assert!(seen > 200, "{seen}");
}
