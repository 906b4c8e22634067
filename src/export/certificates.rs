//! Both chains and the checks on them, as every export lists them.

use super::bounds::{MOST_CHECKS, MOST_LINKS};
use super::material::Material;
use crate::capture::Side;
use crate::diagnose::{ChainLink, LinkState, MatrixRow, Outcome, Presence};
use crate::pki::common_name_in;

/// A presented chain: who sent it, its links, and what the judge trusts, by name.
pub(super) struct Chain<'a> {
    pub title: String,
    pub links: &'a [ChainLink],
    /// How many more there are.
    pub more: usize,
    /// `None` where it is not known.
    pub store: Option<Vec<String>>,
}

pub(super) fn chains(material: &Material) -> Vec<Chain<'_>> {
    Side::BOTH
        .into_iter()
        .filter_map(|sender| {
            let view = material.analysis.diagnosis.chains.of(sender);
            let shown = view.links.get(..MOST_LINKS).unwrap_or(&view.links);
            let name = |one: &crate::diagnose::CertificateRef| common_name_in(&one.subject);
            let store = view
                .store
                .as_ref()
                .map(|store| store.iter().take(MOST_LINKS).map(name).collect());
            (!shown.is_empty()).then(|| Chain {
                title: format!(
                    "The {}'s chain, as the {} sees it",
                    sender.word(),
                    sender.peer().word()
                ),
                links: shown,
                more: view.links.len() - shown.len(),
                store,
            })
        })
        .collect()
}

/// Where a certificate of a chain came from.
pub(super) fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Sent => "sent",
        Presence::InStore => "in the trust store",
        Presence::AtHand => "at hand, not sent",
        Presence::Absent => "absent",
    }
}

/// How it hangs on to the next.
pub(super) fn link_words(state: LinkState) -> &'static str {
    match state {
        LinkState::Holds => "signed by",
        LinkState::Broken => "broken: not held by",
        LinkState::Unknown => "said to be signed by",
    }
}

/// The checks on one certificate by one judge; those that fail first.
pub(super) struct Checked<'a> {
    pub judge: Side,
    pub title: String,
    pub rows: Vec<&'a MatrixRow>,
}

/// Groups in the order of the matrix, and how many checks are left out.
pub(super) fn checked(material: &Material) -> (Vec<Checked<'_>>, usize) {
    let matrix = &material.analysis.diagnosis.matrix;
    let mut out: Vec<Checked<'_>> = Vec::new();
    for row in matrix.iter().take(MOST_CHECKS) {
        let is_of = |group: &Checked<'_>| {
            let first = group.rows.first();
            first.is_some_and(|first| {
                (first.side, &first.certificate, first.role) == (row.side, &row.certificate, row.role)
            })
        };
        if let Some(group) = out.last_mut().filter(|group| is_of(group)) {
            group.rows.push(row);
            continue;
        }
        let name = match &row.certificate {
            Some(one) if one.subject.is_empty() => "(no name)".to_owned(),
            Some(one) => common_name_in(&one.subject),
            None => "nothing presented".to_owned(),
        };
        out.push(Checked {
            judge: row.side,
            title: format!("{name} · {}", row.role.word()),
            rows: vec![row],
        });
    }
    for group in &mut out {
        group.rows.sort_by_key(|row| match row.outcome {
            Outcome::Fail => 0,
            Outcome::Warn => 1,
            Outcome::Pass | Outcome::NotReached => 2,
            Outcome::Unknown => 3,
            Outcome::NotApplicable => 4,
        });
    }
    (out, matrix.len().saturating_sub(MOST_CHECKS))
}
