//! Shell commands over PEM files that hold for any file: what is copied is certificates only, never a key that lies beside
//! them, and a file without a line break at its end joins the next one cleanly.

use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use super::distinguished::{attribute_text, string_text};
use super::names::attribute_name;
use super::quote::{shell_file, shell_quote, subject_value};

/// Prints the certificates of the files named after it. awk ends every file's last line, which `cat` does not.
pub const CERTIFICATES_OF: &str = "awk '/BEGIN.*CERTIFICATE-/,/END.*CERTIFICATE-/'";

/// Whether a command writes a file that commands behind it may need.
pub fn makes_a_file(command: &str) -> bool {
    command.contains(" > ") || command.contains(" -out ")
}

/// Certificates as a part of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PemPart {
    /// All certificates of a PEM file.
    Whole(String),
    /// The certificate at this place of a PEM file, from 0.
    One(String, usize),
    /// The certificate of a DER file.
    Der(String),
    /// At this address: DER, or the certificate at this place of a PEM file.
    Fetched(String, Option<usize>),
    /// Out of this container or document, by the command that prints it.
    Out(String, String),
}

impl PemPart {
    /// The file, or the address.
    pub fn file(&self) -> &str {
        match self {
            Self::Whole(file)
            | Self::One(file, _)
            | Self::Der(file)
            | Self::Fetched(file, _)
            | Self::Out(file, _) => file,
        }
    }

    /// Prints it as PEM.
    pub fn command(&self) -> String {
        match self {
            Self::Whole(file) => format!("{CERTIFICATES_OF} {}", shell_file(file)),
            Self::One(file, entry) => {
                format!("{} {}", one_of_several("CERTIFICATE", *entry), shell_file(file))
            }
            Self::Der(file) => format!("openssl x509 -inform DER -in {}", shell_file(file)),
            Self::Fetched(address, None) => {
                format!("{} | openssl x509 -inform DER", fetched(address))
            }
            Self::Fetched(address, Some(entry)) => {
                format!("{} | {}", fetched(address), one_of_several("CERTIFICATE", *entry))
            }
            Self::Out(_, command) => command.clone(),
        }
    }
}

/// Fetches an address. Where curl would read a pattern in it, it is told not to.
pub fn fetched(address: &str) -> String {
    let as_it_is = if address.contains(['[', ']', '{', '}']) {
        "--globoff "
    } else {
        ""
    };
    format!("curl -sSL {as_it_is}{}", shell_quote(address))
}

/// The command that writes these parts, in order, to one file.
pub fn joined(parts: &[PemPart], out: &str) -> String {
    let whole: Vec<String> = parts
        .iter()
        .filter_map(|part| match part {
            PemPart::Whole(file) => Some(shell_file(file)),
            _ => None,
        })
        .collect();
    let out = shell_file(out);
    match parts {
        all if whole.len() == all.len() => format!("{CERTIFICATES_OF} {} > {out}", whole.join(" ")),
        [only] => format!("{} > {out}", only.command()),
        several => {
            let commands: Vec<String> = several
                .iter()
                .map(|part| format!("{};", part.command()))
                .collect();
            format!("{{ {} }} > {out}", commands.join(" "))
        }
    }
}

/// Prints the object at this place, from 0, among those of its kind (`CERTIFICATE`, `X509 CRL`) in the PEM file named after
/// it, and stops at its end: what lies behind it may be a key.
pub fn one_of_several(kind: &str, entry: usize) -> String {
    format!(
        "awk '/BEGIN.*{kind}-/{{n++}} n=={0}; /END.*{kind}-/&&n=={0}{{exit}}'",
        entry + 1
    )
}

/// A DER-encoded Name as `openssl req -subj` takes it: `/O=Acme/CN=api`; `None` where it cannot be written so.
pub fn openssl_subject(der: &[u8]) -> Option<String> {
    let (_, name) = X509Name::from_der(der).ok()?;
    let mut text = String::new();
    for relative in name.iter_rdn() {
        for (index, attribute) in relative.iter().enumerate() {
            let kind = match &*attribute_name(attribute.attr_type()) {
                "STREET" => "street".to_owned(),
                other => other.to_owned(),
            };
            let value = match (attribute.as_str(), attribute.attr_value().tag().0) {
                (Ok(text), _) => text.to_owned(),
                // What calls itself UTF-8 and is none was Latin-1.
                (Err(_), 0x0c) => attribute_text(0x14, attribute.as_slice()),
                (Err(_), tag) => string_text(u8::try_from(tag).ok()?, attribute.as_slice())?,
            };
            // openssl leaves an empty value out, and no argument holds a NUL.
            if value.contains('\0') {
                return None;
            }
            text.push(if index == 0 { '/' } else { '+' });
            text.push_str(&kind);
            text.push('=');
            text.push_str(&subject_value(&value));
        }
    }
    if text.is_empty() {
        text.push('/');
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_in_the_shortest_form_that_holds() {
        let whole = |file: &str| PemPart::Whole(file.to_owned());
        assert_eq!(
            joined(&[whole("a b.pem"), whole("c.pem")], "out.pem"),
            format!("{CERTIFICATES_OF} 'a b.pem' c.pem > out.pem")
        );
        let command = joined(&[whole("a.pem"), PemPart::One("b.pem".to_owned(), 1)], "out.pem");
        assert!(
            command.starts_with("{ awk ") && command.ends_with("; } > out.pem"),
            "{command}"
        );
        assert!(command.contains("&&n==2{exit}"), "{command}");
        assert_eq!(
            joined(&[PemPart::Der("a.der".to_owned())], "out.pem"),
            "openssl x509 -inform DER -in a.der > out.pem"
        );
    }

    #[test]
    fn an_address_with_what_curl_takes_for_a_pattern_is_taken_as_it_is() {
        assert_eq!(fetched("http://a/b"), "curl -sSL http://a/b");
        for letter in ['[', ']', '{', '}'] {
            let address = format!("http://a/{letter}b");
            assert_eq!(fetched(&address), format!("curl -sSL --globoff '{address}'"));
        }
    }

    /// The kinds that RFC 4514 names, and how openssl calls them.
    #[test]
    fn a_subject_is_written_as_openssl_reads_it() {
        use crate::pki::der::tagged;
        let part = |kinds: &[(u8, &str)]| {
            let values: Vec<u8> = kinds
                .iter()
                .flat_map(|(kind, value)| {
                    let pair = [tagged(0x06, &[0x55, 4, *kind]), tagged(0x0c, value.as_bytes())].concat();
                    tagged(0x30, &pair)
                })
                .collect();
            tagged(0x31, &values)
        };
        let name = |parts: &[Vec<u8>]| openssl_subject(&tagged(0x30, &parts.concat()));
        assert_eq!(
            name(&[
                part(&[(10, "A/B")]),
                part(&[(9, "Way 1")]),
                part(&[(3, "api"), (11, "x")])
            ])
            .as_deref(),
            Some(r"/O=A\/B/street=Way 1/CN=api+OU=x")
        );
        assert_eq!(name(&[]).as_deref(), Some("/"));
        assert_eq!(name(&[part(&[(3, "a\0b")])]), None);
    }
}
