//! What each algorithm of a container is called, who still opens it, and what its rounds count for.

use super::*;
use crate::pki::der::tagged;

fn outline_of(oid: &[u8], rounds: &[u8]) -> Outline {
    let parameters = [tagged(OCTETS, &[1; 8]), tagged(0x02, rounds)].concat();
    let algorithm = [tagged(OID, oid), tagged(SEQUENCE, &parameters)].concat();
    let mut outline = Outline::default();
    outline.algorithm(&algorithm);
    outline
}

#[test]
fn each_cipher_has_its_name_and_those_of_old_are_known() {
    let of_pkcs12 = |last: u8| [PKCS12_PBE, &[last]].concat();
    let of_pkcs5 = |last: u8| [PKCS5, &[last]].concat();
    for (oid, name, is_legacy) in [
        (of_pkcs12(1), "RC4-128", true),
        (of_pkcs12(2), "RC4-40", true),
        (of_pkcs12(3), "3DES", false),
        (of_pkcs12(4), "3DES with two keys", false),
        (of_pkcs12(5), "RC2-128", true),
        (of_pkcs12(6), "RC2-40", true),
        (of_pkcs12(7), "an unknown cipher", false),
        (of_pkcs5(1), "DES", true),
        (of_pkcs5(3), "DES", true),
        (of_pkcs5(10), "DES", true),
        (of_pkcs5(4), "RC2", true),
        (of_pkcs5(6), "RC2", true),
        (of_pkcs5(11), "RC2", true),
        (of_pkcs5(13), "PBES2", false),
        (vec![0x2a], "an unknown cipher", false),
    ] {
        let outline = outline_of(&oid, &[8]);
        assert_eq!(outline.ciphers, [name]);
        assert_eq!(outline.is_legacy(), is_legacy, "{name}");
    }
}

#[test]
fn rounds_are_counted_and_what_is_no_number_of_rounds_is_too_many() {
    for (digits, wanted) in [
        (None, 1),
        (Some(&[1][..]), 1),
        (Some(&[0x7f]), 127),
        (Some(&[0, 0x80]), 128),
        (Some(&[8, 0]), 2048),
        (
            Some(&[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            i64::MAX.cast_unsigned(),
        ),
        // Negative, and of nine bytes.
        (Some(&[0x80]), u64::MAX),
        (Some(&[0xff, 0xff]), u64::MAX),
        (Some(&[0, 0x80, 0, 0, 0, 0, 0, 0, 0]), u64::MAX),
    ] {
        assert_eq!(number(digits), wanted, "{digits:02x?}");
    }
    let mut both = outline_of(&[PKCS12_PBE, &[3]].concat(), &[8, 0]);
    let parameters = [tagged(OCTETS, &[1; 8]), tagged(0x02, &[0x10])].concat();
    let again = [
        tagged(OID, &[PKCS12_PBE, &[3]].concat()),
        tagged(SEQUENCE, &parameters),
    ]
    .concat();
    both.algorithm(&again);
    assert_eq!((both.ciphers.as_slice(), both.rounds), (&["3DES"][..], 2048 + 16));
    both.algorithm(
        &[
            tagged(OID, &[0x2a]),
            tagged(SEQUENCE, &[tagged(OCTETS, &[1]), tagged(0x02, &[0x80])].concat()),
        ]
        .concat(),
    );
    assert_eq!(both.rounds, u64::MAX, "no sum wraps round");
}
