//! Where a judged certificate is to be found, in messages and in files, and what there shows the fault.

use std::cell::OnceCell;
use std::ops::Range;

use super::holdings::Holdings;
use crate::capture::{AtHand, Capture, Der, Origin, Side, Slot, Trust};
use crate::decode::{Field, Transcript, certificate_fields};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::{CheckKind, Evidence, MatrixRow};
use crate::pki::{CertificateFacts, Wrapping};
use crate::printable::quoted_value;

/// What the causes of one chain are told from. A chain that was judged with no handshake around it has no transcript;
/// nothing else differs.
pub(in crate::diagnose) struct Grounds<'a> {
    /// Who judges.
    pub judge: Side,
    /// What the judge trusts, where it is known.
    pub trust: Option<&'a Trust>,
    /// The clock where there is no trust, in seconds since the epoch.
    pub clock_unix_s: i64,
    /// The chain as it was presented, leaf first.
    pub chain: &'a [Der],
    /// Every certificate that anybody has, with its file.
    pub at_hand: &'a [AtHand],
    /// SubjectPublicKeyInfo of the key that the sender signs with, where known.
    pub key_in_use: Option<&'a [u8]>,
    /// The file of the private key that goes with it, as the user named it.
    pub key_file: Option<&'a str>,
    /// That file is DER, which not every tool reads.
    pub key_is_der: bool,
    /// What it has to be taken out of.
    pub key_wrapping: Option<Wrapping>,
    /// What was sent is known from packets: nobody's files are.
    pub is_from_packets: bool,
    /// The handshake that carried the chain.
    pub transcript: Option<&'a Transcript>,
    /// The certificates by what they are asked for by, worked out at the first question.
    pub holdings: OnceCell<Holdings<'a>>,
}

impl<'a> Grounds<'a> {
    /// Of the chain that `judge` was shown in a handshake.
    pub(in crate::diagnose) fn of_handshake(
        judge: Side,
        chain: &'a [Der],
        capture: &'a Capture,
        transcript: &'a Transcript,
    ) -> Self {
        Self {
            judge,
            trust: capture.sides.of(judge).trust.as_ref(),
            clock_unix_s: crate::diagnose::recorded_at_s(capture),
            chain,
            at_hand: &capture.at_hand,
            key_in_use: capture.sides.of(judge.peer()).key_in_use.as_deref(),
            key_file: capture.sides.of(judge.peer()).key_file.as_deref(),
            key_is_der: capture.sides.of(judge.peer()).key_is_der,
            key_wrapping: capture.sides.of(judge.peer()).key_wrapping,
            is_from_packets: capture.origin == Origin::Packets,
            transcript: Some(transcript),
            holdings: OnceCell::new(),
        }
    }

    /// The certificates, found without going through them.
    pub(super) fn holdings(&self) -> &Holdings<'a> {
        let found = || Holdings::of(self.judge, self.chain, self.at_hand, self.trust, self.key_file);
        self.holdings.get_or_init(found)
    }

    /// Seconds since the epoch that the judge judges at.
    pub(super) fn clock(&self) -> i64 {
        self.trust.map_or(self.clock_unix_s, |trust| trust.clock_unix_s)
    }

    /// What the sender's own certificate says: the first that is no CA, else the first.
    pub(super) fn leaf(&self) -> Option<&CertificateFacts> {
        self.holdings().leaf()
    }

    /// The certificate with this hash in a file, `first` of all a file of `side`, that holds what it presents.
    pub(super) fn lying_at(&self, sha256: &str, side: Side) -> Option<&'a AtHand> {
        self.holdings()
            .with_sha256(sha256)
            .iter()
            .copied()
            .min_by_key(|item| (item.side != Some(side), item.slot != Slot::Certificate))
    }
}

/// Where a judged certificate is to be found: in the messages, in a file.
pub(super) struct Place<'a> {
    certificate: Option<Certificate>,
    /// Index of the Certificate message, and the DER's bytes in it.
    pub message: Option<(usize, Range<usize>)>,
    pub at_hand: Option<&'a AtHand>,
    pub at_us: u64,
}

impl<'a> Place<'a> {
    pub(super) fn find(row: &MatrixRow, grounds: &Grounds<'a>) -> Self {
        let sha256 = row
            .certificate
            .as_ref()
            .map_or("", |certificate| certificate.sha256.as_str());
        let sender = row.side.peer();
        let sent = grounds
            .transcript
            .and_then(|transcript| Some((transcript, transcript.chain_sent_by(sender)?)));
        // The sender's own file first: that is where the fault is mended.
        let at_hand = grounds.lying_at(sha256, sender);
        let der = grounds
            .holdings()
            .presented(sha256)
            .or_else(|| at_hand.map(|item| &item.der));
        let message = sent.and_then(|(transcript, (index, chain))| {
            chain
                .chain
                .iter()
                .find(|(sent, _)| Some(sent) == der)
                // A range in what came compressed counts elsewhere; the message as a whole holds it.
                .map(|(_, range)| match chain.buffer {
                    None => (index, range.clone()),
                    Some(_) => (
                        index,
                        0..transcript
                            .messages
                            .get(index)
                            .map_or(0, |message| message.bytes.len()),
                    ),
                })
        });
        let at_us = sent
            .and_then(|(transcript, (index, _))| transcript.messages.get(index))
            .map_or(0, |message| message.at_us);
        Self {
            certificate: der.map(Certificate::read),
            message,
            at_hand,
            at_us,
        }
    }

