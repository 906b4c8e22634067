//! OpenVPN's control channel: packets that are numbered, confirmed and repeated until they are, so that TLS can run over UDP
//! (OpenVPN's `ssl_pkt.h` and `reliable.h`, and its wire protocol document).

use super::{u16_at, u32_at};

/// What a control packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// The client begins a session.
    HardResetClient,
    /// The server takes it up.
    HardResetServer,
    /// Either side makes new keys.
    SoftReset,
    /// A piece of what TLS says.
    Control,
    /// Nothing but confirmations.
    Acknowledge,
}

/// How control packets are wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// In the clear; with tls-auth each bears an HMAC of so many bytes, else of none.
    Clear {
        /// The HMAC's length.
        hmac_bytes: usize,
    },
    /// Encrypted with a static key: tls-crypt, or tls-crypt-v2.
    Encrypted,
}

/// The lengths of the digests that `--auth` knows, the shortest first.
const HMACS: [usize; 7] = [0, 16, 20, 28, 32, 48, 64];
/// Packet numbers that a sender begins with; a server that keeps no state begins at the second.
const FIRST_NUMBERS: [std::ops::RangeInclusive<u32>; 2] = [1..=0xffff, 0x0f00_0000..=0x0f00_ffff];

/// A control packet in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// What it is for.
    pub opcode: Opcode,
    /// Which of the session's keys are being made.
    pub key_id: u8,
    /// The sender's session.
    pub session: &'a [u8],
    /// Its place in what the sender says; a mere acknowledgement has none.
    pub number: Option<u32>,
    /// How many packets of the peer it confirms.
    pub acknowledged: usize,
    /// A piece of the sender's TLS records.
    pub payload: &'a [u8],
}

fn opcode(byte: u8) -> Option<Opcode> {
    Some(match byte >> 3 {
        1 | 7 => Opcode::HardResetClient,
        2 | 8 => Opcode::HardResetServer,
        3 => Opcode::SoftReset,
        4 => Opcode::Control,
        5 => Opcode::Acknowledge,
        // 10 and 11 are tls-crypt-v2's, 6 and 9 are data.
        _ => return None,
    })
}

impl<'a> Packet<'a> {
    /// Reads a packet whose HMAC, if it has one, is so long.
    pub fn read(bytes: &'a [u8], hmac_bytes: usize) -> Option<Self> {
        let first = *bytes.first()?;
        let opcode = opcode(first)?;
        let session = bytes.get(1..9)?;
        // tls-auth: the HMAC, a number against replays, and the time.
        let mut at = if hmac_bytes == 0 { 9 } else { 9 + hmac_bytes + 8 };
        let acknowledged = usize::from(*bytes.get(at)?);
        at += 1 + 4 * acknowledged;
        // Whose session they are of.
        at += if acknowledged > 0 { 8 } else { 0 };
        let number = if opcode == Opcode::Acknowledge {
            None
        } else {
            at += 4;
            Some(u32_at(bytes, at - 4)?)
        };
        // No sender confirms more in one packet.
        (acknowledged <= 8).then_some(Self {
            opcode,
            key_id: first & 7,
            session,
            number,
            acknowledged,
            payload: bytes.get(at..)?,
        })
    }
}

/// Whether a packet begins an OpenVPN session, or TLS in one, and how it is wrapped. Nothing but its own bytes tells: a reset
/// in the clear has one form of one length for each HMAC, and TLS begins with a hello.
pub fn recognise(bytes: &[u8]) -> Option<Wrapping> {
    let first = *bytes.first()?;
    if !matches!(first >> 3, 1 | 2 | 4 | 7 | 8 | 10) {
        return None;
    }
    let is_first = |number: u32| FIRST_NUMBERS.iter().any(|range| range.contains(&number));
    let clear = HMACS.into_iter().find(|hmac_bytes| {
        let Some(packet) = Packet::read(bytes, *hmac_bytes) else {
            return false;
        };
        let is_numbered = *hmac_bytes == 0 || u32_at(bytes, 9 + hmac_bytes).is_some_and(is_first);
        let is_one = match packet.opcode {
            Opcode::HardResetClient => packet.acknowledged == 0 && begins(&packet),
            Opcode::HardResetServer => packet.acknowledged > 0 && begins(&packet),
            Opcode::Control => begins_hello(packet.payload),
            Opcode::SoftReset | Opcode::Acknowledge => false,
        };
        is_numbered && is_one && packet.session.iter().any(|byte| *byte != 0)
    });
    if let Some(hmac_bytes) = clear {
        return Some(Wrapping::Clear { hmac_bytes });
    }
    // tls-crypt: number and time, an HMAC of 32 bytes, and a reset's five encrypted; its answer confirms one packet. Version 2
    // appends the client's key, which is wrapped in another.
    let is_long_enough = match first >> 3 {
        7 => bytes.len() == 54,
        8 => bytes.len() == 66,
        10 => bytes.len() > 54 + 256,
        _ => false,
    };
    (is_long_enough && first.trailing_zeros() >= 3 && u32_at(bytes, 9).is_some_and(is_first))
        .then_some(Wrapping::Encrypted)
}

fn begins(packet: &Packet<'_>) -> bool {
    packet.key_id == 0 && packet.number == Some(0) && packet.payload.is_empty()
}

/// A record of a client's or a server's hello (RFC 8446 §5.1).
fn begins_hello(payload: &[u8]) -> bool {
    matches!(payload, [22, 3, 0..=4, _, _, 1 | 2, 0, ..])
}

/// Whether a client's first bytes over TCP are OpenVPN's: a packet behind its length that [`recognise`] knows.
pub fn begins_stream(bytes: &[u8]) -> bool {
    packet_in_stream(bytes).is_some_and(|packet| {
        packet
            .first()
            .is_some_and(|first| matches!(first >> 3, 1 | 7 | 10))
            && recognise(packet).is_some()
    })
}

