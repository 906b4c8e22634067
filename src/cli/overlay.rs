//! What the flags of `show` lay over recorded evidence, for a session and for each connection of a packet capture; and the
//! answer as text.

use std::path::PathBuf;

use super::arguments::ShowArguments;
use super::input::{Files, certificates, revocation};
use super::outcome::Unusable;
use super::{text, tree};
use crate::analysis::Analysis;
use crate::capture::{AtHand, Capture, Origin, PerSide, Revocation, Side, Slot, Trust};
use crate::diagnose::recorded_at_s;
use crate::pki::LoadedCertificate;

/// The answer as text, with what the flags add to it.
pub(super) fn as_text(analysis: &Analysis, notes: &[String], arguments: &ShowArguments) -> String {
    let mut words = text::analysis(analysis, notes, &arguments.tool);
    if arguments.keys {
        words.push_str(&tree::keys(analysis));
    }
    if arguments.fields {
        words.push_str(&tree::fields(analysis));
    }
    words
}

/// What the flags lay over the evidence, read once for all connections.
pub(super) struct Overlay {
    trust: PerSide<Option<Vec<LoadedCertificate>>>,
    revocation: Revocation,
    server_name: Option<String>,
    at: Option<i64>,
}

impl Overlay {
    /// Reads the files that the flags name.
    pub(super) fn read(arguments: &ShowArguments) -> Result<Self, Unusable> {
        let mut files = Files::new(&arguments.passphrase)?;
        let trust = |files: &mut Files, paths: &[PathBuf]| {
            (!paths.is_empty())
                .then(|| certificates(files, paths, "to trust"))
                .transpose()
        };
        Ok(Self {
            trust: PerSide {
                client: trust(&mut files, &arguments.client_trust)?,
                server: trust(&mut files, &arguments.server_trust)?,
            },
            revocation: revocation(&mut files, &arguments.crl)?,
            server_name: arguments.server_name.clone(),
            at: arguments.at,
        })
    }
}

/// Lays the flags over the evidence; says what is no longer as it was recorded. `sni` is the name in the ClientHello, which
/// stands for the name asked for where nothing else says it.
pub(super) fn lay_over(overlay: &Overlay, capture: &mut Capture, sni: Option<&str>) -> Vec<String> {
    let mut notes = Vec::new();
    let recorded_at_s = recorded_at_s(capture);
    for side in Side::BOTH {
        let Some(roots) = overlay.trust.of(side) else {
            continue;
        };
        let evidence = capture.sides.of_mut(side);
        let known = evidence.trust.take();
        let was_known = known.is_some();
        let (expected_name, clock_unix_s, revocation) = known
            .map_or((None, recorded_at_s, Revocation::default()), |trust| {
                (trust.expected_name, trust.clock_unix_s, trust.revocation)
            });
        evidence.trust = Some(Trust {
            roots: roots.iter().map(|root| root.der.clone()).collect(),
            expected_name,
            clock_unix_s,
            revocation,
        });
        capture
            .at_hand
            .retain(|at_hand| !(at_hand.side == Some(side) && at_hand.slot == Slot::Trust));
        capture.at_hand.extend(at_hand(side, roots));
        if was_known {
            notes.push(format!(
                "The {}'s trust store is the one given now, not the one recorded.",
                side.word()
            ));
        }
    }
    if !overlay.revocation.is_empty() {
        let mut is_laid = false;
        for side in Side::BOTH {
            if let Some(trust) = &mut capture.sides.of_mut(side).trust {
                let known = &mut trust.revocation;
                known.lists.clone_from(&overlay.revocation.lists);
                known.responses.clone_from(&overlay.revocation.responses);
                is_laid = true;
            }
        }
        notes.push(if is_laid {
            "The revocation lists are those given now, not what was recorded.".to_owned()
        } else {
            "The revocation lists are not used: what the sides trust is not known; give --client-trust or --server-trust too."
                .to_owned()
        });
    }
    if let Some(name) = &overlay.server_name {
        match &mut capture.sides.client.trust {
            Some(trust) => trust.expected_name = Some(name.clone()),
            None => notes.push(
                "The server's name cannot be judged: what the client trusts is not known; give --client-trust too."
                    .to_owned(),
            ),
        }
        notes.push(format!("The name asked for is taken to be {name}."));
    } else if let (Origin::Packets, Some(trust), Some(name)) =
        (capture.origin, &mut capture.sides.client.trust, sni)
    {
        trust.expected_name = Some(name.to_owned());
        notes.push(format!(
            "The name asked for is taken to be {name}, the server_name in the ClientHello."
        ));
    }
    if let Some(at) = overlay.at {
        for side in Side::BOTH {
            if let Some(trust) = &mut capture.sides.of_mut(side).trust {
                trust.clock_unix_s = at;
            }
        }
        notes.push("The time judged at is the one given now, not the one recorded.".to_owned());
    }
    notes
}

fn at_hand(side: Side, roots: &[LoadedCertificate]) -> impl Iterator<Item = AtHand> {
    roots
        .iter()
        .map(move |root| AtHand::of(Some(side), Slot::Trust, root))
}

#[cfg(test)]
mod tests;
