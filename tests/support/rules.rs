//! A chain for every rule about which rustls and others differ: good but for one thing.

#[path = "rules_more.rs"]
mod more;
#[path = "rules_names.rs"]
mod names;
#[path = "rules_passed.rs"]
mod passed;

use std::path::Path;

use mtlscope::capture::Der;

use super::forge::{Forge, Key, pem, sequence, tlv};

/// The name that is asked for.
pub const HOST: &str = "pay.shop.example";

/// A chain that breaks one rule.
pub struct Made {
    pub rule: &'static str,
    pub rustls_accepts: bool,
    /// The row that must say it.
    pub role: &'static str,
    pub check: &'static str,
    /// Words that the row must have.
    pub words: &'static str,
    pub host: &'static str,
    /// Leaf first.
    pub sent: Vec<Vec<u8>>,
    pub root: Vec<u8>,
    /// Private keys of root, issuer and leaf as PKCS#8; none where the chain has another form.
    pub keys: Vec<Vec<u8>>,
}

impl Made {
    pub fn sent_ders(&self) -> Vec<Der> {
        self.sent.iter().cloned().map(Der::from).collect()
    }

    /// As files in a folder named after the rule.
    pub fn write(&self, folder: &Path) {
        let folder = folder.join(self.rule);
        std::fs::create_dir_all(&folder).expect("a folder");
        let all = |ders: &[Vec<u8>]| ders.iter().map(|der| pem(der)).collect::<String>();
        let put = |file: &str, text: String| std::fs::write(folder.join(file), text).expect("a file");
        put("leaf.pem", all(&self.sent[..1]));
        put("rest.pem", all(&self.sent[1..]));
        put("chain.pem", all(&self.sent));
        put("root.pem", pem(&self.root));
    }
}

/// Root, issuer and leaf before they are signed, and their keys.
struct Parts {
    root: Forge,
    issuer: Forge,
    leaf: Forge,
    keys: [Key; 3],
}

impl Parts {
    fn new() -> Self {
        let keys = [Key::new(), Key::new(), Key::new()];
        Self {
            root: Forge::ca("Root", "Root", &keys[0], &keys[0]),
            issuer: Forge::ca("Issuer", "Root", &keys[1], &keys[0]),
            leaf: Forge::leaf(HOST, "Issuer", &keys[2], &keys[1]),
            keys,
        }
    }

    fn sign(&self) -> [Vec<u8>; 3] {
        [
            self.leaf.sign(&self.keys[1]),
            self.issuer.sign(&self.keys[0]),
            self.root.sign(&self.keys[0]),
        ]
    }
}

fn finish(parts: &Parts) -> Made {
    let [leaf, issuer, root] = parts.sign();
    Made {
        rule: "good",
        rustls_accepts: true,
        role: "leaf",
        check: "encoding",
        words: "",
        host: HOST,
        sent: vec![leaf, issuer],
        root,
        keys: parts.keys.iter().map(Key::pkcs8).collect(),
    }
}

/// Nothing is wrong with it.
pub fn good() -> Made {
    finish(&Parts::new())
}

/// rustls accepts it and must be said to.
fn pass(
    rule: &'static str,
    role: &'static str,
    check: &'static str,
    words: &'static str,
    change: impl FnOnce(&mut Parts),
) -> Made {
    let mut parts = Parts::new();
    change(&mut parts);
    Made {
        rule,
        role,
        check,
        words,
        ..finish(&parts)
    }
}

/// rustls refuses it.
fn fail(
    rule: &'static str,
    role: &'static str,
    check: &'static str,
    words: &'static str,
    change: impl FnOnce(&mut Parts),
) -> Made {
    Made {
        rustls_accepts: false,
        ..pass(rule, role, check, words, change)
    }
}

/// A name of RSA's with a modulus of so many bits, which nobody needs to factor.
fn rsa_spki(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0x55; bits.div_ceil(8)];
    modulus[0] = 1 << ((bits - 1) % 8);
    if let Some(last) = modulus.last_mut() {
        *last = 0x57;
    }
    if modulus[0] & 0x80 != 0 {
        modulus.insert(0, 0);
    }
    let key = sequence(&[tlv(0x02, &modulus), tlv(0x02, &[1, 0, 1])]);
    let algorithm = sequence(&[
        tlv(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]),
        tlv(0x05, &[]),
    ]);
    sequence(&[algorithm, tlv(0x03, &[&[0], key.as_slice()].concat())])
}

/// A key on secp256k1, which TLS does not use: the curve's own base point.
fn secp256k1_spki() -> Vec<u8> {
    let point = hex::decode(concat!(
        "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
    ))
    .expect("hexadecimal");
    let algorithm = sequence(&[
        tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
        tlv(0x06, &[0x2b, 0x81, 0x04, 0x00, 0x0a]),
    ]);
    sequence(&[algorithm, tlv(0x03, &[&[0], point.as_slice()].concat())])
}

fn subtrees(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let list = |tag, bases: &[Vec<u8>]| {
        let all: Vec<Vec<u8>> = bases
            .iter()
            .map(|base| sequence(std::slice::from_ref(base)))
            .collect();
        if all.is_empty() {
            Vec::new()
        } else {
            tlv(tag, &all.concat())
        }
    };
    sequence(&[list(0xa0, permitted), list(0xa1, excluded)])
}

fn policies(ids: &[&[u8]]) -> Vec<u8> {
    sequence(
        &ids.iter()
            .map(|id| sequence(&[tlv(0x06, id)]))
            .collect::<Vec<_>>(),
    )
}

const A_POLICY: &[u8] = &[0x2a, 0x03, 0x04];

/// Chains whose leaf names its issuer otherwise than the issuer itself, in one way and in two.
#[allow(dead_code, reason = "not every test that makes chains is about names")]
pub fn named_otherwise() -> Vec<Made> {
    let all = more::refused()
        .into_iter()
        .filter(|made| made.rule.starts_with("issuer-name-"));
    all.chain(more::named_otherwise_twice()).collect()
}

/// Chains in which a CA breaks the rule, and what it signed has to be mended; each with the rule that it is of.
pub fn of_a_ca() -> Vec<(&'static str, Made)> {
    names::of_a_ca()
}

/// A chain for every rule.
pub fn all() -> Vec<Made> {
    let mut all = passed::passed();
    all.extend(names::passed());
    all.extend(more::sent_oddly());
    all.extend(more::refused());
    all
}
