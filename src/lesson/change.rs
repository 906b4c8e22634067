//! What a lesson changes in a scenario: its shipped fault, its solution, or what an answer proposes.

use serde::Deserialize;

use super::words::ClientAuthWord;
use crate::pki::Recipe;
use crate::scenario::{PartySpec, Scenario};
use crate::setup::TlsVersion;

/// A change of a scenario. What is not given stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Change {
    /// Certificates to mint: each takes the place of the one of its name, or is new.
    pub recipes: Vec<Recipe>,
    /// The client.
    pub client: PartyChange,
    /// The server.
    pub server: PartyChange,
    /// The name asked for.
    pub server_name: Option<String>,
    /// Whether the server asks for a client certificate.
    pub client_auth: Option<ClientAuthWord>,
    /// The wire delivers what was sent.
    pub mend_wire: bool,
}

/// A change of one end, by the recipes' names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PartyChange {
    /// What it presents, leaf first; empty: nothing.
    pub chain: Option<Vec<String>>,
    /// Whose key it signs with.
    pub key: Option<String>,
    /// What it trusts.
    pub trust: Option<Vec<String>>,
    /// The key exchange groups it offers or takes, IANA names.
    pub groups: Option<Vec<String>>,
    /// The versions that it speaks: `1.2`, `1.3`.
    pub versions: Option<Vec<VersionWord>>,
    /// Servers: the SPIFFE ID that a client must have; empty: none.
    pub expects: Option<String>,
    /// How far its clock is off, in seconds; negative: behind.
    pub clock_off_s: Option<i64>,
    /// It judges by no revocation list.
    pub drop_lists: bool,
}

/// A TLS version, as on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the versions by name")]
pub enum VersionWord {
    #[serde(rename = "1.2")]
    Tls12,
    #[serde(rename = "1.3")]
    Tls13,
}

impl Change {
    /// The scenario with this change.
    #[must_use]
    pub fn apply(&self, scenario: &Scenario) -> Scenario {
        let mut changed = scenario.clone();
        for recipe in &self.recipes {
            match changed.recipes.iter_mut().find(|old| old.name == recipe.name) {
                Some(old) => *old = recipe.clone(),
                None => changed.recipes.push(recipe.clone()),
            }
        }
        self.client.apply(&mut changed.client);
        self.server.apply(&mut changed.server);
        if let Some(name) = &self.server_name {
            changed.server_name.clone_from(name);
        }
        if let Some(word) = self.client_auth {
            changed.client_auth = word.policy();
        }
        if self.mend_wire {
            changed.fault = None;
        }
        changed
    }
}

impl PartyChange {
    fn apply(&self, party: &mut PartySpec) {
        fn put<T: Clone>(into: &mut T, new: Option<&T>) {
            if let Some(new) = new {
                into.clone_from(new);
            }
        }
        put(&mut party.chain, self.chain.as_ref());
        put(&mut party.trust, self.trust.as_ref());
        put(&mut party.groups, self.groups.as_ref());
        if self.chain.is_some() {
            // Another chain is signed for with its own key, unless the lesson says otherwise.
            party.key = None;
        }
        if self.key.is_some() {
            party.key.clone_from(&self.key);
        }
        if let Some(versions) = &self.versions {
            party.versions = versions
                .iter()
                .map(|word| match word {
                    VersionWord::Tls12 => TlsVersion::Tls12,
                    VersionWord::Tls13 => TlsVersion::Tls13,
                })
                .collect();
        }
        if let Some(expects) = &self.expects {
            party.expects = Some(expects.clone()).filter(|id| !id.is_empty());
        }
        if self.clock_off_s.is_some() {
            party.clock_off_s = self.clock_off_s;
        }
        if self.drop_lists {
            party.lists.clear();
        }
    }
}
