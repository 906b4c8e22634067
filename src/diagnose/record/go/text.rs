//! Strings as Go reads them in names, and domains as labels.

/// Whether Go takes the value of an attribute of a name (`parseASN1String`).
pub(super) fn attribute_fault(tag: u8, value: &[u8]) -> Option<&'static str> {
    match tag {
        0x13 => (!value.iter().copied().all(is_printable)).then_some("invalid PrintableString"),
        0x0c => std::str::from_utf8(value)
            .is_err()
            .then_some("invalid UTF-8 string"),
        0x1e => (!value.len().is_multiple_of(2)).then_some("invalid BMPString"),
        0x16 => (!value.is_ascii()).then_some("invalid IA5String"),
        0x12 => (!value.iter().all(|byte| byte.is_ascii_digit() || *byte == b' '))
            .then_some("invalid NumericString"),
        0x14 => None,
        _ => Some("unsupported string type"),
    }
}

/// PrintableString, and the asterisk and the ampersand that Go lets pass.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || (b'\''..=b')').contains(&byte)
        || (b'+'..=b'/').contains(&byte)
        || b" :=?*&".contains(&byte)
}

/// The labels of a domain, last one first; `None` where it is none (`domainToReverseLabels`).
pub(super) fn labels(domain: &[u8]) -> Option<Vec<&[u8]>> {
    if domain.is_empty() {
        return Some(Vec::new());
    }
    let mut found = Vec::new();
    // A leading dot leaves no label before it.
    let body = domain.strip_prefix(b".").unwrap_or(domain);
    for label in body.split(|byte| *byte == b'.') {
        if label.is_empty() || !label.iter().all(|byte| (33..=126).contains(byte)) {
            return None;
        }
        found.push(label);
    }
    found.reverse();
    Some(found)
}

/// The box and the domain of a mail address (`parseRFC2821Mailbox`, without quoted boxes' fine print).
pub(super) fn mailbox(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let at = text.iter().rposition(|byte| *byte == b'@')?;
    let (own, domain) = (text.get(..at)?, text.get(at + 1..)?);
    labels(domain)?;
    let own: Vec<u8> = if let Some(quoted) = own.strip_prefix(b"\"") {
        let inner = quoted.strip_suffix(b"\"")?;
        inner.iter().copied().filter(|byte| *byte != b'\\').collect()
    } else {
        let is_sound = !own.is_empty()
            && !own.starts_with(b".")
            && !own.ends_with(b".")
            && !own.windows(2).any(|pair| pair == b"..")
            && own
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.\\".contains(byte));
        if !is_sound {
            return None;
        }
        own.to_vec()
    };
    Some((own, domain))
}

/// The host of a URI with its port, as `url.Parse` finds it; empty where it has none, `None` where it is no URI.
pub(super) fn uri_host(uri: &[u8]) -> Option<&[u8]> {
    if uri.iter().any(|byte| *byte < 0x20 || *byte == 0x7f) {
        return None;
    }
    let is_scheme = |text: &[u8]| {
        text.first().is_some_and(u8::is_ascii_alphabetic)
            && text
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
    };
    let rest = match uri.iter().position(|byte| *byte == b':') {
        Some(0) => return None,
        Some(colon) if is_scheme(uri.get(..colon)?) => uri.get(colon + 1..)?,
        Some(colon) => {
            // A colon in the first segment of a path without a scheme.
            let slash = uri.iter().position(|byte| *byte == b'/');
            if slash.is_none_or(|slash| slash > colon) {
                return None;
            }
            uri
        }
        None => uri,
    };
    let Some(authority) = rest.strip_prefix(b"//") else {
        return Some(b"");
    };
    let end = authority
        .iter()
        .position(|byte| b"/?#".contains(byte))
        .unwrap_or(authority.len());
    let authority = authority.get(..end)?;
    let host = match authority.iter().rposition(|byte| *byte == b'@') {
        Some(at) => authority.get(at + 1..)?,
        None => authority,
    };
    let is_port = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    if host.starts_with(b"[") {
        let close = host.iter().rposition(|byte| *byte == b']')?;
        let after = host.get(close + 1..)?;
        return (after.is_empty() || after.strip_prefix(b":").is_some_and(is_port)).then_some(host);
    }
    let is_sound = host.iter().all(|byte| !b" \"<>^`{}|\\%".contains(byte));
    let has_good_port = match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) => is_port(host.get(colon + 1..)?),
        None => true,
    };
    (is_sound && has_good_port).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::{labels, mailbox, uri_host};

    #[test]
    fn a_host_is_found_as_go_finds_it() {
        let host =
            |uri: &str| uri_host(uri.as_bytes()).map(|host| String::from_utf8_lossy(host).into_owned());
        assert_eq!(host("spiffe://mesh.example/ns"), Some("mesh.example".to_owned()));
        assert_eq!(
            host("https://me@shop.example:8443?x"),
            Some("shop.example:8443".to_owned())
        );
        assert_eq!(host("urn:uuid:1"), Some(String::new()));
        assert_eq!(host("https://shop.example:x/"), None);
        assert_eq!(host("1:a"), None);
    }

    #[test]
    fn domains_and_mailboxes() {
        assert_eq!(labels(b"a.b"), Some(vec![&b"b"[..], b"a"]));
        assert_eq!(labels(b"a."), None);
        assert_eq!(labels(b"a b"), None);
        assert!(mailbox(b"pay@shop.example").is_some() && mailbox(b".pay@shop.example").is_none());
    }
}
