//! Whether a certificate was revoked: what lists say, and what responses say beside them.

use super::case::{Case, Finding};
use super::{ocsp, revocation as lists};
use crate::diagnose::Role;

pub(super) fn revocation(case: &Case<'_>) -> Finding {
    if case.role == Role::Root {
        return Finding::not_applicable("a trust anchor is withdrawn by taking it out of the store");
    }
    let Some(facts) = case.certificate.facts() else {
        return lists::unreadable(case);
    };
    ocsp::beside(case, facts, lists::by_lists(case, facts))
}
