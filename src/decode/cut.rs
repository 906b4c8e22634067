//! Where a record begins and ends, and which bytes of it a message is made of (RFC 8446 §5.1).

use super::messages;
use crate::capture::{Alteration, Segment};

/// What the wire did, where it delivered a record twice.
pub(super) const REPEATED: &str = "delivered a second time by the wire";

/// The largest payload that a record may carry: TLS 1.2's, with its overhead (RFC 5246 §6.2.3).
const LARGEST_PAYLOAD: usize = (1 << 14) + 2048;

/// A known content type and a version that TLS has had (RFC 8446 §5.1); a shorter start is given the benefit.
pub(super) fn begins_record(bytes: &[u8]) -> bool {
    let is_type = bytes.first().is_some_and(|kind| (20..=24).contains(kind));
    let is_version =
        bytes.get(1).is_none_or(|major| *major == 3) && bytes.get(2).is_none_or(|minor| *minor <= 4);
    let is_length = record_length(bytes).is_none_or(|length| length <= 5 + LARGEST_PAYLOAD);
    is_type && is_version && is_length
}

pub(super) fn record_length(bytes: &[u8]) -> Option<usize> {
    let [high, low] = *bytes.get(3..5)? else {
        return None;
    };
    Some(5 + usize::from(u16::from_be_bytes([high, low])))
}

fn changed_words(sent: &[u8], got: &[u8]) -> String {
    let changed = sent.iter().zip(got).filter(|(a, b)| a != b).count();
    match changed {
        1 => "one byte was changed on the wire".to_owned(),
        count => format!("{count} bytes were changed on the wire"),
    }
}

/// What the wire did to a segment, in words; and what was sent, where it never arrived.
pub(super) fn alteration_words(segment: &Segment) -> (Option<String>, Option<&[u8]>) {
    match &segment.altered {
        None | Some(Alteration::Missing { .. }) => (None, None),
        Some(Alteration::Changed { sent }) => (Some(changed_words(sent, &segment.bytes)), None),
        Some(Alteration::Repeated) => (Some(REPEATED.to_owned()), None),
        Some(Alteration::Injected) => (
            Some("put on the wire by somebody else than the TLS stack".to_owned()),
            None,
        ),
        Some(Alteration::Cut { sent }) => (
            Some(format!(
                "cut off by the wire after {} of {} bytes",
                segment.bytes.len(),
                sent.len()
            )),
            None,
        ),
        Some(Alteration::Dropped { sent }) => (Some("swallowed by the wire".to_owned()), Some(sent)),
        Some(Alteration::Stalled { sent }) => (Some("held back by the wire for ever".to_owned()), Some(sent)),
    }
}

/// Whether a record that no key is known for is encrypted none the less, because the recording began after the handshake: an
/// alert in the clear has two bytes, and a handshake message a type that there is. `has_begun`: its sender's handshake was seen.
pub(super) fn is_sealed(content_type: u8, payload: &[u8], has_begun: bool) -> bool {
    match content_type {
        21 => payload.len() != 2,
        22 => !has_begun && !messages::begins_handshake(payload),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_begins_with_a_type_a_version_and_a_length_that_there_are() {
        let begins = |kind: u8, version: [u8; 2], length: usize| {
            let [high, low] = (length as u16).to_be_bytes();
            begins_record(&[kind, version[0], version[1], high, low])
        };
        for kind in 0..=u8::MAX {
            assert_eq!(begins(kind, [3, 3], 1), (20..=24).contains(&kind), "type {kind}");
        }
        for minor in 0..=u8::MAX {
            assert_eq!(begins(22, [3, minor], 1), minor <= 4, "version 3.{minor}");
        }
        assert!(!begins(22, [2, 3], 1) && !begins(22, [4, 3], 1));
        for (length, is_one) in [(0, true), (18_432, true), (18_433, false), (65_535, false)] {
            assert_eq!(begins(23, [3, 3], length), is_one, "{length} bytes");
        }
        // What has not come yet is given the benefit.
        assert!(begins_record(&[22]) && begins_record(&[22, 3, 3, 255]));
        assert!(!begins_record(&[]));
    }

    #[test]
    fn an_alert_in_the_clear_has_two_bytes_and_a_handshake_message_a_type() {
        for (kind, payload, has_begun, is_shut) in [
            (21, &[1, 0][..], false, false),
            (21, &[1], false, true),
            (21, &[1, 0, 0], false, true),
            (21, &[7; 26], true, true),
            (22, &[1, 0, 0, 2, 3, 3], false, false),
            (22, &[0xa5; 40], false, true),
            // A message that goes on in the next record begins with anything.
            (22, &[0xa5; 40], true, false),
            (20, &[1], false, false),
            (23, &[0xa5; 40], false, false),
        ] {
            assert_eq!(
                is_sealed(kind, payload, has_begun),
                is_shut,
                "{kind} of {} bytes, begun {has_begun}",
                payload.len()
            );
        }
    }
}
