//! What the handshake messages say of the connection: the state that the next messages and keys are read by.

use super::keys::{Keys, Legacy, Suite, finished_13, finished_legacy, master_secret};
use super::secrets::{Secrets, label};
use super::spoken::Spoken;
use super::{Body, FinishedFacts, MessageKind, Protection, Transcript};
use crate::capture::{PerSide, SecretLabel, Side};
use crate::iana::Version;

/// What of its part of a handshake a side has said: each is said once, and what is said again is not worked out again.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    verify: bool,
    finished: bool,
    switch: bool,
}

/// The state of the handshake.
#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact that some message told"
)]
pub(super) struct Handshake {
    pub client_random: Vec<u8>,
    pub server_random: Vec<u8>,
    pub is_13: bool,
    pub suite_number: Option<u16>,
    pub suite: Option<Suite>,
    /// What the two sides of TLS 1.2 or before agreed on beside the suite.
    pub legacy: Legacy,
    /// DEFLATE below TLS 1.3 (RFC 3749).
    pub is_compressed: bool,
    pub spoken: Spoken,
    /// The client offers early data, which may stay shut without a message being missing.
    pub offers_early_data: bool,
    /// The server showed a certificate since the last ClientHello.
    has_certificate: bool,
    /// What each side shows in a certificate's place (RFC 7250 §4.1); 2 is a bare public key.
    pub raw_keys: PerSide<Option<u8>>,
    /// The client's half of an RSA key exchange, by which some logs know the premaster secret.
    encrypted_premaster: Vec<u8>,
    /// The master secret is bound to the handshake (RFC 7627).
    has_extended_master: bool,
    /// How much of `spoken` it is bound to.
    extended_master: Option<usize>,
    said: PerSide<Said>,
}

impl Handshake {
    /// A handshake that begins after another on the same connection begins a transcript of its own: TLS 1.2's renegotiation
    /// (RFC 5246 §7.4.1.2), and 1.3's authentication after the handshake (RFC 8446 §4.4).
    pub(super) fn begin_again(&mut self, side: Side, kind: MessageKind) {
        let is_hello = kind == MessageKind::ClientHello && side == Side::Client;
        if is_hello && !self.is_13 && !self.server_random.is_empty() {
            self.spoken = Spoken::default();
            self.server_random.clear();
            self.has_certificate = false;
            self.said = PerSide::default();
        }
        if kind == MessageKind::CertificateRequest && self.is_13 && self.spoken.is_main_over() {
            self.spoken.go_back_to_main();
            self.said = PerSide::default();
        }
    }

