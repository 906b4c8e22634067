//! Which secret is meant: those in the capture, and those of a key log that serves many connections.

use std::collections::HashMap;

use super::Protection;
use super::keys::Suite;
use crate::capture::{Capture, KeyLog, Secret, SecretLabel, Side};

/// Who logged a secret, its label, and for what a key log file says the client's random.
type Key<'a> = (Option<Side>, &'a SecretLabel, &'a [u8]);

/// Where secrets are looked for. Each question costs the same, however many secrets there are.
pub(super) struct Secrets<'a> {
    own: HashMap<Key<'a>, &'a [u8]>,
    log: Option<&'a KeyLog>,
}

impl<'a> Secrets<'a> {
    pub(super) fn of(capture: &'a Capture, log: Option<&'a KeyLog>) -> Self {
        let mut own = HashMap::with_capacity(capture.secrets.len());
        for secret in &capture.secrets {
            // A key log file serves many connections; what an endpoint logged is this one's, whatever random it saw.
            let random: &[u8] = match secret.logged_by {
                Some(_) => &[],
                None => &secret.client_random,
            };
            // The first of several counts.
            own.entry((secret.logged_by, &secret.label, random))
                .or_insert(secret.value.as_slice());
        }
        Self { own, log }
    }

    /// The secret for a label: the sender's own first, then a key log file's, then the peer's.
    pub(super) fn find(&self, sender: Side, label: &SecretLabel, random: &[u8]) -> Option<Vec<u8>> {
        let in_log = || {
            let fits = |secret: &&Secret| secret.label == *label && secret.logged_by.is_none();
            self.log?
                .of(random)
                .iter()
                .find(fits)
                .map(|secret| secret.value.as_slice())
        };
        let own = |by: Option<Side>, random: &[u8]| self.own.get(&(by, label, random)).copied();
        own(Some(sender), &[])
            .or_else(|| own(None, random))
            .or_else(in_log)
            .or_else(|| own(Some(sender.peer()), &[]))
            .map(<[u8]>::to_vec)
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

/// Why there are no keys.
pub(super) fn why_none(side: Side, epoch: Protection, suite: Option<Suite>, has_secret: bool) -> String {
    if suite.is_none() {
        "this cipher suite is not opened here".to_owned()
    } else if has_secret {
        "the secret does not fit the cipher suite".to_owned()
    } else {
        format!(
            "the capture has no secret for the {}'s {} keys",
            side.word(),
            match epoch {
                Protection::Handshake => "handshake",
                Protection::Early => "early data",
                Protection::Tls12 => "TLS 1.2",
                _ => "application",
            }
        )
    }
}
