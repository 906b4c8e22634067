//! What a field means in this very handshake: never more than the capture and its judgement say.

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Body, Field, Message, MessageKind};
use crate::diagnose::{CheckKind, Outcome, Proof};
use crate::iana::SignatureScheme;
use crate::pki::GeneralName;

/// The sentence that follows “Here it matters: ”; `None` where this handshake gives the field no further meaning.
pub(super) fn here(
    analysis: &Analysis,
    index: usize,
    message: &Message,
    path: &[usize],
    field: &str,
) -> Option<String> {
    let of_certificate = || certificate_at(analysis, message, path);
    match (message.kind, field) {
        (MessageKind::ClientHello, _) => hello(analysis, field),
        (
            MessageKind::ServerHello,
            "cipher_suite" | "key_share" | "supported_versions" | "selected_version",
        ) => chosen_from(analysis, field),
        (MessageKind::ServerHello, "pre_shared_key") => {
            Some("an earlier session is resumed, so no certificate is shown and none is judged.".to_owned())
        }
        (MessageKind::HelloRetryRequest, _) => {
            let asked = analysis.transcript.group.as_ref()?;
            Some(format!(
                "the client had sent no share for {asked}; its second hello brings one."
            ))
        }
        (
            MessageKind::CertificateRequest,
            "certificate_authorities" | "authorities" | "DistinguishedName" | "name",
        ) => authorities(analysis),
        (
            MessageKind::CertificateRequest,
            "signature_algorithms" | "supported_signature_algorithms" | "SignatureScheme",
        ) => client_scheme(analysis),
        (MessageKind::CertificateRequest, "CertificateRequest") => request_answered(analysis),
        (MessageKind::CertificateVerify | MessageKind::Finished | MessageKind::ServerKeyExchange, _) => {
            proof(analysis, index)
        }
        (
            MessageKind::Certificate | MessageKind::CompressedCertificate,
            "certificate_list" | "Certificate",
        ) => chain(analysis, message.side),
        (
            MessageKind::Certificate | MessageKind::CompressedCertificate,
            "notAfter" | "notBefore" | "validity",
        ) => {
            let judge = analysis.capture.sides.of(message.side.peer()).trust.as_ref()?;
            let clock = jiff::Timestamp::from_second(judge.clock_unix_s).ok()?;
            let verdict = verdict(analysis, message.side, of_certificate()?, CheckKind::Validity)?;
            Some(format!(
                "the {} judged it at {}: {verdict}.",
                message.side.peer().word(),
                clock.strftime("%Y-%m-%d %H:%M:%S UTC")
            ))
        }
        (MessageKind::Certificate | MessageKind::CompressedCertificate, field) => {
            let check = match field {
                "subjectAltName" | "dNSName" | "iPAddress" | "uniformResourceIdentifier" => CheckKind::Name,
                "issuer" | "authorityKeyIdentifier" => CheckKind::Issuer,
                "signatureValue" | "signatureAlgorithm" => CheckKind::Signature,
                "basicConstraints" | "cA" => CheckKind::BasicConstraints,
                "pathLenConstraint" => CheckKind::PathLength,
                "keyUsage" => CheckKind::KeyUsage,
                "extKeyUsage" | "extendedKeyUsage" | "KeyPurposeId" => CheckKind::Purpose,
                "nameConstraints" => CheckKind::NameConstraints,
                "subjectPublicKeyInfo" | "subjectPublicKey" => CheckKind::Possession,
                _ => return None,
            };
            let words = verdict(analysis, message.side, of_certificate()?, check)?;
            Some(format!("the {} checks it: {words}.", message.side.peer().word()))
        }
        (MessageKind::Alert, _) => alert(analysis, message),
        _ => None,
    }
}

fn hello(analysis: &Analysis, field: &str) -> Option<String> {
    let transcript = &analysis.transcript;
    match field {
        "server_name" | "ServerName" | "HostName" | "host_name" => {
            let asked = transcript.sni.as_ref()?;
            let (_, chain) = transcript.chain_sent_by(Side::Server)?;
            let facts = analysis.certificates().facts(&chain.chain.first()?.0)?;
            let names = facts.subject_alt_names.as_deref().unwrap_or_default();
            let list = names
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            Some(if names.contains(&GeneralName::Dns(asked.clone())) {
                format!(
                    "the server's certificate lists {asked}, the very name asked for, so the name check in step 3 passes."
                )
            } else {
                format!("the client asks for {asked}; the server's certificate lists {list}.")
            })
        }
        "cipher_suites" | "cipher_suite" => {
            Some(format!("the server chose {}.", transcript.cipher_suite.as_ref()?))
        }
        "supported_groups" | "key_share" | "NamedGroup" | "KeyShareEntry" | "group" => {
            Some(format!("the two agreed on {}.", transcript.group.as_ref()?))
        }
        "supported_versions" | "version" | "legacy_version" => {
            Some(format!("the server chose {}.", transcript.version.as_ref()?))
        }
        "application_layer_protocol_negotiation" | "ProtocolName" => {
            Some(transcript.alpn.as_ref().map_or_else(
                || "no protocol was agreed on.".to_owned(),
                |alpn| format!("the server chose {alpn}."),
            ))
        }
        "signature_algorithms" | "SignatureScheme" => {
            let scheme = scheme_of(analysis, Side::Server)?;
            Some(format!("the server signed with {scheme}."))
        }
        "pre_shared_key" | "PskIdentity" => Some(if transcript.resumed? {
            "the server took it: the session is resumed.".to_owned()
        } else {
            "the server passed it over and shook hands in full.".to_owned()
        }),
        "session_ticket" | "legacy_session_id" if transcript.resumed == Some(true) => {
            Some("the session is resumed.".to_owned())
        }
        _ => None,
    }
}

