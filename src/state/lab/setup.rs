//! The set-up as the user sees it: slots, policy, what-if; and its way to a lab run and back.

use std::path::PathBuf;

use super::passphrases::KnownPassphrases;
use super::slot::{ListsSeen, SetupSlot, Slot, Source};
use crate::capture::{ClientAuth, PerSide, Side};
use crate::clock::Clock;
use crate::pki::{CertificateFacts, GeneralName, LoadedCertificate};
use crate::setup::{Fault, Identity, LabSetup, Party, SidePolicy};

/// Everything that the left panel shows.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Identity, trust and policy of each side.
    pub sides: PerSide<SideSetup>,
    /// The name that the client asks for.
    pub server_name: String,
    /// Whether the user chose the server name; otherwise it follows the server's certificate.
    pub is_server_name_chosen: bool,
    /// Whether the server asks for a client certificate.
    pub client_auth: ClientAuth,
    /// What the wire does.
    pub fault: Option<Fault>,
    /// Certificates at hand that nobody sends or trusts.
    pub known: Vec<LoadedCertificate>,
    /// How long a side waits, in milliseconds.
    pub timeout_ms: u64,
    /// The time of a run, and of each side that has no clock of its own.
    pub wall_clock: Clock,
    /// What opens its files.
    pub passphrases: KnownPassphrases,
}

/// One side's slots and policy. The policies differ only where a scenario or the command line wants it so; the panel
/// sets both at once.
#[derive(Clone, Debug, Default)]
pub struct SideSetup {
    /// The chain presented.
    pub certificate: Slot,
    /// The private key.
    pub key: Slot,
    /// What is trusted.
    pub trust: Slot,
    /// What it speaks, when and by what it judges.
    pub policy: SidePolicy,
    /// What a glance tells of its revocation lists; judged with the dots.
    pub lists_seen: ListsSeen,
}

impl SideSetup {
    /// One of the three slots.
    pub fn slot(&self, slot: SetupSlot) -> &Slot {
        match slot {
            SetupSlot::Certificate => &self.certificate,
            SetupSlot::Key => &self.key,
            SetupSlot::Trust => &self.trust,
        }
    }

    /// One of the three slots, to change it.
    pub fn slot_mut(&mut self, slot: SetupSlot) -> &mut Slot {
        match slot {
            SetupSlot::Certificate => &mut self.certificate,
            SetupSlot::Key => &mut self.key,
            SetupSlot::Trust => &mut self.trust,
        }
    }

    fn of_party(party: Party) -> Self {
        // Each field by its name, so that a new one cannot be forgotten. The label is read from the certificate again.
        let Party {
            label: _,
            identity,
            trust,
            policy,
        } = party;
        let source =
            |file: Option<&String>| file.map_or(Source::BuiltIn, |file| Source::File(PathBuf::from(file)));
        let certificates = |kind: SetupSlot, list: Vec<LoadedCertificate>| {
            let source = source(list.first().and_then(|first| first.file.as_ref()));
            Slot::of_certificates(kind, source, list)
        };
        let (certificate, key) = match identity {
            None => (Slot::empty(SetupSlot::Certificate), Slot::empty(SetupSlot::Key)),
            Some(identity) => (
                certificates(SetupSlot::Certificate, identity.chain),
                identity.key.map_or_else(
                    || Slot::empty(SetupSlot::Key),
                    |key| Slot::of_key(source(key.file.as_ref()), key),
                ),
            ),
        };
        Self {
            certificate,
            key,
            trust: certificates(SetupSlot::Trust, trust),
            policy,
            lists_seen: ListsSeen::default(),
        }
    }

    fn to_party(&self) -> Party {
        let identity = (!self.certificate.is_empty()).then(|| Identity {
            chain: self.certificate.certificates.to_vec(),
            key: self.key.key.as_deref().cloned(),
        });
        Party {
            label: self.certificate.certificates.first().and_then(|leaf| {
                CertificateFacts::from_der(&leaf.der)
                    .ok()
                    .map(|facts| facts.display_name)
            }),
            identity,
            trust: self.trust.certificates.to_vec(),
            policy: self.policy.clone(),
        }
    }
}

impl Setup {
    /// The slot of a side.
    pub fn slot(&self, side: Side, slot: SetupSlot) -> &Slot {
        self.sides.of(side).slot(slot)
    }

    /// The slot of a side, to change it.
    pub fn slot_mut(&mut self, side: Side, slot: SetupSlot) -> &mut Slot {
        self.sides.of_mut(side).slot_mut(slot)
    }

    /// From a scenario, the built-in identities or the command line.
    pub fn from_lab(lab: LabSetup) -> Self {
        let LabSetup {
            parties,
            server_name,
            client_auth,
            fault,
            known,
            timeout_ms,
            wall_clock,
        } = lab;
        Self {
            sides: PerSide {
                client: SideSetup::of_party(parties.client),
                server: SideSetup::of_party(parties.server),
            },
            server_name,
            is_server_name_chosen: false,
            client_auth,
            fault,
            known,
            timeout_ms,
            wall_clock,
            passphrases: KnownPassphrases::default(),
        }
    }

    /// What one run needs.
    pub fn to_lab(&self) -> LabSetup {
        LabSetup {
            parties: PerSide {
                client: self.sides.client.to_party(),
                server: self.sides.server.to_party(),
            },
            server_name: self.server_name.clone(),
            client_auth: self.client_auth,
            fault: self.fault,
            known: self.known.clone(),
            timeout_ms: self.timeout_ms,
            wall_clock: self.wall_clock.clone(),
        }
    }

    /// Changes both sides' policies.
    pub fn for_both(&mut self, mut change: impl FnMut(&mut SideSetup)) {
        for side in Side::BOTH {
            change(self.sides.of_mut(side));
        }
    }

    /// Every slot, with its place.
    pub fn slots(&self) -> impl Iterator<Item = (Side, SetupSlot, &Slot)> {
        Side::BOTH
            .into_iter()
            .flat_map(|side| SetupSlot::ALL.map(|slot| (side, slot, self.slot(side, slot))))
    }

    /// The first DNS or IP name of the server's certificate: what a client would ask for.
    pub fn name_on_server_certificate(&self) -> Option<String> {
        let leaf = self.sides.server.certificate.certificates.first()?;
        let facts = CertificateFacts::from_der(&leaf.der).ok()?;
        facts.subject_alt_names?.into_iter().find_map(|name| match name {
            GeneralName::Dns(name) => Some(name.replacen('*', "www", 1)),
            GeneralName::Ip(address) => Some(address.to_string()),
            _ => None,
        })
    }
}
