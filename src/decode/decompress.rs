//! Certificates that travelled compressed (RFC 8879 §4).

use std::io::Read;

/// The longest certificate message that is opened: what the handshake layer itself would carry is far below.
const LARGEST: usize = 1 << 20;

/// Decompresses; `Err` says why not. `declared` is the length that the message promises, and none beyond it is made.
pub(super) fn decompress(algorithm: u16, bytes: &[u8], declared: usize) -> Result<Vec<u8>, String> {
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

    use super::decompress;

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
