//! Records after a gap, after a lost record, after one that stayed shut: what opens, what is said of it, what stays shut.

use super::TrafficKeys;
use super::keyring::{Keyring, Opened, Surroundings};
use super::keys::Suite;
use super::keys::sealer::{Sealer, version};
use super::secrets::Secrets;
use crate::capture::{Capture, Origin, PerSide, Secret, SecretLabel, Side};

fn nothing() -> Capture {
    Capture {
        origin: Origin::Packets,
        started_at_unix_us: 0,
        carrier: None,
        segments: Vec::new(),
        secrets: Vec::new(),
        events: Vec::new(),
        sides: PerSide::default(),
        at_hand: Vec::new(),
    }
}

/// A sender and its records, and the keyring that reads them.
struct Line {
    sealer: Sealer,
    ring: Keyring,
    shown: Vec<TrafficKeys>,
    sequence: u64,
}

const CONTENT: &[u8] = b"GET /charge HTTP/1.1\r\nHost: payments.shop.svc\r\n\r\n";

impl Line {
    fn new(suite: &str, number: u16) -> Self {
        let sealer = Sealer::new(suite, version(number));
        let mut ring = Keyring::new(Side::Client);
        let mut shown = Vec::new();
        ring.enter_12(Some(sealer.keys()), Some(vec![1]), Some(sealer.suite), &mut shown);
        Self {
            sealer,
            ring,
            shown,
            sequence: 0,
        }
    }

    fn record(&mut self) -> ([u8; 5], Vec<u8>) {
        let sealed = self.sealer.seal(self.sequence, 23, CONTENT);
        self.sequence += 1;
        sealed
    }

    fn open(&mut self, (header, payload): &([u8; 5], Vec<u8>)) -> Result<Opened, String> {
        let capture = nothing();
        let around = Surroundings {
            secrets: &Secrets::of(&capture, None),
            client_random: &[],
            suite: Some(self.sealer.suite),
        };
        self.ring.open(header, payload, &around, &mut self.shown)
    }

    /// Sends a record that arrives; what is said of it.
    #[track_caller]
    fn arrives(&mut self) -> Option<String> {
        let record = self.record();
        let opened = self.open(&record).expect("it opens");
        assert_eq!(opened.content, CONTENT);
        opened.remark
    }

    #[track_caller]
    fn stays_shut(&mut self) -> String {
        let record = self.record();
        self.open(&record).err().expect("it stays shut")
    }
}

/// Ciphers whose records stand by themselves, in each form.
const SEPARATE: [(&str, u16); 6] = [
    ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0x0303),
    ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0x0303),
    ("TLS_RSA_WITH_AES_128_CCM_8", 0x0303),
    ("TLS_RSA_WITH_AES_128_CBC_SHA", 0x0303),
    ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", 0x0302),
    ("TLS_RSA_WITH_NULL_SHA", 0x0301),
];

#[test]
fn after_a_gap_the_count_is_found_again_and_the_gap_is_told_once() {
    for (suite, number) in SEPARATE {
        for missing in [1, 2, 40] {
            let mut line = Line::new(suite, number);
            assert_eq!(line.arrives(), None, "{suite}");
            let bytes: usize = (0..missing).map(|_| line.record().1.len() + 5).sum();
            line.ring.lose(bytes);
            let words = line.arrives().expect("the gap is told");
            let told = match missing {
                1 => "one record before".to_owned(),
                count => format!("{count} records before"),
            };
            assert!(words.starts_with(&told), "{suite}: {words}");
            assert_eq!(
                line.arrives(),
                None,
                "{suite}: nothing is missing before the second record after a gap"
            );
        }
    }
}

#[test]
fn cbc_with_one_chain_goes_on_with_the_second_record_after_a_gap() {
    for number in [0x0300, 0x0301] {
        for suite in ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"] {
            let mut line = Line::new(suite, number);
            assert_eq!(line.arrives(), None);
            let bytes = line.record().1.len() + line.record().1.len() + 10;
            line.ring.lose(bytes);
            let why = line.stays_shut();
            assert!(why.contains("first block"), "{why}");
            let words = line.arrives().expect("the gap is told");
            assert!(words.starts_with("2 records before"), "{words}");
            assert_eq!(line.arrives(), None);
        }
    }
}

