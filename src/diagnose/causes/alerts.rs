//! What an alert can mean where nothing else says what is wrong: possible causes, never proven (RFC 8446 §6.2).

use super::{Draft, Fill};
use crate::capture::{Capture, Side};
use crate::decode::Transcript;
use crate::diagnose::certificate::Certificate;
use crate::diagnose::{CauseId, Certainty, Evidence, family, log};
use crate::pki::{CertificateFacts, GeneralName};

/// The causes that the alert of a side can mean, for an alert that no cause found so far explains.
///
/// A trust store that is not known, a flight that stays shut, a stack that kept no words: then the alert is all there
/// is, and it makes causes possible.
pub(in crate::diagnose) fn from_alerts(
    drafts: &[Draft],
    capture: &Capture,
    transcript: &Transcript,
) -> Vec<Draft> {
    let Some((index, message, alert)) = transcript.failure_alerts().next() else {
        return Vec::new();
    };
    let judge = message.side;
    let meanings = meanings(alert.code);
    let is_explained = drafts
        .iter()
        .any(|draft| draft.side == Some(judge) && meanings.contains(&draft.id));
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
    let leaf = sent.and_then(|(_, chain)| chain.chain.first());
    let leaf = leaf.map(|(der, _)| Certificate::read(der));
    let facts = leaf.as_ref().and_then(Certificate::facts);
    let open: Vec<CauseId> = meanings
        .iter()
        .copied()
        .filter(|id| is_possible(*id, judge, sent.map(|(_, chain)| chain.chain.len())))
        // A certificate that another one issued is not its own issuer.
        .filter(|id| {
            *id != CauseId::SelfSignedNotTrusted || facts.is_none_or(CertificateFacts::is_self_issued)
        })
        // Nor can an ID be another than expected where there is none.
        .filter(|id| *id != CauseId::SpiffeIdMismatch || facts.is_none_or(has_uri))
        .collect();
    let issued = facts.map_or_else(String::new, |facts| {
        format!(
            " The {} presents {}, issued by {}.",
            judge.peer().word(),
            facts.display_name,
            facts.issuer_display_name
        )
    });
    let meanings = match open.len() {
        1 => "this is what it means most often".to_owned(),
        count => format!("this is one of the {count} things that it can mean here"),
    };
    let detail = format!(
        "The {} sent the alert {name} and said no more; {meanings}.{issued}",
        judge.word()
    );
    let mut fill = fill(judge, facts, detail);
    if let Some(name) = transcript
        .client_hello()
        .and_then(|(_, hello)| hello.server_name.clone())
    {
        fill = fill.with("expected", name);
    }
    open.into_iter()
        .map(|id| Draft {
            id,
            certainty: Certainty::Possible,
            side: Some(judge),
            certificate: leaf.as_ref().map(Certificate::reference),
            evidence: vec![evidence.clone()],
            fill: fill.clone(),
            at_us: message.at_us,
        })
        .collect()
}

/// What stacks send the alert for, what happens most first, then the RFC's meanings: a certificate is unknown every day, and a
/// CA in the place of a leaf once in a career.
fn meanings(code: u8) -> Vec<CauseId> {
    let mut all = log::everyday(code).to_vec();
    for id in family::of_alert(code) {
        if !all.contains(id) {
            all.push(*id);
        }
    }
    all
}

fn has_uri(facts: &CertificateFacts) -> bool {
    let names = facts.subject_alt_names.as_deref().unwrap_or_default();
    names.iter().any(|name| matches!(name, GeneralName::Uri(_)))
}

/// Whether the bytes leave a meaning open: `sent` is how many certificates the peer sent, where that was seen.
fn is_possible(id: CauseId, judge: Side, sent: Option<usize>) -> bool {
    match id {
        CauseId::ClientCertificateMissing | CauseId::ClientCertificateNotAcceptable => {
            judge == Side::Server && sent.is_none_or(|count| count == 0)
        }
        CauseId::ServerCertificateMissing => judge == Side::Server && sent.is_none(),
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
