//! Names that rustls takes and that a rule forbids: warnings only, each with who refuses it.

use super::case::{Case, Finding};
use super::conformance::{all, warn};
use super::oid;
use crate::capture::Side;
use crate::diagnose::CauseId;
use crate::pki::GeneralName;

pub(super) fn names(case: &Case<'_>) -> Option<Finding> {
    let facts = case.certificate.facts()?;
    let subject = case.certificate.part(|at| &at.subject)?;
    let (is_critical, _) = case.certificate.extension(oid::SUBJECT_ALT_NAME)?;
    let uncritical = (subject.is_empty() && !is_critical).then(|| {
        warn(
            case,
            "san-not-critical",
            CauseId::Malformed,
            "its subject is empty, and its subjectAltName is not critical as RFC 5280 §4.2.1.6 then demands",
        )
    });
    let names = facts.subject_alt_names.as_deref().unwrap_or_default();
    // A server's common name only: a client's is often the name of a person or of an account.
    let stray = facts.common_name.as_ref().filter(|name| {
        case.judge == Side::Client
            && name.contains(['.', ':'])
            && !name.contains(' ')
            && !names.iter().any(|other| match other {
                GeneralName::Dns(text) => text == *name,
                GeneralName::Ip(address) => address.to_string() == **name,
                _ => false,
            })
    });
    let stray = stray.map(|name| {
        warn(case,
            "common-name-not-in-san",
            CauseId::NameMismatch,
            &format!(
                "its common name {name} is not, letter by letter, among its subjectAltNames, as the CA/Browser Forum demands"
            ),
        )
    });
    let wide = names.iter().find_map(|name| match name {
        GeneralName::Dns(text) => {
            let below = text.strip_prefix("*.")?;
            is_registry(below).then(|| text.clone())
        }
        _ => None,
    });
    let wide = wide.map(|name| {
        warn(
            case,
            "wildcard-on-a-registry",
            CauseId::WildcardMisuse,
            &format!("{name} stands for everybody under a public suffix, which the CA/Browser Forum forbids"),
        )
    });
    let overcritical = (!subject.is_empty() && is_critical).then(|| {
        warn(
            case,
            "san-critical-with-subject",
            None,
            "its subjectAltName is critical although it has a subject, against the CA/Browser Forum's rules",
        )
    });
    all([uncritical, overcritical, stray, wide])
}

/// Names below which anybody can have a name of their own. Not the whole Public Suffix List, which is data of its own and
/// changes weekly: the common second levels below countries, and the large hosts.
fn is_registry(name: &str) -> bool {
    const SECOND: [&str; 10] = ["ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"];
    const HOSTS: [&str; 20] = [
        "amplifyapp.com",
        "appspot.com",
        "azurewebsites.net",
        "blogspot.com",
        "cloudfront.net",
        "elasticbeanstalk.com",
        "firebaseapp.com",
        "fly.dev",
        "github.io",
        "gitlab.io",
        "herokuapp.com",
        "netlify.app",
        "ngrok.io",
        "onrender.com",
        "pages.dev",
        "run.app",
        "s3.amazonaws.com",
        "vercel.app",
        "web.app",
        "workers.dev",
    ];
    let name = name.to_ascii_lowercase();
    let labels: Vec<&str> = name.split('.').collect();
    let is_second_level = match labels.as_slice() {
        [second, country] => country.len() == 2 && SECOND.contains(second),
        _ => labels.len() == 1,
    };
    is_second_level || HOSTS.contains(&name.as_str())
}
