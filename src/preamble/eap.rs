//! EAP packets (RFC 3748 §4), the frames of IEEE 802.1X that carry them, and the fragments that TLS is cut into (RFC 5216
//! §3.1, RFC 5281 §9.1, RFC 7170 §4.1).

use super::{u16_at, u32_at};
use crate::capture::{EapMethod, Side};

/// What an EAP packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The server asks.
    Request,
    /// The supplicant answers.
    Response,
    /// The server lets the supplicant in.
    Success,
    /// It does not.
    Failure,
}

impl Code {
    /// Who sends it: the supplicant is TLS's client.
    pub fn sender(self) -> Side {
        match self {
            Self::Request | Self::Success | Self::Failure => Side::Server,
            Self::Response => Side::Client,
        }
    }
}

/// One EAP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eap<'a> {
    /// What it is.
    pub code: Code,
    /// A response bears the number of its request.
    pub identifier: u8,
    /// The method's number; 1 is Identity. Success and Failure have none.
    pub kind: Option<u8>,
    /// What follows the method's number.
    pub data: &'a [u8],
    /// The packet's length: what follows is filling.
    pub length: usize,
}

/// The number of EAP's own question for a name.
pub const IDENTITY: u8 = 1;

impl<'a> Eap<'a> {
    /// Reads a packet that is whole.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let length = usize::from(u16_at(bytes, 2)?);
        let code = match bytes.first()? {
            1 => Code::Request,
            2 => Code::Response,
            3 => Code::Success,
            4 => Code::Failure,
            _ => return None,
        };
        let packet = bytes.get(..length)?;
        let kind = packet.get(4).copied();
        let is_question = matches!(code, Code::Request | Code::Response);
        (length >= 4 && is_question == kind.is_some()).then(|| Self {
            code,
            identifier: packet.get(1).copied().unwrap_or_default(),
            kind,
            data: packet.get(5..).unwrap_or_default(),
            length,
        })
    }

    /// The method that shakes hands with TLS in it.
    pub fn method(&self) -> Option<EapMethod> {
        EapMethod::ALL
            .into_iter()
            .find(|method| Some(method.number()) == self.kind)
    }
}

/// The EAP packet in an EAPOL frame (IEEE 802.1X-2020 §11.3), which begins behind the Ethernet header.
pub fn in_eapol(frame: &[u8]) -> Option<&[u8]> {
    let [version, kind] = *frame.get(..2)? else {
        return None;
    };
    let length = usize::from(u16_at(frame, 2)?);
    ((1..=3).contains(&version) && kind == 0)
        .then(|| frame.get(4..4 + length))
        .flatten()
}

/// A fragment of what TLS says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment<'a> {
    /// The server asks the supplicant to begin; what it brings along is not TLS.
    pub is_start: bool,
    /// More of the same run of records follows.
    pub has_more: bool,
    /// How long the run is, where it is said.
    pub total: Option<u32>,
    /// The bytes.
    pub data: &'a [u8],
}

impl<'a> Fragment<'a> {
    /// Reads what an EAP packet of a TLS method carries.
    pub fn read(method: EapMethod, data: &'a [u8]) -> Option<Self> {
        const LENGTH: u8 = 0x80;
        const MORE: u8 = 0x40;
        const START: u8 = 0x20;
        const OUTER: u8 = 0x10;
        let flags = *data.first()?;
        let mut rest = data.get(1..)?;
        let mut number = |bit: u8| {
            if flags & bit == 0 {
                return Some(None);
            }
            let number = u32_at(rest, 0)?;
            rest = rest.get(4..)?;
            Some(Some(number))
        };
        let total = number(LENGTH)?;
        // TEAP's outer TLVs stand behind the records and are none (RFC 7170 §4.1).
        let outer = if method == EapMethod::Teap {
            number(OUTER)?.unwrap_or_default() as usize
        } else {
            0
        };
        let is_start = flags & START != 0;
        Some(Self {
            is_start,
            has_more: flags & MORE != 0,
            total,
            data: if is_start {
                &[]
            } else {
                rest.get(..rest.len().checked_sub(outer)?)?
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_read_to_their_length_and_no_further() {
        let packet = [2, 7, 0, 8, 13, 0, b'a', b'b', 0xff];
        let eap = Eap::read(&packet).expect("a response");
        assert_eq!((eap.code, eap.identifier, eap.length), (Code::Response, 7, 8));
        assert_eq!(
            (eap.method(), eap.data),
            (Some(EapMethod::Tls), &[0, b'a', b'b'][..])
        );
        for length in 0..8 {
            assert_eq!(Eap::read(&packet[..length]), None, "{length}");
        }
        assert_eq!(Eap::read(&[4, 7, 0, 4]).map(|eap| eap.code), Some(Code::Failure));
        // A failure has no method, a request has one, and there is no fifth code.
        for wrong in [&[4, 7, 0, 5, 1][..], &[1, 7, 0, 4], &[5, 7, 0, 4], &[1, 7, 0, 3]] {
            assert_eq!(Eap::read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn only_eap_frames_of_eapol_carry_eap() {
        assert_eq!(in_eapol(&[1, 0, 0, 2, 9, 8, 0, 0]), Some(&[9, 8][..]));
        assert_eq!(in_eapol(&[1, 1, 0, 0]), None, "EAPOL-Start");
        assert_eq!(in_eapol(&[4, 0, 0, 0]), None);
        assert_eq!(in_eapol(&[1, 0, 0, 3, 9, 8]), None, "it is cut");
    }

    #[test]
    fn flags_say_what_stands_before_and_behind_the_records() {
        let read = |method, bytes| Fragment::read(method, bytes);
        let fragment = |is_start, has_more, total, data| {
            Some(Fragment {
                is_start,
                has_more,
                total,
                data,
            })
        };
        let tls = EapMethod::Tls;
        assert_eq!(read(tls, &[0]), fragment(false, false, None, &[]));
        assert_eq!(read(tls, &[0x40, 1, 2]), fragment(false, true, None, &[1, 2]));
        assert_eq!(
            read(tls, &[0xc0, 0, 0, 1, 0, 9]),
            fragment(false, true, Some(256), &[9])
        );
        assert_eq!(read(tls, &[0x80, 0, 0, 1]), None, "its length is cut");
        // PEAP's and TTLS's version is no flag; the authority that TEAP's start brings along is no TLS.
        assert_eq!(read(EapMethod::Peap, &[0x21]), fragment(true, false, None, &[]));
        let teap = EapMethod::Teap;
        assert_eq!(
            read(teap, &[0x31, 0, 0, 0, 1, 7]),
            fragment(true, false, None, &[])
        );
        assert_eq!(
            read(teap, &[0x91, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6, 7]),
            fragment(false, false, Some(2), &[5, 6])
        );
        assert_eq!(read(teap, &[0x11, 0, 0, 0, 9, 5]), None);
        assert_eq!(read(tls, &[]), None);
    }
}
