//! Causes that a failed check proves.

use std::ops::Range;

use super::{Draft, Fill};
use crate::capture::{AtHand, Capture, ClientAuth, Der, Side, Slot};
use crate::decode::{Field, Transcript};
use crate::diagnose::check::moment;
use crate::diagnose::{
    CauseId, Certainty, ChainView, CheckKind, Evidence, MatrixRow, Outcome, Presence, Role,
};
use crate::pki::{CertificateFacts, GeneralName};

/// The causes behind the failed rows of one judge.
pub(in crate::diagnose) fn from_matrix(
    rows: &[MatrixRow],
    view: &ChainView,
    capture: &Capture,
    transcript: &Transcript,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in rows.iter().filter(|row| row.outcome == Outcome::Fail) {
        let Some(id) = row.cause else { continue };
        let place = Place::find(row, capture, transcript);
        let fill = fill(row, view, capture, &place)
            .with("leaf_file", leaf_file(row.side.peer(), capture, transcript));
        let at_us = place.at_us;
        drafts.push(Draft {
            id,
            certainty: Certainty::Proven,
            side: Some(row.side),
            certificate: row.certificate.clone(),
            evidence: evidence(row, &place, transcript),
            fill: fill.clone(),
            at_us,
        });
        // An issuer that nobody has may be an intermediate that was forgotten: the capture cannot tell.
        let may_be_missing = id == CauseId::UnknownIssuer
            && row.check == CheckKind::Issuer
            && place.facts.as_ref().is_some_and(|facts| !facts.is_self_issued());
        if may_be_missing {
            drafts.push(Draft {
                id: CauseId::MissingIntermediate,
                certainty: Certainty::Possible,
                side: Some(row.side),
                certificate: row.certificate.clone(),
                evidence: evidence(row, &place, transcript),
                fill: fill.with(
                    "missing",
                    "It may be an intermediate that the sender forgot; no file at hand holds it.",
                ),
                at_us,
            });
        }
    }
    drafts
}

/// Where a judged certificate is to be found: in the messages, in a file.
pub(super) struct Place<'a> {
    pub facts: Option<CertificateFacts>,
    /// Index of the Certificate message, and the DER's bytes in it.
    pub message: Option<(usize, Range<usize>)>,
    pub at_hand: Option<&'a AtHand>,
    pub at_us: u64,
}

