//! RFC 8448's traces, which nobody here made: every record opens, and every message reads to the RFC's bytes.
//!
//! The traces are not part of this repository. The test reads them where `MTLSCOPE_CORPORA` points, says so when it is
//! unset, and must run in CI.

use crate::support::machine;
use crate::support::rfc8448 as traces;
use std::path::PathBuf;

use mtlscope::capture::{Capture, Origin, PerSide, Secret, Segment, Side};
use mtlscope::decode::{AlertFacts, Body, MessageKind, Protection, Transcript, decode};
use traces::{OF_THE_RFC, Trace, contains};

/// Where the corpus is; `None`, said aloud, where there is none. In CI there must be one.
fn corpus() -> Option<PathBuf> {
    Some(machine::corpora("RFC 8448's traces")?.join("rfc8448"))
}

/// What is said in a trace, in order: `>` the client, `<` the server.
fn story(title: &str) -> &'static str {
    match title {
        "Simple_1RTT_Handshake" => {
            "> ClientHello < ServerHello < EncryptedExtensions < Certificate < CertificateVerify < Finished \
             > Finished < NewSessionTicket > ApplicationData < ApplicationData > Alert < Alert"
        }
        "Resumed_0RTT_Handshake" => {
            "> ClientHello > ApplicationData < ServerHello < EncryptedExtensions < Finished > EndOfEarlyData \
             > Finished > ApplicationData < ApplicationData > Alert < Alert"
        }
        "HelloRetryRequest_Handshake" => {
            "> ClientHello < HelloRetryRequest > ClientHello < ServerHello < EncryptedExtensions < Certificate \
             < CertificateVerify < Finished > Finished > Alert < Alert"
        }
        "Client_Authentication_Handshake" | "RawPublicKey_With_Client_Authentication" => {
            "> ClientHello < ServerHello < EncryptedExtensions < CertificateRequest < Certificate \
             < CertificateVerify < Finished > Certificate > CertificateVerify > Finished > Alert < Alert"
        }
        "Middlebox_Compatibility_Mode" => {
            "> ClientHello < ServerHello < ChangeCipherSpec < EncryptedExtensions < Certificate \
             < CertificateVerify < Finished > ChangeCipherSpec > Finished > Alert < Alert"
        }
        "Externally_Provided_PSK_with_Ephemeral_Key" => {
            "> ClientHello < ServerHello < EncryptedExtensions < Finished > Finished > ApplicationData \
             < ApplicationData > Alert < Alert"
        }
        other => panic!("what is said in {other}?"),
    }
}

fn capture(trace: &Trace) -> Capture {
    let segments = trace.records().into_iter().enumerate();
    Capture {
        origin: Origin::Packets,
        started_at_unix_us: 0,
        carrier: None,
        segments: segments
            .map(|(index, (from, bytes))| Segment {
                at_us: index as u64,
                from,
                bytes,
                altered: None,
            })
            .collect(),
        secrets: trace
            .schedule()
            .secrets
            .into_iter()
            .map(|(label, value)| Secret {
                client_random: trace.client_random(),
                label,
                value,
                logged_by: None,
            })
            .collect(),
        events: Vec::new(),
        sides: PerSide::default(),
        at_hand: Vec::new(),
    }
}

/// What a fault in the reading of a trace is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// The record of early data.
    EarlyData,
    /// A field's own error.
    Field,
    /// Anything else.
    Other,
}

/// All that is wrong with the reading of a trace, in words.
fn faults(trace: &Trace, transcript: &Transcript) -> Vec<(About, String)> {
    let mut faults = Vec::new();
    // The RFC's client sends its early data right after its hello.
    let about = |index: usize| match index {
        1 if trace.bytes("Client_EarlyAppData").is_some() => About::EarlyData,
        _ => About::Other,
    };
    for (index, record) in transcript.records.iter().enumerate() {
        if let Some(error) = &record.error {
            let words = format!("record {index}, from the {}: {error}", record.side.word());
            faults.push((about(index), words));
        }
    }
    let said = |is_wanted: &dyn Fn(usize) -> bool| {
        let messages = transcript.messages.iter().enumerate();
        let words = messages
            .filter(|(index, _)| is_wanted(*index))
            .map(|(_, message)| {
                let arrow = if message.side == Side::Client { '>' } else { '<' };
                format!("{arrow} {}", message.kind)
            });
        words.collect::<Vec<_>>().join(" ")
    };
    let story = story(&trace.title);
    if said(&|_| true) != story {
        let is_early = said(&|index| about(index) == About::Other)
            == story.replace("> ApplicationData < ServerHello", "< ServerHello");
        let about = if is_early { About::EarlyData } else { About::Other };
        faults.push((about, format!("read {}\nnot {story}", said(&|_| true))));
    }
    for (index, message) in transcript.messages.iter().enumerate() {
        let what = format!("{} from the {}", message.kind, message.side.word());
        if message.kind == MessageKind::Encrypted {
            faults.push((about(index), format!("{what}: {:?}", message.root.error)));
            continue;
        }
        let nth = transcript.messages[..index]
            .iter()
            .filter(|other| (other.side, other.kind) == (message.side, message.kind))
            .count();
        let kind = if message.kind == MessageKind::ApplicationData && message.protection == Protection::Early
        {
            "EarlyData"
        } else {
            message.kind.word()
        };
        let expected = trace.plaintext(message.side, kind, nth);
        if message.bytes != expected {
            let (read, not) = (hex::encode(&message.bytes), hex::encode(&expected));
            faults.push((about(index), format!("{what}: {read}\nnot {not}")));
        }
        message.root.walk(&mut |field| {
            let errors = field.error.iter();
            faults.extend(errors.map(|error| (About::Field, format!("{what}: {}: {error}", field.name))));
        });
        match &message.body {
            Body::Alert(facts) if *facts != (AlertFacts { level: 1, code: 0 }) => {
                faults.push((About::Other, format!("{what}: {facts:?} is no close_notify")));
            }
            Body::CertificateVerify(facts) => {
                let name = if message.side == Side::Client {
                    "Client"
                } else {
                    "Server"
                };
                let signed = trace.must(&format!("{name}_MessageToSign"));
                let signature = trace.must(&format!("{name}_MessageSignature"));
                if facts.signed.as_ref() != Some(&signed) || facts.signature != signature {
                    faults.push((About::Other, format!("{what}: {facts:?} is not what was signed")));
                }
            }
            _ => {}
        }
    }
    faults
}

