//! Following the handshake: what a message says of the connection, and under which keys its sender writes next.

use super::engine::Engine;
use super::keys::{Keys, Legacy, Suite, finished_13, finished_legacy, master_secret};
use super::lane::Surroundings;
use super::secrets::label;
use super::{Body, Buffer, BufferId, BufferKind, Field, FinishedFacts, Protection, messages};
use crate::capture::{SecretLabel, Side};

impl Engine<'_> {
    /// A handshake that begins after another on the same connection begins a transcript of its own: TLS 1.2's renegotiation
    /// (RFC 5246 §7.4.1.2), and 1.3's authentication after the handshake (RFC 8446 §4.4).
    pub(super) fn begin_again(&mut self, side: Side, kind: &str) {
        match kind {
            "ClientHello" if side == Side::Client && !self.is_13 && !self.server_random.is_empty() => {
                self.spoken.clear();
                self.server_random.clear();
                self.main_spoken = None;
                self.is_spoken_torn = false;
                self.has_certificate = false;
            }
            "CertificateRequest" if self.is_13 => {
                if let Some(main) = self.main_spoken {
                    self.spoken.truncate(main);
                }
            }
            _ => {}
        }
    }

    /// Adds to a proof what it is a proof of: what was signed, or what the checksum must be.
    pub(super) fn complete(&self, side: Side, body: &mut Body, bytes: &[u8]) {
        match body {
            Body::CertificateVerify(facts) if !self.is_spoken_torn => {
                facts.signed = if self.is_13 {
                    self.suite.map(|suite| {
                        let context: &[u8] = match side {
                            Side::Client => b"TLS 1.3, client CertificateVerify",
                            Side::Server => b"TLS 1.3, server CertificateVerify",
                        };
                        [&[0x20; 64][..], context, &[0], &suite.hash.of(&self.spoken)].concat()
                    })
                } else {
                    Some(self.spoken.clone())
                };
            }
            Body::ServerKeyExchange { params, signed, .. } => {
                let params = bytes.get(params.clone()).unwrap_or_default();
                if !self.client_random.is_empty() && !self.server_random.is_empty() && !params.is_empty() {
                    *signed = Some([&self.client_random, &self.server_random, params].concat());
                }
            }
            Body::Finished(facts) => self.compute_finished(side, facts),
            _ => {}
        }
    }

    /// Our own value for a Finished message.
    fn compute_finished(&self, side: Side, facts: &mut FinishedFacts) {
        let Some(suite) = self.suite else {
            facts.why_not = Some("the cipher suite is not known here".to_owned());
            return;
        };
        if self.is_spoken_torn || self.client_random.is_empty() {
            facts.why_not =
                Some("a message before it is missing from the evidence, or stayed shut".to_owned());
            return;
        }
        let epoch = match (self.is_13, self.main_spoken) {
            (false, _) => Protection::Tls12,
            (true, None) => Protection::Handshake,
            (true, Some(_)) => Protection::Application,
        };
        let label = label(side, epoch);
        // After the handshake, the secret is the one in force, which may have been renewed (RFC 8446 §4.4).
        let secret = match epoch {
            Protection::Application => self.lanes.of(side).secret().map(<[u8]>::to_vec),
            Protection::Tls12 => self.master(side),
            _ => self.secrets.find(side, &label, &self.client_random),
        };
        let Some(secret) = secret else {
            facts.why_not = Some(format!("the capture has no {}", label.key_log_word()));
            return;
        };
        facts.computed = if self.is_13 {
            finished_13(suite, &secret, &self.spoken)
        } else {
            let version = self.legacy.version;
            Some(finished_legacy(suite, version, side, &secret, &self.spoken))
        };
        if facts.computed.is_none() {
            facts.why_not = Some("the secret does not fit the cipher suite".to_owned());
        }
    }

    /// Opens a CompressedCertificate: its content gets a buffer and fields of its own (RFC 8879 §4).
    pub(super) fn decompress(&mut self, bytes: &[u8], root: &mut Field, body: &mut Body) {
        let (Some(algorithm), Some(declared)) = (bytes.get(4..6), bytes.get(6..9)) else {
            return;
        };
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte))
        };
        let compressed = bytes.get(12..).unwrap_or_default();
        match super::decompress::decompress(number(algorithm) as u16, compressed, number(declared)) {
            Ok(opened) => {
                let buffer = BufferId(self.out.buffers.len());
                let (mut field, mut inner) = messages::decompressed_certificate(&opened);
                field.place_in(buffer);
                root.children.push(field);
                if let Body::Certificate(message) = &mut inner {
                    message.buffer = Some(buffer);
                }
                *body = inner;
                self.out.buffers.push(Buffer {
                    kind: BufferKind::Decompressed {
                        message: self.out.messages.len(),
                    },
                    bytes: opened,
                });
            }
            Err(why) => root.error = Some(why),
        }
    }

    /// What a message says about the connection.
    pub(super) fn follow(&mut self, side: Side, body: &Body) {
        match body {
            Body::ClientHello(facts) => {
                self.client_random.clone_from(&facts.random);
                self.out.sni.clone_from(&facts.server_name);
                self.offers_early_data = facts.offers_early_data;
            }
            Body::ServerHello(facts) => {
                let number = facts.version_number;
                self.is_13 = number >= 0x0304;
                self.suite_number = facts.suite_number;
                self.suite = facts.suite_number.and_then(Suite::of);
                self.legacy = Legacy {
                    version: number,
                    encrypt_then_mac: facts.encrypt_then_mac,
                    truncated_hmac: facts.truncated_hmac,
                };
                self.has_extended_master = facts.extended_master_secret;
                self.raw_keys.clone_from(&facts.certificate_types);
                self.is_compressed = !self.is_13 && facts.compression == 1;
                self.out.version = Some(facts.version.clone());
                self.out.cipher_suite = Some(facts.cipher_suite.clone());
                if !facts.is_retry {
                    self.server_random.clone_from(&facts.random);
                    self.out.group.clone_from(&facts.group);
                    self.session_id.clone_from(&facts.session_id);
                    self.out.resumed = Some(facts.chose_psk);
                }
                if facts.alpn.is_some() {
                    self.out.alpn.clone_from(&facts.alpn);
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
                    self.out.alpn.clone_from(alpn);
                }
                self.raw_keys.clone_from(certificate_types);
            }
            Body::ServerKeyExchange {
                group: Some(group), ..
            } => self.out.group = Some(group.clone()),
            Body::Certificate(_) if side == Side::Server => self.has_certificate = true,
            // TLS 1.2 resumes without a certificate: the server finishes first (RFC 5246 §7.3).
            Body::Finished(_)
                if !self.is_13
                    && side == Side::Server
                    && !self.has_certificate
                    && self.main_spoken.is_none() =>
            {
                self.out.resumed = Some(true);
            }
            _ => {}
        }
    }

    /// Where a message is the last under its keys, or of its handshake.
    pub(super) fn turn(&mut self, side: Side, kind: &str) {
        let around = Surroundings {
            secrets: self.secrets,
            client_random: &self.client_random,
            suite: self.suite,
        };
        let shown = &mut self.out.keys;
        match kind {
            // What was said so far is the session hash (RFC 7627 §3).
            "ClientKeyExchange" => {
                self.extended_master = self.has_extended_master.then_some(self.spoken.len())
            }
            "ServerHello" if self.is_13 => {
                for lane in [&mut self.lanes.client, &mut self.lanes.server] {
                    lane.enter_13(Protection::Handshake, &around, shown);
                }
            }
            "Finished" => {
                let lane = self.lanes.of_mut(side);
                if self.is_13 && lane.epoch == Protection::Handshake {
                    lane.enter_13(Protection::Application, &around, shown);
                }
                let is_last = if self.is_13 {
                    side == Side::Client
                } else {
                    Side::BOTH
                        .iter()
                        .all(|side| self.out.last("Finished", *side).is_some())
                };
                if is_last && self.main_spoken.is_none() {
                    self.main_spoken = Some(self.spoken.len());
                }
            }
            "KeyUpdate" if self.is_13 => self.lanes.of_mut(side).update_keys(self.suite, shown),
            _ => {}
        }
    }

    pub(super) fn enter_12(&mut self, side: Side) {
        let master = self.master(side);
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
        self.lanes
            .of_mut(side)
            .enter_12(keys, master, self.suite, &mut self.out.keys);
    }

    /// The master secret: as logged, or worked out from a premaster secret, of which some logs tell (the `RSA` and
    /// `PMS_CLIENT_RANDOM` lines of NSS).
    fn master(&self, side: Side) -> Option<Vec<u8>> {
        let logged = self
            .secrets
            .find(side, &SecretLabel::ClientRandom, &self.client_random);
        logged.or_else(|| {
            let premaster = self
                .secrets
                .find(side, &SecretLabel::Premaster, &self.client_random)
                .or_else(|| {
                    let known_by = self.encrypted_premaster.get(..8)?;
                    self.secrets.find(side, &SecretLabel::RsaPremaster, known_by)
                })?;
            let messages = self
                .extended_master
                .map(|end| self.spoken.get(..end).unwrap_or_default());
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