impl<'a> Place<'a> {
    pub(super) fn find(row: &MatrixRow, capture: &'a Capture, transcript: &Transcript) -> Self {
        let sha256 = row
            .certificate
            .as_ref()
            .map(|certificate| certificate.sha256.as_str());
        let is_it = |der: &Der| {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der.as_bytes());
            Some(hex::encode(digest).as_str()) == sha256
        };
        let sender = row.side.peer();
        let sent = transcript.chain_sent_by(sender);
        let message = sent.and_then(|(index, chain)| {
            chain
                .chain
                .iter()
                .find(|(der, _)| is_it(der))
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
        // The sender's own file first: that is where the fault is mended.
        let mut found: Vec<&AtHand> = capture.at_hand.iter().filter(|item| is_it(&item.der)).collect();
        found.sort_by_key(|item| (item.side != Some(sender), item.slot != Slot::Certificate));
        let at_hand = found.first().copied();
        let der = sent
            .and_then(|(_, chain)| {
                chain
                    .chain
                    .iter()
                    .find(|(der, _)| is_it(der))
                    .map(|(der, _)| der.clone())
            })
            .or_else(|| at_hand.map(|item| item.der.clone()));
        let at_us = sent
            .and_then(|(index, _)| transcript.messages.get(index))
            .map_or(0, |message| message.at_us);
        Self {
            facts: der.and_then(|der| CertificateFacts::from_der(der.as_bytes()).ok()),
            message,
            at_hand,
            at_us,
        }
    }
}

fn evidence(row: &MatrixRow, place: &Place<'_>, transcript: &Transcript) -> Vec<Evidence> {
    let mut list = Vec::new();
    let name = place
        .facts
        .as_ref()
        .map_or("the certificate", |facts| facts.display_name.as_str());
    if let Some((message, range)) = &place.message {
        let range = transcript
            .messages
            .get(*message)
            .and_then(|message| part_that_shows(&message.root, range, row.check))
            .unwrap_or_else(|| range.clone());
        list.push(Evidence {
            message: Some(*message),
            range,
            words: format!("{name}: {}", row.detail),
        });
    } else {
        list.push(Evidence {
            message: None,
            range: 0..0,
            words: format!("{name}: {}", row.detail),
        });
    }
    if let Some(item) = place.at_hand
        && let Some(file) = &item.file
    {
        let line = item
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        list.push(Evidence {
            message: None,
            range: 0..0,
            words: format!("{name} lies in {file}{line}"),
        });
    }
    // The alert that answered it.
    if let Some((index, message, alert)) = transcript
        .failure_alerts()
        .find(|(_, message, _)| message.side == row.side)
    {
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

/// The command that takes one certificate out of a PEM file that holds several; empty where the file holds only it.
fn take_out(item: &AtHand, capture: &Capture, to: &str) -> String {
    let Some(file) = &item.file else {
        return String::new();
    };
    let is_alone = !capture
        .at_hand
        .iter()
        .any(|other| other.file.as_ref() == Some(file) && other.entry != item.entry);
    if is_alone || item.line.is_none() {
        return String::new();
    }
    format!(
        "awk '/-BEGIN CERTIFICATE-/{{n++}} n=={}' {} > {}",
        item.entry + 1,
        crate::pki::shell_quote(file),
        crate::pki::shell_quote(to)
    )
}

/// The file of the certificate that the sender presents as its own.
fn leaf_file(sender: Side, capture: &Capture, transcript: &Transcript) -> String {
    let Some((leaf, _)) = transcript
        .chain_sent_by(sender)
        .and_then(|(_, chain)| chain.chain.first())
    else {
        return format!("{}.pem", sender.word());
    };
    let at_hand = capture
        .at_hand
        .iter()
        .find(|item| item.der == *leaf && item.side == Some(sender) && item.slot == Slot::Certificate);
    file_name(at_hand, stand_in(&display_name(leaf.as_bytes())))
}

/// The bytes of a certificate that a check looked at: its validity, its names, its purposes.
fn part_that_shows(root: &Field, certificate: &Range<usize>, check: CheckKind) -> Option<Range<usize>> {
    let name = match check {
        CheckKind::Validity => "validity",
        CheckKind::Issuer => "issuer",
        CheckKind::Signature => "signatureValue",
        CheckKind::Version => "version",
        CheckKind::Purpose => "ExtKeyUsageSyntax",
        CheckKind::Name => "GeneralNames",
        CheckKind::BasicConstraints | CheckKind::PathLength => "BasicConstraints",
        CheckKind::KeyMatch | CheckKind::KeySize | CheckKind::Algorithm => "subjectPublicKeyInfo",
        _ => return None,
    };
    let mut found = None;
    root.walk(&mut |field| {
        let is_inside = field.buffer.is_none()
            && certificate.start <= field.range.start
            && field.range.end <= certificate.end;
        if found.is_none() && is_inside && field.name == name {
            found = Some(field.range.clone());
        }
    });
    found
}

/// A file name for what was never in a file, from what it is called: `mesh-root-2026.pem`.
fn stand_in(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() {
        "certificate.pem".to_owned()
    } else {
        format!("{}.pem", words.join("-"))
    }
}

/// The file that holds a certificate, or a name for one that was never in a file.
fn file_name(at_hand: Option<&AtHand>, stand_in: String) -> String {
    at_hand.and_then(|item| item.file.clone()).unwrap_or(stand_in)
}

fn fill(row: &MatrixRow, view: &ChainView, capture: &Capture, place: &Place<'_>) -> Fill {
    let judge = row.side;
    let sender = judge.peer();
    let trust = capture.sides.of(judge).trust.as_ref();
    let clock = trust.map_or(capture.started_at_unix_us.div_euclid(1_000_000), |trust| {
        trust.clock_unix_s
    });
    let store: Vec<String> = trust
        .map(|trust| {
            trust
                .roots
                .iter()
                .map(|root| display_name(root.as_bytes()))
                .collect()
        })
        .unwrap_or_default();
    let trust_file = capture
        .at_hand
        .iter()
        .find(|item| item.side == Some(judge) && item.slot == Slot::Trust)
        .and_then(|item| item.file.clone());
    let missing = view
        .links
        .iter()
        .find(|link| link.presence == Presence::AtHand)
        .and_then(|link| {
            let sha256 = &link.certificate.as_ref()?.sha256;
            capture.at_hand.iter().find(|item| {
                CertificateFacts::from_der(item.der.as_bytes()).is_ok_and(|facts| facts.sha256 == *sha256)
            })
        });
    let what = match row.role {
        Role::Leaf => "certificate",
        Role::Intermediate => "intermediate certificate",
        Role::Root => "root certificate",
    };
    let issuer_stand_in = place.facts.as_ref().map_or_else(
        || "issuer.pem".to_owned(),
        |facts| stand_in(&facts.issuer_display_name),
    );
    let take_issuer = missing.map_or_else(String::new, |item| take_out(item, capture, &issuer_stand_in));
    let mut fill = Fill::default()
        .with("judge", judge.word())
        .with("sender", sender.word())
        .with("what", what)
        .with("row", row.detail.clone())
        .with("clock", moment(clock))
        .with(
            "trusts",
            if store.is_empty() {
                "nobody".to_owned()
            } else {
                store.join(", ")
            },
        )
        .with(
            "trust_file",
            trust_file.unwrap_or_else(|| {
                store
                    .first()
                    .map_or_else(|| format!("{}-trust.pem", judge.word()), |name| stand_in(name))
            }),
        )
        .with(
            "file",
            file_name(
                place.at_hand,
                place.facts.as_ref().map_or_else(
                    || format!("{}.pem", sender.word()),
                    |facts| stand_in(&facts.display_name),
                ),
            ),
        )
        .with(
            "issuer_file",
            if take_issuer.is_empty() {
                file_name(missing, issuer_stand_in)
            } else {
                issuer_stand_in
            },
        )
        .with_command("take_issuer", take_issuer)
        .with(
            "expected",
            trust
                .and_then(|trust| trust.expected_name.clone())
                .unwrap_or_default(),
        )
        .with(
            "needed",
            if judge == Side::Client {
                "serverAuth"
            } else {
                "clientAuth"
            },
        )
        .with("missing", missing_words(missing));
    let end = view
        .links
        .iter()
        .rev()
        .find(|link| link.presence == Presence::Sent);
    fill = fill.with(
        "chain_end",
        end.map_or_else(|| "nothing".to_owned(), |link| link.name.clone()),
    );
    if let Some(facts) = &place.facts {
        let names = facts.subject_alt_names.as_deref().unwrap_or_default();
        let presented = names
            .iter()
            .map(GeneralName::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        fill = fill
            .with("subject", facts.display_name.clone())
            .with("name", facts.display_name.clone())
            .with("issuer", facts.issuer_display_name.clone())
            .with("not_before", moment(facts.not_before))
            .with("not_after", moment(facts.not_after))
            .with(
                "presented",
                if presented.is_empty() {
                    "no name".to_owned()
                } else {
                    presented
                },
            );
    } else {
        fill = fill
            .with("subject", "The certificate")
            .with("name", "NAME")
            .with("issuer", "an unreadable issuer");
    }
    fill
}

fn missing_words(missing: Option<&AtHand>) -> String {
    let place = match missing {
        None => return "It was not sent.".to_owned(),
        Some(item) => match (&item.file, item.side) {
            (Some(file), _) => format!("in {file}"),
            (None, Some(side)) => format!("among what the {} has loaded", side.word()),
            (None, None) => "among the known certificates".to_owned(),
        },
    };
    format!("It was not sent, but lies {place} and completes the path.")
}

fn display_name(der: &[u8]) -> String {
    CertificateFacts::from_der(der).map_or_else(
        |_| "an unreadable certificate".to_owned(),
        |facts| facts.display_name,
    )
}

/// Whether `judge` looks at its peer's certificate at all.
pub(in crate::diagnose) fn does_judge(capture: &Capture, judge: Side) -> bool {
    let policy = capture.sides.server.policy.as_ref();
    judge == Side::Client || policy.is_none_or(|policy| policy.client_auth != Some(ClientAuth::None))
}
