//! Revocation lists in OpenSSL's order (`crypto/x509/x509_vfy.c`, `check_revocation`), without its extended support for them: for
//! each certificate the list that fits best is chosen, and judged.

use super::super::given::{Given, IF_IT_HOLDS, Refusal, Verdict};
use super::super::points::{Point, PointName};
use super::super::signature::{Made, made_on};
use super::list::{List, Scope};
use super::path::Path;
use super::seen::{CRL_SIGN, Seen, bits_in, canonical};
use crate::diagnose::reading::Elements;

// How well a list fits (`CRL_SCORE_…`).
const NO_CRITICAL: u16 = 0x100;
const IN_SCOPE: u16 = 0x080;
const IN_TIME: u16 = 0x040;
const OF_ITS_ISSUER: u16 = 0x020;
const BY_THE_NEXT: u16 = 0x01c;
const BY_ANOTHER: u16 = 0x00c;

/// Every reason for which a certificate is withdrawn.
const ALL_REASONS: u16 = 0x807f;

/// A list that may speak of a certificate.
struct Chosen<'l, 's, 'a> {
    list: &'l List<'a>,
    issuer: &'s Seen<'a>,
    score: u16,
    /// The reasons that are known of with it.
    reasons: u16,
}

pub(super) fn check<'a>(path: &Path<'_, 'a>, given: &Given<'a>) -> Verdict {
    if given.lists.is_empty() {
        return Ok(None);
    }
    let read: Result<Vec<List<'a>>, _> = given.lists.iter().map(|der| List::read(der.as_bytes())).collect();
    // They are read with the roots: whole, or not at all.
    let Ok(lists) = read else {
        return Err("a revocation list cannot be read".into());
    };
    let most = if given.is_leaf_only { 1 } else { path.links.len() };
    let mut condition = None;
    for depth in 0..most {
        condition = certificate(path, depth, &lists, given.clock_unix_s)?.or(condition);
    }
    Ok(condition)
}

/// `check_cert`.
fn certificate(path: &Path<'_, '_>, depth: usize, lists: &[List<'_>], clock_unix_s: i64) -> Verdict {
    let Some(one) = path.links.get(depth) else {
        return Ok(None);
    };
    let (mut reasons, mut condition) = (0, None);
    while reasons != ALL_REASONS {
        let Some(chosen) = best(path, depth, lists, reasons, clock_unix_s)? else {
            return Err("unable to get certificate CRL".into());
        };
        condition = holds(&chosen, clock_unix_s)?.or(condition);
        if chosen.list.has_unknown_critical {
            return Err("unhandled critical CRL extension".into());
        }
        let serial = one.certificate.part(|at| &at.serial).unwrap_or_default();
        let mut entries = chosen.list.entries.iter();
        let entry = entries.find(|(listed, _)| number(listed) == number(serial));
        if entry.is_some_and(|(_, is_removed)| !is_removed) {
            return Err("certificate revoked".into());
        }
        if chosen.reasons == reasons {
            return Err("unable to get certificate CRL".into());
        }
        reasons = chosen.reasons;
    }
    Ok(condition)
}

/// A serial number without the zeros before it.
fn number(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// `get_crl_sk`: of those that fit alike, the newest.
fn best<'l, 's, 'a>(
    path: &Path<'s, 'a>,
    depth: usize,
    lists: &'l [List<'a>],
    reasons: u16,
    clock_unix_s: i64,
) -> Result<Option<Chosen<'l, 's, 'a>>, Refusal> {
    let mut found: Option<Chosen<'l, 's, 'a>> = None;
    for list in lists {
        let Some(one) = fitting(path, depth, list, reasons, clock_unix_s)? else {
            continue;
        };
        let is_better = found.as_ref().is_none_or(|found| {
            one.score > found.score
                || (one.score == found.score && one.list.this_update > found.list.this_update)
        });
        if is_better {
            found = Some(one);
        }
    }
    Ok(found)
}

/// `get_crl_score`.
fn fitting<'l, 's, 'a>(
    path: &Path<'s, 'a>,
    depth: usize,
    list: &'l List<'a>,
    reasons: u16,
    clock_unix_s: i64,
) -> Result<Option<Chosen<'l, 's, 'a>>, Refusal> {
    let Some(one) = path.links.get(depth).copied() else {
        return Ok(None);
    };
    let scope = list.scope.as_ref();
    let is_left_out = scope.is_some_and(|scope| scope.is_invalid || scope.is_indirect || scope.has_reasons);
    if is_left_out || list.issuer != one.issuer {
        return Ok(None);
    }
    let mut score = OF_ITS_ISSUER;
    if !list.has_unknown_critical {
        score |= NO_CRITICAL;
    }
    if time(list, clock_unix_s).is_ok() {
        score |= IN_TIME;
    }
    let Some((issuer, how)) = signer(path, depth, list) else {
        return Ok(None);
    };
    score |= how;
    let mut known = reasons;
    if let Some(added) = in_scope(one, list)? {
        if added & !reasons == 0 {
            return Ok(None);
        }
        known |= added;
        score |= IN_SCOPE;
    }
    Ok(Some(Chosen {
        list,
        issuer,
        score,
        reasons: known,
    }))
}