/// What the server picked, and what it could have picked instead.
fn chosen_from(analysis: &Analysis, field: &str) -> Option<String> {
    let (_, hello) = analysis.transcript.client_hello()?;
    let offered = match field {
        "cipher_suite" => hello.cipher_suites.len(),
        "key_share" => hello.groups.len(),
        _ => hello.versions.len(),
    };
    (offered > 0).then(|| match offered {
        1 => "the client offered nothing else.".to_owned(),
        count => format!("one of {count} that the client offered."),
    })
}

fn authorities(analysis: &Analysis) -> Option<String> {
    let (_, request) = analysis.transcript.certificate_request()?;
    let (_, chain) = analysis.transcript.chain_sent_by(Side::Client)?;
    let last = chain
        .chain
        .last()
        .and_then(|(der, _)| analysis.certificates().facts(der))?;
    let is_named = request.authorities.iter().any(|(der, _)| *der == last.issuer_der);
    let which = if is_named {
        "which is among them"
    } else {
        "which is not among them"
    };
    Some(format!(
        "the client's chain leads to {}, {which}.",
        last.issuer_display_name
    ))
}

fn scheme_of(analysis: &Analysis, side: Side) -> Option<SignatureScheme> {
    analysis
        .transcript
        .messages
        .iter()
        .filter(|message| message.side == side)
        .find_map(|message| match &message.body {
            Body::CertificateVerify(facts) => Some(facts.scheme),
            Body::ServerKeyExchange {
                scheme: Some(scheme), ..
            } => Some(Some(*scheme)),
            _ => None,
        })
        .flatten()
}

fn client_scheme(analysis: &Analysis) -> Option<String> {
    scheme_of(analysis, Side::Client).map(|scheme| format!("the client signed with {scheme}."))
}

fn request_answered(analysis: &Analysis) -> Option<String> {
    let (_, sent) = analysis.transcript.chain_sent_by(Side::Client)?;
    Some(match sent.chain.first() {
        None => "the client answered with an empty Certificate: it shows none.".to_owned(),
        Some((der, _)) => {
            let facts = analysis.certificates().facts(der)?;
            format!("the client answered with {}.", facts.display_name)
        }
    })
}

fn proof(analysis: &Analysis, index: usize) -> Option<String> {
    let proof: &Proof = analysis
        .diagnosis
        .proofs
        .iter()
        .find(|proof| proof.message == index)?;
    let mut letters = proof.words.chars();
    let first = letters.next()?.to_lowercase();
    Some(first.chain(letters).collect())
}

fn chain(analysis: &Analysis, side: Side) -> Option<String> {
    let view = analysis.diagnosis.chains.of(side);
    let names: Vec<&str> = view.links.iter().map(|link| link.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("the chain reads {}.", names.join(" ← ")))
}

/// The digest of the certificate that a field lies in.
fn certificate_at<'a>(analysis: &'a Analysis, message: &Message, path: &[usize]) -> Option<&'a str> {
    let Body::Certificate(sent) = &message.body else {
        return None;
    };
    let field: &Field = message.root.at(path)?;
    let (der, _) = sent.chain.iter().find(|(_, range)| {
        field.buffer == sent.buffer && range.start <= field.range.start && field.range.end <= range.end
    })?;
    Some(analysis.certificates().of_der(der)?.sha256.as_str())
}

/// How a check on a certificate went, in its own words.
fn verdict(analysis: &Analysis, sender: Side, sha256: &str, check: CheckKind) -> Option<String> {
    let row = analysis.diagnosis.matrix.iter().find(|row| {
        row.side == sender.peer()
            && row.check == check
            && row
                .certificate
                .as_ref()
                .is_some_and(|certificate| certificate.sha256 == sha256)
    })?;
    let said = match row.outcome {
        Outcome::Pass => "it passes",
        Outcome::Fail => "it fails",
        Outcome::Warn if row.is_refused_elsewhere => "it passes here, and others would object",
        Outcome::Warn => "it passes with every stack on record, against the rules",
        Outcome::Unknown => "that cannot be told",
        Outcome::NotReached | Outcome::NotApplicable => return None,
    };
    Some(format!("{said} ({})", row.detail))
}

fn alert(analysis: &Analysis, message: &Message) -> Option<String> {
    let Body::Alert(facts) = message.body else {
        return None;
    };
    if matches!(facts.code, 0 | 90) {
        return Some(format!("the {} is done, and says so.", message.side.word()));
    }
    let cause = analysis.diagnosis.causes.first()?;
    Some(format!("{}.", cause.title.trim_end_matches('.')))
}
