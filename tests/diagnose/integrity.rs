//! One byte of the wire is flipped, wherever it is: the one cause is the wire, nothing that the changed bytes seem to say is
//! blamed, and nothing of them reaches an application unless TLS had nothing against it.

use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Alteration, Side};
use mtlscope::diagnose::{CauseId, Certainty, Outcome, Verdict};
use mtlscope::scenario;
use mtlscope::setup::{Fault, FaultTarget, LabSetup, TlsVersion};
use mtlscope::source::lab::run_blocking;

fn run(setup: &LabSetup) -> Analysis {
    let capture = run_blocking(setup, &Cancel::default()).expect("it runs");
    Analysis::of(Arc::new(capture))
}

/// What changed bytes seem to say of the two ends, and what nobody is to blame for. A certificate is judged as it arrived.
const NOT_TO_BLAME: [CauseId; 14] = [
    CauseId::NotTls,
    CauseId::UnexpectedMessage,
    CauseId::MessageTooLarge,
    CauseId::NoCommonVersion,
    CauseId::NoCommonCipher,
    CauseId::NoCommonGroup,
    CauseId::NoCommonSignatureScheme,
    CauseId::AlpnMismatch,
    CauseId::SniRejected,
    CauseId::KeyMismatch,
    CauseId::ServerCertificateMissing,
    CauseId::ClientCertificateMissing,
    CauseId::Timeout,
    CauseId::PeerClosed,
];

fn flip_all(version: TlsVersion) {
    let mut setup = scenario::built_in().expect("identities");
    setup.timeout_ms = 25;
    for side in Side::BOTH {
        setup.parties.of_mut(side).policy.versions = vec![version];
    }
    let good = run(&setup);
    assert_eq!(good.story.integrity, None);
    let mut hits = 0;
    for from in Side::BOTH {
        let records: Vec<usize> = good
            .capture
            .segments
            .iter()
            .filter(|segment| segment.from == from)
            .map(|segment| segment.bytes.len())
            .collect();
        for (record, length) in records.iter().enumerate() {
            let within = [5, 6, 9, 11, 40, 60, 80, length / 2, length * 3 / 4, length - 1];
            let bytes = (0..5).chain(within.into_iter().filter(|byte| byte < length));
            for byte in bytes {
                let target = FaultTarget { from, record };
                setup.fault = Some(Fault::FlipByte { target, byte });
                hits += usize::from(one(&setup, from, record, byte));
            }
        }
    }
    assert!(hits > 60, "{hits} bytes were changed");
}

/// Whether the byte was there to be flipped.
fn one(setup: &LabSetup, from: Side, record: usize, byte: usize) -> bool {
    let found = run(setup);
    let place = format!(
        "{version:?} {from:?} {record} {byte}",
        version = setup.parties.client.policy.versions
    );
    let is_changed = |altered: &Option<Alteration>| matches!(altered, Some(Alteration::Changed { .. }));
    if !found
        .capture
        .segments
        .iter()
        .any(|segment| is_changed(&segment.altered))
    {
        // Signatures are not always equally long.
        assert!(
            setup
                .fault
                .and_then(|fault| fault.missed(&found.capture))
                .is_some(),
            "{place}"
        );
        return false;
    }
    let diagnosis = &found.diagnosis;
    let integrity = found.story.integrity.as_ref().expect(&place);
    let words = format!(
        "Byte {} of the {}'s record {} was ",
        byte + 1,
        from.word(),
        record + 1
    );
    assert!(
        integrity.change.starts_with(&words),
        "{place}: {}",
        integrity.change
    );
    assert_eq!(integrity.change.contains("header"), byte < 5, "{place}");
    let blamed: Vec<CauseId> = diagnosis.causes.iter().map(|cause| cause.id).collect();
    if diagnosis.verdict == Verdict::Accepted {
        // rustls reads no more of a record's header than its length, and a goodbye may be broken when all is said.
        assert!(blamed.is_empty(), "{place}: {blamed:?}");
    } else {
        let first = diagnosis.causes.first().expect(&place);
        assert_eq!(
            (first.id, first.certainty),
            (CauseId::Tampered, Certainty::Proven),
            "{place}: {blamed:?}"
        );
        assert_eq!(first.side, Some(from.peer()), "{place}");
        assert!(
            !blamed.iter().any(|id| NOT_TO_BLAME.contains(id)),
            "{place}: {blamed:?}"
        );
        assert!(
            !integrity.delivered.contains("all the same"),
            "{place}: {}",
            integrity.delivered
        );
    }
    let possession = diagnosis
        .matrix
        .iter()
        .filter(|row| row.check.word() == "possession");
    for row in possession {
        assert_ne!(row.outcome, Outcome::Fail, "{place}: {}", row.detail);
    }
    true
}

#[test]
fn any_byte_of_tls_1_3() {
    flip_all(TlsVersion::Tls13);
}

#[test]
fn any_byte_of_tls_1_2() {
    flip_all(TlsVersion::Tls12);
}

#[test]
fn what_came_of_it_is_told_in_four_sentences() {
    let mut setup = scenario::built_in().expect("identities");
    let flip = |record, byte| {
        let from = Side::Server;
        Some(Fault::FlipByte {
            target: FaultTarget { from, record },
            byte,
        })
    };
    for (byte, place, told) in [
        (
            6,
            " when it arrived.",
            [
                "The client says: cannot decrypt peer's message.",
                "The server says: received fatal alert: BadRecordMac.",
                "No byte reached the client's application.",
            ],
        ),
        // The version in a record's header is no word of TLS 1.3 (RFC 8446 §5.1).
        (
            2,
            " when it arrived, in the record's header.",
            [
                "The client ends well: accepted.",
                "The server ends well: accepted.",
                "The client's application received “200 OK” all the same.",
            ],
        ),
    ] {
        setup.fault = flip(2, byte);
        let found = run(&setup).story.integrity.expect("a change");
        let begins = format!("Byte {} of the server's record 3 was ", byte + 1);
        let change = &found.change;
        assert!(change.starts_with(&begins) && change.ends_with(place), "{change}");
        assert_eq!(found.lines()[1..], told);
    }
    for (record, byte, said) in [
        (99, 0, "and the one that was meant is number 100."),
        (
            1,
            6,
            "The wire changed nothing: that record of the server has 6 bytes, and the byte that was to change is number 7.",
        ),
    ] {
        setup.fault = flip(record, byte);
        let found = run(&setup);
        assert_eq!(found.story.integrity, None);
        let missed = setup
            .fault
            .and_then(|fault| fault.missed(&found.capture))
            .expect("it missed");
        assert!(missed.ends_with(said), "{missed}");
    }
    setup.fault = Some(Fault::Http);
    assert_eq!(
        setup.fault.and_then(|fault| fault.missed(&run(&setup).capture)),
        None
    );
}