#[test]
fn a_stream_cipher_is_not_guessed_at_after_a_gap() {
    for suite in ["TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_RC4_128_MD5"] {
        let mut line = Line::new(suite, 0x0303);
        assert_eq!(line.arrives(), None);
        let bytes = line.record().1.len() + 5;
        line.ring.lose(bytes);
        for _ in 0..5 {
            let why = line.stays_shut();
            assert!(why.contains("RC4 is a stream"), "{why}");
        }
    }
}

#[test]
fn a_record_that_was_swallowed_and_is_known_is_no_gap() {
    for (suite, number) in SEPARATE.into_iter().chain([
        ("TLS_RSA_WITH_AES_128_CBC_SHA", 0x0301),
        ("TLS_RSA_WITH_RC4_128_SHA", 0x0302),
    ]) {
        let mut line = Line::new(suite, number);
        assert_eq!(line.arrives(), None);
        for _ in 0..2 {
            let (_, payload) = line.record();
            line.ring.pass_over(&payload);
        }
        assert_eq!(line.arrives(), None, "{suite}: its own line says that it is lost");
        assert_eq!(line.arrives(), None, "{suite}");
    }
}

#[test]
fn a_record_that_was_changed_did_arrive_and_the_next_ones_open() {
    for (suite, number) in SEPARATE.into_iter().chain([
        ("TLS_RSA_WITH_AES_128_CBC_SHA", 0x0301),
        ("TLS_RSA_WITH_RC4_128_SHA", 0x0302),
    ]) {
        let mut line = Line::new(suite, number);
        assert_eq!(line.arrives(), None);
        for _ in 0..8 {
            let (header, mut payload) = line.record();
            payload[0] ^= 1;
            let why = line.open(&(header, payload)).err().expect("it stays shut");
            assert!(why.contains("not the ones that were sealed"), "{why}");
        }
        // With one chain, the next record's first block needs the last block of the changed one: that one was not changed.
        assert_eq!(line.arrives(), None, "{suite}");
    }
}

#[test]
fn a_repeated_or_an_older_record_stays_shut() {
    for (suite, number) in SEPARATE {
        let mut line = Line::new(suite, number);
        let first = line.record();
        assert!(line.open(&first).is_ok());
        assert!(line.open(&first).is_err(), "{suite}: the same again");
        assert_eq!(line.arrives(), None, "{suite}");
    }
}

