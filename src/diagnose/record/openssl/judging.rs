//! The path judged, in OpenSSL's order: extensions, the name, revocation lists, signatures and dates from the root down, name constraints.

use super::super::given::{Check, Given, IF_IT_HOLDS, Refusal, Verdict};
use super::super::signature::{Algorithm, Hash, Made, made};
use super::path::{Path, time};
use super::seen::{DIGITAL_SIGNATURE, KEY_AGREEMENT, KEY_ENCIPHERMENT, Seen};
use super::{constraints, host, revocation};
use crate::capture::Side;

pub(super) fn judge(path: &Path<'_, '_>, given: &Given<'_>) -> Verdict {
    extensions(path, given.judge)?;
    if given.is_in_a_handshake {
        strength(path)?;
    }
    if let (Some(name), Some(leaf)) = (given.name, path.links.first()) {
        host::check(leaf, name)?;
    }
    let of_lists = revocation::check(path, given)?;
    let condition = signatures(path, given.clock_unix_s)?.or(of_lists);
    constraints::check(&path.links)?;
    resources(path)?;
    Ok(condition)
}

/// `check_extensions`.
fn extensions(path: &Path<'_, '_>, judge: Side) -> Check {
    let count = path.links.len();
    let mut cas_below = 0u64;
    for (depth, one) in path.links.iter().enumerate() {
        if one.has_unknown_critical {
            return Err("unhandled critical extension".into());
        }
        if one.is_proxy {
            return Err("proxy certificates not allowed, please set the appropriate flag".into());
        }
        let must_be_ca = depth > 0;
        let kind = one.ca_kind();
        // In the last place, a CA that only its version or its keyUsage makes one will do.
        if must_be_ca && (kind == 0 || (depth + 1 < count && kind != 1)) {
            return Err("invalid CA certificate".into());
        }
        if count > 1 && one.key.is_some_and(|key| key.has_explicit_curve) {
            return Err("certificate public key has explicit ECC parameters".into());
        }
        if !has_purpose(one, judge, must_be_ca, kind) {
            return Err("unsuitable certificate purpose".into());
        }
        let limit = one.basic.and_then(|basic| basic.path_length);
        if depth > 1 && limit.is_some_and(|limit| cas_below > limit) {
            return Err("path length constraint exceeded".into());
        }
        if depth > 0 && !one.is_self_issued {
            cas_below += 1;
        }
    }
    Ok(())
}

/// `check_purpose_ssl_server` and `check_purpose_ssl_client`.
fn has_purpose(one: &Seen<'_>, judge: Side, must_be_ca: bool, ca_kind: u8) -> bool {
    let (has_purpose, usages, netscape) = match judge {
        Side::Client => (
            one.purposes.is_none_or(|purposes| purposes.server),
            DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT,
            0x40,
        ),
        Side::Server => (
            one.purposes.is_none_or(|purposes| purposes.client),
            DIGITAL_SIGNATURE | KEY_AGREEMENT,
            0x80,
        ),
    };
    if !has_purpose {
        return false;
    }
    if must_be_ca {
        return ca_kind != 5 || one.netscape.is_some_and(|kind| kind & 0x04 != 0);
    }
    one.usage.is_none_or(|usage| usage & usages != 0) && one.netscape.is_none_or(|kind| kind & netscape != 0)
}

/// `check_auth_level`, at the level 2 that Debian and Ubuntu set: keys of 112 bits of security or more, and no SHA-1 below the
/// anchor.
fn strength(path: &Path<'_, '_>) -> Check {
    let count = path.links.len();
    for (depth, one) in path.links.iter().enumerate() {
        if one.has_weak_key() {
            let whose = if depth == 0 { "EE" } else { "CA" };
            return Err(format!("{whose} certificate key too weak").into());
        }
        let is_weak = |used: Algorithm| matches!(used.hash, Hash::Md2 | Hash::Md5 | Hash::Sha1);
        if depth + 1 < count && one.inner_algorithm().is_some_and(is_weak) {
            return Err("CA signature digest algorithm too weak".into());
        }
    }
    Ok(())
}

/// `internal_verify`.
fn signatures(path: &Path<'_, '_>, clock_unix_s: i64) -> Verdict {
    let mut condition = None;
    let count = path.links.len();
    for depth in (0..count).rev() {
        let Some(one) = path.links.get(depth) else {
            continue;
        };
        if let Some(issuer) = path.links.get(depth + 1) {
            if one.certificate.part(|at| &at.inner_algorithm)
                != one.certificate.part(|at| &at.outer_algorithm)
            {
                return Err("certificate signature failure".into());
            }
            match made(one.certificate, issuer.certificate) {
                Made::Holds => {}
                Made::Fails => return Err("certificate signature failure".into()),
                // Its default provider has no MD2.
                Made::NotKnown if one.inner_algorithm().is_some_and(|used| used.hash == Hash::Md2) => {
                    return Err("certificate signature failure".into());
                }
                Made::NotKnown => condition = Some(IF_IT_HOLDS),
            }
        }
        time(one, clock_unix_s)?;
    }
    Ok(condition)
}

/// RFC 3779: addresses and AS numbers that its issuer has not.
fn resources(path: &Path<'_, '_>) -> Check {
    let pairs = path.links.iter().zip(path.links.iter().skip(1));
    for (one, issuer) in pairs {
        if one.has_resources {
            return Err(if issuer.has_resources {
                Refusal::NotKnown
            } else {
                "RFC 3779 resource not subset of parent's resources".into()
            });
        }
    }
    Ok(())
}
