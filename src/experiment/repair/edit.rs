//! One small change of a set-up, as a value.

use crate::capture::Side;
use crate::pki::{CertificateFacts, LoadedCertificate, LoadedKey};
use crate::setup::{Identity, LabSetup, Party, TlsVersion};

/// One small change of a set-up. Never of a file on disk.
#[derive(Clone, Debug)]
pub enum Edit {
    /// These certificates are sent as well, after the others.
    AddToChain {
        /// Who sends them.
        side: Side,
        /// In the order in which they are sent.
        certificates: Vec<LoadedCertificate>,
    },
    /// One certificate is sent in place of another: the same CA, certified again.
    ReplaceInChain {
        /// Who sends it.
        side: Side,
        /// What is sent from now on.
        certificate: LoadedCertificate,
        /// What it takes the place of.
        instead_of: LoadedCertificate,
    },
    /// This certificate is no longer sent.
    DropFromChain {
        /// Who sent it.
        side: Side,
        /// Which.
        certificate: LoadedCertificate,
    },
    /// The same certificates are sent in another order.
    ReorderChain {
        /// Who sends them.
        side: Side,
        /// The order, leaf first.
        chain: Vec<LoadedCertificate>,
    },
    /// Another certificate at hand is presented, whose key the side has.
    UseCertificate {
        /// Who presents it.
        side: Side,
        /// Leaf first.
        chain: Vec<LoadedCertificate>,
    },
    /// Another key at hand is signed with, one that belongs to the certificate.
    UseKey {
        /// Who signs.
        side: Side,
        /// The key.
        key: LoadedKey,
    },
    /// The two sides exchange something.
    Swap(Swap),
    /// One side's certificate file and trust file were exchanged: each takes the other's place.
    SwapSlots(Side),
    /// This certificate is trusted as well.
    TrustAlso {
        /// Who trusts it.
        side: Side,
        /// The trust anchor.
        certificate: LoadedCertificate,
    },
    /// These are trusted instead of what was.
    TrustInstead {
        /// Who trusts them.
        side: Side,
        /// The trust anchors.
        certificates: Vec<LoadedCertificate>,
    },
    /// Both sides judge at this time, in seconds since the epoch; `None`: now.
    MoveClock(Option<i64>),
    /// The client asks for this name.
    AskFor(String),
    /// A side is willing to speak more.
    Speak {
        /// Who.
        side: Side,
        /// What it speaks as well.
        also: Spoken,
    },
    /// The wire delivers what was sent.
    MendWire,
}

/// What two sides can exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Certificate and key.
    Identities,
    /// The certificates alone.
    Chains,
    /// The keys alone.
    Keys,
    /// The trust stores.
    Trust,
}

/// Part of a policy: what is to be spoken as well. Empty: back to all that the library speaks by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// TLS versions.
    Versions(Vec<TlsVersion>),
    /// Cipher suites, IANA names.
    CipherSuites(Vec<String>),
    /// Groups, IANA names.
    Groups(Vec<String>),
    /// Application protocols.
    Protocols(Vec<String>),
}

impl Edit {
    /// The set-up with this change. Total: what is not there is not changed.
    #[must_use]
    pub fn apply(&self, setup: &LabSetup) -> LabSetup {
        let mut setup = setup.clone();
        match self {
            Self::AddToChain { side, certificates } => {
                if let Some(identity) = identity_mut(&mut setup, *side) {
                    for certificate in certificates {
                        if !has(&identity.chain, certificate) {
                            identity.chain.push(certificate.clone());
                        }
                    }
                }
            }
            Self::ReplaceInChain {
                side,
                certificate,
                instead_of,
            } => {
                if let Some(identity) = identity_mut(&mut setup, *side) {
                    for one in &mut identity.chain {
                        if one.der == instead_of.der {
                            one.clone_from(certificate);
                        }
                    }
                }
            }
            Self::DropFromChain { side, certificate } => {
                if let Some(identity) = identity_mut(&mut setup, *side)
                    && identity.chain.len() > 1
                {
                    identity.chain.retain(|other| other.der != certificate.der);
                }
            }
            Self::ReorderChain { side, chain } => {
                if let Some(identity) = identity_mut(&mut setup, *side) {
                    let place = |one: &LoadedCertificate| {
                        let found = chain.iter().position(|other| other.der == one.der);
                        found.unwrap_or(usize::MAX)
                    };
                    identity.chain.sort_by_key(place);
                }
            }
            Self::UseCertificate { side, chain } => {
                if let Some(identity) = identity_mut(&mut setup, *side) {
                    identity.chain.clone_from(chain);
                }
            }
            Self::UseKey { side, key } => {
                if let Some(identity) = identity_mut(&mut setup, *side) {
                    identity.key = Some(key.clone());
                }
            }
            Self::Swap(what) => swap(&mut setup, *what),
            Self::SwapSlots(side) => {
                let party = setup.parties.of_mut(*side);
                if let Some(identity) = &mut party.identity {
                    std::mem::swap(&mut identity.chain, &mut party.trust);
                }
            }
            Self::TrustAlso { side, certificate } => {
                let trust = &mut setup.parties.of_mut(*side).trust;
                if !has(trust, certificate) {
                    trust.push(certificate.clone());
                }
            }
            Self::TrustInstead { side, certificates } => {
                setup.parties.of_mut(*side).trust.clone_from(certificates);
            }
            Self::MoveClock(unix_s) => {
                for side in Side::BOTH {
                    setup.parties.of_mut(side).policy.clock_unix_s = *unix_s;
                }
            }
            Self::AskFor(name) => setup.server_name.clone_from(name),
            Self::Speak { side, also } => also.add_to(setup.parties.of_mut(*side)),
            Self::MendWire => setup.fault = None,
        }
        for side in Side::BOTH {
            relabel(&mut setup, side, self);
        }
        setup
    }

