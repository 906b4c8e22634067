//! What a SignedData holds, and what of it is passed over.

use super::*;
use crate::pki::der::tagged;

fn signed_data(certificates: &[Vec<u8>], lists: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = vec![
        tagged(0x02, &[1]),
        tagged(0x31, &[]),
        tagged(SEQUENCE, &tagged(0x06, &[0x2a])),
    ];
    parts.extend((!certificates.is_empty()).then(|| tagged(0xa0, &certificates.concat())));
    parts.extend((!lists.is_empty()).then(|| tagged(0xa1, &lists.concat())));
    let data = tagged(SEQUENCE, &parts.concat());
    tagged(
        SEQUENCE,
        &[tagged(0x06, SIGNED_DATA), tagged(0xa0, &data)].concat(),
    )
}

/// CertificateChoices and RevocationInfoChoices (RFC 5652 §10.2): X.509's are used, of the others there is a count.
#[test]
fn each_part_is_used_or_counted_as_passed_over() {
    let one = |number: u8| tagged(SEQUENCE, &[2, 1, number]);
    let other = |number: u8| tagged(0xa0 + number, &[2, 1, number]);
    for (certificates, lists, used, passed_over) in [
        (vec![one(1)], vec![], (1, 0), 0),
        (vec![one(1), one(2)], vec![one(3)], (2, 1), 0),
        (vec![], vec![one(3), one(4)], (0, 2), 0),
        (vec![other(1), one(1)], vec![], (1, 0), 1),
        (vec![one(1)], vec![other(1)], (1, 0), 1),
        (
            vec![other(1), one(1), other(2)],
            vec![other(1), one(2), other(3)],
            (1, 1),
            4,
        ),
    ] {
        let bytes = signed_data(&certificates, &lists);
        assert!(is_pkcs7(&bytes));
        let opened = open_pkcs7(&bytes).expect("it opens");
        assert_eq!((opened.certificates.len(), opened.lists.len()), used);
        let notes: Vec<&str> = opened.notes.iter().map(|(words, ..)| words.as_str()).collect();
        match (passed_over, notes.as_slice()) {
            (0, []) => {}
            (many, [words]) => assert!(words.starts_with(&format!("{many} of its parts ")), "{words}"),
            other => panic!("{other:?}"),
        }
        // In their order, whole.
        let wanted: Vec<Vec<u8>> = certificates
            .into_iter()
            .filter(|part| part[0] == SEQUENCE)
            .collect();
        let found: Vec<Vec<u8>> = opened.certificates.into_iter().map(|(der, _)| der).collect();
        assert_eq!(found, wanted);
    }
}

#[test]
fn what_holds_nothing_and_what_is_cut_are_told_apart() {
    let words = |bytes: &[u8]| match open_pkcs7(bytes) {
        Err(Fault::Other { what, .. }) => what,
        other => panic!("{:?}", other.map(|opened| opened.certificates.len())),
    };
    assert!(words(&signed_data(&[], &[])).contains("holds no certificate"));
    assert!(words(&signed_data(&[tagged(0xa1, &[])], &[])).contains("holds no certificate"));
    assert!(words(&signed_data(&[vec![SEQUENCE, 9, 1]], &[])).contains("truncated"));
    assert!(words(&signed_data(&[tagged(SEQUENCE, &[])], &[vec![SEQUENCE, 9]])).contains("truncated"));
    let mut enveloped = signed_data(&[tagged(SEQUENCE, &[])], &[]);
    let place = enveloped
        .windows(9)
        .position(|part| part == SIGNED_DATA)
        .expect("it is there");
    enveloped[place + 8] = 3;
    assert!(is_pkcs7(&enveloped) && words(&enveloped).contains("enveloped"));
}
