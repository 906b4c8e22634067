//! A stream cut into its records, so that every callback of a stack belongs to one.

/// Bytes that came, and are not handed on yet.
#[derive(Debug, Default)]
pub(super) struct Records {
    bytes: Vec<u8>,
}

/// Content types of TLS records (RFC 8446 §5.1), heartbeat included.
const CONTENT_TYPES: std::ops::RangeInclusive<u8> = 20..=24;

impl Records {
    /// Takes what came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole record; what does not begin as one, at once and all of it: a stack should see it and object.
    pub(super) fn next(&mut self) -> Option<Vec<u8>> {
        let first = self.bytes.first()?;
        if !CONTENT_TYPES.contains(first) {
            return Some(self.rest());
        }
        let high = usize::from(*self.bytes.get(3)?);
        let low = usize::from(*self.bytes.get(4)?);
        let length = 5 + (high << 8 | low);
        (self.bytes.len() >= length).then(|| self.bytes.drain(..length).collect())
    }

    /// What is left when nothing more will come.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_whole_and_what_is_none_comes_at_once() {
        let mut records = Records::default();
        records.push(&[22, 3, 3, 0, 2, 1]);
        assert_eq!(records.next(), None);
        records.push(&[2, 21, 3]);
        assert_eq!(records.next(), Some(vec![22, 3, 3, 0, 2, 1, 2]));
        assert_eq!(records.next(), None);
        assert_eq!(records.rest(), [21, 3]);
        records.push(b"HTTP/1.1 400");
        assert_eq!(records.next(), Some(b"HTTP/1.1 400".to_vec()));
        assert_eq!(records.next(), None);
    }

    /// Which first bytes begin a record: all others are handed on as they are.
    #[test]
    fn these_bytes_begin_a_record_and_no_others() {
        for first in 0..=u8::MAX {
            let mut records = Records::default();
            records.push(&[first, 3, 3, 0, 1, 7, 9]);
            let wanted: &[u8] = match first {
                20..=24 => &[first, 3, 3, 0, 1, 7],
                _ => &[first, 3, 3, 0, 1, 7, 9],
            };
            assert_eq!(records.next().as_deref(), Some(wanted), "{first}");
        }
        // A header that is not whole, and a body that is not, are waited for; one of no length is whole.
        let whole = [22, 3, 3, 1, 0].into_iter().chain([7; 256]).collect::<Vec<u8>>();
        for length in 0..whole.len() {
            let mut records = Records::default();
            records.push(&whole[..length]);
            assert_eq!(records.next(), None, "{length}");
            records.push(&whole[length..]);
            assert_eq!(records.next().as_ref(), Some(&whole), "{length}");
        }
        let mut records = Records::default();
        records.push(&[23, 3, 3, 0, 0, 23, 3, 3, 0, 0]);
        assert_eq!(records.next(), Some(vec![23, 3, 3, 0, 0]));
        assert_eq!(records.next(), Some(vec![23, 3, 3, 0, 0]));
        assert_eq!(records.next(), None);
    }
}