    pub(super) fn der(&self) -> Option<&Der> {
        self.certificate.as_ref().map(|certificate| &certificate.der)
    }

    pub(super) fn facts(&self) -> Option<&CertificateFacts> {
        self.certificate.as_ref()?.facts()
    }
}

/// What to say of a certificate that is whole, and too large for rustls: its outermost element holds just these bytes.
pub(super) fn too_large(der: &[u8]) -> Option<String> {
    let [0x30, form @ 0x83..=0x84, rest @ ..] = der else {
        return None;
    };
    let (length, content) = rest.split_at_checked(usize::from(form & 0x7f))?;
    let length = length.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
    (length == content.len()).then(|| format!("It has {} bytes.", der.len()))
}

/// What proves a failed row: the bytes that the check looked at, the file they lie in, the alert that answered.
pub(super) fn evidence(row: &MatrixRow, place: &Place<'_>, grounds: &Grounds<'_>) -> Vec<Evidence> {
    let mut list = Vec::new();
    let facts = place.facts();
    let name = facts.map_or_else(
        || "the certificate".to_owned(),
        |facts| quoted_value(&facts.display_name),
    );
    let words = format!("{name}: {}", row.detail);
    list.push(match (grounds.transcript, &place.message, place.der()) {
        (Some(transcript), Some((message, range)), _) => Evidence {
            message: Some(*message),
            range: transcript
                .messages
                .get(*message)
                .and_then(|message| part_that_shows(&message.root, range, row.check, facts))
                .unwrap_or_else(|| range.clone()),
            words,
        },
        // No message: the bytes are those of the certificate itself.
        (None, _, Some(der)) => {
            let whole = 0..der.as_bytes().len();
            Evidence {
                message: None,
                range: part_that_shows(&certificate_fields(der.as_bytes()), &whole, row.check, facts)
                    .unwrap_or(whole),
                words,
            }
        }
        _ => Evidence {
            message: None,
            range: 0..0,
            words,
        },
    });
    if let Some(item) = place.at_hand
        && let Some(file) = &item.file
    {
        let within = item
            .within
            .as_deref()
            .map(|within| format!(", {}", quoted_value(within)));
        let line = item.line.map(|line| format!(", line {line}"));
        let line = within.unwrap_or_default() + &line.unwrap_or_default();
        list.push(Evidence {
            message: None,
            range: 0..0,
            words: format!("{name} lies in {}{line}", quoted_value(file)),
        });
    }
    // The alert that answered it.
    let alert = grounds.transcript.and_then(|transcript| {
        transcript
            .failure_alerts()
            .find(|(_, message, _)| message.side == row.side)
    });
    if let Some((index, message, alert)) = alert {
        list.push(Evidence {
            message: Some(index),
            range: 0..message.bytes.len(),
            words: format!(
                "the {} answered with the alert {}",
                row.side.word(),
                crate::iana::alert(alert.code)
            ),
        });
    }
    list
}

/// The bytes of a certificate that a check looked at: its validity, its names, its purposes.
fn part_that_shows(
    root: &Field,
    certificate: &Range<usize>,
    check: CheckKind,
    facts: Option<&CertificateFacts>,
) -> Option<Range<usize>> {
    let unknown = facts.and_then(|facts| facts.unknown_critical_extensions.first());
    let (name, value) = match check {
        CheckKind::Validity => ("validity", None),
        CheckKind::Issuer => ("issuer", None),
        CheckKind::Signature => ("signatureValue", None),
        CheckKind::Version => ("version", None),
        CheckKind::Purpose => ("ExtKeyUsageSyntax", None),
        CheckKind::Name => ("GeneralNames", None),
        CheckKind::BasicConstraints | CheckKind::PathLength => ("BasicConstraints", None),
        CheckKind::KeyMatch | CheckKind::KeySize | CheckKind::Algorithm => ("subjectPublicKeyInfo", None),
        CheckKind::KeyUsage => ("KeyUsage", None),
        // A list names certificates by their serial numbers (RFC 5280 §5.1.2.6).
        CheckKind::Revocation => ("serialNumber", None),
        // An extension without a form of its own wears its name as its value.
        CheckKind::NameConstraints => ("Extension", Some("nameConstraints")),
        CheckKind::CriticalExtensions => ("Extension", Some(first_word(unknown?))),
        CheckKind::Encoding | CheckKind::Possession => return None,
    };
    let mut found = None;
    root.walk(&mut |field| {
        let is_inside = field.buffer.is_none()
            && certificate.start <= field.range.start
            && field.range.end <= certificate.end;
        let is_it = field.name == name && value.is_none_or(|value| first_word(&field.value) == value);
        if found.is_none() && is_inside && is_it {
            found = Some(field.range.clone());
        }
    });
    found
}

/// `nameConstraints` of `nameConstraints, critical`; `2.5.29.32` of `2.5.29.32 (certificatePolicies)`.
fn first_word(text: &str) -> &str {
    text.split([' ', ',']).next().unwrap_or_default()
}
