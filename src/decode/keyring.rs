//! The keys of one sender: every generation so far, which one is in force, and what of a record they open.

use super::keys::{Keys, Suite, next_secret};
use super::secrets::{Secrets, label, why_none};
use super::{Protection, TrafficKeys};
use crate::capture::Side;

/// After a gap, so many records are tried with counts far ahead.
const MOST_SEARCHES: u8 = 4;

/// What may be spent on records that do not open at their own count, in bytes decrypted in vain: bytes that no key here opens
/// must not be tried for ever.
const MOST_VAIN_BYTES: usize = 256 << 20;

/// What one attempt costs beside its bytes, and what deriving a pair of keys does.
const ATTEMPT: usize = 512;
const DERIVATION: usize = 4096;

/// The keys of one sender.
pub(super) struct Keyring {
    side: Side,
    /// Under which kind of keys it writes now.
    pub epoch: Protection,
    /// Every generation of keys so far.
    generations: Vec<Generation>,
    /// The one in force, an index into `generations`.
    current: Option<usize>,
    /// The last generation of each epoch there was.
    latest: Vec<usize>,
    /// Bytes that the capture does not hold, since the last record that opened: how far counts may have gone on.
    missing: usize,
    /// How often the count was looked for in vain since then.
    vain_searches: u8,
    /// Bytes are missing, and no record has opened since.
    is_count_lost: bool,
    /// Records that arrived and stayed shut since the last one that opened.
    shut: u64,
    /// What is left of [`MOST_VAIN_BYTES`].
    vain_bytes: usize,
    /// The state of a compression that goes on from record to record (RFC 3749 §2.1).
    inflater: Option<Box<flate2::Decompress>>,
}

/// One generation of keys.
struct Generation {
    /// Index into [`super::Transcript::keys`].
    shown: usize,
    epoch: Protection,
    /// How many of this epoch came before it.
    number: usize,
    /// The one before it in this epoch.
    before: Option<usize>,
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

/// What a keyring needs to know of the connection to find keys.
pub(super) struct Surroundings<'a> {
    pub secrets: &'a Secrets<'a>,
    pub client_random: &'a [u8],
    pub suite: Option<Suite>,
}

