//! OpenVPN profiles with inline blocks: `<ca>`, `<cert>`, `<key>`, `<extra-certs>`, `<pkcs12>`.

use zeroize::Zeroizing;

use super::super::kinds::Purpose;
use super::piece::{Document, Piece};

const READ: &[&str] = &["cert", "extra-certs", "key", "ca", "pkcs12", "crl-verify"];
/// Shared secrets of the control channel and numbers: no business of certificates.
const PASSED_OVER: &[&str] = &[
    "tls-auth",
    "tls-crypt",
    "tls-crypt-v2",
    "secret",
    "dh",
    "auth-user-pass",
];

fn tag(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix('<')?.strip_suffix('>')?;
    (READ.contains(&name) || PASSED_OVER.contains(&name)).then_some(name)
}

/// Whether this place in a document is a block of a profile: `<cert>`, or something in one.
pub fn is_in_openvpn_profile(within: &str) -> bool {
    within.split(", ").any(|part| tag(part).is_some())
}

/// Whether one of the blocks stands in it.
pub fn is_openvpn(text: &str) -> bool {
    text.lines().any(|line| tag(line).is_some())
}

/// The blocks; the certificate before its issuers, as in a chain, whatever their order in the file.
pub fn openvpn(text: &str) -> Document {
    let mut document = Document {
        what: "an OpenVPN profile".to_owned(),
        ..Document::default()
    };
    let mut lines = text.lines().enumerate();
    let mut has_static_key = false;
    while let Some((at, line)) = lines.next() {
        let Some(name) = tag(line) else { continue };
        let end = format!("</{name}>");
        let mut body = Zeroizing::new(String::new());
        for (_, line) in lines.by_ref() {
            if line.trim() == end {
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        if !READ.contains(&name) {
            has_static_key |= name.starts_with("tls-") || name == "secret";
            continue;
        }
        if body.trim().is_empty() {
            continue;
        }
        document.pieces.push(Piece {
            within: format!("<{name}>"),
            line: Some(at + 1),
            bytes: Zeroizing::new(body.as_bytes().to_vec()),
            passphrases: Vec::new(),
        });
    }
    let place = |piece: &Piece| {
        let name = piece.within.trim_matches(['<', '>']);
        READ.iter().position(|known| *known == name)
    };
    document.pieces.sort_by_key(place);
    // Extra certificates complete the chain that is sent: they are of one place with its leaf.
    if document
        .pieces
        .iter()
        .any(|piece| piece.within == "<extra-certs>")
    {
        let of_chain = |piece: &&mut Piece| ["<cert>", "<extra-certs>"].contains(&piece.within.as_str());
        for piece in document.pieces.iter_mut().filter(of_chain) {
            "<cert> with <extra-certs>".clone_into(&mut piece.within);
        }
    }
    document.meant_for = meant_for(text);
    if has_static_key {
        let words = "the shared key of tls-auth or tls-crypt is not used: it is no TLS certificate's";
        document.notes.push(words.to_owned());
    }
    let names_files = text.lines().any(|line| {
        let mut words = line.split_whitespace();
        matches!(words.next(), Some("ca" | "cert" | "key" | "pkcs12"))
            && words.next().is_some_and(|file| file != "[inline]")
    });
    if names_files {
        document
            .notes
            .push("it names further files, which are not opened: load them as well".to_owned());
    }
    document
}

/// Whose a profile is, by what only one of the two writes (openvpn(8)).
fn meant_for(text: &str) -> Option<Purpose> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        match words.next()? {
            "client" | "tls-client" | "remote" => Some(Purpose::ClientAuth),
            "server" | "tls-server" | "server-bridge" => Some(Purpose::ServerAuth),
            _ => None,
        }
    })
}
