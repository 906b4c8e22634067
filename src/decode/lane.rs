//! One sender's direction: where it is in its stream, under which keys it writes, and what of a message is there.

use super::keys::{Keys, Suite, next_secret};
use super::secrets::{Secrets, label};
use super::{Piece, Protection, TrafficKeys};
use crate::capture::Side;

/// After a gap, so many records are tried with counts far ahead.
const MOST_SEARCHES: u8 = 4;

/// One sender's direction.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a place in the stream that was passed or not"
)]
pub(super) struct Lane {
    pub side: Side,
    /// All that arrived from this sender.
    pub wire: Vec<u8>,
    /// How far records have been cut.
    pub cut: usize,
    /// A run of bytes that is no TLS has begun.
    pub is_not_tls: bool,
    /// A TLS record has been cut.
    pub has_spoken_tls: bool,
    /// A handshake record has been read.
    pub has_shaken_hands: bool,
    /// How far the beginning of TLS has been looked for.
    pub scanned: usize,
    /// Bytes are missing right before the next ones: records have to be found again.
    pub is_torn: bool,
    /// Bytes that the capture does not hold, since the last record that opened: how far counts may have gone on.
    pub missing: usize,
    /// How often the count was looked for in vain since then.
    vain_searches: u8,
    pub epoch: Protection,
    /// Every generation of keys so far.
    generations: Vec<Generation>,
    /// The one in force, an index into `generations`.
    current: Option<usize>,
    /// Handshake bytes that do not make a whole message yet, and where they lay.
    pub partial: Vec<u8>,
    pub pieces: Vec<Piece>,
    /// The state of a compression that goes on from record to record (RFC 3749 §2.1).
    inflater: Option<Box<flate2::Decompress>>,
}

/// One generation of keys.
struct Generation {
    /// Index into [`super::Transcript::keys`].
    shown: usize,
    epoch: Protection,
    keys: Option<Keys>,
    secret: Option<Vec<u8>>,
    sequence: u64,
}

/// What came of an attempt to open a record.
pub(super) struct Opened {
    pub content_type: u8,
    pub content: Vec<u8>,
    pub protection: Protection,
    /// Index into [`super::Transcript::keys`].
    pub keys: usize,
    /// What was odd about it.
    pub remark: Option<String>,
}

/// What a lane needs to know of the connection to find keys.
pub(super) struct Surroundings<'a> {
    pub secrets: Secrets<'a>,
    pub client_random: &'a [u8],
    pub suite: Option<Suite>,
}

impl Lane {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            wire: Vec::new(),
            cut: 0,
            is_not_tls: false,
            has_spoken_tls: false,
            has_shaken_hands: false,
            scanned: 0,
            is_torn: false,
            inflater: None,
            missing: 0,
            vain_searches: 0,
            epoch: Protection::None,
            generations: Vec::new(),
            current: None,
            partial: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// The secret of the keys in force.
    pub(super) fn secret(&self) -> Option<&[u8]> {
        self.generations.get(self.current?)?.secret.as_deref()
    }

    /// Enters an epoch of TLS 1.3 with the sender's own secret for it.
    pub(super) fn enter_13(
        &mut self,
        epoch: Protection,
        around: &Surroundings<'_>,
        shown: &mut Vec<TrafficKeys>,
    ) {
        self.epoch = epoch;
        // Early data, or records that came before their keys were known by their place, may have begun it already.
        let begun = self.generations.iter().position(|one| one.epoch == epoch);
        self.current = Some(begun.unwrap_or_else(|| {
            let secret = around
                .secrets
                .find(self.side, &label(self.side, epoch), around.client_random);
            let keys = around
                .suite
                .zip(secret.as_deref())
                .and_then(|(suite, secret)| Keys::from_traffic_secret(suite, secret));
            let why = why_none(self.side, epoch, around.suite, secret.is_some());
            self.begin(epoch, keys, secret, why, shown)
        }));
    }

