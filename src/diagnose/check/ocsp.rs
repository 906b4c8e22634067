//! Revocation by OCSP responses, stapled or from a file (RFC 6960). rustls does not look at them: what they say is a warning.

use std::collections::HashSet;

use aws_lc_rs::digest;

use super::case::{Case, Finding, moment};
use crate::capture::{Der, Side};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::lists::{ResponseAtHand, public_key, verify_part};
use crate::diagnose::memo::Signature;
use crate::diagnose::{CauseId, Outcome, Role};
use crate::pki::{BasicOcsp, CertIdHash, CertificateFacts, OcspStatus, Purpose, Responder, SingleOcsp};

/// What the lists say, with what the responses say beside it.
pub(super) fn beside(case: &Case<'_>, facts: &CertificateFacts, by_lists: Finding) -> Finding {
    if case.status.responses.is_empty() || !is_open(&by_lists) {
        return by_lists;
    }
    let said: Vec<(&ResponseAtHand, Said)> = case
        .status
        .responses
        .iter()
        .map(|one| (one, judge(case, facts, one)))
        .collect();
    let revoked = said.iter().find_map(|(one, said)| match said {
        Said::Revoked(words) => Some((*one, words)),
        _ => None,
    });
    if let Some((one, words)) = revoked {
        return Finding::warn(
            CauseId::Revoked,
            format!("{words}. {}", who_refuses(case, one, true)),
        );
    }
    let problem = said.iter().find_map(|(one, said)| match said {
        Said::Useless(words) => Some((*one, words)),
        _ => None,
    });
    let good = said.iter().find_map(|(_, said)| match said {
        Said::Good(words) => Some(words),
        _ => None,
    });
    match (good, problem, by_lists.outcome) {
        (Some(good), _, Outcome::Unknown | Outcome::NotApplicable) => Finding::pass(good.clone()),
        (Some(good), _, _) => Finding {
            detail: format!("{}; {good}", by_lists.detail),
            ..by_lists
        },
        (None, Some((_, problem)), Outcome::Pass | Outcome::Warn) => Finding {
            detail: format!("{}; {problem}", by_lists.detail),
            ..by_lists
        },
        (None, Some((one, problem)), _) => Finding::warn(
            CauseId::RevocationUnknown,
            format!("{problem}. {}", who_refuses(case, one, false)),
        ),
        (None, None, Outcome::Unknown) if case.role == Role::Leaf => of_nobody_here(case, facts, by_lists),
        _ => by_lists,
    }
}

/// Nobody spoke of the leaf. A response about the rest of the chain is no fault; one about no certificate of it was meant
/// for another.
fn of_nobody_here(case: &Case<'_>, facts: &CertificateFacts, by_lists: Finding) -> Finding {
    let sent = case.sent.all().iter().filter_map(Certificate::facts);
    let serials: HashSet<&str> = sent.map(|sent| sent.serial.as_str()).collect();
    let is_sent = |single: &SingleOcsp| serials.contains(single.serial.as_str());
    let stray = case.status.responses.iter().find(|one| {
        let basic = one.facts.as_ref().ok().and_then(|facts| facts.basic.as_ref());
        basic.is_some_and(|basic| !basic.singles.iter().any(is_sent))
    });
    let Some(one) = stray else { return by_lists };
    Finding::warn(
        CauseId::RevocationUnknown,
        format!(
            "{} speaks of another certificate than this one (serial {}). {}",
            one.place,
            facts.serial,
            who_refuses(case, one, false)
        ),
    )
}

/// Who would refuse, as far as tests with the real programs show it: curl looks at what is stapled for the leaf, nginx asks
/// the responder about a client's.
fn who_refuses(case: &Case<'_>, one: &ResponseAtHand, is_revoked: bool) -> String {
    let others = match (case.role, case.judge, one.is_stapled, is_revoked) {
        (Role::Leaf, Side::Client, true, _) => "; a curl that asks for the status refuses",
        (Role::Leaf, Side::Client, false, true) => {
            "; a curl that asks for the status refuses when the server staples it"
        }
        (Role::Leaf, Side::Server, _, true) => {
            "; nginx with ssl_ocsp asks the responder itself, and refuses when it says so"
        }
        _ => "",
    };
    format!("rustls does not look at OCSP responses and accepts{others}")
}

/// What one response says of one certificate.
enum Said {
    /// It speaks of others.
    Nothing,
    Good(String),
    Revoked(String),
    /// It cannot be relied on; why.
    Useless(String),
}

