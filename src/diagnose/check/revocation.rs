//! Revocation by lists, in webpki's order: which list speaks for the certificate, whether it holds, whether it names it.

use super::case::{Case, Finding, moment};
use crate::diagnose::lists::ListAtHand;
use crate::diagnose::memo::Signature;
use crate::diagnose::{CauseId, Role};
use crate::pki::{CertificateFacts, ListScope, RevocationListFacts, RevokedEntry, der_element};

/// A list that cannot be loaded refuses everybody, whatever their certificates.
pub(super) fn unreadable(case: &Case<'_>) -> Finding {
    unloadable(case)
        .filter(|_| case.role == Role::Leaf)
        .unwrap_or_else(|| Finding::unknown("the certificate is unreadable"))
}

fn unloadable(case: &Case<'_>) -> Option<Finding> {
    case.status.lists.iter().find_map(|one| {
        let error = one.list.loaded.as_ref().err()?;
        Some(Finding::fail(
            CauseId::CrlInvalid,
            format!(
                "{} cannot be used: {}. rustls makes no verifier with such a list, and so accepts nobody",
                one.place,
                load_words(error, one)
            ),
        ))
    })
}

/// Why webpki does not load a list.
fn load_words(error: &webpki::Error, one: &ListAtHand) -> String {
    use webpki::Error as E;
    match error {
        E::UnsupportedDeltaCrl => {
            "it is a delta list, which holds only what changed since another (RFC 5280 §5.2.4)".to_owned()
        }
        E::UnsupportedIndirectCrl => {
            "it is an indirect list, which speaks for other issuers as well (RFC 5280 §5.2.5)".to_owned()
        }
        E::UnsupportedCrlVersion => "it is not of version 2 (RFC 5280 §5.1.2.1)".to_owned(),
        E::UnsupportedCriticalExtension => {
            let unknown = one.list.facts.as_ref().ok();
            let named = unknown
                .map(|facts| facts.unknown_critical_extensions.join(", "))
                .filter(|names| !names.is_empty())
                .unwrap_or_else(|| "on one of its entries".to_owned());
            format!("it has a critical extension that rustls does not know ({named})")
        }
        E::UnsupportedRevocationReasonsPartitioning => {
            "it holds only some of the reasons (onlySomeReasons, RFC 5280 §5.2.5)".to_owned()
        }
        E::UnsupportedCrlIssuingDistributionPoint => {
            "its issuingDistributionPoint has no full name, which rustls asks for".to_owned()
        }
        E::InvalidCrlNumber => "its cRLNumber is negative or longer than 20 bytes".to_owned(),
        E::SignatureAlgorithmMismatch => {
            "it names two different signature algorithms (RFC 5280 §5.1.1.2)".to_owned()
        }
        other => match &one.list.facts {
            Err(malformed) => format!("it is damaged ({})", malformed.words),
            Ok(facts) if facts.next_update.is_none() => {
                "it does not say when the next one comes (nextUpdate, RFC 5280 §5.1.2.5)".to_owned()
            }
            Ok(_) => format!("rustls reads {other} in it"),
        },
    }
}

