//! RADIUS packets that carry EAP (RFC 2865 §3, RFC 3579 §3.1).

use super::u16_at;

/// What a RADIUS packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The access server asks.
    AccessRequest,
    /// The server lets the client in.
    AccessAccept,
    /// It does not.
    AccessReject,
    /// It asks on.
    AccessChallenge,
}

/// One RADIUS packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Radius<'a> {
    /// What it is.
    pub code: Code,
    /// An answer bears the number of its request.
    pub identifier: u8,
    /// Random in a request, a checksum in an answer.
    pub authenticator: &'a [u8],
    /// The EAP-Message attributes, joined; empty where there is none.
    pub eap: Vec<u8>,
    /// What the server gave with its challenge, and gets back with the next request.
    pub state: Option<&'a [u8]>,
    /// The supplicant's address as the access server knows it.
    pub calling_station: Option<&'a [u8]>,
}

impl<'a> Radius<'a> {
    /// Reads a packet. RADIUS is known by a length that is the datagram's, and attributes that fill it to the last byte.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        const HEADER: usize = 20;
        let code = match bytes.first()? {
            1 => Code::AccessRequest,
            2 => Code::AccessAccept,
            3 => Code::AccessReject,
            11 => Code::AccessChallenge,
            _ => return None,
        };
        if usize::from(u16_at(bytes, 2)?) != bytes.len() || bytes.len() > 4096 {
            return None;
        }
        let mut radius = Self {
            code,
            identifier: bytes.get(1).copied()?,
            authenticator: bytes.get(4..HEADER)?,
            eap: Vec::new(),
            state: None,
            calling_station: None,
        };
        let mut rest = bytes.get(HEADER..)?;
        while let [kind, length, ..] = *rest {
            let value = rest.get(2..usize::from(length))?;
            match kind {
                24 => radius.state = Some(value),
                31 => radius.calling_station = Some(value),
                79 => radius.eap.extend_from_slice(value),
                _ => {}
            }
            rest = rest.get(usize::from(length)..)?;
        }
        rest.is_empty().then_some(radius)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(attributes: &[(u8, &[u8])]) -> Vec<u8> {
        let mut out = vec![11, 7, 0, 0];
        out.extend([0x5a; 16]);
        for (kind, value) in attributes {
            out.extend([*kind, value.len() as u8 + 2]);
            out.extend_from_slice(value);
        }
        let length = (out.len() as u16).to_be_bytes();
        out.splice(2..4, length);
        out
    }

    #[test]
    fn eap_is_joined_from_its_attributes() {
        let long = [9; 253];
        let bytes = packet(&[
            (79, &long),
            (24, b"st"),
            (1, b"anna"),
            (79, b"rest"),
            (31, b"02-00"),
        ]);
        let radius = Radius::read(&bytes).expect("a challenge");
        assert_eq!((radius.code, radius.identifier), (Code::AccessChallenge, 7));
        assert_eq!(radius.eap, [&long[..], b"rest"].concat());
        assert_eq!(
            (radius.state, radius.calling_station),
            (Some(&b"st"[..]), Some(&b"02-00"[..]))
        );
    }

    #[test]
    fn what_does_not_fill_its_length_is_no_radius() {
        let whole = packet(&[(79, b"abc")]);
        for length in 0..whole.len() {
            assert_eq!(Radius::read(&whole[..length]), None, "{length}");
        }
        assert_eq!(Radius::read(&[&whole[..], &[0]].concat()), None);
        let mut odd = whole.clone();
        odd[21] = 0;
        assert_eq!(Radius::read(&odd), None, "an attribute of no length");
        odd[21] = 4;
        assert_eq!(Radius::read(&odd), None, "a byte is left over");
        odd[21] = 6;
        assert_eq!(Radius::read(&odd), None, "an attribute that ends beyond");
        // RFC 2865 §3: the longest is 4096 bytes.
        let long = |last: usize| {
            let mut attributes: Vec<(u8, Vec<u8>)> = vec![(1, vec![7; 253]); 15];
            attributes.push((1, vec![7; last]));
            let attributes: Vec<(u8, &[u8])> = attributes
                .iter()
                .map(|(kind, value)| (*kind, &value[..]))
                .collect();
            packet(&attributes)
        };
        for (last, length, is_one) in [(249, 4096, true), (250, 4097, false)] {
            let bytes = long(last);
            assert_eq!((bytes.len(), Radius::read(&bytes).is_some()), (length, is_one));
        }
        let mut other = whole;
        other[0] = 4;
        assert_eq!(Radius::read(&other), None, "accounting");
    }
}
