//! What a passphrase may cost, from both sides of each limit: the file says it, and nothing is computed before it is looked at.

use super::super::super::der::tagged;
use super::*;

/// An encrypted key under PBES2 with this derivation; AES-256 in CBC mode.
fn key(derivation: &[u8]) -> Vec<u8> {
    const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
    const AES: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42];
    let cipher = tagged(0x30, &[tagged(6, AES), tagged(4, &[0; 16])].concat());
    let parameters = tagged(0x30, &[derivation.to_vec(), cipher].concat());
    let algorithm = tagged(0x30, &[tagged(6, PBES2), parameters].concat());
    tagged(0x30, &[algorithm, tagged(4, &[0; 32])].concat())
}

fn integer(number: u64) -> Vec<u8> {
    let digits = number.to_be_bytes();
    let mut digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    tagged(2, &digits)
}

fn pbkdf2(rounds: u64) -> Vec<u8> {
    const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
    const HMAC_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9];
    let hash = tagged(0x30, &[tagged(6, HMAC_SHA256), tagged(5, &[])].concat());
    let parameters = tagged(0x30, &[tagged(4, &[1; 8]), integer(rounds), hash].concat());
    key(&tagged(0x30, &[tagged(6, PBKDF2), parameters].concat()))
}

fn scrypt(cost: u64, block: u64, lanes: u64) -> Vec<u8> {
    const SCRYPT: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
    let numbers = [integer(cost), integer(block), integer(lanes)].concat();
    let parameters = tagged(0x30, &[tagged(4, &[1; 8]), numbers].concat());
    key(&tagged(0x30, &[tagged(6, SCRYPT), parameters].concat()))
}

fn may_be_tried(der: &[u8]) -> bool {
    let info = EncryptedPrivateKeyInfoRef::try_from(der).expect("an encrypted key");
    match is_affordable(&info.encryption_algorithm) {
        Ok(()) => true,
        Err(Fault::Other { what, .. }) => {
            assert!(what.contains("more work per passphrase"), "{what}");
            false
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn rounds_memory_and_lanes_have_their_limits() {
    for (rounds, is_tried) in [(1, true), (MOST_ROUNDS, true), (MOST_ROUNDS + 1, false)] {
        assert_eq!(may_be_tried(&pbkdf2(rounds)), is_tried, "{rounds} rounds");
    }
    let most = MOST_SCRYPT_BYTES / 128;
    let lanes = u64::from(MOST_SCRYPT_LANES);
    for (cost, block, lanes, is_tried) in [
        (1024, 8, 1, true),
        (most / 8, 8, 1, true),
        (most / 8, 8, lanes, true),
        (most / 8, 9, 1, false),
        (most / 4, 8, 1, false),
        (1024, 8, lanes + 1, false),
        (2, 1, 60_000, false),
    ] {
        assert_eq!(
            may_be_tried(&scrypt(cost, block, lanes)),
            is_tried,
            "{cost}, {block}, {lanes}"
        );
    }
}