pub(super) fn by_lists(case: &Case<'_>, facts: &CertificateFacts) -> Finding {
    let status = case.status;
    if status.lists.is_empty() {
        return Finding::unknown(format!(
            "no revocation list was given, and none is fetched{}",
            named_points(facts)
        ));
    }
    if let Some(finding) = unloadable(case) {
        return if case.role == Role::Leaf {
            finding
        } else {
            Finding::unknown("not looked up: one of the lists cannot be loaded, which refuses every chain")
        };
    }
    if status.is_leaf_only && case.role != Role::Leaf {
        return Finding::not_applicable("only the leaf's status is asked for");
    }
    let Some(issuer) = case.issuer else {
        return Finding::unknown("its issuer is not at hand, so that no list about it can be checked");
    };
    let Some(one) = status
        .lists
        .iter()
        .find(|one| speaks_for(one, case.role, facts) == Ok(()))
    else {
        return silent(case, facts);
    };
    let (Ok(loaded), list) = (&one.list.loaded, one.list.facts.as_ref().ok()) else {
        return Finding::unknown("the list is unreadable");
    };
    match one.list.signed_by(issuer) {
        Signature::Holds => {}
        Signature::Fails | Signature::OtherKey => {
            return Finding::fail(CauseId::CrlInvalid, wrongly_signed(one, list, case));
        }
        Signature::Unsupported | Signature::Unreadable => {
            return Finding::fail(
                CauseId::CrlInvalid,
                format!(
                    "{}'s signature ({}) is of a kind that rustls does not verify",
                    one.place,
                    list.map_or("unreadable", |list| list.signature_algorithm.as_str())
                ),
            );
        }
    }
    let clock = case.clock_unix_s.max(0);
    let is_stale = list.is_some_and(|list| list.is_stale_at(clock));
    let until = list
        .and_then(|list| list.next_update)
        .map(moment)
        .unwrap_or_default();
    if is_stale && status.refuses_stale {
        return Finding::fail(
            CauseId::CrlExpired,
            format!(
                "{} was good until {until}; the clock stands at {}",
                one.place,
                moment(clock)
            ),
        );
    }
    let may_sign = issuer
        .facts()
        .is_none_or(|facts| facts.key_usage.is_none_or(|usage| usage.crl_sign));
    if !may_sign && !case.is_issuer_anchor {
        return Finding::fail(
            CauseId::CrlInvalid,
            format!(
                "{} signed {}, but its keyUsage lacks cRLSign (RFC 5280 §4.2.1.3)",
                issuer.name(),
                one.place
            ),
        );
    }
    let serial = hex::decode(&facts.serial).unwrap_or_default();
    if matches!(loaded.find_serial(&serial), Ok(Some(_))) {
        let entry = list.and_then(|list| list.entries.iter().find(|entry| entry.serial == facts.serial));
        return Finding::fail(
            CauseId::Revoked,
            format!(
                "serial {} was revoked{}, says {}{}",
                facts.serial,
                entry.map_or_else(String::new, entry_words),
                one.whose(&facts.issuer_display_name),
                if is_stale {
                    format!("; the list itself ran out at {until}, and a newer one may say more")
                } else {
                    String::new()
                }
            ),
        );
    }
    if is_stale {
        return Finding::warn(
            CauseId::CrlExpired,
            format!(
                "not in {}, which was good until {until}: rustls goes by an old list unless told otherwise; OpenSSL with \
                 -crl_check refuses (“CRL has expired”)",
                one.place
            ),
        );
    }
    if let Some(list) = list.filter(|list| list.this_update > clock) {
        return Finding::warn(
            CauseId::CrlInvalid,
            format!(
                "not in {}, which holds only from {}: rustls does not look at that date; OpenSSL with -crl_check refuses \
                 (“CRL is not yet valid”)",
                one.place,
                moment(list.this_update)
            ),
        );
    }
    if !may_sign {
        return Finding::warn(
            CauseId::CrlInvalid,
            format!(
                "not in {}, but the keyUsage of {} lacks cRLSign: rustls does not ask a root for it; OpenSSL with -crl_check \
                 refuses (“key usage does not include CRL signing”)",
                one.place,
                issuer.name()
            ),
        );
    }
    Finding::pass(list.map_or_else(
        || format!("not in {}", one.place),
        |list| {
            format!(
                "not in {} from {}; the next comes by {until}",
                one.whose(&list.issuer_display_name),
                moment(list.this_update)
            )
        },
    ))
}

/// ` on 2026-11-23 20:42:00 UTC (keyCompromise)`.
fn entry_words(entry: &RevokedEntry) -> String {
    let reason = entry
        .reason
        .as_ref()
        .map_or_else(|| "no reason given".to_owned(), Clone::clone);
    let since = entry.invalid_since.map_or_else(String::new, |since| {
        format!(", not to be relied on since {}", moment(since))
    });
    format!(" on {} ({reason}{since})", moment(entry.revoked_at))
}

/// Why a list does not speak for a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silent {
    OtherIssuer,
    OnlyLeaves,
    OnlyCas,
    OtherPoint,
}

/// Whether a list speaks for a certificate: its issuer's, and with a scope that holds it (RFC 5280 §6.3.3 (b)), as webpki's
/// `CertRevocationList::authoritative` decides it.
fn speaks_for(one: &ListAtHand, role: Role, facts: &CertificateFacts) -> Result<(), Silent> {
    let Ok(loaded) = &one.list.loaded else {
        return Err(Silent::OtherIssuer);
    };
    // webpki holds a name without its outer header.
    if der_element(&facts.issuer_der).map(|(contents, _)| contents) != Some(loaded.issuer()) {
        return Err(Silent::OtherIssuer);
    }
    let Some(point) = loaded.issuing_distribution_point() else {
        return Ok(());
    };
    let scope = ListScope::from_der(point).unwrap_or_default();
    if scope.only_cas && role == Role::Leaf {
        return Err(Silent::OnlyCas);
    }
    if scope.only_leaves && role != Role::Leaf {
        return Err(Silent::OnlyLeaves);
    }
    let Some(points) = &facts.crl_distribution_points else {
        return Ok(());
    };
    let is_named = points
        .iter()
        .filter(|point| !point.is_partial)
        .flat_map(|point| &point.uris)
        .any(|uri| scope.uris.contains(uri));
    if is_named { Ok(()) } else { Err(Silent::OtherPoint) }
}

