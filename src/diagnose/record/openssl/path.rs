//! The one path that OpenSSL builds (`crypto/x509/x509_vfy.c`, `build_chain`), trusted issuers first.

use super::super::given::{Check, Refusal};
use super::super::times::{self, Form};
use super::seen::Seen;

/// So many certificates at most: `-verify_depth` is 100 by itself.
const MOST: usize = 101;

/// The path, leaf first; the last one is the anchor.
pub(super) struct Path<'s, 'a> {
    pub links: Vec<&'s Seen<'a>>,
}

/// Both dates hold (`ossl_x509_check_cert_time`): at the very second of notAfter it is over.
pub(super) fn time(seen: &Seen<'_>, clock_unix_s: i64) -> Check {
    let dates = times::validity(seen.certificate, Form::Strict);
    let Some((not_before, not_after)) = dates else {
        return Err("format error in certificate's notBefore field".into());
    };
    if clock_unix_s < not_before {
        return Err("certificate is not yet valid".into());
    }
    if clock_unix_s >= not_after {
        return Err("certificate has expired".into());
    }
    Ok(())
}

/// Of those that may be the issuer the first that is valid now, else the one that ends last.
fn best<'s, 'a>(candidates: impl Iterator<Item = &'s Seen<'a>>, clock_unix_s: i64) -> Option<&'s Seen<'a>> {
    let end = |one: &Seen<'_>| one.certificate.facts().map_or(i64::MIN, |facts| facts.not_after);
    let mut found: Option<&Seen<'_>> = None;
    for one in candidates {
        if time(one, clock_unix_s).is_ok() {
            return Some(one);
        }
        if found.is_none_or(|found| end(one) > end(found)) {
            found = Some(one);
        }
    }
    found
}

fn is_same(one: &Seen<'_>, other: &Seen<'_>) -> bool {
    one.certificate.digest == other.certificate.digest
}

/// Builds the path.
pub(super) fn build<'s, 'a>(
    leaf: &'s Seen<'a>,
    sent: &'s [Seen<'a>],
    roots: &'s [Seen<'a>],
    clock_unix_s: i64,
) -> Result<Path<'s, 'a>, Refusal> {
    let mut links = vec![leaf];
    let mut untrusted = 1;
    let mut rest: Vec<&Seen<'a>> = sent.iter().collect();
    let mut is_in_store = false;
    while let Some(current) = links.last().copied() {
        if current.is_invalid || current.key.is_none() {
            // `X509_self_signed` fails, and with it everything.
            return Err("the key or an extension of a certificate cannot be read".into());
        }
        let is_full = links.len() > MOST;
        let trusted = (!is_full)
            .then(|| {
                best(
                    roots.iter().filter(|root| root.likely_issued(current)),
                    clock_unix_s,
                )
            })
            .flatten();
        if let Some(root) = trusted {
            let is_mimic = current.is_self_signed && !is_same(current, root);
            if !is_mimic {
                if current.is_self_signed {
                    links.pop();
                    untrusted = links.len();
                }
                links.push(root);
                is_in_store = true;
                if root.is_self_signed {
                    return Ok(Path { links });
                }
                if links.len() > MOST {
                    break;
                }
                continue;
            }
        }
        if is_in_store || current.is_self_signed || is_full {
            break;
        }
        let next = best(
            rest.iter()
                .copied()
                .filter(|one| one.likely_issued(current) && !links.iter().any(|link| is_same(link, one))),
            clock_unix_s,
        );
        let Some(next) = next else { break };
        rest.retain(|one| !std::ptr::eq(*one, next));
        links.push(next);
        untrusted = links.len();
    }
    let Some(last) = links.last() else {
        return Err(Refusal::NotKnown);
    };
    Err(match (links.len(), last.is_self_signed) {
        (length, _) if length > MOST => "certificate chain too long",
        (1, true) => "self-signed certificate",
        (_, true) => "self-signed certificate in certificate chain",
        (length, false) if untrusted < length => "unable to get issuer certificate",
        (_, false) => "unable to get local issuer certificate",
    }
    .into())
}
