//! Name constraints of a CA held against the leaf's alternative names and its own (`isValid`, `checkNameConstraints`).

use std::net::IpAddr;

use super::super::general_names::{DNS, EMAIL, IP, Name, Subtree, URI};
use super::super::given::{Check, Refusal};
use super::parse::Parsed;
use super::text::{labels, mailbox, uri_host};

/// Comparisons for one CA.
const MOST: usize = 250_000;

pub(super) fn check(ca: &Parsed<'_>, leaf: &Parsed<'_>) -> Check {
    let Some(constraints) = &ca.constraints else {
        return Ok(());
    };
    let mut count = 0;
    for name in leaf.names.iter().chain(&ca.names) {
        if !matches!(name.0, DNS | EMAIL | URI | IP) {
            continue;
        }
        readable(*name)?;
        for (list, is_permitted) in [(&constraints.excluded, false), (&constraints.permitted, true)] {
            let of_kind: Vec<&Subtree<'_>> = list.iter().filter(|subtree| subtree.base.0 == name.0).collect();
            count += of_kind.len();
            if count > MOST {
                return Err("x509: too many constraints".into());
            }
            let mut is_within = false;
            for subtree in &of_kind {
                is_within = compare(*name, subtree.base.1)?;
                if is_within {
                    break;
                }
            }
            if (is_permitted && !is_within && !of_kind.is_empty()) || (!is_permitted && is_within) {
                return Err(not_authorized());
            }
        }
    }
    Ok(())
}

fn not_authorized() -> Refusal {
    "x509: a root or intermediate certificate is not authorized to sign for this name".into()
}

/// A name that cannot be parsed is refused where a CA constrains any.
fn readable(name: Name<'_>) -> Check {
    let is_readable = match name.0 {
        EMAIL => mailbox(name.1).is_some(),
        DNS => labels(name.1).is_some(),
        // The parser has looked at URIs already.
        _ => true,
    };
    if is_readable {
        Ok(())
    } else {
        Err(format!("x509: cannot parse the name {}", String::from_utf8_lossy(name.1)).into())
    }
}

fn compare(name: Name<'_>, base: &[u8]) -> Result<bool, Refusal> {
    match name.0 {
        DNS => is_in_domain(name.1, base).ok_or_else(not_authorized),
        EMAIL => {
            let (own, domain) = mailbox(name.1).ok_or_else(not_authorized)?;
            if base.contains(&b'@') {
                let (wanted, wanted_domain) = mailbox(base).ok_or_else(not_authorized)?;
                return Ok(own == wanted && domain.eq_ignore_ascii_case(wanted_domain));
            }
            is_in_domain(domain, base).ok_or_else(not_authorized)
        }
        URI => {
            let host = uri_host(name.1).ok_or_else(not_authorized)?;
            let is_bracketed = host.ends_with(b"]");
            let host = match host.iter().rposition(|byte| *byte == b':') {
                Some(colon) if !is_bracketed => host.get(..colon).unwrap_or_default(),
                _ => host,
            };
            let is_address =
                is_bracketed || std::str::from_utf8(host).is_ok_and(|host| host.parse::<IpAddr>().is_ok());
            if host.is_empty() || is_address {
                return Err(not_authorized());
            }
            is_in_domain(host, base).ok_or_else(not_authorized)
        }
        _ => {
            let (network, mask) = base.split_at(base.len() / 2);
            let mut bytes = name.1.iter().zip(network).zip(mask);
            Ok(name.1.len() == network.len() && bytes.all(|((one, other), mask)| one & mask == other & mask))
        }
    }
}

/// `matchDomainConstraint`; `None` where one of them is no domain.
fn is_in_domain(domain: &[u8], base: &[u8]) -> Option<bool> {
    if base.is_empty() {
        return Some(true);
    }
    let own = labels(domain)?;
    let is_below_only = base.starts_with(b".");
    let wanted = labels(base.strip_prefix(b".").unwrap_or(base))?;
    if own.len() < wanted.len() || (is_below_only && own.len() == wanted.len()) {
        return Some(false);
    }
    Some(
        wanted
            .iter()
            .zip(&own)
            .all(|(wanted, own)| wanted.eq_ignore_ascii_case(own)),
    )
}
