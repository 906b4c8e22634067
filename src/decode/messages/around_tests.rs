//! PROXY headers field by field: every family, with addresses that just fit and that do not, and every value behind them.

use super::proxy_header;
use crate::decode::extensions::ownership::{assert_owned, outline};
use crate::preamble::proxy::{Header, SIGNATURE};

/// What the fields of a header of version 2 say, whole.
fn told(command: u8, family: u8, body: &[u8]) -> String {
    let bytes = [
        &SIGNATURE[..],
        &[0x20 | command, family],
        &(body.len() as u16).to_be_bytes(),
        body,
    ]
    .concat();
    let header = Header::read(&bytes).expect("a header");
    assert_eq!(header.length, bytes.len());
    let (root, _) = proxy_header(&bytes, header);
    assert_owned(&root, bytes.len());
    let lines = outline(&root);
    let own = lines.split_once("family: ").map(|(_, own)| own);
    own.unwrap_or(&lines).to_owned()
}

#[test]
fn addresses_that_just_fit_are_shown_and_others_are_not() {
    let v4 = [192, 0, 2, 7, 198, 51, 100, 1, 0xdc, 4, 1, 0xbb];
    let v6 = [&[0x20, 1][..], &[0; 29], &[1, 0, 1, 0, 2]].concat();
    let mut unix = [0; 216];
    unix[..4].copy_from_slice(b"/a/b");
    unix[108..111].copy_from_slice(b"/cd");
    let all = [
        told(1, 0x11, &v4),
        told(1, 0x12, &v4[..8]),
        told(1, 0x11, &v4[..7]),
        told(1, 0x21, &v6),
        told(1, 0x22, &v6[..31]),
        told(1, 0x31, &unix),
        told(1, 0x32, &unix[..215]),
        told(0, 0, &[]),
        told(2, 0x44, &[]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn what_comes_after_the_addresses_is_named() {
    let v4 = [192, 0, 2, 7, 198, 51, 100, 1, 0xdc, 4, 1, 0xbb];
    let one = |kind: u8, value: &[u8]| [&[kind, 0, value.len() as u8], value].concat();
    let tls = |client: u8, verify: u8| {
        one(
            0x20,
            &[
                &[client, 0, 0, 0, verify][..],
                &one(0x21, b"TLSv1.3"),
                &one(0x22, b"me"),
                &one(0x23, b"c"),
                &one(0x24, b"s"),
                &one(0x25, b"k"),
            ]
            .concat(),
        )
    };
    let body = [
        &v4[..],
        &one(1, b"h2"),
        &one(2, b"example.org"),
        &one(3, &[1, 2, 3, 4]),
        &one(4, &[]),
        &one(5, &[9]),
        &one(0x30, b"ns"),
        &one(0xee, b"x y"),
        &tls(5, 0),
        &one(0x20, &[3, 0, 0, 0, 1]),
        &one(0x20, &[1, 0, 0, 0, 0]),
        &one(0x20, &[0, 0, 0, 0, 1]),
        &one(0x20, &[1, 2, 3, 4]),
    ]
    .concat();
    insta::assert_snapshot!(told(1, 0x11, &body));
}