/// What is tried in vain is counted, and ends.
#[test]
fn bytes_that_no_key_opens_are_not_tried_for_ever() {
    let mut line = Line::new("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0x0303);
    assert_eq!(line.arrives(), None);
    let garbage = ([23, 3, 3, 64, 0], vec![0xa5; 1 << 14]);
    let mut spent = Vec::new();
    for _ in 0..12 {
        line.ring.lose(1 << 30);
        let before = line.ring.vain_bytes();
        assert!(line.open(&garbage).is_err());
        spent.push(before - line.ring.vain_bytes());
    }
    assert!(spent.first() > Some(&(1 << 25)), "a gap is searched: {spent:?}");
    assert_eq!(spent.last(), Some(&0), "and not for ever: {spent:?}");
    line.ring.lose(1);
    let words = line.arrives();
    assert_eq!(
        words, None,
        "at its own count, shut records counted, it opens all the same"
    );
}

#[test]
fn early_data_opens_under_every_suite_of_tls_1_3() {
    let suites = [
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256",
        "TLS_AES_128_CCM_8_SHA256",
    ];
    for name in suites {
        let sealer = Sealer::new(name, version(0x0304));
        let mut capture = nothing();
        let value = vec![7; sealer.suite.hash.length()];
        capture.secrets.push(Secret {
            client_random: vec![1; 32],
            label: SecretLabel::ClientEarlyTraffic,
            value: value.clone(),
            logged_by: None,
        });
        // The keys of that secret, by the sums that the rest of the suite's tests prove.
        let keys = super::keys::Keys::from_traffic_secret(sealer.suite, &value).expect("keys");
        let mut sealer = sealer.with(&keys);
        let (header, payload) = sealer.seal(0, 23, CONTENT);
        let secrets = Secrets::of(&capture, None);
        for suite in [None, Some(sealer.suite)] {
            let around = around(&secrets, suite);
            let mut ring = Keyring::new(Side::Client);
            let opened = ring.open(&header, &payload, &around, &mut Vec::new());
            assert_eq!(
                opened.map(|one| one.content),
                Ok(CONTENT.to_vec()),
                "{name} {suite:?}"
            );
            let mut ring = Keyring::new(Side::Server);
            assert!(
                ring.open(&header, &payload, &around, &mut Vec::new()).is_err(),
                "only clients send it"
            );
        }
    }
}

#[test]
fn keys_from_before_the_last_are_shown_and_not_tried() {
    let sealer = Sealer::new("TLS_AES_128_GCM_SHA256", version(0x0304));
    let mut capture = nothing();
    capture.secrets.push(Secret {
        client_random: vec![1; 32],
        label: SecretLabel::ClientTraffic0,
        value: vec![7; 32],
        logged_by: None,
    });
    let secrets = Secrets::of(&capture, None);
    let around = around(&secrets, Some(sealer.suite));
    let mut shown = Vec::new();
    let mut ring = Keyring::new(Side::Client);
    ring.enter_13(super::Protection::Application, &around, &mut shown);
    for _ in 0..50 {
        ring.update_keys(around.suite, &mut shown);
    }
    let numbers: Vec<usize> = shown.iter().map(|keys| keys.generation).collect();
    assert_eq!(numbers, (0..=50).collect::<Vec<_>>());
    assert_eq!(ring.tried(), 2, "the keys in force, and those before them");
}

fn around<'a>(secrets: &'a Secrets<'a>, suite: Option<Suite>) -> Surroundings<'a> {
    Surroundings {
        secrets,
        client_random: &[1; 32],
        suite,
    }
}

/// A sender's records under the keys of TLS 1.3's first application secret, and the capture that holds it.
fn of_13(side: Side) -> (Capture, Sealer) {
    let sealer = Sealer::new("TLS_AES_128_GCM_SHA256", version(0x0304));
    let mut capture = nothing();
    capture.secrets.push(Secret {
        client_random: vec![1; 32],
        label: match side {
            Side::Client => SecretLabel::ClientTraffic0,
            Side::Server => SecretLabel::ServerTraffic0,
        },
        value: vec![7; 32],
        logged_by: None,
    });
    let keys = super::keys::Keys::from_traffic_secret(sealer.suite, &[7; 32]).expect("keys");
    let sealer = sealer.with(&keys);
    (capture, sealer)
}

/// Without a gap a few records may be missing, and no more: beyond that, bytes are taken for others than were sealed.
#[test]
fn three_records_may_be_missing_unsaid_and_no_more() {
    for side in Side::BOTH {
        for ahead in 0..12 {
            let (capture, mut sealer) = of_13(side);
            let secrets = Secrets::of(&capture, None);
            let around = around(&secrets, Some(sealer.suite));
            let mut ring = Keyring::new(side);
            let mut shown = Vec::new();
            ring.enter_13(super::Protection::Application, &around, &mut shown);
            let (header, payload) = sealer.seal(ahead, 23, CONTENT);
            let opened = ring.open(&header, &payload, &around, &mut shown);
            assert_eq!(opened.is_ok(), ahead < 4, "{side:?}, {ahead} ahead");
            let mut ring = Keyring::new(side);
            ring.enter_12(Some(sealer.keys()), Some(vec![1]), Some(sealer.suite), &mut shown);
            let opened = ring.open(&header, &payload, &around, &mut shown);
            assert_eq!(opened.is_ok(), ahead < 4, "{side:?}, {ahead} ahead");
        }
    }
}

/// In TLS 1.3 too: neither as it was, nor as the early data that a server never sends.
#[test]
fn what_a_side_repeats_stays_shut_in_tls_1_3() {
    for side in Side::BOTH {
        let (capture, mut sealer) = of_13(side);
        let secrets = Secrets::of(&capture, None);
        let around = around(&secrets, Some(sealer.suite));
        let mut ring = Keyring::new(side);
        let mut shown = Vec::new();
        ring.enter_13(super::Protection::Application, &around, &mut shown);
        let records: Vec<_> = (0..3)
            .map(|sequence| sealer.seal(sequence, 23, CONTENT))
            .collect();
        for (header, payload) in &records {
            assert!(ring.open(header, payload, &around, &mut shown).is_ok());
        }
        for (header, payload) in &records {
            let again = ring.open(header, payload, &around, &mut shown);
            assert!(again.is_err(), "{side:?}");
        }
        assert_eq!(shown.len(), 1, "no keys but those in force");
    }
}
