//! What an alert can mean where nothing else says what is wrong: that a side refused is proven, why is only possible
//! (RFC 8446 §6.2).

use super::draft::Draft;
use super::meanings::meanings;
use crate::capture::{Alteration, Capture, Side};
use crate::decode::{Body, MessageKind, Transcript};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::Fill;
use crate::diagnose::refuted::{deciding_check, is_refuted, open_row};
use crate::diagnose::{CauseId, Certainty, Evidence, MatrixRow};
use crate::pki::{CertificateFacts, GeneralName};
use crate::printable::quoted_value;

/// The causes that the alert of a side can mean, for an alert that no cause found so far explains; before them, where they are
/// not one, that the side did not say why.
///
/// A trust store that is not known, a flight that stays shut, a stack that kept no words: then the alert is all there is, and
/// it makes causes possible. What a passed check refutes is not possible.
pub(in crate::diagnose) fn from_alerts(
    drafts: &[Draft],
    matrix: &[MatrixRow],
    capture: &Capture,
    transcript: &Transcript,
) -> Vec<Draft> {
    let Some((index, message, alert)) = transcript.failure_alerts().next() else {
        return Vec::new();
    };
    let judge = message.side;
    let meanings = meanings(alert.code);
    let is_explained = drafts.iter().any(|draft| {
        let is_told = meanings.contains(&draft.id) || explains_any_alert(draft);
        (draft.side == Some(judge) && is_told) || draft.id == CauseId::ProxyHeaderMismatch
    });
    // A side whose own verdict is known has said what it objects to, or could be asked: its alert adds nothing.
    if is_explained || capture.sides.of(judge).verdict.is_some() {
        return Vec::new();
    }
    let name = crate::iana::alert(alert.code);
    let evidence = Evidence {
        message: Some(index),
        range: 0..message.bytes.len(),
        words: format!("the {} sent the alert {name}", judge.word()),
    };
    let sent = transcript.chain_sent_by(judge.peer());
    let chain: Vec<Certificate> = sent
        .map(|(_, sent)| sent.chain.iter().map(|(der, _)| Certificate::read(der)).collect())
        .unwrap_or_default();
    let leaf = chain.first();
    let facts = leaf.and_then(Certificate::facts);
    let open: Vec<CauseId> = meanings
        .iter()
        .copied()
        // An alert of a certificate says by itself that one was shown, whatever was recorded.
        .filter(|id| is_of_certificates(alert.code) || has_been_shown(*id, judge, index, capture, transcript))
        .filter(|id| is_possible(*id, judge, index, capture, transcript))
        // A certificate that another one issued is not its own issuer.
        .filter(|id| {
            *id != CauseId::SelfSignedNotTrusted || facts.is_none_or(CertificateFacts::is_self_issued)
        })
        // Nor can an ID be another than expected where there is none.
        .filter(|id| *id != CauseId::SpiffeIdMismatch || facts.is_none_or(has_uri))
        .filter(|id| !is_refuted(matrix, *id, judge))
        .collect();
    let told = |facts: Option<&CertificateFacts>| {
        let issued = facts.map_or_else(String::new, |facts| {
            format!(
                " The {} presents {}, issued by {}.",
                judge.peer().word(),
                quoted_value(&facts.display_name),
                quoted_value(&facts.issuer_display_name)
            )
        });
        let meanings = match open.len() {
            1 => "this is what it means most often".to_owned(),
            count => format!("this is one of the {count} things that it can mean here"),
        };
        format!(
            "The {} sent the alert {name} and said no more; {meanings}.{issued}",
            judge.word()
        )
    };
    let expected = transcript
        .client_hello()
        .and_then(|(_, hello)| hello.server_name.clone());
    let draft = |id: CauseId, certainty: Certainty, of: Option<&Certificate>, detail: String| {
        let mut fill = fill(judge, of.and_then(Certificate::facts), detail);
        if let Some(name) = &expected {
            fill = fill.with("expected", name.as_str());
        }
        Draft {
            id,
            certainty,
            side: Some(judge),
            certificate: of.map(Certificate::reference),
            evidence: vec![evidence.clone()],
            fill,
            at_us: message.at_us,
        }
    };
    let mut found = Vec::new();
    let is_proven = drafts
        .iter()
        .any(|draft| draft.side == Some(judge) && draft.certainty == Certainty::Proven);
    if open.len() != 1 && !is_proven {
        let refused = "refused the certificate";
        let did = if is_of_certificates(alert.code) && sent.is_none_or(|(_, sent)| !sent.chain.is_empty()) {
            refused
        } else {
            "ended the handshake"
        };
        let detail = unexplained(judge, &name, &meanings, &open);
        let mut one = draft(
            CauseId::UnexplainedRefusal,
            Certainty::Proven,
            leaf.filter(|_| did == refused),
            detail,
        );
        one.fill = one.fill.with("did", did);
        found.push(one);
    }
    found.extend(open.iter().map(|id| {
        // The certificate on which it is open: of an issuer that nobody knows, the last of the chain.
        let row = open_row(matrix, *id, judge).and_then(|row| row.certificate.as_ref());
        let of = row
            .and_then(|row| chain.iter().find(|one| one.reference() == *row))
            .or(leaf);
        draft(
            *id,
            Certainty::Possible,
            of,
            told(of.and_then(Certificate::facts)),
        )
    }));
    found
}

