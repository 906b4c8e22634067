//! Built-in handshakes: the demo, the fixture, and the source of the pictures.
//!
//! Each is a RON file in `assets/scenarios/`: a small PKI to mint, two parties, what the wire does, what will come of it,
//! and what to look for. The identities are minted anew each time, so nothing in a scenario expires.

mod format;
mod pair;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use format::{
    Expectation, FaultSpec, Group, PartySpec, Scenario, ScenarioError, Strictness, USUAL_SERVER_NAME,
};
pub use pair::pair;

use crate::clock::Clock;
use crate::setup::LabSetup;

/// The files; the gallery shows them group by group, each in this order.
const FILES: &[&str] = &[
    include_str!("../../assets/scenarios/good-tls13.ron"),
    include_str!("../../assets/scenarios/good-tls12.ron"),
    include_str!("../../assets/scenarios/hello-retry-request.ron"),
    include_str!("../../assets/scenarios/client-auth-declined.ron"),
    include_str!("../../assets/scenarios/good-spiffe.ron"),
    include_str!("../../assets/scenarios/client-wrong-ca.ron"),
    include_str!("../../assets/scenarios/client-impostor-ca.ron"),
    include_str!("../../assets/scenarios/root-rotated.ron"),
    include_str!("../../assets/scenarios/self-signed.ron"),
    include_str!("../../assets/scenarios/no-trust-anchors.ron"),
    include_str!("../../assets/scenarios/bad-signature.ron"),
    include_str!("../../assets/scenarios/client-missing-intermediate.ron"),
    include_str!("../../assets/scenarios/server-missing-intermediate.ron"),
    include_str!("../../assets/scenarios/intermediate-as-leaf.ron"),
    include_str!("../../assets/scenarios/chain-too-long.ron"),
    include_str!("../../assets/scenarios/issuer-not-ca.ron"),
    include_str!("../../assets/scenarios/issuer-cannot-sign.ron"),
    include_str!("../../assets/scenarios/path-length-exceeded.ron"),
    include_str!("../../assets/scenarios/leaf-is-ca.ron"),
    include_str!("../../assets/scenarios/expired-intermediate.ron"),
    include_str!("../../assets/scenarios/client-expired.ron"),
    include_str!("../../assets/scenarios/not-yet-valid.ron"),
    include_str!("../../assets/scenarios/validity-inverted.ron"),
    include_str!("../../assets/scenarios/outlives-its-ca.ron"),
    include_str!("../../assets/scenarios/wrong-server-name.ron"),
    include_str!("../../assets/scenarios/name-constraints.ron"),
    include_str!("../../assets/scenarios/no-san.ron"),
    include_str!("../../assets/scenarios/ip-in-dns-name.ron"),
    include_str!("../../assets/scenarios/wildcard-misuse.ron"),
    include_str!("../../assets/scenarios/spiffe-id-mismatch.ron"),
    include_str!("../../assets/scenarios/server-expects-other-workload.ron"),
    include_str!("../../assets/scenarios/client-wrong-purpose.ron"),
    include_str!("../../assets/scenarios/everything-wrong.ron"),
    include_str!("../../assets/scenarios/key-usage.ron"),
    include_str!("../../assets/scenarios/malformed.ron"),
    include_str!("../../assets/scenarios/unknown-critical-extension.ron"),
    include_str!("../../assets/scenarios/unsupported-certificate-version.ron"),
    include_str!("../../assets/scenarios/cross-signed.ron"),
    include_str!("../../assets/scenarios/impostor-twin.ron"),
    include_str!("../../assets/scenarios/swapped-order.ron"),
    include_str!("../../assets/scenarios/expired-twin.ron"),
    include_str!("../../assets/scenarios/loop.ron"),
    include_str!("../../assets/scenarios/revoked.ron"),
    include_str!("../../assets/scenarios/revoked-intermediate.ron"),
    include_str!("../../assets/scenarios/crl-expired.ron"),
    include_str!("../../assets/scenarios/crl-stale-accepted.ron"),
    include_str!("../../assets/scenarios/crl-invalid.ron"),
    include_str!("../../assets/scenarios/revocation-unknown.ron"),
    include_str!("../../assets/scenarios/key-mismatch.ron"),
    include_str!("../../assets/scenarios/weak-key.ron"),
    include_str!("../../assets/scenarios/weak-signature.ron"),
    include_str!("../../assets/scenarios/unsupported-algorithm.ron"),
    include_str!("../../assets/scenarios/no-common-signature-scheme.ron"),
    include_str!("../../assets/scenarios/client-certificate-not-acceptable.ron"),
    include_str!("../../assets/scenarios/client-no-certificate.ron"),
    include_str!("../../assets/scenarios/no-common-version.ron"),
    include_str!("../../assets/scenarios/alpn-mismatch.ron"),
    include_str!("../../assets/scenarios/no-common-cipher.ron"),
    include_str!("../../assets/scenarios/no-common-group.ron"),
    include_str!("../../assets/scenarios/server-certificate-missing.ron"),
    include_str!("../../assets/scenarios/sni-rejected.ron"),
    include_str!("../../assets/scenarios/tampered.ron"),
    include_str!("../../assets/scenarios/stalled.ron"),
    include_str!("../../assets/scenarios/plain-http.ron"),
    include_str!("../../assets/scenarios/truncated.ron"),
    include_str!("../../assets/scenarios/unexpected-message.ron"),
    include_str!("../../assets/scenarios/peer-closed.ron"),
    include_str!("../../assets/scenarios/client-hangs-up.ron"),
    include_str!("../../assets/scenarios/renamed-issuer.ron"),
    include_str!("../../assets/scenarios/field/stale-client-certificate.ron"),
    include_str!("../../assets/scenarios/field/who-is-unknown.ron"),
    include_str!("../../assets/scenarios/field/server-certificate-as-client.ron"),
    include_str!("../../assets/scenarios/field/renewed-without-client-auth.ron"),
    include_str!("../../assets/scenarios/field/intermediate-server-auth-only.ron"),
    include_str!("../../assets/scenarios/field/proxy-drops-intermediate.ron"),
    include_str!("../../assets/scenarios/field/tpm-without-pss.ron"),
    include_str!("../../assets/scenarios/field/anchor-and-issuer-share-a-name.ron"),
    include_str!("../../assets/scenarios/field/old-anchor-removed-too-early.ron"),
    include_str!("../../assets/scenarios/field/missed-reload.ron"),
    include_str!("../../assets/scenarios/field/clients-ca-for-cluster-ca.ron"),
    include_str!("../../assets/scenarios/field/same-ca-name-other-serial.ron"),
    include_str!("../../assets/scenarios/field/spiffe-only-certificate.ron"),
    include_str!("../../assets/scenarios/field/clock-skew.ron"),
    include_str!("../../assets/scenarios/field/default-host-answers.ron"),
];

