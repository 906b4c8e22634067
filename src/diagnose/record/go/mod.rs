//! What Go does with a chain: `crypto/x509` parses every certificate that was sent, or refuses, and `Verify` then tries every
//! path (Go 1.19, `parser.go` and `verify.go`).

mod constraints;
mod host;
mod parse;
mod text;

use std::collections::HashSet;
use std::rc::Rc;

use super::given::{Check, Given, IF_IT_HOLDS, Refusal, Verdict};
use super::signature::{Made, made};
use crate::capture::Side;
use parse::Parsed;

/// Signatures that one search checks.
const MOST_SIGNATURES: usize = 100;

/// Where a certificate stands in a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Leaf,
    Intermediate,
    Root,
}

type Shared<'a> = Rc<Parsed<'a>>;

/// The verdict.
pub(super) fn judge(given: &Given<'_>) -> Verdict {
    let mut chain: Vec<Shared<'_>> = Vec::new();
    for certificate in given.chain {
        chain.push(Rc::new(parse::parse(certificate)?));
    }
    // What a pool of roots cannot parse, it leaves out.
    let roots = given.roots.iter().filter_map(|root| parse::parse(root).ok());
    let roots = roots.map(Rc::new).collect();
    let Some((leaf, sent)) = chain.split_first() else {
        return Err(Refusal::NotKnown);
    };
    let search = Search {
        given,
        sent: distinct(sent),
        roots,
    };
    search.is_valid(leaf, Place::Leaf, &[])?;
    if let Some(name) = given.name {
        host::check(leaf, name)?;
    }
    let mut found = Found::default();
    let is_a_root = search.roots.iter().any(|root| root.digest() == leaf.digest());
    if is_a_root {
        found.paths.push((vec![Rc::clone(leaf)], None));
    } else {
        search.extend(std::slice::from_ref(leaf), None, &mut found)?;
    }
    let mut good = found
        .paths
        .iter()
        .filter(|(path, _)| has_purpose(path, given.judge))
        .map(|(_, condition)| *condition);
    let Some(first) = good.next() else {
        return Err("x509: certificate specifies an incompatible key usage".into());
    };
    Ok(first.filter(|_| good.all(|condition| condition.is_some())))
}

/// Each once, in order.
fn distinct<'a>(sent: &[Shared<'a>]) -> Vec<Shared<'a>> {
    let mut met = HashSet::new();
    sent.iter()
        .filter(|one| met.insert(one.digest()))
        .cloned()
        .collect()
}

/// `checkChainForKeyUsage`: every certificate of the path that lists purposes must list the one, or any.
fn has_purpose(path: &[Shared<'_>], judge: Side) -> bool {
    path.iter().all(|one| {
        one.purposes.as_ref().is_none_or(|purposes| {
            purposes.any
                || match judge {
                    Side::Client => purposes.server,
                    Side::Server => purposes.client,
                }
        })
    })
}

#[derive(Default)]
struct Found<'a> {
    /// Each with the condition on which it is one.
    paths: Vec<(Vec<Shared<'a>>, Option<&'static str>)>,
    checked: usize,
    /// Why a candidate was not taken.
    hint: Option<&'static str>,
}

struct Search<'g, 'a> {
    given: &'g Given<'a>,
    sent: Vec<Shared<'a>>,
    roots: Vec<Shared<'a>>,
}

