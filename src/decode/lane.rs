//! One sender's direction: where it is in its stream, under which keys it writes, and what of a message is there.

use super::keys::{Keys, Suite, next_secret};
use super::{Piece, Protection};
use crate::capture::{Capture, SecretLabel, Side};

/// One sender's direction.
pub(super) struct Lane {
    pub side: Side,
    /// All that arrived from this sender.
    pub wire: Vec<u8>,
    /// How far records have been cut.
    pub cut: usize,
    /// A run of bytes that is no TLS has begun.
    pub is_not_tls: bool,
    pub epoch: Protection,
    keys: Option<Keys>,
    secret: Option<Vec<u8>>,
    sequence: u64,
    /// Handshake bytes that do not make a whole message yet, and where they lay.
    pub partial: Vec<u8>,
    pub pieces: Vec<Piece>,
}

/// What came of an attempt to open a record.
pub(super) struct Opened {
    pub content_type: u8,
    pub content: Vec<u8>,
    pub protection: Protection,
    /// What was odd about it.
    pub remark: Option<String>,
}

impl Lane {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            wire: Vec::new(),
            cut: 0,
            is_not_tls: false,
            epoch: Protection::None,
            keys: None,
            secret: None,
            sequence: 0,
            partial: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// Enters an epoch of TLS 1.3 with the sender's own secret for it.
    pub(super) fn enter_13(
        &mut self,
        epoch: Protection,
        capture: &Capture,
        random: &[u8],
        suite: Option<Suite>,
    ) {
        self.epoch = epoch;
        self.sequence = 0;
        self.secret = secret(capture, self.side, &label(self.side, epoch), random);
        self.keys = suite
            .zip(self.secret.as_deref())
            .and_then(|(suite, secret)| Keys::from_traffic_secret(suite, secret));
    }

    /// Enters TLS 1.2's protection with keys worked out from the master secret.
    pub(super) fn enter_12(&mut self, keys: Option<Keys>, has_secret: bool) {
        self.epoch = Protection::Tls12;
        self.sequence = 0;
        self.keys = keys;
        self.secret = has_secret.then(Vec::new);
    }

    /// The next generation of keys after this sender's KeyUpdate.
    pub(super) fn update_keys(&mut self, suite: Option<Suite>) {
        self.sequence = 0;
        self.secret = suite
            .zip(self.secret.as_deref())
            .and_then(|(suite, secret)| next_secret(suite, secret));
        self.keys = suite
            .zip(self.secret.as_deref())
            .and_then(|(suite, secret)| Keys::from_traffic_secret(suite, secret));
    }

    /// A record that the wire swallowed was counted by its sender.
    pub(super) fn skip_one(&mut self) {
        if self.epoch != Protection::None {
            self.sequence += 1;
        }
    }

    /// Opens a record; `Err` says why not.
    pub(super) fn open(
        &mut self,
        header: &[u8],
        payload: &[u8],
        capture: &Capture,
        random: &[u8],
        suite: Option<Suite>,
    ) -> Result<Opened, String> {
        if let Some(keys) = &self.keys {
            // The expected number first; then a few later ones, in case records before this one never arrived.
            for ahead in 0..4 {
                if let Some((content_type, content)) = keys.open(header, payload, self.sequence + ahead) {
                    self.sequence += ahead + 1;
                    let remark = (ahead > 0).then(|| match ahead {
                        1 => "one record before this one never arrived".to_owned(),
                        count => format!("{count} records before this one never arrived"),
                    });
                    return Ok(Opened {
                        content_type,
                        content,
                        protection: self.epoch,
                        remark,
                    });
                }
            }
        }
        // A side may write under other keys than it should by our count: an alert under the handshake keys, early data.
        if self.epoch != Protection::Tls12 {
            for epoch in [Protection::Application, Protection::Handshake, Protection::Early] {
                if epoch == self.epoch {
                    continue;
                }
                let Some(other) = secret(capture, self.side, &label(self.side, epoch), random)
                    .zip(suite)
                    .and_then(|(secret, suite)| Keys::from_traffic_secret(suite, &secret))
                else {
                    continue;
                };
                for sequence in 0..8 {
                    if let Some((content_type, content)) = other.open(header, payload, sequence) {
                        return Ok(Opened {
                            content_type,
                            content,
                            protection: epoch,
                            remark: None,
                        });
                    }
                }
            }
        }
        Err(if suite.is_none() {
            "this cipher suite is not opened here".to_owned()
        } else if self.secret.is_none() {
            format!(
                "the capture has no secret for the {}'s {} keys",
                self.side.word(),
                keys_word(self.epoch)
            )
        } else {
            "it does not open with its sender's keys: its bytes are not the ones that were sealed".to_owned()
        })
    }
}

fn keys_word(epoch: Protection) -> &'static str {
    match epoch {
        Protection::Handshake => "handshake",
        Protection::Early => "early data",
        Protection::Tls12 => "TLS 1.2",
        _ => "application",
    }
}

fn label(side: Side, epoch: Protection) -> SecretLabel {
    match (side, epoch) {
        (Side::Client, Protection::Handshake) => SecretLabel::ClientHandshakeTraffic,
        (Side::Server, Protection::Handshake) => SecretLabel::ServerHandshakeTraffic,
        (Side::Client, Protection::Early) => SecretLabel::ClientEarlyTraffic,
        (Side::Client, _) => SecretLabel::ClientTraffic0,
        (Side::Server, _) => SecretLabel::ServerTraffic0,
    }
}

/// The secret for a label: the sender's own first, then a key log file's, then the peer's.
pub(super) fn secret(capture: &Capture, sender: Side, label: &SecretLabel, random: &[u8]) -> Option<Vec<u8>> {
    let of = |wanted: Option<Side>| {
        capture
            .secrets
            .iter()
            .find(|secret| {
                secret.label == *label
                    && secret.logged_by == wanted
                    // A key log file serves many connections; what an endpoint logged is this one's, whatever
                    // random it saw.
                    && (wanted.is_some() || secret.client_random == random)
            })
            .map(|secret| secret.value.clone())
    };
    of(Some(sender))
        .or_else(|| of(None))
        .or_else(|| of(Some(sender.peer())))
}
