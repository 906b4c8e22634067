//! Where the bytes of a difference are: the message that says it, and the field in it.

use super::difference::Difference;
use super::inputs::Input;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Field, MessageKind};

/// The message that says what differs, and the path to the field; `None` where no byte of this handshake does.
pub fn place(one: &Difference, analysis: &Analysis) -> Option<(usize, Vec<usize>)> {
    let field = |kind: MessageKind, side: Side, name: &str| {
        let (index, message) = analysis.transcript.first(kind, side)?;
        Some((index, path_to(&message.root, name).unwrap_or_default()))
    };
    let hello = |side: Side, name: &str| match side {
        Side::Client => field(MessageKind::ClientHello, side, name),
        Side::Server => field(MessageKind::ServerHello, side, name),
    };
    match one.input {
        Some(Input::Presents(side)) => certificate(one, analysis, side),
        // What a server trusts it may name in its request (RFC 8446 §4.2.4, RFC 5246 §7.4.4).
        Some(Input::Trusts(Side::Server)) => field(
            MessageKind::CertificateRequest,
            Side::Server,
            "certificate_authorities",
        ),
        Some(Input::ClientAuth) => field(MessageKind::CertificateRequest, Side::Server, ""),
        Some(Input::ServerName) => hello(Side::Client, "server_name"),
        Some(Input::Versions(side)) => hello(side, "supported_versions"),
        Some(Input::CipherSuites(Side::Client)) => hello(Side::Client, "cipher_suites"),
        Some(Input::Groups(Side::Client)) => hello(Side::Client, "supported_groups"),
        Some(Input::Protocols(Side::Client)) => hello(Side::Client, "application_layer_protocol_negotiation"),
        Some(Input::VerifySchemes(Side::Client)) => hello(Side::Client, "signature_algorithms"),
        Some(_) => None,
        None => effect(&one.name, analysis),
    }
}

/// The field of the certificate that is spoken of; the message where it is of none, or of the chain.
fn certificate(one: &Difference, analysis: &Analysis, side: Side) -> Option<(usize, Vec<usize>)> {
    let (index, sent) = analysis.transcript.chain_sent_by(side)?;
    let message = analysis.transcript.messages.get(index)?;
    let own = format!(" of the {}'s certificate", side.word());
    let Some(what) = one.name.strip_suffix(&own) else {
        return Some((index, Vec::new()));
    };
    let name = match what {
        "Subject" => "subject",
        "Issuer" => "issuer",
        "Serial number" => "serialNumber",
        "Start of validity" => "notBefore",
        "End of validity" => "notAfter",
        "Public key" => "subjectPublicKeyInfo",
        "Names (subjectAltName)" => "subjectAltName",
        "Purposes (extendedKeyUsage)" => "extKeyUsage",
        _ => "",
    };
    let mut path = sent
        .chain
        .first()
        .map(|(_, range)| message.root.path_to_range(range))
        .unwrap_or_default();
    if let Some(deeper) = message.root.at(&path).and_then(|leaf| path_to(leaf, name)) {
        path.extend(deeper);
    }
    Some((index, path))
}

/// The message by which one sees what came of it.
fn effect(name: &str, analysis: &Analysis) -> Option<(usize, Vec<usize>)> {
    let kind = match name {
        "Alerts" => MessageKind::Alert,
        "Session tickets" => MessageKind::NewSessionTicket,
        "Version agreed on" | "Cipher suite agreed on" | "Group agreed on" => MessageKind::ServerHello,
        _ => return None,
    };
    let messages = analysis.transcript.messages.iter();
    let index = messages.enumerate().find(|(_, message)| message.kind == kind)?.0;
    Some((index, Vec::new()))
}

/// The path to the first field of this name below, or to the extension of a certificate that is called so.
fn path_to(field: &Field, name: &str) -> Option<Vec<usize>> {
    if name.is_empty() {
        return None;
    }
    for (index, child) in field.children.iter().enumerate() {
        if child.name == name || (child.name == "Extension" && child.value == name) {
            return Some(vec![index]);
        }
        if let Some(deeper) = path_to(child, name) {
            return Some([vec![index], deeper].concat());
        }
    }
    None
}
