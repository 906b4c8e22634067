//! What is on record of other stacks about keys and algorithms of signatures.

use crate::forge::{sequence, tlv};
use crate::recorded::recorded;
use crate::trio::{ROLES, Trio, bytes};

fn numbers(modulus: usize) -> Vec<u8> {
    let mut digits = vec![0, 0xc1];
    digits.resize(modulus, 0x5b);
    sequence(&[tlv(0x02, &digits), tlv(0x02, &[1, 0, 1])])
}

fn point(first: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![first];
    bytes.resize(length, 0x11);
    bytes
}

/// An AlgorithmIdentifier's contents for a public key, and its bits.
pub fn public_keys() -> Vec<(String, Vec<u8>)> {
    let rsa = "06092a864886f70d010101 0500";
    let rsa_number =
        |first: &str, second: &str| [sequence(&[tlv(2, &bytes(first)), tlv(2, &bytes(second))])].concat();
    let curve = |oid: &str| format!("06072a8648ce3d0201 {oid}");
    let (p224, p256, p384, p521, k1) = (
        curve("06052b81040021"),
        curve("06082a8648ce3d030107"),
        curve("06052b81040022"),
        curve("06052b81040023"),
        curve("06052b8104000a"),
    );
    let all: Vec<(&str, &str, Vec<u8>)> = vec![
        ("RSA 2048", rsa, numbers(257)),
        ("RSA 2040", rsa, numbers(256)),
        ("RSA 1024", rsa, numbers(129)),
        ("RSA 512", rsa, numbers(65)),
        ("RSA without NULL", "06092a864886f70d010101", numbers(257)),
        ("RSA that is no sequence", rsa, bytes("0500")),
        ("RSA of one number", rsa, sequence(&[tlv(2, &[7])])),
        ("RSA of no number", rsa, sequence(&[])),
        ("RSA negative", rsa, rsa_number("81", "03")),
        ("RSA zero", rsa, rsa_number("00", "03")),
        ("RSA exponent zero", rsa, rsa_number("61", "00")),
        ("RSA written long", rsa, rsa_number("0061", "03")),
        ("RSA exponent negative", rsa, rsa_number("61", "ff")),
        ("RSA-PSS", "06092a864886f70d01010a", numbers(257)),
        ("P-224", &p224, point(4, 57)),
        ("P-256", &p256, point(4, 65)),
        ("P-256 compressed", &p256, point(2, 33)),
        ("P-256 of a bad form", &p256, point(5, 65)),
        ("P-256 too short", &p256, point(4, 57)),
        ("P-256 empty", &p256, Vec::new()),
        ("P-384", &p384, point(4, 97)),
        ("P-521", &p521, point(4, 133)),
        ("secp256k1", &k1, point(4, 65)),
        (
            "a curve written out",
            "06072a8648ce3d0201 3003020101",
            point(4, 65),
        ),
        ("no curve", "06072a8648ce3d0201", point(4, 65)),
        ("Ed25519 of 31 bytes", "06032b6570", point(1, 31)),
        ("Ed25519", "06032b6570", point(1, 32)),
        ("Ed25519 with NULL", "06032b6570 0500", point(1, 32)),
        ("Ed448", "06032b6571", point(1, 57)),
        ("Ed448 of 56 bytes", "06032b6571", point(1, 56)),
        ("Ed448 with NULL", "06032b6571 0500", point(1, 57)),
        ("DSA", "06072a8648ce380401 3000", tlv(2, &[9])),
        ("DSA without parameters", "06072a8648ce380401", tlv(2, &[9])),
        ("of no kind that is known", "06032a0304", point(1, 32)),
    ];
    all.into_iter()
        .map(|(told, algorithm, bits)| {
            let bits = [&[0], bits.as_slice()].concat();
            (
                told.to_owned(),
                sequence(&[tlv(0x30, &bytes(algorithm)), tlv(0x03, &bits)]),
            )
        })
        .collect()
}

