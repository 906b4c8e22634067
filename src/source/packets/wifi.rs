//! Wi-Fi as monitors record it (IEEE 802.11-2020 §9.2, §9.3.2): data frames, bare or behind radiotap's or PPI's header.
//!
//! EAP-TLS travels in the clear here, before there are keys; what follows is encrypted, and is counted. Deliberately absent:
//! decryption, several packets in one frame (A-MSDU), and frames in fragments.

use pcap_parser::Linktype;

use super::eapol_frame::{EAPOL, EapolFrame, Mac};

const BARE: Linktype = Linktype(105);
const RADIOTAP: Linktype = Linktype(127);
const PPI: Linktype = Linktype(192);

/// Frame control: the type of data, a subtype without any, and one with a field for quality of service.
const DATA: u8 = 2;
const NO_DATA: u8 = 4;
const QOS: u8 = 8;
/// Its flags: the way to and from the distribution system, more fragments, protection, and one field more.
const TO_DS: u8 = 0x01;
const FROM_DS: u8 = 0x02;
const MORE_FRAGMENTS: u8 = 0x04;
const PROTECTED: u8 = 0x40;
const ORDER: u8 = 0x80;
/// Of the quality of service: several packets are in the frame.
const SEVERAL: u8 = 0x80;

/// Whether packets of this link are Wi-Fi's.
pub(super) fn is_wifi(link: Linktype) -> bool {
    [BARE, RADIOTAP, PPI].contains(&link)
}

/// What a frame of data carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wifi {
    Eapol(EapolFrame),
    /// What follows this EtherType, and where it begins.
    Packet {
        ether_type: u16,
        begins: usize,
    },
    /// Only its two ends can read it.
    Encrypted,
}

/// What a frame carries; `None` where it is none of data, or of a shape that is not read.
pub(super) fn wifi(link: Linktype, data: &[u8]) -> Option<Wifi> {
    let header = |at: usize| Some(usize::from(u16::from_le_bytes(*data.get(at..)?.first_chunk()?)));
    let start = match link {
        RADIOTAP => header(2)?,
        // It says which link follows.
        PPI if header(4)? != 105 => return None,
        PPI => header(2)?,
        _ => 0,
    };
    let data_of_frame = data.get(start..)?;
    let [control, flags] = *data_of_frame.first_chunk()?;
    let subtype = control >> 4;
    if control & 3 != 0 || control >> 2 & 3 != DATA || subtype & NO_DATA != 0 {
        return None;
    }
    if flags & PROTECTED != 0 {
        return Some(Wifi::Encrypted);
    }
    let fragment = data_of_frame.get(22)? & 0x0f;
    if fragment != 0 || flags & MORE_FRAGMENTS != 0 {
        return None;
    }
    let mac = |at: usize| -> Option<Mac> { data_of_frame.get(at..at + 6)?.try_into().ok() };
    let mut length = 24;
    let (from, to) = match (flags & TO_DS != 0, flags & FROM_DS != 0) {
        (false, false) => (mac(10)?, mac(4)?),
        (true, false) => (mac(10)?, mac(16)?),
        (false, true) => (mac(16)?, mac(4)?),
        (true, true) => {
            length += 6;
            (mac(24)?, mac(16)?)
        }
    };
    if subtype & QOS != 0 {
        if data_of_frame.get(length)? & SEVERAL != 0 {
            return None;
        }
        length += 2;
        if flags & ORDER != 0 {
            length += 4;
        }
    }
    // Some cards fill the header up to four bytes.
    let (ether_type, begins) = [length, length.next_multiple_of(4)]
        .into_iter()
        .find_map(|at| Some((snap(data_of_frame.get(at..)?)?, start + at + 8)))?;
    if ether_type == EAPOL {
        return Some(Wifi::Eapol(EapolFrame {
            from,
            to: Some(to),
            payload: begins,
        }));
    }
    Some(Wifi::Packet {
        ether_type: u16::from_be_bytes(ether_type),
        begins,
    })
}