/// `crl_akid_check`: the next certificate of the path, else one further up that has the list's name.
fn signer<'s, 'a>(path: &Path<'s, 'a>, depth: usize, list: &List<'a>) -> Option<(&'s Seen<'a>, u16)> {
    let is_named = |one: &Seen<'a>| list.authority.as_ref().is_none_or(|named| one.is_named_by(named));
    let next = (depth + 1).min(path.links.len().checked_sub(1)?);
    let first = path.links.get(next).copied()?;
    if is_named(first) {
        return Some((first, BY_THE_NEXT));
    }
    let mut above = path.links.iter().skip(next + 1).copied();
    above
        .find(|one| one.subject == list.issuer && is_named(one))
        .map(|one| (one, BY_ANOTHER))
}

/// `crl_crldp_check`: the reasons for which the list speaks of this certificate; `None` where it does not.
fn in_scope(one: &Seen<'_>, list: &List<'_>) -> Result<Option<u16>, Refusal> {
    let is_ca = one.basic.is_some_and(|basic| basic.is_ca);
    let scope = list.scope.as_ref();
    let is_for_others = |scope: &Scope<'_>| {
        scope.only_attributes || (is_ca && scope.only_leaves) || (!is_ca && scope.only_cas)
    };
    if scope.is_some_and(is_for_others) {
        return Ok(None);
    }
    for point in one.points.iter().filter(|point| is_by_its_issuer(point, list)) {
        let is_its_point = match (scope, scope.and_then(|scope| scope.name), point.name) {
            (None, ..) | (_, None, _) | (_, _, None) => true,
            (_, Some((PointName::Full, names)), Some(PointName::Full)) => {
                have_one_in_common(names, point.names)
            }
            // A name that is relative to another's.
            _ => return Err(Refusal::NotKnown),
        };
        if is_its_point {
            let reasons = point
                .reasons
                .map_or(ALL_REASONS, |bits| bits_in(bits).unwrap_or_default());
            return Ok(Some(reasons & ALL_REASONS));
        }
    }
    Ok(scope
        .is_none_or(|scope| scope.name.is_none())
        .then_some(ALL_REASONS))
}

/// `crldp_check_crlissuer`.
fn is_by_its_issuer(point: &Point<'_>, list: &List<'_>) -> bool {
    let mut names = Elements::of_any_length(point.issuer);
    let mut is_named = !point.has_issuer;
    while let Ok((kind, name)) = names.next_bytes() {
        let contents = Elements::of_any_length(name).expect_bytes(0x30).ok();
        is_named |= kind == 0xa4 && canonical(contents) == list.issuer;
    }
    is_named
}

fn have_one_in_common(some: &[u8], others: &[u8]) -> bool {
    let names = |bytes| {
        let mut list = Elements::of_any_length(bytes);
        std::iter::from_fn(move || list.next_bytes().ok())
    };
    names(some).any(|one| names(others).any(|other| one == other))
}

/// `check_crl`.
fn holds(chosen: &Chosen<'_, '_, '_>, clock_unix_s: i64) -> Verdict {
    let (list, issuer) = (chosen.list, chosen.issuer);
    if !list.is_delta {
        if issuer.usage.is_some_and(|usage| usage & CRL_SIGN == 0) {
            return Err("key usage does not include CRL signing".into());
        }
        if chosen.score & IN_SCOPE == 0 {
            return Err("different CRL scope".into());
        }
    }
    time(list, clock_unix_s)?;
    if !list.is_of_one_algorithm {
        return Err("CRL signature failure".into());
    }
    let signed = &list.signed;
    let made = made_on(
        &signed.tbs,
        &signed.algorithm,
        &signed.signature,
        issuer.certificate,
    );
    match made.unwrap_or(Made::NotKnown) {
        Made::Holds => Ok(None),
        Made::Fails => Err("CRL signature failure".into()),
        Made::NotKnown => Ok(Some(IF_IT_HOLDS)),
    }
}

/// `check_crl_time`: without nextUpdate it is never too old.
fn time(list: &List<'_>, clock_unix_s: i64) -> super::super::given::Check {
    let Some(this_update) = list.this_update else {
        return Err("format error in CRL's lastUpdate field".into());
    };
    if this_update > clock_unix_s {
        return Err("CRL is not yet valid".into());
    }
    match list.next_update {
        None if list.has_next_update => Err("format error in CRL's nextUpdate field".into()),
        Some(next_update) if next_update <= clock_unix_s => Err("CRL has expired".into()),
        None | Some(_) => Ok(()),
    }
}
