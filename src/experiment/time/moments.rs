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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{ListRecipe, Recipe, mint, mint_list};
    use crate::setup::{Identity, Party};

    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let contents = parts.concat();
        let length = contents.len();
        let header = match u8::try_from(length) {
            Ok(short) if short < 0x80 => vec![tag, short],
            _ => vec![tag, 0x82, (length >> 8) as u8, (length & 0xff) as u8],
        };
        [header, contents].concat()
    }

    /// A list as it is, but for the time of the next one.
    fn without_next_update(der: &[u8]) -> Vec<u8> {
        let inside = |der: &[u8]| crate::pki::der_element(der).map(|(contents, _)| contents.to_vec());
        let after = |der: &[u8]| crate::pki::der_element(der).map(|(_, rest)| rest.to_vec());
        let outer = inside(der).expect("a list");
        let signature = after(&outer).expect("a signature");
        let tbs = inside(&outer).expect("its fields");
        // Version, algorithm, issuer, thisUpdate; then nextUpdate.
        let mut at = tbs.clone();
        for _ in 0..4 {
            at = after(&at).expect("a field");
        }
        let kept = tbs.len() - at.len();
        let rest = after(&at).expect("what follows");
        element(0x30, &[&element(0x30, &[&tbs[..kept], &rest]), &signature])
    }

    /// Of what is trusted only the issuers of the chain are drawn, and a list that names no end has none.
    #[test]
    fn what_plays_no_part_is_not_drawn_and_a_list_without_an_end_is_open() {
        const NOW: i64 = 1_800_000_000;
        let recipe = |name: &str, issuer: Option<&str>| {
            let mut recipe: Recipe =
                ron::from_str(&format!("(name: {name:?}, subject: {name:?})")).expect("a recipe");
            recipe.issuer = issuer.map(str::to_owned);
            recipe.is_ca = issuer.is_none();
            recipe
        };
        let recipes = [
            recipe("root", None),
            recipe("other", None),
            recipe("leaf", Some("root")),
        ];
        let minted = mint(&recipes, NOW).expect("it mints");
        let get = |name: &str| minted.find(name).expect("minted").certificate.clone();
        let list: ListRecipe = ron::from_str(r#"(issuer: "root")"#).expect("a list");
        let whole = mint_list(&list, &minted, NOW).expect("a list");
        let mut open = whole.clone();
        open.der = without_next_update(whole.der.as_bytes()).into();
        let mut parties = PerSide::<Party>::default();
        parties.server.identity = Some(Identity {
            chain: vec![get("leaf")],
            key: None,
        });
        parties.client.trust = vec![get("other"), get("root")];
        let setup = LabSetup {
            parties,
            server_name: "leaf".to_owned(),
            client_auth: crate::capture::ClientAuth::None,
            fault: None,
            known: Vec::new(),
            timeout_ms: 300,
            wall_clock: crate::clock::Clock::default(),
        };
        let mut trust = Trust::default();
        trust.revocation.lists = vec![whole.into(), open.into()];
        let trusts = PerSide {
            client: Some(trust),
            server: None,
        };
        // What is presented is its sender's, what judges it the judge's.
        let places: Vec<(Side, Slot)> = windows(&setup, &trusts)
            .iter()
            .map(|window| (window.side, window.slot))
            .collect();
        let judges = (Side::Client, Slot::Trust);
        assert_eq!(
            places,
            [(Side::Server, Slot::Certificate), judges, judges, judges]
        );
        let found: Vec<(String, &str, i64)> = windows(&setup, &trusts)
            .iter()
            .map(|window| (window.name.clone(), window.word(), window.not_after - NOW))
            .collect();
        let [leaf, root, whole, open] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((leaf.0.as_str(), leaf.1), ("leaf", "leaf"));
        assert_eq!((root.0.as_str(), root.1), ("root", "root"));
        assert_eq!((whole.1, whole.2), ("revocation list", 24 * 3600));
        assert_eq!((open.1, open.2), ("revocation list", LAST_UNIX_S - NOW));
    }
}
