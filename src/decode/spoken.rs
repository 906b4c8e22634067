//! The handshake messages so far, as the transcript hash takes them (RFC 8446 §4.4.1), hashed as they come.

use super::keys::{Hash, RunningHash};

/// All handshake messages so far. What was hashed once is not hashed again, however often a hash is wanted.
#[derive(Default)]
pub(super) struct Spoken {
    bytes: Vec<u8>,
    running: Option<RunningHash>,
    /// Where the handshake itself ended, and its hash: authentication after it starts from there (RFC 8446 §4.4).
    main: Option<(usize, Option<RunningHash>)>,
    /// A message is missing: what is computed from the rest would be wrong.
    pub is_torn: bool,
    /// The wire changed something: what one side signed is not what the other heard.
    pub is_changed: bool,
}

impl Spoken {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn add(&mut self, message: &[u8]) {
        self.bytes.extend_from_slice(message);
    }

    /// Something was not seen, or stayed shut.
    pub(super) fn tear(&mut self) {
        self.is_torn |= self.main.is_none();
    }

    /// The wire changed something on its way.
    pub(super) fn change(&mut self) {
        self.tear();
        self.is_changed = true;
    }

    /// The hash of all messages so far.
    pub(super) fn hash(&mut self, hash: Hash) -> Vec<u8> {
        let running = self.running.take().filter(|running| running.hash == hash);
        let Some(mut running) = running.or_else(|| RunningHash::new(hash)) else {
            return hash.of(&self.bytes);
        };
        running.go_on(&self.bytes);
        let value = running.value();
        self.running = Some(running);
        value
    }

    /// The first ClientHello counts as its hash from a HelloRetryRequest on (RFC 8446 §4.4.1).
    pub(super) fn begin_with_hash(&mut self, hash: Hash) {
        let value = self.hash(hash);
        self.running = None;
        self.bytes = [&[254, 0, 0, value.len() as u8], value.as_slice()].concat();
    }

    /// The handshake is over.
    pub(super) fn end_main(&mut self) {
        if self.main.is_none() {
            self.main = Some((self.bytes.len(), self.running.clone()));
        }
    }

    pub(super) fn is_main_over(&self) -> bool {
        self.main.is_some()
    }

    /// Authentication after the handshake goes on from the handshake's end, each time anew.
    pub(super) fn go_back_to_main(&mut self) {
        if let Some((length, running)) = &self.main {
            self.bytes.truncate(*length);
            self.running.clone_from(running);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_all_messages_whenever_it_is_asked() {
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha1, Hash::Md5] {
            let mut spoken = Spoken::default();
            let mut all = Vec::new();
            for number in 0..20u8 {
                spoken.add(&[number; 33]);
                all.extend([number; 33]);
                assert_eq!(spoken.hash(hash), hash.of(&all));
                assert_eq!(spoken.hash(hash), hash.of(&all), "asked twice");
            }
            spoken.end_main();
            for number in 0..3u8 {
                spoken.add(b"after the handshake");
                assert_ne!(spoken.hash(hash), hash.of(&all));
                spoken.go_back_to_main();
                assert_eq!(spoken.hash(hash), hash.of(&all), "back to its end, time {number}");
            }
            spoken.begin_with_hash(hash);
            let first = [&[254, 0, 0, hash.length() as u8][..], &hash.of(&all)].concat();
            assert_eq!(spoken.bytes(), first);
            assert_eq!(spoken.hash(hash), hash.of(&first));
        }
    }

    #[test]
    fn what_is_missing_after_the_handshake_tears_nothing() {
        let mut spoken = Spoken::default();
        spoken.end_main();
        spoken.tear();
        assert!(!spoken.is_torn);
        let mut spoken = Spoken::default();
        spoken.tear();
        assert!(spoken.is_torn);
    }
}