/// The traces' own sums: the keys found lead to the RFC's Finished and to the ticket's key that was kept.
#[test]
fn the_key_schedule_leads_to_what_the_rfc_has() {
    let Some(folder) = corpus() else { return };
    let traces = traces::read(&folder);
    for trace in &traces {
        let expected = trace.must("Message_Server_Finished");
        assert_eq!(trace.schedule().server_finished, expected, "{}", trace.title);
        assert!(
            contains(&trace.must("Client_RNG_Pool"), &trace.client_random()),
            "{}",
            trace.title
        );
    }
    let resumed = &traces[1];
    let psk = resumed.psk.as_ref().expect("a resumption");
    assert!(contains(&resumed.must("Client_SessionData"), psk));
    for title in OF_THE_RFC {
        assert_eq!(
            traces.iter().filter(|trace| trace.title == title).count(),
            1,
            "{title}"
        );
    }
}

/// The RFC prints each key and IV of its simple handshake (RFC 8448 §3): ours are the same.
#[test]
fn traffic_keys_are_those_that_the_rfc_prints() {
    let Some(folder) = corpus() else { return };
    let traces = traces::read(&folder);
    let trace = traces
        .iter()
        .find(|trace| trace.title == OF_THE_RFC[0])
        .expect("the simple one");
    let transcript = decode(&capture(trace));
    let printed = [
        (
            Side::Server,
            Protection::Handshake,
            "3fce516009c21727d0f2e4e86ee403bc",
            "5d313eb2671276ee13000b30",
        ),
        (
            Side::Client,
            Protection::Handshake,
            "dbfaa693d1762c5b666af5d950258d01",
            "5bd3c71b836e0b76bb73265f",
        ),
        (
            Side::Server,
            Protection::Application,
            "9f02283b6c9c07efc26bb9f2ac92e356",
            "cf782b88dd83549aadf1e984",
        ),
        (
            Side::Client,
            Protection::Application,
            "17422dda596ed5d9acd890e3c63f5051",
            "5b78923dee08579033e523d9",
        ),
    ];
    for (side, protection, key, iv) in printed {
        let keys = transcript
            .keys
            .iter()
            .find(|keys| keys.side == side && keys.protection == protection)
            .expect("keys of every epoch");
        assert_eq!(
            (hex::encode(&keys.key), hex::encode(&keys.iv)),
            (key.to_owned(), iv.to_owned())
        );
    }
    for message in transcript
        .messages
        .iter()
        .filter(|message| message.kind == MessageKind::Finished)
    {
        let Body::Finished(facts) = &message.body else {
            panic!("a Finished")
        };
        assert_eq!(
            facts.computed.as_ref(),
            Some(&facts.sent),
            "of the {}",
            message.side.word()
        );
    }
}

/// Reads the traces of these titles, and fails with all that is wrong with the reading but for what is `excused`.
fn read_whole(titles: &[&str], excused: Option<About>) {
    let Some(folder) = corpus() else { return };
    let traces = traces::read(&folder);
    let mut faulty = Vec::new();
    for title in titles {
        let trace = traces.iter().find(|trace| trace.title == *title);
        let trace = trace.unwrap_or_else(|| panic!("there is no {title}"));
        for (about, fault) in faults(trace, &decode(&capture(trace))) {
            if Some(about) != excused {
                faulty.push(format!("{title}: {fault}"));
            }
        }
    }
    assert!(
        faulty.is_empty(),
        "{} faults:\n{}",
        faulty.len(),
        faulty.join("\n")
    );
}

#[test]
fn every_trace_of_the_rfc_is_read_whole_but_for_early_data() {
    read_whole(&OF_THE_RFC, Some(About::EarlyData));
}

#[test]
fn early_data_is_read_too() {
    read_whole(&OF_THE_RFC, None);
}

/// Not the RFC's: handshakes of the same make that the transcription adds.
#[test]
fn a_handshake_with_an_external_psk_is_read_whole() {
    read_whole(&["Externally_Provided_PSK_with_Ephemeral_Key"], None);
}

/// Not the RFC's either.
#[test]
fn a_handshake_with_raw_public_keys_is_opened() {
    read_whole(&["RawPublicKey_With_Client_Authentication"], Some(About::Field));
}

#[test]
fn raw_public_keys_are_read_as_what_they_are() {
    read_whole(&["RawPublicKey_With_Client_Authentication"], None);
}