/// The first packet of a stream, once it is whole; the next one begins two bytes after its length.
pub fn packet_in_stream(bytes: &[u8]) -> Option<&[u8]> {
    let length = usize::from(u16_at(bytes, 0)?);
    bytes.get(2..2 + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reset(first: u8, hmac: usize, acknowledged: bool) -> Vec<u8> {
        let mut out = vec![first];
        out.extend([7; 8]);
        if hmac > 0 {
            out.extend(vec![0xa5; hmac]);
            out.extend([0, 0, 0, 1, 0x6b, 9, 0x59, 0xea]);
        }
        if acknowledged {
            out.extend([1, 0, 0, 0, 0]);
            out.extend([8; 8]);
        } else {
            out.push(0);
        }
        out.extend([0; 4]);
        out
    }

    /// tls-crypt's packets have one length each; version 2 appends a wrapped key, which is longer than its own 256 bytes.
    #[test]
    fn what_is_encrypted_is_known_by_its_length() {
        let packet = |opcode: u8, length: usize, number: u32| {
            let mut out = vec![0x5a; length];
            out[0] = opcode << 3;
            out[9..13].copy_from_slice(&number.to_be_bytes());
            out
        };
        for (opcode, length, number, wanted) in [
            (7, 54, 1, true),
            (7, 53, 1, false),
            (7, 55, 1, false),
            (8, 66, 1, true),
            (8, 65, 1, false),
            (8, 54, 1, false),
            (10, 54 + 256, 1, false),
            (10, 54 + 257, 1, true),
            (10, 900, 1, true),
            (7, 54, 0, false),
            (7, 54, 0xffff, true),
            (7, 54, 0x1_0000, false),
            (7, 54, 0x0f00_0001, true),
        ] {
            let found = recognise(&packet(opcode, length, number));
            assert_eq!(
                found,
                wanted.then_some(Wrapping::Encrypted),
                "{opcode} {length} {number}"
            );
        }
        let mut keyed = packet(7, 54, 1);
        keyed[0] |= 1;
        assert_eq!(recognise(&keyed), None, "another key than the first");
    }

    /// A session of nothing but zeros is none.
    #[test]
    fn a_session_has_a_number() {
        let mut packet = reset(7 << 3, 0, false);
        assert_eq!(recognise(&packet), Some(Wrapping::Clear { hmac_bytes: 0 }));
        packet[1..9].fill(0);
        assert_eq!(recognise(&packet), None);
        packet[8] = 1;
        assert_eq!(recognise(&packet), Some(Wrapping::Clear { hmac_bytes: 0 }));
    }

    #[test]
    fn resets_are_known_by_their_form_with_every_hmac() {
        for hmac_bytes in HMACS {
            let clear = Some(Wrapping::Clear { hmac_bytes });
            assert_eq!(recognise(&reset(0x38, hmac_bytes, false)), clear);
            assert_eq!(recognise(&reset(0x40, hmac_bytes, true)), clear);
            let mut long = reset(0x38, hmac_bytes, false);
            long.push(0);
            assert_eq!(recognise(&long), None, "{hmac_bytes}, and one byte more");
            long.truncate(long.len() - 2);
            assert_ne!(recognise(&long), clear, "{hmac_bytes}, and one byte less");
        }
        assert_eq!(recognise(&reset(0x30, 0, false)), None, "data");
        assert_eq!(
            recognise(&reset(0x39, 0, false)),
            None,
            "a session begins with key 0"
        );
    }

    #[test]
    fn an_encrypted_reset_bears_its_number_first() {
        let mut packet = vec![0x38];
        packet.extend([7; 8]);
        packet.extend([0, 0, 0, 1, 0x6b, 9, 0x59, 0xea]);
        packet.extend([0xa5; 37]);
        assert_eq!(recognise(&packet), Some(Wrapping::Encrypted));
        assert_eq!(recognise(&packet[..53]), None);
        packet[9] = 0xa5;
        assert_eq!(recognise(&packet), None, "its number is none");
    }

    #[test]
    fn control_packets_are_read_with_what_they_confirm() {
        let mut packet = vec![0x21];
        packet.extend([7; 8]);
        packet.extend([2, 0, 0, 0, 1, 0, 0, 0, 2]);
        packet.extend([8; 8]);
        packet.extend([0, 0, 0, 3, 22, 3, 1, 0, 9, 1, 0]);
        let read = Packet::read(&packet, 0).expect("a control packet");
        assert_eq!(
            (read.opcode, read.key_id, read.number),
            (Opcode::Control, 1, Some(3))
        );
        assert_eq!(
            (read.acknowledged, read.payload),
            (2, &[22, 3, 1, 0, 9, 1, 0][..])
        );
        assert_eq!(recognise(&packet), Some(Wrapping::Clear { hmac_bytes: 0 }));
        for length in 0..30 {
            assert_eq!(Packet::read(&packet[..length], 0), None, "{length}");
        }
        packet[9] = 9;
        assert_eq!(Packet::read(&packet, 0), None, "nobody confirms so many");
    }

    #[test]
    fn over_tcp_each_packet_stands_behind_its_length() {
        let stream = [&[0, 14][..], &reset(0x38, 0, false), &[0, 3, 1, 2]].concat();
        assert!(begins_stream(&stream));
        assert!(!begins_stream(&stream[..15]), "it is not whole");
        assert!(
            !begins_stream(&[&[0, 26][..], &reset(0x40, 0, true)].concat()),
            "a server's"
        );
        assert_eq!(packet_in_stream(&stream[16..]), None);
    }
}
