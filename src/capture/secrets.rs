//! TLS secrets, as a key log has them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Side, certificates::hex_bytes};

/// One secret of this connection (the NSS key log format, RFC 9850), with the endpoint that logged it: after a
/// tampered hello the two ends derive different secrets, and each record opens only with its sender's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The ClientHello's random, 32 bytes; for [`SecretLabel::RsaPremaster`] what that label says.
    #[serde(with = "hex_bytes")]
    pub client_random: Vec<u8>,
    /// Which secret it is.
    pub label: SecretLabel,
    /// The secret, 32 to 64 bytes.
    #[serde(with = "hex_bytes")]
    pub value: Vec<u8>,
    /// Who logged it; `None` for a key log file.
    pub logged_by: Option<Side>,
}

/// The label of a key log line (RFC 9850 §2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each name is the label itself")]
pub enum SecretLabel {
    /// TLS 1.2: the master secret.
    ClientRandom,
    /// The premaster secret, by the client's random.
    Premaster,
    /// The premaster secret, by the first 8 bytes of its encryption.
    RsaPremaster,
    ClientEarlyTraffic,
    ClientHandshakeTraffic,
    ServerHandshakeTraffic,
    ClientTraffic0,
    ServerTraffic0,
    Exporter,
    EarlyExporter,
    /// Any other label, verbatim.
    Other(String),
}

