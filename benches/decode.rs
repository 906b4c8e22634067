//! How long decoding, judging and surveying take, and how much memory they ask for.
//!
//! `cargo bench --bench decode`. The large capture is generated when it is first needed; with `MTLSCOPE_LARGE_CAPTURE` set
//! to a path it is written there and stays, with its key log beside it, to be given to other programs; beside it then lies
//! one of mutual handshakes alone, `…-mutual.pcap`.
#![allow(missing_docs, reason = "a bench")]

#[allow(dead_code, reason = "the bench uses a part")]
#[path = "../tests/support/traffic.rs"]
mod traffic;

use mtlscope::cancel::Cancel;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher, black_box};
use mtlscope::analysis::Analysis;
use mtlscope::capture::Capture;
use mtlscope::decode::decode;
use mtlscope::source::packets::{PacketIndex, key_log_beside};
use mtlscope::survey::Survey;

// What the program itself is built with.
#[global_allocator]
static ALLOCATOR: AllocProfiler<mimalloc::MiMalloc> = AllocProfiler::new(mimalloc::MiMalloc);

const CONNECTIONS: usize = 10_000;

/// The large capture, and the folder that goes away with it.
struct Large {
    path: PathBuf,
    bytes: u64,
    packets: u64,
    _folder: Option<tempfile::TempDir>,
}

static LARGE: LazyLock<Large> = LazyLock::new(|| {
    let (path, folder) = if let Some(path) = std::env::var_os("MTLSCOPE_LARGE_CAPTURE") {
        let path = PathBuf::from(path);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let mutual = path.with_file_name(format!("{stem}-mutual.pcap"));
        traffic::write_mutual(&mutual, CONNECTIONS).expect("the mutual capture is written");
        (path, None)
    } else {
        let folder = tempfile::tempdir().expect("a folder");
        (folder.path().join("large.pcap"), Some(folder))
    };
    let written = traffic::write(&path, CONNECTIONS).expect("the large capture is written");
    Large {
        path,
        bytes: written.bytes,
        packets: written.packets,
        _folder: folder,
    }
});

fn main() {
    // Made before anything is measured.
    println!(
        "{} connections, {} packets, {} bytes",
        CONNECTIONS, LARGE.packets, LARGE.bytes
    );
    divan::main();
}

fn wire_bytes(capture: &Capture) -> BytesCount {
    BytesCount::new(
        capture
            .segments
            .iter()
            .map(|segment| segment.bytes.len())
            .sum::<usize>(),
    )
}

/// One handshake, from bytes and secrets to records, messages and fields.
#[divan::bench(args = ["good-tls13", "good-tls12"])]
fn decode_handshake(bencher: Bencher<'_, '_>, id: &str) {
    let capture = traffic::handshake(id).expect("a handshake");
    bencher
        .counter(wire_bytes(&capture))
        .bench(|| decode(black_box(&capture)));
}

/// The same without its secrets. What this one lacks to the other is the key schedule, the opening of the records, and
/// the reading of what was in them.
#[divan::bench(args = ["good-tls13", "good-tls12"])]
fn decode_handshake_without_secrets(bencher: Bencher<'_, '_>, id: &str) {
    let mut capture = traffic::handshake(id).expect("a handshake");
    capture.secrets.clear();
    bencher
        .counter(wire_bytes(&capture))
        .bench(|| decode(black_box(&capture)));
}

/// One handshake decoded, judged and told: all that a window or the command line shows.
#[divan::bench(args = ["good-tls13", "good-tls12", "client-missing-intermediate", "everything-wrong"])]
fn analyse_handshake(bencher: Bencher<'_, '_>, id: &str) {
    let capture = Arc::new(traffic::handshake(id).expect("a handshake"));
    bencher.bench(|| Analysis::of(black_box(&capture).clone()));
}

/// The first pass over a large capture: which packets belong to which connection.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn index_packets(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(LARGE.bytes))
        .bench(|| PacketIndex::open(&LARGE.path, &Cancel::default(), &mut |_| {}).expect("an index"));
}

/// Both passes: the index, and a line for each connection, on all cores.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn survey_packets(bencher: Bencher<'_, '_>) {
    let (key_log, _) = key_log_beside(&LARGE.path);
    bencher.counter(ItemsCount::new(CONNECTIONS)).bench(|| {
        let index = PacketIndex::open(&LARGE.path, &Cancel::default(), &mut |_| {}).expect("an index");
        let survey = Survey::of(index, key_log.clone(), &Cancel::default(), &|_, _| {}).expect("a survey");
        assert_eq!(survey.rows.len(), CONNECTIONS, "every connection speaks TLS");
        survey
    });
}
