//! Every moment at which anything can change.

use x509_parser::prelude::{CertificateRevocationList, FromDer};

use crate::capture::{PerSide, Side, Slot, Trust};
use crate::diagnose::{CertificateRef, Role};
use crate::experiment::hand::Held;
use crate::pki::LoadedCertificate;
use crate::setup::LabSetup;

/// rustls counts time from here: 1970-01-01 00:00:00 UTC.
pub const FIRST_UNIX_S: i64 = 0;
/// The last second that a certificate can name: 9999-12-31 23:59:59 UTC, which stands for “without end” (RFC 5280 §4.1.2.5).
pub const LAST_UNIX_S: i64 = crate::pki::NO_EXPIRATION_UNIX_S;

/// The validity of one thing in play. Seconds since the epoch, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What it is.
    pub kind: WindowKind,
    /// What to call it.
    pub name: String,
    /// Who presents the certificate, or who trusts it or holds the list.
    pub side: Side,
    /// Presented, or trusted.
    pub slot: Slot,
    /// notBefore, or a list's thisUpdate.
    pub not_before: i64,
    /// notAfter, or a list's nextUpdate.
    pub not_after: i64,
}

/// What has a validity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// A certificate in its place. rustls does not look at a root's dates; others do.
    Certificate(CertificateRef, Role),
    /// A certificate revocation list.
    RevocationList,
}

impl Window {
    /// The word for its kind: `leaf`, `root`, `revocation list`.
    pub fn word(&self) -> &'static str {
        match &self.kind {
            WindowKind::Certificate(_, role) => role.word(),
            WindowKind::RevocationList => "revocation list",
        }
    }
}

/// What is in play: both chains, the trust anchors that could end them, the lists.
pub(super) fn windows(setup: &LabSetup, trusts: &PerSide<Option<Trust>>) -> Vec<Window> {
    let mut windows = Vec::new();
    for presenter in Side::BOTH {
        if !setup.is_judged(presenter) {
            continue;
        }
        let judge = presenter.peer();
        let chain: Vec<Held> = setup.chain(presenter).iter().filter_map(Held::read).collect();
        let is_anchor = |one: &Held| {
            chain
                .iter()
                .any(|child| child.facts.issuer_der == one.facts.subject_der)
        };
        windows.extend(chain.iter().enumerate().map(|(depth, one)| {
            let role = if depth == 0 {
                Role::Leaf
            } else {
                Role::Intermediate
            };
            window(one, role, presenter, Slot::Certificate)
        }));
        let trust: &[LoadedCertificate] = &setup.parties.of(judge).trust;
        windows.extend(
            trust
                .iter()
                .filter_map(Held::read)
                .filter(|one| is_anchor(one))
                .map(|one| window(&one, Role::Root, judge, Slot::Trust)),
        );
        let lists = trusts.of(judge).iter().flat_map(|trust| &trust.revocation.lists);
        windows.extend(lists.filter_map(|list| {
            let (_, parsed) = CertificateRevocationList::from_der(list.der.as_bytes()).ok()?;
            let this_update = parsed.last_update().timestamp();
            Some(Window {
                kind: WindowKind::RevocationList,
                name: list.file.clone().unwrap_or_else(|| "revocation list".to_owned()),
                side: judge,
                slot: Slot::Trust,
                not_before: this_update,
                not_after: parsed.next_update().map_or(LAST_UNIX_S, |time| time.timestamp()),
            })
        }));
    }
    windows
}

fn window(one: &Held, role: Role, side: Side, slot: Slot) -> Window {
    Window {
        kind: WindowKind::Certificate(
            CertificateRef {
                sha256: one.facts.sha256.clone(),
                subject: one.facts.subject.clone(),
            },
            role,
        ),
        name: one.facts.display_name.clone(),
        side,
        slot,
        not_before: one.facts.not_before,
        not_after: one.facts.not_after,
    }
}

/// The first seconds of the stretches in which nothing changes, from [`FIRST_UNIX_S`] on. A comparison with a date may
/// include it or not: the date and the second after it both begin a stretch.
pub(super) fn starts(windows: &[Window]) -> Vec<i64> {
    let mut starts = vec![FIRST_UNIX_S];
    for window in windows {
        for date in [window.not_before, window.not_after] {
            starts.extend([date, date.saturating_add(1)]);
        }
    }
    starts.retain(|start| (FIRST_UNIX_S..=LAST_UNIX_S).contains(start));
    starts.sort_unstable();
    starts.dedup();
    starts
}