/// Contents of AlgorithmIdentifiers of signatures.
fn algorithms() -> Vec<(String, Vec<u8>)> {
    let sha = |last: u8| [&[0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2][..], &[last, 5, 0]].concat();
    let sha1 = bytes("06052b0e03021a 0500");
    let mgf = |hash: &[u8]| [bytes("06092a864886f70d010108"), tlv(0x30, hash)].concat();
    let pss = |hash: &[u8], mask: &[u8], salt: &[u8]| {
        let parts = sequence(&[
            tlv(0xa0, &tlv(0x30, hash)),
            tlv(0xa1, &tlv(0x30, &mgf(mask))),
            tlv(0xa2, &tlv(0x02, salt)),
            tlv(0xa3, &tlv(0x02, &[1])),
        ]);
        [bytes("06092a864886f70d01010a"), parts].concat()
    };
    let mut all: Vec<(String, Vec<u8>)> = [
        ("MD2", "06092a864886f70d010102 0500"),
        ("MD5", "06092a864886f70d010104 0500"),
        ("SHA-1", "06092a864886f70d010105 0500"),
        ("SHA-1 of OIW", "06052b0e03021d 0500"),
        ("SHA-224", "06092a864886f70d01010e 0500"),
        ("SHA-256", "06092a864886f70d01010b 0500"),
        ("SHA-384", "06092a864886f70d01010c 0500"),
        ("SHA-512", "06092a864886f70d01010d 0500"),
        ("DSA with SHA-1", "06072a8648ce380403"),
        ("DSA with SHA-224", "0609608648016503040301"),
        ("DSA with SHA-256", "0609608648016503040302"),
        ("ECDSA with SHA-1", "06072a8648ce3d0401"),
        ("ECDSA with SHA-224", "06082a8648ce3d040301"),
        ("ECDSA with SHA-256", "06082a8648ce3d040302"),
        ("ECDSA with SHA-384", "06082a8648ce3d040303"),
        ("ECDSA with SHA-512", "06082a8648ce3d040304"),
        ("Ed25519", "06032b6570"),
        ("Ed25519 with NULL", "06032b6570 0500"),
        ("Ed448", "06032b6571"),
        ("PSS without parameters", "06092a864886f70d01010a"),
        ("PSS by default", "06092a864886f70d01010a 3000"),
        ("PSS with NULL", "06092a864886f70d01010a 0500"),
        ("of no kind that is known", "06032a0304"),
    ]
    .into_iter()
    .map(|(told, text)| (told.to_owned(), bytes(text)))
    .collect();
    for (told, last, salt) in [("256", 1, 32), ("384", 2, 48), ("512", 3, 64), ("224", 4, 28)] {
        let hash = sha(last);
        all.push((format!("PSS with SHA-{told}"), pss(&hash, &hash, &[salt])));
        all.push((
            format!("PSS with SHA-{told} and another salt"),
            pss(&hash, &hash, &[salt + 1]),
        ));
        all.push((
            format!("PSS with SHA-{told}, masked by SHA-1"),
            pss(&hash, &sha1, &[salt]),
        ));
    }
    all.push(("PSS with SHA-1".to_owned(), pss(&sha1, &sha1, &[20])));
    all.push((
        "PSS with SHA-256 and a long salt".to_owned(),
        pss(&sha(1), &sha(1), &[1, 32]),
    ));
    all.push(("PSS with SHA-3".to_owned(), pss(&sha(8), &sha(8), &[32])));
    all
}

pub fn keys(add: &mut dyn FnMut(&str, &Trio)) {
    for (told, spki) in public_keys() {
        for (place, role) in ROLES.iter().enumerate() {
            for is_in_a_handshake in [false, true] {
                let trio = Trio::with(|trio| {
                    trio.forges[place].spki.clone_from(&spki);
                    trio.is_in_a_handshake = is_in_a_handshake;
                });
                let word = if is_in_a_handshake { " in a handshake" } else { "" };
                add(&format!("{role} {told}{word}"), &trio);
            }
        }
    }
}

#[test]
fn of_every_key() {
    insta::assert_snapshot!(recorded(keys));
}

/// What a key is said to have signed with; the signatures hold for nobody.
pub fn algorithms_of_keys(add: &mut dyn FnMut(&str, &Trio)) {
    for (kind, spki) in public_keys() {
        // The kinds alone, each in its usual form.
        if !matches!(
            kind.as_str(),
            "RSA 2048"
                | "RSA 512"
                | "RSA-PSS"
                | "P-256"
                | "P-384"
                | "P-521"
                | "secp256k1"
                | "Ed25519"
                | "Ed448"
                | "DSA"
        ) {
            continue;
        }
        for (told, algorithm) in algorithms() {
            for is_in_a_handshake in [false, true] {
                let trio = Trio::with(|trio| {
                    trio.forges[1].spki.clone_from(&spki);
                    trio.forges[0].inner_algorithm.clone_from(&algorithm);
                    trio.forges[0].outer_algorithm.clone_from(&algorithm);
                    trio.is_in_a_handshake = is_in_a_handshake;
                });
                let word = if is_in_a_handshake { " in a handshake" } else { "" };
                add(&format!("{kind} signs with {told}{word}"), &trio);
            }
        }
    }
    for (told, algorithm) in algorithms() {
        let trio = Trio::with(|trio| trio.forges[0].inner_algorithm.clone_from(&algorithm));
        add(&format!("only inside {told}"), &trio);
    }
}

#[test]
fn of_every_algorithm_with_every_key() {
    insta::assert_snapshot!(recorded(algorithms_of_keys));
}