    /// What is tried and shown first: mending what a side sends comes before what another trusts, and the clock comes last.
    pub(super) fn rank(&self) -> u32 {
        match self {
            Self::AddToChain { .. } | Self::ReplaceInChain { .. } => 0,
            Self::ReorderChain { .. } => 1,
            Self::DropFromChain { .. } => 2,
            Self::UseKey { .. } => 3,
            Self::UseCertificate { .. } => 4,
            Self::Swap(Swap::Keys) => 5,
            Self::Swap(Swap::Chains) => 6,
            Self::Swap(Swap::Identities) => 7,
            Self::SwapSlots(_) => 8,
            Self::MoveClock(None) => 9,
            Self::Speak { also, .. } => 10 + u32::from(also.is_older()),
            Self::AskFor(_) => 12,
            Self::MendWire => 13,
            Self::TrustAlso { certificate, .. } => {
                let facts = CertificateFacts::from_der(&certificate.der);
                let is_root = facts.is_ok_and(|facts| facts.is_self_issued());
                if is_root { 14 } else { 17 }
            }
            Self::Swap(Swap::Trust) => 15,
            Self::TrustInstead { .. } => 16,
            Self::MoveClock(Some(_)) => 18,
        }
    }

    /// A stable word for its kind, in JSON and in tests: `add-to-chain`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::AddToChain { .. } => "add-to-chain",
            Self::ReplaceInChain { .. } => "replace-in-chain",
            Self::DropFromChain { .. } => "drop-from-chain",
            Self::ReorderChain { .. } => "reorder-chain",
            Self::UseCertificate { .. } => "use-certificate",
            Self::UseKey { .. } => "use-key",
            Self::Swap(Swap::Identities) => "swap-identities",
            Self::Swap(Swap::Chains) => "swap-certificates",
            Self::Swap(Swap::Keys) => "swap-keys",
            Self::Swap(Swap::Trust) => "swap-trust",
            Self::SwapSlots(_) => "swap-slots",
            Self::TrustAlso { .. } => "trust-also",
            Self::TrustInstead { .. } => "trust-instead",
            Self::MoveClock(_) => "move-clock",
            Self::AskFor(_) => "ask-for",
            Self::Speak { .. } => "speak-also",
            Self::MendWire => "mend-wire",
        }
    }

    /// It lets in what was kept out, or leaves the real world: right for a test, and only sometimes for more.
    pub fn is_for_a_test_only(&self) -> bool {
        matches!(
            self,
            Self::TrustAlso { .. }
                | Self::TrustInstead { .. }
                | Self::Swap(Swap::Trust)
                | Self::MoveClock(Some(_))
                | Self::MendWire
        )
    }
}

impl Spoken {
    /// It lets an older version in.
    pub(super) fn is_older(&self) -> bool {
        matches!(self, Self::Versions(versions) if versions.contains(&TlsVersion::Tls12))
    }

    fn add_to(&self, party: &mut Party) {
        match self {
            Self::Versions(also) => add(&mut party.policy.versions, also),
            Self::CipherSuites(also) => add(&mut party.policy.cipher_suites, also),
            Self::Groups(also) => add(&mut party.policy.groups, also),
            Self::Protocols(also) => add(&mut party.policy.alpn, also),
        }
    }
}

fn add<T: Clone + PartialEq>(list: &mut Vec<T>, also: &[T]) {
    if also.is_empty() {
        list.clear();
    }
    for one in also {
        if !list.contains(one) {
            list.push(one.clone());
        }
    }
}

fn has(list: &[LoadedCertificate], certificate: &LoadedCertificate) -> bool {
    list.iter().any(|other| other.der == certificate.der)
}

fn identity_mut(setup: &mut LabSetup, side: Side) -> Option<&mut Identity> {
    setup.parties.of_mut(side).identity.as_mut()
}

fn swap(setup: &mut LabSetup, what: Swap) {
    let (client, server) = (&mut setup.parties.client, &mut setup.parties.server);
    match what {
        Swap::Identities => std::mem::swap(&mut client.identity, &mut server.identity),
        Swap::Trust => std::mem::swap(&mut client.trust, &mut server.trust),
        Swap::Chains | Swap::Keys => {
            if let (Some(client), Some(server)) = (&mut client.identity, &mut server.identity) {
                if what == Swap::Chains {
                    std::mem::swap(&mut client.chain, &mut server.chain);
                } else {
                    std::mem::swap(&mut client.key, &mut server.key);
                }
            }
        }
    }
}

/// A side is called by what it now presents.
fn relabel(setup: &mut LabSetup, side: Side, edit: &Edit) {
    let presents_another = match edit {
        Edit::UseCertificate { side: whose, .. } | Edit::SwapSlots(whose) => *whose == side,
        Edit::Swap(what) => matches!(what, Swap::Identities | Swap::Chains),
        _ => false,
    };
    if !presents_another {
        return;
    }
    let party = setup.parties.of_mut(side);
    let leaf = party
        .identity
        .as_ref()
        .and_then(|identity| identity.chain.first());
    party.label = leaf
        .and_then(|leaf| CertificateFacts::from_der(&leaf.der).ok())
        .map(|facts| facts.display_name);
}