impl<'a> Search<'_, 'a> {
    /// `buildChains`: all paths that go on from here.
    fn extend(&self, path: &[Shared<'a>], condition: Option<&'static str>, found: &mut Found<'a>) -> Check {
        let Some(current) = path.last() else {
            return Ok(());
        };
        let before = found.paths.len();
        let mut last: Check = Ok(());
        let places = [(&self.roots, Place::Root), (&self.sent, Place::Intermediate)];
        for (pool, place) in places {
            for candidate in potential_parents(pool, current) {
                if is_already_in(&candidate, path) {
                    continue;
                }
                found.checked += 1;
                if found.checked > MOST_SIGNATURES {
                    last = Err(
                        "x509: signature check attempts limit reached while verifying certificate chain"
                            .into(),
                    );
                    continue;
                }
                let mut condition = condition;
                match may_have_signed(current, &candidate) {
                    Ok(Made::Holds) => {}
                    Ok(Made::NotKnown) => condition = Some(IF_IT_HOLDS),
                    Ok(Made::Fails) => {
                        found.hint.get_or_insert("the signature does not verify");
                        continue;
                    }
                    Err(words) => {
                        found.hint.get_or_insert(words);
                        continue;
                    }
                }
                last = self.is_valid(&candidate, place, path);
                if last.is_err() {
                    continue;
                }
                let mut longer = path.to_vec();
                longer.push(candidate);
                match place {
                    Place::Root => found.paths.push((longer, condition)),
                    Place::Leaf | Place::Intermediate => last = self.extend(&longer, condition, found),
                }
            }
        }
        if found.paths.len() > before {
            return Ok(());
        }
        last?;
        let hint = found.hint.map(|words| format!(" ({words})")).unwrap_or_default();
        Err(format!("x509: certificate signed by unknown authority{hint}").into())
    }

    /// `isValid`.
    fn is_valid(&self, one: &Parsed<'a>, place: Place, path: &[Shared<'a>]) -> Check {
        if one.has_unhandled_critical {
            return Err("x509: unhandled critical extension".into());
        }
        let clock = self.given.clock_unix_s;
        if clock < one.not_before || clock > one.not_after {
            return Err("x509: certificate has expired or is not yet valid".into());
        }
        if place != Place::Leaf
            && let Some(leaf) = path.first()
        {
            constraints::check(one, leaf)?;
        }
        if place == Place::Intermediate && !one.basic.is_some_and(|basic| basic.is_ca) {
            return Err("x509: certificate is not authorized to sign other certificates".into());
        }
        let limit = one.basic.and_then(|basic| basic.path_length);
        // A path of one certificate has none between; the leaf itself may be a CA with a limit.
        if limit.is_some_and(|limit| path.len() as i128 - 1 > limit) {
            return Err("x509: too many intermediates for path length constraint".into());
        }
        Ok(())
    }
}

/// By name, byte for byte; those whose identifiers fit come first (`findPotentialParents`).
fn potential_parents<'a>(pool: &[Shared<'a>], child: &Parsed<'a>) -> Vec<Shared<'a>> {
    let mut named: Vec<Shared<'a>> = pool
        .iter()
        .filter(|one| child.certificate.issuer() == one.certificate.subject())
        .cloned()
        .collect();
    named.sort_by_key(|one| {
        if one.key_id == child.authority {
            0
        } else {
            1 + u8::from(!one.key_id.is_empty() && !child.authority.is_empty())
        }
    });
    named
}

/// Same name, key and alternative names as one that is there: a circle.
fn is_already_in(candidate: &Parsed<'_>, path: &[Shared<'_>]) -> bool {
    path.iter().any(|one| {
        candidate.certificate.is_same_entity(one.certificate)
            && candidate.alternative_names == one.alternative_names
    })
}

/// `CheckSignatureFrom`: what stands against this issuer, or what came of the signature.
fn may_have_signed(child: &Parsed<'_>, issuer: &Parsed<'_>) -> Result<Made, &'static str> {
    let is_ca = issuer.basic.map(|basic| basic.is_ca);
    if (issuer.certificate.version() == 3 && is_ca.is_none()) || is_ca == Some(false) {
        return Err("x509: invalid signature: parent certificate cannot sign this kind of certificate");
    }
    if issuer
        .usage
        .is_some_and(|usage| usage != 0 && usage & parse::CERT_SIGN == 0)
    {
        return Err("x509: invalid signature: parent certificate cannot sign this kind of certificate");
    }
    if !child.is_signature_accepted {
        return Err("x509: cannot verify signature: insecure or unimplemented algorithm");
    }
    Ok(made(child.certificate, issuer.certificate))
}