/// The EtherType behind LLC and SNAP (RFC 1042), or its twin of IEEE 802.1H.
fn snap(bytes: &[u8]) -> Option<[u8; 2]> {
    match *bytes.first_chunk()? {
        [0xaa, 0xaa, 3, 0, 0, 0 | 0xf8, high, low] => Some([high, low]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of data with IPv4 in it; `more` lies behind the three addresses and the number.
    fn data(control: u8, flags: u8, more: &[u8], ether_type: [u8; 2]) -> Vec<u8> {
        let addresses = [[1; 6], [2; 6], [3; 6]].concat();
        let llc = [&[0xaa, 0xaa, 3, 0, 0, 0][..], &ether_type, b"payload"].concat();
        [&[control, flags, 0, 0][..], &addresses, &[0x10, 0], more, &llc].concat()
    }

    fn begins(frame: Option<Wifi>) -> Option<usize> {
        match frame {
            Some(Wifi::Packet {
                ether_type: 0x0800,
                begins,
            }) => Some(begins),
            Some(Wifi::Packet { .. } | Wifi::Eapol(_) | Wifi::Encrypted) | None => None,
        }
    }

    #[test]
    fn data_is_found_in_every_shape_of_a_frame() {
        let ip = [8, 0];
        for (control, flags, more, at) in [
            (0x08, 0, &[][..], 32),
            (0x08, TO_DS, &[], 32),
            (0x08, TO_DS | FROM_DS, &[4; 6], 38),
            (0x88, FROM_DS, &[0, 0], 34),
            (0x88, FROM_DS, &[0, 0, 0, 0], 36),
            (0x88, FROM_DS | ORDER, &[0; 6], 38),
        ] {
            let bare = data(control, flags, more, ip);
            assert_eq!(begins(wifi(BARE, &bare)), Some(at), "{control:x} {flags:x}");
            let radiotap = [&[0, 0, 10, 0, 0, 0, 0, 0, 1, 2][..], &bare].concat();
            assert_eq!(begins(wifi(RADIOTAP, &radiotap)), Some(at + 10));
            let ppi = [&[0, 0, 8, 0, 105, 0, 0, 0][..], &bare].concat();
            assert_eq!(begins(wifi(PPI, &ppi)), Some(at + 8));
            let other = [&[0, 0, 8, 0, 1, 0, 0, 0][..], &bare].concat();
            assert_eq!(wifi(PPI, &other), None);
            for length in 0..bare.len() {
                let _ = wifi(BARE, &bare[..length]);
            }
        }
    }

    #[test]
    fn eapol_knows_who_speaks_to_whom() {
        for (flags, from, to) in [
            (0, [2; 6], [1; 6]),
            (TO_DS, [2; 6], [3; 6]),
            (FROM_DS, [3; 6], [1; 6]),
        ] {
            let frame = EapolFrame {
                from,
                to: Some(to),
                payload: 32,
            };
            assert_eq!(
                wifi(BARE, &data(0x08, flags, &[], EAPOL)),
                Some(Wifi::Eapol(frame))
            );
        }
    }

    #[test]
    fn what_is_encrypted_is_said_to_be_and_what_is_no_data_is_passed_over() {
        let ip = [8, 0];
        assert_eq!(wifi(BARE, &data(0x08, PROTECTED, &[], ip)), Some(Wifi::Encrypted));
        for (control, flags, more) in [
            (0x80, 0, &[][..]),
            (0x48, 0, &[]),
            (0x09, 0, &[]),
            (0x08, MORE_FRAGMENTS, &[]),
            (0x88, 0, &[SEVERAL, 0]),
        ] {
            assert_eq!(wifi(BARE, &data(control, flags, more, ip)), None, "{control:x}");
        }
        let mut second = data(0x08, 0, &[], ip);
        second[22] = 1;
        assert_eq!(wifi(BARE, &second), None);
    }
}