/// Whether a cause explains whatever alert came: stacks choose among many for a list that is empty.
fn explains_any_alert(draft: &Draft) -> bool {
    let is_empty_list = matches!(
        draft.id,
        CauseId::ClientCertificateMissing | CauseId::ClientCertificateNotAcceptable
    );
    is_empty_list && draft.certainty == Certainty::Proven
}

/// What is known where an alert is all that a side said.
fn unexplained(judge: Side, name: &str, meanings: &[CauseId], open: &[CauseId]) -> String {
    let said = format!("It sent the alert {name}, and an alert carries no reason.");
    let rest = match (open.len(), meanings.len()) {
        (0, 0) => "It names no fault.".to_owned(),
        (0, _) => "Whatever it usually means, the checks of what was seen do not bear out.".to_owned(),
        (count, all) if count < all => {
            let ruled_out = match all - count {
                1 => "one more is".to_owned(),
                many => format!("{many} more are"),
            };
            format!(
                "It can mean {count} things here, likeliest first; {ruled_out} ruled out by what was seen."
            )
        }
        (count, _) => format!("It can mean {count} things here, likeliest first."),
    };
    format!("{said} {rest} The reason is in the {}'s log.", judge.word())
}

/// Whether an alert is about a certificate (RFC 8446 §6.2, RFC 6066 §8).
fn is_of_certificates(code: u8) -> bool {
    matches!(code, 41..=46 | 48 | 49 | 113)
}

fn has_uri(facts: &CertificateFacts) -> bool {
    let names = facts.subject_alt_names.as_deref().unwrap_or_default();
    names.iter().any(|name| matches!(name, GeneralName::Uri(_)))
}

/// Whether `side` sent something before the alert that stayed shut, or was not recorded.
fn is_hidden(side: Side, before: usize, capture: &Capture, transcript: &Transcript) -> bool {
    let messages = transcript.messages.iter().take(before);
    let is_shut = messages
        .filter(|message| message.side == side)
        .any(|message| message.kind == MessageKind::Encrypted);
    let is_missing = |altered: &Alteration| matches!(altered, Alteration::Missing { .. });
    is_shut
        || capture
            .segments
            .iter()
            .any(|segment| segment.from == side && segment.altered.as_ref().is_some_and(is_missing))
}

/// Whether the judge can have seen what a cause speaks of: a certificate that was sent, or at least bytes that came.
fn has_been_shown(
    id: CauseId,
    judge: Side,
    alert: usize,
    capture: &Capture,
    transcript: &Transcript,
) -> bool {
    let sender = judge.peer();
    let has_sent = |is_it: &dyn Fn(&Body) -> bool| {
        let mut messages = transcript.messages.iter().take(alert);
        messages.any(|message| message.side == sender && is_it(&message.body))
    };
    if is_of_a_certificate(id) {
        let is_one = |body: &Body| match body {
            Body::Certificate(sent) => !sent.chain.is_empty() || sent.raw_public_key.is_some(),
            _ => false,
        };
        return has_sent(&is_one)
            || is_hidden(sender, alert, capture, transcript)
            || began_late(sender, transcript)
            || transcript.resumed == Some(true);
    }
    match id {
        CauseId::Tampered | CauseId::UnexpectedMessage | CauseId::Malformed => {
            has_sent(&|body| !matches!(body, Body::Preamble { .. })) || began_late(sender, transcript)
        }
        _ => true,
    }
}

/// Whether a side's first message is not one that begins a handshake: what came before it was not recorded.
fn began_late(side: Side, transcript: &Transcript) -> bool {
    let first = transcript
        .messages
        .iter()
        .find(|message| message.side == side && !matches!(message.body, Body::Preamble { .. }));
    first.is_some_and(|message| {
        !matches!(
            message.body,
            Body::ClientHello(_) | Body::ServerHello(_) | Body::Alert(_) | Body::NotTls { .. }
        )
    })
}

/// Whether a cause is a fault of a certificate, which somebody has to have sent.
fn is_of_a_certificate(id: CauseId) -> bool {
    deciding_check(id).is_some()
}

