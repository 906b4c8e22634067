//! SQL Server's protocol: TLS in its packets, behind a load balancer's header, and alone.

use mtlscope::capture::{Segment, Side};

use super::carried::only;
use super::read::{assert_says, capture, ends, said, survey};
use crate::support::carried::in_tds;
use crate::support::packets::PacketFile;
use crate::support::pki::{USUAL, minted, setup};

#[test]
fn tls_in_tds_says_the_same_as_without() {
    for name in ["good-tls12", "good-tls13", "client-missing-intermediate"] {
        let wanted = capture(name);
        for size in [50, 500, 4088] {
            let mut file = PacketFile::new();
            file.connection(&in_tds(&wanted, size), ends(1433));
            let survey = survey(file.bytes(), &[&wanted]);
            let row = only(&survey);
            assert_eq!(row.carrier.as_deref(), Some("TLS inside TDS 7"), "{name}");
            let read = survey.capture(row).expect("read");
            for side in Side::BOTH {
                let got = said(&read, side);
                assert!(got[26..] == said(&wanted, side), "{name}, packets of {size}");
            }
            let analysis = survey.analysis(row).expect("analysed");
            let preamble = &analysis.transcript.messages[0].root;
            assert_eq!(preamble.value, "TDS 7, before TLS: its PRELOGIN says ENCRYPT_ON");
            assert_eq!(
                analysis.diagnosis.verdict.word() == "accepted",
                name != "client-missing-intermediate"
            );
        }
    }
}

/// A load balancer before SQL Server.
#[test]
fn tls_in_tds_behind_a_proxy_header_says_the_same_as_without() {
    let line = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 1433\r\n".to_vec();
    for name in ["good-tls12", "good-tls13"] {
        let wanted = capture(name);
        for together in [false, true] {
            let mut wrapped = in_tds(&wanted, 500);
            if together {
                let first = &mut wrapped.segments[0].bytes;
                *first = [&line[..], first].concat();
            } else {
                let header = Segment {
                    bytes: line.clone(),
                    ..wrapped.segments[0].clone()
                };
                wrapped.segments.insert(0, header);
            }
            let mut file = PacketFile::new();
            file.connection(&wrapped, ends(1433));
            let survey = survey(file.bytes(), &[&wanted]);
            let row = only(&survey);
            assert_eq!(row.carrier.as_deref(), Some("TLS inside TDS 7"), "{name}");
            assert_eq!(row.client_said.as_deref(), Some("192.0.2.7:56324"), "{name}");
            assert_eq!(row.verdict.word(), "accepted", "{name}");
            let read = survey.capture(row).expect("read");
            assert!(said(&read, Side::Client)[line.len() + 26..] == said(&wanted, Side::Client));
            assert!(said(&read, Side::Server)[26..] == said(&wanted, Side::Server));
            let analysis = survey.analysis(row).expect("analysed");
            let told = analysis.transcript.messages.iter().take(2);
            let told: Vec<String> = told.map(|message| message.root.value.to_string()).collect();
            assert!(told[0].contains("PROXY") && told[1].contains("TDS 7"), "{told:?}");
        }
    }
}

/// In TDS 8 TLS comes first, under its own ALPN: nothing wraps it.
#[test]
fn tds_8_is_tls_from_the_first_byte() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    for party in [&mut setup.parties.client, &mut setup.parties.server] {
        party.policy.alpn = vec!["tds/8.0".to_owned()];
    }
    let wanted = mtlscope::source::lab::run_blocking(&setup, &mtlscope::cancel::Cancel::default())
        .expect("the run begins");
    let mut file = PacketFile::new();
    file.connection(&wanted, ends(1433));
    let survey = survey(file.bytes(), &[&wanted]);
    let row = only(&survey);
    assert_eq!((row.carrier.as_deref(), row.preamble), (None, None));
    assert_eq!(row.verdict.word(), "accepted");
    let analysis = survey.analysis(row).expect("analysed");
    assert_eq!(analysis.transcript.alpn.as_deref(), Some("tds/8.0"));
    assert_says(&survey.capture(row).expect("read"), &wanted, "TDS 8");
}