impl SecretLabel {
    /// The label for a key log's word, such as `CLIENT_HANDSHAKE_TRAFFIC_SECRET`.
    pub fn from_key_log(word: &str) -> Self {
        match word {
            "CLIENT_RANDOM" => Self::ClientRandom,
            "PMS_CLIENT_RANDOM" => Self::Premaster,
            "RSA" => Self::RsaPremaster,
            "CLIENT_EARLY_TRAFFIC_SECRET" => Self::ClientEarlyTraffic,
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET" => Self::ClientHandshakeTraffic,
            "SERVER_HANDSHAKE_TRAFFIC_SECRET" => Self::ServerHandshakeTraffic,
            "CLIENT_TRAFFIC_SECRET_0" => Self::ClientTraffic0,
            "SERVER_TRAFFIC_SECRET_0" => Self::ServerTraffic0,
            "EXPORTER_SECRET" => Self::Exporter,
            "EARLY_EXPORTER_MASTER_SECRET" => Self::EarlyExporter,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word that a key log uses.
    pub fn key_log_word(&self) -> &str {
        match self {
            Self::ClientRandom => "CLIENT_RANDOM",
            Self::Premaster => "PMS_CLIENT_RANDOM",
            Self::RsaPremaster => "RSA",
            Self::ClientEarlyTraffic => "CLIENT_EARLY_TRAFFIC_SECRET",
            Self::ClientHandshakeTraffic => "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
            Self::ServerHandshakeTraffic => "SERVER_HANDSHAKE_TRAFFIC_SECRET",
            Self::ClientTraffic0 => "CLIENT_TRAFFIC_SECRET_0",
            Self::ServerTraffic0 => "SERVER_TRAFFIC_SECRET_0",
            Self::Exporter => "EXPORTER_SECRET",
            Self::EarlyExporter => "EARLY_EXPORTER_MASTER_SECRET",
            Self::Other(word) => word,
        }
    }
}

/// The most different secrets that are kept of one handshake. It has about ten; a file of a thousand would make every one
/// of them be tried on every record.
const MOST_OF_ONE: usize = 64;

/// The secrets of many connections, as a key log file or a packet capture's own blocks have them (RFC 9850 §2), found by the
/// client's random.
#[derive(Clone, Debug, Default)]
pub struct KeyLog {
    by_random: HashMap<Vec<u8>, Vec<Secret>>,
    count: usize,
    left_out: usize,
}

impl KeyLog {
    /// Adds the lines of a key log; lines of other kinds are passed over, as the format asks for. Returns how many
    /// secrets were in it.
    pub fn read(&mut self, text: &str) -> usize {
        let before = self.count;
        for secret in text.lines().filter_map(Secret::from_key_log_line) {
            self.count += 1;
            self.keep(secret);
        }
        self.count - before
    }

    fn keep(&mut self, secret: Secret) {
        let all = self.by_random.entry(secret.client_random.clone()).or_default();
        // A log that was appended to twice says the same twice.
        if all.contains(&secret) {
            return;
        }
        if all.len() < MOST_OF_ONE {
            all.push(secret);
        } else {
            self.left_out += 1;
        }
    }

    /// Secrets that were left out, because more than 64 different ones are said to be of one handshake.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Takes over another's secrets.
    pub fn add(&mut self, other: &Self) {
        for secret in other.secrets() {
            self.keep(secret.clone());
        }
        self.count += other.count;
        self.left_out += other.left_out;
    }

    /// The secrets of the handshake with this client random.
    pub fn of(&self, client_random: &[u8]) -> &[Secret] {
        self.by_random.get(client_random).map_or(&[], Vec::as_slice)
    }

    /// Lines that were secrets.
    pub fn len(&self) -> usize {
        self.count
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Every secret there is.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.by_random.values().flatten()
    }
}

impl Secret {
    /// One line: label, client random, secret, the last two in hexadecimal (RFC 9850 §2).
    pub fn from_key_log_line(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let label = words.next().filter(|word| !word.starts_with('#'))?;
        let client_random = hex::decode(words.next()?)
            .ok()
            .filter(|random| random.len() == if label == "RSA" { 8 } else { 32 })?;
        let value = hex::decode(words.next()?)
            .ok()
            .filter(|value| !value.is_empty())?;
        words.next().is_none().then(|| Self {
            client_random,
            label: SecretLabel::from_key_log(label),
            value,
            logged_by: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_log_line_is_label_random_secret() {
        let random = "ab".repeat(32);
        let line = format!("CLIENT_RANDOM {random} {}", "01".repeat(48));
        let found = Secret::from_key_log_line(&line).expect("a secret");
        assert_eq!(
            (found.label, found.value.len(), found.logged_by),
            (SecretLabel::ClientRandom, 48, None)
        );
        let of_rsa = format!("RSA {} {}", "ab".repeat(8), "01".repeat(48));
        assert_eq!(
            Secret::from_key_log_line(&of_rsa).map(|found| found.client_random.len()),
            Some(8)
        );
        for wrong in [
            format!("RSA {random} {}", "01".repeat(48)),
            format!("CLIENT_RANDOM {} {}", "ab".repeat(8), "01".repeat(48)),
            format!("CLIENT_RANDOM {} {}", "ab".repeat(31), "01".repeat(48)),
            format!("CLIENT_RANDOM {random}"),
            format!("CLIENT_RANDOM {random} 0"),
            format!("{line} more"),
            format!("#{line}"),
        ] {
            assert_eq!(Secret::from_key_log_line(&wrong), None, "{wrong}");
        }
        for wrong in [
            "",
            "# a comment",
            "CLIENT_RANDOM abab 01",
            &format!("CLIENT_RANDOM {random} xy"),
        ] {
            assert!(
                Secret::from_key_log_line(wrong).is_none(),
                "{wrong:?} is no secret"
            );
        }
        let mut log = KeyLog::default();
        assert_eq!(log.read(&format!("# log\n{line}\n{line}\n")), 2);
        assert_eq!(log.of(&[0xab; 32]).len(), 1, "said twice, kept once");
        assert_eq!(log.of(&[0; 32]).len(), 0);
    }

    #[test]
    fn one_handshake_has_not_more_secrets_than_can_be_tried() {
        let line = |value: usize| format!("CLIENT_RANDOM {} {value:04x}\n", "ab".repeat(32));
        let mut log = KeyLog::default();
        log.read(&(0..MOST_OF_ONE).map(line).collect::<String>());
        assert_eq!((log.of(&[0xab; 32]).len(), log.left_out()), (MOST_OF_ONE, 0));
        log.read(&(0..MOST_OF_ONE + 3).map(line).collect::<String>());
        assert_eq!((log.of(&[0xab; 32]).len(), log.left_out()), (MOST_OF_ONE, 3));
        let mut both = KeyLog::default();
        both.add(&log);
        assert_eq!((both.of(&[0xab; 32]).len(), both.left_out()), (MOST_OF_ONE, 3));
    }
}
