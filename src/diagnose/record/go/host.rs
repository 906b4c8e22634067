//! A name that is asked for, held against the leaf's (`VerifyHostname`): the common name plays no part.

use std::net::IpAddr;

use super::super::given::Check;
use super::parse::Parsed;

pub(super) fn check(leaf: &Parsed<'_>, name: &str) -> Check {
    let bare = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    if let Ok(address) = bare.parse::<IpAddr>() {
        let has = leaf.addresses.iter().any(|bytes| same_address(bytes, address));
        return if has {
            Ok(())
        } else {
            Err(format!("x509: cannot validate certificate for {bare}").into())
        };
    }
    let is_host = is_hostname(name.strip_suffix('.').unwrap_or(name).as_bytes(), false);
    let fits = leaf.dns_names.iter().any(|pattern| {
        if is_host && is_hostname(pattern, true) {
            is_match(pattern, name.strip_suffix('.').unwrap_or(name).as_bytes())
        } else {
            !pattern.is_empty() && *pattern != b"." && pattern.eq_ignore_ascii_case(name.as_bytes())
        }
    });
    if fits {
        Ok(())
    } else {
        Err(format!("x509: certificate is not valid for {name}").into())
    }
}

/// An IPv4 address in sixteen bytes is the same.
fn same_address(bytes: &[u8], address: IpAddr) -> bool {
    let as_v6 = |address: IpAddr| match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    let own: Option<IpAddr> = <[u8; 4]>::try_from(bytes)
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok();
    own.is_some_and(|own| as_v6(own) == as_v6(address))
}

fn is_hostname(host: &[u8], is_pattern: bool) -> bool {
    !host.is_empty()
        && host.split(|byte| *byte == b'.').enumerate().all(|(at, label)| {
            (is_pattern && at == 0 && label == b"*")
                || (!label.is_empty()
                    && !label.starts_with(b"-")
                    && label
                        .iter()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
        })
}

fn is_match(pattern: &[u8], host: &[u8]) -> bool {
    let (mut wanted, mut has) = (
        pattern.split(|byte| *byte == b'.'),
        host.split(|byte| *byte == b'.'),
    );
    if pattern.split(|byte| *byte == b'.').count() != host.split(|byte| *byte == b'.').count() {
        return false;
    }
    let first = wanted.next().zip(has.next());
    first.is_some_and(|(wanted, has)| wanted == b"*" || wanted.eq_ignore_ascii_case(has))
        && wanted
            .zip(has)
            .all(|(wanted, has)| wanted.eq_ignore_ascii_case(has))
}