/// Lists were given, and none speaks for this certificate.
fn silent(case: &Case<'_>, facts: &CertificateFacts) -> Finding {
    let near = case.status.lists.iter().find_map(|one| {
        let why = match speaks_for(one, case.role, facts) {
            Ok(()) | Err(Silent::OtherIssuer) => return None,
            Err(Silent::OnlyLeaves) => "speaks of leaves only",
            Err(Silent::OnlyCas) => "speaks of CAs only",
            Err(Silent::OtherPoint) => "is for another distribution point than the certificate names",
        };
        Some(format!("; {} {why}", one.place))
    });
    let others: Vec<&str> = case
        .status
        .lists
        .iter()
        .filter_map(|one| one.list.facts.as_ref().ok())
        .map(|list| list.issuer_display_name.as_str())
        .collect();
    let words = format!(
        "no list given speaks for it: its issuer is {}, the lists are by {}{}{}",
        facts.issuer_display_name,
        others.join(", "),
        near.unwrap_or_default(),
        named_points(facts)
    );
    if case.status.allows_unknown {
        Finding::warn(
            CauseId::RevocationUnknown,
            format!(
                "{words}. Accepted, as an unknown status is allowed here; OpenSSL with -crl_check refuses (“unable to get \
                 certificate CRL”)"
            ),
        )
    } else {
        Finding::fail(CauseId::RevocationUnknown, words)
    }
}

fn wrongly_signed(one: &ListAtHand, list: Option<&RevocationListFacts>, case: &Case<'_>) -> String {
    let issuer = case.issuer.and_then(|issuer| issuer.facts());
    let keys = list
        .and_then(|list| list.authority_key_id.as_ref())
        .zip(issuer.and_then(|issuer| issuer.subject_key_id.as_ref()))
        .filter(|(wanted, has)| wanted != has);
    let name = issuer.map_or("the issuer", |issuer| issuer.display_name.as_str());
    keys.map_or_else(
        || {
            format!(
                "{} claims to be by {name}, but {name}'s key did not sign it: it was altered, or made by somebody else",
                one.place
            )
        },
        |(wanted, has)| {
            format!(
                "{} is by a CA called {name} with another key: it was signed by key {}, and this {name} has key {}",
                one.place,
                hex::encode(wanted),
                hex::encode(has)
            )
        },
    )
}

/// Where the certificate itself says that news of it is to be had; nobody is asked.
fn named_points(facts: &CertificateFacts) -> String {
    let points: Vec<&str> = facts
        .crl_distribution_points
        .iter()
        .flatten()
        .flat_map(|point| &point.uris)
        .chain(&facts.ocsp_urls)
        .map(String::as_str)
        .collect();
    if points.is_empty() {
        String::new()
    } else {
        format!(". The certificate names {} (not fetched)", points.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_told_whole() {
        let mut entry = RevokedEntry {
            serial: "01".to_owned(),
            revoked_at: 0,
            reason: None,
            invalid_since: None,
        };
        assert_eq!(
            entry_words(&entry),
            " on 1970-01-01 00:00:00 UTC (no reason given)"
        );
        entry.reason = Some("keyCompromise".to_owned());
        entry.invalid_since = Some(-1);
        assert_eq!(
            entry_words(&entry),
            " on 1970-01-01 00:00:00 UTC (keyCompromise, not to be relied on since 1969-12-31 23:59:59 UTC)"
        );
    }

    #[test]
    fn every_address_of_news_is_named() {
        let recipe: crate::pki::Recipe =
            ron::from_str(r#"(name: "x", subject: "x", crl_points: ["http://ca/1.crl", "http://ca/2.crl"])"#)
                .expect("a recipe");
        let minted = crate::pki::mint(&[recipe], 1_800_000_000).expect("it mints");
        let der = &minted.find("x").expect("minted").certificate.der;
        let mut facts = CertificateFacts::from_der(der).expect("facts");
        facts.ocsp_urls = vec!["http://ca/ocsp".to_owned()];
        assert_eq!(
            named_points(&facts),
            ". The certificate names http://ca/1.crl, http://ca/2.crl, http://ca/ocsp (not fetched)"
        );
        facts.crl_distribution_points = None;
        assert_eq!(
            named_points(&facts),
            ". The certificate names http://ca/ocsp (not fetched)"
        );
        facts.ocsp_urls.clear();
        assert_eq!(named_points(&facts), "");
    }
}
