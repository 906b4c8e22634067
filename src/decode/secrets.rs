//! Which secret is meant: those in the capture, and those of a key log that serves many connections.

use super::Protection;
use crate::capture::{Capture, KeyLog, Secret, SecretLabel, Side};

/// Where secrets are looked for.
#[derive(Clone, Copy)]
pub(super) struct Secrets<'a> {
    pub capture: &'a Capture,
    pub log: Option<&'a KeyLog>,
}

impl Secrets<'_> {
    /// The secret for a label: the sender's own first, then a key log file's, then the peer's.
    pub(super) fn find(&self, sender: Side, label: &SecretLabel, random: &[u8]) -> Option<Vec<u8>> {
        let of = |wanted: Option<Side>| {
            let fits = |secret: &&Secret| {
                secret.label == *label
                    && secret.logged_by == wanted
                    // A key log file serves many connections; what an endpoint logged is this one's, whatever
                    // random it saw.
                    && (wanted.is_some() || secret.client_random == random)
            };
            self.capture
                .secrets
                .iter()
                .find(fits)
                .or_else(|| self.log?.of(random).iter().find(fits))
                .map(|secret| secret.value.clone())
        };
        of(Some(sender))
            .or_else(|| of(None))
            .or_else(|| of(Some(sender.peer())))
    }
}

/// The secret that a side's keys of an epoch are made from.
pub(super) fn label(side: Side, epoch: Protection) -> SecretLabel {
    match (side, epoch) {
        (_, Protection::Tls12) => SecretLabel::ClientRandom,
        (Side::Client, Protection::Handshake) => SecretLabel::ClientHandshakeTraffic,
        (Side::Server, Protection::Handshake) => SecretLabel::ServerHandshakeTraffic,
        (Side::Client, Protection::Early) => SecretLabel::ClientEarlyTraffic,
        (Side::Client, _) => SecretLabel::ClientTraffic0,
        (Side::Server, _) => SecretLabel::ServerTraffic0,
    }
}