static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    // The files are part of the binary and a test parses every one: none is lost here where a user could miss it.
    let mut all: Vec<Scenario> = FILES
        .iter()
        .filter_map(|text| Scenario::parse(text).ok())
        .collect();
    all.sort_by_key(|scenario| scenario.group);
    all
});

/// All built-in scenarios, in the order of the gallery.
pub fn all() -> &'static [Scenario] {
    &ALL
}

/// The scenario with this id.
pub fn find(id: &str) -> Result<&'static Scenario, ScenarioError> {
    all()
        .iter()
        .find(|scenario| scenario.id == id)
        .ok_or_else(|| ScenarioError::Unknown {
            id: id.to_owned(),
            known: all().iter().map(|scenario| scenario.id.clone()).collect(),
        })
}

static TEXTS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    FILES
        .iter()
        .filter_map(|text| Some((Scenario::parse(text).ok()?.id, *text)))
        .collect()
});

/// The file of the scenario with this id, as it is compiled in.
pub fn text(id: &str) -> Option<&'static str> {
    TEXTS.get(id).copied()
}

/// The scenario whose identities are the built-in ones.
pub const BUILT_IN: &str = "good-tls13";

/// The built-in identities, minted now.
pub fn built_in() -> Result<LabSetup, ScenarioError> {
    find(BUILT_IN)?.setup(Clock::default().unix_s())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{FILES, Scenario, all};

    #[test]
    fn every_file_parses_mints_and_says_what_to_look_for() {
        let mut ids = HashSet::new();
        for text in FILES {
            let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert!(ids.insert(scenario.id.clone()), "{} twice", scenario.id);
            assert!(scenario.title.len() > 4 && scenario.summary.len() > 20 && scenario.look_for.len() > 20);
            scenario
                .setup(1_800_000_000)
                .unwrap_or_else(|error| panic!("{}: {error}", scenario.id));
        }
        assert_eq!(all().len(), FILES.len());
        assert!(all().len() >= 16);
    }

    #[test]
    fn the_directory_of_scenarios_equals_their_list() {
        fn read(directory: &std::path::Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(directory).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    read(&path, found);
                } else if path.extension().is_some_and(|extension| extension == "ron") {
                    found.push(std::fs::read_to_string(&path).expect("a text"));
                }
            }
        }
        let mut there = Vec::new();
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenarios");
        read(std::path::Path::new(directory), &mut there);
        there.sort_unstable();
        let mut listed: Vec<String> = FILES.iter().map(|text| (*text).to_owned()).collect();
        listed.sort_unstable();
        let missing: Vec<_> = there.iter().filter(|text| !listed.contains(text)).collect();
        assert!(
            missing.is_empty(),
            "in the directory and in no list: {missing:#?}"
        );
        assert_eq!(there, listed);
    }
}
