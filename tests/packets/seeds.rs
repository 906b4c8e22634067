//! The fuzz seeds of captures and containers: each is made, and is what it should be.

use mtlscope::pki::{Passphrase, Passphrases, read_bytes, read_bytes_with};

use super::read::{capture, survey};

#[path = "../../fuzz/src/forms.rs"]
mod forms;

/// As `fuzz/src/bin/seeds.rs` has it.
const LARGEST_SEED: usize = 64 << 10;

#[test]
fn each_seed_of_a_capture_holds_a_handshake() {
    let wanted = capture("good-tls13");
    let seeds = forms::captures(&wanted);
    assert!(seeds.len() > 45, "{}", seeds.len());
    let mut without = 0;
    for (number, seed) in seeds.iter().enumerate() {
        assert!(seed.len() <= LARGEST_SEED, "{number}: {} bytes", seed.len());
        let survey = survey(seed, &[&wanted]);
        if survey.rows.is_empty() {
            // Wi-Fi that is encrypted.
            assert_eq!(survey.index.sealed.len(), 1, "{number}");
            without += 1;
        }
    }
    assert_eq!(without, 1);
}

#[test]
fn each_seed_of_a_container_or_a_disguise_is_read() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers");
    let changeit = Passphrases::one(Passphrase::new("changeit".to_owned()));
    for seed in forms::containers(&fixtures).expect("the fixtures") {
        read_bytes_with(&seed, "seed", &changeit).unwrap_or_else(|error| panic!("{error}"));
    }
    let pem = std::fs::read_to_string(fixtures.join("orders-chain.pem")).expect("a fixture");
    for seed in forms::disguises(&pem) {
        read_bytes(&seed, "seed").unwrap_or_else(|error| panic!("{error}"));
    }
}