impl Keyring {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            epoch: Protection::None,
            generations: Vec::new(),
            current: None,
            latest: Vec::new(),
            missing: 0,
            vain_searches: 0,
            is_count_lost: false,
            shut: 0,
            vain_bytes: MOST_VAIN_BYTES,
            inflater: None,
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
        self.shut = 0;
        // Early data, or records that came before their keys were known by their place, may have begun it already.
        self.current = Some(self.latest_of(epoch).unwrap_or_else(|| {
            let secret = around
                .secrets
                .find(self.side, &label(self.side, epoch), around.client_random);
            let keys = around
                .suite
                .zip(secret.as_deref())
                .and_then(|(suite, secret)| Keys::from_traffic_secret(suite, secret));
            self.begin(epoch, keys, secret, around.suite, shown)
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
        self.shut = 0;
        self.current = Some(self.begin(Protection::Tls12, keys, master, suite, shown));
    }

    /// The next generation of keys after this sender's KeyUpdate.
    pub(super) fn update_keys(&mut self, suite: Option<Suite>, shown: &mut Vec<TrafficKeys>) {
        let secret = suite
            .zip(self.secret())
            .and_then(|(suite, secret)| next_secret(suite, secret));
        let keys = suite
            .zip(secret.as_deref())
            .and_then(|(suite, secret)| Keys::from_traffic_secret(suite, secret));
        self.shut = 0;
        self.current = Some(self.begin(self.epoch, keys, secret, suite, shown));
    }

    /// What may still be spent in vain, and how many generations would be tried: the work, for tests to count.
    #[cfg(test)]
    pub(super) fn vain_bytes(&self) -> usize {
        self.vain_bytes
    }

    #[cfg(test)]
    pub(super) fn tried(&self) -> usize {
        self.generations.iter().filter(|one| one.keys.is_some()).count()
    }

    fn latest_of(&self, epoch: Protection) -> Option<usize> {
        let is_of = |index: &&usize| {
            self.generations
                .get(**index)
                .is_some_and(|one| one.epoch == epoch)
        };
        self.latest.iter().find(is_of).copied()
    }

    fn begin(
        &mut self,
        epoch: Protection,
        keys: Option<Keys>,
        secret: Option<Vec<u8>>,
        suite: Option<Suite>,
        shown: &mut Vec<TrafficKeys>,
    ) -> usize {
        let before = self.latest_of(epoch);
        let number = before
            .and_then(|index| self.generations.get(index))
            .map_or(0, |one| one.number + 1);
        shown.push(TrafficKeys {
            side: self.side,
            protection: epoch,
            generation: number,
            label: label(self.side, epoch).key_log_word().to_owned(),
            secret: secret.clone(),
            algorithm: keys.as_ref().map(|keys| keys.suite.words()),
            key: keys.as_ref().map(|keys| keys.key.clone()).unwrap_or_default(),
            iv: keys.as_ref().map(|keys| keys.iv.clone()).unwrap_or_default(),
            mac_key: keys.as_ref().map(|keys| keys.mac_key.clone()).unwrap_or_default(),
            records: Vec::new(),
            missing: keys
                .is_none()
                .then(|| why_none(self.side, epoch, suite, secret.is_some())),
        });
        // Nobody writes under keys from before the last: they are shown, and not tried again.
        let old = before.and_then(|index| self.generations.get(index)?.before);
        if let Some(old) = old.and_then(|index| self.generations.get_mut(index)) {
            old.keys = None;
        }
        self.latest.retain(|index| Some(*index) != before);
        self.generations.push(Generation {
            shown: shown.len() - 1,
            epoch,
            number,
            before,
            keys,
            secret,
            sequence: 0,
        });
        let index = self.generations.len() - 1;
        self.latest.push(index);
        index
    }

    fn keys(&mut self) -> Option<&mut Generation> {
        self.current.and_then(|index| self.generations.get_mut(index))
    }

    /// A record that the wire swallowed was counted by its sender, and its ciphertext was part of what follows.
    pub(super) fn pass_over(&mut self, payload: &[u8]) {
        if let Some(generation) = self.keys() {
            generation.sequence += 1;
            if let Some(keys) = &mut generation.keys {
                keys.pass_untried(payload);
            }
        }
    }

    /// So many bytes of this direction are missing.
    pub(super) fn lose(&mut self, bytes: usize) {
        self.missing = self.missing.saturating_add(bytes);
        self.is_count_lost = true;
        if let Some(keys) = self.keys().and_then(|generation| generation.keys.as_mut()) {
            keys.lose_place();
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
            .map_err(|error| format!("it was compressed with DEFLATE and does not decompress: {error}"))?;
        out.shrink_to_fit();
        Ok(out)
    }

    /// Opens a record; `Err` says why not.
    pub(super) fn open(
        &mut self,
        header: &[u8],
        payload: &[u8],
        around: &Surroundings<'_>,
        shown: &mut Vec<TrafficKeys>,
    ) -> Result<Opened, String> {
        // The expected count first; then a few later ones, in case records before this one never arrived. A gap may have held
        // as many records as fit into it, and what stayed shut was counted as well.
        let reach = 4 + self.shut.min(64) + (self.missing / 24).min(4096) as u64;
        let mut why_lost = None;
        if let Some(current) = self.current {
            why_lost = self
                .keys()
                .and_then(|generation| generation.keys.as_ref()?.why_lost());
            let opened = match why_lost {
                Some(_) => None,
                None => self.try_generation(current, header, payload, reach),
            };
            if let Some(keys) = self.keys().and_then(|generation| generation.keys.as_mut()) {
                keys.pass(payload);
            }
            if let Some(opened) = opened {
                self.missing = 0;
                self.vain_searches = 0;
                self.is_count_lost = false;
                self.shut = 0;
                return Ok(opened);
            }
        }
        if self.missing > 0 && why_lost.is_none() {
            self.vain_searches += 1;
            if self.vain_searches >= MOST_SEARCHES {
                self.missing = 0;
                self.vain_searches = 0;
            }
        }
        if let Some(opened) = self.open_otherwise(header, payload, around, shown) {
            return Ok(opened);
        }
        self.shut += 1;
        let Some(current) = self.current.and_then(|index| self.generations.get(index)) else {
            let what = match self.side {
                Side::Client => "no secret for these keys is in the capture",
                Side::Server => "no handshake before it says under which keys it is",
            };
            return Err(what.to_owned());
        };
        Err(match (&current.keys, why_lost) {
            (_, Some(why)) => why.to_owned(),
            (Some(_), None) if self.is_count_lost => {
                "it does not open with its sender's keys: how many records are missing before it could not be found out"
                    .to_owned()
            }
            (Some(_), None) => {
                "it does not open with its sender's keys: its bytes are not the ones that were sealed".to_owned()
            }
            (None, None) => why_none(self.side, self.epoch, around.suite, current.secret.is_some()),
        })
    }

    /// A side may write under other keys than it should by our count: an alert under the handshake keys, early data.
    fn open_otherwise(
        &mut self,
        header: &[u8],
        payload: &[u8],
        around: &Surroundings<'_>,
        shown: &mut Vec<TrafficKeys>,
    ) -> Option<Opened> {
        if self.epoch == Protection::Tls12 || header.first() != Some(&23) {
            return None;
        }
        let before = self.current.and_then(|index| self.generations.get(index)?.before);
        let others: Vec<usize> = self.latest.iter().copied().chain(before).collect();
        for index in others.into_iter().rev() {
            if Some(index) == self.current {
                continue;
            }
            if let Some(opened) = self.try_generation(index, header, payload, 8) {
                return Some(opened);
            }
        }
        [Protection::Application, Protection::Handshake, Protection::Early]
            .into_iter()
            .find_map(|epoch| self.try_new(epoch, header, payload, around, shown))
    }

    /// Whether one more attempt in vain may be made.
    fn may_spend(vain_bytes: &mut usize, cost: usize) -> bool {
        match vain_bytes.checked_sub(cost) {
            Some(left) => {
                *vain_bytes = left;
                true
            }
            None => false,
        }
    }

    fn try_generation(&mut self, index: usize, header: &[u8], payload: &[u8], reach: u64) -> Option<Opened> {
        let is_current = self.current == Some(index);
        let generation = self.generations.get_mut(index)?;
        let keys = generation.keys.as_mut()?;
        let is_unchecked = keys.is_unchecked();
        let ahead = if keys.is_stream() {
            let opened = keys.open(header, payload, generation.sequence);
            // It was counted, and its part of the stream is used, whatever became of it.
            generation.sequence += u64::from(opened.is_none());
            opened.map(|opened| (0, opened))
        } else {
            // What is beyond the next few counts is a search, and searches end.
            (0..reach)
                .take_while(|ahead| {
                    (is_current && *ahead < 4)
                        || Self::may_spend(&mut self.vain_bytes, ATTEMPT + payload.len())
                })
                .find_map(|ahead| {
                    keys.open(header, payload, generation.sequence + ahead)
                        .map(|opened| (ahead, opened))
                })
        };
        let (ahead, (content_type, content)) = ahead?;
        generation.sequence += ahead + 1;
        // What stayed shut did arrive.
        let remark = match ahead.saturating_sub(self.shut) {
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
                remark.filter(|_| is_current)
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
        if self.latest_of(epoch).is_some() || (epoch == Protection::Early && self.side == Side::Server) {
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
            if !Self::may_spend(&mut self.vain_bytes, DERIVATION) {
                return None;
            }
            let Some(mut keys) = Keys::from_traffic_secret(suite, &secret) else {
                continue;
            };
            let opens = (0..8)
                .take_while(|_| Self::may_spend(&mut self.vain_bytes, ATTEMPT + payload.len()))
                .any(|sequence| keys.open(header, payload, sequence).is_some());
            if opens {
                let index = self.begin(epoch, Some(keys), Some(secret), Some(suite), shown);
                return self.try_generation(index, header, payload, 8);
            }
        }
        None
    }
}
