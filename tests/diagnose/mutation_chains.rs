//! Damaged certificates: whatever the damage, our matrix refuses exactly where rustls refuses, and nothing panics.
//!
//! Damage to what is signed is signed again, or the signature would be all that ever fails.

use crate::support::forge;

use forge::{Forge, Key, sequence, tlv};
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{ChainInput, Outcome, judge_chain};
use mtlscope::source::oracle;

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
/// Always the same ones, however fast the machine is.
const ROUNDS: usize = 600;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

/// Somewhere in the bytes: one bit, one byte, a byte more, a byte less, two bytes changed over, a run said twice.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.roll(bytes.len());
    match dice.roll(8) {
        0 | 1 => bytes[at] ^= 1 << dice.roll(8),
        2 | 3 => bytes[at] = [0, 1, 2, 0x7f, 0x80, 0x81, 0xff, 0x30][dice.roll(8)],
        4 => bytes[at] = dice.roll(256) as u8,
        5 => {
            let other = dice.roll(bytes.len());
            bytes.swap(at, other);
        }
        6 => {
            bytes.remove(at);
        }
        _ => bytes.insert(at, dice.roll(256) as u8),
    }
}

/// A part of a certificate, picked and damaged without hurting the lengths around it.
fn damage_part(forge: &mut Forge, dice: &mut Dice) {
    let count = forge.extensions.len();
    match dice.roll(10) {
        0 => damage(&mut forge.serial, dice),
        1 => damage(&mut forge.validity, dice),
        2 => damage(&mut forge.spki, dice),
        3 => damage(&mut forge.inner_algorithm, dice),
        4 => forge.version = [None, Some(0), Some(1), Some(3)][dice.roll(4)],
        5 if count > 0 => {
            let index = dice.roll(count);
            let twice = forge.extensions[index].clone();
            forge.extensions.push(twice);
        }
        6 if count > 0 => {
            forge.extensions.remove(dice.roll(count));
        }
        _ if count > 0 => {
            let index = dice.roll(count);
            damage(&mut forge.extensions[index].1, dice);
        }
        _ => damage(&mut forge.subject, dice),
    }
}

fn check(chain: &[Der], trust: &Trust, judge: Side) -> Result<bool, String> {
    let verdict = oracle::judge(chain, trust, judge);
    let ours = judge_chain(&ChainInput {
        chain,
        trust: Some(trust),
        judge,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    });
    if verdict.is_err() == ours.is_refused() {
        return Ok(verdict.is_ok());
    }
    let failed: Vec<String> = ours
        .matrix
        .iter()
        .filter(|row| row.outcome == Outcome::Fail)
        .map(|row| format!("{} {}: {}", row.role.word(), row.check.word(), row.detail))
        .collect();
    let hex: Vec<String> = chain
        .iter()
        .chain(&trust.roots)
        .map(|der| hex::encode(der.as_bytes()))
        .collect();
    Err(format!(
        "rustls: {:?}\n  ours: {failed:?}\n  {}",
        verdict.err().map(|verdict| verdict.words),
        hex.join("\n  ")
    ))
}

#[test]
fn damaged_chains_are_judged_as_rustls_judges_them() {
    let [root_key, issuer_key, leaf_key] = [Key::new(), Key::new(), Key::new()];
    let root = Forge::ca("Root", "Root", &root_key, &root_key);
    let mut issuer = Forge::ca("Issuer", "Root", &issuer_key, &root_key);
    let network = tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0]);
    let subtree = |base: Vec<u8>| sequence(&[base]);
    let permitted = [subtree(tlv(0x82, b"shop.test")), subtree(network)].concat();
    let excluded = subtree(tlv(0x82, b"secret.shop.test"));
    issuer.put(
        30,
        true,
        &sequence(&[tlv(0xa0, &permitted), tlv(0xa1, &excluded)]),
    );
    let mut leaf = Forge::leaf("pay.shop.test", "Issuer", &leaf_key, &issuer_key);
    let names = [
        tlv(0x82, b"pay.shop.test"),
        tlv(0x82, b"*.pay.shop.test"),
        tlv(0x87, &[10, 1, 2, 3]),
        tlv(0x86, b"spiffe://shop.test/pay"),
    ];
    leaf.put(17, false, &sequence(&names));
    let good = [leaf.clone(), issuer.clone(), root.clone()];
    let keys = [&issuer_key, &root_key, &root_key];
    let trust = |root: Vec<u8>| Trust {
        roots: vec![Der::from(root)],
        expected_name: Some("pay.shop.test".to_owned()),
        clock_unix_s: 1_800_000_000,
        ..Trust::default()
    };
    let sealed: Vec<Vec<u8>> = good
        .iter()
        .zip(keys)
        .map(|(forge, key)| forge.sign(key))
        .collect();
    let whole: Vec<Der> = sealed[..2].iter().cloned().map(Der::from).collect();
    assert_eq!(
        check(&whole, &trust(sealed[2].clone()), Side::Client),
        Ok(true),
        "the undamaged chain is good"
    );
    let mut dice = Dice(SEED);
    let (mut accepted, mut differing) = (0, Vec::new());
    for round in 1..=ROUNDS {
        let target = dice.roll(3);
        let mut ders = sealed.clone();
        for _ in 0..=dice.roll(2) {
            ders[target] = match dice.roll(4) {
                0 => {
                    let mut der = ders[target].clone();
                    damage(&mut der, &mut dice);
                    der
                }
                1 => {
                    let mut tbs = good[target].tbs();
                    damage(&mut tbs, &mut dice);
                    keys[target].seal(&tbs, forge::ECDSA_SHA256)
                }
                _ => {
                    let mut forge = good[target].clone();
                    damage_part(&mut forge, &mut dice);
                    forge.sign(keys[target])
                }
            };
        }
        let chain: Vec<Der> = ders[..2].iter().cloned().map(Der::from).collect();
        let mut trust = trust(ders[2].clone());
        if dice.roll(4) == 0 {
            trust.expected_name = None;
        }
        match check(&chain, &trust, Side::Client) {
            Ok(is_accepted) => accepted += usize::from(is_accepted),
            Err(words) => differing.push(format!("round {round}, certificate {target}: {words}")),
        }
    }
    println!(
        "{ROUNDS} damaged chains, {accepted} still accepted, {} differ",
        differing.len()
    );
    assert!(
        accepted > ROUNDS / 50 && accepted < ROUNDS - ROUNDS / 10,
        "{accepted} of {ROUNDS}"
    );
    assert!(
        differing.is_empty(),
        "{} of {ROUNDS} differ:\n{}",
        differing.len(),
        differing.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
    );
}