    /// Enters TLS 1.2's protection with keys worked out from the master secret.
    pub(super) fn enter_12(
        &mut self,
        keys: Option<Keys>,
        master: Option<Vec<u8>>,
        suite: Option<Suite>,
        shown: &mut Vec<TrafficKeys>,
    ) {
        self.epoch = Protection::Tls12;
        let why = why_none(self.side, Protection::Tls12, suite, master.is_some());
        self.current = Some(self.begin(Protection::Tls12, keys, master, why, shown));
    }

    /// The next generation of keys after this sender's KeyUpdate.
    pub(super) fn update_keys(&mut self, suite: Option<Suite>, shown: &mut Vec<TrafficKeys>) {
        let secret = suite
            .zip(self.secret())
            .and_then(|(suite, secret)| next_secret(suite, secret));
        let keys = suite
            .zip(secret.as_deref())
            .and_then(|(suite, secret)| Keys::from_traffic_secret(suite, secret));
        let why = why_none(self.side, self.epoch, suite, secret.is_some());
        self.current = Some(self.begin(self.epoch, keys, secret, why, shown));
    }

    fn begin(
        &mut self,
        epoch: Protection,
        keys: Option<Keys>,
        secret: Option<Vec<u8>>,
        why_none: String,
        shown: &mut Vec<TrafficKeys>,
    ) -> usize {
        shown.push(TrafficKeys {
            side: self.side,
            protection: epoch,
            generation: self.generations.iter().filter(|one| one.epoch == epoch).count(),
            label: label(self.side, epoch).key_log_word().to_owned(),
            secret: secret.clone(),
            algorithm: keys.as_ref().map(|keys| keys.suite.words()),
            key: keys.as_ref().map(|keys| keys.key.clone()).unwrap_or_default(),
            iv: keys.as_ref().map(|keys| keys.iv.clone()).unwrap_or_default(),
            mac_key: keys.as_ref().map(|keys| keys.mac_key.clone()).unwrap_or_default(),
            records: Vec::new(),
            missing: keys.is_none().then_some(why_none),
        });
        self.generations.push(Generation {
            shown: shown.len() - 1,
            epoch,
            keys,
            secret,
            sequence: 0,
        });
        self.generations.len() - 1
    }

    /// A record that the wire swallowed was counted by its sender.
    pub(super) fn skip_one(&mut self) {
        if let Some(generation) = self.current.and_then(|index| self.generations.get_mut(index)) {
            generation.sequence += 1;
        }
    }

    /// Undoes DEFLATE, which some TLS of old laid below its encryption (RFC 3749).
    pub(super) fn inflate(&mut self, content: &[u8]) -> Result<Vec<u8>, String> {
        let inflater = self
            .inflater
            .get_or_insert_with(|| Box::new(flate2::Decompress::new(true)));
        // No record may grow beyond this (RFC 3749 §2).
        let mut out = Vec::with_capacity(1 << 14);
        inflater
            .decompress_vec(content, &mut out, flate2::FlushDecompress::Sync)
            .map(|_| out)
            .map_err(|error| format!("it was compressed with DEFLATE and does not decompress: {error}"))
    }