/// Whether the messages leave a meaning open.
fn is_possible(id: CauseId, judge: Side, alert: usize, capture: &Capture, transcript: &Transcript) -> bool {
    let has_come = |kind: MessageKind| transcript.first(kind, Side::Server).is_some();
    let sent = transcript
        .chain_sent_by(judge.peer())
        .map(|(_, sent)| sent.chain.len());
    let chosen = || {
        transcript
            .messages
            .iter()
            .find_map(|message| match &message.body {
                Body::ServerHello(hello) if !hello.is_retry => Some(hello),
                _ => None,
            })
    };
    let offered = || transcript.client_hello().map(|(_, hello)| hello);
    match id {
        CauseId::ClientCertificateMissing | CauseId::ClientCertificateNotAcceptable => {
            // It can be missed only once it was asked for. What stays shut may have asked.
            let was_not_asked = transcript.certificate_request().is_none()
                && !is_hidden(Side::Server, alert, capture, transcript)
                && !began_late(Side::Server, transcript);
            judge == Side::Server && sent.is_none_or(|count| count == 0) && !was_not_asked
        }
        CauseId::ServerCertificateMissing => {
            judge == Side::Server && transcript.chain_sent_by(Side::Server).is_none()
        }
        // A server that answers has agreed on these.
        CauseId::NoCommonVersion | CauseId::NoCommonCipher | CauseId::NoCommonGroup
            if judge == Side::Server =>
        {
            !has_come(MessageKind::ServerHello)
        }
        // And a client that offered what was chosen has it in common.
        CauseId::NoCommonCipher => !chosen().zip(offered()).is_some_and(|(chosen, offered)| {
            let suite = chosen.cipher_suite;
            suite.is_some_and(|suite| offered.cipher_suites.contains(&suite))
        }),
        CauseId::NoCommonGroup => !chosen().zip(offered()).is_some_and(|(chosen, offered)| {
            chosen.group.is_some_and(|group| offered.groups.contains(&group))
        }),
        // Only a server is asked for a name, and before it answers.
        CauseId::SniRejected => judge == Side::Server && !has_come(MessageKind::ServerHello),
        // And one that signs has found a scheme.
        CauseId::NoCommonSignatureScheme => {
            judge == Side::Client
                || !(has_come(MessageKind::CertificateVerify) || has_come(MessageKind::ServerKeyExchange))
        }
        CauseId::AlpnMismatch => {
            judge == Side::Client
                || !(has_come(MessageKind::EncryptedExtensions) || has_come(MessageKind::ServerHelloDone))
        }
        // What only a name can break, a server does not judge.
        CauseId::NameMismatch | CauseId::NoSan | CauseId::IpInDnsName | CauseId::WildcardMisuse => {
            judge == Side::Client
        }
        _ => true,
    }
}

/// What the templates ask for, as far as bytes and an alert tell; files have the names that people give them.
fn fill(judge: Side, facts: Option<&CertificateFacts>, detail: String) -> Fill {
    let (sender, judge_word) = (judge.peer().word(), judge.word());
    let file = format!("{sender}.pem");
    let subject = facts.map_or("NAME", |facts| facts.display_name.as_str());
    let issuer = facts.map_or("its issuer", |facts| facts.issuer_display_name.as_str());
    let purpose = match judge {
        Side::Client => "serverAuth",
        Side::Server => "clientAuth",
    };
    Fill::default()
        .with_detail(detail)
        .with("judge", judge_word)
        .with("sender", sender)
        .with("what", "certificate")
        .with("row", "certificate")
        .with("subject", subject)
        .with("name", subject)
        .with("issuer", issuer)
        .with("chain_end", subject)
        .with("expected", "NAME")
        .with("presented", "other names")
        .with("needed", purpose)
        .with("leaf_file", file.as_str())
        .with("file", file)
        .with("trust_file", format!("{judge_word}-trust.pem"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::family;
    use crate::diagnose::words::tell;

    #[test]
    fn what_happens_every_day_comes_first() {
        // certificate_unknown and bad_certificate, which stacks send for all that they have no other alert for.
        for code in [42, 46] {
            let all = meanings(code);
            assert_eq!(all.first(), Some(&CauseId::UnknownIssuer), "{code}: {all:?}");
            assert!(
                family::of_alert(code).iter().all(|id| all.contains(id)),
                "{code}: {all:?}"
            );
        }
    }

    #[test]
    fn no_template_is_left_open() {
        for judge in Side::BOTH {
            let fill = fill(judge, None, "detail".to_owned());
            for id in (0..=255).flat_map(family::of_alert) {
                let told = tell(*id, &fill);
                let commands = told
                    .remedies
                    .iter()
                    .flat_map(|remedy| remedy.commands.iter().chain([&remedy.text]));
                for text in commands.chain([&told.title]) {
                    let open = text.find('{').and_then(|at| text.get(at + 1..at + 2));
                    assert!(
                        !open.is_some_and(|next| next.chars().all(|c| c.is_ascii_lowercase())),
                        "{}: {text}",
                        id.word()
                    );
                }
            }
        }
    }
}
