//! A certificate in which every form stands that has words of its own, told whole.

use super::certificate;
use crate::decode::extensions::ownership::{assert_owned, errors, outline, root};
use crate::decode::reader::Reader;

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = match content.len() {
        short @ ..0x80 => vec![short as u8],
        long => [&[0x82][..], &(long as u16).to_be_bytes()].concat(),
    };
    [&[tag][..], &length, &content].concat()
}

/// An extension of id-ce (2.5.29), with whatever stands between its OID and its value.
fn extension(number: u8, critical: &[u8], value: &[u8]) -> Vec<u8> {
    der(0x30, &[&[6, 3, 0x55, 0x1d, number], critical, &der(4, &[value])])
}

/// Every form that has words of its own, once or twice.
fn everything() -> Vec<u8> {
    let part = |number: u8, text: &[u8]| der(0x30, &[&[6, 3, 0x55, 4, number], &der(12, &[text])]);
    let algorithm = der(
        0x30,
        &[&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 11], &[5, 0]],
    );
    let name = der(
        0x30,
        &[
            &der(0x31, &[&part(10, b"O"), &part(11, b"U")]),
            &der(0x31, &[&part(3, b"N")]),
            // BMPString and TeletexString.
            &der(
                0x31,
                &[&der(
                    0x30,
                    &[&[6, 3, 0x55, 4, 3], &der(0x1e, &[&[0, b'b', 0x20, 0xac]])],
                )],
            ),
            &der(
                0x31,
                &[&der(0x30, &[&[6, 3, 0x55, 4, 3], &der(0x14, &[&[b't', 0xe9]])])],
            ),
        ],
    );
    let other_name = der(0xa0, &[&[6, 2, 0x2a, 3], &der(0xa0, &[&der(12, &[b"o"])])]);
    let names = der(
        0x30,
        &[
            &other_name,
            &der(0x81, &[b"a@b"]),
            &der(0x82, &[b"c.d"]),
            &der(0xa4, &[&name]),
            &der(0x86, &[b"http://e"]),
            &der(0x87, &[&[192, 0, 2, 7]]),
            &der(0x87, &[&[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]]),
            &der(0x87, &[&[1, 2, 3, 4, 5]]),
            &der(0x88, &[&[0x2a, 3]]),
        ],
    );
    let authority = der(
        0x30,
        &[
            &der(0x80, &[&[1, 2]]),
            &der(0xa1, &[&der(0x82, &[b"i"])]),
            &der(0x82, &[&[9]]),
            &der(0x84, &[&[9]]),
        ],
    );
    let unknown = der(
        0x30,
        &[
            &[1, 1, 0],
            &[2, 8, 0x7f, 0, 0, 0, 0, 0, 0, 0],
            &[2, 9, 0, 0x80, 0, 0, 0, 0, 0, 0, 1],
            &[2, 1, 0x80],
            &[5, 0],
            &der(0x18, &[b"20500101000000Z"]),
            &der(0x17, &[b"1"]),
            &der(0x13, &[b"p"]),
            &der(0x16, &[b"i"]),
            &der(4, &[&[7]]),
            // Tags of the context alone: text where they hold text, else bytes.
            &der(0x82, &[b"d.e"]),
            &der(0x86, &[b"http://f"]),
            &der(0x82, &[&[9]]),
            &der(0x82, &["ß".as_bytes()]),
            &der(0x86, &[]),
            &der(0x1e, &[&[0, b'b']]),
            &der(0x14, &[&[0xe9]]),
            &der(0x12, &[b"12"]),
            &der(0x15, &[b"x"]),
            &der(0x19, &[b"r"]),
            &der(0x1a, &[b"v"]),
            &der(0x1a, &[&[0xff]]),
            &der(0x1b, &[b"s"]),
            &der(0x1c, &[&[0, 0, 0, b'u']]),
            &der(0x1c, &[&[0, 0, 0]]),
            &der(0x81, &[b"g"]),
        ],
    );
    let extensions = der(
        0x30,
        &[
            &extension(15, &[1, 1, 0xff], &[3, 3, 7, 0xff, 0x80]),
            &extension(15, &[1, 1, 0], &[3, 2, 1, 0x82]),
            &extension(14, &[], &[4, 2, 5, 6]),
            &extension(17, &[], &names),
            &extension(18, &[], &der(0x30, &[&der(0x82, &[b"x"])])),
            &extension(19, &[], &[0x30, 6, 1, 1, 0xff, 2, 1, 3]),
            &extension(19, &[], &[0x30, 0]),
            &extension(35, &[], &authority),
            &extension(
                37,
                &[],
                &der(
                    0x30,
                    &[
                        &[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1],
                        &[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2],
                    ],
                ),
            ),
            &extension(99, &[], &[&unknown[..], &[5, 0]].concat()),
        ],
    );
    let tbs = der(
        0x30,
        &[
            &[0xa0, 3, 2, 1, 2],
            &[2, 2, 1, 0x23],
            &algorithm,
            &name,
            &der(
                0x30,
                &[&der(0x17, &[b"500203040506Z"]), &der(0x17, &[b"491231235959Z"])],
            ),
            &der(0x30, &[]),
            &der(0x30, &[&algorithm, &[3, 3, 0, 0xaa, 0xbb]]),
            &[0x81, 2, 0, 4],
            &[0x82, 2, 0, 8],
            &der(0xa3, &[&extensions]),
        ],
    );
    der(0x30, &[&tbs, &algorithm, &[3, 3, 0, 0xcc, 0xdd]])
}

#[test]
fn every_form_is_told_in_its_words() {
    let bytes = everything();
    let mut reader = Reader::new(&bytes);
    certificate(&mut reader);
    let root = root(&bytes, reader);
    assert_owned(&root, bytes.len());
    assert_eq!(errors(&root), Vec::<String>::new());
    insta::assert_snapshot!(outline(&root));
}

#[test]
fn versions_are_counted_from_one() {
    for (number, wanted) in [(0, "v1 (0)"), (1, "v2 (1)"), (2, "v3 (2)"), (255, "v256 (255)")] {
        let bytes = der(0x30, &[&der(0x30, &[&[0xa0, 3, 2, 1, number]])]);
        let mut reader = Reader::new(&bytes);
        certificate(&mut reader);
        let root = root(&bytes, reader);
        assert_eq!(
            crate::decode::extensions::ownership::value(&root, &["version", "INTEGER"]),
            wanted
        );
    }
}
