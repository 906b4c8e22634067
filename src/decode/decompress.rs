//! Certificates that travelled compressed (RFC 8879 §4).

use std::io::Read;

use super::engine::Engine;
use super::{Body, Buffer, BufferId, BufferKind, Field, messages};

/// The longest certificate message that is opened: what the handshake layer itself would carry is far below.
const LARGEST: usize = 1 << 20;

impl Engine<'_> {
    /// Opens a CompressedCertificate: its content gets a buffer and fields of its own (RFC 8879 §4).
    pub(super) fn decompress(&mut self, bytes: &[u8], root: &mut Field, body: &mut Body) {
        let (Some(algorithm), Some(declared)) = (bytes.get(4..6), bytes.get(6..9)) else {
            return;
        };
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte))
        };
        let compressed = bytes.get(12..).unwrap_or_default();
        let declared = number(declared);
        if declared > self.grown {
            root.error = Some("more was decompressed in this connection than is opened here".to_owned());
            return;
        }
        match decompress(number(algorithm) as u16, compressed, declared) {
            Ok(opened) => {
                self.grown -= opened.len();
                let buffer = BufferId(self.out.buffers.len());
                let (mut field, mut inner) = messages::decompressed_certificate(&opened, &mut self.room);
                field.place_in(buffer);
                root.children.push(field);
                if let Body::Certificate(message) = &mut inner {
                    message.buffer = Some(buffer);
                }
                *body = inner;
                self.out.buffers.push(Buffer {
                    kind: BufferKind::Decompressed {
                        message: self.out.messages.len(),
                    },
                    bytes: opened,
                });
            }
            Err(why) => root.error = Some(why),
        }
    }
}

/// Decompresses; `Err` says why not. `declared` is the length that the message promises, and none beyond it is made.
fn decompress(algorithm: u16, bytes: &[u8], declared: usize) -> Result<Vec<u8>, String> {
    if declared > LARGEST {
        return Err(format!(
            "it says that it grows to {}, more than is opened here",
            super::words::size(declared)
        ));
    }
    // One byte more than promised is asked for, so that a longer one is seen to be longer.
    let limit = declared as u64 + 1;
    let mut out = Vec::new();
    let read = match algorithm {
        1 => flate2::read::ZlibDecoder::new(bytes)
            .take(limit)
            .read_to_end(&mut out),
        2 => brotli_decompressor::Decompressor::new(bytes, 4096)
            .take(limit)
            .read_to_end(&mut out),
        3 => ruzstd::decoding::StreamingDecoder::new(bytes)
            .map_err(std::io::Error::other)
            .and_then(|decoder| decoder.take(limit).read_to_end(&mut out)),
        other => return Err(format!("compression algorithm {other} is not known")),
    };
    read.map_err(|error| format!("it does not decompress: {error}"))?;
    if out.len() == declared {
        Ok(out)
    } else {
        Err(format!(
            "it says that it grows to {}, and does not",
            super::words::size(declared)
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{LARGEST, decompress};

    /// `length` bytes, compressed.
    fn zeros(length: usize) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; length]).expect("a vector");
        encoder.finish().expect("a vector")
    }

    #[test]
    fn the_largest_is_opened_and_one_byte_more_is_not() {
        let opened = decompress(1, &zeros(LARGEST), LARGEST);
        assert_eq!(opened.map(|bytes| bytes.len()), Ok(LARGEST));
        let refused = decompress(1, &zeros(LARGEST + 1), LARGEST + 1);
        assert!(refused.is_err_and(|why| why.contains("more than is opened here")));
        assert_eq!(decompress(1, &zeros(0), 0), Ok(Vec::new()));
    }

    #[test]
    fn what_was_compressed_comes_back_and_no_byte_more() {
        let plain = b"certificate ".repeat(100);
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&plain).expect("a vector");
        let small = encoder.finish().expect("a vector");
        assert_eq!(decompress(1, &small, plain.len()), Ok(plain.clone()));
        assert!(
            decompress(1, &small, plain.len() - 1).is_err(),
            "longer than promised"
        );
        assert!(
            decompress(1, &small, plain.len() + 1).is_err(),
            "shorter than promised"
        );
        assert!(decompress(1, &small, usize::MAX).is_err(), "no bomb");
        for algorithm in 0..5 {
            assert!(decompress(algorithm, b"nonsense", 8).is_err(), "{algorithm}");
        }
    }
}
