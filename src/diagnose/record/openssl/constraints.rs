//! Names held against name constraints (`crypto/x509/v3_ncons.c`): every kind but a few is compared, self-issued CAs excepted.

use super::super::general_names::{Constraints, DIRECTORY, DNS, EMAIL, IP, Name, OTHER, URI};
use super::super::given::Check;
use super::host::COMMON_NAME;
use super::seen::Seen;
use crate::diagnose::reading::Elements;
use crate::pki::{NamePart, folded, name_parts_of_contents};

/// pkcs9 emailAddress, its OID's contents.
const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
/// id-on-SmtpUTF8Mailbox (RFC 8398).
const UTF8_MAILBOX: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 8, 9];
/// Names times constraints, and no more.
const MOST: usize = 1 << 20;

/// Why a name is not let pass: it lies outside, or cannot be compared.
enum Miss {
    Outside,
    Error(&'static str),
}

pub(super) fn check(links: &[&Seen<'_>]) -> Check {
    for (depth, one) in links.iter().enumerate().rev() {
        if depth != 0 && one.is_self_issued {
            continue;
        }
        for issuer in links.iter().skip(depth + 1) {
            let Some(constraints) = &issuer.constraints else {
                continue;
            };
            check_one(one, constraints)?;
            if depth == 0 && !one.names.iter().any(|(tag, _)| *tag == DNS) {
                check_common_names(one, constraints)?;
            }
        }
    }
    Ok(())
}

fn subject(one: &Seen<'_>) -> Vec<NamePart> {
    let parts = one.certificate.subject().and_then(name_parts_of_contents);
    parts.unwrap_or_default()
}

/// `NAME_CONSTRAINTS_check`.
fn check_one(one: &Seen<'_>, constraints: &Constraints<'_>) -> Check {
    let subject = subject(one);
    if constraints.count() > 0 && subject.len() + one.names.len() > MOST / constraints.count() {
        return Err("unspecified certificate verification error".into());
    }
    if let (false, Some(contents)) = (subject.is_empty(), one.certificate.subject()) {
        hold((DIRECTORY, contents), constraints)?;
        for part in subject.iter().filter(|part| part.oid == EMAIL_ADDRESS) {
            if part.tag != 0x16 {
                return Err("unsupported or invalid name syntax".into());
            }
            hold((EMAIL, &part.bytes), constraints)?;
        }
    }
    for (tag, contents) in &one.names {
        // A directoryName is tagged from outside: its SEQUENCE is within.
        let contents = match *tag {
            DIRECTORY => Elements::of_any_length(contents)
                .expect_bytes(0x30)
                .unwrap_or_default(),
            _ => contents,
        };
        hold((*tag, contents), constraints)?;
    }
    Ok(())
}

/// `NAME_CONSTRAINTS_check_CN`: a common name that could be a DNS name is one.
fn check_common_names(one: &Seen<'_>, constraints: &Constraints<'_>) -> Check {
    for part in subject(one).iter().filter(|part| part.oid == COMMON_NAME) {
        let text = part.text.trim_end_matches('\0').as_bytes();
        if text.contains(&0) {
            return Err("unsupported or invalid name syntax".into());
        }
        if is_like_a_dns_name(text) {
            hold((DNS, text), constraints)?;
        }
    }
    Ok(())
}

fn is_like_a_dns_name(text: &[u8]) -> bool {
    let mut has_dot = false;
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_alphanumeric() || *byte == b'_' {
            continue;
        }
        let (Some(before), Some(after)) = (at.checked_sub(1).and_then(|at| text.get(at)), text.get(at + 1))
        else {
            return false;
        };
        match byte {
            b'-' => {}
            b'.' if !b".-".contains(after) && *before != b'-' => has_dot = true,
            _ => return false,
        }
    }
    has_dot
}

/// `nc_match`.
fn hold(name: Name<'_>, constraints: &Constraints<'_>) -> Check {
    let mut is_within = None;
    for subtree in constraints
        .permitted
        .iter()
        .filter(|subtree| is_of_kind(name, subtree.base))
    {
        if subtree.has_bounds {
            return Err("name constraints minimum and maximum not supported".into());
        }
        if is_within == Some(true) {
            continue;
        }
        is_within = Some(match compare(name, subtree.base) {
            Ok(()) => true,
            Err(Miss::Outside) => false,
            Err(Miss::Error(words)) => return Err(words.into()),
        });
    }
    if is_within == Some(false) {
        return Err("permitted subtree violation".into());
    }
    for subtree in constraints
        .excluded
        .iter()
        .filter(|subtree| is_of_kind(name, subtree.base))
    {
        if subtree.has_bounds {
            return Err("name constraints minimum and maximum not supported".into());
        }
        match compare(name, subtree.base) {
            Ok(()) => return Err("excluded subtree violation".into()),
            Err(Miss::Outside) => {}
            Err(Miss::Error(words)) => return Err(words.into()),
        }
    }
    Ok(())
}

/// A mailbox in UTF-8 is held against the constraints on mailboxes.
fn is_of_kind(name: Name<'_>, base: Name<'_>) -> bool {
    let is_mailbox =
        name.0 == OTHER && Elements::of_any_length(name.1).expect_bytes(0x06) == Ok(UTF8_MAILBOX);
    base.0 == if is_mailbox { EMAIL } else { name.0 }
}

fn compare(name: Name<'_>, base: Name<'_>) -> Result<(), Miss> {
    let is_within = match name.0 {
        DIRECTORY => is_below(name.1, base.1),
        DNS => is_in_domain(name.1, base.1),
        EMAIL => is_mail_within(name.1, base.1)?,
        URI => is_uri_within(name.1, base.1)?,
        IP => is_in_network(name.1, base.1)?,
        _ => return Err(Miss::Error("unsupported name constraint type")),
    };
    if is_within { Ok(()) } else { Err(Miss::Outside) }
}

/// The base's attributes are the first of the name's.
fn is_below(name: &[u8], base: &[u8]) -> bool {
    let parts = |contents: &[u8]| -> Option<Vec<(Vec<u8>, String)>> {
        let parts = name_parts_of_contents(contents)?;
        Some(
            parts
                .into_iter()
                .map(|part| (part.oid, folded(&part.text)))
                .collect(),
        )
    };
    let base = Elements::of_any_length(base)
        .expect_bytes(0x30)
        .unwrap_or_default();
    match (parts(name), parts(base)) {
        (Some(name), Some(base)) => name.starts_with(&base),
        _ => false,
    }
}

fn ends_with(text: &[u8], end: &[u8]) -> bool {
    let from = text.len().checked_sub(end.len());
    from.and_then(|from| text.get(from..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

fn is_in_domain(name: &[u8], base: &[u8]) -> bool {
    if base.is_empty() {
        return true;
    }
    let is_whole = name.len() <= base.len()
        || base.starts_with(b".")
        || name.get(name.len() - base.len() - 1) == Some(&b'.');
    is_whole && ends_with(name, base)
}

fn is_mail_within(mail: &[u8], base: &[u8]) -> Result<bool, Miss> {
    let at = |text: &[u8]| text.iter().rposition(|byte| *byte == b'@');
    let Some(own) = at(mail) else {
        return Err(Miss::Error("unsupported or invalid name syntax"));
    };
    let host = mail.get(own + 1..).unwrap_or_default();
    let Some(theirs) = at(base) else {
        return Ok(if base.starts_with(b".") {
            mail.len() > base.len() && ends_with(mail, base)
        } else {
            host.eq_ignore_ascii_case(base)
        });
    };
    let is_same_box = theirs == 0 || mail.get(..own) == base.get(..theirs);
    Ok(is_same_box
        && base
            .get(theirs + 1..)
            .is_some_and(|base| host.eq_ignore_ascii_case(base)))
}

fn is_uri_within(uri: &[u8], base: &[u8]) -> Result<bool, Miss> {
    let syntax = || Miss::Error("unsupported or invalid name syntax");
    let colon = uri.iter().position(|byte| *byte == b':').ok_or_else(syntax)?;
    let rest = uri.get(colon + 1..).unwrap_or_default();
    let rest = rest.strip_prefix(b"//").ok_or_else(syntax)?;
    let end = |byte: u8| rest.iter().position(|one| *one == byte);
    let host = rest
        .get(..end(b':').or_else(|| end(b'/')).unwrap_or(rest.len()))
        .unwrap_or_default();
    if host.is_empty() {
        return Err(syntax());
    }
    Ok(if base.starts_with(b".") {
        host.len() > base.len() && ends_with(host, base)
    } else {
        host.eq_ignore_ascii_case(base)
    })
}

fn is_in_network(address: &[u8], base: &[u8]) -> Result<bool, Miss> {
    if !matches!(address.len(), 4 | 16) || !matches!(base.len(), 8 | 32) {
        return Err(Miss::Error("unsupported or invalid name syntax"));
    }
    if address.len() * 2 != base.len() {
        return Ok(false);
    }
    let (network, mask) = base.split_at(address.len());
    let mut bytes = address.iter().zip(network).zip(mask);
    Ok(bytes.all(|((one, other), mask)| (one ^ other) & mask == 0))
}
