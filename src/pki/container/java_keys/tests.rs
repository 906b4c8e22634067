//! Keys closed as Java closes them, made here: what opens them, what it may cost, and what stays shut.

use cbc::cipher::BlockModeEncrypt;

use super::*;
use crate::pki::Passphrase;
use crate::pki::der::tagged;

const PASSPHRASE: &str = "changeit";
const KEY: &[u8] = &[0x30, 3, 2, 1, 7];

fn given(text: &str) -> Passphrases {
    Passphrases::one(Passphrase::new(text.to_owned()))
}

fn info(oid: &[u8], parameters: &[u8], closed: &[u8]) -> Vec<u8> {
    let algorithm = tagged(0x30, &[tagged(0x06, oid), parameters.to_vec()].concat());
    tagged(0x30, &[algorithm, tagged(0x04, closed)].concat())
}

/// The key as JCEKS closes it, derived from these two halves; `salt` is what stands in the file.
fn jceks(salt: [u8; 8], halves: [[u8; 4]; 2], rounds: u64, key: &[u8]) -> Vec<u8> {
    let mut derived = Vec::new();
    for half in halves {
        let mut block = half.to_vec();
        for _ in 0..rounds {
            block = Md5::digest([block.as_slice(), PASSPHRASE.as_bytes()].concat()).to_vec();
        }
        derived.extend(block);
    }
    let cipher = cbc::Encryptor::<des::TdesEde3>::new_from_slices(&derived[..24], &derived[24..]);
    let closed = cipher.expect("lengths").encrypt_padded_vec::<Pkcs7>(key);
    let digits = rounds.to_be_bytes();
    let digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
    let parameters = tagged(0x30, &[tagged(0x04, &salt), tagged(0x02, &digits)].concat());
    info(JCEKS_PBE, &parameters, &closed)
}

fn opened(closed: &[u8], passphrase: &str) -> Result<Vec<u8>, &'static str> {
    match open_key(closed, &given(passphrase)) {
        Ok(key) => Ok(key.to_vec()),
        Err(KeyFault::Wrong) => Err("wrong"),
        Err(KeyFault::Unknown) => Err("unknown"),
    }
}

#[test]
fn a_key_of_jceks_opens_with_its_passphrase_alone() {
    let (one, two) = ([1, 2, 3, 4], [5, 6, 7, 8]);
    let closed = jceks([1, 2, 3, 4, 5, 6, 7, 8], [one, two], 20, KEY);
    assert_eq!(opened(&closed, PASSPHRASE), Ok(KEY.to_vec()));
    assert_eq!(opened(&closed, "Changeit"), Err("wrong"));
    // What comes out is a key, or it was the wrong passphrase.
    let no_key = jceks([1, 2, 3, 4, 5, 6, 7, 8], [one, two], 20, &[4, 1, 1]);
    assert_eq!(opened(&no_key, PASSPHRASE), Err("wrong"));
}

/// Where both halves of the salt are the same, Java turns the first one round, and slips: `abcd` becomes `dabd`
/// (com.sun.crypto.provider.PBES1Core).
#[test]
fn equal_halves_of_a_salt_are_taken_as_java_takes_them() {
    let (a, b, c, d) = (1, 2, 3, 4);
    let salt = [a, b, c, d, a, b, c, d];
    let closed = jceks(salt, [[d, a, b, d], [a, b, c, d]], 20, KEY);
    assert_eq!(opened(&closed, PASSPHRASE), Ok(KEY.to_vec()));
    let as_it_stands = jceks(salt, [[a, b, c, d]; 2], 20, KEY);
    assert_eq!(opened(&as_it_stands, PASSPHRASE), Err("wrong"));
    // Halves that differ in one byte are not.
    let other = [a, b, c, d, a, b, c, 9];
    let closed = jceks(other, [[a, b, c, d], [a, b, c, 9]], 20, KEY);
    assert_eq!(opened(&closed, PASSPHRASE), Ok(KEY.to_vec()));
}

/// The rounds are the file's to say: so many are made, and not one more.
#[test]
fn what_a_key_may_cost() {
    let salt = [1, 2, 3, 4, 5, 6, 7, 8];
    let of = |rounds: u64| {
        let digits = rounds.to_be_bytes();
        let digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
        let parameters = tagged(0x30, &[tagged(0x04, &salt), tagged(0x02, &digits)].concat());
        info(JCEKS_PBE, &parameters, &[0; 8])
    };
    assert_eq!(opened(&of(MOST_ROUNDS), PASSPHRASE), Err("wrong"), "it is tried");
    for rounds in [MOST_ROUNDS + 1, u64::from(u32::MAX), u64::from(u32::MAX) + 1] {
        assert_eq!(opened(&of(rounds), PASSPHRASE), Err("unknown"), "{rounds}");
    }
}

/// Java's own protector of JKS: a stream of digests, and a digest that tells a wrong passphrase.
#[test]
fn a_key_of_jks_is_checked_by_its_digest() {
    let long = [&[0x30, 58][..], &[7; 58]].concat();
    for key in [KEY, long.as_slice()] {
        let passphrase = utf16(PASSPHRASE);
        let salt = [9; DIGEST];
        let mut closed = salt.to_vec();
        let mut stream = sha1(&[&passphrase, &salt]);
        for part in key.chunks(DIGEST) {
            closed.extend(part.iter().zip(stream.iter()).map(|(byte, mask)| byte ^ mask));
            stream = sha1(&[&passphrase, &stream]);
        }
        closed.extend(sha1(&[&passphrase, key]).iter());
        let whole = info(JKS_PROTECTOR, &tagged(0x05, &[]), &closed);
        assert_eq!(opened(&whole, PASSPHRASE), Ok(key.to_vec()));
        assert_eq!(opened(&whole, "another"), Err("wrong"));
        for place in [0, DIGEST, closed.len() - 1] {
            let mut changed = closed.clone();
            changed[place] ^= 1;
            let changed = info(JKS_PROTECTOR, &[], &changed);
            assert_eq!(opened(&changed, PASSPHRASE), Err("wrong"), "byte {place}");
        }
    }
    assert_eq!(
        opened(&info(&[0x2b, 1], &[], &[0; 60]), PASSPHRASE),
        Err("unknown")
    );
    assert_eq!(opened(&[0x30, 0], PASSPHRASE), Err("unknown"));
}