    /// Adds to a proof what it is a proof of: what was signed, or what the checksum must be. `Some` says why not. `in_force`
    /// is the secret of the sender's keys.
    pub(super) fn complete(
        &mut self,
        side: Side,
        body: &mut Body,
        bytes: &[u8],
        secrets: &Secrets<'_>,
        in_force: Option<&[u8]>,
    ) -> Option<&'static str> {
        let said = self.said.of_mut(side);
        match body {
            Body::CertificateVerify(facts) => {
                if std::mem::replace(&mut said.verify, true) {
                    return Some("the second one in the same handshake: it is not checked");
                }
                if self.spoken.is_torn {
                    return None;
                }
                facts.signed = if self.is_13 {
                    self.suite.map(|suite| {
                        let context: &[u8] = match side {
                            Side::Client => b"TLS 1.3, client CertificateVerify",
                            Side::Server => b"TLS 1.3, server CertificateVerify",
                        };
                        [&[0x20; 64][..], context, &[0], &self.spoken.hash(suite.hash)].concat()
                    })
                } else {
                    Some(self.spoken.bytes().to_vec())
                };
            }
            Body::ServerKeyExchange { params, signed, .. } => {
                let params = bytes.get(params.clone()).unwrap_or_default();
                let has_all =
                    !self.client_random.is_empty() && !self.server_random.is_empty() && !params.is_empty();
                if has_all && !self.spoken.is_changed {
                    *signed = Some([&self.client_random, &self.server_random, params].concat());
                }
            }
            Body::Finished(facts) => {
                if std::mem::replace(&mut said.finished, true) {
                    let why = "it is the second one in the same handshake";
                    facts.why_not = Some(why.to_owned());
                } else {
                    self.compute_finished(side, facts, secrets, in_force);
                }
            }
            _ => {}
        }
        None
    }

    /// Our own value for a Finished message.
    fn compute_finished(
        &mut self,
        side: Side,
        facts: &mut FinishedFacts,
        secrets: &Secrets<'_>,
        in_force: Option<&[u8]>,
    ) {
        let Some(suite) = self.suite else {
            facts.why_not = Some("the cipher suite is not known here".to_owned());
            return;
        };
        if self.spoken.is_torn || self.client_random.is_empty() {
            facts.why_not =
                Some("a message before it is missing from the evidence, or stayed shut".to_owned());
            return;
        }
        let epoch = match (self.is_13, self.spoken.is_main_over()) {
            (false, _) => Protection::Tls12,
            (true, false) => Protection::Handshake,
            (true, true) => Protection::Application,
        };
        let label = label(side, epoch);
        // After the handshake, the secret is the one in force, which may have been renewed (RFC 8446 §4.4).
        let secret = match epoch {
            Protection::Application => in_force.map(<[u8]>::to_vec),
            Protection::Tls12 => self.master(side, secrets),
            _ => secrets.find(side, &label, &self.client_random),
        };
        let Some(secret) = secret else {
            facts.why_not = Some(format!("the capture has no {}", label.key_log_word()));
            return;
        };
        facts.computed = if self.is_13 {
            finished_13(suite, &secret, &self.spoken.hash(suite.hash))
        } else {
            let version = self.legacy.version;
            Some(finished_legacy(
                suite,
                version,
                side,
                &secret,
                self.spoken.bytes(),
            ))
        };
        if facts.computed.is_none() {
            facts.why_not = Some("the secret does not fit the cipher suite".to_owned());
        }
    }

    /// What a message says about the connection.
    pub(super) fn follow(&mut self, side: Side, body: &Body, out: &mut Transcript) {
        match body {
            Body::ClientHello(facts) => {
                self.client_random.clone_from(&facts.random);
                out.sni.clone_from(&facts.server_name);
                self.offers_early_data = facts.offers_early_data;
            }
            Body::ServerHello(facts) => {
                let number = facts.version.map_or(0, |version| version.0);
                self.is_13 = number >= Version::TLS_13.0;
                self.suite_number = facts.cipher_suite.map(|suite| suite.0);
                self.suite = self.suite_number.and_then(Suite::of);
                self.legacy = Legacy {
                    version: number,
                    encrypt_then_mac: facts.encrypt_then_mac,
                    truncated_hmac: facts.truncated_hmac,
                };
                self.has_extended_master = facts.extended_master_secret;
                self.raw_keys.clone_from(&facts.certificate_types);
                self.is_compressed = !self.is_13 && facts.compression == 1;
                out.version = facts.version;
                out.cipher_suite = facts.cipher_suite;
                if !facts.is_retry {
                    self.server_random.clone_from(&facts.random);
                    out.group = facts.group;
                    out.resumed = Some(facts.chose_psk);
                }
                if facts.alpn.is_some() {
                    out.alpn.clone_from(&facts.alpn);
                }
            }
            Body::ClientKeyExchange { encrypted_premaster } => {
                self.encrypted_premaster.clone_from(encrypted_premaster)
            }
            Body::EncryptedExtensions {
                alpn,
                certificate_types,
            } => {
                if alpn.is_some() {
                    out.alpn.clone_from(alpn);
                }
                self.raw_keys.clone_from(certificate_types);
            }
            Body::ServerKeyExchange {
                group: Some(group), ..
            } => out.group = Some(*group),
            Body::Certificate(_) if side == Side::Server => self.has_certificate = true,
            // TLS 1.2 resumes without a certificate: the server finishes first (RFC 5246 §7.3).
            Body::Finished(_)
                if !self.is_13
                    && side == Side::Server
                    && !self.has_certificate
                    && !self.spoken.is_main_over() =>
            {
                out.resumed = Some(true);
            }
            _ => {}
        }
    }

    /// Adds a message to what was said, as the transcript hash takes it.
    pub(super) fn say(&mut self, kind: MessageKind, bytes: &[u8]) {
        if kind == MessageKind::HelloRetryRequest
            && let Some(suite) = self.suite
        {
            self.spoken.begin_with_hash(suite.hash);
        }
        // What comes after the handshake, and TLS 1.2's HelloRequest (RFC 5246 §7.4.1.1), is not part of it.
        let is_after = self.is_13 && matches!(kind, MessageKind::NewSessionTicket | MessageKind::KeyUpdate);
        if kind != MessageKind::HelloRequest && !is_after {
            self.spoken.add(bytes);
        }
        // What was said so far is the session hash (RFC 7627 §3).
        if kind == MessageKind::ClientKeyExchange {
            self.extended_master = self.has_extended_master.then_some(self.spoken.bytes().len());
        }
        let is_over = if self.is_13 {
            self.said.client.finished
        } else {
            self.said.client.finished && self.said.server.finished
        };
        if kind == MessageKind::Finished && is_over {
            self.spoken.end_main();
        }
    }

    /// Whether a side's ChangeCipherSpec brings new keys into force: below TLS 1.3, once in each handshake.
    pub(super) fn switches(&mut self, side: Side) -> bool {
        !self.is_13
            && !self.server_random.is_empty()
            && !std::mem::replace(&mut self.said.of_mut(side).switch, true)
    }

    /// The master secret for a side, and the keys that it writes under, below TLS 1.3.
    pub(super) fn keys_12(&self, side: Side, secrets: &Secrets<'_>) -> (Option<Keys>, Option<Vec<u8>>) {
        let master = self.master(side, secrets);
        let keys = match (&master, self.suite) {
            (Some(master), Some(suite)) => Keys::from_master_secret(
                suite,
                self.legacy,
                side,
                master,
                &self.client_random,
                &self.server_random,
            ),
            (None, Some(suite)) => Keys::unchecked(suite, self.legacy),
            (_, None) => None,
        };
        (keys, master)
    }

    /// The master secret: as logged, or worked out from a premaster secret, of which some logs tell (the `RSA` and
    /// `PMS_CLIENT_RANDOM` lines of NSS).
    fn master(&self, side: Side, secrets: &Secrets<'_>) -> Option<Vec<u8>> {
        let logged = secrets.find(side, &SecretLabel::ClientRandom, &self.client_random);
        logged.or_else(|| {
            let premaster = secrets
                .find(side, &SecretLabel::Premaster, &self.client_random)
                .or_else(|| {
                    let known_by = self.encrypted_premaster.get(..8)?;
                    secrets.find(side, &SecretLabel::RsaPremaster, known_by)
                })?;
            let messages = self
                .extended_master
                .map(|end| self.spoken.bytes().get(..end).unwrap_or_default());
            let randoms = [self.client_random.as_slice(), self.server_random.as_slice()];
            Some(master_secret(
                self.suite?,
                self.legacy.version,
                &premaster,
                randoms,
                messages,
            ))
        })
    }
}

#[cfg(test)]
mod tests;
