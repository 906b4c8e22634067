//! Following the handshake: what a message says of the connection, and under which keys its sender writes next.

use super::engine::Engine;
use super::keys::{Keys, Suite};
use super::lane::secret;
use super::{Body, Protection};
use crate::capture::{SecretLabel, Side};

impl Engine<'_> {
    /// Adds to a proof of possession what was signed.
    pub(super) fn complete(&self, side: Side, body: &mut Body, bytes: &[u8]) {
        match body {
            Body::CertificateVerify(facts) => {
                facts.signed = if self.is_13 {
                    self.suite.map(|suite| {
                        let context: &[u8] = match side {
                            Side::Client => b"TLS 1.3, client CertificateVerify",
                            Side::Server => b"TLS 1.3, server CertificateVerify",
                        };
                        [&[0x20; 64][..], context, &[0], &suite.hash(&self.spoken)].concat()
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
            _ => {}
        }
    }

    /// What a message says about the connection.
    pub(super) fn follow(&mut self, side: Side, body: &Body) {
        match body {
            Body::ClientHello(facts) => {
                self.client_random.clone_from(&facts.random);
                self.out.sni.clone_from(&facts.server_name);
            }
            Body::ServerHello(facts) => {
                self.is_13 = facts.version == "TLS 1.3";
                self.suite_number = facts.suite_number;
                self.suite = facts.suite_number.and_then(Suite::of);
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
            Body::EncryptedExtensions { alpn: Some(alpn) } => self.out.alpn = Some(alpn.clone()),
            Body::ServerKeyExchange { group: Some(group), .. } => self.out.group = Some(group.clone()),
            Body::Finished
                // TLS 1.2 resumes without a certificate: the server finishes first (RFC 5246 §7.3).
                if !self.is_13 && side == Side::Server && self.out.first("Certificate", Side::Server).is_none() => {
                    self.out.resumed = Some(true);
                }
            _ => {}
        }
    }

    /// Where a message is the last under its keys.
    pub(super) fn turn(&mut self, side: Side, kind: &str) {
        if !self.is_13 {
            return;
        }
        let random = self.client_random.clone();
        match (kind, side) {
            ("ServerHello", _) => {
                for lane in [&mut self.lanes.client, &mut self.lanes.server] {
                    lane.enter_13(Protection::Handshake, self.capture, &random, self.suite);
                }
            }
            ("Finished", side) => {
                self.lanes
                    .of_mut(side)
                    .enter_13(Protection::Application, self.capture, &random, self.suite);
            }
            ("KeyUpdate", side) => self.lanes.of_mut(side).update_keys(self.suite),
            _ => {}
        }
    }

    pub(super) fn enter_12(&mut self, side: Side) {
        let master = secret(
            self.capture,
            side,
            &SecretLabel::ClientRandom,
            &self.client_random,
        );
        let keys = master.as_deref().zip(self.suite).and_then(|(master, suite)| {
            Keys::from_master_secret(suite, master, &self.client_random, &self.server_random)
        });
        let keys = keys.map(|(client, server)| if side == Side::Client { client } else { server });
        self.lanes.of_mut(side).enter_12(keys, master.is_some());
    }
}