    /// Opens a record; `Err` says why not.
    pub(super) fn open(
        &mut self,
        header: &[u8],
        payload: &[u8],
        around: &Surroundings<'_>,
        shown: &mut Vec<TrafficKeys>,
    ) -> Result<Opened, String> {
        // The expected number first; then a few later ones, in case records before this one never arrived. A gap may
        // have held as many records as fit into it.
        let reach = 4 + (self.missing / 24).min(4096) as u64;
        if let Some(opened) = self
            .current
            .and_then(|index| self.try_generation(index, header, payload, reach))
        {
            self.missing = 0;
            self.vain_searches = 0;
            return Ok(opened);
        }
        // Each search may try thousands of counts: bytes that no key here opens must not make it go on for ever.
        if self.missing > 0 {
            self.vain_searches += 1;
            if self.vain_searches >= MOST_SEARCHES {
                self.missing = 0;
                self.vain_searches = 0;
            }
        }
        // A side may write under other keys than it should by our count: an alert under the handshake keys, early data.
        if self.epoch != Protection::Tls12 && header.first() == Some(&23) {
            let current = self.current;
            for index in (0..self.generations.len())
                .rev()
                .filter(|index| Some(*index) != current)
            {
                if let Some(opened) = self.try_generation(index, header, payload, 8) {
                    return Ok(opened);
                }
            }
            for epoch in [Protection::Application, Protection::Handshake, Protection::Early] {
                if let Some(opened) = self.try_new(epoch, header, payload, around, shown) {
                    return Ok(opened);
                }
            }
        }
        let Some(current) = self.current.and_then(|index| self.generations.get(index)) else {
            let what = match self.side {
                Side::Client => "no secret for these keys is in the capture",
                Side::Server => "no handshake before it says under which keys it is",
            };
            return Err(what.to_owned());
        };
        Err(if current.keys.is_some() {
            "it does not open with its sender's keys: its bytes are not the ones that were sealed".to_owned()
        } else {
            why_none(self.side, self.epoch, around.suite, current.secret.is_some())
        })
    }

    fn try_generation(&mut self, index: usize, header: &[u8], payload: &[u8], reach: u64) -> Option<Opened> {
        let generation = self.generations.get_mut(index)?;
        let keys = generation.keys.as_mut()?;
        let ahead = (0..reach).find_map(|ahead| {
            keys.open(header, payload, generation.sequence + ahead)
                .map(|opened| (ahead, opened))
        });
        let (ahead, (content_type, content)) = ahead?;
        let is_unchecked = keys.is_unchecked();
        generation.sequence += ahead + 1;
        let remark = match ahead {
            0 => None,
            1 => Some("one record before this one never arrived".to_owned()),
            count => Some(format!("{count} records before this one never arrived")),
        };
        Some(Opened {
            content_type,
            content,
            protection: generation.epoch,
            keys: generation.shown,
            // Under keys that are no longer in force, the count may begin anywhere.
            remark: if is_unchecked {
                Some(
                    "this suite encrypts nothing; without the secret the MAC could not be checked".to_owned(),
                )
            } else {
                remark.filter(|_| self.current == Some(index))
            },
        })
    }

    /// Tries keys that by our count are not in force yet.
    fn try_new(
        &mut self,
        epoch: Protection,
        header: &[u8],
        payload: &[u8],
        around: &Surroundings<'_>,
        shown: &mut Vec<TrafficKeys>,
    ) -> Option<Opened> {
        if self.generations.iter().any(|one| one.epoch == epoch)
            || (epoch == Protection::Early && self.side == Side::Server)
        {
            return None;
        }
        let secret = around
            .secrets
            .find(self.side, &label(self.side, epoch), around.client_random)?;
        // Early data has the suite of the session that it resumes (RFC 8446 §4.2.10), which may not be this one's and may
        // come before this one's is known.
        let suites = around.suite.into_iter().chain(
            (0x1301..=0x1305)
                .filter(|_| epoch == Protection::Early)
                .filter_map(Suite::of)
                .filter(|suite| Some(*suite) != around.suite),
        );
        for suite in suites {
            let Some(mut keys) = Keys::from_traffic_secret(suite, &secret) else {
                continue;
            };
            if (0..8).any(|sequence| keys.open(header, payload, sequence).is_some()) {
                let index = self.begin(epoch, Some(keys), Some(secret), String::new(), shown);
                return self.try_generation(index, header, payload, 8);
            }
        }
        None
    }
}

/// Why there are no keys.
fn why_none(side: Side, epoch: Protection, suite: Option<Suite>, has_secret: bool) -> String {
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
