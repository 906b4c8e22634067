//! Connections of a file that changes while it is read, and the buffers that they are printed from.

use super::*;
use crate::capture::Capture;

/// A pcap file with so many connections, each a recorded handshake.
fn pcap(connections: u16) -> Vec<u8> {
    let text = include_str!("../../../tests/fixtures/sessions/good-tls13.ron");
    let capture = Capture::clone(&crate::session::parse(text, "good").expect("a session").capture);
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes.extend(262_144u32.to_le_bytes());
    bytes.extend(1u32.to_le_bytes());
    for port in 40_001..=40_000 + connections {
        let mut next = [1u32, 1];
        for segment in &capture.segments {
            for part in segment.bytes.chunks(1400) {
                let (from, to, at) = match segment.from {
                    Side::Client => ((1, port), (2, 443), 0),
                    Side::Server => ((2, 443), (1, port), 1),
                };
                let mut data = Vec::new();
                etherparse::PacketBuilder::ethernet2([2, 0, 0, 0, 0, from.0], [2, 0, 0, 0, 0, to.0])
                    .ipv4([10, 0, 0, from.0], [10, 0, 0, to.0], 64)
                    .tcp(from.1, to.1, next[at], 64_000)
                    .ack(1)
                    .psh()
                    .write(&mut data, part)
                    .expect("a packet");
                next[at] = next[at].wrapping_add(part.len() as u32);
                for number in [1, 0, data.len() as u32, data.len() as u32] {
                    bytes.extend(number.to_le_bytes());
                }
                bytes.extend(data);
            }
        }
    }
    bytes
}

/// Does something with a file of so many connections, which `cut` may have shortened since it was indexed.
fn with_work<T>(connections: u16, format: Format, cut: Option<u64>, check: impl Fn(&Work<'_>) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    let bytes = pcap(connections);
    std::fs::write(&path, &bytes).expect("written");
    let index = PacketIndex::open(&path, &Cancel::default(), &mut |_| {}).expect("it opens");
    assert_eq!(index.connections.len(), usize::from(connections));
    if let Some(cut) = cut {
        let file = std::fs::File::options().write(true).open(&path).expect("opened");
        file.set_len(bytes.len() as u64 * cut / 100).expect("set");
    }
    let arguments = ShowArguments::of(path.clone(), format);
    let overlay = Overlay::read(&arguments).expect("no flags");
    let secrets = KeyLog::default();
    check(&Work {
        index: &index,
        secrets: &secrets,
        sources: &[],
        overlay: &overlay,
        notes: &[],
        arguments: &arguments,
        spare: Mutex::default(),
    })
}

/// What was read before the file was cut is told, and why there is no more.
#[test]
fn a_file_that_is_cut_meanwhile_is_told_as_far_as_it_goes() {
    for (cut, told_of, fails) in [(None, 3, false), (Some(50), 1, true), (Some(1), 0, true)] {
        for format in [Format::Json, Format::Text] {
            let (rows, words, failed) = with_work(3, format, cut, |work| {
                let told = work.tell(work.index.connections.iter());
                (told.rows.len(), told.words, told.failed)
            });
            assert_eq!((rows, failed.is_some()), (told_of, fails), "{cut:?}");
            let text = String::from_utf8(words).expect("text");
            let starts = match format {
                Format::Json => text.matches("\"schema\":\"mtlscope.analysis/1\"").count(),
                Format::Text => text.matches("How it went").count(),
            };
            assert_eq!(starts, told_of, "{cut:?}: {text}");
            if format == Format::Json {
                let list = format!("[{text}]");
                let list: serde_json::Value = serde_json::from_str(&list).expect("a list");
                assert_eq!(list.as_array().map(Vec::len), Some(told_of));
            }
        }
    }
    // The first thing that goes wrong is the command's own end, and nothing was printed before it.
    let refused = with_work(1, Format::Text, Some(1), |work| work.run(None).map(|_| ()));
    let Unusable(words) = refused.expect_err("it is cut");
    assert!(words.contains("a.pcap: "), "{words}");
}

/// A buffer is used again, empty, unless one long connection has made it large.
#[test]
fn only_small_buffers_are_kept() {
    with_work(1, Format::Text, None, |work| {
        for (capacity, is_kept) in [
            (0, true),
            (100, true),
            (LARGEST_SPARE_BYTES, true),
            (LARGEST_SPARE_BYTES + 1, false),
        ] {
            let mut buffer = Vec::with_capacity(capacity);
            buffer.resize(capacity.min(7), 1);
            assert_eq!(buffer.capacity(), capacity);
            work.give_back(buffer);
            let kept = work.lock().pop();
            assert_eq!(
                kept.map(|kept| (kept.len(), kept.capacity())),
                is_kept.then_some((0, capacity))
            );
        }
    });
}
