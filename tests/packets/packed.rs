//! Packed packet captures, and those that come through a pipe, tell what the plain file tells.

use std::io::Read;
use std::path::Path;

use crate::support;
use mtlscope::cancel::Cancel;
use mtlscope::source::packets::{PacketIndex, PacketsError};
use support::packets::{Ends, PacketFile, gzip, zstandard};
use support::window::session;

/// Three times the same refused connection, from other ports.
fn plain() -> Vec<u8> {
    let capture = mtlscope::session::load(&session("root-rotated"))
        .expect("a session")
        .capture;
    let mut file = PacketFile::new();
    for port in [40_001, 40_002, 40_003] {
        let ends = Ends {
            client: (1, port),
            server: (2, 8443),
            at_us: 1_795_510_800_000_000 + u64::from(port),
        };
        file.connection(&capture, ends);
    }
    file.bytes().to_vec()
}

/// A frame of Zstandard that is to be skipped.
fn skippable() -> Vec<u8> {
    [&[0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0][..], b"12345"].concat()
}

fn opened(bytes: &[u8]) -> Result<PacketIndex, PacketsError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.pcap.gz");
    std::fs::write(&path, bytes).expect("written");
    PacketIndex::open(&path, &Cancel::default(), &mut |_| {})
}

/// Hands out a few bytes at a time, as a pipe may.
struct Trickle(std::io::Cursor<Vec<u8>>);

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(7);
        self.0.read(&mut buffer[..most])
    }
}

/// What is said of every connection, with the bytes that travelled.
fn told(index: &PacketIndex) -> String {
    let captures: Vec<_> = index
        .connections
        .iter()
        .map(|connection| index.capture(connection).expect("read again"))
        .collect();
    format!("{} {captures:?}", index.packets)
}

#[test]
fn a_packed_file_and_a_pipe_tell_what_the_plain_file_tells() {
    let plain = plain();
    let wanted = told(&opened(&plain).expect("plain"));
    let (left, right) = plain.split_at(plain.len() / 2 + 3);
    for (what, bytes) in [
        ("plain", plain.clone()),
        ("gzip", gzip(&plain)),
        ("gzip in two members", [gzip(left), gzip(right)].concat()),
        ("zstd", zstandard(&plain)),
        (
            "zstd in two frames, with others to be skipped",
            [
                skippable(),
                zstandard(left),
                skippable(),
                zstandard(right),
                skippable(),
            ]
            .concat(),
        ),
    ] {
        let index = opened(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(told(&index), wanted, "{what}");
        let size = (what != "plain").then_some(plain.len() as u64);
        assert_eq!(index.unpacked_bytes, size, "{what}");
        assert!(index.remarks.is_empty(), "{what}: {:?}", index.remarks);
        let piped = PacketIndex::of_stream(
            "standard input",
            Trickle(std::io::Cursor::new(bytes)),
            &Cancel::default(),
            &mut |_| {},
        )
        .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(told(&piped), wanted, "{what} through a pipe");
        assert!(piped.remarks.is_empty(), "{what}: {:?}", piped.remarks);
        assert_eq!(piped.path, Path::new("standard input"));
    }
}

#[test]
fn of_a_cut_file_the_rest_is_told_and_the_cut_is_said() {
    let plain = plain();
    for packed in [gzip(&plain), zstandard(&plain)] {
        // At the edges everywhere, and between them here and there.
        let edges = (4..40).chain(packed.len() - 20..packed.len());
        for left in edges.chain((40..packed.len() - 20).step_by(packed.len() / 40)) {
            match opened(&packed[..left]) {
                Ok(index) => assert!(
                    index.remarks.iter().any(|remark| remark.contains("is cut")),
                    "{left} of {}: {:?}",
                    packed.len(),
                    index.remarks
                ),
                Err(error) => {
                    let words = error.to_string();
                    let is_early = words.contains("nothing comes out")
                        || words.contains("no packet capture")
                        || words.contains("header is damaged");
                    assert!(is_early, "{left}: {words}");
                }
            }
        }
    }
    // Cut in the second member: the first is whole.
    let (first, second) = plain.split_at(plain.len() / 2);
    let two = [gzip(first), gzip(second)].concat();
    let index = opened(&two[..gzip(first).len() + 40]).expect("the first half");
    assert!(index.packets > 0);
}

#[test]
fn a_damaged_file_is_said_to_be_damaged() {
    let plain = plain();
    for packed in [gzip(&plain), zstandard(&plain)] {
        for at in (20..packed.len()).step_by(packed.len() / 50) {
            let mut bytes = packed.clone();
            bytes[at] ^= 0x55;
            if let Ok(index) = opened(&bytes) {
                assert!(!index.remarks.is_empty(), "the damage at {at} was not seen");
            }
        }
    }
    // What follows the last member is none.
    let index = opened(&[gzip(&plain), b"more".to_vec()].concat()).expect("read");
    assert!(
        index
            .remarks
            .iter()
            .any(|remark| remark.contains("is cut") || remark.contains("is damaged")),
        "{:?}",
        index.remarks
    );
}

#[test]
fn what_is_no_packet_capture_inside_is_refused() {
    for bytes in [
        gzip(b"Dear reader"),
        zstandard(b"Dear reader"),
        gzip(&gzip(&plain())),
    ] {
        let words = opened(&bytes).expect_err("refused").to_string();
        assert!(words.contains("no packet capture"), "{words}");
    }
    for bytes in [gzip(b""), zstandard(b"")] {
        let words = opened(&bytes).expect_err("refused").to_string();
        assert!(words.contains("nothing comes out of it"), "{words}");
    }
}