fn judge(case: &Case<'_>, facts: &CertificateFacts, one: &ResponseAtHand) -> Said {
    let place = &one.place;
    let response = match &one.facts {
        Ok(response) => response,
        Err(malformed) => return only_of_leaf(case, format!("{place} cannot be read: {}", malformed.words)),
    };
    let Some(basic) = &response.basic else {
        return only_of_leaf(
            case,
            format!(
                "{place} says nothing: the responder answered {}",
                response.response_status
            ),
        );
    };
    let Some(issuer) = case.issuer else {
        return Said::Nothing;
    };
    let Some(single) = basic.singles.iter().find(|single| single.serial == facts.serial) else {
        return Said::Nothing;
    };
    if !is_about_issuer(single, facts, issuer) {
        return Said::Useless(format!(
            "{place} has the right serial number, but is about another issuer than {}: the hashes of its name and key differ",
            issuer.name()
        ));
    }
    if let Err(why) = responder_holds(basic, one, issuer, case.clock_unix_s) {
        return Said::Useless(format!("{place} cannot be relied on: {why}"));
    }
    if single.this_update > case.clock_unix_s {
        return Said::Useless(format!(
            "{place} holds only from {}; the clock stands at {}",
            moment(single.this_update),
            moment(case.clock_unix_s)
        ));
    }
    if let Some(next) = single.next_update.filter(|next| *next < case.clock_unix_s) {
        return Said::Useless(format!(
            "{place} is stale: it was good until {}; the clock stands at {}",
            moment(next),
            moment(case.clock_unix_s)
        ));
    }
    let by = format!("{place}, of {}", moment(single.this_update));
    match &single.status {
        OcspStatus::Good => Said::Good(format!("{by}, says that it is good")),
        OcspStatus::Unknown => Said::Useless(format!(
            "{by}, says that the responder does not know this certificate"
        )),
        OcspStatus::Revoked { at, reason } => Said::Revoked(format!(
            "{by}, says that it was revoked on {} ({})",
            moment(*at),
            reason.as_deref().unwrap_or("no reason given")
        )),
    }
}

/// A response that names nobody is told of once, where it was meant.
fn only_of_leaf(case: &Case<'_>, words: String) -> Said {
    if case.role == Role::Leaf {
        Said::Useless(words)
    } else {
        Said::Nothing
    }
}

/// Whether a CertID names this issuer by the hashes of its name and key (RFC 6960 §4.1.1).
fn is_about_issuer(single: &SingleOcsp, facts: &CertificateFacts, issuer: &Certificate) -> bool {
    let algorithm = match single.hash {
        CertIdHash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        CertIdHash::Sha256 => &digest::SHA256,
        CertIdHash::Other => return false,
    };
    let Some((_, key)) = issuer.facts().and_then(|issuer| public_key(&issuer.spki)) else {
        return false;
    };
    digest::digest(algorithm, &facts.issuer_der).as_ref() == single.issuer_name_hash
        && digest::digest(algorithm, key).as_ref() == single.issuer_key_hash
}

/// Whether a certificate is the one that ResponderID names.
fn is_responder(basic: &BasicOcsp, certificate: &Certificate) -> bool {
    certificate.facts().is_some_and(|facts| match &basic.responder {
        Responder::Name(name) => *name == facts.subject_der,
        Responder::KeyHash(hash) => public_key(&facts.spki)
            .is_some_and(|(_, key)| digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, key).as_ref() == hash),
    })
}

/// Whether the issuer itself, or one whom it delegated, signed the response (RFC 6960 §4.2.2.2).
fn responder_holds(
    basic: &BasicOcsp,
    one: &ResponseAtHand,
    issuer: &Certificate,
    clock_unix_s: i64,
) -> Result<(), String> {
    let signed_by = |certificate: &Certificate| {
        certificate.facts().map_or(Signature::Unreadable, |facts| {
            verify_part(one.der.as_bytes(), &basic.signed, &facts.spki)
        })
    };
    if is_responder(basic, issuer) {
        return match signed_by(issuer) {
            Signature::Holds => Ok(()),
            Signature::Fails | Signature::OtherKey => Err(format!("{}'s key did not sign it", issuer.name())),
            Signature::Unsupported | Signature::Unreadable => {
                Err("its signature is of a kind that is not verified here".to_owned())
            }
        };
    }
    let delegate = basic
        .certificates
        .iter()
        .map(|der| Certificate::read(&Der::from(der.clone())))
        .find(|certificate| is_responder(basic, certificate));
    let Some(delegate) = delegate else {
        return Err(format!(
            "it was not signed by {}, and the certificate of whoever signed it did not come along",
            issuer.name()
        ));
    };
    let name = delegate.name();
    if delegate.signed_by(issuer) != Signature::Holds {
        return Err(format!(
            "its responder {name} was not appointed by {}: that CA did not sign the responder's certificate",
            issuer.name()
        ));
    }
    let may_answer = delegate.facts().is_some_and(|facts| {
        facts
            .purposes
            .as_ref()
            .is_some_and(|purposes| purposes.contains(&Purpose::Other("OCSPSigning".to_owned())))
    });
    if !may_answer {
        return Err(format!(
            "its responder {name} may not answer for {}: its certificate lacks the purpose OCSPSigning",
            issuer.name()
        ));
    }
    if !delegate
        .facts()
        .is_some_and(|facts| facts.is_valid_at(clock_unix_s))
    {
        return Err(format!(
            "the certificate of its responder {name} is not valid now"
        ));
    }
    match signed_by(&delegate) {
        Signature::Holds => Ok(()),
        _ => Err(format!("{name}'s key did not sign it")),
    }
}

/// Whether a list's finding leaves room for what a response says.
fn is_open(finding: &Finding) -> bool {
    finding.outcome != Outcome::Fail
}
