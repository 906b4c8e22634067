//! Lists of several entries, of unequal lengths: each entry is read to its own end, and the next one begins there.

use super::Place;
use super::ownership::outline;
use super::tests::right;

/// What an extension's bytes say, whole.
fn told(number: u16, place: Place, body: &[u8]) -> String {
    let field = right(number, body, place);
    format!("{}\n{}", field.value, outline(&field))
}

fn vector(parts: &[&[u8]]) -> Vec<u8> {
    let all = parts.concat();
    [&(all.len() as u16).to_be_bytes()[..], &all].concat()
}

#[test]
fn identities_and_binders() {
    let identities = vector(&[
        &[0, 3, 1, 2, 3, 0, 0, 0, 9],
        &[0, 1, 7, 0, 0, 1, 0],
        &[0, 0, 0, 0, 0, 0],
    ]);
    let binders = vector(&[&[2, 4, 5], &[1, 6], &[0]]);
    let told = told(41, Place::ClientHello, &[identities, binders].concat());
    insta::assert_snapshot!(told);
}

#[test]
fn shares() {
    let list = vector(&[&[0, 29, 0, 2, 1, 2], &[0, 23, 0, 1, 3], &[0x0a, 0x0a, 0, 1, 0]]);
    let all = [
        told(51, Place::ClientHello, &list),
        told(51, Place::ServerHello, &[0, 24, 0, 3, 1, 2, 3]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn filters_and_authorities() {
    let list = vector(&[
        &[5, 6, 3, 0x55, 0x1d, 0x25, 0, 2, 1, 2],
        &[4, 6, 2, 0x2b, 6, 0, 0],
    ]);
    let filters = told(48, Place::CertificateRequest, &list);
    let name = |letter: u8| vector(&[&[0x30, 12, 0x31, 10, 0x30, 8, 6, 3, 0x55, 4, 3, 12, 1, letter]]);
    let list = vector(&[&name(b'a'), &name(b'b')]);
    insta::assert_snapshot!(filters + "\n" + &told(47, Place::CertificateRequest, &list));
}

#[test]
fn promises_of_logs() {
    let one = vector(&[&[0, 3], &[9]]);
    let other = vector(&[
        &[0x01, 0x06, 2, 0x2b, 1],
        &7u64.to_be_bytes(),
        &8u64.to_be_bytes(),
        &vector(&[&[1, 5], &[2, 6, 7]]),
    ]);
    let list = vector(&[&one, &other]);
    insta::assert_snapshot!(told(52, Place::CertificateEntry, &list));
}

#[test]
fn names_and_versions_and_algorithms() {
    let names = vector(&[&[2, b'h', b'2'], &[8], b"http/1.1"]);
    let records = [
        &[0, 0][..],
        &[1, b'a', 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4],
        &[1, b'b', 1, b'c', 0, 0, 52, 0, 1, 0, 0, 1, 0, 0, 2, 3, 5],
    ];
    let all = [
        told(16, Place::ClientHello, &names),
        told(43, Place::ClientHello, &[4, 3, 4, 3, 3]),
        told(10, Place::ClientHello, &vector(&[&[0, 29, 0, 23]])),
        told(13, Place::ClientHello, &vector(&[&[4, 3, 8, 4]])),
        told(59, Place::EncryptedExtensions, &records.concat()),
    ];
    insta::assert_snapshot!(all.join("\n"));
}
